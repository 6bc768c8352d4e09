/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/instruction_debug.c, _invalidate.c and _misc.c. */
#include <string.h>

#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

#define BIT(n) (UINT64_C(1) << (n))

static void write_debug(unsigned int number, uint64_t value)
{
    const uint8_t code[] = {0x0F, 0x23, (uint8_t)(0xC0 | number << 3)};

    case_registers.rax = value;
    case_step(code, sizeof code);
}

static uint64_t read_debug(unsigned int number)
{
    const uint8_t code[] = {0x0F, 0x21, (uint8_t)(0xC3 | number << 3)};

    case_registers.rbx = UINT64_MAX;
    case_step(code, sizeof code);
    case_passes(SIM_INSTRUCTION_DONE);
    return case_registers.rbx;
}

START_TEST(dr0_to_dr3_hold_any_value)
{
    for (unsigned int number = 0; number < 4; number++) {
        write_debug(number, BIT(_i) + number);
        case_passes(SIM_INSTRUCTION_DONE);
    }
    ck_assert_uint_eq(case_cpu.rip, 0x800C);
    for (unsigned int number = 0; number < 4; number++) {
        ck_assert_uint_eq(read_debug(number), BIT(_i) + number);
    }
}
END_TEST

START_TEST(dr6_has_fixed_bits_and_refuses_high_ones)
{
    /* [SDM 3A] figure 17-1: bits 3:0 and 15:13 are writable, 12 is 0, 11:4 and 31:16 are 1. */
    write_debug(6, BIT(_i));
    if (_i >= 32) {
        case_faults(13, 0, "MOV DR: bits 63:32 of DR6 are reserved");
    } else {
        bool is_writable = _i < 4 || (_i >= 13 && _i <= 15);

        ck_assert_uint_eq(read_debug(6), 0xFFFF0FF0 | (is_writable ? BIT(_i) : 0));
    }
}
END_TEST

START_TEST(dr7_has_fixed_bits_and_refuses_high_ones)
{
    /* [SDM 3A] figure 17-1: bits 15, 14, 12 and 11 are 0, bit 10 is 1. */
    write_debug(7, BIT(_i));
    if (_i >= 32) {
        case_faults(13, 0, "bits 63:32 of DR7 are reserved");
        return;
    }
    case_system.dr7 &= ~BIT(13); /* general detect would report the read */
    ck_assert_uint_eq(read_debug(7),
                      (_i == 11 || _i == 12 || _i == 13 || _i == 14 || _i == 15 ? 0 : BIT(_i)) |
                          0x400);
}
END_TEST

START_TEST(dr4_and_dr5_are_aliases_unless_debug_extensions_are_on)
{
    /* [SDM 3A] 17.2.2. */
    write_debug(4, 0x1);
    case_passes(SIM_INSTRUCTION_DONE);
    write_debug(5, 0x3);
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_system.dr6, 0xFFFF0FF1);
    ck_assert_uint_eq(case_system.dr7, 0x403);
    ck_assert_uint_eq(read_debug(4), 0xFFFF0FF1);
    case_cpu.cr4 |= 8;
    write_debug(4, 0);
    case_faults(6, 0, "MOV DR: CR4.DE is 1 and DR4 does not exist");
    STEP("\x0F\x21\xE8");
    case_faults(6, 0, "DR5");
    STEP("\x44\x0F\x23\xC0");
    case_faults(6, 0, "MOV DR: there is no DR8");
}
END_TEST

START_TEST(general_detect_reports_an_access_and_is_then_off)
{
    /* [SDM 3A] 17.2.4: GD is cleared on entry to the handler; 17.2.3: BD says why. */
    case_system.dr7 |= BIT(13);
    write_debug(0, 0x1234);
    case_faults(1, 0, "MOV DR: DR7.GD is 1");
    ck_assert_uint_eq(case_system.dr[0], 0);
    ck_assert_uint_eq(case_system.dr6, 0xFFFF2FF0);
    ck_assert_uint_eq(case_system.dr7, 0x400);
    write_debug(0, 0x1234);
    case_passes(SIM_INSTRUCTION_DONE);
}
END_TEST

START_TEST(outside_64_bit_code_debug_registers_are_moved_with_32_bits)
{
    case_protected_mode();
    write_debug(7, UINT64_C(0x500000001));
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_system.dr7, 0x401);
    case_system.dr[0] = UINT64_C(0x1122334455667788);
    ck_assert_uint_eq(read_debug(0), 0x55667788);
}
END_TEST

START_TEST(rip_wraps_at_the_width_of_the_code)
{
    case_protected_mode();
    case_cpu.rip = 0xFFFFFFFE;
    write_debug(0, 1);
    ck_assert_uint_eq(case_cpu.rip, 1);
    case_real_mode();
    case_cpu.rip = 0xFFFF;
    write_debug(0, 1);
    ck_assert_uint_eq(case_cpu.rip, 2);
}
END_TEST

static void flushes(enum sim_tlb_flush_kind kind, uint64_t linear, uint16_t pcid)
{
    ck_assert(case_result.effect.flushes);
    ck_assert_uint_eq(case_result.effect.flush.kind, kind);
    ck_assert_uint_eq(case_result.effect.flush.linear, linear);
    ck_assert_uint_eq(case_result.effect.flush.pcid, pcid);
    ck_assert(case_result.effect.flush.requested);
    ck_assert(case_result.effect.traced);
    ck_assert_uint_eq(case_result.effect.trace_kind, SIM_TRACE_FLUSH);
    ck_assert_uint_eq(case_result.effect.trace_a, linear);
    ck_assert_uint_eq(case_result.effect.trace_b, pcid);
}

START_TEST(invlpg_flushes_the_address_of_its_operand)
{
    case_registers.rax = UINT64_C(0xFFFF800000005123);
    STEP("\x0F\x01\x78\x10");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    flushes(SIM_TLB_ADDRESS, UINT64_C(0xFFFF800000005133), 0);
    case_cpu.cr4 |= BIT(17);
    case_cpu.cr3 = 0x1007;
    STEP("\x67\x0F\x01\x38");
    flushes(SIM_TLB_ADDRESS, 0x5123, 7);
    STEP("\x65\x0F\x01\x38"); /* with the base of GS it might be anywhere */
    flushes(SIM_TLB_ALL, 0, 7);
}
END_TEST

START_TEST(invlpg_of_an_address_that_is_not_canonical_does_nothing)
{
    /* [SDM 2] INVLPG, 64-bit mode. */
    case_registers.rax = UINT64_C(0x8000000000000000);
    STEP("\x0F\x01\x38");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(!case_result.effect.flushes);
}
END_TEST

static void invpcid(uint64_t type, uint64_t low, uint64_t linear)
{
    case_store(CASE_DATA, low);
    case_store(CASE_DATA + 8, linear);
    case_registers.rdi = CASE_DATA;
    case_registers.r9 = type;
    STEP("\x66\x44\x0F\x38\x82\x0F");
}

START_TEST(invpcid_knows_four_types)
{
    /* [SDM 2] INVPCID; [SDM 3A] 4.10.4.1. */
    case_cpu.cr4 |= BIT(17);
    invpcid(0, 0xABC, 0x7FFF0000);
    case_passes(SIM_INSTRUCTION_DONE);
    flushes(SIM_TLB_ADDRESS_PCID, 0x7FFF0000, 0xABC);
    ck_assert_uint_eq(case_cpu.rip, 0x8006);
    invpcid(1, 0xABC, 0x7FFF0000);
    flushes(SIM_TLB_PCID, 0, 0xABC);
    invpcid(2, 0xABC, 0);
    flushes(SIM_TLB_ALL, 0, 0);
    invpcid(3, 0xABC, 0);
    flushes(SIM_TLB_NOT_GLOBAL, 0, 0);
    invpcid(4, 0, 0);
    case_faults(13, 0, "INVPCID: there is no type 4");
    invpcid(BIT(32), 0, 0);
    case_faults(13, 0, "there is no type 4294967296");
}
END_TEST

START_TEST(invpcid_refuses_reserved_bits_of_the_descriptor)
{
    case_cpu.cr4 |= BIT(17);
    for (uint64_t type = 0; type < 4; type++) {
        invpcid(type, BIT(_i), 0);
        if (_i >= 12) {
            case_faults(13, 0, "bits 63:12 of the descriptor are reserved");
        } else {
            case_passes(SIM_INSTRUCTION_DONE);
        }
    }
}
END_TEST

START_TEST(invpcid_without_pcids_takes_pcid_0_only)
{
    invpcid(0, 1, 0);
    case_faults(13, 0, "INVPCID: PCID 0x1 with CR4.PCIDE = 0");
    invpcid(1, 1, 0);
    case_faults(13, 0, "CR4.PCIDE = 0");
    invpcid(2, 1, 0);
    case_passes(SIM_INSTRUCTION_DONE);
    invpcid(1, 0, 0);
    flushes(SIM_TLB_PCID, 0, 0);
}
END_TEST

START_TEST(invpcid_refuses_an_address_that_is_not_canonical_with_type_0_only)
{
    invpcid(0, 0, BIT(63));
    case_faults(13, 0, "INVPCID: the address 0x8000000000000000 is not canonical");
    invpcid(1, 0, BIT(63));
    case_passes(SIM_INSTRUCTION_DONE);
}
END_TEST

START_TEST(invpcid_raises_the_page_fault_of_its_descriptor)
{
    case_registers.r9 = 2;
    case_registers.rdi = UINT64_C(0x3FFFFFF8); /* the second half is not mapped */
    STEP("\x66\x44\x0F\x38\x82\x0F");
    case_faults(14, 0, "INVPCID: the descriptor at 0x40000000 is not readable");
    ck_assert_uint_eq(case_cpu.cr2, 0x40000000);
    case_registers.rdi = BIT(63);
    STEP("\x66\x44\x0F\x38\x82\x0F");
    case_faults(13, 0, "the descriptor's address");
}
END_TEST

START_TEST(invpcid_exists_with_the_own_mmu_only)
{
    case_own_mmu = false;
    invpcid(2, 0, 0);
    case_faults(6, 0, "INVPCID: the processor does not have it");
}
END_TEST

START_TEST(swapgs_exists_in_64_bit_mode_only)
{
    STEP("\x0F\x01\xF8");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_protected_mode();
    STEP("\x0F\x01\xF8");
    case_faults(6, 0, "SWAPGS: not in 64-bit mode");
}
END_TEST

START_TEST(bases_of_fs_and_gs_are_canonical)
{
    /* [SDM 2] WRFSBASE/WRGSBASE; allowed at every CPL. */
    case_cpu.cs = 0x33;
    case_registers.rax = UINT64_C(0x0100000000000000);
    STEP("\xF3\x48\x0F\xAE\xD0");
    case_faults(6, 0, "WRFSBASE: CR4.FSGSBASE is 0");
    case_cpu.cr4 |= BIT(16);
    STEP("\xF3\x48\x0F\xAE\xD0");
    case_faults(13, 0, "WRFSBASE: the base 0x100000000000000 is not canonical");
    STEP("\xF3\x48\x0F\xAE\xD8");
    case_faults(13, 0, "WRGSBASE: the base");
    STEP("\xF3\x0F\xAE\xD8"); /* 32 bits */
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_registers.rax = UINT64_C(0xFF00000000000000);
    STEP("\xF3\x48\x0F\xAE\xD8");
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(wrpkru_wants_ecx_and_edx_zero)
{
    STEP("\x0F\x01\xEF");
    case_faults(6, 0, "WRPKRU: CR4.PKE is 0");
    case_cpu.cr4 |= BIT(22);
    case_cpu.cs = 0x33;
    case_registers.rcx = 1;
    STEP("\x0F\x01\xEF");
    case_faults(13, 0, "WRPKRU: ECX and EDX must be 0, they are 0x1 and 0x0");
    case_registers.rcx = BIT(32);
    case_registers.rdx = 2;
    STEP("\x0F\x01\xEF");
    case_faults(13, 0, "they are 0x0 and 0x2");
    case_registers.rdx = BIT(32);
    case_registers.rax = 0x55555554;
    STEP("\x0F\x01\xEF");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(case_result.effect.retranslates);
    case_cpu.pkru = 0x55555554;
    STEP("\x0F\x01\xEF");
    ck_assert(!case_result.effect.retranslates);
}
END_TEST

START_TEST(random_numbers_come_from_the_seed_with_carry_set)
{
    uint64_t first = 0;

    /* [SDM 2] RDRAND: CF = 1; OF, SF, ZF, AF, PF = 0. Every CPL. */
    case_cpu.cs = 0x33;
    case_cpu.rflags = 0x10AD6;
    STEP("\x48\x0F\xC7\xF0");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_cpu.rflags, 0x10203);
    ck_assert_uint_eq(case_registers.rflags, 0x10203);
    ck_assert_uint_eq(case_registers.rax, 0x910A2DEC89025CC1); /* SplitMix64, first of seed 1 */
    first = case_registers.rax;
    STEP("\x48\x0F\xC7\xF8");
    ck_assert_uint_ne(case_registers.rax, first);
    sim_system_init(&case_system, SIM_PROCESSOR_EXECUTED, 1, &case_clock);
    STEP("\x48\x0F\xC7\xF8");
    ck_assert_uint_eq(case_registers.rax, first);
}
END_TEST

START_TEST(random_numbers_have_the_operands_width)
{
    case_registers.rsp = UINT64_MAX;
    STEP("\x0F\xC7\xF4"); /* ESP */
    ck_assert_uint_eq(case_registers.rsp, 0x89025CC1);
    ck_assert_uint_eq(case_cpu.rsp, 0x89025CC1);
    sim_system_init(&case_system, SIM_PROCESSOR_EXECUTED, 1, &case_clock);
    case_registers.r8 = UINT64_MAX;
    STEP("\x66\x41\x0F\xC7\xF0");
    ck_assert_uint_eq(case_registers.r8, 0xFFFFFFFFFFFF5CC1);
    case_real_mode();
    case_registers.rbx = 0x12340000;
    STEP("\x0F\xC7\xF3");
    ck_assert_uint_eq(case_registers.rbx, 0x12345CC1);
    case_real_mode();
    STEP("\x66\x0F\xC7\xF3");
    ck_assert_uint_eq(case_registers.rbx, 0x89025CC1);
}
END_TEST

START_TEST(rdpmc_finds_no_counter)
{
    case_registers.rcx = 3;
    STEP("\x0F\x33");
    case_faults(13, 0, "RDPMC: there is no performance counter 0x3");
    case_cpu.cs = 0x33;
    STEP("\x0F\x33");
    case_faults(13, 0, "RDPMC: CPL is 3 and CR4.PCE is 0");
    case_cpu.cr4 |= BIT(8);
    STEP("\x0F\x33");
    case_faults(13, 0, "no performance counter");
}
END_TEST

START_TEST(rdmsr_and_wrmsr_use_edx_and_eax)
{
    case_registers.rcx = UINT64_C(0xFFFFFFFF00000277); /* IA32_PAT; bits 63:32 do not count */
    case_registers.rax = UINT64_MAX;
    case_registers.rdx = UINT64_MAX;
    STEP("\x0F\x32");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_registers.rax, 0x00070406);
    ck_assert_uint_eq(case_registers.rdx, 0x00070406);
    case_registers.rax = UINT64_C(0xFFFFFFFF01010101);
    case_registers.rdx = UINT64_C(0xFFFFFFFF06060606);
    STEP("\x0F\x30");
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_uint_eq(case_cpu.rip, 0x8004);
    ck_assert_uint_eq(case_result.effect.trace_kind, SIM_TRACE_MSR);
    ck_assert_uint_eq(case_result.effect.trace_code, 0x277);
    ck_assert_uint_eq(case_result.effect.trace_a, 0x0606060601010101);
    STEP("\x0F\x32");
    ck_assert_uint_eq(case_registers.rax, 0x01010101);
    ck_assert_uint_eq(case_registers.rdx, 0x06060606);
}
END_TEST

START_TEST(an_msr_nobody_knows_is_refused_in_both_directions)
{
    case_registers.rcx = 0x12345678;
    STEP("\x0F\x32");
    case_faults(13, 0, "RDMSR 0x12345678: the processor has no such register");
    STEP("\x0F\x30");
    case_faults(13, 0, "WRMSR 0x12345678: the processor has no such register");
}
END_TEST

START_TEST(wrmsr_of_efer_is_checked_and_left_to_the_engine)
{
    case_registers.rcx = 0xC0000080;
    case_registers.rax = 0xD01;
    STEP("\x0F\x30");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(case_result.effect.retranslates); /* NXE changes */
    case_registers.rax = 0x501;
    STEP("\x0F\x30");
    ck_assert(!case_result.effect.retranslates);
    STEP("\x0F\x32");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_registers.rax = 0x502;
    STEP("\x0F\x30");
    case_faults(13, 0, "WRMSR IA32_EFER (0xc0000080): reserved bits cannot be changed");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("instruction_misc");
    TCase *debug = tcase_create("debug");
    TCase *invalidate = tcase_create("invalidate");
    TCase *misc = tcase_create("misc");

    tcase_add_checked_fixture(debug, case_long_mode, NULL);
    tcase_add_loop_test(debug, dr0_to_dr3_hold_any_value, 0, 64);
    tcase_add_loop_test(debug, dr6_has_fixed_bits_and_refuses_high_ones, 0, 64);
    tcase_add_loop_test(debug, dr7_has_fixed_bits_and_refuses_high_ones, 0, 64);
    tcase_add_test(debug, dr4_and_dr5_are_aliases_unless_debug_extensions_are_on);
    tcase_add_test(debug, general_detect_reports_an_access_and_is_then_off);
    tcase_add_test(debug, outside_64_bit_code_debug_registers_are_moved_with_32_bits);
    tcase_add_test(debug, rip_wraps_at_the_width_of_the_code);
    suite_add_tcase(suite, debug);
    tcase_add_checked_fixture(invalidate, case_long_mode, NULL);
    tcase_add_test(invalidate, invlpg_flushes_the_address_of_its_operand);
    tcase_add_test(invalidate, invlpg_of_an_address_that_is_not_canonical_does_nothing);
    tcase_add_test(invalidate, invpcid_knows_four_types);
    tcase_add_loop_test(invalidate, invpcid_refuses_reserved_bits_of_the_descriptor, 0, 64);
    tcase_add_test(invalidate, invpcid_without_pcids_takes_pcid_0_only);
    tcase_add_test(invalidate, invpcid_refuses_an_address_that_is_not_canonical_with_type_0_only);
    tcase_add_test(invalidate, invpcid_raises_the_page_fault_of_its_descriptor);
    tcase_add_test(invalidate, invpcid_exists_with_the_own_mmu_only);
    suite_add_tcase(suite, invalidate);
    tcase_add_checked_fixture(misc, case_long_mode, NULL);
    tcase_add_test(misc, swapgs_exists_in_64_bit_mode_only);
    tcase_add_test(misc, bases_of_fs_and_gs_are_canonical);
    tcase_add_test(misc, wrpkru_wants_ecx_and_edx_zero);
    tcase_add_test(misc, random_numbers_come_from_the_seed_with_carry_set);
    tcase_add_test(misc, random_numbers_have_the_operands_width);
    tcase_add_test(misc, rdpmc_finds_no_counter);
    tcase_add_test(misc, rdmsr_and_wrmsr_use_edx_and_eax);
    tcase_add_test(misc, an_msr_nobody_knows_is_refused_in_both_directions);
    tcase_add_test(misc, wrmsr_of_efer_is_checked_and_left_to_the_engine);
    suite_add_tcase(suite, misc);
    return suite;
}
