/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time: each instruction that is executed counts once. All of a basic block are
 * counted when it is entered; when a run ends in its middle, those that have not
 * been executed are taken back, as they will be entered as another block.
 *
 * But the time that a device or the guest has seen never comes again, so not
 * more is taken back than that allows. And a block that is only interrupted for
 * the machine's own purposes, to step one of its instructions, is the same block
 * for the guest: nothing is taken back, and no interrupt comes in its middle.
 * Otherwise the guest's time would depend on who looks at it.
 */
#include "sim/engine/engine_unicorn.h"

enum {
    VECTOR_DB = 1
};

uint64_t sim_engine_time(struct sim_engine *engine)
{
    engine->clock.seen = engine->clock.now;
    return engine->clock.now;
}

void sim_engine_skip_time(struct sim_engine *engine, uint64_t time)
{
    engine->clock.now = time;
}

void unicorn_count_block(struct sim_engine *engine, uint64_t end, uint32_t instructions)
{
    struct unicorn_clock *clock = &engine->clock;

    clock->now += instructions;
    clock->now -= engine->passing ? 1 : 0; /* it was counted when the run ended before it */
    clock->counted_end = end;
}

bool unicorn_continues_block(struct sim_engine *engine, uint64_t address)
{
    struct unicorn_clock *clock = &engine->clock;

    clock->held = false;
    return clock->held_at == address;
}

/* What is counted but begins at this address or after it has not been executed. */
static void take_back(struct sim_engine *engine, uint64_t address)
{
    struct unicorn_clock *clock = &engine->clock;
    uint64_t count = unicorn_count_between(engine, address, clock->counted_end);
    uint64_t most = clock->now - clock->seen;

    clock->now -= count < most ? count : most;
    clock->counted_end = address;
}

static void hold(struct unicorn_clock *clock, uint64_t address)
{
    clock->held = true;
    clock->held_at = address;
}

void unicorn_release_block(struct sim_engine *engine)
{
    struct unicorn_clock *clock = &engine->clock;

    if (clock->held && unicorn_linear_rip(engine) != clock->held_at) {
        clock->held = false;
        take_back(engine, clock->held_at);
    }
}

/* A page of code that is refused is refused between two blocks, and #DB here is a trap. */
static bool ends_between_blocks(const struct sim_engine_event *event)
{
    return (event->stop == SIM_ENGINE_REFUSED && event->kind == SIM_ACCESS_FETCH) ||
           (event->stop == SIM_ENGINE_EXCEPTION && event->exception.vector == VECTOR_DB);
}

static void settle_in_block(struct sim_engine *engine, uint64_t rip)
{
    const struct sim_engine_event *event = &engine->event;

    switch (event->stop) {
    case SIM_ENGINE_WATCHED:
        hold(&engine->clock, rip);
        break;
    case SIM_ENGINE_INSTRUCTION:
        take_back(engine, rip + event->length);
        break;
    case SIM_ENGINE_EXCEPTION:
    case SIM_ENGINE_REFUSED:
    case SIM_ENGINE_REACHED:
    case SIM_ENGINE_BREAKPOINT:
        take_back(engine, rip);
        break;
    default: /* the rest of the block has been executed, or never will be */
        break;
    }
}

void unicorn_settle_time(struct sim_engine *engine)
{
    const struct sim_engine_event *event = &engine->event;
    struct unicorn_clock *clock = &engine->clock;
    uint64_t block_end = event->block + event->block_size;
    bool stepped = event->stop == SIM_ENGINE_STEPPED;
    uint64_t rip = 0;

    if ((!clock->in_block && !stepped) || event->stop == SIM_ENGINE_HALTED ||
        ends_between_blocks(event)) {
        clock->in_block = false;
        return;
    }
    clock->in_block = false;
    rip = unicorn_linear_rip(engine);
    if (stepped && rip == block_end && rip < clock->counted_end) {
        hold(clock, rip);
    } else if (rip - event->block < event->block_size) {
        settle_in_block(engine, rip);
    }
}
