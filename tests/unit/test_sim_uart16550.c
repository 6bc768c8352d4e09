/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/uart16550*.c and byte_buffer.c. Registers: [16550]. */
#include <stdlib.h>
#include <string.h>

#include "sim/devices/uart16550.h"
#include "tests/unit/device_case.h"

static struct sim_clock clock;
static struct sim_uart16550 uart;
static struct line_record irq4;
static struct sim_region region;
static struct sim_device device;

static void connect_uart(void)
{
    clock = (struct sim_clock){.now = 1000};
    irq4 = (struct line_record){false, 0};
    uart = (struct sim_uart16550){.clock = &clock, .interrupt = line_to(&irq4)};
    region = sim_uart16550_ports(&uart, 0x3F8);
    device = sim_uart16550_device(&uart);
}

static void disconnect_uart(void)
{
    sim_uart16550_free(&uart);
}

static uint8_t in(uint16_t port)
{
    return region_in(&region, port);
}

static void out(uint16_t port, uint8_t value)
{
    region_out(&region, port, value);
}

static void feed(const char *text)
{
    ck_assert_int_eq(sim_uart16550_feed(&uart, text, strlen(text)), 0);
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
    ck_assert_uint_eq(in(0x3F8), 'y'); /* the buffer keeps its byte */
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
    ck_assert_uint_eq(in(0x3FE), 0x92); /* DCD, CTS; DSR changed */
    ck_assert_uint_eq(in(0x3FE), 0x90);
    out(0x3FC, 0x15);                   /* LOOP, OUT1, DTR */
    ck_assert_uint_eq(in(0x3FE), 0x6B); /* RI, DSR; all but RI changed */
    out(0x3FC, 0x11);
    ck_assert_uint_eq(in(0x3FE), 0x24); /* DSR; RI ended */
    out(0x3F8, 0xAE);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 0xAE);
    (void)sim_uart16550_output(&uart, &size);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(in_loopback_the_line_waits)
{
    out(0x3FC, 0x10);
    feed("z");
    ck_assert_uint_eq(in(0x3FD), 0x60);
    out(0x3FC, 0x00);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 'z');
}
END_TEST

START_TEST(a_second_byte_in_loopback_is_an_overrun)
{
    out(0x3FC, 0x10);
    out(0x3F8, 1);
    out(0x3F8, 2);
    ck_assert_uint_eq(in(0x3FD), 0x63);
    ck_assert_uint_eq(in(0x3FD), 0x61); /* cleared by reading */
    ck_assert_uint_eq(in(0x3F8), 2);    /* overwritten */
    out(0x3FA, 0x01);
    for (uint8_t i = 0; i < 17; i++) {
        out(0x3F8, i);
    }
    ck_assert_uint_eq(in(0x3FD), 0x63);
    for (uint8_t i = 0; i < 16; i++) {
        ck_assert_uint_eq(in(0x3F8), i); /* the FIFO stays, the 17th is lost */
    }
    ck_assert_uint_eq(in(0x3FD), 0x60);
}
END_TEST

START_TEST(fifo_control_enables_and_clears)
{
    ck_assert_uint_eq(in(0x3FA), 0x01);
    out(0x3FA, 0x01);
    ck_assert_uint_eq(in(0x3FA), 0xC1);
    feed("lost");
    out(0x3FA, 0x07);
    ck_assert_uint_eq(in(0x3FA), 0xC1);
    ck_assert_uint_eq(in(0x3FD), 0x60);
    feed("x");
    out(0x3FA, 0x00); /* a change of the enable bit clears too */
    ck_assert_uint_eq(in(0x3FD), 0x60);
}
END_TEST

START_TEST(fifo_control_without_its_enable_bit_does_nothing_else)
{
    feed("x");
    out(0x3FA, 0x06);
    ck_assert_uint_eq(in(0x3FA), 0x01);
    ck_assert_uint_eq(in(0x3FD), 0x61);
    ck_assert_uint_eq(in(0x3F8), 'x');
}
END_TEST

START_TEST(a_word_access_is_two_ports)
{
    check_region(&region, 0x3F8, 8, 1);
    out(0x3FC, 0x03);
    ck_assert_uint_eq(region.read(region.device, 4, 2), 0x6003);
}
END_TEST

START_TEST(interrupts_pass_only_through_out2)
{
    out(0x3F9, 0x02);
    ck_assert(!irq4.level);
    out(0x3FC, 0x08);
    ck_assert(irq4.level);
    out(0x3FC, 0x18); /* in loopback OUT2 is inactive */
    ck_assert(!irq4.level);
}
END_TEST

START_TEST(received_data_interrupts_at_the_trigger_level)
{
    const uint8_t control[] = {0x01, 0x41, 0x81, 0xC1};
    const unsigned int level[] = {1, 4, 8, 14};

    out(0x3FC, 0x08);
    out(0x3F9, 0x01);
    for (unsigned int i = 0; i < 4; i++) {
        out(0x3FA, control[i] | 0x02);
        for (unsigned int n = 1; n < level[i]; n++) {
            feed("x");
            ck_assert(!irq4.level);
            ck_assert_uint_eq(in(0x3FA), 0xC1);
        }
        feed("x");
        ck_assert(irq4.level);
        ck_assert(device.deadline(&uart) == UINT64_MAX);
        ck_assert_uint_eq(in(0x3FA), 0xC4);
        (void)in(0x3F8);
        ck_assert(!irq4.level);
    }
    out(0x3FA, 0x00);
    feed("x");
    ck_assert_uint_eq(in(0x3FA), 0x04);
}
END_TEST

/* Four characters of 10 bits at 115200 baud: 347.222 us; of 12 bits at 9600 baud: 5 ms. */
START_TEST(the_receiver_times_out_after_four_characters)
{
    out(0x3FC, 0x08);
    out(0x3F9, 0x01);
    out(0x3FA, 0xC1);
    out(0x3FB, 0x83);
    out(0x3F8, 1);
    out(0x3FB, 0x03);
    ck_assert(device.deadline(&uart) == UINT64_MAX);
    feed("ab");
    ck_assert_uint_eq(device.deadline(&uart), 1000 + 347222);
    clock.now = 1000 + 347221;
    device.advance(&uart);
    ck_assert(!irq4.level);
    clock.now = 1000 + 347222;
    ck_assert_uint_eq(device.deadline(&uart), 1000 + 347222);
    device.advance(&uart);
    ck_assert(irq4.level);
    ck_assert_uint_eq(in(0x3FA), 0xCC);
    ck_assert(device.deadline(&uart) == UINT64_MAX);
    ck_assert_uint_eq(in(0x3F8), 'a'); /* starts the time again */
    ck_assert(!irq4.level);
    ck_assert_uint_eq(in(0x3FA), 0xC1);
    out(0x3FB, 0x9F);
    out(0x3F8, 12);
    out(0x3FB, 0x1F);
    ck_assert_uint_eq(device.deadline(&uart), 1000 + 347222 + 5000000);
    clock.now += 5000000;
    device.advance(&uart);
    ck_assert_uint_eq(irq4.rises, 2);
    ck_assert_uint_eq(in(0x3F8), 'b');
    ck_assert(!irq4.level);
}
END_TEST

START_TEST(the_empty_transmitter_interrupts_once)
{
    out(0x3FC, 0x08);
    out(0x3F9, 0x02);
    ck_assert(irq4.level);
    ck_assert_uint_eq(in(0x3FA), 0x02);
    ck_assert(!irq4.level); /* reading the identification is enough */
    ck_assert_uint_eq(in(0x3FA), 0x01);
    out(0x3F8, 'a');
    ck_assert(irq4.level);
    out(0x3F8, 'b'); /* falls and rises again */
    ck_assert(irq4.level);
    ck_assert_uint_eq(irq4.rises, 3);
    out(0x3F9, 0x02); /* was enabled already: no event */
    ck_assert_uint_eq(in(0x3FA), 0x02);
    out(0x3F9, 0x02);
    ck_assert_uint_eq(in(0x3FA), 0x01);
    out(0x3F9, 0x00);
    out(0x3F9, 0x02);
    ck_assert_uint_eq(in(0x3FA), 0x02);
}
END_TEST

/* "Interrupt Identification Register": line status, data, transmitter, modem. */
START_TEST(interrupts_are_identified_in_order)
{
    out(0x3FC, 0x10);
    out(0x3FC, 0x1B);
    out(0x3F8, 1);
    out(0x3F8, 2);
    out(0x3F9, 0x0F);
    ck_assert_uint_eq(in(0x3FA), 0x06);
    ck_assert_uint_eq(in(0x3FD), 0x63);
    ck_assert_uint_eq(in(0x3FA), 0x04);
    ck_assert_uint_eq(in(0x3F8), 2);
    ck_assert_uint_eq(in(0x3FA), 0x02);
    ck_assert_uint_eq(in(0x3FA), 0x00);
    ck_assert_uint_ne(in(0x3FE) & 0x0F, 0);
    ck_assert_uint_eq(in(0x3FA), 0x01);
}
END_TEST

START_TEST(a_disabled_source_is_not_identified)
{
    feed("x");
    ck_assert_uint_eq(in(0x3FA), 0x01);
    out(0x3F9, 0x08);
    ck_assert_uint_eq(in(0x3FA), 0x01);
}
END_TEST

START_TEST(waiting_input_never_overruns)
{
    out(0x3FA, 0x01);
    feed("0123456789abcdefghij");
    for (unsigned int i = 0; i < 20; i++) {
        ck_assert_uint_eq(in(0x3FD), 0x61);
        ck_assert_uint_eq(in(0x3F8), (uint8_t) "0123456789abcdefghij"[i]);
    }
    ck_assert_uint_eq(in(0x3FD), 0x60);
}
END_TEST

static void put(void *self, uint8_t byte)
{
    char *text = self;

    text[strlen(text)] = (char)byte;
}

START_TEST(a_sink_gets_what_is_sent)
{
    char text[8] = "";
    size_t size = 1;

    uart.sink = (struct sim_byte_sink){put, text};
    out(0x3F8, 'o');
    out(0x3F8, 'k');
    ck_assert_str_eq(text, "ok");
    ck_assert_str_eq(sim_uart16550_output(&uart, &size), "");
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    struct sim_uart16550_state before;
    size_t size = 0;

    feed("abc");
    out(0x3F8, '1');
    ck_assert_uint_eq(in(0x3F8), 'a');
    memcpy(&before, device.state, sizeof before);
    ck_assert_uint_eq(sizeof before, device.state_size);
    out(0x3F8, '2');
    out(0x3F8, '3');
    ck_assert_uint_eq(in(0x3F8), 'b');
    ck_assert_uint_eq(in(0x3F8), 'c');
    memcpy(device.state, &before, sizeof before);
    ck_assert_str_eq(sim_uart16550_output(&uart, &size), "1");
    out(0x3F8, '4');
    ck_assert_str_eq(sim_uart16550_output(&uart, &size), "14");
    ck_assert_uint_eq(size, 2);
    ck_assert_uint_eq(in(0x3F8), 'b');
    sim_uart16550_reset(&uart);
    ck_assert_str_eq(sim_uart16550_output(&uart, &size), "14");
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    for (unsigned int i = 0; i < 2000; i++) {
        feed("some input for a guest that looks everywhere ");
    }
    torment(&region, &device, &clock);
}
END_TEST

START_TEST(endless_output_is_cut_and_the_guest_goes_on)
{
    const size_t limit = (size_t)256 << 20;
    size_t size = 0;
    const char *output = NULL;

    uart.sent = (struct sim_byte_buffer){malloc(limit + 1), limit - 2, limit + 1};
    uart.state.sent = limit - 2;
    ck_assert_ptr_nonnull(uart.sent.bytes);
    out(0x3F8, 'a');
    out(0x3F8, 'b');
    out(0x3F8, 'c');
    output = sim_uart16550_output(&uart, &size);
    ck_assert_uint_eq(size, limit);
    ck_assert_str_eq(output + limit - 2, "ab");
    ck_assert_uint_eq(in(0x3FD), 0x60);
    uart.received = (struct sim_byte_buffer){malloc(limit + 1), limit - 2, limit + 1};
    uart.state.consumed = limit - 2;
    ck_assert_int_eq(sim_uart16550_feed(&uart, "abc", 3), -1);
    ck_assert_uint_eq(uart.received.size, limit - 2);
    ck_assert_int_eq(sim_uart16550_feed(&uart, "ab", 2), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("sim_uart16550");
    TCase *registers = tcase_create("registers");
    TCase *interrupts = tcase_create("interrupts");

    tcase_add_checked_fixture(registers, connect_uart, disconnect_uart);
    tcase_add_test(registers, what_is_sent_is_kept);
    tcase_add_test(registers, bytes_are_received_in_order_and_line_status_says_so);
    tcase_add_test(registers, dlab_turns_ports_0_and_1_into_the_divisor);
    tcase_add_test(registers, registers_keep_only_their_bits);
    tcase_add_test(registers, loopback_connects_transmitter_and_receiver);
    tcase_add_test(registers, in_loopback_the_line_waits);
    tcase_add_test(registers, a_second_byte_in_loopback_is_an_overrun);
    tcase_add_test(registers, fifo_control_enables_and_clears);
    tcase_add_test(registers, fifo_control_without_its_enable_bit_does_nothing_else);
    tcase_add_test(registers, a_word_access_is_two_ports);
    tcase_add_test(registers, waiting_input_never_overruns);
    tcase_add_test(registers, a_sink_gets_what_is_sent);
    tcase_add_test(registers, the_state_is_all_there_is);
    tcase_add_test(registers, random_accesses_do_no_harm);
    tcase_add_test(registers, endless_output_is_cut_and_the_guest_goes_on);
    suite_add_tcase(suite, registers);
    tcase_add_checked_fixture(interrupts, connect_uart, disconnect_uart);
    tcase_add_test(interrupts, interrupts_pass_only_through_out2);
    tcase_add_test(interrupts, received_data_interrupts_at_the_trigger_level);
    tcase_add_test(interrupts, the_receiver_times_out_after_four_characters);
    tcase_add_test(interrupts, the_empty_transmitter_interrupts_once);
    tcase_add_test(interrupts, interrupts_are_identified_in_order);
    tcase_add_test(interrupts, a_disabled_source_is_not_identified);
    suite_add_tcase(suite, interrupts);
    return suite;
}
