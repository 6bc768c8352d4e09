/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/devices/uart16550.c against a UART that is ten lines of C: it
 * keeps every write in order and answers with what the test prepared.
 */
#include <stdbool.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"
#include "drydock/uart16550.h"
#include "tests/unit/unit.h"

enum {
    MAX_WRITES = 64
};

static struct {
    uint16_t base;
    uint8_t lcr, mcr, ier, iir, divisor_low, divisor_high;
    uint8_t lsr_before, lsr_after; /* line status, and what it becomes after `polls` reads */
    unsigned int polls, lsr_reads, rbr_reads;
    uint8_t rbr;
    unsigned int write_count;
    struct {
        unsigned int offset;
        uint8_t value;
    } writes[MAX_WRITES];
} fake;

static uint8_t fake_read(unsigned int offset)
{
    bool dlab = (fake.lcr & 0x80) != 0;

    switch (offset) {
    case 0:
        fake.rbr_reads += dlab ? 0 : 1;
        return dlab ? fake.divisor_low : fake.rbr;
    case 1:
        return dlab ? fake.divisor_high : fake.ier;
    case 2:
        return fake.iir;
    case 3:
        return fake.lcr;
    case 4:
        return fake.mcr;
    case 5:
        return fake.lsr_reads++ < fake.polls ? fake.lsr_before : fake.lsr_after;
    default:
        return 0;
    }
}

static void fake_write(unsigned int offset, uint8_t value)
{
    bool dlab = (fake.lcr & 0x80) != 0;

    ck_assert_uint_lt(fake.write_count, MAX_WRITES);
    fake.writes[fake.write_count].offset = offset;
    fake.writes[fake.write_count++].value = value;
    if (offset == 0 && dlab) {
        fake.divisor_low = value;
    } else if (offset == 1 && dlab) {
        fake.divisor_high = value;
    } else if (offset == 1) {
        fake.ier = value;
    } else if (offset == 3) {
        fake.lcr = value;
    } else if (offset == 4) {
        fake.mcr = value;
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    unsigned int offset = (unsigned int)operands->rdx - fake.base;

    /* Not ck_assert: it tells the runner where it is, a hundred thousand times here. */
    if (insn != DD_HOSTED_PAUSE && offset >= 8) {
        ck_abort_msg("port %#x is not the UART's", (unsigned int)operands->rdx);
    }
    switch (insn) {
    case DD_HOSTED_IN8:
        operands->rax = fake_read(offset);
        break;
    case DD_HOSTED_OUT8:
        fake_write(offset, (uint8_t)operands->rax);
        break;
    case DD_HOSTED_PAUSE:
        break;
    default:
        ck_abort_msg("a UART needs no instruction %d", (int)insn);
    }
}

static const struct dd_uart16550 com1 = {.port = 0x3F8, .room = 16};

static void prepare(void)
{
    memset(&fake, 0, sizeof fake);
    fake.base = 0x3F8;
    fake.lsr_before = 0x00;
    fake.lsr_after = 0x60;
}

/* ---- dd_uart16550_init ---- */

/* [16550] 8.3, table III: rate and divisor with the 1.8432 MHz crystal. */
static const struct {
    uint32_t baud;
    uint8_t high, low;
} rates[] = {{115200, 0x00, 0x01}, {57600, 0x00, 0x02}, {9600, 0x00, 0x0C},
             {300, 0x01, 0x80},    {50, 0x09, 0x00},    {2, 0xE1, 0x00}};

START_TEST(init_programs_divisor_from_the_rate)
{
    struct dd_uart16550 uart = {0};

    ck_assert_int_eq(dd_uart16550_init(&uart, 0x3F8, rates[_i].baud), DD_OK);
    ck_assert_uint_eq(fake.divisor_low, rates[_i].low);
    ck_assert_uint_eq(fake.divisor_high, rates[_i].high);
}
END_TEST

START_TEST(init_leaves_8n1_no_interrupts_fifos_on_and_dtr_rts)
{
    struct dd_uart16550 uart = {0};
    int fifo_control = -1;

    fake.lcr = 0xFF;
    fake.ier = 0x0F;
    ck_assert_int_eq(dd_uart16550_init(&uart, 0x3F8, 115200), DD_OK);
    ck_assert_uint_eq(uart.port, 0x3F8);
    ck_assert_uint_eq(fake.lcr, 0x03); /* [16550] 8.1: 8 bits, 1 stop, no parity, DLAB clear */
    ck_assert_uint_eq(fake.ier, 0x00);
    ck_assert_uint_eq(fake.mcr, 0x03); /* [16550] 8.8: DTR, RTS, loop off */
    for (unsigned int i = 0; i < fake.write_count; i++) {
        fifo_control = fake.writes[i].offset == 2 ? fake.writes[i].value : fifo_control;
    }
    ck_assert_int_eq(fifo_control, 0x07); /* [16550] 8.5: enable, both resets, trigger 1 */
}
END_TEST

static const uint32_t impossible_rates[] = {0, 1, 7, 115201, 230400, 0xFFFFFFFF};

START_TEST(init_rejects_a_rate_without_exact_divisor_before_any_access)
{
    struct dd_uart16550 uart = {.port = 0x1234};

    ck_assert_int_eq(dd_uart16550_init(&uart, 0x3F8, impossible_rates[_i]), DD_EARG);
    ck_assert_uint_eq(uart.port, 0x1234);
    ck_assert_uint_eq(fake.write_count, 0);
}
END_TEST

START_TEST(init_accepts_the_last_eight_ports_and_no_others_beyond)
{
    struct dd_uart16550 uart = {.port = 0x1234};

    ck_assert_int_eq(dd_uart16550_init(&uart, 0xFFF9, 115200), DD_EARG);
    ck_assert_uint_eq(uart.port, 0x1234);
    fake.base = 0xFFF8;
    ck_assert_int_eq(dd_uart16550_init(&uart, 0xFFF8, 115200), DD_OK);
    ck_assert_uint_eq(uart.port, 0xFFF8);
}
END_TEST

/* [16550] 8.8: bits 7..5 of the modem control register are always 0. */
START_TEST(init_writes_nothing_where_ports_float)
{
    struct dd_uart16550 uart = {.port = 0x1234};

    fake.mcr = 0xFF;
    ck_assert_int_eq(dd_uart16550_init(&uart, 0x3F8, 115200), DD_ENODEV);
    ck_assert_uint_eq(uart.port, 0x1234);
    ck_assert_uint_eq(fake.write_count, 0);
}
END_TEST

/* [16550] 8.6: bits 7 and 6 of IIR are both set if the FIFOs work; the first 16550 set only bit 7. */
static const struct {
    uint8_t iir, room;
} chips[] = {{0xC1, 16}, {0x81, 1}, {0x01, 1}};

START_TEST(init_finds_out_how_much_room_there_is)
{
    struct dd_uart16550 uart = {0};

    fake.iir = chips[_i].iir;
    ck_assert_int_eq(dd_uart16550_init(&uart, 0x3F8, 115200), DD_OK);
    ck_assert_uint_eq(uart.room, chips[_i].room);
}
END_TEST

/* ---- writing ---- */

START_TEST(write_waits_for_the_holding_register)
{
    fake.polls = 3;
    fake.lsr_after = 0x20; /* THRE without TEMT */
    ck_assert_int_eq(dd_uart16550_write(&com1, 0xA5), DD_OK);
    ck_assert_uint_eq(fake.lsr_reads, 4);
    ck_assert_uint_eq(fake.write_count, 1);
    ck_assert_uint_eq(fake.writes[0].offset, 0);
    ck_assert_uint_eq(fake.writes[0].value, 0xA5);
}
END_TEST

START_TEST(write_gives_up_on_a_transmitter_that_stays_full)
{
    fake.lsr_after = 0xDF; /* everything but THRE */
    ck_assert_int_eq(dd_uart16550_write(&com1, 0xA5), DD_ETIMEOUT);
    ck_assert_uint_eq(fake.write_count, 0);
    ck_assert_uint_eq(fake.lsr_reads, 200000);
}
END_TEST

static const char forty[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

/* [16550] 8.4: THRE says in FIFO mode that the transmit FIFO is empty, so 16 bytes go in. */
static const struct {
    size_t size;
    unsigned int waits;
    uint8_t room;
} bursts[] = {{0, 0, 16}, {1, 1, 16}, {16, 1, 16}, {17, 2, 16}, {40, 3, 16}, {40, 40, 1}};

START_TEST(write_all_waits_once_for_as_many_bytes_as_there_is_room)
{
    const struct dd_uart16550 uart = {.port = 0x3F8, .room = bursts[_i].room};
    size_t sent = 99;

    ck_assert_int_eq(dd_uart16550_write_all(&uart, forty, bursts[_i].size, &sent), DD_OK);
    ck_assert_uint_eq(sent, bursts[_i].size);
    ck_assert_uint_eq(fake.lsr_reads, bursts[_i].waits);
    ck_assert_uint_eq(fake.write_count, bursts[_i].size);
    for (unsigned int i = 0; i < fake.write_count; i++) {
        ck_assert_uint_eq(fake.writes[i].offset, 0);
        ck_assert_uint_eq(fake.writes[i].value, (uint8_t)forty[i]);
    }
}
END_TEST

START_TEST(write_all_says_how_many_left_when_the_transmitter_stays_full)
{
    size_t sent = 99;

    fake.polls = 2;
    fake.lsr_before = 0x60;
    fake.lsr_after = 0xDF; /* from the third wait on everything but THRE */
    ck_assert_int_eq(dd_uart16550_write_all(&com1, forty, 40, &sent), DD_ETIMEOUT);
    ck_assert_uint_eq(sent, 32);
    ck_assert_uint_eq(fake.write_count, 32);
    ck_assert_uint_eq(fake.lsr_reads, 2 + 200000);
}
END_TEST

START_TEST(flush_waits_for_the_shift_register_too)
{
    fake.polls = 5;
    fake.lsr_before = 0x20;
    ck_assert_int_eq(dd_uart16550_flush(&com1), DD_OK);
    ck_assert_uint_eq(fake.lsr_reads, 6);
}
END_TEST

START_TEST(flush_gives_up_when_nothing_drains)
{
    fake.lsr_after = 0x20;
    ck_assert_int_eq(dd_uart16550_flush(&com1), DD_ETIMEOUT);
}
END_TEST

/* ---- reading ---- */

START_TEST(read_waits_for_data)
{
    uint8_t byte = 0;

    fake.polls = 2;
    fake.lsr_before = 0x60;
    fake.lsr_after = 0x61;
    fake.rbr = 0x5A;
    ck_assert_int_eq(dd_uart16550_read(&com1, &byte), DD_OK);
    ck_assert_uint_eq(byte, 0x5A);
    ck_assert_uint_eq(fake.rbr_reads, 1);
}
END_TEST

START_TEST(read_gives_up_when_nothing_comes)
{
    uint8_t byte = 0x77;

    fake.lsr_after = 0xFE; /* everything but DR */
    ck_assert_int_eq(dd_uart16550_read(&com1, &byte), DD_ETIMEOUT);
    ck_assert_uint_eq(byte, 0x77);
    ck_assert_uint_eq(fake.rbr_reads, 0);
}
END_TEST

/* [16550] 8.4: PE, FE, BI belong to the byte at the head of the FIFO. */
static const uint8_t damages[] = {0x04, 0x08, 0x10, 0x9C};

START_TEST(read_drops_a_damaged_byte)
{
    uint8_t byte = 0x77;

    fake.lsr_after = (uint8_t)(0x61 | damages[_i]);
    fake.rbr = 0x5A;
    ck_assert_int_eq(dd_uart16550_read(&com1, &byte), DD_EMALFORMED);
    ck_assert_uint_eq(byte, 0x77);
    ck_assert_uint_eq(fake.rbr_reads, 1);
}
END_TEST

/* An overrun lost an earlier byte; this one is whole. FIFO_ERROR speaks of a later one. */
START_TEST(read_keeps_the_byte_after_an_overrun)
{
    uint8_t byte = 0;

    fake.lsr_after = 0xE3;
    fake.rbr = 0x5A;
    ck_assert_int_eq(dd_uart16550_read(&com1, &byte), DD_OK);
    ck_assert_uint_eq(byte, 0x5A);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("uart16550");
    TCase *init = tcase_create("init");
    TCase *transfer = tcase_create("transfer");

    tcase_add_checked_fixture(init, prepare, NULL);
    tcase_add_loop_test(init, init_programs_divisor_from_the_rate, 0,
                        sizeof rates / sizeof rates[0]);
    tcase_add_test(init, init_leaves_8n1_no_interrupts_fifos_on_and_dtr_rts);
    tcase_add_loop_test(init, init_rejects_a_rate_without_exact_divisor_before_any_access, 0,
                        sizeof impossible_rates / sizeof impossible_rates[0]);
    tcase_add_test(init, init_accepts_the_last_eight_ports_and_no_others_beyond);
    tcase_add_test(init, init_writes_nothing_where_ports_float);
    tcase_add_loop_test(init, init_finds_out_how_much_room_there_is, 0,
                        sizeof chips / sizeof chips[0]);
    suite_add_tcase(suite, init);

    tcase_add_checked_fixture(transfer, prepare, NULL);
    tcase_add_test(transfer, write_waits_for_the_holding_register);
    tcase_add_test(transfer, write_gives_up_on_a_transmitter_that_stays_full);
    tcase_add_loop_test(transfer, write_all_waits_once_for_as_many_bytes_as_there_is_room, 0,
                        sizeof bursts / sizeof bursts[0]);
    tcase_add_test(transfer, write_all_says_how_many_left_when_the_transmitter_stays_full);
    tcase_add_test(transfer, flush_waits_for_the_shift_register_too);
    tcase_add_test(transfer, flush_gives_up_when_nothing_drains);
    tcase_add_test(transfer, read_waits_for_data);
    tcase_add_test(transfer, read_gives_up_when_nothing_comes);
    tcase_add_loop_test(transfer, read_drops_a_damaged_byte, 0, sizeof damages / sizeof damages[0]);
    tcase_add_test(transfer, read_keeps_the_byte_after_an_overrun);
    suite_add_tcase(suite, transfer);
    return suite;
}
