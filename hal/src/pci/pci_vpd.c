/* SPDX-License-Identifier: MIT */
/*
 * The storage is a list of resources: a tag with a length, then data. Two kinds of
 * them hold fields: a keyword of two letters, a length, data. Everything in it is
 * what somebody wrote into a memory chip, so lengths are checked before they are
 * followed, and a list ends at the end of the storage at the latest.
 */
#include "drydock/pci_vpd.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define SMALL_HEAD 1u
#define LARGE_HEAD 3u
#define FIELD_HEAD 3u
#define LARGE      0x80u

static struct pci_cap_place place_of(const struct dd_pci_vpd_place *place)
{
    return (struct pci_cap_place){place->access, place->address, place->offset};
}

enum dd_status dd_pci_vpd_open(struct dd_pci_vpd *vpd, const struct dd_pci_vpd_place *place,
                               const struct dd_delay *delay)
{
    const struct pci_cap_place capability = place_of(place);
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &capability, DD_PCI_VPD_SIZE);

    if (status == DD_OK) {
        *vpd = (struct dd_pci_vpd){.place = *place, .delay = delay};
    }
    return status;
}

/* ---- Bytes ---- */

/* Have the function fetch a dword, wait, and take it. */
static enum dd_status fetch(struct dd_pci_vpd *vpd, uint16_t at)
{
    const struct pci_cap_place place = place_of(&vpd->place);
    const struct pci_cap_bits ready = {DD_PCI_VPD_ADDRESS, (uint16_t)DD_BITS(DD_PCI_VPD_FLAG),
                                       (uint16_t)DD_BITS(DD_PCI_VPD_FLAG)};
    struct pci_cap_reader reader;
    uint32_t data;
    enum dd_status status = dd_pci_write16(place.access, place.address,
                                           (uint16_t)(place.offset + DD_PCI_VPD_ADDRESS), at);

    if (status == DD_OK) {
        status = dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &ready, DD_PCI_VPD_LIMIT, vpd->delay);
    }
    if (status == DD_OK) {
        status = dd_pci_cap_open(&reader, &place, DD_PCI_VPD_SIZE);
    }
    if (status != DD_OK) {
        return status;
    }
    data = dd_pci_cap_read32(&reader, DD_PCI_VPD_DATA);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        vpd->has_last = true;
        vpd->last_at = at;
        vpd->last = data;
    }
    return status;
}

static enum dd_status read_byte(struct dd_pci_vpd *vpd, uint16_t at, uint8_t *byte)
{
    uint16_t dword = (uint16_t)(at & ~3u);

    if (!vpd->has_last || vpd->last_at != dword) {
        enum dd_status status = fetch(vpd, dword);

        if (status != DD_OK) {
            return status;
        }
    }
    *byte = (uint8_t)(vpd->last >> 8 * (at & 3u));
    return DD_OK;
}

enum dd_status dd_pci_vpd_read(struct dd_pci_vpd *vpd, uint16_t at, uint8_t *bytes, uint16_t size)
{
    if (at >= DD_PCI_VPD_BYTES || size > DD_PCI_VPD_BYTES - at) {
        return DD_EWRAP;
    }
    for (unsigned int i = 0; i < size; i++) {
        enum dd_status status = read_byte(vpd, (uint16_t)(at + i), &bytes[i]);

        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

/* ---- Resources and fields ---- */

/* What leaves the storage is the data's fault here, not the caller's. */
static enum dd_status read_head(struct dd_pci_vpd *vpd, uint16_t at, uint8_t *bytes, uint16_t size)
{
    enum dd_status status = dd_pci_vpd_read(vpd, at, bytes, size);

    return status == DD_EWRAP ? DD_EMALFORMED : status;
}

enum dd_status dd_pci_vpd_next(struct dd_pci_vpd *vpd, uint16_t *at, struct dd_pci_vpd_item *item)
{
    struct dd_pci_vpd_item result;
    uint8_t head[LARGE_HEAD];
    enum dd_status status = read_head(vpd, *at, head, SMALL_HEAD);

    if (status == DD_OK && (head[0] & LARGE) != 0) {
        status = read_head(vpd, *at, head, LARGE_HEAD);
    }
    if (status != DD_OK) {
        return status;
    }
    if ((head[0] & LARGE) != 0) {
        result.tag = head[0];
        result.at = (uint16_t)(*at + LARGE_HEAD);
        result.length = (uint16_t)(head[1] | head[2] << 8);
    } else {
        result.tag = head[0] >> 3;
        result.at = (uint16_t)(*at + SMALL_HEAD);
        result.length = head[0] & 7u;
    }
    if (result.tag == DD_PCI_VPD_END) {
        return DD_ENOENT;
    }
    if (result.length > DD_PCI_VPD_BYTES - result.at) {
        return DD_EMALFORMED;
    }
    *at = (uint16_t)(result.at + result.length);
    *item = result;
    return DD_OK;
}

enum dd_status dd_pci_vpd_next_field(struct dd_pci_vpd *vpd, const struct dd_pci_vpd_item *item,
                                     uint16_t *at, struct dd_pci_vpd_field *field)
{
    uint8_t head[FIELD_HEAD];
    enum dd_status status;

    if (*at > item->length || FIELD_HEAD > (unsigned int)(item->length - *at)) {
        return DD_ENOENT;
    }
    status = read_head(vpd, (uint16_t)(item->at + *at), head, FIELD_HEAD);
    if (status != DD_OK) {
        return status;
    }
    if (head[2] > item->length - *at - FIELD_HEAD) {
        return DD_EMALFORMED;
    }
    *field = (struct dd_pci_vpd_field){.keyword = {(char)head[0], (char)head[1], '\0'},
                                       .at = (uint16_t)(item->at + *at + FIELD_HEAD),
                                       .length = head[2]};
    *at = (uint16_t)(*at + FIELD_HEAD + head[2]);
    return DD_OK;
}

/* ---- The sum ---- */

/* Where the data of the field RV of a resource begins. */
static enum dd_status find_in_item(struct dd_pci_vpd *vpd, const struct dd_pci_vpd_item *item,
                                   uint16_t *where)
{
    struct dd_pci_vpd_field field;
    uint16_t at = 0;
    enum dd_status status = dd_pci_vpd_next_field(vpd, item, &at, &field);

    while (status == DD_OK) {
        if (field.keyword[0] == 'R' && field.keyword[1] == 'V' && field.length > 0) {
            *where = field.at;
            return DD_OK;
        }
        status = dd_pci_vpd_next_field(vpd, item, &at, &field);
    }
    return status;
}

static enum dd_status find_checksum(struct dd_pci_vpd *vpd, uint16_t *where)
{
    struct dd_pci_vpd_item item;
    uint16_t at = 0;
    enum dd_status status = dd_pci_vpd_next(vpd, &at, &item);

    while (status == DD_OK) {
        if (item.tag == DD_PCI_VPD_READ_ONLY) {
            status = find_in_item(vpd, &item, where);
        }
        if (item.tag == DD_PCI_VPD_READ_ONLY && status != DD_ENOENT) {
            return status;
        }
        status = dd_pci_vpd_next(vpd, &at, &item);
    }
    return status;
}

enum dd_status dd_pci_vpd_check(struct dd_pci_vpd *vpd)
{
    uint16_t last;
    uint8_t sum = 0;
    enum dd_status status = find_checksum(vpd, &last);

    for (unsigned int at = 0; status == DD_OK && at <= last; at++) {
        uint8_t byte = 0;

        status = read_byte(vpd, (uint16_t)at, &byte);
        sum = (uint8_t)(sum + byte);
    }
    if (status != DD_OK) {
        return status;
    }
    return sum == 0 ? DD_OK : DD_EMALFORMED;
}
