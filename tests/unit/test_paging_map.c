/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_map.c; the bits are in test_paging_entry.c. */
#include "tests/unit/paging_case.h"

struct page {
    uint64_t vaddr;
    enum dd_page_size size;
};

static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

/* ---- What is there already ---- */

START_TEST(map_page_over_a_page_of_its_size_is_eexist)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_page(3 * G, 3 * G, sizes[_i], 0), DD_OK);
    before = fake_checksum();
    ck_assert_int_eq(map_page(3 * G, 5 * G, sizes[_i], PAGING_FLAGS), DD_EEXIST);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(map_page_under_or_over_another_size_is_epagesize)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(map_page(G, 0, DD_PAGE_2M, 0), DD_OK);
    ck_assert_int_eq(map_page(2 * G, 0, DD_PAGE_4K, 0), DD_OK);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_page(M, 0, DD_PAGE_2M, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_int_eq(map_page(K, 0, DD_PAGE_4K, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_int_eq(map_page(G, 0, DD_PAGE_1G, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_int_eq(map_page(G + K, 0, DD_PAGE_4K, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_int_eq(map_page(2 * G, 0, DD_PAGE_1G, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_int_eq(map_page(2 * G, 0, DD_PAGE_2M, PAGING_FLAGS), DD_EPAGESIZE);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(an_entry_not_present_but_not_zero_is_in_use)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_page(K, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 2 * K, 1) = 0xABCDE00000000000;
    *fake_entry(&space, 5 * M, 2) = 0x2;
    *fake_entry(&space, 7 * G, 3) = FAKE_MEMORY | 0x6;
    *fake_entry(&space, 9 * T, 4) = 0x8000000000000000;
    before = fake_checksum();
    ck_assert_int_eq(map_page(2 * K, 0, DD_PAGE_4K, 0), DD_EEXIST);
    ck_assert_int_eq(map_page(5 * M, 0, DD_PAGE_2M, 0), DD_EEXIST);
    ck_assert_int_eq(map_page(5 * M, 0, DD_PAGE_4K, 0), DD_EEXIST);
    ck_assert_int_eq(map_page(7 * G, 0, DD_PAGE_4K, 0), DD_EEXIST);
    ck_assert_int_eq(map_page(9 * T, 0, DD_PAGE_1G, 0), DD_EEXIST);
    ck_assert_int_eq(map_range(0, 0, 3 * K, 0), DD_EEXIST);
    ck_assert_int_eq(map_range(3 * M, 0, 3 * M, 0), DD_EEXIST);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(a_range_that_collides_anywhere_changes_nothing)
{
    static const struct page in_the_way[] = {
        {3 * G + 511 * M + 511 * K, DD_PAGE_4K},
        {4 * G + 3 * K, DD_PAGE_4K},
        {4 * G, DD_PAGE_2M},
        {4 * G, DD_PAGE_1G},
    };
    const struct page *page = &in_the_way[_i];

    ck_assert_int_eq(map_page(page->vaddr, 0, page->size, 0), DD_OK);

    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_range(2 * G - 3 * K, 5 * K, 2 * G + M, PAGING_FLAGS), DD_EEXIST);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

/* ---- Memory ---- */

START_TEST(map_page_gives_all_frames_back_when_any_allocation_fails)
{
    static const unsigned int tables[] = {3, 2, 1};
    uint64_t before = fake_checksum();

    for (unsigned int allowed = 0; allowed < tables[_i]; allowed++) {
        fake.allocations_left = allowed;
        ck_assert_int_eq(map_page(0xFFFFFFFFC0000000, 0, sizes[_i], 0), DD_ENOMEM);
        ck_assert_uint_eq(fake_checksum(), before);
        ck_assert_uint_eq(fake.frames_in_use, 1);
    }
    fake.allocations_left = tables[_i];
    ck_assert_int_eq(map_page(0xFFFFFFFFC0000000, 0, sizes[_i], 0), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1 + tables[_i]);
}
END_TEST

/* Pages of all three sizes at both sides of a PML4 boundary, in part below tables there already. */
START_TEST(map_range_gives_all_frames_back_when_any_allocation_fails)
{
    uint64_t first = T - G - M - K;
    unsigned int allowed = 0;

    ck_assert_int_eq(map_page(first - K, 0, DD_PAGE_4K, 0), DD_OK);

    uint64_t before = fake_checksum();
    unsigned int frames = fake.frames_in_use;

    for (;; allowed++) {
        fake.allocations_left = allowed;
        if (map_range(first, 3 * G + first, 2 * G + 2 * M + 2 * K, 0) == DD_OK) {
            break;
        }
        ck_assert_uint_eq(fake_checksum(), before);
        ck_assert_uint_eq(fake.frames_in_use, frames);
    }
    /* Above the boundary: one PDPT, PD and PT; below it all tables that are needed exist. */
    ck_assert_uint_eq(allowed, 3);
    ck_assert_uint_eq(fake.frames_in_use, frames + allowed);
}
END_TEST

START_TEST(a_frame_the_kernel_cannot_reach_is_given_back)
{
    uint64_t before = fake_checksum();

    fake.hand_out_unreachable = true;
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_EMALFORMED);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

/* [SDM 3A] 4.10.4.3: from not present to present nothing has to be invalidated. */
START_TEST(mapping_invalidates_nothing)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_range(G, 0, G + M + K, 0), DD_OK);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

/* ---- Page sizes of ranges ---- */

struct piece {
    uint64_t vaddr, bytes;
};

static void check_pieces(uint64_t vaddr, uint64_t paddr, const struct piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fake_walk walk = fake_translate(&space, pieces[i].vaddr);

        ck_assert_msg(walk.present, "piece %zu", i);
        ck_assert_uint_eq(walk.page_bytes, pieces[i].bytes);
        ck_assert_uint_eq(walk.physical, pieces[i].vaddr - vaddr + paddr);
    }
}

START_TEST(map_range_takes_the_largest_pages_that_fit)
{
    uint64_t first = 2 * G - M - 2 * K;
    const struct piece pieces[] = {
        {first, K}, {first + K, K}, {2 * G - M, M}, {2 * G, G},
        {3 * G, G}, {4 * G, M},     {4 * G + M, M}, {4 * G + 2 * M, K},
    };

    ck_assert_int_eq(map_range(first, first + 8 * G, 4 * G + 2 * M + K - first, 0), DD_OK);
    check_pieces(first, first + 8 * G, pieces, sizeof pieces / sizeof pieces[0]);
    ck_assert(!fake_translate(&space, first - 1).present);
    ck_assert(!fake_translate(&space, 4 * G + 2 * M + K).present);
    /* Root, one PDPT, PDs for 1..2 and 4..5 GiB, a PT at each end. */
    ck_assert_uint_eq(fake.frames_in_use, 6);
}
END_TEST

START_TEST(the_physical_address_decides_about_the_size_too)
{
    const struct piece large[] = {{8 * G, M}, {9 * G - M, M}, {9 * G, M}, {10 * G - M, M}};
    const struct piece small[] = {{16 * G, K}, {16 * G + 511 * K, K}, {16 * G + M, K}};

    ck_assert_int_eq(map_range(8 * G, M, 2 * G, 0), DD_OK);
    check_pieces(8 * G, M, large, 4);
    ck_assert_int_eq(map_range(16 * G, K, 2 * M, 0), DD_OK);
    check_pieces(16 * G, K, small, 3);
}
END_TEST

START_TEST(an_empty_table_in_the_way_is_filled_with_smaller_pages)
{
    const struct piece pieces[] = {{0, M}, {M, K}, {2 * M - K, K}, {2 * M, M}};

    ck_assert_int_eq(map_page(M, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, M, 1) = 0;
    ck_assert_int_eq(map_range(0, 4 * G, 3 * M, 0), DD_OK);
    check_pieces(0, 4 * G, pieces, 4);
    ck_assert_uint_eq(fake.frames_in_use, 4);
}
END_TEST

START_TEST(ranges_meet_in_one_table)
{
    ck_assert_int_eq(map_range(0, 0, 3 * K, 0), DD_OK);
    ck_assert_int_eq(map_range(5 * K, G, 3 * K, 0), DD_OK);
    ck_assert_int_eq(map_range(3 * K, 2 * G, 2 * K, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, 2 * K).physical, 2 * K);
    ck_assert_uint_eq(fake_translate(&space, 4 * K).physical, 2 * G + K);
    ck_assert_uint_eq(fake_translate(&space, 5 * K).physical, G);
    ck_assert_uint_eq(fake.frames_in_use, 4);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_map");
    TCase *largest = tcase_create("largest");
    TCase *occupied = tcase_create("occupied");
    TCase *memory = tcase_create("memory");

    tcase_add_checked_fixture(largest, setup, NULL);
    tcase_add_test(largest, map_range_takes_the_largest_pages_that_fit);
    tcase_add_test(largest, the_physical_address_decides_about_the_size_too);
    tcase_add_test(largest, an_empty_table_in_the_way_is_filled_with_smaller_pages);
    tcase_add_test(largest, ranges_meet_in_one_table);
    suite_add_tcase(suite, largest);

    tcase_add_checked_fixture(occupied, setup, NULL);
    tcase_add_loop_test(occupied, map_page_over_a_page_of_its_size_is_eexist, 0, 3);
    tcase_add_test(occupied, map_page_under_or_over_another_size_is_epagesize);
    tcase_add_test(occupied, an_entry_not_present_but_not_zero_is_in_use);
    tcase_add_loop_test(occupied, a_range_that_collides_anywhere_changes_nothing, 0, 4);
    suite_add_tcase(suite, occupied);

    tcase_add_checked_fixture(memory, setup, NULL);
    tcase_add_loop_test(memory, map_page_gives_all_frames_back_when_any_allocation_fails, 0, 3);
    tcase_add_test(memory, map_range_gives_all_frames_back_when_any_allocation_fails);
    tcase_add_test(memory, a_frame_the_kernel_cannot_reach_is_given_back);
    tcase_add_test(memory, mapping_invalidates_nothing);
    suite_add_tcase(suite, memory);
    return suite;
}
