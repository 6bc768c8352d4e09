/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of copies of a TLB and the way back: nothing is forgotten, nothing is left over. */
#include <string.h>

#include "sim/mmu/tlb_internal.h"
#include "tests/unit/tlb_case.h"

#define SIBLING UINT64_C(0x8080605000)

static struct sim_tlb *copy;
static uint8_t saved[RAM_BYTES];

static void save(void)
{
    memcpy(saved, ram, sizeof ram);
    copy = sim_tlb_copy(tlb);
    ck_assert_ptr_nonnull(copy);
}

static void restore(const struct sim_tlb *from)
{
    struct sim_error error = {{0}};

    memcpy(ram, saved, sizeof ram);
    ck_assert_int_eq(sim_tlb_restore(tlb, from, &error), 0);
}

static void close_copy(void)
{
    sim_tlb_destroy(copy);
    tlb_case_close();
}

START_TEST(translations_come_and_go_with_the_copy)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    save();
    for (unsigned int i = 0; i < 3; i++) {
        set(PTE, 0xB007);
        set(0x4028, 0xA007);
        ck_assert_uint_eq(read_at(SIBLING), 0xA000);
        ck_assert_uint_eq(read_at(LINEAR), 0x9000);
        invlpg(LINEAR);
        ck_assert_uint_eq(read_at(LINEAR), 0xB000);
        restore(copy);
        ck_assert_uint_eq(read_at(SIBLING), UINT64_MAX);
        set(PTE, 0);
        ck_assert_uint_eq(read_at(LINEAR), 0x9000); /* it is cached again */
        restore(copy);
    }
}
END_TEST

START_TEST(an_empty_tlb_can_be_gone_back_to)
{
    save();
    for (unsigned int i = 0; i < 3; i++) {
        ck_assert_uint_eq(read_at(LINEAR), 0x9000);
        set(PTE, 0);
        restore(copy);
        set(PTE, 0);
        ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
        restore(copy);
    }
}
END_TEST

START_TEST(several_copies_can_be_gone_back_to_in_any_order)
{
    struct sim_tlb *empty = sim_tlb_copy(tlb);

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    save();
    for (unsigned int i = 0; i < 4; i++) {
        restore(i % 2 == 0 ? empty : copy);
        set(PTE, 0);
        ck_assert_uint_eq(read_at(LINEAR), i % 2 == 0 ? UINT64_MAX : 0x9000);
    }
    sim_tlb_destroy(empty);
}
END_TEST

START_TEST(a_tlb_that_grew_can_go_back_and_grow_again)
{
    save();
    for (unsigned int round = 0; round < 3; round++) {
        for (unsigned int i = 0; i < 512; i++) {
            set(0x4000 + 8 * i, 0x9007 + (i << 12));
            ck_assert_uint_eq(read_at(0x8080600000 + (i << 12)), 0x9000 + (i << 12));
        }
        restore(copy);
        ck_assert_uint_eq(read_at(0x8080600000), UINT64_MAX);
        ck_assert_uint_eq(read_at(LINEAR), 0x9000);
        restore(copy);
    }
}
END_TEST

START_TEST(the_audit_goes_back_too)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    save();
    for (unsigned int i = 0; i < 3; i++) {
        guest_write(PTE, 0, 0x123);
        ck_assert(sim_tlb_settle(tlb));
        ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
        CHECK_FINDING("code+0x123");
        sim_findings_clear(&findings);
        restore(copy);
        check_clean();
        ck_assert(!sim_tlb_settle(tlb));
        invlpg(LINEAR); /* a ghost, and a page and entries that are gone */
        guest_write(PTE, 0, 0x124);
        ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
        ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 1);
        sim_findings_clear(&findings);
        restore(copy);
        ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 0);
        check_clean();
    }
}
END_TEST

START_TEST(what_was_pending_is_pending_again)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    save();
    ck_assert(sim_tlb_settle(tlb));
    invlpg(LINEAR);
    check_clean();
    restore(copy);
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
}
END_TEST

START_TEST(what_is_flushed_gives_its_memory_back)
{
    set(0x4028, 0xA007);
    for (unsigned int i = 0; i < 100; i++) {
        ck_assert_uint_eq(read_at(LINEAR), 0x9000);
        invlpg(SIBLING); /* hides the entries above LINEAR, which is still there */
        ck_assert_uint_eq(read_at(SIBLING), 0xA000);
        ck_assert_uint_eq(tlb->cached.live, 8);
        load_cr3(0x1000);
        ck_assert_uint_eq(tlb->cached.live, 0);
    }
}
END_TEST

START_TEST(a_full_tlb_translates_without_caching_and_says_so_once)
{
    set(0x4028, 0xA007);
    tlb->cached.limit = 6;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    ck_assert_uint_eq(tlb->cached.live, 4);
    CHECK_FINDING("translations are cached: what comes now is not watched");
    ck_assert_uint_eq(findings.occurrences, 1);
}
END_TEST

START_TEST(too_many_ghosts_are_forgotten)
{
    tlb->ghosts.limit = 5;
    set(0x4028, 0xA007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x1000);
    guest_write(PTE, 0, 1);
    settle();
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    load_cr3(0x1000);
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    guest_write(0x4030, 0xB007, 2);
    ck_assert_uint_eq(read_at(SIBLING + 0x1000), 0xB000);
    load_cr3(0x1000);
    check_clean();
}
END_TEST

/* The hash table itself: keys come, go and come back, and copies follow. */
struct thing {
    struct tlb_item item;
    uint64_t value;
};

START_TEST(a_pool_finds_what_was_added_and_not_removed)
{
    struct tlb_pool pool;
    struct tlb_pool base;
    uint32_t at[1000];

    ck_assert_int_eq(tlb_pool_init(&pool, sizeof(struct thing), 1000), 0);
    ck_assert_int_eq(tlb_pool_init(&base, sizeof(struct thing), 1000), 0);
    for (uint32_t i = 0; i < 1000; i++) {
        at[i] = tlb_pool_add(&pool, (uint64_t)i << 12);
        ck_assert_uint_ne(at[i], 0);
        ((struct thing *)tlb_store_edit(&pool.items, at[i]))->value = i;
    }
    ck_assert_uint_eq(tlb_pool_add(&pool, 1), 0); /* full */
    ck_assert_int_eq(tlb_pool_reserve(&base, &pool), 0);
    tlb_pool_restore(&base, &pool, false);
    tlb_pool_forget_changes(&pool);
    for (uint32_t i = 0; i < 1000; i += 2) {
        tlb_pool_hide(&pool, at[i]);
        tlb_pool_release(&pool, at[i]);
    }
    ck_assert_uint_eq(pool.live, 500);
    ck_assert_uint_eq(tlb_pool_find(&pool, UINT64_C(4) << 12), 0);
    ck_assert_uint_eq(tlb_pool_find(&pool, UINT64_C(5) << 12), at[5]);
    ck_assert_uint_ne(tlb_pool_add(&pool, 1), 0);
    ck_assert_uint_eq(((const struct thing *)tlb_store_at(&pool.items, at[998]))->value, 0);
    tlb_pool_restore(&pool, &base, true);
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t index = tlb_pool_find(&pool, (uint64_t)i << 12);

        ck_assert_uint_eq(index, at[i]);
        ck_assert_uint_eq(((const struct thing *)tlb_store_at(&pool.items, index))->value, i);
    }
    tlb_pool_clear(&pool);
    ck_assert_uint_eq(pool.items.count, 1);
    ck_assert_uint_eq(tlb_pool_find(&pool, UINT64_C(5) << 12), 0);
    tlb_pool_restore(&pool, &base, true);
    ck_assert_uint_eq(tlb_pool_find(&pool, UINT64_C(5) << 12), at[5]);
    tlb_pool_free(&pool);
    tlb_pool_free(&base);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb_copy");
    TCase *tests = tcase_create("tlb_copy");
    TCase *pool = tcase_create("pool");

    tcase_add_checked_fixture(tests, tlb_case_open_with_audit, close_copy);
    tcase_add_test(tests, translations_come_and_go_with_the_copy);
    tcase_add_test(tests, an_empty_tlb_can_be_gone_back_to);
    tcase_add_test(tests, several_copies_can_be_gone_back_to_in_any_order);
    tcase_add_test(tests, a_tlb_that_grew_can_go_back_and_grow_again);
    tcase_add_test(tests, the_audit_goes_back_too);
    tcase_add_test(tests, what_was_pending_is_pending_again);
    tcase_add_test(tests, what_is_flushed_gives_its_memory_back);
    tcase_add_test(tests, a_full_tlb_translates_without_caching_and_says_so_once);
    tcase_add_test(tests, too_many_ghosts_are_forgotten);
    tcase_add_test(pool, a_pool_finds_what_was_added_and_not_removed);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, pool);
    return suite;
}
