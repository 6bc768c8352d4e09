/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_split.c, and of ranges that have a part of a large page. */
#include "drydock/paging_split.h"
#include "tests/unit/paging_case.h"

static enum dd_status split(uint64_t vaddr, enum dd_page_size size)
{
    return settle(dd_paging_split(&space, dd_vaddr_from(vaddr), size, &pending));
}

static enum dd_status merge(uint64_t vaddr, enum dd_page_size size)
{
    return settle(dd_paging_merge(&space, dd_vaddr_from(vaddr), size, &pending));
}

/* All flags there are, but for the encryption bit. */
#define ALL_FLAGS (DD_MAP_ALL & ~(unsigned int)DD_MAP_ENCRYPTED)

/* PAT is bit 12 of a large page and bit 7 of a small one. [SDM 3A] tables 4-18 and 4-20. */
START_TEST(a_split_2m_page_has_all_its_flags_in_512_pages)
{
    ck_assert_int_eq(map_page(G, 3 * G, DD_PAGE_2M, ALL_FLAGS), DD_OK);
    ck_assert_int_eq(split(G, DD_PAGE_2M), DD_OK);
    for (uint64_t i = 0; i < 512; i++) {
        ck_assert_uint_eq(*fake_entry(&space, G + i * K, 1), 0x7FF0000000000FFF + 3 * G + i * K);
    }
    ck_assert_uint_eq(*fake_entry(&space, G, 2) & 0xFFF, 0x7);
}
END_TEST

START_TEST(a_split_1g_page_has_512_pages_of_2m)
{
    ck_assert_int_eq(map_page(G, 3 * G, DD_PAGE_1G, DD_MAP_WRITE | DD_MAP_PAT), DD_OK);
    ck_assert_int_eq(split(G, DD_PAGE_1G), DD_OK);
    for (uint64_t i = 0; i < 512; i++) {
        ck_assert_uint_eq(*fake_entry(&space, G + i * M, 2), 0x8000000000001083 + 3 * G + i * M);
    }
}
END_TEST

START_TEST(splitting_and_merging_gives_the_page_back)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_page(G, 3 * G, DD_PAGE_1G, ALL_FLAGS), DD_OK);
    before = fake_checksum();
    ck_assert_int_eq(split(G, DD_PAGE_1G), DD_OK);
    ck_assert_int_eq(split(G + 7 * M, DD_PAGE_2M), DD_OK);
    ck_assert_int_eq(merge(G, DD_PAGE_1G), DD_EPAGESIZE);
    ck_assert_uint_eq(error.level, 2);
    ck_assert_uint_eq(error.vaddr.raw, G + 7 * M);
    ck_assert_int_eq(merge(G + 7 * M, DD_PAGE_2M), DD_OK);
    ck_assert_int_eq(merge(G, DD_PAGE_1G), DD_OK);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(the_tlb_does_not_keep_the_other_size)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_2M, 0), DD_OK);
    ck_assert_uint_eq(fake_access(&space, 5 * K).page_bytes, M);
    ck_assert_int_eq(split(0, DD_PAGE_2M), DD_OK);
    ck_assert_uint_eq(fake_access(&space, 5 * K).page_bytes, K);
    ck_assert_int_eq(merge(0, DD_PAGE_2M), DD_OK);
    ck_assert(fake_tlb_is_right(&space));
    ck_assert_uint_eq(fake_access(&space, 5 * K).page_bytes, M);
}
END_TEST

/* Bits 5 and 6. [SDM 3A] 4.8 */
START_TEST(a_merged_page_was_accessed_and_dirty_if_any_page_was)
{
    space.exclusive = true;
    ck_assert_int_eq(map_range(0, 0, M, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(split(0, DD_PAGE_2M), DD_OK);
    *fake_entry(&space, 7 * K, 1) |= 0x20;
    *fake_entry(&space, 511 * K, 1) |= 0x60;
    ck_assert_int_eq(merge(0, DD_PAGE_2M), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 2), 0x80000000000000E3);
}
END_TEST

/* Until it is settled, other processors can reach the pages through the table; no write of theirs may
   be lost. What cannot be written cannot become dirty, and would be a shadow stack: [SDM 3A] 4.6. */
START_TEST(a_merged_page_counts_as_marked_if_other_processors_may_mark_it)
{
    ck_assert_int_eq(map_range(0, 0, 2 * M, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(protect_page(M, DD_PAGE_2M, 0), DD_OK);
    ck_assert_int_eq(split(0, DD_PAGE_2M), DD_OK);
    ck_assert_int_eq(split(M, DD_PAGE_2M), DD_OK);
    ck_assert_int_eq(merge(0, DD_PAGE_2M), DD_OK);
    ck_assert_int_eq(merge(M, DD_PAGE_2M), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 2), 0x80000000000000E3);
    ck_assert_uint_eq(*fake_entry(&space, M, 2), 0x80000000002000A1);
}
END_TEST

START_TEST(a_merged_page_has_no_right_its_table_withheld)
{
    space.exclusive = true;
    ck_assert_int_eq(map_range(0, 0, M, DD_MAP_WRITE | DD_MAP_USER), DD_OK);
    ck_assert_int_eq(split(0, DD_PAGE_2M), DD_OK);
    *fake_entry(&space, 0, 2) &= ~UINT64_C(2);
    ck_assert_int_eq(merge(0, DD_PAGE_2M), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 2), 0x8000000000000085);
}
END_TEST

START_TEST(what_cannot_be_merged_stays)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_range(0, K, M, 0), DD_OK);         /* memory not aligned */
    ck_assert_int_eq(map_range(G, 0, M - K, 0), DD_OK);     /* a page is missing */
    ck_assert_int_eq(map_range(2 * G, 0, M - K, 0), DD_OK); /* a page is elsewhere */
    ck_assert_int_eq(map_page(2 * G + M - K, M, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_range(3 * G, 0, M - K, 0), DD_OK); /* a page is writable */
    ck_assert_int_eq(map_page(3 * G + M - K, M - K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(map_page(4 * G, 0, DD_PAGE_2M, 0), DD_OK);
    before = fake_checksum();
    ck_assert_int_eq(merge(0, DD_PAGE_2M), DD_EALIGN);
    ck_assert_int_eq(merge(G, DD_PAGE_2M), DD_ENOTMAPPED);
    ck_assert_uint_eq(error.vaddr.raw, G + M - K);
    ck_assert_int_eq(merge(2 * G, DD_PAGE_2M), DD_EMIXED);
    ck_assert_int_eq(merge(3 * G, DD_PAGE_2M), DD_EMIXED);
    ck_assert_int_eq(merge(4 * G, DD_PAGE_2M), DD_EPAGESIZE);
    ck_assert_int_eq(merge(5 * G, DD_PAGE_2M), DD_ENOTMAPPED);
    ck_assert_int_eq(merge(0, DD_PAGE_4K), DD_EARG);
    ck_assert_int_eq(merge(K, DD_PAGE_2M), DD_EALIGN);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(what_cannot_be_split_stays)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(G, 0, DD_PAGE_1G, 0), DD_OK);
    before = fake_checksum();
    ck_assert_int_eq(split(0, DD_PAGE_4K), DD_EARG);
    ck_assert_int_eq(split(0, DD_PAGE_2M), DD_EPAGESIZE);
    ck_assert_int_eq(split(G, DD_PAGE_2M), DD_EPAGESIZE);
    ck_assert_int_eq(split(2 * G, DD_PAGE_1G), DD_ENOTMAPPED);
    fake.allocations_left = 0;
    ck_assert_int_eq(split(G, DD_PAGE_1G), DD_ENOMEM);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

/* ---- Ranges ---- */

static enum dd_status unmap_splitting(uint64_t vaddr, uint64_t length)
{
    return settle(
        dd_paging_unmap_range(&space, dd_vaddr_from(vaddr), length, DD_PARTLY_SPLIT, &pending));
}

static enum dd_status protect_splitting(uint64_t vaddr, uint64_t length, unsigned int rights)
{
    struct dd_paging_protection protection = {{DD_MAP_RIGHTS, rights}, DD_PARTLY_SPLIT};

    return settle(
        dd_paging_protect_range(&space, dd_vaddr_from(vaddr), length, protection, &pending));
}

/* Parts of a 1-GByte page: first address, length, and how many tables splitting takes. */
static const struct {
    uint64_t first, length;
    unsigned int tables;
} parts[] = {
    {0, M, 1},         {0, K, 2},         {K, G - K, 2},
    {G - K, K, 2},     {M, G - 2 * M, 1}, {3 * M + K, K, 2},
    {M - K, 2 * K, 3}, {M - K, M + K, 2}, {5 * K, G - 9 * K, 3},
};

START_TEST(the_rest_of_a_split_page_stays_as_it_was)
{
    uint64_t first = G + parts[_i].first;
    uint64_t end = first + parts[_i].length;
    unsigned int frames = 0;

    ck_assert_int_eq(map_page(G, 5 * G, DD_PAGE_1G, DD_MAP_RIGHTS), DD_OK);
    frames = fake.frames_in_use;
    for (unsigned int allowed = 0; allowed < parts[_i].tables; allowed++) {
        uint64_t before = fake_checksum();

        fake.allocations_left = allowed;
        ck_assert_int_eq(protect_splitting(first, parts[_i].length, 0), DD_ENOMEM);
        ck_assert_int_eq(unmap_splitting(first, parts[_i].length), DD_ENOMEM);
        ck_assert_uint_eq(fake_checksum(), before);
    }
    fake.allocations_left = parts[_i].tables;
    ck_assert_int_eq(protect_splitting(first, parts[_i].length, DD_MAP_USER), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, frames + parts[_i].tables);
    for (uint64_t at = G; at < 2 * G; at += M / 2 - K) {
        struct fake_walk walk = fake_access(&space, at);

        ck_assert_uint_eq(walk.physical, 4 * G + at);
        ck_assert(walk.user && walk.write == (at < first || at >= end));
    }
    ck_assert_int_eq(unmap_splitting(first, parts[_i].length), DD_OK);
    ck_assert(!fake_access(&space, first).present && !fake_access(&space, end - 1).present);
    ck_assert(first == G || fake_access(&space, first - 1).present);
    ck_assert(end == 2 * G || fake_access(&space, end).present);
    ck_assert(fake_tlb_is_right(&space));
}
END_TEST

START_TEST(a_range_that_refuses_says_which_page_is_in_the_way)
{
    ck_assert_int_eq(map_range(0, 0, 2 * M, 0), DD_OK);
    ck_assert_int_eq(unmap_range(0, M + K), DD_EPAGESIZE);
    ck_assert_uint_eq(error.level, 2);
    ck_assert_uint_eq(error.vaddr.raw, M);
    ck_assert_uint_eq(error.entry, 0x8000000000200081);
    ck_assert_int_eq(
        dd_paging_unmap_range(&space, dd_vaddr_from(0), K, (enum dd_paging_partly)2, &pending),
        DD_EARG);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_split");
    TCase *pages = tcase_create("pages");
    TCase *ranges = tcase_create("ranges");

    tcase_add_checked_fixture(pages, setup, NULL);
    tcase_add_test(pages, a_split_2m_page_has_all_its_flags_in_512_pages);
    tcase_add_test(pages, a_split_1g_page_has_512_pages_of_2m);
    tcase_add_test(pages, splitting_and_merging_gives_the_page_back);
    tcase_add_test(pages, the_tlb_does_not_keep_the_other_size);
    tcase_add_test(pages, a_merged_page_was_accessed_and_dirty_if_any_page_was);
    tcase_add_test(pages, a_merged_page_counts_as_marked_if_other_processors_may_mark_it);
    tcase_add_test(pages, a_merged_page_has_no_right_its_table_withheld);
    tcase_add_test(pages, what_cannot_be_merged_stays);
    tcase_add_test(pages, what_cannot_be_split_stays);
    suite_add_tcase(suite, pages);
    tcase_add_checked_fixture(ranges, setup, NULL);
    tcase_add_loop_test(ranges, the_rest_of_a_split_page_stays_as_it_was, 0,
                        sizeof parts / sizeof parts[0]);
    tcase_add_test(ranges, a_range_that_refuses_says_which_page_is_in_the_way);
    suite_add_tcase(suite, ranges);
    return suite;
}
