/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The end of a run.
 */
#ifndef DRYDOCK_KERNEL_EXIT_H
#define DRYDOCK_KERNEL_EXIT_H

#include <stdint.h>

#include "drydock/attributes.h"

/** Tell the machine's exit device how it went, KPROTOCOL_EXIT_SUCCESS or _FAILURE; without one, halt. */
DD_NORETURN void kexit(uint32_t code);

/** Print why the kernel cannot go on, and exit with KPROTOCOL_EXIT_FAILURE. */
DD_NORETURN void kfail(const char *reason);

#endif
