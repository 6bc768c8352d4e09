/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paging functions against a plain model, under random operations.
 *
 * The model (paging_model.h) knows nothing of tables. It predicts the
 * status of every call, the number of tables that exist after it (from which
 * regions hold smaller pages), and where addresses lead, for a processor whose
 * TLB keeps all it may. The addresses are few, on both sides of a PML4 boundary,
 * so that operations meet each other.
 */
#include <stdlib.h>

#include "drydock/paging.h"
#include "drydock/paging_range.h"
#include "drydock/tlb.h"
#include "tests/unit/fake_paging_machine.h"
#include "tests/unit/paging_model.h"
#include "tests/unit/paging_sizes.h"
#include "tests/unit/unit.h"

enum {
    STEPS = 10000,
    FAILURES_MIN = STEPS / 5,
    FAILURES_MAX = STEPS - STEPS / 5,
};

#define FLAGS_ALL (DD_MAP_RIGHTS | DD_MAP_GLOBAL | DD_MAP_CACHE_ALL)

static struct dd_address_space space;
static struct dd_tlb_pending pending;

/* ---- Comparison ---- */

/* Where an address leads, as the model, the library and the processor say. */
struct answer {
    bool mapped;
    uint64_t physical, bytes;
    unsigned int rights;
};

static bool equal_answers(struct answer a, struct answer b)
{
    return a.mapped == b.mapped && a.physical == b.physical && a.bytes == b.bytes &&
           a.rights == b.rights;
}

static struct answer ask_model(uint64_t address)
{
    size_t i = model_find(address);

    if (i == model_page_count || model_pages[i].first > address) {
        return (struct answer){0};
    }
    return (struct answer){true, model_pages[i].physical + (address - model_pages[i].first),
                           model_pages[i].bytes, model_pages[i].flags};
}

static struct answer ask_library(uint64_t address)
{
    struct dd_translation translation;
    enum dd_status status = dd_paging_translate(&space, dd_vaddr_from(address), &translation);

    if (status == DD_ENOTMAPPED) {
        return (struct answer){0};
    }
    return (struct answer){status == DD_OK, translation.address.raw, translation.size,
                           translation.flags};
}

static struct answer ask_processor(uint64_t address)
{
    struct fake_walk walk = fake_access(&space, address);

    return (struct answer){walk.present, walk.physical, walk.page_bytes,
                           (walk.write ? DD_MAP_WRITE : 0u) | (walk.user ? DD_MAP_USER : 0u) |
                               (walk.execute ? DD_MAP_EXECUTE : 0u)};
}

static void check_address(uint64_t address)
{
    struct answer model = ask_model(address);
    struct answer rights = model;

    rights.rights &= DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE;
    ck_assert(equal_answers(ask_library(address), model) &&
              equal_answers(ask_processor(address), rights));
}

static uint64_t pick(uint64_t count)
{
    return (uint64_t)random() % count;
}

static void check_around(const struct model_request *request)
{
    ck_assert(fake_tlb_is_right(&space));
    ck_assert_uint_eq(fake.frames_in_use, model_count_frames());
    check_address(request->first);
    check_address(request->first - 1);
    check_address(request->first + request->length - 1);
    check_address(request->first + request->length);
    check_address(request->first + pick(request->length));
    check_address(T - 2 * G + pick(4 * G));
}

/* ---- Operations ---- */

static struct model_request pick_request(void)
{
    static const uint64_t sizes[] = {K, M, G};
    uint64_t size = sizes[pick(16) == 0 ? 2 : pick(2)];
    uint64_t base = T + (pick(4) - 2) * G;
    struct model_request request = {.one_page = pick(2) == 0};

    request.first = size == G ? base : T + (pick(6) - 3) * M;
    request.first += size == K ? (pick(16) - 8) * K : 0;
    request.length = size;
    if (!request.one_page) {
        request.length = size * (1 + pick(size == G ? 2 : 4)) + (pick(2) == 0 ? pick(4) * K : 0);
    }
    request.physical = request.first + 64 * G;
    if (!request.one_page && pick(4) == 0) {
        request.physical += size == K ? K : M; /* so that smaller pages must be taken */
    }
    request.flags = (unsigned int)pick(DD_MAP_ALL) & FLAGS_ALL;
    return request;
}

static enum dd_status do_map(const struct model_request *request)
{
    dd_vaddr vaddr = dd_vaddr_from(request->first);
    dd_paddr paddr = dd_paddr_from(request->physical);
    enum dd_status expected = model_predict_map(request);
    enum dd_status actual = DD_OK;
    unsigned int allowed = pick(8) == 0 ? (unsigned int)pick(4) : UINT32_MAX;

    if (expected == DD_OK) {
        unsigned int before = model_count_frames();

        model_insert(request);
        if (model_count_frames() - before > allowed) {
            model_remove(request);
            expected = DD_ENOMEM;
        }
    }
    fake.allocations_left = allowed;
    if (request->one_page) {
        actual = dd_paging_map_page(&space, vaddr, paddr, (enum dd_page_size)request->length,
                                    request->flags);
    } else {
        actual = dd_paging_map_range(&space, vaddr, paddr, request->length, request->flags);
    }
    ck_assert_int_eq(actual, expected);
    return actual;
}

static enum dd_status do_unmap(const struct model_request *request)
{
    dd_vaddr vaddr = dd_vaddr_from(request->first);
    enum dd_status expected = model_predict_unmap(request);
    struct dd_paging_entry was = {0};

    if (request->one_page) {
        ck_assert_int_eq(
            dd_paging_unmap_page(&space, vaddr, (enum dd_page_size)request->length, &pending, &was),
            expected);
        ck_assert_uint_eq(was.address.raw,
                          expected == DD_OK ? model_pages[model_find(request->first)].physical : 0);
    } else {
        ck_assert_int_eq(
            dd_paging_unmap_range(&space, vaddr, request->length, DD_PARTLY_REFUSE, &pending),
            expected);
    }
    if (expected == DD_OK) {
        model_remove(request);
    }
    return expected;
}

static enum dd_status do_protect(const struct model_request *request)
{
    dd_vaddr vaddr = dd_vaddr_from(request->first);
    struct dd_paging_change change = {FLAGS_ALL, request->flags};
    enum dd_status expected = model_predict_unmap(request);
    enum dd_status actual = DD_OK;

    if (request->one_page) {
        actual = dd_paging_protect_page(&space, vaddr, (enum dd_page_size)request->length, change,
                                        &pending);
    } else {
        actual = dd_paging_protect_range(&space, vaddr, request->length,
                                         (struct dd_paging_protection){change, DD_PARTLY_REFUSE},
                                         &pending);
    }
    ck_assert_int_eq(actual, expected);
    for (size_t i = model_find(request->first);
         expected == DD_OK && i < model_find(request->first + request->length); i++) {
        model_pages[i].flags = request->flags;
    }
    return actual;
}

/* To unmap or protect something, a request that may be for anything is moved to pages there are. */
static void aim_at_pages(struct model_request *request)
{
    if (model_page_count > 0 && pick(4) != 0) {
        size_t i = pick(model_page_count);
        size_t j = request->one_page ? i : i + pick(8);

        j = j < model_page_count ? j : model_page_count - 1;
        request->first = model_pages[i].first;
        request->length = model_pages[j].first + model_pages[j].bytes - model_pages[i].first;
    }
}

START_TEST(random_operations_agree_with_a_plain_model)
{
    static enum dd_status (*const operations[])(const struct model_request *) = {
        do_map, do_map, do_unmap, do_protect};
    size_t failures = 0;

    fake_reset();
    srandom(20240229u + (unsigned int)_i);
    model_page_count = 0;
    ck_assert_int_eq(dd_paging_create(&space, &fake_memory), DD_OK);
    for (unsigned int step = 0; step < STEPS; step++) {
        struct model_request request = pick_request();
        uint64_t which = pick(4);
        uint64_t before = fake_checksum();

        if (which >= 2) {
            aim_at_pages(&request);
        }
        fake_forget_events();
        if (operations[which](&request) != DD_OK) {
            failures++;
            ck_assert_uint_eq(fake_checksum(), before);
            ck_assert(dd_tlb_pending_is_settled(&pending));
        }
        ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
        check_around(&request);
    }
    /* Neither kind of step may be rare, or the test would test little. */
    ck_assert_uint_gt(failures, FAILURES_MIN);
    ck_assert_uint_lt(failures, FAILURES_MAX);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_random");
    TCase *model = tcase_create("model");

    tcase_set_timeout(model, 60);
    tcase_add_loop_test(model, random_operations_agree_with_a_plain_model, 0, 2);
    suite_add_tcase(suite, model);
    return suite;
}
