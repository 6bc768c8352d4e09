/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/report/pci_virtual.c. [PCIe 6] 9.2.1.2, 9.3.3 */
#include "sim/pci/report/pci_virtual.h"
#include "tests/unit/pci_case.h"

#define PHYSICAL AT(2, 0, 0)
#define SRIOV    0x100u

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_dump_function *source;

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* Two virtual functions at 02:00.4 and 02:01.0: offset 4, stride 4. A third would be at 02:01.4. */
static void setup(void)
{
    pci_case_init(&pci);
    source = pci_case_add(&pci, PHYSICAL);
    pci_case_know(source, 4096);
    pci_case_add(&pci, AT(2, 0, 4));
    pci_case_add(&pci, AT(2, 1, 0));
    pci_case_add(&pci, AT(2, 1, 4));
    pci_case_add(&pci, AT(3, 0, 0));
    put(SRIOV, 4, 0x00010010);
    put(SRIOV + 0x08, 2, 0x0001);
    put(SRIOV + 0x10, 2, 2);
    put(SRIOV + 0x14, 4, 0x00040004);
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

static bool answers(struct sim_pci_address address)
{
    return sim_pci_topology_read(&topology, address, 0, 4) == 0x00008086;
}

static void set(unsigned int offset, uint32_t value)
{
    sim_pci_topology_write(&topology, PHYSICAL, SRIOV + offset, 2, value);
}

START_TEST(virtual_functions_come_and_go_with_vf_enable)
{
    load();
    ck_assert(answers(AT(2, 0, 4)));
    ck_assert(answers(AT(2, 1, 0)));
    set(0x08, 0);
    ck_assert(!answers(AT(2, 0, 4)));
    ck_assert(!answers(AT(2, 1, 0)));
    ck_assert(answers(AT(2, 1, 4))); /* no virtual function of the dump */
    ck_assert(answers(AT(3, 0, 0)));
    set(0x10, 1);
    set(0x08, 1);
    ck_assert(answers(AT(2, 0, 4)));
    ck_assert(!answers(AT(2, 1, 0)));
    set(0x10, 2);
    ck_assert(answers(AT(2, 1, 0)));
}
END_TEST

START_TEST(they_go_with_the_physical_function)
{
    load();
    sim_pci_topology_remove(&topology, sim_pci_topology_function(&topology, PHYSICAL));
    ck_assert(!answers(AT(2, 0, 4)));
    ck_assert(answers(AT(2, 1, 4)));
}
END_TEST

/* Dumps in which these functions are not virtual: a register and its contents. */
static const struct {
    unsigned int offset;
    uint32_t value;
} ordinary[] = {
    {0x08, 0x0000}, /* not enabled */
    {0x10, 0x0000}, /* none of them */
    {0x00, 0x0001}, /* another capability */
    {0x14, 0x0100}, /* on the next bus */
    {0x14, 0x0000}, /* the physical one itself */
};

START_TEST(other_functions_do_not_depend_on_anything)
{
    put(SRIOV + ordinary[_i].offset, 2, ordinary[_i].value);
    if (ordinary[_i].offset == 0x14) {
        put(SRIOV + 0x16, 2, 0);
    }
    load();
    set(0x08, 0);
    ck_assert(answers(PHYSICAL));
    ck_assert(answers(AT(2, 0, 4)));
    ck_assert(answers(AT(2, 1, 0)));
    ck_assert(answers(AT(3, 0, 0)));
}
END_TEST

/* Two virtual functions on the bus after their physical one's, in a dump with bridges above. */
static void make_later(void)
{
    pci_case_init(&pci);
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 4);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 3);
    source = pci_case_add(&pci, PHYSICAL);
    pci_case_know(source, 4096);
    pci_case_add(&pci, AT(3, 0, 0));
    put(SRIOV, 4, 0x00010010);
    put(SRIOV + 0x08, 2, 0x0001);
    put(SRIOV + 0x0C, 4, 0x00030003);
    put(SRIOV + 0x10, 2, 2);
    put(SRIOV + 0x14, 4, 0x00010100);
    load();
}

/* A virtual function's Vendor ID reads FFFFh, its class that of the physical one. 9.3.4.1 */
static bool is_virtual(struct sim_pci_address address)
{
    return sim_pci_topology_read(&topology, address, 0x08, 4) != 0xffffffff;
}

START_TEST(they_may_be_on_a_later_bus_that_is_passed_on)
{
    make_later();
    ck_assert(is_virtual(AT(3, 0, 0)));  /* of the dump */
    ck_assert(is_virtual(AT(3, 0, 1)));  /* made up */
    ck_assert(!is_virtual(AT(3, 0, 2))); /* NumVFs is 2 */
    set(0x10, 3);
    ck_assert(is_virtual(AT(3, 0, 2)));
    set(0x08, 0);
    ck_assert(!is_virtual(AT(3, 0, 0)));
    ck_assert(!is_virtual(AT(3, 0, 1)));
    set(0x08, 1);
    sim_pci_topology_write(&topology, AT(1, 0, 0), 0x1a, 1, 2); /* the bus is passed on no more */
    ck_assert(!is_virtual(AT(3, 0, 0)));
    ck_assert(!is_virtual(AT(3, 0, 1)));
}
END_TEST

START_TEST(they_get_a_later_number_with_their_physical_function)
{
    make_later();
    sim_pci_topology_write(&topology, AT(0, 1, 0), 0x18, 4, 0x00050300);
    sim_pci_topology_write(&topology, AT(3, 0, 0), 0x18, 4, 0x00050403);
    ck_assert(answers(AT(4, 0, 0)));
    ck_assert(is_virtual(AT(5, 0, 0)));
    ck_assert(is_virtual(AT(5, 0, 1)));
    ck_assert(!is_virtual(AT(5, 0, 2)));
    sim_pci_topology_write(&topology, AT(0, 1, 0), 0x18, 4, 0x00040300);
    ck_assert(answers(AT(4, 0, 0)));
    ck_assert(!is_virtual(AT(5, 0, 0)));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_virtual");
    TCase *functions = tcase_create("functions");

    tcase_add_checked_fixture(functions, setup, teardown);
    tcase_add_test(functions, virtual_functions_come_and_go_with_vf_enable);
    tcase_add_test(functions, they_go_with_the_physical_function);
    tcase_add_loop_test(functions, other_functions_do_not_depend_on_anything, 0,
                        (int)(sizeof ordinary / sizeof ordinary[0]));
    tcase_add_test(functions, they_may_be_on_a_later_bus_that_is_passed_on);
    tcase_add_test(functions, they_get_a_later_number_with_their_physical_function);
    suite_add_tcase(suite, functions);
    return suite;
}
