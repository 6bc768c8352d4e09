/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_express.c. Offsets, bits and codes: [PCIe 6] 7.5.3. */
#include "drydock/pci_express.h"

#include "tests/unit/express_case.h"

#define UNBOUNDED 0xFFFFFFFFu

static enum dd_status read_at(uint16_t offset)
{
    return dd_pci_express_read(&fake.access, address, offset, &express);
}

/* Type in bits 7:4, Slot Implemented in bit 8, version in bits 3:0. */
static const struct {
    uint16_t capabilities;
    unsigned int
        groups; /* device 1, link 2, slot 4, root 8, device 2 0x10, link 2 0x20, slot 2 0x40 */
    unsigned int size;
    unsigned int reads;
} kinds[] = {
    {0x0001, 0x03, 0x14, 5},  /* endpoint */
    {0x0011, 0x03, 0x14, 5},  /* legacy endpoint */
    {0x0041, 0x0B, 0x24, 7},  /* root port without slot */
    {0x0141, 0x0F, 0x24, 9},  /* root port with slot */
    {0x0051, 0x03, 0x14, 5},  /* upstream port */
    {0x0151, 0x03, 0x14, 5},  /* Slot Implemented means nothing there */
    {0x0061, 0x03, 0x14, 5},  /* downstream port */
    {0x0161, 0x07, 0x1C, 7},  /* downstream port with slot */
    {0x0071, 0x03, 0x14, 5},  /* to PCI */
    {0x0081, 0x03, 0x14, 5},  /* from PCI */
    {0x0181, 0x07, 0x1C, 7},  /* from PCI, with slot */
    {0x0091, 0x01, 0x0C, 3},  /* integrated endpoint */
    {0x00A1, 0x09, 0x24, 5},  /* event collector */
    {0x0000, 0x03, 0x14, 5},  /* version 0 has nothing more than version 1 */
    {0x0002, 0x33, 0x34, 9},  /* endpoint, version 2 */
    {0x0142, 0x7F, 0x3C, 15}, /* root port with slot */
    {0x0162, 0x77, 0x3C, 13}, /* downstream port with slot */
    {0x0042, 0x3B, 0x34, 11}, /* root port without */
    {0x0092, 0x11, 0x2C, 5},  /* integrated endpoint */
    {0x00A2, 0x19, 0x2C, 7},  /* event collector */
    {0x0003, 0x33, 0x34, 9},  /* a version to come has these too */
};

START_TEST(groups_follow_version_and_port_type)
{
    express_begin(kinds[_i].capabilities);
    ck_assert_int_eq(read_at(0x40), DD_OK);
    ck_assert_uint_eq(express.groups, kinds[_i].groups);
    ck_assert_uint_eq(dd_pci_express_groups(kinds[_i].capabilities), kinds[_i].groups);
}
END_TEST

START_TEST(each_register_that_exists_is_read_once_and_no_other)
{
    express_begin(kinds[_i].capabilities);
    ck_assert_int_eq(read_at(0x40), DD_OK);
    ck_assert_uint_eq(fake.access_count, kinds[_i].reads);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        ck_assert(!fake.log[i].is_write);
        ck_assert_uint_lt(fake.log[i].offset, 0x40 + kinds[_i].size);
        for (unsigned int j = 0; j < i; j++) {
            ck_assert_uint_ne(fake.log[i].offset, fake.log[j].offset);
        }
    }
}
END_TEST

START_TEST(a_capability_may_end_with_the_first_256_bytes_and_not_later)
{
    const uint16_t last = (uint16_t)(0x100 - kinds[_i].size);

    express_begin(0);
    memcpy(&function->bytes[last + 2], &kinds[_i].capabilities, 2);
    memcpy(&function->bytes[last + 4 + 2], &kinds[_i].capabilities, 2);
    ck_assert_int_eq(read_at(last), DD_OK);
    ck_assert_uint_eq(express.offset, last);
    memset(&express, 0x5A, sizeof express);
    memset(&function->bytes[0x100], 0, 0x100);
    memcpy(&function->bytes[last + 2], "\0\0", 2);
    memcpy(&function->bytes[last + 4 + 2], &kinds[_i].capabilities, 2);
    ck_assert_int_eq(read_at((uint16_t)(last + 4)), DD_EMALFORMED);
    ck_assert_uint_eq(express.offset, 0x5A5A);
}
END_TEST

START_TEST(registers_are_where_the_manual_has_them)
{
    express_begin(0x0142);
    for (unsigned int at = 4; at < 0x3C; at++) {
        *express_bytes(at) = (uint8_t)(0x80 + at);
    }
    ck_assert_int_eq(read_at(0x40), DD_OK);
    ck_assert_uint_eq(express.offset, 0x40);
    ck_assert_uint_eq(express.capabilities, 0x0142);
    ck_assert_uint_eq(express.device_capabilities, 0x87868584);
    ck_assert_uint_eq(express.device_control, 0x8988);
    ck_assert_uint_eq(express.device_status, 0x8B8A);
    ck_assert_uint_eq(express.link_capabilities, 0x8F8E8D8C);
    ck_assert_uint_eq(express.link_control, 0x9190);
    ck_assert_uint_eq(express.link_status, 0x9392);
    ck_assert_uint_eq(express.slot_capabilities, 0x97969594);
    ck_assert_uint_eq(express.slot_control, 0x9998);
    ck_assert_uint_eq(express.slot_status, 0x9B9A);
    ck_assert_uint_eq(express.root_control, 0x9D9C);
    ck_assert_uint_eq(express.root_capabilities, 0x9F9E);
    ck_assert_uint_eq(express.root_status, 0xA3A2A1A0);
    ck_assert_uint_eq(express.device_capabilities_2, 0xA7A6A5A4);
    ck_assert_uint_eq(express.device_control_2, 0xA9A8);
    ck_assert_uint_eq(express.device_status_2, 0xABAA);
    ck_assert_uint_eq(express.link_capabilities_2, 0xAFAEADAC);
    ck_assert_uint_eq(express.link_control_2, 0xB1B0);
    ck_assert_uint_eq(express.link_status_2, 0xB3B2);
    ck_assert_uint_eq(express.slot_capabilities_2, 0xB7B6B5B4);
    ck_assert_uint_eq(express.slot_control_2, 0xB9B8);
    ck_assert_uint_eq(express.slot_status_2, 0xBBBA);
}
END_TEST

START_TEST(registers_of_groups_that_do_not_exist_are_zero)
{
    express_begin(0x0091);
    memset(express_bytes(4), 0xEE, 0x38);
    ck_assert_int_eq(read_at(0x40), DD_OK);
    ck_assert_uint_eq(express.device_status, 0xEEEE);
    ck_assert_uint_eq(express.link_capabilities, 0);
    ck_assert_uint_eq(express.slot_status, 0);
    ck_assert_uint_eq(express.root_status, 0);
    ck_assert_uint_eq(express.device_capabilities_2, 0);
}
END_TEST

START_TEST(bad_places_are_refused_without_an_access)
{
    express_begin(0x0002);
    ck_assert_int_eq(read_at(0x3C), DD_EARG);
    ck_assert_int_eq(read_at(0x42), DD_EALIGN);
    ck_assert_int_eq(read_at(0xF8), DD_EMALFORMED);
    ck_assert_int_eq(read_at(0x1000), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
    address.device = 32;
    ck_assert_int_eq(read_at(0x40), DD_EARG);
    ck_assert_uint_eq(express.groups, 0x5A5A5A5A);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_read_is_gone)
{
    express_begin(0x0142);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(read_at(0x40), DD_ENODEV);
    ck_assert_uint_eq(express.groups, 0x5A5A5A5A);
}
END_TEST

START_TEST(registers_of_all_ones_are_no_proof_that_it_is_gone)
{
    express_begin(0x0142);
    memset(express_bytes(4), 0xFF, 0x38);
    ck_assert_int_eq(read_at(0x40), DD_OK);
    ck_assert_uint_eq(express.slot_status_2, 0xFFFF);
}
END_TEST

/* ---- Numbers ---- */

START_TEST(speeds_are_in_megatransfers)
{
    static const uint32_t speeds[16] = {0, 2500, 5000, 8000, 16000, 32000, 64000};

    for (unsigned int i = 0; i < 16; i++) {
        ck_assert_uint_eq(dd_pci_express_speed(i), speeds[i]);
    }
    ck_assert_uint_eq(dd_pci_express_speed(UINT32_MAX), 0);
}
END_TEST

START_TEST(widths_are_the_seven_that_exist)
{
    for (unsigned int i = 0; i < 64; i++) {
        unsigned int width = dd_pci_express_width(i);
        int exists = i == 1 || i == 2 || i == 4 || i == 8 || i == 12 || i == 16 || i == 32;

        ck_assert_uint_eq(width, exists ? i : 0);
    }
}
END_TEST

START_TEST(latencies_are_upper_bounds_in_nanoseconds)
{
    static const uint32_t l0s[] = {64, 128, 256, 512, 1000, 2000, 4000, UNBOUNDED};
    static const uint32_t l1[] = {1000, 2000, 4000, 8000, 16000, 32000, 64000, UNBOUNDED};

    for (unsigned int i = 0; i < 8; i++) {
        express = (struct dd_pci_express){.link_capabilities = i << 12 | (7 - i) << 15,
                                          .device_capabilities = i << 6 | (7 - i) << 9};
        ck_assert_uint_eq(dd_pci_express_l0s_exit(&express), l0s[i]);
        ck_assert_uint_eq(dd_pci_express_l1_exit(&express), l1[7 - i]);
        ck_assert_uint_eq(dd_pci_express_l0s_acceptable(&express), l0s[i]);
        ck_assert_uint_eq(dd_pci_express_l1_acceptable(&express), l1[7 - i]);
    }
}
END_TEST

/* [PCIe 6] 7.5.3.9: from F0h on, at scale 0, the values are a list. */
START_TEST(power_limits_are_in_milliwatts)
{
    ck_assert_uint_eq(dd_pci_express_power_limit(75, 0), 75000);
    ck_assert_uint_eq(dd_pci_express_power_limit(75, 1), 7500);
    ck_assert_uint_eq(dd_pci_express_power_limit(75, 2), 750);
    ck_assert_uint_eq(dd_pci_express_power_limit(75, 3), 75);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xEF, 0), 239000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xF0, 0), 250000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xF1, 0), 275000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xF2, 0), 300000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xFE, 0), 600000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xFF, 0), UNBOUNDED);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xF0, 1), 24000);
    ck_assert_uint_eq(dd_pci_express_power_limit(0xFF, 3), 255);
}
END_TEST

START_TEST(the_type_is_bits_7_to_4)
{
    express = (struct dd_pci_express){.capabilities = 0xFF6F};
    ck_assert_int_eq(dd_pci_express_type(&express), 6);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_express");
    TCase *reading = tcase_create("reading");
    TCase *numbers = tcase_create("numbers");

    tcase_add_loop_test(reading, groups_follow_version_and_port_type, 0, COUNT(kinds));
    tcase_add_loop_test(reading, each_register_that_exists_is_read_once_and_no_other, 0,
                        COUNT(kinds));
    tcase_add_loop_test(reading, a_capability_may_end_with_the_first_256_bytes_and_not_later, 0,
                        COUNT(kinds));
    tcase_add_test(reading, registers_are_where_the_manual_has_them);
    tcase_add_test(reading, registers_of_groups_that_do_not_exist_are_zero);
    tcase_add_test(reading, bad_places_are_refused_without_an_access);
    tcase_add_loop_test(reading, a_function_that_vanishes_at_any_read_is_gone, 0, 15);
    tcase_add_test(reading, registers_of_all_ones_are_no_proof_that_it_is_gone);
    suite_add_tcase(suite, reading);

    tcase_add_test(numbers, speeds_are_in_megatransfers);
    tcase_add_test(numbers, widths_are_the_seven_that_exist);
    tcase_add_test(numbers, latencies_are_upper_bounds_in_nanoseconds);
    tcase_add_test(numbers, power_limits_are_in_milliwatts);
    tcase_add_test(numbers, the_type_is_bits_7_to_4);
    suite_add_tcase(suite, numbers);
    return suite;
}
