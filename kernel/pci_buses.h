/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The functions on the machine's PCI buses, and the lines of protocol.h about them.
 */
#ifndef DRYDOCK_KERNEL_PCI_BUSES_H
#define DRYDOCK_KERNEL_PCI_BUSES_H

#include <stdint.h>

#include "drydock/pci.h"
#include "drydock/pci_scan.h"
#include "drydock/status.h"

/** Who is told about functions. */
struct kpci_visitor {
    /** @p access reaches the function, and remembers its registers: see drydock/pci_cache.h. */
    void (*found)(void *context, const struct dd_pci_access *access,
                  const struct dd_pci_function *function);
    void *context; /**< passed to it */
};

/**
 * Enumerate the root buses of kmachine() and all buses behind them. Prints @trouble where the
 * library cannot.
 *
 * @param mechanism  a value of enum kpci_mechanism; with any other nothing is found. Mechanism 1
 *                   reaches segment 0 and no extended capabilities.
 * @param visitor    told about each function
 */
void kpci_visit(uint32_t mechanism, const struct kpci_visitor *visitor);

/** Print the start of a line: the tag and the address. */
void kpci_print_start(const char *tag, struct dd_pci_address address);

/** Print a line @trouble. */
void kpci_print_trouble(struct dd_pci_address address, enum dd_status status, const char *what);

#endif
