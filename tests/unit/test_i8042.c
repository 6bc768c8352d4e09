/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/devices/i8042*.c and keyboard_layout.c. Expected values:
 * [PC/AT] and [PS/2] "Keyboard Controller"; scan codes from the keyboard's tables.
 */
#include <stdio.h>

#include "sim/devices/i8042.h"
#include "tests/unit/device_case.h"

#define MILLISECOND UINT64_C(1000000)

static struct sim_clock clock;
static struct sim_i8042 i8042;
static struct line_record irq1, irq12, reset, a20;
static struct sim_region data, command;
static struct sim_device device;

static void power_on(void)
{
    clock = (struct sim_clock){0};
    irq1 = irq12 = reset = a20 = (struct line_record){false, 0};
    sim_i8042_init(&i8042, &clock);
    i8042.interrupt = line_to(&irq1);
    i8042.auxiliary_interrupt = line_to(&irq12);
    i8042.reset = line_to(&reset);
    i8042.a20 = line_to(&a20);
    data = sim_i8042_data_port(&i8042);
    command = sim_i8042_command_port(&i8042);
    device = sim_i8042_device(&i8042);
}

static void power_off(void)
{
    sim_i8042_free(&i8042);
}

static uint8_t in(uint16_t port)
{
    return region_in(port == 0x60 ? &data : &command, port);
}

static void out(uint16_t port, uint8_t value)
{
    region_out(port == 0x60 ? &data : &command, port, value);
}

/* Bytes that wait, as a string of hexadecimal digits. */
static const char *drain(void)
{
    static char text[256];
    size_t size = 0;

    text[0] = '\0';
    while ((in(0x64) & 0x01) != 0 && size < sizeof text - 4) {
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%02x", size == 0 ? "" : " ",
                                 (unsigned int)in(0x60));
    }
    return text;
}

/* Have characters typed, and read all that comes. */
static const char *type(const char *characters)
{
    static char text[512];
    size_t size = 0;

    ck_assert_int_eq(sim_i8042_type(&i8042, characters, strlen(characters)), 0);
    text[0] = '\0';
    while (device.deadline(&i8042) != UINT64_MAX && size < sizeof text - 64) {
        clock.now = device.deadline(&i8042);
        device.advance(&i8042);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", size == 0 ? "" : ", ",
                                 drain());
    }
    return text;
}

START_TEST(after_reset_it_is_as_a_bios_leaves_it)
{
    check_region(&data, 0x60, 1, 1);
    check_region(&command, 0x64, 1, 1);
    ck_assert_uint_eq(in(0x64), 0x14); /* not locked, system flag, nothing to read */
    out(0x64, 0x20);
    ck_assert_uint_eq(in(0x64), 0x1D); /* a byte, and the last write was a command */
    ck_assert_uint_eq(in(0x60), 0x65); /* translate, no second port, system flag, IRQ 1 */
    ck_assert_uint_eq(in(0x64), 0x1C);
    ck_assert_uint_eq(in(0x60), 0x65); /* the buffer keeps its byte */
}
END_TEST

START_TEST(self_tests_pass)
{
    out(0x64, 0x60);
    out(0x60, 0x61);
    ck_assert_uint_eq(in(0x64), 0x10);
    out(0x64, 0xAA);
    ck_assert_str_eq(drain(), "55");
    ck_assert_uint_eq(in(0x64) & 0x04, 0x04);
    out(0x64, 0xAB);
    ck_assert_str_eq(drain(), "00");
    out(0x64, 0xA9);
    ck_assert_str_eq(drain(), "00");
    out(0x64, 0xA4);
    ck_assert_str_eq(drain(), "f1");
    out(0x64, 0xC0);
    ck_assert_str_eq(drain(), "80");
}
END_TEST

START_TEST(the_controller_has_32_bytes_of_memory)
{
    out(0x64, 0x60);
    out(0x60, 0x47);
    out(0x64, 0x7F);
    out(0x60, 0xA5);
    out(0x64, 0x20);
    ck_assert_str_eq(drain(), "47");
    out(0x64, 0x3F);
    ck_assert_str_eq(drain(), "a5");
    out(0x64, 0x3E);
    ck_assert_str_eq(drain(), "00");
}
END_TEST

START_TEST(enabling_and_disabling_is_in_the_configuration)
{
    out(0x64, 0xAD);
    out(0x64, 0xA8);
    out(0x64, 0x20);
    ck_assert_str_eq(drain(), "55");
    out(0x64, 0xAE);
    out(0x64, 0xA7);
    out(0x64, 0x20);
    ck_assert_str_eq(drain(), "65");
}
END_TEST

START_TEST(a_disabled_keyboard_waits_and_a_byte_for_it_enables_it)
{
    out(0x60, 0xEE);
    out(0x60, 0xEE);
    ck_assert_uint_eq(in(0x60), 0xEE);
    out(0x64, 0xAD);
    ck_assert_uint_eq(in(0x60), 0xEE); /* was in the buffer already */
    ck_assert_uint_eq(in(0x64) & 0x01, 0x00);
    ck_assert_int_eq(sim_i8042_type(&i8042, "a", 1), 0);
    ck_assert(device.deadline(&i8042) == UINT64_MAX);
    out(0x64, 0x20);
    ck_assert_str_eq(drain(), "75");
    out(0x60, 0xF2);
    out(0x64, 0x20);
    ck_assert_str_eq(drain(), "fa 65 ab 41"); /* the controller's answer goes first */
}
END_TEST

START_TEST(irq_1_is_high_while_a_byte_waits_and_falls_between_two)
{
    out(0x60, 0xFF);
    ck_assert(irq1.level);
    ck_assert_uint_eq(in(0x60), 0xFA);
    ck_assert(irq1.level);
    ck_assert_uint_eq(irq1.rises, 2);
    ck_assert_uint_eq(in(0x60), 0xAA);
    ck_assert(!irq1.level);
    out(0x64, 0x60);
    out(0x60, 0x64);
    out(0x60, 0xEE);
    ck_assert(!irq1.level);
    out(0x64, 0x60);
    out(0x60, 0x65); /* enabling with a byte that waits */
    ck_assert(irq1.level);
}
END_TEST

START_TEST(the_keyboard_identifies_itself)
{
    out(0x60, 0xF2);
    ck_assert_str_eq(drain(), "fa ab 41"); /* translated */
    out(0x64, 0x60);
    out(0x60, 0x25);
    out(0x60, 0xF2);
    ck_assert_str_eq(drain(), "fa ab 83");
}
END_TEST

START_TEST(leds_rate_echo_and_unknown_commands_are_answered)
{
    out(0x60, 0xED);
    ck_assert_str_eq(drain(), "fa");
    out(0x60, 0x07);
    ck_assert_str_eq(drain(), "fa");
    out(0x60, 0xF3);
    out(0x60, 0x20);
    ck_assert_str_eq(drain(), "fa fa");
    out(0x60, 0xEE);
    ck_assert_str_eq(drain(), "ee");
    out(0x60, 0x07);
    ck_assert_str_eq(drain(), "fe");
    out(0x60, 0xED);
    out(0x60, 0xEE); /* a command in place of the argument */
    ck_assert_str_eq(drain(), "fa ee");
    out(0x60, 0xFE);
    ck_assert_str_eq(drain(), "ee");
}
END_TEST

START_TEST(scan_code_sets_1_and_2_can_be_chosen)
{
    out(0x64, 0x60);
    out(0x60, 0x25); /* no translation */
    out(0x60, 0xF0);
    out(0x60, 0x00);
    ck_assert_str_eq(drain(), "fa fa 02");
    ck_assert_str_eq(type("a"), "1c f0 1c");
    out(0x60, 0xF0);
    out(0x60, 0x01);
    ck_assert_str_eq(drain(), "fa fa");
    ck_assert_str_eq(type("a"), "1e 9e");
    ck_assert_str_eq(type("A"), "2a 1e 9e aa");
    out(0x60, 0xF0);
    out(0x60, 0x03);
    ck_assert_str_eq(drain(), "fa fe");
    out(0x60, 0xF6);
    ck_assert_str_eq(drain(), "fa");
    ck_assert_str_eq(type("a"), "1c f0 1c");
}
END_TEST

START_TEST(characters_become_keys_pressed_and_released)
{
    ck_assert_str_eq(type("a"), "1e 9e");
    ck_assert_str_eq(type("A"), "2a 1e 9e aa");
    ck_assert_str_eq(type("\n"), "1c 9c");
    ck_assert_str_eq(type("\r"), "1c 9c");
    ck_assert_str_eq(type("\b\x7F"), "0e 8e, 0e 8e");
    ck_assert_str_eq(type("\t"), "0f 8f");
    ck_assert_str_eq(type("\x1B"), "01 81");
    ck_assert_str_eq(type("\x03"), "1d 2e ae 9d"); /* control and C */
    ck_assert_str_eq(type("1!"), "02 82, 2a 02 82 aa");
    ck_assert_str_eq(type(" ?"), "39 b9, 2a 35 b5 aa");
    ck_assert_str_eq(type("\xC3\xA4z"), "2c ac"); /* no key for these bytes */
}
END_TEST

/* Set 1 make codes of the main block, row by row. */
START_TEST(every_character_of_a_us_keyboard_can_be_typed)
{
    static const char plain[] = "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./ ";
    static const char shifted[] = "~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"|ZXCVBNM<>?";
    static const uint8_t set1[] = {0x29, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A,
                                   0x0B, 0x0C, 0x0D, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
                                   0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1E, 0x1F, 0x20, 0x21, 0x22,
                                   0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2B, 0x2C, 0x2D, 0x2E,
                                   0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x39};
    char expected[64];

    ck_assert_uint_eq(sizeof set1, strlen(plain));
    for (size_t i = 0; plain[i] != '\0'; i++) {
        (void)snprintf(expected, sizeof expected, "%02x %02x", set1[i], set1[i] | 0x80u);
        ck_assert_str_eq(type((const char[]){plain[i], '\0'}), expected);
    }
    for (size_t i = 0; shifted[i] != '\0'; i++) {
        (void)snprintf(expected, sizeof expected, "2a %02x %02x aa", set1[i], set1[i] | 0x80u);
        ck_assert_str_eq(type((const char[]){shifted[i], '\0'}), expected);
    }
}
END_TEST

START_TEST(a_key_waits_a_millisecond_and_for_the_last_to_be_read)
{
    clock.now = 5 * MILLISECOND;
    ck_assert_int_eq(sim_i8042_type(&i8042, "ab", 2), 0);
    ck_assert(device.deadline(&i8042) == 6 * MILLISECOND);
    clock.now = 6 * MILLISECOND - 1;
    device.advance(&i8042);
    ck_assert_uint_eq(in(0x64) & 0x01, 0x00);
    clock.now = 9 * MILLISECOND;
    device.advance(&i8042);
    ck_assert(irq1.level);
    ck_assert(device.deadline(&i8042) == UINT64_MAX);
    clock.now = 20 * MILLISECOND;
    device.advance(&i8042);
    ck_assert_str_eq(drain(), "1e 9e");
    ck_assert(device.deadline(&i8042) == 10 * MILLISECOND);
    device.advance(&i8042);
    ck_assert_str_eq(drain(), "30 b0");
    ck_assert(device.deadline(&i8042) == UINT64_MAX);
}
END_TEST

START_TEST(scanning_can_be_switched_off)
{
    out(0x60, 0xF5);
    ck_assert_str_eq(drain(), "fa");
    ck_assert_str_eq(type("a"), "");
    out(0x60, 0xF4);
    ck_assert_str_eq(drain(), "fa");
    ck_assert_str_eq(type("b"), "1e 9e, 30 b0");
    out(0x60, 0xF5);
    out(0x60, 0xFF);
    ck_assert_str_eq(drain(), "fa fa aa");
    ck_assert_str_eq(type("a"), "1e 9e");
}
END_TEST

START_TEST(commands_that_change_scanning_forget_what_was_typed)
{
    ck_assert_int_eq(sim_i8042_type(&i8042, "A", 1), 0);
    clock.now = MILLISECOND;
    device.advance(&i8042);
    out(0x60, 0xF4);
    ck_assert_str_eq(drain(), "2a fa");
}
END_TEST

START_TEST(the_keyboard_queues_16_bytes)
{
    out(0x64, 0x60);
    out(0x60, 0x25);
    for (unsigned int i = 0; i < 40; i++) {
        out(0x60, 0xEE);
    }
    for (unsigned int i = 0; i < 17; i++) { /* one is in the output buffer */
        ck_assert_uint_eq(in(0x64) & 0x01, 0x01);
        ck_assert_uint_eq(in(0x60), 0xEE);
    }
    ck_assert_uint_eq(in(0x64) & 0x01, 0x00);
}
END_TEST

START_TEST(there_is_no_mouse)
{
    out(0x64, 0x60);
    out(0x60, 0x47);
    out(0x64, 0xD4);
    out(0x60, 0xF2);
    ck_assert_uint_eq(in(0x64), 0x75); /* time-out, second port, a byte */
    ck_assert(irq12.level && !irq1.level);
    ck_assert_uint_eq(in(0x60), 0xFE);
    ck_assert(!irq12.level);
    ck_assert_uint_eq(in(0x64), 0x14);
}
END_TEST

START_TEST(output_buffers_can_be_written)
{
    out(0x64, 0xD2);
    out(0x60, 0x5A);
    ck_assert_uint_eq(in(0x64), 0x15);
    ck_assert(irq1.level);
    ck_assert_str_eq(drain(), "5a");
    out(0x64, 0xD3);
    out(0x60, 0xA5);
    ck_assert_uint_eq(in(0x64), 0x35);
    ck_assert(!irq1.level && !irq12.level);
    out(0x64, 0xD0);
    ck_assert_uint_eq(in(0x60), 0xA5);
    ck_assert_uint_eq(in(0x60), 0xEF); /* taken while the second port's byte waited */
}
END_TEST

START_TEST(a20_follows_the_output_port_and_two_commands)
{
    out(0x64, 0xD0);
    ck_assert_str_eq(drain(), "cf");
    out(0x64, 0xD1);
    out(0x60, 0xDF);
    ck_assert(a20.level);
    out(0x64, 0xD1);
    out(0x60, 0xDD);
    ck_assert(!a20.level);
    out(0x64, 0xD0);
    ck_assert_str_eq(drain(), "cd");
    out(0x64, 0xDF);
    ck_assert(a20.level);
    out(0x64, 0xDD);
    ck_assert(!a20.level);
    ck_assert_uint_eq(reset.rises, 0);
    sim_i8042_reset(&i8042);
    ck_assert(a20.level);
}
END_TEST

START_TEST(reset_is_pulsed_by_0xfe_and_by_the_output_port)
{
    out(0x64, 0xFE);
    ck_assert_uint_eq(reset.rises, 1);
    ck_assert(!reset.level);
    out(0x64, 0xFF);
    out(0x64, 0xFD);
    ck_assert_uint_eq(reset.rises, 1);
    out(0x64, 0x80); /* not a command */
    ck_assert_uint_eq(reset.rises, 1);
    out(0x64, 0xF0);
    ck_assert_uint_eq(reset.rises, 2);
    out(0x64, 0xD1);
    out(0x60, 0xDE);
    ck_assert_uint_eq(reset.rises, 3);
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    struct sim_i8042_state before;

    ck_assert_int_eq(sim_i8042_type(&i8042, "ab", 2), 0);
    clock.now = MILLISECOND;
    device.advance(&i8042);
    memcpy(&before, device.state, device.state_size);
    ck_assert_uint_eq(sizeof before, device.state_size);
    ck_assert_str_eq(drain(), "1e 9e");
    ck_assert_str_eq(type("c"), "30 b0, 2e ae");
    memcpy(device.state, &before, device.state_size);
    ck_assert_str_eq(drain(), "1e 9e");
    ck_assert_str_eq(type(""), "30 b0, 2e ae");
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    static char characters[256];

    for (unsigned int i = 0; i < sizeof characters; i++) {
        characters[i] = (char)i;
    }
    ck_assert_int_eq(sim_i8042_type(&i8042, characters, sizeof characters), 0);
    torment(&command, &device, &clock);
    torment(&data, &device, &clock);
    out(0x64, 0xAE);
    torment(&data, &device, &clock);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("i8042");
    TCase *controller = tcase_create("controller");
    TCase *keyboard = tcase_create("keyboard");

    tcase_add_checked_fixture(controller, power_on, power_off);
    tcase_add_test(controller, after_reset_it_is_as_a_bios_leaves_it);
    tcase_add_test(controller, self_tests_pass);
    tcase_add_test(controller, the_controller_has_32_bytes_of_memory);
    tcase_add_test(controller, enabling_and_disabling_is_in_the_configuration);
    tcase_add_test(controller, a_disabled_keyboard_waits_and_a_byte_for_it_enables_it);
    tcase_add_test(controller, irq_1_is_high_while_a_byte_waits_and_falls_between_two);
    tcase_add_test(controller, there_is_no_mouse);
    tcase_add_test(controller, output_buffers_can_be_written);
    tcase_add_test(controller, a20_follows_the_output_port_and_two_commands);
    tcase_add_test(controller, reset_is_pulsed_by_0xfe_and_by_the_output_port);
    tcase_add_test(controller, the_state_is_all_there_is);
    tcase_add_test(controller, random_accesses_do_no_harm);
    suite_add_tcase(suite, controller);
    tcase_add_checked_fixture(keyboard, power_on, power_off);
    tcase_add_test(keyboard, the_keyboard_identifies_itself);
    tcase_add_test(keyboard, leds_rate_echo_and_unknown_commands_are_answered);
    tcase_add_test(keyboard, scan_code_sets_1_and_2_can_be_chosen);
    tcase_add_test(keyboard, characters_become_keys_pressed_and_released);
    tcase_add_test(keyboard, every_character_of_a_us_keyboard_can_be_typed);
    tcase_add_test(keyboard, a_key_waits_a_millisecond_and_for_the_last_to_be_read);
    tcase_add_test(keyboard, scanning_can_be_switched_off);
    tcase_add_test(keyboard, commands_that_change_scanning_forget_what_was_typed);
    tcase_add_test(keyboard, the_keyboard_queues_16_bytes);
    suite_add_tcase(suite, keyboard);
    return suite;
}
