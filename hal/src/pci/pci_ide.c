/* SPDX-License-Identifier: MIT */
/*
 * Behind the two first registers come the streams of the link, if there are any, and
 * then the selective ones, each as long as it has address ranges: a stream's place
 * is known only from all before it.
 */
#include "drydock/pci_ide.h"

#include "pci_cap_read.h"

#define STREAMS_FIRST   (DD_PCI_IDE_CONTROL + 4u)
#define LINK_BYTES      (DD_PCI_IDE_LINK_STATUS + 4u)
#define SELECTIVE_BYTES (DD_PCI_IDE_RID_2 + 4u)
#define ADDRESS_BYTES   (DD_PCI_IDE_ADDRESS_3 + 4u)

enum dd_status dd_pci_ide_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ide *ide)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ide result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, STREAMS_FIRST);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_IDE_CAPABILITY);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_IDE_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(result.capability, DD_PCI_IDE_LINK_STREAM) != 0) {
        result.link_streams = (unsigned int)DD_GET(result.capability, DD_PCI_IDE_LINK_COUNT) + 1;
    }
    if (DD_GET(result.capability, DD_PCI_IDE_SELECTIVE_STREAM) != 0) {
        result.selective_streams =
            (unsigned int)DD_GET(result.capability, DD_PCI_IDE_SELECTIVE_COUNT) + 1;
    }
    *ide = result;
    return DD_OK;
}

enum dd_status dd_pci_ide_read_link(const struct dd_pci_access *access,
                                    struct dd_pci_address address, const struct dd_pci_ide *ide,
                                    unsigned int index, struct dd_pci_ide_link *link)
{
    const struct pci_cap_place place = {access, address, ide->offset};
    unsigned int at = STREAMS_FIRST + index * LINK_BYTES;
    struct dd_pci_ide_link result;
    struct pci_cap_reader reader;
    enum dd_status status;

    if (index >= ide->link_streams) {
        return DD_ENOENT;
    }
    status = dd_pci_cap_open(&reader, &place, at + LINK_BYTES);
    if (status != DD_OK) {
        return status;
    }
    result.control = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_LINK_CONTROL);
    result.status = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_LINK_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *link = result;
    }
    return status;
}

/* The place of a selective stream, with its first register read. */
static enum dd_status find_selective(struct pci_cap_reader *reader, const struct dd_pci_ide *ide,
                                     unsigned int index, struct dd_pci_ide_selective *selective)
{
    unsigned int at = STREAMS_FIRST + ide->link_streams * LINK_BYTES;

    for (unsigned int i = 0;; i++) {
        if (!dd_pci_cap_fits(reader, at + SELECTIVE_BYTES)) {
            enum dd_status status = dd_pci_cap_close(reader);

            return status == DD_OK ? DD_EMALFORMED : status;
        }
        selective->capability = dd_pci_cap_read32(reader, at + DD_PCI_IDE_STREAM_CAPABILITY);
        if (i == index) {
            selective->offset = (uint16_t)(ide->offset + at);
            return DD_OK;
        }
        at +=
            SELECTIVE_BYTES +
            (unsigned int)DD_GET(selective->capability, DD_PCI_IDE_ADDRESS_BLOCKS) * ADDRESS_BYTES;
    }
}

enum dd_status dd_pci_ide_read_selective(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_ide *ide, unsigned int index,
                                         struct dd_pci_ide_selective *selective)
{
    const struct pci_cap_place place = {access, address, ide->offset};
    struct dd_pci_ide_selective result = {.offset = 0};
    struct pci_cap_reader reader;
    unsigned int at;
    enum dd_status status;

    if (index >= ide->selective_streams) {
        return DD_ENOENT;
    }
    status = dd_pci_cap_open(&reader, &place, STREAMS_FIRST);
    if (status == DD_OK) {
        status = find_selective(&reader, ide, index, &result);
    }
    if (status != DD_OK) {
        return status;
    }
    at = result.offset - ide->offset;
    result.control = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_STREAM_CONTROL);
    result.status = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_STREAM_STATUS);
    result.rid_1 = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_RID_1);
    result.rid_2 = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_RID_2);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *selective = result;
    }
    return status;
}

enum dd_status dd_pci_ide_read_address(const struct dd_pci_access *access,
                                       struct dd_pci_address port,
                                       const struct dd_pci_ide_selective *selective,
                                       unsigned int index, struct dd_pci_ide_address *range)
{
    const struct pci_cap_place place = {access, port, selective->offset};
    unsigned int at = SELECTIVE_BYTES + index * ADDRESS_BYTES;
    struct dd_pci_ide_address result;
    struct pci_cap_reader reader;
    enum dd_status status;

    if (index >= DD_GET(selective->capability, DD_PCI_IDE_ADDRESS_BLOCKS)) {
        return DD_ENOENT;
    }
    status = dd_pci_cap_open(&reader, &place, at + ADDRESS_BYTES);
    if (status != DD_OK) {
        return status;
    }
    result.address_1 = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_ADDRESS_1);
    result.address_2 = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_ADDRESS_2);
    result.address_3 = dd_pci_cap_read32(&reader, at + DD_PCI_IDE_ADDRESS_3);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *range = result;
    }
    return status;
}

void dd_pci_ide_address_range(const struct dd_pci_ide_address *range, uint64_t *first,
                              uint64_t *last)
{
    *first = (uint64_t)range->address_3 << 32 |
             DD_GET(range->address_1, DD_PCI_IDE_ADDRESS_BASE_31_20) << 20;
    *last = (uint64_t)range->address_2 << 32 |
            DD_GET(range->address_1, DD_PCI_IDE_ADDRESS_LIMIT_31_20) << 20 | DD_MASK(19, 0);
}
