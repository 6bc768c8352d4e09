/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What debugging needs of the Unicorn engine. Instruction breakpoints are hooks
 * at their addresses. A step executes one instruction with RFLAGS.TF set, which
 * ends the run with vector 1 after it; TF is put back before anybody looks.
 * After MOV SS and POP SS that vector comes one instruction later, as the
 * manual says [SDM 3A] 6.8.3; SYSRET may load TF = 0 and gives none, so the
 * second basic block ends a step too: with TF, each has one instruction.
 *
 * A page with a data breakpoint is never in the engine's TLB except during a
 * step. The TLB is flushed before it, so that each page is asked for and the
 * linear address is known when a memory hook says the physical one. Hooks take
 * effect when code is translated; they are left in place once they are there.
 *
 * Writes to page tables are stepped too when the machine asks for it, so that
 * accesses right after them meet a TLB that knows.
 */
#include "sim/engine/engine_unicorn.h"

enum {
    VECTOR_DB = 1
};

#define PAGE      UINT64_C(4096)
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

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static void on_data(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size, int64_t value,
                    void *context)
{
    struct sim_engine *engine = context;
    const struct unicorn_step *step = &engine->step;
    enum sim_access_kind kind = type == UC_MEM_WRITE ? SIM_ACCESS_WRITE : SIM_ACCESS_READ;

    (void)unicorn;
    (void)value;
    if (!step->running || engine->trap.armed) {
        return;
    }
    for (size_t i = 0; i < step->fill_count && i < UNICORN_STEP_FILLS; i++) {
        if (step->fills[i].physical == address / PAGE * PAGE) {
            engine->client.note_access(engine->client.context,
                                       step->fills[i].linear + address % PAGE, (unsigned int)size,
                                       kind);
        }
    }
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

void sim_engine_step(struct sim_engine *engine)
{
    engine->step.wanted = true;
    if (engine->event.stop == SIM_ENGINE_WATCHED) {
        sim_engine_pass_instruction(engine); /* it was let through before */
        sim_engine_leave_reached(engine);
    }
}

bool unicorn_step_is_over(struct sim_engine *engine)
{
    struct unicorn_step *step = &engine->step;

    if (step->blocks > 0 && !sim_engine_interrupt_shadow(engine)) {
        return true;
    }
    step->blocks++;
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
    if (event->stop == SIM_ENGINE_EXCEPTION && event->exception.vector == VECTOR_DB &&
        event->exception.source == SIM_SOURCE_EXCEPTION) {
        event->stop = SIM_ENGINE_STEPPED;
    }
    put_back_trap_flag(engine);
    if (engine->watching || step->met_watched) {
        sim_engine_flush_tlb(engine);
    }
}
