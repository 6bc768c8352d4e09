/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Base address registers: which I/O and memory ranges a function answers, and how large they are.
 */
#ifndef DRYDOCK_PCI_BAR_H
#define DRYDOCK_PCI_BAR_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** Base address registers of a function at most: six, and the expansion ROM's. */
#define DD_PCI_BARS    7
#define DD_PCI_BAR_ROM 6 /**< index of the expansion ROM's register */

/** What a base address register asks for. */
enum dd_pci_bar_kind {
    DD_PCI_BAR_KIND_IO,
    DD_PCI_BAR_KIND_MEMORY32, /**< also the type for addresses below 1 MiB: see highest */
    DD_PCI_BAR_KIND_MEMORY64, /**< takes two registers; counted as the first */
    DD_PCI_BAR_KIND_ROM,      /**< memory with 32-bit addresses, behind an enable bit of its own */
};

/** A part of the memory of a BAR, as a capability says where something is. */
struct dd_pci_bar_part {
    uint8_t bar;     /**< 0..5 */
    uint32_t offset; /**< from the BAR's start */
    uint32_t bytes;
};

/** A base address register. */
struct dd_pci_bar {
    /**
     * What it is:
     *   DD_OK          implemented; all members are valid
     *   DD_ENOENT      not implemented, not in this header, or the upper half of the 64-bit
     *                  register before it; size is 0
     *   DD_EMALFORMED  reserved type, a 64-bit register without room for its upper half, or an
     *                  address in a register none of whose bits can be written; size is 0
     */
    enum dd_status status;
    enum dd_pci_bar_kind kind;
    bool prefetchable;
    uint64_t base; /**< in ports or bytes; as found, 0 if nobody assigned one */
    uint64_t size; /**< in ports or bytes; a power of two */
    /**
     * Last address the range can end at: what the register holds with all its bits set, and no
     * more than 0xFFFFF where the type asks for an address below 1 MiB.
     */
    uint64_t highest;
};

/**
 * Find out kind, address and size of every base address register of a function.
 *
 * The size is learnt by writing ones to each register and reading back which
 * bits took them; where that changes nothing, by a zero too. Meanwhile the function
 * must answer no access to its ranges: its I/O and memory decoding (Command bits 0 and
 * 1) and its expansion ROM are off. That is the caller's risk. A host bridge may cut off memory or this very
 * mechanism, a bridge everything behind it, a console its output, and a device
 * in use may stop; nobody else may use the function during the call. Afterwards
 * each register, and then Command, holds what was read from it before. Status
 * is not written.
 *
 * The size is the lowest bit that took a one: devices may leave address bits
 * above it unimplemented, as most do with the upper half of an I/O address.
 *
 * If the function vanishes on the way, the writes still happen and reach nobody.
 * A register that read as all ones because it was gone is written as that.
 *
 * The expansion ROM shares its address decoder with other registers at times; its
 * enable bit is left out of what is written, so it stays off while its address is
 * nobody's.
 *
 * @param access     handle
 * @param address    function
 * @param[out] bars  DD_PCI_BARS elements, by index; DD_PCI_BAR_ROM is the expansion ROM
 * @retval DD_OK       the registers were sized; see the status of each
 * @retval DD_EARG     as dd_pci_read8(); nothing was written, *bars untouched
 * @retval DD_ENODEV   no function responds, or it stopped responding; *bars untouched
 * @retval DD_ENOTSUP  the header has none of the three known layouts; nothing was written, *bars
 *                     untouched
 *
 * Spec: [PCI 3.0] 6.2.5.1 and 6.2.5.2, [PCIe 6] 7.5.1.2.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_size_bars(const struct dd_pci_access *access,
                                              struct dd_pci_address address,
                                              struct dd_pci_bar *bars);

/**
 * Move the range of a base address register.
 *
 * The function's I/O and memory decoding is off while the register is written, and
 * then as it was. The ROM's enable bit stays as it is.
 *
 * @param access   handle
 * @param address  function
 * @param bars     DD_PCI_BARS elements, as dd_pci_size_bars() filled them in
 * @param index    register, below DD_PCI_BARS, with status DD_OK
 * @param base     new address, in ports or bytes; bars[] is not changed
 * @retval DD_OK          the register holds @p base
 * @retval DD_EARG        @p index is not of an implemented register, or the range would end above
 *                        its highest address; nothing was written
 * @retval DD_EALIGN      @p base is not a multiple of the size; nothing was written
 * @retval DD_ENODEV      no function responds, or it stopped responding
 * @retval DD_EMALFORMED  the register does not keep the address; it holds the one it had
 *
 * Spec: [PCI 3.0] 6.2.5.1 and 6.2.5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_move_bar(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             const struct dd_pci_bar *bars, unsigned int index,
                                             uint64_t base);

#endif
