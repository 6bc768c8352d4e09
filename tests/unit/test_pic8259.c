/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/pic8259*.c. Expected values: [8259A], [PIIX3] 3.2.4. */
#include "sim/devices/pic8259.h"
#include "tests/unit/device_case.h"

static struct sim_pic8259 pic;
static struct line_record intr;
static struct sim_region regions[3];

static uint8_t in(uint16_t port)
{
    return region_in(&regions[port >= 0x4D0 ? 2 : port >= 0xA0 ? 1 : 0], port);
}

static void out(uint16_t port, uint8_t value)
{
    region_out(&regions[port >= 0x4D0 ? 2 : port >= 0xA0 ? 1 : 0], port, value);
}

static void set(unsigned int irq, bool level)
{
    struct sim_line line = sim_pic8259_input(&pic, irq);

    sim_line_set(&line, level);
}

static void power_on(void)
{
    intr = (struct line_record){false, 0};
    sim_pic8259_init(&pic);
    pic.interrupt = line_to(&intr);
    regions[0] = sim_pic8259_master_ports(&pic);
    regions[1] = sim_pic8259_slave_ports(&pic);
    regions[2] = sim_pic8259_trigger_ports(&pic);
}

/* As a PC's kernel does it: vectors 0x20 and 0x28, cascade on 2, 8086 mode. */
static void initialize(uint8_t icw4)
{
    out(0x20, 0x11);
    out(0xA0, 0x11);
    out(0x21, 0x20);
    out(0xA1, 0x28);
    out(0x21, 0x04);
    out(0xA1, 0x02);
    out(0x21, icw4);
    out(0xA1, 0x01);
}

static void power_on_and_initialize(void)
{
    power_on();
    initialize(0x01);
}

static uint8_t in_service(uint16_t port)
{
    out(port, 0x0B);
    return in(port);
}

static uint8_t requests(uint16_t port)
{
    out(port, 0x0A);
    return in(port);
}

START_TEST(the_ports_are_a_pc_s)
{
    check_region(&regions[0], 0x20, 2, 1);
    check_region(&regions[1], 0xA0, 2, 1);
    check_region(&regions[2], 0x4D0, 2, 1);
}
END_TEST

START_TEST(nothing_interrupts_before_the_initialization_words)
{
    power_on();
    set(0, true);
    ck_assert(!intr.level);
    out(0x20, 0x11);
    out(0x21, 0x20);
    out(0x21, 0x04);
    set(1, true);
    ck_assert(!intr.level);
    out(0x21, 0x01);
    ck_assert(intr.level);
}
END_TEST

START_TEST(a_request_goes_from_irr_to_isr_with_its_vector)
{
    set(1, true);
    ck_assert(intr.level && sim_pic8259_pending(&pic));
    ck_assert_uint_eq(in(0x20), 0x02); /* IRR is what ICW1 selects */
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    ck_assert(!intr.level && !sim_pic8259_pending(&pic));
    ck_assert_uint_eq(in(0x20), 0x00);
    ck_assert_uint_eq(in_service(0x20), 0x02);
    ck_assert_uint_eq(in(0x20), 0x02); /* the selection stays */
    out(0x20, 0x20);
    ck_assert_uint_eq(in(0x20), 0x00);
}
END_TEST

START_TEST(a_second_input_goes_through_the_cascade)
{
    set(12, true);
    ck_assert_uint_eq(requests(0x20), 0x04);
    ck_assert_uint_eq(requests(0xA0), 0x10);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x2C);
    ck_assert_uint_eq(in_service(0x20), 0x04);
    ck_assert_uint_eq(in_service(0xA0), 0x10);
    out(0xA0, 0x20);
    ck_assert_uint_eq(in(0xA0), 0x00);
    ck_assert_uint_eq(in(0x20), 0x04);
}
END_TEST

START_TEST(the_lower_number_has_the_higher_priority_and_nests)
{
    set(5, true);
    set(3, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x23);
    ck_assert(!intr.level);
    set(4, true);
    ck_assert(!intr.level);
    set(1, true);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    ck_assert_uint_eq(in_service(0x20), 0x0A);
    out(0x20, 0x20);
    ck_assert_uint_eq(in(0x20), 0x08);
    ck_assert(!intr.level);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x25);
}
END_TEST

START_TEST(the_second_chip_ranks_between_1_and_3)
{
    set(3, true);
    set(15, true);
    set(8, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x28);
    out(0xA0, 0x20);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x2F);
    out(0xA0, 0x20);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x23);
}
END_TEST

START_TEST(an_edge_interrupts_once)
{
    set(4, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
    out(0x20, 0x20);
    ck_assert(!intr.level);
    set(4, true);
    ck_assert(!intr.level);
    set(4, false);
    set(4, true);
    ck_assert(intr.level);
}
END_TEST

/* "Edge and Level Triggered Modes": the input must stay high until the acknowledge. */
START_TEST(an_edge_that_falls_before_the_acknowledge_is_spurious_ir7)
{
    set(4, true);
    set(4, false);
    ck_assert_uint_eq(requests(0x20), 0x00);
    ck_assert(!intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x27);
    ck_assert_uint_eq(in_service(0x20), 0x00);
}
END_TEST

START_TEST(a_level_interrupts_until_it_is_gone)
{
    out(0x4D0, 0x20);
    set(5, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x25);
    ck_assert_uint_eq(requests(0x20), 0x20);
    ck_assert(!intr.level);
    out(0x20, 0x20);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x25);
    set(5, false);
    out(0x20, 0x20);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(elcr_keeps_the_edges_of_timer_keyboard_cascade_clock_and_fpu)
{
    out(0x4D0, 0xFF);
    out(0x4D1, 0xFF);
    ck_assert_uint_eq(in(0x4D0), 0xF8);
    ck_assert_uint_eq(in(0x4D1), 0xDE);
}
END_TEST

START_TEST(a_masked_input_waits_in_irr)
{
    out(0x21, 0x02);
    ck_assert_uint_eq(in(0x21), 0x02);
    set(1, true);
    ck_assert(!intr.level);
    ck_assert_uint_eq(requests(0x20), 0x02);
    out(0x21, 0x00);
    ck_assert(intr.level);
    out(0x21, 0xFB);
    set(9, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x29);
}
END_TEST

START_TEST(masking_the_cascade_masks_the_second_chip)
{
    out(0x21, 0x04);
    set(9, true);
    ck_assert(!intr.level);
}
END_TEST

static bool may_come(void)
{
    const struct sim_interrupt_source source = sim_pic8259_source(&pic);

    return source.may_come(source.self);
}

START_TEST(an_interrupt_may_come_by_an_input_that_is_open)
{
    power_on();
    ck_assert(!may_come()); /* no initialization words */
    initialize(0x01);
    out(0x21, 0xFF);
    out(0xA1, 0x00);
    ck_assert(!may_come()); /* the cascade is masked */
    out(0x21, 0xFB);
    ck_assert(may_come());
    out(0xA1, 0xFF);
    ck_assert(!may_come());
    out(0x21, 0x7F);
    ck_assert(may_come());
}
END_TEST

START_TEST(specific_eoi_ends_what_it_names)
{
    set(5, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x25);
    set(3, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x23);
    out(0x20, 0x65);
    ck_assert_uint_eq(in_service(0x20), 0x08);
    out(0x20, 0x65);
    ck_assert_uint_eq(in(0x20), 0x08);
    out(0x20, 0x40); /* R=0 SL=1 EOI=0: no operation */
    ck_assert_uint_eq(in(0x20), 0x08);
}
END_TEST

/* OCW2 R SL EOI = 101: what was served becomes the lowest. "Automatic Rotation" */
START_TEST(rotate_on_eoi_makes_the_served_input_the_lowest)
{
    set(4, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
    out(0x20, 0xA0);
    set(4, false);
    set(4, true);
    set(0, true);
    set(5, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x25);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x20);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
}
END_TEST

START_TEST(non_specific_eoi_follows_the_rotated_priorities)
{
    out(0x20, 0xC3); /* 3 is the lowest: 4 is the highest, 0 below 7 */
    set(0, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x20);
    set(4, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
    ck_assert_uint_eq(in_service(0x20), 0x11);
    out(0x20, 0x20);
    ck_assert_uint_eq(in(0x20), 0x01);
}
END_TEST

START_TEST(rotate_on_specific_eoi_does_both)
{
    set(3, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x23);
    out(0x20, 0xE3);
    ck_assert_uint_eq(in_service(0x20), 0x00);
    set(0, true);
    set(4, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
}
END_TEST

START_TEST(automatic_eoi_leaves_nothing_in_service_and_may_rotate)
{
    initialize(0x03);
    set(6, true);
    set(1, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    ck_assert_uint_eq(in_service(0x20), 0x00);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x26);
    out(0x20, 0x80); /* rotate in automatic EOI mode */
    set(1, false);
    set(1, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    set(1, false);
    set(1, true);
    set(7, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x27);
    out(0x20, 0x00);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    set(0, true);
    set(1, false);
    set(1, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x20);
}
END_TEST

START_TEST(special_mask_mode_lets_lower_priorities_through_a_masked_service)
{
    set(1, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x21);
    set(4, true);
    out(0x21, 0x02);
    ck_assert(!intr.level);
    out(0x20, 0x68);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x24);
    out(0x20, 0x20); /* does not touch the masked one */
    ck_assert_uint_eq(in_service(0x20), 0x02);
    out(0x20, 0x08); /* ESMM = 0: no change */
    set(5, true);
    ck_assert(intr.level);
    out(0x20, 0x48);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(special_fully_nested_mode_lets_the_second_chip_interrupt_itself)
{
    set(12, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x2C);
    set(8, true);
    ck_assert(!intr.level);
    set(8, false);
    set(12, false);
    initialize(0x11);
    set(12, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x2C);
    set(3, true);
    ck_assert(!intr.level);
    set(8, true);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x28);
}
END_TEST

START_TEST(a_poll_acknowledges_without_a_vector)
{
    set(6, true);
    out(0x20, 0x0C);
    ck_assert_uint_eq(in(0x20), 0x86);
    ck_assert(!intr.level);
    set(7, true);
    ck_assert_uint_eq(in(0x20), 0x80); /* IRR again */
    ck_assert_uint_eq(in_service(0x20), 0x40);
    out(0x20, 0x0C);
    ck_assert_uint_eq(in(0x20), 0x00);
    set(11, true);
    out(0xA0, 0x0C);
    ck_assert_uint_eq(in(0xA1), 0x83);
    ck_assert_uint_eq(in_service(0xA0), 0x08);
    ck_assert_uint_eq(in(0xA1), 0x00);
}
END_TEST

/* "Initialization Command Words", a to f. */
START_TEST(icw1_clears_the_mask_the_edges_and_the_modes)
{
    out(0x21, 0xFF);
    out(0x20, 0x68);
    out(0x20, 0xC2);
    set(3, true);
    (void)in_service(0x20);
    initialize(0x01);
    ck_assert_uint_eq(in(0x21), 0x00);
    ck_assert_uint_eq(in(0x20), 0x00); /* IRR; the input that is high needs a new edge */
    ck_assert(!intr.level);
    set(0, true);
    set(3, false);
    set(3, true);
    ck_assert_uint_eq(in(0x20), 0x09);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x20);
    out(0x21, 0x01);
    ck_assert(!intr.level); /* special mask mode is off */
}
END_TEST

START_TEST(icw1_with_sngl_skips_icw3_and_without_ic4_skips_icw4)
{
    out(0x20, 0x13);
    out(0x21, 0x40);
    out(0x21, 0x01);
    out(0x21, 0xAA);
    ck_assert_uint_eq(in(0x21), 0xAA);
    out(0x21, 0x00);
    set(9, true); /* no cascade: input 2 is like others */
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x42);
    out(0x20, 0x10);
    out(0x21, 0x40);
    out(0x21, 0x04);
    out(0x21, 0x55);
    ck_assert_uint_eq(in(0x21), 0x55);
}
END_TEST

/* "Interrupt Sequence", MCS-80/85: A7 to A5 from ICW1, then 4 or 8 bytes an input. */
START_TEST(without_icw4_the_vector_is_a_low_address_byte_of_8080_mode)
{
    out(0x20, 0xF6); /* ADI, SNGL, A7:A5 = 111 */
    out(0x21, 0x20);
    set(3, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0xEC);
    out(0x20, 0xF2);
    out(0x21, 0x20);
    set(3, false);
    set(3, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0xD8);
}
END_TEST

START_TEST(icw2_gives_the_upper_five_bits)
{
    out(0x20, 0x13);
    out(0x21, 0xFF);
    out(0x21, 0x01);
    set(1, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0xF9);
}
END_TEST

START_TEST(nobody_answers_for_a_cascade_with_the_wrong_identity)
{
    out(0xA0, 0x11);
    out(0xA1, 0x28);
    out(0xA1, 0x05);
    out(0xA1, 0x01);
    set(9, true);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0xFF);
}
END_TEST

START_TEST(a_pulse_gives_ir7_or_ir15_without_in_service_bit)
{
    sim_pic8259_pulse(&pic, 3);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x27);
    ck_assert(!intr.level);
    ck_assert_uint_eq(in_service(0x20), 0x00);
    sim_pic8259_pulse(&pic, 10);
    ck_assert(intr.level);
    ck_assert_uint_eq(sim_pic8259_acknowledge(&pic), 0x2F);
    ck_assert_uint_eq(in_service(0xA0), 0x00);
    ck_assert_uint_eq(in_service(0x20), 0x04); /* the first chip saw a request: it needs an EOI */
    out(0x20, 0x20);
    out(0x21, 0x08);
    sim_pic8259_pulse(&pic, 3);
    sim_pic8259_pulse(&pic, 2);
    sim_pic8259_pulse(&pic, 99);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(only_real_inputs_can_be_driven)
{
    set(2, true);
    set(16, true);
    set(4000000000u, true);
    ck_assert(!intr.level);
    ck_assert_uint_eq(requests(0x20), 0x00);
}
END_TEST

START_TEST(a_wide_access_is_two_ports)
{
    regions[0].write(regions[0].device, 0, 2, 0x5A0B);
    ck_assert_uint_eq(regions[0].read(regions[0].device, 0, 2), 0x5A00);
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    struct sim_device device = sim_pic8259_device(&pic);
    struct sim_pic8259 before;

    set(1, true);
    (void)sim_pic8259_acknowledge(&pic);
    set(14, true);
    memcpy(&before.state, device.state, device.state_size);
    power_on();
    memcpy(device.state, &before.state, device.state_size);
    ck_assert_uint_eq(in_service(0x20), 0x02);
    out(0x20, 0x20);
    ck_assert_uint_eq(sim_pic8259_source(&pic).acknowledge(&pic), 0x2E);
    ck_assert(!sim_pic8259_source(&pic).take_nmi(&pic));
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    struct sim_device device = sim_pic8259_device(&pic);
    struct sim_clock clock = {0};

    for (unsigned int i = 0; i < 3; i++) {
        torment(&regions[i], &device, &clock);
        set(i + 3, true);
        ck_assert_uint_le(sim_pic8259_acknowledge(&pic), 0xFF);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pic8259");
    TCase *pair = tcase_create("pair");

    tcase_add_checked_fixture(pair, power_on_and_initialize, NULL);
    tcase_add_test(pair, the_ports_are_a_pc_s);
    tcase_add_test(pair, nothing_interrupts_before_the_initialization_words);
    tcase_add_test(pair, a_request_goes_from_irr_to_isr_with_its_vector);
    tcase_add_test(pair, a_second_input_goes_through_the_cascade);
    tcase_add_test(pair, the_lower_number_has_the_higher_priority_and_nests);
    tcase_add_test(pair, the_second_chip_ranks_between_1_and_3);
    tcase_add_test(pair, an_edge_interrupts_once);
    tcase_add_test(pair, an_edge_that_falls_before_the_acknowledge_is_spurious_ir7);
    tcase_add_test(pair, a_level_interrupts_until_it_is_gone);
    tcase_add_test(pair, elcr_keeps_the_edges_of_timer_keyboard_cascade_clock_and_fpu);
    tcase_add_test(pair, a_masked_input_waits_in_irr);
    tcase_add_test(pair, masking_the_cascade_masks_the_second_chip);
    tcase_add_test(pair, an_interrupt_may_come_by_an_input_that_is_open);
    tcase_add_test(pair, specific_eoi_ends_what_it_names);
    tcase_add_test(pair, rotate_on_eoi_makes_the_served_input_the_lowest);
    tcase_add_test(pair, non_specific_eoi_follows_the_rotated_priorities);
    tcase_add_test(pair, rotate_on_specific_eoi_does_both);
    tcase_add_test(pair, automatic_eoi_leaves_nothing_in_service_and_may_rotate);
    tcase_add_test(pair, special_mask_mode_lets_lower_priorities_through_a_masked_service);
    tcase_add_test(pair, special_fully_nested_mode_lets_the_second_chip_interrupt_itself);
    tcase_add_test(pair, a_poll_acknowledges_without_a_vector);
    tcase_add_test(pair, icw1_clears_the_mask_the_edges_and_the_modes);
    tcase_add_test(pair, icw1_with_sngl_skips_icw3_and_without_ic4_skips_icw4);
    tcase_add_test(pair, without_icw4_the_vector_is_a_low_address_byte_of_8080_mode);
    tcase_add_test(pair, icw2_gives_the_upper_five_bits);
    tcase_add_test(pair, nobody_answers_for_a_cascade_with_the_wrong_identity);
    tcase_add_test(pair, a_pulse_gives_ir7_or_ir15_without_in_service_bit);
    tcase_add_test(pair, only_real_inputs_can_be_driven);
    tcase_add_test(pair, a_wide_access_is_two_ports);
    tcase_add_test(pair, the_state_is_all_there_is);
    tcase_add_test(pair, random_accesses_do_no_harm);
    suite_add_tcase(suite, pair);
    return suite;
}
