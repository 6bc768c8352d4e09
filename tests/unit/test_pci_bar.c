/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_bar.c. */
#include "drydock/pci_bar.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_bar bars[7];

/* An endpoint that decodes I/O and memory and has error bits set in Status. */
static void setup(void)
{
    fake_reset();
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    fake_put32(function, 0x04, 0xF9100147);
    fake_allow32(function, 0x04, 0x000007FF);
    memset(&function->clearable[0x06], 0xF9, 2);
    memset(bars, 0x5A, sizeof bars);
}

static void size_bars(void)
{
    ck_assert_int_eq(dd_pci_size_bars(&fake.access, address, bars), DD_OK);
}

static void expect_bar(unsigned int index, enum dd_pci_bar_kind kind, uint64_t base, uint64_t size)
{
    ck_assert_int_eq(bars[index].status, DD_OK);
    ck_assert_int_eq(bars[index].kind, kind);
    ck_assert_uint_eq(bars[index].base, base);
    ck_assert_uint_eq(bars[index].size, size);
}

static void expect_none(unsigned int index, enum dd_status status)
{
    ck_assert_int_eq(bars[index].status, status);
    ck_assert_uint_eq(bars[index].size, 0);
}

/* ---- One register: [PCI 3.0] 6.2.5.1 ---- */

static const struct {
    uint32_t value, writable;
    enum dd_status status;
    enum dd_pci_bar_kind kind;
    bool prefetchable;
    uint64_t base, size;
} registers[] = {
    /* memory */
    {0xFEA08000, 0xFFFFF000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0xFEA08000, 0x1000},
    {0xFC000008, 0xFF000000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, true, 0xFC000000, 0x1000000},
    {0x00000000, 0xFFFFFFF0, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0, 16},
    {0x80000000, 0x80000000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x80000000, 0x80000000},
    {0x00000000, 0x80000000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0x80000000},
    {0x00A00000, 0x00F00000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x00A00000, 0x100000},
    {0xFFFFF000, 0xFFFFF000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0xFFFFF000, 0x1000},
    {0x00F00000, 0x00F00000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x00F00000, 0x100000},
    /* I/O */
    {0x0000E0C1, 0xFFFFFFE0, DD_OK, DD_PCI_BAR_KIND_IO, false, 0xE0C0, 32},
    {0x0000E0C1, 0x0000FFE0, DD_OK, DD_PCI_BAR_KIND_IO, false, 0xE0C0, 32},
    {0x00000001, 0xFFFFFFFC, DD_OK, DD_PCI_BAR_KIND_IO, false, 0, 4},
    {0x0000FFE1, 0x0000FFE0, DD_OK, DD_PCI_BAR_KIND_IO, false, 0xFFE0, 32},
    {0x00000001, 0xFFFFFF00, DD_OK, DD_PCI_BAR_KIND_IO, false, 0, 256},
    /* not implemented: no bit takes a one, flags or not */
    {0x00000000, 0x00000000, DD_ENOENT, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0},
    {0x00000008, 0x00000000, DD_ENOENT, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0},
    {0x00000001, 0x00000000, DD_ENOENT, DD_PCI_BAR_KIND_IO, false, 0, 0},
    /* an address that cannot be moved tells no size */
    {0xFEC00000, 0x00000000, DD_EMALFORMED, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0},
    {0x000001F1, 0x00000000, DD_EMALFORMED, DD_PCI_BAR_KIND_IO, false, 0, 0},
    {0xFFFFF000, 0x00000000, DD_EMALFORMED, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0},
    /* below 1 MiB, however many bits can be written */
    {0x000A0002, 0x000FF000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x000A0000, 0x1000},
    {0x000A0002, 0xFFFF0000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x000A0000, 0x10000},
    {0x000F0002, 0x000F0000, DD_OK, DD_PCI_BAR_KIND_MEMORY32, false, 0x000F0000, 0x10000},
    /* the reserved type */
    {0xFEA00006, 0xFFFFF000, DD_EMALFORMED, DD_PCI_BAR_KIND_MEMORY32, false, 0, 0},
};

START_TEST(a_register_tells_kind_address_and_size)
{
    uint32_t value = registers[_i].value;

    fake_put32(function, 0x14, value);
    fake_allow32(function, 0x14, registers[_i].writable);
    size_bars();
    if (registers[_i].status == DD_OK) {
        expect_bar(1, registers[_i].kind, registers[_i].base, registers[_i].size);
        ck_assert_int_eq(bars[1].prefetchable, registers[_i].prefetchable);
    } else {
        expect_none(1, registers[_i].status);
    }
    expect_none(0, DD_ENOENT);
    expect_none(2, DD_ENOENT);
    ck_assert_uint_eq(fake_get32(function, 0x14), value);
}
END_TEST

static const struct {
    uint32_t low, high, writable_low, writable_high;
    enum dd_status status;
    uint64_t base, size;
} pairs[] = {
    {0xFE400004, 0x00000000, 0xFFFFC000, 0xFFFFFFFF, DD_OK, 0xFE400000, 0x4000},
    {0x0000000C, 0x00000038, 0xFFFFC000, 0xFFFFFFFF, DD_OK, 0x3800000000, 0x4000},
    {0x80000004, 0x00000001, 0x80000000, 0xFFFFFFFF, DD_OK, 0x180000000, 0x80000000},
    {0x00000004, 0x00000001, 0x00000000, 0xFFFFFFFF, DD_OK, 0x100000000, 0x100000000},
    {0x00000004, 0x00000100, 0x00000000, 0xFFFFFF00, DD_OK, 0x10000000000, 0x10000000000},
    {0x00000004, 0x00000000, 0x00000000, 0x80000000, DD_OK, 0, 0x8000000000000000},
    {0x00000004, 0x80000000, 0x00000000, 0x80000000, DD_OK, 0x8000000000000000, 0x8000000000000000},
    {0x00100004, 0x00000000, 0xFFF00000, 0x000000FF, DD_OK, 0x100000, 0x100000}, /* 40 bits */
    {0xFFF00004, 0x000000FF, 0xFFF00000, 0x000000FF, DD_OK, 0xFFFFF00000, 0x100000},
    {0x00000004, 0x00000000, 0x00000000, 0x00000000, DD_ENOENT, 0, 0},
    {0xFE400004, 0x00000000, 0x00000000, 0x00000000, DD_EMALFORMED, 0, 0},
    {0x00000004, 0x00000001, 0x00000000, 0x00000000, DD_EMALFORMED, 0, 0},
};

START_TEST(a_64_bit_pair_tells_address_and_size)
{
    fake_put32(function, 0x20, pairs[_i].low);
    fake_put32(function, 0x24, pairs[_i].high);
    fake_allow32(function, 0x20, pairs[_i].writable_low);
    fake_allow32(function, 0x24, pairs[_i].writable_high);
    size_bars();
    if (pairs[_i].status == DD_OK) {
        expect_bar(4, DD_PCI_BAR_KIND_MEMORY64, pairs[_i].base, pairs[_i].size);
        ck_assert_int_eq(bars[4].prefetchable, (pairs[_i].low & 8) != 0);
    } else {
        expect_none(4, pairs[_i].status);
    }
    expect_none(5, DD_ENOENT); /* the upper half is no register of its own */
    ck_assert_uint_eq(fake_get32(function, 0x20), pairs[_i].low);
    ck_assert_uint_eq(fake_get32(function, 0x24), pairs[_i].high);
}
END_TEST

START_TEST(a_register_that_is_malformed_is_not_written)
{
    const uint32_t values[] = {0xFEA00006, 0xFEA00004};

    fake_put32(function, 0x24, values[_i]); /* the second: 64 bits in the last register */
    fake_allow32(function, 0x24, 0xFFFFFFF0);
    size_bars();
    expect_none(5, DD_EMALFORMED);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        ck_assert(!fake.log[i].is_write || fake.log[i].offset != 0x24);
    }
}
END_TEST

static const struct {
    uint32_t value, writable;
    uint64_t highest;
} heights[] = {
    {0x00000000, 0xFFFFF000, 0xFFFFFFFF},
    {0x000A0002, 0x000FF000, 0xFFFFF},
    {0x000A0002, 0xFFFFF000, 0xFFFFF},
    {0x0000E001, 0x0000FFE0, 0xFFFF},
    {0x0000E001, 0xFFFFFFE0, 0xFFFFFFFF},
    {0x00000004, 0xFFFFC000, 0xFFFFFFFF}, /* upper half: none */
};

START_TEST(a_register_tells_the_highest_address_it_can_hold)
{
    fake_put32(function, 0x14, heights[_i].value);
    fake_allow32(function, 0x14, heights[_i].writable);
    size_bars();
    ck_assert_uint_eq(bars[1].highest, heights[_i].highest);
}
END_TEST

/* ---- Expansion ROM: [PCI 3.0] 6.2.5.2 ---- */

START_TEST(the_expansion_rom_is_sized_without_its_enable_bit)
{
    fake_put32(function, 0x30, 0xFEA00001);
    fake_allow32(function, 0x30, 0xFFFF8001);
    size_bars();
    expect_bar(6, DD_PCI_BAR_KIND_ROM, 0xFEA00000, 0x8000);
    ck_assert_uint_eq(fake_get32(function, 0x30), 0xFEA00001);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        if (fake.log[i].is_write && fake.log[i].offset == 0x30) {
            ck_assert_uint_eq(fake.log[i].value, 0xFFFFF800);
            break;
        }
        ck_assert_uint_lt(i, fake.access_count - 1);
    }
}
END_TEST

START_TEST(a_rom_that_is_on_and_cannot_be_moved_tells_no_size)
{
    fake_put32(function, 0x30, 0xFEA00001);
    fake_allow32(function, 0x30, 0x00000001);
    size_bars();
    expect_none(6, DD_EMALFORMED);
    ck_assert_uint_eq(fake_get32(function, 0x30), 0xFEA00001);
}
END_TEST

START_TEST(validation_bits_of_a_rom_are_no_address)
{
    fake_put32(function, 0x30, 0x000000FE);
    size_bars();
    expect_none(6, DD_ENOENT);
}
END_TEST

/* ---- Layouts ---- */

START_TEST(a_bridge_has_two_registers_and_a_rom_at_38)
{
    function->bytes[0x0E] = 0x81;
    fake_put32(function, 0x10, 0xFE200004);
    fake_allow32(function, 0x10, 0xFFFFFF00);
    fake_allow32(function, 0x14, 0xFFFFFFFF);
    fake_put32(function, 0x18, 0x00070706);
    fake_allow32(function, 0x18, 0xFFFFFFFF);
    fake_put32(function, 0x30, 0x12345678);
    fake_allow32(function, 0x30, 0xFFFFFFFF);
    fake_put32(function, 0x38, 0xFEB00000);
    fake_allow32(function, 0x38, 0xFFFF0001);
    size_bars();
    expect_bar(0, DD_PCI_BAR_KIND_MEMORY64, 0xFE200000, 0x100);
    expect_none(1, DD_ENOENT);
    expect_none(2, DD_ENOENT);
    expect_none(5, DD_ENOENT);
    expect_bar(6, DD_PCI_BAR_KIND_ROM, 0xFEB00000, 0x10000);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        uint16_t offset = fake.log[i].offset;

        ck_assert(offset < 0x18 || offset == 0x38);
    }
}
END_TEST

START_TEST(a_bridge_with_a_64_bit_type_in_its_last_register_is_malformed)
{
    function->bytes[0x0E] = 0x01;
    fake_put32(function, 0x14, 0xFE200004);
    fake_allow32(function, 0x14, 0xFFFFFF00);
    size_bars();
    expect_none(1, DD_EMALFORMED);
}
END_TEST

START_TEST(a_cardbus_bridge_has_one_register_and_no_rom)
{
    function->bytes[0x0E] = 0x02;
    fake_put32(function, 0x10, 0x90000000);
    fake_allow32(function, 0x10, 0xFFFFF000);
    fake_put32(function, 0x14, 0x020000DC);
    size_bars();
    expect_bar(0, DD_PCI_BAR_KIND_MEMORY32, 0x90000000, 0x1000);
    expect_none(1, DD_ENOENT);
    expect_none(6, DD_ENOENT);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        ck_assert_uint_le(fake.log[i].offset, 0x10);
    }
}
END_TEST

START_TEST(nothing_is_known_about_other_layouts)
{
    function->bytes[0x0E] = 0x03;
    ck_assert_int_eq(dd_pci_size_bars(&fake.access, address, bars), DD_ENOTSUP);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_uint_eq(bars[0].size, 0x5A5A5A5A5A5A5A5A);
}
END_TEST

/* ---- The state meanwhile and afterwards ---- */

/* An endpoint with one register of each kind. */
static void fill(void)
{
    fake_put32(function, 0x10, 0x0000E001);
    fake_allow32(function, 0x10, 0x0000FFE0);
    fake_put32(function, 0x14, 0xFEA00000);
    fake_allow32(function, 0x14, 0xFFFFF000);
    fake_put32(function, 0x18, 0xFE40000C);
    fake_put32(function, 0x1C, 0x00000001);
    fake_allow32(function, 0x18, 0xFFFFC000);
    fake_allow32(function, 0x1C, 0xFFFFFFFF);
    fake_put32(function, 0x30, 0xFEB00001);
    fake_allow32(function, 0x30, 0xFFFF8001);
}

START_TEST(registers_are_written_only_while_decoding_is_off)
{
    uint32_t command = 0x0147;

    fill();
    size_bars();
    for (unsigned int i = 0; i < fake.access_count; i++) {
        const struct fake_access *access = &fake.log[i];

        if (access->is_write && access->offset == 0x04) {
            ck_assert_uint_eq(access->width, 2);
            command = access->value;
        } else if (access->is_write) {
            ck_assert_uint_eq(command, 0x0144);
            ck_assert_uint_eq(access->width, 4);
        }
    }
    ck_assert_uint_eq(command, 0x0147);
}
END_TEST

START_TEST(everything_is_as_before_afterwards)
{
    static struct fake_function before;

    fill();
    before = *function;
    size_bars();
    ck_assert_mem_eq(function->bytes, before.bytes, sizeof before.bytes);
}
END_TEST

START_TEST(each_register_is_read_once_and_its_mask_once)
{
    fill();
    size_bars();
    /* ID, header type, Command, 6 + ROM twice, ID again; reads of an upper half included */
    ck_assert_uint_eq(fake.access_count - fake_write_count(), 4 + 2 * 7);
    ck_assert_uint_eq(fake_write_count(), 2 + 2 * 7);
}
END_TEST

/* ---- Functions that are not there ---- */

START_TEST(bad_addresses_and_absent_functions_are_not_written)
{
    ck_assert_int_eq(dd_pci_size_bars(&fake.access, fake_address(0, 4, 0), bars), DD_ENODEV);
    ck_assert_int_eq(dd_pci_size_bars(&fake.access, fake_address(0, 32, 0), bars), DD_EARG);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_uint_eq(bars[0].size, 0x5A5A5A5A5A5A5A5A);
}
END_TEST

/* Reads 0, 1 and 2 are of the ID, the header type and Command: nothing is written before them. */
START_TEST(a_device_that_vanishes_at_any_access_is_reported)
{
    for (uint32_t vanish_at = 0; vanish_at < 33; vanish_at++) {
        setup();
        fill();
        fake.vanish_at = vanish_at;
        ck_assert_int_eq(dd_pci_size_bars(&fake.access, address, bars), DD_ENODEV);
        ck_assert_uint_eq(bars[0].size, 0x5A5A5A5A5A5A5A5A);
        ck_assert_uint_le(fake.access_count, 34 + 3 * 7); /* ones everywhere: zeros are tried too */
        if (vanish_at <= 2) {
            ck_assert_uint_eq(fake_write_count(), 0);
        }
    }
}
END_TEST

START_TEST(what_was_read_is_written_back_even_to_a_device_that_is_gone)
{
    fill();
    fake.vanish_at = 5; /* after the first register was read, before it is written */
    ck_assert_int_eq(dd_pci_size_bars(&fake.access, address, bars), DD_ENODEV);
    ck_assert(fake.log[7].is_write);
    ck_assert_uint_eq(fake.log[7].offset, 0x10);
    ck_assert_uint_eq(fake.log[7].value, 0x0000E001);
    ck_assert(fake.log[fake.access_count - 2].is_write);
    ck_assert_uint_eq(fake.log[fake.access_count - 2].offset, 0x04);
    ck_assert_uint_eq(fake.log[fake.access_count - 2].value, 0x0147);
}
END_TEST

/* ---- Moving ---- */

START_TEST(a_range_is_moved_while_decoding_is_off)
{
    uint32_t command = 0x0147;

    fill();
    size_bars();
    fake_forget();
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 0, 0xC000), DD_OK);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 1, 0xFEB00000), DD_OK);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 2, 0x800000000), DD_OK);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 6, 0xFEC00000), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x10), 0x0000C001);
    ck_assert_uint_eq(fake_get32(function, 0x14), 0xFEB00000);
    ck_assert_uint_eq(fake_get32(function, 0x18), 0x0000000C);
    ck_assert_uint_eq(fake_get32(function, 0x1C), 0x00000008);
    ck_assert_uint_eq(fake_get32(function, 0x30), 0xFEC00001);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0xF9100147);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        const struct fake_access *access = &fake.log[i];

        if (access->is_write && access->offset == 0x04) {
            command = access->value;
        } else if (access->is_write) {
            ck_assert_uint_eq(command, 0x0144);
        }
    }
}
END_TEST

START_TEST(a_place_that_cannot_be_is_refused_before_anything_is_written)
{
    fill();
    size_bars();
    fake_forget();
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 0, 0x10000), DD_EARG);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 0, 0xFFF0), DD_EARG);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 0, 0xC010), DD_EALIGN);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 1, 0x100000000), DD_EARG);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 3, 0), DD_EARG);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 7, 0), DD_EARG);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, fake_address(1, 0, 0), bars, 0, 0), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_register_that_does_not_keep_the_address_gets_the_old_one)
{
    fill();
    size_bars();
    fake_allow32(function, 0x14, 0x00FFF000);
    ck_assert_int_eq(dd_pci_move_bar(&fake.access, address, bars, 1, 0xE0000000), DD_EMALFORMED);
    ck_assert_uint_eq(fake_get32(function, 0x14), 0xFEA00000);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0xF9100147);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_bar");
    TCase *decoding = tcase_create("decoding");
    TCase *layouts = tcase_create("layouts");
    TCase *state = tcase_create("state");
    TCase *moving = tcase_create("moving");
    TCase *absent = tcase_create("absent functions");

    tcase_add_checked_fixture(decoding, setup, NULL);
    tcase_add_loop_test(decoding, a_register_tells_kind_address_and_size, 0, COUNT(registers));
    tcase_add_loop_test(decoding, a_register_tells_the_highest_address_it_can_hold, 0,
                        COUNT(heights));
    tcase_add_loop_test(decoding, a_64_bit_pair_tells_address_and_size, 0, COUNT(pairs));
    tcase_add_loop_test(decoding, a_register_that_is_malformed_is_not_written, 0, 2);
    tcase_add_test(decoding, the_expansion_rom_is_sized_without_its_enable_bit);
    tcase_add_test(decoding, a_rom_that_is_on_and_cannot_be_moved_tells_no_size);
    tcase_add_test(decoding, validation_bits_of_a_rom_are_no_address);
    suite_add_tcase(suite, decoding);

    tcase_add_checked_fixture(layouts, setup, NULL);
    tcase_add_test(layouts, a_bridge_has_two_registers_and_a_rom_at_38);
    tcase_add_test(layouts, a_bridge_with_a_64_bit_type_in_its_last_register_is_malformed);
    tcase_add_test(layouts, a_cardbus_bridge_has_one_register_and_no_rom);
    tcase_add_test(layouts, nothing_is_known_about_other_layouts);
    suite_add_tcase(suite, layouts);

    tcase_add_checked_fixture(state, setup, NULL);
    tcase_add_test(state, registers_are_written_only_while_decoding_is_off);
    tcase_add_test(state, everything_is_as_before_afterwards);
    tcase_add_test(state, each_register_is_read_once_and_its_mask_once);
    suite_add_tcase(suite, state);

    tcase_add_checked_fixture(moving, setup, NULL);
    tcase_add_test(moving, a_range_is_moved_while_decoding_is_off);
    tcase_add_test(moving, a_place_that_cannot_be_is_refused_before_anything_is_written);
    tcase_add_test(moving, a_register_that_does_not_keep_the_address_gets_the_old_one);
    suite_add_tcase(suite, moving);

    tcase_add_checked_fixture(absent, setup, NULL);
    tcase_add_test(absent, bad_addresses_and_absent_functions_are_not_written);
    tcase_add_test(absent, a_device_that_vanishes_at_any_access_is_reported);
    tcase_add_test(absent, what_was_read_is_written_back_even_to_a_device_that_is_gone);
    suite_add_tcase(suite, absent);
    return suite;
}
