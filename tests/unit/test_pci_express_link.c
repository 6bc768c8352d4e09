/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_express_link.c. */
#include "drydock/pci_express_link.h"

#include "tests/unit/express_case.h"

/* A root port of version 2: 16 GT/s, x16, ASPM L1 only, Link Active is reported. */
static void setup(void)
{
    express_begin(0x0042);
    express_put32(0x0C, 0x00100904);
    express_put16(0x10, 0x0040);
    express_put16(0x12, 0x1043);
    express_put32(0x2C, 0x0000001E);
    express_put16(0x30, 0x0064);
    express_allow16(0x10, 0x0FDB);
    express_allow16(0x30, 0xFFFF);
    express_read();
}

static void expect_write(unsigned int offset, uint32_t value)
{
    const struct fake_access *last = &fake.log[fake.access_count - 1];

    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert(last->is_write);
    ck_assert_uint_eq(last->offset, offset);
    ck_assert_uint_eq(last->width, 2);
    ck_assert_uint_eq(last->value, value);
}

/* ---- Speeds: [PCIe 6] 7.5.3.6, 7.5.3.18 ---- */

START_TEST(speeds_are_the_vector_or_all_up_to_the_greatest)
{
    static const struct {
        uint32_t greatest, vector;
        unsigned int speeds;
    } cases[] = {
        {1, 0x00, 0x02}, {2, 0x00, 0x06}, {3, 0x00, 0x0E}, {4, 0x00, 0x1E},
        {6, 0x00, 0x7E}, {0, 0x00, 0x00}, {7, 0x00, 0x00}, {3, 0x0E, 0x0E},
        {4, 0x1E, 0x1E}, {4, 0x18, 0x18}, {1, 0xFE, 0x7E}, {2, 0x80, 0x06},
    };

    for (unsigned int i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        express.link_capabilities = 0xFFFFFFF0 | cases[i].greatest;
        express.link_capabilities_2 = 0xFFFFFF01 | cases[i].vector;
        ck_assert_uint_eq(dd_pci_express_speeds(&express), cases[i].speeds);
    }
}
END_TEST

START_TEST(a_target_speed_is_set_if_the_port_can_do_it)
{
    enum dd_status status =
        dd_pci_express_set_target_speed(&fake.access, address, &express, (unsigned int)_i);

    if (_i >= 1 && _i <= 4) {
        ck_assert_int_eq(status, DD_OK);
        expect_write(0x70, 0x0060 | (uint32_t)_i);
    } else {
        ck_assert_int_eq(status, DD_ENOTSUP);
        ck_assert_uint_eq(fake.access_count, 0);
    }
}
END_TEST

START_TEST(speeds_that_are_no_codes_are_refused)
{
    express.link_capabilities_2 = 0xFE; /* bit 7 is reserved */
    ck_assert_int_eq(dd_pci_express_set_target_speed(&fake.access, address, &express, 7),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_express_set_target_speed(&fake.access, address, &express, 32),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_express_set_target_speed(&fake.access, address, &express, UINT32_MAX),
                     DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(version_1_has_no_target_speed)
{
    express_put16(0x02, 0x0041);
    express_read();
    ck_assert_int_eq(dd_pci_express_set_target_speed(&fake.access, address, &express, 1),
                     DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Power states: [PCIe 6] 7.5.3.7 ---- */

START_TEST(power_states_are_set_if_the_port_supports_them)
{
    for (unsigned int supported = 0; supported < 4; supported++) {
        fake_forget();
        express_put16(0x10, 0x0043);
        express.link_capabilities = supported << 10;
        if (((unsigned int)_i & ~supported) == 0) {
            ck_assert_int_eq(
                dd_pci_express_set_aspm(&fake.access, address, &express, (unsigned int)_i), DD_OK);
            expect_write(0x50, 0x0040 | (uint32_t)_i);
        } else {
            ck_assert_int_eq(
                dd_pci_express_set_aspm(&fake.access, address, &express, (unsigned int)_i),
                DD_ENOTSUP);
            ck_assert_uint_eq(fake.access_count, 0);
        }
    }
}
END_TEST

START_TEST(power_states_that_do_not_exist_are_refused)
{
    ck_assert_int_eq(dd_pci_express_set_aspm(&fake.access, address, &express, 4), DD_EARG);
    ck_assert_int_eq(dd_pci_express_set_aspm(&fake.access, address, &express, 0x102), DD_EARG);
    express_put16(0x02, 0x0092);
    express_read();
    ck_assert_int_eq(dd_pci_express_set_aspm(&fake.access, address, &express, 0), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Training: [PCIe 6] 7.5.3.7, 7.5.3.8 ---- */

static enum dd_status retrain(void)
{
    return dd_pci_express_retrain(&fake.access, address, &express, &delay);
}

/* Link Training, bit 11, while a training goes on; this many waits. */
static unsigned int trained_after;

static void train(void)
{
    int over = waited.calls >= trained_after;

    express_put16(0x12, over ? 0x1043 : 0x1843);
}

static const struct {
    uint16_t capabilities;
    enum dd_status status;
} ports[] = {
    {0x0042, DD_OK},      {0x0062, DD_OK},      {0x0082, DD_OK},      {0x0002, DD_ENOTSUP},
    {0x0012, DD_ENOTSUP}, {0x0052, DD_ENOTSUP}, {0x0072, DD_ENOTSUP}, {0x0092, DD_ENOTSUP},
    {0x00A2, DD_ENOTSUP}, {0x00F2, DD_ENOTSUP},
};

START_TEST(only_the_port_above_a_link_trains_it)
{
    express_put16(0x02, ports[_i].capabilities);
    express_read();
    ck_assert_int_eq(retrain(), ports[_i].status);
    ck_assert_uint_eq(fake_write_count(), ports[_i].status == DD_OK ? 1 : 0);
}
END_TEST

/* Link Training is set as soon as Retrain Link was written. */
static void begin_training(uint16_t offset, uint32_t value)
{
    ck_assert_uint_eq(offset, 0x50);
    ck_assert_uint_eq(value, 0x0060);
    express_put16(0x12, 0x1843);
}

START_TEST(a_training_is_asked_for_and_waited_for)
{
    trained_after = 5;
    waited.meanwhile = train;
    express_hook(begin_training);
    ck_assert_int_eq(retrain(), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert_uint_eq(waited.microseconds, 5000);
}
END_TEST

START_TEST(a_training_that_was_asked_for_and_does_not_end_is_given_up)
{
    express_hook(begin_training);
    ck_assert_int_eq(retrain(), DD_ETIMEOUT);
    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert_uint_eq(waited.microseconds, 1000000);
}
END_TEST

START_TEST(a_training_under_way_is_waited_for_before_another_is_asked_for)
{
    trained_after = 7;
    express_put16(0x12, 0x1843);
    waited.meanwhile = train;
    ck_assert_int_eq(retrain(), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 7000);
    for (unsigned int i = 0; i < 7; i++) {
        ck_assert(!fake.log[i].is_write);
    }
    ck_assert_uint_eq(fake_write_count(), 1);
}
END_TEST

START_TEST(a_training_that_does_not_end_is_given_up_before_anything_is_written)
{
    express_put16(0x12, 0x1843);
    ck_assert_int_eq(retrain(), DD_ETIMEOUT);
    ck_assert_uint_eq(waited.microseconds, 1000000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_port_that_is_gone_is_not_written)
{
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(retrain(), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* ---- Coming up ---- */

static void come_up(void)
{
    if (waited.calls == 20) {
        express_put16(0x12, 0x3043);
    }
}

static enum dd_status await_link(void)
{
    return dd_pci_express_await_link(&fake.access, address, &express, &delay);
}

START_TEST(a_link_that_comes_up_is_waited_for)
{
    waited.meanwhile = come_up;
    ck_assert_int_eq(await_link(), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 20000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_link_that_stays_down_is_given_up)
{
    ck_assert_int_eq(await_link(), DD_ETIMEOUT);
    ck_assert_uint_eq(waited.microseconds, 1000000);
}
END_TEST

START_TEST(a_port_that_vanishes_has_no_active_link)
{
    fake.vanish_at = 3;
    ck_assert_int_eq(await_link(), DD_ENODEV);
}
END_TEST

START_TEST(a_port_that_does_not_tell_is_not_asked)
{
    express.link_capabilities &= ~0x00100000u;
    ck_assert_int_eq(await_link(), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_express_link");
    TCase *limits = tcase_create("limits");
    TCase *training = tcase_create("training");

    tcase_add_checked_fixture(limits, setup, NULL);
    tcase_add_test(limits, speeds_are_the_vector_or_all_up_to_the_greatest);
    tcase_add_loop_test(limits, a_target_speed_is_set_if_the_port_can_do_it, 0, 9);
    tcase_add_test(limits, speeds_that_are_no_codes_are_refused);
    tcase_add_test(limits, version_1_has_no_target_speed);
    tcase_add_loop_test(limits, power_states_are_set_if_the_port_supports_them, 0, 4);
    tcase_add_test(limits, power_states_that_do_not_exist_are_refused);
    suite_add_tcase(suite, limits);

    tcase_add_checked_fixture(training, setup, NULL);
    tcase_add_loop_test(training, only_the_port_above_a_link_trains_it, 0, COUNT(ports));
    tcase_add_test(training, a_training_is_asked_for_and_waited_for);
    tcase_add_test(training, a_training_that_was_asked_for_and_does_not_end_is_given_up);
    tcase_add_test(training, a_training_under_way_is_waited_for_before_another_is_asked_for);
    tcase_add_test(training, a_training_that_does_not_end_is_given_up_before_anything_is_written);
    tcase_add_loop_test(training, a_port_that_is_gone_is_not_written, 0, 2);
    tcase_add_test(training, a_link_that_comes_up_is_waited_for);
    tcase_add_test(training, a_link_that_stays_down_is_given_up);
    tcase_add_test(training, a_port_that_vanishes_has_no_active_link);
    tcase_add_test(training, a_port_that_does_not_tell_is_not_asked);
    suite_add_tcase(suite, training);
    return suite;
}
