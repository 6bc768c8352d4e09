/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every allocation of every paging function fails once: the first, the second, …
 * until the call succeeds. Each time, all tables, the frames in use, what is
 * pending, and the outputs must be bit for bit as before. Then once more, with a
 * frame that cannot be reached in the place of each, and with a failure that is
 * over at once: no call asks again.
 */
#include <string.h>

#include "drydock/paging_cursor.h"
#include "drydock/paging_split.h"
#include "tests/unit/paging_case.h"

/* An allocator with a frame outside memory, or none, when it is asked for the nth time. */
static unsigned int until_unreachable;
static unsigned int until_none;

static enum dd_status alloc_perhaps(void *context, dd_paddr *frame)
{
    fake.hand_out_unreachable = until_unreachable == 0;
    until_unreachable--;
    return until_none-- == 0 ? DD_ENOMEM : fake_memory.alloc(context, frame);
}

static struct dd_paging_memory memory;

/* The ways a kernel's allocator can disappoint. */
static void disappoint_by_nothing(unsigned int after)
{
    fake.allocations_left = after;
}

static void disappoint_by_unreachable(unsigned int after)
{
    until_unreachable = after;
}

static void disappoint_once(unsigned int after)
{
    until_none = after;
}

static bool are_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

/* ---- Calls that allocate ---- */

static const unsigned int flags = DD_MAP_WRITE | DD_MAP_GLOBAL | DD_MAP_PAT;

static void nothing(void)
{
}

static void large_pages(void)
{
    ck_assert_int_eq(map_range(0, 4 * G, 3 * G, flags), DD_OK);
}

static void two_megabytes(void)
{
    ck_assert_int_eq(map_range(4 * M, 4 * G, 2 * M, flags), DD_OK);
}

/* All but 8 entries of it, referencing one table: nothing below matters here. */
static void most_of_the_upper_half(void)
{
    uint64_t *root = fake_frame(space.root);

    ck_assert_int_eq(map_range(0, 0, K, flags), DD_OK);
    for (unsigned int i = 260; i < 508; i++) {
        root[i] = root[0];
    }
}

static enum dd_status create(void)
{
    struct dd_address_space made;
    struct dd_address_space untouched;
    enum dd_status status = DD_OK;

    memset(&made, 0x33, sizeof made);
    memset(&untouched, 0x33, sizeof untouched);
    status = dd_paging_create(&made, &memory);
    ck_assert(status == DD_OK || are_same(&made, &untouched, sizeof made));
    return status;
}

static enum dd_status map_small(void)
{
    return map_page(5 * T, 7 * K, DD_PAGE_4K, flags);
}

static enum dd_status map_small_with_key(void)
{
    return map_page(U + 5 * T, 7 * K, DD_PAGE_4K, flags | DD_MAP_KEY(9));
}

static enum dd_status map_middle(void)
{
    return map_page(U + M, 6 * M, DD_PAGE_2M, flags);
}

static enum dd_status map_large(void)
{
    return map_page(0 - G, 6 * G, DD_PAGE_1G, flags);
}

static enum dd_status map_beside(void)
{
    return map_page(3 * G, 6 * G, DD_PAGE_4K, flags);
}

static enum dd_status map_by_cursor(void)
{
    struct dd_paging_cursor cursor;

    dd_paging_cursor_init(&cursor, &space);
    return dd_paging_cursor_map(&cursor, dd_vaddr_from(5 * T), dd_paddr_from(7 * K), flags);
}

static enum dd_status map_ragged(void)
{
    return map_range(T - G - M - K, 8 * G - M - K, 2 * G + 2 * M + 2 * K, flags);
}

static enum dd_status map_unaligned(void)
{
    return map_range(T - 3 * M, 8 * G + K, 6 * M, flags);
}

static enum dd_status map_by_identity(void)
{
    return dd_paging_map_identity(&space, dd_paddr_from(G - K), 2 * K, flags);
}

static enum dd_status put_software(void)
{
    return dd_paging_set_software(&space, dd_vaddr_from(T), DD_PAGE_4K, 0x123456, &pending);
}

static enum dd_status split_large(void)
{
    return dd_paging_split(&space, dd_vaddr_from(G), DD_PAGE_1G, &pending);
}

static enum dd_status split_middle(void)
{
    return dd_paging_split(&space, dd_vaddr_from(4 * M), DD_PAGE_2M, &pending);
}

static enum dd_status unmap_inside(void)
{
    return dd_paging_unmap_range(&space, dd_vaddr_from(G + M + K), K, DD_PARTLY_SPLIT, &pending);
}

static enum dd_status unmap_across(void)
{
    return dd_paging_unmap_range(&space, dd_vaddr_from(G - K), G + 2 * K, DD_PARTLY_SPLIT,
                                 &pending);
}

static enum dd_status clear_across(void)
{
    return dd_paging_clear_range(&space, dd_vaddr_from(3 * G - M - K), 2 * M, DD_PARTLY_SPLIT,
                                 &pending);
}

static enum dd_status protect_across(void)
{
    struct dd_paging_protection protection = {{DD_MAP_RIGHTS, 0}, DD_PARTLY_SPLIT};

    return dd_paging_protect_range(&space, dd_vaddr_from(G - K), G + 2 * K, protection, &pending);
}

static enum dd_status prepare_upper(void)
{
    return dd_paging_prepare_upper(&space);
}

static const struct {
    void (*prepare)(void);
    enum dd_status (*call)(void);
    unsigned int allocations[2]; /* with 4 and with 5 levels */
} calls[] = {
    {nothing, create, {1, 1}},
    {nothing, map_small, {3, 4}},
    {nothing, map_small_with_key, {3, 4}},
    {nothing, map_middle, {2, 3}},
    {nothing, map_large, {1, 2}},
    {large_pages, map_beside, {2, 2}},
    {nothing, map_by_cursor, {3, 4}},
    {nothing, map_ragged, {6, 7}},      /* PDPT: 2; PD and PT: 2 */
    {nothing, map_unaligned, {10, 11}}, /* PDPT: 2; PD: 2; PT: 6 */
    {nothing, map_by_identity, {5, 6}}, /* PDPT: 1; PD: 2; PT: 2 */
    {nothing, put_software, {3, 4}},
    {large_pages, split_large, {1, 1}},
    {two_megabytes, split_middle, {1, 1}},
    {large_pages, unmap_inside, {2, 2}},
    {large_pages, unmap_across, {4, 4}},
    {large_pages, clear_across, {2, 2}},
    {large_pages, protect_across, {4, 4}},
    {most_of_the_upper_half, prepare_upper, {8, 8}},
};

enum {
    CALLS = sizeof calls / sizeof calls[0],
    MODES = 8, /* 4 or 5 levels; cleared by the library or by the kernel; function or window */
};

/* A space as the loop index says. */
static void make_scene(int mode)
{
    fake_reset();
    fake.cr4 = mode % 2 != 0 ? 0x10A0 : 0xA0; /* LA57, PGE, PAE */
    fake.frames_zeroed = mode / 2 % 2 != 0;
    memory = mode / 4 != 0 ? fake_window() : fake_memory;
    memory.alloc = alloc_perhaps;
    memory.frames = fake.frames_zeroed ? DD_PAGING_FRAMES_ZEROED : DD_PAGING_FRAMES_UNDEFINED;
    until_unreachable = ~0u;
    until_none = ~0u;
    ck_assert_int_eq(dd_paging_create(&space, &memory), DD_OK);
    space.error = &error;
    dd_tlb_pending_init(&pending);
}

/* All that a call that fails must leave alone. */
struct snapshot {
    struct dd_tlb_pending pending;
    uint64_t checksum;
    unsigned int frames;
};

static struct snapshot snapshot(void)
{
    struct snapshot now = {.checksum = fake_checksum(), .frames = fake.frames_in_use};

    memcpy(&now.pending, &pending, sizeof pending);
    return now;
}

static void check_unchanged(const struct snapshot *before)
{
    ck_assert_uint_eq(fake_checksum(), before->checksum);
    ck_assert_uint_eq(fake.frames_in_use, before->frames);
    ck_assert(are_same(&pending, &before->pending, sizeof pending));
}

/* Fail after 0, 1, … allocations until the call succeeds. Returns how many it took. */
static unsigned int sweep(int i, void (*disappoint)(unsigned int after), enum dd_status expected)
{
    unsigned int after = 0;

    for (;; after++) {
        struct snapshot before;
        enum dd_status status = DD_OK;

        make_scene(i % MODES);
        calls[i / MODES].prepare();
        before = snapshot();
        disappoint(after);
        status = calls[i / MODES].call();
        if (status == DD_OK) {
            break;
        }
        ck_assert_int_eq(status, expected);
        check_unchanged(&before);
        ck_assert(calls[i / MODES].call == create || error.status == expected);
    }
    return after;
}

START_TEST(a_call_that_gets_too_few_frames_has_changed_nothing)
{
    ck_assert_uint_eq(sweep(_i, disappoint_by_nothing, DD_ENOMEM),
                      calls[_i / MODES].allocations[_i % 2]);
}
END_TEST

START_TEST(a_call_that_gets_no_frame_once_does_not_ask_again)
{
    ck_assert_uint_eq(sweep(_i, disappoint_once, DD_ENOMEM), calls[_i / MODES].allocations[_i % 2]);
}
END_TEST

START_TEST(a_call_that_gets_a_frame_out_of_reach_has_changed_nothing_and_gives_it_back)
{
    ck_assert_uint_eq(sweep(_i, disappoint_by_unreachable, DD_EMALFORMED),
                      calls[_i / MODES].allocations[_i % 2]);
}
END_TEST

/* ---- Calls that do not ---- */

START_TEST(what_takes_no_new_table_takes_no_frame)
{
    struct dd_address_space other;

    make_scene(_i);
    large_pages();
    ck_assert_int_eq(map_range(U, 4 * G + K, 2 * M, flags), DD_OK);
    ck_assert_int_eq(dd_paging_split(&space, dd_vaddr_from(G), DD_PAGE_1G, &pending), DD_OK);
    ck_assert_int_eq(dd_paging_create(&other, &memory), DD_OK);
    fake.allocations_left = 0;

    ck_assert_int_eq(dd_paging_share_upper(&other, &space), DD_OK);
    ck_assert_int_eq(dd_paging_merge(&space, dd_vaddr_from(G), DD_PAGE_1G, &pending), DD_OK);
    ck_assert_int_eq(protect_page(G, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(protect_range(U, 2 * M, 0), DD_OK);
    ck_assert_int_eq(dd_paging_clear(&space, dd_vaddr_from(0), DD_PAGE_1G, &pending, NULL), DD_OK);
    ck_assert_int_eq(map_page(0, 0, DD_PAGE_1G, 0), DD_OK);
    ck_assert_int_eq(unmap_range(0, 3 * G), DD_OK);
    ck_assert_int_eq(dd_paging_reclaim(&space, dd_vaddr_from(U), G, &pending), DD_OK);
    ck_assert_int_eq(dd_paging_destroy(&other, &pending), DD_OK);
    ck_assert_int_eq(settle(DD_OK), DD_OK);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_failures");
    TCase *failures = tcase_create("failures");

    tcase_set_timeout(failures, 60);
    tcase_add_loop_test(failures, a_call_that_gets_too_few_frames_has_changed_nothing, 0,
                        CALLS * MODES);
    tcase_add_loop_test(failures, a_call_that_gets_no_frame_once_does_not_ask_again, 0,
                        CALLS * MODES);
    tcase_add_loop_test(failures,
                        a_call_that_gets_a_frame_out_of_reach_has_changed_nothing_and_gives_it_back,
                        0, CALLS * MODES);
    tcase_add_loop_test(failures, what_takes_no_new_table_takes_no_frame, 0, MODES);
    suite_add_tcase(suite, failures);
    return suite;
}
