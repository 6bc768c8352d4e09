/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/local_apic_ipi.c, by [SDM 3A] 10.6 and 10.12.9. */
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

/* ---- dd_local_apic_start_processor ---- */

static uint32_t waits[8];
static unsigned int wait_count;

static void note_wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, waits);
    waits[wait_count++] = microseconds;
}

static const struct dd_delay delay = {note_wait, waits};

/* [SDM 3A] 8.4.4.1: INIT, 10 ms, SIPI, 200 us, SIPI. */
START_TEST(a_processor_is_started_by_three_messages)
{
    device_script_answer(PAGE + 0x300, 0);
    ck_assert_int_eq(dd_local_apic_start_processor(&xapic, 3, (dd_paddr){0x9F000}, &delay), DD_OK);
    DEVICE_EXPECT({WRITE, PAGE + 0x310, 0x03000000}, {WRITE, PAGE + 0x300, 0x00004500},
                  {WRITE, PAGE + 0x310, 0x03000000}, {WRITE, PAGE + 0x300, 0x0000469F},
                  {WRITE, PAGE + 0x310, 0x03000000}, {WRITE, PAGE + 0x300, 0x0000469F});
    ck_assert_uint_eq(wait_count, 3);
    ck_assert_uint_eq(waits[0], 10000);
    ck_assert_uint_eq(waits[1], 200);
}
END_TEST

static const struct {
    uint64_t entry;
    uint32_t id;
    enum dd_status status;
} bad_starts[] = {
    {0x8001, 1, DD_EALIGN}, {0x100000, 1, DD_EARG},  {0xA0000, 1, DD_EARG},
    {0xBF000, 1, DD_EARG},  {0x8000, 0xFF, DD_EARG}, {0x0000100000008000, 1, DD_EARG},
};

START_TEST(a_processor_is_not_started_where_none_can_begin)
{
    ck_assert_int_eq(dd_local_apic_start_processor(&xapic, bad_starts[_i].id,
                                                   (dd_paddr){bad_starts[_i].entry}, &delay),
                     bad_starts[_i].status);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(wait_count, 0);
    device_script_answer(PAGE + 0x300, 0);
    ck_assert_int_eq(dd_local_apic_start_processor(&xapic, 1, (dd_paddr){0xC0000}, &delay), DD_OK);
}
END_TEST

START_TEST(a_start_that_is_not_accepted_ends_there)
{
    device_script_answer(PAGE + 0x300, 0);
    device_script_answer(PAGE + 0x300, 0x1000);
    ck_assert_int_eq(dd_local_apic_start_processor(&xapic, 1, (dd_paddr){0x8000}, &delay),
                     DD_ETIMEOUT);
    ck_assert_uint_eq(device_write_count, 2);
    ck_assert_int_eq(dd_local_apic_start_processor(&disabled, 1, (dd_paddr){0x8000}, &delay),
                     DD_ENODEV);
    ck_assert_uint_eq(wait_count, 0);
}
END_TEST

static void set_up(void)
{
    device_script_reset();
    wait_count = 0;
}

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_local_apic_ipi");
    TCase *tests = tcase_create("interprocessor interrupts");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_loop_test(tests, ipi_in_xapic_mode_is_two_writes_the_lower_half_last, 0, COUNT(ipis));
    tcase_add_loop_test(tests, ipi_in_x2apic_mode_is_one_write_behind_fences, 0, COUNT(ipis));
    tcase_add_loop_test(tests, ipi_that_the_manual_forbids_is_not_sent, 0, COUNT(bad_ipis));
    tcase_add_test(tests, ipi_waits_only_so_long);
    tcase_add_test(tests, ipi_of_a_disabled_apic_is_not_sent);
    tcase_add_test(tests, a_processor_is_started_by_three_messages);
    tcase_add_loop_test(tests, a_processor_is_not_started_where_none_can_begin, 0,
                        COUNT(bad_starts));
    tcase_add_test(tests, a_start_that_is_not_accepted_ends_there);
    suite_add_tcase(suite, tests);
    return suite;
}
