/* SPDX-License-Identifier: MIT */
/*
 * Collecting: a scan whose visitor sizes each function's registers. A scan visits a bridge
 * before what is behind it, so when a function is visited the bridge above it is known
 * by its secondary bus.
 */
#include "drydock/pci_resource.h"

#include "drydock/pci_cap.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_scan.h"
#include "drydock/pci_sriov.h"
#include "pci_resource_fixed.h"

/* Class code of a host bridge, without the interface. */
#define CLASS_HOST_BRIDGE 0x0600u

struct collecting {
    const struct dd_pci_access *access;
    struct dd_pci_resources *resources;
    enum dd_status status;
};

/* Where a function is. */
struct location {
    uint16_t root;
    uint16_t parent;
};

/* False: on a bus behind a CardBus bridge, whose windows stay as they are. */
static bool find_location(const struct dd_pci_resources *resources, uint8_t bus,
                          struct location *location)
{
    for (size_t i = resources->bridge_count; i > 0; i--) {
        const struct dd_pci_resource_bridge *bridge = &resources->bridges[i - 1];

        if (bridge->secondary_bus == bus && bus != 0) {
            *location = (struct location){bridge->root, (uint16_t)(i - 1)};
            return true;
        }
    }
    for (size_t i = 0; i < resources->root_count; i++) {
        if (resources->roots[i].bus == bus) {
            *location = (struct location){(uint16_t)i, DD_PCI_NO_PARENT};
            return true;
        }
    }
    return false;
}

/* ---- Ranges ---- */

static uint16_t bar_offset(uint8_t layout, unsigned int index)
{
    if (index != DD_PCI_BAR_ROM) {
        return (uint16_t)(DD_PCI_BAR + 4 * index);
    }
    return layout == DD_PCI_LAYOUT_BRIDGE ? DD_PCI_BRIDGE_ROM : DD_PCI_ROM;
}

static enum dd_status add_bars(const struct collecting *collecting,
                               const struct dd_pci_function *function, struct location location)
{
    struct dd_pci_bar bars[DD_PCI_BARS];
    enum dd_status status = dd_pci_size_bars(collecting->access, function->address, bars);

    if (status == DD_ENOTSUP) {
        return DD_OK;
    }
    for (unsigned int i = 0; i < DD_PCI_BARS && status == DD_OK; i++) {
        const struct dd_pci_resource range = {
            .address = function->address,
            .offset = bar_offset(function->layout, i),
            .root = location.root,
            .parent = location.parent,
            .kind = bars[i].kind,
            .prefetchable = bars[i].prefetchable,
            .size = bars[i].size,
            .alignment = bars[i].size,
            .highest = bars[i].highest,
            .found = bars[i].base,
        };

        if (bars[i].status == DD_OK) {
            status = dd_pci_resource_add(collecting->resources, &range);
        }
    }
    return status;
}

static enum dd_status set_page_size(const struct collecting *collecting,
                                    struct dd_pci_address address, uint16_t offset)
{
    uint64_t page_size = collecting->resources->page_size;

    return page_size == 0
               ? DD_OK
               : dd_pci_sriov_set_page_size(collecting->access, address, offset, page_size);
}

/* Ranges of virtual functions; none if the capability is odd or they are in use. */
static enum dd_status add_vf_bars(const struct collecting *collecting,
                                  const struct dd_pci_function *function, struct location location)
{
    struct dd_pci_bar bars[DD_PCI_VF_BARS];
    struct dd_pci_sriov sriov;
    uint16_t offset;
    enum dd_status status;

    if (dd_pci_find_extended_capability(collecting->access, function->address,
                                        DD_PCI_EXTENDED_ID_SRIOV, &offset) != DD_OK ||
        dd_pci_sriov_read(collecting->access, function->address, offset, &sriov) != DD_OK ||
        sriov.total_vfs == 0 || set_page_size(collecting, function->address, offset) != DD_OK ||
        dd_pci_sriov_size_bars(collecting->access, function->address, offset, bars) != DD_OK) {
        return DD_OK;
    }
    status = DD_OK;
    for (unsigned int i = 0; i < DD_PCI_VF_BARS && status == DD_OK; i++) {
        const struct dd_pci_resource range = {
            .address = function->address,
            .offset = (uint16_t)(offset + DD_PCI_SRIOV_VF_BAR + 4 * i),
            .sriov = offset,
            .root = location.root,
            .parent = location.parent,
            .kind = bars[i].kind,
            .prefetchable = bars[i].prefetchable,
            .size = bars[i].size * sriov.total_vfs,
            .alignment = bars[i].size,
            .highest = bars[i].highest,
            .found = bars[i].base,
        };

        if (bars[i].status == DD_OK && bars[i].size <= UINT64_MAX / sriov.total_vfs) {
            status = dd_pci_resource_add(collecting->resources, &range);
        }
    }
    return status;
}

/* ---- Bridges ---- */

/* The window registers as they are, so that they can be put back exactly. */
static void copy_registers(const struct dd_pci_header *header, uint32_t *registers)
{
    for (unsigned int i = 0; i < 6; i++) {
        registers[i] = header->dwords[DD_PCI_BRIDGE_IO_BASE / 4 + i];
    }
    registers[0] &= 0xFFFF;
}

static enum dd_status add_bridge(const struct collecting *collecting,
                                 const struct dd_pci_function *function, struct location location)
{
    struct dd_pci_resources *resources = collecting->resources;
    struct dd_pci_resource_bridge bridge = {
        .address = function->address, .root = location.root, .parent = location.parent};
    struct dd_pci_header header;
    struct dd_pci_bridge decoded;
    enum dd_status status = dd_pci_read_header(collecting->access, function->address, &header);

    if (status == DD_OK) {
        status = dd_pci_find_windows(collecting->access, function->address, &bridge.ability);
    }
    if (status == DD_OK) {
        status = dd_pci_decode_bridge(&header, &decoded);
    }
    if (status != DD_OK) {
        return DD_ENODEV;
    }
    if (resources->bridge_count == resources->bridge_capacity ||
        resources->bridge_count == DD_PCI_NO_PARENT) {
        return DD_EFULL;
    }
    bridge.behind = function->behind;
    bridge.secondary_bus = function->behind == DD_OK ? function->secondary_bus : 0;
    bridge.found[DD_PCI_WINDOW_IO] = decoded.io;
    bridge.found[DD_PCI_WINDOW_MEMORY] = decoded.memory;
    bridge.found[DD_PCI_WINDOW_PREFETCHABLE] = decoded.prefetchable;
    bridge.control = decoded.control;
    copy_registers(&header, bridge.registers);
    resources->bridges[resources->bridge_count] = bridge;
    resources->bridge_count++;
    return DD_OK;
}

/* ---- The scan ---- */

static enum dd_status collect(const struct collecting *collecting,
                              const struct dd_pci_function *function)
{
    struct location location;
    uint32_t class_code;
    enum dd_status status;

    if (!find_location(collecting->resources, function->address.bus, &location)) {
        return DD_OK;
    }
    status = dd_pci_read_class(collecting->access, function->address, &class_code);
    if (status != DD_OK || class_code >> 8 == CLASS_HOST_BRIDGE) {
        return status;
    }
    status = add_bars(collecting, function, location);
    if (status == DD_OK) {
        const struct dd_pci_resource like = {
            .address = function->address, .root = location.root, .parent = location.parent};

        status = dd_pci_resource_add_fixed(collecting->access, collecting->resources, &like);
        if (status == DD_OK && function->layout == DD_PCI_LAYOUT_CARDBUS) {
            status = dd_pci_resource_add_cardbus(collecting->access, collecting->resources, &like);
        }
    }
    if (status == DD_OK && function->layout == DD_PCI_LAYOUT_ENDPOINT) {
        status = add_vf_bars(collecting, function, location);
    }
    if (status == DD_OK && function->layout == DD_PCI_LAYOUT_BRIDGE) {
        status = add_bridge(collecting, function, location);
    }
    return status;
}

static enum dd_pci_visit visit(void *context, const struct dd_pci_function *function)
{
    struct collecting *collecting = context;

    collecting->status = collect(collecting, function);
    return collecting->status == DD_OK ? DD_PCI_VISIT_CONTINUE : DD_PCI_VISIT_STOP;
}

enum dd_status dd_pci_collect_resources(const struct dd_pci_access *access,
                                        struct dd_pci_resources *resources)
{
    struct collecting collecting = {.access = access, .resources = resources, .status = DD_OK};
    const struct dd_pci_visitor visitor = {visit, &collecting};
    uint8_t roots[256];
    enum dd_status status;

    if (resources->root_count > sizeof roots) {
        return DD_EARG;
    }
    for (size_t i = 0; i < resources->root_count; i++) {
        roots[i] = resources->roots[i].bus;
    }
    resources->bridge_count = 0;
    resources->count = 0;
    status = dd_pci_scan(access, roots, resources->root_count, &visitor);
    return status == DD_OK ? collecting.status : status;
}
