/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/instruction_control.c, _cr0.c, _cr4.c. */
#include <stdio.h>

#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

#define BIT(n) (UINT64_C(1) << (n))

static void load(unsigned int number, uint64_t value)
{
    const uint8_t code[] = {0x0F, 0x22, (uint8_t)(0xC0 | number << 3)};

    case_registers.rax = value;
    case_step(code, sizeof code);
}

static void is_traced(uint32_t number, uint64_t value)
{
    ck_assert(case_result.effect.traced);
    ck_assert_uint_eq(case_result.effect.trace_kind, SIM_TRACE_CONTROL_REGISTER);
    ck_assert_uint_eq(case_result.effect.trace_code, number);
    ck_assert_uint_eq(case_result.effect.trace_a, value);
}

static void flushes(enum sim_tlb_flush_kind kind, uint16_t pcid, bool requested)
{
    ck_assert(case_result.effect.flushes);
    ck_assert_uint_eq(case_result.effect.flush.kind, kind);
    ck_assert_uint_eq(case_result.effect.flush.pcid, pcid);
    ck_assert_uint_eq(case_result.effect.flush.requested, requested);
}

START_TEST(cr0_takes_each_low_bit_and_no_high_one)
{
    /* [SDM 3A] 2.5: bits 63:32 are reserved; setting reserved bits of 31:0 is ignored. */
    load(0, 0x80000011 | BIT(_i));
    if (_i >= 32) {
        case_faults(13, 0, "MOV CR0: bits 63:32 are reserved");
    } else if (_i == 29) {
        case_faults(13, 0, "MOV CR0: NW = 1 with CD = 0");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE);
        is_traced(0, 0x80000011 | BIT(_i));
        ck_assert(!case_result.effect.flushes);
        ck_assert_uint_eq(case_result.effect.retranslates, _i == 16);
    }
}
END_TEST

START_TEST(cr0_in_real_mode_takes_each_bit_that_needs_no_other)
{
    case_real_mode();
    load(0, BIT(_i));
    if (_i == 29) {
        case_faults(13, 0, "NW = 1 with CD = 0");
    } else if (_i == 31) {
        case_faults(13, 0, "MOV CR0: PG = 1 with PE = 0");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE); /* 32-bit operand: bits 63:32 of RAX do not count */
    }
}
END_TEST

START_TEST(cr0_combinations_that_exist_pass)
{
    load(0, 0xE0000011); /* NW = 1 with CD = 1 */
    case_passes(SIM_INSTRUCTION_EXECUTE);
    load(0, 0xC0000011); /* CD alone */
    case_passes(SIM_INSTRUCTION_EXECUTE);
    load(0, 0x80000010);
    case_faults(13, 0, "PG = 1 with PE = 0");
}
END_TEST

START_TEST(paging_is_not_turned_off_in_64_bit_code_or_with_pcids)
{
    /* [SDM 2] MOV CR: #GP(0) "attempt to clear CR0.PG" in 64-bit mode; [SDM 3A] 4.10.1. */
    load(0, 0x11);
    case_faults(13, 0, "MOV CR0: PG cannot be cleared in 64-bit mode");
    case_cpu.code = SIM_WIDTH_32;
    load(0, 0x11);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    flushes(SIM_TLB_ALL, 0, false); /* [SDM 3A] 4.10.4.1 */
    ck_assert(case_result.effect.retranslates);
    case_cpu.cr4 |= BIT(17);
    load(0, 0x11);
    case_faults(13, 0, "MOV CR0: PG cannot be cleared with CR4.PCIDE = 1");
}
END_TEST

START_TEST(ia32e_mode_needs_pae_and_a_cs_without_l)
{
    /* [SDM 3A] 9.8.5.3. */
    case_protected_mode();
    case_cpu.efer = 0x100;
    load(0, 0x80000011);
    case_faults(13, 0, "MOV CR0: paging is turned on with EFER.LME = 1 and CR4.PAE = 0");
    case_cpu.cr4 = 0x20;
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(!case_result.effect.flushes);
    ck_assert(case_result.effect.retranslates);
    case_store(CASE_GDT + 8, 0x00209A0000000000); /* L = 1 */
    case_cpu.code = SIM_WIDTH_16;                 /* D = 0 */
    load(0, 0x80000011);
    case_faults(13, 0, "CS.L = 1 (CS 0x8)");
    case_cpu.cs = 0xC; /* the same number in the LDT, which is not looked at */
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.cs = 8;
    case_cpu.gdt.limit = 14; /* not all of it is in the GDT */
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.gdt.limit = 15;
    load(0, 0x80000011);
    case_faults(13, 0, "CS.L = 1");
    case_store(CASE_GDT + 8, 0x00009A000000FFFF); /* L = 0 */
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(ia32e_mode_needs_a_tr_that_is_not_of_16_bits)
{
    /* [SDM 2] MOV CR: #GP(0) if IA-32e mode is activated and TR references a 16-bit TSS. */
    case_protected_mode();
    case_cpu.efer = 0x100;
    case_cpu.cr4 = 0x20;
    case_cpu.tr = 0x10;
    case_store(CASE_GDT + 0x10, 0x0000830000000067);
    load(0, 0x80000011);
    case_faults(13, 0, "16-bit TSS (TR 0x10)");
    case_store(CASE_GDT + 0x10, 0x00008B0000000067);
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(cr3_takes_no_bit_above_the_physical_addresses)
{
    /* [SDM 3A] table 4-12: bits 63:MAXPHYADDR are reserved, 11:5 and 2:0 ignored. */
    load(3, 0x1000 | BIT(_i));
    if (_i >= 40) {
        case_faults(13, 0, "MOV CR3: 0x");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE);
        is_traced(3, 0x1000 | BIT(_i));
        flushes(SIM_TLB_PCID, 0, true);
        ck_assert(case_result.effect.retranslates);
    }
    ck_assert_uint_eq(case_cpu.cr3, 0x1000);
}
END_TEST

START_TEST(cr3_with_pcids_flushes_one_of_them)
{
    /* [SDM 3A] 4.10.4.1: bit 63 = 0 invalidates the PCID in the source's bits 11:0. */
    case_cpu.cr4 |= BIT(17);
    load(3, 0x5ABC);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    flushes(SIM_TLB_PCID, 0xABC, true);
}
END_TEST

START_TEST(cr3_with_pcids_and_bit_63_flushes_nothing)
{
    case_cpu.cr4 |= BIT(17);
    load(3, BIT(63) | 0x5ABC);
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_cpu.cr3, 0x5ABC);
    ck_assert_uint_eq(case_cpu.rip, 0x8003);
    ck_assert_uint_eq(case_registers.rip, 0x8003);
    ck_assert(!case_result.effect.flushes);
    ck_assert(case_result.effect.retranslates);
    load(3, BIT(62) | 0x5ABC);
    case_faults(13, 0, "bits above the 40-bit physical addresses");
}
END_TEST

START_TEST(pae_paging_refuses_reserved_bits_in_pdptes)
{
    /* [SDM 3A] 4.4.1, table 4-8: bits 2:1, 8:5 and 63:MAXPHYADDR of a present PDPTE. */
    uint64_t bit = BIT(_i);
    bool is_reserved = _i == 1 || _i == 2 || (_i >= 5 && _i <= 8) || _i >= 40;

    case_protected_mode();
    case_cpu.cr0 = 0x80000011;
    case_cpu.cr4 = 0x20;
    case_store(0x5020 + 24, 0x6001 | bit);
    load(3, 0x5020);
    if (is_reserved) {
        case_faults(13, 0, "PDPTE 3 at 0x5038");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE);
    }
    case_store(0x5020 + 24, 0x6000 | (bit & ~UINT64_C(1))); /* not present */
    load(3, 0x5020);
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(without_pae_there_are_no_pdptes)
{
    case_protected_mode();
    case_store(0x5000, 0x6003);
    case_cpu.cr3 = 0x5000;
    load(0, 0x80000011);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.cr0 = 0x80000011;
    load(3, 0x5000);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    load(4, 0x80);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_long_mode(); /* nor with 4-level paging */
    case_store(0x5000, 0x6003 | BIT(5));
    load(3, 0x5000);
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(cr0_and_cr4_load_pdptes_too)
{
    /* [SDM 3A] 4.4.1: modifying CD, NW, PG, PAE, PGE, PSE or SMEP. */
    case_protected_mode();
    case_cpu.cr4 = 0x20;
    case_cpu.cr3 = 0x5000;
    case_store(0x5000, 0x6003);
    load(0, 0x80000011);
    case_faults(13, 0, "PDPTE 0 at 0x5000 is 0x6003");
    case_cpu.cr0 = 0x80000011;
    load(0, 0x80000019);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    load(4, 0xA0);
    case_faults(13, 0, "PDPTE 0");
    load(4, 0x24);
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.cr4 = 0;
    load(4, 0x20);
    case_faults(13, 0, "PDPTE 0");
}
END_TEST

/* What CPUID announces, typed bit by bit from [SDM 3A] 2.5. VME, PVI, UMIP, VMXE, SMXE: not. */
static bool is_cr4_bit(unsigned int bit)
{
    static const bool bits[64] = {
        [2] = 1,  [3] = 1,  [4] = 1,  [5] = 1,  [6] = 1,  [7] = 1,  [8] = 1,  [9] = 1,
        [10] = 1, [12] = 1, [16] = 1, [17] = 1, [18] = 1, [20] = 1, [21] = 1, [22] = 1};

    return bits[bit];
}

START_TEST(cr4_takes_the_bits_cpuid_announces)
{
    char name[16];

    (void)snprintf(name, sizeof name, "bit %d (", _i);
    load(4, 0x20 | BIT(_i));
    if (!is_cr4_bit((unsigned int)_i)) {
        case_faults(13, 0, name);
    } else if (_i == 12) {
        case_faults(13, 0, "MOV CR4: LA57 cannot be changed in IA-32e mode");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE);
        is_traced(4, 0x20 | BIT(_i));
    }
}
END_TEST

START_TEST(cr4_in_32_bit_mode_takes_them_but_pcide)
{
    case_protected_mode();
    load(4, BIT(_i));
    if (_i == 17) {
        case_faults(13, 0, "MOV CR4: PCIDE cannot be set outside IA-32e mode");
    } else if (_i < 32 && !is_cr4_bit((unsigned int)_i)) {
        case_faults(13, 0, "is reserved");
    } else {
        case_passes(SIM_INSTRUCTION_EXECUTE);
    }
}
END_TEST

START_TEST(cr4_names_the_bit_it_refuses)
{
    load(4, 0x20 | BIT(11));
    case_faults(13, 0, "MOV CR4: bit 11 (UMIP) is reserved: the processor does not have it");
    case_own_mmu = false;
    load(4, 0x20 | BIT(17));
    case_faults(13, 0, "bit 17 (PCIDE) is reserved");
}
END_TEST

START_TEST(cr4_keeps_pae_and_la57_in_ia32e_mode)
{
    load(4, 0);
    case_faults(13, 0, "MOV CR4: PAE cannot be cleared in IA-32e mode");
    case_cpu.cr4 |= BIT(12);
    load(4, 0x20);
    case_faults(13, 0, "LA57 cannot be changed");
    load(4, 0x1020);
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(pcide_needs_a_clear_cr3)
{
    /* [SDM 3A] 4.10.1: #GP if CR3[11:0] is not 000H. */
    case_cpu.cr3 = 0x1008;
    load(4, 0x20 | BIT(17));
    case_faults(13, 0, "PCIDE cannot be set while bits 11:0 of CR3 are not 0");
    case_cpu.cr4 |= BIT(17);
    load(4, 0x20 | BIT(17));
    case_passes(SIM_INSTRUCTION_EXECUTE); /* it is set already */
}
END_TEST

struct cr4_flush {
    unsigned int bit;
    bool was_set; /* and is cleared */
    bool flushes;
    enum sim_tlb_flush_kind kind;
};

/* [SDM 3A] 4.10.4.1, MOV to CR4; in 64-bit mode with PCIDs and PCID 5. */
static const struct cr4_flush cr4_flushes[] = {
    {7, false, true, SIM_TLB_ALL},   {7, true, true, SIM_TLB_ALL},
    {17, true, true, SIM_TLB_ALL},   {20, false, true, SIM_TLB_PCID_AND_GLOBAL},
    {20, true, false, SIM_TLB_ALL},  {21, false, false, SIM_TLB_ALL},
    {22, false, false, SIM_TLB_ALL}, {4, false, false, SIM_TLB_ALL},
    {9, false, false, SIM_TLB_ALL},
};

START_TEST(cr4_flushes_what_the_manual_says)
{
    const struct cr4_flush *row = &cr4_flushes[_i];
    uint64_t before = 0x20020 | (row->was_set ? BIT(row->bit) : 0);

    case_cpu.cr3 = 0x1005;
    case_cpu.cr4 = before;
    load(4, before ^ BIT(row->bit));
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert_uint_eq(case_result.effect.flushes, row->flushes);
    if (row->flushes) {
        flushes(row->kind, row->kind == SIM_TLB_PCID_AND_GLOBAL ? 5 : 0, false);
    }
    ck_assert_uint_eq(case_result.effect.retranslates, row->bit != 9);
}
END_TEST

/* CR3 bits 4:3 are PWT and PCD then. */
START_TEST(without_pcids_smep_and_pae_flush_pcid_0)
{
    case_cpu.cr3 = 0x1018;
    load(4, 0x20 | BIT(20));
    flushes(SIM_TLB_PCID_AND_GLOBAL, 0, false);
    case_protected_mode();
    case_cpu.cr3 = 0x1018;
    load(4, 0x20);
    flushes(SIM_TLB_PCID_AND_GLOBAL, 0, false);
}
END_TEST

START_TEST(cr2_takes_anything)
{
    load(2, UINT64_C(0x8000000000000000));
    case_passes(SIM_INSTRUCTION_EXECUTE);
    is_traced(2, UINT64_C(0x8000000000000000));
}
END_TEST

static uint8_t priority;

static uint8_t read_priority(const void *self)
{
    return *(const uint8_t *)self;
}

static void write_priority(void *self, uint8_t value)
{
    *(uint8_t *)self = value;
}

START_TEST(cr8_is_the_local_apics)
{
    /* [SDM 3A] 10.8.6.1: bits 3:0 are the task priority; 63:4 are reserved. */
    case_system.apic = (struct sim_apic_registers){
        .self = &priority, .read_cr8 = read_priority, .write_cr8 = write_priority};
    priority = 0;
    case_registers.rax = BIT(_i);
    STEP("\x44\x0F\x22\xC0");
    if (_i >= 4) {
        case_faults(13, 0, "MOV CR8: bits 63:4 are reserved");
        ck_assert_uint_eq(priority, 0);
        return;
    }
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_cpu.rip, 0x8004);
    ck_assert_uint_eq(priority, 1u << _i);
    case_registers.r15 = UINT64_MAX;
    STEP("\x45\x0F\x20\xC7");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_registers.r15, 1u << _i);
}
END_TEST

START_TEST(cr8_without_a_local_apic_reads_0)
{
    case_registers.rax = 7;
    STEP("\x44\x0F\x22\xC0");
    case_passes(SIM_INSTRUCTION_DONE);
    STEP("\x44\x0F\x20\xC0");
    ck_assert_uint_eq(case_registers.rax, 0);
}
END_TEST

START_TEST(lmsw_sets_pe_but_never_clears_it)
{
    case_registers.rax = 0xFFFE;
    STEP("\x0F\x01\xF0");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    is_traced(0, 0x8000001F);
    case_ram[CASE_DATA] = 4;
    case_registers.rbx = CASE_DATA;
    STEP("\x0F\x01\x33");
    is_traced(0, 0x80000015);
}
END_TEST

START_TEST(clts_clears_ts)
{
    case_cpu.cr0 |= 8;
    STEP("\x0F\x06");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    is_traced(0, 0x80000011);
}
END_TEST

static void xsetbv(uint32_t number, uint64_t value)
{
    case_registers.rcx = number;
    case_registers.rax = (value & UINT32_MAX) | UINT64_C(0xABCD) << 32;
    case_registers.rdx = value >> 32;
    STEP("\x0F\x01\xD1");
}

START_TEST(xcr0_takes_what_leaf_0d_lists)
{
    /* [SDM 1] 13.3: bit 0 is 1; others as CPUID leaf 0DH says: x87, SSE, PKRU. */
    case_cpu.cr4 |= BIT(18);
    xsetbv(0, 1 | BIT(_i));
    if (_i == 0 || _i == 1 || _i == 9) {
        case_passes(SIM_INSTRUCTION_EXECUTE);
        ck_assert_uint_eq(case_system.xcr0, 1 | BIT(_i));
    } else {
        case_faults(13, 0, "XSETBV: XCR0");
        ck_assert_uint_eq(case_system.xcr0, 1);
    }
}
END_TEST

START_TEST(xsetbv_refuses_other_registers_and_no_x87)
{
    xsetbv(0, 1);
    case_faults(6, 0, "XSETBV: CR4.OSXSAVE is 0");
    case_cpu.cr4 |= BIT(18);
    xsetbv(1, 1);
    case_faults(13, 0, "there is no XCR1");
    xsetbv(0, 2);
    case_faults(13, 0, "bit 0 (x87) of XCR0 must be 1");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("instruction_control");
    TCase *control = tcase_create("control");

    tcase_add_checked_fixture(control, case_long_mode, NULL);
    tcase_add_loop_test(control, cr0_takes_each_low_bit_and_no_high_one, 0, 64);
    tcase_add_loop_test(control, cr0_in_real_mode_takes_each_bit_that_needs_no_other, 0, 64);
    tcase_add_test(control, cr0_combinations_that_exist_pass);
    tcase_add_test(control, paging_is_not_turned_off_in_64_bit_code_or_with_pcids);
    tcase_add_test(control, ia32e_mode_needs_pae_and_a_cs_without_l);
    tcase_add_test(control, ia32e_mode_needs_a_tr_that_is_not_of_16_bits);
    tcase_add_loop_test(control, cr3_takes_no_bit_above_the_physical_addresses, 0, 64);
    tcase_add_test(control, cr3_with_pcids_flushes_one_of_them);
    tcase_add_test(control, cr3_with_pcids_and_bit_63_flushes_nothing);
    tcase_add_loop_test(control, pae_paging_refuses_reserved_bits_in_pdptes, 0, 64);
    tcase_add_test(control, without_pae_there_are_no_pdptes);
    tcase_add_test(control, cr0_and_cr4_load_pdptes_too);
    tcase_add_loop_test(control, cr4_takes_the_bits_cpuid_announces, 0, 64);
    tcase_add_loop_test(control, cr4_in_32_bit_mode_takes_them_but_pcide, 0, 64);
    tcase_add_test(control, cr4_names_the_bit_it_refuses);
    tcase_add_test(control, cr4_keeps_pae_and_la57_in_ia32e_mode);
    tcase_add_test(control, pcide_needs_a_clear_cr3);
    tcase_add_loop_test(control, cr4_flushes_what_the_manual_says, 0,
                        sizeof cr4_flushes / sizeof cr4_flushes[0]);
    tcase_add_test(control, without_pcids_smep_and_pae_flush_pcid_0);
    tcase_add_test(control, cr2_takes_anything);
    tcase_add_loop_test(control, cr8_is_the_local_apics, 0, 64);
    tcase_add_test(control, cr8_without_a_local_apic_reads_0);
    tcase_add_test(control, lmsw_sets_pe_but_never_clears_it);
    tcase_add_test(control, clts_clears_ts);
    tcase_add_loop_test(control, xcr0_takes_what_leaf_0d_lists, 0, 64);
    tcase_add_test(control, xsetbv_refuses_other_registers_and_no_x87);
    suite_add_tcase(suite, control);
    return suite;
}
