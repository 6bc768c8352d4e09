/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A bus as JSON for other programs; dump_open.h has the form of lspci.
 */
#ifndef DRYDOCK_SIM_PCI_EXPORT_H
#define DRYDOCK_SIM_PCI_EXPORT_H

#include <stdio.h>

#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

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
