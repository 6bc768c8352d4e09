/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What a root complex says about itself: which endpoints an event collector speaks for, which
 * elements are linked inside, and register blocks outside configuration space.
 */
#ifndef DRYDOCK_PCI_ROOT_COMPLEX_H
#define DRYDOCK_PCI_ROOT_COMPLEX_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Root Complex Event Collector Endpoint Association: the registers as read. */
struct dd_pci_rcec {
    uint16_t offset;  /**< of the capability */
    uint8_t version;  /**< of the capability; the bus numbers exist from 2 on */
    uint32_t devices; /**< bit n: device n of the collector's own bus is associated */
    uint32_t buses;   /**< fields DD_PCI_RCEC_NEXT_BUS, DD_PCI_RCEC_LAST_BUS; 0 in version 1 */
};

/** Root Complex Link Declaration: its first register as read. */
struct dd_pci_rclink {
    uint16_t offset; /**< of the capability */
    uint32_t self;   /**< fields DD_PCI_RCLINK_ELEMENT_TYPE … DD_PCI_RCLINK_PORT */
};

/** One link of it, as read. */
struct dd_pci_rclink_entry {
    uint32_t description; /**< fields DD_PCI_RCLINK_VALID … DD_PCI_RCLINK_TARGET_PORT */
    uint64_t address;     /**< of a register block in memory, or where a function's registers are */
};

/** Root Complex Internal Link Control: the registers as read. */
struct dd_pci_rcilink {
    uint16_t offset;       /**< of the capability */
    uint32_t capabilities; /**< fields DD_PCI_RCILINK_MAX_SPEED … DD_PCI_RCILINK_SPEEDS */
    uint16_t control;      /**< fields DD_PCI_RCILINK_ASPM_CONTROL, …_EXTENDED_SYNCH */
    uint16_t status;       /**< fields DD_PCI_RCILINK_SPEED, DD_PCI_RCILINK_WIDTH */
};

/** Root Complex Register Block Header: the registers as read. */
struct dd_pci_rcrb {
    uint16_t offset;       /**< of the capability */
    uint16_t vendor;       /**< Vendor ID of the block */
    uint16_t device;       /**< its Device ID */
    uint32_t capabilities; /**< field DD_PCI_RCRB_RETRY_VISIBILITY */
    uint32_t control;      /**< field DD_PCI_RCRB_RETRY_VISIBILITY_ENABLE */
};

/**
 * Read the registers of an event collector's endpoint association.
 *
 * @param access     handle
 * @param address    event collector
 * @param offset     of the capability
 * @param[out] rcec  its registers
 * @retval DD_OK          *rcec is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *rcec
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_rcec_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_rcec *rcec);

/**
 * Whether an event collector speaks for a root complex integrated endpoint.
 *
 * @param rcec       as read
 * @param collector  the collector's address
 * @param endpoint   the endpoint's address
 * @retval DD_OK      it does
 * @retval DD_ENOENT  it does not
 *
 * Spec: [PCIe 6] 7.9.10.2 and 7.9.10.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_rcec_has(const struct dd_pci_rcec *rcec,
                                             struct dd_pci_address collector,
                                             struct dd_pci_address endpoint);

/**
 * Read the first register of a link declaration.
 *
 * The statuses are those of dd_pci_rcec_read(); *rclink is untouched after failures.
 *
 * @param access       handle
 * @param address      function
 * @param offset       of the capability
 * @param[out] rclink  the register
 *
 * Spec: [PCIe 6] 7.9.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_rclink_read(const struct dd_pci_access *access,
                                                struct dd_pci_address address, uint16_t offset,
                                                struct dd_pci_rclink *rclink);

/**
 * Read one link of a link declaration.
 *
 * @param access      handle
 * @param address     function
 * @param rclink      as read from it
 * @param index       which link, below DD_PCI_RCLINK_COUNT of rclink->self
 * @param[out] entry  the link
 * @retval DD_OK    *entry is valid
 * @retval DD_EARG  there is no such link, or as dd_pci_rcec_read(); *entry untouched
 * @return else as dd_pci_rcec_read(); *entry untouched
 *
 * Spec: [PCIe 6] 7.9.8.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_rclink_read_entry(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      const struct dd_pci_rclink *rclink,
                                                      unsigned int index,
                                                      struct dd_pci_rclink_entry *entry);

/**
 * The function a link leads to.
 *
 * @param entry        as read
 * @param[out] target  its address in segment 0, and
 * @param[out] base    where configuration space of its segment begins in physical memory
 * @retval DD_OK      both are valid
 * @retval DD_ENOENT  the link leads to a register block in memory; both untouched
 *
 * Spec: [PCIe 6] 7.9.8.3.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_rclink_target(const struct dd_pci_rclink_entry *entry,
                                                  struct dd_pci_address *target, uint64_t *base);

/**
 * Read the registers of a link inside a root complex.
 *
 * The statuses are those of dd_pci_rcec_read(); *rcilink is untouched after failures.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability
 * @param[out] rcilink  its registers
 *
 * Spec: [PCIe 6] 7.9.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_rcilink_read(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t offset,
                                                 struct dd_pci_rcilink *rcilink);

/**
 * Read the registers of a register block's header.
 *
 * The statuses are those of dd_pci_rcec_read(); *rcrb is untouched after failures.
 *
 * @param access     handle, on the register block
 * @param address    any address the handle takes
 * @param offset     of the capability
 * @param[out] rcrb  its registers
 *
 * Spec: [PCIe 6] 7.9.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_rcrb_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_rcrb *rcrb);

#endif
