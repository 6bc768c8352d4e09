/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Changing some bits of one register of a capability, and waiting for others. A width is
 * the register's: 16 or 32 bits.
 */
#ifndef DRYDOCK_PCI_CAP_CHANGE_H
#define DRYDOCK_PCI_CAP_CHANGE_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/status.h"
#include "pci_cap_read.h"

/** Bits of one register. */
struct pci_cap_bits {
    unsigned int at; /**< offset of the register from the capability's start */
    uint32_t mask;   /**< the bits meant */
    uint32_t value;  /**< what they become, or are waited for to be; within the mask */
};

/**
 * Read one register of 16 bits.
 *
 * @retval DD_OK      *value is valid
 * @retval DD_ENODEV  no function responds; *value untouched
 * @return else as dd_pci_cap_open() for a capability that ends after the register, or as
 *         dd_pci_read16(); *value untouched
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_fetch16(const struct pci_cap_place *place, unsigned int at,
                                                uint16_t *value);

/** The same of 32 bits. */
DD_MUST_CHECK enum dd_status dd_pci_cap_fetch32(const struct pci_cap_place *place, unsigned int at,
                                                uint32_t *value);

/**
 * Read a register and write it back with the bits of the mask changed, all others as they were:
 * so not for registers in which a written 1 clears, unless the mask has all those.
 *
 * @return as dd_pci_cap_fetch16(); nothing was written after failures
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_change(const struct pci_cap_place *place,
                                               enum dd_pci_width width,
                                               const struct pci_cap_bits *bits);

/**
 * Write 1 to these bits of a status register, 0 to all others; write nothing if there are none.
 *
 * @return as dd_pci_cap_fetch16(); nothing was written after failures
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_clear(const struct pci_cap_place *place,
                                              enum dd_pci_width width, unsigned int at,
                                              uint32_t bits);

/**
 * Read a register until the bits of the mask have their value, a millisecond between two looks.
 *
 * @param milliseconds  looks at most so many times and once more
 * @retval DD_ETIMEOUT  they do not have it after that time
 * @return else as dd_pci_cap_fetch16()
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_await(const struct pci_cap_place *place,
                                              enum dd_pci_width width,
                                              const struct pci_cap_bits *bits,
                                              unsigned int milliseconds,
                                              const struct dd_delay *delay);

#endif
