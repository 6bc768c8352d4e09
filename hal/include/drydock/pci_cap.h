/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The two lists of capabilities of a function.
 *
 * In the headers of the capabilities, what can be on or off has a pair of functions, …_enable() and
 * …_disable() or …_mask() and …_unmask(); dd_pci_…_set_…() gives a register the value or the set of
 * bits in its arguments, where a bit that is not given becomes 0.
 */
#ifndef DRYDOCK_PCI_CAP_H
#define DRYDOCK_PCI_CAP_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_scan.h"
#include "drydock/status.h"

/** An entry of either list. */
struct dd_pci_capability {
    uint16_t id;     /**< what it is; 0: a null capability, nothing but a link */
    uint16_t offset; /**< of its first byte: 0x40..0xFC, extended 0x100..0xFFC; a multiple of 4 */
    uint8_t version; /**< of an extended capability, 0..15; else 0 */
};

/** Who is told about entries. */
struct dd_pci_capability_visitor {
    enum dd_pci_visit (*found)(void *context, const struct dd_pci_capability *capability);
    void *context; /**< passed to it */
};

/**
 * Visit the entries of the first capability list, in its order.
 *
 * Each entry is visited once, at most 48; a list that turns out to be bad has
 * been visited up to there. Reads: at most 4, and 1 for each entry; 1 more if
 * nobody seems to answer.
 *
 * @param access   handle
 * @param address  function
 * @param visitor  told about each entry; it may use the handle
 * @retval DD_OK          the list ended, or is empty, or the visitor stopped
 * @retval DD_EARG        as dd_pci_read8(); nothing was visited
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @retval DD_ENOTSUP     the header has none of the three known layouts; nothing was visited
 * @retval DD_EMALFORMED  a pointer leads into the header, below 0x40, or to an entry with ID 0xFF
 * @retval DD_ELOOP       a pointer leads back to an entry that was visited
 *
 * Spec: [PCI 3.0] 6.7, [PCIe 6] 7.5.1.1.11; type 2 headers: [PC Card 8] volume 2.
 */
DD_MUST_CHECK enum dd_status
dd_pci_walk_capabilities(const struct dd_pci_access *access, struct dd_pci_address address,
                         const struct dd_pci_capability_visitor *visitor);

/**
 * Find the first entry of the first capability list that has this ID.
 *
 * @param access       handle
 * @param address      function
 * @param id           ID, 0..0xFE
 * @param[out] offset  where the entry begins
 * @retval DD_OK      *offset is valid
 * @retval DD_ENOENT  the list ended without it; *offset untouched
 * @return else as dd_pci_walk_capabilities(), when the list went bad before the entry was found;
 *         *offset untouched
 *
 * Spec: [PCI 3.0] 6.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_find_capability(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint8_t id,
                                                    uint16_t *offset);

/**
 * Visit the entries of the extended capability list, in its order.
 *
 * Only a function with a PCI Express capability in its first list has one; others
 * may show anything above offset 0xFF, their first 256 bytes again for example. A
 * header of all zeros or all ones ends the list. Each entry is visited once, at
 * most 960; a list that turns out to be bad has been visited up to there.
 *
 * @param access   handle
 * @param address  function
 * @param visitor  told about each entry; it may use the handle
 * @retval DD_OK          the list ended, or there is none, or the visitor stopped
 * @retval DD_EARG        as dd_pci_read8(); nothing was visited
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @retval DD_ENOTSUP     the handle reaches only 256 bytes there, or the header has none of the three
 *                        known layouts; nothing was visited
 * @retval DD_EMALFORMED  a pointer leads below 0x100; or the first list is malformed and the PCI
 *                        Express capability was not found before that
 * @retval DD_ELOOP       a pointer leads back to an entry that was visited; or the first list does,
 *                        and the PCI Express capability is not in it
 *
 * Spec: [PCIe 6] 7.6.
 */
DD_MUST_CHECK enum dd_status
dd_pci_walk_extended_capabilities(const struct dd_pci_access *access, struct dd_pci_address address,
                                  const struct dd_pci_capability_visitor *visitor);

/**
 * Find the first entry of the extended capability list that has this ID.
 *
 * @param access       handle
 * @param address      function
 * @param id           ID, 1..0xFFFF: one of enum dd_pci_extended_id for example
 * @param[out] offset  where the entry begins, 0x100..0xFFC
 * @retval DD_OK      *offset is valid
 * @retval DD_ENOENT  the list ended without it, or there is none; *offset untouched
 * @return else as dd_pci_walk_extended_capabilities(), when the list went bad before the entry was
 *         found; *offset untouched
 *
 * Spec: [PCIe 6] 7.6.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_find_extended_capability(const struct dd_pci_access *access,
                                                             struct dd_pci_address address,
                                                             uint16_t id, uint16_t *offset);

#endif
