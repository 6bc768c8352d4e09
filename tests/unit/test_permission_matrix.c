/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The permission matrix of permission_matrix.h: pages that the library mapped, the machine's MMU,
 * and the table of permission_table.h must agree on every access.
 *
 * By default 40 of the 1152 cases of each page are tried; with the environment variable
 * DRYDOCK_FULL_MATRIX set, all. One case of every fifth page is executed, then 16 of every page: by
 * loads, stores and calls at CPL 0 and 3 whose page faults the guest's handler describes.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/machine_paging_case.h"
#include "tests/unit/permission_matrix.h"

enum {
    DEFAULT_CASES = 40,
    EXECUTED_STEP = 5, /* one page of so many is executed */
    EXECUTED_FULL_CASES = 16,
};

static struct permission_matrix matrix;
static bool full;

static void open_matrix(unsigned int levels)
{
    paging_case_open(SIM_MMU_OWN);
    if (levels == 5) {
        paging_case_enable_la57();
    }
    ck_assert_msg(permission_matrix_open(&matrix, machine), "%s", matrix.failure);
    ck_assert_uint_eq(matrix.spaces[0].format.levels, levels);
    ck_assert(!matrix.spaces[0].format.no_execute);
    ck_assert(matrix.spaces[1].format.no_execute);
}

static void close_matrix(void)
{
    permission_matrix_close(&matrix);
    paging_case_close();
}

START_TEST(every_access_to_a_page_of_the_library_ends_as_the_manual_says)
{
    unsigned int levels = 4 + (unsigned int)_i;
    uint64_t pages = levels == 4 ? 3848 : 8708;

    open_matrix(levels);
    ck_assert_msg(permission_matrix_run(&matrix, full ? PERMISSION_CASES : DEFAULT_CASES), "%s",
                  matrix.failure);
    /* Pages, NXE, settings and pairs, two accesses. */
    ck_assert_uint_eq(matrix.accesses, pages * 2 * (full ? 32 * 36 : 40) * 2);
    close_matrix();
}
END_TEST

static bool execute_access(const struct permission_setting *setting,
                           struct permission_access access, bool flush)
{
    static const enum paging_instruction instructions[] = {PAGING_READ, PAGING_WRITE, PAGING_FETCH};
    struct permission_prediction prediction = permission_predict(matrix.tables, setting, access);
    const struct paging_access asked = {
        .linear = matrix.linear + (access.kind == PERMISSION_FETCH ? 0 : 8),
        .instruction = instructions[access.kind],
        .privilege = access.user ? PAGING_USER : PAGING_SUPERVISOR,
        .rflags = setting->ac ? 0x40000 : 0,
        .flush = flush,
    };
    uint64_t stored = access.kind == PERMISSION_WRITE && !prediction.faults ? 0x5A : 0x41;
    struct paging_outcome outcome;
    char found[128];

    poke(PERMISSION_FRAME + 8, 0x41);
    outcome = paging_case_access(&asked);
    if (outcome.faults != prediction.faults || peek(PERMISSION_FRAME + 8) != stored ||
        (outcome.faults &&
         (outcome.error_code != prediction.error_code || outcome.cr2 != asked.linear))) {
        (void)snprintf(found, sizeof found, "%s, error code 0x%lx, CR2 0x%lx, the byte is 0x%lx",
                       outcome.faults ? "#PF" : "no fault", outcome.error_code, outcome.cr2,
                       peek(PERMISSION_FRAME + 8));
        return permission_matrix_fail(&matrix, setting, access, found);
    }
    return permission_matrix_check_entries(&matrix, setting, access, &prediction);
}

static bool execute_case(unsigned int number)
{
    struct permission_setting setting =
        permission_matrix_setting(number / PERMISSION_PAIRS, matrix.nxe);
    const struct paging_controls controls = {
        .cr0 = PAGING_CR0 | (setting.wp ? 0x10000 : 0),
        .cr4 = PAGING_CR4 | (matrix.tables->levels == 5 ? PAGING_LA57 : 0) |
               (setting.smep ? 0x100000 : 0) | (setting.smap ? 0x200000 : 0) |
               (setting.pke ? 0x400000 : 0),
        .efer = PAGING_EFER | (setting.nxe ? 0x800 : 0),
        .pkru = permission_matrix_pkru(&matrix),
        .cr3 = matrix.spaces[0].root.raw,
    };
    struct permission_access first = permission_matrix_access(number % PERMISSION_KINDS);
    struct permission_access second =
        permission_matrix_access(number / PERMISSION_KINDS % PERMISSION_KINDS);

    paging_case_set_controls(&controls);
    permission_matrix_rewind(&matrix);
    return execute_access(&setting, first, true) && execute_access(&setting, second, false);
}

START_TEST(executed_accesses_end_as_the_manual_says)
{
    unsigned int levels = 4 + (unsigned int)_i;
    unsigned int step = full ? 1 : EXECUTED_STEP;
    unsigned int cases = full ? EXECUTED_FULL_CASES : 1;

    open_matrix(levels);
    for (unsigned int i = 0; i < 2 * permission_matrix_count(&matrix); i += step) {
        struct permission_tables tables = permission_matrix_tables(&matrix, i / 2);

        ck_assert_msg(permission_matrix_map(&matrix, &tables, i % 2 != 0), "%s", matrix.failure);
        for (unsigned int j = 0; j < cases; j++) {
            ck_assert_msg(execute_case((i + j) * 499 % PERMISSION_CASES), "%s", matrix.failure);
        }
        ck_assert_msg(permission_matrix_unmap(&matrix), "%s", matrix.failure);
    }
    close_matrix();
}
END_TEST

/* What tables above the page's entry do not withhold. */
static unsigned int granted_by_tables(const struct permission_tables *tables)
{
    return (tables->read_only > tables->leaf ? 0u : DD_MAP_WRITE) |
           (tables->supervisor > tables->leaf ? 0u : DD_MAP_USER) |
           (tables->no_execute > tables->leaf ? 0u : DD_MAP_EXECUTE);
}

static void ask_for_rights(unsigned int rights)
{
    static const enum dd_page_size sizes[] = {0, DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};
    const struct permission_tables *tables = matrix.tables;
    uint64_t page = matrix.linear & ~((uint64_t)sizes[tables->leaf] - 1);
    bool granted = (rights & ~granted_by_tables(tables)) == 0;
    struct dd_tlb_pending pending;
    enum dd_status status = DD_OK;

    dd_tlb_pending_init(&pending);
    status = dd_paging_protect_page(&matrix.spaces[1], dd_vaddr_from(page), sizes[tables->leaf],
                                    (struct dd_paging_change){DD_MAP_RIGHTS, rights}, &pending);
    ck_assert_int_eq(status, granted ? DD_OK : DD_ENOTSUP);
    if (!granted) {
        ck_assert(dd_tlb_pending_is_settled(&pending));
        ck_assert_uint_eq(*matrix.entries[tables->leaf], matrix.initial[tables->leaf]);
        return;
    }
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_uint_eq(*matrix.entries[tables->leaf] & 2, (rights & DD_MAP_WRITE) != 0 ? 2 : 0);
    ck_assert_uint_eq(*matrix.entries[tables->leaf] & 4, (rights & DD_MAP_USER) != 0 ? 4 : 0);
    ck_assert_uint_eq(*matrix.entries[tables->leaf] >> 63, (rights & DD_MAP_EXECUTE) == 0);
    permission_matrix_rewind(&matrix);
}

START_TEST(rights_that_a_table_withholds_are_refused_when_a_page_asks_for_them)
{
    unsigned int asked = 0;

    open_matrix(4 + (unsigned int)_i);
    for (unsigned int i = 0; i < permission_matrix_count(&matrix); i++) {
        struct permission_tables tables = permission_matrix_tables(&matrix, i);

        if (tables.not_present != 0 || tables.key_rights != 0) {
            continue;
        }
        ck_assert_msg(permission_matrix_map(&matrix, &tables, true), "%s", matrix.failure);
        for (unsigned int rights = 0; rights < 8; rights++) {
            ask_for_rights(((rights & 1) != 0 ? DD_MAP_WRITE : 0u) |
                           ((rights & 2) != 0 ? DD_MAP_USER : 0u) |
                           ((rights & 4) != 0 ? DD_MAP_EXECUTE : 0u));
            asked++;
        }
        ck_assert_msg(permission_matrix_unmap(&matrix), "%s", matrix.failure);
    }
    ck_assert_uint_eq(asked, _i == 0 ? 8 * (125 + 64 + 27) : 8 * (216 + 125 + 64));
    close_matrix();
}
END_TEST

START_TEST(no_combination_comes_twice)
{
    bool seen[4][PERMISSION_LEVELS][PERMISSION_LEVELS][PERMISSION_LEVELS][PERMISSION_LEVELS][4] = {
        0};

    open_matrix(4 + (unsigned int)_i);
    for (unsigned int i = 0; i < permission_matrix_count(&matrix); i++) {
        struct permission_tables t = permission_matrix_tables(&matrix, i);
        bool *place = NULL;

        ck_assert_uint_le(t.leaf, 3);
        place = &seen[t.leaf][t.not_present][t.read_only][t.supervisor][t.no_execute][t.key_rights];
        ck_assert(!*place);
        *place = true;
    }
    close_matrix();
}
END_TEST

START_TEST(a_case_is_described_in_words)
{
    const struct permission_tables tables = {
        .levels = 5, .leaf = 2, .read_only = 3, .supervisor = 2, .not_present = 5, .key_rights = 2};
    const struct permission_setting setting = {.wp = true, .smap = true, .pke = true};
    char text[256];

    permission_describe(&tables, &setting, text, sizeof text);
    ck_assert_str_eq(text,
                     "5-level paging, 2-MByte page, P = 0 in the PML5E, R/W = 0 in the PDPTE, "
                     "U/S = 0 in the PDE, key: WD; WP = 1, NXE = 0, SMEP = 0, SMAP = 1, "
                     "AC = 0, PKE = 1");
    ck_assert_str_eq(permission_access_name((struct permission_access){PERMISSION_FETCH, true}),
                     "a user fetch");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("permission_matrix");
    TCase *translated = tcase_create("translated");
    TCase *executed = tcase_create("executed");
    TCase *others = tcase_create("others");

    full = getenv("DRYDOCK_FULL_MATRIX") != NULL;
    tcase_add_loop_test(translated, every_access_to_a_page_of_the_library_ends_as_the_manual_says,
                        0, 2);
    tcase_add_loop_test(executed, executed_accesses_end_as_the_manual_says, 0, 2);
    tcase_add_loop_test(others, rights_that_a_table_withholds_are_refused_when_a_page_asks_for_them,
                        0, 2);
    tcase_add_loop_test(others, no_combination_comes_twice, 0, 2);
    tcase_add_test(others, a_case_is_described_in_words);
    tcase_set_timeout(translated, 3600);
    tcase_set_timeout(executed, 3600);
    tcase_set_timeout(others, 60);
    suite_add_tcase(suite, translated);
    suite_add_tcase(suite, executed);
    suite_add_tcase(suite, others);
    return suite;
}
