/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The capabilities of the functions on the machine's PCI buses, in words.
 */
#ifndef DRYDOCK_KERNEL_PCI_DESCRIBE_H
#define DRYDOCK_KERNEL_PCI_DESCRIBE_H

#include <stdint.h>

/**
 * For the simulated machine: enumerate as kpci_report() does and print the capabilities of every function.
 *
 * For each function: a line @line with no text, then one for each line of
 * dd_pci_print_capabilities(); @trouble wherever the library reports one. @end follows the last.
 *
 * @param mechanism  as for kpci_report()
 */
void kpci_describe(uint32_t mechanism);

#endif
