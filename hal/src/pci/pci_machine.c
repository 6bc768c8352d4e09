/* SPDX-License-Identifier: MIT */
/*
 * One handle, several mechanisms. A PC has the ports, which reach 256 bytes of the
 * functions of segment 0, and windows, which reach 4096 bytes of those on the buses
 * they are for. Each access finds the way for its bus and takes it with a handle of
 * that mechanism.
 */
#include "drydock/pci_machine.h"

#include <stdbool.h>

/* The window a bus is in, or NULL. */
static const struct dd_pci_ecam *find_window(const struct dd_pci_access *access, uint8_t bus)
{
    const struct dd_pci_machine *machine = access->machine;

    for (size_t i = 0; i < machine->window_count; i++) {
        const struct dd_pci_ecam *window = &machine->windows[i];

        if (window->segment == access->segment && bus >= window->first_bus &&
            bus <= window->last_bus) {
            return window;
        }
    }
    return NULL;
}

static bool has_ports(const struct dd_pci_access *access)
{
    return access->machine->ports == DD_PCI_PORTS_PRESENT && access->segment == 0;
}

static uint16_t size_of_bus(const struct dd_pci_access *access, uint8_t bus)
{
    if (find_window(access, bus) != NULL) {
        return DD_PCI_EXTENDED_CONFIG_SIZE;
    }
    return has_ports(access) ? DD_PCI_CONFIG_SIZE : 0;
}

/* Make *way a handle that reaches the register; false if there is none. */
static bool find_way(const struct dd_pci_access *access, uint8_t bus, uint16_t offset,
                     struct dd_pci_access *way)
{
    const struct dd_pci_ecam *window = find_window(access, bus);

    if (window != NULL) {
        return dd_pci_access_init_ecam(way, window) == DD_OK;
    }
    if (!has_ports(access) || offset >= DD_PCI_CONFIG_SIZE) {
        return false;
    }
    dd_pci_access_init_mechanism1_locked(way, access->machine->lock);
    return true;
}

static uint32_t machine_read(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, enum dd_pci_width width)
{
    struct dd_pci_access way;

    if (!find_way(access, address.bus, offset, &way)) {
        return UINT32_MAX;
    }
    return way.ops->read(&way, address, offset, width);
}

static void machine_write(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    struct dd_pci_access way;

    if (find_way(access, address.bus, offset, &way)) {
        way.ops->write(&way, address, offset, width, value);
    }
}

/* Narrow the handle to the buses that have a way; DD_ENOENT if none has. */
static enum dd_status set_buses(struct dd_pci_access *access)
{
    unsigned int first = 0;
    unsigned int last = 255;

    while (first < 256 && size_of_bus(access, (uint8_t)first) == 0) {
        first++;
    }
    if (first == 256) {
        return DD_ENOENT;
    }
    while (size_of_bus(access, (uint8_t)last) == 0) {
        last--;
    }
    access->first_bus = (uint8_t)first;
    access->last_bus = (uint8_t)last;
    return DD_OK;
}

enum dd_status dd_pci_access_init_machine(struct dd_pci_access *access,
                                          const struct dd_pci_machine *machine, uint32_t segment)
{
    static const struct dd_pci_ops ops = {machine_read, machine_write};
    struct dd_pci_access made = {
        .ops = &ops,
        .size_of_bus = size_of_bus,
        .machine = machine,
        .segment = segment,
        .size = DD_PCI_CONFIG_SIZE,
    };
    enum dd_status status;

    for (size_t i = 0; i < machine->window_count; i++) {
        struct dd_pci_access window;

        status = dd_pci_access_init_ecam(&window, &machine->windows[i]);
        if (status != DD_OK) {
            return status;
        }
        if (machine->windows[i].segment == segment) {
            made.size = DD_PCI_EXTENDED_CONFIG_SIZE;
        }
    }
    status = set_buses(&made);
    if (status == DD_OK) {
        *access = made;
    }
    return status;
}
