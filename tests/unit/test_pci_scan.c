/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_scan.c. */
#include "drydock/pci_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

/* What the visitor was told. */
static struct dd_pci_function found[256 * 256];
static unsigned int found_count;
static unsigned int stop_after; /* this many; 0: never */

static void setup(void)
{
    fake_reset();
    found_count = 0;
    stop_after = 0;
}

static enum dd_pci_visit note(void *context, const struct dd_pci_function *function)
{
    if (context != &found_count || found_count == sizeof found / sizeof found[0]) {
        ck_abort_msg("a visit with the wrong context, or of too many functions");
    }
    found[found_count++] = *function;
    return found_count == stop_after ? DD_PCI_VISIT_STOP : DD_PCI_VISIT_CONTINUE;
}

static const struct dd_pci_visitor visitor = {note, &found_count};

static void scan_bus(uint8_t bus)
{
    ck_assert_int_eq(dd_pci_scan(&fake.access, &bus, 1, &visitor), DD_OK);
}

/* The functions found, in order, as "BB:DD.F " each. */
static const char *order(void)
{
    static char text[1024];
    size_t used = 0;

    text[0] = '\0';
    for (unsigned int i = 0; i < found_count && used + 10 < sizeof text; i++) {
        struct dd_pci_address at = found[i].address;

        used += (size_t)snprintf(text + used, sizeof text - used, "%02x:%02x.%u ", at.bus,
                                 at.device, at.function);
    }
    return text;
}

/* ---- One bus: [PCI 3.0] 3.2.2.3.4 ---- */

START_TEST(an_empty_bus_takes_one_read_for_each_device)
{
    scan_bus(0);
    ck_assert_uint_eq(found_count, 0);
    ck_assert_uint_eq(fake.access_count, 32);
}
END_TEST

START_TEST(a_function_is_described)
{
    fake_add(0, 0x1F, 0, 0x29188086)->bytes[0x0E] = 0x80;
    scan_bus(0);
    ck_assert_uint_eq(found_count, 1);
    ck_assert_uint_eq(found[0].address.segment, 0);
    ck_assert_str_eq(order(), "00:1f.0 ");
    ck_assert_uint_eq(found[0].vendor, 0x8086);
    ck_assert_uint_eq(found[0].device, 0x2918);
    ck_assert_uint_eq(found[0].layout, 0);
    ck_assert(found[0].multi_function);
    ck_assert_int_eq(found[0].behind, DD_ENOENT);
}
END_TEST

START_TEST(a_single_function_device_takes_two_reads)
{
    fake_add(0, 3, 0, 0x10051AF4);
    fake_add(0, 3, 1, 0x10051AF4); /* a ghost: function 0 says it is alone */
    scan_bus(0);
    ck_assert_str_eq(order(), "00:03.0 ");
    ck_assert_uint_eq(fake.access_count, 31 + 2);
}
END_TEST

START_TEST(a_multi_function_device_is_searched_across_gaps)
{
    fake_add(0, 4, 0, 0x10021AF4)->bytes[0x0E] = 0x80;
    fake_add(0, 4, 3, 0x10031AF4); /* only function 0 must have the bit: [PCI 3.0] 6.2.1 */
    fake_add(0, 4, 7, 0x10041AF4);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:04.0 00:04.3 00:04.7 ");
    ck_assert_uint_eq(fake.access_count, 31 + 3 * 2 + 5);
}
END_TEST

START_TEST(a_device_without_function_0_is_skipped)
{
    fake_add(0, 5, 1, 0x10051AF4)->bytes[0x0E] = 0x80;
    scan_bus(0);
    ck_assert_uint_eq(found_count, 0);
    ck_assert_uint_eq(fake.access_count, 32);
}
END_TEST

START_TEST(the_multi_function_bit_of_another_function_means_nothing)
{
    fake_add(0, 6, 0, 0x10051AF4)->bytes[0x0E] = 0x80;
    fake_add(0, 6, 1, 0x10051AF4)->bytes[0x0E] = 0x00;
    fake_add(0, 6, 2, 0x10051AF4);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:06.0 00:06.1 00:06.2 ");
}
END_TEST

/* A bus 0 on which every function of every device answers. */
static uint32_t full_read(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width)
{
    (void)access;
    (void)address;
    (void)width;
    fake.access_count++;
    return offset == 0 ? 0x12348086 : 0x80;
}

START_TEST(a_full_bus_has_256_functions)
{
    static const struct dd_pci_ops ops = {full_read, NULL};

    fake.access.ops = &ops;
    scan_bus(0);
    ck_assert_uint_eq(found_count, 256);
    ck_assert_uint_eq(fake.access_count, 512);
    for (unsigned int i = 0; i < 256; i++) {
        ck_assert_uint_eq(found[i].address.device, i / 8);
        ck_assert_uint_eq(found[i].address.function, i % 8);
    }
}
END_TEST

/* ---- Bridges: [PCI-PCI 1.2] 3.2.5 ---- */

START_TEST(what_is_behind_a_bridge_comes_right_after_it)
{
    fake_add(0, 0, 0, 0x29C08086);
    fake_add_bridge(0, 2, 0, 1, 4)->bytes[0x0E] = 0x81;
    fake_add_bridge(0, 2, 1, 5, 5);
    fake_add_bridge(1, 0, 0, 2, 4);
    fake_add_bridge(2, 0, 0, 3, 3);
    fake_add_bridge(2, 1, 0, 4, 4);
    fake_add(3, 0, 0, 0x10D38086);
    fake_add(4, 0, 0, 0x00101B36);
    fake_add(0, 3, 0, 0x10051AF4);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 00:02.0 01:00.0 02:00.0 03:00.0 02:01.0 04:00.0 00:02.1 "
                              "00:03.0 ");
    ck_assert_int_eq(found[1].behind, DD_OK);
    ck_assert_uint_eq(found[1].secondary_bus, 1);
    ck_assert_uint_eq(found[1].subordinate_bus, 4);
    ck_assert_int_eq(found[7].behind, DD_OK);
}
END_TEST

START_TEST(a_bridge_takes_three_reads_and_one_to_see_that_it_has_no_capabilities)
{
    fake_add_bridge(0, 0, 0, 1, 1);
    scan_bus(0);
    ck_assert_uint_eq(fake.access_count, 4 + 31 + 32);
}
END_TEST

START_TEST(a_bridge_is_known_by_its_header_and_not_by_its_class)
{
    fake_put32(fake_add_bridge(0, 0, 0, 1, 1), 0x08, 0x06000000); /* calls itself a host bridge */
    fake_put32(fake_add(0, 1, 0, 0x12348086), 0x08, 0x06040000);  /* an endpoint that does not */
    fake_put32(&fake.functions[1], 0x18, 0x00020200);
    fake_add(1, 0, 0, 0x10D38086);
    fake_add(2, 0, 0, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 00:01.0 ");
    ck_assert_int_eq(found[2].behind, DD_ENOENT);
    ck_assert_uint_eq(found[2].secondary_bus, 0);
}
END_TEST

START_TEST(a_cardbus_bridge_is_followed)
{
    fake_add_bridge(0, 0, 0, 2, 5)->bytes[0x0E] = 0x02;
    fake_add(2, 0, 0, 0x813910EC);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 02:00.0 ");
}
END_TEST

START_TEST(an_unknown_layout_is_found_but_not_followed)
{
    fake_add_bridge(0, 0, 0, 1, 1)->bytes[0x0E] = 0x03;
    fake_add(1, 0, 0, 0x813910EC);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 ");
    ck_assert_uint_eq(found[0].layout, 3);
    ck_assert_int_eq(found[0].behind, DD_ENOENT);
}
END_TEST

/* Nothing sets 255 aside: [PCI-PCI 1.2] 3.2.5.3. */
START_TEST(a_bridge_whose_bus_numbers_are_all_ones_leads_to_bus_255)
{
    fake_put32(fake_add_bridge(0, 0, 0, 255, 255), 0x18, 0xFFFFFFFF);
    fake_add(255, 0, 0, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 ff:00.0 ");
    ck_assert_int_eq(found[0].behind, DD_OK);
    ck_assert_uint_eq(found[0].subordinate_bus, 255);
}
END_TEST

START_TEST(a_bridge_without_a_secondary_bus_has_nothing_behind_it)
{
    fake_add_bridge(0, 0, 0, 0, 0);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 ");
    ck_assert_int_eq(found[0].behind, DD_ENOENT);
}
END_TEST

static const struct {
    uint8_t secondary, subordinate;
    enum dd_status behind;
} bridges_on_bus_5[] = {
    {5, 5, DD_EMALFORMED},                          /* itself */
    {4, 9, DD_EMALFORMED},                          /* upwards */
    {1, 255, DD_EMALFORMED}, {7, 6, DD_EMALFORMED}, /* subordinate below secondary */
    {255, 0, DD_EMALFORMED}, {6, 6, DD_OK},         {15, 255, DD_OK}, /* last bus of the window */
    {16, 255, DD_ENOTSUP},                                            /* first bus after it */
    {255, 255, DD_ENOTSUP},
};

START_TEST(bus_numbers_that_cannot_be_are_not_followed)
{
    fake_add_bridge(5, 0, 0, bridges_on_bus_5[_i].secondary, bridges_on_bus_5[_i].subordinate);
    fake.access.first_bus = 1;
    fake.access.last_bus = 15;
    scan_bus(5);
    ck_assert_uint_eq(found_count, 1);
    ck_assert_int_eq(found[0].behind, bridges_on_bus_5[_i].behind);
}
END_TEST

/* Accesses for bus 6 do not get past 00:01.0, which passes 1 to 5 on: [PCI-PCI 1.2] 3.2.5.4. */
START_TEST(a_bus_that_the_bridge_above_does_not_pass_on_is_not_followed)
{
    fake_add_bridge(0, 1, 0, 1, 5);
    fake_add_bridge(1, 1, 0, 6, 6);
    fake_add_bridge(1, 2, 0, 5, 9);
    fake_add_bridge(5, 0, 0, 6, 6); /* nor one that both of those above pass on to nobody */
    fake_add(6, 0, 0, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:01.0 01:01.0 01:02.0 05:00.0 ");
    ck_assert_int_eq(found[1].behind, DD_EMALFORMED);
    ck_assert_int_eq(found[2].behind, DD_OK);
    ck_assert_int_eq(found[3].behind, DD_EMALFORMED);
}
END_TEST

START_TEST(two_bridges_to_one_bus_scan_it_once)
{
    fake_add_bridge(0, 1, 0, 7, 7);
    fake_add_bridge(0, 2, 0, 7, 7);
    fake_add(7, 0, 0, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:01.0 07:00.0 00:02.0 ");
    ck_assert_int_eq(found[2].behind, DD_ELOOP);
}
END_TEST

/* The last device of each bus is a bridge to the next bus. */
static uint32_t chain_read(const struct dd_pci_access *access, struct dd_pci_address address,
                           uint16_t offset, enum dd_pci_width width)
{
    (void)access;
    (void)width;
    if (address.device != 31) {
        return 0xFFFFFFFF;
    }
    switch (offset) {
    case 0x00:
        return 0x000C1B36;
    case 0x0E:
        return address.bus == 255 ? 0x00 : 0x01;
    default:
        return 0x00FF0000u | (address.bus + 1u) << 8 | address.bus;
    }
}

START_TEST(a_chain_of_255_bridges_is_followed_to_its_end)
{
    static const struct dd_pci_ops ops = {chain_read, NULL};

    fake.access.ops = &ops;
    scan_bus(0);
    ck_assert_uint_eq(found_count, 256);
    ck_assert_uint_eq(found[255].address.bus, 255);
    ck_assert_int_eq(found[254].behind, DD_OK);
    ck_assert_int_eq(found[255].behind, DD_ENOENT);
}
END_TEST

/* ---- Functions that are not ready: [PCIe 6] 2.3.2 ---- */

START_TEST(a_function_that_is_not_ready_is_neither_found_nor_absent)
{
    const uint8_t root = 0;

    fake_add(0, 1, 0, 0xFFFF0001)->bytes[0x0E] = 0x80;
    fake_add(0, 1, 1, 0x10D38086); /* whether there are others only function 0 can say */
    fake_add(0, 2, 0, 0x10D38086)->bytes[0x0E] = 0x80;
    fake_add(0, 2, 1, 0xFFFF0001);
    fake_add(0, 2, 2, 0x10D38086);
    ck_assert_int_eq(dd_pci_scan(&fake.access, &root, 1, &visitor), DD_ENOTREADY);
    ck_assert_str_eq(order(), "00:02.0 00:02.2 ");
}
END_TEST

/* ---- PCI Express: [PCIe 6] 7.5.3.2 (type in bits 23:20), 7.3.1, 7.8.8 ---- */

/* A port with a null capability at 0x40 and the PCI Express capability at 0x50. */
static struct fake_function *add_port(uint8_t bus, uint8_t device, uint8_t secondary, uint32_t type)
{
    struct fake_function *port = fake_add_bridge(bus, device, 0, secondary, 255);

    fake_put32(port, 0x04, 0x00100000);
    port->bytes[0x34] = 0x40;
    fake_put32(port, 0x40, 0x00005000);
    fake_put32(port, 0x50, 0x00020010 | type << 20);
    return port;
}

/* Types 4, 6 and 8: root port, downstream port, bridge from PCI. 5 and 7: upstream port, bridge to PCI. */
static const struct {
    uint32_t type;
    unsigned int probes;
} port_types[] = {{4, 1}, {6, 1}, {8, 1}, {5, 32}, {7, 32}, {0, 32}, {9, 32}};

START_TEST(below_a_port_there_is_one_device)
{
    const uint8_t root = 0;
    bool on_a_link = port_types[_i].probes == 1;

    add_port(0, 0, 1, port_types[_i].type);
    fake_add(1, 0, 0, 0x10D38086)->bytes[0x0E] = 0x80;
    fake_add(1, 0, 7, 0x10D38086);
    fake_add(1, 1, 0, 0x10D38086);
    ck_assert_int_eq(dd_pci_scan(&fake.access, &root, 1, &visitor), DD_OK);
    ck_assert_str_eq(order(),
                     on_a_link ? "00:00.0 01:00.0 01:00.7 " : "00:00.0 01:00.0 01:00.7 01:01.0 ");
}
END_TEST

START_TEST(behind_a_port_there_is_one_device_from_the_start)
{
    add_port(0, 3, 1, port_types[_i].type);
    fake_add(1, 0, 0, 0x10D38086);
    fake_add(1, 1, 0, 0x10D38086);
    ck_assert_int_eq(dd_pci_scan_behind(&fake.access, fake_address(0, 3, 0), &visitor), DD_OK);
    ck_assert_str_eq(order(), port_types[_i].probes == 1 ? "01:00.0 " : "01:00.0 01:01.0 ");
}
END_TEST

static const struct {
    uint32_t id, numbers;
    uint8_t layout;
    enum dd_status status;
} not_followed[] = {
    {0xFFFFFFFF, 0x00020100, 1, DD_ENODEV},     {0xFFFF0001, 0x00020100, 1, DD_ENOTREADY},
    {0x12348086, 0x00000000, 1, DD_ENOENT},     {0x12348086, 0x00020100, 0, DD_ENOENT},
    {0x12348086, 0x00010200, 1, DD_EMALFORMED}, {0x12348086, 0x00202000, 1, DD_ENOTSUP},
};

START_TEST(behind_what_leads_nowhere_nobody_is_found)
{
    struct fake_function *port = fake_add(0, 3, 0, not_followed[_i].id);

    port->bytes[0x0E] = not_followed[_i].layout;
    fake_put32(port, 0x18, not_followed[_i].numbers);
    fake_add(1, 0, 0, 0x10D38086);
    fake.access.last_bus = 15;
    ck_assert_int_eq(dd_pci_scan_behind(&fake.access, fake_address(0, 3, 0), &visitor),
                     not_followed[_i].status);
    ck_assert_int_eq(dd_pci_scan_behind(&fake.access, fake_address(16, 3, 0), &visitor), DD_EARG);
    ck_assert_uint_eq(found_count, 0);
}
END_TEST

START_TEST(a_link_with_nothing_on_it_takes_one_probe)
{
    add_port(0, 0, 1, 4);
    scan_bus(0);
    /* ID, type, numbers, Status, pointer, two entries, Device Control 2; 31 devices; the probe */
    ck_assert_uint_eq(fake.access_count, 8 + 31 + 1);
}
END_TEST

START_TEST(a_port_without_the_second_version_has_no_device_control_2)
{
    struct fake_function *port = add_port(0, 0, 1, 4);

    fake_put32(port, 0x50, 0x00410010);
    fake_put32(port, 0x78, 0x00000020);
    scan_bus(0);
    ck_assert_uint_eq(fake.access_count, 7 + 31 + 1);
}
END_TEST

/* A function with the ARI capability behind another extended one, or without. */
static void add_numbered(unsigned int number, unsigned int next)
{
    struct fake_function *function =
        fake_add(1, (uint8_t)(number / 8), (uint8_t)(number % 8), 0x10D38086);

    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, 0x0001000E);
    fake_put32(function, 0x144, next << 8);
}

static void add_forwarding_port(void)
{
    fake_put32(add_port(0, 0, 1, 4), 0x78, 0x00000020);
}

START_TEST(functions_above_7_are_found_where_the_port_forwards_their_numbers)
{
    add_forwarding_port();
    add_numbered(0, 3);
    add_numbered(1, 0); /* nobody names it */
    add_numbered(3, 9);
    add_numbered(9, 255);
    add_numbered(255, 0);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 01:00.3 01:01.1 01:1f.7 ");
    ck_assert_uint_eq(fake.access_count, 8 + 31 + 4 * (2 + 3));
}
END_TEST

START_TEST(without_forwarding_there_are_eight)
{
    add_port(0, 0, 1, 4);
    add_numbered(0, 9);
    fake.functions[1].bytes[0x0E] = 0x80;
    add_numbered(1, 0);
    add_numbered(9, 0);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 01:00.1 ");
}
END_TEST

START_TEST(a_device_without_the_capability_has_eight_in_spite_of_forwarding)
{
    add_forwarding_port();
    fake_add(1, 0, 0, 0x10D38086)->bytes[0x0E] = 0x80;
    fake_add(1, 0, 5, 0x10D38086);
    fake_add(1, 1, 0, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 01:00.5 ");
}
END_TEST

START_TEST(a_chain_that_goes_back_or_to_nobody_ends)
{
    const unsigned int next[] = {9, 8, 0, 20};

    add_forwarding_port();
    add_numbered(0, 9);
    add_numbered(8, 0);
    add_numbered(9, next[_i]);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 01:01.1 ");
}
END_TEST

START_TEST(a_function_in_the_chain_without_the_capability_ends_it)
{
    add_forwarding_port();
    add_numbered(0, 9);
    fake_add(1, 1, 1, 0x10D38086)->bytes[0x0E] = 0x80;
    fake_add(1, 1, 2, 0x10D38086);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 01:01.1 ");
}
END_TEST

START_TEST(numbers_are_not_followed_without_extended_space)
{
    fake.access.size = 256;
    add_forwarding_port();
    add_numbered(0, 9);
    add_numbered(9, 0);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 ");
}
END_TEST

START_TEST(a_looping_list_does_not_hold_the_scan_up)
{
    struct fake_function *port = add_port(0, 0, 1, 4);

    fake_put32(port, 0x50, 0x00004001);
    add_numbered(0, 9);
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 ");
    ck_assert_uint_le(fake.access_count, 5 + 48 + 31 + 33);
    found_count = 0;
    fake_forget();
    fake_put32(port, 0x50, 0x00420010);
    fake_put32(port, 0x78, 0x00000020);
    fake_put32(&fake.functions[1], 0x140, 0x10010003); /* back to 0x100 */
    scan_bus(0);
    ck_assert_str_eq(order(), "00:00.0 01:00.0 ");
    ck_assert_uint_le(fake.access_count, 8 + 31 + 2 + 960);
}
END_TEST

/* ---- Roots ---- */

START_TEST(roots_are_scanned_in_the_order_given_and_once)
{
    const uint8_t roots[] = {0x80, 0, 0x80, 1};

    fake_add(0x80, 0, 0, 0x12348086);
    fake_add_bridge(0, 1, 0, 1, 1);
    fake_add(1, 0, 0, 0x12348086);
    ck_assert_int_eq(dd_pci_scan(&fake.access, roots, 4, &visitor), DD_OK);
    ck_assert_str_eq(order(), "80:00.0 00:01.0 01:00.0 ");
}
END_TEST

START_TEST(a_root_outside_the_window_is_refused_before_anything_is_read)
{
    const uint8_t below[] = {3, 2};
    const uint8_t above[] = {3, 10};

    fake.access.first_bus = 3;
    fake.access.last_bus = 9;
    ck_assert_int_eq(dd_pci_scan(&fake.access, below, 2, &visitor), DD_EARG);
    ck_assert_int_eq(dd_pci_scan(&fake.access, above, 2, &visitor), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
    ck_assert_int_eq(dd_pci_scan(&fake.access, NULL, 0, &visitor), DD_OK);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(all_addresses_are_in_the_segment_of_the_handle)
{
    fake_add(0, 0, 0, 0x12348086)->address.segment = 0x10000;
    fake.access.segment = 0x10000;
    scan_bus(0);
    ck_assert_uint_eq(found_count, 1);
    ck_assert_uint_eq(found[0].address.segment, 0x10000);
}
END_TEST

START_TEST(a_visitor_stops_the_scan_at_any_function)
{
    const uint8_t roots[] = {0, 8};

    fake_add_bridge(0, 1, 0, 1, 1);
    fake_add(1, 0, 0, 0x12348086);
    fake_add(1, 1, 0, 0x12348086);
    fake_add(8, 0, 0, 0x12348086);
    stop_after = (unsigned int)_i;
    ck_assert_int_eq(dd_pci_scan(&fake.access, roots, 2, &visitor), DD_OK);
    ck_assert_uint_eq(found_count, (unsigned int)_i);
}
END_TEST

/* ---- Hostile registers ---- */

/* A mechanism of which every function answers, with bytes nobody can foresee. */
static uint32_t noise_read(const struct dd_pci_access *access, struct dd_pci_address address,
                           uint16_t offset, enum dd_pci_width width)
{
    unsigned int *seed = access->context;

    (void)address;
    fake.access_count++;
    if (offset == 0) {
        return 0x12348086;
    }
    if (width == DD_PCI_WIDTH_8) {
        return 0x81;
    }
    return (uint32_t)rand_r(seed) << 16 ^ (uint32_t)rand_r(seed);
}

START_TEST(a_scan_of_any_registers_ends_and_visits_no_function_twice)
{
    static bool seen[65536];
    static const struct dd_pci_ops ops = {noise_read, NULL};
    unsigned int seed = (unsigned int)_i;
    unsigned int visited_again = 0;
    const uint8_t root = 0;

    fake.access.ops = &ops;
    fake.access.context = &seed;
    memset(seen, 0, sizeof seen);
    ck_assert_int_eq(dd_pci_scan(&fake.access, &root, 1, &visitor), DD_OK);
    ck_assert_uint_ge(found_count, 256);
    /* 3 of each function, and of each bus Status, a pointer, 48 entries and Device Control 2 */
    ck_assert_uint_le(fake.access_count, 196608 + 256 * 51);
    for (unsigned int i = 0; i < found_count; i++) {
        struct dd_pci_address at = found[i].address;
        unsigned int number = at.bus * 256u + at.device * 8u + at.function;

        visited_again += seen[number] ? 1 : 0;
        seen[number] = true;
    }
    ck_assert_uint_eq(visited_again, 0);
}
END_TEST

START_TEST(a_machine_that_vanishes_at_any_read_ends_the_scan)
{
    fake_add_bridge(0, 2, 0, 1, 4)->bytes[0x0E] = 0x81;
    fake_add_bridge(1, 0, 0, 2, 4);
    fake_add(2, 0, 0, 0x10D38086);
    for (uint32_t vanish_at = 0; vanish_at < 120; vanish_at++) {
        fake_forget();
        found_count = 0;
        fake.vanish_at = vanish_at;
        scan_bus(0);
        /* A header type of all ones makes a device look like eight functions, of which none
         * answers; bus numbers of all ones like a bridge to bus 255. */
        ck_assert_uint_le(fake.access_count, 1056);
        ck_assert_uint_le(found_count, 3);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static TCase *express_case(void)
{
    TCase *express = tcase_create("PCI Express");

    tcase_add_checked_fixture(express, setup, NULL);
    tcase_add_loop_test(express, below_a_port_there_is_one_device, 0, COUNT(port_types));
    tcase_add_loop_test(express, behind_a_port_there_is_one_device_from_the_start, 0,
                        COUNT(port_types));
    tcase_add_loop_test(express, behind_what_leads_nowhere_nobody_is_found, 0, COUNT(not_followed));
    tcase_add_test(express, a_link_with_nothing_on_it_takes_one_probe);
    tcase_add_test(express, a_port_without_the_second_version_has_no_device_control_2);
    tcase_add_test(express, functions_above_7_are_found_where_the_port_forwards_their_numbers);
    tcase_add_test(express, without_forwarding_there_are_eight);
    tcase_add_test(express, a_device_without_the_capability_has_eight_in_spite_of_forwarding);
    tcase_add_loop_test(express, a_chain_that_goes_back_or_to_nobody_ends, 0, 4);
    tcase_add_test(express, a_function_in_the_chain_without_the_capability_ends_it);
    tcase_add_test(express, numbers_are_not_followed_without_extended_space);
    tcase_add_test(express, a_looping_list_does_not_hold_the_scan_up);
    return express;
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_scan");
    TCase *bus = tcase_create("one bus");
    TCase *bridges = tcase_create("bridges");
    TCase *roots = tcase_create("roots");
    TCase *hostile = tcase_create("hostile registers");

    tcase_add_checked_fixture(bus, setup, NULL);
    tcase_add_test(bus, an_empty_bus_takes_one_read_for_each_device);
    tcase_add_test(bus, a_function_is_described);
    tcase_add_test(bus, a_single_function_device_takes_two_reads);
    tcase_add_test(bus, a_multi_function_device_is_searched_across_gaps);
    tcase_add_test(bus, a_device_without_function_0_is_skipped);
    tcase_add_test(bus, the_multi_function_bit_of_another_function_means_nothing);
    tcase_add_test(bus, a_full_bus_has_256_functions);
    tcase_add_test(bus, a_function_that_is_not_ready_is_neither_found_nor_absent);
    suite_add_tcase(suite, bus);

    tcase_add_checked_fixture(bridges, setup, NULL);
    tcase_add_test(bridges, what_is_behind_a_bridge_comes_right_after_it);
    tcase_add_test(bridges, a_bridge_takes_three_reads_and_one_to_see_that_it_has_no_capabilities);
    tcase_add_test(bridges, a_bridge_is_known_by_its_header_and_not_by_its_class);
    tcase_add_test(bridges, a_cardbus_bridge_is_followed);
    tcase_add_test(bridges, an_unknown_layout_is_found_but_not_followed);
    tcase_add_test(bridges, a_bridge_whose_bus_numbers_are_all_ones_leads_to_bus_255);
    tcase_add_test(bridges, a_bridge_without_a_secondary_bus_has_nothing_behind_it);
    tcase_add_loop_test(bridges, bus_numbers_that_cannot_be_are_not_followed, 0,
                        COUNT(bridges_on_bus_5));
    tcase_add_test(bridges, a_bus_that_the_bridge_above_does_not_pass_on_is_not_followed);
    tcase_add_test(bridges, two_bridges_to_one_bus_scan_it_once);
    tcase_add_test(bridges, a_chain_of_255_bridges_is_followed_to_its_end);
    suite_add_tcase(suite, bridges);

    suite_add_tcase(suite, express_case());

    tcase_add_checked_fixture(roots, setup, NULL);
    tcase_add_test(roots, roots_are_scanned_in_the_order_given_and_once);
    tcase_add_test(roots, a_root_outside_the_window_is_refused_before_anything_is_read);
    tcase_add_test(roots, all_addresses_are_in_the_segment_of_the_handle);
    tcase_add_loop_test(roots, a_visitor_stops_the_scan_at_any_function, 1, 5);
    suite_add_tcase(suite, roots);

    tcase_add_checked_fixture(hostile, setup, NULL);
    tcase_add_loop_test(hostile, a_scan_of_any_registers_ends_and_visits_no_function_twice, 0, 8);
    tcase_add_test(hostile, a_machine_that_vanishes_at_any_read_ends_the_scan);
    suite_add_tcase(suite, hostile);
    return suite;
}
