/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The 64-bit task-state segment: which stack the processor takes when an
 * interrupt raises the privilege or its gate names one.
 */
#ifndef DRYDOCK_TSS_H
#define DRYDOCK_TSS_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/io_map.h"
#include "drydock/status.h"

/** Base of the I/O permission map of a segment without one: beyond every limit. */
#define DD_TSS_NO_IO_MAP UINT16_C(0xFFFF)

/**
 * Task-state segment as the processor reads it. One per processor.
 *
 * Spec: [SDM 3A] 8.7, figure 8-11.
 */
struct DD_PACKED dd_tss {
    uint32_t reserved_0;
    dd_vaddr rsp[3]; /**< stack tops for a change to privilege level 0, 1, 2 */
    uint64_t reserved_28;
    dd_vaddr ist[7]; /**< ist[n - 1]: stack top for gates with IST = n */
    uint64_t reserved_92;
    uint16_t reserved_100;
    uint16_t io_map_base; /**< offset of the I/O permission map; beyond the limit: no map */
};

_Static_assert(sizeof(struct dd_tss) == 104, "[SDM 3A] figure 8-11");
_Static_assert(offsetof(struct dd_tss, rsp) == 4, "[SDM 3A] figure 8-11");
_Static_assert(offsetof(struct dd_tss, ist) == 36, "[SDM 3A] figure 8-11");
_Static_assert(offsetof(struct dd_tss, io_map_base) == 102, "[SDM 3A] figure 8-11");

/** The stacks a task-state segment names. DD_TSS_IST1 belongs to gates with IST = 1. */
enum dd_tss_stack {
    DD_TSS_RSP0,
    DD_TSS_RSP1,
    DD_TSS_RSP2,
    DD_TSS_IST1,
    DD_TSS_IST2,
    DD_TSS_IST3,
    DD_TSS_IST4,
    DD_TSS_IST5,
    DD_TSS_IST6,
    DD_TSS_IST7,
};

/**
 * Make a task-state segment without stacks and without an I/O permission map.
 *
 * A map left at offset 0 would be the segment itself, read as permissions.
 *
 * Spec: [SDM 1] 19.5.2.
 */
void dd_tss_init(struct dd_tss *tss);

/**
 * Name one stack. May be called while the segment is in use.
 *
 * @param stack         which one, DD_TSS_RSP0..DD_TSS_IST7
 * @param top           address after the last byte of the stack, canonical; the processor
 *                      rounds it down to a multiple of 16 before it pushes
 * @param linear_width  linear-address bits: 48 with 4-level paging, 57 with 5-level paging
 * @retval DD_OK          interrupts from now on use it
 * @retval DD_EARG        no such stack or no such width; *tss untouched
 * @retval DD_ECANONICAL  top is not canonical; *tss untouched
 *
 * Spec: [SDM 3A] 6.14.2, 6.14.4, 6.14.5.
 */
DD_MUST_CHECK enum dd_status dd_tss_set_stack(struct dd_tss *tss, enum dd_tss_stack stack,
                                              dd_vaddr top, unsigned int linear_width);

/**
 * Let an I/O permission map have effect. May be called while the segment is in use.
 *
 * @param io_map  lies behind the segment, at most DFFFH bytes from its first byte, and within the
 *                limit: that of dd_gdt_add_tss_with_io_map with this map, or a longer one
 * @retval DD_OK          port accesses from now on obey it
 * @retval DD_EARG        the map lies elsewhere; *tss untouched
 * @retval DD_EMALFORMED  the map's last byte is not FFH; *tss untouched
 *
 * Spec: [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_tss_set_io_map(struct dd_tss *tss, const struct dd_io_map *io_map);

/**
 * Do without an I/O permission map: ports are for privilege levels up to IOPL only.
 *
 * Spec: [SDM 1] 19.5.2.
 */
void dd_tss_clear_io_map(struct dd_tss *tss);

/**
 * Where an I/O permission map lies from a task-state segment.
 *
 * @param[out] offset  bytes from the first byte of the segment, 104..DFFFH
 * @retval DD_OK          *offset is valid
 * @retval DD_EARG        the map begins before the end of the segment or too far behind it; *offset
 *                        untouched
 * @retval DD_EMALFORMED  the map's last byte is not FFH; *offset untouched
 *
 * Spec: [SDM 1] 19.5.2.
 */
DD_MUST_CHECK enum dd_status dd_tss_io_map_offset(const struct dd_tss *tss,
                                                  const struct dd_io_map *io_map, uint16_t *offset);

/**
 * Load the task register, which marks the descriptor in the GDT busy.
 *
 * @param selector  from dd_gdt_add_tss, of the GDT that is loaded. The
 *                  processor raises #GP if it is not an available TSS: one that
 *                  is busy must go through dd_gdt_reset_tss first.
 *
 * Spec: [SDM 3A] 2.4.4, [SDM 2A] LTR.
 */
void dd_tss_load(uint16_t selector);

#endif
