/* SPDX-License-Identifier: MIT */
/*
 * Enumeration. A bus has functions, and a bridge is a function with another bus
 * behind it, so the functions of a machine form a tree. The scan walks it depth first. The path from the root to the
 * current bus is kept in a table, not in recursive calls: a kernel's stack is
 * small and the tree is as deep as the registers say. They may say anything;
 * the set of buses that were entered makes the scan end all the same.
 */
#include "drydock/pci_scan.h"

#include "pci_bus.h"

struct scan {
    const struct dd_pci_access *access;
    uint32_t entered[PCI_BUSES / 32];  /* one bit a bus */
    struct pci_cursor path[PCI_BUSES]; /* a bus is entered once, so there cannot be more */
    unsigned int depth;
};

static bool was_entered(const struct scan *scan, uint8_t bus)
{
    return (scan->entered[bus / 32] >> (bus % 32) & 1) != 0;
}

static void enter(struct scan *scan, uint8_t bus, enum pci_bus_kind kind)
{
    scan->entered[bus / 32] |= UINT32_C(1) << (bus % 32);
    scan->path[scan->depth] = dd_pci_bus_start(bus, kind);
    scan->depth++;
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

/* Visit everything that is left of the path. */
static enum dd_pci_visit scan_path(struct scan *scan, const struct dd_pci_visitor *visitor)
{
    while (scan->depth > 0) {
        struct dd_pci_function function;
        enum pci_bus_kind kind = PCI_BUS_SHARED;

        if (dd_pci_bus_next(scan->access, &scan->path[scan->depth - 1], &function) != DD_OK) {
            scan->depth--;
            continue;
        }
        function.behind = judge_secondary_bus(scan, &function);
        if (function.behind == DD_OK) {
            kind = dd_pci_bus_behind(scan->access, &function);
        }
        if (visitor->found(visitor->context, &function) == DD_PCI_VISIT_STOP) {
            return DD_PCI_VISIT_STOP;
        }
        if (function.behind == DD_OK) {
            enter(scan, function.secondary_bus, kind);
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
        enter(&scan, roots[i], PCI_BUS_SHARED);
        if (scan_path(&scan, visitor) == DD_PCI_VISIT_STOP) {
            break;
        }
    }
    return DD_OK;
}
