/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_header.c. */
#include "drydock/pci_header.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

/* An Intel 82574L as lspci -x shows it: an endpoint. */
static const uint8_t network_card[64] = {
    0x86, 0x80, 0xd3, 0x10, 0x03, 0x01, 0x10, 0x00, 0x00, 0x00, 0x00, 0x02, 0x10, 0x20, 0x80, 0x40,
    0x00, 0x00, 0x60, 0xfe, 0x00, 0x00, 0x62, 0xfe, 0x01, 0xd0, 0x00, 0x00, 0x00, 0x00, 0x64, 0xfe,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x44, 0x33, 0x22, 0x11, 0xf4, 0x1a, 0x00, 0x11,
    0x00, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0b, 0x01, 0x05, 0x06,
};

/* A root port: a bridge whose prefetchable range has 64-bit addresses. */
static const uint8_t root_port[64] = {
    0x36, 0x1b, 0x0c, 0x00, 0x07, 0x05, 0x10, 0x00, 0x00, 0x00, 0x04, 0x06, 0x00, 0x00, 0x81, 0x00,
    0x00, 0x80, 0xa0, 0xfe, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x04, 0x20, 0xd0, 0xd0, 0x00, 0x20,
    0x40, 0xfe, 0x70, 0xfe, 0x01, 0xfd, 0x31, 0xfd, 0x78, 0x56, 0x34, 0x12, 0x79, 0x56, 0x34, 0x12,
    0x11, 0x11, 0x22, 0x22, 0x54, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0b, 0x01, 0x02, 0x00,
};

/* A CardBus bridge: one I/O range with 16-bit and one with 32-bit addresses. */
static const uint8_t cardbus_bridge[64] = {
    0x80, 0x11, 0x76, 0x04, 0x07, 0x00, 0x10, 0x02, 0xb3, 0x00, 0x07, 0x06, 0x00, 0xa8, 0x02, 0x00,
    0x00, 0x00, 0x00, 0x90, 0xdc, 0x00, 0x00, 0x82, 0x03, 0x04, 0x07, 0xb0, 0x00, 0x00, 0x00, 0x80,
    0x00, 0xf0, 0xff, 0x83, 0x00, 0x00, 0x00, 0x84, 0x00, 0xf0, 0xff, 0x87, 0x00, 0x30, 0xaa, 0xaa,
    0xfc, 0x30, 0xbb, 0xbb, 0x01, 0x34, 0x01, 0x00, 0xfd, 0x34, 0x02, 0x00, 0x0b, 0x02, 0xc0, 0x05,
};

static const struct dd_pci_address address = {.bus = 3};

static struct fake_function *add(const uint8_t *bytes)
{
    struct fake_function *function = fake_add(3, 0, 0, 0);

    memcpy(function->bytes, bytes, 64);
    return function;
}

static struct dd_pci_header read_header(const uint8_t *bytes)
{
    struct dd_pci_header header = {{0}};

    add(bytes);
    ck_assert_int_eq(dd_pci_read_header(&fake.access, address, &header), DD_OK);
    return header;
}

/* ---- Reading ---- */

START_TEST(a_header_is_16_reads_of_32_bits_each_register_once)
{
    struct dd_pci_header header = read_header(network_card);

    ck_assert_uint_eq(fake.access_count, 16);
    for (unsigned int i = 0; i < 16; i++) {
        ck_assert_uint_eq(fake.log[i].offset, UINT64_C(4) * i);
        ck_assert_uint_eq(fake.log[i].width, 4);
        ck_assert(!fake.log[i].is_write);
    }
    ck_assert_uint_eq(header.dwords[0], 0x10D38086);
    ck_assert_uint_eq(header.dwords[15], 0x0605010B);
}
END_TEST

START_TEST(no_header_is_given_for_a_function_that_is_not_there)
{
    struct dd_pci_header header = {{0x5A5A5A5A}};

    ck_assert_int_eq(dd_pci_read_header(&fake.access, address, &header), DD_ENODEV);
    ck_assert_uint_eq(fake.access_count, 1);
    ck_assert_int_eq(dd_pci_read_header(&fake.access, fake_address(3, 32, 0), &header), DD_EARG);
    ck_assert_uint_eq(header.dwords[0], 0x5A5A5A5A);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_read_has_no_header)
{
    struct dd_pci_header header = {{0x5A5A5A5A}};

    add(network_card);
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(dd_pci_read_header(&fake.access, address, &header), DD_ENODEV);
    ck_assert_uint_eq(header.dwords[0], 0x5A5A5A5A);
}
END_TEST

START_TEST(a_last_register_of_all_ones_alone_does_not_make_a_function_absent)
{
    struct dd_pci_header header = {{0}};

    fake_put32(add(network_card), 0x3C, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_read_header(&fake.access, address, &header), DD_OK);
    ck_assert_uint_eq(header.dwords[15], 0xFFFFFFFF);
    ck_assert_uint_eq(fake.access_count, 17);
}
END_TEST

/* ---- Decoding ---- */

/* [PCI 3.0] figure 6-1 */
START_TEST(common_registers_are_where_the_standard_has_them)
{
    struct dd_pci_header header = read_header(network_card);
    struct dd_pci_common common;

    dd_pci_decode_common(&header, &common);
    ck_assert_uint_eq(common.vendor, 0x8086);
    ck_assert_uint_eq(common.device, 0x10D3);
    ck_assert_uint_eq(common.command, 0x0103);
    ck_assert_uint_eq(common.status, 0x0010);
    ck_assert_uint_eq(common.base_class, 0x02);
    ck_assert_uint_eq(common.subclass, 0x00);
    ck_assert_uint_eq(common.interface, 0x00);
    ck_assert_uint_eq(common.revision, 0x00);
    ck_assert_uint_eq(common.cache_line_size, 0x10);
    ck_assert_uint_eq(common.latency_timer, 0x20);
    ck_assert_uint_eq(common.layout, 0);
    ck_assert(common.multi_function);
    ck_assert_uint_eq(common.bist, 0x40);
    ck_assert_uint_eq(common.interrupt_line, 0x0B);
    ck_assert_uint_eq(common.interrupt_pin, 0x01);
}
END_TEST

START_TEST(class_code_bytes_are_not_mixed_up)
{
    struct dd_pci_header header = {{[2] = 0x0C0330A5, [3] = 0x007F0000}};
    struct dd_pci_common common;

    dd_pci_decode_common(&header, &common);
    ck_assert_uint_eq(common.base_class, 0x0C);
    ck_assert_uint_eq(common.subclass, 0x03);
    ck_assert_uint_eq(common.interface, 0x30);
    ck_assert_uint_eq(common.revision, 0xA5);
    ck_assert_uint_eq(common.layout, 0x7F);
    ck_assert(!common.multi_function);
}
END_TEST

/* [PCI 3.0] figure 6-1 */
START_TEST(an_endpoint_has_subsystem_and_latencies)
{
    struct dd_pci_header header = read_header(network_card);
    struct dd_pci_endpoint endpoint;

    ck_assert_int_eq(dd_pci_decode_endpoint(&header, &endpoint), DD_OK);
    ck_assert_uint_eq(endpoint.cardbus_cis_pointer, 0x11223344);
    ck_assert_uint_eq(endpoint.subsystem_vendor, 0x1AF4);
    ck_assert_uint_eq(endpoint.subsystem, 0x1100);
    ck_assert_uint_eq(endpoint.min_grant, 0x05);
    ck_assert_uint_eq(endpoint.max_latency, 0x06);
}
END_TEST

/* [PCI-PCI 1.2] 3.2.5 */
START_TEST(a_bridge_has_bus_numbers_and_ranges)
{
    struct dd_pci_header header = read_header(root_port);
    struct dd_pci_bridge bridge;

    ck_assert_int_eq(dd_pci_decode_bridge(&header, &bridge), DD_OK);
    ck_assert_uint_eq(bridge.primary_bus, 0);
    ck_assert_uint_eq(bridge.secondary_bus, 1);
    ck_assert_uint_eq(bridge.subordinate_bus, 4);
    ck_assert_uint_eq(bridge.secondary_latency_timer, 0x20);
    ck_assert_uint_eq(bridge.secondary_status, 0x2000);
    ck_assert_uint_eq(bridge.control, 0x0002);
    ck_assert_uint_eq(bridge.io.base, 0xD000);
    ck_assert_uint_eq(bridge.io.limit, 0xDFFF);
    ck_assert_uint_eq(bridge.memory.base, 0xFE400000);
    ck_assert_uint_eq(bridge.memory.limit, 0xFE7FFFFF);
    ck_assert_uint_eq(bridge.prefetchable.base, 0x12345678FD000000);
    ck_assert_uint_eq(bridge.prefetchable.limit, 0x12345679FD3FFFFF);
}
END_TEST

/* [PCI-PCI 1.2] 3.2.5.6 and 3.2.5.9 */
START_TEST(a_bridge_uses_the_upper_halves_its_base_registers_announce)
{
    struct dd_pci_header header = read_header(root_port);
    struct dd_pci_bridge bridge;

    header.dwords[7] = 0x0000D0D1;
    header.dwords[9] = 0xFD30FD00;
    ck_assert_int_eq(dd_pci_decode_bridge(&header, &bridge), DD_OK);
    ck_assert_uint_eq(bridge.io.base, 0x1111D000);
    ck_assert_uint_eq(bridge.io.limit, 0x2222DFFF);
    ck_assert_uint_eq(bridge.prefetchable.base, 0xFD000000);
    ck_assert_uint_eq(bridge.prefetchable.limit, 0xFD3FFFFF);
}
END_TEST

START_TEST(a_closed_range_has_its_base_above_its_limit)
{
    struct dd_pci_header header = read_header(root_port);
    struct dd_pci_bridge bridge;

    header.dwords[7] = 0x000000F0;
    header.dwords[8] = 0x0000FFF0;
    ck_assert_int_eq(dd_pci_decode_bridge(&header, &bridge), DD_OK);
    ck_assert_uint_eq(bridge.io.base, 0xF000);
    ck_assert_uint_eq(bridge.io.limit, 0x0FFF);
    ck_assert_uint_eq(bridge.memory.base, 0xFFF00000);
    ck_assert_uint_eq(bridge.memory.limit, 0x000FFFFF);
}
END_TEST

START_TEST(a_cardbus_bridge_has_two_ranges_of_each_kind)
{
    struct dd_pci_header header = read_header(cardbus_bridge);
    struct dd_pci_cardbus cardbus;

    ck_assert_int_eq(dd_pci_decode_cardbus(&header, &cardbus), DD_OK);
    ck_assert_uint_eq(cardbus.primary_bus, 3);
    ck_assert_uint_eq(cardbus.secondary_bus, 4);
    ck_assert_uint_eq(cardbus.subordinate_bus, 7);
    ck_assert_uint_eq(cardbus.latency_timer, 0xB0);
    ck_assert_uint_eq(cardbus.secondary_status, 0x8200);
    ck_assert_uint_eq(cardbus.control, 0x05C0);
    ck_assert_uint_eq(cardbus.memory[0].base, 0x80000000);
    ck_assert_uint_eq(cardbus.memory[0].limit, 0x83FFFFFF);
    ck_assert_uint_eq(cardbus.memory[1].base, 0x84000000);
    ck_assert_uint_eq(cardbus.memory[1].limit, 0x87FFFFFF);
    ck_assert_uint_eq(cardbus.io[0].base, 0x3000);
    ck_assert_uint_eq(cardbus.io[0].limit, 0x30FF);
    ck_assert_uint_eq(cardbus.io[1].base, 0x00013400);
    ck_assert_uint_eq(cardbus.io[1].limit, 0x000234FF);
}
END_TEST

START_TEST(a_header_of_another_layout_is_not_decoded)
{
    const uint8_t *headers[] = {network_card, root_port, cardbus_bridge};
    struct dd_pci_header header = read_header(headers[_i]);
    struct dd_pci_endpoint endpoint = {.min_grant = 0x77};
    struct dd_pci_bridge bridge = {.primary_bus = 0x77};
    struct dd_pci_cardbus cardbus = {.primary_bus = 0x77};

    ck_assert_int_eq(dd_pci_decode_endpoint(&header, &endpoint), _i == 0 ? DD_OK : DD_ENOENT);
    ck_assert_int_eq(dd_pci_decode_bridge(&header, &bridge), _i == 1 ? DD_OK : DD_ENOENT);
    ck_assert_int_eq(dd_pci_decode_cardbus(&header, &cardbus), _i == 2 ? DD_OK : DD_ENOENT);
    ck_assert_uint_eq(endpoint.min_grant == 0x77, _i != 0);
    ck_assert_uint_eq(bridge.primary_bus == 0x77, _i != 1);
    ck_assert_uint_eq(cardbus.primary_bus == 0x77, _i != 2);
}
END_TEST

/* ---- Command: [PCI 3.0] 6.2.2 and 6.2.3 ---- */

START_TEST(changing_command_is_one_write_of_16_bits_that_keeps_other_bits)
{
    struct fake_function *function = add(network_card);

    fake_put32(function, 0x04, 0xF9100147);
    fake_allow32(function, 0x04, 0x0000FFFF);
    memset(&function->clearable[0x06], 0xFF, 2);
    ck_assert_int_eq(dd_pci_change_command(&fake.access, address, 0x0003, 0x0404), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0xF9100544);
    ck_assert_uint_eq(fake.access_count, 2);
    ck_assert_uint_eq(fake.log[1].offset, 4);
    ck_assert_uint_eq(fake.log[1].width, 2);
}
END_TEST

START_TEST(setting_a_command_bit_wins_over_clearing_it)
{
    struct fake_function *function = add(network_card);

    fake_allow32(function, 0x04, 0x0000FFFF);
    ck_assert_int_eq(dd_pci_change_command(&fake.access, address, 0xFFFF, 0x0006), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0x00100006);
}
END_TEST

START_TEST(command_of_a_function_that_is_not_there_is_not_written)
{
    ck_assert_int_eq(dd_pci_change_command(&fake.access, address, 0, 4), DD_ENODEV);
    ck_assert_int_eq(dd_pci_change_command(&fake.access, fake_address(3, 0, 8), 0, 4), DD_EARG);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(status_is_cleared_where_asked_and_command_is_not_written)
{
    struct fake_function *function = add(network_card);

    fake_put32(function, 0x04, 0xF9100147);
    fake_allow32(function, 0x04, 0x0000FFFF);
    memset(&function->clearable[0x07], 0xF9, 1);
    ck_assert_int_eq(dd_pci_clear_status(&fake.access, address, 0x20FF), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0xD9100147);
    ck_assert_uint_eq(fake.log[1].offset, 6);
    ck_assert_uint_eq(fake.log[1].width, 2);
    ck_assert_uint_eq(fake.log[1].value, 0x2000);
    fake_forget();
    ck_assert_int_eq(dd_pci_clear_status(&fake.access, fake_address(9, 0, 0), 0xFFFF), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(the_class_takes_one_read)
{
    uint32_t class_code = 0x77;

    fake_put32(add(network_card), 0x08, 0x0C033008);
    ck_assert_int_eq(dd_pci_read_class(&fake.access, address, &class_code), DD_OK);
    ck_assert_uint_eq(class_code, 0x0C0330);
    ck_assert_uint_eq(fake.access_count, 1);
    ck_assert_int_eq(dd_pci_read_class(&fake.access, fake_address(9, 0, 0), &class_code),
                     DD_ENODEV);
    ck_assert_uint_eq(class_code, 0x0C0330);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_header");
    TCase *reading = tcase_create("reading");
    TCase *decoding = tcase_create("decoding");
    TCase *command = tcase_create("command");

    tcase_add_checked_fixture(reading, fake_reset, NULL);
    tcase_add_test(reading, a_header_is_16_reads_of_32_bits_each_register_once);
    tcase_add_test(reading, no_header_is_given_for_a_function_that_is_not_there);
    tcase_add_loop_test(reading, a_function_that_vanishes_at_any_read_has_no_header, 0, 16);
    tcase_add_test(reading, a_last_register_of_all_ones_alone_does_not_make_a_function_absent);
    suite_add_tcase(suite, reading);

    tcase_add_checked_fixture(decoding, fake_reset, NULL);
    tcase_add_test(decoding, common_registers_are_where_the_standard_has_them);
    tcase_add_test(decoding, class_code_bytes_are_not_mixed_up);
    tcase_add_test(decoding, an_endpoint_has_subsystem_and_latencies);
    tcase_add_test(decoding, a_bridge_has_bus_numbers_and_ranges);
    tcase_add_test(decoding, a_bridge_uses_the_upper_halves_its_base_registers_announce);
    tcase_add_test(decoding, a_closed_range_has_its_base_above_its_limit);
    tcase_add_test(decoding, a_cardbus_bridge_has_two_ranges_of_each_kind);
    tcase_add_loop_test(decoding, a_header_of_another_layout_is_not_decoded, 0, 3);
    suite_add_tcase(suite, decoding);

    tcase_add_checked_fixture(command, fake_reset, NULL);
    tcase_add_test(command, changing_command_is_one_write_of_16_bits_that_keeps_other_bits);
    tcase_add_test(command, setting_a_command_bit_wins_over_clearing_it);
    tcase_add_test(command, command_of_a_function_that_is_not_there_is_not_written);
    tcase_add_test(command, status_is_cleared_where_asked_and_command_is_not_written);
    tcase_add_test(command, the_class_takes_one_read);
    suite_add_tcase(suite, command);
    return suite;
}
