/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Numbering buses: for machines whose firmware did not, and behind bridges plugged in later.
 */
#ifndef DRYDOCK_PCI_BUSES_H
#define DRYDOCK_PCI_BUSES_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** Parent of a bridge on the bus the numbering began with. */
#define DD_PCI_NO_PARENT UINT16_MAX

/** A bridge that was numbered. */
struct dd_pci_numbered {
    struct dd_pci_address address; /**< by the new numbers */
    uint8_t layout;                /**< enum dd_pci_layout: bridge or CardBus */
    uint8_t secondary_bus;         /**< 0: see status */
    uint8_t subordinate_bus;
    uint16_t parent; /**< index of the bridge its bus is behind, or DD_PCI_NO_PARENT */
    uint32_t before; /**< its four registers at offset 0x18 as they were found */
    /**
     * DD_OK, or DD_EMALFORMED: it did not keep the numbers written to it. It was
     * then written 0 as secondary and subordinate bus, and what is behind it has none.
     */
    enum dd_status status;
};

/** What to number, and room for the result. */
struct dd_pci_bus_request {
    uint8_t first_bus;     /**< bus to begin with; it has its number already */
    uint8_t last_bus;      /**< last number that may be given */
    uint8_t cardbus_buses; /**< numbers a CardBus bridge gets at least, for cards to come; 0: 1 */
    uint8_t vf_buses; /**< numbers kept free after a bus at most, for virtual functions; 0: none */
    struct dd_pci_numbered *bridges; /**< the result */
    size_t capacity;                 /**< elements of it; 255 are always enough */
    /** The bridge that leads to first_bus and passes on all up to last_bus; NULL: it is a root. */
    const struct dd_pci_address *above;
};

/**
 * Give a number to every bus behind the bridges of a bus, and theirs, depth first.
 *
 * Numbers are given in order from first_bus + 1, and each bridge's subordinate bus is
 * the last number behind it, as a scan would find them. Whatever numbers the bridges
 * had are dropped: those of all bridges of a bus are set to 0 before the first gets
 * a new one, so no two answer for one bus. Nobody else may access what is
 * behind them meanwhile, and no device there may be in use.
 *
 * After a bus on which a physical function can have virtual ones on later buses, as
 * dd_pci_sriov_count_buses() says, as many numbers as the one with most needs are left free, but
 * no more than vf_buses; the bridges above pass them on.
 *
 * On failure every bridge gets back what was read from it, the last changed first.
 * A machine that leads back to itself runs out of numbers or cuts itself off, so this
 * always ends.
 *
 * @param access      handle
 * @param request     what to number; bridges[] may hold anything after a failure
 * @param[out] count  elements of bridges[] filled in, in the order of the numbers
 * @retval DD_OK      every bridge that keeps numbers has some
 * @retval DD_EARG    first_bus is above last_bus, a bus is outside the handle's window, or `above` is
 *                    no bridge that passes these numbers on; nothing was written; *count untouched
 * @retval DD_EFULL   there are more buses than numbers, or more bridges than elements; every
 *                    register is as before; *count untouched
 * @retval DD_ENODEV  a bridge vanished on the way; all others are as before; *count untouched
 * @retval DD_ENOTREADY  a function is not ready and may be a bridge; every register is as before;
 *                       *count untouched
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.2 to 3.2.5.4 and 12.1, [PCIe 6] 9.2.1.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_assign_buses(const struct dd_pci_access *access,
                                                 const struct dd_pci_bus_request *request,
                                                 size_t *count);

#endif
