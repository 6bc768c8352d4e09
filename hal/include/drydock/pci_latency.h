/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How long a function tolerates to wait, how long a link takes to come back from its deepest
 * states, and how exactly clocks agree: Latency Tolerance Reporting, L1 PM Substates, and Precision
 * Time Measurement.
 */
#ifndef DRYDOCK_PCI_LATENCY_H
#define DRYDOCK_PCI_LATENCY_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** What a time with a reserved scale is: no time. */
#define DD_PCI_LATENCY_RESERVED UINT64_MAX

/** Latency Tolerance Reporting: the registers as read, and where they are. */
struct dd_pci_ltr {
    uint16_t offset;       /**< of the capability */
    uint16_t max_snoop;    /**< fields DD_PCI_LTR_VALUE, DD_PCI_LTR_SCALE */
    uint16_t max_no_snoop; /**< the same fields */
};

/** L1 PM Substates: the registers as read, and where they are. */
struct dd_pci_l1ss {
    uint16_t offset;       /**< of the capability */
    uint32_t capabilities; /**< fields DD_PCI_L1SS_PCIPM_L1_2 … DD_PCI_L1SS_PORT_POWER_ON_VALUE */
    uint32_t control_1; /**< fields DD_PCI_L1SS_PCIPM_L1_2_ENABLE … DD_PCI_L1SS_THRESHOLD_SCALE */
    uint32_t control_2; /**< fields DD_PCI_L1SS_POWER_ON_SCALE, DD_PCI_L1SS_POWER_ON_VALUE */
};

/** Precision Time Measurement: the registers as read, and where they are. */
struct dd_pci_ptm {
    uint16_t offset;     /**< of the capability */
    uint32_t capability; /**< fields DD_PCI_PTM_REQUESTER … DD_PCI_PTM_LOCAL_GRANULARITY */
    uint32_t control;    /**< fields DD_PCI_PTM_ENABLE … DD_PCI_PTM_EFFECTIVE_GRANULARITY */
};

/**
 * Read the registers of a Latency Tolerance Reporting capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] ltr  its registers
 * @retval DD_OK          *ltr is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *ltr
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.8.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_ltr_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_ltr *ltr);

/**
 * A latency in nanoseconds.
 *
 * @param latency  a register, as read: fields DD_PCI_LTR_VALUE and DD_PCI_LTR_SCALE
 * @return 0..34326183936: 0..1023 times 1, 32, 1024 … 2 to the power of 25; or
 *         DD_PCI_LATENCY_RESERVED
 *
 * Spec: [PCIe 6] 7.8.2.2.
 */
uint64_t dd_pci_ltr_nanoseconds(uint16_t latency);

/**
 * Set the latencies the platform lets a function ask for.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability
 * @param snoop      in nanoseconds, 0..34326183936; rounded up to what the register can hold
 * @param no_snoop   the same
 * @retval DD_OK    both registers are written
 * @retval DD_EARG  a latency out of range, or as dd_pci_ltr_read(); nothing was written
 * @return else as dd_pci_ltr_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.8.2.2 and 7.8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ltr_set_latencies(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset, uint64_t snoop,
                                                      uint64_t no_snoop);

/**
 * Read the registers of an L1 PM Substates capability.
 *
 * The statuses are those of dd_pci_ltr_read(); *l1ss is untouched after failures.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability
 * @param[out] l1ss  its registers
 *
 * Spec: [PCIe 6] 7.8.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_l1ss_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_l1ss *l1ss);

/**
 * Time from power on to the first bit.
 *
 * @param scale  DD_PCI_L1SS_PORT_POWER_ON_SCALE or DD_PCI_L1SS_POWER_ON_SCALE, 0..3
 * @param value  the value of the same name, 0..31
 * @return microseconds, 0..3100, or DD_PCI_LATENCY_RESERVED
 *
 * Spec: [PCIe 6] 7.8.3.2 and 7.8.3.4.
 */
uint64_t dd_pci_l1ss_power_on_microseconds(unsigned int scale, unsigned int value);

/**
 * Latency from which on L1.2 is entered instead of L1.1.
 *
 * @param l1ss  as read
 * @return nanoseconds, or DD_PCI_LATENCY_RESERVED
 *
 * Spec: [PCIe 6] 7.8.3.3.
 */
uint64_t dd_pci_l1ss_threshold_nanoseconds(const struct dd_pci_l1ss *l1ss);

/**
 * Enable substates of L1.
 *
 * ASPM L1 has to be disabled meanwhile. The ports of both ends are enabled upstream first, disabled
 * downstream first; times and threshold have to be set before L1.2.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability
 * @param enables  bits of DD_PCI_L1SS_PCIPM_L1_2_ENABLE … DD_PCI_L1SS_ASPM_L1_1_ENABLE; those not
 *                 given are disabled
 * @retval DD_OK       Control 1 has exactly these
 * @retval DD_EARG     other bits in enables, or as dd_pci_ltr_read(); nothing was written
 * @retval DD_ENOTSUP  the function does not have one of them; nothing was written
 * @return else as dd_pci_ltr_read(); nothing was written
 *
 * Spec: [PCIe 6] 5.5.4 and 7.8.3.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_l1ss_set_substates(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       uint16_t offset, uint32_t enables);

/**
 * Read the registers of a Precision Time Measurement capability.
 *
 * The statuses are those of dd_pci_ltr_read(); *ptm is untouched after failures.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] ptm  its registers
 *
 * Spec: [PCIe 6] 7.9.15.
 */
DD_MUST_CHECK enum dd_status dd_pci_ptm_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_ptm *ptm);

/** Part of a function in Precision Time Measurement. */
enum dd_pci_ptm_role {
    DD_PCI_PTM_OFF,           /**< none */
    DD_PCI_PTM_REQUESTS_TIME, /**< enabled, its time comes from upstream */
    DD_PCI_PTM_IS_ROOT,       /**< enabled, its own clock is the time of all below */
};

/**
 * Enable or disable Precision Time Measurement.
 *
 * @param access       handle
 * @param address      function
 * @param offset       of the capability
 * @param role         its part
 * @param granularity  how exact the time is it gets: 1..254 ns, 255 for more, 0 for unknown
 * @retval DD_OK       Control is written
 * @retval DD_EARG     role or granularity out of range, or as dd_pci_ltr_read(); nothing was written
 * @retval DD_ENOTSUP  the function cannot have this part; nothing was written
 * @return else as dd_pci_ltr_read(); nothing was written
 *
 * Spec: [PCIe 6] 6.21 and 7.9.15.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_ptm_set_role(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t offset,
                                                 enum dd_pci_ptm_role role,
                                                 unsigned int granularity);

#endif
