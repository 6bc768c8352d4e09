/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses the engine stops at: hooks, with what to do there in a table. They
 * are never taken away. A hook takes effect with the next translation of its
 * block.
 */
#include "sim/engine/engine_unicorn.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    FIRST_CAPACITY = 256
};

static struct unicorn_stop *find_stop(const struct unicorn_stops *stops, uint64_t address)
{
    size_t i = unicorn_hash(address, stops->capacity);

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

/* Whether the machine lets the instruction at an address through now; else it stops. */
static bool passes(struct sim_engine *engine, const struct unicorn_stop *stop, size_t length)
{
    if (engine->passing && engine->passed == stop->address) {
        engine->passing = false;
        return true;
    }
    if (engine->running) {
        engine->event.length = length;
    }
    unicorn_stop(engine, SIM_ENGINE_INSTRUCTION);
    return false;
}

/* Length of the instruction the machine looks at; 0: it does not. Code is overwritten, and other
 * address spaces have other code at the same address. */
static size_t find_looked_at(struct sim_engine *engine, const struct unicorn_stop *stop)
{
    size_t length = 0;

    if ((stop->reasons & UNICORN_STOP_INSTRUCTION) != 0) {
        length = unicorn_system_instruction(engine, stop->address, stop->length);
    }
    if (length == 0 && (stop->reasons & UNICORN_STOP_MISALIGNED) != 0 &&
        unicorn_is_misaligned(engine, &stop->operand)) {
        length = stop->length;
    }
    return length;
}

/* An address that was asked for comes before the system instruction that may be there. */
static void on_instruction(uc_engine *unicorn, uint64_t address, uint32_t size, void *context)
{
    struct sim_engine *engine = context;
    const struct unicorn_stop *stop = find_stop(&engine->stops, address);
    bool leaves = engine->leaving && engine->reached == address;
    size_t length = 0;

    (void)unicorn;
    (void)size; /* too small for an instruction that Unicorn does not know */
    if (engine->trap.armed || unicorn_stop_at_breakpoint(engine, address)) {
        return;
    }
    if ((stop->reasons & UNICORN_STOP_REACHED) != 0 && !leaves) {
        unicorn_stop(engine, SIM_ENGINE_REACHED);
        return;
    }
    engine->look = engine->look || (stop->reasons & UNICORN_STOP_LOOK) != 0;
    length = find_looked_at(engine, stop);
    if (length == 0 || passes(engine, stop, length)) {
        engine->leaving = false;
    }
}

/* Makes the engine stop at an address from its next translation on. Whether that is new. */
static bool add_stop(struct sim_engine *engine, uint64_t address, size_t length,
                     enum unicorn_stop_reason reason)
{
    struct unicorn_stops *stops = &engine->stops;
    struct unicorn_stop *slot = NULL;

    if (stops->count * 2 >= stops->capacity && !grow_stops(stops)) {
        unicorn_stop_for_failure(engine, "out of memory");
        return false;
    }
    slot = find_stop(stops, address);
    slot->length = length > 0 ? length : slot->length;
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

bool unicorn_stop_at_instruction(struct sim_engine *engine, uint64_t address, size_t length)
{
    return add_stop(engine, address, length, UNICORN_STOP_INSTRUCTION);
}

bool unicorn_look_after(struct sim_engine *engine, uint64_t address)
{
    return add_stop(engine, address, 0, UNICORN_STOP_LOOK);
}

bool unicorn_stop_if_misaligned(struct sim_engine *engine, uint64_t address, size_t length,
                                const struct sim_aligned_operand *operand)
{
    bool added = add_stop(engine, address, length, UNICORN_STOP_MISALIGNED);

    if (unicorn_stops_if_misaligned(engine, address)) {
        find_stop(&engine->stops, address)->operand = *operand;
    }
    return added;
}

bool unicorn_stops_if_misaligned(const struct sim_engine *engine, uint64_t address)
{
    return engine->stops.capacity != 0 &&
           (find_stop(&engine->stops, address)->reasons & UNICORN_STOP_MISALIGNED) != 0;
}

int sim_engine_stop_at(struct sim_engine *engine, uint64_t linear, struct sim_error *error)
{
    const struct unicorn_stops *stops = &engine->stops;

    (void)add_stop(engine, linear, 0, UNICORN_STOP_REACHED);
    if (linear == 0 || stops->capacity == 0 || find_stop(stops, linear)->reasons == 0) {
        return sim_error_set(error, "the engine cannot stop at 0x%" PRIx64, linear);
    }
    sim_engine_forget_code(engine);
    return 0;
}

void sim_engine_leave_reached(struct sim_engine *engine)
{
    engine->leaving = true;
    engine->reached = unicorn_linear_rip(engine);
}

void unicorn_free_stops(struct sim_engine *engine)
{
    free(engine->stops.slots);
}
