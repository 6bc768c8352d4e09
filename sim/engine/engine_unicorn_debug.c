/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What debugging needs of the Unicorn engine. Instruction breakpoints are hooks
 * at their addresses. A step executes one instruction with RFLAGS.TF set, which
 * ends the run with vector 1 after it; TF is put back before anybody looks.
 * After MOV SS and POP SS that vector comes one instruction later, as the
 * manual says [SDM 3A] 6.8.3; SYSRET may load TF = 0 and gives none, so the
 * second basic block ends a step too: with TF, each has one instruction.
 *
 * What a step accesses is told by engine_unicorn_watch.c. Hooks take effect when
 * code is translated; those of breakpoints are left in place once they are there.
 *
 * Writes to page tables are stepped too when the machine asks for it, so that
 * accesses right after them meet a TLB that knows.
 */
#include "sim/engine/engine_unicorn.h"

enum {
    VECTOR_DB = 1
};

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_RF (UINT64_C(1) << 16)

static struct unicorn_breakpoint *find_breakpoint(struct sim_engine *engine, uint64_t linear)
{
    for (size_t i = 0; i < UNICORN_BREAKPOINTS; i++) {
        struct unicorn_breakpoint *breakpoint = &engine->breakpoints[i];

        if (breakpoint->hooked && breakpoint->linear == linear) {
            return breakpoint;
        }
    }
    return NULL;
}

bool unicorn_stop_at_breakpoint(struct sim_engine *engine, uint64_t address)
{
    const struct unicorn_breakpoint *breakpoint = find_breakpoint(engine, address);

    if (engine->trap.armed || breakpoint == NULL || !breakpoint->enabled ||
        (engine->resumes && engine->resumed == address)) {
        return false;
    }
    if (engine->running) {
        engine->event.linear = address;
    }
    unicorn_stop(engine, SIM_ENGINE_BREAKPOINT);
    return true;
}

static void on_breakpoint(uc_engine *unicorn, uint64_t address, uint32_t size, void *context)
{
    (void)unicorn;
    (void)size;
    (void)unicorn_stop_at_breakpoint(context, address);
}

static struct unicorn_breakpoint *find_disabled(struct sim_engine *engine)
{
    struct unicorn_breakpoint *breakpoint = engine->breakpoints;

    while (breakpoint->enabled) {
        breakpoint++; /* there are never more addresses than slots */
    }
    return breakpoint;
}

/* Whether the hook is there from the next translation on. */
static bool add_breakpoint(struct sim_engine *engine, uint64_t linear)
{
    const union unicorn_hook hook = {.code = on_breakpoint};
    struct unicorn_breakpoint *breakpoint = find_disabled(engine);

    if (breakpoint->hooked) {
        (void)uc_hook_del(engine->unicorn, breakpoint->hook);
    }
    breakpoint->linear = linear;
    breakpoint->hooked = uc_hook_add(engine->unicorn, &breakpoint->hook, UC_HOOK_CODE, hook.pointer,
                                     engine, linear, linear) == UC_ERR_OK;
    breakpoint->enabled = breakpoint->hooked;
    return breakpoint->enabled;
}

/* Those that were enabled before keep their hooks, which others must not take. */
static void enable_known(struct sim_engine *engine, const uint64_t *linear, size_t count)
{
    for (size_t i = 0; i < UNICORN_BREAKPOINTS; i++) {
        engine->breakpoints[i].enabled = false;
    }
    for (size_t i = 0; i < count; i++) {
        struct unicorn_breakpoint *breakpoint = find_breakpoint(engine, linear[i]);

        if (breakpoint != NULL) {
            breakpoint->enabled = true;
        }
    }
}

/* Hooks stay: debuggers turn DR7 off and on again in every handler. */
int sim_engine_set_breakpoints(struct sim_engine *engine, const uint64_t *linear, size_t count,
                               struct sim_error *error)
{
    bool added = false;

    enable_known(engine, linear, count);
    for (size_t i = 0; i < count; i++) {
        if (find_breakpoint(engine, linear[i]) != NULL) {
            continue;
        }
        if (!add_breakpoint(engine, linear[i])) {
            return unicorn_error(error, "does not take a breakpoint");
        }
        added = true;
    }
    engine->breaks = count > 0;
    if (added) {
        sim_engine_forget_code(engine);
    }
    return 0;
}

void sim_engine_step(struct sim_engine *engine)
{
    engine->step.wanted = true;
    engine->step.undoable = false;
    if (engine->event.stop == SIM_ENGINE_WATCHED) {
        sim_engine_pass_instruction(engine); /* it was let through before */
        sim_engine_leave_reached(engine);
    }
}

void sim_engine_step_undoable(struct sim_engine *engine)
{
    sim_engine_step(engine);
    engine->step.undoable = true;
}

bool unicorn_step_is_over(struct sim_engine *engine)
{
    struct unicorn_step *step = &engine->step;

    if (step->blocks > 0 && !sim_engine_interrupt_shadow(engine)) {
        return true;
    }
    step->blocks++;
    unicorn_begin_instruction(engine);
    return false;
}

void unicorn_begin_step(struct sim_engine *engine)
{
    struct unicorn_step *step = &engine->step;
    uint64_t rflags = 0;

    step->running = step->wanted;
    step->wanted = false;
    step->blocks = 0;
    step->fill_count = 0;
    step->met_watched = false;
    step->refused = false;
    engine->resumes = false;
    if (!step->running && !engine->breaks) {
        return;
    }
    rflags = unicorn_get(engine, UC_X86_REG_RFLAGS);
    engine->resumes = (rflags & RFLAGS_RF) != 0;
    engine->resumed = unicorn_linear_rip(engine);
    if (!step->running) {
        return;
    }
    step->trap_flag = rflags & RFLAGS_TF;
    if (step->trap_flag == 0) {
        (void)unicorn_set(engine, UC_X86_REG_RFLAGS, rflags | RFLAGS_TF);
    }
    if (engine->watching) {
        sim_engine_flush_tlb(engine);
    }
}

/* An instruction that cleared TF has its way; whether one has set it, the machine knows. */
static void put_back_trap_flag(struct sim_engine *engine)
{
    uint64_t rflags = unicorn_get(engine, UC_X86_REG_RFLAGS);

    engine->event.trap_flag = (rflags & RFLAGS_TF) != 0;
    if (engine->event.trap_flag && engine->step.trap_flag == 0) {
        (void)unicorn_set(engine, UC_X86_REG_RFLAGS, rflags & ~RFLAGS_TF);
    }
}

void unicorn_end_step(struct sim_engine *engine)
{
    struct sim_engine_event *event = &engine->event;
    struct unicorn_step *step = &engine->step;

    event->instruction = step->instruction;
    if (!step->running) {
        return;
    }
    step->running = false;
    if (step->refused &&
        (event->stop == SIM_ENGINE_EXCEPTION || event->stop == SIM_ENGINE_STEPPED)) {
        unicorn_undo_instruction(engine);
        event->stop = SIM_ENGINE_FORBIDDEN;
    }
    if (event->stop == SIM_ENGINE_EXCEPTION && event->exception.vector == VECTOR_DB &&
        event->exception.source == SIM_SOURCE_EXCEPTION) {
        event->stop = SIM_ENGINE_STEPPED;
    }
    put_back_trap_flag(engine);
    if (engine->watching || step->met_watched) {
        sim_engine_flush_tlb(engine);
    }
}
