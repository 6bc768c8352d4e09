/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The PCI-X capability: of ordinary functions, and of bridges.
 */
#ifndef DRYDOCK_PCI_PCIX_H
#define DRYDOCK_PCI_PCIX_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_pcix_regs.h"
#include "drydock/status.h"

/** The registers of ECC as read; 0 in version 0, which has none. */
struct dd_pci_pcix_ecc {
    uint32_t control; /**< fields DD_PCI_PCIX_ECC_SELECT_SECONDARY … DD_PCI_PCIX_ECC_MODE */
    uint32_t first_address;
    uint32_t second_address;
    uint32_t attribute;
};

/** The registers of an ordinary function as read. */
struct dd_pci_pcix {
    uint16_t offset;  /**< of the capability */
    uint16_t command; /**< fields DD_PCI_PCIX_DATA_PARITY_RECOVERY … DD_PCI_PCIX_VERSION */
    uint32_t status;  /**< fields DD_PCI_PCIX_FUNCTION … DD_PCI_PCIX_533_MHZ */
    struct dd_pci_pcix_ecc ecc;
};

/** The registers of a bridge as read. */
struct dd_pci_pcix_bridge {
    uint16_t offset;           /**< of the capability */
    uint16_t secondary_status; /**< fields DD_PCI_PCIX_BRIDGE_SECONDARY_… */
    uint32_t status;           /**< fields DD_PCI_PCIX_BRIDGE_FUNCTION … */
    uint32_t upstream;         /**< split transactions: capacity in 15:0, limit in 31:16 */
    uint32_t downstream;
    struct dd_pci_pcix_ecc ecc;
};

/**
 * Read the PCI-X capability of a function whose header is not a bridge's.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability, as dd_pci_find_capability() gives it
 * @param[out] pcix  its registers
 * @retval DD_OK          *pcix is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *pcix
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of its 256 bytes
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCI-X 2.0] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_pcix_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_pcix *pcix);

/**
 * Read the PCI-X capability of a bridge.
 *
 * @param access       handle
 * @param address      function, with a header of type 1
 * @param offset       of the capability, as dd_pci_find_capability() gives it
 * @param[out] bridge  its registers
 * @return as dd_pci_pcix_read()
 *
 * Spec: [PCI-X 2.0] 8.6.2. The statuses are those of dd_pci_pcix_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_pcix_read_bridge(const struct dd_pci_access *access,
                                                     struct dd_pci_address address, uint16_t offset,
                                                     struct dd_pci_pcix_bridge *bridge);

/**
 * Most bytes of one memory read.
 *
 * @param code  value of DD_PCI_PCIX_READ_SIZE or DD_PCI_PCIX_DESIGNED_READ_SIZE, 0..3
 * @return 512, 1024, 2048 or 4096; 0 if there is no such code
 *
 * Spec: [PCI-X 2.0] 7.2.3, 7.2.4.
 */
unsigned int dd_pci_pcix_read_size(unsigned int code);

/**
 * Most split transactions under way at once.
 *
 * @param code  value of DD_PCI_PCIX_OUTSTANDING or DD_PCI_PCIX_DESIGNED_OUTSTANDING, 0..7
 * @return 1, 2, 3, 4, 8, 12, 16 or 32; 0 if there is no such code
 *
 * Spec: [PCI-X 2.0] 7.2.3, 7.2.4.
 */
unsigned int dd_pci_pcix_outstanding(unsigned int code);

/**
 * Set how many bytes the function may ask for with one memory read.
 *
 * @param access   handle
 * @param address  function
 * @param pcix     as read; it is not updated
 * @param bytes    512, 1024, 2048 or 4096
 * @retval DD_OK          it is set; other fields keep what they have
 * @retval DD_EARG        bytes is none of these, or as dd_pci_write16(); nothing was written, as
 *                        after all failures
 * @retval DD_ENOTSUP     more than the function was designed for
 * @retval DD_EALIGN      pcix is not from dd_pci_pcix_read()
 * @retval DD_EMALFORMED  likewise
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [PCI-X 2.0] 7.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_pcix_set_read_size(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_pcix *pcix,
                                                       unsigned int bytes);

#endif
