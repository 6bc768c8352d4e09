/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Interrupts, exceptions and system calls in the kernel.
 *
 * An exception that a guarded access (probe.h) caused ends that access. All else goes to the handler
 * a claim has set; without one the kernel prints the registers and exits with
 * KPROTOCOL_EXIT_FAILURE.
 */
#ifndef DRYDOCK_KERNEL_EXCEPTION_H
#define DRYDOCK_KERNEL_EXCEPTION_H

#include <stdint.h>

#include "drydock/interrupt.h"

/** No exception. */
#define KEXCEPTION_NONE UINT32_MAX

/** An exception that ended a guarded access. */
struct kexception {
    uint32_t vector;     /**< KEXCEPTION_NONE if there was none */
    uint32_t error_code; /**< 0 if the vector has none */
    uint64_t address;    /**< CR2 after a page fault, else 0 */
};

/** What ended the last guarded access since the last call of this function. */
struct kexception kexception_take(void);

/**
 * Let a claim handle all other exceptions, interrupts and system calls.
 *
 * @param handler  called for each one, which is over when it returns; NULL: the kernel's own again
 */
void kexception_set_handler(void (*handler)(struct dd_interrupt_frame *frame));

#endif
