/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Enhanced Allocation: ranges of addresses that are fixed, in place of BARs.
 *
 *     struct dd_pci_ea ea;
 *     struct dd_pci_ea_entry entry;
 *     enum dd_status status = dd_pci_ea_read(access, address, offset, &ea);
 *
 *     while (status == DD_OK && (status = dd_pci_ea_next(access, address, &ea, &entry)) == DD_OK) {
 *         dd_pci_ea_range(&entry, &range);
 *     }
 */
#ifndef DRYDOCK_PCI_EA_H
#define DRYDOCK_PCI_EA_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/pci_header.h"
#include "drydock/status.h"

/** A capability as read, and the place among its entries where reading goes on. */
struct dd_pci_ea {
    uint16_t offset;         /**< of the capability */
    uint8_t count;           /**< entries, 0..63 */
    uint8_t layout;          /**< of the header, enum dd_pci_layout: a bridge has the two buses */
    uint8_t secondary_bus;   /**< of a bridge: the bus right behind it, fixed; 0: not fixed */
    uint8_t subordinate_bus; /**< of a bridge: the last one behind it; 0: not fixed */
    uint8_t left;            /**< entries not yet read */
    uint16_t next;           /**< where the next one begins, from the capability's start */
};

/** Values of DD_PCI_EA_ENTRY_BAR above 5; below they are the BAR. Spec: [PCIe 6] 7.8.5.3. */
enum dd_pci_ea_bar {
    DD_PCI_EA_BAR_BEHIND = 6, /**< what is behind the function, not itself */
    DD_PCI_EA_BAR_NONE = 7,   /**< no BAR */
    DD_PCI_EA_BAR_ROM = 8,
    DD_PCI_EA_BAR_VF_FIRST = 9, /**< 9..14: BAR 0..5 of virtual functions */
};

/** Values of the two fields with properties. Spec: [PCIe 6] 7.8.5.3. */
enum dd_pci_ea_property {
    DD_PCI_EA_MEMORY = 0x00,
    DD_PCI_EA_MEMORY_PREFETCHABLE = 0x01,
    DD_PCI_EA_IO = 0x02,
    DD_PCI_EA_VF_MEMORY_PREFETCHABLE = 0x03,
    DD_PCI_EA_VF_MEMORY = 0x04,
    DD_PCI_EA_BRIDGE_MEMORY = 0x05,
    DD_PCI_EA_BRIDGE_MEMORY_PREFETCHABLE = 0x06,
    DD_PCI_EA_BRIDGE_IO = 0x07,
    DD_PCI_EA_UNUSABLE_MEMORY = 0xFD,
    DD_PCI_EA_UNUSABLE_IO = 0xFE,
    DD_PCI_EA_UNUSABLE = 0xFF,
};

/** An entry as read. */
struct dd_pci_ea_entry {
    uint32_t header;           /**< fields DD_PCI_EA_ENTRY_SIZE … DD_PCI_EA_ENTRY_ENABLE */
    uint32_t base;             /**< fields DD_PCI_EA_ENTRY_BASE_64, DD_PCI_EA_ENTRY_BASE */
    uint32_t max_offset;       /**< likewise DD_PCI_EA_ENTRY_MAX_OFFSET_… */
    uint32_t base_upper;       /**< 0 if the entry has none */
    uint32_t max_offset_upper; /**< 0 if the entry has none */
};

/**
 * Read the head of an Enhanced Allocation capability.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 * @param[out] ea  the head; the first entry is next
 * @return DD_OK, else *ea is untouched; statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCIe 6] 7.8.5.1 and 7.8.5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_ea_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            struct dd_pci_ea *ea);

/**
 * Read the next entry.
 *
 * @param access      handle
 * @param address     function
 * @param[in,out] ea  as read; moved to the entry after this one
 * @param[out] entry  its registers
 * @retval DD_OK          *entry is valid
 * @retval DD_ENOENT      there are no more; *entry and *ea untouched, as after all failures
 * @retval DD_EMALFORMED  the entry is too short for what it says it has, or runs past the end of
 *                        the 256 bytes
 * @retval DD_ENODEV      no function responds
 * @retval DD_EARG        as dd_pci_read32()
 *
 * Spec: [PCIe 6] 7.8.5.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ea_next(const struct dd_pci_access *access,
                                            struct dd_pci_address address, struct dd_pci_ea *ea,
                                            struct dd_pci_ea_entry *entry);

/**
 * The addresses of an entry: from its base, its greatest offset included.
 *
 * @param entry       as read
 * @param[out] range  the addresses; both ends are inclusive
 * @retval DD_OK          *range is valid; whether it may be used say DD_PCI_EA_ENTRY_ENABLE and the
 *                        properties
 * @retval DD_EMALFORMED  base and offset leave the 64-bit address space; *range untouched
 *
 * Spec: [PCIe 6] 7.8.5.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ea_range(const struct dd_pci_ea_entry *entry,
                                             struct dd_pci_range *range);

#endif
