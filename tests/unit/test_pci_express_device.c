/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_express_device.c. */
#include "drydock/pci_express_device.h"

#include "tests/unit/express_case.h"

/* An endpoint of version 2 that takes 512 bytes, has FLR and the ranges A and B. */
static void setup(void)
{
    express_begin(0x0002);
    express_put32(0x04, 0x10008002);
    express_put16(0x08, 0x2810);
    express_put16(0x0A, 0x0000);
    express_put32(0x24, 0x00000003);
    express_put16(0x28, 0x0400);
    express_allow16(0x08, 0x7FFF);
    express_clear16(0x0A, 0x004F);
    express_allow16(0x28, 0xFFFF);
    fake_allow32(function, 0x04, 0x00000547);
    function->bytes[0x04] = 0x06;
    express_read();
}

/* The only write there was. */
static void expect_write(unsigned int offset, unsigned int width, uint32_t value)
{
    unsigned int found = 0;

    ck_assert_uint_eq(fake_write_count(), 1);
    while (!fake.log[found].is_write) {
        found++;
    }
    ck_assert_uint_eq(fake.log[found].offset, offset);
    ck_assert_uint_eq(fake.log[found].width, width);
    ck_assert_uint_eq(fake.log[found].value, value);
}

/* ---- Sizes: [PCIe 6] 7.5.3.3, 7.5.3.4 ---- */

START_TEST(sizes_are_powers_of_two_from_128)
{
    static const unsigned int sizes[] = {128, 256, 512, 1024, 2048, 4096, 0, 0};

    for (unsigned int i = 0; i < 8; i++) {
        express.device_capabilities = 0xFFFFFFF8 | i;
        express.device_control = (uint16_t)(i << 5 | (7 - i) << 12 | 0x8F1F);
        ck_assert_uint_eq(dd_pci_express_payload_supported(&express), sizes[i]);
        ck_assert_uint_eq(dd_pci_express_payload(&express), sizes[i]);
        ck_assert_uint_eq(dd_pci_express_read_request(&express), sizes[7 - i]);
    }
}
END_TEST

static const struct {
    unsigned int bytes, code;
} sizes[] = {{128, 0}, {256, 1}, {512, 2}, {1024, 3}, {2048, 4}, {4096, 5}};

START_TEST(a_payload_is_set_if_the_function_can_take_it)
{
    enum dd_status status =
        dd_pci_express_set_payload(&fake.access, address, &express, sizes[_i].bytes);

    if (sizes[_i].code <= 2) {
        ck_assert_int_eq(status, DD_OK);
        expect_write(0x48, 2, 0x2810 | sizes[_i].code << 5);
    } else {
        ck_assert_int_eq(status, DD_ENOTSUP);
        ck_assert_uint_eq(fake.access_count, 0);
    }
}
END_TEST

START_TEST(a_read_request_may_be_larger_than_a_payload)
{
    ck_assert_int_eq(
        dd_pci_express_set_read_request(&fake.access, address, &express, sizes[_i].bytes), DD_OK);
    expect_write(0x48, 2, 0x0810 | sizes[_i].code << 12);
}
END_TEST

static const unsigned int bad_sizes[] = {0,   1,    64,    127,        129,
                                         384, 8192, 16384, 0x80000000, UINT32_MAX};

START_TEST(other_sizes_are_refused_without_an_access)
{
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, bad_sizes[_i]),
                     DD_EARG);
    ck_assert_int_eq(
        dd_pci_express_set_read_request(&fake.access, address, &express, bad_sizes[_i]), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(what_changed_since_the_registers_were_read_is_kept)
{
    express_put16(0x08, 0x591F);
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, 256), DD_OK);
    expect_write(0x48, 2, 0x593F);
}
END_TEST

/* In a bridge bit 15 is Bridge Configuration Retry Enable: [PCIe 6] 7.5.3.4. */
START_TEST(bit_15_of_a_bridge_is_kept)
{
    express_put16(0x08, 0xA810);
    ck_assert_int_eq(dd_pci_express_set_read_request(&fake.access, address, &express, 128), DD_OK);
    expect_write(0x48, 2, 0x8810);
}
END_TEST

START_TEST(a_function_that_is_gone_is_not_written)
{
    fake.vanish_at = 0;
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, 128), DD_ENODEV);
    ck_assert_int_eq(dd_pci_express_set_read_request(&fake.access, address, &express, 128),
                     DD_ENODEV);
    ck_assert_int_eq(dd_pci_express_set_timeout(&fake.access, address, &express, 1), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(an_offset_that_no_capability_has_is_refused)
{
    express.offset = 0x41;
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, 128), DD_EALIGN);
    express.offset = 0xFC;
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, 128),
                     DD_EMALFORMED);
    express.offset = 0x00;
    ck_assert_int_eq(dd_pci_express_set_payload(&fake.access, address, &express, 128), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Time limits: [PCIe 6] 7.5.3.16 ---- */

static const struct {
    unsigned int code;
    uint32_t shortest, longest;
    uint32_t range; /* bit of the capability; 0: always there */
} timeouts[] = {
    {0x0, 50, 50000, 0},        {0x1, 50, 100, 1},           {0x2, 1000, 10000, 1},
    {0x5, 16000, 55000, 2},     {0x6, 65000, 210000, 2},     {0x9, 260000, 900000, 4},
    {0xA, 1000000, 3500000, 4}, {0xD, 4000000, 13000000, 8}, {0xE, 17000000, 64000000, 8},
};

START_TEST(a_time_limit_has_a_range)
{
    struct dd_pci_express_timeout timeout;

    ck_assert_int_eq(dd_pci_express_timeout_range(timeouts[_i].code, &timeout), DD_OK);
    ck_assert_uint_eq(timeout.shortest, timeouts[_i].shortest);
    ck_assert_uint_eq(timeout.longest, timeouts[_i].longest);
}
END_TEST

START_TEST(a_time_limit_is_set_if_its_range_is_supported)
{
    for (uint32_t ranges = 0; ranges < 16; ranges++) {
        int supported = timeouts[_i].range == 0 || (ranges & timeouts[_i].range) != 0;

        fake_forget();
        express_put16(0x28, 0x0412);
        express.device_capabilities_2 = 0xFFFFFFF0 | ranges;
        ck_assert_int_eq(
            dd_pci_express_set_timeout(&fake.access, address, &express, timeouts[_i].code),
            supported ? DD_OK : DD_ENOTSUP);
        if (supported) {
            expect_write(0x68, 2, 0x0410 | timeouts[_i].code);
        } else {
            ck_assert_uint_eq(fake.access_count, 0);
        }
    }
}
END_TEST

START_TEST(reserved_time_limits_are_refused)
{
    static const unsigned int codes[] = {3, 4, 7, 8, 0xB, 0xC, 0xF, 16, UINT32_MAX};
    struct dd_pci_express_timeout timeout = {1, 2};

    express.device_capabilities_2 = 0xF;
    for (unsigned int i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        ck_assert_int_eq(dd_pci_express_timeout_range(codes[i], &timeout), DD_ENOTSUP);
        ck_assert_int_eq(dd_pci_express_set_timeout(&fake.access, address, &express, codes[i]),
                         DD_ENOTSUP);
    }
    ck_assert_uint_eq(timeout.shortest, 1);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(version_1_has_no_time_limit_to_set)
{
    express_put16(0x02, 0x0001);
    express_read();
    ck_assert_int_eq(dd_pci_express_set_timeout(&fake.access, address, &express, 0), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Errors: [PCIe 6] 7.5.3.5 ---- */

START_TEST(only_errors_that_were_seen_are_cleared)
{
    express_put16(0x0A, 0x0039); /* correctable, unsupported request; auxiliary power, pending */
    express_read();
    express_put16(0x0A, 0x007B); /* and now a non-fatal one */
    ck_assert_int_eq(dd_pci_express_clear_errors(&fake.access, address, &express), DD_OK);
    expect_write(0x4A, 2, 0x0009);
    ck_assert_uint_eq(express_get16(0x0A), 0x0072);
}
END_TEST

START_TEST(without_an_error_nothing_is_written)
{
    express_put16(0x0A, 0x0030);
    express_read();
    ck_assert_int_eq(dd_pci_express_clear_errors(&fake.access, address, &express), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(errors_of_a_function_that_is_gone_are_not_cleared)
{
    express_put16(0x0A, 0x0039);
    express_read();
    fake.vanish_at = 0;
    ck_assert_int_eq(dd_pci_express_clear_errors(&fake.access, address, &express), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* ---- Reset: [PCIe 6] 6.6.2 ---- */

static enum dd_status reset(enum dd_pci_express_pending pending)
{
    return dd_pci_express_reset_function(&fake.access, address, &express, pending, &delay);
}

START_TEST(a_function_is_reset_and_left_alone_for_100_ms)
{
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 2);
    ck_assert_uint_eq(fake.log[fake.access_count - 2].offset, 0x48);
    ck_assert_uint_eq(fake.log[fake.access_count - 2].value, 0xA810);
    ck_assert_uint_eq(waited.calls, 1);
    ck_assert_uint_eq(waited.microseconds, 100000);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].offset, 0); /* it answers */
}
END_TEST

START_TEST(a_function_without_the_reset_is_not_touched)
{
    express.device_capabilities &= ~0x10000000u;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_IGNORE), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
    ck_assert_uint_eq(waited.calls, 0);
}
END_TEST

static void complete_at_third_wait(void)
{
    if (waited.calls == 3) {
        express_put16(0x0A, 0x0000);
    }
}

/* Command, Transactions Pending, the reset: in the order of the implementation note. */
START_TEST(transactions_are_looked_for_after_the_function_was_kept_from_more)
{
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_OK);
    ck_assert(fake.log[1].is_write);
    ck_assert_uint_eq(fake.log[1].offset, 0x04);
    ck_assert_uint_eq(fake.log[1].width, 2);
    ck_assert_uint_eq(fake.log[1].value, 0);
    ck_assert(!fake.log[2].is_write);
    ck_assert_uint_eq(fake.log[2].offset, 0x4A);
    ck_assert_uint_eq(fake.log[4].offset, 0x48);
}
END_TEST

START_TEST(transactions_are_waited_for_with_the_command_cleared)
{
    express_put16(0x0A, 0x0020);
    waited.meanwhile = complete_at_third_wait;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_OK);
    ck_assert_uint_eq(waited.calls, 4);
    ck_assert_uint_eq(waited.microseconds, 103000);
    ck_assert_uint_eq(fake_write_count(), 2);
    ck_assert_uint_eq(function->bytes[0x04], 0x00);
}
END_TEST

START_TEST(transactions_that_do_not_end_prevent_the_reset)
{
    express_put16(0x0A, 0x0020);
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_ETIMEOUT);
    ck_assert_uint_eq(waited.microseconds, 1000000);
    ck_assert_uint_eq(fake_write_count(), 2);
    ck_assert_uint_eq(function->bytes[0x04], 0x06); /* as before */
}
END_TEST

START_TEST(transactions_that_do_not_end_can_be_ignored)
{
    express_put16(0x0A, 0x0020);
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_IGNORE), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 1100000);
    ck_assert_uint_eq(fake_write_count(), 2);
}
END_TEST

static unsigned int ready_after; /* this many waits */

static void answer_late(void)
{
    fake_put32(function, 0x00, waited.calls >= ready_after ? 0x12348086 : 0x12340001);
}

/* [PCIe 6] 2.3.1: Vendor ID 0x0001 is the answer of one that asks for a retry. */
START_TEST(a_function_that_asks_for_a_retry_is_waited_for)
{
    ready_after = 41;
    waited.meanwhile = answer_late;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 140000);
}
END_TEST

START_TEST(a_function_that_never_gets_ready_is_given_up)
{
    ready_after = UINT32_MAX;
    waited.meanwhile = answer_late;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_ENOTREADY);
    ck_assert_uint_eq(waited.microseconds, 1100000);
}
END_TEST

static void vanish(void)
{
    fake.vanish_at = 0;
}

START_TEST(a_function_that_does_not_come_back_is_gone)
{
    waited.meanwhile = vanish;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_REFUSE), DD_ENODEV);
    ck_assert_uint_eq(waited.microseconds, 1100000);
}
END_TEST

START_TEST(a_function_that_is_gone_before_the_reset_is_not_written)
{
    fake.vanish_at = 0;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_IGNORE), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(an_offset_that_no_capability_has_is_not_reset)
{
    express.offset = 0x42;
    ck_assert_int_eq(reset(DD_PCI_EXPRESS_PENDING_IGNORE), DD_EALIGN);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static void add_reset(Suite *suite)
{
    TCase *reset_case = tcase_create("reset");

    tcase_add_checked_fixture(reset_case, setup, NULL);
    tcase_add_test(reset_case, a_function_is_reset_and_left_alone_for_100_ms);
    tcase_add_test(reset_case, a_function_without_the_reset_is_not_touched);
    tcase_add_test(reset_case, transactions_are_looked_for_after_the_function_was_kept_from_more);
    tcase_add_test(reset_case, transactions_are_waited_for_with_the_command_cleared);
    tcase_add_test(reset_case, transactions_that_do_not_end_prevent_the_reset);
    tcase_add_test(reset_case, transactions_that_do_not_end_can_be_ignored);
    tcase_add_test(reset_case, a_function_that_asks_for_a_retry_is_waited_for);
    tcase_add_test(reset_case, a_function_that_never_gets_ready_is_given_up);
    tcase_add_test(reset_case, a_function_that_does_not_come_back_is_gone);
    tcase_add_test(reset_case, a_function_that_is_gone_before_the_reset_is_not_written);
    tcase_add_test(reset_case, an_offset_that_no_capability_has_is_not_reset);
    suite_add_tcase(suite, reset_case);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_express_device");
    TCase *limits = tcase_create("limits");
    TCase *times = tcase_create("time limits and errors");

    tcase_add_checked_fixture(limits, setup, NULL);
    tcase_add_test(limits, sizes_are_powers_of_two_from_128);
    tcase_add_loop_test(limits, a_payload_is_set_if_the_function_can_take_it, 0, COUNT(sizes));
    tcase_add_loop_test(limits, a_read_request_may_be_larger_than_a_payload, 0, COUNT(sizes));
    tcase_add_loop_test(limits, other_sizes_are_refused_without_an_access, 0, COUNT(bad_sizes));
    tcase_add_test(limits, what_changed_since_the_registers_were_read_is_kept);
    tcase_add_test(limits, bit_15_of_a_bridge_is_kept);
    tcase_add_test(limits, a_function_that_is_gone_is_not_written);
    tcase_add_test(limits, an_offset_that_no_capability_has_is_refused);
    suite_add_tcase(suite, limits);

    tcase_add_checked_fixture(times, setup, NULL);
    tcase_add_loop_test(times, a_time_limit_has_a_range, 0, COUNT(timeouts));
    tcase_add_loop_test(times, a_time_limit_is_set_if_its_range_is_supported, 0, COUNT(timeouts));
    tcase_add_test(times, reserved_time_limits_are_refused);
    tcase_add_test(times, version_1_has_no_time_limit_to_set);
    tcase_add_test(times, only_errors_that_were_seen_are_cleared);
    tcase_add_test(times, without_an_error_nothing_is_written);
    tcase_add_test(times, errors_of_a_function_that_is_gone_are_not_cleared);
    suite_add_tcase(suite, times);

    add_reset(suite);
    return suite;
}
