/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Single Root I/O Virtualization: a physical function (PF) that appears as many virtual ones (VFs).
 */
#ifndef DRYDOCK_PCI_SRIOV_H
#define DRYDOCK_PCI_SRIOV_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Base address registers of virtual functions. */
#define DD_PCI_VF_BARS 6

/** The registers as read, and where they are. */
struct dd_pci_sriov {
    uint16_t offset;                 /**< of the capability */
    uint32_t capabilities;           /**< fields DD_PCI_SRIOV_MIGRATION … */
    uint16_t control;                /**< fields DD_PCI_SRIOV_VF_ENABLE … */
    uint16_t status;                 /**< field DD_PCI_SRIOV_MIGRATION_STATUS */
    uint16_t initial_vfs;            /**< VFs there are at first */
    uint16_t total_vfs;              /**< VFs there can be with migration */
    uint16_t num_vfs;                /**< VFs software asked for */
    uint8_t dependency_link;         /**< function number of the PF this one depends on */
    uint16_t first_vf_offset;        /**< from the PF's Routing ID to that of the first VF */
    uint16_t vf_stride;              /**< from one VF's Routing ID to the next one's */
    uint16_t vf_device;              /**< Device ID of the VFs */
    uint32_t supported_page_sizes;   /**< bit n: pages of 4096 << n bytes */
    uint32_t system_page_size;       /**< one bit of the same set */
    uint32_t vf_bar[DD_PCI_VF_BARS]; /**< as base address registers, of the first VF's ranges */
    uint32_t migration_state;        /**< fields DD_PCI_SRIOV_MIGRATION_STATE_BIR, …_OFFSET */
};

/**
 * Read the registers of an SR-IOV capability.
 *
 * @param access      handle
 * @param address     the PF
 * @param offset      of the capability
 * @param[out] sriov  its registers
 * @retval DD_OK          *sriov is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *sriov
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 9.3.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_read(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t offset,
                                               struct dd_pci_sriov *sriov);

/**
 * The address of a virtual function.
 *
 * @param sriov    as read from the PF, with its NumVFs set
 * @param pf       address of the PF
 * @param index    which VF, counted from 0
 * @param[out] vf  its address; it may be on a later bus than the PF, whose number
 *                 dd_pci_assign_buses() reserves if it is asked to
 * @retval DD_OK          *vf is valid
 * @retval DD_EARG        index is not below NumVFs; *vf untouched
 * @retval DD_EMALFORMED  First VF Offset is 0, VF Stride is 0 with more than one VF, or the VF
 *                        would be beyond bus 255; *vf untouched
 *
 * Spec: [PCIe 6] 9.2.1.2, 9.3.3.9 and 9.3.3.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_vf_address(const struct dd_pci_sriov *sriov,
                                                     struct dd_pci_address pf, unsigned int index,
                                                     struct dd_pci_address *vf);

/**
 * How many buses after the PF's own its VFs are on if there are as many as there can be.
 *
 * First VF Offset and VF Stride may depend on NumVFs, so this is TotalVFs while they are read, and
 * then what it was; if VFs are enabled it stays as it is.
 *
 * @param access      handle
 * @param address     the PF, by the bus number it is going to have
 * @param offset      of the capability
 * @param[out] count  0: all are on the PF's bus, or there are none
 * @retval DD_OK          *count is valid
 * @retval DD_EMALFORMED  as dd_pci_sriov_read(), or the VFs would have impossible addresses; *count
 *                        untouched, as after all failures
 * @return else as dd_pci_sriov_read()
 *
 * Spec: [PCIe 6] 9.2.1.2, 9.3.3.9 and 9.3.3.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_count_buses(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset, uint8_t *count);

/** How the virtual functions are to be. */
struct dd_pci_sriov_setting {
    uint16_t offset;              /**< of the capability */
    uint16_t num_vfs;             /**< how many: 1 to the PF's InitialVFs, and TotalVFs */
    uint64_t page_size;           /**< the kernel's, in bytes: a power of two from 4096 on */
    const struct dd_delay *delay; /**< how to wait */
};

/**
 * Make virtual functions appear.
 *
 * In the order the manual asks for: NumVFs and System Page Size while they are disabled, the checks
 * of First VF Offset and VF Stride, which may depend on NumVFs, then VF Enable and VF Memory Space
 * Enable together, and 100 ms in which nobody may ask the VFs anything. The VF BARs have to be
 * assigned before, for the same page size: see dd_pci_sriov_set_page_size(). So have the buses VFs
 * are on: the bridges above have to pass the numbers on, and no other bridge may have them.
 *
 * @param access   handle
 * @param address  the PF
 * @param setting  what to set
 * @retval DD_OK          they are there; wait for each to answer, as after a reset
 * @retval DD_EARG        num_vfs or page_size out of range, or as dd_pci_sriov_read(); nothing was
 *                        written
 * @retval DD_EEXIST      VFs are enabled already; nothing was written
 * @retval DD_ENOTSUP     the PF does not support the page size; nothing was written
 * @retval DD_EMALFORMED  as dd_pci_sriov_read(); or the VFs would have impossible addresses: NumVFs
 *                        is 0 again
 * @retval DD_ENODEV      no function responds, or it stopped responding after a part of the writes
 * @return else as dd_pci_sriov_read(); nothing was written
 *
 * Spec: [PCIe 6] 9.2.1.1, 9.3.3.3 and 9.3.3.13.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_enable(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_sriov_setting *setting);

/**
 * Make the virtual functions disappear, and wait the second that takes.
 *
 * The statuses are those of dd_pci_sriov_read(); nothing was written after failures, except that a
 * PF that vanishes during the second leaves NumVFs unwritten.
 *
 * @param access   handle
 * @param address  the PF
 * @param offset   of the capability
 * @param delay    how to wait
 *
 * Spec: [PCIe 6] 9.3.3.3.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_disable(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  const struct dd_delay *delay);

/**
 * Set System Page Size. What VFs ask for in their BARs is rounded up to it, so it comes
 * before dd_pci_sriov_size_bars().
 *
 * @param access     handle
 * @param address    the PF
 * @param offset     of the capability
 * @param page_size  the kernel's, in bytes: a power of two from 4096 on
 * @retval DD_OK          the register holds it
 * @retval DD_EARG        page_size out of range, or as dd_pci_sriov_read(); nothing was written
 * @retval DD_EEXIST      VFs are enabled; nothing was written
 * @retval DD_ENOTSUP     the PF does not support the page size; nothing was written
 * @retval DD_EMALFORMED  as dd_pci_sriov_read(); or the register does not keep it and holds what it did
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @return else as dd_pci_sriov_read(); nothing was written
 *
 * Spec: [PCIe 6] 9.3.3.12 and 9.3.3.13.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_set_page_size(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        uint16_t offset, uint64_t page_size);

/**
 * Find out kind, address and size of the base address registers of virtual functions.
 *
 * As dd_pci_size_bars(), with VF Memory Space Enable off meanwhile. A size is that of one VF and for
 * the System Page Size there is: see dd_pci_sriov_set_page_size(). The whole range is as many times
 * larger as there are VFs. Afterwards every register holds what was read before.
 *
 * @param access     handle
 * @param address    the PF
 * @param offset     of the capability
 * @param[out] bars  DD_PCI_VF_BARS elements, by index
 * @retval DD_OK      the registers were sized; see the status of each: DD_EMALFORMED too for an I/O
 *                    range, which a VF cannot have
 * @retval DD_EEXIST  VFs are enabled; nothing was written, *bars untouched
 * @return else as dd_pci_sriov_read(); *bars untouched
 *
 * Spec: [PCIe 6] 9.3.3.14.
 */
DD_MUST_CHECK enum dd_status dd_pci_sriov_size_bars(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint16_t offset,
                                                    struct dd_pci_bar *bars);

#endif
