/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_machine.c and of the lock in hal/src/pci/pci.c. */
#include "drydock/pci_machine.h"

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_access access;
static unsigned int held, acquired, insns_at_acquire;

static void acquire(void *context)
{
    ck_assert_ptr_eq(context, &held);
    ck_assert_uint_eq(held, 0);
    held = 1;
    acquired++;
    insns_at_acquire = fake.insn_count;
}

static void release(void *context)
{
    ck_assert_ptr_eq(context, &held);
    ck_assert_uint_eq(held, 1);
    ck_assert_uint_eq(fake.insn_count, insns_at_acquire + 2);
    held = 0;
}

static const struct dd_pci_lock lock = {acquire, release, &held};

static void setup(void)
{
    fake_reset();
    held = 0;
    acquired = 0;
}

static void init(const struct dd_pci_machine *machine, uint32_t segment)
{
    ck_assert_int_eq(dd_pci_access_init_machine(&access, machine, segment), DD_OK);
}

/* ---- The lock of mechanism 1 ---- */

START_TEST(the_lock_is_held_around_both_port_accesses)
{
    uint32_t value;
    uint8_t byte;

    fake_add(0, 1, 0, 0x12348086);
    dd_pci_access_init_mechanism1_locked(&access, &lock);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(0, 1, 0), 0, &value), DD_OK);
    ck_assert_int_eq(dd_pci_read8(&access, fake_address(0, 1, 0), 1, &byte), DD_OK);
    ck_assert_int_eq(dd_pci_write16(&access, fake_address(0, 1, 0), 4, 7), DD_OK);
    ck_assert_uint_eq(acquired, 3);
    ck_assert_uint_eq(held, 0);
    ck_assert_uint_eq(fake.insn_count, 6);
}
END_TEST

START_TEST(the_lock_is_not_taken_for_what_is_refused)
{
    uint32_t value;

    dd_pci_access_init_mechanism1_locked(&access, &lock);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(0, 32, 0), 0, &value), DD_EARG);
    ck_assert_int_eq(dd_pci_write32(&access, fake_address(0, 0, 0), 2, 0), DD_EALIGN);
    ck_assert_uint_eq(acquired, 0);
}
END_TEST

/* ---- Which way a register is reached ---- */

/* The fake's memory window is of buses 0..255; here only 2..3 are said to be in it. */
static const struct dd_pci_ecam windows[] = {
    {{FAKE_ECAM_BASE}, 0, 2, 3},
    {{0x100000000}, 7, 0x10, 0x1F},
    {{0x200000000}, 7, 0x30, 0x3F},
};

static const struct dd_pci_machine pc = {windows, 3, DD_PCI_PORTS_PRESENT, &lock};

START_TEST(a_bus_in_a_window_is_reached_through_it_and_others_through_the_ports)
{
    uint32_t value;

    fake_add(2, 0, 0, 0x11112222);
    fake_add(4, 0, 0, 0x33334444);
    init(&pc, 0);
    ck_assert_uint_eq(access.first_bus, 0);
    ck_assert_uint_eq(access.last_bus, 255);
    ck_assert_uint_eq(access.size, 4096);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(2, 0, 0), 0, &value), DD_OK);
    ck_assert_uint_eq(value, 0x11112222);
    ck_assert_uint_eq(fake.insn_count, 1);
    ck_assert_int_eq(fake.insns[0].insn, DD_HOSTED_READ32);
    ck_assert_uint_eq(acquired, 0);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(4, 0, 0), 0, &value), DD_OK);
    ck_assert_uint_eq(value, 0x33334444);
    ck_assert_uint_eq(fake.insn_count, 3);
    ck_assert_uint_eq(acquired, 1);
    ck_assert_int_eq(dd_pci_write8(&access, fake_address(3, 0, 0), 0x100, 1), DD_OK);
    ck_assert_int_eq(fake.insns[3].insn, DD_HOSTED_WRITE8);
    ck_assert_int_eq(dd_pci_write8(&access, fake_address(1, 0, 0), 0x3C, 1), DD_OK);
    ck_assert_int_eq(fake.insns[5].insn, DD_HOSTED_OUT8);
}
END_TEST

START_TEST(registers_above_255_need_a_window)
{
    struct fake_function *there = fake_add(2, 0, 0, 0x11112222);
    uint32_t value = 0x77;

    fake_add(1, 0, 0, 0x33334444);
    fake_put32(there, 0x100, 0x14010001);
    init(&pc, 0);
    ck_assert_uint_eq(dd_pci_config_size(&access, 1), 256);
    ck_assert_uint_eq(dd_pci_config_size(&access, 2), 4096);
    ck_assert_uint_eq(dd_pci_config_size(&access, 3), 4096);
    ck_assert_uint_eq(dd_pci_config_size(&access, 4), 256);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(1, 0, 0), 0x100, &value), DD_EARG);
    ck_assert_int_eq(dd_pci_write32(&access, fake_address(1, 0, 0), 0x100, 0), DD_EARG);
    ck_assert_uint_eq(fake.insn_count, 0);
    ck_assert_uint_eq(value, 0x77);
    /* what asks the ops without checking gets what nobody answers */
    ck_assert_uint_eq(access.ops->read(&access, fake_address(1, 0, 0), 0x100, DD_PCI_WIDTH_32),
                      0xFFFFFFFF);
    access.ops->write(&access, fake_address(1, 0, 0), 0x100, DD_PCI_WIDTH_32, 0);
    ck_assert_uint_eq(fake.insn_count, 0);
    ck_assert_int_eq(dd_pci_read32(&access, fake_address(2, 0, 0), 0x100, &value), DD_OK);
    ck_assert_uint_eq(value, 0x14010001);
}
END_TEST

START_TEST(another_segment_has_its_windows_only)
{
    uint8_t value;

    init(&pc, 7);
    ck_assert_uint_eq(access.first_bus, 0x10);
    ck_assert_uint_eq(access.last_bus, 0x3F);
    ck_assert_uint_eq(dd_pci_config_size(&access, 0x1F), 4096);
    ck_assert_uint_eq(dd_pci_config_size(&access, 0x20), 0);
    ck_assert_uint_eq(dd_pci_config_size(&access, 0x30), 4096);
    ck_assert_int_eq(
        dd_pci_read8(&access, (struct dd_pci_address){.segment = 7, .bus = 0x20}, 0, &value),
        DD_EARG);
    ck_assert_uint_eq(fake.insn_count, 0);
}
END_TEST

START_TEST(a_machine_without_ports_has_no_more_than_its_windows)
{
    const struct dd_pci_machine machine = {windows, 3, DD_PCI_PORTS_ABSENT, NULL};

    init(&machine, 0);
    ck_assert_uint_eq(access.first_bus, 2);
    ck_assert_uint_eq(access.last_bus, 3);
    ck_assert_uint_eq(access.size, 4096);
}
END_TEST

START_TEST(a_machine_without_windows_has_256_bytes)
{
    const struct dd_pci_machine machine = {NULL, 0, DD_PCI_PORTS_PRESENT, NULL};

    init(&machine, 0);
    ck_assert_uint_eq(access.size, 256);
    ck_assert_uint_eq(dd_pci_config_size(&access, 255), 256);
}
END_TEST

START_TEST(a_segment_without_a_way_has_no_handle)
{
    const struct dd_pci_machine none = {windows, 3, DD_PCI_PORTS_ABSENT, NULL};

    access.segment = 0x77;
    ck_assert_int_eq(dd_pci_access_init_machine(&access, &none, 1), DD_ENOENT);
    ck_assert_int_eq(dd_pci_access_init_machine(&access, &pc, 1), DD_ENOENT);
    ck_assert_uint_eq(access.segment, 0x77);
}
END_TEST

START_TEST(a_bad_window_leaves_the_handle)
{
    const struct dd_pci_ecam bad[] = {
        {{FAKE_ECAM_BASE}, 0, 3, 2}, {{0x80000}, 0, 0, 0}, {{0xFFFFFFFFFFF00000}, 0, 1, 1}};
    const enum dd_status expected[] = {DD_EARG, DD_EALIGN, DD_EWRAP};
    const struct dd_pci_machine machine = {&bad[_i], 1, DD_PCI_PORTS_PRESENT, NULL};

    access.segment = 0x77;
    ck_assert_int_eq(dd_pci_access_init_machine(&access, &machine, 0), expected[_i]);
    ck_assert_uint_eq(access.segment, 0x77);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_machine");
    TCase *locking = tcase_create("the lock");
    TCase *ways = tcase_create("ways");

    tcase_add_checked_fixture(locking, setup, NULL);
    tcase_add_test(locking, the_lock_is_held_around_both_port_accesses);
    tcase_add_test(locking, the_lock_is_not_taken_for_what_is_refused);
    suite_add_tcase(suite, locking);

    tcase_add_checked_fixture(ways, setup, NULL);
    tcase_add_test(ways, a_bus_in_a_window_is_reached_through_it_and_others_through_the_ports);
    tcase_add_test(ways, registers_above_255_need_a_window);
    tcase_add_test(ways, another_segment_has_its_windows_only);
    tcase_add_test(ways, a_machine_without_ports_has_no_more_than_its_windows);
    tcase_add_test(ways, a_machine_without_windows_has_256_bytes);
    tcase_add_test(ways, a_segment_without_a_way_has_no_handle);
    tcase_add_loop_test(ways, a_bad_window_leaves_the_handle, 0, 3);
    suite_add_tcase(suite, ways);
    return suite;
}
