/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the Unicorn engine share. Nobody else includes it.
 */
#ifndef DRYDOCK_SIM_ENGINE_UNICORN_H
#define DRYDOCK_SIM_ENGINE_UNICORN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

#include "sim/engine.h"

/**
 * Where four words that the API does not give access to are in a saved context, in bytes.
 * They differ from version to version and are found by trial; see engine_unicorn_calibrate.c.
 */
struct unicorn_words {
    size_t in_flight;  /**< vector of the exception being delivered, or -1 */
    size_t error_code; /**< of the last exception */
    size_t software;   /**< 1 after INT n */
    size_t privilege;  /**< bits 1:0 are the CPL */
};

struct sim_engine {
    uc_engine *unicorn;
    uc_context *context; /**< scratch for saving, patching and restoring */
    struct unicorn_words words;
    uint64_t int_6_lag; /**< how far RIP is behind the end of INT 6, in bytes */
    struct sim_engine_ports ports;
    uint64_t blocks; /**< left in this run */
    uint64_t time;   /**< time stamp counter: basic blocks executed, and reads of it, so far */
    bool running;    /**< no event came up yet in this run */
    struct sim_engine_event event;
};

/** Find the words by trial runs. The engine is in its boot state, and is again afterwards. */
int unicorn_calibrate(struct sim_engine *engine, const struct sim_memory *memory,
                      const struct sim_engine_boot *boot, struct sim_error *error);

/** Install the hooks. Whether Unicorn took them all. */
bool unicorn_add_hooks(struct sim_engine *engine);

/** Note why this run ends, unless it has ended already. */
void unicorn_record(struct sim_engine *engine, enum sim_engine_stop stop);

/** End this run: the engine cannot go on. */
void unicorn_stop_for_failure(struct sim_engine *engine, const char *reason);

/** Start at RIP and come back with an event, but leave the engine's exception words alone. */
void unicorn_run_raw(struct sim_engine *engine, uint64_t blocks);

/** A word of a saved context. */
uint32_t unicorn_word(const uc_context *context, size_t offset);

/** Read a register of up to 64 bits; write one and return whether the value was accepted. */
uint64_t unicorn_get(struct sim_engine *engine, int id);
bool unicorn_set(struct sim_engine *engine, int id, uint64_t value);

/** Load control registers, tables and segment registers of the boot state. */
int unicorn_boot(struct sim_engine *engine, const struct sim_engine_boot *boot,
                 struct sim_error *error);

/** Set *error to SENTENCE and the engine's name and version. Always returns -1. */
int unicorn_error(struct sim_error *error, const char *sentence);

#endif
