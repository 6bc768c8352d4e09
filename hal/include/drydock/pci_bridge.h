/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of a bridge, written: its windows, its bus numbers, its control.
 *
 * Registers are read with dd_pci_read_header() and dd_pci_decode_bridge().
 */
#ifndef DRYDOCK_PCI_BRIDGE_H
#define DRYDOCK_PCI_BRIDGE_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_header.h"
#include "drydock/status.h"

/** Ranges a bridge forwards downstream. */
enum dd_pci_window {
    DD_PCI_WINDOW_IO,           /**< in steps of 4 KiB */
    DD_PCI_WINDOW_MEMORY,       /**< in steps of 1 MiB, below 4 GiB */
    DD_PCI_WINDOW_PREFETCHABLE, /**< in steps of 1 MiB */
};
#define DD_PCI_WINDOWS 3

/** The windows a bridge has. */
struct dd_pci_window_ability {
    /** Last address each can end at, by enum dd_pci_window; 0: the bridge has no such window. */
    uint64_t highest[DD_PCI_WINDOWS];
};

/**
 * Find out which windows a bridge has and how wide their addresses are.
 *
 * A window whose registers read as zero may be open at address 0 or not exist; then
 * an address is written that leaves the window closed, and the zeros again.
 *
 * @param access        handle
 * @param address       bridge with a type 1 header
 * @param[out] ability  its windows
 * @retval DD_OK       *ability is valid
 * @retval DD_EARG     as dd_pci_read8(); *ability untouched
 * @retval DD_ENODEV   no function responds; *ability untouched
 * @retval DD_ENOTSUP  the header is not of type 1; nothing was written, *ability untouched
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.6, 3.2.5.8 and 3.2.5.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_find_windows(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 struct dd_pci_window_ability *ability);

/**
 * Open, move or close a window of a bridge.
 *
 * After each write the window is as it was, closed, or as it shall be, but for a prefetchable one
 * that reaches from below into the last 4 GiB its registers can hold: turn off the decoding
 * of such a bridge. Nobody may use what is behind it meanwhile. The Secondary Status beside the I/O
 * registers is not written.
 *
 * @param access   handle
 * @param address  bridge with a type 1 header
 * @param window   which
 * @param range    addresses to forward; base above limit: none
 * @retval DD_OK          the bridge forwards the range
 * @retval DD_EARG        as dd_pci_read8(), or the range is above what the registers can hold;
 *                        nothing was written
 * @retval DD_EALIGN      the range does not begin or end at a step; nothing was written
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @retval DD_ENOTSUP     the header is not of type 1; nothing was written
 * @retval DD_EMALFORMED  the registers do not keep the range, because the bridge has no such window
 *                        for example; they hold what they held
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.6, 3.2.5.8, 3.2.5.9 and 3.2.5.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_set_window(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               enum dd_pci_window window,
                                               const struct dd_pci_range *range);

/**
 * Write the three bus numbers of a bridge at once; the latency timer beside them stays.
 *
 * @param access   handle
 * @param address  bridge, of type 1 or 2
 * @param numbers  primary bus in bits 7:0, secondary in 15:8, subordinate in 23:16; others ignored
 * @retval DD_OK          the registers hold the numbers
 * @retval DD_EARG        as dd_pci_read8(); nothing was written
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @retval DD_ENOTSUP     the header is of neither type; nothing was written
 * @retval DD_EMALFORMED  the registers do not keep the secondary or subordinate bus
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.2 to 3.2.5.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_set_bus_numbers(const struct dd_pci_access *access,
                                                    struct dd_pci_address address,
                                                    uint32_t numbers);

/**
 * Clear and set bits of Bridge Control, by one read and one write of 16 bits.
 *
 * Other bits are written back as read, but that of the discard timer's status, which a
 * 1 would clear: it is written 1 only if @p set says so.
 *
 * @param access   handle
 * @param address  bridge, of type 1 or 2
 * @param clear    mask of bits to clear
 * @param set      mask of bits to write as 1; wins where both have a bit
 * @retval DD_OK       the register was written
 * @retval DD_EARG     as dd_pci_read8(); nothing was written
 * @retval DD_ENODEV   no function responds; nothing was written
 * @retval DD_ENOTSUP  the header is of neither type; nothing was written
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.18; type 2 headers: [PC Card 8] volume 2.
 */
DD_MUST_CHECK enum dd_status dd_pci_change_bridge_control(const struct dd_pci_access *access,
                                                          struct dd_pci_address address,
                                                          uint16_t clear, uint16_t set);

/**
 * Clear bits of a bridge's Secondary Status, by one write of 16 bits.
 *
 * @param access   handle
 * @param address  bridge, of type 1 or 2
 * @param bits     mask of the error bits to clear; others are left out
 * @retval DD_OK       the register was written
 * @retval DD_EARG     as dd_pci_read8(); nothing was written
 * @retval DD_ENODEV   no function responds; nothing was written
 * @retval DD_ENOTSUP  the header is of neither type; nothing was written
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.7; type 2 headers: [PC Card 8] volume 2.
 */
DD_MUST_CHECK enum dd_status dd_pci_clear_secondary_status(const struct dd_pci_access *access,
                                                           struct dd_pci_address address,
                                                           uint16_t bits);

#endif
