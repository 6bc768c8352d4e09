/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/pci/bus/pci_reset.c: what resets a function, and what it is like afterwards.
 * [PCIe 6] 6.6.1, 6.6.2; [PCI PM 1.2] 3.2.4, 5.4.1
 */
#include "sim/pci/bus/pci_reset.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_dump_function *source;

#define POWER    0x40u
#define FEATURES 0x48u
#define EXPRESS  0x50u
#define AER      0x100u
#define VC       0x140u

static void put(struct sim_dump_function *function, unsigned int offset, unsigned int width,
                uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        function->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* A function at work behind two bridges: 00:01.0, 01:00.0, 02:00.0. */
static void setup(void)
{
    pci_case_init(&pci);
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    source = pci_case_add(&pci, AT(2, 0, 0));
    pci_case_know(source, 4096);
    put(source, 0x04, 4, 0x20100407); /* Received Master Abort */
    put(source, 0x10, 4, 0xFE000000);
    source->bars[0].size = 0x1000;
    put(source, 0x34, 1, POWER);
    put(source, 0x3C, 1, 0x0B);
    put(source, POWER, 4, 0x00024801);
    put(source, POWER + 4, 2, 0x0100);
    put(source, FEATURES, 4, 0x03065013);
    put(source, EXPRESS, 4, 0x00020010);
    put(source, EXPRESS + 4, 4, 0x10008FC2);
    put(source, EXPRESS + 8, 4, 0x0001295F);
    put(source, EXPRESS + 0x10, 4, 0x10430143);
    put(source, EXPRESS + 0x28, 2, 0x0409);
    put(source, AER, 4, 0x14010001);
    put(source, AER + 0x08, 4, 0x00100000);
    put(source, AER + 0x10, 4, 0x00002000);
    put(source, VC, 4, 0x00010002);
    put(source, VC + 0x14, 4, 0x800000FF);
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

static uint32_t get(unsigned int offset, unsigned int width)
{
    return sim_pci_topology_read(&topology, AT(2, 0, 0), offset, width);
}

static void set(unsigned int offset, unsigned int width, uint32_t value)
{
    sim_pci_topology_write(&topology, AT(2, 0, 0), offset, width, value);
}

/* Whether software would find a function that nobody has set up yet. */
static bool is_reset(void)
{
    return get(0x04, 2) == 0 && get(0x10, 4) == 0;
}

static const struct sim_pci_place place = {{0, 2, 0, 0}, 0, 0x10};

START_TEST(a_function_level_reset_leaves_what_is_sticky_and_of_the_link)
{
    load();
    ck_assert(sim_pci_memory_write(topology.memory, place, 4, 0x1234));
    ck_assert(!is_reset());
    set(EXPRESS + 8, 2, 0x8000 | get(EXPRESS + 8, 2));
    ck_assert_uint_eq(get(0x00, 4), 0x00008086);
    ck_assert_uint_eq(get(0x04, 4), 0x00100000); /* the errors are gone, the list is not */
    ck_assert_uint_eq(get(0x10, 4), 0);
    ck_assert_uint_eq(get(0x3C, 1), 0);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0100); /* PME_En is sticky */
    ck_assert_uint_eq(get(EXPRESS + 4, 4), 0x10008FC2);
    /* Max_Payload_Size stays, the other bits begin as 7.5.3.4 says; no errors */
    ck_assert_uint_eq(get(EXPRESS + 8, 4), 0x00002850);
    ck_assert_uint_eq(get(EXPRESS + 0x10, 4), 0x10430143); /* 6.6.2: the link's */
    ck_assert_uint_eq(get(EXPRESS + 0x28, 2), 0);
    ck_assert_uint_eq(get(AER + 0x08, 4), 0x00100000);
    ck_assert_uint_eq(get(AER + 0x10, 4), 0x00002000);
    ck_assert_uint_eq(get(VC + 0x14, 4), 0x800000FF);
    ck_assert_uint_eq(sim_pci_memory_read(topology.memory, place, 4), 0);
}
END_TEST

START_TEST(initiate_function_level_reset_reads_zero_and_needs_the_capability)
{
    put(source, EXPRESS + 4, 4, 0x00008FC2);
    load();
    set(EXPRESS + 8, 2, 0x8000);
    ck_assert(!is_reset());
    ck_assert_uint_eq(get(EXPRESS + 8, 2), 0);
}
END_TEST

/* The bit is in byte 9: accesses that reach it, and ones that do not. */
static const struct {
    unsigned int offset, width;
    uint32_t value;
    bool resets;
} writes[] = {
    {0x08, 2, 0x8000, true},      {0x08, 4, 0x00008000, true}, {0x09, 1, 0x80, true},
    {0x08, 1, 0xFF, false},       {0x08, 2, 0x7FFF, false},    {0x08, 4, 0x80000000, false},
    {0x0A, 2, 0xFFFF, false},     {0x09, 2, 0x0080, true},     {0x09, 2, 0x8000, false},
    {0x08, 4, 0xFFFF7FFF, false},
};

START_TEST(any_access_that_sets_the_bit_resets)
{
    load();
    set(EXPRESS + writes[_i].offset, writes[_i].width, writes[_i].value);
    ck_assert_int_eq(is_reset(), writes[_i].resets);
}
END_TEST

/* [PCI AF ECN]: bit 1 of the capabilities at 3, bit 0 of the control at 4. */
START_TEST(advanced_features_reset_a_function)
{
    load();
    set(FEATURES + 4, 1, 0);
    ck_assert(!is_reset());
    set(FEATURES + 4, 1, 1);
    ck_assert(is_reset());
    ck_assert_uint_eq(get(FEATURES + 4, 1), 0);
    teardown();
    put(source, FEATURES, 4, 0x01065013);
    load();
    set(FEATURES + 4, 1, 1);
    ck_assert(!is_reset());
}
END_TEST

START_TEST(the_way_out_of_d3hot_resets)
{
    load();
    set(POWER + 4, 2, 0x0103);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0103);
    ck_assert(!is_reset());
    set(POWER + 4, 2, 0x8100);
    ck_assert(is_reset());
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0100);
    ck_assert_uint_eq(get(EXPRESS + 0x10, 2), 0); /* all of it, not only the function */
}
END_TEST

START_TEST(no_soft_reset_keeps_everything)
{
    put(source, POWER + 4, 2, 0x0008);
    load();
    set(POWER + 4, 2, 0x0003);
    set(POWER + 4, 2, 0x0000);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0008);
    ck_assert(!is_reset());
}
END_TEST

/* [PCI PM 1.2] 3.2.4: such a write completes, but the state does not change. */
START_TEST(a_power_state_the_function_does_not_have_is_not_entered)
{
    load();
    set(POWER + 4, 2, 0x0101);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0100);
    set(POWER + 4, 2, 0x0102);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0100);
    teardown();
    put(source, POWER, 4, 0x06024801); /* D1 and D2 */
    load();
    set(POWER + 4, 2, 0x0001);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0001);
    set(POWER + 4, 2, 0x0002);
    ck_assert_uint_eq(get(POWER + 4, 2), 0x0002);
    set(POWER + 4, 2, 0x0000);
    ck_assert(!is_reset());
}
END_TEST

/* [PCI-PCI 1.2] 3.2.5.18, bit 6; [PCIe 6] 6.6.1 */
START_TEST(a_bridge_resets_everything_behind_it)
{
    struct sim_pci_address bridge = AT(0, 1, 0);

    load();
    ck_assert(sim_pci_memory_write(topology.memory, place, 4, 0x1234));
    sim_pci_topology_write(&topology, bridge, 0x3E, 2, 0x0040);
    ck_assert_uint_eq(get(0x00, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(1, 0, 0), 0x00, 4), 0xFFFFFFFF);
    sim_pci_topology_write(&topology, bridge, 0x3E, 2, 0x0000);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(1, 0, 0), 0x00, 4), 0x00008086);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, AT(1, 0, 0), 0x18, 4), 0);
    ck_assert_uint_eq(sim_pci_topology_read(&topology, bridge, 0x18, 4), 0x00020100);
    ck_assert_uint_eq(get(0x00, 4), 0xFFFFFFFF); /* the second bridge has no bus number */
    sim_pci_topology_write(&topology, AT(1, 0, 0), 0x18, 4, 0x00020201);
    ck_assert(is_reset());
    ck_assert_uint_eq(get(EXPRESS + 8, 4), 0x00002810); /* Max_Payload_Size, too */
    ck_assert_uint_eq(get(AER + 0x08, 4), 0x00100000);
    ck_assert_uint_eq(get(VC + 0x14, 4), 0x80000001);
    ck_assert_uint_eq(sim_pci_memory_read(topology.memory, place, 4), 0);
}
END_TEST

START_TEST(what_has_no_capability_is_not_reset)
{
    put(source, 0x34, 1, 0);
    load();
    for (unsigned int offset = 0x40; offset < 0x100; offset += 4) {
        set(offset, 4, 0xFFFFFFFF);
        set(offset, 4, 0);
    }
    ck_assert(!is_reset());
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_reset");
    TCase *function = tcase_create("function");
    TCase *power = tcase_create("power");
    TCase *bus = tcase_create("bus");

    tcase_add_checked_fixture(function, setup, teardown);
    tcase_add_test(function, a_function_level_reset_leaves_what_is_sticky_and_of_the_link);
    tcase_add_test(function, initiate_function_level_reset_reads_zero_and_needs_the_capability);
    tcase_add_loop_test(function, any_access_that_sets_the_bit_resets, 0,
                        (int)(sizeof writes / sizeof writes[0]));
    tcase_add_test(function, advanced_features_reset_a_function);
    tcase_add_test(function, what_has_no_capability_is_not_reset);
    suite_add_tcase(suite, function);

    tcase_add_checked_fixture(power, setup, teardown);
    tcase_add_test(power, the_way_out_of_d3hot_resets);
    tcase_add_test(power, no_soft_reset_keeps_everything);
    tcase_add_test(power, a_power_state_the_function_does_not_have_is_not_entered);
    suite_add_tcase(suite, power);

    tcase_add_checked_fixture(bus, setup, teardown);
    tcase_add_test(bus, a_bridge_resets_everything_behind_it);
    suite_add_tcase(suite, bus);
    return suite;
}
