/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The machine the kernel runs on, and taking it over.
 */
#ifndef DRYDOCK_KERNEL_MACHINE_H
#define DRYDOCK_KERNEL_MACHINE_H

#include "kernel/protocol.h"

/** Most ECAM windows and root buses of a machine. */
#define KMACHINE_MAX_ECAM       64
#define KMACHINE_MAX_ROOT_BUSES 256

/**
 * Take the machine over: console, descriptor tables, frames, page tables. The same whether QEMU or the
 * simulator started the image. Exits with KPROTOCOL_EXIT_FAILURE if the description cannot be true.
 *
 * Expects 64-bit mode at privilege level 0 with the image, the stack and all memory the description
 * names mapped where it is. Afterwards these are mapped where they are:
 *
 *   0..1 MiB                  writable and executable: the simulator's stack, its return address and
 *                             the instructions it executes are there
 *   the image                 code read-only and executable, constants read-only, the rest writable
 *   free_base..free_end       writable
 *   ECAM windows              writable, uncached
 *
 * @param description  copied
 */
void kinit(const struct kmachine *description);

/** The description given to kinit(), with arrays of the kernel's own. */
const struct kmachine *kmachine(void);

#endif
