/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Reading the registers of one capability, one after the other, and telling at the
 * end whether the function was still there. Usage:
 *
 *     struct pci_cap_reader reader;
 *     enum dd_status status = dd_pci_cap_open(&reader, &(struct pci_cap_place){access, address, offset}, SIZE);
 *
 *     if (status != DD_OK) {
 *         return status;
 *     }
 *     result.control = dd_pci_cap_read16(&reader, DD_PCI_PM_CONTROL);
 *     status = dd_pci_cap_close(&reader);
 *     if (status == DD_OK) {
 *         *pm = result;
 *     }
 *     return status;
 */
#ifndef DRYDOCK_PCI_CAP_READ_H
#define DRYDOCK_PCI_CAP_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** Where a capability is. */
struct pci_cap_place {
    const struct dd_pci_access *access;
    struct dd_pci_address address;
    uint16_t offset; /**< of its first byte, the ID's */
};

/** Registers being read. */
struct pci_cap_reader {
    struct pci_cap_place place;
    enum dd_status status; /**< the first that was not DD_OK */
};

/**
 * Begin. Nothing is read.
 *
 * @param[out] reader  the reader
 * @param place        the capability; copied
 * @param size         bytes of it that will be read, the ID's dword included
 * @retval DD_OK          ready
 * @retval DD_EARG        offset below 0x40 or not below dd_pci_config_size()
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of its list's space: of the first
 *                        256 bytes, or of dd_pci_config_size()
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_open(struct pci_cap_reader *reader,
                                             const struct pci_cap_place *place, unsigned int size);

/** Whether @p size bytes from the capability's start are in its space: for more than was opened. */
bool dd_pci_cap_fits(const struct pci_cap_reader *reader, unsigned int size);

/** Read a register of 8 bits; @p at is its offset from the capability's start, of any place in it. */
uint8_t dd_pci_cap_read8(struct pci_cap_reader *reader, unsigned int at);

/** Read a register of 16 bits, as dd_pci_cap_read8(). */
uint16_t dd_pci_cap_read16(struct pci_cap_reader *reader, unsigned int at);

/** Read a register of 32 bits, as dd_pci_cap_read8(). */
uint32_t dd_pci_cap_read32(struct pci_cap_reader *reader, unsigned int at);

/**
 * End.
 *
 * @retval DD_OK      what was read is valid
 * @retval DD_ENODEV  no function responds
 * @return else the first failure of a read: DD_EARG or DD_EALIGN, as dd_pci_read32()
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_close(const struct pci_cap_reader *reader);

/**
 * The pointer to the first entry of the first list, its reserved bits 0; in pci_cap.c.
 *
 * @param access      handle
 * @param address     function
 * @param[out] first  offset of the entry as the header has it; 0 if the function has no list
 * @return as dd_pci_walk_capabilities() before it visits the first entry
 */
DD_MUST_CHECK enum dd_status dd_pci_cap_read_first(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t *first);

#endif
