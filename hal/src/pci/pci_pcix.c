/* SPDX-License-Identifier: MIT */
/*
 * PCI-X made conventional buses faster by splitting transactions; its capability
 * has limits for them. In a bridge it has other registers, one set for each bus.
 * The version is that of the capability: from 1 on, registers of ECC follow.
 */
#include "drydock/pci_pcix.h"

#include <stdbool.h>

#include "pci_cap_change.h"

static void read_ecc(struct pci_cap_reader *reader, unsigned int at, struct dd_pci_pcix_ecc *ecc)
{
    ecc->control = dd_pci_cap_read32(reader, at);
    ecc->first_address = dd_pci_cap_read32(reader, at + 4);
    ecc->second_address = dd_pci_cap_read32(reader, at + 8);
    ecc->attribute = dd_pci_cap_read32(reader, at + 12);
}

/* What is left to do: the registers of ECC at @p at if there are any, and the end. */
static enum dd_status finish(struct pci_cap_reader *reader, bool has_ecc, unsigned int at,
                             struct dd_pci_pcix_ecc *ecc)
{
    enum dd_status status;

    if (has_ecc && !dd_pci_cap_fits(reader, at + DD_PCI_PCIX_ECC_SIZE)) {
        status = dd_pci_cap_close(reader);
        return status == DD_OK ? DD_EMALFORMED : status;
    }
    if (has_ecc) {
        read_ecc(reader, at, ecc);
    }
    return dd_pci_cap_close(reader);
}

enum dd_status dd_pci_pcix_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_pcix *pcix)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pcix result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PCIX_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.command = dd_pci_cap_read16(&reader, DD_PCI_PCIX_COMMAND);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PCIX_STATUS);
    status = finish(&reader, DD_GET(result.command, DD_PCI_PCIX_VERSION) != 0,
                    DD_PCI_PCIX_ECC_CONTROL, &result.ecc);
    if (status == DD_OK) {
        *pcix = result;
    }
    return status;
}

enum dd_status dd_pci_pcix_read_bridge(const struct dd_pci_access *access,
                                       struct dd_pci_address address, uint16_t offset,
                                       struct dd_pci_pcix_bridge *bridge)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pcix_bridge result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PCIX_BRIDGE_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.secondary_status = dd_pci_cap_read16(&reader, DD_PCI_PCIX_BRIDGE_SECONDARY_STATUS);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PCIX_BRIDGE_STATUS);
    result.upstream = dd_pci_cap_read32(&reader, DD_PCI_PCIX_BRIDGE_UPSTREAM);
    result.downstream = dd_pci_cap_read32(&reader, DD_PCI_PCIX_BRIDGE_DOWNSTREAM);
    status =
        finish(&reader, DD_GET(result.secondary_status, DD_PCI_PCIX_BRIDGE_SECONDARY_VERSION) != 0,
               DD_PCI_PCIX_BRIDGE_ECC_CONTROL, &result.ecc);
    if (status == DD_OK) {
        *bridge = result;
    }
    return status;
}

#define SMALLEST_READ 512u
#define LARGEST_CODE  3u

unsigned int dd_pci_pcix_read_size(unsigned int code)
{
    return code <= LARGEST_CODE ? SMALLEST_READ << code : 0;
}

unsigned int dd_pci_pcix_outstanding(unsigned int code)
{
    static const uint8_t counts[] = {1, 2, 3, 4, 8, 12, 16, 32};

    return code < sizeof counts ? counts[code] : 0;
}

enum dd_status dd_pci_pcix_set_read_size(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_pcix *pcix, unsigned int bytes)
{
    const struct pci_cap_place place = {access, address, pcix->offset};
    struct pci_cap_bits bits = {DD_PCI_PCIX_COMMAND, (uint16_t)DD_BITS(DD_PCI_PCIX_READ_SIZE), 0};
    unsigned int code = 0;

    while (code <= LARGEST_CODE && dd_pci_pcix_read_size(code) != bytes) {
        code++;
    }
    if (code > LARGEST_CODE) {
        return DD_EARG;
    }
    if (code > DD_GET(pcix->status, DD_PCI_PCIX_DESIGNED_READ_SIZE)) {
        return DD_ENOTSUP;
    }
    bits.value = (uint16_t)DD_SET(0, DD_PCI_PCIX_READ_SIZE, code);
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}
