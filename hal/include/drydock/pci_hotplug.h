/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Which functions came and went: a list of those that are known, compared with a scan.
 *
 * For when something was said to have changed, by a slot's registers, by firmware, or by a
 * call that returned DD_ENODEV.
 */
#ifndef DRYDOCK_PCI_HOTPLUG_H
#define DRYDOCK_PCI_HOTPLUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_scan.h"
#include "drydock/status.h"

/** A function that was there at the last look. */
struct dd_pci_known {
    struct dd_pci_function function;
    bool is_seen; /**< for the library's own use */
};

/** All of them, bridges before what is behind them; the array is the caller's. Begin with count 0. */
struct dd_pci_inventory {
    struct dd_pci_known *list;
    size_t capacity; /**< elements; a look needs room for the known and the new ones together */
    size_t count;    /**< of the known ones */
};

/** What happened to a function. */
enum dd_pci_change {
    DD_PCI_REMOVED, /**< nobody answers at its address, or somebody else does */
    DD_PCI_ADDED,
};

/** Who is told. */
struct dd_pci_change_visitor {
    void (*changed)(void *context, enum dd_pci_change change,
                    const struct dd_pci_function *function);
    void *context; /**< passed to it */
};

/**
 * Look again, by dd_pci_scan(), and tell what changed.
 *
 * First all functions that went, those behind a bridge before the bridge, so that drivers
 * can be stopped in this order; then all that came, a bridge first. A function whose
 * IDs or header layout changed went and came. One that answers but whose bridge is not
 * followed any more (its bus numbers were lost) went.
 *
 * @param access             handle
 * @param root               bus to begin with: one no bridge leads to
 * @param[in,out] inventory  what is known; afterwards what is there
 * @param visitor            told about each change after the scan; it may use the handle
 * @retval DD_OK    the inventory is what the scan found
 * @retval DD_EARG  the root is outside the handle's window; nothing was read, told or changed
 * @retval DD_EFULL there is no room for all functions; nothing was told, the same ones are known
 * @retval DD_ENOTREADY  some function is not ready; nothing was told, the same ones are known:
 *                       look again later
 *
 * Spec: [PCIe 6] 6.7, [PCI 3.0] 6.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_look_again(const struct dd_pci_access *access, uint8_t root,
                                               struct dd_pci_inventory *inventory,
                                               const struct dd_pci_change_visitor *visitor);

/**
 * The same behind one bridge, such as a slot, by dd_pci_scan_behind().
 *
 * @param access             handle
 * @param bridge             the bridge; it is not in the inventory itself
 * @param[in,out] inventory  what is known; afterwards what is there
 * @param visitor            told about each change after the scan; it may use the handle
 * @retval DD_OK    the inventory is what the scan found
 * @retval DD_EFULL there is no room for all functions; nothing was told, the same ones are known
 * @return else as dd_pci_scan_behind(); nothing was told, the same ones are known
 *
 * Spec: [PCIe 6] 6.7, [PCI 3.0] 6.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_look_again_behind(const struct dd_pci_access *access,
                                                      struct dd_pci_address bridge,
                                                      struct dd_pci_inventory *inventory,
                                                      const struct dd_pci_change_visitor *visitor);

#endif
