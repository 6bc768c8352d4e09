/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the guest found, printed for people and in the form of lspci.
 */
#ifndef DRYDOCK_SIM_PCI_LISTING_H
#define DRYDOCK_SIM_PCI_LISTING_H

#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"

/** Print the lines of `lspci -n`. */
void sim_pci_list_numeric(const struct sim_pci_report *report, enum sim_pci_segments segments,
                          FILE *file);

/**
 * Print the functions bus by bus, indented as they hang from the bridges, with names, base address
 * registers and capabilities, at most 100 columns wide.
 *
 * @param topology    tells assumed sizes from known ones
 * @param report      what the guest found
 * @param[out] error  on failure: libpci has no names, or there is no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_list_tree(const struct sim_pci_topology *topology,
                                     const struct sim_pci_report *report, FILE *file,
                                     struct sim_error *error);

#endif
