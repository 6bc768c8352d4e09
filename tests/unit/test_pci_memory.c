/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_memory.c: the memory behind base addresses. */
#include "sim/pci/bus/pci_memory.h"

#include <stdlib.h>

#include "tests/unit/pci_case.h"

static struct sim_pci_memory *memory;

static void setup(void)
{
    memory = sim_pci_memory_new();
    ck_assert_ptr_nonnull(memory);
}

static void teardown(void)
{
    sim_pci_memory_free(memory);
}

static struct sim_pci_place at(struct sim_pci_address function, unsigned int bar, uint64_t offset)
{
    return (struct sim_pci_place){function, bar, offset};
}

START_TEST(bytes_are_little_endian_also_across_pages)
{
    ck_assert(sim_pci_memory_write(memory, at(AT(1, 2, 3), 0, 0xFFE), 4, 0x44332211));
    ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(1, 2, 3), 0, 0xFFE), 4), 0x44332211);
    ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(1, 2, 3), 0, 0xFFF), 2), 0x3322);
    ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(1, 2, 3), 0, 0x1000), 1), 0x33);
    ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(1, 2, 3), 0, 0xFFA), 4), 0);
}
END_TEST

/* Places that differ in one thing each. */
static const struct sim_pci_place places[] = {
    {{0, 1, 2, 3}, 0, 0x5000}, {{1, 1, 2, 3}, 0, 0x5000},         {{0, 2, 2, 3}, 0, 0x5000},
    {{0, 1, 3, 3}, 0, 0x5000}, {{0, 1, 2, 4}, 0, 0x5000},         {{0, 1, 2, 3}, 1, 0x5000},
    {{0, 1, 2, 3}, 0, 0x6000}, {{0, 1, 2, 3}, 0, 0x100000005000}, {{0x10000, 1, 2, 3}, 0, 0x5000},
};

#define PLACES (sizeof places / sizeof places[0])

START_TEST(every_function_base_address_and_page_has_its_own)
{
    for (unsigned int i = 0; i < PLACES; i++) {
        ck_assert(sim_pci_memory_write(memory, places[i], 1, i + 1));
    }
    for (unsigned int i = 0; i < PLACES; i++) {
        ck_assert_uint_eq(sim_pci_memory_read(memory, places[i], 1), i + 1);
    }
}
END_TEST

START_TEST(clearing_a_function_leaves_the_others)
{
    for (unsigned int i = 0; i < PLACES; i++) {
        ck_assert(sim_pci_memory_write(memory, places[i], 1, 0xFF));
    }
    sim_pci_memory_clear(memory, AT(1, 2, 3));
    for (unsigned int i = 0; i < PLACES; i++) {
        bool cleared = i == 0 || i == 5 || i == 6 || i == 7;

        ck_assert_uint_eq(sim_pci_memory_read(memory, places[i], 1), cleared ? 0 : 0xFF);
    }
}
END_TEST

START_TEST(all_pages_can_be_used_and_no_more)
{
    for (uint64_t page = 0; page < 4096; page++) {
        ck_assert(
            sim_pci_memory_write(memory, at(AT(0, 0, 0), 0, page << 12), 4, (uint32_t)page + 1));
    }
    ck_assert(!sim_pci_memory_write(memory, at(AT(0, 0, 0), 0, UINT64_C(4096) << 12), 1, 1));
    ck_assert(!sim_pci_memory_write(memory, at(AT(0, 0, 0), 0, 0xFFFFFF), 2, 0xAABB));
    ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(0, 0, 0), 0, 0xFFFFFF), 2), 0x00BB);
    for (uint64_t page = 0; page < 4096; page++) {
        ck_assert_uint_eq(sim_pci_memory_read(memory, at(AT(0, 0, 0), 0, page << 12), 4), page + 1);
    }
}
END_TEST

START_TEST(a_copy_of_what_is_used_brings_everything_back)
{
    struct sim_pci_place place = at(AT(0, 0, 0), 0, 0);
    size_t used = 0;
    void *copy = NULL;

    ck_assert(sim_pci_memory_write(memory, place, 4, 0x1111));
    used = sim_pci_memory_used(memory);
    ck_assert_uint_lt(used, sim_pci_memory_size());
    copy = malloc(used);
    memcpy(copy, memory, used);
    ck_assert(sim_pci_memory_write(memory, place, 4, 0x2222));
    place.bar = 1;
    ck_assert(sim_pci_memory_write(memory, place, 4, 0x3333));
    memcpy(memory, copy, used);
    ck_assert_uint_eq(sim_pci_memory_read(memory, place, 4), 0);
    ck_assert(sim_pci_memory_write(memory, place, 1, 0x44));
    ck_assert_uint_eq(sim_pci_memory_read(memory, place, 4), 0x44);
    place.bar = 0;
    ck_assert_uint_eq(sim_pci_memory_read(memory, place, 4), 0x1111);
    free(copy);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_memory");
    TCase *pages = tcase_create("pages");

    tcase_add_checked_fixture(pages, setup, teardown);
    tcase_add_test(pages, bytes_are_little_endian_also_across_pages);
    tcase_add_test(pages, every_function_base_address_and_page_has_its_own);
    tcase_add_test(pages, clearing_a_function_leaves_the_others);
    tcase_add_test(pages, all_pages_can_be_used_and_no_more);
    tcase_add_test(pages, a_copy_of_what_is_used_brings_everything_back);
    suite_add_tcase(suite, pages);
    return suite;
}
