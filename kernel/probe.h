/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Accesses that may fault: the fault ends the access, not the kernel.
 *
 * While one is under way kprobe_guard.rip is where dd_kernel_interrupt() makes
 * the program go on, with kprobe_guard.rsp as its stack; otherwise it is 0.
 */
#ifndef DRYDOCK_KERNEL_PROBE_H
#define DRYDOCK_KERNEL_PROBE_H

#include <stddef.h>
#include <stdint.h>

/** Written by probe.S and exception.c. */
extern struct kprobe_guard {
    uint64_t rip; /**< 0: no access is under way */
    uint64_t rsp;
} kprobe_guard;

_Static_assert(offsetof(struct kprobe_guard, rsp) == 8, "probe.S writes both members");

/** Load 8 bytes. @return them, or 0 after a fault */
uint64_t kprobe_load64(uint64_t address);

/** Store 8 bytes. */
void kprobe_store64(uint64_t address, uint64_t value);

/** Call code that keeps all registers. */
void kprobe_execute(uint64_t address);

#endif
