/* SPDX-License-Identifier: MIT */
/*
 * Vendor-specific capabilities in words: what they are, and for those of Compute
 * Express Link what is in them, by pci_print_cxl.c.
 */
#include "drydock/pci_vendor_specific.h"

#include "drydock/pci_cxl_regs.h"

#include "pci_print.h"
#include "pci_print_cxl.h"

/* Shortest DVSEC of the consortium, in bytes: lspci does not look into shorter ones. */
#define CXL_SHORTEST 16u

enum dd_status dd_pci_print_vsec(struct pci_printing *printing)
{
    struct dd_pci_vsec vsec;
    enum dd_status status = dd_pci_vsec_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &vsec);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "Vendor Specific Information: ID=%04lx Rev=%lu Len=%03lx <?>",
                   (unsigned long)DD_GET(vsec.header, DD_PCI_VSEC_ID),
                   (unsigned long)DD_GET(vsec.header, DD_PCI_VSEC_REVISION),
                   (unsigned long)DD_GET(vsec.header, DD_PCI_VSEC_LENGTH));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_dvsec(struct pci_printing *printing)
{
    struct dd_pci_dvsec dvsec;
    enum dd_status status = dd_pci_dvsec_read(printing->print->access, printing->print->address,
                                              printing->capability.offset, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line,
                   "Designated Vendor-Specific: Vendor=%04lx ID=%04x Rev=%lu Len=%lu",
                   (unsigned long)DD_GET(dvsec.header_1, DD_PCI_DVSEC_VENDOR), dvsec.header_2,
                   (unsigned long)DD_GET(dvsec.header_1, DD_PCI_DVSEC_REVISION),
                   (unsigned long)DD_GET(dvsec.header_1, DD_PCI_DVSEC_LENGTH));
    if (DD_GET(dvsec.header_1, DD_PCI_DVSEC_VENDOR) == DD_PCI_CXL_VENDOR &&
        DD_GET(dvsec.header_1, DD_PCI_DVSEC_LENGTH) >= CXL_SHORTEST) {
        dd_text_put(&printing->line, ": CXL");
        dd_pci_print_end(printing);
        return dd_pci_print_cxl(printing, &dvsec);
    }
    dd_text_put(&printing->line, " <?>");
    dd_pci_print_end(printing);
    return DD_OK;
}
