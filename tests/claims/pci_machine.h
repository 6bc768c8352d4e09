/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The PCI buses of the machine the claims know: fixtures/pci-dumps/machines/qemu-q35-claims.args.
 */
#ifndef DRYDOCK_TESTS_PCI_MACHINE_H
#define DRYDOCK_TESTS_PCI_MACHINE_H

#include "drydock/pci.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_scan.h"
#include "drydock/status.h"

#define PCI_MACHINE_FUNCTIONS    18 /* what the machine has */
#define PCI_MACHINE_CAPABILITIES 8  /* more than any of its functions has in a list */

/** Functions in the order a scan visited them. */
struct pci_functions {
    unsigned int count; /**< all that were visited, also those beyond the array */
    struct dd_pci_function list[PCI_MACHINE_FUNCTIONS];
};

/** Entries in the order a walk visited them. */
struct pci_capabilities {
    unsigned int count; /**< all that were visited, also those beyond the array */
    struct dd_pci_capability list[PCI_MACHINE_CAPABILITIES];
};

/** An address in segment 0. */
struct dd_pci_address pci_at(uint8_t bus, uint8_t device, uint8_t function);

/** Open the ECAM window of segment 0; DD_ENOENT if the world names none. */
enum dd_status pci_machine_open_ecam(struct dd_pci_access *access);

/** Scan the root buses of segment 0. */
enum dd_status pci_machine_scan(const struct dd_pci_access *access,
                                struct pci_functions *functions);

/** A visitor that collects what a scan finds; it never stops. */
struct dd_pci_visitor pci_collect_functions(struct pci_functions *functions);

/** A visitor that collects what a walk finds; it never stops. */
struct dd_pci_capability_visitor pci_collect_capabilities(struct pci_capabilities *capabilities);

#endif
