/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_dump.c: whole lines, as they are read. */
#include "drydock/paging_dump.h"

#include <string.h>

#include "tests/unit/paging_case.h"

enum {
    LINES_MAX = 32,
};

static char lines[LINES_MAX][DD_PAGING_DUMP_LINE];
static unsigned int line_count;

static void remember(void *context, const char *line)
{
    ck_assert_ptr_eq(context, lines);
    ck_assert_uint_lt(line_count, LINES_MAX);
    ck_assert_uint_lt(strlen(line), DD_PAGING_DUMP_LINE);
    memcpy(lines[line_count++], line, strlen(line) + 1);
}

static enum dd_status dump(uint64_t start, uint64_t length)
{
    struct dd_paging_dump dump = {
        .range = {dd_vaddr_from(start), length, space.format.levels == 5 ? 57 : 48},
        .pat = DD_CACHE_PAT_RESET,
        .tables_max = 1000,
        .emit = remember,
        .context = lines};

    line_count = 0;
    return dd_paging_dump(&space, &dump);
}

static void check_lines(const char *const *expected, unsigned int count)
{
    for (unsigned int i = 0; i < count && i < line_count; i++) {
        if (strcmp(lines[i], expected[i]) != 0) {
            ck_abort_msg("line %u: %s", i, lines[i]);
        }
    }
    ck_assert_uint_eq(line_count, count);
}

#define CHECK_LINES(...)                                             \
    do {                                                             \
        static const char *const expected[] = {__VA_ARGS__};         \
        check_lines(expected, sizeof expected / sizeof expected[0]); \
    } while (0)

#define HEAD "4 levels, root 0000000000100000, 46 physical bits, no-execute, 1-GByte pages"

START_TEST(an_empty_space_is_two_halves_that_are_not_mapped)
{
    ck_assert_int_eq(dump(0, UINT64_C(1) << 48), DD_OK);
    CHECK_LINES(HEAD, "0000000000000000-00007fffffffffff    not mapped",
                "ffff800000000000-ffffffffffffffff    not mapped");
}
END_TEST

START_TEST(pages_that_go_on_are_one_line_and_a_gap_is_another)
{
    static const char large[] = "0000000000000000-00000000003fffff -> "
                                "0000000000000000-00000000003fffff  2M  rw-s   WB identity";

    ck_assert_int_eq(map_range(0, 0, 2 * M, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(map_range(2 * M + K, 8 * G, 3 * K, DD_MAP_EXECUTE | DD_MAP_USER), DD_OK);
    ck_assert_int_eq(dump(0, 4 * M), DD_OK);
    CHECK_LINES(
        HEAD, large, "0000000000400000-0000000000400fff    not mapped",
        "0000000000401000-0000000000403fff -> 0000000200000000-0000000200002fff  4K  r-xu   WB",
        "0000000000404000-00000000007fffff    not mapped");
}
END_TEST

START_TEST(what_a_page_says_besides_is_in_words)
{
    ck_assert_int_eq(
        map_page(0 - G, G, DD_PAGE_1G,
                 DD_MAP_UNCACHED | DD_MAP_GLOBAL | DD_MAP_KEY(11) | DD_MAP_SOFTWARE(0x2A5)),
        DD_OK);
    ck_assert_int_eq(dump(0 - G, G), DD_OK);
    CHECK_LINES(HEAD, "ffffffffc0000000-ffffffffffffffff -> 0000000040000000-000000007fffffff  1G"
                      "  r--s  UC- global key 11 software 0x2a5");
}
END_TEST

START_TEST(a_page_that_differs_begins_a_line)
{
    ck_assert_int_eq(map_range(K, 9 * K, 4 * K, 0), DD_OK);
    ck_assert_int_eq(protect_page(2 * K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    *fake_entry(&space, 4 * K, 1) |= 0x60; /* A, D: not told */
    ck_assert_int_eq(dump(K, 4 * K), DD_OK);
    ck_assert_uint_eq(line_count, 4);
    ck_assert_ptr_nonnull(strstr(lines[1], "0000000000001000-0000000000001fff"));
    ck_assert_ptr_nonnull(strstr(lines[2], "0000000000002000-0000000000002fff"));
    ck_assert_ptr_nonnull(strstr(lines[3], "0000000000003000-0000000000004fff"));
}
END_TEST

START_TEST(rights_a_table_withholds_are_not_told)
{
    ck_assert_int_eq(map_page(0, G, DD_PAGE_4K, DD_MAP_RIGHTS), DD_OK);
    *fake_entry(&space, 0, 4) &= ~UINT64_C(6); /* R/W, U/S */
    ck_assert_int_eq(dump(0, K), DD_OK);
    ck_assert_ptr_nonnull(strstr(lines[1], "  4K  r-xs   WB"));
}
END_TEST

START_TEST(the_edges_of_the_hole_are_two_lines)
{
    fake_reset();
    fake.cr4 = 0x10A0; /* LA57, PGE, PAE */
    make_space();
    ck_assert_int_eq(map_page((UINT64_C(1) << 56) - K, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(0xFF00000000000000, K, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(dump((UINT64_C(1) << 56) - 2 * K, 4 * K), DD_OK);
    CHECK_LINES(
        "5 levels, root 0000000000100000, 46 physical bits, no-execute, 1-GByte pages",
        "00ffffffffffe000-00ffffffffffefff    not mapped",
        "00fffffffffff000-00ffffffffffffff -> 0000000000000000-0000000000000fff  4K  r--s   WB",
        "ff00000000000000-ff00000000000fff -> 0000000000001000-0000000000001fff  4K  r--s   WB",
        "ff00000000001000-ff00000000001fff    not mapped");
}
END_TEST

START_TEST(what_is_no_page_says_what_it_is)
{
    uint64_t *root = fake_frame(space.root);

    root[0] = space.root.raw | 3;
    root[1] = 0x1234560;
    root[2] = UINT64_C(0x0008000000000003); /* bit 51 of 46 */
    root[3] = UINT64_C(0x0000000FFFF00003);
    ck_assert_int_eq(dump(0, 4 * T), DD_OK);
    CHECK_LINES(
        HEAD, "0000000000000000-0000007fffffffff    table 0000000000100003, 512G, its own ancestor",
        "0000008000000000-000000ffffffffff    software 0000000001234560, 512G",
        "0000010000000000-0000017fffffffff    malformed 0008000000000003, 512G",
        "0000018000000000-000001ffffffffff    table 0000000ffff00003, 512G, out of reach");
}
END_TEST

START_TEST(encryption_and_pcid_are_told)
{
    fake_reset();
    fake.cr4 = 0x200A0; /* PCIDE, PGE, PAE */
    make_space();
    ck_assert_int_eq(dd_paging_set_encryption(&space, DD_ENCRYPTION_SET, 45), DD_OK);
    ck_assert_int_eq(dd_paging_set_pcid(&space, 9), DD_OK);
    ck_assert_int_eq(map_page(0, K, DD_PAGE_4K, DD_MAP_ENCRYPTED), DD_OK);
    ck_assert_int_eq(dump(0, K), DD_OK);
    CHECK_LINES(
        HEAD ", encryption bit 45, PCID 9",
        "0000000000000000-0000000000000fff -> 0000000000001000-0000000000001fff  4K  r--s   WB"
        " encrypted");
}
END_TEST

START_TEST(a_dump_without_a_listener_or_of_another_width_is_earg)
{
    struct dd_paging_dump nobody = {.range = {{0}, K, 48}, .tables_max = 9};

    ck_assert_int_eq(dd_paging_dump(&space, &nobody), DD_EARG);
    nobody.emit = remember;
    nobody.range.width = 57;
    line_count = 0;
    ck_assert_int_eq(dd_paging_dump(&space, &nobody), DD_EARG);
    ck_assert_uint_eq(line_count, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_dump");
    TCase *dumps = tcase_create("dumps");

    tcase_add_checked_fixture(dumps, setup, NULL);
    tcase_add_test(dumps, an_empty_space_is_two_halves_that_are_not_mapped);
    tcase_add_test(dumps, pages_that_go_on_are_one_line_and_a_gap_is_another);
    tcase_add_test(dumps, what_a_page_says_besides_is_in_words);
    tcase_add_test(dumps, a_page_that_differs_begins_a_line);
    tcase_add_test(dumps, rights_a_table_withholds_are_not_told);
    tcase_add_test(dumps, the_edges_of_the_hole_are_two_lines);
    tcase_add_test(dumps, what_is_no_page_says_what_it_is);
    tcase_add_test(dumps, encryption_and_pcid_are_told);
    tcase_add_test(dumps, a_dump_without_a_listener_or_of_another_width_is_earg);
    suite_add_tcase(suite, dumps);
    return suite;
}
