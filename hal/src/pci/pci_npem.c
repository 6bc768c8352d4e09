/* SPDX-License-Identifier: MIT */
/*
 * The lights of a slot are commanded by one register: each write of it is a command,
 * and the next one waits until the enclosure has said that the last is done.
 */
#include "drydock/pci_npem.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define COMMAND_MILLISECONDS 1000u
#define INDICATIONS          DD_MASK(DD_PCI_NPEM_CONTROL_DISABLED_HI, DD_PCI_NPEM_CONTROL_OK_LO)

enum dd_status dd_pci_npem_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_npem *npem)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_npem result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_NPEM_STATUS + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_NPEM_CAPABILITY);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_NPEM_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_NPEM_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *npem = result;
    }
    return status;
}

enum dd_status dd_pci_npem_set_indications(const struct dd_pci_access *access,
                                           struct dd_pci_address address,
                                           const struct dd_pci_npem_setting *setting)
{
    const struct pci_cap_place place = {access, address, setting->offset};
    const uint32_t completed = (uint32_t)DD_BITS(DD_PCI_NPEM_COMMAND_COMPLETED);
    const struct pci_cap_bits done = {DD_PCI_NPEM_STATUS, completed, completed};
    struct pci_cap_bits command = {.at = DD_PCI_NPEM_CONTROL};
    struct dd_pci_npem npem;
    enum dd_status status;

    if ((setting->indications & ~INDICATIONS) != 0) {
        return DD_EARG;
    }
    status = dd_pci_npem_read(access, address, setting->offset, &npem);
    if (status != DD_OK) {
        return status;
    }
    /* An indication has its bit at the same place in Capability. */
    if (DD_GET(npem.capability, DD_PCI_NPEM_CAPABLE) == 0 ||
        (setting->indications & ~npem.capability) != 0) {
        return DD_ENOTSUP;
    }
    status = dd_pci_cap_clear(&place, DD_PCI_WIDTH_32, DD_PCI_NPEM_STATUS, completed);
    if (status != DD_OK) {
        return status;
    }
    command.mask = (uint32_t)(INDICATIONS | DD_BITS(DD_PCI_NPEM_ENABLE));
    command.value = setting->indications | (uint32_t)DD_BITS(DD_PCI_NPEM_ENABLE);
    status = dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &command);
    if (status != DD_OK) {
        return status;
    }
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_32, &done, COMMAND_MILLISECONDS, setting->delay);
}
