/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Finding the functions on one bus, one after the other.
 */
#ifndef DRYDOCK_PCI_BUS_H
#define DRYDOCK_PCI_BUS_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_scan.h"
#include "drydock/status.h"

/** Which function numbers a bus can have. */
enum pci_bus_kind {
    PCI_BUS_SHARED, /**< 32 devices of up to 8 functions */
    PCI_BUS_LINK,   /**< below a PCI Express port: device 0 only, of up to 8 functions */
    PCI_BUS_ARI,    /**< a link whose port forwards Alternative Routing-IDs: up to 256 functions */
};

/** Buses, and the functions of one. */
#define PCI_BUSES     256
#define PCI_FUNCTIONS 256u

/** The next function to try on a bus; small, because a scan keeps one for each bus on its path. */
struct pci_cursor {
    uint16_t next; /**< device number * 8 + function number; PCI_FUNCTIONS: none */
    uint8_t bus;
    uint8_t kind; /**< enum pci_bus_kind */
};

/** A cursor at the start of a bus. */
struct pci_cursor dd_pci_bus_start(uint8_t bus, enum pci_bus_kind kind);

/**
 * Find the next function of a bus and move the cursor behind it.
 *
 * @param access         handle that reaches the bus
 * @param cursor         where to go on
 * @param[out] function  the function; `behind` is DD_ENOENT, and a bridge's bus numbers are read
 * @retval DD_OK         *function is valid
 * @retval DD_ENOENT     there are no more; *function is undefined
 * @retval DD_ENOTREADY  the next one is not ready; *function is undefined
 */
DD_MUST_CHECK enum dd_status dd_pci_bus_next(const struct dd_pci_access *access,
                                             struct pci_cursor *cursor,
                                             struct dd_pci_function *function);

/**
 * Look at one function.
 *
 * @param[out] function  as dd_pci_bus_next() gives it
 * @retval DD_OK         *function is valid
 * @retval DD_ENODEV     there is no such function; *function is undefined
 * @retval DD_ENOTREADY  it is not ready; *function is undefined
 */
DD_MUST_CHECK enum dd_status dd_pci_bus_look(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             struct dd_pci_function *function);

/**
 * Write the four registers of a bridge that begin with its primary bus.
 *
 * @retval DD_OK          it keeps the secondary and subordinate bus
 * @retval DD_EMALFORMED  it does not
 * @return else as dd_pci_read32()
 */
DD_MUST_CHECK enum dd_status dd_pci_bus_write_numbers(const struct dd_pci_access *access,
                                                      struct dd_pci_address bridge,
                                                      uint32_t numbers);

/** What kind of bus is behind a bridge, as its PCI Express capability tells. */
enum pci_bus_kind dd_pci_bus_behind(const struct dd_pci_access *access,
                                    const struct dd_pci_function *bridge);

#endif
