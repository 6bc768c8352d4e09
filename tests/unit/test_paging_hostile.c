/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every paging function on tables that somebody has damaged: garbage, tables
 * that are their own ancestors, reserved bits, frames that are no memory. Each
 * call returns a status in bounded time, and if it fails nothing has changed.
 *
 * A table that is referenced from two places is no damage: sharing is done so.
 */
#include <stdlib.h>
#include <string.h>

#include "drydock/paging_cursor.h"
#include "drydock/paging_dump.h"
#include "drydock/paging_split.h"
#include "drydock/paging_visit.h"
#include "sim/util/random.h"
#include "tests/unit/paging_case.h"

enum {
    ROUNDS = 1800,
    CALLS_A_ROUND = 4,
    STATUS_LAST = 16,
};

static uint64_t state;
static struct dd_address_space other;

static bool are_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

static uint64_t pick(uint64_t count)
{
    return sim_random_next(&state) % count;
}

/* ---- The scene ---- */

static uint64_t place(void)
{
    static const uint64_t bases[] = {0, T - 2 * M, 2 * T, U};

    return bases[pick(4)] + pick(6) * M + pick(2) * pick(8) * K;
}

static void make_scene(void)
{
    fake_reset();
    fake.cr4 = pick(2) != 0 ? 0x10A0 : 0xA0;  /* LA57, PGE, PAE */
    fake.efer = pick(2) != 0 ? 0xD00 : 0x500; /* NXE, LMA, LME */
    ck_assert_int_eq(dd_paging_create(&space, &fake_memory), DD_OK);
    ck_assert_int_eq(dd_paging_create(&other, &fake_memory), DD_OK);
    space.error = &error;
    dd_tlb_pending_init(&pending);
    for (unsigned int i = 0; i < 6; i++) {
        uint64_t paddr = 4 * G + pick(8) * M + (pick(3) == 0 ? K : 0);

        (void)map_range(place() & ~(M - 1), paddr, (1 + pick(3)) * M,
                        DD_MAP_RIGHTS); /* or it is taken */
    }
}

/* The frames of the tables there are, found by their entries. */
static uint64_t pick_table(unsigned int *level)
{
    uint64_t frame = space.root.raw;
    unsigned int depth = (unsigned int)pick(space.format.levels);

    *level = space.format.levels;
    while (depth-- > 0) {
        const uint64_t *words = fake_frame(dd_paddr_from(frame));
        unsigned int first = (unsigned int)pick(512);
        unsigned int i = 0;
        uint64_t below = 0;

        while (i < 512 && (words[(first + i) % 512] & 0x81) != 1) {
            i++;
        }
        below = words[(first + i) % 512] & 0x000FFFFFFFFFF000;
        if (i == 512 || fake_frame(dd_paddr_from(below)) == NULL) {
            return frame;
        }
        frame = below;
        (*level)--;
    }
    return frame;
}

static uint64_t garbage(uint64_t frame, uint64_t entry)
{
    switch (pick(8)) {
    case 0:
        return sim_random_next(&state);
    case 1:
        return frame | 0x7; /* itself */
    case 2:
        return space.root.raw | 0x7;
    case 3:
        return 0x8000000000003 | pick(512) << 12 | pick(2) << 7; /* bit 51 of 46 */
    case 4:
        return 0x00000FFFFF000007; /* no memory of tables */
    case 5:
        return 0x83 | (sim_random_next(&state) & 0x00003FFFFFFFF000); /* PS, and bits below */
    case 6:
        return entry | UINT64_C(0x8000000000000000); /* XD: reserved without NXE */
    default:
        return sim_random_next(&state) & ~UINT64_C(1);
    }
}

static void damage(void)
{
    for (uint64_t count = 1 + pick(4); count > 0; count--) {
        unsigned int level = 0;
        uint64_t frame = pick_table(&level);
        uint64_t *words = fake_frame(dd_paddr_from(frame));
        unsigned int i = level == 1 ? (unsigned int)pick(16) : (unsigned int)pick(8);

        i = pick(8) == 0 ? 511 - i : i;
        words[i] = garbage(frame, words[i]);
    }
    if (pick(16) == 0) {
        space.root = dd_paddr_from(0xFFFF0000);
    }
}

/* ---- Calls ---- */

static uint64_t vaddr, paddr, length;
static enum dd_page_size size;
static unsigned int flags;
static enum dd_paging_partly partly;

static void pick_arguments(void)
{
    static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

    size = sizes[pick(3)];
    vaddr = place();
    vaddr -= pick(4) != 0 ? vaddr % size : 0;
    length = pick(8) == 0 ? G * (1 + pick(4)) : K * (1 + pick(2000));
    paddr = 8 * G + (pick(2) == 0 ? vaddr % G : K);
    flags = (unsigned int)pick(DD_MAP_ALL) & PAGING_FLAGS;
    partly = pick(2) == 0 ? DD_PARTLY_SPLIT : DD_PARTLY_REFUSE;
}

static enum dd_status call_map(void)
{
    return map_page(vaddr, paddr & ~(size - UINT64_C(1)), size, flags);
}

static enum dd_status call_cursor(void)
{
    struct dd_paging_cursor cursor;

    dd_paging_cursor_init(&cursor, &space);
    return dd_paging_cursor_map(&cursor, dd_vaddr_from(vaddr), dd_paddr_from(paddr), flags);
}

static enum dd_status call_map_range(void)
{
    return map_range(vaddr, paddr, length, flags);
}

static enum dd_status call_unmap(void)
{
    return dd_paging_unmap_page(&space, dd_vaddr_from(vaddr), size, &pending, NULL);
}

static enum dd_status call_clear(void)
{
    return dd_paging_clear(&space, dd_vaddr_from(vaddr), size, &pending, NULL);
}

static enum dd_status call_unmap_range(void)
{
    return dd_paging_unmap_range(&space, dd_vaddr_from(vaddr), length, partly, &pending);
}

static enum dd_status call_clear_range(void)
{
    return dd_paging_clear_range(&space, dd_vaddr_from(vaddr), length, partly, &pending);
}

static enum dd_status call_protect(void)
{
    return dd_paging_protect_page(&space, dd_vaddr_from(vaddr), size,
                                  (struct dd_paging_change){PAGING_FLAGS, flags}, &pending);
}

static enum dd_status call_protect_range(void)
{
    return dd_paging_protect_range(&space, dd_vaddr_from(vaddr), length,
                                   (struct dd_paging_protection){{PAGING_FLAGS, flags}, partly},
                                   &pending);
}

static enum dd_status call_software(void)
{
    return dd_paging_set_software(&space, dd_vaddr_from(vaddr), size, 0xFF0, &pending);
}

static enum dd_status call_split(void)
{
    return dd_paging_split(&space, dd_vaddr_from(vaddr), size, &pending);
}

static enum dd_status call_merge(void)
{
    return dd_paging_merge(&space, dd_vaddr_from(vaddr), size, &pending);
}

static enum dd_status call_reclaim(void)
{
    return dd_paging_reclaim(&space, dd_vaddr_from(vaddr), length, &pending);
}

static enum dd_status call_prepare(void)
{
    return dd_paging_prepare_upper(&space);
}

static enum dd_status call_share(void)
{
    return dd_paging_share_upper(&other, &space);
}

static enum dd_status call_destroy(void)
{
    return dd_paging_destroy(&space, &pending);
}

static enum dd_status call_translate(void)
{
    struct dd_translation translation;
    struct dd_paging_entry entry;
    struct dd_paging_path path;
    enum dd_status status = dd_paging_query(&space, dd_vaddr_from(vaddr), &entry);

    if (status == DD_OK) {
        status = dd_paging_path(&space, dd_vaddr_from(vaddr), &path);
    }
    return status == DD_OK ? dd_paging_translate(&space, dd_vaddr_from(vaddr), &translation)
                           : status;
}

static void ignore(void *context, const char *line)
{
    (void)context;
    ck_assert_uint_lt(strlen(line), DD_PAGING_DUMP_LINE);
}

static enum dd_status call_dump(void)
{
    unsigned int width = space.format.levels == 5 ? 57 : 48;
    struct dd_paging_dump dump = {.range = {{0}, UINT64_C(1) << width, width},
                                  .pat = DD_CACHE_PAT_RESET,
                                  .tables_max = 40,
                                  .emit = ignore};

    return dd_paging_dump(&space, &dump);
}

static enum dd_status (*const calls[])(void) = {
    /* about a page */
    call_map,
    call_cursor,
    call_unmap,
    call_clear,
    call_protect,
    call_software,
    call_split,
    call_merge,
    /* about a range */
    call_map_range,
    call_unmap_range,
    call_clear_range,
    call_protect_range,
    call_reclaim,
    /* about all */
    call_prepare,
    call_share,
    call_destroy,
    call_translate,
    call_dump,
};

enum {
    CALLS = sizeof calls / sizeof calls[0],
    PAGE_CALLS = 8,  /* the first ones */
    RANGE_CALLS = 5, /* those after them */
};

/* Tables that a walk over the range can meet, twice, and frames in use. */
static size_t most_pointer_calls(void)
{
    return (size_t)8 * (16 + (size_t)(length / M) + (size_t)2 * FAKE_FRAMES);
}

/* ---- What they should say ---- */

/* Reserved bits of a present entry, of 46 physical bits. [SDM 3A] tables 4-14 to 4-20. */
static uint64_t reserved_bits(unsigned int level, bool is_page)
{
    static const uint64_t low[] = {0, 0, 0x1FE000, 0x3FFFE000, 0x80, 0x80};

    return UINT64_C(0x000FC00000000000) | (is_page ? low[level] : 0) |
           (fake.efer == 0x500 ? UINT64_C(0x8000000000000000) : 0);
}

static bool is_passed(const uint64_t passed[6], uint64_t frame)
{
    bool found = false;

    for (unsigned int level = 1; level < 6; level++) {
        found = found || passed[level] == frame;
    }
    return found;
}

/* The first damage on the path of an address, down to an entry of a level; where the walk ended. */
static enum dd_status judge_path(uint64_t address, unsigned int target, unsigned int *level)
{
    uint64_t passed[6] = {1, 1, 1, 1, 1, 1}; /* no frames */
    uint64_t frame = space.root.raw;

    for (*level = space.format.levels;; (*level)--) {
        const uint64_t *words = fake_frame(dd_paddr_from(frame));
        uint64_t entry = 0;
        bool is_page = false;

        if (words == NULL) {
            return DD_EMALFORMED;
        }
        entry = words[address >> (3 + 9 * *level) & 511];
        is_page = *level == 1 || (entry & 0x80) != 0;
        if ((entry & 1) == 0 || (*level == target && !is_page)) {
            return DD_OK;
        }
        if ((entry & reserved_bits(*level, is_page)) != 0) {
            return DD_EMALFORMED;
        }
        if (is_page) {
            return DD_OK;
        }
        passed[*level] = frame;
        frame = entry & 0x000FFFFFFFFFF000;
        if (is_passed(passed, frame)) {
            return DD_ELOOP;
        }
    }
}

/* Whether anything in the range is damaged. Reclaiming looks at no pages. */
static bool is_range_damaged(unsigned int lowest)
{
    for (uint64_t at = vaddr; at - vaddr < length;) {
        unsigned int level = 0;

        if (judge_path(at, lowest, &level) != DD_OK) {
            return true;
        }
        at |= (UINT64_C(1) << (3 + 9 * level)) - 1;
        if (++at == 0) {
            return false;
        }
    }
    return false;
}

/* What a call about a page has to say because of damage on the path; DD_OK: something else. */
static enum dd_status judge(unsigned int which)
{
    unsigned int target = calls[which] == call_cursor || size == DD_PAGE_4K ? 1
                          : size == DD_PAGE_2M                              ? 2
                                                                            : 3;
    unsigned int level = 0;

    return which < PAGE_CALLS ? judge_path(vaddr, target, &level) : DD_OK;
}

/* Tables that are pending are in use, and each is there once. */
static void check_pending(void)
{
    static bool seen[FAKE_FRAMES];
    uint64_t frame = pending.tables.raw;

    memset(seen, 0, sizeof seen);
    for (uint64_t i = 0; i < pending.table_count; i++) {
        const uint64_t *words = fake_frame(dd_paddr_from(frame));

        if (words == NULL || seen[(frame - FAKE_MEMORY) / 4096]) {
            ck_abort_msg("a table is pending twice, or is none");
        }
        seen[(frame - FAKE_MEMORY) / 4096] = true;
        frame = words[0];
    }
}

static void call_one(unsigned int which)
{
    struct dd_tlb_pending before = pending;
    uint64_t checksum = fake_checksum();
    unsigned int frames = fake.frames_in_use;
    enum dd_status status = DD_OK;
    bool is_damaged = which >= PAGE_CALLS && which < PAGE_CALLS + RANGE_CALLS &&
                      is_range_damaged(calls[which] == call_reclaim ? 2 : 1);
    enum dd_status verdict = judge(which);

    fake.pointer_calls = 0;
    status = calls[which]();
    if ((unsigned int)status > STATUS_LAST) {
        ck_abort_msg("call %u: status %d", which, (int)status);
    }
    if (fake.pointer_calls > most_pointer_calls()) {
        ck_abort_msg("call %u: %zu tables asked for", which, fake.pointer_calls);
    }
    if (status != DD_OK && (fake_checksum() != checksum || fake.frames_in_use != frames ||
                            !are_same(&before, &pending, sizeof before))) {
        ck_abort_msg("call %u failed (%s) and changed something", which, dd_status_name(status));
    }
    if (status == DD_OK && is_damaged) {
        ck_abort_msg("call %u overlooks a damaged entry", which);
    }
    if (verdict != DD_OK && status != verdict && status != DD_EARG && status != DD_EALIGN) {
        ck_abort_msg("call %u says %s, not %s", which, dd_status_name(status),
                     dd_status_name(verdict));
    }
    check_pending();
}

/* Calls until one has changed something: tables may be gone then. */
static void play_round(unsigned int which)
{
    for (unsigned int i = 0; i < CALLS_A_ROUND && dd_tlb_pending_is_settled(&pending); i++) {
        pick_arguments();
        call_one(which);
    }
}

START_TEST(damaged_tables_give_a_status_in_bounded_time_and_stay_as_they_are)
{
    unsigned int which = (unsigned int)_i;

    for (unsigned int round = 0; round < ROUNDS / CALLS; round++) {
        state = 77u * round + which;
        make_scene();
        damage();
        play_round(which);
    }
}
END_TEST

START_TEST(a_root_that_is_no_memory_is_refused_by_all)
{
    state = (uint64_t)_i;
    make_scene();
    pick_arguments();
    vaddr = 0;
    length = K;
    size = _i == 6 || _i == 7 ? DD_PAGE_2M : DD_PAGE_4K;
    paddr = 0;
    space.root = dd_paddr_from(0xFFFF0000);
    ck_assert_int_eq(calls[_i](), DD_EMALFORMED);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_hostile");
    TCase *hostile = tcase_create("hostile");

    tcase_set_timeout(hostile, 120);
    tcase_add_loop_test(hostile, damaged_tables_give_a_status_in_bounded_time_and_stay_as_they_are,
                        0, CALLS);
    tcase_add_loop_test(hostile, a_root_that_is_no_memory_is_refused_by_all, 0, CALLS);
    suite_add_tcase(suite, hostile);
    return suite;
}
