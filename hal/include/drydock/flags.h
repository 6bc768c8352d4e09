/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Two flags that are turned off for a while and then back to what they were:
 * interrupts (RFLAGS.IF) and the ban on user pages (SMAP, RFLAGS.AC).
 *
 *     struct dd_interrupts before = dd_interrupts_disable();
 *     …
 *     dd_interrupts_restore(before);
 *
 * Pairs nest: only the outermost one changes anything.
 *
 * Spec: [SDM 1] 3.4.3; [SDM 3A] 2.3.
 */
#ifndef DRYDOCK_FLAGS_H
#define DRYDOCK_FLAGS_H

#include <stdbool.h>

#include "drydock/attributes.h"
#include "drydock/cpu.h"

/** Whether interrupts were enabled. */
struct dd_interrupts {
    bool enabled;
};

/** Whether maskable interrupts are enabled: RFLAGS.IF. Spec: [SDM 3A] 6.8.1. */
bool dd_interrupts_are_enabled(void);

/** Enable them. The processor may take one before the caller goes on. Spec: [SDM 2B] STI. */
void dd_interrupts_enable(void);

/**
 * Disable interrupts.
 *
 * @return what dd_interrupts_restore() wants at the end
 *
 * Spec: [SDM 2A] CLI. The compiler moves no access to memory across it, here or there.
 */
DD_MUST_CHECK struct dd_interrupts dd_interrupts_disable(void);

/** Enable interrupts again if they were. */
void dd_interrupts_restore(struct dd_interrupts before);

/** Enable interrupts and wait for one; it cannot come in between. Spec: [SDM 2B] STI. */
void dd_interrupts_wait(void);

/** Whether RFLAGS.AC was 1. */
struct dd_smap_guard {
    bool allowed;
};

/** Whether accesses to user pages are allowed: RFLAGS.AC. Spec: [SDM 3A] 4.6. */
bool dd_smap_is_allowed(void);

/**
 * Allow the kernel to access user pages.
 *
 * @param cpu  without SMAP nothing is executed: they are allowed anyway
 * @return what dd_smap_restore() wants at the end
 *
 * Spec: [SDM 2B] STAC.
 */
DD_MUST_CHECK struct dd_smap_guard dd_smap_allow(const struct dd_cpu *cpu);

/** Forbid it again if it was, as dd_smap_allow() found it. Spec: [SDM 2A] CLAC. */
void dd_smap_restore(const struct dd_cpu *cpu, struct dd_smap_guard before);

#endif
