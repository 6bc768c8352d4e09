/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The first 64 bytes of a function: read once, decoded as often as one likes.
 */
#ifndef DRYDOCK_PCI_HEADER_H
#define DRYDOCK_PCI_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** A header as read: bytes 4i..4i+3 of configuration space, lowest byte in bits 7:0. */
struct dd_pci_header {
    uint32_t dwords[16];
};

/** What every header has. Spec: [PCI 3.0] 6.2, [PCIe 6] 7.5.1.1. */
struct dd_pci_common {
    uint16_t vendor;
    uint16_t device;
    uint16_t command; /**< fields DD_PCI_COMMAND_… */
    uint16_t status;  /**< fields DD_PCI_STATUS_… */
    uint8_t base_class;
    uint8_t subclass;
    uint8_t interface;
    uint8_t revision;
    uint8_t cache_line_size; /**< in dwords */
    uint8_t latency_timer;   /**< in bus clocks */
    uint8_t layout;          /**< enum dd_pci_layout, or a reserved value up to 0x7F */
    uint8_t bist;            /**< fields DD_PCI_BIST_… */
    uint8_t interrupt_line;
    uint8_t interrupt_pin; /**< 0: none; 1..4: INTA..INTD */
    bool multi_function;
};

/** What a type 0 header has besides. Spec: [PCI 3.0] 6.2.4, [PCIe 6] 7.5.1.2. */
struct dd_pci_endpoint {
    uint32_t cardbus_cis_pointer;
    uint16_t subsystem_vendor;
    uint16_t subsystem;
    uint8_t min_grant;   /**< in 250 ns */
    uint8_t max_latency; /**< in 250 ns */
};

/** Addresses a bridge forwards downstream: base..limit, both included; none if base is above limit. */
struct dd_pci_range {
    uint64_t base;
    uint64_t limit;
};

/**
 * What a type 1 header has besides.
 *
 * A bridge without an I/O or prefetchable range has zeros there, and they read
 * as a range that begins at address 0. Spec: [PCI-PCI 1.2] 3.2.5, [PCIe 6] 7.5.1.3.
 */
struct dd_pci_bridge {
    struct dd_pci_range io;
    struct dd_pci_range memory;
    struct dd_pci_range prefetchable;
    uint16_t secondary_status; /**< fields DD_PCI_SECONDARY_STATUS_… */
    uint16_t control;          /**< fields DD_PCI_BRIDGE_CONTROL_… */
    uint8_t primary_bus;
    uint8_t secondary_bus;
    uint8_t subordinate_bus;
    uint8_t secondary_latency_timer;
};

/**
 * What a type 2 header has besides. Its Subsystem IDs are not in the header but
 * at offsets 0x40 (vendor) and 0x42. Spec: [PC Card 8] volume 2.
 */
struct dd_pci_cardbus {
    struct dd_pci_range memory[2];
    struct dd_pci_range io[2];
    uint16_t secondary_status; /**< fields DD_PCI_SECONDARY_STATUS_… */
    uint16_t control;          /**< fields DD_PCI_CARDBUS_CONTROL_… */
    uint8_t primary_bus;
    uint8_t secondary_bus;
    uint8_t subordinate_bus;
    uint8_t latency_timer;
};

/**
 * Read the header of a function: 16 reads of 32 bits.
 *
 * No register of a header changes by being read. A register that reads as all ones
 * takes one more read, of the Vendor ID: see pci.h.
 *
 * @param access       handle
 * @param address      function
 * @param[out] header  the 64 bytes
 * @retval DD_OK      *header is valid
 * @retval DD_EARG    as dd_pci_read32(); *header untouched
 * @retval DD_ENODEV  no function responds, or it stopped responding; *header untouched
 *
 * Spec: [PCI 3.0] 6.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_read_header(const struct dd_pci_access *access,
                                                struct dd_pci_address address,
                                                struct dd_pci_header *header);

/**
 * Decode what all headers have in common.
 *
 * @param header       as read
 * @param[out] common  its registers
 *
 * Spec: [PCI 3.0] 6.2.
 */
void dd_pci_decode_common(const struct dd_pci_header *header, struct dd_pci_common *common);

/**
 * Decode a type 0 header.
 *
 * @param header         as read
 * @param[out] endpoint  its registers
 * @retval DD_OK      *endpoint is valid
 * @retval DD_ENOENT  the header has another layout; *endpoint untouched
 *
 * Spec: [PCI 3.0] figure 6-1.
 */
DD_MUST_CHECK enum dd_status dd_pci_decode_endpoint(const struct dd_pci_header *header,
                                                    struct dd_pci_endpoint *endpoint);

/**
 * Decode a type 1 header.
 *
 * The upper halves of the I/O and prefetchable ranges count only if the lower
 * halves say that they exist: width 1 in the base register.
 *
 * @param header       as read
 * @param[out] bridge  its registers
 * @retval DD_OK      *bridge is valid
 * @retval DD_ENOENT  the header has another layout; *bridge untouched
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_decode_bridge(const struct dd_pci_header *header,
                                                  struct dd_pci_bridge *bridge);

/**
 * Decode a type 2 header.
 *
 * @param header        as read
 * @param[out] cardbus  its registers
 * @retval DD_OK      *cardbus is valid
 * @retval DD_ENOENT  the header has another layout; *cardbus untouched
 *
 * Spec: [PC Card 8] volume 2.
 */
DD_MUST_CHECK enum dd_status dd_pci_decode_cardbus(const struct dd_pci_header *header,
                                                   struct dd_pci_cardbus *cardbus);

/**
 * Clear and set bits of the Command register, by one read and one write of 16 bits.
 *
 * Other bits, reserved ones included, are written back as read. The Status register
 * beside it, whose bits a write of 32 bits would clear, is not written.
 *
 * @param access   handle
 * @param address  function
 * @param clear    mask of bits to clear
 * @param set      mask of bits to set; wins where both have a bit
 * @retval DD_OK      the register was written
 * @retval DD_EARG    as dd_pci_read16(); nothing was written
 * @retval DD_ENODEV  no function responds; nothing was written
 *
 * Spec: [PCI 3.0] 6.2.2 and 6.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_change_command(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t clear,
                                                   uint16_t set);

/**
 * Clear error bits of the Status register, by one write of 16 bits.
 *
 * The Command register beside it is not written.
 *
 * @param access   handle
 * @param address  function
 * @param bits     mask of the bits to clear; those that are not error bits are left out
 * @retval DD_OK      the register was written
 * @retval DD_EARG    as dd_pci_read32(); nothing was written
 * @retval DD_ENODEV  no function responds; nothing was written
 *
 * Spec: [PCI 3.0] 6.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_clear_status(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t bits);

/**
 * Read the class code, by one read of 32 bits: for callers of dd_pci_scan() that need no
 * more of the header.
 *
 * @param access           handle
 * @param address          function
 * @param[out] class_code  base class in bits 23:16, subclass in 15:8, interface in 7:0
 * @retval DD_OK      *class_code is valid
 * @retval DD_EARG    as dd_pci_read32(); *class_code untouched
 * @retval DD_ENODEV  no function responds; *class_code untouched
 *
 * Spec: [PCI 3.0] 6.2.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_read_class(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint32_t *class_code);

#endif
