/* SPDX-License-Identifier: MIT */
/*
 * A function is reset in four steps: it is kept from starting transactions, those
 * under way end, one bit starts the reset, and the function is left alone until it
 * has had its time. The registers are of 8 bits, and only one of them is written.
 */
#include "drydock/pci_af.h"

#include "pci_cap_read.h"

#define MILLISECOND   1000u
#define PENDING_LIMIT 1000u                /* looks, one a millisecond */
#define RESET_TIME    (100u * MILLISECOND) /* [PCIe 6] 6.6.2 */

enum dd_status dd_pci_af_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, struct dd_pci_af *af)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_af result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_AF_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.length = dd_pci_cap_read8(&reader, DD_PCI_AF_LENGTH);
    result.capabilities = dd_pci_cap_read8(&reader, DD_PCI_AF_CAPABILITIES);
    result.control = dd_pci_cap_read8(&reader, DD_PCI_AF_CONTROL);
    result.status = dd_pci_cap_read8(&reader, DD_PCI_AF_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *af = result;
    }
    return status;
}

/* Wait until no transaction of the function is pending. */
static enum dd_status await_end(const struct pci_cap_place *place, const struct dd_delay *delay)
{
    struct dd_pci_af now;

    for (unsigned int i = 0; i <= PENDING_LIMIT; i++) {
        enum dd_status status = dd_pci_af_read(place->access, place->address, place->offset, &now);

        if (status != DD_OK ||
            DD_GET(now.capabilities, DD_PCI_AF_TRANSACTIONS_PENDING_CAPABLE) == 0 ||
            DD_GET(now.status, DD_PCI_AF_TRANSACTIONS_PENDING) == 0) {
            return status;
        }
        delay->wait(delay->context, MILLISECOND);
    }
    return DD_ETIMEOUT;
}

enum dd_status dd_pci_af_reset_function(const struct dd_pci_access *access,
                                        struct dd_pci_address address, const struct dd_pci_af *af,
                                        const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, af->offset};
    uint32_t id;
    enum dd_status status;

    if (DD_GET(af->capabilities, DD_PCI_AF_FLR_CAPABLE) == 0) {
        return DD_ENOTSUP;
    }
    status = dd_pci_read_id(access, address, &id);
    if (status == DD_OK) {
        status = dd_pci_write16(access, address, DD_PCI_COMMAND, 0);
    }
    if (status == DD_OK) {
        status = await_end(&place, delay);
    }
    if (status == DD_OK) {
        status = dd_pci_write8(access, address, (uint16_t)(af->offset + DD_PCI_AF_CONTROL),
                               (uint8_t)DD_BITS(DD_PCI_AF_INITIATE_FLR));
    }
    if (status != DD_OK) {
        return status;
    }
    delay->wait(delay->context, RESET_TIME);
    return dd_pci_read_id(access, address, &id);
}
