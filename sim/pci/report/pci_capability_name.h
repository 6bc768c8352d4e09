/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What capabilities of PCI functions are called in what is printed of them.
 */
#ifndef DRYDOCK_SIM_PCI_CAPABILITY_NAME_H
#define DRYDOCK_SIM_PCI_CAPABILITY_NAME_H

#include <stdbool.h>

#include "sim/pci/dump/dump.h"
#include "sim/pci/report/pci_report.h"

/** "MSI-X" for 11h of the first list, "AER" for 1 of the extended one; NULL if not in the tables. */
const char *sim_pci_capability_name(enum sim_pci_list list, unsigned int id);

/**
 * Whether a dump says what a capability is. If it ends before, as that of `lspci -x` does, the bytes
 * read as 0, and what the guest found there is no capability.
 */
bool sim_pci_capability_is_in_dump(const struct sim_dump_function *function,
                                   const struct sim_pci_capability *capability);

#endif
