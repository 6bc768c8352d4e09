/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Access Control Services: which packets may go from one function to another without passing the
 * root complex, and so its address translation.
 */
#ifndef DRYDOCK_PCI_ACS_H
#define DRYDOCK_PCI_ACS_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** The registers as read, and where they are. */
struct dd_pci_acs {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_ACS_SOURCE_VALIDATION … DD_PCI_ACS_VECTOR_SIZE */
    uint16_t control;    /**< fields DD_PCI_ACS_SOURCE_VALIDATION_ENABLE … */
};

/**
 * Read the registers of an ACS capability, without its Egress Control Vector.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] acs  its registers
 * @retval DD_OK          *acs is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *acs
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.7.11.
 */
DD_MUST_CHECK enum dd_status dd_pci_acs_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_acs *acs);

/**
 * How many bits the Egress Control Vector has.
 *
 * @param acs  as read
 * @return 1..256; 0 if the function does not implement egress control
 *
 * Spec: [PCIe 6] 7.7.11.2.
 */
unsigned int dd_pci_acs_vector_bits(const struct dd_pci_acs *acs);

/**
 * Enable services.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param services  new contents of the Control register's bits 12:0; those not given are disabled
 * @retval DD_OK       the register has exactly these
 * @retval DD_EARG     a reserved bit in services, or as dd_pci_acs_read(); nothing was written
 * @retval DD_ENOTSUP  the function does not have one of the services; nothing was written
 * @return else as dd_pci_acs_read(); nothing was written
 *
 * Spec: [PCIe 6] 6.12 and 7.7.11.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_acs_set_services(const struct dd_pci_access *access,
                                                     struct dd_pci_address address, uint16_t offset,
                                                     uint16_t services);

/**
 * Read 32 bits of the Egress Control Vector: a 1 redirects or blocks what goes to that port,
 * function or function group.
 *
 * @param access      handle
 * @param address     function
 * @param acs         as read from it
 * @param index       which 32 bits: 0 for bits 31:0
 * @param[out] value  the bits; those from dd_pci_acs_vector_bits() on are reserved
 * @retval DD_OK     *value is valid
 * @retval DD_ENOENT  the vector has not so many bits; *value untouched
 * @return else as dd_pci_acs_read(); *value untouched
 *
 * Spec: [PCIe 6] 7.7.11.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_acs_read_vector(const struct dd_pci_access *access,
                                                    struct dd_pci_address address,
                                                    const struct dd_pci_acs *acs,
                                                    unsigned int index, uint32_t *value);

#endif
