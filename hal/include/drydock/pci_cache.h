/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A handle that reads each register of a function once, however often it is asked.
 *
 * For callers that want all of a function: header, capabilities, their registers. Each
 * of these begins by looking at the same few registers, and a configuration read
 * takes about a microsecond.
 */
#ifndef DRYDOCK_PCI_CACHE_H
#define DRYDOCK_PCI_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/pci.h"

/**
 * The registers of one function at a time, as read, and the handle.
 *
 * Reads and writes through `access` that are of the same function as the one before
 * find what was read; the first one of another function drops it. A write goes
 * to the function, and drops the dword it is in; one above the header, where registers
 * may change any others, drops everything. Registers that change by themselves are seen
 * as they were until dd_pci_forget() of the handle, or dd_pci_cache_forget(), drops
 * everything: calls of the library that wait for a register do so before each look.
 *
 * Reads of any width read the whole dword. A function that vanishes is gone for good
 * until it is forgotten: all reads after that give all ones.
 */
struct dd_pci_cache {
    struct dd_pci_access access;         /**< the handle to use */
    const struct dd_pci_access *through; /**< the handle it uses */
    struct dd_pci_address address;       /**< the function it holds */
    bool is_gone;
    uint32_t known[DD_PCI_EXTENDED_CONFIG_SIZE / 4 / 32]; /**< one bit for each dword */
    uint32_t dwords[DD_PCI_EXTENDED_CONFIG_SIZE / 4];
};

/**
 * Make a handle that remembers, over one that does not.
 *
 * @param[out] cache  holds nothing yet; must not be moved while its handle is used
 * @param through     must outlive the cache
 *
 * Spec: [PCI 3.0] 6.1.
 */
void dd_pci_cache_init(struct dd_pci_cache *cache, const struct dd_pci_access *through);

/**
 * Drop everything that was read.
 *
 * @param cache  cache
 *
 * Spec: [PCI 3.0] 6.1.
 */
void dd_pci_cache_forget(struct dd_pci_cache *cache);

#endif
