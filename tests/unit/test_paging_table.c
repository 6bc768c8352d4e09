/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_table.c. */
#include "drydock/paging_table.h"
#include "tests/unit/paging_case.h"

static enum dd_status protect(uint64_t vaddr, unsigned int level, unsigned int rights)
{
    return settle(dd_paging_protect_table(&space, dd_vaddr_from(vaddr), level, rights, &pending));
}

static bool is_granted(uint64_t vaddr, unsigned int rights)
{
    struct fake_walk walk = fake_access(&space, vaddr);

    return walk.present && walk.write == ((rights & DD_MAP_WRITE) != 0) &&
           walk.user == ((rights & DD_MAP_USER) != 0) &&
           walk.execute == ((rights & DD_MAP_EXECUTE) != 0);
}

/* The combinations of R/W, U/S and XD, and the bits 1, 2 and 63 they are. [SDM 3A] table 4-19 */
static const struct {
    unsigned int rights;
    uint64_t bits;
} granted[] = {
    {0, 0x8000000000000000},
    {DD_MAP_WRITE, 0x8000000000000002},
    {DD_MAP_USER, 0x8000000000000004},
    {DD_MAP_EXECUTE, 0x0000000000000000},
    {DD_MAP_WRITE | DD_MAP_USER, 0x8000000000000006},
    {DD_MAP_WRITE | DD_MAP_EXECUTE, 0x0000000000000002},
    {DD_MAP_USER | DD_MAP_EXECUTE, 0x0000000000000004},
    {DD_MAP_RIGHTS, 0x0000000000000006},
};

/* The first address of the entry of a level that stands for the pages at T and T + K. */
static uint64_t first_of(unsigned int level)
{
    return dd_align_down(T, dd_table_entry_bytes(level));
}

/* Every access below is by the rights of the path, at once, and back. [SDM 3A] 4.6.1 */
START_TEST(a_table_withholds_rights_from_all_pages_below_and_gives_them_back)
{
    unsigned int level = (unsigned int)_i;

    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
    ck_assert_int_eq(map_page(T + K, K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    for (size_t i = 0; i < sizeof granted / sizeof granted[0]; i++) {
        ck_assert_int_eq(protect(first_of(level), level, granted[i].rights), DD_OK);
        ck_assert_uint_eq(*fake_entry(&space, T, level) & 0x8000000000000006, granted[i].bits);
        ck_assert(is_granted(T, granted[i].rights));
        ck_assert(is_granted(T + K, granted[i].rights & DD_MAP_WRITE));
        ck_assert(fake_tlb_is_right(&space));
    }
}
END_TEST

/* Address, P, A and the software bits of the entry. [SDM 3A] table 4-19 */
START_TEST(everything_else_of_the_entry_stays)
{
    uint64_t *entry = NULL;
    uint64_t before = 0;

    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, 0), DD_OK);
    entry = fake_entry(&space, T, 2);
    *entry |= 0x7FF0000000000E38;
    before = *entry;
    ck_assert_int_eq(protect(T, 2, 0), DD_OK);
    ck_assert_uint_eq(*entry, (before | 0x8000000000000000) & ~UINT64_C(6));
    ck_assert_int_eq(protect(T, 2, DD_MAP_RIGHTS), DD_OK);
    ck_assert_uint_eq(*entry, before);
}
END_TEST

/* Global pages may be below, and other contexts share the upper half. [SDM 3A] 4.10.2.4 */
START_TEST(everything_is_pending_unless_nothing_changes)
{
    dd_vaddr upper = dd_vaddr_from(0xFFFF800000000000);

    space.pcid_enabled = true;
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(upper.raw, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(dd_paging_protect_table(&space, dd_vaddr_from(T), 2, DD_MAP_RIGHTS, &pending),
                     DD_OK);
    ck_assert(dd_tlb_pending_is_settled(&pending));
    ck_assert_int_eq(dd_paging_protect_table(&space, dd_vaddr_from(T), 2, 0, &pending), DD_OK);
    ck_assert(pending.request.everything && pending.request.has_global);
    ck_assert(pending.request.has_tables && !pending.request.every_pcid);
    ck_assert_int_eq(dd_paging_protect_table(&space, upper, 2, 0, &pending), DD_OK);
    ck_assert(pending.request.every_pcid);
}
END_TEST

/* XD is a reserved bit then. [SDM 3A] table 4-19 */
START_TEST(without_nxe_fetches_stay_allowed)
{
    space.format.no_execute = false;
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(protect(T, 2, DD_MAP_WRITE), DD_OK);
    ck_assert_uint_eq(*fake_entry(&space, T, 2) & 0x8000000000000006, 0x2);
}
END_TEST

static const struct {
    uint64_t vaddr;
    unsigned int level, rights;
    enum dd_status status;
} refused[] = {
    {T, 1, 0, DD_EARG},
    {T, 0, 0, DD_EARG},
    {T, 5, 0, DD_EARG},
    {T, 2, DD_MAP_GLOBAL, DD_EARG},
    {T, 2, DD_MAP_USER | DD_MAP_ACCESSED, DD_EARG},
    {T + K, 2, 0, DD_EALIGN},
    {T + M, 3, 0, DD_EALIGN},
    {UINT64_C(0x0000800000000000), 4, 0, DD_ECANONICAL},
    {T + M, 2, 0, DD_ENOTMAPPED},     /* nothing below a table */
    {4 * T, 4, 0, DD_ENOTMAPPED},     /* nothing at all */
    {4 * T, 2, 0, DD_ENOTMAPPED},     /* no table above */
    {T + 2 * M, 2, 0, DD_EPAGESIZE},  /* a page of this size */
    {T + G + M, 2, 0, DD_EPAGESIZE},  /* a larger page */
    {T + 3 * M, 2, 0, DD_ENOTMAPPED}, /* an entry of software */
    {2 * T, 3, 0, DD_EMALFORMED},     /* a reserved bit */
    {2 * T, 2, 0, DD_EMALFORMED},     /* the same, above */
    {3 * T, 3, 0, DD_ELOOP},          /* its own ancestor */
};

START_TEST(what_is_refused_changes_nothing)
{
    uint64_t before = 0;

    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(T + 2 * M, 0, DD_PAGE_2M, 0), DD_OK);
    ck_assert_int_eq(map_page(T + G, 0, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(settle(dd_paging_set_software(&space, dd_vaddr_from(T + 3 * M), DD_PAGE_2M,
                                                   0x100, &pending)),
                     DD_OK);
    ck_assert_int_eq(map_page(2 * T, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 2 * T, 3) |= UINT64_C(1) << 47; /* beyond 46 bits. [SDM 3A] table 4-17 */
    ck_assert_int_eq(map_page(3 * T, 0, DD_PAGE_4K, 0), DD_OK);
    *fake_entry(&space, 3 * T, 3) = *fake_entry(&space, 3 * T, 4);
    before = fake_checksum();
    ck_assert_int_eq(protect(refused[_i].vaddr, refused[_i].level, refused[_i].rights),
                     refused[_i].status);
    ck_assert_uint_eq(fake_checksum(), before);
}
END_TEST

START_TEST(a_call_without_a_place_to_note_is_refused)
{
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(dd_paging_protect_table(&space, dd_vaddr_from(T), 2, 0, NULL), DD_EARG);
    ck_assert_uint_eq(*fake_entry(&space, T, 2) & 7, 7);
}
END_TEST

/* A kernel makes a gigabyte read-only by one write, and a page in it is still not writable. */
START_TEST(what_a_table_withholds_cannot_be_mapped_below)
{
    ck_assert_int_eq(map_page(T, 0, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(protect(T, 3, DD_MAP_USER | DD_MAP_EXECUTE), DD_OK);
    ck_assert_int_eq(map_page(T + K, 0, DD_PAGE_4K, DD_MAP_WRITE), DD_ENOTSUP);
    ck_assert_uint_eq(error.level, 1);
    ck_assert_int_eq(protect(T, 3, DD_MAP_RIGHTS), DD_OK);
    ck_assert_int_eq(map_page(T + K, 0, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_table");
    TCase *rights = tcase_create("rights");
    TCase *refusals = tcase_create("refusals");

    tcase_add_checked_fixture(rights, setup, NULL);
    tcase_add_loop_test(rights, a_table_withholds_rights_from_all_pages_below_and_gives_them_back,
                        2, 5);
    tcase_add_test(rights, everything_else_of_the_entry_stays);
    tcase_add_test(rights, everything_is_pending_unless_nothing_changes);
    tcase_add_test(rights, without_nxe_fetches_stay_allowed);
    tcase_add_test(rights, what_a_table_withholds_cannot_be_mapped_below);
    suite_add_tcase(suite, rights);
    tcase_add_checked_fixture(refusals, setup, NULL);
    tcase_add_loop_test(refusals, what_is_refused_changes_nothing, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(refusals, a_call_without_a_place_to_note_is_refused);
    suite_add_tcase(suite, refusals);
    return suite;
}
