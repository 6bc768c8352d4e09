/* SPDX-License-Identifier: MIT */
/*
 * Multicast cuts a memory range into as many equal windows as there are groups; a
 * write to one of them goes to every port that receives the group. Vectors of 64
 * bits, one for each group, say who receives and who may send.
 */
#include "drydock/pci_tph.h"

#include "pci_cap_read.h"

/* A register of 64 bits, as two of 32, the lower first. */
static uint64_t read64(struct pci_cap_reader *reader, unsigned int at)
{
    uint64_t low = dd_pci_cap_read32(reader, at);

    return (uint64_t)dd_pci_cap_read32(reader, at + 4) << 32 | low;
}

enum dd_status dd_pci_multicast_read(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t offset,
                                     struct dd_pci_multicast *multicast)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_multicast result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_MULTICAST_BLOCK_UNTRANSLATED + 8);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_MULTICAST_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_MULTICAST_CONTROL);
    result.base = read64(&reader, DD_PCI_MULTICAST_BASE_LOWER);
    result.receive = read64(&reader, DD_PCI_MULTICAST_RECEIVE);
    result.block_all = read64(&reader, DD_PCI_MULTICAST_BLOCK_ALL);
    result.block_untranslated = read64(&reader, DD_PCI_MULTICAST_BLOCK_UNTRANSLATED);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *multicast = result;
    }
    return status;
}

enum dd_status dd_pci_multicast_read_overlay(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             uint64_t *overlay)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint64_t result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_MULTICAST_OVERLAY_UPPER + 4);

    if (status != DD_OK) {
        return status;
    }
    result = read64(&reader, DD_PCI_MULTICAST_OVERLAY_LOWER);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *overlay = result;
    }
    return status;
}
