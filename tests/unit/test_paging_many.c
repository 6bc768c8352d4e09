/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of what hal/src/paging/paging_batch.c maps. */
#include "tests/unit/paging_case.h"

/* Pages of one table and of others, one twice, and one for each thing that can be wrong. */
static size_t list_mappings(struct dd_paging_mapping *mappings)
{
    static const struct {
        uint64_t vaddr, paddr;
    } list[] = {
        {G, K},
        {G + M, 2 * K},
        {G + M, 3 * K},
        {G + 3 * M + 1, K},
        {G + 5 * M, 1},
        {G + 7 * M, (UINT64_C(1) << 46)},
        {UINT64_C(1) << 47, K},
        {4 * G, K},
        {9 * T, K},
        {2 * T, K},
        {2 * T + G, K},
        {U, K},
        {5 * G, 7 * K},
        {G + 511 * M, 9 * K},
        {6 * G, K},
        {3 * T, K},
    };
    size_t count = 0;

    for (; count < sizeof list / sizeof list[0]; count++) {
        mappings[count] = (struct dd_paging_mapping){dd_vaddr_from(list[count].vaddr),
                                                     dd_paddr_from(list[count].paddr), DD_EMIXED};
    }
    for (uint64_t i = 0; count < 60; i++, count++) {
        mappings[count] = (struct dd_paging_mapping){dd_vaddr_from(7 * G + i * (G / 3 & ~(K - 1))),
                                                     dd_paddr_from(i * K), DD_EMIXED};
    }
    return count;
}

static void map_what_is_in_the_way(void)
{
    ck_assert_int_eq(map_page(4 * G, 0, DD_PAGE_2M, 0), DD_OK);
    ck_assert_int_eq(map_page(5 * G, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(6 * G + M, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 6 * G, 3) &= ~UINT64_C(2); /* its table withholds the right to write */
    *fake_entry(&space, 9 * T, 4) = 0x7;           /* leads to no memory */
    *fake_entry(&space, 3 * T, 4) = space.root.raw | 0x7;
}

/* One after the other; how many were mapped. */
static size_t map_one_by_one(struct dd_paging_mapping *mappings, size_t count)
{
    size_t mapped = 0;

    for (size_t i = 0; i < count; i++) {
        mappings[i].status = dd_paging_map_page(&space, mappings[i].vaddr, mappings[i].paddr,
                                                DD_PAGE_4K, DD_MAP_WRITE);
        mapped += mappings[i].status == DD_OK;
    }
    return mapped;
}

static void make_scene(const struct dd_paging_memory *memory)
{
    fake_reset();
    fake.frames_zeroed = memory->frames == DD_PAGING_FRAMES_ZEROED;
    ck_assert_int_eq(dd_paging_create(&space, memory), DD_OK);
    map_what_is_in_the_way();
}

static void check_page(const struct dd_paging_mapping *mapping)
{
    ck_assert_uint_eq(fake_translate(&space, mapping->vaddr.raw).physical, mapping->paddr.raw);
}

static void check_pages(const struct dd_paging_mapping *mappings,
                        const struct dd_paging_mapping *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(mappings[i].status, expected[i].status);
        if (mappings[i].status == DD_OK) {
            check_page(&mappings[i]);
        }
    }
}

/* A function that gives pointers, and a window; frames that come zeroed, and others. */
START_TEST(many_mappings_are_those_of_single_calls)
{
    struct dd_paging_memory memory = (_i & 2) != 0 ? fake_memory : fake_window();
    struct dd_paging_mapping expected[60] = {{.status = DD_OK}};
    struct dd_paging_mapping mappings[60] = {{.status = DD_OK}};
    size_t count = list_mappings(expected);
    size_t mapped = 0;
    unsigned int frames = 0;

    memory.frames = (_i & 1) != 0 ? DD_PAGING_FRAMES_ZEROED : DD_PAGING_FRAMES_UNDEFINED;
    make_scene(&memory);
    mapped = map_one_by_one(expected, count);
    frames = fake.frames_in_use;

    make_scene(&memory);
    (void)list_mappings(mappings);
    ck_assert_uint_eq(dd_paging_map_many(&space, mappings, count, DD_MAP_WRITE), mapped);
    ck_assert_uint_eq(fake.frames_in_use, frames);
    check_pages(mappings, expected, count);
}
END_TEST

/* What is certain to fail gets no table. */
START_TEST(a_mapping_that_fails_leaves_no_table)
{
    struct dd_paging_memory window = fake_window();
    struct dd_paging_mapping mappings[2];
    uint64_t before = 0;

    ck_assert_int_eq(dd_paging_create(&space, &window), DD_OK);
    ck_assert_int_eq(map_page(G, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, G, 3) &= ~UINT64_C(2);
    before = fake_checksum();
    mappings[0] = (struct dd_paging_mapping){dd_vaddr_from(G + M), dd_paddr_from(0), DD_OK};
    mappings[1] = (struct dd_paging_mapping){dd_vaddr_from(G + 2 * M),
                                             dd_paddr_from((UINT64_C(1) << 46)), DD_OK};
    ck_assert_uint_eq(dd_paging_map_many(&space, mappings, 2, DD_MAP_WRITE), 0);
    ck_assert_int_eq(mappings[0].status, DD_ENOTSUP);
    ck_assert_int_eq(mappings[1].status, DD_EARG);
    ck_assert_uint_eq(dd_paging_map_many(&space, mappings, 2, DD_MAP_ENCRYPTED), 0);
    ck_assert_int_eq(mappings[0].status, DD_ENOTSUP); /* there is no such bit */
    fake.allocations_left = 0;
    ck_assert_uint_eq(dd_paging_map_many(&space, mappings, 1, 0), 0);
    ck_assert_int_eq(mappings[0].status, DD_ENOMEM);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_many");
    TCase *many = tcase_create("many");

    tcase_add_checked_fixture(many, setup, NULL);
    tcase_add_loop_test(many, many_mappings_are_those_of_single_calls, 0, 4);
    tcase_add_test(many, a_mapping_that_fails_leaves_no_table);
    suite_add_tcase(suite, many);
    return suite;
}
