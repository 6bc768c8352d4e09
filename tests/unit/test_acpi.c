/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of kernel/acpi.c with tables made here by the offsets of [ACPI 6.5] 5.2. */
#include <string.h>

#include "kernel/acpi.h"
#include "tests/unit/fake_physical.h"
#include "tests/unit/unit.h"

enum {
    RSDP = 0x10000,
    XSDT = 0x10103, /* firmware does not have to align tables */
    RSDT = 0x10205,
    OTHER = 0x10301,
    MCFG = 0x10407,
    END = 0x12000,
    MAX = 4
};

static struct kecam windows[MAX];

/* Make the bytes add up to 0 by the one at `checksum`. */
static void add_up(uint64_t table, uint64_t length, uint64_t checksum)
{
    uint8_t sum = 0;

    *fake_physical_at(checksum) = 0;
    for (uint64_t i = 0; i < length; i++) {
        sum = (uint8_t)(sum + *fake_physical_at(table + i));
    }
    *fake_physical_at(checksum) = (uint8_t)-sum;
}

static void finish_table(uint64_t table, const char *signature, uint64_t length)
{
    memcpy(fake_physical_at(table), signature, 4);
    fake_physical_store(table + 4, 4, length);
    add_up(table, length, table + 9);
}

static void finish_rsdp(unsigned int revision)
{
    memcpy(fake_physical_at(RSDP), "RSD PTR ", 8);
    *fake_physical_at(RSDP + 15) = (uint8_t)revision;
    fake_physical_store(RSDP + 16, 4, RSDT);
    fake_physical_store(RSDP + 20, 4, 36);
    fake_physical_store(RSDP + 24, 8, XSDT);
    add_up(RSDP, 20, RSDP + 8);
    add_up(RSDP, 36, RSDP + 32);
}

static void store_window(unsigned int index, uint64_t base, unsigned int segment,
                         unsigned int buses)
{
    uint64_t entry = MCFG + 44 + 16 * index;

    fake_physical_store(entry, 8, base);
    fake_physical_store(entry + 8, 2, segment);
    fake_physical_store(entry + 10, 2, buses); /* first in the low byte, last in the high one */
}

/* Tables as QEMU has them, in either version: two entries, of which the second is MCFG. */
static void make_tables(void)
{
    fake_physical_setup();
    memset(windows, 0x5A, sizeof windows);
    fake_physical_store(XSDT + 36, 8, OTHER);
    fake_physical_store(XSDT + 44, 8, MCFG);
    finish_table(XSDT, "XSDT", 52);
    fake_physical_store(RSDT + 36, 4, OTHER);
    fake_physical_store(RSDT + 40, 4, MCFG);
    finish_table(RSDT, "RSDT", 44);
    finish_table(OTHER, "FACP", 36);
    store_window(0, 0xB0000000, 0, 0xFF00);
    store_window(1, 0x8000000000, 0xFFFF, 0x7F40);
    finish_table(MCFG, "MCFG", 76);
    finish_rsdp(2);
}

static void expect_both_windows(void)
{
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 2);
    ck_assert_uint_eq(windows[0].base, 0xB0000000);
    ck_assert_uint_eq(windows[0].segment, 0);
    ck_assert_uint_eq(windows[0].first_bus, 0);
    ck_assert_uint_eq(windows[0].last_bus, 255);
    ck_assert_uint_eq(windows[1].base, 0x8000000000);
    ck_assert_uint_eq(windows[1].segment, 0xFFFF);
    ck_assert_uint_eq(windows[1].first_bus, 0x40);
    ck_assert_uint_eq(windows[1].last_bus, 0x7F);
}

START_TEST(windows_are_found_through_the_xsdt)
{
    memset(fake_physical_at(RSDT), 0, 44);
    expect_both_windows();
}
END_TEST

START_TEST(windows_are_found_through_the_rsdt_of_acpi_1)
{
    memset(fake_physical_at(XSDT), 0, 52);
    finish_rsdp(0);
    memset(fake_physical_at(RSDP + 20), 0xEE, 16); /* not part of revision 0 */
    expect_both_windows();
}
END_TEST

START_TEST(no_more_windows_are_stored_than_there_is_room_for)
{
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, 1), 1);
    ck_assert_uint_eq(windows[1].segment, 0x5A5A5A5A);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, 0), 0);
}
END_TEST

START_TEST(windows_that_end_before_they_start_are_left_out)
{
    store_window(0, 0xB0000000, 0, 0x0001);
    finish_table(MCFG, "MCFG", 76);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 1);
    ck_assert_uint_eq(windows[0].base, 0x8000000000);
}
END_TEST

START_TEST(an_entry_cut_short_is_left_out)
{
    finish_table(MCFG, "MCFG", 75);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 1);
    finish_table(MCFG, "MCFG", 36);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 0);
}
END_TEST

/* One byte of each structure changed: in turn signature, checksum and contents. */
static const uint64_t damaged[] = {RSDP,     RSDP + 8,  RSDP + 15, RSDP + 32, RSDP + 35, XSDT,
                                   XSDT + 9, XSDT + 51, MCFG,      MCFG + 9,  MCFG + 75};

START_TEST(damaged_tables_are_not_believed)
{
    *fake_physical_at(damaged[_i]) ^= 0x40;
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 0);
}
END_TEST

static const struct {
    uint64_t table;
    const char *signature;
    uint64_t length;
} lengths[] = {{XSDT, "XSDT", 0},          {XSDT, "XSDT", 35},      {XSDT, "XSDT", 36},
               {XSDT, "XSDT", 0xFFFFFFFF}, {MCFG, "MCFG", 0x10001}, {MCFG, "MCFG", END - MCFG + 1}};

START_TEST(lengths_that_cannot_be_are_not_followed)
{
    fake_physical_store(lengths[_i].table + 4, 4, lengths[_i].length);
    if (lengths[_i].length < 0x100) {
        finish_table(lengths[_i].table, lengths[_i].signature, lengths[_i].length);
    }
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 0);
}
END_TEST

static const uint64_t nowhere[] = {0, 1, 0xFFFF, END - 1, END, 0xFFFFFFFFFFFFFFFF};

START_TEST(addresses_outside_memory_are_not_followed)
{
    ck_assert_uint_eq(kacpi_find_ecam(nowhere[_i], windows, MAX), 0);
    fake_physical_store(XSDT + 44, 8, nowhere[_i]);
    finish_table(XSDT, "XSDT", 52);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 0);
    fake_physical_store(RSDP + 24, 8, nowhere[_i]);
    add_up(RSDP, 36, RSDP + 32);
    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, MAX), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("acpi");
    TCase *tables = tcase_create("tables");

    tcase_add_checked_fixture(tables, make_tables, fake_physical_teardown);
    tcase_add_test(tables, windows_are_found_through_the_xsdt);
    tcase_add_test(tables, windows_are_found_through_the_rsdt_of_acpi_1);
    tcase_add_test(tables, no_more_windows_are_stored_than_there_is_room_for);
    tcase_add_test(tables, windows_that_end_before_they_start_are_left_out);
    tcase_add_test(tables, an_entry_cut_short_is_left_out);
    tcase_add_loop_test(tables, damaged_tables_are_not_believed, 0,
                        sizeof damaged / sizeof damaged[0]);
    tcase_add_loop_test(tables, lengths_that_cannot_be_are_not_followed, 0,
                        sizeof lengths / sizeof lengths[0]);
    tcase_add_loop_test(tables, addresses_outside_memory_are_not_followed, 0,
                        sizeof nowhere / sizeof nowhere[0]);
    suite_add_tcase(suite, tables);
    return suite;
}
