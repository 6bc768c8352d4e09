/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address spaces as wholes: made, shared, taken down. Space 0 is the kernel's, space 1 gets copies. */
#include <check.h>

#include "tests/unit/page_scene.h"
#include "tests/unit/page_world.h"

static uint64_t root_entry_key(unsigned int space, unsigned int i)
{
    unsigned int top = scene.map.format.levels;

    return ((uint64_t)space << PAGE_MAP_OWNER_SHIFT) + (256 + i) * entry_bytes(top);
}

static bool has_table(unsigned int space, unsigned int i)
{
    return page_map_table(&scene.map, root_entry_key(space, i), scene.map.format.levels - 1) !=
           NULL;
}

void scene_make_space(unsigned int space)
{
    const struct dd_paging_format *format = &scene.map.format;
    struct dd_address_space *handle = &scene.spaces[space];

    if (world_available() == 0) {
        return;
    }
    ck_assert_int_eq(dd_paging_create(handle, scene.memory), DD_OK);
    ck_assert_int_eq(dd_paging_set_encryption(handle, format->encryption, format->encryption_bit),
                     DD_OK);
    if (handle->pcid_enabled) {
        ck_assert_int_eq(dd_paging_set_pcid(handle, (uint16_t)(5 + space)), DD_OK);
    }
    if (handle->format.levels != format->levels || handle->format.pages_1g != format->pages_1g ||
        handle->format.physical_width != format->physical_width ||
        handle->format.no_execute != format->no_execute) {
        world_complain("the handle does not say what the processor does");
    }
    handle->exclusive = scene.is_exclusive;
    handle->error = &scene.error;
    scene.is_alive[space] = true;
    world_roots[space] = handle->root.raw;
}

/* ---- The upper half ---- */

static void share(void)
{
    enum dd_status expected = DD_OK;

    for (unsigned int i = 0; i < PAGE_MAP_ROOT_UPPER; i++) {
        if (!scene.map.shared[i] && has_table(1, i)) {
            expected = DD_EEXIST;
        }
    }
    if (dd_paging_share_upper(&scene.spaces[1], &scene.spaces[0]) != expected) {
        world_complain("sharing: the status is another one");
    }
    for (unsigned int i = 0; expected == DD_OK && i < PAGE_MAP_ROOT_UPPER; i++) {
        scene.map.shared[i] = has_table(0, i);
    }
}

static void prepare(unsigned int allowed)
{
    unsigned int missing = 0;
    enum dd_status expected = DD_OK;

    for (unsigned int i = 0; i < PAGE_MAP_ROOT_UPPER; i++) {
        missing += !has_table(0, i);
    }
    world_begin_call();
    world.allocations_left = allowed;
    if (missing > world_available()) {
        expected = DD_ENOMEM;
    }
    for (unsigned int i = 0; expected == DD_OK && i < PAGE_MAP_ROOT_UPPER; i++) {
        page_map_add_tables(&scene.map, root_entry_key(0, i), scene.map.format.levels - 1);
    }
    if (dd_paging_prepare_upper(&scene.spaces[0]) != expected) {
        world_complain("preparing: the status is another one");
    }
    world.allocations_left = UINT32_MAX;
}

/* ---- Taking down ---- */

/* What is left of the upper half is in nobody's way; only that it is in use is known. */
static void forget(unsigned int space)
{
    struct page_map *map = &scene.map;
    uint64_t first = (uint64_t)space << PAGE_MAP_OWNER_SHIFT;
    uint64_t last = first + (UINT64_C(1) << PAGE_MAP_OWNER_SHIFT) - 1;

    page_map_remove(map, first, last);
    for (size_t i = map->table_count; i > 0; i--) {
        if (map->tables[i - 1].first >= first && map->tables[i - 1].first <= last) {
            page_map_remove_table(map, &map->tables[i - 1]);
        }
    }
}

static void destroy(unsigned int space)
{
    struct ask ask = {.space = space, .batch = 1};
    uint64_t first = (uint64_t)space << PAGE_MAP_OWNER_SHIFT;
    uint64_t last = root_entry_key(space, 0) - 1;

    world_begin_call();
    scene_stale_pages(&ask, first, last);
    page_map_remove(&scene.map, first, last);
    scene_drop_idle(&ask, first, last);
    scene.pending_tables[0]++; /* the root */
    for (size_t i = 0; i < scene.map.table_count; i++) {
        scene.lost += scene.map.tables[i].first > last &&
                      scene.map.tables[i].first >> PAGE_MAP_OWNER_SHIFT == space;
    }
    forget(space);
    scene.is_alive[space] = false;
    if (dd_paging_destroy(&scene.spaces[space], &scene.pending[0]) != DD_OK ||
        scene.pending[0].table_count != scene.pending_tables[0]) {
        world_complain("taking down: other tables are pending");
    }
    world_roots[space] = 0;
}

static void replace_second(void)
{
    if (scene.is_alive[1]) {
        dd_paging_activate(&scene.spaces[0]);
        destroy(1);
        for (unsigned int i = 0; i < PAGE_MAP_ROOT_UPPER; i++) {
            scene.map.shared[i] = false;
        }
    } else {
        scene_make_space(1);
    }
}

const char *scene_change_spaces(uint64_t number)
{
    if (number == 0) {
        prepare(UINT32_MAX);
        return "prepare the upper half";
    }
    if (number == 1) {
        prepare(100);
        return "prepare the upper half with 100 frames";
    }
    if (number % 8 == 0 || !scene.is_alive[1]) {
        replace_second();
        return "destroy or make space 1";
    }
    share();
    return "share the upper half";
}

bool scene_settle(unsigned int batch, enum dd_status (*settle)(struct dd_tlb_pending *pending))
{
    struct dd_tlb_pending *pending = &scene.pending[batch - 1];
    enum dd_status status = DD_OK;

    world_begin_call();
    world.settling = batch;
    status = settle(pending);
    world.settling = 0;
    if (status != DD_OK) {
        return false;
    }
    scene.pending_tables[batch - 1] = 0;
    if (!dd_tlb_pending_is_settled(pending) || world_is_stale(batch)) {
        world_complain("something is stale after it was settled");
    }
    return true;
}

void scene_close(void)
{
    unsigned int left = 0;

    dd_paging_activate(&scene.spaces[0]);
    if (scene.is_alive[1]) {
        destroy(1);
    }
    left = scene.lost;
    destroy(0);
    scene_settle(1, dd_tlb_settle_here);
    scene_settle(2, dd_tlb_settle_here);
    if (world.complaint == NULL && (world.frames_in_use != scene.lost || scene.lost < left)) {
        world_complain("frames are left");
    }
}
