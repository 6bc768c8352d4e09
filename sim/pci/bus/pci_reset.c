/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resets that software asks for by a configuration write. The bits that ask for
 * a reset of a function read as zero, so it is the value written that counts; a
 * bus is reset by a change of a bit that stays, and power states by the change
 * from one to the other.
 */
#include "sim/pci/bus/pci_reset.h"

#include "drydock/pci_regs.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    ID_POWER_MANAGEMENT = 0x01,
    ID_EXPRESS = 0x10,
    ID_ADVANCED_FEATURES = 0x13,
};

/* Registers, from the start of their capability, and their bits. */
enum {
    POWER_CAPABILITIES = 2,
    POWER_HAS_D1 = 1 << 9,
    POWER_HAS_D2 = 1 << 10,
    POWER_CONTROL = 4,
    POWER_NO_SOFT_RESET = 1 << 3,
    DEVICE_CAPABILITIES = 4,
    DEVICE_CAN_RESET = 1 << 28,
    DEVICE_CONTROL = 8,
    DEVICE_INITIATE = 1 << 15,
    FEATURES_CAPABILITIES = 3,
    FEATURES_CAN_RESET = 1 << 1,
    FEATURES_CONTROL = 4,
    FEATURES_INITIATE = 1 << 0,
};

void sim_pci_reset_before(const struct sim_pci_function *function, struct sim_pci_write *write)
{
    write->power = sim_pci_power_state(&function->config);
    write->resets_bus = sim_pci_function_resets_bus(function);
    write->makes_virtual = sim_pci_virtual_is_enabled(function);
}

/* The bits of a register at @p at, up to 16 bits wide, that were written as 1. */
static unsigned int written_ones(const struct sim_pci_write *write, unsigned int at)
{
    unsigned int ones = 0;

    for (unsigned int i = 0; i < 2; i++) {
        if (at + i >= write->offset && at + i < write->offset + write->width) {
            ones |= (write->value >> 8 * (at + i - write->offset) & 0xFF) << 8 * i;
        }
    }
    return ones;
}

static bool asks_for_reset(const struct sim_pci_config *config, const struct sim_pci_write *write)
{
    struct sim_pci_extent found;

    if (sim_pci_config_find(config, SIM_PCI_CHAIN, ID_EXPRESS, &found) &&
        (written_ones(write, found.offset + DEVICE_CONTROL) & DEVICE_INITIATE) != 0 &&
        (sim_pci_config_read(config, found.offset + DEVICE_CAPABILITIES, 4) & DEVICE_CAN_RESET) !=
            0) {
        return true;
    }
    return sim_pci_config_find(config, SIM_PCI_CHAIN, ID_ADVANCED_FEATURES, &found) &&
           (written_ones(write, found.offset + FEATURES_CONTROL) & FEATURES_INITIATE) != 0 &&
           (sim_pci_config_read(config, found.offset + FEATURES_CAPABILITIES, 1) &
            FEATURES_CAN_RESET) != 0;
}

void sim_pci_reset_function(struct sim_pci_topology *topology, struct sim_pci_function *function,
                            enum sim_pci_reset reset)
{
    sim_pci_config_reset(&function->config, reset);
    sim_pci_memory_clear(topology->memory, function->address);
}

/* Buses hang from each other as a tree, so this ends. */
static void reset_bus(struct sim_pci_topology *topology, const struct sim_pci_function *bridge)
{
    const struct sim_pci_segment *segment =
        sim_pci_topology_segment(topology, bridge->address.segment);

    if (bridge->behind < 0) {
        return;
    }
    for (size_t i = segment->bus_start[bridge->behind]; i < segment->bus_start[bridge->behind + 1];
         i++) {
        sim_pci_reset_function(topology, &topology->functions[i], SIM_PCI_RESET_CONVENTIONAL);
        reset_bus(topology, &topology->functions[i]);
    }
}

static bool has_state(uint32_t capabilities, enum sim_pci_power state)
{
    return !(state == SIM_PCI_D1 && (capabilities & POWER_HAS_D1) == 0) &&
           !(state == SIM_PCI_D2 && (capabilities & POWER_HAS_D2) == 0);
}

/* A write of a state the function does not have completes, but changes nothing. */
static void change_power(struct sim_pci_topology *topology, struct sim_pci_function *function,
                         enum sim_pci_power before)
{
    struct sim_pci_config *config = &function->config;
    enum sim_pci_power after = sim_pci_power_state(config);
    struct sim_pci_extent power;

    if (after == before ||
        !sim_pci_config_find(config, SIM_PCI_CHAIN, ID_POWER_MANAGEMENT, &power)) {
        return;
    }
    if (!has_state(sim_pci_config_read(config, power.offset + POWER_CAPABILITIES, 2), after)) {
        sim_pci_config_write(config, power.offset + POWER_CONTROL, 1, before);
    } else if (before == SIM_PCI_D3_HOT && after == SIM_PCI_D0 &&
               (sim_pci_config_read(config, power.offset + POWER_CONTROL, 1) &
                POWER_NO_SOFT_RESET) == 0) {
        sim_pci_reset_function(topology, function, SIM_PCI_RESET_CONVENTIONAL);
    }
}

void sim_pci_reset_after(struct sim_pci_topology *topology, struct sim_pci_function *function,
                         const struct sim_pci_write *write)
{
    change_power(topology, function, write->power);
    if (asks_for_reset(&function->config, write)) {
        sim_pci_reset_function(topology, function, SIM_PCI_RESET_FUNCTION);
    }
    if (!write->resets_bus && sim_pci_function_resets_bus(function)) {
        reset_bus(topology, function);
    }
    if (!write->makes_virtual && sim_pci_virtual_is_enabled(function)) {
        sim_pci_virtual_reset(topology, function);
    }
}
