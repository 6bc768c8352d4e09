/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Advanced Features of conventional PCI: the reset of one function (FLR).
 */
#ifndef DRYDOCK_PCI_AF_H
#define DRYDOCK_PCI_AF_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** The registers as read, and where they are. */
struct dd_pci_af {
    uint16_t offset; /**< of the capability */
    uint8_t length;  /**< bytes of the capability, 6 */
    uint8_t
        capabilities; /**< fields DD_PCI_AF_TRANSACTIONS_PENDING_CAPABLE, DD_PCI_AF_FLR_CAPABLE */
    uint8_t control;  /**< field DD_PCI_AF_INITIATE_FLR, which reads as 0 */
    uint8_t status;   /**< field DD_PCI_AF_TRANSACTIONS_PENDING */
};

/**
 * Read the registers of an Advanced Features capability.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 * @param[out] af  its registers
 * @return DD_OK, else *af is untouched; statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCIe 6] 7.9.22.
 */
DD_MUST_CHECK enum dd_status dd_pci_af_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            struct dd_pci_af *af);

/**
 * Reset one function, as nothing else of its device is (Function Level Reset).
 *
 * Command is cleared first, so that the function starts no more transactions; those begun get up
 * to a second to end, if the function tells. Then the reset is started, the function left alone
 * for 100 ms, and gets up to a second to answer. Afterwards its registers are as after power-on,
 * Command and BARs included.
 *
 * @param access   handle
 * @param address  function
 * @param af       as read
 * @param delay    how to wait
 * @retval DD_OK          the function was reset and answers
 * @retval DD_ENOTSUP     it has no such reset; nothing was written
 * @retval DD_ETIMEOUT    transactions do not end: it was not reset, and Command is as it was
 * @retval DD_ENOTREADY   it was reset, and is not ready after that second
 * @retval DD_ENODEV      no function responds, or it did not come back
 * @retval DD_EARG        as dd_pci_write16(); nothing was written
 * @retval DD_EALIGN      af is not from dd_pci_af_read(); nothing was written
 * @retval DD_EMALFORMED  likewise
 *
 * Spec: [PCIe 6] 7.9.22.4 and 6.6.2, as for functions of PCI Express.
 */
DD_MUST_CHECK enum dd_status dd_pci_af_reset_function(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      const struct dd_pci_af *af,
                                                      const struct dd_delay *delay);

#endif
