/* SPDX-License-Identifier: MIT */
/*
 * A downstream port sends what is in these registers when it is told to, and the functions
 * below show what they got last.
 */
#include "drydock/pci_hierarchy.h"

#include "pci_cap_read.h"

enum dd_status dd_pci_hierarchy_read(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t offset,
                                     struct dd_pci_hierarchy *hierarchy)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_hierarchy result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_HIERARCHY_GUID_5 + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.status = dd_pci_cap_read32(&reader, DD_PCI_HIERARCHY_STATUS);
    result.data = dd_pci_cap_read32(&reader, DD_PCI_HIERARCHY_DATA);
    for (unsigned int i = 0; i < DD_PCI_HIERARCHY_GUID_DWORDS; i++) {
        result.guid[i] = dd_pci_cap_read32(&reader, DD_PCI_HIERARCHY_GUID_1 + i * DD_PCI_WIDTH_32);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *hierarchy = result;
    }
    return status;
}
