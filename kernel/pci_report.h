/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the library finds on the machine's PCI buses, as lines of protocol.h.
 */
#ifndef DRYDOCK_KERNEL_PCI_REPORT_H
#define DRYDOCK_KERNEL_PCI_REPORT_H

#include <stdint.h>

/**
 * Enumerate the root buses of kmachine() and all buses behind them, and print every function.
 *
 * For each function: @pci, then its @cap, @ecap and @bar lines; @trouble wherever the library
 * reports one. @end follows the last. Base address registers of host bridges (class 0600) are not
 * sized, because that takes them off the bus; those of all other functions are.
 *
 * @param mechanism  a value of enum kpci_mechanism; with any other nothing is found. Mechanism 1
 *                   reaches segment 0 and no extended capabilities.
 */
void kpci_report(uint32_t mechanism);

#endif
