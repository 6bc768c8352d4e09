/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_vpd.c: [PCI 3.0] appendix I. */
#include "drydock/pci_vpd.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_vpd vpd;
static uint64_t waited;
static uint8_t storage[0x8000];
static unsigned int busy; /* waits until the function has the data; UINT_MAX: never */
static unsigned int fetches;
static const struct dd_pci_ops *bus;

/* The storage behind the registers at 0x50: a written address with flag 0 begins a read. */
static uint32_t serve_read(const struct dd_pci_access *access, struct dd_pci_address where,
                           uint16_t offset, enum dd_pci_width width)
{
    return bus->read(access, where, offset, width);
}

static void complete(void)
{
    uint16_t at = (uint16_t)(function->bytes[0x52] | (function->bytes[0x53] & 0x7F) << 8);

    memcpy(&function->bytes[0x54], &storage[at], 4);
    function->bytes[0x53] |= 0x80;
}

static void serve_write(const struct dd_pci_access *access, struct dd_pci_address where,
                        uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    bus->write(access, where, offset, width, value);
    ck_assert_uint_eq(offset, 0x52);
    ck_assert_int_eq(width, DD_PCI_WIDTH_16);
    ck_assert_uint_eq(value & 0x8003, 0);
    fetches++;
    if (busy == 0) {
        complete();
    }
}

static void note_wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, &waited);
    waited += microseconds;
    if (busy != 0 && busy != UINT32_MAX && waited >= UINT64_C(1000) * busy) {
        complete();
    }
}

static const struct dd_delay delay = {note_wait, &waited};

/* The example of the manual's kind: a name, three read-only fields, a read-write area, the end. */
static const uint8_t example[] = {
    0x82, 0x05, 0x00, 'B', 'o', 'a',  'r',  'd', /* name */
    0x90, 0x10, 0x00, 'P', 'N', 0x03, '1',  '2',  '3',  'S',
    'N',  0x02, 'A',  'B', 'R', 'V',  0x02, 0x00, 0x00, /* read-only */
    0x91, 0x04, 0x00, 'R', 'W', 0x01, 0x00,             /* read-write */
    0x78,                                               /* end */
};

static void put_example(void)
{
    uint8_t sum = 0;

    memset(storage, 0xFF, sizeof storage);
    memcpy(storage, example, sizeof example);

    for (unsigned int i = 0; i < 25; i++) {
        sum = (uint8_t)(sum + storage[i]);
    }
    storage[25] = (uint8_t)(0 - sum);
}

static void setup(void)
{
    static const struct dd_pci_ops serving = {serve_read, serve_write};
    struct dd_pci_vpd_place place;

    fake_reset();
    waited = 0;
    busy = 0;
    fetches = 0;
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    fake_put32(function, 0x50, 0x00000003);
    fake_allow32(function, 0x50, 0xFFFF0000);
    bus = fake.access.ops;
    fake.access.ops = &serving;
    put_example();
    place = (struct dd_pci_vpd_place){&fake.access, address, 0x50};
    ck_assert_int_eq(dd_pci_vpd_open(&vpd, &place, &delay), DD_OK);
}

START_TEST(bytes_are_read_four_at_a_time)
{
    uint8_t bytes[9];

    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 3, bytes, 5), DD_OK);
    ck_assert_mem_eq(bytes, "Board", 5);
    ck_assert_uint_eq(fetches, 2);
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 4, bytes, 4), DD_OK);
    ck_assert_uint_eq(fetches, 2);
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 0x7FFC, bytes, 4), DD_OK);
    ck_assert_uint_eq(bytes[3], 0xFF);
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 0x7FFC, bytes, 5), DD_EWRAP);
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 0x8000, bytes, 0), DD_EWRAP);
}
END_TEST

START_TEST(a_slow_function_gets_125_ms)
{
    uint8_t byte = 0x5A;

    busy = 125;
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 3, &byte, 1), DD_OK);
    ck_assert_uint_eq(byte, 'B');
    ck_assert_uint_eq(waited, 125000);
    busy = UINT32_MAX;
    waited = 0;
    ck_assert_int_eq(dd_pci_vpd_read(&vpd, 0x10, &byte, 1), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 125000);
    ck_assert_uint_eq(byte, 'B');
}
END_TEST

START_TEST(all_ones_are_not_a_flag_that_is_set)
{
    uint8_t byte = 0x5A;

    for (unsigned int i = 1; i < 3; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(dd_pci_vpd_read(&vpd, 3, &byte, 1), DD_ENODEV);
        ck_assert_uint_eq(byte, 0x5A);
    }
}
END_TEST

START_TEST(resources_and_their_fields_follow_each_other)
{
    struct dd_pci_vpd_item item;
    struct dd_pci_vpd_field field;
    uint16_t at = 0;
    uint16_t inside = 0;

    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_OK);
    ck_assert_uint_eq(item.tag, 0x82);
    ck_assert_uint_eq(item.at, 3);
    ck_assert_uint_eq(item.length, 5);
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_OK);
    ck_assert_uint_eq(item.tag, 0x90);
    ck_assert_int_eq(dd_pci_vpd_next_field(&vpd, &item, &inside, &field), DD_OK);
    ck_assert_str_eq(field.keyword, "PN");
    ck_assert_uint_eq(field.at, 14);
    ck_assert_uint_eq(field.length, 3);
    ck_assert_int_eq(dd_pci_vpd_next_field(&vpd, &item, &inside, &field), DD_OK);
    ck_assert_str_eq(field.keyword, "SN");
    ck_assert_int_eq(dd_pci_vpd_next_field(&vpd, &item, &inside, &field), DD_OK);
    ck_assert_str_eq(field.keyword, "RV");
    ck_assert_uint_eq(field.at, 25);
    ck_assert_int_eq(dd_pci_vpd_next_field(&vpd, &item, &inside, &field), DD_ENOENT);
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_OK);
    ck_assert_uint_eq(item.tag, 0x91);
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_ENOENT);
    ck_assert_uint_eq(at, 34);
}
END_TEST

START_TEST(lengths_that_lead_out_are_malformed)
{
    struct dd_pci_vpd_item item = {.tag = 0x5A};
    struct dd_pci_vpd_field field;
    uint16_t at = 0;
    uint16_t inside = 0;

    storage[13] = 14; /* PN is longer than the resource */
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_OK);
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_OK);
    ck_assert_int_eq(dd_pci_vpd_next_field(&vpd, &item, &inside, &field), DD_EMALFORMED);
    ck_assert_uint_eq(inside, 0);
    storage[1] = 0xFE;
    storage[2] = 0x7F;
    at = 0;
    vpd.has_last = false;
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_EMALFORMED);
    ck_assert_uint_eq(at, 0);
    at = 0x7FFE; /* 0xFF begins a large resource */
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_EMALFORMED);
    at = 0x8000;
    ck_assert_int_eq(dd_pci_vpd_next(&vpd, &at, &item), DD_EMALFORMED);
}
END_TEST

START_TEST(the_checksum_covers_everything_up_to_itself)
{
    ck_assert_int_eq(dd_pci_vpd_check(&vpd), DD_OK);
    for (unsigned int i = 3; i < 8; i++) {
        storage[i] ^= 1;
        vpd.has_last = false;
        ck_assert_int_eq(dd_pci_vpd_check(&vpd), DD_EMALFORMED);
        storage[i] ^= 1;
    }
    storage[26] ^= 1; /* the byte after it */
    vpd.has_last = false;
    ck_assert_int_eq(dd_pci_vpd_check(&vpd), DD_OK);
    storage[22] = 'X'; /* no RV */
    vpd.has_last = false;
    ck_assert_int_eq(dd_pci_vpd_check(&vpd), DD_ENOENT);
}
END_TEST

START_TEST(places_where_no_capability_can_be_are_refused)
{
    struct dd_pci_vpd_place place = {&fake.access, address, 0x3C};

    ck_assert_int_eq(dd_pci_vpd_open(&vpd, &place, &delay), DD_EARG);
    place.offset = 0x52;
    ck_assert_int_eq(dd_pci_vpd_open(&vpd, &place, &delay), DD_EALIGN);
    place.offset = 0xFC;
    ck_assert_int_eq(dd_pci_vpd_open(&vpd, &place, &delay), DD_EMALFORMED);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_vpd");
    TCase *cases = tcase_create("vital product data");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, bytes_are_read_four_at_a_time);
    tcase_add_test(cases, a_slow_function_gets_125_ms);
    tcase_add_test(cases, all_ones_are_not_a_flag_that_is_set);
    tcase_add_test(cases, resources_and_their_fields_follow_each_other);
    tcase_add_test(cases, lengths_that_lead_out_are_malformed);
    tcase_add_test(cases, the_checksum_covers_everything_up_to_itself);
    tcase_add_test(cases, places_where_no_capability_can_be_are_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
