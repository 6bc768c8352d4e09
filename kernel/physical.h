/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Physical memory as firmware and boot loader left it, on the boot tables of boot.S.
 */
#ifndef DRYDOCK_KERNEL_PHYSICAL_H
#define DRYDOCK_KERNEL_PHYSICAL_H

#include <stdint.h>

/** The boot tables map the physical addresses below this one. */
#define KPHYSICAL_END (UINT64_C(4) << 30)

/**
 * Where the kernel reads physical memory.
 *
 * @return pointer to @p length bytes at @p address, not aligned; NULL if they are not all within
 *         1..KPHYSICAL_END - 1
 */
const void *kphysical_memory(uint64_t address, uint64_t length);

#endif
