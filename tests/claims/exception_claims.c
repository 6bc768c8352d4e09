/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the entry code of exceptions. A claim raises an exception with a
 * function of raise.h; the handler copies the frame (watch.h), changes it where the
 * claim is about that, and returns. What the frame should hold is known from
 * outside: addresses of functions, registers loaded in assembly.
 */
#include "drydock/arch/insn.h"
#include "drydock/exception.h"
#include "drydock/interrupt.h"
#include "tests/claims/claim.h"
#include "tests/claims/raise.h"
#include "tests/claims/tables.h"
#include "tests/claims/watch.h"
#include "tests/claims/world.h"

/* [SDM 3A] table 6-1. */
CLAIM(exceptions_are_named_as_in_the_manual)
{
    CLAIM_TEXT(dd_exception_name(0), "#DE divide error");
    CLAIM_TEXT(dd_exception_name(6), "#UD invalid opcode");
    CLAIM_TEXT(dd_exception_name(14), "#PF page fault");
    CLAIM_TEXT(dd_exception_name(31), "reserved vector 31");
    CLAIM_TEXT(dd_exception_name(32), "not an exception");
    CLAIM_TEXT(dd_exception_name(UINT64_MAX), "not an exception");
}

/* [SDM 3A] table 6-1; 29 and 30: [AMD64 v2] 8.2. */
CLAIM(ten_exceptions_push_an_error_code)
{
    for (unsigned int i = 0; i < 64; i++) {
        bool expected = i == 8 || (i >= 10 && i <= 14) || i == 17 || i == 21 || i == 29 || i == 30;

        CLAIM_EQUAL(dd_exception_has_error_code(i), expected);
    }
}

/* Vectors of table 6-1 that are reserved, and 9, which newer processors do not raise. */
CLAIM(reserved_vectors_are_no_exceptions)
{
    for (unsigned int i = 0; i < 64; i++) {
        bool reserved = i == 9 || i == 15 || (i >= 22 && i <= 27) || i >= 31;

        CLAIM_EQUAL(dd_exception_is_defined(i), !reserved);
    }
}

/* [SDM 3A] figure 6-8: present, interrupt gate, DPL 0, IST 0. */
CLAIM(gates_of_all_vectors_lead_to_the_entry_code)
{
    static struct dd_idt idt;

    dd_idt_init(&idt);
    CLAIM_STATUS(dd_interrupt_install(&idt, 0, DD_INTERRUPT_STACK_IN_USE), DD_EARG);
    CLAIM_STATUS(dd_interrupt_install(&idt, 0x28, (enum dd_interrupt_stacks)2), DD_EARG);
    CLAIM_EQUAL(idt.gates[0].low, 0);
    CLAIM_OK(dd_interrupt_install(&idt, 0x28, DD_INTERRUPT_STACK_IN_USE));
    for (unsigned int i = 0; i < 256; i++) {
        uint64_t low = idt.gates[i].low;

        CLAIM_EQUAL((low & 0xFFFF) | low >> 48 << 16 | idt.gates[i].high << 32,
                    dd_interrupt_entries[i]);
        CLAIM_EQUAL(low & 0x0000FFFFFFFF0000, 0x00008E0000280000);
    }
}

/* [SDM 3A] figure 6-8: IST is bits 34:32. */
CLAIM(vectors_that_may_come_anywhere_get_stacks_of_their_own)
{
    static struct dd_idt idt;

    dd_idt_init(&idt);
    CLAIM_OK(dd_interrupt_install(&idt, 0x28, DD_INTERRUPT_STACKS_OWN));
    for (unsigned int i = 0; i < 256; i++) {
        static const uint8_t expected[19] = {[8] = 1, [2] = 2, [18] = 3, [1] = 4};

        CLAIM_EQUAL(idt.gates[i].low >> 32 & 0xFF, i < 19 ? expected[i] : 0);
    }
}

/* [SDM 3A] 6.14.2: the processor rounds RSP down to 16 bytes, then pushes SS and RSP. */
CLAIM(a_breakpoint_frame_describes_the_interrupted_code)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t rflags = raise_read_rflags();

    watch(record);
    (void)raise_breakpoint();
    watch_end();
    CLAIM_EQUAL(seen[0].frame.vector, 3);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)raise_breakpoint + 1);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, dd_read_cs());
    CLAIM_EQUAL(seen[0].frame.ss & 0xFFFF, dd_read_ss());
    /* Bit 1 is always set; DF and IF, bits 10 and 9, are the interrupted code's. */
    CLAIM_EQUAL(seen[0].frame.rflags & 0x602, rflags & 0x602);
    CLAIM_EQUAL(seen[0].frame.rsp & ~UINT64_C(15), seen[0].frame_address + 176);
}

/* A value of its own for each register, with bits in every byte. */
static uint64_t register_value(unsigned int index)
{
    return UINT64_C(0x0123456789ABCDEF) + index * UINT64_C(0x1111111111111111);
}

CLAIM(a_breakpoint_preserves_every_general_register)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t registers[15];

    for (unsigned int i = 0; i < 15; i++) {
        registers[i] = register_value(i);
    }
    watch(record);
    raise_with_registers(registers);
    watch_end();
    CLAIM_EQUAL(seen_count, 1);

    const uint64_t *in_frame = &seen[0].frame.r15;
    for (unsigned int i = 0; i < 15; i++) {
        CLAIM_EQUAL(in_frame[i], register_value(i));
        CLAIM_EQUAL(registers[i], register_value(i));
    }
}

CLAIM(a_divide_error_frame_points_at_the_instruction)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(record_and_return);
    raise_divide_error(0);
    watch_end();
    CLAIM_EQUAL(seen[0].frame.vector, 0);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)raise_divide_error);
}

CLAIM(an_invalid_opcode_frame_points_at_the_instruction)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(record_and_return);
    raise_invalid_opcode();
    watch_end();
    CLAIM_EQUAL(seen[0].frame.vector, 6);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)raise_invalid_opcode);
}

/* [SDM 3A] 6.13: index and table of the selector, without its RPL. */
CLAIM(a_bad_selector_is_the_error_code)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(record_and_return);
    raise_selector(0xFFFB);
    watch_end();
    CLAIM_EQUAL(seen[0].frame.vector, 13);
    CLAIM_EQUAL(seen[0].frame.error_code, 0xFFF8);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)raise_selector);
}

/* [SDM 2A] LTR: #GP(selector) if the TSS is busy. */
CLAIM(a_busy_tss_cannot_be_loaded)
{
    SKIP_WITHOUT_PROCESSOR();

    struct tables tables;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    watch(record_and_return);
    raise_task(TABLES_TASK);
    watch_end();
    tables_restore(&tables);
    CLAIM_EQUAL(seen[0].frame.vector, 13);
    CLAIM_EQUAL(seen[0].frame.error_code, 0x18);
    tables_free(&tables);
}

/* [SDM 3A] 4.7: P = 0, supervisor; W/R is bit 1. */
CLAIM(a_page_fault_has_its_error_code_and_address)
{
    SKIP_WITHOUT_PROCESSOR();

    dd_vaddr nowhere = dd_vaddr_from(world_spare_region().raw + 0x123);

    watch(record_and_return);
    (void)raise_load(nowhere);
    raise_store(nowhere);
    watch_end();
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[0].frame.vector, 14);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, (uintptr_t)raise_load);
    CLAIM_EQUAL(seen[0].cr2, nowhere.raw);
    CLAIM_EQUAL(seen[1].frame.vector, 14);
    CLAIM_EQUAL(seen[1].frame.error_code, 2);
    CLAIM_EQUAL(seen[1].frame.rip, (uintptr_t)raise_store);
    CLAIM_EQUAL(seen[1].cr2, nowhere.raw);
}

/* INT n never pushes an error code, not even for the vectors that have one otherwise. */
CLAIM(int_n_reaches_the_handler_of_all_256_vectors)
{
    SKIP_WITHOUT_PROCESSOR();
    for (unsigned int vector = 0; vector < 256; vector++) {
        uint64_t returned_to = 0;

        watch(record);
        returned_to = raise_vector(vector);
        watch_end();
        CLAIM_EQUAL(seen_count, 1);
        CLAIM_EQUAL(seen[0].frame.vector, vector);
        CLAIM_EQUAL(seen[0].frame.error_code, 0);
        CLAIM_EQUAL(seen[0].frame.rip, returned_to);
        CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, dd_read_cs());
        CLAIM_EQUAL(seen[0].frame.ss & 0xFFFF, dd_read_ss());
        CLAIM_EQUAL(seen[0].frame_address & 15, 0);
    }
}

/* Go on at raise_read_rflags, with RFLAGS.CF set as it was not or clear as it was not. */
static void turn_carry_and_go_elsewhere(struct dd_interrupt_frame *frame)
{
    record(frame);
    frame->rflags ^= 1;
    frame->rip = (uintptr_t)raise_read_rflags;
}

static void set_rax(struct dd_interrupt_frame *frame)
{
    record(frame);
    frame->rax = 0xFEDCBA9876543210;
}

CLAIM(changes_to_the_frame_take_effect)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t rax = 0;
    uint64_t rflags = 0;

    watch(set_rax);
    rax = raise_breakpoint();
    watch(turn_carry_and_go_elsewhere);
    rflags = raise_breakpoint();
    watch_end();
    CLAIM_EQUAL(rax, 0xFEDCBA9876543210);
    CLAIM_EQUAL(rflags & 1, (seen[0].frame.rflags & 1) ^ 1);
    CLAIM_EQUAL(rflags & 2, 2);
}

static void raise_in_breakpoint(struct dd_interrupt_frame *frame)
{
    if (frame->vector != 3) {
        record_and_return(frame);
        return;
    }
    record(frame);
    raise_invalid_opcode();
    frame->rax = 0x600D;
}

CLAIM(a_handler_may_raise_an_exception_itself)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t rax = 0;

    watch(raise_in_breakpoint);
    rax = raise_breakpoint();
    watch_end();
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[0].frame.vector, 3);
    CLAIM_EQUAL(seen[1].frame.vector, 6);
    CLAIM_TRUE(seen[1].frame_address + 176 <= seen[0].frame_address);
    CLAIM_EQUAL(rax, 0x600D);
}

/* DF is bit 10 of RFLAGS; the C ABI wants it clear at every call. */
CLAIM(a_handler_runs_with_the_direction_flag_clear)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t after = 0;

    watch(record);
    after = raise_with_direction_flag();
    watch_end();
    CLAIM_EQUAL(seen[0].frame.rflags & 0x400, 0x400);
    CLAIM_EQUAL(seen[0].rflags & 0x400, 0);
    CLAIM_EQUAL(after & 0x400, 0x400);
}

/* At the INT3 of raise_breakpoint RSP is 8 off a multiple of 16, as at every function's start. */
CLAIM(a_frame_is_aligned_for_a_c_call)
{
    SKIP_WITHOUT_PROCESSOR();

    watch(record);
    (void)raise_breakpoint();
    watch_end();
    CLAIM_EQUAL(seen[0].frame.rsp & 15, 8);
    CLAIM_EQUAL(seen[0].frame_address & 15, 0);
}

/* [SDM 3A] 6.14.5. */
CLAIM(an_ist_gate_switches_the_stack)
{
    SKIP_WITHOUT_PROCESSOR();

    struct tables tables;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    watch(record_and_return);
    (void)raise_breakpoint();
    raise_invalid_opcode();
    watch_end();
    tables_restore(&tables);
    CLAIM_EQUAL(seen[0].frame.vector, 3);
    CLAIM_EQUAL(seen[0].frame_address, (uintptr_t)tables.stack + 4096 - 176);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x10);
    CLAIM_EQUAL(seen[1].frame.vector, 6);
    CLAIM_EQUAL(seen[1].frame.rsp & ~UINT64_C(15), seen[1].frame_address + 176);
    tables_free(&tables);
}
