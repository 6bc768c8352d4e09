/* SPDX-License-Identifier: MIT */
/*
 * A control register is changed by reading it and writing it back, so that the
 * bits nobody asked about, reserved ones included, stay as they are. All ones is
 * what nobody answers with: it is never written back, and never taken for a bit
 * that was waited for.
 */
#include "pci_cap_change.h"

enum dd_status dd_pci_cap_fetch16(const struct pci_cap_place *place, unsigned int at,
                                  uint16_t *value)
{
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, place, at + DD_PCI_WIDTH_16);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_read16(place->access, place->address, (uint16_t)(place->offset + at), value);
}

enum dd_status dd_pci_cap_fetch32(const struct pci_cap_place *place, unsigned int at,
                                  uint32_t *value)
{
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, place, at + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_read32(place->access, place->address, (uint16_t)(place->offset + at), value);
}

/* ---- Of either width ---- */

static enum dd_status fetch(const struct pci_cap_place *place, enum dd_pci_width width,
                            unsigned int at, uint32_t *value)
{
    uint16_t narrow;
    enum dd_status status;

    if (width == DD_PCI_WIDTH_32) {
        return dd_pci_cap_fetch32(place, at, value);
    }
    status = dd_pci_cap_fetch16(place, at, &narrow);
    if (status == DD_OK) {
        *value = narrow;
    }
    return status;
}

static enum dd_status write(const struct pci_cap_place *place, enum dd_pci_width width,
                            unsigned int at, uint32_t value)
{
    const uint16_t offset = (uint16_t)(place->offset + at);

    return width == DD_PCI_WIDTH_32
               ? dd_pci_write32(place->access, place->address, offset, value)
               : dd_pci_write16(place->access, place->address, offset, (uint16_t)value);
}

enum dd_status dd_pci_cap_change(const struct pci_cap_place *place, enum dd_pci_width width,
                                 const struct pci_cap_bits *bits)
{
    uint32_t value;
    enum dd_status status = fetch(place, width, bits->at, &value);

    if (status != DD_OK) {
        return status;
    }
    return write(place, width, bits->at, (value & ~bits->mask) | bits->value);
}

enum dd_status dd_pci_cap_clear(const struct pci_cap_place *place, enum dd_pci_width width,
                                unsigned int at, uint32_t bits)
{
    uint32_t value;
    enum dd_status status = fetch(place, width, at, &value);

    if (status != DD_OK || bits == 0) {
        return status;
    }
    return write(place, width, at, bits);
}

enum dd_status dd_pci_cap_await(const struct pci_cap_place *place, enum dd_pci_width width,
                                const struct pci_cap_bits *bits, unsigned int milliseconds,
                                const struct dd_delay *delay)
{
    for (unsigned int i = 0;; i++) {
        uint32_t value;
        enum dd_status status;

        dd_pci_forget(place->access);
        status = fetch(place, width, bits->at, &value);
        if (status != DD_OK) {
            return status;
        }
        if ((value & bits->mask) == bits->value) {
            return DD_OK;
        }
        if (i == milliseconds) {
            return DD_ETIMEOUT;
        }
        delay->wait(delay->context, DD_DELAY_MILLISECOND);
    }
}
