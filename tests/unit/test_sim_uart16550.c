/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/uart16550.c, through IN and OUT of a machine. Registers: [16550]. */
#include <stdlib.h>
#include <string.h>

#include "sim/uart16550.h"
#include "tests/unit/machine_case.h"

static struct sim_uart16550 uart;

static void connect_uart(void)
{
    struct sim_error error = {""};

    machine_case_open();
    ck_assert_msg(sim_uart16550_connect(&uart, machine, 0x3F8, &error) == 0, "%s", error.text);
}

static void disconnect_uart(void)
{
    machine_case_close();
    sim_uart16550_free(&uart);
}

static uint8_t in(uint16_t port)
{
    struct sim_registers registers = {.rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xEC).stop, SIM_STOP_RETURNED);
    return (uint8_t)registers.rax;
}

static void out(uint16_t port, uint8_t value)
{
    struct sim_registers registers = {.rdx = port, .rax = value};

    ck_assert_int_eq(EXECUTE(&registers, 0xEE).stop, SIM_STOP_RETURNED);
}

START_TEST(what_is_sent_is_kept)
{
    size_t size = 1;

    ck_assert_str_eq(sim_uart16550_output(&uart, &size), "");
    ck_assert_uint_eq(size, 0);
    for (unsigned int i = 0; i < 3000; i++) {
        out(0x3F8, (uint8_t)('a' + i % 26));
    }
    ck_assert_int_eq(strncmp(sim_uart16550_output(&uart, &size), "abcdefghijklmnopqrstuvwxyza", 27),
                     0);
    ck_assert_uint_eq(size, 3000);
    ck_assert_uint_eq(strlen(sim_uart16550_output(&uart, &size)), 3000);
}
END_TEST

START_TEST(bytes_are_received_in_order_and_line_status_says_so)
{
    ck_assert_uint_eq(in(0x3FD), 0x60);
    ck_assert_int_eq(sim_uart16550_feed(&uart, "xy", 2), 0);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 'x');
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 'y');
    ck_assert_uint_eq(in(0x3FD), 0x60);
    ck_assert_uint_eq(in(0x3F8), 0);
}
END_TEST

START_TEST(dlab_turns_ports_0_and_1_into_the_divisor)
{
    size_t size = 1;

    out(0x3F9, 0x0F);
    out(0x3FB, 0x83);
    out(0x3F8, 0x01);
    out(0x3F9, 0x02);
    ck_assert_uint_eq(in(0x3F8), 0x01);
    ck_assert_uint_eq(in(0x3F9), 0x02);
    ck_assert_uint_eq(in(0x3FB), 0x83);
    out(0x3FB, 0x03);
    ck_assert_uint_eq(in(0x3F9), 0x0F);
    (void)sim_uart16550_output(&uart, &size);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(registers_keep_only_their_bits)
{
    out(0x3F9, 0xFF);
    ck_assert_uint_eq(in(0x3F9), 0x0F);
    out(0x3FC, 0xFF);
    ck_assert_uint_eq(in(0x3FC), 0x1F);
    out(0x3FF, 0xA5);
    ck_assert_uint_eq(in(0x3FF), 0xA5);
    out(0x3FD, 0x00);
    ck_assert_uint_eq(in(0x3FD), 0x60);
}
END_TEST

START_TEST(loopback_connects_transmitter_and_receiver)
{
    size_t size = 1;

    ck_assert_uint_eq(in(0x3FE), 0xB0);
    out(0x3FC, 0x1A);                   /* LOOP, OUT2, RTS */
    ck_assert_uint_eq(in(0x3FE), 0x90); /* DCD, CTS */
    out(0x3FC, 0x15);                   /* LOOP, OUT1, DTR */
    ck_assert_uint_eq(in(0x3FE), 0x60); /* RI, DSR */
    out(0x3F8, 0xAE);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 0xAE);
    (void)sim_uart16550_output(&uart, &size);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(fifo_control_enables_and_clears)
{
    ck_assert_uint_eq(in(0x3FA), 0x01);
    ck_assert_int_eq(sim_uart16550_feed(&uart, "lost", 4), 0);
    out(0x3FA, 0x07);
    ck_assert_uint_eq(in(0x3FA), 0xC1);
    ck_assert_uint_eq(in(0x3FD), 0x60);
}
END_TEST

START_TEST(fifo_control_without_its_enable_bit_does_nothing_else)
{
    ck_assert_int_eq(sim_uart16550_feed(&uart, "x", 1), 0);
    out(0x3FA, 0x06);
    ck_assert_uint_eq(in(0x3FA), 0x01);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 'x');
}
END_TEST

START_TEST(a_word_access_is_two_ports)
{
    struct sim_registers registers = {.rdx = 0x3FC};

    out(0x3FC, 0x03);
    ck_assert_int_eq(EXECUTE(&registers, 0x66, 0xED).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0x6003);
}
END_TEST

START_TEST(endless_output_is_cut_and_the_guest_goes_on)
{
    const size_t limit = (size_t)256 << 20;
    size_t size = 0;
    const char *output = NULL;

    uart.sent = (struct sim_uart16550_bytes){malloc(limit + 1), limit - 2, limit + 1};
    ck_assert_ptr_nonnull(uart.sent.bytes);
    out(0x3F8, 'a');
    out(0x3F8, 'b');
    out(0x3F8, 'c');
    output = sim_uart16550_output(&uart, &size);
    ck_assert_uint_eq(size, limit);
    ck_assert_str_eq(output + limit - 2, "ab");
    ck_assert_uint_eq(in(0x3FD), 0x60);
    uart.received = (struct sim_uart16550_bytes){malloc(limit + 1), limit - 2, limit + 1};
    ck_assert_int_eq(sim_uart16550_feed(&uart, "abc", 3), -1);
    ck_assert_uint_eq(uart.received.size, limit - 2);
    ck_assert_int_eq(sim_uart16550_feed(&uart, "ab", 2), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("sim_uart16550");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(registers, connect_uart, disconnect_uart);
    tcase_add_test(registers, what_is_sent_is_kept);
    tcase_add_test(registers, bytes_are_received_in_order_and_line_status_says_so);
    tcase_add_test(registers, dlab_turns_ports_0_and_1_into_the_divisor);
    tcase_add_test(registers, registers_keep_only_their_bits);
    tcase_add_test(registers, loopback_connects_transmitter_and_receiver);
    tcase_add_test(registers, fifo_control_enables_and_clears);
    tcase_add_test(registers, fifo_control_without_its_enable_bit_does_nothing_else);
    tcase_add_test(registers, a_word_access_is_two_ports);
    tcase_add_test(registers, endless_output_is_cut_and_the_guest_goes_on);
    suite_add_tcase(suite, registers);
    return suite;
}
