/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Integrity and Data Encryption: the encrypted streams of a port.
 */
#ifndef DRYDOCK_PCI_IDE_H
#define DRYDOCK_PCI_IDE_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** The registers before the streams, as read, and how many streams follow. */
struct dd_pci_ide {
    uint16_t offset;                /**< of the capability */
    uint32_t capability;            /**< fields DD_PCI_IDE_LINK_STREAM … DD_PCI_IDE_TEE_LIMITED */
    uint32_t control;               /**< field DD_PCI_IDE_FLOW_THROUGH_ENABLE */
    unsigned int link_streams;      /**< 0..8 */
    unsigned int selective_streams; /**< 0..256 */
};

/** A stream that protects a link, as read. */
struct dd_pci_ide_link {
    uint32_t control; /**< fields DD_PCI_IDE_LINK_ENABLE … */
    uint32_t status;  /**< fields DD_PCI_IDE_LINK_STATE, DD_PCI_IDE_LINK_FAIL_RECEIVED */
};

/** A stream between two ports with switches between them, as read. */
struct dd_pci_ide_selective {
    uint16_t offset;     /**< of its first register in configuration space */
    uint32_t capability; /**< field DD_PCI_IDE_ADDRESS_BLOCKS */
    uint32_t control;    /**< fields DD_PCI_IDE_STREAM_ENABLE … */
    uint32_t status;     /**< fields DD_PCI_IDE_STREAM_STATE, DD_PCI_IDE_STREAM_FAIL_RECEIVED */
    uint32_t rid_1;      /**< field DD_PCI_IDE_RID_LIMIT */
    uint32_t rid_2;      /**< fields DD_PCI_IDE_RID_VALID, …_BASE, …_SEGMENT */
};

/** An address range of such a stream, as read. */
struct dd_pci_ide_address {
    uint32_t address_1; /**< fields DD_PCI_IDE_ADDRESS_VALID, …_BASE_31_20, …_LIMIT_31_20 */
    uint32_t address_2; /**< field DD_PCI_IDE_ADDRESS_LIMIT_63_32 */
    uint32_t address_3; /**< field DD_PCI_IDE_ADDRESS_BASE_63_32 */
};

/**
 * Read the registers of an IDE capability before its streams.
 *
 * @param access    handle
 * @param address   port
 * @param offset    of the capability
 * @param[out] ide  its registers
 * @retval DD_OK          *ide is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *ide
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.26.
 */
DD_MUST_CHECK enum dd_status dd_pci_ide_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_ide *ide);

/**
 * Read the registers of a stream that protects a link.
 *
 * @param access     handle
 * @param address    port
 * @param ide        as read from it
 * @param index      which stream, below ide->link_streams
 * @param[out] link  its registers
 * @retval DD_OK      *link is valid
 * @retval DD_ENOENT  there is no such stream; *link untouched
 * @return else as dd_pci_ide_read(); *link untouched
 *
 * Spec: [PCIe 6] 7.9.26.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_ide_read_link(const struct dd_pci_access *access,
                                                  struct dd_pci_address address,
                                                  const struct dd_pci_ide *ide, unsigned int index,
                                                  struct dd_pci_ide_link *link);

/**
 * Read the registers of a selective stream. How far those before it reach is read on the way.
 *
 * @param access          handle
 * @param address         port
 * @param ide             as read from it
 * @param index           which stream, below ide->selective_streams
 * @param[out] selective  its registers
 * @retval DD_OK      *selective is valid
 * @retval DD_ENOENT  there is no such stream; *selective untouched
 * @return else as dd_pci_ide_read(); *selective untouched
 *
 * Spec: [PCIe 6] 7.9.26.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_ide_read_selective(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_ide *ide,
                                                       unsigned int index,
                                                       struct dd_pci_ide_selective *selective);

/**
 * Read an address range of a selective stream.
 *
 * @param access       handle
 * @param port         the port's address
 * @param selective    as read from it
 * @param index        which range, below DD_PCI_IDE_ADDRESS_BLOCKS of selective->capability
 * @param[out] range   the range
 * @retval DD_OK      *range is valid
 * @retval DD_ENOENT  there is no such range; *range untouched
 * @return else as dd_pci_ide_read(); *range untouched
 *
 * Spec: [PCIe 6] 7.9.26.5.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_ide_read_address(const struct dd_pci_access *access,
                                                     struct dd_pci_address port,
                                                     const struct dd_pci_ide_selective *selective,
                                                     unsigned int index,
                                                     struct dd_pci_ide_address *range);

/**
 * First and last address of a range.
 *
 * @param range       as read
 * @param[out] first  the first byte's, a multiple of 1 MiB
 * @param[out] last   the last byte's
 *
 * Spec: [PCIe 6] 7.9.26.5.5.
 */
void dd_pci_ide_address_range(const struct dd_pci_ide_address *range, uint64_t *first,
                              uint64_t *last);

#endif
