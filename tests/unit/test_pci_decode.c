/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_decode.c: who answers at an address. [PCI-PCI 1.2] 3.2.5, 4 */
#include "sim/pci/report/pci_decode.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_dump_function *bridge, *behind;

static void put(struct sim_dump_function *function, unsigned int offset, unsigned int width,
                uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        function->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* A bridge with closed windows, and behind it all of memory and of ports below 64 KiB. */
static void setup(void)
{
    pci_case_init(&pci);
    bridge = pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    put(bridge, 0x04, 2, 0x0003);
    put(bridge, 0x1C, 2, 0x00F0);
    put(bridge, 0x20, 4, 0x0000FFF0);
    put(bridge, 0x24, 4, 0x0000FFF0);
    behind = pci_case_add(&pci, AT(1, 0, 0));
    put(behind, 0x04, 2, 0x0003);
    put(behind, 0x10, 4, 0x80000000);
    behind->bars[0].size = 0x80000000;
}

static void load(void)
{
    struct sim_error error = {""};

    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
}

static bool finds(enum sim_pci_space space, uint64_t address, struct sim_pci_address function,
                  unsigned int bar)
{
    const struct sim_pci_request request = {0, topology.segment_count, space, address};
    struct sim_pci_target target;

    return sim_pci_decode(&topology, &request, &target) &&
           sim_pci_address_compare(target.function->address, function) == 0 && target.bar == bar;
}

static bool finds_behind(uint64_t address)
{
    return finds(SIM_PCI_MEMORY, address, AT(1, 0, 0), 0);
}

START_TEST(base_addresses_cover_their_size)
{
    struct sim_dump_function *last = pci_case_add(&pci, AT(1, 1, 0));

    put(bridge, 0x20, 4, 0xFFF08000);
    put(behind, 0x10, 4, 0xFE000000);
    behind->bars[0].size = 0x1000;
    put(behind, 0x18, 4, 0xFE002004);
    behind->bars[2].size = 0x10;
    put(last, 0x04, 2, 0x0002);
    put(last, 0x24, 4, 0xFE001000);
    last->bars[5].size = 0x1000;
    load();
    ck_assert(!finds_behind(0xFDFFFFFF));
    ck_assert(finds_behind(0xFE000000));
    ck_assert(finds_behind(0xFE000FFF));
    ck_assert(finds(SIM_PCI_MEMORY, 0xFE001000, AT(1, 1, 0), 5));
    ck_assert(finds(SIM_PCI_MEMORY, 0xFE00200F, AT(1, 0, 0), 2));
    ck_assert(!finds(SIM_PCI_MEMORY, 0xFE002010, AT(1, 0, 0), 2));
    ck_assert(!finds(SIM_PCI_IO, 0xFE000000, AT(1, 0, 0), 0));
    ck_assert(!finds(SIM_PCI_MEMORY, 0x1FE000000, AT(1, 0, 0), 0));
}
END_TEST

START_TEST(a_memory_window_is_in_units_of_1_mib)
{
    put(bridge, 0x20, 4, 0xC020C010);
    load();
    ck_assert(!finds_behind(0xC00FFFFF));
    ck_assert(finds_behind(0xC0100000));
    ck_assert(finds_behind(0xC02FFFFF));
    ck_assert(!finds_behind(0xC0300000));
}
END_TEST

START_TEST(a_prefetchable_window_may_be_above_4_gib)
{
    put(bridge, 0x24, 4, 0xC020C010); /* 32-bit: the upper registers do not count */
    put(bridge, 0x28, 4, 1);
    put(bridge, 0x2C, 4, 1);
    load();
    ck_assert(finds_behind(0xC0100000));
    sim_pci_topology_free(&topology);
    put(bridge, 0x24, 4, 0xC021C011);
    put(behind, 0x10, 4, 0x00000004);
    put(behind, 0x14, 4, 1);
    behind->bars[0].size = 0x100000000;
    load();
    ck_assert(!finds_behind(0xC0100000));
    ck_assert(!finds_behind(0x1C00FFFFF));
    ck_assert(finds_behind(0x1C0100000));
    ck_assert(finds_behind(0x1C02FFFFF));
    ck_assert(!finds_behind(0x1C0300000));
}
END_TEST

/* Behind the bridge: 32 ports at @p port. */
static bool finds_port(uint32_t port)
{
    bool found = false;

    put(behind, 0x10, 4, port | 1);
    behind->bars[0].size = 0x4;
    load();
    found = finds(SIM_PCI_IO, port, AT(1, 0, 0), 0);
    sim_pci_topology_free(&topology);
    return found;
}

START_TEST(an_io_window_is_in_units_of_4_kib)
{
    put(bridge, 0x1C, 2, 0xD0C0);
    ck_assert(!finds_port(0xBFFC));
    ck_assert(finds_port(0xC000));
    ck_assert(finds_port(0xDFFC));
    ck_assert(!finds_port(0xE000));
    put(bridge, 0x30, 4, 0x00020001); /* 16-bit: the upper registers do not count */
    ck_assert(finds_port(0xC000));
    put(bridge, 0x1C, 2, 0xD1C1);
    ck_assert(!finds_port(0xC000));
    ck_assert(finds_port(0x1C000));
    ck_assert(finds_port(0x2DFFC));
    ck_assert(!finds_port(0x2E000));
}
END_TEST

/* 3.2.5.18, bit 2 */
START_TEST(isa_enable_takes_768_bytes_of_each_kib_below_64_kib)
{
    put(bridge, 0x1C, 2, 0xF101);
    put(bridge, 0x32, 2, 0x0001);
    put(bridge, 0x3E, 2, 0x0004);
    ck_assert(finds_port(0x1000));
    ck_assert(finds_port(0x10FC));
    ck_assert(!finds_port(0x1100));
    ck_assert(!finds_port(0x13FC));
    ck_assert(finds_port(0x1400));
    ck_assert(finds_port(0x11100));
}
END_TEST

/* 3.2.5.18, bits 3 and 4 */
START_TEST(vga_enable_passes_the_registers_and_memory_of_a_vga)
{
    ck_assert(!finds_port(0x3C0));
    put(bridge, 0x3E, 2, 0x0008);
    ck_assert(!finds_port(0x3AC));
    ck_assert(finds_port(0x3B0));
    ck_assert(finds_port(0x3B8));
    ck_assert(!finds_port(0x3BC));
    ck_assert(finds_port(0x3C0));
    ck_assert(finds_port(0x3DC));
    ck_assert(!finds_port(0x3E0));
    ck_assert(finds_port(0x7C0)); /* bits 15:10 are not decoded */
    ck_assert(!finds_port(0x103C0));
    put(bridge, 0x3E, 2, 0x0018);
    ck_assert(!finds_port(0x7C0));
    ck_assert(finds_port(0x3C0));
    put(bridge, 0x3E, 2, 0x000C); /* before ISA Enable */
    ck_assert(finds_port(0x3C0));
    put(behind, 0x10, 4, 0x00080000);
    behind->bars[0].size = 0x80000;
    load();
    ck_assert(!finds_behind(0x9FFFF));
    ck_assert(finds_behind(0xA0000));
    ck_assert(finds_behind(0xBFFFF));
    ck_assert(!finds_behind(0xC0000));
}
END_TEST

START_TEST(a_bridge_answers_itself_and_is_first)
{
    put(bridge, 0x20, 4, 0xFFF08000);
    put(bridge, 0x10, 4, 0xF0000000);
    bridge->bars[0].size = 0x100;
    load();
    ck_assert(finds(SIM_PCI_MEMORY, 0xF0000000, AT(0, 1, 0), 0));
    ck_assert(finds_behind(0xF0000100));
}
END_TEST

/* Programming interface 01h: what no window and no function takes. */
START_TEST(a_subtractive_bridge_takes_the_rest)
{
    struct sim_dump_function *other = NULL;

    put(bridge, 0x09, 4, 0x00060401);
    put(bridge, 0x0E, 1, 1);
    load();
    ck_assert(finds_behind(0x90000000));
    sim_pci_topology_free(&topology);
    put(bridge, 0x09, 2, 0x0400);
    load();
    ck_assert(!finds_behind(0x90000000));
    sim_pci_topology_free(&topology);
    put(bridge, 0x09, 2, 0x0401);
    pci.dump.count = 1;
    memset(behind, 0, sizeof *behind);
    other = pci_case_add_bridge(&pci, AT(0, 2, 0), 2, 2);
    put(other, 0x04, 2, 0x0002);
    put(other, 0x20, 4, 0x90009000);
    for (uint8_t bus = 1; bus <= 2; bus++) {
        behind = pci_case_add(&pci, AT(bus, 0, 0));
        put(behind, 0x04, 2, 0x0002);
        put(behind, 0x10, 4, 0x80000000);
        behind->bars[0].size = 0x80000000;
    }
    load();
    ck_assert(finds(SIM_PCI_MEMORY, 0x90000000, AT(2, 0, 0), 0));
    ck_assert(finds(SIM_PCI_MEMORY, 0x90100000, AT(1, 0, 0), 0));
}
END_TEST

/* [PC Card 8] volume 2: two windows of memory in pages, two of I/O in doublewords. */
START_TEST(a_cardbus_bridge_has_four_windows)
{
    memset(&bridge->bytes[0x1C], 0, 0x24);
    bridge->bytes[0x0E] = 2;
    put(bridge, 0x1C, 4, 0x90000000);
    put(bridge, 0x20, 4, 0x90001000);
    put(bridge, 0x24, 4, 0xA0000000);
    put(bridge, 0x28, 4, 0xA0000000);
    put(bridge, 0x2C, 4, 0x1000);
    put(bridge, 0x30, 4, 0x1010);
    put(bridge, 0x34, 4, 0x2000);
    put(bridge, 0x38, 4, 0x2000);
    load();
    ck_assert(!finds_behind(0x8FFFFFFF));
    ck_assert(finds_behind(0x90000000));
    ck_assert(finds_behind(0x90001FFF));
    ck_assert(!finds_behind(0x90002000));
    ck_assert(finds_behind(0xA0000FFF));
    ck_assert(!finds_behind(0xA0001000));
    sim_pci_topology_free(&topology);
    ck_assert(finds_port(0x1010));
    ck_assert(!finds_port(0x1014));
    ck_assert(finds_port(0x2000));
    ck_assert(!finds_port(0x2004));
}
END_TEST

START_TEST(who_is_gone_sleeps_or_is_in_reset_does_not_answer)
{
    put(bridge, 0x20, 4, 0xFFF08000);
    pci_case_know(behind, 256);
    put(behind, 0x06, 2, 0x0010);
    put(behind, 0x34, 1, 0x40);
    put(behind, 0x40, 1, 0x01);
    put(behind, 0x44, 2, 0x0003); /* D3hot. [PCI PM 1.2] 5.4.1 */
    load();
    ck_assert(!finds_behind(0x90000000));
    sim_pci_topology_free(&topology);
    put(behind, 0x44, 2, 0x0000);
    load();
    ck_assert(finds_behind(0x90000000));
    sim_pci_topology_write(&topology, AT(0, 1, 0), 0x3E, 1, 0x40);
    ck_assert(!finds_behind(0x90000000));
    sim_pci_topology_free(&topology);
    load();
    sim_pci_topology_remove(&topology, sim_pci_topology_function(&topology, AT(0, 1, 0)));
    ck_assert(!finds_behind(0x90000000));
}
END_TEST

START_TEST(only_the_segments_asked_for_answer)
{
    struct sim_dump_function *far = pci_case_add(&pci, (struct sim_pci_address){1, 0, 0, 0});
    const struct sim_pci_request first = {0, 1, SIM_PCI_MEMORY, 0xFE000000};
    const struct sim_pci_request second = {1, 1, SIM_PCI_MEMORY, 0xFE000000};
    const struct sim_pci_request both = {0, 2, SIM_PCI_MEMORY, 0xFE000000};
    struct sim_pci_target target;

    put(far, 0x04, 2, 0x0002);
    put(far, 0x10, 4, 0xFE000000);
    load();
    ck_assert(!sim_pci_decode(&topology, &first, &target));
    ck_assert(sim_pci_decode(&topology, &second, &target));
    ck_assert(sim_pci_decode(&topology, &both, &target));
    ck_assert_uint_eq(target.function->address.segment, 1);
    ck_assert_uint_eq(target.range.base, 0xFE000000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_decode");
    TCase *windows = tcase_create("windows");
    TCase *answers = tcase_create("answers");

    tcase_add_checked_fixture(windows, setup, teardown);
    tcase_add_test(windows, a_memory_window_is_in_units_of_1_mib);
    tcase_add_test(windows, a_prefetchable_window_may_be_above_4_gib);
    tcase_add_test(windows, an_io_window_is_in_units_of_4_kib);
    tcase_add_test(windows, isa_enable_takes_768_bytes_of_each_kib_below_64_kib);
    tcase_add_test(windows, vga_enable_passes_the_registers_and_memory_of_a_vga);
    tcase_add_test(windows, a_subtractive_bridge_takes_the_rest);
    tcase_add_test(windows, a_cardbus_bridge_has_four_windows);
    suite_add_tcase(suite, windows);

    tcase_add_checked_fixture(answers, setup, teardown);
    tcase_add_test(answers, base_addresses_cover_their_size);
    tcase_add_test(answers, a_bridge_answers_itself_and_is_first);
    tcase_add_test(answers, who_is_gone_sleeps_or_is_in_reset_does_not_answer);
    tcase_add_test(answers, only_the_segments_asked_for_answer);
    suite_add_tcase(suite, answers);
    return suite;
}
