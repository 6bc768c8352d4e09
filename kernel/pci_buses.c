/* SPDX-License-Identifier: MIT */
/*
 * One scan for each access handle: mechanism 1 for segment 0, or each ECAM window
 * for the root buses in it. Scan and visitor use it through a cache, so what the scan read
 * of a function the visitor does not read again.
 */
#include "kernel/pci_buses.h"

#include "drydock/pci_cache.h"
#include "kernel/console.h"
#include "kernel/machine.h"
#include "kernel/protocol.h"

#define BUSES 256

/* The buses of one access handle, being visited. */
struct visiting {
    struct dd_pci_access access;
    struct dd_pci_cache cache;
    const struct kpci_visitor *visitor;
};

void kpci_print_start(const char *tag, struct dd_pci_address address)
{
    kprint("%s %04x:%02x:%02x.%u", tag, address.segment, (unsigned int)address.bus,
           (unsigned int)address.device, (unsigned int)address.function);
}

void kpci_print_trouble(struct dd_pci_address address, enum dd_status status, const char *what)
{
    kpci_print_start(KPROTOCOL_TROUBLE, address);
    kprint(" %s %s\n", dd_status_name(status), what);
}

static enum dd_pci_visit visit(void *context, const struct dd_pci_function *function)
{
    const struct visiting *visiting = context;

    visiting->visitor->found(visiting->visitor->context, &visiting->cache.access, function);
    return DD_PCI_VISIT_CONTINUE;
}

/* Scan the root buses that the handle reaches. */
static void visit_buses(struct visiting *visiting)
{
    const struct kmachine *machine = kmachine();
    const struct kroot_bus *root_buses = (const struct kroot_bus *)(uintptr_t)machine->root_buses;
    const struct dd_pci_access *access = &visiting->access;
    const struct dd_pci_visitor visitor = {visit, visiting};
    uint8_t roots[BUSES];
    unsigned int count = 0;
    enum dd_status status;

    for (uint32_t i = 0; i < machine->root_bus_count && count < BUSES; i++) {
        const struct kroot_bus *root = &root_buses[i];

        if (root->segment == access->segment && root->bus >= access->first_bus &&
            root->bus <= access->last_bus) {
            roots[count] = (uint8_t)root->bus;
            count++;
        }
    }
    dd_pci_cache_init(&visiting->cache, access);
    status = dd_pci_scan(&visiting->cache.access, roots, count, &visitor);
    if (status != DD_OK) {
        kpci_print_trouble((struct dd_pci_address){.segment = access->segment}, status, "scan");
    }
}

static void visit_windows(struct visiting *visiting)
{
    const struct kmachine *machine = kmachine();
    const struct kecam *windows = (const struct kecam *)(uintptr_t)machine->ecam;

    for (uint32_t i = 0; i < machine->ecam_count; i++) {
        const struct dd_pci_ecam window = {
            .base = dd_vaddr_from(windows[i].base),
            .segment = windows[i].segment,
            .first_bus = windows[i].first_bus,
            .last_bus = windows[i].last_bus,
        };
        enum dd_status status = dd_pci_access_init_ecam(&visiting->access, &window);

        if (status == DD_OK) {
            visit_buses(visiting);
        } else {
            kpci_print_trouble((struct dd_pci_address){window.segment, window.first_bus, 0, 0},
                               status, "configuration window");
        }
    }
}

void kpci_visit(uint32_t mechanism, const struct kpci_visitor *visitor)
{
    struct visiting visiting = {.visitor = visitor};

    switch (mechanism) {
    case KPCI_MECHANISM_1:
        dd_pci_access_init_mechanism1(&visiting.access);
        visit_buses(&visiting);
        break;
    case KPCI_ECAM:
        visit_windows(&visiting);
        break;
    default:
        break;
    }
}
