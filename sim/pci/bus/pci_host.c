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
#include "sim/pci/bus/pci_host.h"

#include <stdbool.h>

#include "drydock/pci_regs.h"
#include "sim/machine/inject.h"

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

/* The function a configuration access reaches, if it has not gone by now, or NULL. */
static struct sim_pci_function *reach(const struct sim_pci_host *host,
                                      struct sim_pci_address address)
{
    struct sim_pci_function *function = sim_pci_topology_route(host->topology, address);

    if (function == NULL || function->gone || host->machine == NULL) {
        return function;
    }
    if (!sim_machine_pci_answers(host->machine, function->address)) {
        sim_pci_topology_remove(host->topology, function);
    }
    return function;
}

static uint32_t read_register(const struct sim_pci_host *host, struct sim_pci_address address,
                              unsigned int offset, unsigned int width)
{
    uint32_t value = 0;

    (void)reach(host, address);
    value = sim_pci_topology_read(host->topology, address, offset, width);
    sim_pci_host_send_asked(host);
    return value;
}

static void write_register(const struct sim_pci_host *host, struct sim_pci_address address,
                           unsigned int offset, unsigned int width, uint32_t value)
{
    struct sim_pci_function *function = reach(host, address);

    sim_pci_topology_write(host->topology, address, offset, width, value);
    if (function != NULL) {
        sim_pci_send_pending(function, &host->messages);
    }
    sim_pci_host_send_asked(host);
}

static uint32_t read_port(void *device, uint64_t offset, unsigned int width)
{
    struct sim_pci_host *host = device;

    if (offset == 0 && width == 4) {
        return host->config_address;
    }
    if (is_data_access(host, offset)) {
        return read_register(host, latched_address(host),
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
        write_register(host, latched_address(host),
                       latched_register(host) + (unsigned int)(offset - DATA), width, value);
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

    return read_register(window->host, window_address(window, offset),
                         (unsigned int)DD_GET(offset, DD_PCI_ECAM_ADDRESS_REGISTER), width);
}

static void write_window(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    const struct sim_pci_window *window = device;

    write_register(window->host, window_address(window, offset),
                   (unsigned int)DD_GET(offset, DD_PCI_ECAM_ADDRESS_REGISTER), width, value);
}

void sim_pci_host_init(struct sim_pci_host *host, struct sim_pci_topology *topology, size_t first,
                       size_t count)
{
    uint64_t base = SIM_PCI_WINDOWS;

    *host =
        (struct sim_pci_host){.topology = topology, .first_segment = first, .window_count = count};
    for (size_t i = 0; i < count; i++) {
        uint32_t segment = topology->segments[first + i].number;

        host->windows[i] = (struct sim_pci_window){host, segment, base};
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

static bool exists(const void *self, struct sim_pci_address address)
{
    const struct sim_pci_host *host = self;

    return sim_pci_topology_function(host->topology, address) != NULL;
}

static bool raise(void *self, struct sim_pci_address address, unsigned int index)
{
    return sim_pci_host_raise(self, address, index);
}

/*
 * What the guest can change: the address register, the functions' registers, and the routes that
 * follow from them. Pointers among them lead to the dump and stay the same.
 */
static int add_states(struct sim_pci_host *host, struct sim_machine *machine,
                      struct sim_error *error)
{
    const struct sim_pci_topology *topology = host->topology;
    const struct sim_device devices[] = {
        {.name = "PCI host bridge",
         .state = &host->config_address,
         .state_size = sizeof host->config_address},
        {.name = "PCI functions",
         .state = topology->functions,
         .state_size = topology->count * sizeof *topology->functions},
        {.name = "PCI memory",
         .self = topology->memory,
         .state = topology->memory,
         .state_size = sim_pci_memory_size(),
         .state_used = sim_pci_memory_used},
        {.name = "PCI buses",
         .state = topology->segments,
         .state_size = topology->segment_count * sizeof *topology->segments},
        {.name = "PCI virtual functions",
         .state = topology->made,
         .state_size = topology->made_count * sizeof *topology->made},
        {.name = "PCI faults", .state = topology->faults, .state_size = sizeof *topology->faults},
    };

    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (devices[i].state != NULL && sim_machine_add_device(machine, &devices[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void pass_time(void *machine, uint64_t nanoseconds)
{
    sim_machine_pass_time(machine, nanoseconds);
}

int sim_pci_host_connect(struct sim_pci_host *host, struct sim_machine *machine,
                         const struct sim_apic_port *port, struct sim_error *error)
{
    const struct sim_inject_pci pci = {host, exists, raise};
    const struct sim_bus_router ports = {host, sim_pci_host_find_port};
    const struct sim_bus_router memory = {host, sim_pci_host_find_memory};

    host->machine = machine;
    host->messages = (struct sim_pci_messages){.memory = host->topology->memory, .port = *port};
    if (host->topology->faults != NULL) {
        host->topology->faults->wait = pass_time;
        host->topology->faults->machine = machine;
    }
    sim_machine_route(machine, &ports, &memory);
    sim_machine_set_pci(machine, &pci);
    return add_states(host, machine, error);
}

int sim_pci_host_attach(struct sim_pci_host *host, struct sim_machine *machine,
                        struct sim_error *error)
{
    const struct sim_apic_port nowhere = {.deliver = NULL};
    struct sim_region ports = sim_pci_host_ports(host);

    if (sim_pci_host_connect(host, machine, &nowhere, error) != 0 ||
        sim_machine_add_ports(machine, &ports, error) != 0) {
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
