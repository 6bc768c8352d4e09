/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the machine looks at in each access of an instruction that is stepped.
 */
#ifndef DRYDOCK_SIM_MACHINE_ACCESS_H
#define DRYDOCK_SIM_MACHINE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/machine_internal.h"

/** For struct sim_engine_client. */
bool machine_note_access(void *context, uint64_t linear, unsigned int size,
                         enum sim_access_kind kind);

/** The engine is about to load RFLAGS with a value, perhaps with CPL 3. */
void machine_expect_alignment(struct sim_machine *machine, const struct sim_cpu *cpu,
                              uint64_t rflags);

/** Find out whether there are segments that do not allow everything. */
void machine_update_segments(struct sim_machine *machine);

/** The engine is about to execute an instruction that may lead out of 64-bit code. */
void machine_expect_segments(struct sim_machine *machine);

/** Whether its segment forbids an access of the instruction at RIP: `forbidden` says why. */
bool machine_is_beyond_segment(struct sim_machine *machine, uint64_t linear, unsigned int size,
                               enum sim_access_kind kind);

/** Deliver the exception of `forbidden`: #AC, #GP or #SS. Whether the guest goes on. */
bool machine_handle_forbidden(struct sim_machine *machine, struct sim_result *result);

#endif
