/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Native PCIe Enclosure Management: the lights of a drive slot; and how long a function takes to be
 * ready: Readiness Time Reporting and Function Readiness Status Queueing.
 */
#ifndef DRYDOCK_PCI_NPEM_H
#define DRYDOCK_PCI_NPEM_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Native PCIe Enclosure Management: the registers as read, and where they are. */
struct dd_pci_npem {
    uint16_t offset;     /**< of the capability */
    uint32_t capability; /**< fields DD_PCI_NPEM_CAPABLE, DD_PCI_NPEM_CAPABLE_OK … */
    uint32_t control;    /**< fields DD_PCI_NPEM_ENABLE, DD_PCI_NPEM_CONTROL_OK … */
    uint32_t status;     /**< fields DD_PCI_NPEM_COMMAND_COMPLETED, …_ENCLOSURE_STATUS */
};

/** Readiness Time Reporting: the registers as read, and where they are. */
struct dd_pci_readiness {
    uint16_t offset;  /**< of the capability */
    uint32_t times_1; /**< fields DD_PCI_READINESS_RESET, …_LINK_UP, …_VALID */
    uint32_t times_2; /**< fields DD_PCI_READINESS_FLR, …_D3HOT_TO_D0 */
};

/** Function Readiness Status Queueing: the registers as read, and where they are. */
struct dd_pci_frs {
    uint16_t offset;     /**< of the capability */
    uint32_t capability; /**< fields DD_PCI_FRS_MAX_DEPTH, …_INTERRUPT_MESSAGE_NUMBER */
    uint16_t status;     /**< fields DD_PCI_FRS_RECEIVED, DD_PCI_FRS_OVERFLOW */
    uint16_t control;    /**< field DD_PCI_FRS_INTERRUPT_ENABLE */
    uint32_t message;    /**< the oldest: fields DD_PCI_FRS_FUNCTION, …_REASON, …_DEPTH */
};

/**
 * Read the registers of an enclosure management capability.
 *
 * @param access     handle
 * @param address    port or endpoint
 * @param offset     of the capability
 * @param[out] npem  its registers
 * @retval DD_OK          *npem is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *npem
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.19.
 */
DD_MUST_CHECK enum dd_status dd_pci_npem_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_npem *npem);

/** What the lights are to show. */
struct dd_pci_npem_setting {
    uint16_t offset;              /**< of the capability */
    uint32_t indications;         /**< bits of DD_PCI_NPEM_CONTROL_OK … …_DISABLED */
    const struct dd_delay *delay; /**< waits between two looks */
};

/**
 * Enable enclosure management and show these indications and no others. What is specific to the
 * enclosure is left as it is.
 *
 * @param access   handle
 * @param address  port or endpoint
 * @param setting  what to show
 * @retval DD_OK        shown
 * @retval DD_EARG      other bits in indications, or as dd_pci_npem_read(); nothing was written
 * @retval DD_ENOTSUP   it cannot show one of them, or nothing at all; nothing was written
 * @retval DD_ETIMEOUT  the command was not completed after a second
 * @return else as dd_pci_npem_read()
 *
 * Spec: [PCIe 6] 6.28 and 7.9.19.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_npem_set_indications(const struct dd_pci_access *access,
                                                         struct dd_pci_address address,
                                                         const struct dd_pci_npem_setting *setting);

/**
 * Read the registers of a Readiness Time Reporting capability.
 *
 * The statuses are those of dd_pci_npem_read(); *readiness is untouched after failures.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability
 * @param[out] readiness  its registers
 *
 * Spec: [PCIe 6] 7.9.16.
 */
DD_MUST_CHECK enum dd_status dd_pci_readiness_read(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t offset,
                                                   struct dd_pci_readiness *readiness);

/**
 * A readiness time in nanoseconds.
 *
 * @param time  one of the fields of 12 bits: value in bits 8:0, scale in 11:9
 * @return 0..511 times 1, 32, 1024 … 32 to the power of 5; UINT64_MAX for the reserved scales 6, 7
 *
 * Spec: [PCIe 6] 7.9.16.2.
 */
uint64_t dd_pci_readiness_nanoseconds(unsigned int time);

/**
 * Read the registers of a root port's queue of readiness messages.
 *
 * The statuses are those of dd_pci_npem_read(); *frs is untouched after failures.
 *
 * @param access    handle
 * @param address   root port or event collector
 * @param offset    of the capability
 * @param[out] frs  its registers
 *
 * Spec: [PCIe 6] 7.8.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_frs_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_frs *frs);

#endif
