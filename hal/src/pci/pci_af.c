/* SPDX-License-Identifier: MIT */
/*
 * The registers are of 8 bits. Control and Status are the halves of a word, and the
 * reset takes them as one: of Status nothing is written but zeros.
 */
#include "drydock/pci_af.h"

#include "pci_cap_read.h"
#include "pci_function_reset.h"

#define STATUS_SHIFT 8u
#define STATUS_BITS  0xFF00u

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

enum dd_status dd_pci_af_reset_function(const struct dd_pci_access *access,
                                        struct dd_pci_address address, const struct dd_pci_af *af,
                                        const struct dd_delay *delay)
{
    const bool tells = DD_GET(af->capabilities, DD_PCI_AF_TRANSACTIONS_PENDING_CAPABLE) != 0;
    const uint16_t pending = (uint16_t)(DD_BITS(DD_PCI_AF_TRANSACTIONS_PENDING) << STATUS_SHIFT);
    const uint16_t initiate = (uint16_t)DD_BITS(DD_PCI_AF_INITIATE_FLR);
    const struct pci_function_reset reset = {
        .place = {access, address, af->offset},
        .quiet = {DD_PCI_AF_CONTROL, tells ? pending : 0, 0},
        .initiate = {DD_PCI_AF_CONTROL, initiate | STATUS_BITS, initiate},
        .pending = DD_PCI_EXPRESS_PENDING_REFUSE,
        .delay = delay,
    };

    if (DD_GET(af->capabilities, DD_PCI_AF_FLR_CAPABLE) == 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_function_reset(&reset);
}
