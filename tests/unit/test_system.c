/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/system.c and sim/util/random.h. */
#include "sim/cpu/msr.h"
#include "sim/util/random.h"
#include "sim/cpu/system.h"
#include "tests/unit/unit.h"

static const struct sim_clock time_zero = {0};

START_TEST(reset_gives_the_state_of_table_9_1)
{
    struct sim_system system;

    /* [SDM 3A] table 9-1; 17.2 for DR6 and DR7; [SDM 1] 13.3 for XCR0. */
    sim_system_init(&system, SIM_PROCESSOR_EXECUTED, 0, &time_zero);
    for (unsigned int i = 0; i < 4; i++) {
        ck_assert_uint_eq(system.dr[i], 0);
    }
    ck_assert_uint_eq(system.dr6, 0xFFFF0FF0);
    ck_assert_uint_eq(system.dr7, 0x400);
    ck_assert_uint_eq(system.xcr0, 1);
    ck_assert(!system.nmi_blocked);
    ck_assert_uint_eq(sim_msr_stored(&system, 0x277), 0x0007040600070406);
    ck_assert_uint_eq(sim_msr_stored(&system, 0x2FF), 0);
    ck_assert_uint_eq(sim_msr_time_stamp(&system), 0);
    ck_assert_ptr_null(system.apic.self);
}
END_TEST

START_TEST(random_numbers_are_splitmix64)
{
    /* First three outputs of the published generator for the seed 1234567. */
    uint64_t state = 1234567;

    ck_assert_uint_eq(sim_random_next(&state), UINT64_C(6457827717110365317));
    ck_assert_uint_eq(sim_random_next(&state), UINT64_C(3203168211198807973));
    ck_assert_uint_eq(sim_random_next(&state), UINT64_C(9817491932198370423));
}
END_TEST

START_TEST(the_seed_is_the_generators_state)
{
    struct sim_system system;
    struct sim_system same;

    sim_system_init(&system, SIM_PROCESSOR_EXECUTED, 42, &time_zero);
    sim_system_init(&same, SIM_PROCESSOR_EXECUTED, 42, &time_zero);
    ck_assert_uint_eq(sim_random_next(&system.random), sim_random_next(&same.random));
    sim_system_init(&same, SIM_PROCESSOR_EXECUTED, 43, &time_zero);
    ck_assert_uint_ne(sim_random_next(&system.random), sim_random_next(&same.random));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("system");
    TCase *state = tcase_create("state");

    tcase_add_test(state, reset_gives_the_state_of_table_9_1);
    tcase_add_test(state, random_numbers_are_splitmix64);
    tcase_add_test(state, the_seed_is_the_generators_state);
    suite_add_tcase(suite, state);
    return suite;
}
