/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/machine/bus.c. */
#include <string.h>

#include "sim/machine/bus.h"
#include "tests/unit/unit.h"

static struct sim_bus bus;
static struct sim_error error;

static uint32_t answer(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    (void)offset;
    (void)width;
    return 0;
}

static void take(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)device;
    (void)offset;
    (void)width;
    (void)value;
}

static const struct sim_region *add(const char *name, uint64_t base, uint64_t size)
{
    const struct sim_region region = {
        .name = name, .base = base, .size = size, .read = answer, .write = take};

    return sim_bus_add(&bus, &region, 0x10000, &error);
}

static void empty(void)
{
    sim_bus_free(&bus);
}

START_TEST(a_region_is_found_by_each_of_its_bytes)
{
    const struct sim_region *one = add("one", 0x100, 4);

    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_eq(sim_bus_find(&bus, 0x100, 4), one);
    ck_assert_ptr_eq(sim_bus_find(&bus, 0x102, 2), one);
    ck_assert_ptr_eq(sim_bus_find(&bus, 0x103, 1), one);
}
END_TEST

START_TEST(nobody_is_found_outside_a_region_or_across_its_end)
{
    ck_assert_ptr_nonnull(add("one", 0x100, 4));
    ck_assert_ptr_null(sim_bus_find(&bus, 0xFF, 1));
    ck_assert_ptr_null(sim_bus_find(&bus, 0xFF, 2));
    ck_assert_ptr_null(sim_bus_find(&bus, 0x103, 2));
    ck_assert_ptr_null(sim_bus_find(&bus, 0x101, 4));
    ck_assert_ptr_null(sim_bus_find(&bus, 0x104, 1));
}
END_TEST

START_TEST(an_overlap_is_refused_with_both_places)
{
    ck_assert_ptr_nonnull(add("one", 0x100, 16));
    ck_assert_ptr_null(add("two", 0x10F, 1));
    ck_assert_str_eq(error.text, "two at 0x10f..0x10f overlaps one at 0x100..0x10f");
    ck_assert_ptr_null(add("two", 0xFF, 2));
    ck_assert_ptr_nonnull(add("two", 0xFF, 1));
    ck_assert_ptr_nonnull(add("three", 0x110, 1));
    ck_assert_ptr_nonnull(add("last", 0xFFFF, 1));
    ck_assert_ptr_null(add("beyond", 0xFFFF, 2));
    ck_assert_ptr_null(add("none", 0x200, 0));
    ck_assert_uint_eq(bus.count, 4);
}
END_TEST

START_TEST(regions_stay_where_they_are_and_are_not_without_number)
{
    const struct sim_region *first = add("first", 0, 1);

    for (uint64_t i = 1; i < 1024; i++) {
        ck_assert_ptr_nonnull(add("more", i, 1));
    }
    ck_assert_ptr_null(add("too many", 1024, 1));
    ck_assert_ptr_nonnull(strstr(error.text, "1024 regions"));
    ck_assert_str_eq(first->name, "first");
    ck_assert_ptr_eq(first, bus.regions[0]);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("bus");
    TCase *regions = tcase_create("regions");

    tcase_add_checked_fixture(regions, NULL, empty);
    tcase_add_test(regions, a_region_is_found_by_each_of_its_bytes);
    tcase_add_test(regions, nobody_is_found_outside_a_region_or_across_its_end);
    tcase_add_test(regions, an_overlap_is_refused_with_both_places);
    tcase_add_test(regions, regions_stay_where_they_are_and_are_not_without_number);
    suite_add_tcase(suite, regions);
    return suite;
}
