/* SPDX-License-Identifier: MIT */
/*
 * A function that is pulled out answers no more: dd_pci_read32() and its like say so.
 * The first thing that went wrong is remembered, so that a row of registers can be
 * read without a question after each.
 */
#include "pci_cap_read.h"

/* Bytes of configuration space that the handle reaches of the function. */
static unsigned int size_of_space(const struct pci_cap_place *place)
{
    return dd_pci_config_size(place->access, place->address.bus);
}

bool dd_pci_cap_fits(const struct pci_cap_reader *reader, unsigned int size)
{
    const struct pci_cap_place *place = &reader->place;
    unsigned int end = place->offset < DD_PCI_EXTENDED_CAPABILITIES_FIRST ? DD_PCI_CONFIG_SIZE
                                                                          : size_of_space(place);

    return size <= end - place->offset;
}

enum dd_status dd_pci_cap_open(struct pci_cap_reader *reader, const struct pci_cap_place *place,
                               unsigned int size)
{
    if (place->offset < DD_PCI_CAPABILITIES_FIRST || place->offset >= size_of_space(place)) {
        return DD_EARG;
    }
    if (!dd_is_aligned(place->offset, 4)) {
        return DD_EALIGN;
    }
    *reader = (struct pci_cap_reader){.place = *place, .status = DD_OK};
    return dd_pci_cap_fits(reader, size) ? DD_OK : DD_EMALFORMED;
}

static uint16_t begin_read(const struct pci_cap_reader *reader, unsigned int at)
{
    return (uint16_t)(reader->place.offset + at);
}

static void end_read(struct pci_cap_reader *reader, enum dd_status status)
{
    if (reader->status == DD_OK) {
        reader->status = status;
    }
}

uint8_t dd_pci_cap_read8(struct pci_cap_reader *reader, unsigned int at)
{
    uint8_t value = UINT8_MAX;
    enum dd_status status =
        dd_pci_read8(reader->place.access, reader->place.address, begin_read(reader, at), &value);

    end_read(reader, status);
    return value;
}

uint16_t dd_pci_cap_read16(struct pci_cap_reader *reader, unsigned int at)
{
    uint16_t value = UINT16_MAX;
    enum dd_status status =
        dd_pci_read16(reader->place.access, reader->place.address, begin_read(reader, at), &value);

    end_read(reader, status);
    return value;
}

uint32_t dd_pci_cap_read32(struct pci_cap_reader *reader, unsigned int at)
{
    uint32_t value = UINT32_MAX;
    enum dd_status status =
        dd_pci_read32(reader->place.access, reader->place.address, begin_read(reader, at), &value);

    end_read(reader, status);
    return value;
}

enum dd_status dd_pci_cap_close(const struct pci_cap_reader *reader)
{
    return reader->status;
}
