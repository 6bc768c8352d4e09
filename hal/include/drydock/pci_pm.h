/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The Power Management capability: its registers, and changing the power state.
 */
#ifndef DRYDOCK_PCI_PM_H
#define DRYDOCK_PCI_PM_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** Values of DD_PCI_PM_POWER_STATE. Spec: [PCI PM 1.2] 3.2.4. */
enum dd_pci_pm_state {
    DD_PCI_PM_D0 = 0,
    DD_PCI_PM_D1 = 1,
    DD_PCI_PM_D2 = 2,
    DD_PCI_PM_D3HOT = 3,
};

/** The registers as read, and where they are. */
struct dd_pci_pm {
    uint16_t offset;           /**< of the capability */
    uint16_t capabilities;     /**< fields DD_PCI_PM_VERSION … DD_PCI_PM_PME_SUPPORT */
    uint16_t control;          /**< fields DD_PCI_PM_POWER_STATE … DD_PCI_PM_PME_STATUS */
    uint8_t bridge_extensions; /**< fields DD_PCI_PM_B2_B3_SUPPORT, DD_PCI_PM_BUS_POWER_… */
    uint8_t data; /**< what DD_PCI_PM_DATA_SELECT selects, in its DD_PCI_PM_DATA_SCALE */
};

/**
 * Read the registers of a Power Management capability.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability, as dd_pci_find_capability() gives it
 * @param[out] pm  its registers
 * @retval DD_OK          *pm is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *pm untouched,
 *                        as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of its 256 bytes
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCI PM 1.2] 3.2, [PCIe 6] 7.5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_pm_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            struct dd_pci_pm *pm);

/**
 * Greatest current the function draws from the auxiliary supply.
 *
 * @param pm  as read
 * @return in mA: 0, 55, 100, 160, 220, 270, 320, 375; 0 is also said by functions that report it
 *         in the Data register
 *
 * Spec: [PCI PM 1.2] 3.2.3.
 */
unsigned int dd_pci_pm_aux_current(const struct dd_pci_pm *pm);

/**
 * Power the function draws or gives off, from the Data register.
 *
 * @param pm  as read; what it is about was selected by DD_PCI_PM_DATA_SELECT before
 * @return in mW; 0 if the function does not say: its scale is 0
 *
 * Spec: [PCI PM 1.2] 3.2.6.
 */
unsigned int dd_pci_pm_power(const struct dd_pci_pm *pm);

/** Whether a function in D3hot comes back to D0 with its registers as they were. */
enum dd_pci_pm_context {
    DD_PCI_PM_CONTEXT_LOST, /**< as after a reset: BARs, Command and all else must be set up again */
    DD_PCI_PM_CONTEXT_KEPT,
};

/**
 * What becomes of a function's registers on its way from D3hot to D0: No_Soft_Reset.
 *
 * From D3cold, where power is taken away altogether, every function comes back as after a reset;
 * all it keeps are the sticky bits of PME, if it has auxiliary power.
 *
 * @param pm  as read
 * @return whether they are kept
 *
 * Spec: [PCI PM 1.2] 3.2.4 and 5.4.
 */
enum dd_pci_pm_context dd_pci_pm_context(const struct dd_pci_pm *pm);

/**
 * How long a function must not be accessed after the write that changes its state.
 *
 * @param pm  as read before the write
 * @param to  state that is written
 * @return in microseconds: 10000 into and out of D3hot, 200 into and out of D2, else 0; 0 also for
 *         a function that is ready immediately on its way to D0
 *
 * Spec: [PCI PM 1.2] 5.6.1; Immediate Readiness: [PCIe 6] 7.5.2.1.
 */
uint32_t dd_pci_pm_transition_time(const struct dd_pci_pm *pm, enum dd_pci_pm_state to);

/**
 * Bring a function into another power state, and wait as long as that takes.
 *
 * A state below D0 is reached from any higher one; D0 from all. Other bits of the register keep
 * their values; PME Status, which a written 1 would clear, is written as 0. Who puts a bridge into
 * D3hot loses what is behind it. See dd_pci_pm_context() for what the function remembers.
 *
 * @param access   handle
 * @param address  function
 * @param pm       as read; its control register is read again
 * @param state    the new state
 * @param delay    how to wait
 * @retval DD_OK       the function is in the new state, or was before; then nothing was written
 * @retval DD_ENOTSUP  D1 or D2, which it does not have; nothing was written
 * @retval DD_EARG     not a state, or one that is higher than the present and not D0, or
 *                     as dd_pci_read16(); nothing was written
 * @retval DD_ENODEV   no function responds, or it did not come back
 * @retval DD_ETIMEOUT the register does not show the new state after that time
 *
 * Spec: [PCI PM 1.2] 3.2.4, 5.5 and 5.6.1, [PCIe 6] 5.3.1 and 5.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_pm_set_state(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_pm *pm,
                                                 enum dd_pci_pm_state state,
                                                 const struct dd_delay *delay);

/**
 * Let a function signal power management events; an old one is cleared.
 *
 * @param access   handle
 * @param address  function
 * @param pm       as read
 * @retval DD_OK      the register was written
 * @retval DD_ENODEV  no function responds; nothing was written
 * @retval DD_EARG    as dd_pci_read16(); nothing was written
 *
 * Spec: [PCI PM 1.2] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_pm_enable_pme(const struct dd_pci_access *access,
                                                  struct dd_pci_address address,
                                                  const struct dd_pci_pm *pm);

/**
 * Keep a function from signalling power management events; an old one is cleared.
 *
 * @param access   handle
 * @param address  function
 * @param pm       as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_pm_enable_pme()
 *
 * Spec: [PCI PM 1.2] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_pm_disable_pme(const struct dd_pci_access *access,
                                                   struct dd_pci_address address,
                                                   const struct dd_pci_pm *pm);

#endif
