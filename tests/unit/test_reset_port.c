/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the reset control register. [ICH9] 13.7.5. */
#include "sim/devices/reset_port.h"
#include "tests/unit/unit.h"

static struct sim_reset_port port;
static unsigned int raised[2];

static void count(void *sink, unsigned int number, bool level)
{
    (void)sink;
    raised[number] += level;
}

static void setup(void)
{
    static const struct sim_line reset = {.set = count, .number = 0};
    static const struct sim_line init = {.set = count, .number = 1};

    raised[0] = raised[1] = 0;
    sim_reset_port_init(&port, &reset, &init);
}

static void out(uint8_t value)
{
    const struct sim_region region = sim_reset_port_ports(&port);

    region.write(region.device, 0, 1, value);
}

START_TEST(each_value_starts_its_kind_of_reset)
{
    static const struct {
        uint8_t value;
        unsigned int resets, inits;
    } values[] = {{0x00, 0, 0}, {0x02, 0, 0}, {0x08, 0, 0}, {0x0A, 0, 0}, {0x04, 0, 1},
                  {0x06, 1, 0}, {0x0C, 0, 1}, {0x0E, 1, 0}, {0xF1, 0, 0}, {0xFF, 1, 0}};

    for (unsigned int i = 0; i < sizeof values / sizeof values[0]; i++) {
        setup();
        out(values[i].value);
        ck_assert_uint_eq(raised[0], values[i].resets);
        ck_assert_uint_eq(raised[1], values[i].inits);
    }
}
END_TEST

START_TEST(only_bit_2_going_to_1_starts_a_reset)
{
    out(0x02);
    out(0x06);
    ck_assert_uint_eq(raised[0], 1);
    out(0x06);
    out(0x0E);
    ck_assert_uint_eq(raised[0], 1);
    out(0x02);
    out(0x0E);
    ck_assert_uint_eq(raised[0], 2);
    ck_assert_uint_eq(raised[1], 0);
}
END_TEST

START_TEST(the_port_is_one_byte_that_reads_back)
{
    const struct sim_region region = sim_reset_port_ports(&port);

    ck_assert_uint_eq(region.base, 0xCF9);
    ck_assert_uint_eq(region.size, 1);
    ck_assert_uint_eq(region.widths, 1);
    ck_assert_uint_eq(region.read(region.device, 0, 1), 0);
    out(0xFB);
    ck_assert_uint_eq(region.read(region.device, 0, 1), 0x0A);
    ck_assert_ptr_eq(sim_reset_port_device(&port).state, &port.state);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("reset_port");
    TCase *control = tcase_create("control");

    tcase_add_checked_fixture(control, setup, NULL);
    tcase_add_test(control, each_value_starts_its_kind_of_reset);
    tcase_add_test(control, only_bit_2_going_to_1_starts_a_reset);
    tcase_add_test(control, the_port_is_one_byte_that_reads_back);
    suite_add_tcase(suite, control);
    return suite;
}
