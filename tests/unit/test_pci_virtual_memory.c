/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of virtual functions that software makes, and of their memory. [PCIe 6] 9.3.3, 9.3.4 */
#include "sim/pci/report/pci_decode.h"
#include "sim/pci/report/pci_virtual.h"
#include "tests/unit/pci_case.h"

#define PHYSICAL AT(2, 0, 0)
#define SRIOV    0x100u
#define BASE     UINT64_C(0x800000000)

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_dump_function *source;

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/*
 * An endpoint whose virtual functions, four at most, are at 02:00.4, .5, .6 and .7. Their BAR 0 is at
 * 800000000h. Of System Page Size 4 KiB is set.
 */
static void setup(void)
{
    pci_case_init(&pci);
    source = pci_case_add(&pci, PHYSICAL);
    pci_case_know(source, 4096);
    put(0x06, 2, 0x0010);
    put(0x08, 4, 0x01080200);
    put(0x2C, 4, 0x56781AF4);
    put(0x34, 1, 0x40);
    put(0x40, 4, 0x00020010);
    put(0x44, 4, 0x10008022);
    put(0x48, 2, 0x2810);
    put(SRIOV, 4, 0x00010010);
    put(SRIOV + 0x0C, 4, 0x00040004);
    put(SRIOV + 0x14, 4, 0x00010004);
    put(SRIOV + 0x1C, 4, 0x00000553);
    put(SRIOV + 0x20, 4, 0x00000001);
    put(SRIOV + 0x24, 4, 0x0000000C);
    put(SRIOV + 0x28, 4, 0x00000008);
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

static uint32_t get(struct sim_pci_address address, unsigned int offset, unsigned int width)
{
    return sim_pci_topology_read(&topology, address, offset, width);
}

static void set(unsigned int offset, unsigned int width, uint32_t value)
{
    sim_pci_topology_write(&topology, PHYSICAL, SRIOV + offset, width, value);
}

/* NumVFs, then VF Enable and VF MSE. */
static void enable(unsigned int count)
{
    set(0x10, 2, count);
    set(0x08, 2, 0x0009);
}

/* Which function has memory at an address, and at what offset; function 0: none. */
static unsigned int owner(uint64_t address, uint64_t *offset)
{
    const struct sim_pci_request request = {0, topology.segment_count, SIM_PCI_MEMORY, address};
    struct sim_pci_target target;

    if (!sim_pci_decode(&topology, &request, &target)) {
        return 0;
    }
    *offset = address - target.range.base;
    ck_assert_uint_eq(target.bar, 0);
    return target.function->address.function;
}

static void assert_owner(uint64_t address, unsigned int function, uint64_t offset)
{
    uint64_t found = 0;

    ck_assert_uint_eq(owner(address, &found), function);
    ck_assert_uint_eq(found, offset);
}

START_TEST(functions_that_the_dump_does_not_have_are_made)
{
    load();
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x08, 4), 0xFFFFFFFF);
    enable(2);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x00, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x08, 4), 0x01080200);
    ck_assert_uint_eq(get(AT(2, 0, 5), 0x2C, 4), 0x56781AF4);
    ck_assert_uint_eq(get(AT(2, 0, 5), 0x10, 4), 0);
    ck_assert_uint_eq(get(AT(2, 0, 6), 0x08, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x34, 1), 0x40);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x40, 4), 0x00020010);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x44, 4), 0x10008022);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x100, 4), 0);
    set(0x08, 2, 0);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x08, 4), 0xFFFFFFFF);
}
END_TEST

/* [PCIe 6] 9.3.4.1.3: I/O Space and Memory Space are hard-wired to 0 */
START_TEST(of_command_they_have_bus_master_enable)
{
    load();
    enable(1);
    sim_pci_topology_write(&topology, AT(2, 0, 4), 0x04, 2, 0xFFFF);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x04, 2), 0x0004);
}
END_TEST

START_TEST(they_come_back_as_new)
{
    load();
    enable(1);
    sim_pci_topology_write(&topology, AT(2, 0, 4), 0x04, 2, 0x0004);
    set(0x08, 2, 0x0001); /* still enabled: nothing happens to them */
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x04, 2), 0x0004);
    set(0x08, 2, 0x0000);
    set(0x08, 2, 0x0001);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x04, 2), 0x0000);
}
END_TEST

START_TEST(memory_of_each_follows_that_of_the_one_before)
{
    load();
    enable(3);
    assert_owner(BASE, 4, 0);
    assert_owner(BASE + 0xFFF, 4, 0xFFF);
    assert_owner(BASE + 0x1000, 5, 0);
    assert_owner(BASE + 0x2345, 6, 0x345);
    assert_owner(BASE + 0x3000, 0, 0);
    assert_owner(BASE - 1, 0, 0);
    set(0x08, 2, 0x0001);
    assert_owner(BASE, 0, 0);
    set(0x08, 2, 0x0008);
    assert_owner(BASE, 0, 0);
}
END_TEST

START_TEST(memory_moves_with_the_register)
{
    load();
    set(0x24, 4, 0x00002FFF); /* bits below the size stay 0 */
    ck_assert_uint_eq(get(PHYSICAL, SRIOV + 0x24, 4), 0x0000200C);
    enable(1);
    assert_owner(BASE + 0x2010, 4, 0x10);
    assert_owner(BASE, 0, 0);
}
END_TEST

/* [PCIe 6] 9.3.3.13: bit 4 is 64 KiB */
START_TEST(memory_of_each_takes_at_least_a_page)
{
    load();
    set(0x20, 4, 0x00000010);
    set(0x24, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(PHYSICAL, SRIOV + 0x24, 4), 0xFFFF000C);
    enable(2);
    assert_owner(0x8FFFF0000, 4, 0);
    assert_owner(0x8FFFFFFFF, 4, 0xFFFF);
    assert_owner(0x900000000, 5, 0);
}
END_TEST

/* [PCIe 6] 7.8.7: sizes of 1, 2 and 8 MiB; 2 MiB is chosen */
START_TEST(memory_is_resized)
{
    put(SRIOV, 4, 0x20010010);
    put(0x200, 4, 0x00010024);
    put(0x204, 4, 0x000000B0);
    put(0x208, 4, 0x00000120);
    load();
    enable(2);
    assert_owner(BASE + 0x1FFFFF, 4, 0x1FFFFF);
    assert_owner(BASE + 0x200000, 5, 0);
    set(0x08, 2, 0);
    sim_pci_topology_write(&topology, PHYSICAL, 0x208, 4, 0x00000320);
    ck_assert_uint_eq(get(PHYSICAL, 0x208, 4), 0x00000320);
    set(0x24, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(PHYSICAL, SRIOV + 0x24, 4), 0xFF80000C);
    set(0x24, 4, 0x00000000);
    enable(2);
    assert_owner(BASE + 0x7FFFFF, 4, 0x7FFFFF);
    assert_owner(BASE + 0x800000, 5, 0);
    sim_pci_topology_write(&topology, PHYSICAL, 0x208, 4, 0x00000220); /* 4 MiB: it has not */
    ck_assert_uint_eq(get(PHYSICAL, 0x208, 4), 0x00000320);
}
END_TEST

/* The dump has 02:00.4, and its text says "[virtual] [size=16K]". */
START_TEST(the_text_of_a_virtual_function_tells_the_size)
{
    struct sim_dump_function *listed = pci_case_add(&pci, AT(2, 0, 4));

    listed->bars[0].size = 0x4000;
    put(SRIOV + 0x08, 2, 0x0009);
    put(SRIOV + 0x10, 2, 2);
    load();
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x00, 4), 0x00008086); /* as in the dump */
    sim_pci_topology_write(&topology, AT(2, 0, 4), 0x10, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(AT(2, 0, 4), 0x10, 4), 0);
    assert_owner(BASE + 0x3FFF, 4, 0x3FFF);
    assert_owner(BASE + 0x4000, 5, 0);
}
END_TEST

START_TEST(a_function_that_is_gone_has_no_memory)
{
    load();
    enable(2);
    sim_pci_topology_remove(&topology, sim_pci_topology_function(&topology, AT(2, 0, 4)));
    assert_owner(BASE, 0, 0);
    assert_owner(BASE + 0x1000, 5, 0);
    sim_pci_topology_remove(&topology, sim_pci_topology_function(&topology, PHYSICAL));
    assert_owner(BASE + 0x1000, 0, 0);
}
END_TEST

/* Two physical functions that may have 200 each: the places of a bus, and never more than there is
 * room for. */
START_TEST(there_is_a_limit)
{
    struct sim_dump_function *other = pci_case_add(&pci, AT(3, 0, 0));

    put(SRIOV + 0x0E, 2, 200);
    memcpy(other->bytes, source->bytes, sizeof other->bytes);
    pci_case_know(other, 4096);
    load();
    ck_assert_uint_eq(topology.made_count, SIM_PCI_VIRTUAL_MAX);
    enable(200);
    ck_assert_uint_eq(get(AT(2, 25, 3), 0x08, 4), 0x01080200); /* the last: 4 + 199 is CBh */
    ck_assert_uint_eq(get(AT(2, 25, 4), 0x08, 4), 0xFFFFFFFF);
}
END_TEST

/* 9.2.1.2: First VF Offset 102h, so 03:00.2 to 03:00.5, which no bridge here leads to. */
START_TEST(those_on_a_later_bus_have_memory_too)
{
    put(SRIOV + 0x14, 4, 0x00010102);
    load();
    ck_assert_uint_eq(topology.made_count, 4);
    enable(2);
    ck_assert_uint_eq(get(AT(3, 0, 3), 0x08, 4), 0x01080200);
    assert_owner(BASE, 2, 0);
    assert_owner(BASE + 0x1234, 3, 0x234);
    ck_assert_uint_eq(owner(BASE + 0x2000, &(uint64_t){0}), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_virtual_memory");
    TCase *made = tcase_create("made");

    tcase_add_checked_fixture(made, setup, teardown);
    tcase_add_test(made, functions_that_the_dump_does_not_have_are_made);
    tcase_add_test(made, of_command_they_have_bus_master_enable);
    tcase_add_test(made, they_come_back_as_new);
    tcase_add_test(made, memory_of_each_follows_that_of_the_one_before);
    tcase_add_test(made, memory_moves_with_the_register);
    tcase_add_test(made, memory_of_each_takes_at_least_a_page);
    tcase_add_test(made, memory_is_resized);
    tcase_add_test(made, the_text_of_a_virtual_function_tells_the_size);
    tcase_add_test(made, a_function_that_is_gone_has_no_memory);
    tcase_add_test(made, there_is_a_limit);
    tcase_add_test(made, those_on_a_later_bus_have_memory_too);
    suite_add_tcase(suite, made);
    return suite;
}
