/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the local APIC: reset, xAPIC page, priorities, EOI, errors. [SDM 3A] 10.4-10.9. */
#include "tests/unit/apic_case.h"

/* 10.4.7.1 */
START_TEST(after_power_up_it_is_in_xapic_mode_disabled_by_software_and_masked)
{
    static const uint32_t masked[] = {0x320, 0x330, 0x340, 0x350, 0x360, 0x370};

    ck_assert_uint_eq(get(0x1B), 0xFEE00900);
    ck_assert_uint_eq(load(0x20), 0);          /* figure 10-6 */
    ck_assert_uint_eq(load(0x30), 0x01050015); /* figure 10-7: five is the last LVT entry */
    ck_assert_uint_eq(load(0x80), 0);
    ck_assert_uint_eq(load(0xD0), 0);
    ck_assert_uint_eq(load(0xE0), 0xFFFFFFFF);
    ck_assert_uint_eq(load(0xF0), 0x000000FF);
    for (size_t i = 0; i < sizeof masked / sizeof masked[0]; i++) {
        ck_assert_uint_eq(load(masked[i]), 0x00010000);
    }
    for (uint64_t offset = 0x100; offset < 0x280; offset += 0x10) {
        ck_assert_uint_eq(load(offset), 0);
    }
    ck_assert_uint_eq(load(0x380), 0);
    ck_assert_uint_eq(load(0x390), 0);
    ck_assert_uint_eq(load(0x3E0), 0);
    ck_assert_uint_eq(complaint_count, 0);
}
END_TEST

/* Figures 10-8, 10-10, 10-12, 10-13, 10-14, 10-18, 10-23. */
START_TEST(registers_keep_their_writable_bits_only)
{
    static const struct {
        uint64_t offset;
        uint32_t kept;
    } registers[] = {
        {0x020, 0},          {0x030, 0x01050015}, {0x080, 0x000000FF}, {0x090, 0},
        {0x0D0, 0xFF000000}, {0x0E0, 0xFFFFFFFF}, {0x0F0, 0x000013FF}, {0x310, 0xFF000000},
        {0x320, 0x000700FF}, {0x330, 0x000107FF}, {0x340, 0x000107FF}, {0x350, 0x0001A7FF},
        {0x360, 0x0001A7FF}, {0x370, 0x000100FF}, {0x380, 0xFFFFFFFF}, {0x3E0, 0x0000000B},
    };

    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        store(registers[i].offset, 0xFFFFFFFF);
        ck_assert_uint_eq(load(registers[i].offset), registers[i].kept);
    }
    store(0xE0, 0);
    ck_assert_uint_eq(load(0xE0), 0x0FFFFFFF);
    apic.wiring.id = 0x5A;
    ck_assert_uint_eq(load(0x20), 0x5A000000);
    store(0x300, 0xFFF3FFFF & ~0x700u); /* no shorthand, fixed, to nobody */
    ck_assert_uint_eq(load(0x300), 0x0000C8FF);
}
END_TEST

START_TEST(the_page_takes_accesses_of_32_bits)
{
    const struct sim_region page = sim_local_apic_mmio(&apic);

    ck_assert_uint_eq(page.base, 0xFEE00000);
    ck_assert_uint_eq(page.size, 0x1000);
    ck_assert_uint_eq(page.widths, 4);
}
END_TEST

/* 10.5.3, bit 7: "illegal register address" */
START_TEST(places_without_a_register_are_errors)
{
    static const uint64_t none[] = {0x000, 0x010, 0x040, 0x070, 0x290, 0x2F0, 0x3A0,
                                    0x3F0, 0x400, 0xFF0, 0x084, 0x088, 0x08C};

    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        store(0x280, 0);
        store(0x280, 0);
        ck_assert_uint_eq(load(0x280), 0);
        ck_assert_uint_eq(load(none[i]), 0);
        store(0x280, 0);
        ck_assert_uint_eq(load(0x280), 0x80);
        store(none[i], 0x55);
        store(0x280, 0);
        ck_assert_uint_eq(load(0x280), 0x80);
    }
    ck_assert_str_eq(last_complaint, "local APIC: there is no register at offset 0x08c");
}
END_TEST

/* 10.8.4: IRR to ISR, highest vector first */
START_TEST(requests_are_taken_from_the_highest_vector_down)
{
    request(0x31);
    request(0x45);
    request(0xFE);
    request(0xFF);
    ck_assert_uint_eq(take(), 0xFF);
    store(0xB0, 0);
    ck_assert_uint_eq(load(0x210), 0x00020000); /* IRR, vectors 0x20-0x3F */
    ck_assert_uint_eq(load(0x220), 0x00000020);
    ck_assert_uint_eq(load(0x270), 0x40000000);
    ck_assert_uint_eq(take(), 0xFE);
    ck_assert_uint_eq(load(0x270), 0);
    ck_assert_uint_eq(load(0x170), 0x40000000); /* ISR */
    store(0xB0, 0);
    ck_assert_uint_eq(load(0x170), 0);
    ck_assert_uint_eq(take(), 0x45);
    store(0xB0, 0);
    ck_assert_uint_eq(take(), 0x31);
    ck_assert(!pending());
}
END_TEST

/* 10.8.3.1: only a higher class interrupts a handler */
START_TEST(interrupts_nest_by_priority_class_and_eoi_ends_the_highest)
{
    request(0x41);
    ck_assert_uint_eq(take(), 0x41);
    request(0x4F); /* same class */
    ck_assert(!pending());
    request(0x35);
    ck_assert(!pending());
    request(0x50);
    ck_assert_uint_eq(take(), 0x50);
    ck_assert_uint_eq(load(0xA0), 0x50); /* PPR */
    request(0x62);
    ck_assert_uint_eq(take(), 0x62);
    ck_assert_uint_eq(load(0x120), 0x00010002); /* ISR 0x41, 0x50 */
    ck_assert_uint_eq(load(0x130), 0x00000004); /* ISR 0x62 */
    store(0xB0, 0);
    ck_assert_uint_eq(load(0xA0), 0x50);
    ck_assert(!pending());
    store(0xB0, 0);
    ck_assert_uint_eq(load(0xA0), 0x40);
    ck_assert(!pending());
    store(0xB0, 0);
    ck_assert_uint_eq(take(), 0x4F);
    store(0xB0, 0);
    ck_assert_uint_eq(take(), 0x35);
    store(0xB0, 0);
    store(0xB0, 0); /* one too many does nothing */
    ck_assert_uint_eq(load(0xA0), 0);
}
END_TEST

/* 10.8.3.1 */
START_TEST(the_task_priority_holds_off_its_class_and_below)
{
    request(0x4F);
    store(0x80, 0x40);
    ck_assert(!pending());
    ck_assert_uint_eq(load(0xA0), 0x40);
    store(0x80, 0x3F);
    ck_assert_uint_eq(load(0xA0), 0x3F);
    ck_assert_uint_eq(take(), 0x4F);
    ck_assert_uint_eq(load(0xA0), 0x40); /* the class in service, its low half 0 */
    store(0x80, 0x47);
    ck_assert_uint_eq(load(0xA0), 0x47);
    store(0x80, 0x91);
    ck_assert_uint_eq(load(0xA0), 0x91);
}
END_TEST

/* 10.8.6.1 */
START_TEST(cr8_is_the_class_of_the_task_priority)
{
    const struct sim_apic_registers registers = sim_local_apic_registers(&apic);

    store(0x80, 0xA7);
    ck_assert_uint_eq(registers.read_cr8(registers.self), 0xA);
    registers.write_cr8(registers.self, 0xD);
    ck_assert_uint_eq(load(0x80), 0xD0);
}
END_TEST

/* 10.8.5 */
START_TEST(eoi_of_a_level_triggered_interrupt_is_broadcast)
{
    ck_assert(send((struct sim_apic_message){.vector = 0x61, .trigger = SIM_APIC_LEVEL}));
    ck_assert_uint_eq(load(0x1B0), 0x00000002); /* TMR */
    ck_assert_uint_eq(take(), 0x61);
    ck_assert_uint_eq(eoi_count, 0);
    store(0xB0, 0);
    ck_assert_uint_eq(eoi_count, 1);
    ck_assert_uint_eq(last_eoi, 0x61);
    request(0x61); /* as an edge: TMR is cleared */
    ck_assert_uint_eq(load(0x1B0), 0);
    ck_assert_uint_eq(take(), 0x61);
    store(0xB0, 0);
    ck_assert_uint_eq(eoi_count, 1);
}
END_TEST

/* 10.8.5, SVR bit 12 */
START_TEST(broadcast_of_eoi_can_be_suppressed)
{
    store(0xF0, 0x11FF);
    ck_assert(send((struct sim_apic_message){.vector = 0x61, .trigger = SIM_APIC_LEVEL}));
    ck_assert_uint_eq(take(), 0x61);
    store(0xB0, 0);
    ck_assert_uint_eq(eoi_count, 0);
    ck_assert_uint_eq(load(0x130), 0);
}
END_TEST

/* 10.4.7.2 */
START_TEST(disabled_by_software_it_masks_and_refuses_but_keeps_what_waits)
{
    store(0x350, 0x700);
    request(0x40);
    store(0xF0, 0x0FF);
    ck_assert_uint_eq(load(0x350), 0x10700);
    store(0x350, 0x700);
    ck_assert_uint_eq(load(0x350), 0x10700);
    ck_assert(!send((struct sim_apic_message){.vector = 0x55}));
    ck_assert_uint_eq(take(), 0x40);
    ck_assert(!pending());
    ck_assert(send((struct sim_apic_message){.delivery = SIM_APIC_NMI}));
    ck_assert(take_nmi());
    ck_assert(!take_nmi());
}
END_TEST

/* 10.5.2, 10.5.3 */
START_TEST(vectors_below_16_are_errors_and_never_requested)
{
    request(0x0F);
    ck_assert(!pending());
    ck_assert_uint_eq(load(0x200), 0);
    ck_assert_uint_eq(load(0x280), 0); /* visible only after a write */
    store(0x280, 0xFFFFFFFF);
    ck_assert_uint_eq(load(0x280), 0x40); /* received illegal vector */
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0);
    request(0x10); /* legal, of class 1 */
    ck_assert_uint_eq(take(), 0x10);
}
END_TEST

/* 10.5.3: "rearms the APIC error interrupt triggering mechanism" */
START_TEST(the_error_interrupt_comes_once_until_esr_is_written)
{
    store(0x370, 0x3F);
    request(0x01);
    ck_assert_uint_eq(take(), 0x3F);
    store(0xB0, 0);
    request(0x02);
    ck_assert(!pending());
    store(0x280, 0);
    request(0x03);
    ck_assert_uint_eq(take(), 0x3F);
    store(0xB0, 0);
    store(0x280, 0);
    store(0x370, 0x05); /* its own vector is illegal: an error, and no end of errors */
    request(0x04);
    ck_assert(!pending());
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0x40);
}
END_TEST

/* 10.9: nobody asks without need, but the answer is defined */
START_TEST(without_a_request_the_vector_is_the_spurious_one)
{
    const struct sim_interrupt_source source = sim_local_apic_source(&apic);

    store(0xF0, 0x1EF);
    ck_assert_uint_eq(source.acknowledge(source.self), 0xEF);
    ck_assert_uint_eq(load(0x170), 0); /* no ISR bit */
}
END_TEST

/* 10.4.7.3 */
START_TEST(init_resets_all_but_the_base)
{
    ck_assert(wrmsr(0x1B, 0xFEE00800));
    store(0x80, 0x20);
    store(0xD0, 0x01000000);
    store(0x350, 0x700);
    request(0x41);
    sim_local_apic_reset(&apic, SIM_LOCAL_APIC_INIT);
    ck_assert_uint_eq(get(0x1B), 0xFEE00800);
    ck_assert_uint_eq(load(0x80), 0);
    ck_assert_uint_eq(load(0xD0), 0);
    ck_assert_uint_eq(load(0xF0), 0xFF);
    ck_assert_uint_eq(load(0x350), 0x10000);
    ck_assert(!pending());
    sim_local_apic_reset(&apic, SIM_LOCAL_APIC_POWER_UP);
    ck_assert_uint_eq(get(0x1B), 0xFEE00900);
}
END_TEST

START_TEST(a_copy_of_the_state_brings_everything_back)
{
    const struct sim_device device = sim_local_apic_device(&apic);
    struct sim_local_apic_state saved;

    store(0x320, 0x20030); /* periodic */
    store(0x380, 1000);
    request(0x45);
    ck_assert_uint_eq(device.state_size, sizeof saved);
    memcpy(&saved, device.state, sizeof saved);
    ck_assert_uint_eq(take(), 0x45);
    store(0xB0, 0);
    store(0x80, 0xF0);
    reach(777777);
    now.now = 0;
    memcpy(device.state, &saved, sizeof saved);
    ck_assert_uint_eq(take(), 0x45);
    ck_assert_uint_eq(deadline(), 20000);
    ck_assert_uint_eq(load(0x80), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("local_apic");
    TCase *off = tcase_create("after power-up");
    TCase *page = tcase_create("page");
    TCase *priority = tcase_create("priority");
    TCase *errors = tcase_create("errors");

    tcase_add_checked_fixture(off, power_up, NULL);
    tcase_add_test(off, after_power_up_it_is_in_xapic_mode_disabled_by_software_and_masked);
    suite_add_tcase(suite, off);

    tcase_add_checked_fixture(page, setup, NULL);
    tcase_add_test(page, registers_keep_their_writable_bits_only);
    tcase_add_test(page, the_page_takes_accesses_of_32_bits);
    tcase_add_test(page, init_resets_all_but_the_base);
    tcase_add_test(page, a_copy_of_the_state_brings_everything_back);
    suite_add_tcase(suite, page);

    tcase_add_checked_fixture(priority, setup, NULL);
    tcase_add_test(priority, requests_are_taken_from_the_highest_vector_down);
    tcase_add_test(priority, interrupts_nest_by_priority_class_and_eoi_ends_the_highest);
    tcase_add_test(priority, the_task_priority_holds_off_its_class_and_below);
    tcase_add_test(priority, cr8_is_the_class_of_the_task_priority);
    tcase_add_test(priority, eoi_of_a_level_triggered_interrupt_is_broadcast);
    tcase_add_test(priority, broadcast_of_eoi_can_be_suppressed);
    tcase_add_test(priority, disabled_by_software_it_masks_and_refuses_but_keeps_what_waits);
    tcase_add_test(priority, without_a_request_the_vector_is_the_spurious_one);
    suite_add_tcase(suite, priority);

    tcase_add_checked_fixture(errors, setup, NULL);
    tcase_add_test(errors, places_without_a_register_are_errors);
    tcase_add_test(errors, vectors_below_16_are_errors_and_never_requested);
    tcase_add_test(errors, the_error_interrupt_comes_once_until_esr_is_written);
    suite_add_tcase(suite, errors);
    return suite;
}
