/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/local_apic_ipi.c, by [SDM 3A] 10.6 and 10.12.9. */
#include "drydock/local_apic_ipi.h"

#include <stdbool.h>

#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define WRITE DD_HOSTED_WRITE32
#define WRMSR DD_HOSTED_WRMSR
#define PAGE  0xFEE00000u

static const struct dd_local_apic xapic = {DD_LOCAL_APIC_XAPIC, {PAGE}};
static const struct dd_local_apic x2apic = {DD_LOCAL_APIC_X2APIC, {0}};
static const struct dd_local_apic disabled = {DD_LOCAL_APIC_DISABLED, {PAGE}};

/* [SDM 3A] figure 10-12. */
static const struct {
    struct dd_local_apic_ipi ipi;
    uint32_t high, low;
} ipis[] = {
    {{DD_APIC_FIXED, 0x41, DD_LOCAL_APIC_TO_SELF, 9}, 0, 0x00044041},
    {{DD_APIC_FIXED, 0xFE, DD_LOCAL_APIC_TO_ALL, 0}, 0, 0x000840FE},
    {{DD_APIC_FIXED, 0x20, DD_LOCAL_APIC_TO_ONE, 0xFE}, 0xFE000000, 0x00004020},
    {{DD_APIC_NMI, 0, DD_LOCAL_APIC_TO_OTHERS, 0}, 0, 0x000C4400},
    {{DD_APIC_INIT, 0, DD_LOCAL_APIC_TO_ONE, 1}, 0x01000000, 0x00004500},
    {{DD_APIC_STARTUP, 0x08, DD_LOCAL_APIC_TO_ONE, 1}, 0x01000000, 0x00004608},
};

START_TEST(ipi_in_xapic_mode_is_two_writes_the_lower_half_last)
{
    const struct device_write expected[] = {{WRITE, PAGE + 0x310, ipis[_i].high},
                                            {WRITE, PAGE + 0x300, ipis[_i].low}};

    device_script_answer(PAGE + 0x300, 0x1000); /* send pending, twice before and once after */
    device_script_answer(PAGE + 0x300, 0x1000);
    device_script_answer(PAGE + 0x300, 0);
    device_script_answer(PAGE + 0x300, 0x1000);
    device_script_answer(PAGE + 0x300, 0);
    ck_assert_int_eq(dd_local_apic_send_ipi(&xapic, &ipis[_i].ipi), DD_OK);
    device_script_expect(expected, 2);
    ck_assert_uint_eq(device_read_count, 5);
}
END_TEST

START_TEST(ipi_in_x2apic_mode_is_one_write_behind_fences)
{
    const struct device_write expected[] = {
        {DD_HOSTED_MFENCE, 0, 0},
        {DD_HOSTED_LFENCE, 0, 0},
        {WRMSR, 0x830, (uint64_t)(ipis[_i].high >> 24) << 32 | ipis[_i].low}};

    ck_assert_int_eq(dd_local_apic_send_ipi(&x2apic, &ipis[_i].ipi), DD_OK);
    device_script_expect(expected, 3);
}
END_TEST

/* Tables 10-3 and 10-4, and destinations that are broadcasts. */
static const struct {
    struct dd_local_apic_ipi ipi;
    bool x2apic;
} bad_ipis[] = {
    {{DD_APIC_FIXED, 31, DD_LOCAL_APIC_TO_SELF, 0}, false},
    {{DD_APIC_FIXED, 0x40, DD_LOCAL_APIC_TO_ONE, 0xFF}, false},
    {{DD_APIC_FIXED, 0x40, DD_LOCAL_APIC_TO_ONE, 0x100}, false},
    {{DD_APIC_FIXED, 0x40, DD_LOCAL_APIC_TO_ONE, 0xFFFFFFFF}, true},
    {{DD_APIC_FIXED, 0x40, (enum dd_local_apic_recipients)4, 0}, true},
    {{DD_APIC_NMI, 0, DD_LOCAL_APIC_TO_SELF, 0}, false},
    {{DD_APIC_NMI, 2, DD_LOCAL_APIC_TO_ONE, 0}, false},
    {{DD_APIC_INIT, 0, DD_LOCAL_APIC_TO_ALL, 0}, false},
    {{DD_APIC_STARTUP, 8, DD_LOCAL_APIC_TO_SELF, 0}, true},
    {{DD_APIC_EXTINT, 0, DD_LOCAL_APIC_TO_ONE, 0}, false},
    {{DD_APIC_LOWEST_PRIORITY, 0x40, DD_LOCAL_APIC_TO_ONE, 0}, false},
};

START_TEST(ipi_that_the_manual_forbids_is_not_sent)
{
    const struct dd_local_apic *apic = bad_ipis[_i].x2apic ? &x2apic : &xapic;

    ck_assert_int_eq(dd_local_apic_send_ipi(apic, &bad_ipis[_i].ipi), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

START_TEST(ipi_waits_only_so_long)
{
    device_script_answer(PAGE + 0x300, 0x1000);
    ck_assert_int_eq(dd_local_apic_send_ipi(&xapic, &ipis[0].ipi), DD_ETIMEOUT);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 100000);
    device_script_reset();
    device_script_answer(PAGE + 0x300, 0);
    device_script_answer(PAGE + 0x300, 0x1000);
    ck_assert_int_eq(dd_local_apic_send_ipi(&xapic, &ipis[0].ipi), DD_ETIMEOUT);
    ck_assert_uint_eq(device_write_count, 2);
}
END_TEST

START_TEST(ipi_of_a_disabled_apic_is_not_sent)
{
    ck_assert_int_eq(dd_local_apic_send_ipi(&disabled, &ipis[0].ipi), DD_ENODEV);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_local_apic_ipi");
    TCase *tests = tcase_create("interprocessor interrupts");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_loop_test(tests, ipi_in_xapic_mode_is_two_writes_the_lower_half_last, 0, COUNT(ipis));
    tcase_add_loop_test(tests, ipi_in_x2apic_mode_is_one_write_behind_fences, 0, COUNT(ipis));
    tcase_add_loop_test(tests, ipi_that_the_manual_forbids_is_not_sent, 0, COUNT(bad_ipis));
    tcase_add_test(tests, ipi_waits_only_so_long);
    tcase_add_test(tests, ipi_of_a_disabled_apic_is_not_sent);
    suite_add_tcase(suite, tests);
    return suite;
}
