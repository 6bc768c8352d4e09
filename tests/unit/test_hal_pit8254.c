/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/pit8254.c: arithmetic, and what is written to which port, by [8254]. */
#include "drydock/pit8254.h"
#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define OUT DD_HOSTED_OUT8

/* ---- dd_pit8254_count_for: 1193182 / hertz to the nearest ---- */

static const struct {
    uint32_t hertz, count;
} counts[] = {{19, 62799}, {100, 11932}, {1000, 1193}, {1024, 1165}, {18243, 65},
              {397727, 3}, {477273, 2},  {477272, 3},  {596591, 2},  {795454, 2}};

START_TEST(count_for_is_the_nearest)
{
    uint32_t count = 0;

    ck_assert_int_eq(dd_pit8254_count_for(counts[_i].hertz, &count), DD_OK);
    ck_assert_uint_eq(count, counts[_i].count);
}
END_TEST

/* 18 Hz needs 66288 ticks, 795455 Hz one and a half: rounded down to one. */
static const uint32_t impossible[] = {0, 1, 18, 795455, 1193182, 1193183, 0xFFFFFFFF};

START_TEST(count_for_rejects_what_no_count_gives)
{
    uint32_t count = 77;

    ck_assert_int_eq(dd_pit8254_count_for(impossible[_i], &count), DD_EARG);
    ck_assert_uint_eq(count, 77);
}
END_TEST

/* ---- dd_pit8254_start: [8254] "Control Word Format" ---- */

static const struct {
    enum dd_pit8254_mode mode;
    uint8_t control0, control2, status;
} modes[] = {
    {DD_PIT8254_TERMINAL_COUNT, 0x30, 0xB0, 0x30},
    {DD_PIT8254_RATE_GENERATOR, 0x34, 0xB4, 0xF4},
    {DD_PIT8254_SQUARE_WAVE, 0x36, 0xB6, 0x76},
};

START_TEST(start_writes_the_control_word_and_two_bytes)
{
    const uint8_t status = modes[_i].status;

    device_script_answer(0x40, status);
    ck_assert_int_eq(dd_pit8254_start(DD_PIT8254_CHANNEL_0, modes[_i].mode, 0x1234), DD_OK);
    ck_assert_uint_eq(device_writes[0].value, modes[_i].control0);
    device_writes[0].value = 0;
    /* [8254] "Read-Back Command": channel 0, status only. */
    DEVICE_EXPECT({OUT, 0x43, 0}, {OUT, 0x40, 0x34}, {OUT, 0x40, 0x12}, {OUT, 0x43, 0xE2});
}
END_TEST

/* [PIIX3] 2.5.5.1: gate on, speaker off, NMI disables kept, status bits written 0. */
START_TEST(start_of_channel_2_opens_its_gate_and_silences_the_speaker)
{
    device_script_answer(0x61, 0xFE);
    device_script_answer(0x42, modes[_i].status);
    ck_assert_int_eq(dd_pit8254_start(DD_PIT8254_CHANNEL_2, modes[_i].mode, 65536), DD_OK);
    ck_assert_uint_eq(device_writes[1].value, modes[_i].control2);
    device_writes[1].value = 0;
    DEVICE_EXPECT({OUT, 0x61, 0x0D}, {OUT, 0x43, 0}, {OUT, 0x42, 0x00}, {OUT, 0x42, 0x00},
                  {OUT, 0x43, 0xE8});
}
END_TEST

static const struct {
    unsigned int channel, mode;
    uint32_t count;
} bad_starts[] = {{1, 0, 100}, {3, 0, 100},   {0, 1, 100}, {0, 4, 100}, {0, 0, 0},
                  {2, 2, 1},   {0, 3, 65537}, {0, 3, 1},   {0, 6, 100}, {0, 0, 65537}};

START_TEST(start_rejects_values_before_any_access)
{
    enum dd_pit8254_channel channel = (enum dd_pit8254_channel)bad_starts[_i].channel;
    enum dd_pit8254_mode mode = (enum dd_pit8254_mode)bad_starts[_i].mode;

    ck_assert_int_eq(dd_pit8254_start(channel, mode, bad_starts[_i].count), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

static const uint8_t foreign_statuses[] = {0xFF, 0x00, 0x34, 0x31, 0x10};

START_TEST(start_finds_nobody_where_the_status_is_another)
{
    device_script_answer(0x40, foreign_statuses[_i]);
    ck_assert_int_eq(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 5),
                     DD_ENODEV);
}
END_TEST

/* ---- dd_pit8254_read: status first, then low and high byte ---- */

START_TEST(read_latches_status_and_count_together)
{
    struct dd_pit8254_state state = {0};

    device_script_answer(0x42, 0xB6);
    device_script_answer(0x42, 0xCD);
    device_script_answer(0x42, 0xAB);
    ck_assert_int_eq(dd_pit8254_read(DD_PIT8254_CHANNEL_2, &state), DD_OK);
    ck_assert_uint_eq(state.count, 0xABCD);
    ck_assert_uint_eq(state.output, 1);
    ck_assert_uint_eq(state.mode, 3);
    DEVICE_EXPECT({OUT, 0x43, 0xC8});
}
END_TEST

/* One byte only, or BCD, or all ones; what is latched is read all the same. */
static const struct {
    uint8_t status;
    unsigned int reads;
} foreign_formats[] = {{0x14, 2}, {0x24, 2}, {0x35, 3}, {0xFF, 3}};

START_TEST(read_leaves_the_state_alone_if_the_format_is_foreign)
{
    struct dd_pit8254_state state = {.count = 7};

    device_script_answer(0x40, foreign_formats[_i].status);
    ck_assert_int_eq(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &state), DD_EMALFORMED);
    ck_assert_uint_eq(state.count, 7);
    ck_assert_uint_eq(device_read_count, foreign_formats[_i].reads);
}
END_TEST

START_TEST(read_rejects_channel_1)
{
    struct dd_pit8254_state state = {.count = 7};

    ck_assert_int_eq(dd_pit8254_read((enum dd_pit8254_channel)1, &state), DD_EARG);
    ck_assert_uint_eq(state.count, 7);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

/* ---- waiting ---- */

START_TEST(wait_looks_at_out_2_until_it_is_high)
{
    device_script_answer(0x61, 0xDF); /* before the gate is opened */
    device_script_answer(0x61, 0xDF); /* everything but bit 5 */
    device_script_answer(0x61, 0xDF);
    device_script_answer(0x61, 0x20);
    device_script_answer(0x42, 0x30);
    ck_assert_int_eq(dd_pit8254_wait(300), DD_OK);
    ck_assert_uint_eq(device_read_count, 5);
    DEVICE_EXPECT({OUT, 0x61, 0x0D}, {OUT, 0x43, 0xB0}, {OUT, 0x42, 0x2C}, {OUT, 0x42, 0x01},
                  {OUT, 0x43, 0xE8});
}
END_TEST

START_TEST(wait_gives_up_on_a_timer_that_has_died)
{
    device_script_answer(0x61, 0x00);
    device_script_answer(0x42, 0x30);
    ck_assert_int_eq(dd_pit8254_wait(4), DD_ETIMEOUT);
    ck_assert_uint_eq(device_read_count, 2 + 5000);
}
END_TEST

START_TEST(wait_for_nothing_accesses_nothing)
{
    ck_assert_int_eq(dd_pit8254_wait(0), DD_OK);
    ck_assert_int_eq(dd_pit8254_wait_microseconds(0), DD_OK);
    ck_assert_int_eq(dd_pit8254_wait(65537), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(wait_says_that_there_is_no_timer)
{
    device_script_answer(0x61, 0xFF);
    device_script_answer(0x42, 0xFF);
    ck_assert_int_eq(dd_pit8254_wait_microseconds(1), DD_ENODEV);
}
END_TEST

/* 1 us is 1.193182 ticks: two. 100,000 us are 119318.2: a whole count and 53783. */
START_TEST(microseconds_are_rounded_up_and_cut_into_counts)
{
    device_script_answer(0x61, 0x20);
    device_script_answer(0x42, 0xB0);
    ck_assert_int_eq(dd_pit8254_wait_microseconds(1), DD_OK);
    ck_assert_int_eq(dd_pit8254_wait_microseconds(100000), DD_OK);
    DEVICE_EXPECT({OUT, 0x61, 0x01}, {OUT, 0x43, 0xB0}, {OUT, 0x42, 0x02}, {OUT, 0x42, 0x00},
                  {OUT, 0x43, 0xE8}, {OUT, 0x61, 0x01}, {OUT, 0x43, 0xB0}, {OUT, 0x42, 0x00},
                  {OUT, 0x42, 0x00}, {OUT, 0x43, 0xE8}, {OUT, 0x61, 0x01}, {OUT, 0x43, 0xB0},
                  {OUT, 0x42, 0x17}, {OUT, 0x42, 0xD2}, {OUT, 0x43, 0xE8});
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_pit8254");
    TCase *tests = tcase_create("8254");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_loop_test(tests, count_for_is_the_nearest, 0, COUNT(counts));
    tcase_add_loop_test(tests, count_for_rejects_what_no_count_gives, 0, COUNT(impossible));
    tcase_add_loop_test(tests, start_writes_the_control_word_and_two_bytes, 0, COUNT(modes));
    tcase_add_loop_test(tests, start_of_channel_2_opens_its_gate_and_silences_the_speaker, 0,
                        COUNT(modes));
    tcase_add_loop_test(tests, start_rejects_values_before_any_access, 0, COUNT(bad_starts));
    tcase_add_loop_test(tests, start_finds_nobody_where_the_status_is_another, 0,
                        COUNT(foreign_statuses));
    tcase_add_test(tests, read_latches_status_and_count_together);
    tcase_add_loop_test(tests, read_leaves_the_state_alone_if_the_format_is_foreign, 0,
                        COUNT(foreign_formats));
    tcase_add_test(tests, read_rejects_channel_1);
    tcase_add_test(tests, wait_looks_at_out_2_until_it_is_high);
    tcase_add_test(tests, wait_gives_up_on_a_timer_that_has_died);
    tcase_add_test(tests, wait_for_nothing_accesses_nothing);
    tcase_add_test(tests, wait_says_that_there_is_no_timer);
    tcase_add_test(tests, microseconds_are_rounded_up_and_cut_into_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
