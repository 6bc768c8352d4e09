/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging.c. */
#include "tests/unit/paging_case.h"

/* ---- Address spaces ---- */

START_TEST(a_new_space_is_empty)
{
    uint64_t *root = fake_frame(space.root);

    for (size_t i = 0; i < 512; i++) {
        ck_assert_uint_eq(root[i], 0);
    }
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert(space.format.no_execute && space.format.pages_1g);
    ck_assert_uint_eq(space.format.physical_width, 46);
}
END_TEST

START_TEST(create_without_a_frame_leaves_the_handle)
{
    space = (struct dd_address_space){.root = {0x1234}, .format = {.physical_width = 7}};
    fake.allocations_left = 0;
    ck_assert_int_eq(dd_paging_create(&space, &fake_memory), DD_ENOMEM);
    fake.hand_out_unreachable = true;
    ck_assert_int_eq(dd_paging_create(&space, &fake_memory), DD_EMALFORMED);
    ck_assert_uint_eq(space.root.raw, 0x1234);
    ck_assert_uint_eq(space.format.physical_width, 7);
    ck_assert(!space.format.no_execute && !space.format.pages_1g);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

/* [SDM 3A] table 4-12: PWT and PCD are bits 3 and 4; bits 61 and 62 are about masking. */
START_TEST(current_takes_the_root_and_nothing_else_from_cr3)
{
    fake.cr3 = 0x6000000012345FFF;
    dd_paging_current(&space, &fake_memory);
    ck_assert_uint_eq(space.root.raw, 0x12345000);
}
END_TEST

/* Bits 61 and 62 are not carried over from the address space before. */
START_TEST(activate_loads_cr3)
{
    fake.cr3 = 0x6000000012345018;
    dd_paging_activate(&space);
    ck_assert_uint_eq(fake.cr3, FAKE_MEMORY);
}
END_TEST

/* EFER.NXE is bit 11, [SDM 3A] 2.2.1; 1-GByte pages are CPUID.80000001H:EDX[26], 4.1.4. */
START_TEST(the_handle_says_what_the_processor_can)
{
    fake.efer = 0xF7FF;
    fake.features = 0xFBFFFFFF;
    fake.address_sizes = 0xFFFFFF24;
    dd_paging_current(&space, &fake_memory);
    ck_assert(!space.format.no_execute && !space.format.pages_1g);
    ck_assert_uint_eq(space.format.physical_width, 36);
    fake.efer = 0x0800;
    fake.features = 0x04000000;
    fake.address_sizes = 0x3935;
    dd_paging_current(&space, &fake_memory);
    ck_assert(space.format.no_execute && space.format.pages_1g);
    ck_assert_uint_eq(space.format.physical_width, 52);
    fake.extended_leaves = 0x80000007;
    dd_paging_current(&space, &fake_memory);
    ck_assert_uint_eq(space.format.physical_width, 36);
}
END_TEST

START_TEST(destroy_frees_the_root_and_the_tables_of_the_lower_half)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(G, 0, DD_PAGE_2M, 0), DD_OK);
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(map_page(255 * T, 0x1000, DD_PAGE_4K, DD_MAP_PAT), DD_OK);
    *fake_entry(&space, 2 * T, 4) = 0x3;      /* leads outside memory */
    *fake_entry(&space, 3 * T, 4) = 0x101002; /* not present */
    ck_assert_int_eq(map_page(U, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1 + 4 + 1 + 3 + 3);
    ck_assert_int_eq(dd_paging_destroy(&space, &pending), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1 + 4 + 1 + 3 + 3);
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 3);
}
END_TEST

/* A table has one place in what is pending, by however many entries it is referenced. */
START_TEST(destroy_frees_a_table_once_that_is_referenced_twice)
{
    uint64_t *entry = NULL;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1 + 3 + 3);
    entry = fake_entry(&space, 0, 4);
    entry[2] = entry[0]; /* 2 and 255: the tables of 0 again */
    entry[255] = entry[0];
    entry = fake_entry(&space, G, 3);
    entry[0] = *fake_entry(&space, T, 3);   /* one of T, which is of the same level */
    entry[510] = *fake_entry(&space, 0, 2); /* and one that is of another */
    ck_assert_int_eq(dd_paging_destroy(&space, &pending), DD_OK);
    ck_assert_uint_eq(pending.table_count, 1 + 3 + 3);
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 0);
}
END_TEST

/* What calls before have taken out is not met again, either. */
START_TEST(destroy_leaves_tables_that_are_pending_already)
{
    uint64_t *root = fake_frame(space.root);
    uint64_t entry = 0;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    entry = root[0];
    ck_assert_int_eq(dd_paging_unmap_page(&space, dd_vaddr_from(0), DD_PAGE_4K, &pending, NULL),
                     DD_OK);
    root[7] = entry;
    ck_assert_int_eq(dd_paging_destroy(&space, &pending), DD_OK);
    ck_assert_uint_eq(pending.table_count, 4);
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 0);
}
END_TEST

START_TEST(destroy_of_an_unreachable_root_does_nothing)
{
    space.root = dd_paddr_from(0);
    ck_assert_int_eq(settle(dd_paging_destroy(&space, &pending)), DD_EMALFORMED);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

/* ---- Translation ---- */

START_TEST(translate_gives_the_very_byte)
{
    static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};
    uint64_t last = (uint64_t)sizes[_i] - 1;
    struct dd_translation translation;

    /* PAT is bit 12 of a large page's entry and no part of its address. */
    ck_assert_int_eq(map_page(U + 5 * G, 7 * G, sizes[_i], DD_MAP_PAT), DD_OK);
    for (uint64_t offset = 0; offset <= last; offset = offset * 2 + 1) {
        ck_assert_int_eq(
            dd_paging_translate(&space, dd_vaddr_from(U + 5 * G + offset), &translation), DD_OK);
        ck_assert_uint_eq(translation.address.raw, 7 * G + offset);
        ck_assert_uint_eq(translation.size, sizes[_i]);
        ck_assert_uint_eq(translation.flags, DD_MAP_PAT);
    }
    ck_assert_uint_eq(translation.address.raw, 7 * G + last);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(U + 5 * G + last + 1), &translation),
                     DD_ENOTMAPPED);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(U + 5 * G - 1), &translation),
                     DD_ENOTMAPPED);
    ck_assert_uint_eq(translation.address.raw, 7 * G + last);
}
END_TEST

START_TEST(an_entry_not_present_but_not_zero_translates_to_nothing)
{
    struct dd_translation translation;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
    *fake_entry(&space, 0, (unsigned)_i) &= ~UINT64_C(1);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_ENOTMAPPED);
}
END_TEST

/* [SDM 3A] 4.6.1: R/W and U/S must be 1, XD 0, in every entry of the path. */
START_TEST(a_right_withheld_at_any_level_is_not_effective)
{
    struct dd_translation translation;
    uint64_t *entry = NULL;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
    entry = fake_entry(&space, 0, (unsigned)_i);
    *entry &= ~UINT64_C(2);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_OK);
    ck_assert_uint_eq(translation.flags, DD_MAP_USER | DD_MAP_EXECUTE);
    *entry = (*entry | 2) & ~UINT64_C(4);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_OK);
    ck_assert_uint_eq(translation.flags, DD_MAP_WRITE | DD_MAP_EXECUTE);
    *entry |= 0x8000000000000004;
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_OK);
    ck_assert_uint_eq(translation.flags, DD_MAP_WRITE | DD_MAP_USER);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging");
    TCase *spaces = tcase_create("spaces");
    TCase *translation = tcase_create("translation");

    tcase_add_checked_fixture(spaces, setup, NULL);
    tcase_add_test(spaces, a_new_space_is_empty);
    tcase_add_test(spaces, create_without_a_frame_leaves_the_handle);
    tcase_add_test(spaces, current_takes_the_root_and_nothing_else_from_cr3);
    tcase_add_test(spaces, activate_loads_cr3);
    tcase_add_test(spaces, the_handle_says_what_the_processor_can);
    tcase_add_test(spaces, destroy_frees_the_root_and_the_tables_of_the_lower_half);
    tcase_add_test(spaces, destroy_frees_a_table_once_that_is_referenced_twice);
    tcase_add_test(spaces, destroy_leaves_tables_that_are_pending_already);
    tcase_add_test(spaces, destroy_of_an_unreachable_root_does_nothing);
    suite_add_tcase(suite, spaces);

    tcase_add_checked_fixture(translation, setup, NULL);
    tcase_add_loop_test(translation, translate_gives_the_very_byte, 0, 3);
    tcase_add_loop_test(translation, an_entry_not_present_but_not_zero_translates_to_nothing, 1, 5);
    tcase_add_loop_test(translation, a_right_withheld_at_any_level_is_not_effective, 1, 5);
    suite_add_tcase(suite, translation);
    return suite;
}
