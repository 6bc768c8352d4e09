/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_walk.c: what it makes of tables that the library did not make. */
#include "tests/unit/paging_case.h"

/* A table of level _i below which one page is mapped withholds a right. */
START_TEST(a_right_that_a_table_withholds_cannot_be_had)
{
    static const struct {
        uint64_t clear, set;
        unsigned int flag;
    } rights[] = {
        {2, 0, DD_MAP_WRITE}, {4, 0, DD_MAP_USER}, {0, UINT64_C(1) << 63, DD_MAP_EXECUTE}};

    for (size_t i = 0; i < 3; i++) {
        uint64_t vaddr = (i + 1) * T;
        unsigned int others = DD_MAP_RIGHTS & ~rights[i].flag;
        uint64_t *entry = NULL;
        uint64_t before = 0;

        ck_assert_int_eq(map_page(vaddr, 0, DD_PAGE_4K, 0), DD_OK);
        entry = fake_entry(&space, vaddr, (unsigned)_i);
        *entry = (*entry & ~rights[i].clear) | rights[i].set;
        before = fake_checksum();
        ck_assert_int_eq(map_page(vaddr + K, 0, DD_PAGE_4K, rights[i].flag), DD_ENOTSUP);
        ck_assert_int_eq(dd_paging_map_range(&space, dd_vaddr_from(vaddr + K), dd_paddr_from(0),
                                             2 * K, DD_MAP_RIGHTS),
                         DD_ENOTSUP);
        ck_assert_int_eq(protect_page(vaddr, DD_PAGE_4K, rights[i].flag), DD_ENOTSUP);
        ck_assert_int_eq(protect_range(vaddr, K, rights[i].flag), DD_ENOTSUP);
        ck_assert_uint_eq(fake_checksum(), before);
        ck_assert_int_eq(map_page(vaddr + K, 0, DD_PAGE_4K, others), DD_OK);
        ck_assert_int_eq(protect_page(vaddr, DD_PAGE_4K, others), DD_OK);
        ck_assert_int_eq(unmap_range(vaddr, 2 * K), DD_OK);
    }
}
END_TEST

struct malformed {
    unsigned int level; /* of the entry, on the path to address 0 */
    uint64_t entry;
};

/* [SDM 3A] tables 4-15 to 4-20, 46 bits of physical address. Memory is at 1 MiB. */
static const struct malformed malformed[] = {
    {4, 0x101087},           /* PS in a PML4E */
    {4, 0x0000400000101007}, /* beyond MAXPHYADDR */
    {4, 0x0008000000101007}, /* the same, bit 51 */
    {4, 0x7},                /* a table where no memory is */
    {3, 0x0000400000102007},
    {3, 0x0000400000000087},
    {3, 0x2087},
    {3, 0x20000087},
    {3, 0x7},
    {2, 0x0000400000103007},
    {2, 0x0000400000000087},
    {2, 0x2087},
    {2, 0x100087},
    {2, 0x7},
    {1, 0x0000400000000007},
    {1, 0x0008000000000087},
};

static void check_everything_is_malformed(void)
{
    struct dd_translation translation;
    dd_paddr frame = dd_paddr_from(0x1234);
    dd_vaddr zero = dd_vaddr_from(0);
    uint64_t before = fake_checksum();

    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_EMALFORMED);
    ck_assert_int_eq(dd_paging_map_range(&space, zero, dd_paddr_from(0), K, 0), DD_EMALFORMED);
    ck_assert_int_eq(unmap_page(0, DD_PAGE_4K, &frame), DD_EMALFORMED);
    ck_assert_int_eq(unmap_range(0, K), DD_EMALFORMED);
    ck_assert_int_eq(protect_page(0, DD_PAGE_4K, 0), DD_EMALFORMED);
    ck_assert_int_eq(protect_range(0, K, 0), DD_EMALFORMED);
    ck_assert_int_eq(dd_paging_translate(&space, zero, &translation), DD_EMALFORMED);
    ck_assert_uint_eq(frame.raw, 0x1234);
    ck_assert_uint_eq(fake_checksum(), before);
    ck_assert_uint_eq(fake.event_count, 0);
}

START_TEST(a_malformed_entry_ends_every_call)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 0, malformed[_i].level) = malformed[_i].entry;
    check_everything_is_malformed();
}
END_TEST

START_TEST(xd_is_malformed_at_every_level_while_nxe_is_off)
{
    fake.efer = 0x500;
    make_space();
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 0, (unsigned)_i) |= UINT64_C(1) << 63;
    check_everything_is_malformed();
}
END_TEST

START_TEST(a_1g_page_is_malformed_on_a_processor_without)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_1G, 0), DD_OK);
    space.format.pages_1g = false;
    check_everything_is_malformed();
}
END_TEST

START_TEST(an_unreachable_root_is_malformed)
{
    space.root = dd_paddr_from(0);
    check_everything_is_malformed();
}
END_TEST

START_TEST(ignored_bits_are_not_malformed)
{
    struct dd_translation translation;

    /* [SDM 3A] tables 4-15, 4-17, 4-19 and 4-20: ignored, accessed, dirty, caching. */
    ck_assert_int_eq(map_page(0, 5 * G, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
    for (unsigned int level = 2; level <= 4; level++) {
        *fake_entry(&space, 0, level) |= 0x7FF0000000000F78;
    }
    *fake_entry(&space, 0, 1) |= 0x7FF0000000000E60;
    ck_assert_int_eq(dd_paging_translate(&space, dd_vaddr_from(0x123), &translation), DD_OK);
    ck_assert_uint_eq(translation.address.raw, 5 * G + 0x123);
    ck_assert_uint_eq(translation.flags, DD_MAP_RIGHTS | DD_MAP_KEY(15) | DD_MAP_SOFTWARE(0x3FF) |
                                             DD_MAP_ACCESSED | DD_MAP_DIRTY);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_walk");
    TCase *foreign = tcase_create("tables made elsewhere");

    tcase_add_checked_fixture(foreign, setup, NULL);
    tcase_add_loop_test(foreign, a_right_that_a_table_withholds_cannot_be_had, 2, 5);
    tcase_add_loop_test(foreign, a_malformed_entry_ends_every_call, 0,
                        sizeof malformed / sizeof malformed[0]);
    tcase_add_loop_test(foreign, xd_is_malformed_at_every_level_while_nxe_is_off, 1, 5);
    tcase_add_test(foreign, a_1g_page_is_malformed_on_a_processor_without);
    tcase_add_test(foreign, an_unreachable_root_is_malformed);
    tcase_add_test(foreign, ignored_bits_are_not_malformed);
    suite_add_tcase(suite, foreign);
    return suite;
}
