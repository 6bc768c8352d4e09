/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/pci_diff*.c. Offsets and bits are [PCI 3.0] 6.1, 6.2; [PCIe 6] 7.5, 7.9. */
#include <jansson.h>
#include <stdlib.h>

#include "sim/pci/diff/pci_diff.h"
#include "tests/unit/pci_case.h"

/* Two dumps and what differs. */
static struct pci_case before;
static struct pci_case after;
static struct sim_pci_diff diff;
static bool compared;

static void setup(void)
{
    pci_case_init(&before);
    pci_case_init(&after);
    compared = false;
}

static void teardown(void)
{
    if (compared) {
        sim_pci_diff_free(&diff);
    }
}

static void compare(void)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_pci_diff(&before.dump, &after.dump, &diff, &error) == 0, "%s", error.text);
    compared = true;
}

/* A function of 256 known bytes in both dumps, device ID given. */
static void add_both(struct sim_pci_address address, uint8_t device, unsigned int size)
{
    struct pci_case *cases[] = {&before, &after};

    for (unsigned int i = 0; i < 2; i++) {
        struct sim_dump_function *function = pci_case_add(cases[i], address);

        function->bytes[0x02] = device;
        pci_case_know(function, size);
    }
}

/* The only change of the only function in both must be this. */
static void assert_change(const char *what, const char *was, const char *is)
{
    compare();
    ck_assert_uint_eq(diff.count, 1);
    ck_assert_uint_eq(sim_pci_diff_count(&diff), 1);
    ck_assert_uint_ge(diff.pairs[0].count, 1);
    ck_assert_str_eq(diff.pairs[0].changes[0].what, what);
    ck_assert_str_eq(diff.pairs[0].changes[0].before, was);
    ck_assert_str_eq(diff.pairs[0].changes[0].after, is);
    ck_assert_uint_eq(diff.pairs[0].count, 1);
}

static void assert_no_change(void)
{
    compare();
    ck_assert_uint_eq(sim_pci_diff_count(&diff), 0);
}

START_TEST(equal_dumps_have_no_differences)
{
    add_both(AT(0, 0, 0), 1, 4096);
    add_both(AT(0, 1, 0), 2, 256);
    assert_no_change();
    ck_assert_uint_eq(diff.count, 2);
    ck_assert_ptr_eq(diff.pairs[1].before, &before.functions[1]);
    ck_assert_ptr_eq(diff.pairs[1].after, &after.functions[1]);
}
END_TEST

START_TEST(functions_come_and_go)
{
    add_both(AT(0, 1, 0), 1, 64);
    pci_case_add(&before, AT(0, 2, 0))->bytes[2] = 2;
    pci_case_add(&after, AT(0, 3, 0))->bytes[2] = 3;
    compare();
    ck_assert_uint_eq(diff.count, 3);
    ck_assert_ptr_null(diff.pairs[1].after);
    ck_assert_uint_eq(diff.pairs[1].before->device, 2);
    ck_assert_ptr_null(diff.pairs[2].before);
    ck_assert_uint_eq(diff.pairs[2].after->device, 3);
    ck_assert_uint_eq(sim_pci_diff_count(&diff), 2);
}
END_TEST

START_TEST(another_device_in_the_same_place_is_one_gone_and_one_new)
{
    static const unsigned int identity[] = {0x00, 0x01, 0x02, 0x03, 0x0A, 0x0B, 0x2C, 0x2F};

    add_both(AT(0, 1, 0), 1, 64);
    after.functions[0].bytes[identity[_i]] ^= 0x40;
    compare();
    ck_assert_uint_eq(diff.count, 2);
    ck_assert_ptr_null(diff.pairs[0].after);
    ck_assert_ptr_null(diff.pairs[1].before);
}
END_TEST

START_TEST(a_device_behind_a_renumbered_bus_is_the_same_device)
{
    /* two alike on bus 1, of which one is on bus 2 now: the one with the same device number */
    pci_case_add(&before, AT(1, 0, 0));
    pci_case_add(&before, AT(1, 4, 0));
    pci_case_add(&after, AT(2, 4, 0));
    pci_case_add(&after, AT(2, 7, 0));
    compare();
    ck_assert_uint_eq(diff.count, 2);
    ck_assert_uint_eq(diff.pairs[0].before->device, 4);
    ck_assert_uint_eq(diff.pairs[0].after->device, 4);
    ck_assert_uint_eq(diff.pairs[1].before->device, 0);
    ck_assert_uint_eq(diff.pairs[1].after->device, 7);
    ck_assert_uint_eq(sim_pci_diff_count(&diff), 2);
}
END_TEST

/* PCI Express at 40h and a serial number at 100h, which the low byte of tells. */
static void add_serial(struct sim_dump_function *function, uint8_t serial)
{
    pci_case_know(function, 4096);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
    function->bytes[0x40] = 0x10;
    function->bytes[0x100] = 0x03;
    function->bytes[0x102] = 0x01;
    function->bytes[0x104] = serial;
}

START_TEST(serial_numbers_tell_devices_apart_that_are_alike)
{
    /* a card was put in before two others */
    add_serial(pci_case_add(&before, AT(1, 0, 0)), 0xAA);
    add_serial(pci_case_add(&before, AT(2, 0, 0)), 0xBB);
    add_serial(pci_case_add(&after, AT(1, 0, 0)), 0xCC);
    add_serial(pci_case_add(&after, AT(2, 0, 0)), 0xAA);
    add_serial(pci_case_add(&after, AT(3, 0, 0)), 0xBB);
    compare();
    ck_assert_uint_eq(diff.count, 3);
    ck_assert_ptr_null(diff.pairs[0].before);
    ck_assert_uint_eq(diff.pairs[1].before->bus, 1);
    ck_assert_uint_eq(diff.pairs[2].before->bus, 2);
}
END_TEST

START_TEST(a_field_of_the_header_has_its_name)
{
    add_both(AT(0, 1, 0), 1, 64);
    after.functions[0].bytes[0x04] = 0x04;
    assert_change("command bus master", "off", "on");
}
END_TEST

START_TEST(a_field_of_several_bits_has_its_number)
{
    add_both(AT(0, 1, 0), 1, 64);
    before.functions[0].bytes[0x3C] = 9;
    after.functions[0].bytes[0x3C] = 0x0B;
    assert_change("interrupt line", "9", "0xb");
}
END_TEST

START_TEST(what_has_happened_is_no_difference)
{
    add_both(AT(0, 1, 0), 1, 64);
    after.functions[0].bytes[0x07] = 0xF9; /* errors that Status remembers */
    after.functions[0].bytes[0x05] = 0xF8; /* reserved bits of Command */
    assert_no_change();
}
END_TEST

START_TEST(what_one_dump_does_not_know_is_no_difference)
{
    add_both(AT(0, 1, 0), 1, 64);
    before.functions[0].bytes[0x04] = 0x05;
    before.functions[0].known[0x04] = 0x03; /* I/O and memory space only */
    assert_change("command io space", "on", "off");
}
END_TEST

START_TEST(base_addresses_move_grow_and_vanish)
{
    static const struct {
        uint8_t was[2], is[2]; /* lowest and highest byte */
        uint64_t size_before, size_after;
        const char *before, *after;
    } cases[] = {
        {{0x00, 0xF0}, {0x00, 0xE0}, 0, 0, "memory f0000000", "memory e0000000"},
        {{0x08, 0xF0}, {0x00, 0xF0}, 0, 0, "memory f0000000, prefetchable", "memory f0000000"},
        {{0x00, 0xF0},
         {0x00, 0xF0},
         0x4000,
         0x8000,
         "memory f0000000, 16K",
         "memory f0000000, 32K"},
        {{0x00, 0xF0}, {0x00, 0xE0}, 0x4000, 0, "memory f0000000", "memory e0000000"},
        {{0x01, 0x00}, {0x00, 0x00}, 0, 0, "ports 0", ""},
        {{0x04, 0xF0}, {0x04, 0xE0}, 0, 0, "memory f0000000, 64-bit", "memory e0000000, 64-bit"},
    };

    add_both(AT(0, 1, 0), 1, 64);
    before.functions[0].bytes[0x14] = cases[_i].was[0];
    before.functions[0].bytes[0x17] = cases[_i].was[1];
    before.functions[0].bars[1].size = cases[_i].size_before;
    after.functions[0].bytes[0x14] = cases[_i].is[0];
    after.functions[0].bytes[0x17] = cases[_i].is[1];
    after.functions[0].bars[1].size = cases[_i].size_after;
    assert_change("BAR 1", cases[_i].before, cases[_i].after);
}
END_TEST

START_TEST(the_upper_half_of_a_base_address_is_part_of_it)
{
    add_both(AT(0, 1, 0), 1, 64);
    before.functions[0].bytes[0x10] = 0x0C;
    after.functions[0].bytes[0x10] = 0x0C;
    after.functions[0].bytes[0x14] = 0x40;
    assert_change("BAR 0", "memory 0, 64-bit, prefetchable",
                  "memory 4000000000, 64-bit, prefetchable");
}
END_TEST

/* A bridge in both dumps. */
static void add_bridges(void)
{
    (void)pci_case_add_bridge(&before, AT(0, 1, 0), 1, 2);
    (void)pci_case_add_bridge(&after, AT(0, 1, 0), 1, 2);
}

START_TEST(bus_numbers_and_windows_of_a_bridge_are_said_as_such)
{
    static const struct {
        uint8_t offset, was, is;
        const char *what, *before, *after;
    } cases[] = {
        {0x1A, 2, 5, "bus", "00, leads to 01-02", "00, leads to 01-05"},
        {0x1C, 0x00, 0x20, "I/O window", "0-fff, 4K", "closed"},
        {0x1D, 0x00, 0x10, "I/O window", "0-fff, 4K", "0-1fff, 8K"},
        {0x20, 0x00, 0x10, "memory window", "0-fffff, 1M", "closed"},
        {0x23, 0x00, 0xF0, "memory window", "0-fffff, 1M", "0-f00fffff, 3841M"},
        {0x26, 0x00, 0x10, "prefetchable window", "0-fffff, 1M", "0-1fffff, 2M"},
        {0x3E, 0x00, 0x40, "bridge control secondary bus reset", "off", "on"},
    };

    add_bridges();
    before.functions[0].bytes[cases[_i].offset] = cases[_i].was;
    after.functions[0].bytes[cases[_i].offset] = cases[_i].is;
    assert_change(cases[_i].what, cases[_i].before, cases[_i].after);
}
END_TEST

START_TEST(upper_halves_of_windows_count_where_there_are_any)
{
    add_bridges();
    before.functions[0].bytes[0x24] = 0x01;
    before.functions[0].bytes[0x26] = 0x01;
    after.functions[0].bytes[0x24] = 0x01;
    after.functions[0].bytes[0x26] = 0x01;
    after.functions[0].bytes[0x28] = 0x08;
    after.functions[0].bytes[0x2C] = 0x08;
    assert_change("prefetchable window", "0-fffff, 1M", "800000000-8000fffff, 1M");
}
END_TEST

/* Give both functions a list: power management at 50h and MSI-X at 60h. */
static void add_capabilities(void)
{
    struct sim_dump_function *functions[] = {before.functions, after.functions};

    for (unsigned int i = 0; i < 2; i++) {
        functions[i]->bytes[0x06] = 0x10;
        functions[i]->bytes[0x34] = 0x50;
        functions[i]->bytes[0x50] = 0x01;
        functions[i]->bytes[0x51] = 0x60;
        functions[i]->bytes[0x60] = 0x11;
    }
}

START_TEST(a_capability_that_is_gone_is_said)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    after.functions[0].bytes[0x51] = 0;
    assert_change("MSI-X [60]", "there", "");
}
END_TEST

START_TEST(a_capability_that_came_is_said)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    before.functions[0].bytes[0x51] = 0;
    assert_change("MSI-X [60]", "", "there");
}
END_TEST

START_TEST(a_capability_that_moved_is_compared_where_it_is)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    after.functions[0].bytes[0x51] = 0x70;
    after.functions[0].bytes[0x60] = 0;
    after.functions[0].bytes[0x70] = 0x11;
    after.functions[0].bytes[0x73] = 0x80;
    compare();
    ck_assert_uint_eq(diff.pairs[0].count, 2);
    ck_assert_str_eq(diff.pairs[0].changes[0].what, "MSI-X [70]");
    ck_assert_str_eq(diff.pairs[0].changes[0].before, "at 60");
    ck_assert_str_eq(diff.pairs[0].changes[0].after, "at 70");
    ck_assert_str_eq(diff.pairs[0].changes[1].before, "off");
    ck_assert_str_eq(diff.pairs[0].changes[1].after, "on");
}
END_TEST

START_TEST(a_dump_that_shows_no_lists_has_not_lost_them)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    memset(after.functions[0].known + 64, 0, 192);
    memset(after.functions[0].bytes + 64, 0, 192);
    assert_no_change();
}
END_TEST

START_TEST(a_field_of_a_capability_has_its_name)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    after.functions[0].bytes[0x54] = 0x03;
    assert_change("PM [50] pm power state", "0", "3");
}
END_TEST

START_TEST(what_a_capability_remembers_is_no_difference)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    after.functions[0].bytes[0x55] = 0x80; /* PME_Status */
    assert_no_change();
}
END_TEST

/* Verbose text does not tell the low bits of pointers, which mean nothing, nor the last pointer of the extended list. */
static void forget_pointers(struct sim_dump_function *function)
{
    function->known[0x34] = 0xFC;
    function->known[0x41] = 0xFC;
    function->known[0x102] = 0x00;
    function->known[0x103] = 0x00;
}

/* PCI Express at 40h and AER at 100h in both. */
static void add_text(void)
{
    struct pci_case *cases[] = {&before, &after};

    add_both(AT(0, 0, 0), 1, 4096);
    for (unsigned int i = 0; i < 2; i++) {
        uint8_t *bytes = cases[i]->functions[0].bytes;

        bytes[0x06] = 0x10;
        bytes[0x34] = 0x40;
        bytes[0x40] = 0x10;
        bytes[0x100] = 0x01;
        forget_pointers(&cases[i]->functions[0]);
    }
}

START_TEST(capabilities_of_a_text_have_their_fields)
{
    add_text();
    after.functions[0].bytes[0x50] = 0x02; /* [PCIe 6] 7.5.3.7: ASPM Control */
    assert_change("PCIe [40] express aspm", "0", "2");
}
END_TEST

START_TEST(a_version_that_is_not_printed_is_no_difference)
{
    add_text();
    after.functions[0].bytes[0x102] = 0x02;
    assert_no_change();
}
END_TEST

START_TEST(capabilities_that_nobody_may_read_are_not_gone)
{
    add_text();
    memset(before.functions[0].known, 0xFF, 4096);
    memset(&after.functions[0].known[0x34], 0, 4096 - 0x34);
    after.functions[0].bytes[0x34] = 0;
    assert_no_change();
}
END_TEST

START_TEST(links_have_their_speed_and_width)
{
    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    before.functions[0].bytes[0x50] = 0x10;
    after.functions[0].bytes[0x50] = 0x10;
    before.functions[0].bytes[0x51] = 0x90;
    after.functions[0].bytes[0x51] = 0x90;
    before.functions[0].bytes[0x62] = 0x43;
    after.functions[0].bytes[0x62] = 0x11;
    assert_change("link", "8 GT/s x4", "2.5 GT/s x1");
}
END_TEST

START_TEST(a_message_is_said_in_either_form)
{
    unsigned int data = _i == 0 ? 0x58 : 0x5C;

    add_both(AT(0, 1, 0), 1, 256);
    add_capabilities();
    before.functions[0].bytes[0x50] = 0x05;
    after.functions[0].bytes[0x50] = 0x05;
    before.functions[0].bytes[0x51] = 0;
    after.functions[0].bytes[0x51] = 0;
    before.functions[0].bytes[0x60] = 0;
    after.functions[0].bytes[0x60] = 0;
    before.functions[0].bytes[0x52] = _i == 0 ? 0 : 0x80;
    after.functions[0].bytes[0x52] = _i == 0 ? 0 : 0x80;
    after.functions[0].bytes[0x56] = 0xE0;
    after.functions[0].bytes[0x57] = 0xFE;
    after.functions[0].bytes[data] = 0x41;
    assert_change("MSI [50] message", "0000 to 0", "0041 to fee00000");
}
END_TEST

START_TEST(the_vendors_own_registers_are_counted)
{
    add_both(AT(0, 1, 0), 1, 4096);
    after.functions[0].bytes[0x48] = 1;
    after.functions[0].bytes[0xFFF] = 1;
    assert_change("2 bytes of the vendor's own", "48: 00", "48: 01");
}
END_TEST

START_TEST(people_get_lines_and_programs_get_json)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    struct sim_error error = {""};
    json_t *json = NULL;

    add_both(AT(0, 1, 0), 1, 64);
    after.functions[0].bytes[0x04] = 0x02;
    pci_case_add(&after, AT(0, 2, 0))->bytes[2] = 3;
    pci_case_add(&before, AT(3, 0, 0))->bytes[2] = 4;
    pci_case_add(&after, AT(4, 0, 0))->bytes[2] = 4;
    compare();
    ck_assert_int_eq(sim_pci_diff_print(&diff, file, &error), 0);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq(strncmp(text, "  00:01.0 ", 10), 0);
    ck_assert_ptr_nonnull(strstr(text, "\n      command memory space               off -> on\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n+ 00:02.0 "));
    ck_assert_ptr_nonnull(strstr(text, "\n  04:00.0 (was 03:00.0) "));
    ck_assert_ptr_nonnull(strstr(text, "\n\n1 added, 0 removed, 1 moved, 1 changed, 0 the same\n"));
    rewind(file);
    ck_assert_int_eq(sim_pci_diff_json(&diff, file, &error), 0);
    ck_assert_int_eq(fclose(file), 0);
    json = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
    ck_assert_ptr_nonnull(json);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "functions")), 3);
    ck_assert_str_eq(json_string_value(json_object_get(
                         json_array_get(json_object_get(json, "functions"), 2), "was")),
                     "03:00.0");
    ck_assert_str_eq(json_string_value(json_object_get(
                         json_array_get(json_object_get(json, "functions"), 1), "change")),
                     "added");
    json_decref(json);
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_diff");
    TCase *functions = tcase_create("functions");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(functions, setup, teardown);
    tcase_add_test(functions, equal_dumps_have_no_differences);
    tcase_add_test(functions, functions_come_and_go);
    tcase_add_loop_test(functions, another_device_in_the_same_place_is_one_gone_and_one_new, 0, 8);
    tcase_add_test(functions, a_device_behind_a_renumbered_bus_is_the_same_device);
    tcase_add_test(functions, serial_numbers_tell_devices_apart_that_are_alike);
    tcase_add_test(functions, people_get_lines_and_programs_get_json);
    suite_add_tcase(suite, functions);
    tcase_add_checked_fixture(registers, setup, teardown);
    tcase_add_test(registers, a_field_of_the_header_has_its_name);
    tcase_add_test(registers, a_field_of_several_bits_has_its_number);
    tcase_add_test(registers, what_has_happened_is_no_difference);
    tcase_add_test(registers, what_one_dump_does_not_know_is_no_difference);
    tcase_add_loop_test(registers, base_addresses_move_grow_and_vanish, 0, 6);
    tcase_add_test(registers, the_upper_half_of_a_base_address_is_part_of_it);
    tcase_add_loop_test(registers, bus_numbers_and_windows_of_a_bridge_are_said_as_such, 0, 7);
    tcase_add_test(registers, upper_halves_of_windows_count_where_there_are_any);
    tcase_add_test(registers, a_capability_that_is_gone_is_said);
    tcase_add_test(registers, a_capability_that_came_is_said);
    tcase_add_test(registers, a_capability_that_moved_is_compared_where_it_is);
    tcase_add_test(registers, a_dump_that_shows_no_lists_has_not_lost_them);
    tcase_add_test(registers, a_field_of_a_capability_has_its_name);
    tcase_add_test(registers, what_a_capability_remembers_is_no_difference);
    tcase_add_test(registers, capabilities_of_a_text_have_their_fields);
    tcase_add_test(registers, a_version_that_is_not_printed_is_no_difference);
    tcase_add_test(registers, capabilities_that_nobody_may_read_are_not_gone);
    tcase_add_test(registers, links_have_their_speed_and_width);
    tcase_add_loop_test(registers, a_message_is_said_in_either_form, 0, 2);
    tcase_add_test(registers, the_vendors_own_registers_are_counted);
    suite_add_tcase(suite, registers);
    return suite;
}
