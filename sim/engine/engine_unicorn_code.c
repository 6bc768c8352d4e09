/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is learnt about code when Unicorn translates it: how many instructions a
 * basic block has, so that time can be counted block by block, and where its
 * system instructions are, so that a run stops before them and nowhere else.
 *
 * Unicorn reports a block after translating it and before executing it, also
 * when it is translated again because its bytes have changed. Hooks take effect
 * with the next translation; so a block in which a system instruction was found
 * is thrown away, and the run is ended and started again where it was.
 */
#include "sim/engine/engine_unicorn.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    FIRST_CAPACITY = 256,
    MAX_BLOCK = 4096, /* bytes of one basic block; Unicorn ends one at the end of a page */
    MAX_BLOCKS = 1 << 20
};

static size_t hash(uint64_t address, size_t capacity)
{
    return (size_t)((address * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (capacity - 1);
}

static struct unicorn_block *find_block(const struct unicorn_blocks *blocks, uint64_t address,
                                        uint32_t size)
{
    size_t i = hash(address, blocks->capacity);

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
    };

    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (bigger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < blocks->capacity; i++) {
        const struct unicorn_block *block = &blocks->slots[i];

        if (block->size != 0) {
            *find_block(&bigger, block->address, block->size) = *block;
        }
    }
    free(blocks->slots);
    *blocks = bigger;
    return true;
}

static void remember_block(struct unicorn_blocks *blocks, const uc_tb *block)
{
    struct unicorn_block *slot = NULL;

    if (block->size == 0) {
        return;
    }
    if (blocks->count * 2 >= blocks->capacity &&
        (blocks->count >= MAX_BLOCKS || !grow_blocks(blocks))) {
        return;
    }
    slot = find_block(blocks, block->pc, block->size);
    blocks->count += slot->size == 0;
    *slot = (struct unicorn_block){block->pc, block->size, block->icount};
}

uint32_t unicorn_count_instructions(const struct sim_engine *engine, uint64_t address,
                                    uint32_t size)
{
    const struct unicorn_block *block = NULL;

    if (engine->blocks.capacity == 0) {
        return 1;
    }
    block = find_block(&engine->blocks, address, size);
    return block->size == 0 ? 1 : block->instructions;
}

static struct unicorn_stop *find_stop(const struct unicorn_stops *stops, uint64_t address)
{
    size_t i = hash(address, stops->capacity);

    while (stops->slots[i].address != 0 && stops->slots[i].address != address) {
        i = (i + 1) & (stops->capacity - 1);
    }
    return &stops->slots[i];
}

static bool grow_stops(struct unicorn_stops *stops)
{
    struct unicorn_stops bigger = {
        .capacity = stops->capacity == 0 ? FIRST_CAPACITY : stops->capacity * 2,
        .count = stops->count,
    };

    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (bigger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < stops->capacity; i++) {
        if (stops->slots[i].address != 0) {
            *find_stop(&bigger, stops->slots[i].address) = stops->slots[i];
        }
    }
    free(stops->slots);
    *stops = bigger;
    return true;
}

/* Whether the machine lets the system instruction at an address through now; else it stops. */
static bool passes(struct sim_engine *engine, uint64_t address, uint32_t size)
{
    if (engine->passing && engine->passed == address) {
        engine->passing = false;
        return true;
    }
    if (engine->running) {
        engine->event.length = size;
    }
    unicorn_stop(engine, SIM_ENGINE_INSTRUCTION);
    return false;
}

/* An address that was asked for comes before the system instruction that may be there. */
static void on_instruction(uc_engine *unicorn, uint64_t address, uint32_t size, void *context)
{
    struct sim_engine *engine = context;
    const struct unicorn_stop *stop = find_stop(&engine->stops, address);
    bool leaves = engine->leaving && engine->reached == address;

    (void)unicorn;
    if (engine->trap.armed || unicorn_stop_at_breakpoint(engine, address)) {
        return;
    }
    if ((stop->reasons & UNICORN_STOP_REACHED) != 0 && !leaves) {
        unicorn_stop(engine, SIM_ENGINE_REACHED);
    } else if ((stop->reasons & UNICORN_STOP_INSTRUCTION) == 0 || passes(engine, address, size)) {
        engine->leaving = false;
    }
}

/* Makes the engine stop at an address from its next translation on. Whether that is new. */
static bool add_stop(struct sim_engine *engine, uint64_t address, enum unicorn_stop_reason reason)
{
    struct unicorn_stops *stops = &engine->stops;
    struct unicorn_stop *slot = NULL;

    if (stops->count * 2 >= stops->capacity && !grow_stops(stops)) {
        unicorn_stop_for_failure(engine, "out of memory");
        return false;
    }
    slot = find_stop(stops, address);
    if (address == 0 || (slot->reasons & reason) != 0) {
        return false;
    }
    slot->reasons |= reason;
    if (slot->address == address) {
        return true; /* the hook is there, but its block may have been translated before */
    }
    slot->address = address;
    stops->count++;
    return unicorn_add_hook(engine, UC_HOOK_CODE, (union unicorn_hook){.code = on_instruction},
                            (struct unicorn_range){address, address}, 0);
}

static enum sim_width code_width(struct sim_engine *engine)
{
    uint32_t modes = unicorn_modes(engine);

    if ((modes & UNICORN_MODE_CODE_64) != 0) {
        return SIM_WIDTH_64;
    }
    return (modes & UNICORN_MODE_CODE_32) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

/* Whether stops were added in a block that has already been translated without them. */
static bool add_stops(struct sim_engine *engine, uint64_t address, const uint8_t *code, size_t size)
{
    enum sim_width width = code_width(engine);
    size_t length = 0;
    bool added = false;

    for (size_t at = 0; sim_instruction_find(code, size, width, &at, &length); at += length) {
        added = add_stop(engine, address + at, UNICORN_STOP_INSTRUCTION) || added;
    }
    return added;
}

/* At CPL 3 ports may be forbidden, and Unicorn does not ask. Whether stops were added. */
static bool add_io_stops(struct sim_engine *engine, uint64_t address, const uint8_t *code,
                         size_t size)
{
    enum sim_width width = code_width(engine);
    struct sim_instruction_io io;
    size_t length = 0;
    bool added = false;

    if ((unicorn_modes(engine) & UNICORN_MODE_PRIVILEGE) != 3) {
        return false;
    }
    for (size_t at = 0; at < size; at += length) {
        length = sim_instruction_length(code + at, size - at, width);
        if (length == 0) {
            break;
        }
        added = (sim_instruction_io(code + at, length, width, &io) &&
                 add_stop(engine, address + at, UNICORN_STOP_INSTRUCTION)) ||
                added;
    }
    return added;
}

static void on_generated(uc_engine *unicorn, uc_tb *block, uc_tb *previous, void *context)
{
    struct sim_engine *engine = context;
    uint8_t code[MAX_BLOCK];
    size_t size = block->size < sizeof code ? block->size : sizeof code;
    bool added = false;

    (void)previous;
    remember_block(&engine->blocks, block);
    if (uc_vmem_read(unicorn, block->pc, UC_PROT_EXEC, code, size) != UC_ERR_OK) {
        return;
    }
    added = sim_instruction_suspect(code, size) && add_stops(engine, block->pc, code, size);
    added = add_io_stops(engine, block->pc, code, size) || added;
    if (!added) {
        return;
    }
    (void)uc_ctl_remove_cache(unicorn, block->pc, block->pc + block->size);
    unicorn_stop(engine, SIM_ENGINE_ATTENTION);
}

int sim_engine_stop_at(struct sim_engine *engine, uint64_t linear, struct sim_error *error)
{
    const struct unicorn_stops *stops = &engine->stops;

    (void)add_stop(engine, linear, UNICORN_STOP_REACHED);
    if (linear == 0 || stops->capacity == 0 || find_stop(stops, linear)->reasons == 0) {
        return sim_error_set(error, "the engine cannot stop at 0x%" PRIx64, linear);
    }
    sim_engine_forget_code(engine);
    return 0;
}

void sim_engine_leave_reached(struct sim_engine *engine)
{
    engine->leaving = true;
    engine->reached = unicorn_get(engine, UC_X86_REG_RIP);
}

bool unicorn_add_code_hooks(struct sim_engine *engine)
{
    return unicorn_add_hook(engine, UC_HOOK_EDGE_GENERATED,
                            (union unicorn_hook){.generated = on_generated}, UNICORN_EVERYWHERE, 0);
}

void unicorn_free_code(struct sim_engine *engine)
{
    free(engine->blocks.slots);
    free(engine->stops.slots);
}
