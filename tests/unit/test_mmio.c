/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/include/drydock/mmio*.h and hal/src/base/mmio.c: every access counts. */
#include "drydock/mmio.h"

#include "drydock/mmio_array.h"
#include "drydock/mmio_block.h"
#include "tests/unit/mmio_device.h"
#include "tests/unit/unit.h"

#define AT(offset) dd_vaddr_from(MMIO_DEVICE + (offset))

enum {
    LOW_HI = 3,
    LOW_LO = 0,
    HIGH_HI = 7,
    HIGH_LO = 4,
    TOP_HI = 63,
    TOP_LO = 60,
};

/* ---- Registers ---- */

START_TEST(a_read_is_one_access_of_the_register_s_width)
{
    struct dd_mmio_ro8 ro8 = {AT(1)};
    struct dd_mmio_rw16 rw16 = {AT(2)};
    struct dd_mmio_ro32 ro32 = {AT(4)};
    struct dd_mmio_rw64 rw64 = {AT(8)};

    ck_assert_uint_eq(DD_MMIO_READ(ro8), 0x01);
    ck_assert_uint_eq(DD_MMIO_READ(rw16), 0x0302);
    ck_assert_uint_eq(DD_MMIO_READ(ro32), 0x07060504);
    ck_assert_uint_eq(DD_MMIO_READ(rw64), 0x0F0E0D0C0B0A0908);
    MMIO_EXPECT({MMIO_READ, 1, 1, 0x01}, {MMIO_READ, 2, 2, 0x0302}, {MMIO_READ, 4, 4, 0x07060504},
                {MMIO_READ, 8, 8, 0x0F0E0D0C0B0A0908});
}
END_TEST

START_TEST(a_write_is_one_access_of_the_register_s_width)
{
    struct dd_mmio_rw8 rw8 = {AT(1)};
    struct dd_mmio_wo16 wo16 = {AT(2)};
    struct dd_mmio_rw32 rw32 = {AT(4)};
    struct dd_mmio_wo64 wo64 = {AT(56)};

    DD_MMIO_WRITE(rw8, 0x81);
    DD_MMIO_WRITE(wo16, 0x8182);
    DD_MMIO_WRITE(rw32, 0x81828384);
    DD_MMIO_WRITE(wo64, 0x8182838485868788);
    MMIO_EXPECT({MMIO_WRITE, 1, 1, 0x81}, {MMIO_WRITE, 2, 2, 0x8182},
                {MMIO_WRITE, 4, 4, 0x81828384}, {MMIO_WRITE, 8, 56, 0x8182838485868788});
}
END_TEST

START_TEST(an_update_is_one_read_and_one_write)
{
    struct dd_mmio_rw16 reg = {AT(2)};

    DD_MMIO_UPDATE(reg, 0x0FF0, 0xAAAA);
    MMIO_EXPECT({MMIO_READ, 2, 2, 0x0302}, {MMIO_WRITE, 2, 2, 0x0AA2});
    DD_MMIO_SET(reg, 0x8001);
    MMIO_EXPECT({MMIO_READ, 2, 2, 0x0AA2}, {MMIO_WRITE, 2, 2, 0x8AA3});
    DD_MMIO_CLEAR(reg, 0x8002);
    MMIO_EXPECT({MMIO_READ, 2, 2, 0x8AA3}, {MMIO_WRITE, 2, 2, 0x0AA1});
}
END_TEST

START_TEST(updates_of_every_width_stay_in_it)
{
    struct dd_mmio_rw8 rw8 = {AT(1)};
    struct dd_mmio_rw32 rw32 = {AT(4)};
    struct dd_mmio_rw64 rw64 = {AT(8)};

    DD_MMIO_SET(rw8, 0xFF);
    DD_MMIO_SET(rw32, 0xF0000000);
    DD_MMIO_CLEAR(rw64, 0xFF000000000000FF);
    MMIO_EXPECT({MMIO_READ, 1, 1, 0x01}, {MMIO_WRITE, 1, 1, 0xFF}, {MMIO_READ, 4, 4, 0x07060504},
                {MMIO_WRITE, 4, 4, 0xF7060504}, {MMIO_READ, 8, 8, 0x0F0E0D0C0B0A0908},
                {MMIO_WRITE, 8, 8, 0x000E0D0C0B0A0900});
}
END_TEST

START_TEST(a_field_is_read_and_replaced_by_its_name)
{
    struct dd_mmio_rw8 rw8 = {AT(0x1B)};
    struct dd_mmio_rw64 rw64 = {AT(8)};

    ck_assert_uint_eq(DD_MMIO_GET_FIELD(rw8, LOW), 0xB);
    ck_assert_uint_eq(DD_MMIO_GET_FIELD(rw8, HIGH), 0x1);
    MMIO_EXPECT({MMIO_READ, 1, 0x1B, 0x1B}, {MMIO_READ, 1, 0x1B, 0x1B});
    DD_MMIO_SET_FIELD(rw8, HIGH, 0x2C);
    MMIO_EXPECT({MMIO_READ, 1, 0x1B, 0x1B}, {MMIO_WRITE, 1, 0x1B, 0xCB});
    DD_MMIO_SET_FIELD(rw64, TOP, 0x15);
    MMIO_EXPECT({MMIO_READ, 8, 8, 0x0F0E0D0C0B0A0908}, {MMIO_WRITE, 8, 8, 0x5F0E0D0C0B0A0908});
}
END_TEST

START_TEST(a_restricted_handle_is_of_the_same_register)
{
    struct dd_mmio_rw32 reg = {AT(4)};

    ck_assert_uint_eq(DD_MMIO_READ(DD_MMIO_READ_ONLY(reg)), 0x07060504);
    DD_MMIO_WRITE(DD_MMIO_WRITE_ONLY(reg), 1);
    MMIO_EXPECT({MMIO_READ, 4, 4, 0x07060504}, {MMIO_WRITE, 4, 4, 1});
    ck_assert_uint_eq(DD_MMIO_BITS(DD_MMIO_READ_ONLY(reg)), 32);
}
END_TEST

static unsigned int evaluations;

static struct dd_mmio_rw8 counted(void)
{
    evaluations++;
    return (struct dd_mmio_rw8){AT(1)};
}

START_TEST(arguments_are_evaluated_once)
{
    unsigned int value = 0;

    evaluations = 0;
    DD_MMIO_SET_FIELD(counted(), LOW, value++);
    ck_assert_uint_eq(evaluations, 1);
    ck_assert_uint_eq(value, 1);
    evaluations = 0;
    ck_assert_uint_eq(DD_MMIO_GET_FIELD(counted(), HIGH), 0);
    ck_assert_uint_eq(evaluations, 1);
    DD_MMIO_UPDATE(counted(), 0, 0);
    ck_assert_uint_eq(evaluations, 2);
}
END_TEST

START_TEST(barriers_are_the_three_fences)
{
    dd_mmio_barrier();
    dd_mmio_read_barrier();
    dd_mmio_write_barrier();
    MMIO_EXPECT({MMIO_FENCE, 0, 0, 'm'}, {MMIO_FENCE, 0, 0, 'l'}, {MMIO_FENCE, 0, 0, 's'});
}
END_TEST

/* ---- Waiting ---- */

START_TEST(polling_stops_at_the_read_that_fits)
{
    struct dd_mmio_ro8 reg = {AT(0)};
    const struct dd_mmio_condition ready = {.mask = 0x81, .expected = 0x80, .polls = 10};
    uint8_t value = 0x77;

    mmio_ready_at = 3;
    mmio_ready_value = 0x9E;
    ck_assert_int_eq(DD_MMIO_POLL(reg, &ready, &value), DD_OK);
    ck_assert_uint_eq(value, 0x9E);
    MMIO_EXPECT({MMIO_READ, 1, 0, 0}, {MMIO_PAUSE, 0, 0, 0}, {MMIO_READ, 1, 0, 0},
                {MMIO_PAUSE, 0, 0, 0}, {MMIO_READ, 1, 0, 0x9E});
}
END_TEST

START_TEST(polling_gives_up_after_as_many_reads_as_it_may_make)
{
    struct dd_mmio_rw16 reg = {AT(0)};
    const struct dd_mmio_condition never = {.mask = 0xFFFF, .expected = 0x8000, .polls = 3};
    uint16_t value = 0x7777;

    mmio_ready_at = 4;
    mmio_ready_value = 0x80;
    ck_assert_int_eq(DD_MMIO_POLL(reg, &never, &value), DD_ETIMEOUT);
    ck_assert_uint_eq(value, 0x7777);
    MMIO_EXPECT({MMIO_READ, 2, 0, 0x0100}, {MMIO_PAUSE, 0, 0, 0}, {MMIO_READ, 2, 0, 0x0100},
                {MMIO_PAUSE, 0, 0, 0}, {MMIO_READ, 2, 0, 0x0100});
}
END_TEST

START_TEST(the_last_allowed_read_may_be_the_one_that_fits)
{
    struct dd_mmio_rw64 reg = {AT(0)};
    const struct dd_mmio_condition ready = {.mask = 0xFF, .expected = 0x55, .polls = 2};
    uint64_t value = 0;

    mmio_ready_at = 2;
    mmio_ready_value = 0x55;
    ck_assert_int_eq(DD_MMIO_POLL(reg, &ready, &value), DD_OK);
    ck_assert_uint_eq(value, 0x0706050403020155);
}
END_TEST

START_TEST(conditions_that_cannot_hold_are_refused_without_a_read)
{
    struct dd_mmio_ro32 reg = {AT(0)};
    const struct dd_mmio_condition conditions[] = {
        {.mask = 0xFF, .expected = 0x100, .polls = 1},
        {.mask = UINT64_MAX, .expected = 0x100000000, .polls = 1},
        {.mask = 0xFF, .expected = 0, .polls = 0},
    };
    uint32_t value = 0x77;
    uint64_t wide = 0x77;

    for (unsigned int i = 0; i < 3; i++) {
        ck_assert_int_eq(DD_MMIO_POLL(reg, &conditions[i], &value), DD_EARG);
    }
    ck_assert_int_eq(dd_mmio_poll(AT(0), 3, &conditions[0], &wide), DD_EARG);
    ck_assert_int_eq(dd_mmio_poll(AT(0), 0, &conditions[0], &wide), DD_EARG);
    ck_assert_uint_eq(value, 0x77);
    ck_assert_uint_eq(wide, 0x77);
    MMIO_EXPECT_NOTHING();
}
END_TEST

/* ---- Arrays ---- */

struct shape {
    uint64_t base;
    uint64_t count;
    uint64_t stride;
    enum dd_status status;
};

/* Of 32-bit elements. */
static const struct shape shapes[] = {
    {MMIO_DEVICE, 16, 4, DD_OK},
    {MMIO_DEVICE, 17, 4, DD_EWRAP},
    {MMIO_DEVICE, 4, 16, DD_OK},
    {MMIO_DEVICE + 12, 4, 16, DD_OK},
    {MMIO_DEVICE + 12, 5, 16, DD_EWRAP},
    {0xFFFFFFFFFFFFFFFC, 1, 4, DD_OK},
    {0xFFFFFFFFFFFFFFFC, 2, 4, DD_EWRAP},
    {0, UINT64_C(1) << 62, 4, DD_OK},
    {0, (UINT64_C(1) << 62) + 1, 4, DD_EWRAP},
    {4, UINT64_C(1) << 62, 4, DD_EWRAP},
    {0, UINT64_MAX, 0xFFFFFFFFFFFFFFFC, DD_EWRAP},
    {0, 2, 0xFFFFFFFFFFFFFFFC, DD_OK},
    {MMIO_DEVICE, 0, 4, DD_OK},
    {MMIO_DEVICE + 2, 1, 4, DD_EALIGN},
    {MMIO_DEVICE, 2, 6, DD_EALIGN},
    {MMIO_DEVICE, 1, 0, DD_EARG},
};

START_TEST(an_array_may_end_at_the_top_but_not_beyond_it)
{
    const struct shape *shape = &shapes[_i];
    struct dd_mmio_rw32_array array = {{dd_vaddr_from(7), 7, 7, 7}};

    ck_assert_int_eq(
        DD_MMIO_ARRAY_INIT(&array, dd_vaddr_from(shape->base), shape->count, shape->stride),
        shape->status);
    ck_assert_uint_eq(array.extent.base.raw, shape->status == DD_OK ? shape->base : 7);
    ck_assert_uint_eq(DD_MMIO_COUNT(array), shape->status == DD_OK ? shape->count : 7);
    ck_assert_uint_eq(array.extent.bytes, shape->status == DD_OK ? 4 : 7);
}
END_TEST

static struct dd_mmio_rw16_array words(uint64_t offset, uint64_t count, uint64_t stride)
{
    struct dd_mmio_rw16_array array = {{dd_vaddr_from(0), 0, 0, 0}};

    ck_assert_int_eq(DD_MMIO_ARRAY_INIT(&array, AT(offset), count, stride), DD_OK);
    return array;
}

START_TEST(an_index_beyond_the_end_gives_no_element)
{
    struct dd_mmio_rw16_array array = words(60, 2, 2);
    struct dd_mmio_rw16 reg = {dd_vaddr_from(7)};

    ck_assert_int_eq(DD_MMIO_AT(array, 2, &reg), DD_EARG);
    ck_assert_int_eq(DD_MMIO_AT(array, UINT64_MAX, &reg), DD_EARG);
    ck_assert_uint_eq(reg.address.raw, 7);
    ck_assert_int_eq(DD_MMIO_AT(array, 1, &reg), DD_OK);
    ck_assert_uint_eq(DD_MMIO_READ(reg), 0x3F3E);
    array = words(0, 4, 16);
    ck_assert_int_eq(DD_MMIO_AT(array, 3, &reg), DD_OK);
    ck_assert_uint_eq(DD_MMIO_READ(reg), 0x3130);
    MMIO_EXPECT({MMIO_READ, 2, 62, 0x3F3E}, {MMIO_READ, 2, 48, 0x3130});
}
END_TEST

START_TEST(a_slice_is_some_of_the_elements)
{
    struct dd_mmio_rw16_array array = words(32, 16, 2);
    struct dd_mmio_rw16_array part = words(0, 1, 2);
    struct dd_mmio_rw16 reg;

    ck_assert_int_eq(DD_MMIO_SLICE(array, 10, 7, &part), DD_EARG);
    ck_assert_int_eq(DD_MMIO_SLICE(array, 17, 0, &part), DD_EARG);
    ck_assert_int_eq(DD_MMIO_SLICE(array, 1, UINT64_MAX, &part), DD_EARG);
    ck_assert_uint_eq(part.extent.base.raw, MMIO_DEVICE);
    ck_assert_int_eq(DD_MMIO_SLICE(array, 16, 0, &part), DD_OK);
    ck_assert_int_eq(DD_MMIO_AT(part, 0, &reg), DD_EARG);
    ck_assert_int_eq(DD_MMIO_SLICE(array, 10, 6, &part), DD_OK);
    ck_assert_uint_eq(DD_MMIO_COUNT(part), 6);
    ck_assert_int_eq(DD_MMIO_AT(part, 5, &reg), DD_OK);
    ck_assert_uint_eq(DD_MMIO_READ(reg), 0x3F3E);
    ck_assert_int_eq(DD_MMIO_AT(part, 6, &reg), DD_EARG);
}
END_TEST

START_TEST(elements_are_read_upward_each_once)
{
    struct dd_mmio_rw16_array array = words(56, 4, 2);
    uint16_t values[3] = {7, 7, 7};

    ck_assert_int_eq(DD_MMIO_COPY_FROM(array, 2, values, 3), DD_EARG);
    ck_assert_int_eq(DD_MMIO_COPY_FROM(array, 0, values, 0), DD_OK);
    ck_assert_uint_eq(values[0], 7);
    MMIO_EXPECT_NOTHING();
    ck_assert_int_eq(DD_MMIO_COPY_FROM(DD_MMIO_ARRAY_READ_ONLY(array), 1, values, 3), DD_OK);
    ck_assert_uint_eq(values[0], 0x3B3A);
    ck_assert_uint_eq(values[1], 0x3D3C);
    ck_assert_uint_eq(values[2], 0x3F3E);
    MMIO_EXPECT({MMIO_READ, 2, 58, 0x3B3A}, {MMIO_READ, 2, 60, 0x3D3C}, {MMIO_READ, 2, 62, 0x3F3E});
}
END_TEST

START_TEST(elements_are_written_upward_each_once)
{
    struct dd_mmio_rw16_array array = words(2, 3, 4);
    const uint16_t values[3] = {0x8181, 0x8282, 0x8383};

    ck_assert_int_eq(DD_MMIO_COPY_TO(array, 1, values, 3), DD_EARG);
    ck_assert_int_eq(DD_MMIO_FILL(array, 3, 1, 1), DD_EARG);
    MMIO_EXPECT_NOTHING();
    ck_assert_int_eq(DD_MMIO_COPY_TO(DD_MMIO_ARRAY_WRITE_ONLY(array), 0, values, 3), DD_OK);
    MMIO_EXPECT({MMIO_WRITE, 2, 2, 0x8181}, {MMIO_WRITE, 2, 6, 0x8282},
                {MMIO_WRITE, 2, 10, 0x8383});
    ck_assert_int_eq(DD_MMIO_FILL(array, 1, 2, 0xABCD), DD_OK);
    MMIO_EXPECT({MMIO_WRITE, 2, 6, 0xABCD}, {MMIO_WRITE, 2, 10, 0xABCD});
}
END_TEST

START_TEST(copies_have_the_width_of_the_elements)
{
    struct dd_mmio_ro8_array bytes;
    struct dd_mmio_wo32_array doublewords;
    struct dd_mmio_rw64_array quadwords;
    uint8_t value8[1] = {0};
    const uint32_t value32[2] = {0xFFFFFFFF, 0x80000001};
    uint64_t value64[1] = {0};

    ck_assert_int_eq(DD_MMIO_ARRAY_INIT(&bytes, AT(63), 1, 1), DD_OK);
    ck_assert_int_eq(DD_MMIO_ARRAY_INIT(&doublewords, AT(0), 2, 4), DD_OK);
    ck_assert_int_eq(DD_MMIO_ARRAY_INIT(&quadwords, AT(8), 7, 8), DD_OK);
    ck_assert_int_eq(DD_MMIO_COPY_FROM(bytes, 0, value8, 1), DD_OK);
    ck_assert_int_eq(DD_MMIO_COPY_TO(doublewords, 0, value32, 2), DD_OK);
    ck_assert_int_eq(DD_MMIO_COPY_FROM(quadwords, 6, value64, 1), DD_OK);
    ck_assert_int_eq(DD_MMIO_COPY_TO(quadwords, 0, value64, 1), DD_OK);
    ck_assert_int_eq(DD_MMIO_FILL(quadwords, 1, 1, 0x8000000000000001), DD_OK);
    ck_assert_uint_eq(value8[0], 0x3F);
    ck_assert_uint_eq(value64[0], 0x3F3E3D3C3B3A3938);
    MMIO_EXPECT({MMIO_READ, 1, 63, 0x3F}, {MMIO_WRITE, 4, 0, 0xFFFFFFFF},
                {MMIO_WRITE, 4, 4, 0x80000001}, {MMIO_READ, 8, 56, 0x3F3E3D3C3B3A3938},
                {MMIO_WRITE, 8, 8, 0x3F3E3D3C3B3A3938}, {MMIO_WRITE, 8, 16, 0x8000000000000001});
}
END_TEST

START_TEST(overlapping_elements_are_read_before_they_are_overwritten)
{
    struct dd_mmio_rw16_array array = words(0, 8, 2);

    ck_assert_int_eq(DD_MMIO_COPY_WITHIN(array, 6, 0, 3), DD_EARG);
    ck_assert_int_eq(DD_MMIO_COPY_WITHIN(array, 0, 6, 3), DD_EARG);
    MMIO_EXPECT_NOTHING();
    ck_assert_int_eq(DD_MMIO_COPY_WITHIN(array, 1, 0, 3), DD_OK);
    MMIO_EXPECT({MMIO_READ, 2, 4, 0x0504}, {MMIO_WRITE, 2, 6, 0x0504}, {MMIO_READ, 2, 2, 0x0302},
                {MMIO_WRITE, 2, 4, 0x0302}, {MMIO_READ, 2, 0, 0x0100}, {MMIO_WRITE, 2, 2, 0x0100});
    mmio_device_reset();
    ck_assert_int_eq(DD_MMIO_COPY_WITHIN(array, 2, 2, 2), DD_OK);
    MMIO_EXPECT({MMIO_READ, 2, 4, 0x0504}, {MMIO_WRITE, 2, 4, 0x0504}, {MMIO_READ, 2, 6, 0x0706},
                {MMIO_WRITE, 2, 6, 0x0706});
    ck_assert_int_eq(DD_MMIO_COPY_WITHIN(array, 5, 6, 2), DD_OK);
    MMIO_EXPECT({MMIO_READ, 2, 12, 0x0D0C}, {MMIO_WRITE, 2, 10, 0x0D0C}, {MMIO_READ, 2, 14, 0x0F0E},
                {MMIO_WRITE, 2, 12, 0x0F0E});
}
END_TEST

/* ---- Blocks ---- */

#define TEST_CHANNEL(X, block)           \
    X(REGISTER, block, ro8, state, 0x0)  \
    X(REGISTER, block, rw32, count, 0x4) \
    X(REGISTER, block, wo32, command, 0x4)
DD_MMIO_BLOCK(test_channel, 0x8, TEST_CHANNEL)

#define TEST_DEVICE(X, block)                 \
    X(REGISTER, block, ro64, identity, 0x00)  \
    X(REGISTER, block, rw16, control, 0x0A)   \
    X(ARRAY, block, rw8, masks, 0x10, 4, 4)   \
    X(BLOCK, block, test_channel, main, 0x20) \
    X(BLOCKS, block, test_channel, channels, 0x28, 3, 8)
DD_MMIO_BLOCK(test_device, 0x40, TEST_DEVICE)

START_TEST(registers_of_a_block_are_at_their_offsets)
{
    struct test_device device = {dd_vaddr_from(7)};

    ck_assert_int_eq(test_device_at(AT(0), &device), DD_OK);
    ck_assert_uint_eq(test_device_identity(device).address.raw, MMIO_DEVICE);
    ck_assert_uint_eq(test_device_control(device).address.raw, MMIO_DEVICE + 0x0A);
    ck_assert_uint_eq(DD_MMIO_READ(test_device_identity(device)), 0x0706050403020100);
    DD_MMIO_SET_FIELD(test_device_control(device), HIGH, 1);
    MMIO_EXPECT({MMIO_READ, 8, 0, 0x0706050403020100}, {MMIO_READ, 2, 0x0A, 0x0B0A},
                {MMIO_WRITE, 2, 0x0A, 0x0B1A});
}
END_TEST

START_TEST(blocks_nest_and_repeat)
{
    struct test_device device = {AT(0)};
    struct test_channel channel = {dd_vaddr_from(7)};
    struct dd_mmio_rw8 mask;

    ck_assert_int_eq(test_device_channels(device, 3, &channel), DD_EARG);
    ck_assert_int_eq(test_device_channels(device, UINT64_MAX, &channel), DD_EARG);
    ck_assert_uint_eq(channel.base.raw, 7);
    ck_assert_int_eq(test_device_channels(device, 2, &channel), DD_OK);
    ck_assert_uint_eq(DD_MMIO_READ(test_channel_count(channel)), 0x3F3E3D3C);
    ck_assert_uint_eq(DD_MMIO_READ(test_channel_state(test_device_main(device))), 0x20);
    DD_MMIO_WRITE(test_channel_command(test_device_main(device)), 5);
    ck_assert_uint_eq(DD_MMIO_COUNT(test_device_masks(device)), 4);
    ck_assert_int_eq(DD_MMIO_AT(test_device_masks(device), 3, &mask), DD_OK);
    ck_assert_uint_eq(DD_MMIO_READ(mask), 0x1C);
    MMIO_EXPECT({MMIO_READ, 4, 0x3C, 0x3F3E3D3C}, {MMIO_READ, 1, 0x20, 0x20},
                {MMIO_WRITE, 4, 0x24, 5}, {MMIO_READ, 1, 0x1C, 0x1C});
}
END_TEST

START_TEST(a_block_is_aligned_to_its_widest_register_and_does_not_wrap)
{
    struct test_device device = {dd_vaddr_from(7)};
    struct test_channel channel = {dd_vaddr_from(7)};

    ck_assert_int_eq(test_device_at(dd_vaddr_from(4), &device), DD_EALIGN);
    ck_assert_int_eq(test_device_at(dd_vaddr_from(MMIO_DEVICE + 8), &device), DD_EWRAP);
    ck_assert_int_eq(test_channel_at(dd_vaddr_from(0x1002), &channel), DD_EALIGN);
    ck_assert_uint_eq(device.base.raw, 7);
    ck_assert_uint_eq(channel.base.raw, 7);
    ck_assert_int_eq(test_channel_at(dd_vaddr_from(0x1004), &channel), DD_OK);
    ck_assert_int_eq(test_channel_at(dd_vaddr_from(0xFFFFFFFFFFFFFFF8), &channel), DD_OK);
    ck_assert_int_eq(test_channel_at(dd_vaddr_from(0xFFFFFFFFFFFFFFFC), &channel), DD_EWRAP);
    ck_assert_uint_eq(channel.base.raw, 0xFFFFFFFFFFFFFFF8);
}
END_TEST

static void add_blocks(Suite *suite)
{
    TCase *blocks = tcase_create("blocks");

    tcase_add_checked_fixture(blocks, mmio_device_reset, NULL);
    tcase_add_test(blocks, registers_of_a_block_are_at_their_offsets);
    tcase_add_test(blocks, blocks_nest_and_repeat);
    tcase_add_test(blocks, a_block_is_aligned_to_its_widest_register_and_does_not_wrap);
    suite_add_tcase(suite, blocks);
}

static void add_arrays(Suite *suite)
{
    TCase *arrays = tcase_create("arrays");

    tcase_add_checked_fixture(arrays, mmio_device_reset, NULL);
    tcase_add_loop_test(arrays, an_array_may_end_at_the_top_but_not_beyond_it, 0,
                        (int)(sizeof shapes / sizeof shapes[0]));
    tcase_add_test(arrays, an_index_beyond_the_end_gives_no_element);
    tcase_add_test(arrays, a_slice_is_some_of_the_elements);
    tcase_add_test(arrays, elements_are_read_upward_each_once);
    tcase_add_test(arrays, elements_are_written_upward_each_once);
    tcase_add_test(arrays, copies_have_the_width_of_the_elements);
    tcase_add_test(arrays, overlapping_elements_are_read_before_they_are_overwritten);
    suite_add_tcase(suite, arrays);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmio");
    TCase *registers = tcase_create("registers");
    TCase *waiting = tcase_create("waiting");

    tcase_add_checked_fixture(registers, mmio_device_reset, NULL);
    tcase_add_test(registers, a_read_is_one_access_of_the_register_s_width);
    tcase_add_test(registers, a_write_is_one_access_of_the_register_s_width);
    tcase_add_test(registers, an_update_is_one_read_and_one_write);
    tcase_add_test(registers, updates_of_every_width_stay_in_it);
    tcase_add_test(registers, a_field_is_read_and_replaced_by_its_name);
    tcase_add_test(registers, a_restricted_handle_is_of_the_same_register);
    tcase_add_test(registers, arguments_are_evaluated_once);
    tcase_add_test(registers, barriers_are_the_three_fences);
    suite_add_tcase(suite, registers);

    tcase_add_checked_fixture(waiting, mmio_device_reset, NULL);
    tcase_add_test(waiting, polling_stops_at_the_read_that_fits);
    tcase_add_test(waiting, polling_gives_up_after_as_many_reads_as_it_may_make);
    tcase_add_test(waiting, the_last_allowed_read_may_be_the_one_that_fits);
    tcase_add_test(waiting, conditions_that_cannot_hold_are_refused_without_a_read);
    suite_add_tcase(suite, waiting);
    add_arrays(suite);
    add_blocks(suite);
    return suite;
}
