/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Vital Product Data: what a board is, in a storage of up to 32 KiB behind two registers.
 *
 *     struct dd_pci_vpd vpd;
 *     struct dd_pci_vpd_item item;
 *     uint16_t at = 0;
 *
 *     dd_pci_vpd_open(&vpd, &place, &delay);
 *     while (dd_pci_vpd_next(&vpd, &at, &item) == DD_OK) …
 */
#ifndef DRYDOCK_PCI_VPD_H
#define DRYDOCK_PCI_VPD_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** Bytes the storage has at most. Spec: [PCI 3.0] I. */
#define DD_PCI_VPD_BYTES 0x8000u

/** How long a read may take, in milliseconds; the manual names no bound. */
#define DD_PCI_VPD_LIMIT 125u

/** Where a capability is. */
struct dd_pci_vpd_place {
    const struct dd_pci_access *access;
    struct dd_pci_address address;
    uint16_t offset; /**< of the capability */
};

/** The storage of a function. */
struct dd_pci_vpd {
    struct dd_pci_vpd_place place;
    const struct dd_delay *delay;
    bool has_last;    /**< the dword read last is kept: */
    uint16_t last_at; /**< where it is */
    uint32_t last;    /**< what it is */
};

/** Values of dd_pci_vpd_item.tag: types of resources. Spec: [PCI 3.0] I.2. */
enum dd_pci_vpd_tag {
    DD_PCI_VPD_END = 0x0F,        /**< small */
    DD_PCI_VPD_IDENTIFIER = 0x82, /**< large: the product's name */
    DD_PCI_VPD_READ_ONLY = 0x90,  /**< large: fields */
    DD_PCI_VPD_READ_WRITE = 0x91, /**< large: fields */
};

/** A resource. */
struct dd_pci_vpd_item {
    uint8_t tag;     /**< enum dd_pci_vpd_tag or another; bit 7 is set in large ones */
    uint16_t at;     /**< of its first data byte */
    uint16_t length; /**< data bytes */
};

/** A field of a resource with fields. */
struct dd_pci_vpd_field {
    char keyword[3]; /**< two characters, as stored, and NUL */
    uint16_t at;     /**< of its first data byte */
    uint8_t length;  /**< data bytes */
};

/**
 * Begin to read. Nothing is accessed.
 *
 * @param[out] vpd  the storage
 * @param place     the capability; copied
 * @param delay     how to wait; must outlive the storage
 * @retval DD_OK          ready
 * @retval DD_EARG        no capability can be at this offset; *vpd untouched
 * @retval DD_EALIGN      the offset is not a multiple of 4; *vpd untouched
 * @retval DD_EMALFORMED  the capability would run past the end of its 256 bytes; *vpd untouched
 *
 * Spec: [PCI 3.0] I.
 */
DD_MUST_CHECK enum dd_status dd_pci_vpd_open(struct dd_pci_vpd *vpd,
                                             const struct dd_pci_vpd_place *place,
                                             const struct dd_delay *delay);

/**
 * Read bytes of the storage.
 *
 * It is read in dwords: the address is written, the function sets a flag when the data is there.
 * The last dword is kept, so that reading byte by byte costs one access for four.
 *
 * @param vpd         the storage
 * @param at          of the first byte, 0..0x7FFF
 * @param[out] bytes  what is there
 * @param size        how many
 * @retval DD_OK        they are valid
 * @retval DD_EWRAP     the range leaves the 32 KiB; nothing was read
 * @retval DD_ETIMEOUT  the flag was not set for DD_PCI_VPD_LIMIT; some bytes may be written
 * @retval DD_ENODEV    no function responds; some bytes may be written
 * @retval DD_EARG      as dd_pci_write16(); nothing was read
 *
 * Spec: [PCI 3.0] I.
 */
DD_MUST_CHECK enum dd_status dd_pci_vpd_read(struct dd_pci_vpd *vpd, uint16_t at, uint8_t *bytes,
                                             uint16_t size);

/**
 * Read the head of the resource at a place.
 *
 * @param vpd          the storage
 * @param[in,out] at   of the resource, 0 for the first; moved behind it
 * @param[out] item    the resource
 * @retval DD_OK          *item is valid
 * @retval DD_ENOENT      it is the end; *at and *item untouched, as after all failures
 * @retval DD_EMALFORMED  it leaves the 32 KiB
 * @return else as dd_pci_vpd_read()
 *
 * Spec: [PCI 3.0] I.2, as resources of ISA Plug and Play.
 */
DD_MUST_CHECK enum dd_status dd_pci_vpd_next(struct dd_pci_vpd *vpd, uint16_t *at,
                                             struct dd_pci_vpd_item *item);

/**
 * Read the head of the field at a place in a resource.
 *
 * @param vpd          the storage
 * @param item         a resource with fields
 * @param[in,out] at   of the field from the resource's first data byte on, 0 for the first; moved
 *                     behind it
 * @param[out] field   the field
 * @retval DD_OK          *field is valid
 * @retval DD_ENOENT      there is no room for another; *at and *field untouched, as after all
 *                        failures
 * @retval DD_EMALFORMED  it leaves the resource
 * @return else as dd_pci_vpd_read()
 *
 * Spec: [PCI 3.0] I.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_vpd_next_field(struct dd_pci_vpd *vpd,
                                                   const struct dd_pci_vpd_item *item, uint16_t *at,
                                                   struct dd_pci_vpd_field *field);

/**
 * Check the sum of all bytes up to the one that the field RV begins with: it is 0.
 *
 * @param vpd  the storage
 * @retval DD_OK          the sum is right
 * @retval DD_EMALFORMED  it is wrong, or a resource or a field before RV is malformed
 * @retval DD_ENOENT      there is no field RV
 * @return else as dd_pci_vpd_read()
 *
 * Spec: [PCI 3.0] I.3.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_vpd_check(struct dd_pci_vpd *vpd);

#endif
