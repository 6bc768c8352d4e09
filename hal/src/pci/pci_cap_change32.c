/* SPDX-License-Identifier: MIT */
/*
 * As pci_cap_change.c, for registers of 32 bits: what nobody asked about stays as
 * it is, and all ones, which nobody answers with, is never written back.
 */
#include "pci_cap_change32.h"

enum dd_status dd_pci_cap_fetch32(const struct pci_cap_place *place, unsigned int at,
                                  uint32_t *value)
{
    struct pci_cap_reader reader;
    uint32_t read;
    enum dd_status status = dd_pci_cap_open(&reader, place, at + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    read = dd_pci_cap_read32(&reader, at);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *value = read;
    }
    return status;
}

static enum dd_status write32(const struct pci_cap_place *place, unsigned int at, uint32_t value)
{
    return dd_pci_write32(place->access, place->address, (uint16_t)(place->offset + at), value);
}

enum dd_status dd_pci_cap_change32(const struct pci_cap_place *place,
                                   const struct pci_cap_bits32 *bits)
{
    uint32_t value;
    enum dd_status status = dd_pci_cap_fetch32(place, bits->at, &value);

    if (status != DD_OK) {
        return status;
    }
    return write32(place, bits->at, (value & ~bits->mask) | bits->value);
}

enum dd_status dd_pci_cap_clear32(const struct pci_cap_place *place, unsigned int at, uint32_t bits)
{
    uint32_t value;
    enum dd_status status = dd_pci_cap_fetch32(place, at, &value);

    if (status != DD_OK || bits == 0) {
        return status;
    }
    return write32(place, at, bits);
}

enum dd_status dd_pci_cap_await32(const struct pci_cap_place *place,
                                  const struct pci_cap_bits32 *bits, unsigned int milliseconds,
                                  const struct dd_delay *delay)
{
    for (unsigned int i = 0;; i++) {
        uint32_t value;
        enum dd_status status;

        dd_pci_forget(place->access);
        status = dd_pci_cap_fetch32(place, bits->at, &value);
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
