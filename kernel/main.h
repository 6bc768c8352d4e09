/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The C side of boot.S.
 */
#ifndef DRYDOCK_KERNEL_MAIN_H
#define DRYDOCK_KERNEL_MAIN_H

#include <stdint.h>

#include "drydock/attributes.h"

/**
 * Run the kernel.
 *
 * @param start_info  physical address of the PVH start info
 */
DD_NORETURN void kmain(uint64_t start_info);

#endif
