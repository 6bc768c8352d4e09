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
    uint16_t read;
    enum dd_status status = dd_pci_cap_open(&reader, place, at + DD_PCI_WIDTH_16);

    if (status != DD_OK) {
        return status;
    }
    read = dd_pci_cap_read16(&reader, at);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *value = read;
    }
    return status;
}

enum dd_status dd_pci_cap_change16(const struct pci_cap_place *place,
                                   const struct pci_cap_bits *bits)
{
    uint16_t value;
    enum dd_status status = dd_pci_cap_fetch16(place, bits->at, &value);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_write16(place->access, place->address, (uint16_t)(place->offset + bits->at),
                          (uint16_t)((value & ~bits->mask) | bits->value));
}

enum dd_status dd_pci_cap_clear16(const struct pci_cap_place *place, unsigned int at, uint16_t bits)
{
    uint16_t value;
    enum dd_status status = dd_pci_cap_fetch16(place, at, &value);

    if (status != DD_OK || bits == 0) {
        return status;
    }
    return dd_pci_write16(place->access, place->address, (uint16_t)(place->offset + at), bits);
}

enum dd_status dd_pci_cap_await16(const struct pci_cap_place *place,
                                  const struct pci_cap_bits *bits, unsigned int milliseconds,
                                  const struct dd_delay *delay)
{
    for (unsigned int i = 0;; i++) {
        uint16_t value;
        enum dd_status status;

        dd_pci_forget(place->access);
        status = dd_pci_cap_fetch16(place, bits->at, &value);
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
