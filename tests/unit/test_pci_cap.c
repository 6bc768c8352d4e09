/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_cap.c. */
#include "drydock/pci_cap.h"

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;

/* What the visitor was told. */
static struct dd_pci_capability found[2048];
static unsigned int found_count;
static unsigned int stop_after; /* this many; 0: never */

/* An endpoint that says it has a capability list, at 0x40. */
static void setup(void)
{
    fake_reset();
    found_count = 0;
    stop_after = 0;
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
}

static enum dd_pci_visit note(void *context, const struct dd_pci_capability *capability)
{
    ck_assert_ptr_eq(context, &found_count);
    ck_assert_uint_lt(found_count, sizeof found / sizeof found[0]);
    found[found_count++] = *capability;
    return found_count == stop_after ? DD_PCI_VISIT_STOP : DD_PCI_VISIT_CONTINUE;
}

static const struct dd_pci_capability_visitor visitor = {note, &found_count};

static enum dd_status walk(void)
{
    return dd_pci_walk_capabilities(&fake.access, address, &visitor);
}

static enum dd_status walk_extended(void)
{
    return dd_pci_walk_extended_capabilities(&fake.access, address, &visitor);
}

/* An entry of the first list: [PCI 3.0] 6.7. */
static void put(uint8_t offset, uint8_t id, uint8_t next)
{
    function->bytes[offset] = id;
    function->bytes[offset + 1] = next;
}

/* A function with a PCI Express capability, so with an extended list. */
static void put_express(void)
{
    put(0x40, 0x10, 0x00);
}

static void expect(unsigned int index, uint16_t id, uint8_t version, uint16_t offset)
{
    ck_assert_uint_lt(index, found_count);
    ck_assert_uint_eq(found[index].id, id);
    ck_assert_uint_eq(found[index].version, version);
    ck_assert_uint_eq(found[index].offset, offset);
}

/* ---- The first list: [PCI 3.0] 6.7 ---- */

START_TEST(entries_are_visited_in_the_order_of_the_list)
{
    function->bytes[0x34] = 0xC8;
    put(0xC8, 0x01, 0xD0);
    put(0xD0, 0x05, 0xE0);
    put(0xE0, 0x10, 0xA0);
    put(0xA0, 0x11, 0x00);
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 4);
    expect(0, 0x01, 0, 0xC8);
    expect(1, 0x05, 0, 0xD0);
    expect(2, 0x10, 0, 0xE0);
    expect(3, 0x11, 0, 0xA0);
    ck_assert_uint_eq(fake.access_count, 4 + 4);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(without_the_status_bit_the_pointer_is_not_looked_at)
{
    function->bytes[0x06] = 0xEF;
    put(0x40, 0x01, 0x00);
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 0);
    ck_assert_uint_eq(fake.access_count, 2);
}
END_TEST

START_TEST(an_empty_list_is_fine)
{
    function->bytes[0x34] = 0x03; /* reserved bits only */
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 0);
}
END_TEST

START_TEST(low_bits_of_pointers_are_ignored)
{
    function->bytes[0x34] = 0x43;
    put(0x40, 0x09, 0x82);
    put(0x80, 0x05, 0x01);
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 2);
    expect(1, 0x05, 0, 0x80);
}
END_TEST

START_TEST(a_null_capability_is_an_entry)
{
    put(0x40, 0x00, 0x50);
    put(0x50, 0x05, 0x00);
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 2);
    expect(0, 0x00, 0, 0x40);
}
END_TEST

static const struct {
    uint8_t header_type, pointer;
    enum dd_status status;
} layouts[] = {
    {0x00, 0x34, DD_OK},      {0x80, 0x34, DD_OK},
    {0x01, 0x34, DD_OK},      {0x81, 0x34, DD_OK},
    {0x02, 0x14, DD_OK},      {0x82, 0x14, DD_OK}, /* [PC Card 8] volume 2 */
    {0x03, 0x34, DD_ENOTSUP}, {0x7F, 0x34, DD_ENOTSUP},
    {0xFF, 0x34, DD_ENOTSUP},
};

START_TEST(the_pointer_is_where_the_layout_has_it)
{
    function->bytes[0x0E] = layouts[_i].header_type;
    function->bytes[0x34] = 0x60;
    function->bytes[0x14] = 0x60;
    function->bytes[layouts[_i].pointer] = 0x40;
    put(0x40, 0x01, 0x00);
    put(0x60, 0x02, 0x00);
    ck_assert_int_eq(walk(), layouts[_i].status);
    ck_assert_uint_eq(found_count, layouts[_i].status == DD_OK ? 1 : 0);
    if (layouts[_i].status == DD_OK) {
        expect(0, 0x01, 0, 0x40);
    }
}
END_TEST

START_TEST(a_visitor_stops_the_walk)
{
    put(0x40, 0x01, 0x50);
    put(0x50, 0x05, 0x40);
    stop_after = (unsigned int)_i;
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, (unsigned int)_i);
}
END_TEST

START_TEST(a_pointer_into_the_header_is_malformed)
{
    put(0x40, 0x01, (uint8_t)(4 * _i));
    ck_assert_int_eq(walk(), _i == 0 ? DD_OK : _i < 16 ? DD_EMALFORMED : DD_ELOOP);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

START_TEST(a_first_pointer_into_the_header_is_malformed)
{
    function->bytes[0x34] = 0x3C;
    ck_assert_int_eq(walk(), DD_EMALFORMED);
    ck_assert_uint_eq(found_count, 0);
}
END_TEST

START_TEST(a_loop_is_reported_after_each_entry_was_visited_once)
{
    put(0x40, 0x01, 0x50);
    put(0x50, 0x05, 0x60);
    put(0x60, 0x11, _i == 0 ? 0x40 : _i == 1 ? 0x50 : 0x60);
    ck_assert_int_eq(walk(), DD_ELOOP);
    ck_assert_uint_eq(found_count, 3);
    expect(2, 0x11, 0, 0x60);
}
END_TEST

START_TEST(the_longest_list_has_48_entries)
{
    for (unsigned int offset = 0x40; offset < 0x100; offset += 4) {
        put((uint8_t)offset, 0x09, (uint8_t)(offset + 4)); /* the last points to 0 */
    }
    ck_assert_int_eq(walk(), DD_OK);
    ck_assert_uint_eq(found_count, 48);
    expect(47, 0x09, 0, 0xFC);
}
END_TEST

START_TEST(an_entry_of_ones_in_a_function_that_answers_is_malformed)
{
    put(0x40, 0x01, 0x50);
    put(0x50, 0xFF, 0x60);
    put(0x60, 0x05, 0x00);
    ck_assert_int_eq(walk(), DD_EMALFORMED);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

START_TEST(no_list_of_a_function_that_is_not_there)
{
    struct dd_pci_address absent = fake_address(0, 4, 0);
    struct dd_pci_address impossible = fake_address(0, 32, 0);

    ck_assert_int_eq(dd_pci_walk_capabilities(&fake.access, absent, &visitor), DD_ENODEV);
    ck_assert_int_eq(dd_pci_walk_capabilities(&fake.access, impossible, &visitor), DD_EARG);
    ck_assert_int_eq(dd_pci_walk_extended_capabilities(&fake.access, absent, &visitor), DD_ENODEV);
    ck_assert_int_eq(dd_pci_walk_extended_capabilities(&fake.access, impossible, &visitor),
                     DD_EARG);
    ck_assert_uint_eq(found_count, 0);
}
END_TEST

START_TEST(a_device_that_vanishes_at_any_read_of_the_first_list_is_reported)
{
    put(0x40, 0x01, 0x50);
    put(0x50, 0x05, 0x60);
    put(0x60, 0x11, 0x00);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(walk(), DD_ENODEV);
    ck_assert_uint_le(found_count, 2);
}
END_TEST

/* ---- Looking for an entry ---- */

START_TEST(the_first_entry_with_an_id_is_found)
{
    uint16_t offset = 0x77;

    put(0x40, 0x01, 0x50);
    put(0x50, 0x09, 0x60);
    put(0x60, 0x09, 0x00);
    ck_assert_int_eq(dd_pci_find_capability(&fake.access, address, 0x09, &offset), DD_OK);
    ck_assert_uint_eq(offset, 0x50);
    ck_assert_uint_eq(fake.access_count, 4 + 2);
    offset = 0x77;
    ck_assert_int_eq(dd_pci_find_capability(&fake.access, address, 0x05, &offset), DD_ENOENT);
    ck_assert_uint_eq(offset, 0x77);
}
END_TEST

START_TEST(a_bad_list_matters_only_before_the_entry)
{
    uint16_t offset = 0x77;

    put(0x40, 0x01, 0x50);
    put(0x50, 0x05, 0x40);
    ck_assert_int_eq(dd_pci_find_capability(&fake.access, address, 0x10, &offset), DD_ELOOP);
    ck_assert_uint_eq(offset, 0x77);
    ck_assert_int_eq(dd_pci_find_capability(&fake.access, address, 0x05, &offset), DD_OK);
    ck_assert_uint_eq(offset, 0x50);
}
END_TEST

/* ---- The extended list: [PCIe 6] 7.6 ---- */

START_TEST(extended_entries_have_16_bit_ids_and_versions)
{
    put_express();
    fake_put32(function, 0x100, 0x14820001); /* next 0x148, version 2, AER */
    fake_put32(function, 0x148, 0xFFC1000D);
    fake_put32(function, 0xFFC, 0x000FABCD);
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 3);
    expect(0, 0x0001, 2, 0x100);
    expect(1, 0x000D, 1, 0x148);
    expect(2, 0xABCD, 15, 0xFFC);
    ck_assert_uint_eq(fake.access_count, 5 + 3);
}
END_TEST

START_TEST(an_extended_list_begins_with_zeros_or_ones_if_it_is_empty)
{
    put_express();
    fake_put32(function, 0x100, _i == 0 ? 0x00000000 : 0xFFFFFFFF);
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 0);
}
END_TEST

START_TEST(zeros_or_ones_end_an_extended_list)
{
    put_express();
    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, _i == 0 ? 0x00000000 : 0xFFFFFFFF);
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

START_TEST(an_extended_null_capability_is_an_entry)
{
    put_express();
    fake_put32(function, 0x100, 0x14000000);
    fake_put32(function, 0x140, 0x00010003);
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 2);
    expect(0, 0x0000, 0, 0x100);
    expect(1, 0x0003, 1, 0x140);
}
END_TEST

START_TEST(a_function_without_pci_express_has_no_extended_list)
{
    put(0x40, 0x01, 0x00);
    fake_put32(function, 0x100, 0x00010001);
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 0);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        ck_assert_uint_lt(fake.log[i].offset, 0x100);
    }
}
END_TEST

/* Of a machine in which a window reaches some of the buses. */
static uint16_t size_of_bus(const struct dd_pci_access *access, uint8_t bus)
{
    ck_assert_ptr_eq(access, &fake.access);
    ck_assert_uint_eq(bus, 0);
    return 256;
}

START_TEST(a_bus_of_256_bytes_does_not_reach_the_extended_list)
{
    put_express();
    fake.access.size_of_bus = size_of_bus;
    ck_assert_int_eq(walk_extended(), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(a_handle_of_256_bytes_does_not_reach_the_extended_list)
{
    put_express();
    fake.access.size = 256;
    ck_assert_int_eq(walk_extended(), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(a_bad_first_list_hides_the_extended_one_unless_pci_express_was_found)
{
    put(0x40, 0x01, 0x50);
    put(0x50, _i == 0 ? 0x05 : 0x10, 0x40);
    fake_put32(function, 0x100, 0x00010001);
    ck_assert_int_eq(walk_extended(), _i == 0 ? DD_ELOOP : DD_OK);
    ck_assert_uint_eq(found_count, _i == 0 ? 0 : 1);
}
END_TEST

START_TEST(low_bits_of_extended_pointers_are_ignored)
{
    put_express();
    fake_put32(function, 0x100, 0x14310001);
    fake_put32(function, 0x140, 0x00310003); /* next 3: none */
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 2);
    expect(1, 0x0003, 1, 0x140);
}
END_TEST

START_TEST(an_extended_pointer_below_100_is_malformed)
{
    put_express();
    fake_put32(function, 0x100, _i == 0 ? 0x0FC10001 : 0x00410001);
    ck_assert_int_eq(walk_extended(), DD_EMALFORMED);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

START_TEST(an_extended_loop_is_reported_after_each_entry_was_visited_once)
{
    put_express();
    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, _i == 0 ? 0x10010003 : 0x14010003);
    ck_assert_int_eq(walk_extended(), DD_ELOOP);
    ck_assert_uint_eq(found_count, 2);
}
END_TEST

START_TEST(the_longest_extended_list_has_960_entries)
{
    put_express();
    for (unsigned int offset = 0x100; offset < 0x1000; offset += 4) {
        fake_put32(function, offset, (offset + 4) << 20 | 0x1000B); /* the last points to 0 */
    }
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 960);
    expect(959, 0x000B, 1, 0xFFC);
}
END_TEST

START_TEST(a_visitor_stops_the_extended_walk)
{
    put_express();
    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, 0x10010003);
    stop_after = 1;
    ck_assert_int_eq(walk_extended(), DD_OK);
    ck_assert_uint_eq(found_count, 1);
}
END_TEST

START_TEST(a_device_that_vanishes_at_any_read_of_the_extended_list_is_reported)
{
    put_express();
    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, 0x18010003);
    fake_put32(function, 0x180, 0x00010004);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(walk_extended(), DD_ENODEV);
    ck_assert_uint_le(found_count, 2);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static TCase *first_list(void)
{
    TCase *tests = tcase_create("first list");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, entries_are_visited_in_the_order_of_the_list);
    tcase_add_test(tests, without_the_status_bit_the_pointer_is_not_looked_at);
    tcase_add_test(tests, an_empty_list_is_fine);
    tcase_add_test(tests, low_bits_of_pointers_are_ignored);
    tcase_add_test(tests, a_null_capability_is_an_entry);
    tcase_add_loop_test(tests, the_pointer_is_where_the_layout_has_it, 0, COUNT(layouts));
    tcase_add_loop_test(tests, a_visitor_stops_the_walk, 1, 3);
    tcase_add_loop_test(tests, a_pointer_into_the_header_is_malformed, 0, 17);
    tcase_add_test(tests, a_first_pointer_into_the_header_is_malformed);
    tcase_add_loop_test(tests, a_loop_is_reported_after_each_entry_was_visited_once, 0, 3);
    tcase_add_test(tests, the_longest_list_has_48_entries);
    tcase_add_test(tests, an_entry_of_ones_in_a_function_that_answers_is_malformed);
    tcase_add_test(tests, no_list_of_a_function_that_is_not_there);
    tcase_add_loop_test(tests, a_device_that_vanishes_at_any_read_of_the_first_list_is_reported, 0,
                        7);
    tcase_add_test(tests, the_first_entry_with_an_id_is_found);
    tcase_add_test(tests, a_bad_list_matters_only_before_the_entry);
    return tests;
}

static TCase *extended_list(void)
{
    TCase *tests = tcase_create("extended list");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, extended_entries_have_16_bit_ids_and_versions);
    tcase_add_loop_test(tests, an_extended_list_begins_with_zeros_or_ones_if_it_is_empty, 0, 2);
    tcase_add_loop_test(tests, zeros_or_ones_end_an_extended_list, 0, 2);
    tcase_add_test(tests, an_extended_null_capability_is_an_entry);
    tcase_add_test(tests, a_function_without_pci_express_has_no_extended_list);
    tcase_add_test(tests, a_bus_of_256_bytes_does_not_reach_the_extended_list);
    tcase_add_test(tests, a_handle_of_256_bytes_does_not_reach_the_extended_list);
    tcase_add_loop_test(tests, a_bad_first_list_hides_the_extended_one_unless_pci_express_was_found,
                        0, 2);
    tcase_add_test(tests, low_bits_of_extended_pointers_are_ignored);
    tcase_add_loop_test(tests, an_extended_pointer_below_100_is_malformed, 0, 2);
    tcase_add_loop_test(tests, an_extended_loop_is_reported_after_each_entry_was_visited_once, 0,
                        2);
    tcase_add_test(tests, the_longest_extended_list_has_960_entries);
    tcase_add_test(tests, a_visitor_stops_the_extended_walk);
    tcase_add_loop_test(tests, a_device_that_vanishes_at_any_read_of_the_extended_list_is_reported,
                        0, 8);
    return tests;
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_cap");

    suite_add_tcase(suite, first_list());
    suite_add_tcase(suite, extended_list());
    return suite;
}
