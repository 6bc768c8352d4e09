/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What is in the DVSECs of Compute Express Link, in words.
 */
#ifndef DRYDOCK_PCI_PRINT_CXL_H
#define DRYDOCK_PCI_PRINT_CXL_H

#include "drydock/pci_vendor_specific.h"
#include "drydock/status.h"

#include "pci_print.h"

/** Print the lines behind the first of a DVSEC whose header this is; none if it is too short. */
enum dd_status dd_pci_print_cxl(struct pci_printing *printing, const struct dd_pci_dvsec *dvsec);

/** Print a Flex Bus port's, as dd_pci_print_cxl(). */
enum dd_status dd_pci_print_cxl_flex_bus(struct pci_printing *printing);

#endif
