/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of page tables in all modes: 5 levels, the window, the recursive slot, zeroed frames,
 * the encryption bit, entries of software, the cursor, and the halves of a root.
 */
#include <sys/mman.h>

#include "drydock/paging_cursor.h"
#include "drydock/paging_recursive.h"
#include "tests/unit/paging_case.h"

#define T5 UINT64_C(0x1000000000000)    /* a PML5 entry: 256 TiB */
#define U5 UINT64_C(0xFF00000000000000) /* the upper half with 57 bits */

/* ---- 5 levels. CR4.LA57 is bit 12. [SDM 3A] 4.5, [SDM 1] 3.3.7.1 ---- */

static void setup_5(void)
{
    fake_reset();
    fake.cr4 = 0x10A0;
    make_space();
}

static const uint64_t edges_5[] = {0,  0x00007FFFFFFFF000, 0x0000800000000000, 0x00FFFFFFFFFFF000,
                                   U5, 0xFFFF7FFFFFFFF000, 0xFFFFFFFFFFFFF000};

START_TEST(five_levels_take_57_bits)
{
    dd_paddr frame = {0};

    ck_assert_uint_eq(space.format.levels, 5);
    ck_assert_int_eq(map_page(edges_5[_i], 0x5000, DD_PAGE_4K, 0), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 5);
    ck_assert_uint_eq(fake_access(&space, edges_5[_i] + 0xFFF).physical, 0x5FFF);
    ck_assert_int_eq(unmap_page(edges_5[_i], DD_PAGE_4K, &frame), DD_OK);
    ck_assert_uint_eq(frame.raw, 0x5000);
    ck_assert_uint_eq(fake.frames_in_use, edges_5[_i] < U5 ? 1 : 2);
}
END_TEST

START_TEST(the_hole_of_57_bits_is_refused)
{
    static const uint64_t holes[] = {0x0100000000000000, 0xFEFFFFFFFFFFF000, 0x8000000000000000};

    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(map_page(holes[i], 0, DD_PAGE_4K, 0), DD_ECANONICAL);
    }
    ck_assert_int_eq(map_range(0x00FFFFFFFFFFF000, 0, 2 * K, 0), DD_EWRAP);
    ck_assert_int_eq(map_range(0x00007FFFFFFFF000, 0, 2 * K, 0), DD_OK);
}
END_TEST

START_TEST(ranges_cross_a_pml5_boundary)
{
    ck_assert_int_eq(map_range(T5 - M - K, 3 * K, 2 * M + 2 * K, DD_MAP_RIGHTS), DD_OK);
    ck_assert_uint_eq(fake_translate(&space, T5 + M).physical, 2 * M + 4 * K);
    ck_assert_int_eq(protect_range(T5 - M - K, 2 * M + 2 * K, 0), DD_OK);
    ck_assert(!fake_translate(&space, T5).write);
    ck_assert_int_eq(unmap_range(T5 - M - K, 2 * M + 2 * K), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

/* [SDM 3A] table 4-14: PS is reserved. */
START_TEST(ps_in_a_pml5e_is_malformed)
{
    struct dd_translation translation;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 0, 5) |= 0x80;
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_EMALFORMED);
    ck_assert_uint_eq(error.level, 5);
    ck_assert_int_eq(map_page(K, 0, DD_PAGE_4K, 0), DD_EMALFORMED);
}
END_TEST

/* ---- Memory ---- */

START_TEST(a_window_gives_the_same_tables_as_a_function)
{
    struct dd_paging_memory window = fake_window();
    uint64_t sums[2] = {0};

    for (int i = 0; i < 2; i++) {
        fake_reset();
        fake.frames_zeroed = _i != 0;
        window.frames = _i != 0 ? DD_PAGING_FRAMES_ZEROED : DD_PAGING_FRAMES_UNDEFINED;
        ck_assert_int_eq(dd_paging_create(&space, i == 0 ? &fake_memory : &window), DD_OK);
        space.error = &error;
        ck_assert_int_eq(map_page(5 * K, 7 * K, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
        ck_assert_int_eq(map_page(6 * K, 9 * K, DD_PAGE_4K, 0), DD_OK);
        ck_assert_int_eq(map_page(6 * K, 9 * K, DD_PAGE_4K, 0), DD_EEXIST);
        ck_assert_int_eq(map_range(G - 3 * K, K, 2 * M, DD_MAP_WRITE), DD_OK);
        ck_assert_int_eq(map_range(2 * G, 4 * G, G + M + K, 0), DD_OK);
        ck_assert_int_eq(unmap_range(G - K, 2 * K), DD_OK);
        sums[i] = fake_checksum();
    }
    ck_assert_uint_eq(sums[0], sums[1]);
}
END_TEST

START_TEST(a_table_outside_the_window_is_malformed)
{
    struct dd_paging_memory window = fake_window();
    struct dd_translation translation;

    fake_reset();
    ck_assert_int_eq(dd_paging_create(&space, &window), DD_OK);
    space.error = &error;
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 0, 2) = window.window_bytes | 0x7;
    ck_assert_int_eq(map_page(K, 0, DD_PAGE_4K, 0), DD_EMALFORMED);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_EMALFORMED);
    ck_assert_uint_eq(error.level, 2);
}
END_TEST

START_TEST(a_function_is_called_once_a_table_not_once_a_page)
{
    ck_assert_int_eq(map_range(0, K, 8 * M, 0), DD_OK);
    fake.pointer_calls = 0;
    ck_assert_int_eq(protect_range(0, 8 * M, DD_MAP_RIGHTS), DD_OK);
    ck_assert_uint_le(fake.pointer_calls, 24);
}
END_TEST

/* A table of the path is an entry of its own ancestor: by the root's entry, or further down. */
START_TEST(a_table_that_is_its_own_ancestor_is_eloop)
{
    struct dd_translation translation;
    dd_paddr frame = {0};
    uint64_t before = 0;

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 0, (unsigned)_i) = *fake_entry(&space, 0, 4) & ~UINT64_C(0x60);
    if (_i == 4) {
        *fake_entry(&space, 0, 4) = space.root.raw | 0x7;
    }
    before = fake_checksum();
    ck_assert_int_eq(map_page(5 * G + K, 0, DD_PAGE_4K, 0), _i == 4 ? DD_ELOOP : DD_OK);
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_ELOOP);
    ck_assert_int_eq(map_range(0, 0, 2 * K, 0), DD_ELOOP);
    ck_assert_int_eq(unmap_page(0, DD_PAGE_4K, &frame), DD_ELOOP);
    ck_assert_int_eq(unmap_range(0, 2 * K), DD_ELOOP);
    ck_assert_int_eq(protect_range(0, 2 * K, 0), DD_ELOOP);
    ck_assert(_i != 4 || fake_checksum() == before);
    /* Reading goes on, as the processor does. */
    (void)!dd_paging_translate(&space, dd_vaddr_from(0), &translation);
    ck_assert_int_eq(settle(dd_paging_destroy(&space, &pending)), DD_OK);
}
END_TEST

/* The same through a window, where there is a quicker way. */
START_TEST(a_root_that_is_its_own_table_is_eloop_through_a_window)
{
    struct dd_paging_memory window = fake_window();
    uint64_t before = 0;

    fake_reset();
    ck_assert_int_eq(dd_paging_create(&space, &window), DD_OK);
    space.error = &error;
    *fake_entry(&space, 0, 4) = space.root.raw | 0x7;
    before = fake_checksum();
    ck_assert_int_eq(map_page(5 * T / 512, 0, DD_PAGE_4K, 0), DD_ELOOP);
    ck_assert_uint_eq(error.level, 4);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

/* ---- The recursive slot: addresses. [SDM 3A] 4.5.4 ---- */

/* Slot 510, address with the indices 259, 5, 7, 9 (and 3 at level 5). */
START_TEST(a_recursive_slot_shows_tables_at_addresses_of_their_own)
{
    dd_vaddr vaddr = dd_vaddr_from(0xFFFF818140E09000);
    dd_vaddr vaddr_5 = dd_vaddr_from(0x0003818140E09000);
    static const uint64_t shown[] = {0, 0xFFFFFF40C0A07000, 0xFFFFFF7FA0605000, 0xFFFFFF7FBFD03000,
                                     0xFFFFFF7FBFDFE000};
    static const uint64_t shown_5[] = {0,
                                       0xFFFE01C0C0A07000,
                                       0xFFFEFF00E0605000,
                                       0xFFFEFF7F80703000,
                                       0xFFFEFF7FBFC03000,
                                       0xFFFEFF7FBFDFE000};

    for (unsigned int level = 1; level <= 4; level++) {
        ck_assert_uint_eq(
            dd_paging_recursive_address(510, 4, (struct dd_paging_place){level, vaddr}).raw,
            shown[level]);
    }
    for (unsigned int level = 1; level <= 5; level++) {
        ck_assert_uint_eq(
            dd_paging_recursive_address(510, 5, (struct dd_paging_place){level, vaddr_5}).raw,
            shown_5[level]);
    }
    ck_assert_uint_eq(dd_paging_recursive_address(1, 4, (struct dd_paging_place){4, vaddr}).raw,
                      0x0000008040201000);
}
END_TEST

/* Another processor may have turned the scratch page since, and back: the entry says nothing. */
START_TEST(the_scratch_page_is_invalidated_each_time)
{
    struct dd_paging_recursive recursive = {64, 4, {0x1000}, {0x0000300000005000}};
    dd_vaddr shown = dd_paging_recursive_address(recursive.slot, recursive.levels,
                                                 (struct dd_paging_place){1, recursive.scratch});
    uint64_t *table = mmap(dd_vaddr_pointer(shown), 4096, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    ck_assert_ptr_eq(table, dd_vaddr_pointer(shown));
    for (size_t i = 1; i <= 3; i++) {
        ck_assert_ptr_eq(dd_paging_recursive_pointer(&recursive, dd_paddr_from(7 * K),
                                                     (struct dd_paging_place){0, {0}}),
                         dd_vaddr_pointer(recursive.scratch));
        ck_assert_uint_eq(table[5], 0x7063); /* P, R/W, A, D */
        ck_assert_uint_eq(fake_count_invlpg(), i);
        ck_assert_uint_eq(fake.events[i - 1].address, 0x0000300000005000);
    }
    ck_assert_int_eq(munmap(table, 4096), 0);
}
END_TEST

/* ---- The encryption bit ---- */

/* [AMD64 v2] 7.10.2: the C-bit; of a trust domain the bit says the contrary. */
START_TEST(the_encryption_bit_is_no_address)
{
    struct dd_translation translation;
    struct dd_paging_change change = {DD_MAP_ENCRYPTED, 0};
    bool is_set = _i == 0;

    ck_assert_int_eq(
        dd_paging_set_encryption(&space, is_set ? DD_ENCRYPTION_SET : DD_ENCRYPTION_CLEARED, 45),
        DD_OK);
    ck_assert_int_eq(map_page(0, 5 * K, DD_PAGE_4K, DD_MAP_ENCRYPTED | DD_MAP_EXECUTE), DD_OK);
    ck_assert_int_eq(map_page(M, M, DD_PAGE_2M, DD_MAP_EXECUTE), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 1), 0x5001 | (is_set ? UINT64_C(1) << 45 : 0));
    ck_assert_uint_eq(*fake_entry(&space, M, 2), 0x200081 | (is_set ? 0 : UINT64_C(1) << 45));
    ck_assert_uint_eq(*fake_entry(&space, 0, 2) >> 45 & 1, is_set ? 1 : 0);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0x123), &translation), DD_OK);
    ck_assert_uint_eq(translation.address.raw, 0x5123);
    ck_assert_uint_eq(translation.flags, DD_MAP_ENCRYPTED | DD_MAP_EXECUTE);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(M), &translation), DD_OK);
    ck_assert_uint_eq(translation.flags, DD_MAP_EXECUTE);
    ck_assert_int_eq(
        settle(dd_paging_protect_page(&space, dd_vaddr_from(0), DD_PAGE_4K, change, &pending)),
        DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 1), 0x5001 | (is_set ? 0 : UINT64_C(1) << 45));
    ck_assert_int_eq(map_page(K, UINT64_C(1) << 45, DD_PAGE_4K, 0), DD_EARG);
    dd_paging_activate(&space);
    ck_assert_uint_eq(fake.cr3, space.root.raw | (is_set ? UINT64_C(1) << 45 : 0));
}
END_TEST

START_TEST(an_encryption_bit_that_cannot_be_is_refused)
{
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_SET, 11), DD_EARG);
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_SET, 52), DD_EARG);
    ck_assert_int_eq(dd_paging_set_encryption(&space, (enum dd_encryption)3, 40), DD_EARG);
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_CLEARED, 20), DD_EARG);
    ck_assert_int_eq(space.format.encryption, DD_ENCRYPTION_NONE);
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, DD_MAP_ENCRYPTED), DD_ENOTSUP);
}
END_TEST

/* [AMD64 v2] 7.10.2, 15.34.6: the address in CR3 has the C-bit, and RAM is not where it says. */
START_TEST(the_c_bit_of_the_root_in_cr3_is_no_address)
{
    dd_paddr root = space.root;

    fake.cr3 = root.raw | UINT64_C(1) << 47;
    dd_paging_current(&space, &fake_memory);
    ck_assert_int_eq(map_page(0, 5 * K, DD_PAGE_4K, 0), DD_EMALFORMED);
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_CLEARED, 47), DD_EARG);
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_SET, 47), DD_OK);
    ck_assert_uint_eq(space.root.raw, root.raw);
    ck_assert_int_eq(map_page(0, 5 * K, DD_PAGE_4K, DD_MAP_ENCRYPTED), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 1) >> 47 & 1, 1);
    dd_paging_activate(&space);
    ck_assert_uint_eq(fake.cr3, root.raw | UINT64_C(1) << 47);
}
END_TEST

/* Beyond MAXPHYADDR, 46 here, every bit but the encryption bit is still reserved. */
START_TEST(a_c_bit_beyond_the_physical_width_is_not_reserved)
{
    struct dd_translation translation;

    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_SET, 51), DD_OK);
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, DD_MAP_ENCRYPTED), DD_OK);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_OK);
    *fake_entry(&space, 0, 1) |= UINT64_C(1) << 50;
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0), &translation), DD_EMALFORMED);
}
END_TEST

/* ---- Entries of software ---- */

START_TEST(an_entry_of_software_is_kept_queried_and_cleared)
{
    struct dd_paging_entry entry;
    dd_vaddr page = dd_vaddr_from(7 * K);
    dd_paddr frame = {0};

    ck_assert_int_eq(map_page(7 * K, 9 * K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    fake_access(&space, 7 * K);
    ck_assert_int_eq(
        settle(dd_paging_set_software(&space, page, DD_PAGE_4K, 0xABCDEF0123456788, &pending)),
        DD_OK);
    ck_assert(!fake_access(&space, 7 * K).present);
    ck_assert_int_eq(dd_paging_query(&space, page, &entry), DD_OK);
    ck_assert_int_eq(entry.state, DD_PAGING_SOFTWARE);
    ck_assert_uint_eq(entry.raw, 0xABCDEF0123456788);
    ck_assert_uint_eq(entry.level, 1);
    ck_assert_int_eq(unmap_page(7 * K, DD_PAGE_4K, &frame), DD_ENOTMAPPED);
    ck_assert_int_eq(map_page(7 * K, 0, DD_PAGE_4K, 0), DD_EEXIST);
    ck_assert_int_eq(settle(dd_paging_clear(&space, page, DD_PAGE_4K, &pending, &entry)), DD_OK);
    ck_assert_uint_eq(entry.raw, 0xABCDEF0123456788);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert_int_eq(settle(dd_paging_clear(&space, page, DD_PAGE_4K, &pending, &entry)),
                     DD_ENOTMAPPED);
}
END_TEST

START_TEST(an_entry_of_software_cannot_be_present_or_zero)
{
    dd_vaddr page = dd_vaddr_from(0);

    ck_assert_int_eq(dd_paging_set_software(&space, page, DD_PAGE_4K, 0, &pending), DD_EARG);
    ck_assert_int_eq(dd_paging_set_software(&space, page, DD_PAGE_4K, 3, &pending), DD_EARG);
    ck_assert_int_eq(settle(dd_paging_set_software(&space, page, DD_PAGE_2M, 2, &pending)), DD_OK);
    ck_assert_int_eq(dd_paging_set_software(&space, page, DD_PAGE_4K, 2, &pending), DD_EPAGESIZE);
    ck_assert_int_eq(dd_paging_clear(&space, page, DD_PAGE_4K, &pending, NULL), DD_EPAGESIZE);
    ck_assert_uint_eq(fake.frames_in_use, 3);
}
END_TEST

START_TEST(clear_range_takes_whatever_there_is)
{
    ck_assert_int_eq(map_range(0, K, 3 * M, 0), DD_OK);
    ck_assert_int_eq(unmap_range(5 * K, M), DD_OK);
    *fake_entry(&space, 0, 1) = 0x1234568;
    ck_assert_int_eq(
        settle(dd_paging_clear_range(&space, dd_vaddr_from(0), G, DD_PARTLY_REFUSE, &pending)),
        DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

START_TEST(reclaim_takes_out_empty_tables_and_no_others)
{
    ck_assert_int_eq(map_range(0, K, 3 * M, 0), DD_OK);
    for (uint64_t at = M; at < 2 * M; at += K) {
        *fake_entry(&space, at, 1) = 0;
    }
    fake_access(&space, 0);
    ck_assert_int_eq(settle(dd_paging_reclaim(&space, dd_vaddr_from(0), G, &pending)), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 5);
    ck_assert_uint_eq(*fake_entry(&space, M, 2), 0);
    ck_assert(fake_translate(&space, 0).present && fake_translate(&space, 2 * M).present);
}
END_TEST

/* ---- Flags with names ---- */

START_TEST(only_what_is_in_the_mask_is_replaced)
{
    struct dd_paging_change change = {DD_MAP_KEY_ALL | DD_MAP_DIRTY, DD_MAP_KEY(9) | DD_MAP_WRITE};

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K,
                              DD_MAP_EXECUTE | DD_MAP_DIRTY | DD_MAP_ACCESSED | DD_MAP_KEY(6) |
                                  DD_MAP_SOFTWARE(0x2A5)),
                     DD_OK);
    /* Bits 62:59 key, 58:52 and 11:9 software, 6 dirty, 5 accessed. [SDM 3A] table 4-20 */
    ck_assert_uint_eq(*fake_entry(&space, 0, 1), 0x3540000000000A61);
    ck_assert_int_eq(
        settle(dd_paging_protect_page(&space, dd_vaddr_from(0), DD_PAGE_4K, change, &pending)),
        DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0, 1), 0x4D40000000000A21);
}
END_TEST

/* [SDM 3A] tables 12-10 to 12-12. */
START_TEST(memory_types_are_named_by_the_pat)
{
    static const char *const names[] = {"WB", "WT", "UC-", "UC", "WB", "WT", "UC-", "UC"};
    uint64_t pat = 0x0007040600070406;
    unsigned int flags = 0x7F;

    ck_assert_uint_eq(DD_CACHE_PAT_RESET, pat);
    for (unsigned int i = 0; i < 8; i++) {
        ck_assert_str_eq(
            dd_cache_type_name(dd_cache_type_of(pat, DD_MAP_CACHE(i) | ~DD_MAP_CACHE_ALL)),
            names[i]);
    }
    ck_assert_int_eq(dd_cache_flags(pat, DD_CACHE_WRITE_COMBINING, &flags), DD_ENOENT);
    ck_assert_uint_eq(flags, 0x7F);
    ck_assert_int_eq(dd_cache_flags(0x0007010600070406, DD_CACHE_WRITE_COMBINING, &flags), DD_OK);
    ck_assert_uint_eq(flags, DD_MAP_PAT | DD_MAP_WRITE_THROUGH);
    ck_assert_int_eq(dd_cache_flags(pat, DD_CACHE_UNCACHEABLE, &flags), DD_OK);
    ck_assert_uint_eq(flags, DD_MAP_UNCACHED | DD_MAP_WRITE_THROUGH);
    ck_assert_str_eq(dd_cache_type_name((enum dd_cache_type)2), "reserved");
    ck_assert_str_eq(dd_cache_type_name((enum dd_cache_type)9), "reserved");
}
END_TEST

/* ---- The cursor ---- */

START_TEST(a_cursor_maps_what_single_calls_map)
{
    struct dd_paging_cursor cursor;
    uint64_t sums[2] = {0};

    for (int i = 0; i < 2; i++) {
        fake_reset();
        make_space();
        dd_paging_cursor_init(&cursor, &space);
        for (uint64_t page = 0; page < 1200; page++) {
            dd_vaddr vaddr = dd_vaddr_from(M - 7 * K + page * K);
            dd_paddr paddr = dd_paddr_from(5 * G + page * 3 * K);
            unsigned int flags = page / 100 % 2 == 0 ? DD_MAP_WRITE : DD_MAP_USER;

            ck_assert_int_eq(i == 0 ? dd_paging_cursor_map(&cursor, vaddr, paddr, flags)
                                    : map_page(vaddr.raw, paddr.raw, DD_PAGE_4K, flags),
                             DD_OK);
        }
        sums[i] = fake_checksum();
    }
    ck_assert_uint_eq(sums[0], sums[1]);
}
END_TEST

START_TEST(a_cursor_refuses_what_a_single_call_refuses)
{
    struct dd_paging_cursor cursor;
    dd_vaddr next = dd_vaddr_from(K);
    uint64_t before = 0;

    dd_paging_cursor_init(&cursor, &space);
    ck_assert_int_eq(
        dd_paging_cursor_map(&cursor, dd_vaddr_from(0), dd_paddr_from(0), DD_MAP_RIGHTS), DD_OK);
    before = fake_checksum();
    ck_assert_int_eq(
        dd_paging_cursor_map(&cursor, dd_vaddr_from(0), dd_paddr_from(0), DD_MAP_RIGHTS),
        DD_EEXIST);
    ck_assert_int_eq(dd_paging_cursor_map(&cursor, next, dd_paddr_from(0x800), DD_MAP_RIGHTS),
                     DD_EALIGN);
    ck_assert_int_eq(
        dd_paging_cursor_map(&cursor, dd_vaddr_from(K + 8), dd_paddr_from(0), DD_MAP_RIGHTS),
        DD_EALIGN);
    ck_assert_int_eq(
        dd_paging_cursor_map(&cursor, next, dd_paddr_from(UINT64_C(1) << 46), DD_MAP_RIGHTS),
        DD_EARG);
    ck_assert_int_eq(dd_paging_cursor_map(&cursor, next, dd_paddr_from(0), 0x1000007), DD_EARG);
    ck_assert_int_eq(
        dd_paging_cursor_map(&cursor, dd_vaddr_from(U - K), dd_paddr_from(0), DD_MAP_RIGHTS),
        DD_ECANONICAL);
    *fake_entry(&space, 0, 2) &= ~UINT64_C(2);
    ck_assert_int_eq(dd_paging_cursor_map(&cursor, next, dd_paddr_from(0), DD_MAP_WRITE),
                     DD_ENOTSUP);
    *fake_entry(&space, 0, 2) |= 2;
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

/* ---- Many ---- */

START_TEST(many_translations_are_those_of_single_calls)
{
    dd_vaddr vaddrs[37];
    struct dd_translation_result results[37];

    ck_assert_int_eq(map_range(G - 3 * K, K, M, DD_MAP_RIGHTS), DD_OK);
    ck_assert_int_eq(map_range(4 * G, 4 * G, 2 * G + M, DD_MAP_WRITE), DD_OK);
    *fake_entry(&space, G + K, 1) |= UINT64_C(1) << 47;
    *fake_entry(&space, 9 * T, 4) = 0x7;
    for (uint64_t i = 0; i < 37; i++) {
        vaddrs[i] = dd_vaddr_from(i < 12 ? G - 5 * K + i * K + i : 3 * G + i * (G / 8) + i);
    }
    vaddrs[20] = dd_vaddr_from(UINT64_C(1) << 47);
    vaddrs[21] = dd_vaddr_from(9 * T);
    dd_paging_prefetch(&space, vaddrs, 37);
    dd_paging_translate_many(&space, vaddrs, 37, results);
    for (size_t i = 0; i < 37; i++) {
        struct dd_translation one = {0};

        ck_assert_int_eq(results[i].status, dd_paging_translate(&space, vaddrs[i], &one));
        if (results[i].status == DD_OK) {
            ck_assert_uint_eq(results[i].translation.address.raw, one.address.raw);
            ck_assert_uint_eq(results[i].translation.size, one.size);
            ck_assert_uint_eq(results[i].translation.flags, one.flags);
        }
    }
    ck_assert_int_eq(results[20].status, DD_ECANONICAL);
    ck_assert_int_eq(results[21].status, DD_EMALFORMED);
}
END_TEST

/* ---- The halves of a root ---- */

START_TEST(a_prepared_upper_half_is_shared_for_good)
{
    struct dd_address_space other;

    ck_assert_int_eq(map_page(U + 3 * T, 0, DD_PAGE_4K, 0), DD_OK);
    fake.allocations_left = 100;
    ck_assert_int_eq(dd_paging_prepare_upper(&space), DD_ENOMEM);
    ck_assert_uint_eq(fake.frames_in_use, 4);
    fake.allocations_left = UINT32_MAX;
    ck_assert_int_eq(dd_paging_prepare_upper(&space), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 4 + 255);
    ck_assert_int_eq(dd_paging_create(&other, &fake_memory), DD_OK);
    ck_assert_int_eq(dd_paging_share_upper(&other, &space), DD_OK);
    ck_assert_int_eq(map_page(U + 9 * T, 5 * K, DD_PAGE_4K, 0), DD_OK);
    ck_assert_uint_eq(fake_translate(&other, U + 9 * T).physical, 5 * K);
    ck_assert_int_eq(dd_paging_share_upper(&other, &space), DD_OK);
    ck_assert_int_eq(dd_paging_share_upper(&other, &other), DD_EARG);
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert(!fake_translate(&other, 0).present);
    ck_assert_int_eq(settle(dd_paging_destroy(&other, &pending)), DD_OK);
    ck_assert(fake_translate(&space, U + 9 * T).present);
}
END_TEST

/* Not only a present entry is in the way: what a kernel keeps in one would be lost or not shared. */
START_TEST(an_entry_of_software_in_the_upper_half_is_not_overwritten)
{
    uint64_t before = 0;

    *fake_entry(&space, U + 200 * T, 4) = 0x123456788;
    before = fake_checksum();
    ck_assert_int_eq(dd_paging_prepare_upper(&space), DD_EEXIST);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert_int_eq(error.status, DD_EEXIST);
    ck_assert_uint_eq(error.level, 4);
    ck_assert_uint_eq(error.vaddr.raw, U + 200 * T);
    ck_assert_uint_eq(error.entry, 0x123456788);
    *fake_entry(&space, U + 200 * T, 4) = 0;
    ck_assert_int_eq(dd_paging_prepare_upper(&space), DD_OK);
}
END_TEST

START_TEST(another_upper_half_is_not_overwritten)
{
    struct dd_address_space other;
    uint64_t before = 0;

    ck_assert_int_eq(dd_paging_create(&other, &fake_memory), DD_OK);
    ck_assert_int_eq(map_page(U, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(U + T, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&other, U + T, 4) = 0x77007;
    before = fake_checksum();
    ck_assert_int_eq(dd_paging_share_upper(&other, &space), DD_EEXIST);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

/* Entry 511 references the root of its own address space in each of them. */
START_TEST(a_recursive_slot_is_not_shared_but_made_anew)
{
    struct dd_address_space other;

    *fake_entry(&space, U + 255 * T, 4) = space.root.raw | 0x3;
    ck_assert_int_eq(dd_paging_create(&other, &fake_memory), DD_OK);
    ck_assert_int_eq(dd_paging_share_upper(&other, &space), DD_OK);
    ck_assert_uint_eq(*fake_entry(&other, U + 255 * T, 4) & ~UINT64_C(0xFFF), other.root.raw);
    ck_assert_int_eq(map_page(0xFFFFFFFFFFFFF000, 0, DD_PAGE_4K, 0), DD_ELOOP);
    ck_assert_int_eq(unmap_range(0xFFFFFFFFFFFFF000, K), DD_ELOOP);
}
END_TEST

static void add_mode_cases(Suite *suite)
{
    TCase *five = tcase_create("five levels");
    TCase *memory = tcase_create("memory");
    TCase *encryption = tcase_create("encryption");

    tcase_add_checked_fixture(five, setup_5, NULL);
    tcase_add_loop_test(five, five_levels_take_57_bits, 0, sizeof edges_5 / sizeof edges_5[0]);
    tcase_add_test(five, the_hole_of_57_bits_is_refused);
    tcase_add_test(five, ranges_cross_a_pml5_boundary);
    tcase_add_test(five, ps_in_a_pml5e_is_malformed);
    suite_add_tcase(suite, five);
    tcase_add_checked_fixture(memory, setup, NULL);
    tcase_add_loop_test(memory, a_window_gives_the_same_tables_as_a_function, 0, 2);
    tcase_add_test(memory, a_table_outside_the_window_is_malformed);
    tcase_add_test(memory, a_function_is_called_once_a_table_not_once_a_page);
    tcase_add_loop_test(memory, a_table_that_is_its_own_ancestor_is_eloop, 2, 5);
    tcase_add_test(memory, a_root_that_is_its_own_table_is_eloop_through_a_window);
    tcase_add_test(memory, a_recursive_slot_shows_tables_at_addresses_of_their_own);
    tcase_add_test(memory, the_scratch_page_is_invalidated_each_time);
    suite_add_tcase(suite, memory);
    tcase_add_checked_fixture(encryption, setup, NULL);
    tcase_add_loop_test(encryption, the_encryption_bit_is_no_address, 0, 2);
    tcase_add_test(encryption, an_encryption_bit_that_cannot_be_is_refused);
    tcase_add_test(encryption, the_c_bit_of_the_root_in_cr3_is_no_address);
    tcase_add_test(encryption, a_c_bit_beyond_the_physical_width_is_not_reserved);
    suite_add_tcase(suite, encryption);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_modes");
    TCase *entries = tcase_create("entries");
    TCase *rows = tcase_create("rows");
    TCase *halves = tcase_create("halves");

    add_mode_cases(suite);
    tcase_add_checked_fixture(entries, setup, NULL);
    tcase_add_test(entries, an_entry_of_software_is_kept_queried_and_cleared);
    tcase_add_test(entries, an_entry_of_software_cannot_be_present_or_zero);
    tcase_add_test(entries, clear_range_takes_whatever_there_is);
    tcase_add_test(entries, reclaim_takes_out_empty_tables_and_no_others);
    tcase_add_test(entries, only_what_is_in_the_mask_is_replaced);
    tcase_add_test(entries, memory_types_are_named_by_the_pat);
    suite_add_tcase(suite, entries);
    tcase_add_checked_fixture(rows, setup, NULL);
    tcase_add_test(rows, a_cursor_maps_what_single_calls_map);
    tcase_add_test(rows, a_cursor_refuses_what_a_single_call_refuses);
    tcase_add_test(rows, many_translations_are_those_of_single_calls);
    suite_add_tcase(suite, rows);
    tcase_add_checked_fixture(halves, setup, NULL);
    tcase_add_test(halves, a_prepared_upper_half_is_shared_for_good);
    tcase_add_test(halves, an_entry_of_software_in_the_upper_half_is_not_overwritten);
    tcase_add_test(halves, another_upper_half_is_not_overwritten);
    tcase_add_test(halves, a_recursive_slot_is_not_shared_but_made_anew);
    suite_add_tcase(suite, halves);
    return suite;
}
