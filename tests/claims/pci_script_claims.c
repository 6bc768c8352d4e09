/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about registers no well-behaved machine has: one function in memory,
 * 00:00.0, with any bytes a claim likes, behind a handle with ops of its own.
 */
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/pci_scan.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* The function. Bits of its first 64 bytes may be writable, or cleared by writing 1. */
struct script {
    uint8_t bytes[4096];
    uint8_t writable[64];
    uint8_t clearable[64];
    unsigned int accesses;
    unsigned int vanish_at; /* number, from 0, of the first access nobody answers */
};

static struct script script;

static const struct dd_pci_address here = {.bus = 0};

static bool answers(struct dd_pci_address address)
{
    return script.accesses++ < script.vanish_at && address.bus == 0 && address.device == 0 &&
           address.function == 0;
}

static uint32_t script_read(const struct dd_pci_access *access, struct dd_pci_address address,
                            uint16_t offset, enum dd_pci_width width)
{
    uint32_t value = 0;

    (void)access;
    if (!answers(address)) {
        return UINT32_MAX;
    }
    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)script.bytes[offset + i] << 8 * i;
    }
    return value;
}

static void script_write(const struct dd_pci_access *access, struct dd_pci_address address,
                         uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    (void)access;
    if (!answers(address)) {
        return;
    }
    for (unsigned int i = 0; i < width && offset + i < 64; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * i);
        uint8_t writable = script.writable[offset + i];
        unsigned int cleared = byte & script.clearable[offset + i];

        script.bytes[offset + i] =
            (uint8_t)((script.bytes[offset + i] & ~cleared & ~(unsigned int)writable) |
                      (byte & writable));
    }
}

static void put32(uint8_t *bytes, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

/* An endpoint with a capability list at 0x40, decoding on, and an error in Status. */
static struct dd_pci_access open_script(void)
{
    static const struct dd_pci_ops ops = {script_read, script_write};
    static const struct script empty = {.vanish_at = UINT32_MAX};

    script = empty;
    put32(&script.bytes[0x00], 0x12348086);
    put32(&script.bytes[0x04], 0x80100007);
    put32(&script.writable[0x04], 0x000007FF);
    put32(&script.clearable[0x04], 0xF9000000);
    script.bytes[0x34] = 0x40;
    return (struct dd_pci_access){.ops = &ops, .size = 4096, .last_bus = 255};
}

/* ---- Capability lists: [PCI 3.0] 6.7, [PCIe 6] 7.6 ---- */

CLAIM(pci_a_looping_capability_list_is_visited_once)
{
    struct dd_pci_access access = open_script();
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    put32(&script.bytes[0x40], 0x00005001);
    put32(&script.bytes[0x50], 0x00004005);
    CLAIM_STATUS(dd_pci_walk_capabilities(&access, here, &visitor), DD_ELOOP);
    CLAIM_EQUAL(found.count, 2);
    CLAIM_EQUAL(found.list[1].offset, 0x50);
}

CLAIM(pci_a_capability_pointer_into_the_header_is_malformed)
{
    struct dd_pci_access access = open_script();
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    put32(&script.bytes[0x40], 0x00003C01);
    CLAIM_STATUS(dd_pci_walk_capabilities(&access, here, &visitor), DD_EMALFORMED);
    CLAIM_EQUAL(found.count, 1);
}

CLAIM(pci_the_longest_capability_list_has_48_entries)
{
    struct dd_pci_access access = open_script();
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    for (unsigned int offset = 0x40; offset < 0x100; offset += 4) {
        put32(&script.bytes[offset], ((offset + 4) << 8 & 0xFF00) | 0x09);
    }
    CLAIM_OK(dd_pci_walk_capabilities(&access, here, &visitor));
    CLAIM_EQUAL(found.count, 48);
}

CLAIM(pci_a_looping_extended_list_is_visited_once)
{
    struct dd_pci_access access = open_script();
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    put32(&script.bytes[0x40], 0x00000010);
    put32(&script.bytes[0x100], 0xFFC20001);
    put32(&script.bytes[0xFFC], 0x10010003);
    CLAIM_STATUS(dd_pci_walk_extended_capabilities(&access, here, &visitor), DD_ELOOP);
    CLAIM_EQUAL(found.count, 2);
    CLAIM_EQUAL(found.list[1].offset, 0xFFC);
}

CLAIM(pci_without_pci_express_the_extended_space_is_not_read)
{
    struct dd_pci_access access = open_script();
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    put32(&script.bytes[0x40], 0x00000001);
    put32(&script.bytes[0x100], 0x10010001);
    CLAIM_OK(dd_pci_walk_extended_capabilities(&access, here, &visitor));
    CLAIM_EQUAL(found.count, 0);
}

/* ---- Base address registers: [PCI 3.0] 6.2.5.1 ---- */

CLAIM(pci_a_64_bit_range_of_2_gib_has_that_size)
{
    struct dd_pci_access access = open_script();
    struct dd_pci_bar bars[DD_PCI_BARS];

    put32(&script.bytes[0x10], 0x8000000C);
    put32(&script.bytes[0x14], 0x00000001);
    put32(&script.writable[0x10], 0x80000000);
    put32(&script.writable[0x14], 0xFFFFFFFF);
    CLAIM_OK(dd_pci_size_bars(&access, here, bars));
    CLAIM_OK(bars[0].status);
    CLAIM_EQUAL(bars[0].base, 0x180000000);
    CLAIM_EQUAL(bars[0].size, 0x80000000);
    CLAIM_STATUS(bars[1].status, DD_ENOENT);
}

CLAIM(pci_malformed_base_address_registers_are_refused_one_by_one)
{
    struct dd_pci_access access = open_script();
    struct dd_pci_bar bars[DD_PCI_BARS];

    put32(&script.bytes[0x10], 0xFEA00006); /* reserved type */
    put32(&script.bytes[0x14], 0xFEB00000); /* cannot be written */
    put32(&script.bytes[0x18], 0x0000E001);
    put32(&script.writable[0x18], 0x0000FF00); /* the upper half is hardwired */
    put32(&script.bytes[0x24], 0xFEC00004);    /* no room for the upper half */
    put32(&script.writable[0x24], 0xFFFF0000);
    CLAIM_OK(dd_pci_size_bars(&access, here, bars));
    CLAIM_STATUS(bars[0].status, DD_EMALFORMED);
    CLAIM_STATUS(bars[1].status, DD_EMALFORMED);
    CLAIM_OK(bars[2].status);
    CLAIM_EQUAL(bars[2].size, 0x100);
    CLAIM_STATUS(bars[3].status, DD_ENOENT);
    CLAIM_STATUS(bars[5].status, DD_EMALFORMED);
    CLAIM_STATUS(bars[6].status, DD_ENOENT);
}

/* [PCI 3.0] 6.2.3: a 1 written to an error bit clears it. */
CLAIM(pci_neither_sizing_nor_commands_clear_errors_in_status)
{
    struct dd_pci_access access = open_script();
    struct dd_pci_bar bars[DD_PCI_BARS];
    uint32_t value;

    CLAIM_OK(dd_pci_size_bars(&access, here, bars));
    CLAIM_OK(dd_pci_change_command(&access, here, 0x0003, 0x0400));
    CLAIM_OK(dd_pci_read32(&access, here, 0x04, &value));
    CLAIM_EQUAL(value, 0x80100404);
}

CLAIM(pci_a_device_that_vanishes_while_it_is_sized_has_no_registers)
{
    struct dd_pci_access access = open_script();
    struct dd_pci_bar bars[DD_PCI_BARS] = {{.size = 0x1234}};

    put32(&script.bytes[0x10], 0xFEA00000);
    put32(&script.writable[0x10], 0xFFFFF000);
    for (unsigned int i = 0; i < 34; i++) {
        script.accesses = 0;
        script.vanish_at = i;
        CLAIM_STATUS(dd_pci_size_bars(&access, here, bars), DD_ENODEV);
        CLAIM_EQUAL(bars[0].size, 0x1234);
        CLAIM_TRUE(script.accesses <= 34 + 3 * 7); /* ones everywhere: zeros are tried too */
    }
}

/* Vendor ID 0001h and ones in the other bytes: [PCIe 6] 2.3.2. */
CLAIM(pci_a_function_that_is_not_ready_is_neither_there_nor_gone)
{
    static const uint8_t root = 0;
    struct dd_pci_access access = open_script();
    struct pci_functions functions = {.count = 0};
    const struct dd_pci_visitor visitor = pci_collect_functions(&functions);
    uint32_t value = 0x1234;

    put32(&script.bytes[0x00], 0xFFFF0001);
    put32(&script.bytes[0x10], 0xFFFFFFFF);
    CLAIM_STATUS(dd_pci_read_id(&access, here, &value), DD_ENOTREADY);
    CLAIM_STATUS(dd_pci_read32(&access, here, 0x10, &value), DD_ENOTREADY);
    CLAIM_EQUAL(value, 0x1234);
    CLAIM_STATUS(dd_pci_scan(&access, &root, 1, &visitor), DD_ENOTREADY);
    CLAIM_EQUAL(functions.count, 0);
}

/* ---- Enumeration: [PCI-PCI 1.2] 3.2.5 ---- */

CLAIM(pci_a_bridge_with_impossible_bus_numbers_is_not_followed)
{
    struct dd_pci_access access = open_script();
    struct pci_functions found;
    struct dd_pci_visitor visitor = pci_collect_functions(&found);
    const uint8_t root = 0;

    script.bytes[0x0E] = 0x01;
    put32(&script.bytes[0x18], 0x00FF0000); /* secondary bus 0: its own, or not configured */
    CLAIM_OK(dd_pci_scan(&access, &root, 1, &visitor));
    CLAIM_EQUAL(found.count, 1);
    CLAIM_STATUS(found.list[0].behind, DD_ENOENT);
    put32(&script.bytes[0x18], 0x00040500); /* subordinate bus below the secondary */
    visitor = pci_collect_functions(&found);
    CLAIM_OK(dd_pci_scan(&access, &root, 1, &visitor));
    CLAIM_EQUAL(found.count, 1);
    CLAIM_STATUS(found.list[0].behind, DD_EMALFORMED);
}

/* Every function of every bus answers and is a bridge to the bus its own number gives. */
static uint32_t maze_read(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width)
{
    uint32_t secondary = address.device * 8u + address.function;

    (void)access;
    (void)width;
    switch (offset) {
    case 0x00:
        return 0x12348086;
    case 0x0E:
        return 0x81;
    default:
        return 0x00FF0000 | secondary << 8;
    }
}

CLAIM(pci_a_maze_of_bridges_is_scanned_once)
{
    static const struct dd_pci_ops ops = {maze_read, script_write};
    const struct dd_pci_access access = {.ops = &ops, .size = 256, .last_bus = 15};
    struct pci_functions found;
    const struct dd_pci_visitor visitor = pci_collect_functions(&found);
    const uint8_t root = 0;

    CLAIM_OK(dd_pci_scan(&access, &root, 1, &visitor));
    CLAIM_EQUAL(found.count, 4096);
}
