/* SPDX-License-Identifier: MIT */
/* What a claim may ask of its world, on a processor. */
#include "tests/claims/world.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "kernel/exception.h"
#include "kernel/frames.h"
#include "kernel/machine.h"
#include "kernel/probe.h"

_Static_assert(WORLD_NO_FAULT == KEXCEPTION_NONE, "the outcome of an access is passed on as it is");

static struct world_access outcome(uint64_t value)
{
    struct kexception exception = kexception_take();

    return (struct world_access){.vector = exception.vector,
                                 .error_code = exception.error_code,
                                 .address = exception.address,
                                 .value = value};
}

bool world_runs_on_processor(void)
{
    return true;
}

struct world_access world_load64(dd_vaddr address)
{
    return outcome(kprobe_load64(address.raw));
}

struct world_access world_store64(dd_vaddr address, uint64_t value)
{
    kprobe_store64(address.raw, value);
    return outcome(0);
}

struct world_access world_execute(dd_vaddr address)
{
    kprobe_execute(address.raw);
    return outcome(0);
}

/* Entry 128 of the root, of the lower half: tables of the upper half are never freed. */
dd_vaddr world_spare_region(void)
{
    enum {
        ENTRY_SHIFT_4 = 39, /* of a PML4 table, of a PML5 table */
        ENTRY_SHIFT_5 = 48
    };
    bool has_five_levels = DD_GET(dd_read_cr4(), DD_CR4_LA57) != 0;

    return dd_vaddr_from(UINT64_C(128) << (has_five_levels ? ENTRY_SHIFT_5 : ENTRY_SHIFT_4));
}

const struct dd_paging_memory *world_memory(void)
{
    return &kframes_memory;
}

enum dd_status world_frame_alloc(dd_paddr *frame)
{
    return kframe_alloc(NULL, frame);
}

void world_frame_free(dd_paddr frame)
{
    kframe_free(NULL, frame);
}

void *world_frame_pointer(dd_paddr frame)
{
    return kframe_pointer(frame);
}

void world_limit_frames(uint32_t count)
{
    kframes_limit(count);
}

uint64_t world_frames_in_use(void)
{
    return kframes_in_use();
}

void world_on_exception(void (*handler)(struct dd_interrupt_frame *frame))
{
    kexception_set_handler(handler);
}

const struct kmachine *world_machine(void)
{
    return kmachine();
}
