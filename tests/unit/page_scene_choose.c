/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choices. A number stands for a step: what it is exactly depends on the scene, so
 * any step can be left out of a sequence and the others still mean something.
 * Places are few, at the edges of everything, so that calls meet each other.
 */
#include "tests/unit/page_scene_choose.h"

#include <string.h>

#include "sim/util/random.h"
#include "tests/unit/page_world.h"
#include "tests/unit/paging_sizes.h"

static uint64_t state;

void scene_pick_from(uint64_t seed)
{
    state = seed;
}

uint64_t scene_pick_any(void)
{
    return sim_random_next(&state);
}

uint64_t scene_pick(uint64_t count)
{
    return count == 0 ? 0 : scene_pick_any() % count;
}

bool scene_chance(uint64_t one_in)
{
    return scene_pick(one_in) == 0;
}

/* ---- The scene ---- */

uint64_t scene_canonical(uint64_t address)
{
    return page_map_address(&scene.map, page_map_key(&scene.map, 0, address));
}

static uint64_t pick_center(void)
{
    uint64_t half = scene.map.format.levels == 5 ? UINT64_C(1) << 56 : UINT64_C(1) << 47;

    switch (scene_pick(8)) {
    case 0:
        return 0;
    case 1:
        return half; /* the hole: one side or the other of it */
    case 2:
        return 0 - half;
    case 3:
        return 2 * half - G; /* the top */
    case 4:
        return T * scene_pick(200);
    case 5:
        return T * 512 * scene_pick(100);
    case 6:
        return 0 - half + T * scene_pick(100);
    default:
        return G * scene_pick(100000);
    }
}

static void pick_format(void)
{
    struct dd_paging_format *format = &scene.map.format;

    format->levels = scene_chance(2) ? 5 : 4;
    format->physical_width = (uint8_t)(36 + scene_pick(17));
    format->no_execute = !scene_chance(6);
    format->pages_1g = !scene_chance(4);
    if (scene_chance(4)) {
        format->encryption = scene_chance(2) ? DD_ENCRYPTION_SET : DD_ENCRYPTION_CLEARED;
        format->encryption_bit = format->physical_width - 1;
    }
    world.efer = format->no_execute ? 0xD00 : 0x500;
    world.cr4 = 0xA0 | (format->levels == 5 ? 0x1000 : 0) | (scene_chance(2) ? 0x20000 : 0);
    world.features = format->pages_1g ? 0x04000000 : 0;
    world.address_sizes = 0x3900u + format->physical_width;
    world.structured_features = scene_chance(2) ? 0x400 : 0;
    world.frames_zeroed = scene_chance(2);
}

void scene_open(uint64_t seed)
{
    scene_pick_from(seed);
    memset(&scene, 0, sizeof scene);
    world_reset();
    pick_format();
    scene.memory = scene_chance(2) ? world_by_window() : &world_by_function;
    scene.is_exclusive = scene_chance(2);
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
    uint64_t large = scene_chance(3) ? G : M;

    ask->size = sizes[scene_pick(scene.map.format.pages_1g ? 6 : 5)];
    ask->vaddr = scene.centers[scene_pick(SCENE_CENTERS)] + (scene_pick(4) - 2) * large;
    ask->vaddr += ask->size == DD_PAGE_4K || scene_chance(2) ? (scene_pick(16) - 8) * K : 0;
    ask->vaddr += ask->size != DD_PAGE_1G ? (scene_pick(6) - 3) * M : 0;
}

/* To change something, most calls aim at what there is. */
static void aim(const struct call *call, struct ask *ask)
{
    const struct interval *target = NULL;

    if (scene.map.interval_count == 0 || scene_chance(5)) {
        return;
    }
    target = &scene.map.intervals[scene_pick(scene.map.interval_count)];
    ask->space = (unsigned int)(target->first >> PAGE_MAP_OWNER_SHIFT);
    ask->vaddr = target->first + scene_pick(4) * scene_pick(128) * entry_bytes(target->level);
    ask->vaddr = ask->vaddr > target->last ? target->first : ask->vaddr;
    ask->size = (enum dd_page_size)entry_bytes(target->level);
    if (scene_chance(call->aims_above ? 1 : 3) && target->level < 3) {
        ask->size = (enum dd_page_size)entry_bytes(target->level + 1);
    }
    ask->length = target->last - ask->vaddr + 1;
    if (scene_chance(3)) {
        ask->length = entry_bytes(1 + (unsigned int)scene_pick(2)) * (1 + scene_pick(20));
    }
}

static void pick_length(struct ask *ask)
{
    uint64_t unit = scene_chance(3) ? K : scene_chance(3) ? G : M;

    ask->length =
        unit * (1 + scene_pick(unit == G ? 3 : 6)) + (scene_chance(2) ? scene_pick(512) * K : 0);
    if (scene_chance(50)) {
        ask->length = T * (1 + scene_pick(600));
    }
}

static void pick_physical(struct ask *ask)
{
    uint64_t offset = ask->vaddr % G;

    ask->paddr = G * scene_pick(16) + offset;
    if (scene_chance(4)) {
        ask->paddr += scene_chance(2) ? K : M;
    }
}

unsigned int scene_pick_flags(void)
{
    unsigned int flags = (unsigned int)scene_pick(DD_MAP_ALL + 1) & DD_MAP_ALL;

    flags &= scene_chance(2)
                 ? DD_MAP_RIGHTS | DD_MAP_GLOBAL | DD_MAP_WRITE_THROUGH | DD_MAP_UNCACHED
                 : DD_MAP_ALL;
    if (scene.map.format.encryption == DD_ENCRYPTION_NONE) {
        flags &= ~(unsigned int)DD_MAP_ENCRYPTED;
    }
    return scene_chance(2) ? flags & (unsigned int)scene_pick(DD_MAP_ALL + 1) : flags;
}

/* One argument that is wrong. */
static void spoil(struct ask *ask)
{
    switch (scene_pick(10)) {
    case 0:
        ask->vaddr += 1 + scene_pick(4095);
        break;
    case 1:
        ask->vaddr ^= UINT64_C(1) << (scene.map.format.levels == 5 ? 57 + scene_pick(7)
                                                                   : 48 + scene_pick(16));
        break;
    case 2:
        ask->size = (enum dd_page_size)(scene_pick(2) * 0x3000);
        ask->length = 0;
        break;
    case 3:
        ask->flags |= scene_chance(8) ? 1u : 1u << (25 + scene_pick(7));
        ask->mask |= 1u << (24 + scene_pick(8));
        break;
    case 4:
        ask->paddr += 1 + scene_pick(4095);
        break;
    case 5:
        ask->paddr |= UINT64_C(1) << (52 + scene_pick(12));
        break;
    case 6:
        ask->length = UINT64_MAX - 0xFFF - scene_pick(3) * T;
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

struct ask scene_pick_ask(const struct call *call)
{
    struct ask ask = {.space = scene.is_alive[1] && scene_chance(3) ? 1 : 0, .batch = 1};

    if (scene_chance(5)) {
        ask.batch = 2;
    }
    pick_place(&ask);
    pick_length(&ask);
    if (call->name[0] != 'm' || call->name[1] != 'a') { /* all but map_… */
        aim(call, &ask);
    }
    if (!call->is_range || scene_chance(2)) {
        ask.vaddr -= ask.vaddr % (uint64_t)ask.size;
    }
    ask.vaddr = scene_canonical(ask.vaddr);
    pick_physical(&ask);
    ask.flags = scene_pick_flags();
    ask.mask = scene_chance(2)   ? scene_pick_flags()
               : scene_chance(2) ? DD_MAP_RIGHTS
                                 : 2u << scene_pick(22);
    ask.mask &=
        scene.map.format.encryption == DD_ENCRYPTION_NONE ? ~(unsigned int)DD_MAP_ENCRYPTED : ~0u;
    ask.value = scene_pick_any() & ~UINT64_C(1);
    ask.partly = scene_chance(2) ? DD_PARTLY_SPLIT : DD_PARTLY_REFUSE;
    if (scene_chance(24)) {
        spoil(&ask);
    }
    return ask;
}

const struct call *scene_pick_call(void)
{
    static const struct call *const lists[] = {page_calls, range_calls};
    uint64_t sum = 0;
    uint64_t at = 0;

    for (size_t i = 0; i < 2; i++) {
        for (const struct call *call = lists[i]; call->name != NULL; call++) {
            sum += call->weight;
        }
    }
    at = scene_pick(sum);
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
