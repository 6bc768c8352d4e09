/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about reaching and finding the functions of the machine that
 * fixtures/pci-dumps/machines/qemu-q35-claims.args describes. Firmware assigns
 * bus numbers in the same order everywhere, so they are known; addresses are not.
 */
#include "drydock/pci.h"
#include "drydock/pci_bridge.h"
#include "drydock/pci_header.h"
#include "drydock/pci_scan.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* In the order of a scan: a bridge, then what is behind it. */
static const struct {
    uint8_t bus, device, function;
    uint8_t secondary; /* of a bridge */
    uint16_t vendor, id;
} machine[PCI_MACHINE_FUNCTIONS] = {
    {0x00, 0x00, 0, 0, 0x8086, 0x29C0}, /* host bridge */
    {0x00, 0x02, 0, 1, 0x1B36, 0x000C}, /* root port */
    {0x01, 0x00, 0, 2, 0x104C, 0x8232}, /* switch, upstream port */
    {0x02, 0x00, 0, 3, 0x104C, 0x8233}, /* switch, downstream port */
    {0x03, 0x00, 0, 0, 0x8086, 0x10D3}, /* e1000e */
    {0x02, 0x01, 0, 4, 0x104C, 0x8233}, /* switch, downstream port */
    {0x04, 0x00, 0, 0, 0x1B36, 0x0010}, /* nvme */
    {0x00, 0x02, 1, 5, 0x1B36, 0x000C}, /* root port with nothing behind it */
    {0x00, 0x03, 0, 0, 0x1AF4, 0x1005}, /* virtio-rng */
    {0x00, 0x04, 0, 0, 0x1AF4, 0x1002}, /* virtio-balloon */
    {0x00, 0x04, 3, 0, 0x1AF4, 0x1003}, /* virtio-serial */
    {0x00, 0x05, 0, 0, 0x1234, 0x1111}, /* display */
    {0x00, 0x1E, 0, 6, 0x8086, 0x244E}, /* PCI Express to conventional */
    {0x06, 0x01, 0, 7, 0x1B36, 0x0001}, /* conventional bridge */
    {0x07, 0x01, 0, 0, 0x10EC, 0x8139}, /* rtl8139 */
    {0x00, 0x1F, 0, 0, 0x8086, 0x2918}, /* ISA bridge */
    {0x00, 0x1F, 2, 0, 0x8086, 0x2922}, /* AHCI */
    {0x00, 0x1F, 3, 0, 0x8086, 0x2930}, /* SMBus */
};

static bool is_function(const struct dd_pci_function *function, unsigned int index)
{
    enum dd_status behind = machine[index].secondary == 0 ? DD_ENOENT : DD_OK;

    return function->address.segment == 0 && function->address.bus == machine[index].bus &&
           function->address.device == machine[index].device &&
           function->address.function == machine[index].function &&
           function->vendor == machine[index].vendor && function->device == machine[index].id &&
           function->secondary_bus == machine[index].secondary && function->behind == behind;
}

/* The first function that is not the expected one; PCI_MACHINE_FUNCTIONS if all are. */
static unsigned int first_difference(const struct pci_functions *functions)
{
    unsigned int i = 0;

    while (i < PCI_MACHINE_FUNCTIONS && is_function(&functions->list[i], i)) {
        i++;
    }
    return i;
}

CLAIM(pci_mechanism_1_finds_every_function_of_the_machine)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(functions.count, 18);
    CLAIM_EQUAL(first_difference(&functions), 18);
}

CLAIM(pci_ecam_finds_every_function_of_the_machine)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(functions.count, 18);
    CLAIM_EQUAL(first_difference(&functions), 18);
}

CLAIM(pci_mechanism_1_and_ecam_agree_on_the_first_256_bytes)
{
    struct dd_pci_access ports;
    struct dd_pci_access window;

    dd_pci_access_init_mechanism1(&ports);
    CLAIM_OK(pci_machine_open_ecam(&window));
    for (unsigned int i = 0; i < PCI_MACHINE_FUNCTIONS; i++) {
        struct dd_pci_address address =
            pci_at(machine[i].bus, machine[i].device, machine[i].function);

        for (uint16_t offset = 0; offset < 256; offset += 4) {
            uint32_t by_ports;
            uint32_t by_window;

            CLAIM_OK(dd_pci_read32(&ports, address, offset, &by_ports));
            CLAIM_OK(dd_pci_read32(&window, address, offset, &by_window));
            CLAIM_EQUAL(by_window, by_ports);
        }
    }
}

/* [PCI 3.0] 6.2.1: bit 7 of Header Type in function 0 says that there are more. */
CLAIM(pci_functions_0_and_3_are_found_across_a_gap)
{
    struct dd_pci_access access;
    uint8_t type;
    uint32_t id;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_OK(dd_pci_read8(&access, pci_at(0, 4, 0), 0x0E, &type));
    CLAIM_EQUAL(type, 0x80);
    CLAIM_STATUS(dd_pci_read_id(&access, pci_at(0, 4, 1), &id), DD_ENODEV);
    CLAIM_STATUS(dd_pci_read_id(&access, pci_at(0, 4, 2), &id), DD_ENODEV);
    CLAIM_OK(dd_pci_read_id(&access, pci_at(0, 4, 3), &id));
    CLAIM_EQUAL(id, 0x10031AF4);
    CLAIM_STATUS(dd_pci_read_id(&access, pci_at(0, 4, 4), &id), DD_ENODEV);
}

/* [PCI 3.0] 6.1: the host bridge answers with all ones for a function that is not there. */
CLAIM(pci_absent_functions_are_gone_by_both_mechanisms)
{
    struct dd_pci_access ports;
    struct dd_pci_access window;
    struct dd_pci_header header;
    uint32_t value = 0x12345678;
    uint8_t byte = 0x12;

    dd_pci_access_init_mechanism1(&ports);
    CLAIM_OK(pci_machine_open_ecam(&window));
    CLAIM_STATUS(dd_pci_read32(&ports, pci_at(5, 0, 0), 0x10, &value), DD_ENODEV);
    CLAIM_EQUAL(value, 0x12345678);
    CLAIM_STATUS(dd_pci_read8(&window, pci_at(0x40, 31, 7), 0xFF, &byte), DD_ENODEV);
    CLAIM_EQUAL(byte, 0x12);
    CLAIM_EQUAL(window.ops->read(&window, pci_at(5, 0, 0), 0x10, DD_PCI_WIDTH_32), 0xFFFFFFFF);
    CLAIM_OK(dd_pci_write32(&window, pci_at(5, 0, 0), 0x10, 0));
    CLAIM_STATUS(dd_pci_read_header(&ports, pci_at(5, 0, 0), &header), DD_ENODEV);
    CLAIM_STATUS(dd_pci_read_header(&window, pci_at(0, 1, 0), &header), DD_ENODEV);
}

static bool narrow_reads_agree(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset)
{
    uint32_t whole = 0;
    uint16_t words[2] = {0};
    uint8_t bytes[4] = {0};
    bool done = dd_pci_read32(access, address, offset, &whole) == DD_OK;

    for (uint16_t i = 0; i < 2; i++) {
        done =
            done && dd_pci_read16(access, address, (uint16_t)(offset + 2 * i), &words[i]) == DD_OK;
    }
    for (uint16_t i = 0; i < 4; i++) {
        done = done && dd_pci_read8(access, address, (uint16_t)(offset + i), &bytes[i]) == DD_OK;
    }
    return done && whole == ((uint32_t)words[1] << 16 | words[0]) &&
           whole == ((uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 |
                     bytes[0]);
}

CLAIM(pci_reads_of_8_16_and_32_bits_are_consistent)
{
    struct dd_pci_access ports;
    struct dd_pci_access window;

    dd_pci_access_init_mechanism1(&ports);
    CLAIM_OK(pci_machine_open_ecam(&window));
    for (uint16_t offset = 0; offset < 0x40; offset += 4) {
        CLAIM_TRUE(narrow_reads_agree(&ports, pci_at(3, 0, 0), offset));
        CLAIM_TRUE(narrow_reads_agree(&window, pci_at(3, 0, 0), offset));
    }
    CLAIM_TRUE(narrow_reads_agree(&window, pci_at(3, 0, 0), 0x140));
}

CLAIM(pci_misaligned_and_impossible_accesses_are_refused)
{
    struct dd_pci_access access;
    uint32_t value = 0x12345678;
    uint16_t word = 0x1234;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(0, 0, 0), 2, &value), DD_EALIGN);
    CLAIM_STATUS(dd_pci_read16(&access, pci_at(0, 0, 0), 3, &word), DD_EALIGN);
    CLAIM_STATUS(dd_pci_write32(&access, pci_at(0, 0, 0), 6, 0), DD_EALIGN);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(0, 32, 0), 0, &value), DD_EARG);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(0, 0, 8), 0, &value), DD_EARG);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(0, 0, 0), 256, &value), DD_EARG);
    CLAIM_EQUAL(value, 0x12345678);
    CLAIM_EQUAL(word, 0x1234);
    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(0, 0, 0), 4096, &value), DD_EARG);
    CLAIM_OK(dd_pci_read32(&access, pci_at(0, 0, 0), 4092, &value));
}

/* [PCI 3.0] figure 6-1; 8086:29C0 as its data sheet and the dump have it. */
CLAIM(pci_the_host_bridge_is_a_host_bridge)
{
    struct dd_pci_access access;
    struct dd_pci_header header;
    struct dd_pci_common common;
    struct dd_pci_endpoint endpoint;
    struct dd_pci_bridge bridge;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_OK(dd_pci_read_header(&access, pci_at(0, 0, 0), &header));
    dd_pci_decode_common(&header, &common);
    CLAIM_EQUAL(common.vendor, 0x8086);
    CLAIM_EQUAL(common.device, 0x29C0);
    CLAIM_EQUAL(common.base_class, 0x06);
    CLAIM_EQUAL(common.subclass, 0x00);
    CLAIM_EQUAL(common.layout, 0);
    CLAIM_OK(dd_pci_decode_endpoint(&header, &endpoint));
    CLAIM_EQUAL(endpoint.subsystem_vendor, 0x1AF4);
    CLAIM_EQUAL(endpoint.subsystem, 0x1100);
    CLAIM_STATUS(dd_pci_decode_bridge(&header, &bridge), DD_ENOENT);
}

/* [PCI-PCI 1.2] 3.2.5: a bridge's buses lie within its upstream bridge's. */
CLAIM(pci_the_switch_is_three_bridges_deep)
{
    static const struct {
        uint8_t bus, device, secondary, subordinate;
    } path[] = {{0, 2, 1, 4}, {1, 0, 2, 4}, {2, 0, 3, 3}, {2, 1, 4, 4}};
    struct dd_pci_access access;
    struct dd_pci_header header;
    struct dd_pci_bridge bridge;

    dd_pci_access_init_mechanism1(&access);
    for (unsigned int i = 0; i < 4; i++) {
        CLAIM_OK(dd_pci_read_header(&access, pci_at(path[i].bus, path[i].device, 0), &header));
        CLAIM_OK(dd_pci_decode_bridge(&header, &bridge));
        CLAIM_EQUAL(bridge.primary_bus, path[i].bus);
        CLAIM_EQUAL(bridge.secondary_bus, path[i].secondary);
        CLAIM_EQUAL(bridge.subordinate_bus, path[i].subordinate);
    }
}

/* [PCI 3.0] 6.2.2: bit 10 disables INTx#. */
CLAIM(pci_command_bits_can_be_changed_and_changed_back)
{
    struct dd_pci_access access;
    struct dd_pci_address address = pci_at(0, 3, 0);
    uint32_t before;
    uint32_t changed;
    uint32_t after;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_OK(dd_pci_read32(&access, address, 0x04, &before));
    CLAIM_OK(dd_pci_change_command(&access, address, 0, 0x0400));
    CLAIM_OK(dd_pci_read32(&access, address, 0x04, &changed));
    CLAIM_OK(dd_pci_change_command(&access, address, (uint16_t)~before & 0x0400, 0));
    CLAIM_OK(dd_pci_read32(&access, address, 0x04, &after));
    CLAIM_EQUAL(changed, before | 0x0400);
    CLAIM_EQUAL(after, before);
}

/* [PCI 3.0] 6.2.3, [PCI-PCI 1.2] 3.2.5.7: what is written as 0 stays. */
CLAIM(pci_status_registers_are_cleared_alone)
{
    struct dd_pci_access access;
    uint32_t before;
    uint32_t after;
    uint16_t control;
    uint16_t changed;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_read32(&access, pci_at(0, 2, 0), 0x04, &before));
    CLAIM_OK(dd_pci_clear_status(&access, pci_at(0, 2, 0), 0xFFFF));
    CLAIM_OK(dd_pci_clear_secondary_status(&access, pci_at(0, 2, 0), 0xFFFF));
    CLAIM_OK(dd_pci_read32(&access, pci_at(0, 2, 0), 0x04, &after));
    CLAIM_EQUAL(after & 0x06FFFFFF, before & 0x06FFFFFF);
    CLAIM_EQUAL(after & 0xF9000000, 0);
    CLAIM_OK(dd_pci_read16(&access, pci_at(0, 2, 0), 0x3E, &control));
    CLAIM_OK(dd_pci_change_bridge_control(&access, pci_at(0, 2, 0), 0x0002, 0));
    CLAIM_OK(dd_pci_read16(&access, pci_at(0, 2, 0), 0x3E, &changed));
    CLAIM_EQUAL(changed, control & ~2u);
    CLAIM_OK(dd_pci_change_bridge_control(&access, pci_at(0, 2, 0), 0, 0x0002));
    CLAIM_OK(dd_pci_read16(&access, pci_at(0, 2, 0), 0x3E, &changed));
    CLAIM_EQUAL(changed, control | 2u);
    CLAIM_OK(dd_pci_change_bridge_control(&access, pci_at(0, 2, 0), 0x0002, control & 2));
    CLAIM_STATUS(dd_pci_change_bridge_control(&access, pci_at(3, 0, 0), 0, 0), DD_ENOTSUP);
}
