/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known about basic blocks, and what happens whenever one is entered:
 * time is counted, and the run ends if the machine has to look first. This is
 * called more often than anything else, for each few instructions of the guest.
 */
#include "sim/engine/engine_unicorn.h"

#include <stdlib.h>

enum {
    FIRST_CAPACITY = 256,
    MAX_BLOCKS = 1 << 20
};

#define RFLAGS_IF (UINT64_C(1) << 9)

static struct unicorn_block *find_slot(const struct unicorn_blocks *blocks, uint64_t address,
                                       uint32_t size)
{
    size_t i = unicorn_hash(address, blocks->capacity);

    while (blocks->slots[i].size != 0 &&
           (blocks->slots[i].address != address || blocks->slots[i].size != size)) {
        i = (i + 1) & (blocks->capacity - 1);
    }
    return &blocks->slots[i];
}

static bool grow_blocks(struct unicorn_blocks *blocks)
{
    struct unicorn_blocks bigger = {
        .capacity = blocks->capacity == 0 ? FIRST_CAPACITY : blocks->capacity * 2,
        .count = blocks->count,
        .check_count = blocks->check_count,
    };

    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (bigger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < blocks->capacity; i++) {
        const struct unicorn_block *block = &blocks->slots[i];

        if (block->size != 0) {
            *find_slot(&bigger, block->address, block->size) = *block;
        }
    }
    free(blocks->slots);
    *blocks = bigger;
    return true;
}

void unicorn_remember_block(struct sim_engine *engine, const uc_tb *block, bool may_enable)
{
    struct unicorn_blocks *blocks = &engine->blocks;
    struct unicorn_block *slot = NULL;

    if (block->size == 0) {
        return;
    }
    if (blocks->count * 2 >= blocks->capacity &&
        (blocks->count >= MAX_BLOCKS || !grow_blocks(blocks))) {
        return;
    }
    slot = find_slot(blocks, block->pc, block->size);
    blocks->count += slot->size == 0;
    *slot = (struct unicorn_block){block->pc, block->size, block->icount, slot->checks,
                                   slot->may_enable || may_enable};
}

struct unicorn_block *unicorn_find_block(const struct sim_engine *engine, uint64_t address,
                                         uint32_t size)
{
    struct unicorn_block *block = NULL;

    if (engine->blocks.capacity != 0) {
        block = find_slot(&engine->blocks, address, size);
    }
    return block != NULL && block->size != 0 ? block : NULL;
}

void unicorn_free_blocks(struct sim_engine *engine)
{
    for (size_t i = 0; i < engine->blocks.capacity; i++) {
        unicorn_forget_checks(&engine->blocks, &engine->blocks.slots[i]);
    }
    free(engine->blocks.slots);
}

/* Whether interrupts are enabled. Reading RFLAGS takes as long as a block. */
static bool is_enabled(struct sim_engine *engine)
{
    if (!engine->disabled) {
        engine->disabled = (unicorn_get(engine, UC_X86_REG_RFLAGS) & RFLAGS_IF) == 0;
    }
    return !engine->disabled;
}

/* Whether something has to be done before the block that is about to be executed. */
static bool needs_attention(struct sim_engine *engine)
{
    bool wanted = false;

    if (engine->look) {
        engine->look = false;
        engine->attention = engine->client.look(engine->client.context) || engine->attention;
    }
    wanted = engine->attention || engine->clock.now >= engine->deadline ||
             (engine->interrupt_waiting && is_enabled(engine));
    return wanted && !sim_engine_interrupt_shadow(engine);
}

/* A block that does not follow the last one was led to by the branch at that one's end. */
static void note_branch(struct sim_engine *engine, uint64_t address)
{
    struct sim_engine_event *event = &engine->event;

    if (address - event->block > event->block_size) {
        event->branch = (struct sim_engine_block){event->block, event->block_size};
    }
}

static void enter_block(struct sim_engine *engine, uint64_t address, uint32_t size,
                        const struct unicorn_block *block)
{
    engine->disabled = engine->disabled && block != NULL && !block->may_enable;
    engine->event.block = address;
    engine->event.block_size = size;
    engine->clock.in_block = true;
}

/* Whether the machine has to look first; a block that is gone on with was looked at. */
static bool is_to_stop_before(struct sim_engine *engine, struct unicorn_block *block)
{
    if (engine->passing) {
        return false;
    }
    return (block != NULL && block->checks != NULL &&
            !unicorn_is_aligned_on_entry(engine, block)) ||
           (!engine->leaving && needs_attention(engine));
}

static void on_block(uc_engine *unicorn, uint64_t address, uint32_t size, void *context)
{
    struct sim_engine *engine = context;
    struct unicorn_block *block = NULL;

    (void)unicorn;
    engine->access.whole.size = 0;
    if (engine->trap.armed) {
        return;
    }
    block = unicorn_find_block(engine, address, size);
    engine->clock.in_block = false;
    if (engine->wrote_watched) {
        engine->wrote_watched = false;
        engine->client.settle_writes(engine->client.context);
    }
    if (engine->step.running && unicorn_step_is_over(engine)) {
        unicorn_stop(engine, SIM_ENGINE_STEPPED);
        return;
    }
    engine->step.instruction = address;
    if (engine->clock.held && unicorn_continues_block(engine, address)) {
        enter_block(engine, address, size, block);
    } else if (engine->blocks_left == 0) {
        unicorn_stop(engine, SIM_ENGINE_BUDGET);
    } else if (is_to_stop_before(engine, block)) {
        unicorn_stop(engine, SIM_ENGINE_ATTENTION);
    } else {
        engine->blocks_left -= engine->passing || engine->leaving ? 0 : 1;
        note_branch(engine, address);
        enter_block(engine, address, size, block);
        unicorn_count_block(engine, address + size, block == NULL ? 1 : block->instructions);
    }
}

bool unicorn_add_block_hook(struct sim_engine *engine)
{
    return unicorn_add_hook(engine, UC_HOOK_BLOCK, (union unicorn_hook){.code = on_block},
                            UNICORN_EVERYWHERE, 0);
}
