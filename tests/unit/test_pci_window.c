/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_window.c and pci_bridge.c. */
#include "drydock/pci_bridge.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct fake_function *bridge;
static struct dd_pci_address address;

/* A bridge with all windows, the two wide ones 64 and 32 bits; errors in Secondary Status. */
static void setup(void)
{
    fake_reset();
    address = fake_address(0, 2, 0);
    bridge = fake_add_bridge(0, 2, 0, 1, 1);
    fake_put32(bridge, 0x1C, 0xF9000101);
    fake_allow32(bridge, 0x1C, 0x0000F0F0);
    memset(&bridge->clearable[0x1F], 0xF9, 1);
    fake_allow32(bridge, 0x20, 0xFFF0FFF0);
    fake_put32(bridge, 0x24, 0x00010001);
    fake_allow32(bridge, 0x24, 0xFFF0FFF0);
    fake_allow32(bridge, 0x28, 0xFFFFFFFF);
    fake_allow32(bridge, 0x2C, 0xFFFFFFFF);
    fake_allow32(bridge, 0x30, 0xFFFFFFFF);
}

static enum dd_status set(enum dd_pci_window window, uint64_t base, uint64_t limit)
{
    const struct dd_pci_range range = {base, limit};

    return dd_pci_set_window(&fake.access, address, window, &range);
}

/* ---- Which windows there are: [PCI-PCI 1.2] 3.2.5.6, 3.2.5.9 ---- */

START_TEST(windows_are_known_by_their_registers)
{
    struct dd_pci_window_ability ability;

    ck_assert_int_eq(dd_pci_find_windows(&fake.access, address, &ability), DD_OK);
    ck_assert_uint_eq(ability.highest[0], 0xFFFFFFFF);
    ck_assert_uint_eq(ability.highest[1], 0xFFFFFFFF);
    ck_assert_uint_eq(ability.highest[2], 0xFFFFFFFFFFFFFFFF);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(zeros_are_tried_without_opening_a_window)
{
    struct dd_pci_window_ability ability;

    fake_put32(bridge, 0x1C, 0xF9000000);
    fake_put32(bridge, 0x24, 0);
    ck_assert_int_eq(dd_pci_find_windows(&fake.access, address, &ability), DD_OK);
    ck_assert_uint_eq(ability.highest[0], 0xFFFF);
    ck_assert_uint_eq(ability.highest[2], 0xFFFFFFFF);
    ck_assert_uint_eq(fake_write_count(), 4);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        const struct fake_access *access = &fake.log[i];

        ck_assert(!access->is_write || access->value == 0 || access->value == 0xF0 ||
                  access->value == 0xFFF0);
    }
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xF9000000);
    ck_assert_uint_eq(fake_get32(bridge, 0x24), 0);
}
END_TEST

START_TEST(a_bridge_without_a_window_has_none)
{
    struct dd_pci_window_ability ability;

    fake_put32(bridge, 0x1C, 0xF9000000);
    fake_allow32(bridge, 0x1C, 0);
    fake_put32(bridge, 0x24, 0);
    fake_allow32(bridge, 0x24, 0);
    ck_assert_int_eq(dd_pci_find_windows(&fake.access, address, &ability), DD_OK);
    ck_assert_uint_eq(ability.highest[0], 0);
    ck_assert_uint_eq(ability.highest[1], 0xFFFFFFFF);
    ck_assert_uint_eq(ability.highest[2], 0);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x1000, 0x1FFF), DD_EMALFORMED);
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x100000, 0x1FFFFF), DD_EMALFORMED);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 1, 0), DD_OK); /* closed it is */
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 1, 0), DD_OK);
}
END_TEST

/* ---- Setting one ---- */

START_TEST(windows_are_set)
{
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x3000, 0x4FFF), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xF9004131);
    ck_assert_uint_eq(fake_get32(bridge, 0x30), 0);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x12000, 0x23FFF), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xF9003121);
    ck_assert_uint_eq(fake_get32(bridge, 0x30), 0x00020001);
    ck_assert_int_eq(set(DD_PCI_WINDOW_MEMORY, 0xE0000000, 0xE04FFFFF), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x20), 0xE040E000);
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x3800000000, 0x38FFFFFFFF), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x24), 0xFFF10001);
    ck_assert_uint_eq(fake_get32(bridge, 0x28), 0x38);
    ck_assert_uint_eq(fake_get32(bridge, 0x2C), 0x38);
}
END_TEST

START_TEST(windows_are_closed)
{
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x3800000000, 0x38FFFFFFFF), DD_OK);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 1, 0), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xF90001F1);
    ck_assert_int_eq(set(DD_PCI_WINDOW_MEMORY, 1, 0), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x20), 0x0000FFF0);
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 1, 0), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x24), 0x0001FFF1);
    ck_assert_uint_eq(fake_get32(bridge, 0x28), 0);
    ck_assert_uint_eq(fake_get32(bridge, 0x2C), 0);
}
END_TEST

/* ---- What hardware sees meanwhile ---- */

/* The window that registers make: [PCI-PCI 1.2] 3.2.5.6, 3.2.5.9 and 3.2.5.10. Base above limit: none. */
static struct dd_pci_range window_of(const struct fake_function *registers,
                                     enum dd_pci_window window)
{
    const bool is_io = window == DD_PCI_WINDOW_IO;
    uint32_t pair = fake_get32(registers, is_io ? 0x1C : 0x24);
    uint64_t upper = fake_get32(registers, is_io ? 0x30 : 0x28);

    if (is_io) {
        return (struct dd_pci_range){(upper & 0xFFFF) << 16 | (pair & 0xF0) << 8,
                                     upper >> 16 << 16 | (pair & 0xF000) | 0xFFF};
    }
    return (struct dd_pci_range){upper << 32 | (pair & 0xFFF0) << 16,
                                 (uint64_t)fake_get32(registers, 0x2C) << 32 | (pair & 0xFFF00000) |
                                     0xFFFFF};
}

static bool is_same(struct dd_pci_range a, struct dd_pci_range b)
{
    return (a.base > a.limit && b.base > b.limit) || (a.base == b.base && a.limit == b.limit);
}

/* A write as the registers take it. */
static void take(struct fake_function *registers, const struct fake_access *access)
{
    for (unsigned int i = 0; i < (unsigned int)access->width; i++) {
        unsigned int at = access->offset + i;
        unsigned int kept = registers->bytes[at] & ~(unsigned int)registers->writable[at];

        registers->bytes[at] = (uint8_t)(kept | (access->value >> 8 * i & registers->writable[at]));
    }
}

static const struct {
    enum dd_pci_window window;
    struct dd_pci_range before, after;
} moves[] = {
    {DD_PCI_WINDOW_PREFETCHABLE, {0x100000000, 0x1FFFFFFFF}, {0x880000000, 0x8FFFFFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0xE0000000, 0x11FFFFFFF}, {0x3800000000, 0x38000FFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0x3800000000, 0x38000FFFFF}, {0xE0000000, 0x11FFFFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0xE0000000, 0xE00FFFFF}, {0x0F00000000, 0x1000FFFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0x80000000, 0x3FFFFFFFFF}, {0x40000000, 0x1FFFFFFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0x100000000, 0x1FFFFFFFF}, {1, 0}},
    {DD_PCI_WINDOW_PREFETCHABLE, {1, 0}, {0x80000000, 0x3FFFFFFFFF}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0x100000000, 0x1FFFFFFFF}, {0xFFFFFFFF00000000, UINT64_MAX}},
    {DD_PCI_WINDOW_PREFETCHABLE, {0xFFFFFFFF00000000, UINT64_MAX}, {0x100000000, 0x1FFFFFFFF}},
    {DD_PCI_WINDOW_IO, {0x3000, 0x4FFF}, {0x12000, 0x23FFF}},
    {DD_PCI_WINDOW_IO, {0xF000, 0x23FFF}, {0x3000, 0x4FFF}},
    {DD_PCI_WINDOW_IO, {0x3000, 0xFFFFFFFF}, {0x1000, 0x3FFFF}},
    {DD_PCI_WINDOW_IO, {0x12000, 0x23FFF}, {1, 0}},
};

START_TEST(a_window_is_never_anything_but_the_old_range_the_new_one_or_closed)
{
    const struct dd_pci_range before = moves[_i].before;
    const struct dd_pci_range after = moves[_i].after;
    struct fake_function registers;

    ck_assert_int_eq(set(moves[_i].window, before.base, before.limit), DD_OK);
    registers = *bridge;
    fake_forget();
    ck_assert_int_eq(set(moves[_i].window, after.base, after.limit), DD_OK);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        struct dd_pci_range now;

        if (fake.log[i].is_write) {
            take(&registers, &fake.log[i]);
        }
        now = window_of(&registers, moves[_i].window);
        ck_assert_msg(now.base > now.limit || is_same(now, before) || is_same(now, after),
                      "after access %u: %llx to %llx", i, (unsigned long long)now.base,
                      (unsigned long long)now.limit);
    }
    ck_assert(is_same(window_of(bridge, moves[_i].window), after));
}
END_TEST

static const struct {
    uint64_t base, limit;
    enum dd_pci_window window;
    enum dd_status status;
} refused[] = {
    {0x3800, 0x4FFF, DD_PCI_WINDOW_IO, DD_EALIGN},
    {0x3000, 0x47FF, DD_PCI_WINDOW_IO, DD_EALIGN},
    {0x100000000, 0x100000FFF, DD_PCI_WINDOW_IO, DD_EARG},
    {0xE0080000, 0xE00FFFFF, DD_PCI_WINDOW_MEMORY, DD_EALIGN},
    {0xE0000000, 0xE0000FFF, DD_PCI_WINDOW_MEMORY, DD_EALIGN},
    {0xFFF00000, 0x1000FFFFF, DD_PCI_WINDOW_MEMORY, DD_EARG},
    {0x3800080000, 0x38FFFFFFFF, DD_PCI_WINDOW_PREFETCHABLE, DD_EALIGN},
};

START_TEST(a_range_that_cannot_be_is_refused_before_anything_is_written)
{
    ck_assert_int_eq(set(refused[_i].window, refused[_i].base, refused[_i].limit),
                     refused[_i].status);
    bridge->bytes[0x0E] = 0x02;
    ck_assert_int_eq(set(DD_PCI_WINDOW_MEMORY, 1, 0), DD_ENOTSUP);
    address.device = 9;
    ck_assert_int_eq(set(DD_PCI_WINDOW_MEMORY, 1, 0), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_range_beyond_narrow_registers_leaves_the_old_one)
{
    fake_put32(bridge, 0x1C, 0xF9000000);
    fake_put32(bridge, 0x24, 0);
    fake_allow32(bridge, 0x28, 0);
    fake_allow32(bridge, 0x2C, 0);
    fake_allow32(bridge, 0x30, 0);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x13000, 0x14FFF), DD_EMALFORMED);
    ck_assert_uint_eq(fake_write_count(), 0); /* nor was the lower half a window for a moment */
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x3000, 0x4FFF), DD_OK);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x13000, 0x14FFF), DD_EMALFORMED);
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xF9004030);
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0xE0000000, 0xE0FFFFFF), DD_OK);
    fake_forget();
    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x1E0000000, 0x1E0FFFFFF), DD_EMALFORMED);
    ck_assert_int_eq(set(DD_PCI_WINDOW_IO, 0x13000, 0x14FFF), DD_EMALFORMED);
    ck_assert_uint_eq(fake_get32(bridge, 0x24), 0xE0F0E000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_bridge_that_vanishes_at_any_access_is_reported)
{
    unsigned int accesses;

    ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x100000000, 0x1FFFFFFFF), DD_OK);
    accesses = fake.access_count;
    for (uint32_t vanish_at = 0; vanish_at < accesses; vanish_at++) {
        fake_forget();
        fake.vanish_at = vanish_at;
        ck_assert_int_eq(set(DD_PCI_WINDOW_PREFETCHABLE, 0x100000000, 0x1FFFFFFFF), DD_ENODEV);
    }
}
END_TEST

/* ---- The other registers ---- */

START_TEST(bus_numbers_are_written_at_once_and_the_timer_stays)
{
    fake_put32(bridge, 0x18, 0x40000000);
    fake_allow32(bridge, 0x18, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_set_bus_numbers(&fake.access, address, 0xFF090400), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x18), 0x40090400);
    ck_assert_uint_eq(fake_write_count(), 1);
    fake_allow32(bridge, 0x18, 0xFF00FFFF);
    ck_assert_int_eq(dd_pci_set_bus_numbers(&fake.access, address, 0x00080400), DD_EMALFORMED);
    bridge->bytes[0x0E] = 0;
    ck_assert_int_eq(dd_pci_set_bus_numbers(&fake.access, address, 0x00080400), DD_ENOTSUP);
}
END_TEST

/* [PCI-PCI 1.2] 3.2.5.18: bit 10 is cleared by a 1. */
START_TEST(control_is_changed_without_clearing_the_discard_timer_status)
{
    fake_put32(bridge, 0x3C, 0x04030100);
    fake_allow32(bridge, 0x3C, 0x0BFF0000);
    bridge->clearable[0x3F] = 0x04;
    ck_assert_int_eq(dd_pci_change_bridge_control(&fake.access, address, 0x0001, 0x0040), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x3C), 0x04420100);
    ck_assert_int_eq(dd_pci_change_bridge_control(&fake.access, address, 0x0040, 0x0400), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x3C), 0x00020100);
}
END_TEST

/* In a CardBus header bit 10 enables write posting. */
START_TEST(control_of_a_cardbus_bridge_keeps_bit_10)
{
    bridge->bytes[0x0E] = 0x02;
    fake_put32(bridge, 0x3C, 0x04400000);
    fake_allow32(bridge, 0x3C, 0x07FF0000);
    ck_assert_int_eq(dd_pci_change_bridge_control(&fake.access, address, 0x0040, 0), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x3C), 0x04000000);
}
END_TEST

START_TEST(secondary_status_is_cleared_where_asked)
{
    ck_assert_int_eq(dd_pci_clear_secondary_status(&fake.access, address, 0x40FF), DD_OK);
    ck_assert_uint_eq(fake_get32(bridge, 0x1C), 0xB9000101);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].value, 0x4000);
    bridge->bytes[0x0E] = 0x02;
    ck_assert_int_eq(dd_pci_clear_secondary_status(&fake.access, address, 0x8000), DD_OK);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].offset, 0x16);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_window");
    TCase *windows = tcase_create("windows");
    TCase *others = tcase_create("other registers");

    tcase_add_checked_fixture(windows, setup, NULL);
    tcase_add_test(windows, windows_are_known_by_their_registers);
    tcase_add_test(windows, zeros_are_tried_without_opening_a_window);
    tcase_add_test(windows, a_bridge_without_a_window_has_none);
    tcase_add_test(windows, windows_are_set);
    tcase_add_test(windows, windows_are_closed);
    tcase_add_loop_test(windows, a_window_is_never_anything_but_the_old_range_the_new_one_or_closed,
                        0, COUNT(moves));
    tcase_add_loop_test(windows, a_range_that_cannot_be_is_refused_before_anything_is_written, 0,
                        COUNT(refused));
    tcase_add_test(windows, a_range_beyond_narrow_registers_leaves_the_old_one);
    tcase_add_test(windows, a_bridge_that_vanishes_at_any_access_is_reported);
    suite_add_tcase(suite, windows);

    tcase_add_checked_fixture(others, setup, NULL);
    tcase_add_test(others, bus_numbers_are_written_at_once_and_the_timer_stays);
    tcase_add_test(others, control_is_changed_without_clearing_the_discard_timer_status);
    tcase_add_test(others, control_of_a_cardbus_bridge_keeps_bit_10);
    tcase_add_test(others, secondary_status_is_cleared_where_asked);
    suite_add_tcase(suite, others);
    return suite;
}
