/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Devices as structures of registers, written down once as a table.
 *
 *     #define HPET_TIMER_REGISTERS(X, block)            \
 *         X(REGISTER, block, rw64, configuration, 0x00) \
 *         X(REGISTER, block, rw64, comparator, 0x08)
 *     DD_MMIO_BLOCK(hpet_timer, 0x20, HPET_TIMER_REGISTERS)
 *
 *     #define HPET_REGISTERS(X, block)                    \
 *         X(REGISTER, block, ro64, capabilities, 0x000)   \
 *         X(REGISTER, block, rw64, configuration, 0x010)  \
 *         X(REGISTER, block, rw64, counter, 0x0F0)        \
 *         X(BLOCKS, block, hpet_timer, timers, 0x100, 3, 0x20)
 *     DD_MMIO_BLOCK(hpet, 0x400, HPET_REGISTERS)
 *
 *     struct hpet hpet;
 *     struct hpet_timer timer;
 *
 *     status = hpet_at(dd_vaddr_from(0xFED00000), &hpet);
 *     DD_MMIO_WRITE(hpet_counter(hpet), 0);
 *     status = hpet_timers(hpet, 2, &timer);
 *     DD_MMIO_WRITE(hpet_timer_comparator(timer), 0x1000);
 *
 * A line is X(WHAT, block, …), where WHAT is one of
 *   REGISTER, kind, name, offset                 one register: ro8 … rw64
 *   ARRAY, kind, name, offset, count, stride     registers at equal distances
 *   BLOCK, type, name, offset                    another block
 *   BLOCKS, type, name, offset, count, stride    other blocks at equal distances
 * Registers may lie over each other, as one that is read and one that is written at
 * the same offset. What is not aligned or reaches out of the block does not compile.
 *
 * DD_MMIO_BLOCK(name, size, TABLE) makes of it
 *   struct name                       the handle: an address, copied freely
 *   name_at(base, &block)             DD_OK; DD_EALIGN if @p base is not a multiple of the widest
 *                                     register, DD_EWRAP if the block would end beyond 2^64; then
 *                                     the handle is untouched
 *   name_REGISTER(block)              the handle of the register, for mmio.h
 *   name_ARRAY(block)                 the handle of the array, for mmio_array.h
 *   name_BLOCK(block)                 the handle of the inner block
 *   name_BLOCKS(block, index, &inner) DD_OK; DD_EARG if there is no such block, the handle untouched
 */
#ifndef DRYDOCK_MMIO_BLOCK_H
#define DRYDOCK_MMIO_BLOCK_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/mmio.h"
#include "drydock/mmio_array.h"
#include "drydock/status.h"

#define DD_MMIO_BLOCK(name, size, TABLE)                                               \
    struct name {                                                                      \
        dd_vaddr base;                                                                 \
    };                                                                                 \
    struct name##_size {                                                               \
        uint8_t bytes[size];                                                           \
    };                                                                                 \
    struct name##_alignment {                                                          \
        uint8_t bytes[(0 TABLE(DD_MMIO_ALIGNMENT, name)) + 1];                         \
    };                                                                                 \
    DD_UNUSED DD_MUST_CHECK static inline enum dd_status name##_at(dd_vaddr base,      \
                                                                   struct name *block) \
    {                                                                                  \
        if (!dd_is_aligned(base.raw, sizeof(struct name##_alignment))) {               \
            return DD_EALIGN;                                                          \
        }                                                                              \
        if (base.raw > UINT64_MAX - ((size)-1)) {                                      \
            return DD_EWRAP;                                                           \
        }                                                                              \
        block->base = base;                                                            \
        return DD_OK;                                                                  \
    }                                                                                  \
    TABLE(DD_MMIO_MEMBER, name)

/* Bytes of a register of a kind. */
#define DD_MMIO_BYTES(kind) (DD_MMIO_BITS((struct dd_mmio_##kind){{0}}) / 8)

/* Widths are powers of two, so the or of each less one is the widest less one. */
#define DD_MMIO_ALIGNMENT(what, ...)                 DD_MMIO_ALIGNMENT_##what(__VA_ARGS__)
#define DD_MMIO_ALIGNMENT_REGISTER(block, kind, ...) | (DD_MMIO_BYTES(kind) - 1)
#define DD_MMIO_ALIGNMENT_ARRAY(block, kind, ...)    | (DD_MMIO_BYTES(kind) - 1)
#define DD_MMIO_ALIGNMENT_BLOCK(block, type, ...)    | (sizeof(struct type##_alignment) - 1)
#define DD_MMIO_ALIGNMENT_BLOCKS(block, type, ...)   | (sizeof(struct type##_alignment) - 1)

/* `count` things of `bytes` each, `stride` apart, are aligned and in the block. */
#define DD_MMIO_CHECK_PLACE(block, offset, bytes, alignment, count, stride)                    \
    _Static_assert((offset) % (alignment) == 0 && (stride) % (alignment) == 0, "not aligned"); \
    _Static_assert((count) > 0 && (stride) >= (bytes), "none, or they overlap");               \
    _Static_assert((offset) + ((count)-1) * (uint64_t)(stride) + (bytes) <=                    \
                       sizeof(struct block##_size),                                            \
                   "beyond the end of the block")

#define DD_MMIO_MEMBER(what, ...) DD_MMIO_MEMBER_##what(__VA_ARGS__)

#define DD_MMIO_MEMBER_REGISTER(block, kind, name, offset)                              \
    DD_UNUSED static inline struct dd_mmio_##kind block##_##name(struct block handle)   \
    {                                                                                   \
        DD_MMIO_CHECK_PLACE(block, offset, DD_MMIO_BYTES(kind), DD_MMIO_BYTES(kind), 1, \
                            DD_MMIO_BYTES(kind));                                       \
        return (struct dd_mmio_##kind){dd_vaddr_from(handle.base.raw + (offset))};      \
    }

#define DD_MMIO_MEMBER_ARRAY(block, kind, name, offset, count, stride)                        \
    DD_UNUSED static inline struct dd_mmio_##kind##_array block##_##name(struct block handle) \
    {                                                                                         \
        DD_MMIO_CHECK_PLACE(block, offset, DD_MMIO_BYTES(kind), DD_MMIO_BYTES(kind), count,   \
                            stride);                                                          \
        return (struct dd_mmio_##kind##_array){                                               \
            {dd_vaddr_from(handle.base.raw + (offset)), count, stride, DD_MMIO_BYTES(kind)}}; \
    }

#define DD_MMIO_MEMBER_BLOCK(block, type, name, offset)                                      \
    DD_UNUSED static inline struct type block##_##name(struct block handle)                  \
    {                                                                                        \
        DD_MMIO_CHECK_PLACE(block, offset, sizeof(struct type##_size),                       \
                            sizeof(struct type##_alignment), 1, sizeof(struct type##_size)); \
        return (struct type){dd_vaddr_from(handle.base.raw + (offset))};                     \
    }

#define DD_MMIO_MEMBER_BLOCKS(block, type, name, offset, count, stride)             \
    DD_UNUSED DD_MUST_CHECK static inline enum dd_status block##_##name(            \
        struct block handle, uint64_t index, struct type *inner)                    \
    {                                                                               \
        DD_MMIO_CHECK_PLACE(block, offset, sizeof(struct type##_size),              \
                            sizeof(struct type##_alignment), count, stride);        \
        if (index >= (count)) {                                                     \
            return DD_EARG;                                                         \
        }                                                                           \
        inner->base = dd_vaddr_from(handle.base.raw + (offset) + index * (stride)); \
        return DD_OK;                                                               \
    }

#endif
