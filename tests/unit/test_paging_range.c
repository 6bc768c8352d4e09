/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging_range.c, the argument checks, through the functions that map. */
#include "tests/unit/paging_case.h"

/* ---- Boundaries ---- */

struct page {
    uint64_t vaddr;
    enum dd_page_size size;
};

/* [SDM 1] 3.3.7.1: the halves end at 7FFF_FFFF_FFFF and start again at FFFF_8000_0000_0000. */
static const struct page edges[] = {
    {0, DD_PAGE_4K},
    {0x00007FFFFFFFF000, DD_PAGE_4K},
    {0xFFFF800000000000, DD_PAGE_4K},
    {0xFFFFFFFFFFFFF000, DD_PAGE_4K},
    {0, DD_PAGE_2M},
    {0x00007FFFFFE00000, DD_PAGE_2M},
    {0xFFFF800000000000, DD_PAGE_2M},
    {0xFFFFFFFFFFE00000, DD_PAGE_2M},
    {0, DD_PAGE_1G},
    {0x00007FFFC0000000, DD_PAGE_1G},
    {0xFFFF800000000000, DD_PAGE_1G},
    {0xFFFFFFFFC0000000, DD_PAGE_1G},
};

START_TEST(pages_at_the_edges_of_the_address_space_can_be_mapped)
{
    uint64_t size = edges[_i].size;
    uint64_t last = edges[_i].vaddr + (size - 1);

    ck_assert_int_eq(map_page(edges[_i].vaddr, 4 * G, edges[_i].size, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, edges[_i].vaddr).physical, 4 * G);
    ck_assert_uint_eq(fake_translate(&space, last).physical, 4 * G + size - 1);
    ck_assert_uint_eq(fake_translate(&space, last).page_bytes, size);
    ck_assert_int_eq(map_page(edges[_i].vaddr, 4 * G, edges[_i].size, 0), DD_EEXIST);
}
END_TEST

START_TEST(a_range_may_end_at_the_top_of_either_half)
{
    ck_assert_int_eq(map_range(0xFFFFFFFFFFFFD000, 0, 3 * K, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, 0xFFFFFFFFFFFFFFFF).physical, 0x2FFF);
    ck_assert_int_eq(map_range(0x00007FFFFFFFD000, 0, 3 * K, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, 0x00007FFFFFFFFFFF).physical, 0x2FFF);
}
END_TEST

START_TEST(a_whole_half_can_be_one_range)
{
    fake.address_sizes = 0x3034; /* 52 bits */
    make_space();
    ck_assert_int_eq(map_range(0, 0, 256 * T, 0), DD_OK);
    ck_assert_int_eq(map_range(0xFFFF800000000000, 0, 256 * T, 0), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1 + 1 + 512);
    ck_assert_uint_eq(fake_translate(&space, 0x00007FFFFFFFFFFF).physical, 0x00007FFFFFFFFFFF);
    ck_assert_uint_eq(fake_translate(&space, 0xFFFFFFFFFFFFFFFF).physical, 0x00007FFFFFFFFFFF);
}
END_TEST

/* Its tables of 4-KByte pages would be 2^26 and more: they cannot be, and must not take long. */
START_TEST(a_whole_half_of_small_pages_is_too_much)
{
    fake.address_sizes = 0x3034; /* 52 bits */
    make_space();

    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_range(0, K, 256 * T, 0), DD_ENOMEM);
    ck_assert_int_eq(map_range(0xFFFF800000000000, K, 256 * T, 0), DD_ENOMEM);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

/* ---- Arguments ---- */

struct bad_page {
    uint64_t vaddr, paddr;
    unsigned int size, flags;
    enum dd_status status;
};

/* 46 bits of physical address: the first that does not exist is 0x4000_0000_0000. */
static const struct bad_page bad_pages[] = {
    {0x1000, 0x1000, 0, 0, DD_EARG},
    {0x1000, 0x1000, 0x2000, 0, DD_EARG},
    {0x1000, 0x1000, 0x400000, 0, DD_EARG},
    {0x1000, 0x1000, DD_PAGE_4K, 0x2000000, DD_EARG},
    {0x1000, 0x1000, DD_PAGE_4K, 1, DD_EARG},
    {0x1000, 0x1000, DD_PAGE_4K, DD_MAP_ENCRYPTED, DD_ENOTSUP},
    {0x1000, 0x1000, DD_PAGE_4K, 0x80000000, DD_EARG},
    {0x1001, 0x1000, DD_PAGE_4K, 0, DD_EALIGN},
    {0x1800, 0x1000, DD_PAGE_4K, 0, DD_EALIGN},
    {0x1000, 0x1800, DD_PAGE_4K, 0, DD_EALIGN},
    {0x1000, 0x0, DD_PAGE_2M, 0, DD_EALIGN},
    {0x100000, 0x0, DD_PAGE_2M, 0, DD_EALIGN},
    {0x0, 0x100000, DD_PAGE_2M, 0, DD_EALIGN},
    {0x0, 0x2000, DD_PAGE_2M, 0, DD_EALIGN},
    {0x20000000, 0x0, DD_PAGE_1G, 0, DD_EALIGN},
    {0x0, 0x20000000, DD_PAGE_1G, 0, DD_EALIGN},
    {0x0000800000000000, 0, DD_PAGE_4K, 0, DD_ECANONICAL},
    {0xFFFF7FFFFFFFF000, 0, DD_PAGE_4K, 0, DD_ECANONICAL},
    {0x0000800000000000, 0, DD_PAGE_1G, 0, DD_ECANONICAL},
    {0x0001000000000000, 0, DD_PAGE_4K, 0, DD_ECANONICAL},
    {0x8000000000000000, 0, DD_PAGE_4K, 0, DD_ECANONICAL},
    {0x1000, 0x0000400000000000, DD_PAGE_4K, 0, DD_EARG},
    {0x1000, 0x0010000000000000, DD_PAGE_4K, 0, DD_EARG},
    {0x1000, 0xFFFFFFFFFFFFF000, DD_PAGE_4K, 0, DD_EARG},
    {0x0, 0x0000400000000000, DD_PAGE_1G, 0, DD_EARG},
};

START_TEST(map_page_refuses_bad_arguments)
{
    const struct bad_page *bad = &bad_pages[_i];
    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_page(bad->vaddr, bad->paddr, (enum dd_page_size)bad->size, bad->flags),
                     bad->status);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

struct bad_range {
    uint64_t vaddr, paddr, length;
    unsigned int flags;
    enum dd_status status;
};

static const struct bad_range bad_ranges[] = {
    {0x1000, 0x1000, 0, 0, DD_EARG},
    {0x1000, 0x1000, 0x1000, 0x2000000, DD_EARG},
    {0x1000, 0x1000, 0x1001, 0, DD_EALIGN},
    {0x1000, 0x1000, 0x800, 0, DD_EALIGN},
    {0x1008, 0x1000, 0x1000, 0, DD_EALIGN},
    {0x1000, 0x2008, 0x1000, 0, DD_EALIGN},
    {0x0000800000000000, 0, 0x1000, 0, DD_ECANONICAL},
    {0xFFFF7FFFFFFFF000, 0, 0x2000, 0, DD_ECANONICAL},
    {0x00007FFFFFFFF000, 0, 0x2000, 0, DD_EWRAP},
    {0x00007FFFFFFFF000, 0, 0xFFFF000000002000, 0, DD_EWRAP},
    {0xFFFFFFFFFFFFF000, 0, 0x2000, 0, DD_EWRAP},
    {0xFFFF800000000000, 0, 0x0000800000001000, 0, DD_EWRAP},
    {0x1000, 0, 0xFFFFFFFFFFFFF000, 0, DD_EWRAP},
    {0x2000, 0, 0xFFFFFFFFFFFFF000, 0, DD_EWRAP},
    {0x0, 0x00003FFFFFFFF000, 0x2000, 0, DD_EARG},
    {0x0, 0x0000400000000000, 0x1000, 0, DD_EARG},
    {0x0, 0xFFFFFFFFFFFFF000, 0x2000, 0, DD_EARG},
};

START_TEST(map_range_refuses_bad_arguments)
{
    const struct bad_range *bad = &bad_ranges[_i];
    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_range(bad->vaddr, bad->paddr, bad->length, bad->flags), bad->status);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(the_last_physical_page_can_be_mapped)
{
    ck_assert_int_eq(map_page(0, 0x00003FFFFFFFF000, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_range(G, 0x00003FFFFFFFE000, 2 * K, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, 0xFFF).physical, 0x00003FFFFFFFFFFF);
}
END_TEST

/* What is wrong only with the flags or the physical address does not concern unmapping. */
static bool concerns_unmap(unsigned int flags, uint64_t paddr)
{
    return flags == 0 && paddr <= 0x1000;
}

START_TEST(unmap_and_protect_refuse_bad_ranges)
{
    const struct bad_range *bad = &bad_ranges[_i];
    dd_vaddr vaddr = dd_vaddr_from(bad->vaddr);

    if (concerns_unmap(bad->flags, bad->paddr)) {
        ck_assert_int_eq(unmap_range(vaddr.raw, bad->length), bad->status);
        ck_assert_int_eq(protect_range(vaddr.raw, bad->length, 0), bad->status);
    }
    ck_assert_int_eq(protect_range(vaddr.raw, bad->length, 0x2000000), DD_EARG);
}
END_TEST

START_TEST(unmap_and_protect_refuse_bad_pages)
{
    const struct bad_page *bad = &bad_pages[_i];
    enum dd_page_size size = (enum dd_page_size)bad->size;
    dd_vaddr vaddr = dd_vaddr_from(bad->vaddr);
    dd_paddr frame = dd_paddr_from(0x1234);

    if (concerns_unmap(bad->flags, bad->paddr)) {
        ck_assert_int_eq(unmap_page(vaddr.raw, size, &frame), bad->status);
        ck_assert_int_eq(protect_page(vaddr.raw, size, 0), bad->status);
    }
    ck_assert_int_eq(protect_page(vaddr.raw, size, 1), DD_EARG);
    ck_assert_uint_eq(frame.raw, 0x1234);
}
END_TEST

START_TEST(translate_refuses_addresses_that_are_not_canonical)
{
    struct dd_translation translation;

    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0x0000800000000000), &translation),
                     DD_ECANONICAL);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0xFFFF7FFFFFFFFFFF), &translation),
                     DD_ECANONICAL);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0x00007FFFFFFFFFFF), &translation),
                     DD_ENOTMAPPED);
}
END_TEST

START_TEST(pages_of_1g_need_a_processor_that_has_them)
{
    dd_paddr frame = dd_paddr_from(0);

    fake.features = 0;
    make_space();
    ck_assert_int_eq(map_page(G, G, DD_PAGE_1G, 0), DD_ENOTSUP);
    ck_assert_int_eq(unmap_page(G, DD_PAGE_1G, &frame), DD_ENOTSUP);
    ck_assert_int_eq(protect_page(G, DD_PAGE_1G, 0), DD_ENOTSUP);
    ck_assert_int_eq(map_range(G, G, G, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, G).page_bytes, M);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_range");
    TCase *boundaries = tcase_create("boundaries");
    TCase *bounded = tcase_create("bounded");
    TCase *arguments = tcase_create("arguments");

    tcase_add_checked_fixture(boundaries, setup, NULL);
    tcase_add_loop_test(boundaries, pages_at_the_edges_of_the_address_space_can_be_mapped, 0,
                        sizeof edges / sizeof edges[0]);
    tcase_add_test(boundaries, a_range_may_end_at_the_top_of_either_half);
    tcase_add_test(boundaries, a_whole_half_can_be_one_range);
    tcase_add_test(boundaries, the_last_physical_page_can_be_mapped);
    suite_add_tcase(suite, boundaries);

    tcase_add_checked_fixture(bounded, setup, NULL);
    tcase_set_timeout(bounded, 2);
    tcase_add_test(bounded, a_whole_half_of_small_pages_is_too_much);
    suite_add_tcase(suite, bounded);

    tcase_add_checked_fixture(arguments, setup, NULL);
    tcase_add_loop_test(arguments, map_page_refuses_bad_arguments, 0,
                        sizeof bad_pages / sizeof bad_pages[0]);
    tcase_add_loop_test(arguments, map_range_refuses_bad_arguments, 0,
                        sizeof bad_ranges / sizeof bad_ranges[0]);
    tcase_add_loop_test(arguments, unmap_and_protect_refuse_bad_ranges, 0,
                        sizeof bad_ranges / sizeof bad_ranges[0]);
    tcase_add_loop_test(arguments, unmap_and_protect_refuse_bad_pages, 0,
                        sizeof bad_pages / sizeof bad_pages[0]);
    tcase_add_test(arguments, translate_refuses_addresses_that_are_not_canonical);
    tcase_add_test(arguments, pages_of_1g_need_a_processor_that_has_them);
    suite_add_tcase(suite, arguments);
    return suite;
}
