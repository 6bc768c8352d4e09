/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The accesses of an instruction that is stepped, told one by one to the client.
 * A page with a data breakpoint is never in the engine's TLB except during a
 * step. The TLB is flushed before it, so that each page is asked for and the
 * linear address is known when a memory hook says the physical one.
 *
 * The client may forbid an access. Unicorn goes on nevertheless: a hook cannot
 * keep it from anything. So the registers are saved when the instruction begins,
 * and each store's place is read before it; afterwards all of that is put back.
 */
#include "sim/engine/engine_unicorn.h"

#include <string.h>

#define PAGE UINT64_C(4096)

/* Unicorn tells only physical addresses. If it translates by itself, that is what the client gets. */
static void tell(struct sim_engine *engine, uint64_t physical, unsigned int size,
                 enum sim_access_kind kind)
{
    const struct sim_engine_client *client = &engine->client;
    struct unicorn_step *step = &engine->step;

    if (client->translate == NULL && !client->note_access(client->context, physical, size, kind)) {
        step->refused = true;
    }
    for (size_t i = 0; i < step->fill_count && i < UNICORN_STEP_FILLS; i++) {
        if (step->fills[i].physical == physical / PAGE * PAGE &&
            !client->note_access(client->context, step->fills[i].linear + physical % PAGE, size,
                                 kind)) {
            step->refused = true;
        }
    }
}

/* What a store is about to overwrite. */
static void remember(struct sim_engine *engine, uint64_t physical, size_t size)
{
    struct unicorn_step *step = &engine->step;
    struct unicorn_overwritten *place = &step->overwritten[step->overwritten_count];

    if (physical >= engine->memory.size || engine->memory.size - physical < size) {
        return; /* a device */
    }
    if (step->overwritten_count == UNICORN_STEP_STORES || size > sizeof place->bytes) {
        unicorn_stop_for_failure(engine, "an instruction stores more than can be put back");
        return;
    }
    step->overwritten_count++;
    place->physical = physical;
    place->size = size;
    memcpy(place->bytes, engine->memory.bytes + physical, size);
}

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static void on_data(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size, int64_t value,
                    void *context)
{
    struct sim_engine *engine = context;
    enum sim_access_kind kind = type == UC_MEM_WRITE ? SIM_ACCESS_WRITE : SIM_ACCESS_READ;

    (void)unicorn;
    (void)value;
    if (!engine->step.running || engine->trap.armed) {
        return;
    }
    if (engine->step.undoable && kind == SIM_ACCESS_WRITE) {
        remember(engine, address, (size_t)size);
    }
    tell(engine, address, (unsigned int)size, kind);
}

/* While there is such a hook Unicorn takes its slow way for every load and store. */
static int hook_data(struct sim_engine *engine, struct sim_error *error)
{
    const union unicorn_hook hook = {.memory = on_data};

    if (uc_hook_add(engine->unicorn, &engine->watch_hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE,
                    hook.pointer, engine, UNICORN_EVERYWHERE.begin,
                    UNICORN_EVERYWHERE.end) != UC_ERR_OK) {
        return unicorn_error(error, "does not take the hook of a data breakpoint");
    }
    return 0;
}

int sim_engine_set_watching(struct sim_engine *engine, bool watching, struct sim_error *error)
{
    sim_engine_flush_tlb(engine);
    if (watching == engine->watching) {
        return 0;
    }
    if (watching && hook_data(engine, error) != 0) {
        return -1;
    }
    if (!watching) {
        (void)uc_hook_del(engine->unicorn, engine->watch_hook);
    }
    engine->watching = watching;
    sim_engine_forget_code(engine);
    return 0;
}

bool unicorn_note_fill(struct sim_engine *engine, uint64_t linear, enum sim_access_kind kind,
                       const struct sim_engine_page *page)
{
    struct unicorn_step *step = &engine->step;

    if (kind == SIM_ACCESS_FETCH || engine->trap.armed) {
        return true;
    }
    if (!step->running) {
        return !page->watched;
    }
    step->met_watched = step->met_watched || page->watched;
    step->fills[step->fill_count++ % UNICORN_STEP_FILLS] =
        (struct unicorn_fill){linear, page->physical};
    return true;
}

/* MOV SS is complete when the instruction begins that it is stepped together with. */
void unicorn_begin_instruction(struct sim_engine *engine)
{
    engine->step.overwritten_count = 0;
    if (engine->step.undoable) {
        (void)uc_context_save(engine->unicorn, engine->before);
    }
}

void unicorn_undo_instruction(struct sim_engine *engine)
{
    struct unicorn_step *step = &engine->step;

    if (step->overwritten_count > 0) {
        sim_engine_forget_code(engine); /* some may have been translated as it was written */
    }
    while (step->overwritten_count > 0) {
        const struct unicorn_overwritten *place = &step->overwritten[--step->overwritten_count];

        memcpy(engine->memory.bytes + place->physical, place->bytes, place->size);
    }
    (void)uc_context_restore(engine->unicorn, engine->before);
}
