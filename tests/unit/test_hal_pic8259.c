/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/pic8259.c: what is written to which port, by [8259A]. */
#include "drydock/pic8259.h"
#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define OUT DD_HOSTED_OUT8

/* ---- dd_pic8259_init ---- */

/* [8259A] "Initialization Command Words": ICW1 0x11, vector, ICW3 04 and 02, ICW4 8086 mode. */
START_TEST(init_writes_four_words_to_each_chip_and_masks_all)
{
    device_script_answer(0x21, 0xFB);
    ck_assert_int_eq(dd_pic8259_init(0x20, 0x28), DD_OK);
    DEVICE_EXPECT({OUT, 0x20, 0x11}, {OUT, 0x21, 0x20}, {OUT, 0x21, 0x04}, {OUT, 0x21, 0x01},
                  {OUT, 0xA0, 0x11}, {OUT, 0xA1, 0x28}, {OUT, 0xA1, 0x02}, {OUT, 0xA1, 0x01},
                  {OUT, 0xA1, 0xFF}, {OUT, 0x21, 0xFB}, {OUT, 0x21, 0xFF});
}
END_TEST

START_TEST(init_finds_nobody_where_the_mask_is_not_kept)
{
    device_script_answer(0x21, 0xFF);
    ck_assert_int_eq(dd_pic8259_init(0xF0, 0xF8), DD_ENODEV);
}
END_TEST

static const uint8_t bad_vectors[][2] = {{0x08, 0x70}, {0x20, 0x18}, {0x21, 0x28},
                                         {0x20, 0x2C}, {0x28, 0x28}, {0x00, 0x28}};

START_TEST(init_rejects_vectors_before_any_access)
{
    ck_assert_int_eq(dd_pic8259_init(bad_vectors[_i][0], bad_vectors[_i][1]), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

/* ---- masks ---- */

START_TEST(mask_sets_one_bit)
{
    device_script_answer(0x21, 0xE0);
    device_script_answer(0xA1, 0x7E);
    ck_assert_int_eq(dd_pic8259_mask(3), DD_OK);
    ck_assert_int_eq(dd_pic8259_mask(15), DD_OK);
    DEVICE_EXPECT({OUT, 0x21, 0xE8}, {OUT, 0xA1, 0xFE});
}
END_TEST

START_TEST(unmask_clears_one_bit_and_opens_the_connection_for_the_second_chip)
{
    device_script_answer(0x21, 0xFF);
    device_script_answer(0xA1, 0xFF);
    ck_assert_int_eq(dd_pic8259_unmask(7), DD_OK);
    ck_assert_int_eq(dd_pic8259_unmask(8), DD_OK);
    DEVICE_EXPECT({OUT, 0x21, 0x7F}, {OUT, 0xA1, 0xFE}, {OUT, 0x21, 0xFB});
}
END_TEST

START_TEST(disable_masks_both_chips)
{
    dd_pic8259_disable();
    DEVICE_EXPECT({OUT, 0x21, 0xFF}, {OUT, 0xA1, 0xFF});
}
END_TEST

static const uint8_t no_devices[] = {2, 16, 255};

START_TEST(no_function_takes_the_connection_or_a_line_that_does_not_exist)
{
    ck_assert_int_eq(dd_pic8259_mask(no_devices[_i]), DD_EARG);
    ck_assert_int_eq(dd_pic8259_unmask(no_devices[_i]), DD_EARG);
    ck_assert_int_eq(dd_pic8259_eoi(no_devices[_i], DD_PIC8259_EOI_SPECIFIC), DD_EARG);
    ck_assert(!dd_pic8259_dismiss_spurious(no_devices[_i]));
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

/* ---- end of interrupt: [8259A] "Operation Command Word 2", 001 and 011 in bits 7:5 ---- */

START_TEST(end_is_specific_at_both_chips_for_the_second_one)
{
    ck_assert_int_eq(dd_pic8259_eoi(0, DD_PIC8259_EOI_SPECIFIC), DD_OK);
    ck_assert_int_eq(dd_pic8259_eoi(7, DD_PIC8259_EOI_SPECIFIC), DD_OK);
    ck_assert_int_eq(dd_pic8259_eoi(8, DD_PIC8259_EOI_SPECIFIC), DD_OK);
    DEVICE_EXPECT({OUT, 0x20, 0x60}, {OUT, 0x20, 0x67}, {OUT, 0xA0, 0x60}, {OUT, 0x20, 0x62});
}
END_TEST

START_TEST(end_without_a_line_is_0x20)
{
    ck_assert_int_eq(dd_pic8259_eoi(5, DD_PIC8259_EOI_NONSPECIFIC), DD_OK);
    ck_assert_int_eq(dd_pic8259_eoi(9, DD_PIC8259_EOI_NONSPECIFIC), DD_OK);
    DEVICE_EXPECT({OUT, 0x20, 0x20}, {OUT, 0xA0, 0x20}, {OUT, 0x20, 0x20});
}
END_TEST

/* ---- registers: [8259A] "Operation Command Word 3", 0x0A IRR, 0x0B ISR, 0x0C poll ---- */

START_TEST(registers_of_both_chips_are_one_number)
{
    device_script_answer(0x20, 0x01);
    device_script_answer(0xA0, 0x80);
    device_script_answer(0x20, 0x04);
    device_script_answer(0xA0, 0x02);
    device_script_answer(0x21, 0xB8);
    device_script_answer(0xA1, 0x8E);
    ck_assert_uint_eq(dd_pic8259_read_irr(), 0x8001);
    ck_assert_uint_eq(dd_pic8259_read_isr(), 0x0204);
    ck_assert_uint_eq(dd_pic8259_read_imr(), 0x8EB8);
    DEVICE_EXPECT({OUT, 0x20, 0x0A}, {OUT, 0xA0, 0x0A}, {OUT, 0x20, 0x0B}, {OUT, 0xA0, 0x0B});
}
END_TEST

START_TEST(irq_7_without_service_is_spurious_and_gets_no_eoi)
{
    device_script_answer(0x20, 0x7F);
    ck_assert(dd_pic8259_dismiss_spurious(7));
    DEVICE_EXPECT({OUT, 0x20, 0x0B});
}
END_TEST

START_TEST(irq_15_without_service_is_spurious_and_ends_the_connection)
{
    device_script_answer(0xA0, 0x7F);
    ck_assert(dd_pic8259_dismiss_spurious(15));
    DEVICE_EXPECT({OUT, 0xA0, 0x0B}, {OUT, 0x20, 0x62});
}
END_TEST

START_TEST(a_line_in_service_is_not_spurious)
{
    device_script_answer(0x20, 0x80);
    device_script_answer(0xA0, 0x80);
    ck_assert(!dd_pic8259_dismiss_spurious(7));
    ck_assert(!dd_pic8259_dismiss_spurious(15));
    ck_assert(!dd_pic8259_dismiss_spurious(6));
    DEVICE_EXPECT({OUT, 0x20, 0x0B}, {OUT, 0xA0, 0x0B});
}
END_TEST

START_TEST(poll_takes_a_line_of_the_first_chip)
{
    uint8_t irq = 0x77;

    device_script_answer(0x20, 0x86);
    ck_assert_int_eq(dd_pic8259_poll(&irq), DD_OK);
    ck_assert_uint_eq(irq, 6);
    DEVICE_EXPECT({OUT, 0x20, 0x0C});
}
END_TEST

START_TEST(poll_asks_the_second_chip_for_the_connection)
{
    uint8_t irq = 0x77;

    device_script_answer(0x20, 0x82);
    device_script_answer(0xA0, 0x85);
    ck_assert_int_eq(dd_pic8259_poll(&irq), DD_OK);
    ck_assert_uint_eq(irq, 13);
    DEVICE_EXPECT({OUT, 0x20, 0x0C}, {OUT, 0xA0, 0x0C});
}
END_TEST

START_TEST(poll_without_a_request_gives_nothing)
{
    uint8_t irq = 0x77;

    device_script_answer(0x20, 0x07);
    ck_assert_int_eq(dd_pic8259_poll(&irq), DD_ENOENT);
    ck_assert_uint_eq(irq, 0x77);
}
END_TEST

START_TEST(poll_ends_a_connection_behind_which_nobody_is)
{
    uint8_t irq = 0x77;

    device_script_answer(0x20, 0x82);
    device_script_answer(0xA0, 0x00);
    ck_assert_int_eq(dd_pic8259_poll(&irq), DD_ENOENT);
    ck_assert_uint_eq(irq, 0x77);
    DEVICE_EXPECT({OUT, 0x20, 0x0C}, {OUT, 0xA0, 0x0C}, {OUT, 0x20, 0x62});
}
END_TEST

/* ---- edge and level ---- */

/* [PIIX3] 2.5.3.8: ports 4D0H and 4D1H. */
START_TEST(a_line_becomes_a_level_and_an_edge_again)
{
    device_script_answer(0x4D0, 0x20);
    device_script_answer(0x4D0, 0xA0);
    device_script_answer(0x4D1, 0x0E);
    device_script_answer(0x4D1, 0x0A);
    ck_assert_int_eq(dd_pic8259_set_trigger(7, DD_PIC8259_LEVEL), DD_OK);
    ck_assert_int_eq(dd_pic8259_set_trigger(10, DD_PIC8259_EDGE), DD_OK);
    DEVICE_EXPECT({OUT, 0x4D0, 0xA0}, {OUT, 0x4D1, 0x0A});
}
END_TEST

static const uint8_t fixed_edges[] = {0, 1, 2, 8, 13, 16, 255};

START_TEST(lines_that_are_edges_for_good_are_refused)
{
    ck_assert_int_eq(dd_pic8259_set_trigger(fixed_edges[_i], DD_PIC8259_EDGE), DD_EARG);
    ck_assert_int_eq(dd_pic8259_set_trigger(5, (enum dd_pic8259_trigger)2), DD_EARG);
    ck_assert_uint_eq(device_read_count, 0);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(a_register_that_keeps_nothing_is_said_to_be_missing)
{
    device_script_answer(0x4D1, 0xFF);
    ck_assert_int_eq(dd_pic8259_set_trigger(15, DD_PIC8259_EDGE), DD_ENOTSUP);
    device_script_answer(0x4D0, 0x08);
    ck_assert_uint_eq(dd_pic8259_read_triggers(), 0xFF08);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_pic8259");
    TCase *tests = tcase_create("8259");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_test(tests, init_writes_four_words_to_each_chip_and_masks_all);
    tcase_add_test(tests, init_finds_nobody_where_the_mask_is_not_kept);
    tcase_add_loop_test(tests, init_rejects_vectors_before_any_access, 0, COUNT(bad_vectors));
    tcase_add_test(tests, mask_sets_one_bit);
    tcase_add_test(tests, unmask_clears_one_bit_and_opens_the_connection_for_the_second_chip);
    tcase_add_test(tests, disable_masks_both_chips);
    tcase_add_loop_test(tests, no_function_takes_the_connection_or_a_line_that_does_not_exist, 0,
                        COUNT(no_devices));
    tcase_add_test(tests, end_is_specific_at_both_chips_for_the_second_one);
    tcase_add_test(tests, end_without_a_line_is_0x20);
    tcase_add_test(tests, registers_of_both_chips_are_one_number);
    tcase_add_test(tests, irq_7_without_service_is_spurious_and_gets_no_eoi);
    tcase_add_test(tests, irq_15_without_service_is_spurious_and_ends_the_connection);
    tcase_add_test(tests, a_line_in_service_is_not_spurious);
    tcase_add_test(tests, poll_takes_a_line_of_the_first_chip);
    tcase_add_test(tests, poll_asks_the_second_chip_for_the_connection);
    tcase_add_test(tests, poll_without_a_request_gives_nothing);
    tcase_add_test(tests, poll_ends_a_connection_behind_which_nobody_is);
    tcase_add_test(tests, a_line_becomes_a_level_and_an_edge_again);
    tcase_add_loop_test(tests, lines_that_are_edges_for_good_are_refused, 0, COUNT(fixed_edges));
    tcase_add_test(tests, a_register_that_keeps_nothing_is_said_to_be_missing);
    suite_add_tcase(suite, tests);
    return suite;
}
