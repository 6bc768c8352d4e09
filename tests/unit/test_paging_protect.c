/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_protect.c. */
#include "tests/unit/paging_case.h"

static void map(uint64_t vaddr, uint64_t paddr, uint64_t length, unsigned int flags)
{
    ck_assert_int_eq(
        dd_paging_map_range(&space, dd_vaddr_from(vaddr), dd_paddr_from(paddr), length, flags),
        DD_OK);
}

static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

/* [SDM 3A] tables 4-20, 4-18, 4-16: A and D are bits 5 and 6, ignored 10:9 and 58:52, key 62:59. */
START_TEST(all_but_the_flags_keeps_its_bits)
{
    uint64_t kept = 0x7FF0000000000660;
    uint64_t large = _i == 0 ? 0 : 0x80;
    uint64_t *entry = NULL;

    ck_assert_int_eq(dd_paging_map_page(&space, dd_vaddr_from(0), dd_paddr_from(12 * G), sizes[_i],
                                        PAGING_FLAGS),
                     DD_OK);
    entry = fake_entry(&space, 0, (unsigned)_i + 1);
    *entry |= kept;
    ck_assert_int_eq(protect_page(0, sizes[_i], 0), DD_OK);
    ck_assert_uint_eq(*entry, 0x8000000000000001 | kept | large | 12 * G);
    ck_assert_int_eq(protect_page(0, sizes[_i], DD_MAP_EXECUTE | DD_MAP_PAT), DD_OK);
    ck_assert_uint_eq(*entry, 0x1 | kept | large | 12 * G | (_i == 0 ? 0x80 : 0x1000));
    ck_assert_int_eq(protect_page(0, sizes[_i], DD_MAP_EXECUTE | DD_MAP_GLOBAL), DD_OK);
    ck_assert_uint_eq(*entry, 0x101 | kept | large | 12 * G);
}
END_TEST

START_TEST(a_page_is_invalidated_at_its_first_byte)
{
    ck_assert_int_eq(
        dd_paging_map_page(&space, dd_vaddr_from(3 * G), dd_paddr_from(G), sizes[_i], DD_MAP_WRITE),
        DD_OK);
    ck_assert(fake_access(&space, 3 * G + sizes[_i] - 1).write);
    ck_assert_int_eq(protect_page(3 * G, sizes[_i], 0), DD_OK);
    ck_assert_uint_eq(fake.event_count, 1);
    ck_assert_int_eq(fake.events[0].kind, FAKE_INVLPG);
    ck_assert_uint_eq(fake.events[0].address, 3 * G);
    ck_assert(!fake_access(&space, 3 * G + sizes[_i] - 1).write);
}
END_TEST

START_TEST(protect_page_of_another_size_is_epagesize)
{
    map(0, 0, G, 0);
    map(G, 0, M, 0);
    map(2 * G, K, K, 0);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(protect_page(0, DD_PAGE_4K, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(M, DD_PAGE_2M, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(G, DD_PAGE_1G, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(G, DD_PAGE_4K, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(2 * G, DD_PAGE_1G, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(2 * G, DD_PAGE_2M, DD_MAP_RIGHTS), DD_EPAGESIZE);
    ck_assert_int_eq(protect_page(2 * G + K, DD_PAGE_4K, DD_MAP_RIGHTS), DD_ENOTMAPPED);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

START_TEST(a_range_of_all_sizes_is_protected_page_by_page)
{
    uint64_t first = G - M - K;

    map(first, 4 * G + first, G + 2 * M + 2 * K, DD_MAP_WRITE);
    for (uint64_t at = first; at < 2 * G + M + K; at += M / 2) {
        ck_assert(fake_access(&space, at).write);
    }
    fake_forget_events();
    ck_assert_int_eq(protect_range(first, G + 2 * M + 2 * K, DD_MAP_USER), DD_OK);
    ck_assert_uint_eq(fake_count_invlpg(), 5);
    ck_assert_uint_eq(fake.event_count, 5);
    ck_assert_uint_eq(fake.events[0].address, first);
    ck_assert_uint_eq(fake.events[1].address, G - M);
    ck_assert_uint_eq(fake.events[2].address, G);
    ck_assert_uint_eq(fake.events[3].address, 2 * G);
    ck_assert_uint_eq(fake.events[4].address, 2 * G + M);
    for (uint64_t at = first; at < 2 * G + M + K; at += M / 2) {
        struct fake_walk walk = fake_access(&space, at);

        ck_assert(!walk.write && walk.user && !walk.execute);
        ck_assert_uint_eq(walk.physical, 4 * G + at);
    }
}
END_TEST

START_TEST(protect_range_leaves_what_is_beside_it)
{
    map(0, 0, 5 * K, DD_MAP_WRITE);
    ck_assert_int_eq(protect_range(2 * K, 2 * K, 0), DD_OK);
    ck_assert(fake_translate(&space, 2 * K - 1).write);
    ck_assert(!fake_translate(&space, 2 * K).write);
    ck_assert(!fake_translate(&space, 4 * K - 1).write);
    ck_assert(fake_translate(&space, 4 * K).write);
}
END_TEST

START_TEST(a_range_that_cannot_be_protected_as_a_whole_is_not_touched)
{
    map(0, 0, M, DD_MAP_WRITE);
    map(M, K, 3 * K, DD_MAP_WRITE);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(protect_range(0, M + 4 * K, 0), DD_ENOTMAPPED);
    ck_assert_int_eq(protect_range(K, M, 0), DD_EPAGESIZE);
    ck_assert_int_eq(protect_range(0, M - K, 0), DD_EPAGESIZE);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_protect");
    TCase *pages = tcase_create("pages");
    TCase *ranges = tcase_create("ranges");

    tcase_add_checked_fixture(pages, setup, NULL);
    tcase_add_loop_test(pages, all_but_the_flags_keeps_its_bits, 0, 3);
    tcase_add_loop_test(pages, a_page_is_invalidated_at_its_first_byte, 0, 3);
    tcase_add_test(pages, protect_page_of_another_size_is_epagesize);
    suite_add_tcase(suite, pages);

    tcase_add_checked_fixture(ranges, setup, NULL);
    tcase_add_test(ranges, a_range_of_all_sizes_is_protected_page_by_page);
    tcase_add_test(ranges, protect_range_leaves_what_is_beside_it);
    tcase_add_test(ranges, a_range_that_cannot_be_protected_as_a_whole_is_not_touched);
    suite_add_tcase(suite, ranges);
    return suite;
}
