/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_unmap.c. */
#include "tests/unit/paging_case.h"

static void map(uint64_t vaddr, uint64_t paddr, uint64_t length)
{
    ck_assert_int_eq(dd_paging_map_range(&space, dd_vaddr_from(vaddr), dd_paddr_from(paddr), length,
                                         DD_MAP_RIGHTS),
                     DD_OK);
}

static enum dd_status unmap(uint64_t vaddr, uint64_t length)
{
    return unmap_range(vaddr, length);
}

/* ---- Pages ---- */

static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

START_TEST(unmap_page_returns_the_frame_and_all_tables)
{
    dd_paddr frame = dd_paddr_from(0);

    ck_assert_int_eq(dd_paging_map_page(&space, dd_vaddr_from(7 * G), dd_paddr_from(5 * G),
                                        sizes[_i], DD_MAP_PAT | DD_MAP_GLOBAL),
                     DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 4 - (unsigned)_i);
    ck_assert_int_eq(unmap_page(7 * G, sizes[_i], &frame), DD_OK);
    ck_assert_uint_eq(frame.raw, 5 * G);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert_uint_eq(*fake_entry(&space, 7 * G, 4), 0);
    ck_assert_int_eq(unmap_page(7 * G, sizes[_i], &frame), DD_ENOTMAPPED);
}
END_TEST

START_TEST(unmap_page_leaves_its_neighbours)
{
    dd_paddr frame = dd_paddr_from(0);

    map(0, 8 * G, 3 * K);
    ck_assert_int_eq(unmap_page(K, DD_PAGE_4K, &frame), DD_OK);
    ck_assert_uint_eq(frame.raw, 8 * G + K);
    ck_assert_uint_eq(fake_translate(&space, 0).physical, 8 * G);
    ck_assert(!fake_translate(&space, K).present);
    ck_assert_uint_eq(fake_translate(&space, 2 * K).physical, 8 * G + 2 * K);
    ck_assert_uint_eq(fake.frames_in_use, 4);
}
END_TEST

START_TEST(unmap_page_of_another_size_is_epagesize)
{
    dd_paddr frame = dd_paddr_from(0x1234);

    map(0, 0, G);
    map(G, 0, M);
    map(2 * G, K, K);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(unmap_page(0, DD_PAGE_4K, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(M, DD_PAGE_2M, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(G, DD_PAGE_1G, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(G, DD_PAGE_4K, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(2 * G, DD_PAGE_1G, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(2 * G, DD_PAGE_2M, &frame), DD_EPAGESIZE);
    ck_assert_int_eq(unmap_page(2 * G + K, DD_PAGE_4K, &frame), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap_page(2 * G + M, DD_PAGE_2M, &frame), DD_ENOTMAPPED);
    ck_assert_uint_eq(frame.raw, 0x1234);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

START_TEST(an_entry_not_present_but_not_zero_is_not_mapped_and_keeps_its_table)
{
    dd_paddr frame = dd_paddr_from(0);

    map(0, 0, K);
    *fake_entry(&space, K, 1) = 0xFFFFFFFFFFFFFFFE;
    ck_assert_int_eq(unmap_page(K, DD_PAGE_4K, &frame), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap(0, 2 * K), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap(0, K), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 4);
    ck_assert_uint_eq(*fake_entry(&space, K, 1), 0xFFFFFFFFFFFFFFFE);
}
END_TEST

/* ---- Ranges ---- */

START_TEST(unmap_range_returns_all_tables)
{
    map(T - G - M - 3 * K, 16 * G - G - M - 3 * K, 2 * G + 2 * M + 6 * K);
    ck_assert_uint_gt(fake.frames_in_use, 5);
    ck_assert_int_eq(unmap(T - G - M - 3 * K, 2 * G + 2 * M + 6 * K), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    for (unsigned int i = 0; i < 512; i++) {
        ck_assert_uint_eq(*fake_entry(&space, T * i, 4), 0);
    }
}
END_TEST

START_TEST(unmap_range_leaves_what_is_beside_it)
{
    map(0, K, 3 * M);
    ck_assert_uint_eq(fake.frames_in_use, 6);
    ck_assert_int_eq(unmap(K, 3 * M - 2 * K), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, 0).physical, K);
    ck_assert(!fake_translate(&space, K).present);
    ck_assert(!fake_translate(&space, 3 * M - K - 1).present);
    ck_assert_uint_eq(fake_translate(&space, 3 * M - K).physical, 3 * M);
    ck_assert_uint_eq(fake.frames_in_use, 5);
}
END_TEST

START_TEST(unmap_range_takes_pages_that_were_mapped_one_by_one)
{
    for (uint64_t at = 0; at < M; at += K) {
        map(at, 4 * G + 2 * (M - at), K);
    }
    ck_assert_int_eq(unmap(0, M), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

START_TEST(a_range_with_a_hole_is_not_touched)
{
    map(0, 0, 2 * M);
    map(2 * M, 0, 3 * K);
    map(2 * M + 4 * K, 0, K);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(unmap(0, 2 * M + 5 * K), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap(0, 3 * M), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap(0, 2 * G), DD_ENOTMAPPED);
    ck_assert_int_eq(unmap(U, K), DD_ENOTMAPPED);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

START_TEST(a_large_page_partly_outside_the_range_is_not_split)
{
    map(0, 0, M);
    map(M, 16 * G, 2 * K);
    map(G, G, G);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(unmap(K, M - K), DD_EPAGESIZE);
    ck_assert_int_eq(unmap(0, M - K), DD_EPAGESIZE);
    ck_assert_int_eq(unmap(M - K, 2 * K), DD_EPAGESIZE);
    ck_assert_int_eq(unmap(G, M), DD_EPAGESIZE);
    ck_assert_int_eq(unmap(G + M, G - M), DD_EPAGESIZE);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
    ck_assert_int_eq(unmap(0, M + 2 * K), DD_OK);
}
END_TEST

/* ---- The processor's caches. [SDM 3A] 4.10.4 ---- */

START_TEST(each_page_is_invalidated_once_at_its_first_byte)
{
    map(G - 2 * K, 8 * G - 2 * K, G + M + 3 * K);
    map(T - K, 0, K); /* keeps the upper tables in place */
    ck_assert_int_eq(unmap(G - 2 * K, G + M + 3 * K), DD_OK);

    static const uint64_t pages[] = {G - 2 * K, G - K, G, 2 * G, 2 * G + M};
    size_t next = 0;

    for (size_t i = 0; i < fake.event_count; i++) {
        if (next < 5 && fake.events[i].kind == FAKE_INVLPG &&
            fake.events[i].address == pages[next]) {
            next++;
        }
    }
    ck_assert_uint_eq(next, 5);
    /* Tables that became empty: PT and PD below 1 GiB, PT and PD above 2 GiB. */
    ck_assert_uint_eq(fake_count_invlpg(), 5);
    ck_assert_uint_eq(fake.event_count, 5 + 4);
}
END_TEST

START_TEST(a_table_is_free_only_after_an_invlpg_in_its_range)
{
    dd_paddr frame = dd_paddr_from(0);
    uint64_t vaddr = 3 * T + 2 * G + 5 * M + 9 * K;

    map(vaddr, 0, K);
    fake_access(&space, vaddr);
    ck_assert_int_eq(unmap_page(vaddr, DD_PAGE_4K, &frame), DD_OK);
    /* The page, which all three tables served; then PT, PD and PDPT. */
    ck_assert_uint_eq(fake.event_count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(fake.events[i].kind, i > 0 ? FAKE_FREE : FAKE_INVLPG);
    }
    ck_assert_uint_eq(fake.events[0].address, vaddr);
}
END_TEST

START_TEST(the_tlb_forgets_what_was_unmapped)
{
    dd_paddr frame = dd_paddr_from(0);

    map(0, 4 * G, G + M + K);
    ck_assert(fake_access(&space, G - 1).present);
    ck_assert(fake_access(&space, G + 1).present);
    ck_assert(fake_access(&space, G + M + 1).present);
    ck_assert_int_eq(unmap_page(G + M, DD_PAGE_4K, &frame), DD_OK);
    ck_assert(!fake_access(&space, G + M + 1).present);
    ck_assert_int_eq(unmap(0, G + M), DD_OK);
    ck_assert(!fake_access(&space, G - 1).present);
    ck_assert(!fake_access(&space, G + 1).present);
}
END_TEST

/* ---- The upper half ---- */

START_TEST(the_table_of_an_upper_pml4_entry_stays)
{
    uint64_t entry = 0;

    map(U, 0, G + M + K);
    entry = *fake_entry(&space, U, 4);
    ck_assert_int_eq(unmap(U, G + M + K), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, U, 4), entry);
    ck_assert_uint_eq(fake.frames_in_use, 2);
    map(0xFFFFFFFFFFFFF000, 0, K);
    ck_assert_int_eq(unmap(0xFFFFFFFFFFFFF000, K), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 3);
}
END_TEST

START_TEST(the_table_of_the_last_lower_pml4_entry_goes)
{
    map(U - 0xFFFF000000000000 - K, 0, K);
    ck_assert_int_eq(unmap(0x00007FFFFFFFF000, K), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_unmap");
    TCase *pages = tcase_create("pages");
    TCase *ranges = tcase_create("ranges");
    TCase *caches = tcase_create("caches");
    TCase *upper = tcase_create("upper half");

    tcase_add_checked_fixture(pages, setup, NULL);
    tcase_add_loop_test(pages, unmap_page_returns_the_frame_and_all_tables, 0, 3);
    tcase_add_test(pages, unmap_page_leaves_its_neighbours);
    tcase_add_test(pages, unmap_page_of_another_size_is_epagesize);
    tcase_add_test(pages, an_entry_not_present_but_not_zero_is_not_mapped_and_keeps_its_table);
    suite_add_tcase(suite, pages);

    tcase_add_checked_fixture(ranges, setup, NULL);
    tcase_add_test(ranges, unmap_range_returns_all_tables);
    tcase_add_test(ranges, unmap_range_leaves_what_is_beside_it);
    tcase_add_test(ranges, unmap_range_takes_pages_that_were_mapped_one_by_one);
    tcase_add_test(ranges, a_range_with_a_hole_is_not_touched);
    tcase_add_test(ranges, a_large_page_partly_outside_the_range_is_not_split);
    suite_add_tcase(suite, ranges);

    tcase_add_checked_fixture(caches, setup, NULL);
    tcase_add_test(caches, each_page_is_invalidated_once_at_its_first_byte);
    tcase_add_test(caches, a_table_is_free_only_after_an_invlpg_in_its_range);
    tcase_add_test(caches, the_tlb_forgets_what_was_unmapped);
    suite_add_tcase(suite, caches);

    tcase_add_checked_fixture(upper, setup, NULL);
    tcase_add_test(upper, the_table_of_an_upper_pml4_entry_stays);
    tcase_add_test(upper, the_table_of_the_last_lower_pml4_entry_goes);
    suite_add_tcase(suite, upper);
    return suite;
}
