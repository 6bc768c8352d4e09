/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine on Unicorn 2.1: life time, devices, and the run itself. A hook ends
 * a run, and sim_engine_run tells the machine, which does the rest between runs.
 *
 * Unicorn never clears its "exception in flight" and so takes a second #PF for
 * a double fault. After every exception the word is cleared in a saved context,
 * which is then restored; the TLB is not part of a context.
 */
#include "sim/engine_unicorn.h"

#include <stdlib.h>
#include <string.h>

enum {
    VECTOR_UD = 6
};

static uint64_t on_mmio_read(uc_engine *unicorn, uint64_t offset, unsigned int size, void *context)
{
    const struct sim_region *region = context;

    (void)unicorn;
    return region->read(region->device, offset, size);
}

static void on_mmio_write(uc_engine *unicorn, uint64_t offset, unsigned int size, uint64_t value,
                          void *context)
{
    const struct sim_region *region = context;

    (void)unicorn;
    region->write(region->device, offset, size, (uint32_t)value);
}

int sim_engine_add_mmio(struct sim_engine *engine, const struct sim_region *region,
                        struct sim_error *error)
{
    uc_err result = uc_mmio_map(engine->unicorn, region->base, region->size, on_mmio_read,
                                (void *)region, on_mmio_write, (void *)region);

    if (result != UC_ERR_OK) {
        return sim_error_set(error, "%s: the engine cannot map a device there: %s", region->name,
                             uc_strerror(result));
    }
    return 0;
}

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
    if (result != UC_ERR_OK || !unicorn_add_hooks(engine)) {
        return unicorn_error(error, "cannot set up an x86-64 processor");
    }
    return 0;
}

struct sim_engine *sim_engine_create(const struct sim_memory *memory,
                                     const struct sim_engine_boot *boot,
                                     const struct sim_engine_ports *ports, struct sim_error *error)
{
    struct sim_engine *engine = calloc(1, sizeof *engine);

    if (engine == NULL) {
        (void)sim_error_set(error, "out of memory");
        return NULL;
    }
    engine->ports = *ports;
    if (open_unicorn(engine, memory, error) != 0 || unicorn_boot(engine, boot, error) != 0 ||
        unicorn_calibrate(engine, memory, boot, error) != 0) {
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
    if (engine->unicorn != NULL) {
        (void)uc_close(engine->unicorn);
    }
    free(engine);
}

void unicorn_run_raw(struct sim_engine *engine, uint64_t blocks)
{
    uint64_t rip = unicorn_get(engine, UC_X86_REG_RIP);
    uc_err result = UC_ERR_OK;

    engine->blocks = blocks;
    engine->running = true;
    result = uc_emu_start(engine->unicorn, rip, 0, 0, 0);
    if (result != UC_ERR_OK) {
        unicorn_stop_for_failure(engine, uc_strerror(result));
    }
    unicorn_record(engine, SIM_ENGINE_HALTED);
}

/* Completes the exception from the engine's hidden words, and ends it for the engine. */
static void take_exception(struct sim_engine *engine)
{
    const uint32_t none = UINT32_MAX;
    struct sim_exception *exception = &engine->event.exception;
    char *saved = (char *)engine->context;

    (void)uc_context_save(engine->unicorn, engine->context);
    exception->software = unicorn_word(engine->context, engine->words.software) != 0;
    exception->has_error_code =
        !exception->software && sim_vector_has_error_code(exception->vector);
    if (exception->has_error_code) {
        exception->error_code = unicorn_word(engine->context, engine->words.error_code);
    }
    memcpy(saved + engine->words.in_flight, &none, sizeof none);
    (void)uc_context_restore(engine->unicorn, engine->context);
    if (engine->event.stop == SIM_ENGINE_EXCEPTION && exception->software &&
        exception->vector == VECTOR_UD) {
        (void)unicorn_set(engine, UC_X86_REG_RIP,
                          unicorn_get(engine, UC_X86_REG_RIP) + engine->int_6_lag);
    }
}

void sim_engine_run(struct sim_engine *engine, uint64_t *blocks, struct sim_engine_event *event)
{
    unicorn_run_raw(engine, *blocks);
    *blocks = engine->blocks;
    take_exception(engine);
    *event = engine->event;
}

void sim_engine_forget_range(struct sim_engine *engine, uint64_t linear, uint64_t length)
{
    (void)uc_ctl_remove_cache(engine->unicorn, linear, linear + length);
}

void sim_engine_forget_code(struct sim_engine *engine)
{
    (void)uc_ctl_flush_tb(engine->unicorn);
}
