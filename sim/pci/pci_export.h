/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A bus in formats for other programs.
 */
#ifndef DRYDOCK_SIM_PCI_EXPORT_H
#define DRYDOCK_SIM_PCI_EXPORT_H

#include <stdio.h>

#include "sim/pci/pci_report.h"
#include "sim/pci/pci_topology.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/**
 * Write the functions as `lspci -x`, `-xxx` or `-xxxx` does, so that `lspci -F` reads them.
 *
 * A function has as many rows as it takes to show every byte that is known: 64, 256 or 4096 bytes.
 * Bytes in them that are not known are 00, as everywhere in the model.
 */
void sim_pci_export_hex(const struct sim_pci_topology *topology, FILE *file);

/**
 * Write what was found as JSON: an array of functions with "address", "vendor", "device", "class",
 * "revision", "header_type", "bars" and "capabilities". Numbers, but addresses and the sizes of BARs
 * are text: "0x…" of 64 bits.
 *
 * @param[out] error  no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_export_json(const struct sim_pci_topology *topology,
                                       const struct sim_pci_report *report, FILE *file,
                                       struct sim_error *error);

#endif
