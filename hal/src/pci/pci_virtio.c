/* SPDX-License-Identifier: MIT */
/*
 * A virtio device says in vendor-specific capabilities where its structures are,
 * one capability a structure. That of the notifications has a register more.
 */
#include "drydock/pci_simple.h"
#include "pci_bar_part.h"
#include "pci_cap_read.h"

#define NOTIFY_SIZE (DD_PCI_VIRTIO_STRUCTURE_SIZE + 4u)

/* The register more, if the structure has it and says so. */
static void read_multiplier(struct pci_cap_reader *reader, uint8_t length,
                            struct dd_pci_virtio *virtio)
{
    if (virtio->type == DD_PCI_VIRTIO_NOTIFY && length >= NOTIFY_SIZE &&
        dd_pci_cap_fits(reader, NOTIFY_SIZE)) {
        virtio->multiplier = dd_pci_cap_read32(reader, DD_PCI_VIRTIO_MULTIPLIER);
    }
}

enum dd_status dd_pci_virtio_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                  uint16_t offset, struct dd_pci_virtio *virtio)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_virtio result = {.multiplier = 0};
    struct pci_cap_reader reader;
    uint8_t length;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_VIRTIO_STRUCTURE_SIZE);

    if (status != DD_OK) {
        return status;
    }
    length = dd_pci_cap_read8(&reader, DD_PCI_VIRTIO_LENGTH);
    result.type = dd_pci_cap_read8(&reader, DD_PCI_VIRTIO_TYPE);
    result.bar = dd_pci_cap_read8(&reader, DD_PCI_VIRTIO_BAR);
    result.instance = dd_pci_cap_read8(&reader, DD_PCI_VIRTIO_INSTANCE);
    result.offset = dd_pci_cap_read32(&reader, DD_PCI_VIRTIO_OFFSET);
    result.size = dd_pci_cap_read32(&reader, DD_PCI_VIRTIO_SIZE);
    read_multiplier(&reader, length, &result);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK &&
        (length < DD_PCI_VIRTIO_STRUCTURE_SIZE || !dd_pci_cap_fits(&reader, length))) {
        status = DD_EMALFORMED;
    }
    if (status == DD_OK) {
        *virtio = result;
    }
    return status;
}

enum dd_status dd_pci_virtio_find_structure(const struct dd_pci_virtio *virtio,
                                            struct dd_pci_bar_part *place)
{
    const struct dd_pci_bar_part found = {virtio->bar, virtio->offset, virtio->size};

    switch (virtio->type) {
    case DD_PCI_VIRTIO_COMMON:
    case DD_PCI_VIRTIO_NOTIFY:
    case DD_PCI_VIRTIO_ISR:
    case DD_PCI_VIRTIO_DEVICE:
        return pci_bar_part_take(&found, place);
    case DD_PCI_VIRTIO_SHARED_MEMORY:
        return DD_ENOTSUP;
    default:
        return DD_ENOENT;
    }
}
