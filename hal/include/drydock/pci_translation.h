/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What a function needs to use the kernel's own page tables: Address Translation Service, Page
 * Request Interface, and Process Address Space IDs.
 */
#ifndef DRYDOCK_PCI_TRANSLATION_H
#define DRYDOCK_PCI_TRANSLATION_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Address Translation Service: the registers as read, and where they are. */
struct dd_pci_ats {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_ATS_INVALIDATE_QUEUE_DEPTH … */
    uint16_t control;    /**< fields DD_PCI_ATS_SMALLEST_UNIT, DD_PCI_ATS_ENABLE */
};

/** Page Request Interface: the registers as read, and where they are. */
struct dd_pci_pri {
    uint16_t offset;     /**< of the capability */
    uint16_t control;    /**< fields DD_PCI_PRI_ENABLE, DD_PCI_PRI_RESET */
    uint16_t status;     /**< fields DD_PCI_PRI_RESPONSE_FAILURE … DD_PCI_PRI_PASID_REQUIRED */
    uint32_t capacity;   /**< page requests the function may have outstanding */
    uint32_t allocation; /**< page requests it is allowed to */
};

/** Process Address Space ID: the registers as read, and where they are. */
struct dd_pci_pasid {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_PASID_EXECUTE … DD_PCI_PASID_MAX_WIDTH */
    uint16_t control;    /**< fields DD_PCI_PASID_ENABLE … */
};

/**
 * Read the registers of an ATS capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] ats  its registers
 * @retval DD_OK          *ats is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *ats
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 10.5.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_ats_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_ats *ats);

/**
 * How many invalidate requests the function takes before it holds up the link.
 *
 * @param ats  as read
 * @return 1..32
 *
 * Spec: [PCIe 6] 10.5.1.2.
 */
unsigned int dd_pci_ats_queue_depth(const struct dd_pci_ats *ats);

/**
 * Let a function cache translations.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 * @param unit     the smallest page it will be given is 2 to the power of this; 12..43
 * @retval DD_OK      enabled
 * @retval DD_EARG    unit out of range, or as dd_pci_ats_read(); nothing was written
 * @retval DD_EEXIST  enabled already: the unit must not change then; nothing was written
 * @return else as dd_pci_ats_read(); nothing was written
 *
 * Spec: [PCIe 6] 10.5.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ats_enable(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               unsigned int unit);

/**
 * Forbid a function to use translations of its own; it drops those it has.
 *
 * The statuses are those of dd_pci_ats_read(), and nothing was written after failures.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 *
 * Spec: [PCIe 6] 10.5.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ats_disable(const struct dd_pci_access *access,
                                                struct dd_pci_address address, uint16_t offset);

/**
 * Read the registers of a Page Request Interface.
 *
 * The statuses are those of dd_pci_ats_read(); *pri is untouched after failures.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] pri  its registers
 *
 * Spec: [PCIe 6] 10.5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_pri_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_pri *pri);

/** How the page requests of a function are to be. */
struct dd_pci_pri_setting {
    uint16_t offset;              /**< of the capability */
    uint32_t allocation;          /**< requests it may have outstanding, 1 or more */
    const struct dd_delay *delay; /**< waits between two looks */
};

/**
 * Let a function ask for pages: reset its request counters, then enable it.
 *
 * @param access   handle
 * @param address  function
 * @param setting  the capability, and what to set
 * @retval DD_OK        enabled
 * @retval DD_EARG      allocation is 0 or above the function's capacity, or as dd_pci_ats_read();
 *                      nothing was written
 * @retval DD_EEXIST    enabled already; nothing was written
 * @retval DD_ETIMEOUT  requests from before are still outstanding after a second; nothing was
 *                      written
 * @return else as dd_pci_ats_read(); the function may be gone after a part of the writes
 *
 * Spec: [PCIe 6] 10.4.1 and 10.5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_pri_enable(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_pri_setting *setting);

/**
 * Forbid a function to ask for pages. Requests it has outstanding stay so: status says when it has
 * stopped.
 *
 * The statuses are those of dd_pci_ats_read(), and nothing was written after failures.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 *
 * Spec: [PCIe 6] 10.5.2.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_pri_disable(const struct dd_pci_access *access,
                                                struct dd_pci_address address, uint16_t offset);

/**
 * Clear the failures that were read, and no others.
 *
 * The statuses are those of dd_pci_ats_read(), and nothing was cleared after failures.
 *
 * @param access   handle
 * @param address  function
 * @param seen     what dd_pci_pri_read() gave for it
 *
 * Spec: [PCIe 6] 10.5.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_pri_clear(const struct dd_pci_access *access,
                                              struct dd_pci_address address,
                                              const struct dd_pci_pri *seen);

/**
 * Read the registers of a PASID capability.
 *
 * The statuses are those of dd_pci_ats_read(); *pasid is untouched after failures.
 *
 * @param access      handle
 * @param address     function
 * @param offset      of the capability
 * @param[out] pasid  its registers
 *
 * Spec: [PCIe 6] 7.8.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_pasid_read(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               struct dd_pci_pasid *pasid);

/**
 * Let a function name address spaces in its requests, or forbid it.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 * @param enables  bits of DD_PCI_PASID_ENABLE and of what it needs besides, DD_PCI_PASID_…_ENABLE;
 *                 0: forbid. To be changed only while ATS is disabled.
 * @retval DD_OK       the Control register has exactly these
 * @retval DD_EARG     other bits in enables, or some without DD_PCI_PASID_ENABLE, or as
 *                     dd_pci_ats_read(); nothing was written
 * @retval DD_ENOTSUP  the function cannot do one of them; nothing was written
 * @return else as dd_pci_ats_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.8.9.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_pasid_set_control(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset, uint16_t enables);

#endif
