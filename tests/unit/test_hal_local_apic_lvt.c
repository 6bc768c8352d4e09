/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/local_apic_lvt.c: the local vector table and the timer, by [SDM 3A] 10.5. */
#include "drydock/local_apic_lvt.h"
#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define WRITE     DD_HOSTED_WRITE32
#define WRMSR     DD_HOSTED_WRMSR
#define PAGE      0xFEE00000u
#define VERSION   (PAGE + 0x30)
#define LVT_TIMER (PAGE + 0x320)

enum {
    HAS_TSC_DEADLINE = 1 << 24, /* [SDM 2A] CPUID.1:ECX */
};

static const struct dd_local_apic xapic = {DD_LOCAL_APIC_XAPIC, {PAGE}};
static const struct dd_local_apic x2apic = {DD_LOCAL_APIC_X2APIC, {0}};
static const struct dd_local_apic disabled = {DD_LOCAL_APIC_DISABLED, {PAGE}};

static const struct dd_local_apic_entry fixed = {.vector = 0x41};

/* ---- the table: [SDM 3A] figure 10-8 ---- */

#define CMCI        DD_LOCAL_APIC_LVT_CMCI
#define TIMER       DD_LOCAL_APIC_LVT_TIMER
#define THERMAL     DD_LOCAL_APIC_LVT_THERMAL
#define PERFORMANCE DD_LOCAL_APIC_LVT_PERFORMANCE
#define LINT0       DD_LOCAL_APIC_LVT_LINT0
#define LINT1       DD_LOCAL_APIC_LVT_LINT1
#define ERROR       DD_LOCAL_APIC_LVT_ERROR

/* Every register begins as all ones, so that what is kept shows. */
static const struct {
    enum dd_local_apic_lvt lvt;
    uint32_t offset;
    struct dd_local_apic_entry entry;
    uint32_t written;
} entries[] = {
    {CMCI, 0x2F0, {.vector = 0x41}, 0xFFFEF841},
    {TIMER, 0x320, {.vector = 0x42, .mask = DD_APIC_MASKED}, 0xFFFFFF42},
    {THERMAL, 0x330, {.delivery = DD_APIC_SMI}, 0xFFFEFA00},
    {PERFORMANCE, 0x340, {.delivery = DD_APIC_NMI}, 0xFFFEFC00},
    {LINT0, 0x350, {.delivery = DD_APIC_EXTINT}, 0xFFFE5F00},
    {LINT0,
     0x350,
     {.vector = 0x43, .trigger = DD_APIC_LEVEL, .polarity = DD_APIC_ACTIVE_LOW},
     0xFFFEF843},
    {LINT1, 0x360, {.delivery = DD_APIC_EXTINT, .trigger = DD_APIC_LEVEL}, 0xFFFEDF00},
    {LINT1, 0x360, {.delivery = DD_APIC_NMI, .polarity = DD_APIC_ACTIVE_LOW}, 0xFFFE7C00},
    {LINT1, 0x360, {.delivery = DD_APIC_INIT, .mask = DD_APIC_MASKED}, 0xFFFF5D00},
    {ERROR, 0x370, {.vector = 0xFE}, 0xFFFEFFFE},
};

START_TEST(entries_are_written_field_by_field)
{
    const struct device_write by_page = {WRITE, PAGE + entries[_i].offset, entries[_i].written};
    const struct device_write by_msr = {WRMSR, 0x800 + entries[_i].offset / 16,
                                        entries[_i].written};

    device_script_answer(VERSION, 0x00060014);
    device_script_answer(PAGE + entries[_i].offset, 0xFFFFFFFF);
    ck_assert_int_eq(dd_local_apic_write_lvt(&xapic, entries[_i].lvt, &entries[_i].entry), DD_OK);
    device_script_expect(&by_page, 1);
    device_script_reset();
    device_script_answer(0x803, 0x00060014);
    device_script_answer(0x800 + entries[_i].offset / 16, 0xFFFFFFFF);
    ck_assert_int_eq(dd_local_apic_write_lvt(&x2apic, entries[_i].lvt, &entries[_i].entry), DD_OK);
    device_script_expect(&by_msr, 1);
}
END_TEST

static const struct {
    enum dd_local_apic_lvt lvt;
    struct dd_local_apic_entry entry;
} bad_entries[] = {
    {TIMER, {.vector = 31}},
    {TIMER, {.delivery = DD_APIC_NMI}},
    {ERROR, {.delivery = DD_APIC_NMI}},
    {CMCI, {.delivery = DD_APIC_EXTINT}},
    {THERMAL, {.delivery = DD_APIC_INIT}},
    {PERFORMANCE, {.vector = 0x40, .polarity = DD_APIC_ACTIVE_LOW}},
    {PERFORMANCE, {.vector = 0x40, .trigger = DD_APIC_LEVEL}},
    {LINT0, {.delivery = DD_APIC_NMI, .trigger = DD_APIC_LEVEL}},
    {LINT0, {.delivery = DD_APIC_NMI, .vector = 2}},
    {LINT0, {.vector = 0x40, .delivery = DD_APIC_LOWEST_PRIORITY}},
    {LINT0, {.delivery = DD_APIC_STARTUP}},
    {LINT0, {.delivery = (enum dd_apic_delivery)3}},
    {LINT0, {.delivery = (enum dd_apic_delivery)32}},
    {LINT0, {.vector = 0x40, .polarity = (enum dd_apic_polarity)2}},
    {LINT0, {.vector = 0x40, .mask = (enum dd_apic_mask)2}},
    {LINT1, {.vector = 0x40, .trigger = DD_APIC_LEVEL}}, /* 10.5.1: not supported for LINT1 */
    {(enum dd_local_apic_lvt)7, {.vector = 0x40}},
};

START_TEST(entries_that_cannot_be_are_not_written)
{
    device_script_answer(VERSION, 0x00060014);
    ck_assert_int_eq(dd_local_apic_write_lvt(&xapic, bad_entries[_i].lvt, &bad_entries[_i].entry),
                     DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

/* [SDM 3A] 10.4.8: Max LVT Entry is 3 for the Pentium, 4 for P6, 5 for the Pentium 4, 6 with CMCI. */
static const struct {
    enum dd_local_apic_lvt lvt;
    uint32_t last_entry;
} first_versions[] = {{CMCI, 6}, {THERMAL, 5}, {PERFORMANCE, 4}};

START_TEST(entries_that_this_apic_lacks_are_not_accessed)
{
    struct dd_local_apic_entry entry = {.vector = 0x77};

    device_script_answer(VERSION, (first_versions[_i].last_entry - 1) << 16 | 0x14);
    ck_assert_int_eq(dd_local_apic_write_lvt(&xapic, first_versions[_i].lvt, &fixed), DD_ENOTSUP);
    ck_assert_int_eq(dd_local_apic_read_lvt(&xapic, first_versions[_i].lvt, &entry), DD_ENOTSUP);
    ck_assert_uint_eq(entry.vector, 0x77);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(an_entry_reads_as_its_fields)
{
    struct dd_local_apic_entry entry = {0};

    device_script_answer(VERSION, 0x00050014);
    device_script_answer(PAGE + 0x350, 0x0001F444);
    ck_assert_int_eq(dd_local_apic_read_lvt(&xapic, LINT0, &entry), DD_OK);
    ck_assert_uint_eq(entry.vector, 0x44);
    ck_assert_int_eq(entry.delivery, DD_APIC_NMI);
    ck_assert_int_eq(entry.polarity, DD_APIC_ACTIVE_LOW);
    ck_assert_int_eq(entry.trigger, DD_APIC_LEVEL);
    ck_assert_int_eq(entry.mask, DD_APIC_MASKED);
    device_script_answer(PAGE + 0x350, 0x00000744);
    ck_assert_int_eq(dd_local_apic_read_lvt(&xapic, LINT0, &entry), DD_OK);
    ck_assert_int_eq(entry.delivery, DD_APIC_EXTINT);
    ck_assert_int_eq(entry.mask, DD_APIC_UNMASKED);
    ck_assert_int_eq(entry.trigger, DD_APIC_EDGE);
}
END_TEST

/* ---- the timer: [SDM 3A] figure 10-10, table 10-2 ---- */

static const struct {
    uint8_t divisor;
    uint32_t divide;
} divisors[] = {{1, 0xB},  {2, 0x0},  {4, 0x1},  {8, 0x2},
                {16, 0x3}, {32, 0x8}, {64, 0x9}, {128, 0xA}};

START_TEST(divisors_have_the_manuals_encoding)
{
    const struct dd_local_apic_timer timer = {
        .mode = DD_LOCAL_APIC_PERIODIC, .vector = 0x50, .divisor = divisors[_i].divisor};
    const struct device_write expected[] = {{WRITE, PAGE + 0x380, 0},
                                            {WRITE, PAGE + 0x3E0, divisors[_i].divide},
                                            {WRITE, LVT_TIMER, 0x00020050}};

    device_script_answer(LVT_TIMER, 0x00010000);
    ck_assert_int_eq(dd_local_apic_set_timer(&xapic, &timer), DD_OK);
    device_script_expect(expected, 3);
}
END_TEST

START_TEST(one_shot_is_mode_0_and_reserved_bits_stay)
{
    const struct dd_local_apic_timer timer = {.vector = 0xFF, .divisor = 1, .mask = DD_APIC_MASKED};

    device_script_answer(LVT_TIMER, 0xFFFFFF00);
    ck_assert_int_eq(dd_local_apic_set_timer(&xapic, &timer), DD_OK);
    DEVICE_EXPECT({WRITE, PAGE + 0x380, 0}, {WRITE, PAGE + 0x3E0, 0xB},
                  {WRITE, LVT_TIMER, 0xFFF9FFFF});
}
END_TEST

START_TEST(tsc_deadline_needs_the_feature_and_no_divisor)
{
    const struct dd_local_apic_timer timer = {.mode = DD_LOCAL_APIC_TSC_DEADLINE, .vector = 0x50};

    ck_assert_int_eq(dd_local_apic_set_timer(&x2apic, &timer), DD_ENOTSUP);
    ck_assert_uint_eq(device_write_count, 0);
    device_script_features(HAS_TSC_DEADLINE, 0);
    device_script_answer(0x832, 0x00010000);
    ck_assert_int_eq(dd_local_apic_set_timer(&x2apic, &timer), DD_OK);
    DEVICE_EXPECT({WRMSR, 0x838, 0}, {WRMSR, 0x832, 0x00040050});
}
END_TEST

/* [SDM 3A] 10.5.4.1: the fence between the store to the table and the deadline. */
START_TEST(deadline_is_written_behind_a_fence)
{
    device_script_answer(0x6E0, 0x123456789);
    dd_local_apic_set_deadline(0xFEDCBA9876543210);
    ck_assert_uint_eq(dd_local_apic_read_deadline(), 0x123456789);
    DEVICE_EXPECT({DD_HOSTED_MFENCE, 0, 0}, {WRMSR, 0x6E0, 0xFEDCBA9876543210});
}
END_TEST

static const struct dd_local_apic_timer bad_timers[] = {
    {.vector = 31, .divisor = 1},
    {.vector = 0x50, .divisor = 0},
    {.vector = 0x50, .divisor = 3},
    {.vector = 0x50, .divisor = 129},
    {.vector = 0x50, .divisor = 1, .mode = (enum dd_local_apic_timer_mode)3},
    {.vector = 0x50, .divisor = 1, .mask = (enum dd_apic_mask)2},
};

START_TEST(timers_that_cannot_be_are_not_programmed)
{
    ck_assert_int_eq(dd_local_apic_set_timer(&xapic, &bad_timers[_i]), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(counts_are_in_their_places)
{
    device_script_answer(PAGE + 0x390, 0x89ABCDEF);
    dd_local_apic_start_timer(&xapic, 0xFFFFFFFF);
    dd_local_apic_start_timer(&x2apic, 1);
    ck_assert_uint_eq(dd_local_apic_read_timer(&xapic), 0x89ABCDEF);
    DEVICE_EXPECT({WRITE, PAGE + 0x380, 0xFFFFFFFF}, {WRMSR, 0x838, 1});
}
END_TEST

START_TEST(a_disabled_apic_is_not_accessed)
{
    const struct dd_local_apic_timer timer = {.vector = 0x50, .divisor = 1};
    struct dd_local_apic_entry entry = {.vector = 0x77};

    ck_assert_int_eq(dd_local_apic_set_timer(&disabled, &timer), DD_ENODEV);
    ck_assert_int_eq(dd_local_apic_write_lvt(&disabled, LINT0, &fixed), DD_ENODEV);
    ck_assert_int_eq(dd_local_apic_read_lvt(&disabled, LINT0, &entry), DD_ENODEV);
    ck_assert_uint_eq(entry.vector, 0x77);
    dd_local_apic_start_timer(&disabled, 1);
    ck_assert_uint_eq(dd_local_apic_read_timer(&disabled), 0);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_local_apic_lvt");
    TCase *tests = tcase_create("local vector table");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_loop_test(tests, entries_are_written_field_by_field, 0, COUNT(entries));
    tcase_add_loop_test(tests, entries_that_cannot_be_are_not_written, 0, COUNT(bad_entries));
    tcase_add_loop_test(tests, entries_that_this_apic_lacks_are_not_accessed, 0,
                        COUNT(first_versions));
    tcase_add_test(tests, an_entry_reads_as_its_fields);
    tcase_add_loop_test(tests, divisors_have_the_manuals_encoding, 0, COUNT(divisors));
    tcase_add_test(tests, one_shot_is_mode_0_and_reserved_bits_stay);
    tcase_add_test(tests, tsc_deadline_needs_the_feature_and_no_divisor);
    tcase_add_test(tests, deadline_is_written_behind_a_fence);
    tcase_add_loop_test(tests, timers_that_cannot_be_are_not_programmed, 0, COUNT(bad_timers));
    tcase_add_test(tests, counts_are_in_their_places);
    tcase_add_test(tests, a_disabled_apic_is_not_accessed);
    suite_add_tcase(suite, tests);
    return suite;
}
