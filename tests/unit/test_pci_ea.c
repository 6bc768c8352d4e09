/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_ea.c: [PCIe 6] 7.8.5. */
#include "drydock/pci_ea.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_ea ea;
static struct dd_pci_ea_entry entry;
static struct dd_pci_range range;

static void setup(void)
{
    fake_reset();
    memset(&entry, 0x5A, sizeof entry);
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
}

static void put(unsigned int at, const uint32_t *dwords, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fake_put32(function, at + 4 * (unsigned int)i, dwords[i]);
    }
}

#define PUT(at, ...)                         \
    put(at, (const uint32_t[]){__VA_ARGS__}, \
        sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static enum dd_status read_head(uint16_t offset)
{
    return dd_pci_ea_read(&fake.access, address, offset, &ea);
}

static enum dd_status next(void)
{
    return dd_pci_ea_next(&fake.access, address, &ea, &entry);
}

START_TEST(entries_of_every_size_follow_each_other)
{
    PUT(0x40, 0x00040014,                                            /* four entries */
        0x80000002, 0xFE000000, 0x00000FFC,                          /* 32 and 32 bits */
        0x80000013, 0x00000002, 0x00000FFC, 0x00000004,              /* 64 and 32 */
        0x80000023, 0xFD000000, 0xFFFFFFFE, 0x00000001,              /* 32 and 64 */
        0x80000034, 0xABCDE002, 0x00000002, 0x00000009, 0x00000002); /* 64 and 64 */
    ck_assert_int_eq(read_head(0x40), DD_OK);
    ck_assert_uint_eq(ea.count, 4);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_OK);
    ck_assert_uint_eq(range.base, 0xFE000000);
    ck_assert_uint_eq(range.limit, 0xFE000FFF);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_OK);
    ck_assert_uint_eq(range.base, 0x400000000);
    ck_assert_uint_eq(range.limit, 0x400000FFF);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_OK);
    ck_assert_uint_eq(range.base, 0xFD000000);
    ck_assert_uint_eq(range.limit, 0xFD000000 + 0x1FFFFFFFF);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_uint_eq(DD_GET(entry.header, DD_PCI_EA_ENTRY_BAR), 3);
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_OK);
    ck_assert_uint_eq(range.base, 0x9ABCDE000);
    ck_assert_uint_eq(range.limit, 0x9ABCDE000 + 0x200000003);
    ck_assert_int_eq(next(), DD_ENOENT);
}
END_TEST

START_TEST(entries_of_a_bridge_begin_after_its_buses)
{
    function->bytes[0x0E] = 0x81;
    PUT(0x40, 0x00010014, 0x00000907, 0x80000052, 0x10000000, 0x0000000C);
    ck_assert_int_eq(read_head(0x40), DD_OK);
    ck_assert_uint_eq(ea.secondary_bus, 7);
    ck_assert_uint_eq(ea.subordinate_bus, 9);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_uint_eq(entry.header, 0x80000052);
    ck_assert_uint_eq(entry.base, 0x10000000);
}
END_TEST

START_TEST(an_entry_too_short_for_its_parts_is_malformed)
{
    static const uint32_t headers[] = {0x80000000, 0x80000001, 0x80000002, 0x80000003};

    for (unsigned int i = 0; i < 4; i++) {
        PUT(0x40, 0x00010014, headers[i], 0x00000002, 0x00000002, 0, 0);
        ck_assert_int_eq(read_head(0x40), DD_OK);
        ck_assert_int_eq(next(), DD_EMALFORMED);
        ck_assert_uint_eq(entry.header, 0x5A5A5A5A);
    }
    PUT(0x40, 0x00010014, 0x80000001, 0, 0, 0, 0);
    ck_assert_int_eq(read_head(0x40), DD_OK);
    ck_assert_int_eq(next(), DD_EMALFORMED);
}
END_TEST

START_TEST(entries_that_run_past_the_end_are_malformed)
{
    PUT(0xE8, 0x003F0014, 0x80000002, 0xFE000000, 0x00000FFC, 0x80000003, 0xFE000002);
    ck_assert_int_eq(read_head(0xE8), DD_OK);
    ck_assert_int_eq(next(), DD_OK);
    ck_assert_int_eq(next(), DD_EMALFORMED);
    ck_assert_uint_eq(ea.left, 62);
    ck_assert_int_eq(read_head(0xFC), DD_EMALFORMED);
    PUT(0xF0, 0x00010014, 0x80000005, 0xFE000000, 0x00000FFC);
    ck_assert_int_eq(read_head(0xF0), DD_OK);
    ck_assert_int_eq(next(), DD_EMALFORMED);
}
END_TEST

START_TEST(ranges_beyond_64_bits_are_malformed)
{
    entry =
        (struct dd_pci_ea_entry){.base = 0xFFFFF000, .base_upper = 0xFFFFFFFF, .max_offset = 0xFFC};
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_OK);
    ck_assert_uint_eq(range.limit, UINT64_MAX);
    entry.max_offset = 0x1000;
    ck_assert_int_eq(dd_pci_ea_range(&entry, &range), DD_EMALFORMED);
}
END_TEST

START_TEST(a_function_that_vanishes_is_gone)
{
    PUT(0x40, 0x00010014, 0x80000002, 0xFE000000, 0x00000FFC);
    ck_assert_int_eq(read_head(0x40), DD_OK);
    for (unsigned int i = 0; i < 3; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(next(), DD_ENODEV);
    }
    fake_forget();
    fake.vanish_at = 0;
    ck_assert_int_eq(read_head(0x40), DD_ENODEV);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_ea");
    TCase *cases = tcase_create("enhanced allocation");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, entries_of_every_size_follow_each_other);
    tcase_add_test(cases, entries_of_a_bridge_begin_after_its_buses);
    tcase_add_test(cases, an_entry_too_short_for_its_parts_is_malformed);
    tcase_add_test(cases, entries_that_run_past_the_end_are_malformed);
    tcase_add_test(cases, ranges_beyond_64_bits_are_malformed);
    tcase_add_test(cases, a_function_that_vanishes_is_gone);
    suite_add_tcase(suite, cases);
    return suite;
}
