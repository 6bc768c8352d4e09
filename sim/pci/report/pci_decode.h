/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Which function answers at an address of memory or I/O space, as base addresses
 * and the windows of the bridges are programmed now.
 */
#ifndef DRYDOCK_SIM_PCI_DECODE_H
#define DRYDOCK_SIM_PCI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pci/bus/pci_topology.h"

/** A function that answers at an address. */
struct sim_pci_target {
    struct sim_pci_function *function;
    unsigned int bar; /**< 0 to 6 */
    struct sim_pci_range range;
};

/** What is looked for. */
struct sim_pci_request {
    size_t segment, segment_count; /**< index of the first segment to ask, and how many */
    enum sim_pci_space space;
    uint64_t address;
};

/**
 * Find who answers at an address: on each bus the functions there, then what is behind bridges that
 * have the address in a window, then what is behind those that take whatever nobody else does. Of
 * several, the first.
 *
 * A function in a power state other than D0 does not answer, nor does one that is gone.
 *
 * @param[out] target  untouched if nobody answers
 * @return whether somebody does
 *
 * Spec: [PCI 3.0] 6.2.5; [PCI-PCI 1.2] 3.2.5.6 to 3.2.5.9, 3.2.5.18; [PC Card 8] volume 2.
 */
bool sim_pci_decode(const struct sim_pci_topology *topology, const struct sim_pci_request *request,
                    struct sim_pci_target *target);

/** Power states of a function. Spec: [PCI PM 1.2] 3.2.4. */
enum sim_pci_power {
    SIM_PCI_D0,
    SIM_PCI_D1,
    SIM_PCI_D2,
    SIM_PCI_D3_HOT,
};

/** The power state a function is in: SIM_PCI_D0 if it cannot be in another. */
enum sim_pci_power sim_pci_power_state(const struct sim_pci_config *config);

#endif
