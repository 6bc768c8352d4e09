/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What MSI and MSI-X share.
 */
#ifndef DRYDOCK_SIM_PCI_MSI_INTERNAL_H
#define DRYDOCK_SIM_PCI_MSI_INTERNAL_H

#include "sim/pci/bus/pci_msi.h"

/** Make bits of a register writable. */
void pci_let_write(struct sim_pci_config *config, unsigned int offset, uint32_t bits);

/** Whether the function may write to memory: Bus Master is enabled, and it is there. */
bool pci_may_send(const struct sim_pci_function *function);

void pci_msix_add_masks(struct sim_pci_config *config);
bool pci_msix_is_enabled(const struct sim_pci_config *config);
bool pci_raise_msix(const struct sim_pci_function *function, unsigned int index,
                    const struct sim_pci_messages *messages);
void pci_send_pending_msix(const struct sim_pci_function *function,
                           const struct sim_pci_messages *messages);

#endif
