/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What claims about interrupts share: a handler that notes what it was called
 * with, and a way out of the function that raised the exception.
 */
#ifndef DRYDOCK_TESTS_WATCH_H
#define DRYDOCK_TESTS_WATCH_H

#include <stdint.h>

#include "drydock/interrupt.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

#define SKIP_WITHOUT_PROCESSOR() \
    CLAIM_SKIP_IF(!world_runs_on_processor(), "entry code runs only on a processor")

/** An interrupt as the handler saw it. */
struct seen {
    struct dd_interrupt_frame frame;
    uint64_t frame_address;
    uint64_t cr2;
    uint64_t rflags;         /**< of the handler */
    uint64_t gs_base;        /**< the one in use: IA32_GS_BASE */
    uint64_t kernel_gs_base; /**< the other one: IA32_KERNEL_GS_BASE */
};

/** The first of them since watch(). */
extern struct seen seen[4];
extern unsigned int seen_count;

/** Forget what was seen, and have this handler called. */
void watch(void (*handler)(struct dd_interrupt_frame *frame));

/** Have the world's own handler called again. */
void watch_end(void);

/** Note an interrupt. One more than there is room for is left to the world, which tells and ends. */
void record(struct dd_interrupt_frame *frame);

/** Note it and end the function that raised it: RET, done in the frame. */
void record_and_return(struct dd_interrupt_frame *frame);

#endif
