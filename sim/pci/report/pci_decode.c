/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a read or write of the processor. It starts on the root buses. A
 * function takes it if a base address covers it and Command lets it; a bridge
 * passes it on if a window covers it ([PCI-PCI 1.2] 4). The bits of Command that
 * let a function answer let a bridge forward, too (3.2.5.1).
 *
 * A window is closed if its base is above its limit. ISA Enable takes the last
 * 768 bytes of each 1 KiB out of the I/O window below 64 KiB; VGA Enable adds
 * the video memory and the registers of a VGA (3.2.5.18).
 */
#include "sim/pci/report/pci_decode.h"

#include "drydock/pci_regs.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    CLASS_BRIDGE = 0x0604,
    SUBTRACTIVE = 0x01, /* programming interface. [PCI Code and ID] 1.7 */
    ID_POWER_MANAGEMENT = 0x01,
    POWER_CONTROL = 4
};

/* A search in one segment. */
struct search {
    const struct sim_pci_topology *topology;
    const struct sim_pci_segment *segment;
    enum sim_pci_space space;
    uint64_t address;
};

static uint32_t get(const struct sim_pci_function *function, unsigned int offset,
                    unsigned int width)
{
    return sim_pci_config_read(&function->config, offset, width);
}

enum sim_pci_power sim_pci_power_state(const struct sim_pci_config *config)
{
    struct sim_pci_extent power;

    return sim_pci_config_find(config, SIM_PCI_CHAIN, ID_POWER_MANAGEMENT, &power)
               ? (enum sim_pci_power)(sim_pci_config_read(config, power.offset + POWER_CONTROL, 1) &
                                      3)
               : SIM_PCI_D0;
}

static bool find_range(struct sim_pci_function *function, const struct search *search,
                       struct sim_pci_target *target)
{
    struct sim_pci_range range;

    for (unsigned int bar = 0; bar < SIM_DUMP_BARS; bar++) {
        if (sim_pci_config_range(&function->config, bar, &range) && range.enabled &&
            range.space == search->space && search->address - range.base < range.size) {
            *target = (struct sim_pci_target){function, bar, range};
            return sim_pci_power_state(&function->config) == SIM_PCI_D0;
        }
    }
    return false;
}

/* The memory of virtual functions is found by the registers of the physical one. */
static bool find_virtual(const struct search *search, const struct sim_pci_function *physical,
                         struct sim_pci_target *target)
{
    struct sim_pci_target found = {.function = NULL};

    if (search->space == SIM_PCI_MEMORY) {
        found.function =
            sim_pci_virtual_decode(search->topology, physical, search->address, &found.bar);
    }
    if (found.function == NULL || sim_pci_power_state(&found.function->config) != SIM_PCI_D0 ||
        !sim_pci_virtual_range(found.function, found.bar, &found.range)) {
        return false;
    }
    *target = found;
    return true;
}

static bool is_between(uint64_t address, uint64_t base, uint64_t limit)
{
    return address >= base && address <= limit;
}

/* The registers of a VGA: bits 9:0, or with 16-bit decoding all, of 3B0h-3BBh and 3C0h-3DFh. */
static bool is_vga_port(uint64_t port, unsigned int control)
{
    uint64_t decoded =
        DD_GET(control, DD_PCI_BRIDGE_CONTROL_VGA_16_BIT_DECODE) != 0 ? port : port & 0x3FF;

    return port < 0x10000 &&
           (is_between(decoded, 0x3B0, 0x3BB) || is_between(decoded, 0x3C0, 0x3DF));
}

static bool passes_io(const struct sim_pci_function *bridge, uint64_t port)
{
    unsigned int control = get(bridge, DD_PCI_BRIDGE_CONTROL, 2);
    uint64_t base = get(bridge, DD_PCI_BRIDGE_IO_BASE, 1);
    uint64_t limit = get(bridge, DD_PCI_BRIDGE_IO_LIMIT, 1);
    uint64_t first = (base & 0xF0) << 8;
    uint64_t last = (limit & 0xF0) << 8 | 0xFFF;

    if (DD_GET(base, DD_PCI_BRIDGE_IO_WIDTH) == 1) {
        first |= (uint64_t)get(bridge, DD_PCI_BRIDGE_IO_BASE_UPPER, 2) << 16;
        last |= (uint64_t)get(bridge, DD_PCI_BRIDGE_IO_LIMIT_UPPER, 2) << 16;
    }
    if (DD_GET(control, DD_PCI_BRIDGE_CONTROL_VGA_ENABLE) != 0 && is_vga_port(port, control)) {
        return true;
    }
    if (DD_GET(control, DD_PCI_BRIDGE_CONTROL_ISA_ENABLE) != 0 && port < 0x10000 &&
        (port & 0x300) != 0) {
        return false;
    }
    return is_between(port, first, last);
}

static bool passes_memory(const struct sim_pci_function *bridge, uint64_t address)
{
    unsigned int control = get(bridge, DD_PCI_BRIDGE_CONTROL, 2);
    uint64_t base = get(bridge, DD_PCI_BRIDGE_MEMORY_BASE, 2);
    uint64_t limit = get(bridge, DD_PCI_BRIDGE_MEMORY_LIMIT, 2);
    uint64_t pf_base = get(bridge, DD_PCI_BRIDGE_PREFETCH_BASE, 2);
    uint64_t pf_limit = get(bridge, DD_PCI_BRIDGE_PREFETCH_LIMIT, 2);
    uint64_t first = (pf_base & 0xFFF0) << 16;
    uint64_t last = (pf_limit & 0xFFF0) << 16 | 0xFFFFF;

    if (DD_GET(pf_base, DD_PCI_BRIDGE_PREFETCH_WIDTH) == 1) {
        first |= (uint64_t)get(bridge, DD_PCI_BRIDGE_PREFETCH_BASE_UPPER, 4) << 32;
        last |= (uint64_t)get(bridge, DD_PCI_BRIDGE_PREFETCH_LIMIT_UPPER, 4) << 32;
    }
    return is_between(address, (base & 0xFFF0) << 16, (limit & 0xFFF0) << 16 | 0xFFFFF) ||
           is_between(address, first, last) ||
           (DD_GET(control, DD_PCI_BRIDGE_CONTROL_VGA_ENABLE) != 0 &&
            is_between(address, 0xA0000, 0xBFFFF));
}

/* Two windows of each kind: memory in pages of 4 KiB, I/O in units of 4 bytes. */
static bool passes_cardbus(const struct sim_pci_function *bridge, const struct search *search)
{
    bool io = search->space == SIM_PCI_IO;
    unsigned int first = io ? DD_PCI_CARDBUS_IO_BASE_0 : DD_PCI_CARDBUS_MEMORY_BASE_0;
    uint32_t unit = io ? 3 : 0xFFF;

    for (unsigned int at = first; at < first + 16; at += 8) {
        if (is_between(search->address, get(bridge, at, 4) & ~unit,
                       get(bridge, at + 4, 4) | unit)) {
            return true;
        }
    }
    return false;
}

/* Whether a bridge may pass anything of this space on. */
static bool is_open(const struct sim_pci_function *bridge, enum sim_pci_space space)
{
    unsigned int command = get(bridge, DD_PCI_COMMAND, 2);
    uint64_t enabled = space == SIM_PCI_IO ? DD_GET(command, DD_PCI_COMMAND_IO_SPACE)
                                           : DD_GET(command, DD_PCI_COMMAND_MEMORY_SPACE);

    return bridge->behind >= 0 && enabled != 0 && sim_pci_function_is_bridge(bridge) &&
           !sim_pci_function_resets_bus(bridge) &&
           sim_pci_power_state(&bridge->config) == SIM_PCI_D0;
}

static bool passes(const struct sim_pci_function *bridge, const struct search *search)
{
    if (sim_pci_config_layout(&bridge->config) == DD_PCI_LAYOUT_CARDBUS) {
        return passes_cardbus(bridge, search);
    }
    return search->space == SIM_PCI_IO ? passes_io(bridge, search->address)
                                       : passes_memory(bridge, search->address);
}

static bool is_subtractive(const struct sim_pci_function *bridge)
{
    return get(bridge, DD_PCI_CLASS + 2, 2) == CLASS_BRIDGE &&
           get(bridge, DD_PCI_CLASS + 1, 1) == SUBTRACTIVE;
}

static bool find_on_bus(const struct search *search, unsigned int bus,
                        struct sim_pci_target *target);

/* What is behind the bridges on a bus, of those that a window leads to or of the others. */
static bool find_behind(const struct search *search, unsigned int bus, bool by_window,
                        struct sim_pci_target *target)
{
    const struct sim_pci_segment *segment = search->segment;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        const struct sim_pci_function *bridge = &search->topology->functions[i];

        if (is_open(bridge, search->space) &&
            (by_window ? passes(bridge, search) : is_subtractive(bridge)) &&
            find_on_bus(search, (unsigned int)bridge->behind, target)) {
            return true;
        }
    }
    return false;
}

/* Buses hang from each other as a tree, so this ends. */
static bool find_on_bus(const struct search *search, unsigned int bus,
                        struct sim_pci_target *target)
{
    const struct sim_pci_segment *segment = search->segment;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        struct sim_pci_function *function = &search->topology->functions[i];

        if (!function->gone &&
            (find_range(function, search, target) || find_virtual(search, function, target))) {
            return true;
        }
    }
    return find_behind(search, bus, true, target) || find_behind(search, bus, false, target);
}

static bool find_in_segment(const struct search *search, struct sim_pci_target *target)
{
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        if (search->segment->is_root[bus] && find_on_bus(search, bus, target)) {
            return true;
        }
    }
    return false;
}

bool sim_pci_decode(const struct sim_pci_topology *topology, const struct sim_pci_request *request,
                    struct sim_pci_target *target)
{
    for (size_t i = request->segment; i < request->segment + request->segment_count; i++) {
        const struct search search = {topology, &topology->segments[i], request->space,
                                      request->address};

        if (find_in_segment(&search, target)) {
            return true;
        }
    }
    return false;
}
