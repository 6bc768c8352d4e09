/* SPDX-License-Identifier: MIT */
/*
 * Device registers whose width is known when the code runs. To a device a load or
 * a store is an event, so what counts is how many there are, how wide each is, and
 * in which order; [SDM 3A] 8.2.2: those to uncached memory reach the bus in program
 * order. Therefore everything is checked first, and then each element is accessed by
 * one instruction of insn.h and by nothing else: no memcpy, which chooses widths of
 * its own.
 */
#include "drydock/mmio.h"
#include "drydock/mmio_array.h"

#include "drydock/arch/insn.h"

static bool is_width(unsigned int bytes)
{
    return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

static uint64_t load(dd_vaddr address, unsigned int bytes)
{
    switch (bytes) {
    case 1:
        return dd_mmio_read8(address);
    case 2:
        return dd_mmio_read16(address);
    case 4:
        return dd_mmio_read32(address);
    default:
        return dd_mmio_read64(address);
    }
}

static void store(dd_vaddr address, unsigned int bytes, uint64_t value)
{
    switch (bytes) {
    case 1:
        dd_mmio_write8(address, (uint8_t)value);
        break;
    case 2:
        dd_mmio_write16(address, (uint16_t)value);
        break;
    case 4:
        dd_mmio_write32(address, (uint32_t)value);
        break;
    default:
        dd_mmio_write64(address, value);
        break;
    }
}

/* ---- Waiting ---- */

enum dd_status dd_mmio_poll(dd_vaddr address, unsigned int bytes,
                            const struct dd_mmio_condition *condition, uint64_t *value)
{
    if (!is_width(bytes) || condition->polls == 0 ||
        (condition->expected & ~(condition->mask & DD_MASK(8 * bytes - 1, 0))) != 0) {
        return DD_EARG;
    }
    for (uint32_t made = 0; made < condition->polls; made++) {
        uint64_t last = 0;

        if (made > 0) {
            dd_pause();
        }
        last = load(address, bytes);
        if ((last & condition->mask) == condition->expected) {
            *value = last;
            return DD_OK;
        }
    }
    return DD_ETIMEOUT;
}

/* ---- Extents ---- */

enum dd_status dd_mmio_extent_init(struct dd_mmio_extent *extent, struct dd_mmio_extent shape)
{
    uint64_t before = shape.bytes - 1; /* the bytes of an element that are not its last */

    if (!is_width(shape.bytes) || shape.stride == 0) {
        return DD_EARG;
    }
    if (!dd_is_aligned(shape.base.raw | shape.stride, shape.bytes)) {
        return DD_EALIGN;
    }
    if (shape.count != 0 &&
        shape.count - 1 > (UINT64_MAX - before - shape.base.raw) / shape.stride) {
        return DD_EWRAP;
    }
    *extent = shape;
    return DD_OK;
}

static bool contains(const struct dd_mmio_extent *extent, uint64_t first, uint64_t count)
{
    return first <= extent->count && count <= extent->count - first;
}

static dd_vaddr element(const struct dd_mmio_extent *extent, uint64_t index)
{
    return dd_vaddr_from(extent->base.raw + index * extent->stride);
}

enum dd_status dd_mmio_extent_at(const struct dd_mmio_extent *extent, uint64_t index,
                                 dd_vaddr *address)
{
    if (index >= extent->count) {
        return DD_EARG;
    }
    *address = element(extent, index);
    return DD_OK;
}

enum dd_status dd_mmio_extent_slice(const struct dd_mmio_extent *extent, uint64_t first,
                                    uint64_t count, struct dd_mmio_extent *part)
{
    if (!contains(extent, first, count)) {
        return DD_EARG;
    }
    *part = (struct dd_mmio_extent){element(extent, first), count, extent->stride, extent->bytes};
    return DD_OK;
}

static void put(void *values, uint64_t index, unsigned int bytes, uint64_t value)
{
    switch (bytes) {
    case 1:
        ((uint8_t *)values)[index] = (uint8_t)value;
        break;
    case 2:
        ((uint16_t *)values)[index] = (uint16_t)value;
        break;
    case 4:
        ((uint32_t *)values)[index] = (uint32_t)value;
        break;
    default:
        ((uint64_t *)values)[index] = value;
        break;
    }
}

static uint64_t get(const void *values, uint64_t index, unsigned int bytes)
{
    switch (bytes) {
    case 1:
        return ((const uint8_t *)values)[index];
    case 2:
        return ((const uint16_t *)values)[index];
    case 4:
        return ((const uint32_t *)values)[index];
    default:
        return ((const uint64_t *)values)[index];
    }
}

enum dd_status dd_mmio_extent_read(const struct dd_mmio_extent *extent, uint64_t first,
                                   void *values, uint64_t count)
{
    if (!contains(extent, first, count)) {
        return DD_EARG;
    }
    for (uint64_t i = 0; i < count; i++) {
        put(values, i, extent->bytes, load(element(extent, first + i), extent->bytes));
    }
    return DD_OK;
}

enum dd_status dd_mmio_extent_write(const struct dd_mmio_extent *extent, uint64_t first,
                                    const void *values, uint64_t count)
{
    if (!contains(extent, first, count)) {
        return DD_EARG;
    }
    for (uint64_t i = 0; i < count; i++) {
        store(element(extent, first + i), extent->bytes, get(values, i, extent->bytes));
    }
    return DD_OK;
}

enum dd_status dd_mmio_extent_fill(const struct dd_mmio_extent *extent, uint64_t first,
                                   uint64_t count, uint64_t value)
{
    if (!contains(extent, first, count)) {
        return DD_EARG;
    }
    for (uint64_t i = 0; i < count; i++) {
        store(element(extent, first + i), extent->bytes, value);
    }
    return DD_OK;
}

/* As memmove: what is overwritten has been read before. */
enum dd_status dd_mmio_extent_move(const struct dd_mmio_extent *extent, uint64_t to, uint64_t from,
                                   uint64_t count)
{
    if (!contains(extent, to, count) || !contains(extent, from, count)) {
        return DD_EARG;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t index = to > from ? count - 1 - i : i;
        uint64_t value = load(element(extent, from + index), extent->bytes);

        store(element(extent, to + index), extent->bytes, value);
    }
    return DD_OK;
}
