/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/cmos*.c. Expected values: [MC146818A]; BIOS bytes: [RBIL] CMOS.LST. */
#include <stdio.h>

#include "sim/devices/cmos.h"
#include "tests/unit/device_case.h"

#define SECOND UINT64_C(1000000000)

static struct sim_clock clock;
static struct sim_cmos cmos;
static struct line_record irq8;
static struct sim_region ports;
static struct sim_device device;

static void start(const struct sim_cmos_time *time)
{
    clock = (struct sim_clock){.now = 12345};
    irq8 = (struct line_record){false, 0};
    sim_cmos_init(&cmos, &clock, time, UINT64_C(256) << 20);
    cmos.interrupt = line_to(&irq8);
    ports = sim_cmos_ports(&cmos);
    device = sim_cmos_device(&cmos);
}

/* Tuesday, 31 December 2024, 23:59:58. */
static void power_on(void)
{
    start(&(struct sim_cmos_time){2024, 12, 31, 3, 23, 59, 58});
}

static uint8_t get(uint8_t index)
{
    region_out(&ports, 0x70, index);
    return region_in(&ports, 0x71);
}

static void put(uint8_t index, uint8_t value)
{
    region_out(&ports, 0x70, index);
    region_out(&ports, 0x71, value);
}

/* Seconds after the start; the update cycle of the first begins then. */
static void go_to(uint64_t nanoseconds)
{
    clock.now = 12345 + nanoseconds;
    device.advance(&cmos);
}

static void check_time(const char *expected)
{
    char text[64];

    ck_assert_int_gt(snprintf(text, sizeof text, "%02x%02x-%02x-%02x %02x %02x:%02x:%02x",
                              (unsigned int)get(0x32), (unsigned int)get(0x09),
                              (unsigned int)get(0x08), (unsigned int)get(0x07),
                              (unsigned int)get(0x06), (unsigned int)get(0x04),
                              (unsigned int)get(0x02), (unsigned int)get(0x00)),
                     0);
    ck_assert_str_eq(text, expected);
}

START_TEST(the_clock_starts_in_24_hour_bcd_and_runs_with_1024_hz)
{
    check_region(&ports, 0x70, 2, 1);
    check_time("2024-12-31 03 23:59:58");
    ck_assert_uint_eq(get(0x0A), 0x26);
    ck_assert_uint_eq(get(0x0B), 0x02);
    ck_assert_uint_eq(get(0x0C), 0x00);
    ck_assert_uint_eq(get(0x0D), 0x80);
    ck_assert(device.deadline(&cmos) == UINT64_MAX);
}
END_TEST

START_TEST(a_second_later_everything_can_change)
{
    go_to(SECOND - 1);
    check_time("2024-12-31 03 23:59:58");
    go_to(SECOND);
    check_time("2024-12-31 03 23:59:59");
    go_to(2 * SECOND);
    check_time("2025-01-01 04 00:00:00");
}
END_TEST

START_TEST(long_after_nothing_is_lost)
{
    go_to(UINT64_C(366) * 86400 * SECOND); /* 2025 has 365 days */
    check_time("2026-01-01 05 23:59:58");
    go_to(UINT64_C(18446744073) * SECOND); /* the clock's end, in the year 2609 */
    ck_assert_uint_eq(get(0x32), 0x26);
}
END_TEST

START_TEST(february_has_29_days_in_leap_years)
{
    start(&(struct sim_cmos_time){2024, 2, 28, 4, 23, 59, 59});
    go_to(SECOND);
    check_time("2024-02-29 05 00:00:00");
    start(&(struct sim_cmos_time){2023, 2, 28, 7, 23, 59, 59});
    go_to(SECOND);
    check_time("2023-03-01 01 00:00:00");
    start(&(struct sim_cmos_time){2100, 2, 28, 1, 23, 59, 59});
    go_to(SECOND);
    check_time("2100-03-01 02 00:00:00");
    start(&(struct sim_cmos_time){2000, 2, 28, 2, 23, 59, 59});
    go_to(SECOND);
    check_time("2000-02-29 03 00:00:00");
}
END_TEST

START_TEST(the_century_counts_with_the_year)
{
    start(&(struct sim_cmos_time){1999, 12, 31, 6, 23, 59, 59});
    go_to(SECOND);
    check_time("2000-01-01 07 00:00:00");
}
END_TEST

START_TEST(binary_and_12_hours_are_chosen_by_register_b)
{
    put(0x0B, 0x86); /* SET, binary, 24 hours */
    put(0x04, 11);
    put(0x02, 59);
    put(0x00, 59);
    put(0x07, 31);
    put(0x06, 3);
    put(0x08, 12);
    put(0x09, 24);
    put(0x32, 20);
    put(0x0B, 0x06);
    go_to(SECOND);
    ck_assert_uint_eq(get(0x04), 12);
    ck_assert_uint_eq(get(0x09), 24);
    put(0x0B, 0x80); /* SET, BCD, 12 hours */
    put(0x04, 0x92); /* 12 PM is noon */
    put(0x02, 0x59);
    put(0x00, 0x59);
    put(0x0B, 0x00);
    go_to(2 * SECOND);
    ck_assert_uint_eq(get(0x04), 0x81);
    put(0x04, 0x12); /* 12 AM is midnight */
    put(0x02, 0x59);
    put(0x00, 0x59);
    go_to(3 * SECOND);
    ck_assert_uint_eq(get(0x04), 0x01);
    put(0x04, 0x11);
    put(0x02, 0x59);
    put(0x00, 0x59);
    go_to(4 * SECOND);
    ck_assert_uint_eq(get(0x04), 0x92);
    put(0x04, 0x91);
    put(0x02, 0x59);
    put(0x00, 0x59);
    go_to(5 * SECOND);
    ck_assert_uint_eq(get(0x04), 0x12);
}
END_TEST

/* 244 us before an update cycle of 1984 us. */
START_TEST(uip_is_set_2228_microseconds_before_an_update_ends)
{
    go_to(SECOND - 2228001);
    ck_assert_uint_eq(get(0x0A), 0x26);
    go_to(SECOND - 2228000);
    ck_assert_uint_eq(get(0x0A), 0xA6);
    go_to(SECOND - 1);
    ck_assert_uint_eq(get(0x0A), 0xA6);
    go_to(SECOND);
    ck_assert_uint_eq(get(0x0A), 0x26);
}
END_TEST

START_TEST(set_stops_updates_hides_uip_and_clears_uie)
{
    put(0x0B, 0x92);
    ck_assert_uint_eq(get(0x0B), 0x82);
    go_to(3 * SECOND - 1);
    ck_assert_uint_eq(get(0x0A), 0x26);
    ck_assert_uint_eq(get(0x0C), 0x40); /* the divider goes on */
    check_time("2024-12-31 03 23:59:58");
    put(0x0B, 0x02);
    go_to(3 * SECOND);
    check_time("2024-12-31 03 23:59:59"); /* in phase with the start */
}
END_TEST

START_TEST(the_first_update_is_half_a_second_after_the_divider_s_reset)
{
    go_to(SECOND / 4);
    put(0x0A, 0x66);
    go_to(10 * SECOND);
    check_time("2024-12-31 03 23:59:58");
    ck_assert_uint_eq(get(0x0A), 0x66);
    put(0x0A, 0x26);
    go_to(10 * SECOND + SECOND / 2 - 1);
    check_time("2024-12-31 03 23:59:58");
    go_to(10 * SECOND + SECOND / 2);
    check_time("2024-12-31 03 23:59:59");
}
END_TEST

START_TEST(update_ended_interrupts_until_register_c_is_read)
{
    put(0x0B, 0x12);
    ck_assert(device.deadline(&cmos) == 12345 + SECOND);
    go_to(SECOND - 1);
    ck_assert(!irq8.level);
    go_to(SECOND);
    ck_assert(irq8.level);
    ck_assert(device.deadline(&cmos) == UINT64_MAX);
    go_to(5 * SECOND);
    ck_assert(irq8.level);
    ck_assert_uint_eq(get(0x0C), 0xF0); /* IRQF, PF, AF at midnight, UF */
    ck_assert(!irq8.level);
    ck_assert_uint_eq(get(0x0C), 0x00);
    go_to(6 * SECOND);
    ck_assert_uint_eq(irq8.rises, 2);
}
END_TEST

START_TEST(flags_are_set_without_their_interrupts_and_irqf_is_not)
{
    go_to(SECOND);
    ck_assert_uint_eq(get(0x0C), 0x50);
    ck_assert(!irq8.level);
    go_to(2 * SECOND);
    put(0x0B, 0x12); /* enabling with the flag set interrupts at once */
    ck_assert(irq8.level);
}
END_TEST

/* The 0.98 ms period of rate 6 is 32 ticks of 32,768 Hz: 976562.5 ns. */
START_TEST(periodic_interrupts_come_at_the_rate)
{
    put(0x0B, 0x42);
    ck_assert(device.deadline(&cmos) == 12345 + 976563);
    go_to(976562);
    ck_assert(!irq8.level);
    go_to(976563);
    ck_assert(irq8.level);
    ck_assert_uint_eq(get(0x0C), 0xC0);
    ck_assert(device.deadline(&cmos) == 12345 + 1953125);
    put(0x0A, 0x2F); /* 500 ms */
    ck_assert(device.deadline(&cmos) == 12345 + SECOND / 2);
    put(0x0A, 0x21); /* 3.90625 ms */
    ck_assert(device.deadline(&cmos) == 12345 + 3906250);
    put(0x0A, 0x22); /* 7.8125 ms */
    ck_assert(device.deadline(&cmos) == 12345 + 7812500);
    put(0x0A, 0x23); /* 122.070 us; the 9th since 976 us have passed */
    ck_assert(device.deadline(&cmos) == 12345 + 1098633);
    put(0x0A, 0x20);
    ck_assert(device.deadline(&cmos) == UINT64_MAX);
}
END_TEST

START_TEST(the_alarm_goes_off_at_its_time)
{
    put(0x05, 0x00);
    put(0x03, 0x00);
    put(0x01, 0x01);
    put(0x0B, 0x22);
    go_to(2 * SECOND);
    ck_assert(!irq8.level);
    go_to(3 * SECOND);
    ck_assert(irq8.level);
    ck_assert_uint_eq(get(0x0C) & 0xB0, 0xB0);
    go_to(3 * SECOND + UINT64_C(86399) * SECOND);
    ck_assert(!irq8.level);
    go_to(3 * SECOND + UINT64_C(86400) * SECOND);
    ck_assert(irq8.level);
}
END_TEST

START_TEST(alarm_bytes_from_c0_on_match_everything)
{
    put(0x05, 0xC0);
    put(0x03, 0xFF);
    put(0x01, 0x10);
    go_to(11 * SECOND);
    ck_assert_uint_eq(get(0x0C) & 0x20, 0x00);
    go_to(12 * SECOND);
    ck_assert_uint_eq(get(0x0C) & 0x20, 0x20);
    go_to(71 * SECOND);
    ck_assert_uint_eq(get(0x0C) & 0x20, 0x00);
    go_to(72 * SECOND);
    ck_assert_uint_eq(get(0x0C) & 0x20, 0x20);
    put(0x01, 0xBF); /* matches nothing */
    go_to(UINT64_C(100000) * SECOND);
    ck_assert_uint_eq(get(0x0C) & 0x20, 0x00);
}
END_TEST

START_TEST(registers_c_and_d_and_uip_are_read_only)
{
    put(0x0C, 0xFF);
    put(0x0D, 0x00);
    put(0x0A, 0xA6);
    ck_assert_uint_eq(get(0x0C), 0x00);
    ck_assert_uint_eq(get(0x0D), 0x80);
    ck_assert_uint_eq(get(0x0A), 0x26);
}
END_TEST

START_TEST(the_index_keeps_the_nmi_mask_and_cannot_be_read)
{
    region_out(&ports, 0x70, 0x8D);
    ck_assert(sim_cmos_masks_nmi(&cmos));
    ck_assert_uint_eq(region_in(&ports, 0x71), 0x80);
    ck_assert_uint_eq(region_in(&ports, 0x70), 0xFF);
    region_out(&ports, 0x70, 0x0D);
    ck_assert(!sim_cmos_masks_nmi(&cmos));
}
END_TEST

START_TEST(the_rest_is_memory)
{
    put(0x0F, 0x5A);
    put(0x7F, 0xA5);
    ck_assert_uint_eq(get(0x0F), 0x5A);
    ck_assert_uint_eq(get(0x7F), 0xA5);
}
END_TEST

/* 256 MiB: 255 MiB in KiB saturate at 65535; 240 MiB above 16 MiB are 0xF00 blocks of 64 KiB. */
START_TEST(memory_sizes_are_where_a_bios_puts_them)
{
    const uint8_t expected[][2] = {{0x15, 0x80}, {0x16, 0x02}, {0x17, 0xFF}, {0x18, 0xFF},
                                   {0x30, 0xFF}, {0x31, 0xFF}, {0x34, 0x00}, {0x35, 0x0F},
                                   {0x5B, 0x00}, {0x5C, 0x00}, {0x5D, 0x00}, {0x14, 0x02},
                                   {0x2E, 0x02}, {0x2F, 0x82}};

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        ck_assert_uint_eq(get(expected[i][0]), expected[i][1]);
    }
    sim_cmos_init(&cmos, &clock, &(struct sim_cmos_time){2024, 1, 1, 2, 0, 0, 0}, 8 << 20);
    ck_assert_uint_eq(get(0x17), 0x00);
    ck_assert_uint_eq(get(0x18), 0x1C);
    ck_assert_uint_eq(get(0x35), 0x00);
}
END_TEST

START_TEST(reset_clears_interrupts_but_not_the_time)
{
    put(0x0B, 0x7A);
    go_to(SECOND);
    ck_assert(irq8.level);
    region_out(&ports, 0x70, 0x80);
    sim_cmos_reset(&cmos);
    ck_assert(!irq8.level);
    ck_assert(!sim_cmos_masks_nmi(&cmos));
    ck_assert_uint_eq(get(0x0B), 0x02);
    ck_assert_uint_eq(get(0x0C), 0x00);
    check_time("2024-12-31 03 23:59:59");
}
END_TEST

START_TEST(values_that_are_no_time_do_no_harm)
{
    for (unsigned int b = 0x00; b <= 0x06; b += 2) {
        put(0x0B, (uint8_t)b);
        for (uint8_t index = 0; index < 10; index++) {
            put(index, 0xFF);
        }
        put(0x32, 0xFF);
        clock.now += 3 * SECOND;
        (void)get(0x00);
        put(0x08, 0x00);
        put(0x07, 0x00);
        clock.now += UINT64_C(400) * 86400 * SECOND;
        ck_assert_uint_ne(get(0x08), 0);
    }
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    struct sim_cmos before;

    go_to(SECOND);
    put(0x0B, 0x12);
    (void)get(0x0C);
    before = cmos;
    go_to(2 * SECOND);
    put(0x00, 0x33);
    memcpy(device.state, &before.state, device.state_size);
    go_to(2 * SECOND);
    check_time("2025-01-01 04 00:00:00");
    ck_assert(irq8.level);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    torment(&ports, &device, &clock);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cmos");
    TCase *time = tcase_create("clock");
    TCase *memory = tcase_create("memory");

    tcase_add_checked_fixture(time, power_on, NULL);
    tcase_add_test(time, the_clock_starts_in_24_hour_bcd_and_runs_with_1024_hz);
    tcase_add_test(time, a_second_later_everything_can_change);
    tcase_add_test(time, long_after_nothing_is_lost);
    tcase_add_test(time, february_has_29_days_in_leap_years);
    tcase_add_test(time, the_century_counts_with_the_year);
    tcase_add_test(time, binary_and_12_hours_are_chosen_by_register_b);
    tcase_add_test(time, uip_is_set_2228_microseconds_before_an_update_ends);
    tcase_add_test(time, set_stops_updates_hides_uip_and_clears_uie);
    tcase_add_test(time, the_first_update_is_half_a_second_after_the_divider_s_reset);
    tcase_add_test(time, update_ended_interrupts_until_register_c_is_read);
    tcase_add_test(time, flags_are_set_without_their_interrupts_and_irqf_is_not);
    tcase_add_test(time, periodic_interrupts_come_at_the_rate);
    tcase_add_test(time, the_alarm_goes_off_at_its_time);
    tcase_add_test(time, alarm_bytes_from_c0_on_match_everything);
    suite_add_tcase(suite, time);
    tcase_add_checked_fixture(memory, power_on, NULL);
    tcase_add_test(memory, registers_c_and_d_and_uip_are_read_only);
    tcase_add_test(memory, the_index_keeps_the_nmi_mask_and_cannot_be_read);
    tcase_add_test(memory, the_rest_is_memory);
    tcase_add_test(memory, memory_sizes_are_where_a_bios_puts_them);
    tcase_add_test(memory, reset_clears_interrupts_but_not_the_time);
    tcase_add_test(memory, values_that_are_no_time_do_no_harm);
    tcase_add_test(memory, the_state_is_all_there_is);
    tcase_add_test(memory, random_accesses_do_no_harm);
    suite_add_tcase(suite, memory);
    return suite;
}
