/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the macros of mmio_array.h choose from: the handles of arrays, and the
 * functions of any width behind them.
 */
#ifndef DRYDOCK_MMIO_EXTENT_H
#define DRYDOCK_MMIO_EXTENT_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/mmio_handle.h"
#include "drydock/status.h"

/** Registers at equal distances. Made by dd_mmio_extent_init(), then only read. */
struct dd_mmio_extent {
    dd_vaddr base;      /**< element 0 */
    uint64_t count;     /**< elements */
    uint64_t stride;    /**< bytes from one element to the next */
    unsigned int bytes; /**< of an element: 1, 2, 4 or 8 */
};

/**
 * Describe registers at equal distances.
 *
 * @param[out] extent  the description
 * @param shape        what it is to be
 * @retval DD_OK      *extent is valid
 * @retval DD_EARG    no such width, or the stride is 0; *extent untouched, as after all failures
 * @retval DD_EALIGN  the base or the stride is not a multiple of the width
 * @retval DD_EWRAP   the last element would be beyond 2^64
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_init(struct dd_mmio_extent *extent,
                                                 struct dd_mmio_extent shape);

/**
 * The address of one element.
 *
 * @param index         0..count - 1
 * @param[out] address  of the element
 * @retval DD_OK    *address is valid
 * @retval DD_EARG  there is no such element; *address untouched
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_at(const struct dd_mmio_extent *extent, uint64_t index,
                                               dd_vaddr *address);

/**
 * Some elements in a row.
 *
 * @param first      index of the first
 * @param count      0 or more
 * @param[out] part  their description; may be @p extent
 * @retval DD_OK    *part is valid
 * @retval DD_EARG  not all of them are in the extent; *part untouched
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_slice(const struct dd_mmio_extent *extent,
                                                  uint64_t first, uint64_t count,
                                                  struct dd_mmio_extent *part);

/**
 * Read elements into memory, upward.
 *
 * @param first        index of the first
 * @param[out] values  room for @p count numbers of the width
 * @param count        0 or more
 * @retval DD_OK    all were read
 * @retval DD_EARG  not all of them are in the extent; *values untouched, no access made
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_read(const struct dd_mmio_extent *extent,
                                                 uint64_t first, void *values, uint64_t count);

/**
 * Write elements from memory, upward.
 *
 * @param first   index of the first
 * @param values  @p count numbers of the width
 * @param count   0 or more
 * @retval DD_OK    all were written
 * @retval DD_EARG  not all of them are in the extent; no access made
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_write(const struct dd_mmio_extent *extent,
                                                  uint64_t first, const void *values,
                                                  uint64_t count);

/**
 * Write one value to elements, upward.
 *
 * @param first  index of the first
 * @param count  0 or more
 * @param value  its low bits are written
 * @retval DD_OK    all were written
 * @retval DD_EARG  not all of them are in the extent; no access made
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_fill(const struct dd_mmio_extent *extent,
                                                 uint64_t first, uint64_t count, uint64_t value);

/**
 * Copy elements to other places, downward if they go up.
 *
 * @param to     index of the first written
 * @param from   index of the first read
 * @param count  0 or more
 * @retval DD_OK    all were copied
 * @retval DD_EARG  not all of them are in the extent; no access made
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_extent_move(const struct dd_mmio_extent *extent, uint64_t to,
                                                 uint64_t from, uint64_t count);

/* What an array of any kind has. */
#define DD_MMIO_ARRAY(kind, bits)                                                             \
    struct dd_mmio_##kind##_array {                                                           \
        struct dd_mmio_extent extent;                                                         \
    };                                                                                        \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_init(                   \
        struct dd_mmio_##kind##_array *array, dd_vaddr base, uint64_t count, uint64_t stride) \
    {                                                                                         \
        struct dd_mmio_extent shape = {base, count, stride, (bits) / 8};                      \
        return dd_mmio_extent_init(&array->extent, shape);                                    \
    }                                                                                         \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_at(                     \
        struct dd_mmio_##kind##_array array, uint64_t index, struct dd_mmio_##kind *reg)      \
    {                                                                                         \
        return dd_mmio_extent_at(&array.extent, index, &reg->address);                        \
    }                                                                                         \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_slice(                  \
        struct dd_mmio_##kind##_array array, uint64_t first, uint64_t count,                  \
        struct dd_mmio_##kind##_array *part)                                                  \
    {                                                                                         \
        return dd_mmio_extent_slice(&array.extent, first, count, &part->extent);              \
    }

/* What an array that can be read has. */
#define DD_MMIO_READABLE_ARRAY(kind, bits)                                           \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_read(          \
        struct dd_mmio_##kind##_array array, uint64_t first, uint##bits##_t *values, \
        uint64_t count)                                                              \
    {                                                                                \
        return dd_mmio_extent_read(&array.extent, first, values, count);             \
    }                                                                                \
    static inline struct dd_mmio_ro##bits##_array dd_mmio_##kind##_array_read_only(  \
        struct dd_mmio_##kind##_array array)                                         \
    {                                                                                \
        return (struct dd_mmio_ro##bits##_array){array.extent};                      \
    }

/* What an array that can be written has. */
#define DD_MMIO_WRITABLE_ARRAY(kind, bits)                                                         \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_write(                       \
        struct dd_mmio_##kind##_array array, uint64_t first, const uint##bits##_t *values,         \
        uint64_t count)                                                                            \
    {                                                                                              \
        return dd_mmio_extent_write(&array.extent, first, values, count);                          \
    }                                                                                              \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_fill(                        \
        struct dd_mmio_##kind##_array array, uint64_t first, uint64_t count, uint##bits##_t value) \
    {                                                                                              \
        return dd_mmio_extent_fill(&array.extent, first, count, value);                            \
    }                                                                                              \
    static inline struct dd_mmio_wo##bits##_array dd_mmio_##kind##_array_write_only(               \
        struct dd_mmio_##kind##_array array)                                                       \
    {                                                                                              \
        return (struct dd_mmio_wo##bits##_array){array.extent};                                    \
    }

/* What an array that can be read and written has besides. */
#define DD_MMIO_BOTH_ARRAY(kind)                                                         \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_array_move(              \
        struct dd_mmio_##kind##_array array, uint64_t to, uint64_t from, uint64_t count) \
    {                                                                                    \
        return dd_mmio_extent_move(&array.extent, to, from, count);                      \
    }

#define DD_MMIO_WIDTH_ARRAY(bits)          \
    DD_MMIO_ARRAY(ro##bits, bits)          \
    DD_MMIO_ARRAY(wo##bits, bits)          \
    DD_MMIO_ARRAY(rw##bits, bits)          \
    DD_MMIO_READABLE_ARRAY(ro##bits, bits) \
    DD_MMIO_READABLE_ARRAY(rw##bits, bits) \
    DD_MMIO_WRITABLE_ARRAY(wo##bits, bits) \
    DD_MMIO_WRITABLE_ARRAY(rw##bits, bits) \
    DD_MMIO_BOTH_ARRAY(rw##bits)

DD_MMIO_WIDTH_ARRAY(8)
DD_MMIO_WIDTH_ARRAY(16)
DD_MMIO_WIDTH_ARRAY(32)
DD_MMIO_WIDTH_ARRAY(64)

#undef DD_MMIO_ARRAY
#undef DD_MMIO_READABLE_ARRAY
#undef DD_MMIO_WRITABLE_ARRAY
#undef DD_MMIO_BOTH_ARRAY
#undef DD_MMIO_WIDTH_ARRAY

/* One access kind of all four widths, as associations of _Generic. */
/* clang-format off */
#define DD_MMIO_ARRAY_KINDS(access, verb)                                  \
    struct dd_mmio_##access##8_array : dd_mmio_##access##8_array_##verb,   \
    struct dd_mmio_##access##16_array : dd_mmio_##access##16_array_##verb, \
    struct dd_mmio_##access##32_array : dd_mmio_##access##32_array_##verb, \
    struct dd_mmio_##access##64_array : dd_mmio_##access##64_array_##verb
/* clang-format on */

#define DD_MMIO_OF_ARRAY(array, verb)                                               \
    _Generic((array), DD_MMIO_ARRAY_KINDS(ro, verb), DD_MMIO_ARRAY_KINDS(wo, verb), \
             DD_MMIO_ARRAY_KINDS(rw, verb))
#define DD_MMIO_OF_READABLE_ARRAY(array, verb) \
    _Generic((array), DD_MMIO_ARRAY_KINDS(ro, verb), DD_MMIO_ARRAY_KINDS(rw, verb))
#define DD_MMIO_OF_WRITABLE_ARRAY(array, verb) \
    _Generic((array), DD_MMIO_ARRAY_KINDS(wo, verb), DD_MMIO_ARRAY_KINDS(rw, verb))
#define DD_MMIO_OF_BOTH_ARRAY(array, verb) _Generic((array), DD_MMIO_ARRAY_KINDS(rw, verb))

#endif
