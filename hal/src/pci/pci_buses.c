/* SPDX-License-Identifier: MIT */
/*
 * Numbering. A bridge passes configuration accesses for buses secondary..subordinate
 * on, so what is behind it can be seen only once it has numbers, and how many there
 * are only once everything behind it was seen. So a bridge first gets all numbers
 * that are left, and the right subordinate bus when the last bus behind it has its.
 *
 * The bridges are kept in the order they were found: those of one bus in a row, and
 * behind them those of the buses behind. That is all the path there is: the next
 * bridge of a bus is the next element if it has the same parent.
 */
#include "drydock/pci_buses.h"

#include <stdbool.h>

#include "drydock/pci_cap.h"
#include "drydock/pci_sriov.h"
#include "pci_bus.h"

struct numbering {
    const struct dd_pci_access *access;
    const struct dd_pci_bus_request *request;
    size_t count;    /* of bridges found */
    uint8_t highest; /* number given */
};

/* Numbers as the registers at 0x18 hold them; the fourth, a latency timer, stays. */
static uint32_t pack_numbers(const struct dd_pci_numbered *bridge, uint8_t secondary,
                             uint8_t subordinate)
{
    return (bridge->before & 0xFF000000) | (uint32_t)subordinate << 16 | (uint32_t)secondary << 8 |
           bridge->address.bus;
}

/* Write numbers. DD_EMALFORMED if they do not stay. */
static enum dd_status write_numbers(const struct numbering *numbering,
                                    const struct dd_pci_numbered *bridge, uint8_t secondary,
                                    uint8_t subordinate)
{
    return dd_pci_bus_write_numbers(numbering->access, bridge->address,
                                    pack_numbers(bridge, secondary, subordinate));
}

/* Remember a bridge, and take its numbers away. */
static enum dd_status add_bridge(struct numbering *numbering,
                                 const struct dd_pci_function *function, uint16_t parent)
{
    struct dd_pci_numbered bridge = {
        .address = function->address, .layout = function->layout, .parent = parent};
    enum dd_status status;

    if (numbering->count == numbering->request->capacity || numbering->count == UINT16_MAX) {
        return DD_EFULL;
    }
    status =
        dd_pci_read32(numbering->access, bridge.address, DD_PCI_BRIDGE_PRIMARY_BUS, &bridge.before);
    if (status != DD_OK) {
        return status;
    }
    numbering->request->bridges[numbering->count] = bridge;
    numbering->count++;
    status = write_numbers(numbering, &bridge, 0, 0);
    return status == DD_EMALFORMED ? DD_OK : status;
}

/* How many buses after its own a function's virtual ones are on; what is odd has none. */
static uint8_t count_vf_buses(const struct numbering *numbering,
                              const struct dd_pci_function *function)
{
    uint16_t offset;
    uint8_t count = 0;

    if (numbering->request->vf_buses == 0 || function->layout != DD_PCI_LAYOUT_ENDPOINT ||
        dd_pci_find_extended_capability(numbering->access, function->address,
                                        DD_PCI_EXTENDED_ID_SRIOV, &offset) != DD_OK ||
        dd_pci_sriov_count_buses(numbering->access, function->address, offset, &count) != DD_OK) {
        return 0;
    }
    return count < numbering->request->vf_buses ? count : numbering->request->vf_buses;
}

/* Leave numbers free after the bus that got its number last. */
static enum dd_status reserve(struct numbering *numbering, uint8_t count)
{
    if (count > numbering->request->last_bus - numbering->highest) {
        return DD_EFULL;
    }
    numbering->highest = (uint8_t)(numbering->highest + count);
    return DD_OK;
}

/* Remember the bridges of a bus. */
static enum dd_status add_bus(struct numbering *numbering, struct pci_cursor cursor,
                              uint16_t parent)
{
    struct dd_pci_function function;
    uint8_t most = 0;
    enum dd_status status;

    while ((status = dd_pci_bus_next(numbering->access, &cursor, &function)) == DD_OK) {
        if (function.layout == DD_PCI_LAYOUT_BRIDGE || function.layout == DD_PCI_LAYOUT_CARDBUS) {
            status = add_bridge(numbering, &function, parent);
        } else {
            uint8_t count = count_vf_buses(numbering, &function);

            most = count > most ? count : most;
        }
        if (status != DD_OK) {
            return status;
        }
    }
    return status == DD_ENOENT ? reserve(numbering, most) : status;
}

/* Give a bridge the next number, and remember the bridges behind it. */
static enum dd_status open_bridge(struct numbering *numbering, size_t index)
{
    struct dd_pci_numbered *bridge = &numbering->request->bridges[index];
    const struct dd_pci_function function = {.address = bridge->address, .layout = bridge->layout};
    enum dd_status status;

    if (numbering->highest == numbering->request->last_bus) {
        return DD_EFULL;
    }
    bridge->secondary_bus = (uint8_t)(numbering->highest + 1);
    status = write_numbers(numbering, bridge, bridge->secondary_bus, numbering->request->last_bus);
    if (status == DD_EMALFORMED) {
        bridge->status = DD_EMALFORMED;
        bridge->secondary_bus = 0;
        status = write_numbers(numbering, bridge, 0, 0);
        return status == DD_EMALFORMED ? DD_OK : status;
    }
    if (status != DD_OK) {
        return status;
    }
    numbering->highest++;
    return add_bus(
        numbering,
        dd_pci_bus_start(bridge->secondary_bus, dd_pci_bus_behind(numbering->access, &function)),
        (uint16_t)index);
}

/* Everything behind the bridge has its number. */
static enum dd_status close_bridge(struct numbering *numbering, size_t index)
{
    struct dd_pci_numbered *bridge = &numbering->request->bridges[index];
    unsigned int last = numbering->highest;
    enum dd_status status;

    if (bridge->status != DD_OK) {
        return DD_OK;
    }
    if (bridge->layout == DD_PCI_LAYOUT_CARDBUS && numbering->request->cardbus_buses > 0 &&
        last < bridge->secondary_bus + numbering->request->cardbus_buses - 1u) {
        last = bridge->secondary_bus + numbering->request->cardbus_buses - 1u;
    }
    if (last > numbering->request->last_bus) {
        return DD_EFULL;
    }
    numbering->highest = (uint8_t)last;
    bridge->subordinate_bus = (uint8_t)last;
    status = write_numbers(numbering, bridge, bridge->secondary_bus, bridge->subordinate_bus);
    return status == DD_EMALFORMED ? DD_ENODEV : status;
}

/* Close the bridge and those above it, up to one that has a neighbour: *next. count: none has. */
static enum dd_status close_up(struct numbering *numbering, size_t index, size_t *next)
{
    const struct dd_pci_numbered *bridges = numbering->request->bridges;

    for (;;) {
        uint16_t parent = bridges[index].parent;
        enum dd_status status = close_bridge(numbering, index);

        if (status != DD_OK) {
            return status;
        }
        if (index + 1 < numbering->count && bridges[index + 1].parent == parent) {
            *next = index + 1;
            return DD_OK;
        }
        if (parent == DD_PCI_NO_PARENT) {
            *next = numbering->count;
            return DD_OK;
        }
        index = parent;
    }
}

static enum dd_status assign(struct numbering *numbering, struct pci_cursor first_bus)
{
    size_t index = 0;
    enum dd_status status = add_bus(numbering, first_bus, DD_PCI_NO_PARENT);

    while (status == DD_OK && index < numbering->count) {
        size_t before = numbering->count;

        status = open_bridge(numbering, index);
        if (status != DD_OK) {
            break;
        }
        if (numbering->count > before) {
            index = before;
        } else {
            status = close_up(numbering, index, &index);
        }
    }
    return status;
}

/* A bridge is found after those above it, so it is reached as long as they were not put back. */
static void put_back(const struct numbering *numbering)
{
    for (size_t i = numbering->count; i > 0; i--) {
        const struct dd_pci_numbered *bridge = &numbering->request->bridges[i - 1];

        (void)!dd_pci_write32(numbering->access, bridge->address, DD_PCI_BRIDGE_PRIMARY_BUS,
                              bridge->before);
    }
}

/* What the bridge above the first bus makes of it. DD_EARG if it does not lead there. */
static enum dd_status find_kind(const struct dd_pci_access *access,
                                const struct dd_pci_bus_request *request, enum pci_bus_kind *kind)
{
    struct dd_pci_function bridge;
    uint32_t id;
    enum dd_status status;

    *kind = PCI_BUS_SHARED;
    if (request->above == NULL) {
        return DD_OK;
    }
    status = dd_pci_read_id(access, *request->above, &id);
    if (status == DD_OK) {
        status = dd_pci_bus_look(access, *request->above, &bridge);
    }
    if (status != DD_OK) {
        return status;
    }
    *kind = dd_pci_bus_behind(access, &bridge);
    return bridge.secondary_bus == request->first_bus && bridge.subordinate_bus >= request->last_bus
               ? DD_OK
               : DD_EARG;
}

enum dd_status dd_pci_assign_buses(const struct dd_pci_access *access,
                                   const struct dd_pci_bus_request *request, size_t *count)
{
    struct numbering numbering = {
        .access = access, .request = request, .highest = request->first_bus};
    enum pci_bus_kind kind;
    enum dd_status status;

    if (request->first_bus > request->last_bus || request->first_bus < access->first_bus ||
        request->last_bus > access->last_bus) {
        return DD_EARG;
    }
    status = find_kind(access, request, &kind);
    if (status != DD_OK) {
        return status;
    }
    status = assign(&numbering, dd_pci_bus_start(request->first_bus, kind));
    if (status != DD_OK) {
        put_back(&numbering);
        return status;
    }
    *count = numbering.count;
    return DD_OK;
}
