/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the local APIC by MSR: IA32_APIC_BASE and x2APIC mode. [SDM 3A] 10.4.4, 10.12. */
#include "tests/unit/apic_case.h"

/* Figure 10-26 with MAXPHYADDR 40 */
START_TEST(reserved_bits_of_the_base_fault_and_leave_it)
{
    for (unsigned int bit = 0; bit < 64; bit++) {
        bool reserved = bit < 8 || bit == 9 || bit >= 40;

        if (bit != 10 && bit != 11) { /* the mode */
            ck_assert_uint_eq(wrmsr(0x1B, 0xFEE00900 ^ UINT64_C(1) << bit), !reserved);
            ck_assert_uint_eq(get(0x1B), reserved ? 0xFEE00900 : 0xFEE00900 ^ UINT64_C(1) << bit);
            ck_assert(wrmsr(0x1B, 0xFEE00900));
        }
    }
}
END_TEST

static void enter(uint64_t mode)
{
    power_up();
    if (mode == 0xC00) {
        ck_assert(wrmsr(0x1B, 0xFEE00D00));
    } else {
        ck_assert(wrmsr(0x1B, 0xFEE00100 | mode));
    }
}

/* Figure 10-27: disabled 0, xAPIC 0x800, x2APIC 0xC00, invalid 0x400 */
START_TEST(modes_change_along_the_arrows_only)
{
    static const struct {
        uint64_t from, to;
        bool allowed;
    } changes[] = {
        {0x000, 0x000, true}, {0x000, 0x800, true},  {0x000, 0xC00, false}, {0x000, 0x400, false},
        {0x800, 0x000, true}, {0x800, 0x800, true},  {0x800, 0xC00, true},  {0x800, 0x400, false},
        {0xC00, 0x000, true}, {0xC00, 0x800, false}, {0xC00, 0xC00, true},  {0xC00, 0x400, false},
    };

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        enter(changes[i].from);
        ck_assert_uint_eq(complaint_count, 0);
        ck_assert_uint_eq(wrmsr(0x1B, 0xFEE00100 | changes[i].to), changes[i].allowed);
        ck_assert_uint_eq(get(0x1B),
                          0xFEE00100 | (changes[i].allowed ? changes[i].to : changes[i].from));
    }
}
END_TEST

/* 10.4.3, 10.12.5.1 */
START_TEST(disabling_loses_the_registers_and_closes_page_and_msrs)
{
    uint64_t value = 0;

    store(0xF0, 0x1FF);
    store(0x80, 0x33);
    request(0x51);
    ck_assert(wrmsr(0x1B, 0xFEE00100));
    ck_assert(!pending());
    ck_assert(!send((struct sim_apic_message){.vector = 0x51}));
    ck_assert_uint_eq(load(0x30), 0xFFFFFFFF);
    store(0x80, 0x44);
    ck_assert(!rdmsr(0x808, &value));
    ck_assert(!wrmsr(0x808, 0));
    ck_assert(wrmsr(0x1B, 0xFEE00900));
    ck_assert_uint_eq(load(0xF0), 0xFF);
    ck_assert_uint_eq(load(0x80), 0);
    ck_assert(!pending());
}
END_TEST

START_TEST(a_page_moved_away_answers_nowhere_and_is_complained_about)
{
    ck_assert(wrmsr(0x1B, 0xC0000900));
    ck_assert_uint_eq(complaint_count, 1);
    ck_assert_uint_eq(load(0x30), 0xFFFFFFFF);
    ck_assert(wrmsr(0x1B, 0xFEE00900));
    ck_assert_uint_eq(load(0x30), 0x01050015);
}
END_TEST

/* 10.12.2 */
START_TEST(x2apic_registers_are_there_in_x2apic_mode_only)
{
    uint64_t value = 0;

    ck_assert(!rdmsr(0x802, &value));
    ck_assert(!wrmsr(0x808, 0));
    ck_assert(wrmsr(0x1B, 0xFEE00D00));
    ck_assert_uint_eq(get(0x803), 0x01050015);
    ck_assert_uint_eq(load(0x30), 0xFFFFFFFF);
    ck_assert(wrmsr(0x808, 0x20));
    store(0x80, 0x77);
    ck_assert_uint_eq(get(0x808), 0x20);
}
END_TEST

/* Table 10-6; offsets from 0x800 */
START_TEST(each_x2apic_register_can_be_read_or_written_as_listed)
{
    for (uint32_t i = 0; i < 0x100; i++) {
        bool readable = i == 0x02 || i == 0x03 || i == 0x08 || i == 0x0A || i == 0x0D ||
                        i == 0x0F || (i >= 0x10 && i <= 0x28) || i == 0x30 ||
                        (i >= 0x32 && i <= 0x39) || i == 0x3E;
        bool writable = i == 0x08 || i == 0x0B || i == 0x0F || i == 0x28 || i == 0x30 ||
                        (i >= 0x32 && i <= 0x38) || i == 0x3E || i == 0x3F;
        uint64_t value = 0;

        ck_assert_msg(rdmsr(0x800 + i, &value) == readable, "RDMSR 0x%x", 0x800 + i);
        ck_assert_msg(wrmsr(0x800 + i, 0) == writable, "WRMSR 0x%x", 0x800 + i);
    }
    ck_assert(!wrmsr(0x7FF, 0));
    ck_assert(!wrmsr(0x900, 0));
}
END_TEST

/* 10.12.1.3 with the figures of the registers; ICR is figure 10-28 */
START_TEST(reserved_bits_of_x2apic_registers_fault)
{
    static const struct {
        uint32_t index;
        uint64_t allowed;
    } registers[] = {
        {0x808, 0xFF},       {0x80B, 0},
        {0x80F, 0x13FF},     {0x828, 0},
        {0x832, 0x000710FF}, {0x833, 0x000117FF},
        {0x834, 0x117FF},    {0x835, 0x0001F7FF},
        {0x836, 0x0001F7FF}, {0x837, 0x110FF},
        {0x838, 0xFFFFFFFF}, {0x83E, 0xB},
        {0x83F, 0xFF},       {0x830, 0xFFFFFFFF000CCFFF},
    };

    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        for (unsigned int bit = 0; bit < 64; bit++) {
            uint64_t value = UINT64_C(1) << bit;

            setup_x2apic();
            ck_assert_msg(wrmsr(registers[i].index, value) == ((registers[i].allowed & value) != 0),
                          "WRMSR 0x%x bit %u", registers[i].index, bit);
        }
    }
}
END_TEST

START_TEST(a_refused_write_changes_nothing)
{
    ck_assert(wrmsr(0x808, 0x55));
    ck_assert(!wrmsr(0x808, 0x144));
    ck_assert_uint_eq(get(0x808), 0x55);
    ck_assert(!wrmsr(0x830, UINT64_C(0x77) << 32 | 0x1000));
    ck_assert_uint_eq(get(0x830), 0);
    ck_assert(!wrmsr(0x83F, 0x141));
    ck_assert(!pending());
}
END_TEST

/* 10.12.10.2: cluster is ID[19:4], the bit ID[3:0] */
START_TEST(the_logical_id_follows_from_the_id)
{
    static const struct {
        uint32_t id, logical;
    } ids[] = {{0, 0x00000001},
               {5, 0x00000020},
               {0x1F, 0x00018000},
               {0x20, 0x00020001},
               {0x80000, 0x80000001}};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        apic.wiring.id = ids[i].id;
        ck_assert_uint_eq(get(0x802), ids[i].id);
        ck_assert_uint_eq(get(0x80D), ids[i].logical);
    }
}
END_TEST

/* 10.12.11 */
START_TEST(self_ipi_is_one_write)
{
    ck_assert(wrmsr(0x83F, 0x93));
    ck_assert_uint_eq(get(0x824), 0x00080000); /* IRR 0x80-0x9F */
    ck_assert_uint_eq(take(), 0x93);
    ck_assert(!wrmsr(0x80B, 1)); /* EOI takes 0 only */
    ck_assert_uint_eq(get(0x814), 0x00080000);
    ck_assert(wrmsr(0x80B, 0));
    ck_assert_uint_eq(get(0x814), 0);
}
END_TEST

/* 10.5.3, bits 5 and 6 */
START_TEST(self_ipi_with_an_illegal_vector_is_an_error_of_sending_and_receiving)
{
    ck_assert(wrmsr(0x83F, 0x0F));
    ck_assert(!pending());
    ck_assert(wrmsr(0x828, 0));
    ck_assert_uint_eq(get(0x828), 0x60);
    ck_assert(!wrmsr(0x828, 1));
    ck_assert_uint_eq(get(0x828), 0x60);
}
END_TEST

/* 10.12.9: one register, the destination in the upper half */
START_TEST(icr_is_one_register_of_64_bits)
{
    ck_assert(wrmsr(0x830, UINT64_C(7) << 32 | 0x4041));
    ck_assert(!pending());
    ck_assert_uint_eq(get(0x830), UINT64_C(7) << 32 | 0x4041);
    ck_assert(wrmsr(0x830, 0x4041));
    ck_assert_uint_eq(take(), 0x41);
}
END_TEST

/* 10.12.10: physical, logical cluster and broadcast of 32 bits */
START_TEST(destinations_are_32_bits_wide)
{
    static const struct {
        uint64_t icr;
        bool taken;
    } writes[] = {
        {0x0000000000000040, true},  {0xFFFFFFFF00000040, true},  {0x000000FF00000040, false},
        {0x0000010000000040, false}, {0x0000000100000840, true},  {0x0000000300000840, true},
        {0x0000000200000840, false}, {0x0001000100000840, false}, {0xFFFFFFFF00000840, true},
    };

    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        ck_assert(wrmsr(0x830, writes[i].icr));
        ck_assert_msg(pending() == writes[i].taken, "write %zu", i);
        if (writes[i].taken) {
            ck_assert_uint_eq(take(), 0x40);
            ck_assert(wrmsr(0x80B, 0));
        }
    }
}
END_TEST

START_TEST(a_logical_destination_is_a_cluster_and_a_bit)
{
    apic.wiring.id = 0x1F; /* cluster 1, bit 15 */
    ck_assert(wrmsr(0x830, 0x0001800000000840));
    ck_assert_uint_eq(take(), 0x40);
    ck_assert(wrmsr(0x80B, 0));
    ck_assert(wrmsr(0x830, 0x0000800000000840));
    ck_assert(wrmsr(0x830, 0x00017FFF00000840));
    ck_assert(!pending());
}
END_TEST

/* 10.5.4: what has expired under the mask is lost in this mode, too */
START_TEST(a_timer_that_expired_masked_stays_silent_when_unmasked)
{
    ck_assert(wrmsr(0x832, 0x10040));
    ck_assert(wrmsr(0x838, 10));
    now.now = 1000; /* nobody calls advance */
    ck_assert_uint_eq(get(0x839), 0);
    ck_assert(wrmsr(0x838, 10));
    now.now = 2000;
    ck_assert(wrmsr(0x832, 0x00040));
    reach(3000);
    ck_assert(!pending());
}
END_TEST

/* 10.12.6: messages of devices have 8 bits, and their own broadcast */
START_TEST(the_broadcast_of_devices_reaches_an_x2apic)
{
    ck_assert(send((struct sim_apic_message){.destination = 0xFF, .vector = 0x40}));
    ck_assert(send((struct sim_apic_message){.destination = 0x00, .vector = 0x41}));
    ck_assert(!send((struct sim_apic_message){.destination = 0x01, .vector = 0x42}));
    ck_assert(send(
        (struct sim_apic_message){.destination = 0x01, .mode = SIM_APIC_LOGICAL, .vector = 0x43}));
}
END_TEST

/* 10.12.5.1 */
START_TEST(init_in_x2apic_mode_stays_in_x2apic_mode)
{
    ck_assert(wrmsr(0x808, 0x20));
    sim_local_apic_reset(&apic, SIM_LOCAL_APIC_INIT);
    ck_assert_uint_eq(get(0x1B), 0xFEE00D00);
    ck_assert_uint_eq(get(0x808), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("local_apic_msr");
    TCase *base = tcase_create("base");
    TCase *x2apic = tcase_create("x2apic");

    tcase_add_checked_fixture(base, power_up, NULL);
    tcase_add_test(base, reserved_bits_of_the_base_fault_and_leave_it);
    tcase_add_test(base, modes_change_along_the_arrows_only);
    tcase_add_test(base, disabling_loses_the_registers_and_closes_page_and_msrs);
    tcase_add_test(base, a_page_moved_away_answers_nowhere_and_is_complained_about);
    tcase_add_test(base, x2apic_registers_are_there_in_x2apic_mode_only);
    suite_add_tcase(suite, base);

    tcase_add_checked_fixture(x2apic, setup_x2apic, NULL);
    tcase_add_test(x2apic, each_x2apic_register_can_be_read_or_written_as_listed);
    tcase_add_test(x2apic, reserved_bits_of_x2apic_registers_fault);
    tcase_add_test(x2apic, a_refused_write_changes_nothing);
    tcase_add_test(x2apic, the_logical_id_follows_from_the_id);
    tcase_add_test(x2apic, self_ipi_is_one_write);
    tcase_add_test(x2apic, self_ipi_with_an_illegal_vector_is_an_error_of_sending_and_receiving);
    tcase_add_test(x2apic, icr_is_one_register_of_64_bits);
    tcase_add_test(x2apic, destinations_are_32_bits_wide);
    tcase_add_test(x2apic, a_logical_destination_is_a_cluster_and_a_bit);
    tcase_add_test(x2apic, a_timer_that_expired_masked_stays_silent_when_unmasked);
    tcase_add_test(x2apic, the_broadcast_of_devices_reaches_an_x2apic);
    tcase_add_test(x2apic, init_in_x2apic_mode_stays_in_x2apic_mode);
    suite_add_tcase(suite, x2apic);
    return suite;
}
