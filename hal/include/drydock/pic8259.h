/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The pair of 8259A interrupt controllers of a PC: IRQ 0 to 7 at the first,
 * IRQ 8 to 15 at the second, which is connected to input 2 of the first.
 *
 * An IRQ is a number 0..15; 2 is the connection and no device's. The ports are
 * fixed, so there is no handle.
 *
 * Most functions are several accesses that belong together: a command and the
 * read it selects, a mask that is read and written back, the words of an
 * initialization. So the kernel has interrupts off around every call, and with
 * several processors also holds one lock for the pair.
 */
#ifndef DRYDOCK_PIC8259_H
#define DRYDOCK_PIC8259_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"

/** Which end-of-interrupt command. */
enum dd_pic8259_eoi {
    DD_PIC8259_EOI_SPECIFIC,    /**< for this IRQ */
    DD_PIC8259_EOI_NONSPECIFIC, /**< for the one with the highest priority in service */
};

/** How a device asks: the values are those of the edge/level control registers. */
enum dd_pic8259_trigger {
    DD_PIC8259_EDGE = 0,  /**< by a line that rises */
    DD_PIC8259_LEVEL = 1, /**< by a line that is low, as PCI's are, for as long as it is */
};

/**
 * Program both chips: 8086 mode, edge-triggered, fully nested, no automatic
 * end of interrupt. All lines are masked afterwards and nothing is in service.
 *
 * @param first_vector   of IRQ 0: a multiple of 8, 32..248
 * @param second_vector  of IRQ 8: the same, and another one
 * @retval DD_OK      programmed
 * @retval DD_EARG    vectors out of range or equal; no port was accessed
 * @retval DD_ENODEV  the mask of the first chip does not keep what is written: there is no chip
 *
 * Spec: [8259A] "Initialization Command Words"; [SDM 3A] 6.2 for vectors below 32.
 */
DD_MUST_CHECK enum dd_status dd_pic8259_init(uint8_t first_vector, uint8_t second_vector);

/**
 * Mask every line: what a kernel does that uses the APICs instead. Requests that are on their way
 * still arrive, as spurious ones, so dd_pic8259_init() comes first.
 *
 * Spec: [8259A] "Operation Command Word 1".
 */
void dd_pic8259_disable(void);

/**
 * Let nothing through from one line; the others stay as they are.
 *
 * @param irq  0..15 but 2
 * @retval DD_OK    masked
 * @retval DD_EARG  irq is 2 or above 15; no port was accessed
 *
 * Spec: [8259A] "Operation Command Word 1".
 */
DD_MUST_CHECK enum dd_status dd_pic8259_mask(uint8_t irq);

/**
 * Let requests of one line through; for IRQ 8 to 15 also what comes from the second chip.
 *
 * @param irq  0..15 but 2
 * @retval DD_OK    unmasked
 * @retval DD_EARG  irq is 2 or above 15; no port was accessed
 *
 * Spec: [8259A] "Operation Command Word 1".
 */
DD_MUST_CHECK enum dd_status dd_pic8259_unmask(uint8_t irq);

/**
 * Say how the device of a line asks. After reset all lines are edges; firmware makes those of PCI
 * levels. The line should be masked meanwhile: a change may look like a request.
 *
 * @param irq      3..7, 9..12, 14 or 15: the others are edges for good
 * @param trigger  how
 * @retval DD_OK       so it is
 * @retval DD_EARG     a line that is an edge for good, or a value out of range; no port was accessed
 * @retval DD_ENOTSUP  the register does not keep what is written: a chipset without it
 *
 * Spec: [PIIX3] 2.5.3.8; [ICH9] 13.4.8, 13.4.9.
 */
DD_MUST_CHECK enum dd_status dd_pic8259_set_trigger(uint8_t irq, enum dd_pic8259_trigger trigger);

/** Which lines are levels: bit n is IRQ n. Spec: [PIIX3] 2.5.3.8. */
uint16_t dd_pic8259_read_triggers(void);

/**
 * End the service of an interrupt; for IRQ 8 to 15 at both chips.
 *
 * @param irq   0..15 but 2; for a nonspecific command its chip alone counts
 * @param kind  which command
 * @retval DD_OK    told
 * @retval DD_EARG  irq is 2 or above 15; no port was accessed
 *
 * Spec: [8259A] "Operation Command Word 2".
 */
DD_MUST_CHECK enum dd_status dd_pic8259_eoi(uint8_t irq, enum dd_pic8259_eoi kind);

/**
 * Whether an interrupt with the vector of this IRQ was none: the request was gone when the
 * processor asked. Then nothing is in service for it and no EOI may be sent; that which the first
 * chip needs for the connection, if irq is 15, has been sent.
 *
 * Only inputs 7 of the chips can be spurious: false for any other irq.
 *
 * Spec: [8259A] "Edge and Level Triggered Modes".
 */
DD_MUST_CHECK bool dd_pic8259_dismiss_spurious(uint8_t irq);

/**
 * Take the request with the highest priority without the processor: it is in service afterwards
 * as if the processor had acknowledged it. Masked lines are not looked at.
 *
 * @param[out] irq  the line, 0..15
 * @retval DD_OK      *irq is in service and wants dd_pic8259_eoi()
 * @retval DD_ENOENT  no request; *irq untouched
 *
 * Spec: [8259A] "Poll Command".
 */
DD_MUST_CHECK enum dd_status dd_pic8259_poll(uint8_t *irq);

/** Interrupt request register: bit n is IRQ n. Spec: [8259A] "Reading the 8259A Status". */
uint16_t dd_pic8259_read_irr(void);

/** In-service register: bit n is IRQ n. Spec: [8259A] "Reading the 8259A Status". */
uint16_t dd_pic8259_read_isr(void);

/** Interrupt mask register: bit n is IRQ n, 1 masked. Spec: [8259A] "Reading the 8259A Status". */
uint16_t dd_pic8259_read_imr(void);

#endif
