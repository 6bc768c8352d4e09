/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The interrupt descriptor table of 64-bit mode.
 *
 * Spec: [SDM 3A] 6.10, 6.11.
 */
#ifndef DRYDOCK_IDT_H
#define DRYDOCK_IDT_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** A gate as the processor reads it. Spec: [SDM 3A] 6.14.1, figure 6-8. */
struct dd_idt_gate {
    uint64_t low;
    uint64_t high;
};

/** A table, owned by the caller; it must stay in place while it is loaded. */
struct dd_idt {
    struct dd_idt_gate gates[256];
};

_Static_assert(sizeof(struct dd_idt) == 4096, "256 gates of 16 bytes");

/** What happens to RFLAGS.IF on the way in. Spec: [SDM 3A] 6.12.1.3, table 3-2. */
enum dd_gate_type {
    DD_GATE_TYPE_INTERRUPT = 0xE, /**< cleared: no interrupts until the handler allows them */
    DD_GATE_TYPE_TRAP = 0xF,      /**< left alone */
};

/** A gate in words. */
struct dd_gate {
    dd_vaddr handler;       /**< first instruction; canonical */
    uint16_t selector;      /**< 64-bit code segment of the handler; not null */
    enum dd_gate_type type; /**< interrupt or trap */
    uint8_t dpl;            /**< 0..3: least privileged level that may use INT n */
    uint8_t ist;            /**< 1..7: always switch to this stack of the TSS; 0: only as needed */
    uint8_t linear_width;   /**< linear-address bits the handler is canonical with: 48 (or 0), 57 */
};

/** Make a table without a present gate. Every table starts with this call. */
void dd_idt_init(struct dd_idt *idt);

/**
 * Describe the handler of a vector.
 *
 * The gate is written in two halves: change one that is in use only while its
 * vector cannot occur.
 *
 * @param vector  any
 * @param gate    read, not kept
 * @retval DD_OK          the gate is present
 * @retval DD_EARG        type (64-bit mode has no task gates), dpl, ist or linear_width out of
 *                        range, or the selector is null; *idt untouched
 * @retval DD_ECANONICAL  the handler's address is not canonical; *idt untouched
 *
 * Spec: [SDM 3A] 6.14.1, 6.12.1.
 */
DD_MUST_CHECK enum dd_status dd_idt_set_gate(struct dd_idt *idt, uint8_t vector,
                                             const struct dd_gate *gate);

/**
 * Read a gate, for instance to change one property of it and set it again.
 *
 * @param[out] gate  linear_width is the least that the handler's address needs
 * @retval DD_OK          *gate is valid
 * @retval DD_ENOENT      the gate is not present; *gate untouched
 * @retval DD_EMALFORMED  reserved bits are set, or it is no interrupt or trap gate; *gate untouched
 *
 * Spec: [SDM 3A] 6.14.1.
 */
DD_MUST_CHECK enum dd_status dd_idt_get_gate(const struct dd_idt *idt, uint8_t vector,
                                             struct dd_gate *gate);

/**
 * Make a gate not present: its vector raises #NP from now on.
 *
 * Spec: [SDM 3A] 6.14.1; 6.15, interrupt 11.
 */
void dd_idt_clear_gate(struct dd_idt *idt, uint8_t vector);

/** Load the table: all 256 gates. Spec: [SDM 3A] 2.4.3, 6.10. */
void dd_idt_load(const struct dd_idt *idt);

#endif
