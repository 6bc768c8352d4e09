/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine on Unicorn 2.1: life time, devices, and the run itself. A hook ends
 * a run, and sim_engine_run tells the machine, which does the rest between runs.
 *
 * Unicorn never clears its "exception in flight" and so takes a second #PF for
 * a double fault. After every exception the word is cleared in a saved context,
 * which is then restored; the TLB is not part of a context.
 */
#include "sim/engine/engine_unicorn.h"

#include <stdlib.h>
#include <string.h>

enum {
    VECTOR_UD = 6
};

/* Registers as Unicorn saves them, and what the engine counts itself. */
struct sim_engine_state {
    uc_context *context;
    uint64_t time, shadow_end;
};

int unicorn_error(struct sim_error *error, const char *sentence)
{
    unsigned int version = uc_version(NULL, NULL);

    return sim_error_set(error, "Unicorn %u.%u.%u: %s", (version >> 24) & 0xFF,
                         (version >> 16) & 0xFF, (version >> 8) & 0xFF, sentence);
}

static int open_unicorn(struct sim_engine *engine, const struct sim_memory *memory,
                        struct sim_error *error)
{
    uc_err result = uc_open(UC_ARCH_X86, UC_MODE_64, &engine->unicorn);

    if (result == UC_ERR_OK) {
        result = uc_ctl_set_cpu_model(engine->unicorn, UC_CPU_X86_ICELAKE_SERVER);
    }
    if (result == UC_ERR_OK) {
        result = uc_mem_map_ptr(engine->unicorn, 0, memory->size, UC_PROT_ALL, memory->bytes);
    }
    /* Otherwise address 0 would end a run, and a call through a null pointer with it. */
    if (result == UC_ERR_OK) {
        result = uc_ctl_exits_enable(engine->unicorn);
    }
    if (result == UC_ERR_OK) {
        result = uc_context_alloc(engine->unicorn, &engine->context);
    }
    if (result == UC_ERR_OK) {
        result = uc_context_alloc(engine->unicorn, &engine->before);
    }
    if (result != UC_ERR_OK || !unicorn_add_hooks(engine)) {
        return unicorn_error(error, "cannot set up an x86-64 processor");
    }
    return 0;
}

/* From here on the client is asked; the trial runs were the engine's own affair. */
static int connect_client(struct sim_engine *engine, struct sim_error *error)
{
    if (!unicorn_add_code_hooks(engine) || !unicorn_add_memory_hooks(engine)) {
        return unicorn_error(error, "does not take the hooks of the machine");
    }
    (void)uc_ctl_flush_tb(engine->unicorn);
    (void)uc_ctl_flush_tlb(engine->unicorn);
    engine->clock = (struct unicorn_clock){.now = 0};
    return 0;
}

struct sim_engine *sim_engine_create(const struct sim_memory *memory,
                                     const struct sim_engine_boot *boot,
                                     const struct sim_engine_client *client,
                                     struct sim_error *error)
{
    struct sim_engine *engine = calloc(1, sizeof *engine);

    if (engine == NULL) {
        (void)sim_error_set(error, "out of memory");
        return NULL;
    }
    engine->client = *client;
    engine->memory = *memory;
    engine->deadline = UINT64_MAX;
    if (open_unicorn(engine, memory, error) != 0 || unicorn_boot(engine, boot, error) != 0 ||
        unicorn_calibrate(engine, memory, boot, error) != 0 || connect_client(engine, error) != 0) {
        sim_engine_destroy(engine);
        return NULL;
    }
    return engine;
}

void sim_engine_destroy(struct sim_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    if (engine->context != NULL) {
        (void)uc_context_free(engine->context);
    }
    if (engine->before != NULL) {
        (void)uc_context_free(engine->before);
    }
    if (engine->unicorn != NULL) {
        (void)uc_close(engine->unicorn);
    }
    unicorn_free_code(engine);
    unicorn_free_windows(engine);
    free(engine);
}

void unicorn_run_raw(struct sim_engine *engine, uint64_t blocks)
{
    uint64_t rip = unicorn_get(engine, UC_X86_REG_RIP);
    uc_err result = UC_ERR_OK;

    engine->code_segment.known = false;
    engine->disabled = false;
    unicorn_release_block(engine);
    engine->leaving = engine->leaving && engine->reached == unicorn_linear_rip(engine);
    engine->blocks_left = blocks;
    if (rip != engine->rested) {
        engine->event.block_size = 0;
        engine->event.branch.size = 0;
    }
    engine->running = true;
    do {
        engine->again = false;
        result = uc_emu_start(engine->unicorn, rip, 0, 0, 0);
    } while (engine->again);
    if (result != UC_ERR_OK) {
        unicorn_stop_for_failure(engine, uc_strerror(result));
    }
    unicorn_record(engine, SIM_ENGINE_HALTED);
    engine->rested = unicorn_get(engine, UC_X86_REG_RIP);
    engine->code_segment.known = false;
}

/* Ends the exception in flight for the engine; the saved context stays for a look. */
static void clear_exception(struct sim_engine *engine)
{
    const uint32_t none = UINT32_MAX;

    (void)uc_context_save(engine->unicorn, engine->context);
    memcpy((char *)engine->context + engine->words.in_flight, &none, sizeof none);
    (void)uc_context_restore(engine->unicorn, engine->context);
}

/* Completes the exception from the engine's hidden words. */
static void take_exception(struct sim_engine *engine)
{
    struct sim_exception *exception = &engine->event.exception;

    exception->source = unicorn_word(engine->context, engine->words.software) != 0
                            ? SIM_SOURCE_SOFTWARE
                            : SIM_SOURCE_EXCEPTION;
    exception->has_error_code =
        exception->source == SIM_SOURCE_EXCEPTION && sim_vector_has_error_code(exception->vector);
    if (exception->has_error_code) {
        exception->error_code = unicorn_word(engine->context, engine->words.error_code);
    }
    if (exception->source == SIM_SOURCE_SOFTWARE && exception->vector == VECTOR_UD) {
        (void)unicorn_set(engine, UC_X86_REG_RIP,
                          unicorn_get(engine, UC_X86_REG_RIP) + engine->int_6_lag);
    }
}

void sim_engine_run(struct sim_engine *engine, uint64_t *blocks, struct sim_engine_event *event)
{
    unicorn_begin_step(engine);
    unicorn_run_raw(engine, *blocks);
    *blocks = engine->blocks_left;
    engine->passing = false;
    if (engine->event.stop == SIM_ENGINE_EXCEPTION) {
        clear_exception(engine);
        take_exception(engine);
    } else if (engine->client.translate == NULL) {
        clear_exception(engine); /* its MMU may have left one behind while code was looked at */
    }
    unicorn_end_step(engine);
    unicorn_settle_time(engine);
    if (engine->event.stop == SIM_ENGINE_REFUSED) {
        unicorn_find_refused_address(engine);
    } else if (engine->event.stop == SIM_ENGINE_ATTENTION) {
        engine->attention = false;
    }
    if (engine->wrote_watched) {
        engine->wrote_watched = false;
        engine->client.settle_writes(engine->client.context);
    }
    *event = engine->event;
}

void sim_engine_pass_instruction(struct sim_engine *engine)
{
    engine->passing = true;
    engine->passed = unicorn_linear_rip(engine);
}

void sim_engine_forget_range(struct sim_engine *engine, uint64_t linear, uint64_t length)
{
    (void)uc_ctl_remove_cache(engine->unicorn, linear, linear + length);
}

void sim_engine_forget_code(struct sim_engine *engine)
{
    (void)uc_ctl_flush_tb(engine->unicorn);
}

void sim_engine_free_state(struct sim_engine_state *state)
{
    if (state != NULL && state->context != NULL) {
        (void)uc_context_free(state->context);
    }
    free(state);
}

struct sim_engine_state *sim_engine_save(struct sim_engine *engine)
{
    struct sim_engine_state *state = calloc(1, sizeof *state);

    if (state == NULL || uc_context_alloc(engine->unicorn, &state->context) != UC_ERR_OK) {
        sim_engine_free_state(state);
        return NULL;
    }
    (void)uc_context_save(engine->unicorn, state->context);
    state->time = engine->clock.now;
    state->shadow_end = engine->shadow_end;
    return state;
}

void sim_engine_restore(struct sim_engine *engine, const struct sim_engine_state *state)
{
    (void)uc_context_restore(engine->unicorn, state->context);
    (void)uc_ctl_flush_tlb(engine->unicorn);
    engine->clock = (struct unicorn_clock){.now = state->time, .seen = state->time};
    engine->shadow_end = state->shadow_end;
    engine->deadline = UINT64_MAX;
    engine->attention = true;
    engine->interrupt_waiting = false;
    engine->leaving = false;
    engine->step.wanted = false;
}
