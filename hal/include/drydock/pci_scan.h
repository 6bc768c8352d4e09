/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Enumeration: finding the functions on some buses and on all buses behind them.
 */
#ifndef DRYDOCK_PCI_SCAN_H
#define DRYDOCK_PCI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** A function that was found. */
struct dd_pci_function {
    struct dd_pci_address
        address; /**< of an Alternative Routing-ID device see struct dd_pci_address */
    uint16_t vendor;
    uint16_t device;
    uint8_t layout; /**< enum dd_pci_layout, or a reserved value up to 0x7F */
    bool multi_function;
    uint8_t secondary_bus;   /**< of a bridge; else 0 */
    uint8_t subordinate_bus; /**< of a bridge; else 0 */
    /**
     * Whether the bus behind it is scanned next:
     *   DD_OK          yes
     *   DD_ENOENT      there is none: not a bridge, a non-transparent one, whose header is that of
     *                  an endpoint, or its secondary bus is 0 (not configured)
     *   DD_EMALFORMED  no: secondary bus not above the bus it is on, above its subordinate bus, or
     *                  above the last bus that a bridge on the way to it passes on
     *   DD_ELOOP       no: that bus has been scanned or is being scanned
     *   DD_ENOTSUP     no: that bus is outside the handle's window
     */
    enum dd_status behind;
};

/** What a visitor wants to happen next. */
enum dd_pci_visit {
    DD_PCI_VISIT_CONTINUE,
    DD_PCI_VISIT_STOP,
};

/** Who is told about functions. */
struct dd_pci_visitor {
    enum dd_pci_visit (*found)(void *context, const struct dd_pci_function *function);
    void *context; /**< passed to it */
};

/**
 * Visit every function of some buses and of the buses behind their bridges.
 *
 * Order: by device and function within a bus; a bridge, then what is behind it,
 * then the bridge's neighbour. A bridge is what has the header layout of one,
 * whatever its class says, subtractive ones included, and its bus numbers are taken
 * as they are: nothing is written. No bus is scanned twice, so the scan ends
 * whatever the registers hold.
 *
 * Which functions are tried: of each of 32 devices function 0, and 1 to 7 if it is
 * there and says that the device has more than one; gaps between them are fine. On
 * the link below a PCI Express port there is only device 0. If that port forwards
 * Alternative Routing-IDs and function 0 has the capability, it names the next
 * function, up to 255, and that one the next; numbers must go up. Virtual functions
 * (SR-IOV) do not answer to this and are not found.
 *
 * A function that is not ready yet (see pci.h) is not visited, nor the rest of its device if
 * it is function 0, nor what is behind it.
 *
 * Reads: 1 for each absent function tried, 2 for each present one. A bridge takes 1
 * more for its bus numbers, and one that is followed those up to its PCI Express
 * capability: Status, the pointer, 1 for each entry, and Device Control 2. A function
 * of an Alternative Routing-ID device takes those up to its ARI capability.
 *
 * @param access   handle
 * @param roots    buses no bridge leads to, each within the handle's window; read before the scan
 * @param count    how many; duplicates, and roots that a bridge did lead to, are scanned once
 * @param visitor  told about each function found; it may use the handle, but must not
 *                 change bus numbers
 * @retval DD_OK         all were visited, or the visitor stopped the scan
 * @retval DD_EARG       a root is outside the handle's window; nothing was read
 * @retval DD_ENOTREADY  all were visited but some that are not ready: scan again later
 *
 * Spec: [PCI 3.0] 3.2.2.3.4 and 6.2.1, [PCI-PCI 1.2] 3.2.5 and 5, [PCIe 6] 2.3.2, 6.13 and 7.3.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_scan(const struct dd_pci_access *access, const uint8_t *roots,
                                         size_t count, const struct dd_pci_visitor *visitor);

/**
 * Visit every function behind one bridge, such as a slot, as dd_pci_scan() does after it.
 *
 * @param access   handle
 * @param bridge   the bridge; it is not visited itself
 * @param visitor  as for dd_pci_scan()
 * @retval DD_OK          all were visited, or the visitor stopped the scan
 * @retval DD_EARG        as dd_pci_read8(); nothing was visited
 * @retval DD_ENODEV      the bridge does not respond; nothing was visited
 * @retval DD_ENOENT      it has nothing behind it: see `behind`; nothing was visited
 * @retval DD_EMALFORMED  its bus numbers cannot be: see `behind`; nothing was visited
 * @retval DD_ENOTSUP     the bus is outside the handle's window; nothing was visited
 * @retval DD_ENOTREADY   the bridge is not ready, or all were visited but some that are not
 *
 * Spec: [PCI-PCI 1.2] 3.2.5 and 5, [PCIe 6] 2.3.2, 6.13 and 7.3.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_scan_behind(const struct dd_pci_access *access,
                                                struct dd_pci_address bridge,
                                                const struct dd_pci_visitor *visitor);

#endif
