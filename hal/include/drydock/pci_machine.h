/* SPDX-License-Identifier: MIT */
/**
 * @file
 * All of a machine's ways to configuration space behind one handle for each segment:
 * the mechanism is chosen for each register.
 */
#ifndef DRYDOCK_PCI_MACHINE_H
#define DRYDOCK_PCI_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** Whether a machine has ports 0xCF8 and 0xCFC. */
enum dd_pci_ports {
    DD_PCI_PORTS_ABSENT,
    DD_PCI_PORTS_PRESENT,
};

/** A machine's ways to configuration space: what its tables, MCFG above all, say. */
struct dd_pci_machine {
    const struct dd_pci_ecam *windows; /**< mapped; of all segments; a bus is in one at most */
    size_t window_count;
    enum dd_pci_ports ports;
    const struct dd_pci_lock *lock; /**< around the ports; NULL: none */
};

/**
 * Reach all buses of a segment that the machine has a way to.
 *
 * A bus in a window is reached through it, with 4096 bytes of each function; another
 * bus of segment 0 through the ports, with 256 bytes: dd_pci_config_size() tells. The
 * handle's first and last bus are the outermost ones that have a way; buses between
 * them need not.
 *
 * @param[out] access  the handle
 * @param machine      must outlive the handle, with its windows and its lock
 * @param segment      segment group
 * @retval DD_OK      *access is ready; nothing was read yet
 * @retval DD_EARG    a window's first_bus is above its last_bus; *access untouched
 * @retval DD_EALIGN  a window's base is not a multiple of 1 MiB; *access untouched
 * @retval DD_EWRAP   a window leaves the address space; *access untouched
 * @retval DD_ENOENT  no bus of the segment has a way; *access untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3.2, [PCIe 6] 7.2.2, [PCIFW 3.2] 4.1.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_access_init_machine(struct dd_pci_access *access,
                                                        const struct dd_pci_machine *machine,
                                                        uint32_t segment);

#endif
