/* SPDX-License-Identifier: MIT */
/*
 * A reset begins from the other side, the requests the function has under way: a
 * completion that arrives after the reset can be taken for that of a new request with
 * the same tag. So the function is kept from starting more, by clearing Command, those
 * begun are waited for, and only then one bit starts the reset: [PCIe 6] 6.6.2.
 */
#include "pci_function_reset.h"

static enum dd_status write_command(const struct pci_cap_place *place, uint16_t command)
{
    return dd_pci_write16(place->access, place->address, DD_PCI_COMMAND, command);
}

/* Keep the function from starting transactions until those under way have ended. */
static enum dd_status quiesce(const struct pci_function_reset *reset)
{
    const struct pci_cap_place *place = &reset->place;
    struct pci_cap_reader reader;
    uint16_t command = 0;
    enum dd_status status = dd_pci_cap_open(&reader, place, reset->initiate.at + DD_PCI_WIDTH_16);

    if (status == DD_OK) {
        status = dd_pci_read16(place->access, place->address, DD_PCI_COMMAND, &command);
    }
    if (status == DD_OK) {
        status = write_command(place, 0);
    }
    if (status == DD_OK) {
        status = dd_pci_cap_await(place, DD_PCI_WIDTH_16, &reset->quiet,
                                  DD_PCI_EXPRESS_PENDING_LIMIT, reset->delay);
    }
    if (status != DD_ETIMEOUT) {
        return status;
    }
    if (reset->pending == DD_PCI_EXPRESS_PENDING_IGNORE) {
        return DD_OK;
    }
    status = write_command(place, command);
    return status == DD_OK ? DD_ETIMEOUT : status;
}

/* Wait until the function answers. */
static enum dd_status await_ready(const struct pci_cap_place *place, const struct dd_delay *delay)
{
    for (unsigned int i = 0;; i++) {
        uint32_t id;
        enum dd_status status;

        dd_pci_forget(place->access);
        status = dd_pci_read_id(place->access, place->address, &id);
        if ((status != DD_ENOTREADY && status != DD_ENODEV) || i == DD_PCI_EXPRESS_READY_LIMIT) {
            return status;
        }
        delay->wait(delay->context, DD_DELAY_MILLISECOND);
    }
}

enum dd_status dd_pci_function_reset(const struct pci_function_reset *reset)
{
    enum dd_status status = quiesce(reset);

    if (status == DD_OK) {
        status = dd_pci_cap_change(&reset->place, DD_PCI_WIDTH_16, &reset->initiate);
    }
    if (status != DD_OK) {
        return status;
    }
    reset->delay->wait(reset->delay->context, DD_PCI_EXPRESS_RESET_TIME * DD_DELAY_MILLISECOND);
    return await_ready(&reset->place, reset->delay);
}
