/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Power Budgeting and Dynamic Power Allocation: what a device draws in each of its states.
 */
#ifndef DRYDOCK_PCI_POWER_BUDGET_H
#define DRYDOCK_PCI_POWER_BUDGET_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Substates at most. */
#define DD_PCI_DPA_MAX 32

/** Dynamic Power Allocation: the registers as read, and where they are. */
struct dd_pci_dpa {
    uint16_t offset;                     /**< of the capability */
    uint32_t capability;                 /**< fields DD_PCI_DPA_SUBSTATE_MAX … */
    uint32_t latency_indicator;          /**< bit n: substate n has latency 1 instead of 0 */
    uint16_t status;                     /**< fields DD_PCI_DPA_SUBSTATE, …_CONTROL_ENABLED */
    uint16_t control;                    /**< field DD_PCI_DPA_SUBSTATE_CONTROL */
    uint8_t allocations[DD_PCI_DPA_MAX]; /**< the first DD_PCI_DPA_SUBSTATE_MAX + 1 are valid */
};

/**
 * Read one entry of a power budget.
 *
 * Data Select is written; nobody else may use the capability meanwhile.
 *
 * @param access       handle
 * @param address      function
 * @param offset       of the capability
 * @param index        which entry, 0..255
 * @param[out] budget  fields DD_PCI_POWER_BUDGET_BASE_POWER … DD_PCI_POWER_BUDGET_RAIL
 * @retval DD_OK          *budget is valid
 * @retval DD_ENOENT      all entries are before this one; *budget untouched, as after all failures
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.8.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_power_budget_read(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset, uint8_t index,
                                                      uint32_t *budget);

/**
 * The power of an entry.
 *
 * @param budget  as read
 * @return milliwatts, 0..600000, or DD_PCI_EXPRESS_UNBOUNDED if it is more than that
 *
 * Spec: [PCIe 6] 7.8.1.3.
 */
uint32_t dd_pci_power_budget_milliwatts(uint32_t budget);

/**
 * Read the registers of a Dynamic Power Allocation capability.
 *
 * The statuses are those of dd_pci_power_budget_read(), DD_ENOENT excepted; *dpa is untouched after
 * failures.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] dpa  its registers
 *
 * Spec: [PCIe 6] 7.9.12.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpa_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_dpa *dpa);

/**
 * Ask for a substate of D0; the function goes there within its latency.
 *
 * @param access    handle
 * @param address   function
 * @param dpa       as read from it
 * @param substate  0..DD_PCI_DPA_SUBSTATE_MAX
 * @retval DD_OK       asked for
 * @retval DD_EARG     no such substate, or as dd_pci_power_budget_read(); nothing was written
 * @retval DD_ENOTSUP  substate control is disabled; nothing was written
 * @return else as dd_pci_power_budget_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.9.12.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpa_set_substate(const struct dd_pci_access *access,
                                                     struct dd_pci_address address,
                                                     const struct dd_pci_dpa *dpa,
                                                     unsigned int substate);

#endif
