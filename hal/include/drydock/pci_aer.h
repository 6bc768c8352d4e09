/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Advanced Error Reporting: what went wrong on a link or inside a function, and, in root ports and
 * event collectors, what the functions below have told.
 */
#ifndef DRYDOCK_PCI_AER_H
#define DRYDOCK_PCI_AER_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** The registers every function with the capability has, as read. */
struct dd_pci_aer {
    uint16_t offset;                 /**< of the capability */
    uint32_t uncorrectable_status;   /**< fields DD_PCI_AER_DATA_LINK_PROTOCOL … */
    uint32_t uncorrectable_mask;     /**< the same fields: 1 is not reported */
    uint32_t uncorrectable_severity; /**< the same fields: 1 is fatal */
    uint32_t correctable_status;     /**< fields DD_PCI_AER_RECEIVER_ERROR … */
    uint32_t correctable_mask;       /**< the same fields */
    uint32_t control;                /**< fields DD_PCI_AER_FIRST_ERROR_POINTER … */
    uint32_t header_log[4];          /**< header of the packet of the first error */
    uint32_t
        prefix_log[4]; /**< its prefixes; 0 unless control has DD_PCI_AER_TLP_PREFIX_LOG_PRESENT */
};

/** What root ports and root complex event collectors have in addition, as read. */
struct dd_pci_aer_root {
    uint16_t offset;  /**< of the capability */
    uint32_t command; /**< fields DD_PCI_AER_REPORT_CORRECTABLE … DD_PCI_AER_REPORT_FATAL */
    uint32_t status;  /**< fields DD_PCI_AER_CORRECTABLE_RECEIVED … */
    uint32_t source;  /**< Requester IDs: DD_PCI_AER_SOURCE_CORRECTABLE, …_UNCORRECTABLE */
};

/**
 * Read the registers of an Advanced Error Reporting capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] aer  its registers
 * @retval DD_OK          *aer is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *aer
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability, or the prefix log it says is there, would run past the
 *                        end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.8.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_aer_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_aer *aer);

/**
 * Read the registers a root port or root complex event collector has in addition.
 *
 * Other functions may have something else there. The statuses are those of dd_pci_aer_read();
 * *root is untouched after failures.
 *
 * @param access     handle
 * @param address    root port or event collector
 * @param offset     of the capability
 * @param[out] root  the registers
 *
 * Spec: [PCIe 6] 7.8.4.9 to 7.8.4.11.
 */
DD_MUST_CHECK enum dd_status dd_pci_aer_read_root(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_aer_root *root);

/**
 * The error the logs belong to.
 *
 * @param aer  as read
 * @return the bit of uncorrectable_status the First Error Pointer means; 0 if that is not set, as
 *         when no error is pending: then the logs mean nothing
 *
 * Spec: [PCIe 6] 6.2.4.2.
 */
uint32_t dd_pci_aer_first_error(const struct dd_pci_aer *aer);

/**
 * Clear the errors that were read, and no others: what came meanwhile stays for the next reading.
 *
 * A register without errors in *seen is not written. The statuses are those of dd_pci_aer_read(),
 * and nothing was cleared after failures.
 *
 * @param access   handle
 * @param address  function
 * @param seen     what dd_pci_aer_read() gave for it
 *
 * Spec: [PCIe 6] 7.8.4.2 and 7.8.4.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_aer_clear(const struct dd_pci_access *access,
                                              struct dd_pci_address address,
                                              const struct dd_pci_aer *seen);

/**
 * Clear the messages that were read, and no others.
 *
 * The statuses are those of dd_pci_aer_read(), and nothing was cleared after failures.
 *
 * @param access   handle
 * @param address  root port or event collector
 * @param seen     what dd_pci_aer_read_root() gave for it
 *
 * Spec: [PCIe 6] 7.8.4.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_aer_clear_root(const struct dd_pci_access *access,
                                                   struct dd_pci_address address,
                                                   const struct dd_pci_aer_root *seen);

/**
 * Choose the messages that interrupt.
 *
 * @param access   handle
 * @param address  root port or event collector
 * @param offset   of the capability
 * @param reports  bits of DD_PCI_AER_REPORT_CORRECTABLE, …_NON_FATAL, …_FATAL; those not given are
 *                 switched off
 * @retval DD_OK    the Root Error Command register has exactly these
 * @retval DD_EARG  other bits in reports, or as dd_pci_aer_read(); nothing was written
 * @return else as dd_pci_aer_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.8.4.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_aer_set_reports(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint16_t offset,
                                                    uint32_t reports);

#endif
