/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_doe.c; the procedure: [PCIe 6] 6.30.2. */
#include "drydock/pci_doe.h"

#include "tests/claims/pci_mailbox.h"
#include "tests/unit/unit.h"

#define AT PCI_MAILBOX_AT

static const struct dd_pci_address address = {.bus = 0};
static struct dd_pci_access access;
static const struct dd_pci_doe_mailbox mailbox = {AT, &pci_mailbox_delay};

static uint32_t answer[8];
static struct dd_pci_doe_response response;

static void setup(void)
{
    access = pci_mailbox_open();
    response = (struct dd_pci_doe_response){.payload = answer, .capacity = 8, .dwords = 99};
}

static enum dd_status exchange(uint32_t dwords)
{
    static const uint32_t question[] = {0x11111111, 0x22222222, 0x33333333};
    const struct dd_pci_doe_request request = {0x8086, 0x42, question, dwords};

    return dd_pci_doe_exchange(&access, address, &mailbox, &request, &response);
}

START_TEST(an_object_goes_and_another_comes)
{
    pci_mailbox.busy_for = 3;
    ck_assert_int_eq(exchange(3), DD_OK);
    ck_assert_uint_eq(pci_mailbox.answer[0], 0x00428086);
    ck_assert_uint_eq(pci_mailbox.answer[1], 5);
    ck_assert_uint_eq(response.dwords, 3);
    ck_assert_uint_eq(answer[0], 0xEEEEEEEE);
    ck_assert_uint_eq(answer[2], 0xCCCCCCCC);
    ck_assert_uint_eq(pci_mailbox.answer_taken, 5);
    ck_assert_uint_eq(pci_mailbox.waited, 3000);
    ck_assert_uint_eq(pci_mailbox.aborts, 0);
    ck_assert_int_eq(exchange(0), DD_OK);
    ck_assert_uint_eq(response.dwords, 0);
}
END_TEST

START_TEST(kinds_are_discovered_one_after_the_other)
{
    struct dd_pci_doe_protocol protocol;

    ck_assert_int_eq(dd_pci_doe_discover(&access, address, &mailbox, 0, &protocol), DD_OK);
    ck_assert_uint_eq(protocol.vendor, 0x0001);
    ck_assert_uint_eq(protocol.type, 0x00);
    ck_assert_uint_eq(protocol.next, 1);
    ck_assert_int_eq(dd_pci_doe_discover(&access, address, &mailbox, 1, &protocol), DD_OK);
    ck_assert_uint_eq(protocol.vendor, 0x8086);
    ck_assert_uint_eq(protocol.type, 0x42);
    ck_assert_uint_eq(protocol.next, 0);
}
END_TEST

START_TEST(a_mailbox_that_never_answers_is_given_up_after_a_second)
{
    pci_mailbox.busy_for = UINT32_MAX;
    ck_assert_int_eq(exchange(1), DD_ETIMEOUT);
    ck_assert_uint_ge(pci_mailbox.waited, 1000000);
    ck_assert_uint_le(pci_mailbox.waited, 1100000);
    ck_assert_uint_eq(pci_mailbox.aborts, 1);
    ck_assert_uint_eq(response.dwords, 99);
}
END_TEST

START_TEST(a_busy_mailbox_is_not_written_to)
{
    pci_mailbox.is_busy = true;
    ck_assert_int_eq(exchange(1), DD_ETIMEOUT);
    ck_assert_uint_eq(pci_mailbox.waited, 1000000);
    ck_assert_uint_eq(pci_mailbox.sent_count, 0);
}
END_TEST

START_TEST(an_answer_left_over_is_thrown_away_first)
{
    pci_mailbox.answer_count = 4;
    ck_assert_int_eq(exchange(1), DD_OK);
    ck_assert_uint_eq(pci_mailbox.aborts, 1);
    ck_assert_uint_eq(answer[0], 0xEEEEEEEE);
}
END_TEST

START_TEST(an_error_ends_the_exchange)
{
    pci_mailbox.is_in_error = true;
    ck_assert_int_eq(exchange(1), DD_EMALFORMED);
    ck_assert_uint_eq(pci_mailbox.aborts, 1);
    ck_assert_int_eq(exchange(1), DD_OK);
}
END_TEST

START_TEST(an_answer_of_another_type_is_malformed)
{
    pci_mailbox.sends_other_type = true;
    ck_assert_int_eq(exchange(1), DD_EMALFORMED);
    ck_assert_uint_eq(pci_mailbox.aborts, 1);
    ck_assert_uint_eq(response.dwords, 99);
}
END_TEST

/* What the header says, for an object of 3 dwords and room for 8. */
static const struct {
    uint32_t length;
    enum dd_status status;
} lengths[] = {
    {1, DD_EMALFORMED},  /* shorter than the header */
    {4, DD_EMALFORMED},  /* more than there are */
    {10, DD_EMALFORMED}, /* as many as there is room for, but not there */
    {11, DD_EFULL},      /* more than there is room for */
    {0x40000, DD_EFULL}, /* written as 0: the longest */
    {0xFFFC0003, DD_OK}, /* reserved bits above the length */
    {2, DD_OK},          /* less than there are: the rest is not taken */
};

START_TEST(a_length_that_lies_is_bounded)
{
    pci_mailbox.answer_length = lengths[_i].length;
    ck_assert_int_eq(exchange(1), lengths[_i].status);
    ck_assert_uint_eq(pci_mailbox.aborts, lengths[_i].status == DD_OK ? 0 : 1);
}
END_TEST

START_TEST(an_object_longer_than_any_is_refused)
{
    ck_assert_int_eq(exchange(0x3FFFF), DD_EARG);
    ck_assert_uint_eq(pci_mailbox.sent_count, 0);
}
END_TEST

START_TEST(a_function_that_vanishes_during_an_exchange_is_gone)
{
    uint32_t accesses;

    ck_assert_int_eq(exchange(3), DD_OK);
    accesses = UINT32_MAX - pci_mailbox.accesses_left;
    /* Nobody sees whether the last, a write, arrives. */
    for (uint32_t i = 0; i + 1 < accesses; i++) {
        access = pci_mailbox_open();
        pci_mailbox.accesses_left = i;
        ck_assert_int_eq(exchange(3), DD_ENODEV);
    }
}
END_TEST

START_TEST(registers_are_decoded_without_touching_the_mailbox)
{
    struct dd_pci_doe doe;

    pci_mailbox.is_busy = true;
    ck_assert_int_eq(dd_pci_doe_read(&access, address, AT, &doe), DD_OK);
    ck_assert_uint_eq(doe.status, 1);
    ck_assert_uint_eq(UINT32_MAX - pci_mailbox.accesses_left, 3);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_doe");
    TCase *mail = tcase_create("mail");

    tcase_add_checked_fixture(mail, setup, NULL);
    tcase_add_test(mail, an_object_goes_and_another_comes);
    tcase_add_test(mail, kinds_are_discovered_one_after_the_other);
    tcase_add_test(mail, a_mailbox_that_never_answers_is_given_up_after_a_second);
    tcase_add_test(mail, a_busy_mailbox_is_not_written_to);
    tcase_add_test(mail, an_answer_left_over_is_thrown_away_first);
    tcase_add_test(mail, an_error_ends_the_exchange);
    tcase_add_test(mail, an_answer_of_another_type_is_malformed);
    tcase_add_loop_test(mail, a_length_that_lies_is_bounded, 0,
                        (int)(sizeof lengths / sizeof lengths[0]));
    tcase_add_test(mail, an_object_longer_than_any_is_refused);
    tcase_add_test(mail, a_function_that_vanishes_during_an_exchange_is_gone);
    tcase_add_test(mail, registers_are_decoded_without_touching_the_mailbox);
    suite_add_tcase(suite, mail);
    return suite;
}
