/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the bits that hal/src/paging/paging_map.c and paging_entry.h put into entries. */
#include "drydock/cr_regs.h"
#include "drydock/field.h"
#include "tests/unit/paging_case.h"

static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

/* The entry that mapping one page at an address made. */
static uint64_t entry_after_map(uint64_t vaddr, uint64_t paddr, enum dd_page_size size,
                                unsigned int flags)
{
    unsigned int level = size == DD_PAGE_4K ? 1 : size == DD_PAGE_2M ? 2 : 3;

    ck_assert_int_eq(
        dd_paging_map_page(&space, dd_vaddr_from(vaddr), dd_paddr_from(paddr), size, flags), DD_OK);
    return *fake_entry(&space, vaddr, level);
}

struct golden {
    unsigned int flags;
    uint64_t bits_4k, bits_2m, bits_1g; /* without the address */
};

/* [SDM 3A] tables 4-20, 4-18, 4-16. P is bit 0, PS bit 7 of large pages, XD bit 63. */
static const struct golden goldens[] = {
    {0, 0x8000000000000001, 0x8000000000000081, 0x8000000000000081},
    {DD_MAP_EXECUTE, 0x001, 0x081, 0x081},
    {DD_MAP_EXECUTE | DD_MAP_WRITE, 0x003, 0x083, 0x083},
    {DD_MAP_EXECUTE | DD_MAP_USER, 0x005, 0x085, 0x085},
    {DD_MAP_EXECUTE | DD_MAP_WRITE_THROUGH, 0x009, 0x089, 0x089},
    {DD_MAP_EXECUTE | DD_MAP_UNCACHED, 0x011, 0x091, 0x091},
    {DD_MAP_EXECUTE | DD_MAP_GLOBAL, 0x101, 0x181, 0x181},
    {DD_MAP_EXECUTE | DD_MAP_PAT, 0x081, 0x1081, 0x1081},
    {PAGING_FLAGS, 0x19F, 0x119F, 0x119F},
    {PAGING_FLAGS & ~(unsigned int)DD_MAP_EXECUTE, 0x800000000000019F, 0x800000000000119F,
     0x800000000000119F},
};

enum {
    GOLDENS = sizeof goldens / sizeof goldens[0]
};

START_TEST(a_4k_page_has_the_bits_of_table_4_20)
{
    const struct golden *golden = &goldens[_i];

    ck_assert_uint_eq(entry_after_map(0x7000, 0x12345678000, DD_PAGE_4K, golden->flags),
                      0x12345678000 | golden->bits_4k);
}
END_TEST

START_TEST(a_2m_page_has_the_bits_of_table_4_18)
{
    const struct golden *golden = &goldens[_i];

    ck_assert_uint_eq(entry_after_map(0x40200000, 0x12345600000, DD_PAGE_2M, golden->flags),
                      0x12345600000 | golden->bits_2m);
}
END_TEST

START_TEST(a_1g_page_has_the_bits_of_table_4_16)
{
    const struct golden *golden = &goldens[_i];

    ck_assert_uint_eq(entry_after_map(0x8000000000, 0x12340000000, DD_PAGE_1G, golden->flags),
                      0x12340000000 | golden->bits_1g);
}
END_TEST

/* The flags whose numbers have a bit set. */
static unsigned int combine(unsigned int numbers)
{
    static const unsigned int each[] = {DD_MAP_WRITE,  DD_MAP_USER,          DD_MAP_EXECUTE,
                                        DD_MAP_GLOBAL, DD_MAP_WRITE_THROUGH, DD_MAP_UNCACHED,
                                        DD_MAP_PAT};
    unsigned int flags = 0;

    for (unsigned int i = 0; i < sizeof each / sizeof each[0]; i++) {
        flags |= (numbers >> i & 1) != 0 ? each[i] : 0;
    }
    return flags;
}

START_TEST(translate_gives_back_every_combination_of_flags)
{
    dd_vaddr vaddr = dd_vaddr_from(7 * UINT64_C(0x40000000));
    struct dd_translation translation;
    dd_paddr frame = dd_paddr_from(0);

    for (unsigned int numbers = 0; numbers < 128; numbers++) {
        unsigned int flags = combine(numbers);

        ck_assert_int_eq(
            dd_paging_map_page(&space, vaddr, dd_paddr_from(0xC0000000), sizes[_i], flags), DD_OK);
        ck_assert_int_eq(dd_paging_translate(&space, vaddr, &translation), DD_OK);
        ck_assert_uint_eq(translation.flags, flags);
        ck_assert_uint_eq(translation.address.raw, 0xC0000000);
        ck_assert_uint_eq(translation.size, sizes[_i]);
        ck_assert_int_eq(unmap_page(vaddr.raw, sizes[_i], &frame), DD_OK);
    }
}
END_TEST

/* [SDM 3A] tables 4-15, 4-17, 4-19: P, R/W and U/S are bits 0 to 2; XD and all the rest are 0. */
START_TEST(tables_allow_everything_whatever_the_page_allows)
{
    uint64_t vaddr = 0xFFFF818140E09000; /* entries 259, 5, 7, 9 */

    entry_after_map(vaddr, 0x5000, DD_PAGE_4K, _i == 0 ? 0 : PAGING_FLAGS);
    for (unsigned int level = 2; level <= 4; level++) {
        uint64_t entry = *fake_entry(&space, vaddr, level);

        ck_assert_uint_eq(entry & ~UINT64_C(0x000FFFFFFFFFF000), 0x7);
        ck_assert_uint_ge(entry & 0x000FFFFFFFFFF000, FAKE_MEMORY);
    }
}
END_TEST

/* [SDM 3A] 4.5.4: bit 63 is reserved if EFER.NXE = 0. */
START_TEST(xd_is_never_set_while_nxe_is_off)
{
    struct dd_translation translation;

    fake.efer = 0x500;
    make_space();
    ck_assert_uint_eq(entry_after_map(0x7000, 0x5000, DD_PAGE_4K, DD_MAP_WRITE), 0x5003);
    ck_assert_uint_eq(entry_after_map(0x40000000, 0, DD_PAGE_2M, 0), 0x81);
    ck_assert_uint_eq(entry_after_map(0x80000000, 0, DD_PAGE_1G, 0), 0x81);
    ck_assert_int_eq(protect_page(0x7000, DD_PAGE_4K, DD_MAP_USER), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, 0x7000, 1), 0x5005);
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0x7000), &translation), DD_OK);
    ck_assert_uint_eq(translation.flags, DD_MAP_USER | DD_MAP_EXECUTE);
}
END_TEST

START_TEST(each_level_takes_its_own_nine_bits_of_the_address)
{
    /* 0x123456789000: bits 47..39 are 0x24, 38..30 0xD1, 29..21 0xB3, 20..12 0x189. */
    const uint64_t *table = fake_frame(space.root);

    entry_after_map(0x0000123456789000, 0x5000, DD_PAGE_4K, 0);
    table = fake_frame(dd_paddr_from(table[0x24] & 0x000FFFFFFFFFF000));
    table = fake_frame(dd_paddr_from(table[0xD1] & 0x000FFFFFFFFFF000));
    table = fake_frame(dd_paddr_from(table[0xB3] & 0x000FFFFFFFFFF000));
    ck_assert_uint_eq(table[0x189], 0x8000000000005001);
}
END_TEST

/* [SDM 3A] 2.5, 4.5.2 and 2.2.1. */
START_TEST(control_register_bits_are_where_the_manual_has_them)
{
    ck_assert_uint_eq(DD_BITS(DD_CR0_PE), 0x1);
    ck_assert_uint_eq(DD_BITS(DD_CR0_WP), 0x10000);
    ck_assert_uint_eq(DD_BITS(DD_CR0_PG), 0x80000000);
    ck_assert_uint_eq(DD_BITS(DD_CR3_PWT) | DD_BITS(DD_CR3_PCD), 0x18);
    ck_assert_uint_eq(DD_BITS(DD_CR3_ADDRESS), 0x000FFFFFFFFFF000);
    ck_assert_uint_eq(DD_BITS(DD_CR4_PAE), 0x20);
    ck_assert_uint_eq(DD_BITS(DD_CR4_PGE), 0x80);
    ck_assert_uint_eq(DD_BITS(DD_CR4_LA57), 0x1000);
    ck_assert_uint_eq(DD_BITS(DD_CR4_PCIDE), 0x20000);
    ck_assert_uint_eq(DD_BITS(DD_CR4_SMEP) | DD_BITS(DD_CR4_SMAP), 0x300000);
    ck_assert_uint_eq(DD_BITS(DD_EFER_LME) | DD_BITS(DD_EFER_LMA), 0x500);
    ck_assert_uint_eq(DD_BITS(DD_EFER_NXE), 0x800);
    ck_assert_uint_eq(DD_MSR_EFER, 0xC0000080);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_entry");
    TCase *pages = tcase_create("pages");
    TCase *tables = tcase_create("tables");

    tcase_add_checked_fixture(pages, setup, NULL);
    tcase_add_loop_test(pages, a_4k_page_has_the_bits_of_table_4_20, 0, GOLDENS);
    tcase_add_loop_test(pages, a_2m_page_has_the_bits_of_table_4_18, 0, GOLDENS);
    tcase_add_loop_test(pages, a_1g_page_has_the_bits_of_table_4_16, 0, GOLDENS);
    tcase_add_loop_test(pages, translate_gives_back_every_combination_of_flags, 0, 3);
    tcase_add_test(pages, xd_is_never_set_while_nxe_is_off);
    suite_add_tcase(suite, pages);

    tcase_add_checked_fixture(tables, setup, NULL);
    tcase_add_loop_test(tables, tables_allow_everything_whatever_the_page_allows, 0, 2);
    tcase_add_test(tables, each_level_takes_its_own_nine_bits_of_the_address);
    tcase_add_test(tables, control_register_bits_are_where_the_manual_has_them);
    suite_add_tcase(suite, tables);
    return suite;
}
