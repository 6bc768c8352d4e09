/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's accesses to ports and devices: the width is checked against what
 * the device takes, the clock is set for the device, the access is traced, and
 * the processor looks afterwards whether an interrupt came of it.
 *
 * An access of a bad width does not reach the device: it reads as all ones, its
 * write is lost, and it is a finding.
 */
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"

#include <inttypes.h>

#define PORT_LIMIT UINT64_C(0x10000)
#define PAGE       UINT64_C(4096)

static uint32_t all_ones(unsigned int width)
{
    return UINT32_MAX >> (32 - 8 * width);
}

static bool takes(const struct sim_region *region, uint64_t address, unsigned int width)
{
    return region->widths == 0 || ((region->widths & width) != 0 && address % width == 0);
}

static void report_width(struct sim_machine *machine, const struct sim_region *region,
                         uint64_t address, unsigned int width)
{
    sim_finding_add(&machine->findings, SIM_FINDING_BUS, sim_engine_rip(machine->engine),
                    "%s: %u-byte access at 0x%" PRIx64 ", which the device does not take",
                    region->name, width, address);
}

/* The device at an address if it takes this access; a finding and NULL if not. */
static const struct sim_region *find_taker(struct sim_machine *machine, const struct sim_bus *bus,
                                           uint64_t address, unsigned int width)
{
    const struct sim_region *region = sim_bus_find(bus, address, 1);

    if (region == NULL ||
        (takes(region, address, width) && address - region->base + width <= region->size)) {
        return region;
    }
    report_width(machine, region, address, width);
    return NULL;
}

/* Before and after a device is accessed. */
static void enter_device(struct sim_machine *machine)
{
    machine->clock.now = sim_engine_time(machine->engine);
}

static void leave_device(struct sim_machine *machine)
{
    sim_engine_request_look(machine->engine);
}

/* Whether there is a device and it answers. */
static bool is_alive(struct sim_machine *machine, const struct sim_region *region)
{
    return region != NULL && !machine_inject_silences(machine, region);
}

uint32_t machine_read_port(void *context, uint16_t port, unsigned int width)
{
    struct sim_machine *machine = context;
    const struct sim_region *region = find_taker(machine, &machine->ports, port, width);
    uint32_t value = all_ones(width);

    machine_debug_note_port(machine, port, width);
    if (is_alive(machine, region)) {
        enter_device(machine);
        value &= region->read(region->device, port - region->base, width);
        leave_device(machine);
    }
    machine_trace(machine, SIM_TRACE_IN, port, value, width);
    return value;
}

void machine_write_port(void *context, uint16_t port, unsigned int width, uint32_t value)
{
    struct sim_machine *machine = context;
    const struct sim_region *region = find_taker(machine, &machine->ports, port, width);

    machine_debug_note_port(machine, port, width);
    machine_trace(machine, SIM_TRACE_OUT, port, value & all_ones(width), width);
    if (is_alive(machine, region)) {
        enter_device(machine);
        region->write(region->device, port - region->base, width, value & all_ones(width));
        leave_device(machine);
    }
}

enum machine_server machine_who_serves(const struct sim_machine *machine, uint64_t physical)
{
    if (sim_bus_find(&machine->devices, physical, 1) != NULL) {
        return MACHINE_DEVICE;
    }
    return physical < machine->memory.size ? MACHINE_RAM : MACHINE_NOBODY;
}

static bool takes_eight(const struct sim_region *region)
{
    return region->widths == 0 || (region->widths & 8) != 0;
}

/* Whether an access is one of 8 bytes for the device, and not parts of it. */
static bool is_eight(const struct sim_region *region, struct sim_engine_access whole)
{
    return whole.size == 8 && whole.physical % 8 == 0 && region->read8 != NULL &&
           takes_eight(region) && whole.physical - region->base <= region->size - 8;
}

/* Whether the device takes a part of this access. The width that counts is the instruction's. */
static bool takes_part(const struct sim_region *region, struct sim_engine_access whole)
{
    return region->widths == 0 ||
           ((region->widths & whole.size) != 0 && whole.physical % whole.size == 0 &&
            whole.physical - region->base + whole.size <= region->size);
}

/* The engine reads more than the instruction does if that is not aligned. */
static bool is_outside(uint64_t physical, unsigned int width, struct sim_engine_access whole)
{
    return whole.size != 0 &&
           (physical >= whole.physical + whole.size || physical + width <= whole.physical);
}

/* The device that an access, or a part of one, goes to. */
static const struct sim_region *find_device(struct sim_machine *machine, uint64_t physical,
                                            unsigned int width, struct sim_engine_access whole)
{
    const struct sim_region *region = sim_bus_find(&machine->devices, physical, 1);

    if (region == NULL) {
        sim_finding_add(&machine->findings, SIM_FINDING_BUS, sim_engine_rip(machine->engine),
                        "access to physical address 0x%" PRIx64 ", where there is no RAM or device",
                        physical);
        return NULL;
    }
    if (whole.size == 0) {
        return find_taker(machine, &machine->devices, physical, width);
    }
    if (!takes_part(region, whole)) {
        report_width(machine, region, whole.physical, whole.size);
        return NULL;
    }
    return physical - region->base + width <= region->size ? region : NULL;
}

/* The physical address behind the engine's one. */
static uint64_t undo_alias(uint64_t physical)
{
    return physical >= MACHINE_ALIAS ? physical - MACHINE_ALIAS : physical;
}

/* The engine asks for both halves, one after the other; the device is asked for the first. */
static uint32_t read_half(struct sim_machine *machine, const struct sim_region *region,
                          uint64_t address)
{
    uint64_t value = UINT64_MAX;

    if (machine->half.address == address) {
        machine->half.address = 0;
        return machine->half.value;
    }
    if (is_alive(machine, region)) {
        enter_device(machine);
        value = region->read8(region->device, address - region->base);
        leave_device(machine);
    }
    machine_trace(machine, SIM_TRACE_MMIO_READ, 8, address, value);
    machine->half = (struct machine_half){address + 4, (uint32_t)(value >> 32)};
    return (uint32_t)value;
}

/* The device gets both with the second. */
static void write_half(struct sim_machine *machine, const struct sim_region *region,
                       uint64_t address, uint32_t value)
{
    uint64_t whole = machine->half.value | (uint64_t)value << 32;

    if (machine->half.address != address) {
        machine->half = (struct machine_half){address + 4, value};
        return;
    }
    machine->half.address = 0;
    machine_trace(machine, SIM_TRACE_MMIO_WRITE, 8, address - 4, whole);
    if (is_alive(machine, region)) {
        enter_device(machine);
        region->write8(region->device, address - 4 - region->base, whole);
        leave_device(machine);
    }
}

uint32_t machine_read_device(void *context, uint64_t physical, unsigned int width,
                             struct sim_engine_access whole)
{
    struct sim_machine *machine = context;
    uint64_t address = undo_alias(physical);
    const struct sim_region *region = NULL;
    uint32_t value = all_ones(width);

    whole.physical = undo_alias(whole.physical);
    if (is_outside(address, width, whole)) {
        return value;
    }
    region = find_device(machine, address, width, whole);
    if (region != NULL && is_eight(region, whole)) {
        return read_half(machine, region, address);
    }
    if (is_alive(machine, region)) {
        enter_device(machine);
        value &= region->read(region->device, address - region->base, width);
        leave_device(machine);
    }
    machine_trace(machine, SIM_TRACE_MMIO_READ, width, address, value);
    return value;
}

void machine_write_device(void *context, uint64_t physical, unsigned int width,
                          struct sim_engine_access whole, uint32_t value)
{
    struct sim_machine *machine = context;
    uint64_t address = undo_alias(physical);
    const struct sim_region *region = NULL;

    whole.physical = undo_alias(whole.physical);
    region = find_device(machine, address, width, whole);
    if (region != NULL && is_eight(region, whole)) {
        write_half(machine, region, address, value);
        return;
    }
    machine_trace(machine, SIM_TRACE_MMIO_WRITE, width, address, value & all_ones(width));
    if (is_alive(machine, region)) {
        enter_device(machine);
        region->write(region->device, address - region->base, width, value & all_ones(width));
        leave_device(machine);
    }
}

void sim_machine_pass_time(struct sim_machine *machine, uint64_t nanoseconds)
{
    sim_engine_skip_time(machine->engine, sim_engine_time(machine->engine) + nanoseconds);
    enter_device(machine);
}

void sim_machine_route(struct sim_machine *machine, const struct sim_bus_router *ports,
                       const struct sim_bus_router *memory)
{
    machine->ports.router = *ports;
    machine->devices.router = *memory;
}

bool machine_find_gap(void *context, uint64_t physical, struct sim_bus_gap *gap)
{
    const struct sim_machine *machine = context;
    const struct sim_bus_gap space = {machine->memory.size,
                                      MACHINE_PHYSICAL_LIMIT - machine->memory.size};

    if (machine->devices.router.find == NULL || physical - space.base >= space.size) {
        return false;
    }
    *gap = sim_bus_find_gap(&machine->devices, physical, space);
    return true;
}

int sim_machine_add_ports(struct sim_machine *machine, const struct sim_region *region,
                          struct sim_error *error)
{
    return sim_bus_add(&machine->ports, region, PORT_LIMIT, error) == NULL ? -1 : 0;
}

int sim_machine_add_mmio(struct sim_machine *machine, const struct sim_region *region,
                         struct sim_error *error)
{
    if (region->base % PAGE != 0 || region->size % PAGE != 0) {
        return sim_error_set(error,
                             "%s: 0x%" PRIx64 " bytes at 0x%" PRIx64 " are not whole pages of 4096",
                             region->name, region->size, region->base);
    }
    if (sim_bus_add(&machine->devices, region, MACHINE_PHYSICAL_LIMIT, error) == NULL) {
        return -1;
    }
    if (machine->tlb != NULL) {
        return 0; /* reached through the alias */
    }
    return sim_engine_add_device(machine->engine, region->base, region->size, error);
}
