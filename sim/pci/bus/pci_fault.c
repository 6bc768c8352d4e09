/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults at work. Some are in the registers from the beginning: capability lists
 * and base addresses that lie. The others are looked for at every configuration
 * access, as it comes from the host bridge: on the way a bridge may have dropped
 * out, at its end the function may be gone, late, deaf or full of ones.
 */
#include "sim/pci/bus/pci_fault.h"

#include <inttypes.h>

#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_topology.h"

static bool is_of(const struct sim_pci_fault *fault, const struct sim_pci_function *function)
{
    return sim_pci_address_compare(fault->function, function->address) == 0;
}

/* Whether a bridge is between a function and the processor. */
static bool leads_to(const struct sim_pci_topology *topology, const struct sim_pci_fault *fault,
                     const struct sim_pci_function *function)
{
    const struct sim_pci_function *bridge = sim_pci_topology_upstream(topology, function);

    for (unsigned int i = 0; i < SIM_PCI_BUSES && bridge != NULL; i++) {
        if (is_of(fault, bridge)) {
            return true;
        }
        bridge = sim_pci_topology_upstream(topology, bridge);
    }
    return false;
}

/*
 * Count an access; from one on the function answers no more, or the bridge passes nothing on. A
 * function that was put back stays.
 */
static bool is_last(struct sim_pci_topology *topology, struct sim_pci_fault *fault)
{
    bool was_put_back = fault->kind == SIM_PCI_FAULT_GONE && fault->struck > 0;

    if (fault->seen++ < fault->count || was_put_back) {
        return false;
    }
    fault->struck++;
    if (fault->kind == SIM_PCI_FAULT_GONE) {
        sim_pci_topology_remove(topology, sim_pci_topology_function(topology, fault->function));
    } else {
        sim_pci_topology_drop(topology, sim_pci_topology_function(topology, fault->function));
    }
    return true;
}

static bool is_too_late(const struct sim_pci_faults *faults, struct sim_pci_fault *fault)
{
    fault->seen++;
    fault->struck++;
    if (faults->wait != NULL) {
        faults->wait(faults->machine, fault->nanoseconds < SIM_PCI_FAULT_TIMEOUT
                                          ? fault->nanoseconds
                                          : SIM_PCI_FAULT_TIMEOUT);
    }
    return fault->nanoseconds >= SIM_PCI_FAULT_TIMEOUT;
}

bool sim_pci_faults_admit(struct sim_pci_topology *topology,
                          const struct sim_pci_function *function)
{
    struct sim_pci_faults *faults = topology->faults;
    bool answers = true;

    for (size_t i = 0; i < faults->count && answers; i++) {
        struct sim_pci_fault *fault = &faults->list[i];

        switch (fault->kind) {
        case SIM_PCI_FAULT_DROP:
            answers = !leads_to(topology, fault, function) || !is_last(topology, fault);
            break;
        case SIM_PCI_FAULT_GONE:
            answers = !is_of(fault, function) || !is_last(topology, fault);
            break;
        case SIM_PCI_FAULT_DELAY:
            answers = !is_of(fault, function) || !is_too_late(faults, fault);
            break;
        case SIM_PCI_FAULT_BACK:
            break;
        default:
            fault->seen += is_of(fault, function);
            break;
        }
    }
    return answers;
}

void sim_pci_faults_miss(struct sim_pci_topology *topology, struct sim_pci_function *function)
{
    struct sim_pci_faults *faults = topology->faults;

    for (size_t i = 0; i < faults->count; i++) {
        struct sim_pci_fault *fault = &faults->list[i];

        if (fault->kind == SIM_PCI_FAULT_BACK && is_of(fault, function) &&
            fault->seen++ >= fault->count && fault->struck == 0) {
            fault->struck++;
            sim_pci_topology_put_back(topology, function);
        }
    }
}

/* The bytes of a function's registers that a fault changes when they are read. */
struct place {
    unsigned int offset, bytes;
};

static struct place place_of(const struct sim_pci_fault *fault, const struct sim_pci_config *config)
{
    bool is_extended = fault->offset >= DD_PCI_CONFIG_SIZE;

    switch (fault->kind) {
    case SIM_PCI_FAULT_ONES:
        return (struct place){fault->offset, (unsigned int)fault->bytes};
    case SIM_PCI_FAULT_LOOP:
    case SIM_PCI_FAULT_ASTRAY: /* the pointer to the next capability */
        return is_extended ? (struct place){fault->offset + 2, 2}
                           : (struct place){fault->offset + 1, 1};
    case SIM_PCI_FAULT_SIZE:
        return (struct place){sim_pci_config_bar_offset(config, fault->bar), 4};
    default:
        return (struct place){0, 0};
    }
}

/* The bits of a read that are of a place. */
static uint32_t bits_of(struct place place, unsigned int offset, unsigned int width)
{
    uint32_t bits = 0;

    for (unsigned int i = 0; i < width; i++) {
        bits |= offset + i - place.offset < place.bytes ? UINT32_C(0xFF) << 8 * i : 0;
    }
    return bits;
}

uint32_t sim_pci_faults_change_read(const struct sim_pci_topology *topology,
                                    const struct sim_pci_function *function, unsigned int offset,
                                    unsigned int width, uint32_t value)
{
    struct sim_pci_faults *faults = topology->faults;

    for (size_t i = 0; i < faults->count; i++) {
        struct sim_pci_fault *fault = &faults->list[i];
        uint32_t bits = 0;

        if (is_of(fault, function)) {
            bits = bits_of(place_of(fault, &function->config), offset, width);
        }
        fault->struck += bits != 0;
        value |= fault->kind == SIM_PCI_FAULT_ONES ? bits : 0;
    }
    return value;
}

bool sim_pci_faults_lose(const struct sim_pci_topology *topology,
                         const struct sim_pci_function *function, unsigned int offset)
{
    struct sim_pci_faults *faults = topology->faults;
    bool lost = false;

    for (size_t i = 0; i < faults->count; i++) {
        struct sim_pci_fault *fault = &faults->list[i];

        if (fault->kind == SIM_PCI_FAULT_LOSE && is_of(fault, function) &&
            offset - fault->offset < fault->bytes) {
            fault->struck++;
            lost = true;
        }
    }
    return lost;
}

/* The list that a capability of a fault is in. */
static enum sim_pci_chain chain_of(const struct sim_pci_fault *fault)
{
    return fault->offset < DD_PCI_CONFIG_SIZE ? SIM_PCI_CHAIN : SIM_PCI_CHAIN_EXTENDED;
}

static bool has_capability(const struct sim_pci_config *config, const struct sim_pci_fault *fault)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];
    size_t count = sim_pci_config_list(config, chain_of(fault), list);

    for (size_t i = 0; i < count; i++) {
        if (list[i].offset == fault->offset) {
            return true;
        }
    }
    return false;
}

/* Where the pointer leads to: the first capability, the header, or what is before offset 100h. */
static unsigned int find_target(const struct sim_pci_config *config,
                                const struct sim_pci_fault *fault)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];
    enum sim_pci_chain chain = chain_of(fault);

    (void)sim_pci_config_list(config, chain, list);
    if (fault->kind == SIM_PCI_FAULT_LOOP) {
        return list[0].offset;
    }
    return chain == SIM_PCI_CHAIN ? DD_PCI_BAR : DD_PCI_CONFIG_SIZE - 4;
}

static void mislead(struct sim_pci_config *config, const struct sim_pci_fault *fault)
{
    unsigned int target = find_target(config, fault);
    uint8_t *header = &config->value[fault->offset];

    if (chain_of(fault) == SIM_PCI_CHAIN) {
        header[1] = (uint8_t)target;
    } else {
        header[2] = (uint8_t)((header[2] & 0x0F) | (target << 4 & 0xF0));
        header[3] = (uint8_t)(target >> 4);
    }
}

/* Put what is wrong from the beginning into the registers. */
static void install(struct sim_pci_fault *fault, struct sim_pci_config *config)
{
    fault->seen = 0;
    fault->struck = 0;
    if (fault->kind == SIM_PCI_FAULT_LOOP || fault->kind == SIM_PCI_FAULT_ASTRAY) {
        mislead(config, fault);
    } else if (fault->kind == SIM_PCI_FAULT_SIZE) {
        sim_pci_config_pretend(config, fault->bar, fault->bytes);
    }
}

/* What a fault needs is there, or a sentence. */
static int check(const struct sim_pci_topology *topology, const struct sim_pci_fault *fault,
                 struct sim_error *error)
{
    const struct sim_pci_function *function = sim_pci_topology_function(topology, fault->function);
    struct sim_pci_address_text name =
        sim_pci_address_text(fault->function, sim_pci_topology_segments(topology));
    struct sim_pci_range range;

    if (function == NULL) {
        return sim_error_set(error, "there is no function %s", name.text);
    }
    if (fault->kind == SIM_PCI_FAULT_DROP && function->behind < 0) {
        return sim_error_set(error, "%s is no bridge with a bus behind it", name.text);
    }
    if (fault->kind == SIM_PCI_FAULT_SIZE &&
        !sim_pci_config_range(&function->config, fault->bar, &range)) {
        return sim_error_set(error, "%s has no base address %u", name.text, fault->bar);
    }
    if ((fault->kind == SIM_PCI_FAULT_LOOP || fault->kind == SIM_PCI_FAULT_ASTRAY) &&
        !has_capability(&function->config, fault)) {
        return sim_error_set(error, "%s has no capability at 0x%x", name.text, fault->offset);
    }
    return 0;
}

int sim_pci_faults_apply(struct sim_pci_topology *topology, struct sim_pci_faults *faults,
                         struct sim_error *error)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (check(topology, &faults->list[i], error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < faults->count; i++) {
        struct sim_pci_fault *fault = &faults->list[i];

        install(fault, &sim_pci_topology_function(topology, fault->function)->config);
    }
    topology->faults = faults;
    return 0;
}
