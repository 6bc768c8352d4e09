/* SPDX-License-Identifier: MIT */
/*
 * Enumeration. A bus has functions, and a bridge is a function with another bus
 * behind it, so the functions of a machine form a tree. The scan walks it depth
 * first. The path from the root to the current bus is kept in a table, not in
 * recursive calls: a kernel's stack is small and the tree is as deep as the registers
 * say. They may say anything; the set of buses that were entered makes the scan end all
 * the same.
 */
#include "drydock/pci_scan.h"

#include "pci_bus.h"

/* A bus on the path. */
struct level {
    struct pci_cursor cursor;
    uint8_t last_bus; /* the bridges above pass on no number beyond it */
};

struct scan {
    const struct dd_pci_access *access;
    uint32_t entered[PCI_BUSES / 32]; /* one bit a bus */
    struct level path[PCI_BUSES];     /* a bus is entered once, so there cannot be more */
    unsigned int depth;
    enum dd_status status; /* DD_ENOTREADY if some function was not ready */
};

static bool was_entered(const struct scan *scan, uint8_t bus)
{
    return (scan->entered[bus / 32] >> (bus % 32) & 1) != 0;
}

static void enter(struct scan *scan, struct pci_cursor cursor, uint8_t last_bus)
{
    scan->entered[cursor.bus / 32] |= UINT32_C(1) << (cursor.bus % 32);
    scan->path[scan->depth] = (struct level){cursor, last_bus};
    scan->depth++;
}

static enum dd_status judge_secondary_bus(const struct scan *scan,
                                          const struct dd_pci_function *bridge, uint8_t last_bus)
{
    uint8_t bus = bridge->secondary_bus;

    if (bus == 0) {
        return DD_ENOENT;
    }
    if (bus <= bridge->address.bus || bus > bridge->subordinate_bus || bus > last_bus) {
        return DD_EMALFORMED;
    }
    if (bus < scan->access->first_bus || bus > scan->access->last_bus) {
        return DD_ENOTSUP;
    }
    return was_entered(scan, bus) ? DD_ELOOP : DD_OK;
}

static struct pci_cursor start_behind(const struct scan *scan, const struct dd_pci_function *bridge)
{
    return dd_pci_bus_start(bridge->secondary_bus, dd_pci_bus_behind(scan->access, bridge));
}

/* Visit everything that is left of the path. */
static enum dd_pci_visit scan_path(struct scan *scan, const struct dd_pci_visitor *visitor)
{
    while (scan->depth > 0) {
        struct level *level = &scan->path[scan->depth - 1];
        struct pci_cursor behind = {0};
        struct dd_pci_function function;
        enum dd_status status = dd_pci_bus_next(scan->access, &level->cursor, &function);

        if (status == DD_ENOENT) {
            scan->depth--;
            continue;
        }
        if (status == DD_ENOTREADY) {
            scan->status = DD_ENOTREADY;
            continue;
        }
        function.behind = judge_secondary_bus(scan, &function, level->last_bus);
        if (function.behind == DD_OK) {
            behind = start_behind(scan, &function);
        }
        if (visitor->found(visitor->context, &function) == DD_PCI_VISIT_STOP) {
            return DD_PCI_VISIT_STOP;
        }
        if (function.behind == DD_OK) {
            enter(scan, behind,
                  function.subordinate_bus < level->last_bus ? function.subordinate_bus
                                                             : level->last_bus);
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
        enter(&scan, dd_pci_bus_start(roots[i], PCI_BUS_SHARED), UINT8_MAX);
        if (scan_path(&scan, visitor) == DD_PCI_VISIT_STOP) {
            return DD_OK;
        }
    }
    return scan.status;
}

enum dd_status dd_pci_scan_behind(const struct dd_pci_access *access, struct dd_pci_address bridge,
                                  const struct dd_pci_visitor *visitor)
{
    struct scan scan = {.access = access};
    struct dd_pci_function function;
    uint32_t id;
    enum dd_status status = dd_pci_read_id(access, bridge, &id);

    if (status == DD_OK) {
        status = dd_pci_bus_look(access, bridge, &function);
    }
    if (status == DD_OK) {
        status = judge_secondary_bus(&scan, &function, UINT8_MAX);
    }
    if (status != DD_OK) {
        return status;
    }
    enter(&scan, start_behind(&scan, &function), function.subordinate_bus);
    return scan_path(&scan, visitor) == DD_PCI_VISIT_STOP ? DD_OK : scan.status;
}
