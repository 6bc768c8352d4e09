/* SPDX-License-Identifier: MIT */
/*
 * The hosted twin of the entry code in arch/x86_64. There is none in a process:
 * the addresses for gates are distinct, canonical and in a hole that no machine
 * maps, so that an interrupt delivered to one is seen. What would leave the
 * process for another privilege level ends it.
 */
#include "drydock/interrupt.h"
#include "drydock/syscall.h"

#define ENTRY(vector)   (UINT64_C(0xFFFFEEEE00000000) | (vector))
#define ENTRIES4(first) ENTRY(first), ENTRY((first) + 1), ENTRY((first) + 2), ENTRY((first) + 3)
#define ENTRIES16(first) \
    ENTRIES4(first), ENTRIES4((first) + 4), ENTRIES4((first) + 8), ENTRIES4((first) + 12)
#define ENTRIES64(first) \
    ENTRIES16(first), ENTRIES16((first) + 16), ENTRIES16((first) + 32), ENTRIES16((first) + 48)

const uint64_t dd_interrupt_entries[DD_INTERRUPT_COUNT] = {ENTRIES64(0), ENTRIES64(64),
                                                           ENTRIES64(128), ENTRIES64(192)};

void dd_interrupt_resume(const struct dd_interrupt_frame *frame)
{
    (void)frame;
    __builtin_trap();
}

void dd_syscall_entry(void)
{
    __builtin_trap();
}

void dd_syscall_entry_32(void)
{
    __builtin_trap();
}
