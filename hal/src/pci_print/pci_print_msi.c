/* SPDX-License-Identifier: MIT */
/*
 * MSI and MSI-X in words.
 */
#include "drydock/pci_msi.h"
#include "drydock/pci_msix.h"
#include "pci_print.h"

static void print_msi_message(struct pci_printing *printing, const struct dd_pci_msi *msi)
{
    dd_text_put(&printing->line, "\t\tAddress: ");
    if (DD_GET(msi->control, DD_PCI_MSI_ADDRESS_64_CAPABLE) != 0) {
        dd_text_format(&printing->line, "%08x", msi->address_upper);
    }
    dd_text_format(&printing->line, "%08x  Data: %04x", msi->address, msi->data);
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_msi(struct pci_printing *printing)
{
    struct dd_pci_msi msi;
    enum dd_status status = dd_pci_msi_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &msi);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "MSI: Enable%c Count=%u/%u Maskable%c 64bit%c",
                   DD_PCI_PRINT_FLAG(msi.control, DD_PCI_MSI_ENABLE),
                   1u << DD_GET(msi.control, DD_PCI_MSI_MULTIPLE_ENABLE),
                   1u << DD_GET(msi.control, DD_PCI_MSI_MULTIPLE_CAPABLE),
                   DD_PCI_PRINT_FLAG(msi.control, DD_PCI_MSI_MASKING_CAPABLE),
                   DD_PCI_PRINT_FLAG(msi.control, DD_PCI_MSI_ADDRESS_64_CAPABLE));
    dd_pci_print_end(printing);
    print_msi_message(printing, &msi);
    if (DD_GET(msi.control, DD_PCI_MSI_MASKING_CAPABLE) != 0) {
        dd_text_format(&printing->line, "\t\tMasking: %08x  Pending: %08x", msi.mask, msi.pending);
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

enum dd_status dd_pci_print_msix(struct pci_printing *printing)
{
    struct dd_pci_msix msix;
    enum dd_status status = dd_pci_msix_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &msix);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "MSI-X: Enable%c Count=%u Masked%c",
                   DD_PCI_PRINT_FLAG(msix.control, DD_PCI_MSIX_ENABLE), dd_pci_msix_count(&msix),
                   DD_PCI_PRINT_FLAG(msix.control, DD_PCI_MSIX_FUNCTION_MASK));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tVector table: BAR=%lu offset=%08lx",
                   DD_GET(msix.table, DD_PCI_MSIX_TABLE_BAR),
                   msix.table & DD_BITS(DD_PCI_MSIX_TABLE_OFFSET));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPBA: BAR=%lu offset=%08lx",
                   DD_GET(msix.pba, DD_PCI_MSIX_PBA_BAR),
                   msix.pba & DD_BITS(DD_PCI_MSIX_PBA_OFFSET));
    dd_pci_print_end(printing);
    return DD_OK;
}
