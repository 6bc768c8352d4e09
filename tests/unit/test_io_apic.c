/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the I/O APIC, alone and with a local APIC. [82093AA] 3. */
#include "sim/devices/io_apic.h"
#include "tests/unit/apic_case.h"

static struct sim_io_apic io;
static struct sim_apic_message sent;
static unsigned int sent_count;
static bool somebody_takes;

static bool take_message(void *sink, const struct sim_apic_message *message)
{
    (void)sink;
    sent = *message;
    sent_count++;
    return somebody_takes;
}

static void setup_io(void)
{
    static const struct sim_apic_port port = {.deliver = take_message};
    static const struct sim_complaint complaint = {.raise = take_complaint};

    sent_count = complaint_count = 0;
    somebody_takes = true;
    sim_io_apic_init(&io, &port, &complaint);
}

/* The I/O APIC on a local APIC in xAPIC mode that tells it about EOIs. */
static void setup_pair(void)
{
    const struct sim_complaint complaint = {0};
    struct sim_apic_port port;

    setup();
    apic.wiring.end_of_interrupt = sim_io_apic_end_of_interrupt;
    apic.wiring.end_of_interrupt_sink = &io;
    port = sim_local_apic_port(&apic);
    sim_io_apic_init(&io, &port, &complaint);
}

static uint32_t io_load(uint64_t offset)
{
    const struct sim_region page = sim_io_apic_mmio(&io, 0xFEC00000);

    return page.read(page.device, offset, 4);
}

static void io_store(uint64_t offset, uint32_t value)
{
    const struct sim_region page = sim_io_apic_mmio(&io, 0xFEC00000);

    page.write(page.device, offset, 4, value);
}

static void set_input(unsigned int input, bool level)
{
    const struct sim_line line = sim_io_apic_input(&io, input);

    sim_line_set(&line, level);
}

static uint32_t get_register(uint32_t index)
{
    io_store(0x00, index);
    return io_load(0x10);
}

static void set_register(uint32_t index, uint32_t value)
{
    io_store(0x00, index);
    io_store(0x10, value);
}

/* 3.2 */
START_TEST(it_may_send_when_an_entry_is_not_masked)
{
    setup();
    ck_assert(!sim_io_apic_may_send(&io));
    io_store(0x00, 0x10 + 2 * 23);
    io_store(0x10, 0x41);
    ck_assert(sim_io_apic_may_send(&io));
    io_store(0x10, 0x10041);
    ck_assert(!sim_io_apic_may_send(&io));
}
END_TEST

START_TEST(after_reset_all_entries_are_masked)
{
    ck_assert_uint_eq(get_register(0x00), 0);
    ck_assert_uint_eq(get_register(0x01), 0x00170020); /* 24 entries */
    ck_assert_uint_eq(get_register(0x02), 0);
    for (uint32_t i = 0; i < 24; i++) {
        ck_assert_uint_eq(get_register(0x10 + 2 * i), 0x00010000);
        ck_assert_uint_eq(get_register(0x11 + 2 * i), 0);
    }
    ck_assert_uint_eq(complaint_count, 0);
    ck_assert_uint_eq(sim_io_apic_mmio(&io, 0xFEC00000).widths, 4);
    ck_assert_uint_eq(sim_io_apic_mmio(&io, 0xFEC00000).size, 0x1000);
    ck_assert_uint_eq(sim_io_apic_mmio(&io, 0xFEC00000).base, 0xFEC00000);
}
END_TEST

/* 3.2.1, 3.2.3, 3.2.4 */
START_TEST(registers_keep_their_writable_bits_only)
{
    set_register(0x00, 0xFFFFFFFF);
    ck_assert_uint_eq(get_register(0x00), 0x0F000000);
    ck_assert_uint_eq(get_register(0x02), 0x0F000000); /* loaded with the ID */
    set_register(0x10, 0xFFFFFFFF);
    set_register(0x11, 0xFFFFFFFF);
    ck_assert_uint_eq(get_register(0x10), 0x0001AFFF);
    ck_assert_uint_eq(get_register(0x11), 0xFF000000);
    set_register(0x3F, 0x55000000);
    ck_assert_uint_eq(get_register(0x3F), 0x55000000);
    ck_assert_uint_eq(get_register(0x3E), 0x00010000);
    io_store(0x00, 0x12345601);
    ck_assert_uint_eq(io_load(0x00), 0x01);
}
END_TEST

START_TEST(registers_that_are_not_there_are_complained_about)
{
    set_register(0x01, 0xFFFFFFFF);
    ck_assert_uint_eq(get_register(0x01), 0x00170020);
    ck_assert_uint_eq(complaint_count, 1);
    for (uint32_t index = 0x03; index < 0x100; index = index == 0x0F ? 0x40 : index + 1) {
        complaint_count = 0;
        ck_assert_uint_eq(get_register(index), 0);
        set_register(index, 0xFFFFFFFF);
        ck_assert_uint_eq(complaint_count, 2);
    }
    io_store(0x20, 1);
    ck_assert_uint_eq(complaint_count, 3);
    ck_assert_uint_eq(io_load(0x20), 0);
    ck_assert_uint_eq(io_load(0x40), 0);
}
END_TEST

/* 3.2.4 */
START_TEST(an_entry_says_what_is_sent_to_whom)
{
    set_register(0x11, 0xA5000000);
    set_register(0x10, 0x00000931); /* logical, lowest priority */
    set_input(0, true);
    ck_assert_uint_eq(sent_count, 1);
    ck_assert_uint_eq(sent.destination, 0xA5);
    ck_assert_int_eq(sent.mode, SIM_APIC_LOGICAL);
    ck_assert_uint_eq(sent.delivery, 1);
    ck_assert_int_eq(sent.trigger, SIM_APIC_EDGE);
    ck_assert_uint_eq(sent.vector, 0x31);
    set_register(0x13, 0x01000000);
    set_register(0x12, 0x00008052); /* physical, fixed, level */
    set_input(1, true);
    ck_assert_uint_eq(sent_count, 2);
    ck_assert_uint_eq(sent.destination, 0x01);
    ck_assert_int_eq(sent.mode, SIM_APIC_PHYSICAL);
    ck_assert_uint_eq(sent.delivery, 0);
    ck_assert_int_eq(sent.trigger, SIM_APIC_LEVEL);
    ck_assert_uint_eq(sent.vector, 0x52);
}
END_TEST

START_TEST(delivery_modes_that_are_edges_stay_edges_and_reserved_ones_send_nothing)
{
    static const struct {
        uint32_t entry;
        unsigned int delivery;
    } edges[] = {{0x8200, 2}, {0x8400, 4}, {0x8500, 5}, {0x8700, 7}};

    for (unsigned int i = 0; i < 4; i++) {
        set_register(0x10, edges[i].entry);
        set_input(0, true);
        ck_assert_uint_eq(sent_count, i + 1);
        ck_assert_uint_eq(sent.delivery, edges[i].delivery);
        ck_assert_int_eq(sent.trigger, SIM_APIC_EDGE);
        ck_assert_uint_eq(get_register(0x10), edges[i].entry); /* no remote IRR */
        set_input(0, false);
    }
    set_register(0x10, 0x0331);
    set_input(0, true);
    set_input(0, false);
    set_register(0x10, 0x0631);
    set_input(0, true);
    ck_assert_uint_eq(sent_count, 4);
    ck_assert_uint_eq(complaint_count, 2);
}
END_TEST

START_TEST(an_edge_counts_once_and_is_lost_while_masked)
{
    set_input(5, true); /* masked */
    set_register(0x1A, 0x00000035);
    ck_assert_uint_eq(sent_count, 0);
    set_input(5, true);
    ck_assert_uint_eq(sent_count, 0);
    set_input(5, false);
    ck_assert_uint_eq(sent_count, 0);
    set_input(5, true);
    set_input(5, true);
    ck_assert_uint_eq(sent_count, 1);
    set_register(0x1A, 0x00002035); /* active low */
    set_input(5, false);
    ck_assert_uint_eq(sent_count, 2);
    set_input(5, true);
    ck_assert_uint_eq(sent_count, 2);
    set_input(24, true); /* no such input */
    set_input(0xFFFFFFFF, true);
    ck_assert_uint_eq(sent_count, 2);
}
END_TEST

START_TEST(a_level_is_sent_once_until_its_eoi_and_again_if_still_active)
{
    set_register(0x10 + 2 * 23, 0x000080E7);
    set_input(23, true);
    ck_assert_uint_eq(get_register(0x10 + 2 * 23), 0x0000C0E7); /* remote IRR */
    set_input(23, false);
    set_input(23, true);
    ck_assert_uint_eq(sent_count, 1);
    sim_io_apic_end_of_interrupt(&io, 0x67); /* another vector */
    ck_assert_uint_eq(sent_count, 1);
    io_store(0x40, 0xE7);
    ck_assert_uint_eq(sent_count, 2);
    set_input(23, false);
    io_store(0x40, 0xE7);
    ck_assert_uint_eq(sent_count, 2);
    ck_assert_uint_eq(get_register(0x10 + 2 * 23), 0x000080E7);
}
END_TEST

START_TEST(a_level_waits_behind_the_mask_and_is_inverted_by_polarity)
{
    set_register(0x10, 0x0001A067); /* active low, masked */
    set_input(0, false);
    ck_assert_uint_eq(sent_count, 0);
    set_register(0x10, 0x0000A067);
    ck_assert_uint_eq(sent_count, 1);
    ck_assert_uint_eq(get_register(0x10), 0x0000E067);
    io_store(0x40, 0x67);
    ck_assert_uint_eq(sent_count, 2);
    set_register(0x12, 0x00008168); /* lowest priority may be a level, too */
    set_input(1, true);
    ck_assert_uint_eq(get_register(0x12), 0x0000C168);
}
END_TEST

/* What operating systems do on an I/O APIC without EOI register. */
START_TEST(remote_irr_ends_with_level_mode_and_is_not_writable)
{
    set_register(0x10, 0x00008067);
    set_input(0, true);
    set_register(0x10, 0x00018067);
    ck_assert_uint_eq(get_register(0x10), 0x0001C067);
    set_register(0x10, 0x00010067); /* edge, masked */
    ck_assert_uint_eq(get_register(0x10), 0x00010067);
    set_register(0x10, 0x0000C067);
    ck_assert_uint_eq(sent_count, 2);
}
END_TEST

START_TEST(a_level_nobody_takes_is_sent_again_at_the_next_change)
{
    somebody_takes = false;
    set_register(0x10, 0x00008067);
    set_input(0, true);
    ck_assert_uint_eq(get_register(0x10), 0x00008067);
    somebody_takes = true;
    set_input(0, true);
    ck_assert_uint_eq(sent_count, 2);
    ck_assert_uint_eq(get_register(0x10), 0x0000C067);
}
END_TEST

/* Both halves of an entry at once: 32-bit writes that change the other half must not lose it. */
START_TEST(the_halves_of_an_entry_are_independent)
{
    set_register(0x10, 0x0001A9F3);
    set_register(0x11, 0xFF000000);
    set_register(0x11, 0x12000000);
    ck_assert_uint_eq(get_register(0x10), 0x0001A9F3);
    set_register(0x10, 0x00010000);
    ck_assert_uint_eq(get_register(0x11), 0x12000000);
}
END_TEST

/* [SDM 3A] 10.8.5: the whole way there and back */
START_TEST(a_line_that_stays_high_interrupts_again_after_eoi)
{
    set_register(0x12, 0x00008071);
    set_input(1, true);
    ck_assert_uint_eq(take(), 0x71);
    ck_assert(!pending());
    store(0xB0, 0);
    ck_assert_uint_eq(take(), 0x71);
    set_input(1, false);
    store(0xB0, 0);
    ck_assert(!pending());
    ck_assert_uint_eq(get_register(0x12), 0x00008071);
}
END_TEST

START_TEST(with_broadcast_suppressed_the_eoi_register_does_it)
{
    store(0xF0, 0x11FF);
    set_register(0x12, 0x00008071);
    set_input(1, true);
    ck_assert_uint_eq(take(), 0x71);
    store(0xB0, 0);
    ck_assert(!pending());
    io_store(0x40, 0x71);
    ck_assert_uint_eq(take(), 0x71);
}
END_TEST

START_TEST(reset_masks_and_keeps_the_lines)
{
    set_register(0x00, 0x05000000);
    set_register(0x10, 0x00008067);
    set_input(0, true);
    sim_io_apic_reset(&io);
    ck_assert_uint_eq(get_register(0x00), 0);
    ck_assert_uint_eq(get_register(0x10), 0x00010000);
    set_register(0x10, 0x00008067);
    ck_assert_uint_eq(sent_count, 2);
    ck_assert_uint_eq(sim_io_apic_device(&io).state_size, sizeof io.state);
    ck_assert_ptr_eq(sim_io_apic_device(&io).state, &io.state);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("io_apic");
    TCase *alone = tcase_create("alone");
    TCase *pair = tcase_create("with a local APIC");

    tcase_add_test(alone, it_may_send_when_an_entry_is_not_masked);
    tcase_add_checked_fixture(alone, setup_io, NULL);
    tcase_add_test(alone, after_reset_all_entries_are_masked);
    tcase_add_test(alone, registers_keep_their_writable_bits_only);
    tcase_add_test(alone, registers_that_are_not_there_are_complained_about);
    tcase_add_test(alone, an_entry_says_what_is_sent_to_whom);
    tcase_add_test(alone, delivery_modes_that_are_edges_stay_edges_and_reserved_ones_send_nothing);
    tcase_add_test(alone, an_edge_counts_once_and_is_lost_while_masked);
    tcase_add_test(alone, a_level_is_sent_once_until_its_eoi_and_again_if_still_active);
    tcase_add_test(alone, a_level_waits_behind_the_mask_and_is_inverted_by_polarity);
    tcase_add_test(alone, remote_irr_ends_with_level_mode_and_is_not_writable);
    tcase_add_test(alone, a_level_nobody_takes_is_sent_again_at_the_next_change);
    tcase_add_test(alone, the_halves_of_an_entry_are_independent);
    tcase_add_test(alone, reset_masks_and_keeps_the_lines);
    suite_add_tcase(suite, alone);

    tcase_add_checked_fixture(pair, setup_pair, NULL);
    tcase_add_test(pair, a_line_that_stays_high_interrupts_again_after_eoi);
    tcase_add_test(pair, with_broadcast_suppressed_the_eoi_register_does_it);
    suite_add_tcase(suite, pair);
    return suite;
}
