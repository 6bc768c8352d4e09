/* SPDX-License-Identifier: MIT */
/**
 * @file
 * TPH Requester: steering tags a function puts into its requests, and Multicast: groups of ports
 * that get the same write.
 */
#ifndef DRYDOCK_PCI_TPH_H
#define DRYDOCK_PCI_TPH_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Values of DD_PCI_TPH_TABLE_LOCATION; 3 is reserved. */
enum dd_pci_tph_location {
    DD_PCI_TPH_NO_TABLE = 0,
    DD_PCI_TPH_TABLE_IN_CAPABILITY = 1,
    DD_PCI_TPH_TABLE_IN_MSIX = 2,
};

/** Values of DD_PCI_TPH_MODE; the others are reserved. */
enum dd_pci_tph_mode {
    DD_PCI_TPH_MODE_NO_TABLE = 0,
    DD_PCI_TPH_MODE_INTERRUPT_VECTOR = 1,
    DD_PCI_TPH_MODE_DEVICE_SPECIFIC = 2,
};

/** Values of DD_PCI_TPH_REQUESTER_ENABLE; 2 is reserved. */
enum dd_pci_tph_requests {
    DD_PCI_TPH_REQUESTS_OFF = 0,
    DD_PCI_TPH_REQUESTS_ON = 1,
    DD_PCI_TPH_REQUESTS_EXTENDED = 3, /**< tags of 16 bits too */
};

/** TPH Requester: the registers as read, and where they are. */
struct dd_pci_tph {
    uint16_t offset;     /**< of the capability */
    uint32_t capability; /**< fields DD_PCI_TPH_NO_TABLE_MODE … DD_PCI_TPH_TABLE_SIZE */
    uint32_t control;    /**< fields DD_PCI_TPH_MODE, DD_PCI_TPH_REQUESTER_ENABLE */
};

/** Multicast: the registers as read, and where they are. */
struct dd_pci_multicast {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_MULTICAST_MAX_GROUP … */
    uint16_t control;    /**< fields DD_PCI_MULTICAST_NUM_GROUP, …_ENABLE */
    uint64_t base;       /**< field DD_PCI_MULTICAST_INDEX_POSITION; bits 63:12 the address */
    uint64_t receive;    /**< bit n: group n is received */
    uint64_t block_all;  /**< bit n: nothing may be sent to group n */
    uint64_t block_untranslated; /**< bit n: only translated addresses may */
};

/**
 * Read the registers of a TPH Requester capability, without a table.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] tph  its registers
 * @retval DD_OK          *tph is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *tph
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.13.
 */
DD_MUST_CHECK enum dd_status dd_pci_tph_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_tph *tph);

/**
 * How many entries the steering tag table inside the capability has.
 *
 * @param tph  as read
 * @return 1..2048; 0 if it is not inside the capability
 *
 * Spec: [PCIe 6] 7.9.13.2.
 */
unsigned int dd_pci_tph_entries(const struct dd_pci_tph *tph);

/**
 * Read a steering tag from the table inside the capability.
 *
 * @param access    handle
 * @param address   function
 * @param tph       as read from it
 * @param index     entry, below dd_pci_tph_entries()
 * @param[out] tag  fields DD_PCI_TPH_TAG, DD_PCI_TPH_TAG_UPPER
 * @retval DD_OK    *tag is valid
 * @retval DD_EARG  there is no such entry, or as dd_pci_tph_read(); *tag untouched
 * @return else as dd_pci_tph_read(); *tag untouched
 *
 * Spec: [PCIe 6] 7.9.13.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_tph_read_tag(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_tph *tph, unsigned int index,
                                                 uint16_t *tag);

/**
 * Write a steering tag into the table inside the capability.
 *
 * The statuses are those of dd_pci_tph_read_tag(), and nothing was written after failures.
 *
 * @param access   handle
 * @param address  function
 * @param tph      as read from it
 * @param index    entry, below dd_pci_tph_entries()
 * @param tag      fields DD_PCI_TPH_TAG, DD_PCI_TPH_TAG_UPPER
 *
 * Spec: [PCIe 6] 7.9.13.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_tph_write_tag(const struct dd_pci_access *access,
                                                  struct dd_pci_address address,
                                                  const struct dd_pci_tph *tph, unsigned int index,
                                                  uint16_t tag);

/**
 * Choose where a function takes its tags from, and whether it uses them.
 *
 * @param access    handle
 * @param address   function
 * @param tph       as read from it
 * @param mode      where from
 * @param requests  whether
 * @retval DD_OK       Control is written, its other bits as they were
 * @retval DD_EARG     mode or requests out of range, or as dd_pci_tph_read(); nothing was written
 * @retval DD_ENOTSUP  the function cannot do this; nothing was written
 * @return else as dd_pci_tph_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.9.13.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_tph_set_mode(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_tph *tph,
                                                 enum dd_pci_tph_mode mode,
                                                 enum dd_pci_tph_requests requests);

/**
 * Read the registers of a Multicast capability, without the overlay register of ports.
 *
 * The statuses are those of dd_pci_tph_read(); *multicast is untouched after failures.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability
 * @param[out] multicast  its registers
 *
 * Spec: [PCIe 6] 7.9.11.
 */
DD_MUST_CHECK enum dd_status dd_pci_multicast_read(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t offset,
                                                   struct dd_pci_multicast *multicast);

/**
 * Read the overlay register of a root port or a switch's downstream port.
 *
 * The statuses are those of dd_pci_tph_read(); *overlay is untouched after failures.
 *
 * @param access        handle
 * @param address       port
 * @param offset        of the capability
 * @param[out] overlay  field DD_PCI_MULTICAST_OVERLAY_SIZE; bits 63:6 the address
 *
 * Spec: [PCIe 6] 7.9.11.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_multicast_read_overlay(const struct dd_pci_access *access,
                                                           struct dd_pci_address address,
                                                           uint16_t offset, uint64_t *overlay);

#endif
