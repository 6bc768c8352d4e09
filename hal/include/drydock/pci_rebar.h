/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Resizable BAR and VF Resizable BAR: base address registers whose size software chooses.
 */
#ifndef DRYDOCK_PCI_REBAR_H
#define DRYDOCK_PCI_REBAR_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Entries at most. */
#define DD_PCI_REBAR_MAX 6

/** The registers of one entry, as read. */
struct dd_pci_rebar_entry {
    uint32_t capability; /**< field DD_PCI_REBAR_0_SIZES */
    uint32_t control;    /**< fields DD_PCI_REBAR_0_INDEX … DD_PCI_REBAR_0_LARGE_SIZES */
};

/** The registers as read, and where they are. */
struct dd_pci_rebar {
    uint16_t offset;                                     /**< of the capability */
    unsigned int count;                                  /**< entries: 1..6 */
    struct dd_pci_rebar_entry entries[DD_PCI_REBAR_MAX]; /**< the first `count` are valid */
};

/**
 * Read the registers of a Resizable BAR or VF Resizable BAR capability.
 *
 * @param access      handle
 * @param address     function
 * @param offset      of the capability: ID 0x0015 or 0x0024
 * @param[out] rebar  its registers
 * @retval DD_OK          *rebar is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *rebar
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  it says it has no entry or more than six; or they would run past the end
 *                        of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.8.6 and 7.8.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_rebar_read(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               struct dd_pci_rebar *rebar);

/**
 * The sizes a register can have.
 *
 * @param entry  as read
 * @return bit n: 2 to the power of n bytes; bits 20 (1 MB) to 63 (8 EB)
 *
 * Spec: [PCIe 6] 7.8.6.2 and 7.8.6.3.
 */
uint64_t dd_pci_rebar_sizes(const struct dd_pci_rebar_entry *entry);

/**
 * The size a register has.
 *
 * @param entry  as read
 * @return bytes, 1 MB to 8 EB; 0 for a reserved value
 *
 * Spec: [PCIe 6] 7.8.6.3.
 */
uint64_t dd_pci_rebar_size(const struct dd_pci_rebar_entry *entry);

/**
 * Choose the size of a register.
 *
 * The caller has to have memory decoding off, of the function or of its VFs, and to give the
 * register an address of the new alignment before it is on again: what it holds now is lost. An
 * ordinary register's function is asked about its Command register.
 *
 * @param access   handle
 * @param address  function
 * @param rebar    as read from it
 * @param index    entry, 0 to count - 1
 * @param size     bytes
 * @retval DD_OK       it has this size
 * @retval DD_EARG     index is not below count, or as dd_pci_rebar_read(); nothing was written
 * @retval DD_ENOTSUP  it cannot have this size; nothing was written
 * @retval DD_EEXIST   memory decoding is on; nothing was written
 * @return else as dd_pci_rebar_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.8.6.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_rebar_set_size(const struct dd_pci_access *access,
                                                   struct dd_pci_address address,
                                                   const struct dd_pci_rebar *rebar,
                                                   unsigned int index, uint64_t size);

#endif
