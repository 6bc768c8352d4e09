/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/claims/pci_machine.h"

#include "tests/claims/world.h"

struct dd_pci_address pci_at(uint8_t bus, uint8_t device, uint8_t function)
{
    return (struct dd_pci_address){.bus = bus, .device = device, .function = function};
}

enum dd_status pci_machine_open_ecam(struct dd_pci_access *access)
{
    const struct kmachine *machine = world_machine();
    const struct kecam *windows = (const struct kecam *)(uintptr_t)machine->ecam;

    for (uint32_t i = 0; i < machine->ecam_count; i++) {
        if (windows[i].segment == 0) {
            const struct dd_pci_ecam window = {
                .base = dd_vaddr_from(windows[i].base),
                .first_bus = windows[i].first_bus,
                .last_bus = windows[i].last_bus,
            };

            return dd_pci_access_init_ecam(access, &window);
        }
    }
    return DD_ENOENT;
}

enum dd_status pci_machine_scan(const struct dd_pci_access *access, struct pci_functions *functions)
{
    const struct kmachine *machine = world_machine();
    const struct kroot_bus *buses = (const struct kroot_bus *)(uintptr_t)machine->root_buses;
    const struct dd_pci_visitor visitor = pci_collect_functions(functions);
    uint8_t roots[8];
    unsigned int count = 0;

    for (uint32_t i = 0; i < machine->root_bus_count && count < sizeof roots; i++) {
        if (buses[i].segment == 0) {
            roots[count++] = (uint8_t)buses[i].bus;
        }
    }
    return dd_pci_scan(access, roots, count, &visitor);
}

static enum dd_pci_visit collect_function(void *context, const struct dd_pci_function *function)
{
    struct pci_functions *functions = context;

    if (functions->count < PCI_MACHINE_FUNCTIONS) {
        functions->list[functions->count] = *function;
    }
    functions->count++;
    return DD_PCI_VISIT_CONTINUE;
}

struct dd_pci_visitor pci_collect_functions(struct pci_functions *functions)
{
    functions->count = 0;
    return (struct dd_pci_visitor){collect_function, functions};
}

static enum dd_pci_visit collect_capability(void *context,
                                            const struct dd_pci_capability *capability)
{
    struct pci_capabilities *capabilities = context;

    if (capabilities->count < PCI_MACHINE_CAPABILITIES) {
        capabilities->list[capabilities->count] = *capability;
    }
    capabilities->count++;
    return DD_PCI_VISIT_CONTINUE;
}

struct dd_pci_capability_visitor pci_collect_capabilities(struct pci_capabilities *capabilities)
{
    capabilities->count = 0;
    return (struct dd_pci_capability_visitor){collect_capability, capabilities};
}
