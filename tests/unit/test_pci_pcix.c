/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_pcix.c. Offsets and bits: [PCI-X 2.0] 7.2, 8.6.2. */
#include "drydock/pci_pcix.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

#define AT 0x40u

static struct dd_pci_address address;
static struct fake_function *function;

/* A capability whose bytes count, of version 2. */
static void setup(void)
{
    fake_reset();
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    for (unsigned int i = 0; i < 0x40; i++) {
        function->bytes[AT + i] = (uint8_t)(0x80 + i);
    }
    function->bytes[AT + 3] = 0x20;
}

START_TEST(registers_of_a_function_are_where_the_manual_has_them)
{
    struct dd_pci_pcix pcix;

    ck_assert_int_eq(dd_pci_pcix_read(&fake.access, address, AT, &pcix), DD_OK);
    ck_assert_uint_eq(pcix.offset, 0x40);
    ck_assert_uint_eq(pcix.command, 0x2082);
    ck_assert_uint_eq(pcix.status, 0x87868584);
    ck_assert_uint_eq(pcix.ecc.control, 0x8B8A8988);
    ck_assert_uint_eq(pcix.ecc.first_address, 0x8F8E8D8C);
    ck_assert_uint_eq(pcix.ecc.second_address, 0x93929190);
    ck_assert_uint_eq(pcix.ecc.attribute, 0x97969594);
    ck_assert_uint_eq(fake.access_count, 6);
}
END_TEST

START_TEST(registers_of_a_bridge_are_where_the_manual_has_them)
{
    struct dd_pci_pcix_bridge bridge;

    ck_assert_int_eq(dd_pci_pcix_read_bridge(&fake.access, address, AT, &bridge), DD_OK);
    ck_assert_uint_eq(bridge.secondary_status, 0x2082);
    ck_assert_uint_eq(bridge.status, 0x87868584);
    ck_assert_uint_eq(bridge.upstream, 0x8B8A8988);
    ck_assert_uint_eq(bridge.downstream, 0x8F8E8D8C);
    ck_assert_uint_eq(bridge.ecc.control, 0x93929190);
    ck_assert_uint_eq(bridge.ecc.attribute, 0x9F9E9D9C);
    ck_assert_uint_eq(fake.access_count, 8);
}
END_TEST

START_TEST(version_0_has_no_registers_of_ecc)
{
    struct dd_pci_pcix pcix;
    struct dd_pci_pcix_bridge bridge;

    function->bytes[AT + 3] = 0x0F;
    ck_assert_int_eq(dd_pci_pcix_read(&fake.access, address, AT, &pcix), DD_OK);
    ck_assert_uint_eq(pcix.ecc.control, 0);
    ck_assert_uint_eq(fake.access_count, 2);
    ck_assert_int_eq(dd_pci_pcix_read_bridge(&fake.access, address, AT, &bridge), DD_OK);
    ck_assert_uint_eq(bridge.ecc.first_address, 0);
    ck_assert_uint_eq(fake.access_count, 6);
}
END_TEST

static const struct {
    uint8_t version; /* in the upper byte of the first register */
    uint16_t last_function, last_bridge;
} ends[] = {{0x00, 0xF8, 0xF0}, {0x10, 0xE8, 0xE0}, {0x30, 0xE8, 0xE0}};

START_TEST(a_capability_may_end_with_the_first_256_bytes_and_not_later)
{
    struct dd_pci_pcix pcix = {.offset = 7};
    struct dd_pci_pcix_bridge bridge = {.offset = 7};

    memset(&function->bytes[0x40], ends[_i].version, 0x100);
    ck_assert_int_eq(
        dd_pci_pcix_read(&fake.access, address, (uint16_t)(ends[_i].last_function + 4), &pcix),
        DD_EMALFORMED);
    ck_assert_int_eq(dd_pci_pcix_read_bridge(&fake.access, address,
                                             (uint16_t)(ends[_i].last_bridge + 4), &bridge),
                     DD_EMALFORMED);
    ck_assert_uint_eq(pcix.offset, 7);
    ck_assert_uint_eq(bridge.offset, 7);
    ck_assert_int_eq(dd_pci_pcix_read(&fake.access, address, ends[_i].last_function, &pcix), DD_OK);
    ck_assert_int_eq(dd_pci_pcix_read_bridge(&fake.access, address, ends[_i].last_bridge, &bridge),
                     DD_OK);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_read_is_gone)
{
    struct dd_pci_pcix pcix;
    struct dd_pci_pcix_bridge bridge;

    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(dd_pci_pcix_read(&fake.access, address, AT, &pcix), DD_ENODEV);
    fake_forget();
    ck_assert_int_eq(dd_pci_pcix_read_bridge(&fake.access, address, AT, &bridge), DD_ENODEV);
}
END_TEST

START_TEST(sizes_and_counts_are_numbers)
{
    static const unsigned int sizes[5] = {512, 1024, 2048, 4096};
    static const unsigned int counts[9] = {1, 2, 3, 4, 8, 12, 16, 32};

    for (unsigned int i = 0; i < 5; i++) {
        ck_assert_uint_eq(dd_pci_pcix_read_size(i), sizes[i]);
    }
    for (unsigned int i = 0; i < 9; i++) {
        ck_assert_uint_eq(dd_pci_pcix_outstanding(i), counts[i]);
    }
}
END_TEST

static const struct {
    unsigned int bytes;
    enum dd_status status;
    uint16_t command;
} sizes[] = {
    {512, DD_OK, 0x0073},  {1024, DD_OK, 0x0077}, {2048, DD_OK, 0x007B},
    {4096, DD_ENOTSUP, 0}, {0, DD_EARG, 0},       {511, DD_EARG, 0},
    {8192, DD_EARG, 0},    {256, DD_EARG, 0},     {UINT32_MAX, DD_EARG, 0},
};

START_TEST(a_read_size_is_set_if_the_function_was_designed_for_it)
{
    struct dd_pci_pcix pcix;

    fake_put32(function, AT, 0x007F0007);
    fake_put32(function, AT + 4, 2u << 21);
    ck_assert_int_eq(dd_pci_pcix_read(&fake.access, address, AT, &pcix), DD_OK);
    fake_forget();
    ck_assert_int_eq(dd_pci_pcix_set_read_size(&fake.access, address, &pcix, sizes[_i].bytes),
                     sizes[_i].status);
    if (sizes[_i].status == DD_OK) {
        ck_assert_uint_eq(fake.access_count, 2);
        ck_assert_uint_eq(fake.log[1].offset, 0x42);
        ck_assert_uint_eq(fake.log[1].width, 2);
        ck_assert_uint_eq(fake.log[1].value, sizes[_i].command);
    } else {
        ck_assert_uint_eq(fake.access_count, 0);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_pcix");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, setup, NULL);
    tcase_add_test(all, registers_of_a_function_are_where_the_manual_has_them);
    tcase_add_test(all, registers_of_a_bridge_are_where_the_manual_has_them);
    tcase_add_test(all, version_0_has_no_registers_of_ecc);
    tcase_add_loop_test(all, a_capability_may_end_with_the_first_256_bytes_and_not_later, 0,
                        COUNT(ends));
    tcase_add_loop_test(all, a_function_that_vanishes_at_any_read_is_gone, 0, 6);
    tcase_add_test(all, sizes_and_counts_are_numbers);
    tcase_add_loop_test(all, a_read_size_is_set_if_the_function_was_designed_for_it, 0,
                        COUNT(sizes));
    suite_add_tcase(suite, all);
    return suite;
}
