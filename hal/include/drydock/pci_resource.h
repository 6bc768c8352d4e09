/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Addresses for the ranges of all functions and the windows of all bridges of a segment.
 *
 * Four steps, of which only the first and the last touch the machine:
 *   dd_pci_collect_resources()  which ranges there are, behind which bridges, and where they are
 *   dd_pci_assign_resources()   where they shall be; plain arithmetic
 *   dd_pci_check_resources()    whether that can work; a second opinion that shares nothing with it
 *   dd_pci_write_resources()    make it so
 * The caller gives the arrays, and the address ranges each root bus can use: those the
 * ACPI tables list for its host bridge, without what is in use otherwise.
 *
 * Left alone are the registers of host bridges, the windows of CardBus bridges, which
 * everything else goes around, and what is behind them, and Bridge Control: where its ISA
 * Enable is set, the I/O ranges behind are in the first 256 ports of each 1024. Where VGA
 * Enable is set, nothing behind the same root is at the addresses it passes on: A0000h to
 * BFFFFh, ports 3B0h to 3DFh, and, without VGA 16-bit Decode, all ports whose lower ten bits
 * are those; then I/O ranges are in the first 3B0h ports of each 1024.
 */
#ifndef DRYDOCK_PCI_RESOURCE_H
#define DRYDOCK_PCI_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_bridge.h"
#include "drydock/pci_buses.h"
#include "drydock/pci_header.h"
#include "drydock/status.h"

/** A part of an address space that was found or is wanted; for the library's own use. */
struct dd_pci_span {
    uint64_t base;
    uint64_t size;           /**< 0: nothing is wanted */
    uint64_t alignment;      /**< a power of two */
    enum dd_pci_window home; /**< the window above it that it is in */
    bool is_placed;
    bool is_kept;     /**< base is where it was found; else it counts from the window's start */
    bool is_optional; /**< may be left out if not all have room */
    bool is_left_out;
    struct dd_pci_span *next; /**< on the same bus, while places are looked for */
};

/** A root bus, and the addresses that arrive there, by enum dd_pci_window. */
struct dd_pci_resource_root {
    uint8_t bus;
    /** Memory below 4 GiB; prefetchable memory, anywhere; none: base above limit. Disjoint. */
    struct dd_pci_range range[DD_PCI_WINDOWS];
};

/** A bridge with a type 1 header. */
struct dd_pci_resource_bridge {
    struct dd_pci_address address;
    struct dd_pci_window_ability ability;
    struct dd_pci_range found[DD_PCI_WINDOWS]; /**< as collected; base above limit: closed */
    struct dd_pci_range range[DD_PCI_WINDOWS]; /**< as assigned */
    struct dd_pci_span span[DD_PCI_WINDOWS];
    uint32_t registers[6]; /**< 0x1C to 0x30 as collected, of the first only bits 15:0 */
    uint16_t root;         /**< index of the root bus it is behind */
    uint16_t parent;       /**< index of the bridge its bus is behind, or DD_PCI_NO_PARENT */
    uint16_t command;      /**< as it was before dd_pci_write_resources() */
    uint8_t secondary_bus; /**< 0: the bus behind it was not scanned */
    enum dd_status behind; /**< why, if it was not: as struct dd_pci_function says */
    bool stays;            /**< what is behind it cannot be moved; for the library's own use */
    uint16_t control;      /**< Bridge Control, as collected */
};

/** A range of a function. */
struct dd_pci_resource {
    struct dd_pci_address address;
    uint16_t offset;  /**< of its register in configuration space; 0: fixed, without one */
    uint16_t sriov;   /**< of virtual functions: offset of the SR-IOV capability; else 0 */
    uint16_t root;    /**< index of the root bus it is behind */
    uint16_t parent;  /**< index of the bridge its bus is behind, or DD_PCI_NO_PARENT */
    uint16_t command; /**< of its function, as it was before dd_pci_write_resources() */
    uint32_t
        enable; /**< its ROM register or SR-IOV Control, as it was before that; used if no place */
    enum dd_pci_bar_kind kind;
    enum dd_pci_window window; /**< the window it is in, as assigned */
    /**
     * DD_OK: base is assigned; else it has no base. DD_ENOTSUP: it cannot be wherever its root's
     * ranges and the windows above it are, because they reach higher than its register, or it has
     * more ports than ISA Enable passes on, or VGA Enable leaves; or it is fixed, outside its root's ranges. DD_EFULL: it is optional, and there was no room for it.
     */
    enum dd_status status;
    bool prefetchable;
    uint64_t size;      /**< in ports or bytes; of virtual functions: for all of them together */
    uint64_t alignment; /**< a power of two */
    uint64_t highest;   /**< last address it can end at */
    uint64_t found;     /**< base as collected; 0: none */
    uint64_t base;      /**< as assigned */
    struct dd_pci_span span;
};

/** All of them; the arrays are the caller's. */
struct dd_pci_resources {
    const struct dd_pci_resource_root *roots;
    size_t root_count;
    struct dd_pci_resource_bridge *bridges; /**< those above others come first */
    size_t bridge_capacity;
    size_t bridge_count;
    struct dd_pci_resource *list; /**< those of a function in a row */
    size_t capacity;
    size_t count;
    uint64_t page_size; /**< of pages virtual functions are used with, in bytes; 0: as it is set */
};

/** How to assign. */
enum dd_pci_policy {
    DD_PCI_FROM_SCRATCH, /**< everything anew */
    DD_PCI_KEEP,         /**< what was found at a place where it can be stays there */
};

/**
 * Find all ranges and windows behind the root buses, by dd_pci_scan() and dd_pci_size_bars().
 *
 * What is said there about devices in use holds for every function. Ranges of virtual
 * functions are found if the handle reaches extended capabilities, none is enabled
 * and they can have pages of page_size, to which System Page Size is set; they are as large
 * as for TotalVFs. Ranges an Enhanced Allocation capability lists and the open
 * windows of CardBus bridges are fixed: they have no register here, and everything else goes
 * around them; an entry for virtual functions is one range, of TotalVFs times what the entry says.
 * What a bridge lists for functions behind it is one range, of which those that
 * these list are a part. A caller may take elements out of the list again.
 *
 * @param access             handle; the buses must have their numbers
 * @param[in,out] resources  the roots and the arrays with their capacities; the counts and elements
 *                           are filled in, and are not valid after a failure
 * @retval DD_OK         all were found; nothing is assigned yet
 * @retval DD_EARG       a root bus is outside the handle's window; nothing was read
 * @retval DD_EFULL      an array is too small; every register but System Page Size holds what it did
 * @retval DD_ENODEV     a function vanished on the way
 * @retval DD_ENOTREADY  a function is not ready: collect again later
 *
 * Spec: [PCI 3.0] 6.2.5, [PCI-PCI 1.2] 3.2.5, [PCIe 6] 7.8.5; CardBus: [PC Card 8] volume 2.
 */
DD_MUST_CHECK enum dd_status dd_pci_collect_resources(const struct dd_pci_access *access,
                                                      struct dd_pci_resources *resources);

/**
 * Find a place for every range and window.
 *
 * A 64-bit prefetchable range goes to the prefetchable windows if these reach as far as
 * the root's range does, all other memory below 4 GiB. On each bus the largest ranges
 * come first, each at the lowest place that is free, so that windows are no larger than
 * what is in them, rounded up. Windows with nothing behind them are closed. Where a range behind a
 * bridge is fixed, or its bus has a number but was not scanned, its windows and those
 * above stay as they were found, if they can, and are closed if not.
 *
 * With DD_PCI_KEEP a window that was found within one above it, and a range found within
 * its window, aligned and not overlapping a neighbour found before it, stays; also an
 * empty window, which may be meant for cards to come. Prefetchable windows may be within
 * memory windows. What is left is put where there is room.
 *
 * Where not all have room, ranges that are optional are left out, and their status says so:
 * expansion ROMs and ranges of virtual functions first, then, with DD_PCI_KEEP, ranges
 * that were found without a base; of these the one in question, or else the largest first.
 *
 * @param[in,out] resources  as collected; base and status of ranges and the ranges of windows are
 *                           the result
 * @param policy             how
 * @retval DD_OK       every range has a place, but for those whose status says otherwise
 * @retval DD_EARG     roots of which a memory range ends above 4 GiB, two ranges of roots overlap, or
 *                     an element is behind a root or bridge that there is not, or a bridge before the
 *                     one it is behind; nothing was assigned
 * @retval DD_EFULL    there is no room for all that are not optional; nothing was assigned
 * @retval DD_ENOTSUP  a fixed range is among its root's ranges, but partly outside, over another fixed
 *                     one or a window that stays, or not within the window above it as that was found;
 *                     nothing was assigned
 *
 * Spec: [PCI 3.0] 6.2.5.1, [PCI-PCI 1.2] 3.2.5.6 to 3.2.5.10, 3.2.5.18 and 4.
 */
DD_MUST_CHECK enum dd_status dd_pci_assign_resources(struct dd_pci_resources *resources,
                                                     enum dd_pci_policy policy);

/** What is wrong with an assignment, and where. */
struct dd_pci_resource_fault {
    /**
     * DD_EALIGN: not aligned. DD_EWRAP: ends above its highest address or wraps. DD_EEXIST: it and
     * the other overlap. DD_ENOTMAPPED: not within the window or root range above it, among the
     * ports that ISA Enable of a bridge above does not pass on, or where VGA Enable of one behind the
     * same root leads elsewhere.
     */
    enum dd_status status;
    bool is_window;       /**< index is of a bridge's window; else of a range */
    bool is_other_window; /**< the same for other */
    uint16_t index;       /**< element of bridges[] or list[] */
    uint16_t other;       /**< of DD_EEXIST: the second one */
    enum dd_pci_window window;
};

/**
 * Check an assignment: every range and window aligned, below its highest address, within
 * the window above it up to the root, let through by ISA Enable and VGA Enable, and apart from all others
 * that are not above it.
 *
 * @param resources   as assigned, or made by hand
 * @param[out] fault  the first thing that is wrong
 * @retval DD_OK          it can work; *fault untouched
 * @retval DD_EARG        an element is behind a root or bridge that there is not, or a bridge before
 *                        the one it is behind; *fault untouched
 * @retval DD_EMALFORMED  it cannot: see *fault
 *
 * Spec: [PCI 3.0] 6.2.5.1, [PCI-PCI 1.2] 4.
 */
DD_MUST_CHECK enum dd_status dd_pci_check_resources(const struct dd_pci_resources *resources,
                                                    struct dd_pci_resource_fault *fault);

/**
 * Write an assignment to the machine.
 *
 * The decoding of all functions and bridges concerned is off while windows and ranges
 * are written, and then as it was, except for a function with a range that has no
 * place. Of an expansion ROM without one ROM Enable is cleared instead, of virtual
 * functions VF Memory Space Enable. Nobody may use any of them meanwhile. Enabling what was off is up to drivers:
 * dd_pci_change_command().
 *
 * @param access             handle the resources were collected through
 * @param[in,out] resources  as assigned
 * @retval DD_OK          the registers hold the assignment
 * @retval DD_ENODEV      a function vanished; all others hold what was collected
 * @retval DD_EMALFORMED  a register does not keep its value; all hold what was collected
 *
 * Spec: [PCI 3.0] 6.2.5.1, [PCI-PCI 1.2] 3.2.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_write_resources(const struct dd_pci_access *access,
                                                    struct dd_pci_resources *resources);

#endif
