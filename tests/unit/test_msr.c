/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/msr.c. */
#include <string.h>

#include "sim/cpu/msr.h"
#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

#define BIT(n) (UINT64_C(1) << (n))

static struct sim_error reason;

static enum sim_msr_outcome write(uint32_t index, uint64_t value)
{
    reason.text[0] = 0;
    return sim_msr_write(&case_system, &case_cpu, index, value, &reason);
}

static uint64_t read(uint32_t index)
{
    uint64_t value = 0;

    ck_assert_uint_eq(sim_msr_read(&case_system, index, &value, &reason), SIM_MSR_DONE);
    return value;
}

static void is_refused(enum sim_msr_outcome outcome, const char *sentence)
{
    ck_assert_uint_eq(outcome, SIM_MSR_REFUSED);
    ck_assert_msg(strstr(reason.text, sentence) != NULL, "\"%s\" lacks \"%s\"", reason.text,
                  sentence);
}

struct reset_value {
    uint32_t index;
    uint64_t value;
};

/* [SDM 4] table 2-2; [SDM 3A] 11.11.2.1, 11.12.4. */
static const struct reset_value reset_values[] = {
    {0x0, 0},
    {0x17, 0},
    {0x3A, 1},
    {0x3B, 0},
    {0xCE, 0xA00},
    {0xFE, 0x508},
    {0x8B, BIT(32)},
    {0x10A, 0x179},
    {0x179, 0},
    {0x17A, 0},
    {0x1A0, 0x1801},
    {0x1D9, 0},
    {0x200, 0},
    {0x20F, 0},
    {0x250, 0},
    {0x258, 0},
    {0x26F, 0},
    {0x2FF, 0},
    {0x277, 0x0007040600070406},
};

START_TEST(registers_have_their_values_after_reset)
{
    ck_assert_uint_eq(read(reset_values[_i].index), reset_values[_i].value);
}
END_TEST

START_TEST(the_engine_keeps_what_its_instructions_use)
{
    static const uint32_t indices[] = {0x174,      0x175,      0x176,      0xC0000080,
                                       0xC0000081, 0xC0000082, 0xC0000083, 0xC0000084,
                                       0xC0000100, 0xC0000101, 0xC0000102, 0xC0000103};
    uint64_t value = 5;

    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        ck_assert_uint_eq(sim_msr_read(&case_system, indices[i], &value, &reason), SIM_MSR_ENGINE);
        ck_assert_uint_eq(write(indices[i], indices[i] == 0xC0000080 ? 0x500 : 0), SIM_MSR_ENGINE);
    }
    ck_assert_uint_eq(value, 5);
}
END_TEST

START_TEST(efer_has_four_bits)
{
    /* [SDM 4] IA32_EFER: SCE 0, LME 8, LMA 10 (read-only: a write does not matter), NXE 11. */
    case_real_mode();
    if (_i == 0 || _i == 8 || _i == 10 || _i == 11) {
        ck_assert_uint_eq(write(0xC0000080, BIT(_i)), SIM_MSR_ENGINE);
    } else {
        is_refused(write(0xC0000080, BIT(_i)), "IA32_EFER (0xc0000080): reserved bits");
    }
}
END_TEST

START_TEST(lme_is_fixed_while_paging_is_on)
{
    /* [SDM 3A] 4.1.2, 9.8.5. */
    is_refused(write(0xC0000080, 0x400), "LME cannot be changed while CR0.PG is 1");
    ck_assert_uint_eq(write(0xC0000080, 0xD01), SIM_MSR_ENGINE);
    case_protected_mode();
    ck_assert_uint_eq(write(0xC0000080, 0x100), SIM_MSR_ENGINE);
    case_cpu.cr0 |= BIT(31);
    is_refused(write(0xC0000080, 0x100), "LME cannot be changed");
}
END_TEST

START_TEST(addresses_are_canonical)
{
    /* [SDM 2] WRMSR: #GP(0) for a non-canonical address; with 57-bit linear addresses. */
    static const uint32_t indices[] = {0x175,      0x176,      0xC0000082, 0xC0000083,
                                       0xC0000100, 0xC0000101, 0xC0000102};

    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        ck_assert_uint_eq(write(indices[i], 0x00FFFFFFFFFFFFFF), SIM_MSR_ENGINE);
        ck_assert_uint_eq(write(indices[i], 0xFF00000000000000), SIM_MSR_ENGINE);
        is_refused(write(indices[i], 0x0100000000000000), "the address is not canonical");
        is_refused(write(indices[i], 0xFEFFFFFFFFFFFFFF), "the address is not canonical");
        is_refused(write(indices[i], 0x8000000000000000), "the address is not canonical");
    }
}
END_TEST

START_TEST(upper_halves_of_fmask_and_tsc_aux_are_reserved)
{
    /* [SDM 3A] 5.8.8: IA32_FMASK bits 63:32; [SDM 4] IA32_TSC_AUX. */
    ck_assert_uint_eq(write(0xC0000084, 0xFFFFFFFF), SIM_MSR_ENGINE);
    is_refused(write(0xC0000084, BIT(32)), "IA32_FMASK (0xc0000084): reserved bits");
    is_refused(write(0xC0000103, BIT(63)), "IA32_TSC_AUX");
    ck_assert_uint_eq(write(0xC0000081, UINT64_MAX), SIM_MSR_ENGINE); /* STAR takes anything */
}
END_TEST

START_TEST(memory_types_exist)
{
    /* [SDM 3A] table 11-10: PAT 0, 1, 4, 5, 6, 7; table 11-8: MTRR 0, 1, 4, 5, 6. */
    uint64_t type = (uint64_t)_i;
    bool is_type = type == 0 || type == 1 || (type >= 4 && type <= 6);

    for (unsigned int byte = 0; byte < 8; byte++) {
        uint64_t value = type << (8 * byte);

        ck_assert_uint_eq(write(0x277, value),
                          is_type || type == 7 ? SIM_MSR_DONE : SIM_MSR_REFUSED);
        ck_assert_uint_eq(write(0x26B, value), is_type ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    }
    ck_assert_uint_eq(write(0x2FF, 0xC00 | type), is_type ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    ck_assert_uint_eq(write(0x20E, 0x1000 | type), is_type ? SIM_MSR_DONE : SIM_MSR_REFUSED);
}
END_TEST

START_TEST(mtrrs_have_reserved_bits)
{
    /* [SDM 3A] figures 11-5 and 11-7, MAXPHYADDR 40. */
    bool base = _i == 0 || _i == 2 || (_i >= 12 && _i < 40); /* 0, 2 alone: types 1 and 4 */
    bool mask = _i >= 11 && _i < 40;
    bool deflt = _i == 0 || _i == 2 || _i == 10 || _i == 11;

    ck_assert_uint_eq(write(0x200, BIT(_i)), base ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    ck_assert_uint_eq(write(0x201, BIT(_i)), mask ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    ck_assert_uint_eq(write(0x2FF, BIT(_i)), deflt ? SIM_MSR_DONE : SIM_MSR_REFUSED);
}
END_TEST

START_TEST(stored_registers_do_not_share_a_place)
{
    static const uint32_t indices[] = {0x200, 0x201, 0x20E, 0x20F, 0x250, 0x258, 0x259,
                                       0x268, 0x26F, 0x277, 0x2FF, 0x17A, 0x1D9};
    enum {
        COUNT = sizeof indices / sizeof indices[0]
    };

    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            ck_assert_uint_eq(write(indices[j], 0), SIM_MSR_DONE);
        }
        ck_assert_uint_eq(write(indices[i], indices[i] == 0x201 || indices[i] == 0x20F ? 0x800 : 1),
                          SIM_MSR_DONE);
        for (size_t j = 0; j < COUNT; j++) {
            ck_assert_uint_eq(read(indices[j]) != 0, i == j);
            ck_assert_uint_eq(sim_msr_stored(&case_system, indices[j]), read(indices[j]));
        }
    }
    ck_assert_uint_eq(sim_msr_stored(&case_system, 0xC0000080), 0);
    ck_assert_uint_eq(sim_msr_stored(&case_system, 0x12345), 0);
}
END_TEST

START_TEST(gaps_between_registers_are_refused)
{
    static const uint32_t indices[] = {0x2,   0x11,  0x210,      0x251,      0x257,
                                       0x25A, 0x267, 0x270,      0x276,      0x278,
                                       0x900, 0x7FF, 0xC000007F, 0xC0000085, 0xFFFFFFFF};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        is_refused(write(indices[i], 0), "has no such register");
        ck_assert_uint_eq(sim_msr_read(&case_system, indices[i], &value, &reason), SIM_MSR_REFUSED);
    }
    ck_assert_uint_eq(value, 7);
    ck_assert_ptr_null(sim_msr_name(0x210));
}
END_TEST

struct range {
    uint32_t first, last;
};

/* [SDM 4] table 2-2, those with a name here; the ones the processor lacks included. */
static const struct range named[] = {
    {0x0, 0x1},
    {0x10, 0x10},
    {0x17, 0x17},
    {0x1B, 0x1B},
    {0x3A, 0x3B},
    {0x48, 0x49},
    {0x8B, 0x8B},
    {0xC1, 0xC8},
    {0xCE, 0xCE},
    {0xFE, 0xFE},
    {0x10A, 0x10B},
    {0x174, 0x176},
    {0x179, 0x17B},
    {0x186, 0x18D},
    {0x1A0, 0x1A0},
    {0x1D9, 0x1D9},
    {0x200, 0x20F},
    {0x250, 0x250},
    {0x258, 0x259},
    {0x268, 0x26F},
    {0x277, 0x277},
    {0x2FF, 0x2FF},
    {0x38D, 0x38D},
    {0x38F, 0x38F},
    {0x400, 0x403},
    {0x480, 0x480},
    {0x6A0, 0x6A0},
    {0x6A2, 0x6A2},
    {0x6A4, 0x6A8},
    {0x6E0, 0x6E1},
    {0x800, 0x8FF},
    {0xDA0, 0xDA0},
    {0xC0000080, 0xC0000084},
    {0xC0000100, 0xC0000103},
};

static bool is_named(uint32_t index)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (index >= named[i].first && index <= named[i].last) {
            return true;
        }
    }
    return false;
}

START_TEST(no_other_registers_have_a_name)
{
    for (uint32_t i = 0; i < 0x2000; i++) {
        ck_assert_msg((sim_msr_name(i) != NULL) == is_named(i), "0x%x", i);
        ck_assert_msg((sim_msr_name(0xC0000000 + i) != NULL) == is_named(0xC0000000 + i),
                      "0xC0000000 + 0x%x", i);
    }
}
END_TEST

START_TEST(known_registers_the_processor_lacks_are_refused_by_name)
{
    uint64_t value = 0;

    is_refused(write(0x48, 0), "IA32_SPEC_CTRL (0x48): the processor has no such register");
    is_refused(sim_msr_read(&case_system, 0x186, &value, &reason), "IA32_PERFEVTSEL (0x186)");
}
END_TEST

START_TEST(constants_cannot_be_written)
{
    is_refused(write(0x3A, 1), "IA32_FEATURE_CONTROL (0x3a): the register is read-only");
    is_refused(write(0xFE, 0x508), "read-only");
    is_refused(write(0x10A, 0), "IA32_ARCH_CAPABILITIES");
    ck_assert_uint_eq(write(0x8B, 0), SIM_MSR_DONE); /* before CPUID, [SDM 3A] 9.11.7 */
    ck_assert_uint_eq(read(0x8B), BIT(32));
}
END_TEST

START_TEST(misc_enable_and_debugctl_keep_their_reserved_bits)
{
    bool misc = _i == 0 || _i == 3 || _i == 22;

    ck_assert_uint_eq(write(0x1A0, 0x1801 ^ BIT(_i)), misc ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    ck_assert_uint_eq(write(0x1D9, BIT(_i)), _i < 2 ? SIM_MSR_DONE : SIM_MSR_REFUSED);
    ck_assert_uint_eq(write(0x17A, BIT(_i)), _i < 3 ? SIM_MSR_DONE : SIM_MSR_REFUSED);
}
END_TEST

START_TEST(the_time_stamp_counter_and_its_adjustment_move_together)
{
    /* [SDM 3A] 17.17.3. */
    case_clock.now = 1000;
    ck_assert_uint_eq(read(0x10), 1000);
    ck_assert_uint_eq(write(0x10, 5001), SIM_MSR_DONE);
    ck_assert_uint_eq(read(0x3B), 4001);
    case_clock.now = 1001;
    ck_assert_uint_eq(read(0x10), 5002);
    ck_assert_uint_eq(sim_msr_time_stamp(&case_system), 5002);
    ck_assert_uint_eq(write(0x3B, UINT64_MAX), SIM_MSR_DONE); /* -1 */
    ck_assert_uint_eq(read(0x10), 1000);
    ck_assert_uint_eq(write(0x10, 0), SIM_MSR_DONE);
    ck_assert_uint_eq(read(0x10), 0);
}
END_TEST

static uint64_t apic_value;
static uint32_t apic_index;

static bool apic_read(void *self, uint32_t index, uint64_t *value)
{
    (void)self;
    apic_index = index;
    *value = 0x1234;
    return index != 0x80B; /* EOI is write-only */
}

static bool apic_write(void *self, uint32_t index, uint64_t value)
{
    (void)self;
    apic_index = index;
    apic_value = value;
    return index != 0x802; /* the ID is read-only */
}

START_TEST(registers_of_the_local_apic_are_asked_of_it)
{
    uint64_t value = 0;

    case_system.apic = (struct sim_apic_registers){
        .self = &apic_value, .read_msr = apic_read, .write_msr = apic_write};
    ck_assert_uint_eq(read(0x1B), 0x1234);
    ck_assert_uint_eq(read(0x800), 0x1234);
    ck_assert_uint_eq(read(0x8FF), 0x1234);
    ck_assert_uint_eq(apic_index, 0x8FF);
    is_refused(sim_msr_read(&case_system, 0x80B, &value, &reason),
               "the local APIC refuses the read");
    ck_assert_uint_eq(write(0x6E0, 77), SIM_MSR_DONE);
    ck_assert_uint_eq(apic_index, 0x6E0);
    ck_assert_uint_eq(apic_value, 77);
    is_refused(write(0x802, 1), "IA32_X2APIC (0x802): the local APIC refuses the value");
}
END_TEST

START_TEST(without_a_local_apic_its_registers_do_not_exist)
{
    uint64_t value = 0;

    is_refused(sim_msr_read(&case_system, 0x1B, &value, &reason), "there is no local APIC");
    is_refused(write(0x80B, 0), "there is no local APIC");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("msr");
    TCase *msr = tcase_create("msr");

    tcase_add_checked_fixture(msr, case_long_mode, NULL);
    tcase_add_loop_test(msr, registers_have_their_values_after_reset, 0,
                        sizeof reset_values / sizeof reset_values[0]);
    tcase_add_test(msr, the_engine_keeps_what_its_instructions_use);
    tcase_add_loop_test(msr, efer_has_four_bits, 0, 64);
    tcase_add_test(msr, lme_is_fixed_while_paging_is_on);
    tcase_add_test(msr, addresses_are_canonical);
    tcase_add_test(msr, upper_halves_of_fmask_and_tsc_aux_are_reserved);
    tcase_add_loop_test(msr, memory_types_exist, 0, 256);
    tcase_add_loop_test(msr, mtrrs_have_reserved_bits, 0, 64);
    tcase_add_test(msr, stored_registers_do_not_share_a_place);
    tcase_add_test(msr, gaps_between_registers_are_refused);
    tcase_add_test(msr, no_other_registers_have_a_name);
    tcase_add_test(msr, known_registers_the_processor_lacks_are_refused_by_name);
    tcase_add_test(msr, constants_cannot_be_written);
    tcase_add_loop_test(msr, misc_enable_and_debugctl_keep_their_reserved_bits, 0, 64);
    tcase_add_test(msr, the_time_stamp_counter_and_its_adjustment_move_together);
    tcase_add_test(msr, registers_of_the_local_apic_are_asked_of_it);
    tcase_add_test(msr, without_a_local_apic_its_registers_do_not_exist);
    suite_add_tcase(suite, msr);
    return suite;
}
