/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Short names of PCI capabilities.
 */
#ifndef DRYDOCK_SIM_PCI_CAPABILITY_NAME_H
#define DRYDOCK_SIM_PCI_CAPABILITY_NAME_H

#include "sim/pci/report/pci_report.h"

/** "MSI-X" for 11h of the first list, "AER" for 1 of the extended one; NULL if not in the tables. */
const char *sim_pci_capability_name(enum sim_pci_list list, unsigned int id);

#endif
