/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and writes of the processor that go to base addresses. The machine asks
 * who answers at an address; the answer is a region made for this access, since
 * software moves base addresses about.
 *
 * The host bridge passes on what is above RAM, and all ports that no device of
 * the board takes.
 */
#include "sim/pci/bus/pci_host.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    ROM = SIM_DUMP_BARS - 1,
    DOUBLEWORDS = 4 | 8 /* widths */
};

static struct sim_pci_place place_of(const struct sim_pci_host *host, uint64_t offset)
{
    return (struct sim_pci_place){host->target.function->address, host->target.bar, offset};
}

static void complain_unless(const struct sim_pci_host *host, bool written)
{
    if (!written) {
        sim_machine_complain(host->machine,
                             "PCI: a write to a base address was lost: too many pages are in use");
    }
}

static uint32_t read_memory(void *device, uint64_t offset, unsigned int width)
{
    const struct sim_pci_host *host = device;

    return sim_pci_memory_read(host->topology->memory, place_of(host, offset), width);
}

static void write_memory(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    const struct sim_pci_host *host = device;

    complain_unless(
        host, sim_pci_memory_write(host->topology->memory, place_of(host, offset), width, value));
}

static uint32_t read_rom(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    (void)offset;
    return UINT32_MAX >> (32 - 8 * width);
}

static void ignore_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)device;
    (void)offset;
    (void)width;
    (void)value;
}

static uint32_t read_part(void *device, uint64_t offset, unsigned int width)
{
    const struct sim_pci_host *host = device;
    struct sim_pci_place place = place_of(host, host->part.offset + offset);

    return host->part.part == SIM_PCI_MSIX_TABLE
               ? sim_pci_msix_read(host->topology->memory, place, offset)
               : sim_pci_memory_read(host->topology->memory, place, width);
}

static void write_table(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_pci_host *host = device;
    struct sim_pci_place place = place_of(host, host->part.offset + offset);

    (void)width;
    complain_unless(host, sim_pci_msix_write(host->topology->memory, place, offset, value));
    sim_pci_send_pending(host->target.function, &host->messages);
}

/* The part of a range that MSI-X has. */
static void describe_part(struct sim_pci_host *host)
{
    bool is_table = host->part.part == SIM_PCI_MSIX_TABLE;
    uint64_t left = host->target.range.size - host->part.offset;

    host->region = (struct sim_region){
        .name = is_table ? "MSI-X table" : "MSI-X pending bits",
        .base = host->target.range.base + host->part.offset,
        .size = host->part.size < left ? host->part.size : left,
        .read = read_part,
        .write = is_table ? write_table : ignore_write,
        .device = host,
        .widths = DOUBLEWORDS,
    };
}

static void describe_memory(struct sim_pci_host *host)
{
    bool is_rom = host->target.bar == ROM;

    host->region = (struct sim_region){
        .name = is_rom ? "PCI expansion ROM" : "PCI memory",
        .base = host->target.range.base,
        .size = host->target.range.size,
        .read = is_rom ? read_rom : read_memory,
        .write = is_rom ? ignore_write : write_memory,
        .device = host,
    };
}

/* The device behind the base address that was found, or NULL. */
static const struct sim_region *find_served(const struct sim_pci_host *host)
{
    for (size_t i = 0; i < host->served_count; i++) {
        const struct sim_pci_served *served = &host->served[i];

        if (served->bar == host->target.bar &&
            sim_pci_address_compare(served->function, host->target.function->address) == 0) {
            return &served->device;
        }
    }
    return NULL;
}

static const struct sim_region *find(struct sim_pci_host *host, enum sim_pci_space space,
                                     uint64_t address)
{
    const struct sim_pci_request request = {host->first_segment, host->window_count, space,
                                            address};
    const struct sim_region *device = NULL;

    if (!sim_pci_decode(host->topology, &request, &host->target)) {
        return NULL;
    }
    host->part = sim_pci_msix_find(&host->target.function->config, host->target.bar,
                                   address - host->target.range.base);
    device = find_served(host);
    if (space == SIM_PCI_MEMORY && host->part.part != SIM_PCI_MSIX_NONE) {
        describe_part(host);
    } else if (device != NULL) {
        host->region = *device;
        host->region.base = host->target.range.base;
        host->region.size = host->target.range.size;
    } else {
        describe_memory(host);
    }
    return &host->region;
}

const struct sim_region *sim_pci_host_find_memory(void *host, uint64_t address)
{
    struct sim_pci_host *self = host;

    return address < sim_machine_ram_size(self->machine) ? NULL
                                                         : find(self, SIM_PCI_MEMORY, address);
}

const struct sim_region *sim_pci_host_find_port(void *host, uint64_t port)
{
    return find(host, SIM_PCI_IO, port);
}

int sim_pci_host_serve(struct sim_pci_host *host, struct sim_pci_address address, unsigned int bar,
                       const struct sim_region *device, struct sim_error *error)
{
    const struct sim_pci_function *function = sim_pci_topology_function(host->topology, address);
    struct sim_pci_range range;

    if (function == NULL || !sim_pci_virtual_range(function, bar, &range)) {
        return sim_error_set(error, "%s: %s has no base address %u", device->name,
                             sim_pci_address_text(address, SIM_PCI_SEGMENTS_SHOWN).text, bar);
    }
    if (host->served_count == SIM_PCI_HOST_DEVICES) {
        return sim_error_set(error, "%s: more than %u devices", device->name, SIM_PCI_HOST_DEVICES);
    }
    host->served[host->served_count++] = (struct sim_pci_served){address, bar, *device};
    return 0;
}
