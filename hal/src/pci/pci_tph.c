/* SPDX-License-Identifier: MIT */
/*
 * A steering tag tells the machine whose cache a write is for. Tags come from a
 * table that is inside the capability, 16 bits an entry, or in the MSI-X table.
 */
#include "drydock/pci_tph.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define TAG_BYTES 2u

enum dd_status dd_pci_tph_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_tph *tph)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_tph result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_TPH_CONTROL + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_TPH_CAPABILITY);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_TPH_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *tph = result;
    }
    return status;
}

unsigned int dd_pci_tph_entries(const struct dd_pci_tph *tph)
{
    if (DD_GET(tph->capability, DD_PCI_TPH_TABLE_LOCATION) != DD_PCI_TPH_TABLE_IN_CAPABILITY) {
        return 0;
    }
    return (unsigned int)DD_GET(tph->capability, DD_PCI_TPH_TABLE_SIZE) + 1;
}

enum dd_status dd_pci_tph_read_tag(const struct dd_pci_access *access,
                                   struct dd_pci_address address, const struct dd_pci_tph *tph,
                                   unsigned int index, uint16_t *tag)
{
    const struct pci_cap_place place = {access, address, tph->offset};
    unsigned int at = DD_PCI_TPH_TABLE + index * TAG_BYTES;
    struct pci_cap_reader reader;
    uint16_t result;
    enum dd_status status;

    if (index >= dd_pci_tph_entries(tph)) {
        return DD_EARG;
    }
    status = dd_pci_cap_open(&reader, &place, at + TAG_BYTES);
    if (status != DD_OK) {
        return status;
    }
    result = dd_pci_cap_read16(&reader, at);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *tag = result;
    }
    return status;
}

enum dd_status dd_pci_tph_write_tag(const struct dd_pci_access *access,
                                    struct dd_pci_address address, const struct dd_pci_tph *tph,
                                    unsigned int index, uint16_t tag)
{
    uint16_t before;
    enum dd_status status = dd_pci_tph_read_tag(access, address, tph, index, &before);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_write16(access, address,
                          (uint16_t)(tph->offset + DD_PCI_TPH_TABLE + index * TAG_BYTES), tag);
}

static bool can_do(const struct dd_pci_tph *tph, enum dd_pci_tph_mode mode,
                   enum dd_pci_tph_requests requests)
{
    /* A mode has the bit of its number in Capability. */
    return (tph->capability & UINT32_C(1) << mode) != 0 &&
           (requests != DD_PCI_TPH_REQUESTS_EXTENDED ||
            DD_GET(tph->capability, DD_PCI_TPH_EXTENDED_REQUESTER) != 0);
}

enum dd_status dd_pci_tph_set_mode(const struct dd_pci_access *access,
                                   struct dd_pci_address address, const struct dd_pci_tph *tph,
                                   enum dd_pci_tph_mode mode, enum dd_pci_tph_requests requests)
{
    const struct pci_cap_place place = {access, address, tph->offset};
    struct pci_cap_bits bits = {.at = DD_PCI_TPH_CONTROL};

    if ((unsigned int)mode > DD_PCI_TPH_MODE_DEVICE_SPECIFIC ||
        (unsigned int)requests > DD_PCI_TPH_REQUESTS_EXTENDED || (unsigned int)requests == 2) {
        return DD_EARG;
    }
    if (!can_do(tph, mode, requests)) {
        return DD_ENOTSUP;
    }
    bits.mask = (uint32_t)(DD_BITS(DD_PCI_TPH_MODE) | DD_BITS(DD_PCI_TPH_REQUESTER_ENABLE));
    bits.value = (uint32_t)DD_SET(mode, DD_PCI_TPH_REQUESTER_ENABLE, requests);
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
}
