/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The ACPI table MCFG: where a machine's windows onto configuration space are.
 *
 * The table is read in place, at any alignment; firmware wrote it, so nothing in
 * it is believed before it is checked.
 */
#ifndef DRYDOCK_PCI_MCFG_H
#define DRYDOCK_PCI_MCFG_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** A window as the table has it. Spec: [PCIFW 3.2] table 4-3. */
struct dd_pci_mcfg_window {
    dd_paddr base;    /**< of bus 0, even if first_bus is above 0 */
    uint32_t segment; /**< 0..0xFFFF */
    uint8_t first_bus;
    uint8_t last_bus; /**< inclusive */
};

/**
 * Check that bytes are a table MCFG, and count its windows.
 *
 * @param table       the table's first byte
 * @param size        how many bytes may be read
 * @param[out] count  how many windows it lists; an entry that is cut short does not count
 * @retval DD_OK          *count is valid
 * @retval DD_ENOENT      the signature is not "MCFG"; *count untouched
 * @retval DD_EMALFORMED  the table is shorter than its header or longer than @p size, or its bytes
 *                        do not add up to 0; *count untouched
 *
 * Spec: [ACPI 6.5] 5.2.6, [PCIFW 3.2] 4.1.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_mcfg_check(const void *table, size_t size, size_t *count);

/**
 * Read one window of a table that dd_pci_mcfg_check() found good.
 *
 * @param table        the table's first byte
 * @param index        which, below the count of dd_pci_mcfg_check()
 * @param[out] window  the window
 * @retval DD_OK          *window is valid
 * @retval DD_EARG        @p index is not below the number of windows; *window untouched
 * @retval DD_EMALFORMED  it ends before it begins, is not aligned to 1 MiB, or leaves the address
 *                        space; *window untouched, others may be good
 *
 * Spec: [PCIFW 3.2] table 4-3.
 */
DD_MUST_CHECK enum dd_status dd_pci_mcfg_read(const void *table, size_t index,
                                              struct dd_pci_mcfg_window *window);

#endif
