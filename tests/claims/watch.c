/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One claim runs at a time, so what it has seen is state of this file. */
#include "tests/claims/watch.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "tests/claims/raise.h"

/* [SDM 2B] SWAPGS. */
#define GS_BASE        0xC0000101u
#define KERNEL_GS_BASE 0xC0000102u

struct seen seen[4];
unsigned int seen_count;

void record(struct dd_interrupt_frame *frame)
{
    if (seen_count == sizeof seen / sizeof seen[0]) {
        world_on_exception(NULL);
        return;
    }
    seen[seen_count++] = (struct seen){.frame = *frame,
                                       .frame_address = (uintptr_t)frame,
                                       .cr2 = dd_read_cr2(),
                                       .rflags = raise_read_rflags(),
                                       .gs_base = dd_rdmsr(GS_BASE),
                                       .kernel_gs_base = dd_rdmsr(KERNEL_GS_BASE)};
}

void record_and_return(struct dd_interrupt_frame *frame)
{
    record(frame);
    frame->rip = *(const uint64_t *)(uintptr_t)frame->rsp;
    frame->rsp += 8;
}

void watch(void (*handler)(struct dd_interrupt_frame *frame))
{
    for (unsigned int i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        seen[i] = (struct seen){0};
    }
    seen_count = 0;
    world_on_exception(handler);
}

void watch_end(void)
{
    world_on_exception(NULL);
}
