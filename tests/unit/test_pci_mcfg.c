/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_mcfg.c. */
#include "drydock/pci_mcfg.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

/* [ACPI 6.5] table 5.4 and [PCIFW 3.2] tables 4-2 and 4-3: two windows, the second of buses 40..7F. */
static const uint8_t golden[76] = {
    'M',  'C',  'F',  'G',  76,   0,    0,    0,    1, 0, 'D', 'R', 'Y',  'D',  'C',  'K',
    'D',  'R',  'Y',  'D',  'O',  'C',  'K',  ' ',  1, 0, 0,   0,   'D',  'R',  'Y',  'D',
    1,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0,   0,   0x00, 0x00, 0x00, 0xB0,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0, 0, 0,   0,   0x00, 0x00, 0x00, 0x00,
    0x80, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0x40, 0x7F, 0, 0, 0,   0,
};

static uint8_t table[80]; /* at an odd address, so that nothing may be read as a wider number */

static uint8_t *start(void)
{
    return table + 1;
}

static void finish(void)
{
    uint8_t sum = 0;

    start()[9] = 0;
    for (size_t i = 0; i < start()[4]; i++) {
        sum = (uint8_t)(sum + start()[i]);
    }
    start()[9] = (uint8_t)-sum;
}

static void setup(void)
{
    memcpy(start(), golden, sizeof golden);
    finish();
}

START_TEST(windows_are_read_in_place)
{
    struct dd_pci_mcfg_window window;
    size_t count = 0;

    ck_assert_int_eq(dd_pci_mcfg_check(start(), 76, &count), DD_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 0, &window), DD_OK);
    ck_assert_uint_eq(window.base.raw, 0xB0000000);
    ck_assert_uint_eq(window.segment, 0);
    ck_assert_uint_eq(window.first_bus, 0);
    ck_assert_uint_eq(window.last_bus, 255);
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 1, &window), DD_OK);
    ck_assert_uint_eq(window.base.raw, 0x8000000000);
    ck_assert_uint_eq(window.segment, 0xFFFF);
    ck_assert_uint_eq(window.first_bus, 0x40);
    ck_assert_uint_eq(window.last_bus, 0x7F);
    window.segment = 0x77;
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 2, &window), DD_EARG);
    ck_assert_uint_eq(window.segment, 0x77);
}
END_TEST

START_TEST(an_entry_cut_short_does_not_count)
{
    static const struct {
        uint8_t length;
        size_t count;
    } cases[] = {{75, 1}, {60, 1}, {59, 0}, {44, 0}, {43, 0}, {36, 0}};
    size_t count = 9;

    start()[4] = cases[_i].length;
    finish();
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 76, &count), DD_OK);
    ck_assert_uint_eq(count, cases[_i].count);
}
END_TEST

START_TEST(a_table_that_is_not_one_is_refused)
{
    size_t count = 9;

    ck_assert_int_eq(dd_pci_mcfg_check(start(), 75, &count), DD_EMALFORMED);
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 35, &count), DD_EMALFORMED);
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 0, &count), DD_EMALFORMED);
    start()[4] = 35;
    finish();
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 76, &count), DD_EMALFORMED);
    setup();
    start()[75] ^= 1;
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 76, &count), DD_EMALFORMED);
    setup();
    start()[3] = 'H';
    finish();
    ck_assert_int_eq(dd_pci_mcfg_check(start(), 76, &count), DD_ENOENT);
    ck_assert_uint_eq(count, 9);
}
END_TEST

/* Bytes of an entry: base 0..7, first bus 10, last bus 11. */
START_TEST(a_window_that_cannot_be_is_refused_alone)
{
    struct dd_pci_mcfg_window window = {.segment = 0x77};
    uint8_t *entry = start() + 44;

    entry[10] = 2;
    entry[11] = 1;
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 0, &window), DD_EMALFORMED);
    setup();
    entry[2] = 0x08; /* 512 KiB */
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 0, &window), DD_EMALFORMED);
    setup();
    memset(entry, 0xFF, 8);
    entry[0] = entry[1] = 0;
    entry[2] = 0xF0; /* the last MiB of 2^64: room for bus 0 only */
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 0, &window), DD_EMALFORMED);
    ck_assert_uint_eq(window.segment, 0x77);
    entry[11] = 0;
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 0, &window), DD_OK);
    ck_assert_uint_eq(window.base.raw, 0xFFFFFFFFFFF00000);
    ck_assert_int_eq(dd_pci_mcfg_read(start(), 1, &window), DD_OK);
}
END_TEST

/* Bytes that begin like a table, about as long as it says. */
static void fill(uint8_t *bytes, size_t size, unsigned int *seed)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)rand_r(seed);
    }
    if (size >= 8) {
        memcpy(bytes, "MCFG", 4);
        bytes[4] = (uint8_t)((size_t)rand_r(seed) % (size + 2));
        bytes[5] = bytes[6] = bytes[7] = 0;
    }
}

static void read_all(const uint8_t *bytes, size_t size)
{
    struct dd_pci_mcfg_window window;
    size_t count = 0;

    if (dd_pci_mcfg_check(bytes, size, &count) == DD_OK) {
        for (size_t i = 0; i < count; i++) {
            (void)!dd_pci_mcfg_read(bytes, i, &window);
        }
    }
}

/* Exactly the bytes there are: a read beyond them is found by the sanitizer. */
START_TEST(any_bytes_are_survived)
{
    unsigned int seed = 1;

    for (unsigned int round = 0; round < 2000; round++) {
        size_t size = (size_t)rand_r(&seed) % 100;
        uint8_t *bytes = malloc(size + 1);

        ck_assert_ptr_nonnull(bytes);
        fill(bytes, size, &seed);
        read_all(bytes, size);
        free(bytes);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_mcfg");
    TCase *reading = tcase_create("reading");

    tcase_add_checked_fixture(reading, setup, NULL);
    tcase_add_test(reading, windows_are_read_in_place);
    tcase_add_loop_test(reading, an_entry_cut_short_does_not_count, 0, 6);
    tcase_add_test(reading, a_table_that_is_not_one_is_refused);
    tcase_add_test(reading, a_window_that_cannot_be_is_refused_alone);
    tcase_add_test(reading, any_bytes_are_survived);
    suite_add_tcase(suite, reading);
    return suite;
}
