/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/devices/pit8254*.c. Expected values: [8254] "Mode
 * Definitions" and their timing diagrams. A count written at tick t is loaded at
 * t + 1, so that OUT of mode 0 rises at t + 1 + N.
 */
#include "sim/devices/pit8254.h"
#include "tests/unit/device_case.h"

static struct sim_clock clock;
static struct sim_pit8254 pit;
static struct line_record irq0;
static struct sim_region ports;
static struct sim_region control;
static struct sim_device device;

static void power_on(void)
{
    clock = (struct sim_clock){0};
    irq0 = (struct line_record){false, 0};
    sim_pit8254_init(&pit, &clock);
    pit.interrupt = line_to(&irq0);
    ports = sim_pit8254_ports(&pit);
    control = sim_pit8254_control_port(&pit);
    device = sim_pit8254_device(&pit);
}

static void out(uint16_t port, uint8_t value)
{
    region_out(port == 0x61 ? &control : &ports, port, value);
}

static uint8_t in(uint16_t port)
{
    return region_in(port == 0x61 ? &control : &ports, port);
}

/* The middle of a tick, so that nothing depends on rounding. */
static void go_to(uint64_t tick)
{
    clock.now = (tick * 2 + 1) * 1000000000 / 2386364;
    device.advance(&pit);
}

/* The count of a channel that was programmed low byte, then high byte. */
static unsigned int count(unsigned int channel)
{
    out(0x43, (uint8_t)(channel << 6));
    unsigned int low = in((uint16_t)(0x40 + channel));

    return low | (unsigned int)in((uint16_t)(0x40 + channel)) << 8;
}

static void program(unsigned int channel, uint8_t mode, uint16_t value)
{
    out(0x43, (uint8_t)(channel << 6 | 0x30 | mode));
    out((uint16_t)(0x40 + channel), (uint8_t)value);
    out((uint16_t)(0x40 + channel), (uint8_t)(value >> 8));
}

static bool out2(void)
{
    return (in(0x61) & 0x20) != 0;
}

static uint8_t status(unsigned int channel)
{
    out(0x43, (uint8_t)(0xE0 | 2 << channel));
    return in((uint16_t)(0x40 + channel));
}

START_TEST(the_ports_are_a_pc_s)
{
    check_region(&ports, 0x40, 4, 1);
    check_region(&control, 0x61, 1, 1);
}
END_TEST

START_TEST(mode_0_rises_n_plus_1_ticks_after_the_count_and_stays)
{
    go_to(100);
    program(0, 0x00, 4);
    ck_assert(!irq0.level);
    go_to(104);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(count(0), 1);
    go_to(105);
    ck_assert(irq0.level);
    ck_assert_uint_eq(count(0), 0);
    go_to(106);
    ck_assert_uint_eq(count(0), 0xFFFF);
    go_to(200000);
    ck_assert(irq0.level);
    ck_assert_uint_eq(irq0.rises, 1);
    out(0x40, 9); /* the first byte lowers OUT and stops the counter */
    ck_assert(!irq0.level);
    go_to(300000);
    ck_assert(!irq0.level);
    out(0x40, 0);
    go_to(300009);
    ck_assert(!irq0.level);
    go_to(300010);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(mode_0_is_held_by_its_gate)
{
    out(0x61, 0x01);
    go_to(10);
    program(2, 0x00, 100);
    go_to(31);
    ck_assert_uint_eq(count(2), 80);
    out(0x61, 0x00);
    go_to(500);
    ck_assert_uint_eq(count(2), 80);
    ck_assert(!out2());
    out(0x61, 0x01);
    go_to(579);
    ck_assert(!out2());
    go_to(580);
    ck_assert(out2());
}
END_TEST

START_TEST(mode_1_is_low_for_n_ticks_after_each_trigger)
{
    go_to(10);
    program(2, 0x02, 5);
    ck_assert(out2());
    go_to(50);
    ck_assert(out2());
    out(0x61, 0x01);
    ck_assert(out2());
    go_to(51);
    ck_assert(!out2());
    go_to(53);
    out(0x61, 0x00); /* no effect */
    out(0x61, 0x01); /* retriggers: 5 more from tick 54 on */
    go_to(58);
    ck_assert(!out2());
    go_to(59);
    ck_assert(out2());
}
END_TEST

START_TEST(mode_1_takes_a_new_count_with_the_next_trigger)
{
    program(2, 0x02, 5);
    out(0x61, 0x01);
    go_to(2);
    out(0x42, 20);
    out(0x42, 0);
    ck_assert_uint_eq(status(2) & 0x40, 0x40);
    go_to(5);
    ck_assert(!out2());
    go_to(6);
    ck_assert(out2());
    out(0x61, 0x00);
    out(0x61, 0x01);
    go_to(7);
    ck_assert_uint_eq(status(2) & 0x40, 0x00);
    go_to(26);
    ck_assert(!out2());
    go_to(27);
    ck_assert(out2());
}
END_TEST

START_TEST(mode_2_is_low_for_the_last_tick_of_every_n)
{
    program(0, 0x04, 3);
    ck_assert(irq0.level);
    go_to(1);
    ck_assert_uint_eq(count(0), 3);
    go_to(2);
    ck_assert(irq0.level);
    go_to(3);
    ck_assert_uint_eq(count(0), 1);
    ck_assert(!irq0.level);
    go_to(4);
    ck_assert_uint_eq(count(0), 3);
    ck_assert(irq0.level);
    go_to(6);
    ck_assert(!irq0.level);
    go_to(7);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(mode_2_takes_a_new_count_at_the_end_of_the_period)
{
    program(0, 0x04, 10);
    go_to(5);
    out(0x40, 4);
    out(0x40, 0);
    ck_assert_uint_eq(status(0), 0xF4); /* OUT, null count, both bytes, mode 2, binary */
    go_to(10);
    ck_assert(!irq0.level);
    go_to(11);
    ck_assert_uint_eq(status(0), 0xB4);
    ck_assert_uint_eq(count(0), 4);
    go_to(13);
    ck_assert(irq0.level);
    go_to(14);
    ck_assert(!irq0.level);
    go_to(15);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(mode_2_is_high_while_its_gate_is_low_and_starts_again_after)
{
    out(0x61, 0x01);
    program(2, 0x04, 4);
    go_to(4);
    ck_assert(!out2());
    out(0x61, 0x00);
    ck_assert(out2());
    go_to(400);
    ck_assert(out2());
    out(0x61, 0x01);
    go_to(403);
    ck_assert(out2());
    go_to(404);
    ck_assert(!out2());
    go_to(405);
    ck_assert(out2());
}
END_TEST

START_TEST(mode_3_is_high_for_half_of_an_even_count)
{
    program(0, 0x06, 6);
    go_to(1);
    ck_assert_uint_eq(count(0), 6);
    go_to(3);
    ck_assert_uint_eq(count(0), 2);
    ck_assert(irq0.level);
    go_to(4);
    ck_assert_uint_eq(count(0), 6);
    ck_assert(!irq0.level);
    go_to(6);
    ck_assert(!irq0.level);
    go_to(7);
    ck_assert(irq0.level);
}
END_TEST

/* (N + 1) / 2 high, (N - 1) / 2 low; counts from N - 1 by two, to 0 in the high half. */
START_TEST(mode_3_spends_the_odd_tick_high)
{
    program(0, 0x06, 5);
    go_to(1);
    ck_assert_uint_eq(count(0), 4);
    go_to(3);
    ck_assert(irq0.level);
    ck_assert_uint_eq(count(0), 0);
    go_to(4);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(count(0), 4);
    go_to(5);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(count(0), 2);
    go_to(6);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(mode_3_takes_a_new_count_at_the_end_of_the_half)
{
    program(0, 0x06, 20);
    go_to(5);
    out(0x40, 4);
    out(0x40, 0);
    go_to(10);
    ck_assert(irq0.level);
    go_to(11);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(count(0), 4);
    go_to(12);
    ck_assert(!irq0.level);
    go_to(13);
    ck_assert(irq0.level);
    go_to(14);
    out(0x40, 8);
    out(0x40, 0);
    go_to(15);
    ck_assert(!irq0.level);
    go_to(18);
    ck_assert(!irq0.level);
    go_to(19);
    ck_assert(irq0.level);
    go_to(23);
    ck_assert(!irq0.level);
}
END_TEST

START_TEST(mode_4_strobes_once)
{
    program(0, 0x08, 3);
    ck_assert(irq0.level);
    go_to(3);
    ck_assert(irq0.level);
    go_to(4);
    ck_assert(!irq0.level);
    go_to(5);
    ck_assert(irq0.level);
    ck_assert_uint_eq(count(0), 0xFFFF);
    go_to(70000);
    ck_assert_uint_eq(irq0.rises, 2);
}
END_TEST

START_TEST(mode_5_strobes_after_its_trigger)
{
    program(2, 0x0A, 3);
    go_to(20);
    ck_assert(out2());
    out(0x61, 0x01);
    go_to(23);
    ck_assert(out2());
    go_to(24);
    ck_assert(!out2());
    go_to(25);
    ck_assert(out2());
}
END_TEST

START_TEST(modes_6_and_7_are_2_and_3)
{
    program(0, 0x0C, 3);
    ck_assert_uint_eq(status(0) & 0x3F, 0x3C); /* as programmed */
    go_to(2);
    ck_assert(irq0.level);
    go_to(3);
    ck_assert(!irq0.level);
    program(0, 0x0E, 4);
    go_to(5);
    ck_assert(irq0.level);
    go_to(6);
    ck_assert(!irq0.level);
    go_to(8);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(a_count_of_0_is_65536_or_10000)
{
    program(0, 0x00, 0);
    go_to(65536);
    ck_assert(!irq0.level);
    go_to(65537);
    ck_assert(irq0.level);
    program(0, 0x01, 0);
    go_to(65537 + 10000);
    ck_assert(!irq0.level);
    go_to(65537 + 10001);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(bcd_counts_in_decimal)
{
    program(0, 0x01, 0x1234);
    go_to(1);
    ck_assert_uint_eq(count(0), 0x1234);
    go_to(36);
    ck_assert_uint_eq(count(0), 0x1199);
    go_to(1235);
    ck_assert_uint_eq(count(0), 0x0000);
    ck_assert(irq0.level);
    go_to(1236);
    ck_assert_uint_eq(count(0), 0x9999);
    ck_assert_uint_eq(status(0), 0xB1);
}
END_TEST

START_TEST(one_byte_formats_write_and_read_their_byte)
{
    out(0x43, 0x10); /* low byte only */
    out(0x40, 0x07);
    go_to(1);
    ck_assert_uint_eq(in(0x40), 0x07);
    ck_assert_uint_eq(in(0x40), 0x07);
    out(0x43, 0x60); /* channel 1, high byte only */
    out(0x41, 0x02);
    go_to(2);
    ck_assert_uint_eq(in(0x41), 0x02);
    go_to(3);
    ck_assert_uint_eq(in(0x41), 0x01); /* 0x1FF */
}
END_TEST

START_TEST(a_latched_count_stays_until_it_is_read)
{
    program(0, 0x00, 0x1000);
    go_to(1);
    out(0x43, 0x00);
    go_to(600);
    out(0x43, 0x00); /* ignored: not read yet */
    ck_assert_uint_eq(in(0x40), 0x00);
    go_to(700);
    ck_assert_uint_eq(in(0x40), 0x10);
    go_to(0x1000 - 0x234 + 1);
    ck_assert_uint_eq(in(0x40), 0x34);
    ck_assert_uint_eq(in(0x40), 0x02);
}
END_TEST

START_TEST(read_back_gives_the_status_before_the_count)
{
    program(1, 0x06, 0x0100);
    ck_assert_uint_eq(status(1), 0xF6); /* not loaded before the next tick */
    go_to(1);
    out(0x43, 0xC4); /* both of channel 1 */
    go_to(50);
    ck_assert_uint_eq(in(0x41), 0xB6);
    ck_assert_uint_eq(in(0x41), 0x00);
    ck_assert_uint_eq(in(0x41), 0x01);
    out(0x43, 0xDE); /* counts only, of all */
    go_to(80);
    ck_assert_uint_eq(in(0x41), 0x9E); /* 0x100 - 2 * 49 */
    ck_assert_uint_eq(in(0x41), 0x00);
    out(0x43, 0xEC); /* statuses only, of 1 and 2 */
    ck_assert_uint_eq(in(0x41), 0xB6);
    ck_assert_uint_ne(in(0x41), 0xB6);
}
END_TEST

START_TEST(a_control_word_stops_the_channel_and_forgets_latches)
{
    program(0, 0x04, 100);
    go_to(10);
    out(0x43, 0x00);
    out(0x40, 0x55); /* half a count */
    out(0x43, 0x30);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(status(0), 0x70);
    go_to(1000);
    ck_assert_uint_eq(irq0.rises, 1);
    ck_assert(device.deadline(&pit) == UINT64_MAX);
    out(0x40, 0x02);
    out(0x40, 0x00);
    go_to(1003);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(the_control_port_cannot_be_read)
{
    ck_assert_uint_eq(in(0x43), 0xFF);
}
END_TEST

START_TEST(port_61_gates_channel_2_and_shows_it_and_the_refresh)
{
    out(0x61, 0xFF);
    ck_assert_uint_eq(in(0x61), 0x0F); /* mode 0 is low; no parity error */
    go_to(17);
    ck_assert_uint_eq(in(0x61) & 0x10, 0x00);
    go_to(18);
    ck_assert_uint_eq(in(0x61) & 0x10, 0x10);
    go_to(36);
    ck_assert_uint_eq(in(0x61) & 0x10, 0x00);
}
END_TEST

/* 1193182 periods of one tick are one second: tick n is at ceil(n * 10^9 / 1193182) ns. */
START_TEST(deadlines_are_the_edges_of_channel_0_to_the_nanosecond)
{
    program(0, 0x04, 3);
    ck_assert_uint_eq(device.deadline(&pit), 2515); /* falls at tick 3: 2514.3 ns */
    clock.now = 2514;
    device.advance(&pit);
    ck_assert(irq0.level);
    clock.now = 2515;
    device.advance(&pit);
    ck_assert(!irq0.level);
    ck_assert_uint_eq(device.deadline(&pit), 3353); /* rises at tick 4: 3352.4 ns */
}
END_TEST

START_TEST(periods_do_not_drift)
{
    unsigned int periods = 0;

    program(0, 0x06, 11932); /* 100.0 Hz of a PC */
    while (periods < 100000) {
        clock.now = device.deadline(&pit);
        device.advance(&pit);
        periods += irq0.level;
    }
    /* the 100,000th rise is at tick 1 + 1,193,200,000: 1000015086550.9 ns */
    ck_assert_uint_eq(clock.now, UINT64_C(1000015086551));
    ck_assert_uint_eq(irq0.rises, 100001);
}
END_TEST

START_TEST(overdue_edges_become_one_pulse)
{
    program(0, 0x04, 100);
    go_to(1000050);
    ck_assert_uint_eq(irq0.rises, 2); /* the first was the control word */
    ck_assert(irq0.level);
    go_to(1000051);
    ck_assert(device.deadline(&pit) > clock.now);
    program(0, 0x06, 100);
    go_to(1000051 + 1 + 175); /* high, low, high, low */
    ck_assert(!irq0.level);
    ck_assert_uint_eq(irq0.rises, 3);
}
END_TEST

START_TEST(forbidden_counts_of_1_give_no_edges)
{
    program(0, 0x04, 1);
    ck_assert(device.deadline(&pit) == UINT64_MAX || irq0.rises <= 1);
    go_to(5000);
    program(0, 0x06, 1);
    ck_assert(device.deadline(&pit) == UINT64_MAX);
    ck_assert_uint_eq(irq0.rises, 2);
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    struct sim_pit8254 before;

    program(0, 0x06, 20);
    go_to(13);
    before = pit;
    out(0x43, 0x30);
    go_to(20);
    memcpy(device.state, &before.state, device.state_size);
    ck_assert_uint_eq(count(0), 2);
    go_to(21);
    ck_assert(irq0.level);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    torment(&ports, &device, &clock);
    torment(&control, &device, &clock);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pit8254");
    TCase *modes = tcase_create("modes");
    TCase *access = tcase_create("access");

    tcase_add_checked_fixture(modes, power_on, NULL);
    tcase_add_test(modes, mode_0_rises_n_plus_1_ticks_after_the_count_and_stays);
    tcase_add_test(modes, mode_0_is_held_by_its_gate);
    tcase_add_test(modes, mode_1_is_low_for_n_ticks_after_each_trigger);
    tcase_add_test(modes, mode_1_takes_a_new_count_with_the_next_trigger);
    tcase_add_test(modes, mode_2_is_low_for_the_last_tick_of_every_n);
    tcase_add_test(modes, mode_2_takes_a_new_count_at_the_end_of_the_period);
    tcase_add_test(modes, mode_2_is_high_while_its_gate_is_low_and_starts_again_after);
    tcase_add_test(modes, mode_3_is_high_for_half_of_an_even_count);
    tcase_add_test(modes, mode_3_spends_the_odd_tick_high);
    tcase_add_test(modes, mode_3_takes_a_new_count_at_the_end_of_the_half);
    tcase_add_test(modes, mode_4_strobes_once);
    tcase_add_test(modes, mode_5_strobes_after_its_trigger);
    tcase_add_test(modes, modes_6_and_7_are_2_and_3);
    tcase_add_test(modes, a_count_of_0_is_65536_or_10000);
    tcase_add_test(modes, bcd_counts_in_decimal);
    tcase_add_test(modes, deadlines_are_the_edges_of_channel_0_to_the_nanosecond);
    tcase_add_test(modes, periods_do_not_drift);
    tcase_add_test(modes, overdue_edges_become_one_pulse);
    tcase_add_test(modes, forbidden_counts_of_1_give_no_edges);
    suite_add_tcase(suite, modes);
    tcase_add_checked_fixture(access, power_on, NULL);
    tcase_add_test(access, the_ports_are_a_pc_s);
    tcase_add_test(access, one_byte_formats_write_and_read_their_byte);
    tcase_add_test(access, a_latched_count_stays_until_it_is_read);
    tcase_add_test(access, read_back_gives_the_status_before_the_count);
    tcase_add_test(access, a_control_word_stops_the_channel_and_forgets_latches);
    tcase_add_test(access, the_control_port_cannot_be_read);
    tcase_add_test(access, port_61_gates_channel_2_and_shows_it_and_the_refresh);
    tcase_add_test(access, the_state_is_all_there_is);
    tcase_add_test(access, random_accesses_do_no_harm);
    suite_add_tcase(suite, access);
    return suite;
}
