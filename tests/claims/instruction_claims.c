/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about single instructions of insn.h and the small functions over them. */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/port.h"
#include "drydock/random.h"
#include "drydock/register.h"
#include "tests/claims/claim.h"
#include "tests/claims/watch.h"

/* COM1's scratch register keeps a byte. [16550] table 2. CONFIG_ADDRESS keeps 32 bits: [PCI 3.0] 3.2.2.3.2. */
#define SCRATCH        0x3FF
#define CONFIG_ADDRESS 0xCF8
#define CONFIG_DATA    0xCFC

CLAIM(string_input_reads_the_port_once_an_element)
{
    uint8_t bytes[4] = {0, 0, 0, 0xEE};
    uint16_t words[3] = {0, 0, 0xEEEE};
    uint32_t doubles[3] = {0, 0, 0xEEEEEEEE};

    dd_out8(SCRATCH, 0x5A);
    dd_ins8(SCRATCH, bytes, 3);
    CLAIM_EQUAL(bytes[0], 0x5A);
    CLAIM_EQUAL(bytes[2], 0x5A);
    CLAIM_EQUAL(bytes[3], 0xEE);
    dd_out32(CONFIG_ADDRESS, 0x80000000);
    dd_ins32(CONFIG_ADDRESS, doubles, 2);
    CLAIM_EQUAL(doubles[1], 0x80000000);
    CLAIM_EQUAL(doubles[2], 0xEEEEEEEE);
    dd_ins16(CONFIG_DATA, words, 2); /* vendor of the host bridge */
    CLAIM_EQUAL(words[0], 0x8086);
    CLAIM_EQUAL(words[1], 0x8086);
    CLAIM_EQUAL(words[2], 0xEEEE);
    dd_ins8(SCRATCH, bytes + 3, 0);
    CLAIM_EQUAL(bytes[3], 0xEE);
}

CLAIM(string_output_writes_every_element)
{
    static const uint8_t bytes[] = {1, 2, 0xA5};
    static const uint32_t doubles[] = {0x80000000, 0x80000800};

    dd_outs8(SCRATCH, bytes, 3);
    CLAIM_EQUAL(dd_in8(SCRATCH), 0xA5);
    dd_outs8(SCRATCH, bytes, 2);
    CLAIM_EQUAL(dd_in8(SCRATCH), 2);
    dd_outs32(CONFIG_ADDRESS, doubles, 2);
    CLAIM_EQUAL(dd_in32(CONFIG_ADDRESS), 0x80000800);
    dd_outs32(CONFIG_ADDRESS, doubles, 1);
    CLAIM_EQUAL(dd_in32(CONFIG_ADDRESS), 0x80000000);
}

CLAIM(a_port_handle_reaches_its_port_and_no_other)
{
    const struct dd_port_rw8 scratch = {SCRATCH};
    const struct dd_port_rw32 address = {CONFIG_ADDRESS};
    const struct dd_port_ro16 vendor = {CONFIG_DATA};

    DD_PORT_WRITE(address, 0x80000000);
    CLAIM_EQUAL(DD_PORT_READ(address), 0x80000000);
    CLAIM_EQUAL(DD_PORT_READ(vendor), 0x8086);
    DD_PORT_WRITE(DD_PORT_WRITE_ONLY(scratch), 0x5A);
    CLAIM_EQUAL(DD_PORT_READ(DD_PORT_READ_ONLY(scratch)), 0x5A);
    CLAIM_EQUAL(dd_in8(SCRATCH), 0x5A);
    CLAIM_EQUAL(dd_in32(CONFIG_ADDRESS), 0x80000000);
}

CLAIM(segment_registers_take_the_selector_they_are_given)
{
    uint16_t data = dd_read_ss();
    uint16_t before[] = {dd_read_ds(), dd_read_es(), dd_read_fs(), dd_read_gs()};

    dd_write_ds(data);
    dd_write_es(0);
    dd_write_fs(data);
    dd_write_gs(0);
    CLAIM_EQUAL(dd_read_ds(), data);
    CLAIM_EQUAL(dd_read_es(), 0);
    CLAIM_EQUAL(dd_read_fs(), data);
    CLAIM_EQUAL(dd_read_gs(), 0);
    dd_write_ds(before[0]);
    dd_write_es(before[1]);
    dd_write_fs(before[2]);
    dd_write_gs(before[3]);
    CLAIM_TRUE(data != 0);
}

/* [SDM 2B] RDFSBASE: they are the model-specific registers. */
CLAIM(bases_of_fs_and_gs_are_read_and_written)
{
    uint64_t cr4 = dd_read_cr4();
    struct dd_cpu cpu;
    uint64_t fs = 0;
    uint64_t gs = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_FSGSBASE), "the processor has no RDFSBASE");
    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_FSGSBASE), 0));
    fs = dd_rdfsbase();
    gs = dd_rdgsbase();
    dd_wrfsbase(0x123456789000);
    dd_wrgsbase(0xFFFF923456789000);
    CLAIM_EQUAL(dd_rdfsbase(), 0x123456789000);
    CLAIM_EQUAL(dd_rdgsbase(), 0xFFFF923456789000);
    CLAIM_EQUAL(dd_rdmsr(0xC0000100), 0x123456789000);
    CLAIM_EQUAL(dd_rdmsr(0xC0000101), 0xFFFF923456789000);
    dd_wrfsbase(fs);
    dd_wrgsbase(gs);
    dd_write_cr4(cr4);
}

CLAIM(swapgs_exchanges_the_bases_of_gs)
{
    uint64_t gs = dd_rdmsr(0xC0000101);
    uint64_t kernel_gs = dd_rdmsr(0xC0000102);

    dd_wrmsr(0xC0000101, 0x1000);
    dd_wrmsr(0xC0000102, 0xFFFF800000002000);
    dd_swapgs();
    CLAIM_EQUAL(dd_rdmsr(0xC0000101), 0xFFFF800000002000);
    CLAIM_EQUAL(dd_rdmsr(0xC0000102), 0x1000);
    dd_wrmsr(0xC0000101, gs);
    dd_wrmsr(0xC0000102, kernel_gs);
}

/* [SDM 2A] LLDT: a null selector makes the LDT unusable. */
CLAIM(a_null_ldt_can_be_loaded)
{
    dd_lldt(0);
    CLAIM_EQUAL(dd_sldt(), 0);
}

/* [SDM 2A] CLTS, LMSW: TS is bit 3, MP bit 1. */
CLAIM(clts_and_lmsw_change_cr0)
{
    uint64_t before = dd_read_cr0();

    dd_write_cr0(before | 0x8);
    dd_clts();
    CLAIM_EQUAL(dd_read_cr0(), before & ~UINT64_C(0x8));
    dd_lmsw((uint16_t)(dd_smsw() ^ 0x2));
    CLAIM_EQUAL(dd_read_cr0() & 0xFFFF, (before & 0xFFF7) ^ 0x2);
    dd_write_cr0(before);
    CLAIM_EQUAL(dd_smsw(), before & 0xFFFF);
}

CLAIM(the_time_stamp_counter_goes_forward)
{
    uint64_t before = dd_rdtsc();
    uint64_t after = 0;

    for (unsigned int i = 0; i < 1000000 && after <= before; i++) {
        dd_lfence();
        after = dd_rdtsc();
    }
    CLAIM_TRUE(after > before);
}

/* [SDM 3B] 17.17.2. */
CLAIM(rdtscp_gives_the_auxiliary_value)
{
    struct dd_cpu cpu;
    uint64_t before = 0;
    uint64_t time = 0;
    uint32_t auxiliary = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_RDTSCP), "the processor has no RDTSCP");
    before = dd_rdmsr(0xC0000103);
    dd_wrmsr(0xC0000103, 0x12345678);
    time = dd_rdtsc();
    CLAIM_TRUE(dd_rdtscp(&auxiliary) >= time);
    CLAIM_EQUAL(auxiliary, 0x12345678);
    dd_wrmsr(0xC0000103, before);
}

CLAIM(random_numbers_differ)
{
    struct dd_cpu cpu;
    uint64_t first = 0;
    uint64_t second = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_RDRAND), "the processor has no RDRAND");
    CLAIM_OK(dd_random_number(&cpu, &first));
    CLAIM_OK(dd_random_number(&cpu, &second));
    CLAIM_TRUE(first != second);
    CLAIM_TRUE((first | second) >> 32 != 0);
}

CLAIM(random_seeds_differ)
{
    struct dd_cpu cpu;
    uint64_t first = 0;
    uint64_t second = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_RDSEED), "the processor has no RDSEED");
    CLAIM_OK(dd_random_seed(&cpu, &first));
    CLAIM_OK(dd_random_seed(&cpu, &second));
    CLAIM_TRUE(first != second);
}

CLAIM(fences_and_flushes_leave_memory_alone)
{
    static volatile uint64_t word;
    dd_vaddr address = dd_vaddr_of(&word);
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    word = 0x0123456789ABCDEF;
    dd_sfence();
    dd_mfence();
    dd_lfence();
    dd_wbinvd();
    if (world_runs_on_processor() && dd_cpu_has(&cpu, DD_CPU_CLFSH)) {
        dd_clflush(address);
    }
    if (world_runs_on_processor() && dd_cpu_has(&cpu, DD_CPU_CLFLUSHOPT)) {
        dd_clflushopt(address);
    }
    if (world_runs_on_processor() && dd_cpu_has(&cpu, DD_CPU_CLWB)) {
        dd_clwb(address);
    }
    CLAIM_EQUAL(word, 0x0123456789ABCDEF);
}

/* [SDM 1] table 10-2: MXCSR is at byte 24. */
CLAIM(fxsave_and_fxrstor_move_mxcsr)
{
    static struct dd_fxsave_area area;
    uint64_t cr4 = dd_read_cr4();

    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_OSFXSR), 0));
    dd_ldmxcsr(0x3F80);
    dd_fxsave(&area);
    CLAIM_EQUAL(area.bytes[24], 0x80);
    CLAIM_EQUAL(area.bytes[25], 0x3F);
    area.bytes[25] = 0x5F;
    dd_fxrstor(&area);
    CLAIM_EQUAL(dd_stmxcsr(), 0x5F80);
    dd_ldmxcsr(0x1F80);
    dd_write_cr4(cr4);
}

/* [SDM 1] 13.4: the same place; 13.7: XSTATE_BV at byte 512 tells what was stored. */
CLAIM(xsave_and_xrstor_move_mxcsr)
{
    static _Alignas(64) uint8_t area[4096];
    uint64_t cr4 = dd_read_cr4();
    uint64_t xcr0 = 0;
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_XSAVE), "the processor has no XSAVE");
    CLAIM_OK(
        dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_OSFXSR) | DD_BITS(DD_CR4_OSXSAVE), 0));
    xcr0 = dd_xgetbv(0);
    dd_xsetbv(0, 3);
    dd_cpu_read(&cpu);
    CLAIM_TRUE(cpu.xsave.size <= sizeof area);
    dd_ldmxcsr(0x3F80);
    dd_xsave(area, cpu.xsave.size, 2);
    CLAIM_EQUAL(area[25], 0x3F);
    area[25] = 0x5F;
    area[512] = 2;
    dd_xrstor(area, cpu.xsave.size, 2);
    CLAIM_EQUAL(dd_stmxcsr(), 0x5F80);
    dd_ldmxcsr(0x1F80);
    dd_xsetbv(0, xcr0);
    dd_write_cr4(cr4);
}

/* [SDM 3A] 4.6.2. */
CLAIM(protection_keys_are_read_and_written)
{
    uint64_t cr4 = dd_read_cr4();
    uint32_t before = 0;
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_PKU), "the processor has no protection keys");
    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_PKE), 0));
    before = dd_rdpkru();
    dd_wrpkru(0x55555554);
    CLAIM_EQUAL(dd_rdpkru(), 0x55555554);
    dd_wrpkru(before);
    dd_write_cr4(cr4);
}

/* What it flushes is claimed with page tables. [SDM 2A] INVPCID. */
CLAIM(invpcid_is_executed)
{
    const struct dd_invpcid_descriptor descriptor = {0, {0x1000}};
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_INVPCID), "the processor has no INVPCID");
    for (unsigned int type = 0; type < 4; type++) {
        dd_invpcid(type, &descriptor);
    }
    CLAIM_TRUE(dd_cpu_has(&cpu, DD_CPU_INVPCID));
}

CLAIM(invlpgb_is_executed)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_INVLPGB), "the processor has no INVLPGB");
    dd_invlpgb(0x1001, 0, 0);
    dd_tlbsync();
    CLAIM_TRUE(cpu.invlpgb_count_max > 0);
}

/* ASID 0 is the host's; #UD without EFER.SVME. [AMD64 v3] INVLPGA */
CLAIM(invlpga_is_executed)
{
    struct dd_cpu cpu;
    uint64_t efer = dd_rdmsr(0xC0000080);

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_SVM), "the processor has no INVLPGA");
    CLAIM_OK(dd_register_update(DD_REGISTER_EFER, DD_BITS(DD_EFER_SVME), 0));
    dd_invlpga(dd_vaddr_from(0x1000), 0);
    dd_wrmsr(0xC0000080, efer);
    CLAIM_EQUAL(dd_rdmsr(0xC0000080), efer);
}

CLAIM(instructions_that_do_nothing_do_nothing)
{
    uint64_t before = dd_read_rflags() & 0x247200;

    dd_nop();
    dd_pause();
    dd_bochs_breakpoint();
    CLAIM_EQUAL(dd_read_rflags() & 0x247200, before);
}

CLAIM(the_instruction_pointer_is_in_this_function)
{
    uint64_t here = (uint64_t)(uintptr_t)claim_the_instruction_pointer_is_in_this_function;
    uint64_t rip = dd_read_rip().raw;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "the host's instructions are not in the machine");
    CLAIM_TRUE(rip > here && rip < here + 0x1000);
}
