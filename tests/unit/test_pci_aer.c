/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_aer.c and pci_dpc.c; registers: [PCIe 6] 7.8.4 and 7.9.14. */
#include "drydock/pci_aer.h"

#include <string.h>

#include "drydock/pci_dpc.h"
#include "tests/unit/extended_case.h"

static struct dd_pci_aer aer;
static struct dd_pci_aer_root root;
static struct dd_pci_dpc dpc;
static struct dd_pci_dpc_pio pio;

static void setup(void)
{
    begin(0x14020001);
    for (unsigned int at = 4; at < 0x48; at += 4) {
        put(at, 0x01010101u * at);
    }
    put(0x18, 0x000008A5); /* First Error Pointer 5, ECRC generation and check capable, prefixes */
}

static enum dd_status read(void)
{
    return dd_pci_aer_read(&fake.access, address, AT, &aer);
}

START_TEST(every_register_is_read_once_from_its_place)
{
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(fake.access_count, 14);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_uint_eq(aer.offset, 0x200);
    ck_assert_uint_eq(aer.uncorrectable_status, 0x04040404);
    ck_assert_uint_eq(aer.uncorrectable_mask, 0x08080808);
    ck_assert_uint_eq(aer.uncorrectable_severity, 0x0C0C0C0C);
    ck_assert_uint_eq(aer.correctable_status, 0x10101010);
    ck_assert_uint_eq(aer.correctable_mask, 0x14141414);
    ck_assert_uint_eq(aer.control, 0x000008A5);
    ck_assert_uint_eq(aer.header_log[0], 0x1C1C1C1C);
    ck_assert_uint_eq(aer.header_log[3], 0x28282828);
    ck_assert_uint_eq(aer.prefix_log[0], 0x38383838);
    ck_assert_uint_eq(aer.prefix_log[3], 0x44444444);
    ck_assert_int_eq(dd_pci_aer_read_root(&fake.access, address, AT, &root), DD_OK);
    ck_assert_uint_eq(root.command, 0x2C2C2C2C);
    ck_assert_uint_eq(root.status, 0x30303030);
    ck_assert_uint_eq(root.source, 0x34343434);
}
END_TEST

/* [PCIe 6] 7.8.4.7: bit 11 */
START_TEST(prefixes_that_are_not_logged_are_not_read)
{
    put(0x18, 0x000000A5);
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(fake.access_count, 10);
    ck_assert_uint_eq(aer.prefix_log[0], 0);
}
END_TEST

START_TEST(the_first_error_is_the_bit_the_pointer_means_if_it_is_set)
{
    put(0x04, 0x00000020);
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(dd_pci_aer_first_error(&aer), 0x00000020);
    put(0x04, 0x00000010);
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(dd_pci_aer_first_error(&aer), 0);
    put(0x04, 0x80000000);
    put(0x18, 0x0000001F);
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(dd_pci_aer_first_error(&aer), 0x80000000);
}
END_TEST

START_TEST(only_errors_that_were_read_are_cleared)
{
    put(0x04, 0x00100010);
    put(0x10, 0x00001040);
    clearable(0x04, 0xFFFFF030);
    clearable(0x10, 0x0000F1C1);
    ck_assert_int_eq(read(), DD_OK);
    put(0x04, 0x00101010);
    put(0x10, 0x00003040);
    ck_assert_int_eq(dd_pci_aer_clear(&fake.access, address, &aer), DD_OK);
    ck_assert_uint_eq(get(0x04), 0x00001000);
    ck_assert_uint_eq(get(0x10), 0x00002000);
    ck_assert_uint_eq(fake_write_count(), 2);
}
END_TEST

START_TEST(reserved_bits_are_never_written_as_one)
{
    memset(&aer, 0xFF, sizeof aer);
    aer.offset = AT;
    ck_assert_int_eq(dd_pci_aer_clear(&fake.access, address, &aer), DD_OK);
    ck_assert_uint_eq(fake.log[1].value, 0xFFFFF030);
    ck_assert_uint_eq(fake.log[3].value, 0x0000F1C1);
    root = (struct dd_pci_aer_root){.offset = AT, .status = 0xFFFFFFFF};
    ck_assert_int_eq(dd_pci_aer_clear_root(&fake.access, address, &root), DD_OK);
    ck_assert_uint_eq(last_write()->value, 0x0000007F);
    ck_assert_uint_eq(last_write()->offset, 0x230);
}
END_TEST

START_TEST(nothing_to_clear_is_nothing_to_write)
{
    memset(&aer, 0, sizeof aer);
    aer.offset = AT;
    ck_assert_int_eq(dd_pci_aer_clear(&fake.access, address, &aer), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 0);
    fake.vanish_at = fake.access_count;
    ck_assert_int_eq(dd_pci_aer_clear(&fake.access, address, &aer), DD_ENODEV);
}
END_TEST

START_TEST(reports_are_three_bits_and_the_rest_of_root_command_stays)
{
    put(0x2C, 0xABCDEF01);
    allow(0x2C, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_aer_set_reports(&fake.access, address, AT, 0x6), DD_OK);
    ck_assert_uint_eq(get(0x2C), 0xABCDEF06);
    ck_assert_int_eq(dd_pci_aer_set_reports(&fake.access, address, AT, 0x8), DD_EARG);
    ck_assert_uint_eq(get(0x2C), 0xABCDEF06);
}
END_TEST

START_TEST(a_prefix_log_beyond_the_end_is_malformed)
{
    memset(&aer, 0x5A, sizeof aer);
    fake_put32(function, 0xFD4 - 4 + 0x18, 0x00000800);
    ck_assert_int_eq(dd_pci_aer_read(&fake.access, address, 0xFD0, &aer), DD_EMALFORMED);
    fake_put32(function, 0xFE8, 0x00000000);
    ck_assert_int_eq(dd_pci_aer_read(&fake.access, address, 0xFD0, &aer), DD_OK);
}
END_TEST

/* ---- Downstream Port Containment ---- */

/* The port has its PCI Express capability at 0x40: Link Status is at 0x52. */
static void setup_dpc(void)
{
    begin(0x1401001D);
    fake_put32(function, 0x04, 0x00100000);
    function->bytes[0x34] = 0x40;
    fake_put32(function, 0x40, 0x00420010);
    put(0x04, 0x0002F9E3); /* log of 9 dwords, RP Extensions, interrupt message 3 */
    put(0x08, 0x01050A0F);
    for (unsigned int at = 0x0C; at < 0x44; at += 4) {
        put(at, 0x01010101u * at);
    }
}

static void read_dpc(void)
{
    ck_assert_int_eq(dd_pci_dpc_read(&fake.access, address, AT, &dpc), DD_OK);
}

START_TEST(registers_of_dpc_and_its_logs_are_read_from_their_places)
{
    read_dpc();
    ck_assert_uint_eq(fake.access_count, 4);
    ck_assert_uint_eq(dpc.capability, 0xF9E3);
    ck_assert_uint_eq(dpc.control, 0x0002);
    ck_assert_uint_eq(dpc.status, 0x0A0F);
    ck_assert_uint_eq(dpc.source, 0x0105);
    ck_assert_int_eq(dd_pci_dpc_read_pio(&fake.access, address, &dpc, &pio), DD_OK);
    ck_assert_uint_eq(pio.status, 0x0C0C0C0C);
    ck_assert_uint_eq(pio.exception, 0x1C1C1C1C);
    ck_assert_uint_eq(pio.header_log[0], 0x20202020);
    ck_assert_uint_eq(pio.header_log[3], 0x2C2C2C2C);
    ck_assert_uint_eq(pio.implementation_log, 0x30303030);
    ck_assert_uint_eq(pio.prefix_log[0], 0x34343434);
    ck_assert_uint_eq(pio.prefix_log[3], 0x40404040);
}
END_TEST

/* [PCIe 6] 7.9.14.2: bits 11:8 and 13 */
static const struct {
    uint16_t capability;
    unsigned int dwords;
    unsigned int reads; /* of dd_pci_dpc_read_pio() */
} logs[] = {{0x0020, 0, 5},  {0x0420, 4, 9},  {0x0520, 5, 10},
            {0x0620, 6, 11}, {0x0920, 9, 14}, {0x2320, 19, 14}};

START_TEST(logs_are_read_as_far_as_they_go)
{
    put(0x04, logs[_i].capability);
    read_dpc();
    ck_assert_uint_eq(dd_pci_dpc_log_dwords(&dpc), logs[_i].dwords);
    fake_forget();
    ck_assert_int_eq(dd_pci_dpc_read_pio(&fake.access, address, &dpc, &pio), DD_OK);
    ck_assert_uint_eq(fake.access_count, logs[_i].reads);
    ck_assert_uint_eq(pio.header_log[3], logs[_i].dwords >= 4 ? 0x2C2C2C2C : 0);
    ck_assert_uint_eq(pio.implementation_log, logs[_i].dwords > 4 ? 0x30303030 : 0);
    ck_assert_uint_eq(pio.prefix_log[0], logs[_i].dwords > 5 ? 0x34343434 : 0);
}
END_TEST

START_TEST(a_port_without_extensions_has_no_pio_registers)
{
    put(0x04, 0x000000C0);
    read_dpc();
    ck_assert_int_eq(dd_pci_dpc_read_pio(&fake.access, address, &dpc, &pio), DD_ENOENT);
}
END_TEST

START_TEST(pio_errors_are_cleared_as_they_were_read)
{
    clearable(0x0C, 0x00070707);
    put(0x0C, 0x00070703);
    pio = (struct dd_pci_dpc_pio){.offset = AT, .status = 0xFFFF0001};
    ck_assert_int_eq(dd_pci_dpc_clear_pio(&fake.access, address, &pio), DD_OK);
    ck_assert_uint_eq(last_write()->value, 0x00070001);
    ck_assert_uint_eq(get(0x0C), 0x00000702);
}
END_TEST

START_TEST(a_trigger_is_chosen_without_touching_the_other_bits)
{
    put(0x04, 0x01FC0000);
    allow(0x04, 0x01FF0000);
    ck_assert_int_eq(
        dd_pci_dpc_set_trigger(&fake.access, address, AT, DD_PCI_DPC_TRIGGER_NON_FATAL), DD_OK);
    ck_assert_uint_eq(get(0x04), 0x01FE0000);
    ck_assert_int_eq(dd_pci_dpc_set_trigger(&fake.access, address, AT, (enum dd_pci_dpc_trigger)3),
                     DD_EARG);
    ck_assert_uint_eq(get(0x04), 0x01FE0000);
}
END_TEST

START_TEST(a_contained_port_is_released_when_it_is_no_longer_busy)
{
    put(0x08, 0x00002109); /* triggered, interrupt, SIG_SFW, first error 1 */
    clearable(0x08, 0x00002009);
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_OK);
    ck_assert_uint_eq(get(0x08), 0x00002100);
    ck_assert_uint_eq(waited, 0);
    fake_forget();
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* [PCIe 6] 6.2.11: Data Link Layer Link Active, bit 13 of Link Status, has to read 0. */
static void put_link(bool is_active)
{
    fake_put32(function, 0x50, is_active ? 0x20000000 : 0x00000000);
}

static void drop_link_at_third_wait(void)
{
    put_link(waited < 3000);
}

START_TEST(a_port_is_released_when_its_link_is_down)
{
    put(0x08, 0x00000009);
    clearable(0x08, 0x00002009);
    put_link(true);
    meanwhile = drop_link_at_third_wait;
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_OK);
    ck_assert_uint_eq(waited, 3000);
    ck_assert_uint_eq(get(0x08), 0x00000000);
    ck_assert_uint_eq(fake_write_count(), 1);
}
END_TEST

START_TEST(a_port_whose_link_stays_up_is_not_released)
{
    put(0x08, 0x00000009);
    clearable(0x08, 0x00002009);
    put_link(true);
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 1000000);
    ck_assert_uint_eq(fake_write_count(), 0);
    put(0x08, 0x00000008); /* nothing contained: the link is as it should be */
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_OK);
    ck_assert_uint_eq(waited, 1000000);
}
END_TEST

START_TEST(a_port_without_a_link_is_not_released)
{
    put(0x08, 0x00000001);
    function->bytes[0x40] = 0x01;
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_ENOENT);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(a_busy_port_is_not_released)
{
    put(0x08, 0x00000019);
    clearable(0x08, 0x00002009);
    ck_assert_int_eq(dd_pci_dpc_release(&fake.access, address, AT, &delay), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 1000000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_aer");
    TCase *errors = tcase_create("errors");
    TCase *containment = tcase_create("containment");

    tcase_add_checked_fixture(errors, setup, NULL);
    tcase_add_test(errors, every_register_is_read_once_from_its_place);
    tcase_add_test(errors, prefixes_that_are_not_logged_are_not_read);
    tcase_add_test(errors, the_first_error_is_the_bit_the_pointer_means_if_it_is_set);
    tcase_add_test(errors, only_errors_that_were_read_are_cleared);
    tcase_add_test(errors, reserved_bits_are_never_written_as_one);
    tcase_add_test(errors, nothing_to_clear_is_nothing_to_write);
    tcase_add_test(errors, reports_are_three_bits_and_the_rest_of_root_command_stays);
    tcase_add_test(errors, a_prefix_log_beyond_the_end_is_malformed);
    suite_add_tcase(suite, errors);
    tcase_add_checked_fixture(containment, setup_dpc, NULL);
    tcase_add_test(containment, registers_of_dpc_and_its_logs_are_read_from_their_places);
    tcase_add_loop_test(containment, logs_are_read_as_far_as_they_go, 0,
                        (int)(sizeof logs / sizeof logs[0]));
    tcase_add_test(containment, a_port_without_extensions_has_no_pio_registers);
    tcase_add_test(containment, pio_errors_are_cleared_as_they_were_read);
    tcase_add_test(containment, a_trigger_is_chosen_without_touching_the_other_bits);
    tcase_add_test(containment, a_contained_port_is_released_when_it_is_no_longer_busy);
    tcase_add_test(containment, a_port_is_released_when_its_link_is_down);
    tcase_add_test(containment, a_port_whose_link_stays_up_is_not_released);
    tcase_add_test(containment, a_port_without_a_link_is_not_released);
    tcase_add_test(containment, a_busy_port_is_not_released);
    suite_add_tcase(suite, containment);
    return suite;
}
