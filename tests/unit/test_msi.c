/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of message-signalled interrupts. [SDM 3A] 10.11. */
#include "sim/devices/msi.h"
#include "tests/unit/apic_case.h"

/* 10.11.1, 10.11.2 */
START_TEST(address_and_data_are_decoded)
{
    struct sim_apic_message message;

    ck_assert_int_eq(sim_msi_decode(0xFEE5A000, 0x00000031, &message), SIM_MSI_MESSAGE);
    ck_assert_uint_eq(message.destination, 0x5A);
    ck_assert_int_eq(message.mode, SIM_APIC_PHYSICAL);
    ck_assert_uint_eq(message.delivery, 0);
    ck_assert_int_eq(message.trigger, SIM_APIC_EDGE);
    ck_assert_uint_eq(message.vector, 0x31);
    ck_assert_int_eq(sim_msi_decode(0xFEEFF00C, 0x0000C1E2, &message), SIM_MSI_MESSAGE);
    ck_assert_uint_eq(message.destination, 0xFF);
    ck_assert_int_eq(message.mode, SIM_APIC_LOGICAL);
    ck_assert_uint_eq(message.delivery, 1);
    ck_assert_int_eq(message.trigger, SIM_APIC_LEVEL);
    ck_assert_uint_eq(message.vector, 0xE2);
    ck_assert_int_eq(sim_msi_decode(0xFEE01FF3, 0xFFFF3440, &message), SIM_MSI_MESSAGE);
    ck_assert_uint_eq(message.destination, 0x01); /* bits 11:4 and data 31:16, 13:11 are reserved */
    ck_assert_int_eq(message.mode, SIM_APIC_PHYSICAL);
    ck_assert_uint_eq(message.delivery, 4);
    ck_assert_int_eq(message.trigger, SIM_APIC_EDGE);
}
END_TEST

START_TEST(a_level_of_0_is_no_interrupt)
{
    struct sim_apic_message message = {.vector = 0x77};

    ck_assert_int_eq(sim_msi_decode(0xFEE00000, 0x8031, &message), SIM_MSI_DEASSERT);
    ck_assert_uint_eq(message.vector, 0x77);
    ck_assert_int_eq(sim_msi_decode(0xFEE00000, 0x0031, &message), SIM_MSI_MESSAGE);
}
END_TEST

START_TEST(other_addresses_are_memory)
{
    static const uint64_t others[] = {0xFEDFFFFC, 0xFEF00000, 0x1FEE00000, 0, UINT64_MAX};
    struct sim_apic_message message = {.vector = 0x77};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_int_eq(sim_msi_decode(others[i], 0x31, &message), SIM_MSI_NONE);
    }
    ck_assert_uint_eq(message.vector, 0x77);
}
END_TEST

START_TEST(a_write_of_a_device_interrupts_the_processor)
{
    const struct sim_apic_port port = sim_local_apic_port(&apic);

    ck_assert(sim_msi_write(&port, 0xFEE00000, 0x0041));
    ck_assert_uint_eq(take(), 0x41);
    ck_assert(sim_msi_write(&port, 0xFEE01000, 0x0051)); /* for somebody else */
    ck_assert(!pending());
    ck_assert(sim_msi_write(&port, 0xFEE00000, 0x0400));
    ck_assert(take_nmi());
    store(0xD0, 0x01000000);
    ck_assert(sim_msi_write(&port, 0xFEE01004, 0x0051)); /* logical, without hint */
    ck_assert_uint_eq(take(), 0x51);
    ck_assert(sim_msi_write(&port, 0xFEE00000, 0x8061));
    ck_assert(!sim_msi_write(&port, 0x00100000, 0x0061));
    ck_assert(!pending());
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("msi");
    TCase *messages = tcase_create("messages");

    tcase_add_checked_fixture(messages, setup, NULL);
    tcase_add_test(messages, address_and_data_are_decoded);
    tcase_add_test(messages, a_level_of_0_is_no_interrupt);
    tcase_add_test(messages, other_addresses_are_memory);
    tcase_add_test(messages, a_write_of_a_device_interrupts_the_processor);
    suite_add_tcase(suite, messages);
    return suite;
}
