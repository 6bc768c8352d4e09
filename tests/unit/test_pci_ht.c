/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_ht.c. Offsets and bits: [HT 3.10] 7. */
#include "drydock/pci_ht.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

#define AT 0x40u

static struct dd_pci_address address;
static struct fake_function *function;

/* A capability whose bytes count. */
static void setup(void)
{
    fake_reset();
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    for (unsigned int i = 0; i < 0x40; i++) {
        function->bytes[AT + i] = (uint8_t)(0x80 + i);
    }
}

static void put_command(uint16_t command)
{
    function->bytes[AT] = 0x08;
    function->bytes[AT + 1] = 0x00;
    memcpy(&function->bytes[AT + 2], &command, 2);
}

static const struct {
    uint16_t command;
    unsigned int type;
} types[] = {
    {0x0000, 0x00}, {0x1FFF, 0x00}, {0x2000, 0x04}, {0x3FFF, 0x04}, {0x4000, 0x08}, {0x4800, 0x09},
    {0x8000, 0x10}, {0x87FF, 0x10}, {0x8800, 0x11}, {0x9000, 0x12}, {0x9800, 0x13}, {0xA000, 0x14},
    {0xA803, 0x15}, {0xB000, 0x16}, {0xB800, 0x17}, {0xC000, 0x18}, {0xC800, 0x19}, {0xD000, 0x1A},
    {0xD800, 0x1B}, {0xE000, 0x1C}, {0xFFFF, 0x1F},
};

START_TEST(the_type_is_three_bits_of_interfaces_and_five_of_others)
{
    uint16_t command;

    ck_assert_uint_eq(dd_pci_ht_type(types[_i].command), types[_i].type);
    put_command(types[_i].command);
    ck_assert_int_eq(dd_pci_ht_read(&fake.access, address, AT, &command), DD_OK);
    ck_assert_uint_eq(command, types[_i].command);
}
END_TEST

/* ---- Interfaces ---- */

START_TEST(registers_of_a_slave_are_where_the_manual_has_them)
{
    struct dd_pci_ht_interface slave;

    put_command(0x1234);
    ck_assert_int_eq(dd_pci_ht_read_interface(&fake.access, address, AT, &slave), DD_OK);
    ck_assert_int_eq(slave.type, 0x00);
    ck_assert_uint_eq(slave.command, 0x1234);
    ck_assert_uint_eq(slave.link_count, 2);
    ck_assert_uint_eq(slave.links[0].control, 0x8584);
    ck_assert_uint_eq(slave.links[0].configuration, 0x8786);
    ck_assert_uint_eq(slave.links[1].control, 0x8988);
    ck_assert_uint_eq(slave.links[1].configuration, 0x8B8A);
    ck_assert_uint_eq(slave.revision, 0x8C);
    ck_assert_uint_eq(slave.links[0].frequency_error, 0x8D);
    ck_assert_uint_eq(slave.links[0].frequencies, 0x8F8E);
    ck_assert_uint_eq(slave.features, 0x90);
    ck_assert_uint_eq(slave.links[1].frequency_error, 0x91);
    ck_assert_uint_eq(slave.links[1].frequencies, 0x9392);
    ck_assert_uint_eq(slave.scratchpad, 0x9594);
    ck_assert_uint_eq(slave.error_handling, 0x9796);
    ck_assert_uint_eq(slave.memory_base_upper, 0x98);
    ck_assert_uint_eq(slave.memory_limit_upper, 0x99);
    ck_assert_uint_eq(slave.bus, 0x9A);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(registers_of_a_host_are_where_the_manual_has_them)
{
    struct dd_pci_ht_interface host;

    put_command(0x3234);
    ck_assert_int_eq(dd_pci_ht_read_interface(&fake.access, address, AT, &host), DD_OK);
    ck_assert_int_eq(host.type, 0x04);
    ck_assert_uint_eq(host.link_count, 1);
    ck_assert_uint_eq(host.links[0].control, 0x8584);
    ck_assert_uint_eq(host.links[0].configuration, 0x8786);
    ck_assert_uint_eq(host.revision, 0x88);
    ck_assert_uint_eq(host.links[0].frequency_error, 0x89);
    ck_assert_uint_eq(host.links[0].frequencies, 0x8B8A);
    ck_assert_uint_eq(host.features, 0x8D8C);
    ck_assert_uint_eq(host.scratchpad, 0x9190);
    ck_assert_uint_eq(host.error_handling, 0x9392);
    ck_assert_uint_eq(host.memory_base_upper, 0x94);
    ck_assert_uint_eq(host.memory_limit_upper, 0x95);
    ck_assert_uint_eq(host.bus, 0);
}
END_TEST

START_TEST(other_types_are_no_interfaces)
{
    struct dd_pci_ht_interface interface = {.offset = 7};

    put_command(0x4000);
    ck_assert_int_eq(dd_pci_ht_read_interface(&fake.access, address, AT, &interface), DD_ENOTSUP);
    ck_assert_uint_eq(interface.offset, 7);
    ck_assert_uint_eq(fake.access_count, 1);
}
END_TEST

START_TEST(an_interface_may_end_with_the_first_256_bytes_and_not_later)
{
    static const struct {
        uint16_t command;
        uint16_t last;
    } ends[] = {{0x0000, 0xE4}, {0x2000, 0xE8}};
    struct dd_pci_ht_interface interface;

    memcpy(&function->bytes[ends[_i].last + 2], &ends[_i].command, 2);
    memcpy(&function->bytes[ends[_i].last + 6], &ends[_i].command, 2);
    ck_assert_int_eq(dd_pci_ht_read_interface(&fake.access, address, ends[_i].last, &interface),
                     DD_OK);
    ck_assert_int_eq(
        dd_pci_ht_read_interface(&fake.access, address, (uint16_t)(ends[_i].last + 4), &interface),
        DD_EMALFORMED);
}
END_TEST

START_TEST(an_interface_that_vanishes_at_any_read_is_gone)
{
    struct dd_pci_ht_interface interface = {.offset = 7};

    put_command(0x0000);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(dd_pci_ht_read_interface(&fake.access, address, AT, &interface), DD_ENODEV);
    ck_assert_uint_eq(interface.offset, 7);
}
END_TEST

START_TEST(frequencies_and_widths_are_numbers)
{
    static const unsigned int frequencies[17] = {200,  300,  400,  500,  600,  800,  1000, 1200,
                                                 1400, 1600, 1800, 2000, 2200, 2400, 2600};
    static const unsigned int widths[9] = {8, 16, 0, 32, 2, 4, 0, 0};

    for (unsigned int i = 0; i < 17; i++) {
        ck_assert_uint_eq(dd_pci_ht_frequency(i), frequencies[i]);
    }
    for (unsigned int i = 0; i < 9; i++) {
        ck_assert_uint_eq(dd_pci_ht_width(i), widths[i]);
    }
}
END_TEST

/* ---- Message signalled interrupts ---- */

START_TEST(a_mapping_has_its_own_base_unless_it_is_fixed)
{
    struct dd_pci_ht_msi_mapping mapping;

    put_command(0xA801);
    fake_put32(function, AT + 4, 0xFEEFFFFF);
    fake_put32(function, AT + 8, 0x00000012);
    ck_assert_int_eq(dd_pci_ht_read_msi_mapping(&fake.access, address, AT, &mapping), DD_OK);
    ck_assert_uint_eq(mapping.base, 0x12FEE00000);
    fake_forget();
    put_command(0xA803);
    ck_assert_int_eq(dd_pci_ht_read_msi_mapping(&fake.access, address, AT, &mapping), DD_OK);
    ck_assert_uint_eq(mapping.base, 0xFEE00000);
    ck_assert_uint_eq(fake.access_count, 1);
    put_command(0xB003);
    ck_assert_int_eq(dd_pci_ht_read_msi_mapping(&fake.access, address, AT, &mapping), DD_ENOTSUP);
}
END_TEST

START_TEST(a_mapping_that_vanishes_at_any_read_is_gone)
{
    struct dd_pci_ht_msi_mapping mapping;

    put_command(0xA800);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(dd_pci_ht_read_msi_mapping(&fake.access, address, AT, &mapping), DD_ENODEV);
}
END_TEST

START_TEST(a_mapping_is_switched_and_stays_what_it_is)
{
    struct dd_pci_ht_msi_mapping mapping;

    put_command(0xA802);
    function->writable[AT + 2] = 0x01;
    ck_assert_int_eq(dd_pci_ht_read_msi_mapping(&fake.access, address, AT, &mapping), DD_OK);
    ck_assert_int_eq(dd_pci_ht_enable_msi_mapping(&fake.access, address, &mapping), DD_OK);
    ck_assert_uint_eq(fake_get32(function, AT), 0xA8030008);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].value, 0xA803);
    ck_assert_int_eq(dd_pci_ht_disable_msi_mapping(&fake.access, address, &mapping), DD_OK);
    ck_assert_uint_eq(fake_get32(function, AT), 0xA8020008);
    fake_forget();
    fake.vanish_at = 0;
    ck_assert_int_eq(dd_pci_ht_enable_msi_mapping(&fake.access, address, &mapping), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_ht");
    TCase *interfaces = tcase_create("interfaces");
    TCase *mapping = tcase_create("mapping");

    tcase_add_checked_fixture(interfaces, setup, NULL);
    tcase_add_loop_test(interfaces, the_type_is_three_bits_of_interfaces_and_five_of_others, 0,
                        COUNT(types));
    tcase_add_test(interfaces, registers_of_a_slave_are_where_the_manual_has_them);
    tcase_add_test(interfaces, registers_of_a_host_are_where_the_manual_has_them);
    tcase_add_test(interfaces, other_types_are_no_interfaces);
    tcase_add_loop_test(interfaces, an_interface_may_end_with_the_first_256_bytes_and_not_later, 0,
                        2);
    tcase_add_loop_test(interfaces, an_interface_that_vanishes_at_any_read_is_gone, 0, 16);
    tcase_add_test(interfaces, frequencies_and_widths_are_numbers);
    suite_add_tcase(suite, interfaces);

    tcase_add_checked_fixture(mapping, setup, NULL);
    tcase_add_test(mapping, a_mapping_has_its_own_base_unless_it_is_fixed);
    tcase_add_loop_test(mapping, a_mapping_that_vanishes_at_any_read_is_gone, 0, 3);
    tcase_add_test(mapping, a_mapping_is_switched_and_stays_what_it_is);
    suite_add_tcase(suite, mapping);
    return suite;
}
