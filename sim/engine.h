/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the machine needs of a CPU engine: run until something happens, and let
 * the registers be read and changed in between.
 *
 * One implementation: engine_unicorn*.c. An engine executes instructions and
 * translates addresses through the guest's tables and a TLB of its own; it does
 * not deliver exceptions and knows no devices.
 */
#ifndef DRYDOCK_SIM_ENGINE_H
#define DRYDOCK_SIM_ENGINE_H

#include <stdint.h>

#include "sim/attributes.h"
#include "sim/bus.h"
#include "sim/cpu.h"
#include "sim/error.h"
#include "sim/machine.h"

struct sim_engine;

/** Why sim_engine_run came back. */
enum sim_engine_stop {
    SIM_ENGINE_HALTED,    /**< HLT; RIP is after it */
    SIM_ENGINE_EXCEPTION, /**< see event.exception; RIP is the faulting instruction, after a trap */
    SIM_ENGINE_REQUESTED, /**< sim_engine_request_stop */
    SIM_ENGINE_BUDGET,    /**< the limit of basic blocks was reached */
    SIM_ENGINE_FAILED,    /**< the engine cannot go on: event.reason says why */
};

struct sim_engine_event {
    enum sim_engine_stop stop;
    struct sim_exception exception; /**< valid after SIM_ENGINE_EXCEPTION */
    char reason[192];               /**< valid after SIM_ENGINE_FAILED */
};

/** Port I/O of the guest; widths are 1, 2 and 4 bytes. */
struct sim_engine_ports {
    uint32_t (*read)(void *context, uint16_t port, unsigned int width);
    void (*write)(void *context, uint16_t port, unsigned int width, uint32_t value);
    void *context;
};

/** The state an engine starts in: 64-bit mode, CPL 0. */
struct sim_engine_boot {
    struct sim_cpu cpu;            /**< tables it names are in RAM already */
    uint16_t user_code, user_data; /**< selectors of flat segments with DPL 3, with RPL 3 */
    uint64_t trial_page;           /**< supervisor page, linear = physical, for trial runs */
};

/**
 * Make an engine and find out whether it can do what the machine needs.
 *
 * @param memory  mapped at physical address 0; outlives the engine
 * @param[out] error  on failure a sentence that names the engine and its version
 * @return the engine, to be destroyed with sim_engine_destroy; NULL on failure
 */
struct sim_engine *sim_engine_create(const struct sim_memory *memory,
                                     const struct sim_engine_boot *boot,
                                     const struct sim_engine_ports *ports, struct sim_error *error);

/** Free an engine. NULL is allowed. */
void sim_engine_destroy(struct sim_engine *engine);

/**
 * Map a device at physical addresses.
 *
 * @param region  base and size are multiples of 4096; it stays where it is while the engine lives
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_engine_add_mmio(struct sim_engine *engine, const struct sim_region *region,
                                       struct sim_error *error);

/**
 * Execute from RIP until something happens. The TLB is as the last run left it.
 *
 * @param[in,out] blocks  most basic blocks to execute, 0 gives SIM_ENGINE_BUDGET at once; what is
 *                        left afterwards. A basic block is a run of instructions up to a branch;
 *                        each round of a repeated string instruction is one too.
 */
void sim_engine_run(struct sim_engine *engine, uint64_t *blocks, struct sim_engine_event *event);

/** End the run from within a device callback; the rest of the basic block may still be executed. */
void sim_engine_request_stop(struct sim_engine *engine);

/** Read the system registers. */
void sim_engine_get_cpu(struct sim_engine *engine, struct sim_cpu *cpu);

/**
 * Become what delivery of an exception made of the processor: RIP, RSP, RFLAGS, CS, SS, CR2 and
 * with CS the privilege level. Other fields of @p cpu are ignored. The TLB is kept.
 *
 * @return 0, or -1 with *error set if the engine does not accept CS or SS
 */
SIM_MUST_CHECK int sim_engine_set_cpu(struct sim_engine *engine, const struct sim_cpu *cpu,
                                      struct sim_error *error);

/** Read or load the general registers, RIP and RFLAGS. */
void sim_engine_get_registers(struct sim_engine *engine, struct sim_registers *registers);
void sim_engine_set_registers(struct sim_engine *engine, const struct sim_registers *registers);

/** Forget translated code in a range of linear addresses that the host wrote to. */
void sim_engine_forget_range(struct sim_engine *engine, uint64_t linear, uint64_t length);

/** Forget all translated code. */
void sim_engine_forget_code(struct sim_engine *engine);

#endif
