/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Snapshots: everything about a machine that the guest can change, to go back
 * to. Going back copies only the pages written since, so that thousands of
 * isolated tests a second are possible.
 */
#ifndef DRYDOCK_SIM_SNAPSHOT_H
#define DRYDOCK_SIM_SNAPSHOT_H

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/machine/machine.h"

struct sim_snapshot;

/**
 * Remember the processor, RAM, the devices of sim_machine_add_device, the TLB, the trace, and what
 * has been counted for injected faults.
 *
 * From now on the machine notes which pages are written. Host pointers into RAM are noted when
 * sim_machine_ram hands them out: ask for them again after each restore instead of keeping them.
 * Not part of it: findings, the budget, what a UART has sent, images and the regions of the buses.
 *
 * @return the snapshot, to be freed with sim_snapshot_free; NULL with *error set without memory or
 *         while the machine is running
 */
struct sim_snapshot *sim_machine_snapshot(struct sim_machine *machine, struct sim_error *error);

/**
 * Go back. With the snapshot that was taken or restored last this costs as much as there are pages
 * written since; with another one, or with SIM_MMU_ENGINE, a comparison of all RAM.
 *
 * @param snapshot  of this machine, with the same devices
 * @return 0, or -1 with *error set and the machine unchanged: it is running, or another machine's
 */
SIM_MUST_CHECK int sim_machine_restore(struct sim_machine *machine,
                                       const struct sim_snapshot *snapshot,
                                       struct sim_error *error);

/** Free a snapshot. NULL is allowed; the machine may be gone already. */
void sim_snapshot_free(struct sim_snapshot *snapshot);

#endif
