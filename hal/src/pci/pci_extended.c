/* SPDX-License-Identifier: MIT */
/*
 * Where a device is from, in eight bytes that no other has, and which functions a
 * device has whose functions count further than 7.
 */
#include "drydock/pci_extended.h"

#include "pci_cap_read.h"

enum dd_status dd_pci_dsn_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, uint64_t *serial)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint64_t result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DSN_UPPER + 4);

    if (status != DD_OK) {
        return status;
    }
    result = dd_pci_cap_read32(&reader, DD_PCI_DSN_LOWER);
    result |= (uint64_t)dd_pci_cap_read32(&reader, DD_PCI_DSN_UPPER) << 32;
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *serial = result;
    }
    return status;
}

enum dd_status dd_pci_ari_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ari *ari)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ari result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_ARI_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_ARI_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_ARI_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ari = result;
    }
    return status;
}
