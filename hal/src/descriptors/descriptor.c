/* SPDX-License-Identifier: MIT */
/*
 * 64-bit mode ignores base and limit of code and data segments; what counts is
 * type, privilege level and the L bit of code. The flat descriptors have full
 * limits all the same, so that they also serve compatibility mode and read well
 * in a debugger. The accessed bit is set from the start: the processor then
 * never writes to a segment's descriptor, and a table without a task-state
 * segment may live in read-only memory.
 *
 * System descriptors (S = 0) take two entries in 64-bit mode, because their
 * base or offset has 64 bits. The high half has zeros where a descriptor has
 * its type, which no segment uses: a selector to it names nothing.
 */
#include "drydock/descriptor.h"

#include "drydock/descriptor_regs.h"
#include "drydock/selector.h"
#include "../base/ordinal.h"

enum {
    PRIVILEGE_USER = 3,
    TYPE_MAX = 15,
    TSS_LIMIT_MIN = 103,
    /* What the limit field holds; with G it counts units of 4 KiB. */
    LIMIT_FIELD_MAX = 0xFFFFF,
    GRANULE_SHIFT = 12,
    GRANULE_MASK = 0xFFF,
    /* Types of the flat segments: execute and read, read and write; both accessed. */
    TYPE_CODE = 0xB,
    TYPE_DATA = 0x3
};

#define FLAT(type_, dpl_, size_, limit_)                                                    \
    {                                                                                       \
        .limit = (limit_), .type = (type_), .dpl = (dpl_), .size = (size_), .present = true \
    }

static const struct dd_segment_parts flat_segments[] = {
    [DD_SEGMENT_KERNEL_CODE] = FLAT(TYPE_CODE, 0, DD_SEGMENT_64_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_KERNEL_DATA] = FLAT(TYPE_DATA, 0, DD_SEGMENT_32_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_USER_CODE] = FLAT(TYPE_CODE, PRIVILEGE_USER, DD_SEGMENT_64_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_USER_DATA] = FLAT(TYPE_DATA, PRIVILEGE_USER, DD_SEGMENT_32_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_KERNEL_CODE32] = FLAT(TYPE_CODE, 0, DD_SEGMENT_32_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_USER_CODE32] = FLAT(TYPE_CODE, PRIVILEGE_USER, DD_SEGMENT_32_BIT, 0xFFFFFFFF),
    [DD_SEGMENT_KERNEL_CODE16] = FLAT(TYPE_CODE, 0, DD_SEGMENT_16_BIT, 0xFFFF),
    [DD_SEGMENT_KERNEL_DATA16] = FLAT(TYPE_DATA, 0, DD_SEGMENT_16_BIT, 0xFFFF),
    [DD_SEGMENT_USER_CODE16] = FLAT(TYPE_CODE, PRIVILEGE_USER, DD_SEGMENT_16_BIT, 0xFFFF),
    [DD_SEGMENT_USER_DATA16] = FLAT(TYPE_DATA, PRIVILEGE_USER, DD_SEGMENT_16_BIT, 0xFFFF),
};

static bool is_system(const struct dd_descriptor *descriptor)
{
    return DD_GET(descriptor->low, DD_DESCRIPTOR_S) == 0;
}

enum dd_descriptor_kind dd_descriptor_kind(const struct dd_descriptor *descriptor)
{
    uint64_t type = DD_GET(descriptor->low, DD_DESCRIPTOR_TYPE);

    if (!is_system(descriptor)) {
        return DD_GET(type, DD_SEGMENT_TYPE_CODE) != 0 ? DD_DESCRIPTOR_CODE : DD_DESCRIPTOR_DATA;
    }
    switch (type) {
    case 0:
        return DD_DESCRIPTOR_NULL;
    case DD_SYSTEM_TYPE_LDT:
        return DD_DESCRIPTOR_LDT;
    case DD_SYSTEM_TYPE_TSS_AVAILABLE:
        return DD_DESCRIPTOR_TSS_AVAILABLE;
    case DD_SYSTEM_TYPE_TSS_BUSY:
        return DD_DESCRIPTOR_TSS_BUSY;
    case DD_SYSTEM_TYPE_CALL_GATE:
        return DD_DESCRIPTOR_CALL_GATE;
    default:
        return DD_DESCRIPTOR_OTHER;
    }
}

unsigned int dd_descriptor_entries(const struct dd_descriptor *descriptor)
{
    return is_system(descriptor) && dd_descriptor_kind(descriptor) != DD_DESCRIPTOR_NULL ? 2 : 1;
}

unsigned int dd_descriptor_dpl(const struct dd_descriptor *descriptor)
{
    return (unsigned int)DD_GET(descriptor->low, DD_DESCRIPTOR_DPL);
}

uint32_t dd_descriptor_limit(const struct dd_descriptor *descriptor)
{
    uint64_t limit = DD_GET(descriptor->low, DD_DESCRIPTOR_LIMIT_15_0) |
                     DD_GET(descriptor->low, DD_DESCRIPTOR_LIMIT_19_16) << 16;

    if (DD_GET(descriptor->low, DD_DESCRIPTOR_G) != 0) {
        limit = limit << GRANULE_SHIFT | GRANULE_MASK;
    }
    return (uint32_t)limit;
}

/* Base and limit of a descriptor that is otherwise still 0. */
static uint64_t extent(uint64_t base, uint32_t limit)
{
    uint64_t low = DD_SET(0, DD_DESCRIPTOR_BASE_23_0, base);

    low = DD_SET(low, DD_DESCRIPTOR_BASE_31_24, base >> 24);
    if (limit > LIMIT_FIELD_MAX) {
        low = DD_SET(low, DD_DESCRIPTOR_G, 1);
        limit >>= GRANULE_SHIFT;
    }
    low = DD_SET(low, DD_DESCRIPTOR_LIMIT_15_0, limit);
    return DD_SET(low, DD_DESCRIPTOR_LIMIT_19_16, limit >> 16);
}

static bool can_be_said(const struct dd_segment_parts *parts)
{
    bool is_code = DD_GET(parts->type, DD_SEGMENT_TYPE_CODE) != 0;

    return parts->type <= TYPE_MAX && parts->dpl <= PRIVILEGE_USER &&
           (unsigned int)parts->size <= DD_SEGMENT_64_BIT &&
           (is_code || parts->size != DD_SEGMENT_64_BIT) &&
           (parts->limit <= LIMIT_FIELD_MAX || (parts->limit & GRANULE_MASK) == GRANULE_MASK);
}

enum dd_status dd_descriptor_make_segment(const struct dd_segment_parts *parts,
                                          struct dd_descriptor *descriptor)
{
    uint64_t low = 0;

    if (!can_be_said(parts)) {
        return DD_EARG;
    }
    low = extent(parts->base, parts->limit);
    low = DD_SET(low, DD_DESCRIPTOR_TYPE, parts->type);
    low = DD_SET(low, DD_DESCRIPTOR_S, 1);
    low = DD_SET(low, DD_DESCRIPTOR_DPL, parts->dpl);
    low = DD_SET(low, DD_DESCRIPTOR_P, parts->present);
    low = DD_SET(low, DD_DESCRIPTOR_AVL, parts->available);
    low = DD_SET(low, DD_DESCRIPTOR_L, parts->size == DD_SEGMENT_64_BIT);
    low = DD_SET(low, DD_DESCRIPTOR_DB, parts->size == DD_SEGMENT_32_BIT);
    *descriptor = (struct dd_descriptor){.low = low};
    return DD_OK;
}

enum dd_status dd_descriptor_make_flat(enum dd_segment segment, struct dd_descriptor *descriptor)
{
    if ((unsigned int)segment >= sizeof flat_segments / sizeof flat_segments[0]) {
        return DD_EARG;
    }
    return dd_descriptor_make_segment(&flat_segments[segment], descriptor);
}

enum dd_status dd_descriptor_read_segment(const struct dd_descriptor *descriptor,
                                          struct dd_segment_parts *parts)
{
    uint64_t low = descriptor->low;
    bool is_64_bit = DD_GET(low, DD_DESCRIPTOR_L) != 0;
    bool is_32_bit = DD_GET(low, DD_DESCRIPTOR_DB) != 0;

    if (is_system(descriptor)) {
        return DD_EARG;
    }
    if (is_64_bit && (is_32_bit || dd_descriptor_kind(descriptor) == DD_DESCRIPTOR_DATA)) {
        return DD_EMALFORMED;
    }
    *parts = (struct dd_segment_parts){
        .base = (uint32_t)(DD_GET(low, DD_DESCRIPTOR_BASE_23_0) |
                           DD_GET(low, DD_DESCRIPTOR_BASE_31_24) << 24),
        .limit = dd_descriptor_limit(descriptor),
        .type = (uint8_t)DD_GET(low, DD_DESCRIPTOR_TYPE),
        .dpl = (uint8_t)DD_GET(low, DD_DESCRIPTOR_DPL),
        .size = is_64_bit   ? DD_SEGMENT_64_BIT
                : is_32_bit ? DD_SEGMENT_32_BIT
                            : DD_SEGMENT_16_BIT,
        .present = DD_GET(low, DD_DESCRIPTOR_P) != 0,
        .available = DD_GET(low, DD_DESCRIPTOR_AVL) != 0,
    };
    return DD_OK;
}

enum dd_status dd_descriptor_make_system(enum dd_descriptor_kind kind, dd_vaddr base,
                                         uint32_t limit, struct dd_descriptor *descriptor)
{
    uint64_t type = DD_SYSTEM_TYPE_LDT;
    uint64_t low = 0;

    if (kind == DD_DESCRIPTOR_TSS_AVAILABLE) {
        type = DD_SYSTEM_TYPE_TSS_AVAILABLE;
    } else if (kind != DD_DESCRIPTOR_LDT) {
        return DD_EARG;
    }
    if (limit > LIMIT_FIELD_MAX ||
        (type == DD_SYSTEM_TYPE_TSS_AVAILABLE && limit < TSS_LIMIT_MIN)) {
        return DD_EARG;
    }
    low = extent(base.raw, limit);
    low = DD_SET(low, DD_DESCRIPTOR_TYPE, type);
    low = DD_SET(low, DD_DESCRIPTOR_P, 1);
    descriptor->low = low;
    descriptor->high = DD_SET(0, DD_DESCRIPTOR_HIGH_BASE_63_32, base.raw >> 32);
    return DD_OK;
}

enum dd_status dd_descriptor_read_base(const struct dd_descriptor *descriptor, dd_vaddr *base)
{
    enum dd_descriptor_kind kind = dd_descriptor_kind(descriptor);

    if (kind != DD_DESCRIPTOR_LDT && kind != DD_DESCRIPTOR_TSS_AVAILABLE &&
        kind != DD_DESCRIPTOR_TSS_BUSY) {
        return DD_EARG;
    }
    *base = dd_vaddr_from(DD_GET(descriptor->low, DD_DESCRIPTOR_BASE_23_0) |
                          DD_GET(descriptor->low, DD_DESCRIPTOR_BASE_31_24) << 24 |
                          DD_GET(descriptor->high, DD_DESCRIPTOR_HIGH_BASE_63_32) << 32);
    return DD_OK;
}

enum dd_status dd_descriptor_make_call_gate(const struct dd_call_gate *gate,
                                            struct dd_descriptor *descriptor)
{
    uint64_t low = 0;
    enum dd_status status = DD_OK;

    if (gate->dpl > PRIVILEGE_USER || dd_selector_is_null(gate->selector)) {
        return DD_EARG;
    }
    status = dd_ordinal_check_virtual(gate->handler, dd_ordinal_virtual_width(gate->linear_width));
    if (status != DD_OK) {
        return status;
    }
    low = DD_SET(low, DD_CALL_GATE_OFFSET_15_0, gate->handler.raw);
    low = DD_SET(low, DD_CALL_GATE_SELECTOR, gate->selector);
    low = DD_SET(low, DD_CALL_GATE_TYPE, DD_SYSTEM_TYPE_CALL_GATE);
    low = DD_SET(low, DD_CALL_GATE_DPL, gate->dpl);
    low = DD_SET(low, DD_CALL_GATE_P, 1);
    low = DD_SET(low, DD_CALL_GATE_OFFSET_31_16, gate->handler.raw >> 16);
    descriptor->low = low;
    descriptor->high = DD_SET(0, DD_CALL_GATE_HIGH_OFFSET_63_32, gate->handler.raw >> 32);
    return DD_OK;
}
