/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a claim may ask of the world it runs in.
 *
 * Implemented in kernel/world.c for code that runs on a processor (simulated
 * or QEMU's) and in tests/claims/host/ for the hosted world, where the same
 * services are performed by the simulated machine behind the seam.
 */
#ifndef DRYDOCK_TESTS_WORLD_H
#define DRYDOCK_TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/interrupt.h"
#include "drydock/paging_memory.h"
#include "drydock/status.h"
#include "kernel/protocol.h"

/** No fault happened. */
#define WORLD_NO_FAULT 0xFFFFFFFFu

/** Outcome of an access through the processor's current page tables. */
struct world_access {
    uint32_t vector;     /**< exception vector, or WORLD_NO_FAULT */
    uint32_t error_code; /**< as the processor pushed it; 0 if the vector has none */
    uint64_t address;    /**< CR2 after a page fault, else 0 */
    uint64_t value;      /**< what a load read; 0 after a fault and for other accesses */
};

/** Whether claims run on the processor itself, so that entry stubs and segment loads can be taken. */
bool world_runs_on_processor(void);

/** Load 8 bytes at @p address with supervisor rights. */
struct world_access world_load64(dd_vaddr address);

/** Store 8 bytes at @p address with supervisor rights. */
struct world_access world_store64(dd_vaddr address, uint64_t value);

/** Call the code at @p address, which must be or begin with a RET (0xC3). */
struct world_access world_execute(dd_vaddr address);

/**
 * A part of the lower half that nobody uses: one entry of the root table, so 512 GiB or more, all
 * unmapped in the current tables. Claims unmap what they map in it.
 */
dd_vaddr world_spare_region(void);

/** The world's memory for page tables: a frame's contents are undefined when it is handed out. */
const struct dd_paging_memory *world_memory(void);

/** Hand out a frame of 4096 bytes, DD_OK or DD_ENOMEM; give it back; where claims see it, or NULL. */
DD_MUST_CHECK enum dd_status world_frame_alloc(dd_paddr *frame);
void world_frame_free(dd_paddr frame);
void *world_frame_pointer(dd_paddr frame);

/** Let the next @p count frame allocations succeed and all later ones fail; UINT32_MAX: no limit. */
void world_limit_frames(uint32_t count);

/** Frames handed out, to claims and to the library, and not yet freed. */
uint64_t world_frames_in_use(void);

/**
 * Let a claim handle the exceptions, interrupts and system calls it causes. Only
 * where claims run on the processor; elsewhere this does nothing.
 *
 * @param handler  called for each of them until changed; NULL: the world's own again
 */
void world_on_exception(void (*handler)(struct dd_interrupt_frame *frame));

/** The machine description, its arrays at addresses claims can read. Never NULL. */
const struct kmachine *world_machine(void);

#endif
