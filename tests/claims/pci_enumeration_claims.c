/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about what enumeration costs and what it changes, on the machine that
 * fixtures/pci-dumps/machines/qemu-q35-claims.args describes: through handles that count,
 * with bus numbers given anew, with ranges moved and given places.
 */
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_bridge.h"
#include "drydock/pci_buses.h"
#include "drydock/pci_cache.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/pci_hotplug.h"
#include "drydock/pci_machine.h"
#include "drydock/pci_mcfg.h"
#include "drydock/pci_resource.h"
#include "drydock/pci_scan.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* ---- A handle that counts ---- */

struct counted {
    struct dd_pci_access through;
    struct dd_pci_address address; /* of the function whose dwords are counted */
    uint8_t reads[DD_PCI_EXTENDED_CONFIG_SIZE / 4];
    unsigned int all;
    unsigned int present; /* of Vendor ID and header type, of functions that are there */
    unsigned int absent;  /* of the Vendor ID of others */
    unsigned int nobody;  /* of anything of others */
    unsigned int beside;  /* of devices 1 to 31 on buses 3, 4 and 5, each below a port */
    bool is_gone;         /* nobody answers any more */
};

static struct counted counted;

static bool is_counted(struct dd_pci_address address)
{
    return address.bus == counted.address.bus && address.device == counted.address.device &&
           address.function == counted.address.function;
}

static bool is_present(struct dd_pci_address address)
{
    uint32_t id;

    return dd_pci_read_id(&counted.through, address, &id) == DD_OK;
}

static uint32_t count_read(const struct dd_pci_access *access, struct dd_pci_address address,
                           uint16_t offset, enum dd_pci_width width)
{
    bool is_there = is_present(address);

    (void)access;
    counted.all++;
    counted.present += is_there && (offset == 0x00 || offset == 0x0E) ? 1 : 0;
    counted.absent += !is_there && offset == 0x00 ? 1 : 0;
    counted.nobody += is_there ? 0 : 1;
    counted.beside += address.bus >= 3 && address.bus <= 5 && address.device > 0 ? 1 : 0;
    if (is_counted(address)) {
        counted.reads[offset / 4]++;
    }
    if (counted.is_gone) {
        return UINT32_MAX;
    }
    return counted.through.ops->read(&counted.through, address, offset, width);
}

static void count_write(const struct dd_pci_access *access, struct dd_pci_address address,
                        uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    (void)access;
    counted.through.ops->write(&counted.through, address, offset, width, value);
}

/* A handle on the machine that counts from 0 on. */
static enum dd_status open_counted(struct dd_pci_access *access)
{
    static const struct dd_pci_ops ops = {count_read, count_write};
    static const struct counted none;
    enum dd_status status;

    counted = none;
    status = pci_machine_open_ecam(&counted.through);
    *access = counted.through;
    access->ops = &ops;
    return status;
}

/* ---- What a scan costs: [PCIe 6] 7.3.1 ---- */

CLAIM(pci_a_scan_reads_two_registers_of_a_function_and_one_of_nobody)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    CLAIM_OK(open_counted(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(functions.count, 18);
    CLAIM_EQUAL(counted.present, 36);
    CLAIM_EQUAL(counted.absent, counted.nobody);
}

CLAIM(pci_below_a_port_only_device_0_is_asked)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    CLAIM_OK(open_counted(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(counted.beside, 0);
    CLAIM_TRUE(counted.all < 300);
}

/* A scan tells of a bridge first and then of all on the buses it passes on: [PCI-PCI 1.2] 3.2.5. */
CLAIM(pci_behind_each_bridge_is_what_a_scan_found_after_it)
{
    struct dd_pci_access access;
    struct pci_functions all;
    struct pci_functions behind;
    const struct dd_pci_visitor visitor = pci_collect_functions(&behind);

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &all));
    CLAIM_EQUAL(all.count, 18);
    for (unsigned int i = 0; i < all.count; i++) {
        const struct dd_pci_function *bridge = &all.list[i];

        behind.count = 0;
        CLAIM_STATUS(dd_pci_scan_behind(&access, bridge->address, &visitor), bridge->behind);
        for (unsigned int k = 0; k < behind.count; k++) {
            CLAIM_TRUE(dd_pci_address_is_same(behind.list[k].address, all.list[i + 1 + k].address));
        }
        CLAIM_TRUE(i + 1 + behind.count == all.count ||
                   all.list[i + 1 + behind.count].address.bus <= bridge->address.bus);
    }
}

static enum dd_pci_visit pass_by(void *context, const struct dd_pci_capability *capability)
{
    (void)context;
    (void)capability;
    return DD_PCI_VISIT_CONTINUE;
}

CLAIM(pci_a_cache_reads_each_register_of_a_function_once)
{
    static struct dd_pci_cache cache;
    const struct dd_pci_capability_visitor visitor = {pass_by, NULL};
    const struct dd_pci_address card = pci_at(3, 0, 0);
    struct dd_pci_access access;
    struct dd_pci_header header;
    uint32_t value;

    CLAIM_OK(open_counted(&access));
    counted.address = card;
    dd_pci_cache_init(&cache, &access);
    for (unsigned int i = 0; i < 2; i++) {
        CLAIM_OK(dd_pci_read_header(&cache.access, card, &header));
        CLAIM_OK(dd_pci_walk_capabilities(&cache.access, card, &visitor));
        CLAIM_OK(dd_pci_walk_extended_capabilities(&cache.access, card, &visitor));
    }
    for (unsigned int dword = 0; dword < 1024; dword++) {
        CLAIM_TRUE(counted.reads[dword] <= 1);
    }
    CLAIM_EQUAL(header.dwords[0], 0x10D38086);
    counted.is_gone = true;
    CLAIM_STATUS(dd_pci_read32(&cache.access, card, 0xF00, &value), DD_ENODEV);
    CLAIM_STATUS(dd_pci_read_header(&cache.access, card, &header), DD_ENODEV);
}

/* ---- The machine behind one handle ---- */

static unsigned int held;
static unsigned int times;

static void acquire(void *context)
{
    (void)context;
    held++;
    times++;
}

static void release(void *context)
{
    (void)context;
    held--;
}

/* The window is said to reach buses 0 and 1 only; the others are behind the ports. */
CLAIM(pci_each_register_is_reached_by_the_mechanism_that_has_it)
{
    static const struct dd_pci_lock lock = {acquire, release, NULL};
    struct dd_pci_access window;
    struct dd_pci_access access;
    struct dd_pci_ecam buses;
    const struct dd_pci_machine machine = {&buses, 1, DD_PCI_PORTS_PRESENT, &lock};
    uint32_t value;

    CLAIM_OK(pci_machine_open_ecam(&window));
    buses = (struct dd_pci_ecam){.base = window.base, .first_bus = 0, .last_bus = 1};
    CLAIM_OK(dd_pci_access_init_machine(&access, &machine, 0));
    CLAIM_EQUAL(dd_pci_config_size(&access, 1), 4096);
    CLAIM_EQUAL(dd_pci_config_size(&access, 2), 256);
    times = 0;
    CLAIM_OK(dd_pci_read32(&access, pci_at(0, 2, 0), 0x100, &value));
    CLAIM_OK(dd_pci_read32(&access, pci_at(1, 0, 0), 0, &value));
    CLAIM_EQUAL(value, 0x8232104C);
    CLAIM_EQUAL(times, 0);
    CLAIM_OK(dd_pci_read32(&access, pci_at(3, 0, 0), 0, &value));
    CLAIM_EQUAL(value, 0x10D38086);
    CLAIM_EQUAL(times, 1);
    CLAIM_EQUAL(held, 0);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(3, 0, 0), 0x100, &value), DD_EARG);
    CLAIM_STATUS(dd_pci_access_init_machine(&access, &machine, 1), DD_ENOENT);
}

/* [PCIFW 3.2] table 4-3: one window, of segment 1 and buses 16 to 31. */
CLAIM(pci_the_table_mcfg_is_read_in_place)
{
    static uint8_t table[60] = {'M', 'C', 'F', 'G', 60};
    static const uint8_t entry[12] = {0, 0, 0, 0xE0, 1, 0, 0, 0, 1, 0, 16, 31};
    struct dd_pci_mcfg_window window;
    size_t count = 0;
    uint8_t sum = 0;

    table[9] = 0;
    for (unsigned int i = 0; i < 12; i++) {
        table[44 + i] = entry[i];
    }
    for (unsigned int i = 0; i < 60; i++) {
        sum = (uint8_t)(sum + table[i]);
    }
    CLAIM_STATUS(dd_pci_mcfg_check(table, sizeof table, &count), DD_EMALFORMED);
    table[9] = (uint8_t)(0 - (unsigned int)sum);
    CLAIM_OK(dd_pci_mcfg_check(table, sizeof table, &count));
    CLAIM_EQUAL(count, 1);
    CLAIM_OK(dd_pci_mcfg_read(table, 0, &window));
    CLAIM_EQUAL(window.base.raw, 0x1E0000000);
    CLAIM_EQUAL(window.segment, 1);
    CLAIM_EQUAL(window.first_bus, 16);
    CLAIM_EQUAL(window.last_bus, 31);
    CLAIM_STATUS(dd_pci_mcfg_read(table, 1, &window), DD_EARG);
}

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

/* ---- Changes ---- */

static unsigned int came;
static unsigned int went;

static void note_change(void *context, enum dd_pci_change change,
                        const struct dd_pci_function *function)
{
    (void)context;
    (void)function;
    came += change == DD_PCI_ADDED ? 1 : 0;
    went += change == DD_PCI_REMOVED ? 1 : 0;
}

CLAIM(pci_functions_that_come_and_go_are_told)
{
    static struct dd_pci_known list[40];
    static const struct dd_pci_change_visitor visitor = {note_change, NULL};
    struct dd_pci_inventory inventory = {.list = list, .capacity = 40};
    struct dd_pci_access access;

    came = 0;
    went = 0;
    CLAIM_OK(open_counted(&access));
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(came, 18);
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(came, 18);
    CLAIM_EQUAL(went, 0);
    counted.is_gone = true;
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(went, 18);
    CLAIM_EQUAL(inventory.count, 0);
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
