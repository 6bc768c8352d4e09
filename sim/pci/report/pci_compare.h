/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 5: what the guest found against what others find in the same dump.
 */
#ifndef DRYDOCK_SIM_PCI_COMPARE_H
#define DRYDOCK_SIM_PCI_COMPARE_H

#include <stddef.h>
#include <stdio.h>

#include "sim/pci/report/pci_guest.h"
#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"

/** What is compared. */
struct sim_pci_comparison {
    const struct sim_pci_topology *topology; /**< judged, see sim_pci_reach_judge() */
    const struct sim_pci_guest *guest;
    const struct sim_pci_report *libpci; /**< what libpci finds in the dump's file; may be empty */
    const struct sim_pci_report *dump;   /**< the dump itself, for what libpci does not find */
};

/**
 * Compare and print a line with both values for each difference.
 *
 * - Which functions: those that can be reached, see pci_reach.h.
 * - Their first 64 bytes and both capability lists against libpci's, else the dump's. A list is
 *   compared up to the first entry that the dump does not have.
 * - The sizes of base address registers against what the hardware model was made with.
 * - What mechanism 1 found against what ECAM found.
 * - The header registers the guest left behind against the dump: enumeration changes nothing.
 *
 * @return how many differences
 */
size_t sim_pci_compare(const struct sim_pci_comparison *comparison, FILE *file);

#endif
