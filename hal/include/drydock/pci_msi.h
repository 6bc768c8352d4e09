/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Message Signaled Interrupts: a function interrupts by writing a number to an address.
 *
 * A driver programs the message, unmasks and enables:
 *
 *     dd_pci_msi_program(access, address, &msi, &message);
 *     dd_pci_msi_enable(access, address, &msi);
 */
#ifndef DRYDOCK_PCI_MSI_H
#define DRYDOCK_PCI_MSI_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/**
 * The registers as read. Which of them a function has depends on `control`, and so does
 * where they are; those it does not have are 0 here.
 */
struct dd_pci_msi {
    uint16_t offset;        /**< of the capability */
    uint16_t control;       /**< fields DD_PCI_MSI_ENABLE … DD_PCI_MSI_EXTENDED_DATA_ENABLE */
    uint32_t address;       /**< field DD_PCI_MSI_ADDRESS */
    uint32_t address_upper; /**< if DD_PCI_MSI_ADDRESS_64_CAPABLE */
    uint16_t data;
    uint16_t extended_data; /**< if DD_PCI_MSI_EXTENDED_DATA_CAPABLE */
    uint32_t mask;          /**< if DD_PCI_MSI_MASKING_CAPABLE: one bit for each vector */
    uint32_t pending;       /**< likewise */
};

/** What a function is to write, and for how many interrupts. */
struct dd_pci_msi_message {
    uint64_t address;     /**< a multiple of 4 */
    uint32_t data;        /**< for vector 0; the function puts the vector into its lowest bits */
    unsigned int vectors; /**< 1, 2, 4, 8, 16 or 32 */
};

/**
 * Read the registers of an MSI capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability, as dd_pci_find_capability() gives it
 * @param[out] msi  its registers
 * @return DD_OK, else *msi is untouched; statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCI 3.0] 6.8.1, [PCIe 6] 7.7.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_msi *msi);

/**
 * How many interrupts the function can tell apart.
 *
 * @param msi  as read
 * @return 1, 2, 4, 8, 16 or 32; 0 if the register has a reserved value
 *
 * Spec: [PCI 3.0] 6.8.1.3.
 */
unsigned int dd_pci_msi_capable_vectors(const struct dd_pci_msi *msi);

/**
 * How many interrupts the function was given.
 *
 * @param msi  as read
 * @return 1, 2, 4, 8, 16 or 32; 0 if the register has a reserved value
 *
 * Spec: [PCI 3.0] 6.8.1.3.
 */
unsigned int dd_pci_msi_enabled_vectors(const struct dd_pci_msi *msi);

/**
 * Give a function its message. MSI is off afterwards, so that no half of a message is sent.
 *
 * @param access   handle
 * @param address  function
 * @param msi      as read
 * @param message  what to write
 * @retval DD_OK       address, data and number of vectors are written
 * @retval DD_EALIGN   the address is not a multiple of 4; nothing was written
 * @retval DD_EARG     vectors is not a power of two up to 32, or data uses the bits that the
 *                     function changes, or as dd_pci_write16(); nothing was written
 * @retval DD_ENOTSUP  more vectors than it can tell apart, an address above 4 GByte it has no room
 *                     for, or data above 16 bits; nothing was written
 * @retval DD_ENODEV   no function responds; nothing was written
 *
 * Spec: [PCI 3.0] 6.8.3.1; data above 16 bits: [PCIe 6] 7.7.1.6.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_program(const struct dd_pci_access *access,
                                                struct dd_pci_address address,
                                                const struct dd_pci_msi *msi,
                                                const struct dd_pci_msi_message *message);

/**
 * Turn MSI on. While it is on the function does not use its interrupt pin.
 *
 * @param access   handle
 * @param address  function
 * @param msi      as read
 * @retval DD_OK      the register was written
 * @retval DD_ENODEV  no function responds; nothing was written
 * @retval DD_EARG    as dd_pci_write16(); nothing was written
 *
 * Spec: [PCI 3.0] 6.8.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_enable(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_msi *msi);

/**
 * Turn MSI off.
 *
 * @param access   handle
 * @param address  function
 * @param msi      as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_msi_enable()
 *
 * Spec: [PCI 3.0] 6.8.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_disable(const struct dd_pci_access *access,
                                                struct dd_pci_address address,
                                                const struct dd_pci_msi *msi);

/** One of the interrupts of a function. */
struct dd_pci_msi_vector {
    const struct dd_pci_msi *msi; /**< as read */
    unsigned int index;           /**< below dd_pci_msi_capable_vectors() */
};

/**
 * Mask one vector: a function that wants to interrupt meanwhile waits.
 *
 * @param access   handle
 * @param address  function
 * @param vector   which one
 * @retval DD_OK       the register was written
 * @retval DD_ENOTSUP  the function has no masks; nothing was written
 * @retval DD_EARG     it has no such vector, or as dd_pci_write32(); nothing was written
 * @retval DD_ENODEV   no function responds; nothing was written
 *
 * Spec: [PCI 3.0] 6.8.1.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_mask(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             const struct dd_pci_msi_vector *vector);

/**
 * Unmask one vector: a pending interrupt is then sent.
 *
 * @param access   handle
 * @param address  function
 * @param vector   which one
 * @retval DD_OK  the register was written
 * @return else as dd_pci_msi_mask()
 *
 * Spec: [PCI 3.0] 6.8.1.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_unmask(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_msi_vector *vector);

/**
 * Read which vectors wait for being unmasked.
 *
 * @param access        handle
 * @param address       function
 * @param msi           as read
 * @param[out] pending  one bit for each vector
 * @retval DD_OK       *pending is valid
 * @retval DD_ENOTSUP  the function has no masks; *pending untouched
 * @retval DD_EARG     as dd_pci_read32(); *pending untouched
 * @retval DD_ENODEV   no function responds; *pending untouched
 *
 * Spec: [PCI 3.0] 6.8.1.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_msi_read_pending(const struct dd_pci_access *access,
                                                     struct dd_pci_address address,
                                                     const struct dd_pci_msi *msi,
                                                     uint32_t *pending);

#endif
