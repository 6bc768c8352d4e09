/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about registers in memory. A frame stands for a device: it is at the same
 * address for the processor as in physical memory, in every world, and does what a
 * device without side effects does.
 */
#include "drydock/mmio.h"

#include "drydock/mmio_array.h"
#include "drydock/mmio_block.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

/* A frame with the bytes 0, 1, 2, … in its first 64. */
struct device {
    dd_paddr frame;
    volatile uint8_t *bytes; /* how the claim sees it, past the library */
    dd_vaddr base;           /* how the library sees it */
};

static enum dd_status open_device(struct device *device)
{
    enum dd_status status = world_frame_alloc(&device->frame);

    if (status != DD_OK) {
        return status;
    }
    device->bytes = world_frame_pointer(device->frame);
    device->base = dd_vaddr_from(device->frame.raw);
    for (unsigned int i = 0; i < 64; i++) {
        device->bytes[i] = (uint8_t)i;
    }
    return DD_OK;
}

static void close_device(const struct device *device)
{
    world_frame_free(device->frame);
}

static dd_vaddr at(const struct device *device, uint64_t offset)
{
    return dd_vaddr_from(device->base.raw + offset);
}

/* Eight bytes from an offset on, the first one lowest. */
static uint64_t word(const struct device *device, unsigned int offset)
{
    uint64_t value = 0;

    for (unsigned int i = 0; i < 8; i++) {
        value |= (uint64_t)device->bytes[offset + i] << (8 * i);
    }
    return value;
}

/* ---- Registers ---- */

CLAIM(registers_of_every_width_read_their_bytes)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_ro8 ro8 = {at(&device, 3)};
    struct dd_mmio_ro16 ro16 = {at(&device, 6)};
    struct dd_mmio_rw32 rw32 = {at(&device, 12)};
    struct dd_mmio_ro64 ro64 = {at(&device, 24)};
    CLAIM_EQUAL(DD_MMIO_READ(ro8), 0x03);
    CLAIM_EQUAL(DD_MMIO_READ(ro16), 0x0706);
    CLAIM_EQUAL(DD_MMIO_READ(rw32), 0x0F0E0D0C);
    CLAIM_EQUAL(DD_MMIO_READ(ro64), 0x1F1E1D1C1B1A1918);
    close_device(&device);
}

CLAIM(registers_of_every_width_write_their_bytes_and_no_others)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_wo8 wo8 = {at(&device, 3)};
    struct dd_mmio_wo16 wo16 = {at(&device, 10)};
    struct dd_mmio_rw32 rw32 = {at(&device, 20)};
    struct dd_mmio_wo64 wo64 = {at(&device, 32)};
    DD_MMIO_WRITE(wo8, 0x81);
    DD_MMIO_WRITE(wo16, 0x8283);
    DD_MMIO_WRITE(rw32, 0x84858687);
    DD_MMIO_WRITE(wo64, 0x88898A8B8C8D8E8F);
    CLAIM_EQUAL(word(&device, 0), 0x0706050481020100);
    CLAIM_EQUAL(word(&device, 8), 0x0F0E0D0C82830908);
    CLAIM_EQUAL(word(&device, 16), 0x8485868713121110);
    CLAIM_EQUAL(word(&device, 24), 0x1F1E1D1C1B1A1918);
    CLAIM_EQUAL(word(&device, 32), 0x88898A8B8C8D8E8F);
    CLAIM_EQUAL(word(&device, 40), 0x2F2E2D2C2B2A2928);
    close_device(&device);
}

CLAIM(bits_of_a_register_are_set_and_cleared_alone)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_rw16 rw16 = {at(&device, 2)};
    struct dd_mmio_rw8 rw8 = {at(&device, 4)};
    struct dd_mmio_rw32 rw32 = {at(&device, 8)};
    struct dd_mmio_rw64 rw64 = {at(&device, 16)};
    DD_MMIO_UPDATE(rw16, 0x0FF0, 0xAAAA);
    DD_MMIO_SET(rw8, 0xF0);
    DD_MMIO_CLEAR(rw32, 0x0F00000F);
    DD_MMIO_SET(rw64, 0x8000000000000000);
    CLAIM_EQUAL(word(&device, 0), 0x070605F40AA20100);
    CLAIM_EQUAL(word(&device, 8), 0x0F0E0D0C000A0900);
    CLAIM_EQUAL(word(&device, 16), 0x9716151413121110);
    close_device(&device);
}

enum {
    MMIO_LOW_HI = 4,
    MMIO_LOW_LO = 2,
    MMIO_TOP_HI = 63,
    MMIO_TOP_LO = 56,
};

CLAIM(fields_of_a_register_are_read_and_replaced_by_name)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_rw8 rw8 = {at(&device, 0x17)};
    struct dd_mmio_rw64 rw64 = {at(&device, 0x20)};
    CLAIM_EQUAL(DD_MMIO_GET_FIELD(rw8, MMIO_LOW), 0x5);
    CLAIM_EQUAL(DD_MMIO_GET_FIELD(rw64, MMIO_TOP), 0x27);
    DD_MMIO_SET_FIELD(rw8, MMIO_LOW, 0x2A);
    DD_MMIO_SET_FIELD(rw64, MMIO_TOP, 0x1FF);
    CLAIM_EQUAL(device.bytes[0x17], 0x0B);
    CLAIM_EQUAL(word(&device, 0x20), 0xFF26252423222120);
    close_device(&device);
}

CLAIM(a_restricted_handle_reaches_the_same_register)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_rw16 reg = {at(&device, 8)};
    DD_MMIO_WRITE(DD_MMIO_WRITE_ONLY(reg), 0xBEEF);
    CLAIM_EQUAL(DD_MMIO_READ(DD_MMIO_READ_ONLY(reg)), 0xBEEF);
    close_device(&device);
}

CLAIM(barriers_execute_and_change_nothing)
{
    struct device device;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_rw32 reg = {at(&device, 0)};
    DD_MMIO_WRITE(reg, 1);
    dd_mmio_write_barrier();
    DD_MMIO_WRITE(reg, 2);
    dd_mmio_barrier();
    CLAIM_EQUAL(DD_MMIO_READ(reg), 2);
    dd_mmio_read_barrier();
    CLAIM_EQUAL(word(&device, 0), 0x0706050400000002);
    close_device(&device);
}

/* ---- Waiting ---- */

CLAIM(polling_ends_with_the_value_or_with_the_time)
{
    struct device device;
    const struct dd_mmio_condition now = {.mask = 0xFF00, .expected = 0x0500, .polls = 1};
    const struct dd_mmio_condition never = {.mask = 0xFF00, .expected = 0x0600, .polls = 100};
    const struct dd_mmio_condition absurd = {.mask = 0xFF00, .expected = 0x10000, .polls = 1};
    const struct dd_mmio_condition no_time = {.mask = 0xFF00, .expected = 0x0500, .polls = 0};
    uint16_t value = 0;

    CLAIM_OK(open_device(&device));
    struct dd_mmio_ro16 reg = {at(&device, 4)};
    CLAIM_OK(DD_MMIO_POLL(reg, &now, &value));
    CLAIM_EQUAL(value, 0x0504);
    value = 0x7777;
    CLAIM_STATUS(DD_MMIO_POLL(reg, &never, &value), DD_ETIMEOUT);
    CLAIM_STATUS(DD_MMIO_POLL(reg, &absurd, &value), DD_EARG);
    CLAIM_STATUS(DD_MMIO_POLL(reg, &no_time, &value), DD_EARG);
    CLAIM_EQUAL(value, 0x7777);
    close_device(&device);
}

/* ---- Arrays ---- */

CLAIM(arrays_may_end_at_the_top_of_the_address_space_and_not_wrap)
{
    struct dd_mmio_rw32_array array = {{dd_vaddr_from(0), 0, 0, 0}};
    struct dd_mmio_rw32 reg = {dd_vaddr_from(7)};
    dd_vaddr top = dd_vaddr_from(0xFFFFFFFFFFFFFF00);

    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, top, 65, 4), DD_EWRAP);
    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, top, 17, 16), DD_EWRAP);
    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, top, UINT64_MAX, 4), DD_EWRAP);
    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, dd_vaddr_from(top.raw + 2), 1, 4), DD_EALIGN);
    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, top, 1, 6), DD_EALIGN);
    CLAIM_STATUS(DD_MMIO_ARRAY_INIT(&array, top, 1, 0), DD_EARG);
    CLAIM_EQUAL(DD_MMIO_COUNT(array), 0);
    CLAIM_OK(DD_MMIO_ARRAY_INIT(&array, top, 64, 4));
    CLAIM_STATUS(DD_MMIO_AT(array, 64, &reg), DD_EARG);
    CLAIM_EQUAL(reg.address.raw, 7);
    CLAIM_OK(DD_MMIO_AT(array, 63, &reg));
    CLAIM_EQUAL(reg.address.raw, 0xFFFFFFFFFFFFFFFC);
}

CLAIM(elements_beyond_the_bounds_are_not_accessed)
{
    struct device device;
    struct dd_mmio_rw16_array array;
    struct dd_mmio_rw16_array part;
    uint16_t values[4] = {7, 7, 7, 7};

    CLAIM_OK(open_device(&device));
    CLAIM_OK(DD_MMIO_ARRAY_INIT(&array, at(&device, 8), 4, 2));
    CLAIM_STATUS(DD_MMIO_COPY_FROM(array, 2, values, 3), DD_EARG);
    CLAIM_STATUS(DD_MMIO_COPY_TO(array, 5, values, 0), DD_EARG);
    CLAIM_STATUS(DD_MMIO_COPY_TO(array, 1, values, 4), DD_EARG);
    CLAIM_STATUS(DD_MMIO_FILL(array, UINT64_MAX, 2, 7), DD_EARG);
    CLAIM_STATUS(DD_MMIO_COPY_WITHIN(array, 2, 0, 3), DD_EARG);
    CLAIM_STATUS(DD_MMIO_COPY_WITHIN(array, 0, 2, 3), DD_EARG);
    CLAIM_STATUS(DD_MMIO_SLICE(array, 3, 2, &part), DD_EARG);
    CLAIM_EQUAL(values[0], 7);
    CLAIM_EQUAL(word(&device, 0), 0x0706050403020100);
    CLAIM_EQUAL(word(&device, 8), 0x0F0E0D0C0B0A0908);
    CLAIM_EQUAL(word(&device, 16), 0x1716151413121110);
    close_device(&device);
}

CLAIM(blocks_of_registers_are_copied_and_filled)
{
    struct device device;
    struct dd_mmio_rw16_array array;
    struct dd_mmio_rw16_array part;
    uint16_t values[2] = {0, 0};

    CLAIM_OK(open_device(&device));
    CLAIM_OK(DD_MMIO_ARRAY_INIT(&array, at(&device, 0), 6, 4));
    CLAIM_OK(DD_MMIO_COPY_FROM(DD_MMIO_ARRAY_READ_ONLY(array), 4, values, 2));
    CLAIM_EQUAL(values[0], 0x1110);
    CLAIM_EQUAL(values[1], 0x1514);
    CLAIM_OK(DD_MMIO_COPY_TO(DD_MMIO_ARRAY_WRITE_ONLY(array), 0, values, 2));
    CLAIM_EQUAL(word(&device, 0), 0x0706151403021110);
    CLAIM_OK(DD_MMIO_SLICE(array, 2, 2, &part));
    CLAIM_OK(DD_MMIO_FILL(part, 0, DD_MMIO_COUNT(part), 0xFEDC));
    CLAIM_EQUAL(word(&device, 8), 0x0F0EFEDC0B0AFEDC);
    CLAIM_EQUAL(word(&device, 16), 0x1716151413121110);
    close_device(&device);
}

CLAIM(overlapping_registers_are_copied_as_they_were)
{
    struct device device;
    struct dd_mmio_rw8_array bytes;
    struct dd_mmio_rw64_array quadwords;

    CLAIM_OK(open_device(&device));
    CLAIM_OK(DD_MMIO_ARRAY_INIT(&bytes, at(&device, 0), 8, 1));
    CLAIM_OK(DD_MMIO_ARRAY_INIT(&quadwords, at(&device, 8), 4, 8));
    CLAIM_OK(DD_MMIO_COPY_WITHIN(bytes, 1, 0, 7));
    CLAIM_EQUAL(word(&device, 0), 0x0605040302010000);
    CLAIM_OK(DD_MMIO_COPY_WITHIN(bytes, 0, 2, 6));
    CLAIM_EQUAL(word(&device, 0), 0x0605060504030201);
    CLAIM_OK(DD_MMIO_COPY_WITHIN(quadwords, 0, 1, 3));
    CLAIM_EQUAL(word(&device, 8), 0x1716151413121110);
    CLAIM_EQUAL(word(&device, 24), 0x2726252423222120);
    CLAIM_EQUAL(word(&device, 32), 0x2726252423222120);
    close_device(&device);
}

/* ---- Blocks ---- */

#define MMIO_CHANNEL(X, block)          \
    X(REGISTER, block, ro8, state, 0x0) \
    X(REGISTER, block, rw32, count, 0x4)
DD_MMIO_BLOCK(mmio_channel, 0x8, MMIO_CHANNEL)

#define MMIO_DEVICE(X, block)                  \
    X(REGISTER, block, ro64, identity, 0x00)   \
    X(REGISTER, block, rw16, control, 0x0A)    \
    X(ARRAY, block, rw8, masks, 0x10, 4, 4)    \
    X(BLOCK, block, mmio_channel, first, 0x20) \
    X(BLOCKS, block, mmio_channel, channels, 0x20, 4, 8)
DD_MMIO_BLOCK(mmio_device, 0x40, MMIO_DEVICE)

CLAIM(a_structure_of_registers_is_reached_by_its_fields)
{
    struct device device;
    struct mmio_device block = {dd_vaddr_from(0)};
    struct mmio_channel channel = {dd_vaddr_from(0)};
    struct dd_mmio_rw8 mask;

    CLAIM_OK(open_device(&device));
    CLAIM_OK(mmio_device_at(device.base, &block));
    CLAIM_EQUAL(DD_MMIO_READ(mmio_device_identity(block)), 0x0706050403020100);
    DD_MMIO_SET(mmio_device_control(block), 0x8000);
    CLAIM_EQUAL(word(&device, 8), 0x0F0E0D0C8B0A0908);
    CLAIM_OK(DD_MMIO_AT(mmio_device_masks(block), 3, &mask));
    CLAIM_EQUAL(DD_MMIO_READ(mask), 0x1C);
    CLAIM_STATUS(DD_MMIO_AT(mmio_device_masks(block), 4, &mask), DD_EARG);
    CLAIM_EQUAL(DD_MMIO_READ(mmio_channel_count(mmio_device_first(block))), 0x27262524);
    CLAIM_OK(mmio_device_channels(block, 3, &channel));
    CLAIM_EQUAL(DD_MMIO_READ(mmio_channel_state(channel)), 0x38);
    CLAIM_STATUS(mmio_device_channels(block, 4, &channel), DD_EARG);
    CLAIM_EQUAL(channel.base.raw, device.base.raw + 0x38);
    close_device(&device);
}

CLAIM(a_structure_of_registers_is_aligned_and_does_not_wrap)
{
    struct mmio_device block = {dd_vaddr_from(7)};

    CLAIM_STATUS(mmio_device_at(dd_vaddr_from(0x1004), &block), DD_EALIGN);
    CLAIM_STATUS(mmio_device_at(dd_vaddr_from(0xFFFFFFFFFFFFFFC8), &block), DD_EWRAP);
    CLAIM_EQUAL(block.base.raw, 7);
    CLAIM_OK(mmio_device_at(dd_vaddr_from(0xFFFFFFFFFFFFFFC0), &block));
    CLAIM_EQUAL(mmio_device_control(block).address.raw, 0xFFFFFFFFFFFFFFCA);
}
