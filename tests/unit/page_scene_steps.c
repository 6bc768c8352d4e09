/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps: calls and everything else that happens to the scene, each one as a number chooses it. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/page_scene_choose.h"
#include "tests/unit/page_world.h"
#include "tests/unit/paging_sizes.h"

enum {
    INTERVALS_MANY = 300
};

static char words[256];
static bool succeeded;

static bool are_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

const char *scene_words(void)
{
    return words;
}

bool scene_succeeded(void)
{
    return succeeded;
}

/* ---- Calls ---- */

static void check_around(const struct ask *ask, bool is_range)
{
    uint64_t length = is_range ? ask->length : (uint64_t)ask->size;
    uint64_t last = ask->vaddr + length - 1;

    scene_check_address(ask->space, scene_canonical(ask->vaddr));
    scene_check_address(ask->space, scene_canonical(ask->vaddr - 1));
    scene_check_address(ask->space, scene_canonical(last));
    scene_check_address(ask->space, scene_canonical(last + 1));
    if (length > 0) {
        scene_check_address(ask->space, scene_canonical(ask->vaddr + scene_pick(length)));
    }
    if (scene.map.interval_count > 0) {
        const struct interval *other = &scene.map.intervals[scene_pick(scene.map.interval_count)];
        uint64_t key = scene_chance(2) ? other->first : other->last;

        scene_check_address((unsigned int)(key >> PAGE_MAP_OWNER_SHIFT),
                            page_map_address(&scene.map, key));
    }
}

static void check_call(enum dd_status expected, enum dd_status actual)
{
    if (actual != expected) {
        world_complain("the status is another one");
    }
    if (actual != DD_OK && scene.error.status != actual) {
        world_complain("the error of the handle is another one");
    }
    for (unsigned int i = 0; i < SCENE_BATCHES; i++) {
        const struct dd_tlb_pending *pending = &scene.pending[i];

        if (pending->table_count != scene.pending_tables[i]) {
            world_complain("other tables are pending");
        }
        if (dd_tlb_pending_is_settled(pending) && world_is_stale(i + 1)) {
            world_complain("nothing is pending, but something is stale");
        }
    }
}

static void call_library(void)
{
    const struct call *call = scene_pick_call();
    struct ask ask = scene_pick_ask(call);
    struct dd_tlb_pending before[SCENE_BATCHES];
    enum dd_status expected = DD_OK;
    enum dd_status actual = DD_OK;
    size_t stale = world.stale_count;

    memcpy(before, scene.pending, sizeof before);
    world_begin_call();
    world.allocations_left = scene_chance(8) ? (unsigned int)scene_pick(5) : UINT32_MAX;
    expected = call->predict(&ask);
    (void)snprintf(
        words, sizeof words,
        "%s space %u, %#llx -> %#llx, size %#x, length %#llx, flags %#x, mask %#x, value %#llx,"
        " %s, batch %u, %u frames: %s expected",
        call->name, ask.space, (unsigned long long)ask.vaddr, (unsigned long long)ask.paddr,
        (unsigned int)ask.size, (unsigned long long)ask.length, ask.flags, ask.mask,
        (unsigned long long)ask.value, ask.partly == DD_PARTLY_SPLIT ? "split" : "refuse",
        ask.batch, world.allocations_left, dd_status_name(expected));
    actual = call->perform(&ask);
    succeeded = actual == DD_OK;
    check_call(expected, actual);
    if (expected != DD_OK &&
        (!are_same(before, scene.pending, sizeof before) || stale != world.stale_count)) {
        world_complain("a call that failed left something pending");
    }
    world.allocations_left = UINT32_MAX;
    if (world.complaint == NULL) {
        check_around(&ask, call->is_range);
    }
}

/* ---- Other steps ---- */

static enum dd_status flush_hook(void *context, const struct dd_tlb_request *request)
{
    if (*(const bool *)context) {
        return DD_ETIMEOUT;
    }
    dd_tlb_flush(request);
    return DD_OK;
}

static enum dd_status settle_by_some_means(struct dd_tlb_pending *pending)
{
    struct dd_invlpgb processor = {.count_max = (uint32_t)scene_pick(600),
                                   .linear_width = scene.map.format.levels == 5 ? 57 : 48};
    bool fails = scene_chance(4);

    switch (scene_pick(3)) {
    case 0:
        return dd_tlb_settle_by(pending, flush_hook, &fails);
    case 1:
        return dd_tlb_settle_by(pending, dd_tlb_shootdown_invlpgb, &processor);
    default:
        return dd_tlb_settle_here(pending);
    }
}

static void settle(unsigned int batch)
{
    struct dd_tlb_pending *pending = &scene.pending[batch - 1];
    struct dd_tlb_pending before = *pending;

    (void)snprintf(words, sizeof words, "settle batch %u", batch);
    if (!scene_settle(batch, settle_by_some_means) && !are_same(&before, pending, sizeof before)) {
        world_complain("a shoot-down that failed left something else pending");
    }
}

static void move_batch(void)
{
    unsigned int from = 1 + (unsigned int)scene_pick(2);
    unsigned int into = 3 - from;

    (void)snprintf(words, sizeof words, "move batch %u into %u", from, into);
    if (dd_tlb_pending_move(&scene.pending[into - 1], &scene.pending[from - 1]) != DD_OK ||
        !dd_tlb_pending_is_settled(&scene.pending[from - 1])) {
        world_complain("a batch cannot be moved");
    }
    scene.pending_tables[into - 1] += scene.pending_tables[from - 1];
    scene.pending_tables[from - 1] = 0;
    world_move_stale(into, from);
}

static void activate(void)
{
    unsigned int space = scene.is_alive[1] ? (unsigned int)scene_pick(2) : 0;

    (void)snprintf(words, sizeof words, "activate space %u", space);
    if (scene_chance(2) || dd_paging_activate_keep(&scene.spaces[space]) != DD_OK) {
        dd_paging_activate(&scene.spaces[space]);
    }
}

/* The processor uses an address. */
static void access(void)
{
    struct ask ask = scene_pick_ask(&page_calls[2]);
    struct sim_cpu cpu = scene_cpu(ask.space);
    struct sim_access how = {scene_canonical(ask.vaddr),
                             scene_chance(2) ? SIM_ACCESS_WRITE : SIM_ACCESS_READ,
                             SIM_MODE_SUPERVISOR};
    struct sim_walk walk = sim_mmu_walk(&cpu, world_memory(), how);
    uint64_t key = page_map_key(&scene.map, ask.space, how.linear);
    struct interval *page = page_map_at(&scene.map, key);

    (void)snprintf(words, sizeof words, "access %#llx", (unsigned long long)how.linear);
    if (scene.map.format.encryption == DD_ENCRYPTION_SET) {
        return;
    }
    sim_mmu_mark(world_memory(), &walk, how.kind);
    if (walk.outcome == SIM_WALK_MAPPED && page != NULL) {
        uint64_t first = key & ~(entry_bytes(page->level) - 1);
        uint64_t after = first + entry_bytes(page->level);

        page_map_cut(&scene.map, first);
        page_map_cut(&scene.map, after);
        page_map_at(&scene.map, key)->flags |=
            DD_MAP_ACCESSED | (how.kind == SIM_ACCESS_WRITE ? DD_MAP_DIRTY : 0u);
    }
}

/* The kernel empties entries itself, and leaves the tables. It has flushed them, too. */
static void empty_by_hand(void)
{
    struct interval gone;

    if (scene.map.interval_count == 0) {
        return;
    }
    gone = scene.map.intervals[scene_pick(scene.map.interval_count)];
    (void)snprintf(words, sizeof words, "empty %#llx by hand", (unsigned long long)gone.first);
    for (uint64_t key = gone.first; key < gone.last; key += entry_bytes(gone.level)) {
        *scene_entry(key, gone.level) = 0;
    }
    page_map_remove(&scene.map, gone.first, gone.last);
}

/* Another kernel's table: it withholds rights from all below. */
static void restrict_table(void)
{
    struct table *table = NULL;
    uint64_t *entry = NULL;

    if (scene.map.table_count == 0) {
        return;
    }
    table = &scene.map.tables[scene_pick(scene.map.table_count)];
    if (table->level + 1 == scene.map.format.levels &&
        page_map_is_upper(&scene.map, table->first)) {
        return;
    }
    (void)snprintf(words, sizeof words, "restrict table %#llx", (unsigned long long)table->first);
    table->rights = page_map_flags(
        &scene.map, scene_chance(2) ? DD_MAP_RIGHTS : scene_pick_flags() & DD_MAP_RIGHTS);
    entry = scene_entry(table->first, table->level + 1);
    *entry &= ~UINT64_C(0x8000000000000006);
    *entry |= (table->rights & DD_MAP_WRITE) != 0 ? 2 : 0;
    *entry |= (table->rights & DD_MAP_USER) != 0 ? 4 : 0;
    *entry |= (table->rights & DD_MAP_EXECUTE) == 0 ? UINT64_C(1) << 63 : 0;
}

void scene_step(uint64_t seed)
{
    scene_pick_from(seed);
    world.complaint = NULL;
    succeeded = true;
    words[0] = '\0';
    if (world.stale_count > WORLD_STALE / 16) {
        scene_settle(1, dd_tlb_settle_here);
        scene_settle(2, dd_tlb_settle_here);
    }
    while (scene.map.interval_count > INTERVALS_MANY) {
        empty_by_hand();
    }
    switch (scene_pick(40)) {
    case 0:
        activate();
        break;
    case 1:
        move_batch();
        break;
    case 2:
    case 3:
        access();
        break;
    case 4:
        empty_by_hand();
        break;
    case 5:
        restrict_table();
        break;
    case 6:
    case 7:
    case 8:
    case 9:
        settle(scene_chance(2) ? 1 : 2);
        break;
    case 10:
        (void)snprintf(words, sizeof words, "%s", scene_change_spaces(scene_pick(64)));
        break;
    default:
        call_library();
    }
}
