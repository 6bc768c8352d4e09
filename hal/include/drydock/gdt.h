/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The global descriptor table for 64-bit mode: flat segments and task-state
 * segments.
 */
#ifndef DRYDOCK_GDT_H
#define DRYDOCK_GDT_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/status.h"
#include "drydock/tss.h"

/** Entries of 8 bytes a table has room for, the null descriptor included. */
#define DD_GDT_ENTRIES 16

/**
 * A table, owned by the caller; it must stay in place while it is loaded. The
 * processor writes to it only when it loads a task register.
 */
struct dd_gdt {
    uint64_t entries[DD_GDT_ENTRIES]; /**< [0] is the null descriptor */
    uint16_t used;                    /**< entries in use, 1..DD_GDT_ENTRIES */
};

/** The segments a 64-bit kernel needs. Base and limit mean nothing in 64-bit mode. */
enum dd_segment {
    DD_SEGMENT_KERNEL_CODE, /**< privilege level 0, execute and read, 64-bit */
    DD_SEGMENT_KERNEL_DATA, /**< privilege level 0, read and write */
    DD_SEGMENT_USER_CODE,   /**< privilege level 3, execute and read, 64-bit */
    DD_SEGMENT_USER_DATA,   /**< privilege level 3, read and write */
};

/** Make a table that holds only the null descriptor. Every table starts with this call. */
void dd_gdt_init(struct dd_gdt *gdt);

/**
 * Append a segment.
 *
 * SYSRET wants user code right after user data, SYSCALL kernel data right
 * after kernel code: the order is the caller's.
 *
 * @param segment        which one
 * @param[out] selector  selector of the segment; its RPL is the segment's privilege level
 * @retval DD_OK     *selector is valid
 * @retval DD_EARG   no such segment; *gdt and *selector untouched
 * @retval DD_EFULL  no entry left; *gdt and *selector untouched
 *
 * Spec: [SDM 3A] 3.4.5, 5.2.1.
 */
DD_MUST_CHECK enum dd_status dd_gdt_add_segment(struct dd_gdt *gdt, enum dd_segment segment,
                                                uint16_t *selector);

/**
 * Append the descriptor of a task-state segment; it takes two entries.
 *
 * @param tss            must stay in place while a task register holds it; its
 *                       contents may change at any time and are not read here
 * @param[out] selector  selector for dd_tss_load, RPL 0
 * @retval DD_OK     *selector is valid and the descriptor available, with limit 103
 * @retval DD_EFULL  fewer than two entries left; *gdt and *selector untouched
 *
 * Spec: [SDM 3A] 8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_gdt_add_tss(struct dd_gdt *gdt, const struct dd_tss *tss,
                                            uint16_t *selector);

/**
 * Mark the descriptor of a task-state segment available again.
 *
 * LTR leaves it busy, and refuses a busy one: needed before a second
 * dd_tss_load of the same selector.
 *
 * @param selector  from dd_gdt_add_tss; no other processor's task register holds it
 * @retval DD_OK    the descriptor is available
 * @retval DD_EARG  the selector does not name a task-state segment of this table; *gdt untouched
 *
 * Spec: [SDM 3A] 8.2.2, 8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_gdt_reset_tss(struct dd_gdt *gdt, uint16_t selector);

/**
 * Load the table, then CS, SS, DS and ES from it.
 *
 * FS and GS keep their bases: loading their selectors would clear them. The
 * task register keeps what it has until dd_tss_load. Call it with interrupts
 * off: gates of the IDT must name a code segment of this table afterwards.
 *
 * @param code  selector of a code segment in this table for the current privilege level
 * @param data  selector of a data segment in this table for the current privilege level
 *
 * Spec: [SDM 3A] 2.4.1, 3.4.3.
 */
void dd_gdt_load(const struct dd_gdt *gdt, uint16_t code, uint16_t data);

#endif
