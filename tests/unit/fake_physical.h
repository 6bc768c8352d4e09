/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Physical memory for the kernel's readers of what firmware left: a block that a test fills. Nothing
 * around it can be reached, and sanitizers watch its ends.
 */
#ifndef DRYDOCK_TESTS_FAKE_PHYSICAL_H
#define DRYDOCK_TESTS_FAKE_PHYSICAL_H

#include <stddef.h>
#include <stdint.h>

/** Physical address and size of the block. */
#define FAKE_PHYSICAL_BASE 0x10000u
#define FAKE_PHYSICAL_SIZE 0x2000u

/** A Check fixture: the block anew, filled with zeros; and its end. */
void fake_physical_setup(void);
void fake_physical_teardown(void);

/** The byte at a physical address in the block. */
uint8_t *fake_physical_at(uint64_t address);

/** Store the low @p width bytes of a number, little-endian. */
void fake_physical_store(uint64_t address, size_t width, uint64_t value);

#endif
