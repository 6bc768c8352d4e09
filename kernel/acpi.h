/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The one thing the kernel wants from ACPI: the windows onto PCI configuration space.
 */
#ifndef DRYDOCK_KERNEL_ACPI_H
#define DRYDOCK_KERNEL_ACPI_H

#include <stdint.h>

#include "kernel/protocol.h"

/**
 * Read the windows from the table MCFG.
 *
 * Tables with a wrong signature, length or checksum are left out, and so are
 * windows that cannot be: see dd_pci_mcfg_read().
 *
 * @param rsdp          physical address of the root system description pointer
 * @param[out] windows  the windows in the table's order
 * @param max           most windows to store; further ones are dropped
 * @return how many were stored; 0 if there is no MCFG
 *
 * Spec: [ACPI 6.5] 5.2.5 to 5.2.8; [PCIFW 3.2] 4.1.2.
 */
uint32_t kacpi_find_ecam(uint64_t rsdp, struct kecam *windows, uint32_t max);

#endif
