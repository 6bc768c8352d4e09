/* SPDX-License-Identifier: MIT */
/*
 * The vendor-specific capability in words: what is in it is known of virtio, whose
 * devices have the IDs 1AF4h:1000h to 107Fh, [virtio 1.2] 4.1.2.
 */
#include "drydock/pci_simple.h"
#include "../pci/pci_cap_read.h"
#include "pci_print.h"

#define VIRTIO_VENDOR       0x1AF4u
#define VIRTIO_DEVICE_FIRST 0x1000u
#define VIRTIO_DEVICE_LAST  0x107Fu

static bool is_virtio(uint32_t id)
{
    uint64_t device = DD_GET(id, DD_PCI_ID_DEVICE);

    return DD_GET(id, DD_PCI_ID_VENDOR) == VIRTIO_VENDOR && device >= VIRTIO_DEVICE_FIRST &&
           device <= VIRTIO_DEVICE_LAST;
}

static void print_virtio(struct pci_printing *printing, const struct dd_pci_virtio *virtio,
                         unsigned int length)
{
    static const char *const types[] = {
        [DD_PCI_VIRTIO_COMMON] = "CommonCfg",
        [DD_PCI_VIRTIO_NOTIFY] = "Notify",
        [DD_PCI_VIRTIO_ISR] = "ISR",
        [DD_PCI_VIRTIO_DEVICE] = "DeviceCfg",
    };

    dd_text_format(&printing->line, "VirtIO: %s",
                   DD_PCI_PRINT_CHOICE(types, virtio->type, "<unknown>"));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tBAR=%u offset=%08x size=%08x", virtio->bar, virtio->offset,
                   virtio->size);
    if (virtio->type == DD_PCI_VIRTIO_NOTIFY && length >= DD_PCI_VIRTIO_STRUCTURE_SIZE + 4) {
        dd_text_format(&printing->line, " multiplier=%08x", virtio->multiplier);
    }
    dd_pci_print_end(printing);
}

static enum dd_status read_length(const struct pci_printing *printing, uint8_t *length)
{
    const struct pci_cap_place place = {printing->print->access, printing->print->address,
                                        printing->capability.offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_VENDOR_SIZE);

    if (status == DD_OK) {
        *length = dd_pci_cap_read8(&reader, DD_PCI_VENDOR_LENGTH);
        status = dd_pci_cap_close(&reader);
    }
    return status;
}

enum dd_status dd_pci_print_vendor(struct pci_printing *printing)
{
    const struct dd_pci_print *print = printing->print;
    struct dd_pci_virtio virtio;
    uint8_t length = 0;
    uint32_t id = 0;
    enum dd_status status = dd_pci_read_id(print->access, print->address, &id);

    if (status == DD_OK) {
        status = read_length(printing, &length);
    }
    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Vendor Specific Information: ");
    if (is_virtio(id)) {
        status =
            dd_pci_virtio_read(print->access, print->address, printing->capability.offset, &virtio);
        if (status != DD_EMALFORMED) {
            print_virtio(printing, &virtio, length);
            return status;
        }
    }
    dd_text_format(&printing->line, "Len=%02x <?>", length);
    dd_pci_print_end(printing);
    return DD_OK;
}
