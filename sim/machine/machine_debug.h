/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * How the files of the machine ask for debug exceptions: breakpoints of DR0 to
 * DR7 and single steps.
 */
#ifndef DRYDOCK_SIM_MACHINE_DEBUG_H
#define DRYDOCK_SIM_MACHINE_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/engine/engine.h"
#include "sim/util/error.h"
#include "sim/machine/machine.h"

/** A single step completed an instruction. Spec: [SDM 3B] 17.2.3. */
#define MACHINE_DR6_BS (UINT64_C(1) << 14)

/** Arm what DR0 to DR3 and DR7 say. 0, or -1 with *error set. */
SIM_MUST_CHECK int machine_debug_update(struct sim_machine *machine, struct sim_error *error);

/** Whether a data breakpoint lies in a page of linear addresses. */
bool machine_debug_watches(const struct sim_machine *machine, uint64_t page);

/** Before a run of the engine: step if the next instruction has to be looked at. Whether the guest
 *  goes on; else *result says why not. */
bool machine_debug_prepare(struct sim_machine *machine, struct sim_result *result);

/** After the run. */
void machine_debug_settle(struct sim_machine *machine, const struct sim_engine_event *event);

/** The instruction that is being stepped accesses memory or a port. */
void machine_debug_note_access(struct sim_machine *machine, uint64_t linear, unsigned int size,
                               enum sim_access_kind kind);
void machine_debug_note_port(struct sim_machine *machine, uint16_t port, unsigned int width);

/** Whether an instruction breakpoint at RIP comes before the fault of fetching from there. */
bool machine_debug_precedes_fetch(struct sim_machine *machine, uint64_t *linear);

/** Deal with SIM_ENGINE_BREAKPOINT, SIM_ENGINE_STEPPED and the trap of RFLAGS.TF. Whether the guest
 *  goes on; else *result says why not. */
bool machine_handle_breakpoint(struct sim_machine *machine, uint64_t linear,
                               struct sim_result *result);
bool machine_handle_step(struct sim_machine *machine, const struct sim_engine_event *event,
                         struct sim_result *result);
bool machine_handle_single_step(struct sim_machine *machine, const struct sim_engine_event *event,
                                struct sim_result *result);

/** Deliver #DB for these bits of DR6 and for the breakpoints that wait for it. */
bool machine_debug_trap(struct sim_machine *machine, uint64_t conditions,
                        struct sim_result *result);

/** An instruction that the engine did not execute is complete. The same if it traps: RFLAGS.TF was
 *  1, or if breakpoints wait. */
bool machine_debug_complete(struct sim_machine *machine, bool traps, struct sim_result *result);

/** A debug exception of fault class is next: RFLAGS.RF is pushed as 1. [SDM 3B] 17.3.1.1 */
void machine_debug_set_resume(struct sim_machine *machine);

#endif
