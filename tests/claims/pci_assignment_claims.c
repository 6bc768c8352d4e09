/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about bus numbers given anew, and ranges moved and given places, on the machine that
 * fixtures/pci-dumps/machines/qemu-q35-claims.args describes.
 */
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_bridge.h"
#include "drydock/pci_buses.h"
#include "drydock/pci_header.h"
#include "drydock/pci_resource.h"
#include "drydock/pci_scan.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* ---- Numbers: [PCI-PCI 1.2] 3.2.5.2 to 3.2.5.4 ---- */

/* Firmware numbers depth first; so does the library. */
CLAIM(pci_buses_numbered_anew_have_the_numbers_of_before)
{
    static const uint8_t secondaries[8] = {1, 5, 6, 2, 3, 4, 7, 0};
    static struct dd_pci_numbered bridges[16];
    const struct dd_pci_bus_request request = {
        .first_bus = 0, .last_bus = 31, .bridges = bridges, .capacity = 16};
    struct dd_pci_access access;
    struct pci_functions before;
    struct pci_functions after;
    uint32_t seen = 0;
    size_t count;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &before));
    CLAIM_OK(dd_pci_assign_buses(&access, &request, &count));
    CLAIM_EQUAL(count, 7);
    for (unsigned int i = 0; i < 7; i++) {
        CLAIM_OK(bridges[i].status);
        seen |= UINT32_C(1) << bridges[i].secondary_bus;
    }
    CLAIM_EQUAL(seen, 0xFE);
    CLAIM_EQUAL(bridges[0].secondary_bus, secondaries[0]);
    CLAIM_OK(pci_machine_scan(&access, &after));
    CLAIM_EQUAL(after.count, before.count);
    for (unsigned int i = 0; i < 18; i++) {
        CLAIM_EQUAL(after.list[i].address.bus, before.list[i].address.bus);
        CLAIM_EQUAL(after.list[i].secondary_bus, before.list[i].secondary_bus);
        CLAIM_EQUAL(after.list[i].subordinate_bus, before.list[i].subordinate_bus);
    }
}

CLAIM(pci_too_few_bus_numbers_change_nothing)
{
    static struct dd_pci_numbered bridges[16];
    const struct dd_pci_bus_request request = {
        .first_bus = 0, .last_bus = 4, .bridges = bridges, .capacity = 16};
    struct dd_pci_access access;
    struct pci_functions before;
    struct pci_functions after;
    size_t count = 77;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &before));
    CLAIM_STATUS(dd_pci_assign_buses(&access, &request, &count), DD_EFULL);
    CLAIM_EQUAL(count, 77);
    CLAIM_OK(pci_machine_scan(&access, &after));
    CLAIM_EQUAL(after.count, 18);
    for (unsigned int i = 0; i < 18; i++) {
        CLAIM_EQUAL(after.list[i].address.bus, before.list[i].address.bus);
        CLAIM_EQUAL(after.list[i].secondary_bus, before.list[i].secondary_bus);
    }
}

/* ---- Ranges ---- */

CLAIM(pci_a_range_is_moved_and_moved_back)
{
    struct dd_pci_access access;
    struct dd_pci_bar bars[DD_PCI_BARS];
    const struct dd_pci_address rng = pci_at(0, 3, 0);
    uint32_t value;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_size_bars(&access, rng, bars));
    CLAIM_EQUAL(bars[1].highest, 0xFFFFFFFF);
    CLAIM_STATUS(dd_pci_move_bar(&access, rng, bars, 1, bars[1].base + 0x800), DD_EALIGN);
    CLAIM_STATUS(dd_pci_move_bar(&access, rng, bars, 2, 0xFE000000), DD_EARG);
    CLAIM_OK(dd_pci_move_bar(&access, rng, bars, 1, 0xFD7F0000));
    CLAIM_OK(dd_pci_read32(&access, rng, 0x14, &value));
    CLAIM_EQUAL(value, 0xFD7F0000);
    CLAIM_OK(dd_pci_move_bar(&access, rng, bars, 1, bars[1].base));
    CLAIM_OK(dd_pci_read32(&access, rng, 0x14, &value));
    CLAIM_EQUAL(value, bars[1].base);
}

static struct dd_pci_resource_bridge bridges[8];
static struct dd_pci_resource ranges[48];

static struct dd_pci_resources make_resources(const struct dd_pci_resource_root *root)
{
    return (struct dd_pci_resources){.roots = root,
                                     .root_count = 1,
                                     .bridges = bridges,
                                     .bridge_capacity = 8,
                                     .list = ranges,
                                     .capacity = 48};
}

CLAIM(pci_every_range_of_the_machine_finds_a_place)
{
    static const struct dd_pci_resource_root root = {
        .range = {{0x1000, 0xFFFF}, {0xC0000000, 0xDFFFFFFF}, {0x800000000, 0x8FFFFFFFF}}};
    struct dd_pci_resources resources = make_resources(&root);
    struct dd_pci_resource_fault fault;
    struct dd_pci_access access;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_collect_resources(&access, &resources));
    CLAIM_EQUAL(resources.bridge_count, 7);
    CLAIM_OK(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH));
    CLAIM_OK(dd_pci_check_resources(&resources, &fault));
    for (size_t i = 0; i < resources.count; i++) {
        CLAIM_OK(ranges[i].status);
    }
    ranges[0].base += 1;
    CLAIM_STATUS(dd_pci_check_resources(&resources, &fault), DD_EMALFORMED);
    CLAIM_STATUS(fault.status, DD_EALIGN);
}

/* Firmware put everything of this machine below 4 GiB or, prefetchable, anywhere above. */
CLAIM(pci_what_firmware_assigned_stays)
{
    static const struct dd_pci_resource_root root = {
        .range = {{0x1000, 0xFFFF}, {0x80000000, 0xFEBFFFFF}, {0x100000000, 0xFFFFFFFFFF}}};
    struct dd_pci_resources resources = make_resources(&root);
    struct dd_pci_resource_fault fault;
    struct dd_pci_access access;
    unsigned int kept = 0;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_collect_resources(&access, &resources));
    CLAIM_OK(dd_pci_assign_resources(&resources, DD_PCI_KEEP));
    CLAIM_OK(dd_pci_check_resources(&resources, &fault));
    for (size_t i = 0; i < resources.count; i++) {
        if (ranges[i].found >= 0x1000) {
            CLAIM_EQUAL(ranges[i].base, ranges[i].found);
            kept++;
        }
    }
    CLAIM_TRUE(kept > 15);
    for (size_t i = 0; i < resources.bridge_count; i++) {
        CLAIM_EQUAL(bridges[i].range[1].base, bridges[i].found[1].base);
        CLAIM_EQUAL(bridges[i].range[1].limit, bridges[i].found[1].limit);
    }
}

/* [PCI-PCI 1.2] 3.2.5.18: with bit 3 of Bridge Control ports 3B0h to 3DFh of each 1024 go to a VGA. */
CLAIM(pci_nothing_is_where_vga_enable_leads_elsewhere)
{
    static const struct dd_pci_resource_root root = {
        .range = {{0x0000, 0xFFFF}, {0x00000000, 0xDFFFFFFF}, {0x800000000, 0x8FFFFFFFF}}};
    struct dd_pci_resources resources = make_resources(&root);
    struct dd_pci_resource_fault fault;
    struct dd_pci_access access;
    uint16_t control;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_read16(&access, pci_at(0, 2, 0), 0x3E, &control));
    CLAIM_OK(dd_pci_change_bridge_control(&access, pci_at(0, 2, 0), 0x0010, 0x0008));
    CLAIM_OK(dd_pci_collect_resources(&access, &resources));
    CLAIM_OK(dd_pci_change_bridge_control(&access, pci_at(0, 2, 0), 0x0018, control & 0x18));
    CLAIM_OK(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH));
    CLAIM_OK(dd_pci_check_resources(&resources, &fault));
    for (size_t i = 0; i < resources.count; i++) {
        if (ranges[i].kind == DD_PCI_BAR_KIND_IO) {
            CLAIM_TRUE(ranges[i].base % 0x400 + ranges[i].size <= 0x3B0);
        } else {
            CLAIM_TRUE(ranges[i].base > 0xBFFFF || ranges[i].base + ranges[i].size <= 0xA0000);
        }
    }
}

/* What was found becomes what is to be written. */
static void put_back(struct dd_pci_resources *resources)
{
    for (size_t i = 0; i < resources->count; i++) {
        ranges[i].base = ranges[i].found;
        ranges[i].status = DD_OK;
    }
    for (size_t i = 0; i < resources->bridge_count; i++) {
        for (unsigned int w = 0; w < 3; w++) {
            bridges[i].range[w] = bridges[i].found[w];
        }
    }
}

/* Written, seen in the registers, and put back as it was found. */
CLAIM(pci_places_are_written_and_put_back)
{
    static const struct dd_pci_resource_root root = {
        .range = {{0x1000, 0xFFFF}, {0xC0000000, 0xDFFFFFFF}, {0x800000000, 0x8FFFFFFFF}}};
    struct dd_pci_resources resources = make_resources(&root);
    struct dd_pci_access access;
    struct dd_pci_header header;
    struct dd_pci_bridge bridge;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_collect_resources(&access, &resources));
    CLAIM_OK(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH));
    CLAIM_OK(dd_pci_write_resources(&access, &resources));
    CLAIM_OK(dd_pci_read_header(&access, pci_at(0, 2, 0), &header));
    CLAIM_OK(dd_pci_decode_bridge(&header, &bridge));
    CLAIM_EQUAL(bridge.memory.base, bridges[0].range[1].base);
    CLAIM_EQUAL(bridge.memory.limit, bridges[0].range[1].limit);
    CLAIM_TRUE(bridge.memory.base >= 0xC0000000 && bridge.memory.limit <= 0xDFFFFFFF);
    put_back(&resources);
    CLAIM_OK(dd_pci_write_resources(&access, &resources));
}

/* [PCI 3.0] 6.2.5.2: ROM Enable is bit 0. A ROM that needs more than there is; 00:05.0 has one. */
CLAIM(pci_a_rom_without_room_is_off_and_its_function_is_not)
{
    static const struct dd_pci_resource_root root = {
        .range = {{0x1000, 0xFFFF}, {0xC0000000, 0xDFFFFFFF}, {0x800000000, 0x8FFFFFFFF}}};
    const struct dd_pci_address display = pci_at(0, 5, 0);
    struct dd_pci_resources resources = make_resources(&root);
    struct dd_pci_access access;
    size_t rom = 0;
    uint32_t before;
    uint32_t value;
    uint16_t command;
    uint16_t after;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_read32(&access, display, 0x30, &before));
    CLAIM_OK(dd_pci_write32(&access, display, 0x30, before | 1));
    CLAIM_OK(dd_pci_read16(&access, display, 0x04, &command));
    CLAIM_OK(dd_pci_collect_resources(&access, &resources));
    while (rom < resources.count &&
           (ranges[rom].address.device != 5 || ranges[rom].offset != 0x30)) {
        rom++;
    }
    CLAIM_TRUE(rom < resources.count);
    ranges[rom].size = 0x40000000;
    ranges[rom].alignment = 0x40000000;
    CLAIM_OK(dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH));
    for (size_t i = 0; i < resources.count; i++) {
        CLAIM_STATUS(ranges[i].status, i == rom ? DD_EFULL : DD_OK);
    }
    CLAIM_OK(dd_pci_write_resources(&access, &resources));
    CLAIM_OK(dd_pci_read32(&access, display, 0x30, &value));
    CLAIM_OK(dd_pci_read16(&access, display, 0x04, &after));
    CLAIM_EQUAL(value & 1, 0);
    CLAIM_EQUAL(after, command);
    put_back(&resources);
    CLAIM_OK(dd_pci_write_resources(&access, &resources));
    CLAIM_OK(dd_pci_write32(&access, display, 0x30, before));
}
