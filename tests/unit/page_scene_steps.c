/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps. A number stands for a step: what it is exactly depends on the scene, so
 * any step can be left out of a sequence and the others still mean something.
 * Places are few, at the edges of everything, so that calls meet each other.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/mmu/mmu_walk.h"
#include "sim/util/random.h"
#include "tests/unit/page_scene.h"
#include "tests/unit/page_world.h"
#include "tests/unit/paging_sizes.h"

enum {
    INTERVALS_MANY = 300
};

static uint64_t state;
static char words[256];
static bool succeeded;

static uint64_t pick(uint64_t count)
{
    return count == 0 ? 0 : sim_random_next(&state) % count;
}

static bool are_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

static bool chance(uint64_t one_in)
{
    return pick(one_in) == 0;
}

const char *scene_words(void)
{
    return words;
}

bool scene_succeeded(void)
{
    return succeeded;
}

/* ---- The scene ---- */

static uint64_t canonical(uint64_t address)
{
    return page_map_address(&scene.map, page_map_key(&scene.map, 0, address));
}

static uint64_t pick_center(void)
{
    uint64_t half = scene.map.format.levels == 5 ? UINT64_C(1) << 56 : UINT64_C(1) << 47;

    switch (pick(8)) {
    case 0:
        return 0;
    case 1:
        return half; /* the hole: one side or the other of it */
    case 2:
        return 0 - half;
    case 3:
        return 2 * half - G; /* the top */
    case 4:
        return T * pick(200);
    case 5:
        return T * 512 * pick(100);
    case 6:
        return 0 - half + T * pick(100);
    default:
        return G * pick(100000);
    }
}

static void pick_format(void)
{
    struct dd_paging_format *format = &scene.map.format;

    format->levels = chance(2) ? 5 : 4;
    format->physical_width = (uint8_t)(36 + pick(17));
    format->no_execute = !chance(6);
    format->pages_1g = !chance(4);
    if (chance(4)) {
        format->encryption = chance(2) ? DD_ENCRYPTION_SET : DD_ENCRYPTION_CLEARED;
        format->encryption_bit = format->physical_width - 1;
    }
    world.efer = format->no_execute ? 0xD00 : 0x500;
    world.cr4 = 0xA0 | (format->levels == 5 ? 0x1000 : 0) | (chance(2) ? 0x20000 : 0);
    world.features = format->pages_1g ? 0x04000000 : 0;
    world.address_sizes = 0x3900u + format->physical_width;
    world.structured_features = chance(2) ? 0x400 : 0;
    world.frames_zeroed = chance(2);
}

void scene_open(uint64_t seed)
{
    state = seed;
    memset(&scene, 0, sizeof scene);
    world_reset();
    pick_format();
    scene.memory = chance(2) ? world_by_window() : &world_by_function;
    for (unsigned int space = 0; space < PAGE_MAP_SPACES; space++) {
        scene_make_space(space);
    }
    for (size_t i = 0; i < SCENE_BATCHES; i++) {
        dd_tlb_pending_init(&scene.pending[i]);
    }
    for (size_t i = 0; i < SCENE_CENTERS; i++) {
        scene.centers[i] = pick_center();
    }
}

/* ---- What is asked ---- */

static void pick_place(struct ask *ask)
{
    static const enum dd_page_size sizes[] = {DD_PAGE_4K, DD_PAGE_4K, DD_PAGE_4K,
                                              DD_PAGE_2M, DD_PAGE_2M, DD_PAGE_1G};
    uint64_t large = chance(3) ? G : M;

    ask->size = sizes[pick(scene.map.format.pages_1g ? 6 : 5)];
    ask->vaddr = scene.centers[pick(SCENE_CENTERS)] + (pick(4) - 2) * large;
    ask->vaddr += ask->size == DD_PAGE_4K || chance(2) ? (pick(16) - 8) * K : 0;
    ask->vaddr += ask->size != DD_PAGE_1G ? (pick(6) - 3) * M : 0;
}

/* To change something, most calls aim at what there is. */
static void aim(const struct call *call, struct ask *ask)
{
    const struct interval *target = NULL;

    if (scene.map.interval_count == 0 || chance(5)) {
        return;
    }
    target = &scene.map.intervals[pick(scene.map.interval_count)];
    ask->space = (unsigned int)(target->first >> PAGE_MAP_OWNER_SHIFT);
    ask->vaddr = target->first + pick(4) * pick(128) * entry_bytes(target->level);
    ask->vaddr = ask->vaddr > target->last ? target->first : ask->vaddr;
    ask->size = (enum dd_page_size)entry_bytes(target->level);
    if (chance(call->aims_above ? 1 : 3) && target->level < 3) {
        ask->size = (enum dd_page_size)entry_bytes(target->level + 1);
    }
    ask->length = target->last - ask->vaddr + 1;
    if (chance(3)) {
        ask->length = entry_bytes(1 + (unsigned int)pick(2)) * (1 + pick(20));
    }
}

static void pick_length(struct ask *ask)
{
    uint64_t unit = chance(3) ? K : chance(3) ? G : M;

    ask->length = unit * (1 + pick(unit == G ? 3 : 6)) + (chance(2) ? pick(512) * K : 0);
    if (chance(50)) {
        ask->length = T * (1 + pick(600));
    }
}

static void pick_physical(struct ask *ask)
{
    uint64_t offset = ask->vaddr % G;

    ask->paddr = G * pick(16) + offset;
    if (chance(4)) {
        ask->paddr += chance(2) ? K : M;
    }
}

static unsigned int pick_flags(void)
{
    unsigned int flags = (unsigned int)pick(DD_MAP_ALL + 1) & DD_MAP_ALL;

    flags &= chance(2) ? DD_MAP_RIGHTS | DD_MAP_GLOBAL | DD_MAP_WRITE_THROUGH | DD_MAP_UNCACHED
                       : DD_MAP_ALL;
    if (scene.map.format.encryption == DD_ENCRYPTION_NONE) {
        flags &= ~(unsigned int)DD_MAP_ENCRYPTED;
    }
    return chance(2) ? flags & (unsigned int)pick(DD_MAP_ALL + 1) : flags;
}

/* One argument that is wrong. */
static void spoil(struct ask *ask)
{
    switch (pick(10)) {
    case 0:
        ask->vaddr += 1 + pick(4095);
        break;
    case 1:
        ask->vaddr ^= UINT64_C(1) << (scene.map.format.levels == 5 ? 57 + pick(7) : 48 + pick(16));
        break;
    case 2:
        ask->size = (enum dd_page_size)(pick(2) * 0x3000);
        ask->length = 0;
        break;
    case 3:
        ask->flags |= chance(8) ? 1u : 1u << (25 + pick(7));
        ask->mask |= 1u << (24 + pick(8));
        break;
    case 4:
        ask->paddr += 1 + pick(4095);
        break;
    case 5:
        ask->paddr |= UINT64_C(1) << (52 + pick(12));
        break;
    case 6:
        ask->length = UINT64_MAX - 0xFFF - pick(3) * T;
        break;
    case 7:
        ask->batch = 0;
        break;
    case 8:
        ask->paddr = (UINT64_C(1) << scene.map.format.physical_width) - ask->size;
        break;
    default:
        ask->size = DD_PAGE_1G;
        ask->value |= 1;
    }
}

static struct ask pick_ask(const struct call *call)
{
    struct ask ask = {.space = scene.is_alive[1] && chance(3) ? 1 : 0, .batch = 1};

    if (chance(5)) {
        ask.batch = 2;
    }
    pick_place(&ask);
    pick_length(&ask);
    if (call->name[0] != 'm' || call->name[1] != 'a') { /* all but map_… */
        aim(call, &ask);
    }
    if (!call->is_range || chance(2)) {
        ask.vaddr -= ask.vaddr % (uint64_t)ask.size;
    }
    ask.vaddr = canonical(ask.vaddr);
    pick_physical(&ask);
    ask.flags = pick_flags();
    ask.mask = chance(2) ? pick_flags() : chance(2) ? DD_MAP_RIGHTS : 2u << pick(22);
    ask.mask &=
        scene.map.format.encryption == DD_ENCRYPTION_NONE ? ~(unsigned int)DD_MAP_ENCRYPTED : ~0u;
    ask.value = sim_random_next(&state) & ~UINT64_C(1);
    ask.partly = chance(2) ? DD_PARTLY_SPLIT : DD_PARTLY_REFUSE;
    if (chance(24)) {
        spoil(&ask);
    }
    return ask;
}

static const struct call *pick_call(void)
{
    static const struct call *const lists[] = {page_calls, range_calls};
    uint64_t sum = 0;
    uint64_t at = 0;

    for (size_t i = 0; i < 2; i++) {
        for (const struct call *call = lists[i]; call->name != NULL; call++) {
            sum += call->weight;
        }
    }
    at = pick(sum);
    for (const struct call *call = page_calls;;) {
        if (call->name == NULL) {
            call = range_calls;
        }
        if (at < call->weight) {
            return call;
        }
        at -= call->weight;
        call++;
    }
}

/* ---- Calls ---- */

static void check_around(const struct ask *ask, bool is_range)
{
    uint64_t length = is_range ? ask->length : (uint64_t)ask->size;
    uint64_t last = ask->vaddr + length - 1;

    scene_check_address(ask->space, canonical(ask->vaddr));
    scene_check_address(ask->space, canonical(ask->vaddr - 1));
    scene_check_address(ask->space, canonical(last));
    scene_check_address(ask->space, canonical(last + 1));
    if (length > 0) {
        scene_check_address(ask->space, canonical(ask->vaddr + pick(length)));
    }
    if (scene.map.interval_count > 0) {
        const struct interval *other = &scene.map.intervals[pick(scene.map.interval_count)];
        uint64_t key = chance(2) ? other->first : other->last;

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
    const struct call *call = pick_call();
    struct ask ask = pick_ask(call);
    struct dd_tlb_pending before[SCENE_BATCHES];
    enum dd_status expected = DD_OK;
    enum dd_status actual = DD_OK;
    size_t stale = world.stale_count;

    memcpy(before, scene.pending, sizeof before);
    world_begin_call();
    world.allocations_left = chance(8) ? (unsigned int)pick(5) : UINT32_MAX;
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
    struct dd_invlpgb processor = {.count_max = (uint32_t)pick(600),
                                   .linear_width = scene.map.format.levels == 5 ? 57 : 48};
    bool fails = chance(4);

    switch (pick(3)) {
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
    unsigned int from = 1 + (unsigned int)pick(2);
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
    unsigned int space = scene.is_alive[1] ? (unsigned int)pick(2) : 0;

    (void)snprintf(words, sizeof words, "activate space %u", space);
    if (chance(2) || dd_paging_activate_keep(&scene.spaces[space]) != DD_OK) {
        dd_paging_activate(&scene.spaces[space]);
    }
}

/* The processor uses an address. */
static void access(void)
{
    struct ask ask = pick_ask(&page_calls[2]);
    struct sim_cpu cpu = scene_cpu(ask.space);
    struct sim_access how = {canonical(ask.vaddr), chance(2) ? SIM_ACCESS_WRITE : SIM_ACCESS_READ,
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
    gone = scene.map.intervals[pick(scene.map.interval_count)];
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
    table = &scene.map.tables[pick(scene.map.table_count)];
    if (table->level + 1 == scene.map.format.levels &&
        page_map_is_upper(&scene.map, table->first)) {
        return;
    }
    (void)snprintf(words, sizeof words, "restrict table %#llx", (unsigned long long)table->first);
    table->rights =
        page_map_flags(&scene.map, chance(2) ? DD_MAP_RIGHTS : pick_flags() & DD_MAP_RIGHTS);
    entry = scene_entry(table->first, table->level + 1);
    *entry &= ~UINT64_C(0x8000000000000006);
    *entry |= (table->rights & DD_MAP_WRITE) != 0 ? 2 : 0;
    *entry |= (table->rights & DD_MAP_USER) != 0 ? 4 : 0;
    *entry |= (table->rights & DD_MAP_EXECUTE) == 0 ? UINT64_C(1) << 63 : 0;
}

void scene_step(uint64_t seed)
{
    state = seed;
    world.complaint = NULL;
    succeeded = true;
    words[0] = '\0';
    if (world.stale_count > WORLD_STALE / 2) {
        scene_settle(1, dd_tlb_settle_here);
        scene_settle(2, dd_tlb_settle_here);
    }
    while (scene.map.interval_count > INTERVALS_MANY) {
        empty_by_hand();
    }
    switch (pick(40)) {
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
        settle(chance(2) ? 1 : 2);
        break;
    case 10:
        (void)snprintf(words, sizeof words, "%s", scene_change_spaces(pick(64)));
        break;
    default:
        call_library();
    }
}
