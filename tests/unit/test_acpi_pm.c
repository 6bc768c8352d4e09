/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/acpi_pm.c. Bits are those of [ACPI 6.5] 4.8.3. */
#include <string.h>

#include "sim/devices/acpi_pm.h"
#include "tests/unit/unit.h"

static struct sim_acpi_pm pm;
static struct sim_clock fake_clock;
static struct sim_region ports;
static unsigned int power_offs;

static void count_power_off(void *sink, unsigned int number, bool level)
{
    (void)sink;
    (void)number;
    power_offs += level;
}

static void setup(void)
{
    const struct sim_line line = {.set = count_power_off};

    fake_clock.now = 0;
    power_offs = 0;
    sim_acpi_pm_init(&pm, &line, &fake_clock);
    ports = sim_acpi_pm_ports(&pm);
    ck_assert_uint_eq(ports.base, 0x600);
    ck_assert_uint_eq(ports.size, 12);
    ck_assert_uint_eq(ports.widths, 7);
}

static uint32_t in(uint32_t port, unsigned int width)
{
    return ports.read(&pm, port - 0x600, width);
}

static void out(uint32_t port, unsigned int width, uint32_t value)
{
    ports.write(&pm, port - 0x600, width, value);
}

/* 4.8.2.1: 3.579545 MHz, 32 bits. */
START_TEST(the_timer_counts_3579545_a_second)
{
    static const struct {
        uint64_t now;
        uint32_t ticks;
    } cases[] = {
        {0, 0},
        {279, 0},
        {280, 1},
        {1000000000, 3579545},
        {1199864031882, 0}, /* 2^32 ticks, rounded up */
        {UINT64_C(86400000000000), 35042688},
    };

    fake_clock.now = cases[_i].now;
    ck_assert_uint_eq(in(0x608, 4), cases[_i].ticks);
}
END_TEST

START_TEST(the_timer_can_be_read_at_the_end_of_time_and_not_be_written)
{
    fake_clock.now = UINT64_MAX;
    ck_assert_uint_eq(in(0x608, 4), in(0x608, 2) | in(0x60A, 2) << 16);
    fake_clock.now = 1000000;
    out(0x608, 4, 0);
    ck_assert_uint_eq(in(0x608, 4), 3579);
}
END_TEST

/* Table 4.14: SCI_EN is bit 0, SLP_TYP bits 12:10, SLP_EN bit 13 reads as 0. */
START_TEST(acpi_is_always_on)
{
    ck_assert_uint_eq(in(0x604, 2), 1);
    out(0x604, 2, 0x1C00);
    ck_assert_uint_eq(in(0x604, 2), 0x1C01);
    out(0x604, 2, 0xFFFF);
    ck_assert_uint_eq(in(0x604, 2), 0x1C03);
    ck_assert_uint_eq(power_offs, 0); /* SLP_TYP 7 is no sleep state here */
}
END_TEST

START_TEST(slp_en_with_the_type_of_s5_turns_off)
{
    static const uint16_t values[] = {0x2000, 0x2001, 0xE3FF, 0x0000, 0x2400, 0x3000, 0x1000};

    out(0x604, 2, values[_i]);
    ck_assert_uint_eq(power_offs, _i < 3);
}
END_TEST

START_TEST(a_doubleword_writes_control_too)
{
    out(0x604, 4, 0x2000);
    ck_assert_uint_eq(power_offs, 1);
}
END_TEST

START_TEST(no_event_is_ever_pending)
{
    fake_clock.now = UINT64_C(3600000000000);
    out(0x600, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(in(0x600, 2), 0);
    ck_assert_uint_eq(in(0x602, 2), 0xFFFF);
    ck_assert_uint_eq(in(0x606, 2), 0);
}
END_TEST

START_TEST(the_state_is_all_that_changes)
{
    struct sim_device device = sim_acpi_pm_device(&pm);
    struct sim_acpi_pm before = pm;

    out(0x602, 2, 0x0321);
    out(0x604, 2, 0x1402);
    memcpy(device.state, &before.state, device.state_size);
    ck_assert_mem_eq(&pm, &before, sizeof pm);
    ck_assert(device.deadline == NULL);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("acpi_pm");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(registers, setup, NULL);
    tcase_add_loop_test(registers, the_timer_counts_3579545_a_second, 0, 6);
    tcase_add_test(registers, the_timer_can_be_read_at_the_end_of_time_and_not_be_written);
    tcase_add_test(registers, acpi_is_always_on);
    tcase_add_loop_test(registers, slp_en_with_the_type_of_s5_turns_off, 0, 7);
    tcase_add_test(registers, a_doubleword_writes_control_too);
    tcase_add_test(registers, no_event_is_ever_pending);
    tcase_add_test(registers, the_state_is_all_that_changes);
    suite_add_tcase(suite, registers);
    return suite;
}
