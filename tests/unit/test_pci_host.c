/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_host.c: ports of mechanism 1 and ECAM windows. */
#include "sim/pci/bus/pci_host.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_host host;
static struct sim_region ports;

/* Bus 0 device 3 function 2, and bus 12h device 31 function 7, of 4096 and 256 bytes. */
static void setup(void)
{
    struct sim_error error = {""};
    struct sim_dump_function *function;

    pci_case_init(&pci);
    function = pci_case_add(&pci, AT(0, 3, 2));
    pci_case_know(function, 4096);
    function->bytes[0x44] = 0x01;
    function->bytes[0x45] = 0x02;
    function->bytes[0x46] = 0x03;
    function->bytes[0x47] = 0x04;
    function->bytes[0xffc] = 0x5a;
    pci_case_add(&pci, AT(0x12, 31, 7))->bytes[0x00] = 0x34;
    pci_case_add(&pci, (struct sim_pci_address){2, 0, 0, 0});
    pci_case_add(&pci, (struct sim_pci_address){0x10000, 0, 0, 0});
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    sim_pci_host_init(&host, &topology, 0, 3);
    ports = sim_pci_host_ports(&host);
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
}

static uint32_t in(uint64_t port, unsigned int width)
{
    return ports.read(ports.device, port - ports.base, width);
}

static void out(uint64_t port, unsigned int width, uint32_t value)
{
    ports.write(ports.device, port - ports.base, width, value);
}

START_TEST(region_is_the_eight_ports_from_cf8_on)
{
    ck_assert_uint_eq(ports.base, 0xcf8);
    ck_assert_uint_eq(ports.size, 8);
}
END_TEST

START_TEST(dword_written_to_cf8_is_latched_without_reserved_bits)
{
    out(0xcf8, 4, 0xffffffff);
    ck_assert_uint_eq(in(0xcf8, 4), 0x80fffffc); /* [PCI 3.0] 3.2.2.3.2 */
}
END_TEST

START_TEST(narrow_accesses_to_cf8_are_not_the_address_register)
{
    out(0xcf8, 4, 0x80001a44);
    out(0xcf8, 1, 0xff);
    out(0xcfb, 1, 0x00);
    out(0xcf8, 2, 0xffff);
    ck_assert_uint_eq(in(0xcf8, 4), 0x80001a44);
    ck_assert_uint_eq(in(0xcf8, 1), 0xff);
    ck_assert_uint_eq(in(0xcfa, 2), 0xffff);
}
END_TEST

START_TEST(data_ports_select_bytes_of_the_register)
{
    out(0xcf8, 4, 0x80001a44); /* 00:03.2 register 44h */
    ck_assert_uint_eq(in(0xcfc, 4), 0x04030201);
    ck_assert_uint_eq(in(0xcfc, 2), 0x0201);
    ck_assert_uint_eq(in(0xcfe, 2), 0x0403);
    ck_assert_uint_eq(in(0xcfd, 1), 0x02);
    ck_assert_uint_eq(in(0xcff, 1), 0x04);
}
END_TEST

START_TEST(every_field_of_the_address_counts)
{
    out(0xcf8, 4, 0x8012ff00); /* 12:1f.7 */
    ck_assert_uint_eq(in(0xcfc, 4), 0x00008034);
    out(0xcf8, 4, 0x8012fe00);
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
    out(0xcf8, 4, 0x8012f700);
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
    out(0xcf8, 4, 0x8013ff00);
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
}
END_TEST

START_TEST(nothing_answers_while_the_enable_bit_is_clear)
{
    out(0xcf8, 4, 0x00001a04);
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
    ck_assert_uint_eq(in(0xcfc, 1), 0xff);
    out(0xcfc, 2, 0x0007);
    out(0xcf8, 4, 0x80001a04);
    ck_assert_uint_eq(in(0xcfc, 4), 0x00000000);
}
END_TEST

START_TEST(writes_reach_the_register)
{
    out(0xcf8, 4, 0x80001a04);
    out(0xcfd, 1, 0x04);
    ck_assert_uint_eq(in(0xcfc, 2), 0x0400);
    out(0xcfc, 4, 0x00000007);
    ck_assert_uint_eq(in(0xcfc, 4), 0x00000007);
}
END_TEST

START_TEST(window_of_segment_0_is_at_b0000000_and_others_from_64_gib_up)
{
    struct sim_region window = sim_pci_host_window(&host, 0);

    ck_assert_uint_eq(window.base, 0xb0000000);
    ck_assert_uint_eq(window.size, 0x10000000);
    ck_assert_uint_eq(sim_pci_host_window(&host, 1).base, 0x1000000000);
    ck_assert_uint_eq(sim_pci_host_window(&host, 2).base, 0x1010000000);
}
END_TEST

START_TEST(window_offset_is_bus_device_function_register)
{
    struct sim_region window = sim_pci_host_window(&host, 0);

    /* [PCIe 6] 7.2.2: bus 27:20, device 19:15, function 14:12 */
    ck_assert_uint_eq(window.read(window.device, 0x0001a044, 4), 0x04030201);
    ck_assert_uint_eq(window.read(window.device, 0x0001a046, 2), 0x0403);
    ck_assert_uint_eq(window.read(window.device, 0x0001affc, 1), 0x5a);
    ck_assert_uint_eq(window.read(window.device, 0x012ff000, 4), 0x00008034);
    ck_assert_uint_eq(window.read(window.device, 0x012ff100, 4), 0xffffffff);
    ck_assert_uint_eq(window.read(window.device, 0x00000000, 4), 0xffffffff);
    window.write(window.device, 0x0001a004, 2, 0x0006);
    ck_assert_uint_eq(window.read(window.device, 0x0001a004, 4), 0x00000006);
}
END_TEST

START_TEST(window_reaches_only_its_own_segment)
{
    struct sim_region window = sim_pci_host_window(&host, 1);

    ck_assert_uint_eq(host.windows[1].segment, 2);
    ck_assert_uint_eq(host.windows[2].segment, 0x10000);
    ck_assert_uint_eq(window.read(window.device, 0x00000000, 4), 0x00008086);
    ck_assert_uint_eq(window.read(window.device, 0x0001a000, 4), 0xffffffff);
}
END_TEST

START_TEST(host_bridge_can_begin_at_a_later_segment)
{
    sim_pci_host_init(&host, &topology, 1, 2);
    ck_assert_uint_eq(host.window_count, 2);
    ck_assert_uint_eq(host.windows[0].segment, 2);
    ck_assert_uint_eq(host.windows[0].base, 0x1000000000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_host");
    TCase *mechanism1 = tcase_create("mechanism 1");
    TCase *ecam = tcase_create("ECAM");

    tcase_add_checked_fixture(mechanism1, setup, teardown);
    tcase_add_test(mechanism1, region_is_the_eight_ports_from_cf8_on);
    tcase_add_test(mechanism1, dword_written_to_cf8_is_latched_without_reserved_bits);
    tcase_add_test(mechanism1, narrow_accesses_to_cf8_are_not_the_address_register);
    tcase_add_test(mechanism1, data_ports_select_bytes_of_the_register);
    tcase_add_test(mechanism1, every_field_of_the_address_counts);
    tcase_add_test(mechanism1, nothing_answers_while_the_enable_bit_is_clear);
    tcase_add_test(mechanism1, writes_reach_the_register);
    suite_add_tcase(suite, mechanism1);

    tcase_add_checked_fixture(ecam, setup, teardown);
    tcase_add_test(ecam, window_of_segment_0_is_at_b0000000_and_others_from_64_gib_up);
    tcase_add_test(ecam, window_offset_is_bus_device_function_register);
    tcase_add_test(ecam, window_reaches_only_its_own_segment);
    tcase_add_test(ecam, host_bridge_can_begin_at_a_later_segment);
    suite_add_tcase(suite, ecam);
    return suite;
}
