/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Whether code may use an I/O port: IOPL, and the permission bit map of the TSS.
 */
#ifndef DRYDOCK_SIM_IO_PERMISSION_H
#define DRYDOCK_SIM_IO_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/mmu/mmu_walk.h"

/**
 * Check an access to ports by IN, OUT, INS or OUTS.
 *
 * @param mmu    its cpu executes the instruction; the TSS is read as implicit supervisor, without
 *               setting Accessed bits
 * @param port   the first port
 * @param width  1, 2 or 4 ports
 * @return whether it is allowed; else #GP(0)
 *
 * Spec: [SDM 1] 19.5.1, 19.5.2.
 */
bool sim_io_is_permitted(const struct sim_mmu *mmu, uint16_t port, unsigned int width);

#endif
