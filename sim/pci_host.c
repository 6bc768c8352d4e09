/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ways to configuration space.
 *
 * Mechanism 1 ([PCI 3.0] 3.2.2.3.2): a 32-bit write to port 0xCF8 latches bus,
 * device, function and register; narrower accesses to these four ports are
 * ordinary I/O, which nothing answers. While bit 31 is set, an access of 8, 16
 * or 32 bits to the ports from 0xCFC on goes to the bytes of that register.
 *
 * ECAM ([PCIe 6] 7.2.2): the address itself is bus, device, function and
 * register, and all 4096 bytes can be reached.
 */
#include "sim/pci_host.h"

#include <stdbool.h>

#include "drydock/pci_regs.h"

/* Bits of CONFIG_ADDRESS that keep what is written; the others read as zero. */
#define CONFIG_ADDRESS_BITS                                                                       \
    ((uint32_t)(DD_BITS(DD_PCI_CONFIG_ADDRESS_ENABLE) | DD_BITS(DD_PCI_CONFIG_ADDRESS_BUS) |      \
                DD_BITS(DD_PCI_CONFIG_ADDRESS_DEVICE) | DD_BITS(DD_PCI_CONFIG_ADDRESS_FUNCTION) | \
                DD_BITS(DD_PCI_CONFIG_ADDRESS_REGISTER)))

/* Offset of the data ports in the region. */
#define DATA (DD_PCI_PORT_CONFIG_DATA - DD_PCI_PORT_CONFIG_ADDRESS)

static struct sim_pci_address latched_address(const struct sim_pci_host *host)
{
    return (struct sim_pci_address){
        .bus = (uint8_t)DD_GET(host->config_address, DD_PCI_CONFIG_ADDRESS_BUS),
        .device = (uint8_t)DD_GET(host->config_address, DD_PCI_CONFIG_ADDRESS_DEVICE),
        .function = (uint8_t)DD_GET(host->config_address, DD_PCI_CONFIG_ADDRESS_FUNCTION),
    };
}

static unsigned int latched_register(const struct sim_pci_host *host)
{
    return 4 * (unsigned int)DD_GET(host->config_address, DD_PCI_CONFIG_ADDRESS_REGISTER);
}

static bool is_data_access(const struct sim_pci_host *host, uint64_t offset)
{
    return offset >= DATA && DD_GET(host->config_address, DD_PCI_CONFIG_ADDRESS_ENABLE) != 0;
}

static uint32_t read_port(void *device, uint64_t offset, unsigned int width)
{
    struct sim_pci_host *host = device;

    if (offset == 0 && width == 4) {
        return host->config_address;
    }
    if (is_data_access(host, offset)) {
        return sim_pci_topology_read(host->topology, latched_address(host),
                                     latched_register(host) + (unsigned int)(offset - DATA), width);
    }
    return (uint32_t)DD_MASK(8 * width - 1, 0);
}

static void write_port(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_pci_host *host = device;

    if (offset == 0 && width == 4) {
        host->config_address = value & CONFIG_ADDRESS_BITS;
    } else if (is_data_access(host, offset)) {
        sim_pci_topology_write(host->topology, latched_address(host),
                               latched_register(host) + (unsigned int)(offset - DATA), width,
                               value);
    }
}

static struct sim_pci_address window_address(const struct sim_pci_window *window, uint64_t offset)
{
    return (struct sim_pci_address){
        .segment = window->segment,
        .bus = (uint8_t)DD_GET(offset, DD_PCI_ECAM_ADDRESS_BUS),
        .device = (uint8_t)DD_GET(offset, DD_PCI_ECAM_ADDRESS_DEVICE),
        .function = (uint8_t)DD_GET(offset, DD_PCI_ECAM_ADDRESS_FUNCTION),
    };
}

static uint32_t read_window(void *device, uint64_t offset, unsigned int width)
{
    const struct sim_pci_window *window = device;

    return sim_pci_topology_read(window->topology, window_address(window, offset),
                                 (unsigned int)DD_GET(offset, DD_PCI_ECAM_ADDRESS_REGISTER), width);
}

static void write_window(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    const struct sim_pci_window *window = device;

    sim_pci_topology_write(window->topology, window_address(window, offset),
                           (unsigned int)DD_GET(offset, DD_PCI_ECAM_ADDRESS_REGISTER), width,
                           value);
}

void sim_pci_host_init(struct sim_pci_host *host, struct sim_pci_topology *topology, size_t first,
                       size_t count)
{
    uint64_t base = SIM_PCI_WINDOWS;

    *host = (struct sim_pci_host){.topology = topology, .window_count = count};
    for (size_t i = 0; i < count; i++) {
        uint32_t segment = topology->segments[first + i].number;

        host->windows[i] = (struct sim_pci_window){topology, segment, base};
        if (segment == 0) {
            host->windows[i].base = SIM_PCI_WINDOW_0;
        } else {
            base += SIM_PCI_WINDOW_SIZE;
        }
    }
}

struct sim_region sim_pci_host_ports(struct sim_pci_host *host)
{
    return (struct sim_region){
        .name = "PCI configuration mechanism 1",
        .base = DD_PCI_PORT_CONFIG_ADDRESS,
        .size = 8,
        .read = read_port,
        .write = write_port,
        .device = host,
    };
}

struct sim_region sim_pci_host_window(struct sim_pci_host *host, size_t index)
{
    return (struct sim_region){
        .name = "ECAM",
        .base = host->windows[index].base,
        .size = SIM_PCI_WINDOW_SIZE,
        .read = read_window,
        .write = write_window,
        .device = &host->windows[index],
    };
}

int sim_pci_host_attach(struct sim_pci_host *host, struct sim_machine *machine,
                        struct sim_error *error)
{
    struct sim_region ports = sim_pci_host_ports(host);

    if (sim_machine_add_ports(machine, &ports, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < host->window_count; i++) {
        struct sim_region window = sim_pci_host_window(host, i);

        if (sim_machine_add_mmio(machine, &window, error) != 0) {
            return -1;
        }
    }
    return 0;
}
