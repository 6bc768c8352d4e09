/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what interrupts the processor: software interrupts, flags, hardware breakpoints. */
#include "drydock/arch/insn.h"
#include "drydock/debug.h"
#include "drydock/flags.h"
#include "tests/claims/claim.h"
#include "tests/claims/watch.h"

/* [SDM 2A] INT n: RIP is after the instruction. */
CLAIM(a_software_interrupt_has_its_vector)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(record);
    DD_INT(3);
    DD_INT(5);
    DD_INT(4);
    watch_end();
    CLAIM_EQUAL(seen_count, 3);
    CLAIM_EQUAL(seen[0].frame.vector, 3);
    CLAIM_EQUAL(seen[1].frame.vector, 5);
    CLAIM_EQUAL(seen[2].frame.vector, 4);
}

static void skip_two_bytes(struct dd_interrupt_frame *frame)
{
    record(frame);
    frame->rip += 2;
}

/* [SDM 2B] UD: 0F 0B. */
CLAIM(an_invalid_opcode_can_be_raised)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(skip_two_bytes);
    dd_ud2();
    watch_end();
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.vector, 6);
}

/* MWAIT would wait for an interrupt; the store after MONITOR keeps it from doing so. [SDM 2B] MWAIT. */
CLAIM(monitor_is_executed)
{
    static volatile uint64_t word;
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_MONITOR), "the processor has no MONITOR");
    CLAIM_SKIP_IF(!world_runs_on_processor(), "variables of the host are not in the machine");
    dd_monitor(dd_vaddr_of(&word), 0, 0);
    word = 1;
    CLAIM_EQUAL(word, 1);
}

/* Both 8259 chips masked, so that nothing waits for the flag. [8259A] OCW1. */
CLAIM(interrupts_are_disabled_and_restored_in_pairs)
{
    uint8_t masks[] = {dd_in8(0x21), dd_in8(0xA1)};
    bool before = dd_interrupts_are_enabled();
    struct dd_interrupts outer;
    struct dd_interrupts inner;

    dd_out8(0x21, 0xFF);
    dd_out8(0xA1, 0xFF);
    dd_interrupts_enable();
    CLAIM_EQUAL(dd_read_rflags() & 0x200, 0x200);
    outer = dd_interrupts_disable();
    CLAIM_EQUAL(dd_read_rflags() & 0x200, 0);
    inner = dd_interrupts_disable();
    dd_interrupts_restore(inner);
    CLAIM_TRUE(!dd_interrupts_are_enabled());
    dd_interrupts_restore(outer);
    CLAIM_TRUE(dd_interrupts_are_enabled());
    if (!before) {
        dd_cli();
    }
    dd_out8(0x21, masks[0]);
    dd_out8(0xA1, masks[1]);
}

/* [SDM 2B] STAC: #UD without SMAP, whether CR4.SMAP is on or not. */
CLAIM(the_smap_guard_sets_and_clears_ac)
{
    struct dd_cpu cpu;
    struct dd_smap_guard outer;
    struct dd_smap_guard inner;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_SMAP), "the processor has no SMAP");
    outer = dd_smap_allow(&cpu);
    CLAIM_EQUAL(dd_read_rflags() & 0x40000, 0x40000);
    inner = dd_smap_allow(&cpu);
    dd_smap_restore(&cpu, inner);
    CLAIM_TRUE(dd_smap_is_allowed());
    dd_smap_restore(&cpu, outer);
    CLAIM_EQUAL(dd_read_rflags() & 0x40000, 0);
}

/* RF lets the instruction be executed this time. [SDM 3B] 17.3.1.1. */
static void take_causes_and_resume(struct dd_interrupt_frame *frame)
{
    record(frame);
    seen[seen_count - 1].cr2 = dd_debug_take_causes();
    frame->rflags |= 0x10000;
}

static volatile unsigned int calls;

static void count_call(void)
{
    calls++;
}

/* Read each time, so that the function is really called. */
static void (*volatile called)(void) = count_call;

CLAIM(a_breakpoint_stops_at_an_instruction)
{
    struct dd_breakpoint breakpoint = {.address = (uintptr_t)count_call,
                                       .condition = DD_BREAKPOINT_EXECUTE,
                                       .size = DD_BREAKPOINT_1_BYTE,
                                       .scope = DD_BREAKPOINT_GLOBAL};

    SKIP_WITHOUT_PROCESSOR();
    watch(take_causes_and_resume);
    CLAIM_OK(dd_breakpoint_set(2, &breakpoint));
    calls = 0;
    called();
    breakpoint.scope = DD_BREAKPOINT_OFF;
    CLAIM_OK(dd_breakpoint_set(2, &breakpoint));
    called();
    watch_end();
    CLAIM_EQUAL(calls, 2);
    CLAIM_EQUAL(seen[0].frame.vector, 1);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)count_call);
    CLAIM_EQUAL(seen[0].cr2, 0x4);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(dd_debug_causes(dd_read_dr6()), 0);
}

/* [SDM 3B] 17.2.4: 4 bytes, write; a trap after the instruction. */
CLAIM(a_breakpoint_sees_a_write_and_no_read)
{
    static volatile uint32_t words[2];
    struct dd_breakpoint breakpoint = {.address = dd_vaddr_of(words).raw,
                                       .condition = DD_BREAKPOINT_WRITE,
                                       .size = DD_BREAKPOINT_4_BYTES,
                                       .scope = DD_BREAKPOINT_LOCAL};
    uint32_t read = 0;

    SKIP_WITHOUT_PROCESSOR();
    watch(take_causes_and_resume);
    CLAIM_OK(dd_breakpoint_set(0, &breakpoint));
    read = words[0];
    words[1] = read + 1;
    words[0] = read + 2;
    breakpoint.scope = DD_BREAKPOINT_OFF;
    CLAIM_OK(dd_breakpoint_set(0, &breakpoint));
    words[0] = read + 3;
    watch_end();
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.vector, 1);
    CLAIM_EQUAL(seen[0].cr2, 0x1);
}
