/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The global descriptor table, of any size, in the caller's memory.
 */
#ifndef DRYDOCK_GDT_H
#define DRYDOCK_GDT_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/descriptor.h"
#include "drydock/io_map.h"
#include "drydock/ldt.h"
#include "drydock/selector.h"
#include "drydock/status.h"
#include "drydock/tss.h"

/**
 * A table and the memory it is in, both owned by the caller. The entries must
 * stay in place while they are loaded; the processor writes to them only when
 * it loads a task register, or a segment that is not marked accessed.
 */
struct dd_gdt {
    uint64_t *entries; /**< [0] is the null descriptor */
    uint16_t capacity; /**< entries there is room for, 1..8192 */
    uint16_t used;     /**< entries in use, 1..capacity */
};

/**
 * Make a table that holds only the null descriptor.
 *
 * @param entries   memory for the table, best aligned to 8 bytes
 * @param capacity  entries of 8 bytes there is room for, 1..8192
 * @retval DD_OK    *gdt is valid
 * @retval DD_EARG  capacity out of range; *gdt and the memory untouched
 *
 * Spec: [SDM 3A] 3.5.1.
 */
DD_MUST_CHECK enum dd_status dd_gdt_init(struct dd_gdt *gdt, uint64_t *entries, size_t capacity);

/**
 * Take over a table that is there already, such as a boot loader's.
 *
 * @param entries   the table
 * @param used      entries in use, 1..capacity
 * @param capacity  entries there is room for, up to 8192
 * @retval DD_OK          *gdt is valid; nothing was written to the entries
 * @retval DD_EARG        used or capacity out of range; *gdt untouched
 * @retval DD_EMALFORMED  entry 0 is not 0, or the last descriptor needs an entry more than there
 *                        are in use; *gdt untouched
 *
 * Spec: [SDM 3A] 3.5.1.
 */
DD_MUST_CHECK enum dd_status dd_gdt_adopt(struct dd_gdt *gdt, uint64_t *entries, size_t used,
                                          size_t capacity);

/**
 * Append a descriptor.
 *
 * @param descriptor     as descriptor.h makes it, or a raw one; it takes one entry if it is a code
 *                       or data segment, else two
 * @param[out] selector  selector of it; its RPL is the DPL
 * @retval DD_OK    *selector is valid
 * @retval DD_EARG  it is null, or no descriptor for such a table; *gdt and *selector untouched
 * @retval DD_EFULL too few entries left; *gdt and *selector untouched
 *
 * Spec: [SDM 3A] 3.5.1, 3.5.2.
 */
DD_MUST_CHECK enum dd_status dd_gdt_add(struct dd_gdt *gdt, const struct dd_descriptor *descriptor,
                                        uint16_t *selector);

/**
 * Append one of the flat segments.
 *
 * SYSRET wants user code right after user data, SYSCALL kernel data right
 * after kernel code (syscall.h): the order is the caller's.
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
 * Append the descriptor of a task-state segment whose limit takes in an I/O
 * permission map. The map has effect from dd_tss_set_io_map on.
 *
 * @param tss            as for dd_gdt_add_tss
 * @param io_map         lies behind the task-state segment, at most DFFFH bytes from its first byte
 * @param[out] selector  selector for dd_tss_load, RPL 0
 * @retval DD_OK          *selector is valid and the descriptor available; its limit is the last
 *                        byte of the map
 * @retval DD_EARG        the map lies elsewhere; *gdt and *selector untouched
 * @retval DD_EMALFORMED  the map's last byte is not FFH; *gdt and *selector untouched
 * @retval DD_EFULL       fewer than two entries left; *gdt and *selector untouched
 *
 * Spec: [SDM 3A] 8.2.3, [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_gdt_add_tss_with_io_map(struct dd_gdt *gdt,
                                                        const struct dd_tss *tss,
                                                        const struct dd_io_map *io_map,
                                                        uint16_t *selector);

/**
 * Append the descriptor of a local descriptor table; it takes two entries.
 *
 * @param ldt            its entries must stay in place while they are loaded; what is added to
 *                       it later is beyond the limit
 * @param[out] selector  selector for dd_ldt_load, RPL 0
 * @retval DD_OK     *selector is valid; the limit is the last byte in use
 * @retval DD_EARG   the table is empty; *gdt and *selector untouched
 * @retval DD_EFULL  fewer than two entries left; *gdt and *selector untouched
 *
 * Spec: [SDM 3A] 3.5.1, 2.1.1.1.
 */
DD_MUST_CHECK enum dd_status dd_gdt_add_ldt(struct dd_gdt *gdt, const struct dd_ldt *ldt,
                                            uint16_t *selector);

/**
 * Read a descriptor.
 *
 * @param selector         of an entry in use; its RPL does not matter
 * @param[out] descriptor  both entries if it is a system descriptor
 * @retval DD_OK          *descriptor is valid
 * @retval DD_EARG        the selector is null, of an LDT, or beyond the entries in use;
 *                        *descriptor untouched
 * @retval DD_EMALFORMED  a system descriptor whose second entry is not in use; *descriptor
 *                        untouched
 *
 * Spec: [SDM 3A] 3.4.2.
 */
DD_MUST_CHECK enum dd_status dd_gdt_get(const struct dd_gdt *gdt, uint16_t selector,
                                        struct dd_descriptor *descriptor);

/** Whether a task register holds, or held, a task-state segment. */
enum dd_tss_state {
    DD_TSS_AVAILABLE,
    DD_TSS_BUSY,
};

/**
 * Ask for the busy bit of a task-state segment.
 *
 * @param selector    from dd_gdt_add_tss
 * @param[out] state  busy from the LTR that loaded it until dd_gdt_reset_tss
 * @retval DD_OK    *state is valid
 * @retval DD_EARG  the selector does not name a task-state segment of this table; *state untouched
 *
 * Spec: [SDM 3A] 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_gdt_tss_state(const struct dd_gdt *gdt, uint16_t selector,
                                              enum dd_tss_state *state);

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

/** Limit of the table for LGDT: offset of the last byte in use. Spec: [SDM 3A] 2.4.1. */
uint16_t dd_gdt_limit(const struct dd_gdt *gdt);

/**
 * Load the table, and nothing else: segment registers keep what they have.
 *
 * Spec: [SDM 3A] 2.4.1.
 */
void dd_gdt_load_table(const struct dd_gdt *gdt);

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
