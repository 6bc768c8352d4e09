/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a configuration write does to functions beyond the register it goes to:
 * resets of a function, of a bus, and by the way out of D3hot. Resets are
 * complete at once.
 */
#ifndef DRYDOCK_SIM_PCI_RESET_H
#define DRYDOCK_SIM_PCI_RESET_H

#include <stdbool.h>

#include "sim/pci/report/pci_decode.h"
#include "sim/pci/bus/pci_topology.h"

/** A configuration write, and what the function was like before it. */
struct sim_pci_write {
    unsigned int offset, width;
    uint32_t value;
    enum sim_pci_power power;
    bool resets_bus, makes_virtual;
};

/** Note what a function is like. The first three members are filled in by the caller. */
void sim_pci_reset_before(const struct sim_pci_function *function, struct sim_pci_write *write);

/**
 * After the write: reset what it resets.
 *
 * - Initiate Function Level Reset, of PCI Express or of Advanced Features, if the function has it;
 * - D3hot to D0, unless No_Soft_Reset is 1. A state the function does not have is not entered;
 * - Secondary Bus Reset set to 1: all functions behind the bridge, which do not answer until it
 *   is 0 again;
 * - VF Enable set to 1: the virtual functions, which are made anew.
 *
 * Registers go back to their values after power-on, sticky ones excepted (pci_config.h), and the
 * function's memory is zero.
 *
 * Spec: [PCIe 6] 6.6.1, 6.6.2, 7.5.1.3.13, 7.9.20, 9.3.3.3.1; [PCI PM 1.2] 3.2.4, 5.4.1.
 */
void sim_pci_reset_after(struct sim_pci_topology *topology, struct sim_pci_function *function,
                         const struct sim_pci_write *write);

/** Reset a function. */
void sim_pci_reset_function(struct sim_pci_topology *topology, struct sim_pci_function *function,
                            enum sim_pci_reset reset);

#endif
