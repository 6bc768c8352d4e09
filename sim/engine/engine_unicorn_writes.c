/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which writes the client hears of. Unicorn calls a memory hook for a range of
 * physical addresses, and restores the guest's RIP before each call, which takes
 * longer than the store. So the hooks are for the pages that were asked for and
 * little more: a few ranges, which grow. Stores always take Unicorn's slow path,
 * so a hook is in effect at once.
 */
#include "sim/engine/engine_unicorn.h"

#define NEAR (UINT64_C(64) << 10) /* two pages this close share a hook, in bytes */
#define PAGE UINT64_C(4096)

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static void on_write(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size,
                     int64_t value, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    (void)type;
    (void)value;
    if (!engine->trap.armed) {
        engine->client.note_write(engine->client.context, address, (unsigned int)size);
        engine->wrote_watched = true;
    }
}

static bool add_hook(struct sim_engine *engine, struct unicorn_noted *noted)
{
    const union unicorn_hook function = {.memory = on_write};

    return uc_hook_add(engine->unicorn, &noted->hook, UC_HOOK_MEM_WRITE, function.pointer, engine,
                       noted->range.begin, noted->range.end) == UC_ERR_OK;
}

/* Bytes by which a range would have to grow to have a page in it. */
static uint64_t distance(const struct unicorn_range *range, uint64_t page)
{
    if (page < range->begin) {
        return range->begin - page;
    }
    return page + PAGE - 1 > range->end ? page + PAGE - 1 - range->end : 0;
}

static struct unicorn_noted *find_nearest(struct sim_engine *engine, uint64_t page)
{
    struct unicorn_noted *nearest = NULL;

    for (size_t i = 0; i < engine->noted_count; i++) {
        struct unicorn_noted *noted = &engine->noted[i];

        if (nearest == NULL || distance(&noted->range, page) < distance(&nearest->range, page)) {
            nearest = noted;
        }
    }
    return nearest;
}

void sim_engine_note_writes(struct sim_engine *engine, uint64_t page)
{
    struct unicorn_noted *noted = find_nearest(engine, page);

    if (noted != NULL && distance(&noted->range, page) == 0) {
        return;
    }
    if (noted == NULL ||
        (engine->noted_count < UNICORN_NOTED && distance(&noted->range, page) > NEAR)) {
        noted = &engine->noted[engine->noted_count++];
        noted->range = (struct unicorn_range){page, page + PAGE - 1};
    } else {
        (void)uc_hook_del(engine->unicorn, noted->hook);
        noted->range.begin = page < noted->range.begin ? page : noted->range.begin;
        noted->range.end = page + PAGE - 1 > noted->range.end ? page + PAGE - 1 : noted->range.end;
    }
    if (!add_hook(engine, noted)) {
        unicorn_stop_for_failure(engine, "does not take the hook of a page table");
    }
}
