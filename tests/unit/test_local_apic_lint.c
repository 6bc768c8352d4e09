/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the local APIC's pins and of the way past it to the 8259 pair. [SDM 3A] 10.5.1. */
#include "tests/unit/apic_case.h"

/* A pin does not fall because the APIC is reset: no edge when it is driven high again. */
START_TEST(reset_keeps_the_levels_of_the_pins)
{
    for (unsigned int pin = 0; pin < 2; pin++) {
        drive(pin, true);
        drive(1 - pin, false);
        sim_local_apic_reset(&apic, SIM_LOCAL_APIC_POWER_UP);
        store(0xF0, 0x1FF);
        store(0x350, 0x00041);
        store(0x360, 0x00042);
        drive(pin, true);
        ck_assert(!pending());
        drive(1 - pin, true);
        ck_assert_uint_eq(take(), 0x42 - pin);
        store(0xB0, 0);
    }
}
END_TEST

/* 10.5.1: a request of the pair passes by whatever the priority */
START_TEST(lint0_as_extint_lets_the_8259_pair_through)
{
    pair_requests = true;
    ck_assert(!pending());
    store(0x350, 0x00700);
    store(0x80, 0xFF);
    ck_assert_uint_eq(take(), 0x20);
    ck_assert_uint_eq(pair_acknowledged, 1);
    ck_assert_uint_eq(load(0x110), 0); /* no ISR bit */
    pair_requests = true;
    store(0x350, 0x10700);
    ck_assert(!pending());
    store(0x350, 0x00031); /* fixed: its pin decides */
    ck_assert(!pending());
    ck_assert_uint_eq(complaint_count, 0);
}
END_TEST

START_TEST(the_apics_own_interrupts_go_before_the_8259_pair)
{
    store(0x350, 0x00700);
    pair_requests = true;
    request(0x41);
    ck_assert_uint_eq(take(), 0x41);
    ck_assert_uint_eq(take(), 0x20);
    ck_assert(!pending());
}
END_TEST

/* 10.4.3 */
START_TEST(disabled_it_is_not_there_pins_are_intr_and_nmi)
{
    ck_assert(wrmsr(0x1B, 0xFEE00100));
    ck_assert(!pending());
    pair_requests = true;
    ck_assert_uint_eq(take(), 0x20);
    drive(1, true);
    ck_assert(take_nmi());
    drive(1, true); /* no new edge */
    ck_assert(!take_nmi());
    drive(1, false);
    drive(0, true);
    ck_assert(!take_nmi());
}
END_TEST

START_TEST(virtual_wire_mode_is_ready_for_an_operating_system)
{
    sim_local_apic_reset(&apic, SIM_LOCAL_APIC_POWER_UP);
    sim_local_apic_set_virtual_wire(&apic);
    ck_assert_uint_eq(load(0xF0), 0x1FF);
    ck_assert_uint_eq(load(0x350), 0x700);
    ck_assert_uint_eq(load(0x360), 0x400);
    pair_requests = true;
    ck_assert_uint_eq(take(), 0x20);
    drive(1, true);
    ck_assert(take_nmi());
}
END_TEST

/* 10.8.1: an ExtINT message, from an I/O APIC's entry, is one acknowledgement of the pair */
START_TEST(an_extint_message_lets_one_request_of_the_pair_through)
{
    pair_requests = true;
    ck_assert(send((struct sim_apic_message){.delivery = SIM_APIC_EXTINT}));
    ck_assert_uint_eq(take(), 0x20);
    pair_requests = true;
    ck_assert(!pending());
}
END_TEST

START_TEST(pins_obey_mask_polarity_and_edges)
{
    store(0x360, 0x10400);
    drive(1, true); /* masked: lost */
    store(0x360, 0x00400);
    ck_assert(!take_nmi());
    drive(1, false);
    ck_assert(!take_nmi());
    drive(1, true);
    ck_assert(take_nmi());
    store(0x360, 0x0A061); /* fixed, active low; "level" has no meaning on LINT1 */
    ck_assert(!pending());
    drive(1, false);
    ck_assert_uint_eq(take(), 0x61);
    store(0xB0, 0);
    ck_assert(!pending());
    ck_assert_uint_eq(eoi_count, 0);
    store(0x350, 0x00071); /* LINT0, fixed, edge */
    drive(0, true);
    drive(0, true);
    ck_assert_uint_eq(take(), 0x71);
    ck_assert_uint_eq(load(0x350), 0x00071);
    store(0xB0, 0);
    store(0x350, 0x08071); /* LINT0's trigger mode is not LINT1's; it is active, too */
    ck_assert_uint_eq(take(), 0x71);
    drive(0, false);
    store(0xB0, 0);
    drive(1, true);
    drive(1, false);
    ck_assert_uint_eq(take(), 0x61);
    store(0xB0, 0);
    drive(2, true); /* no such pin */
    ck_assert(!pending());
}
END_TEST

/* 10.5.1, "Remote IRR" */
START_TEST(a_level_triggered_pin_requests_again_after_eoi)
{
    store(0x350, 0x08062);
    drive(0, true);
    ck_assert_uint_eq(load(0x350), 0x0C062);
    ck_assert_uint_eq(take(), 0x62);
    drive(0, true);
    ck_assert_uint_eq(load(0x230), 0); /* not yet */
    store(0xB0, 0);
    ck_assert_uint_eq(take(), 0x62);
    drive(0, false);
    store(0xB0, 0);
    ck_assert(!pending());
    ck_assert_uint_eq(load(0x350), 0x08062);
    store(0x350, 0x18062);
    drive(0, true);
    ck_assert(!pending());
    store(0x350, 0x08062); /* unmasked while active */
    ck_assert_uint_eq(take(), 0x62);
    store(0x350, 0x18062);
    ck_assert_uint_eq(load(0x350), 0x1C062); /* read-only, and kept */
    store(0x350, 0x00062);                   /* remote IRR does not outlive level mode */
    ck_assert_uint_eq(load(0x350), 0x00062);
}
END_TEST

/* 10.5.3, bit 6: also for what comes from the local vector table */
START_TEST(a_level_triggered_pin_with_an_illegal_vector_is_an_error_and_never_in_service)
{
    drive(0, true);
    store(0x350, 0x0800F);
    ck_assert_uint_eq(load(0x350), 0x0800F);
    ck_assert(!pending());
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0x40);
    store(0x350, 0x080F0);
    ck_assert_uint_eq(take(), 0xF0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("local_apic_lint");
    TCase *pins = tcase_create("pins");

    tcase_add_checked_fixture(pins, setup, NULL);
    tcase_add_test(pins, lint0_as_extint_lets_the_8259_pair_through);
    tcase_add_test(pins, the_apics_own_interrupts_go_before_the_8259_pair);
    tcase_add_test(pins, disabled_it_is_not_there_pins_are_intr_and_nmi);
    tcase_add_test(pins, reset_keeps_the_levels_of_the_pins);
    tcase_add_test(pins, virtual_wire_mode_is_ready_for_an_operating_system);
    tcase_add_test(pins, an_extint_message_lets_one_request_of_the_pair_through);
    tcase_add_test(pins, pins_obey_mask_polarity_and_edges);
    tcase_add_test(pins, a_level_triggered_pin_requests_again_after_eoi);
    tcase_add_test(pins,
                   a_level_triggered_pin_with_an_illegal_vector_is_an_error_and_never_in_service);
    suite_add_tcase(suite, pins);
    return suite;
}
