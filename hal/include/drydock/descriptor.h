/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Segment descriptors as values: code and data segments of every size, local
 * descriptor tables, task-state segments and call gates, to be put into a GDT
 * (gdt.h) or an LDT (ldt.h).
 */
#ifndef DRYDOCK_DESCRIPTOR_H
#define DRYDOCK_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** A descriptor as the processor reads it: one entry of a table, or two if it is a system one. */
struct dd_descriptor {
    uint64_t low;
    uint64_t high; /**< the second entry of a system descriptor; else 0 */
};

/** The flat segments, base 0, that kernels use. Base and limit mean nothing to 64-bit code. */
enum dd_segment {
    DD_SEGMENT_KERNEL_CODE,   /**< privilege level 0, execute and read, 64-bit */
    DD_SEGMENT_KERNEL_DATA,   /**< privilege level 0, read and write; 64-bit and 32-bit */
    DD_SEGMENT_USER_CODE,     /**< privilege level 3, execute and read, 64-bit */
    DD_SEGMENT_USER_DATA,     /**< privilege level 3, read and write; 64-bit and 32-bit */
    DD_SEGMENT_KERNEL_CODE32, /**< privilege level 0, execute and read, 4 GiB */
    DD_SEGMENT_USER_CODE32,   /**< privilege level 3, execute and read, 4 GiB */
    DD_SEGMENT_KERNEL_CODE16, /**< privilege level 0, execute and read, 64 KiB */
    DD_SEGMENT_KERNEL_DATA16, /**< privilege level 0, read and write, 64 KiB */
    DD_SEGMENT_USER_CODE16,   /**< privilege level 3, execute and read, 64 KiB */
    DD_SEGMENT_USER_DATA16,   /**< privilege level 3, read and write, 64 KiB */
};

/** Default operand and address size of code; for data, the size of stack pointer and limit. */
enum dd_segment_size {
    DD_SEGMENT_16_BIT, /**< L = 0, D/B = 0 */
    DD_SEGMENT_32_BIT, /**< L = 0, D/B = 1 */
    DD_SEGMENT_64_BIT, /**< L = 1, D/B = 0; code only */
};

/** A code or data segment in words. Spec: [SDM 3A] 3.4.5. */
struct dd_segment_parts {
    uint32_t base;  /**< linear address of its first byte */
    uint32_t limit; /**< offset of its last byte; from 100000H on its low 12 bits are 1 */
    enum dd_segment_size size; /**< see there */
    uint8_t type;              /**< bits of regs/segment_type.def, 0..15 */
    uint8_t dpl;               /**< 0..3 */
    bool present;              /**< P */
    bool available;            /**< AVL, for software */
};

/** A call gate in words. Spec: [SDM 3A] 5.8.3.1. */
struct dd_call_gate {
    dd_vaddr handler;     /**< first instruction; canonical */
    uint16_t selector;    /**< 64-bit code segment of the handler; not null */
    uint8_t dpl;          /**< 0..3: least privileged level that may use it */
    uint8_t linear_width; /**< linear-address bits the handler is canonical with: 48 (or 0), 57 */
};

/** What a descriptor is. */
enum dd_descriptor_kind {
    DD_DESCRIPTOR_NULL, /**< system type 0: selects nothing */
    DD_DESCRIPTOR_DATA,
    DD_DESCRIPTOR_CODE,
    DD_DESCRIPTOR_LDT,
    DD_DESCRIPTOR_TSS_AVAILABLE,
    DD_DESCRIPTOR_TSS_BUSY,
    DD_DESCRIPTOR_CALL_GATE,
    DD_DESCRIPTOR_OTHER, /**< a system type without a meaning in such a table of 64-bit mode */
};

/**
 * What a descriptor is, by its S bit and type.
 *
 * Spec: [SDM 3A] 3.4.5.1, 3.5, table 3-2.
 */
enum dd_descriptor_kind dd_descriptor_kind(const struct dd_descriptor *descriptor);

/** Entries of 8 bytes it takes in a table: 1 if S = 1 or it is null, else 2. Spec: [SDM 3A] 3.5. */
unsigned int dd_descriptor_entries(const struct dd_descriptor *descriptor);

/** Descriptor privilege level, 0..3. Spec: [SDM 3A] 3.4.5. */
unsigned int dd_descriptor_dpl(const struct dd_descriptor *descriptor);

/**
 * Make one of the flat segments.
 *
 * @param segment          which one
 * @param[out] descriptor  present, and marked accessed, so that the processor never writes to it
 * @retval DD_OK    *descriptor is valid
 * @retval DD_EARG  no such segment; *descriptor untouched
 *
 * Spec: [SDM 3A] 3.4.5, 5.2.1.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_make_flat(enum dd_segment segment,
                                                     struct dd_descriptor *descriptor);

/**
 * Make a code or data segment.
 *
 * @param parts            read, not kept
 * @param[out] descriptor  the segment
 * @retval DD_OK    *descriptor is valid
 * @retval DD_EARG  type, dpl or size out of range, a 64-bit data segment, or a limit that no
 *                  descriptor can say; *descriptor untouched
 *
 * Spec: [SDM 3A] 3.4.5.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_make_segment(const struct dd_segment_parts *parts,
                                                        struct dd_descriptor *descriptor);

/**
 * Read a code or data segment.
 *
 * @param[out] parts  the segment in words
 * @retval DD_OK          *parts is valid
 * @retval DD_EARG        it is a system descriptor; *parts untouched
 * @retval DD_EMALFORMED  L in a data segment, or L and D/B in a code segment; *parts untouched
 *
 * Spec: [SDM 3A] 3.4.5.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_read_segment(const struct dd_descriptor *descriptor,
                                                        struct dd_segment_parts *parts);

/**
 * Make the descriptor of a system segment: a task-state segment, available, or a
 * local descriptor table. gdt.h has functions that know base and limit.
 *
 * @param kind             DD_DESCRIPTOR_LDT or DD_DESCRIPTOR_TSS_AVAILABLE
 * @param base             linear address of its first byte
 * @param limit            offset of its last byte, up to FFFFFH; at least 103 for a
 *                         task-state segment
 * @param[out] descriptor  present, privilege level 0
 * @retval DD_OK    *descriptor is valid
 * @retval DD_EARG  kind or limit out of range; *descriptor untouched
 *
 * Spec: [SDM 3A] 8.2.3, 2.1.1.1.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_make_system(enum dd_descriptor_kind kind, dd_vaddr base,
                                                       uint32_t limit,
                                                       struct dd_descriptor *descriptor);

/**
 * Linear address of the first byte of a system segment.
 *
 * @param[out] base  its 64 bits
 * @retval DD_OK    *base is valid
 * @retval DD_EARG  it is neither a task-state segment nor a local descriptor table; *base untouched
 *
 * Spec: [SDM 3A] 8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_read_base(const struct dd_descriptor *descriptor,
                                                     dd_vaddr *base);

/**
 * Offset of the last byte of a segment, of whatever kind.
 *
 * @return the limit field, as bytes: counted in 4 KiB if G is set; without a meaning for gates
 *
 * Spec: [SDM 3A] 3.4.5.
 */
uint32_t dd_descriptor_limit(const struct dd_descriptor *descriptor);

/**
 * Make a call gate.
 *
 * @param gate             read, not kept
 * @param[out] descriptor  present
 * @retval DD_OK          *descriptor is valid
 * @retval DD_EARG        dpl or linear_width out of range, or the selector is null;
 *                        *descriptor untouched
 * @retval DD_ECANONICAL  the handler's address is not canonical; *descriptor untouched
 *
 * Spec: [SDM 3A] 5.8.3.1.
 */
DD_MUST_CHECK enum dd_status dd_descriptor_make_call_gate(const struct dd_call_gate *gate,
                                                          struct dd_descriptor *descriptor);

#endif
