/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/paging_visit.c. */
#include "drydock/paging_visit.h"

#include "tests/unit/paging_case.h"

enum {
    SEEN_MAX = 64,
    TABLES = 1000,
};

static struct dd_paging_visited seen[SEEN_MAX];
static unsigned int seen_count;
static unsigned int stop_after;

static enum dd_status remember(void *context, const struct dd_paging_visited *visited)
{
    ck_assert_ptr_eq(context, seen);
    ck_assert_uint_lt(seen_count, SEEN_MAX);
    seen[seen_count++] = *visited;
    return seen_count == stop_after ? DD_ETIMEOUT : DD_OK;
}

static enum dd_status visit(uint64_t start, uint64_t length, uint64_t tables)
{
    struct dd_paging_visits visits = {
        .range = {dd_vaddr_from(start), length, space.format.levels == 5 ? 57 : 48},
        .tables_max = tables,
        .visit = remember,
        .context = seen};

    seen_count = 0;
    return dd_paging_visit_range(&space, &visits);
}

static void check_seen(unsigned int i, unsigned int level, uint64_t first,
                       enum dd_paging_state state)
{
    ck_assert_uint_eq(seen[i].entry.level, level);
    ck_assert_uint_eq(seen[i].first.raw, first);
    ck_assert_int_eq(seen[i].entry.state, state);
}

static void setup_visits(void)
{
    setup();
    stop_after = 0;
}

static void setup_5_levels(void)
{
    fake_reset();
    fake.cr4 = 0x10A0; /* LA57, PGE, PAE */
    make_space();
    stop_after = 0;
}

static void put_software(uint64_t vaddr, uint64_t value)
{
    ck_assert_int_eq(
        dd_paging_set_software(&space, dd_vaddr_from(vaddr), DD_PAGE_4K, value, &pending), DD_OK);
}

START_TEST(entries_are_visited_upwards_and_tables_before_what_is_in_them)
{
    ck_assert_int_eq(map_page(K, 7 * K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    put_software(3 * K, 0xABC0);
    ck_assert_int_eq(map_page(M, 4 * M, DD_PAGE_2M, DD_MAP_USER), DD_OK);
    ck_assert_int_eq(map_page(0 - G, G, DD_PAGE_1G, 0), DD_OK);

    ck_assert_int_eq(visit(0, UINT64_C(1) << 48, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 8);
    check_seen(0, 4, 0, DD_PAGING_TABLE);
    check_seen(1, 3, 0, DD_PAGING_TABLE);
    check_seen(2, 2, 0, DD_PAGING_TABLE);
    check_seen(3, 1, K, DD_PAGING_PAGE);
    check_seen(4, 1, 3 * K, DD_PAGING_SOFTWARE);
    check_seen(5, 2, M, DD_PAGING_PAGE);
    check_seen(6, 4, 0xFFFFFF8000000000, DD_PAGING_TABLE);
    check_seen(7, 3, 0xFFFFFFFFC0000000, DD_PAGING_PAGE);
    ck_assert_uint_eq(seen[3].entry.address.raw, 7 * K);
    ck_assert_uint_eq(seen[4].entry.raw, 0xABC0);
    ck_assert_uint_eq(seen[5].last.raw, 2 * M - 1);
    ck_assert_uint_eq(seen[7].last.raw, UINT64_MAX);
}
END_TEST

START_TEST(only_entries_of_the_range_are_visited)
{
    ck_assert_int_eq(map_range(0, 8 * G, 4 * K, 0), DD_OK);
    ck_assert_int_eq(visit(K + 1, 2 * K - 1, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 5);
    check_seen(3, 1, K, DD_PAGING_PAGE);
    check_seen(4, 1, 2 * K, DD_PAGING_PAGE);
    ck_assert_int_eq(visit(3 * K - 1, 2, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 5);
    ck_assert_int_eq(visit(0, 0, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 0);
}
END_TEST

START_TEST(a_range_across_the_hole_has_both_of_its_edges)
{
    uint64_t half = _i != 0 ? UINT64_C(1) << 56 : UINT64_C(1) << 47;
    unsigned int tables = _i != 0 ? 4 : 3;

    if (_i != 0) {
        setup_5_levels();
    }
    ck_assert_int_eq(map_page(half - K, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(0 - half, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(map_page(0 - K, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(visit(half - K, 2 * K, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 2 * tables + 2);
    check_seen(tables, 1, half - K, DD_PAGING_PAGE);
    check_seen(2 * tables + 1, 1, 0 - half, DD_PAGING_PAGE);
    ck_assert_int_eq(visit(0 - K, K, TABLES), DD_OK);
    check_seen(tables, 1, 0 - K, DD_PAGING_PAGE);
}
END_TEST

START_TEST(rights_are_those_of_the_whole_path)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, DD_MAP_RIGHTS | DD_MAP_GLOBAL), DD_OK);
    *fake_entry(&space, 0, 3) &= ~UINT64_C(2);                 /* R/W */
    *fake_entry(&space, 0, 2) |= UINT64_C(0x8000000000000000); /* XD */
    ck_assert_int_eq(visit(0, K, TABLES), DD_OK);
    ck_assert_uint_eq(seen[0].flags, DD_MAP_RIGHTS);
    ck_assert_uint_eq(seen[1].flags, DD_MAP_USER | DD_MAP_EXECUTE);
    ck_assert_uint_eq(seen[2].flags, DD_MAP_USER);
    ck_assert_uint_eq(seen[3].flags, DD_MAP_USER | DD_MAP_GLOBAL);
    ck_assert_uint_eq(seen[3].entry.flags, DD_MAP_RIGHTS | DD_MAP_GLOBAL);
}
END_TEST

START_TEST(a_visit_that_fails_is_the_last)
{
    ck_assert_int_eq(map_range(0, 8 * G, 4 * K, 0), DD_OK);
    stop_after = 5;
    ck_assert_int_eq(visit(0, G, TABLES), DD_ETIMEOUT);
    ck_assert_uint_eq(seen_count, 5);
}
END_TEST

START_TEST(what_cannot_be_entered_is_visited_with_the_reason)
{
    uint64_t *root = fake_frame(space.root);

    root[1] = space.root.raw | 3;           /* recursive */
    root[2] = UINT64_C(0xFFFF0000) | 3;     /* no memory of tables */
    root[3] = UINT64_C(0x0008000000000003); /* bit 51 of 46: reserved */
    root[4] = UINT64_C(0x0000000000000083); /* PS: reserved */
    ck_assert_int_eq(map_page(5 * T, 0, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(visit(0, 6 * T, TABLES), DD_OK);
    ck_assert_uint_eq(seen_count, 6);
    ck_assert_int_eq(seen[0].status, DD_ELOOP);
    ck_assert_int_eq(seen[1].status, DD_EMALFORMED);
    ck_assert_int_eq(seen[2].status, DD_EMALFORMED);
    ck_assert_int_eq(seen[3].status, DD_EMALFORMED);
    check_seen(1, 4, 2 * T, DD_PAGING_TABLE);
    check_seen(2, 4, 3 * T, DD_PAGING_MALFORMED);
    ck_assert_int_eq(seen[4].status, DD_OK);
}
END_TEST

START_TEST(tables_are_entered_up_to_the_bound)
{
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(visit(0, G, 4), DD_OK);
    ck_assert_uint_eq(seen_count, 4);
    ck_assert_int_eq(visit(0, G, 3), DD_ELOOP);
    ck_assert_uint_eq(seen_count, 3);
    ck_assert_int_eq(error.status, DD_ELOOP);
    ck_assert_uint_eq(error.level, 2);
}
END_TEST

START_TEST(visits_refuse_what_makes_no_sense)
{
    struct dd_paging_visits visits = {.range = {{0}, G, 48}, .tables_max = 1, .visit = NULL};

    ck_assert_int_eq(dd_paging_visit_range(&space, &visits), DD_EARG);
    visits.visit = remember;
    visits.range.width = 57;
    ck_assert_int_eq(dd_paging_visit_range(&space, &visits), DD_EARG);
    ck_assert_int_eq(visit(0, G, 0), DD_EARG);
    space.root = dd_paddr_from(0xFFFF0000);
    ck_assert_int_eq(visit(0, G, 1), DD_EMALFORMED);
}
END_TEST

START_TEST(a_path_has_every_entry_down_to_the_one_that_decides)
{
    struct dd_paging_path path = {.count = 77};

    ck_assert_int_eq(map_page(0 - K, 5 * K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    ck_assert_int_eq(dd_paging_path(&space, dd_vaddr_from(0x0000800000000000), &path),
                     DD_ECANONICAL);
    ck_assert_uint_eq(path.count, 77);
    ck_assert_int_eq(dd_paging_path(&space, dd_vaddr_from(UINT64_MAX), &path), DD_OK);
    ck_assert_uint_eq(path.count, 4);
    ck_assert_uint_eq(path.entries[0].flags, DD_MAP_RIGHTS);
    ck_assert_uint_eq(path.entries[3].flags, DD_MAP_WRITE);
    ck_assert_uint_eq(path.entries[3].entry.address.raw, 5 * K);
    ck_assert_uint_eq(path.entries[3].first.raw, 0 - K);
    ck_assert_int_eq(dd_paging_path(&space, dd_vaddr_from(0 - M), &path), DD_OK);
    ck_assert_uint_eq(path.count, 4);
    ck_assert_int_eq(path.entries[3].entry.state, DD_PAGING_EMPTY);
    ck_assert_int_eq(dd_paging_path(&space, dd_vaddr_from(0), &path), DD_OK);
    ck_assert_uint_eq(path.count, 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_visit");
    TCase *visits = tcase_create("visits");

    tcase_add_checked_fixture(visits, setup_visits, NULL);
    tcase_add_test(visits, entries_are_visited_upwards_and_tables_before_what_is_in_them);
    tcase_add_test(visits, only_entries_of_the_range_are_visited);
    tcase_add_loop_test(visits, a_range_across_the_hole_has_both_of_its_edges, 0, 2);
    tcase_add_test(visits, rights_are_those_of_the_whole_path);
    tcase_add_test(visits, a_visit_that_fails_is_the_last);
    tcase_add_test(visits, what_cannot_be_entered_is_visited_with_the_reason);
    tcase_add_test(visits, tables_are_entered_up_to_the_bound);
    tcase_add_test(visits, visits_refuse_what_makes_no_sense);
    tcase_add_test(visits, a_path_has_every_entry_down_to_the_one_that_decides);
    suite_add_tcase(suite, visits);
    return suite;
}
