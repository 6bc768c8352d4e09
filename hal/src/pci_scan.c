/* SPDX-License-Identifier: MIT */
/*
 * Enumeration. A bus has 32 device numbers, a device up to 8 functions, and a
 * bridge is a function with another bus behind it, so the functions of a machine
 * form a tree. The scan walks it depth first. The path from the root to the
 * current bus is kept in a table, not in recursive calls: a kernel's stack is
 * small and the tree is as deep as the registers say. They may say anything;
 * the set of buses that were entered makes the scan end all the same.
 */
#include "drydock/pci_scan.h"

#define BUSES   256
#define DEVICES 32

/* The next function to try on a bus; device 32: none. */
struct position {
    uint8_t bus;
    uint8_t device;
    uint8_t function;
};

struct scan {
    const struct dd_pci_access *access;
    uint32_t entered[BUSES / 32]; /* one bit a bus */
    struct position path[BUSES];  /* a bus is entered once, so there cannot be more */
    unsigned int depth;
};

_Static_assert((int)DD_PCI_BRIDGE_SECONDARY_BUS == (int)DD_PCI_CARDBUS_SECONDARY_BUS &&
                   (int)DD_PCI_BRIDGE_SUBORDINATE_BUS == (int)DD_PCI_CARDBUS_SUBORDINATE_BUS,
               "both kinds of bridge have their bus numbers at the same offsets");

static bool was_entered(const struct scan *scan, uint8_t bus)
{
    return (scan->entered[bus / 32] >> (bus % 32) & 1) != 0;
}

static void enter(struct scan *scan, uint8_t bus)
{
    scan->entered[bus / 32] |= UINT32_C(1) << (bus % 32);
    scan->path[scan->depth] = (struct position){.bus = bus};
    scan->depth++;
}

static void advance(struct position *position, bool to_next_device)
{
    if (to_next_device || position->function == 7) {
        position->device++;
        position->function = 0;
    } else {
        position->function++;
    }
}

static enum dd_status judge_secondary_bus(const struct scan *scan,
                                          const struct dd_pci_function *bridge)
{
    uint8_t bus = bridge->secondary_bus;

    if (bus == 0) {
        return DD_ENOENT;
    }
    if (bus <= bridge->address.bus || bus > bridge->subordinate_bus) {
        return DD_EMALFORMED;
    }
    if (bus < scan->access->first_bus || bus > scan->access->last_bus) {
        return DD_ENOTSUP;
    }
    return was_entered(scan, bus) ? DD_ELOOP : DD_OK;
}

/* The bus numbers share a dword: one read. */
static enum dd_status read_bus_numbers(const struct dd_pci_access *access,
                                       struct dd_pci_function *bridge)
{
    uint32_t numbers;
    enum dd_status status =
        dd_pci_read32(access, bridge->address, DD_PCI_BRIDGE_PRIMARY_BUS, &numbers);

    if (status == DD_OK) {
        bridge->secondary_bus = (uint8_t)(numbers >> 8);
        bridge->subordinate_bus = (uint8_t)(numbers >> 16);
    }
    return status;
}

/* DD_ENODEV if there is no such function. */
static enum dd_status read_function(const struct scan *scan, struct dd_pci_address address,
                                    struct dd_pci_function *function)
{
    uint32_t id;
    uint8_t type;
    enum dd_status status = dd_pci_read_id(scan->access, address, &id);

    if (status == DD_OK) {
        status = dd_pci_read8(scan->access, address, DD_PCI_HEADER_TYPE, &type);
    }
    if (status != DD_OK) {
        return status;
    }
    *function = (struct dd_pci_function){
        .address = address,
        .vendor = (uint16_t)DD_GET(id, DD_PCI_ID_VENDOR),
        .device = (uint16_t)DD_GET(id, DD_PCI_ID_DEVICE),
        .layout = (uint8_t)DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT),
        .multi_function = DD_GET(type, DD_PCI_HEADER_TYPE_MULTI_FUNCTION) != 0,
        .behind = DD_ENOENT,
    };
    if (function->layout == DD_PCI_LAYOUT_BRIDGE || function->layout == DD_PCI_LAYOUT_CARDBUS) {
        status = read_bus_numbers(scan->access, function);
        function->behind = judge_secondary_bus(scan, function);
    }
    return status;
}

/* Visit everything that is left of the path. */
static enum dd_pci_visit scan_path(struct scan *scan, const struct dd_pci_visitor *visitor)
{
    while (scan->depth > 0) {
        struct position *here = &scan->path[scan->depth - 1];
        struct dd_pci_address address = {scan->access->segment, here->bus, here->device,
                                         here->function};
        struct dd_pci_function function;

        if (here->device == DEVICES) {
            scan->depth--;
            continue;
        }
        if (read_function(scan, address, &function) != DD_OK) {
            advance(here, address.function == 0);
            continue;
        }
        advance(here, address.function == 0 && !function.multi_function);
        if (visitor->found(visitor->context, &function) == DD_PCI_VISIT_STOP) {
            return DD_PCI_VISIT_STOP;
        }
        if (function.behind == DD_OK) {
            enter(scan, function.secondary_bus);
        }
    }
    return DD_PCI_VISIT_CONTINUE;
}

enum dd_status dd_pci_scan(const struct dd_pci_access *access, const uint8_t *roots, size_t count,
                           const struct dd_pci_visitor *visitor)
{
    struct scan scan = {.access = access};

    for (size_t i = 0; i < count; i++) {
        if (roots[i] < access->first_bus || roots[i] > access->last_bus) {
            return DD_EARG;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (was_entered(&scan, roots[i])) {
            continue;
        }
        enter(&scan, roots[i]);
        if (scan_path(&scan, visitor) == DD_PCI_VISIT_STOP) {
            break;
        }
    }
    return DD_OK;
}
