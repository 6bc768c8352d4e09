/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Entering privilege level 3 for the first time. It comes back through
 * interrupts (interrupt.h) and SYSCALL (syscall.h).
 */
#ifndef DRYDOCK_USER_H
#define DRYDOCK_USER_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/interrupt.h"
#include "drydock/status.h"

/** Where a program of privilege level 3 starts. */
struct dd_user_start {
    dd_vaddr entry; /**< first instruction; canonical */
    dd_vaddr stack; /**< RSP; canonical */
    uint16_t code;  /**< selector of a 64-bit code segment, RPL 3 */
    uint16_t data;  /**< selector for SS, RPL 3 */
    uint8_t
        linear_width; /**< linear-address bits: 48 (or 0) with 4-level paging, 57 with 5-level */
    uint64_t arguments[3]; /**< RDI, RSI and RDX of the program */
};

/**
 * Describe the start of a program as a frame: interrupts on, all other general
 * registers 0.
 *
 * @param start       read, not kept
 * @param[out] frame  for dd_user_enter, or for a scheduler to keep
 * @retval DD_OK          *frame is valid
 * @retval DD_EARG        the RPL of a selector is not 3, or no such width; *frame untouched
 * @retval DD_ECANONICAL  entry or stack is not canonical; *frame untouched
 *
 * Spec: [SDM 2A] IRET/IRETD/IRETQ, [SDM 3A] 5.8.1.
 */
DD_MUST_CHECK enum dd_status dd_user_frame_init(const struct dd_user_start *start,
                                                struct dd_interrupt_frame *frame);

/**
 * Enter privilege level 3 as a frame describes it, with the GS base that SWAPGS
 * gives. Returns only if it refuses.
 *
 * An IRETQ that fails with level 3's GS base in use is what attackers wish for:
 * so what can be known before is looked at.
 *
 * @param frame         may be anywhere
 * @param linear_width  linear-address bits, 48 or 57
 * @retval DD_OK          never: level 3 runs instead
 * @retval DD_EARG        the RPL of CS or SS is not 3, RFLAGS has VM or an IOPL, or no such width
 * @retval DD_ECANONICAL  RIP is not canonical
 *
 * Spec: [SDM 2A] IRET/IRETD/IRETQ, [SDM 2B] SWAPGS.
 */
DD_MUST_CHECK enum dd_status dd_user_enter(const struct dd_interrupt_frame *frame,
                                           unsigned int linear_width);

#endif
