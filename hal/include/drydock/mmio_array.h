/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Arrays of device registers, and buffers in device memory: with bounds.
 *
 * An array is a handle like those of mmio.h: struct dd_mmio_ro32_array can only be
 * read, and so on for ro, wo, rw and 8, 16, 32, 64. Its elements follow each other
 * directly or at a distance, as the registers of an interrupt controller do that are
 * 4 bytes wide and 16 apart.
 *
 * Every access is of the element's width, one for each element and direction, from
 * the lowest index up unless said otherwise. A call whose elements are not all in the
 * array makes no access.
 *
 * The macros evaluate each argument once. `array` is the handle, not its address.
 */
#ifndef DRYDOCK_MMIO_ARRAY_H
#define DRYDOCK_MMIO_ARRAY_H

#include "drydock/mmio_extent.h"

/**
 * DD_MMIO_ARRAY_INIT(array, base, count, stride): make a handle.
 *
 * @param[out] array  address of a handle of any kind
 * @param base        address of element 0, a multiple of the element's width
 * @param count       elements, 0 or more
 * @param stride      bytes from one element to the next: a multiple of the width, not 0
 * @retval DD_OK      *array is valid
 * @retval DD_EARG    @p stride is 0; *array untouched, as after all failures
 * @retval DD_EALIGN  @p base or @p stride is not a multiple of the width
 * @retval DD_EWRAP   the last element would be beyond 2^64
 */
#define DD_MMIO_ARRAY_INIT(array, base, count, stride) \
    DD_MMIO_OF_ARRAY(*(array), init)(array, base, count, stride)

/** DD_MMIO_COUNT(array): how many elements it has. */
#define DD_MMIO_COUNT(array) ((array).extent.count)

/**
 * DD_MMIO_AT(array, index, reg): the handle of one element.
 *
 * @param index     0..count - 1
 * @param[out] reg  address of a handle of the same kind
 * @retval DD_OK    *reg is valid
 * @retval DD_EARG  there is no such element; *reg untouched
 */
#define DD_MMIO_AT(array, index, reg) DD_MMIO_OF_ARRAY(array, at)(array, index, reg)

/**
 * DD_MMIO_SLICE(array, first, count, part): the handle of some elements in a row.
 *
 * @param first      index of the element that is element 0 of the part
 * @param count      elements of the part, 0 or more
 * @param[out] part  address of a handle of the same kind
 * @retval DD_OK    *part is valid
 * @retval DD_EARG  not all of them are in the array; *part untouched
 */
#define DD_MMIO_SLICE(array, first, count, part) \
    DD_MMIO_OF_ARRAY(array, slice)(array, first, count, part)

/**
 * DD_MMIO_COPY_FROM(array, first, values, count): read elements into memory.
 *
 * @param array        read-only or read-write
 * @param first        index of the first element
 * @param[out] values  room for @p count numbers of the width
 * @param count        elements, 0 or more
 * @retval DD_OK    all were read
 * @retval DD_EARG  not all of them are in the array; *values untouched
 */
#define DD_MMIO_COPY_FROM(array, first, values, count) \
    DD_MMIO_OF_READABLE_ARRAY(array, read)(array, first, values, count)

/**
 * DD_MMIO_COPY_TO(array, first, values, count): write elements from memory.
 *
 * @param array   write-only or read-write
 * @param first   index of the first element
 * @param values  @p count numbers of the width
 * @param count   elements, 0 or more
 * @retval DD_OK    all were written
 * @retval DD_EARG  not all of them are in the array
 */
#define DD_MMIO_COPY_TO(array, first, values, count) \
    DD_MMIO_OF_WRITABLE_ARRAY(array, write)(array, first, values, count)

/**
 * DD_MMIO_FILL(array, first, count, value): write one value to elements.
 *
 * @param array  write-only or read-write
 * @param first  index of the first element
 * @param count  elements, 0 or more
 * @param value  a number of the width
 * @retval DD_OK    all were written
 * @retval DD_EARG  not all of them are in the array
 */
#define DD_MMIO_FILL(array, first, count, value) \
    DD_MMIO_OF_WRITABLE_ARRAY(array, fill)(array, first, count, value)

/**
 * DD_MMIO_COPY_WITHIN(array, to, from, count): copy elements to other places in the array.
 *
 * The two parts may overlap; every element is read before it is overwritten. For that the
 * accesses go from the highest index down if @p to is above @p from.
 *
 * @param array  read-write
 * @param to     index of the first element written
 * @param from   index of the first element read
 * @param count  elements, 0 or more
 * @retval DD_OK    all were copied
 * @retval DD_EARG  not all of them are in the array
 */
#define DD_MMIO_COPY_WITHIN(array, to, from, count) \
    DD_MMIO_OF_BOTH_ARRAY(array, move)(array, to, from, count)

/** DD_MMIO_ARRAY_READ_ONLY(array): a handle of the same elements that cannot write. */
#define DD_MMIO_ARRAY_READ_ONLY(array) DD_MMIO_OF_READABLE_ARRAY(array, read_only)(array)

/** DD_MMIO_ARRAY_WRITE_ONLY(array): a handle of the same elements that cannot read. */
#define DD_MMIO_ARRAY_WRITE_ONLY(array) DD_MMIO_OF_WRITABLE_ARRAY(array, write_only)(array)

#endif
