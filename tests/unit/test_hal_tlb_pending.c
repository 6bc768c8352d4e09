/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/tlb.c and tlb_flush.c: what is pending, and how it is settled. */
#include "tests/unit/paging_case.h"

static enum dd_status unmap_later(uint64_t vaddr, uint64_t length)
{
    return dd_paging_unmap_range(&space, dd_vaddr_from(vaddr), length, DD_PARTLY_REFUSE, &pending);
}

/* ---- What is pending ---- */

START_TEST(nothing_is_invalidated_or_freed_before_it_is_settled)
{
    ck_assert_int_eq(map_range(0, 0, 2 * K, 0), DD_OK);
    ck_assert(fake_access(&space, 0).present);
    ck_assert_int_eq(unmap_later(0, 2 * K), DD_OK);
    ck_assert(!dd_tlb_pending_is_settled(&pending));
    ck_assert_uint_eq(fake.event_count, 0);
    ck_assert_uint_eq(fake.frames_in_use, 4);
    ck_assert(fake_access(&space, 0).present); /* from the TLB: allowed until it is settled */
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert(dd_tlb_pending_is_settled(&pending));
    ck_assert(!fake_access(&space, 0).present);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

/* [SDM 3A] 4.10.4.1: a table that waits may still be walked; bit 0 of what is in it is 0. */
START_TEST(a_table_that_waits_has_no_present_first_entry)
{
    uint64_t *table = NULL;

    ck_assert_int_eq(map_range(0, 0, M, 0), DD_OK);
    ck_assert_int_eq(map_range(M, K, M, 0), DD_OK);
    table = fake_frame(dd_paddr_from(*fake_entry(&space, M, 2) & 0x000FFFFFFFFFF000));
    ck_assert_int_eq(unmap_later(0, 2 * M), DD_OK);
    ck_assert_uint_eq(table[0] & 1, 0);
    ck_assert_int_eq(settle(DD_OK), DD_OK);
}
END_TEST

START_TEST(pages_in_a_row_are_one_range)
{
    ck_assert_int_eq(map_range(0, 16 * G, G + 2 * M + 3 * K, 0), DD_OK);
    ck_assert_int_eq(map_page(T - K, 0, DD_PAGE_4K, 0), DD_OK);
    ck_assert_int_eq(unmap_later(0, G + 2 * M + 3 * K), DD_OK);
    ck_assert_uint_eq(pending.request.range_count, 3);
    ck_assert_uint_eq(pending.request.ranges[0].bytes, G);
    ck_assert_uint_eq(pending.request.ranges[1].first.raw, G);
    ck_assert_uint_eq(pending.request.ranges[1].count, 2);
    ck_assert_uint_eq(pending.request.ranges[1].bytes, M);
    ck_assert_uint_eq(pending.request.ranges[2].first.raw, G + 2 * M);
    ck_assert_uint_eq(pending.request.ranges[2].count, 3);
    ck_assert(pending.request.has_tables && !pending.request.has_global);
    ck_assert_int_eq(settle(DD_OK), DD_OK);
}
END_TEST

/* What follows the last page of a half is another range, and INVLPGB takes both. */
START_TEST(neither_the_hole_nor_the_top_is_inside_a_range)
{
    static const uint64_t pairs[][2] = {{0xFFFFFFFFFFFFF000, 0}, {0x00007FFFFFFFF000, U}};
    struct dd_invlpgb processor = {.count_max = 7, .linear_width = 48};

    for (unsigned int i = 0; i < 2; i++) {
        ck_assert_int_eq(map_page(pairs[i][0], 0, DD_PAGE_4K, 0), DD_OK);
        ck_assert_int_eq(map_page(pairs[i][1], 0, DD_PAGE_4K, 0), DD_OK);
        ck_assert_int_eq(unmap_later(pairs[i][0], K), DD_OK);
        ck_assert_int_eq(unmap_later(pairs[i][1], K), DD_OK);
        ck_assert_uint_eq(pending.request.range_count, 2);
        ck_assert_uint_eq(pending.request.ranges[0].first.raw, pairs[i][0]);
        ck_assert_uint_eq(pending.request.ranges[1].first.raw, pairs[i][1]);
        fake_forget_events();
        ck_assert_int_eq(dd_tlb_settle_by(&pending, dd_tlb_shootdown_invlpgb, &processor), DD_OK);
        ck_assert_uint_eq(fake_count(FAKE_INVLPGB), 2);
        ck_assert_uint_eq(fake.events[0].address, pairs[i][0] | 1);
        ck_assert_uint_eq(fake.events[1].address, pairs[i][1] | 1);
    }
}
END_TEST

/* One page table behind two entries: it loses both, and is in the chain once. */
START_TEST(a_table_that_is_taken_out_at_two_places_waits_once)
{
    uint64_t *directory = NULL;

    ck_assert_int_eq(map_range(0, K, M, 0), DD_OK);
    directory = fake_entry(&space, 0, 2);
    directory[1] = directory[0];
    ck_assert_int_eq(unmap_later(0, 2 * M), DD_OK);
    ck_assert_uint_eq(pending.table_count, 3);
    ck_assert_int_eq(settle(DD_OK), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
}
END_TEST

/* Eight ranges have a place; the ninth makes it everything, and nothing is forgotten after that. */
START_TEST(more_ranges_than_there_is_place_for_are_everything)
{
    ck_assert_int_eq(map_range(0, 0, 32 * K, 0), DD_OK);
    for (uint64_t i = 0; i < 8; i++) {
        ck_assert_int_eq(unmap_later(2 * i * K, K), DD_OK);
    }
    ck_assert(!pending.request.everything);
    ck_assert_uint_eq(pending.request.range_count, 8);
    ck_assert_int_eq(unmap_later(20 * K, K), DD_OK);
    ck_assert(pending.request.everything);
    ck_assert_int_eq(unmap_later(24 * K, K), DD_OK);
    ck_assert(pending.request.everything && !dd_tlb_pending_is_settled(&pending));
    fake_access(&space, K);
    ck_assert_int_eq(settle(DD_OK), DD_OK);
    ck_assert_uint_eq(fake_count(FAKE_WRITE_CR3), 1);
    ck_assert_uint_eq(fake_count_invlpg(), 0);
    ck_assert(fake_tlb_is_right(&space));
}
END_TEST

START_TEST(a_pending_of_other_memory_or_none_is_refused)
{
    struct dd_paging_memory other = fake_memory;
    struct dd_address_space elsewhere = space;
    dd_paddr frame = {0};

    elsewhere.memory = &other;
    ck_assert_int_eq(map_range(0, 0, 2 * K, 0), DD_OK);
    ck_assert_int_eq(dd_paging_unmap_page(&elsewhere, dd_vaddr_from(0), DD_PAGE_4K, &pending, NULL),
                     DD_OK);
    ck_assert_int_eq(dd_paging_unmap_page(&space, dd_vaddr_from(K), DD_PAGE_4K, &pending, NULL),
                     DD_EARG);
    ck_assert_int_eq(dd_paging_unmap_page(&space, dd_vaddr_from(K), DD_PAGE_4K, NULL, NULL),
                     DD_EARG);
    ck_assert_int_eq(dd_tlb_settle_here(NULL), DD_EARG);
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_int_eq(unmap_page(K, DD_PAGE_4K, &frame), DD_OK);
}
END_TEST

/* ---- Settling ---- */

struct hook {
    unsigned int calls;
    enum dd_status status;
    struct dd_tlb_request request;
};

static enum dd_status shoot(void *context, const struct dd_tlb_request *request)
{
    struct hook *hook = context;

    hook->calls++;
    hook->request = *request;
    if (hook->status == DD_OK) {
        dd_tlb_flush(request);
    }
    return hook->status;
}

START_TEST(tables_are_freed_only_if_the_shootdown_succeeds)
{
    struct hook hook = {.status = DD_ETIMEOUT};

    ck_assert_int_eq(map_range(0, 0, 3 * K, DD_MAP_GLOBAL), DD_OK);
    fake_access(&space, 0);
    ck_assert_int_eq(unmap_later(0, 3 * K), DD_OK);
    ck_assert_int_eq(dd_tlb_settle_by(&pending, shoot, &hook), DD_ETIMEOUT);
    ck_assert(!dd_tlb_pending_is_settled(&pending));
    ck_assert_uint_eq(fake.frames_in_use, 4);
    hook.status = DD_OK;
    ck_assert_int_eq(dd_tlb_settle_by(&pending, shoot, &hook), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert_uint_eq(hook.request.ranges[0].count, 3);
    ck_assert(hook.request.has_global && hook.request.has_tables);
    ck_assert_int_eq(dd_tlb_settle_by(&pending, shoot, &hook), DD_OK);
    ck_assert_uint_eq(hook.calls, 2);
    ck_assert_int_eq(dd_tlb_settle_by(&pending, NULL, &hook), DD_EARG);
}
END_TEST

START_TEST(what_is_moved_is_settled_with_the_rest)
{
    struct dd_tlb_pending batch;

    dd_tlb_pending_init(&batch);
    ck_assert_int_eq(map_range(0, 0, K, 0), DD_OK);
    ck_assert_int_eq(map_range(T, 0, K, 0), DD_OK);
    fake_access(&space, 0);
    fake_access(&space, T);
    ck_assert_int_eq(unmap_later(0, K), DD_OK);
    ck_assert_int_eq(dd_tlb_pending_move(&batch, &pending), DD_OK);
    ck_assert(dd_tlb_pending_is_settled(&pending));
    ck_assert_int_eq(unmap_later(T, K), DD_OK);
    ck_assert_int_eq(dd_tlb_pending_move(&batch, &pending), DD_OK);
    ck_assert_int_eq(dd_tlb_pending_move(&batch, &batch), DD_EARG);
    ck_assert_uint_eq(batch.table_count, 6);
    ck_assert_uint_eq(batch.request.range_count, 2);
    ck_assert_uint_eq(fake.frames_in_use, 7);
    ck_assert_int_eq(dd_tlb_settle_here(&batch), DD_OK);
    ck_assert_uint_eq(fake.frames_in_use, 1);
    ck_assert(!fake_access(&space, 0).present && !fake_access(&space, T).present);
}
END_TEST

/* [SDM 3A] 4.10.4.1: a load of CR3 leaves global pages; CR4.PGE is bit 7. */
START_TEST(many_global_pages_go_by_a_change_of_pge)
{
    ck_assert_int_eq(map_range(0, K, 40 * K, DD_MAP_GLOBAL), DD_OK);
    fake_access(&space, 7 * K);
    ck_assert_int_eq(unmap_later(0, 40 * K), DD_OK);
    fake_forget_events();
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    ck_assert_int_eq(fake.events[0].kind, FAKE_WRITE_CR4);
    ck_assert_uint_eq(fake.events[0].address, 0x20);
    ck_assert_uint_eq(fake.events[1].address, 0xA0);
    ck_assert(!fake_access(&space, 7 * K).present);
}
END_TEST

/* ---- Contexts. CR4.PCIDE is bit 17; INVPCID is CPUID.7:EBX[10]. [SDM 3A] 4.10.1 ---- */

static void use_pcids(uint32_t structured_features)
{
    fake.cr4 = 0x200A0;
    fake.structured_features = structured_features;
    make_space();
    ck_assert_int_eq(dd_paging_set_pcid(&space, 0x123), DD_OK);
}

START_TEST(a_context_that_is_current_needs_invlpg_only)
{
    use_pcids(0);
    dd_paging_activate(&space);
    ck_assert_uint_eq(fake.cr3, space.root.raw | 0x123);
    ck_assert_int_eq(map_range(0, 0, 2 * K, 0), DD_OK);
    fake_access(&space, K);
    fake_forget_events();
    ck_assert_int_eq(unmap_range(0, K), DD_OK);
    ck_assert_uint_eq(fake.event_count, 1);
    ck_assert_int_eq(fake.events[0].kind, FAKE_INVLPG);
}
END_TEST

START_TEST(a_context_that_is_not_current_is_reached_by_invpcid)
{
    use_pcids(0x400);
    dd_paging_activate(&space);
    ck_assert_int_eq(map_range(0, K, 40 * K, 0), DD_OK);
    fake_access(&space, K);
    fake.cr3 = 0x5007; /* another one is */
    ck_assert_int_eq(unmap_range(K, K), DD_OK);
    ck_assert_int_eq(fake.events[fake.event_count - 1].kind, FAKE_INVPCID);
    ck_assert_uint_eq(fake.events[fake.event_count - 1].address, 0);
    ck_assert_int_eq(unmap_range(2 * K, 38 * K), DD_OK);
    ck_assert_uint_eq(fake.events[fake.event_count - 1].address, 1);
    fake.cr3 = space.root.raw | 0x123;
    ck_assert(!fake_access(&space, K).present && fake_access(&space, 0).present);
}
END_TEST

START_TEST(without_invpcid_such_a_context_goes_by_a_change_of_pge)
{
    use_pcids(0);
    dd_paging_activate(&space);
    ck_assert_int_eq(map_range(0, K, 4 * K, 0), DD_OK);
    fake_access(&space, K);
    fake.cr3 = 0x5007;
    fake_forget_events();
    ck_assert_int_eq(unmap_range(K, K), DD_OK);
    ck_assert_uint_eq(fake_count(FAKE_WRITE_CR4), 2);
    ck_assert_uint_eq(fake_count_invlpg(), 0);
    fake.cr3 = space.root.raw | 0x123;
    ck_assert(!fake_access(&space, K).present);
}
END_TEST

/* What is shared and not global may be in the TLB for every context. */
START_TEST(the_upper_half_is_invalidated_in_every_context)
{
    use_pcids(0x400);
    dd_paging_activate(&space);
    ck_assert_int_eq(map_range(U, 0, 4 * K, 0), DD_OK);
    ck_assert_int_eq(map_range(U + 8 * K, 0, 4 * K, DD_MAP_GLOBAL), DD_OK);
    fake_forget_events();
    ck_assert_int_eq(unmap_range(U + 8 * K, K), DD_OK);
    ck_assert_int_eq(fake.events[0].kind, FAKE_INVLPG);
    ck_assert_int_eq(unmap_range(U, K), DD_OK);
    ck_assert_int_eq(fake.events[1].kind, FAKE_INVPCID);
    ck_assert_uint_eq(fake.events[1].address, 2);
}
END_TEST

START_TEST(pcids_are_twelve_bits_and_need_cr4_pcide)
{
    ck_assert_int_eq(dd_paging_set_pcid(&space, 1), DD_ENOTSUP);
    ck_assert_int_eq(dd_paging_activate_keep(&space), DD_ENOTSUP);
    use_pcids(0);
    ck_assert_int_eq(dd_paging_set_pcid(&space, 0x1000), DD_EARG);
    ck_assert_uint_eq(space.pcid, 0x123);
    fake_forget_events();
    ck_assert_int_eq(dd_paging_activate_keep(&space), DD_OK);
    ck_assert_uint_eq(fake.events[0].address, 0x8000000000000123 | space.root.raw);
    fake.cr3 = 0x77FFF;
    dd_paging_current(&space, &fake_memory);
    ck_assert_uint_eq(space.pcid, 0xFFF);
    ck_assert_uint_eq(space.root.raw, 0x77000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_tlb_pending");
    TCase *noting = tcase_create("noting");
    TCase *settling = tcase_create("settling");
    TCase *contexts = tcase_create("contexts");

    tcase_add_checked_fixture(noting, setup, NULL);
    tcase_add_test(noting, nothing_is_invalidated_or_freed_before_it_is_settled);
    tcase_add_test(noting, a_table_that_waits_has_no_present_first_entry);
    tcase_add_test(noting, pages_in_a_row_are_one_range);
    tcase_add_test(noting, neither_the_hole_nor_the_top_is_inside_a_range);
    tcase_add_test(noting, a_table_that_is_taken_out_at_two_places_waits_once);
    tcase_add_test(noting, more_ranges_than_there_is_place_for_are_everything);
    tcase_add_test(noting, a_pending_of_other_memory_or_none_is_refused);
    suite_add_tcase(suite, noting);
    tcase_add_checked_fixture(settling, setup, NULL);
    tcase_add_test(settling, tables_are_freed_only_if_the_shootdown_succeeds);
    tcase_add_test(settling, what_is_moved_is_settled_with_the_rest);
    tcase_add_test(settling, many_global_pages_go_by_a_change_of_pge);
    suite_add_tcase(suite, settling);
    tcase_add_checked_fixture(contexts, setup, NULL);
    tcase_add_test(contexts, a_context_that_is_current_needs_invlpg_only);
    tcase_add_test(contexts, a_context_that_is_not_current_is_reached_by_invpcid);
    tcase_add_test(contexts, without_invpcid_such_a_context_goes_by_a_change_of_pge);
    tcase_add_test(contexts, the_upper_half_is_invalidated_in_every_context);
    tcase_add_test(contexts, pcids_are_twelve_bits_and_need_cr4_pcide);
    suite_add_tcase(suite, contexts);
    return suite;
}
