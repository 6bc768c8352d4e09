/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The bytes of a dump as report lines of kernel/protocol.h: what a guest should find.
 */
#ifndef DRYDOCK_SIM_PCI_DUMP_REPORT_H
#define DRYDOCK_SIM_PCI_DUMP_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"
#include "sim/pci/report/pci_report.h"

/** Print a function's line; @p bytes are its first SIM_PCI_REPORT_BYTES. */
void sim_pci_print_function(FILE *file, struct sim_pci_address address, const uint8_t *bytes);

/** Print a capability's line. */
void sim_pci_print_capability(FILE *file, struct sim_pci_address address,
                              const struct sim_pci_capability *capability);

/**
 * Print the lines of both capability lists of a function in a dump.
 *
 * A list ends where sim_dump_check_capabilities() says; a header of unknown type has none.
 */
void sim_pci_print_dump_lists(FILE *file, const struct sim_dump_function *function);

/**
 * Report all functions of a dump, reachable or not.
 *
 * @param[out] report  filled in on success, to be freed with sim_pci_report_free()
 * @return 0, or -1 with *error set if there is no memory
 */
SIM_MUST_CHECK int sim_pci_report_dump(const struct sim_dump *dump, struct sim_pci_report *report,
                                       struct sim_error *error);

#endif
