/* SPDX-License-Identifier: MIT */
/*
 * Capabilities of address translation and isolation in words: ACS, ARI, ATS, PRI and
 * PASID.
 */
#include "drydock/pci_acs.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_translation.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

/* Both registers of ACS have the same services at the same bits. */
static void print_services(struct pci_printing *printing, const char *name, uint16_t services)
{
    dd_text_format(&printing->line, "\t\t%s:\tSrcValid%c TransBlk%c ReqRedir%c CmpltRedir%c ", name,
                   FLAG(services, DD_PCI_ACS_SOURCE_VALIDATION),
                   FLAG(services, DD_PCI_ACS_TRANSLATION_BLOCKING),
                   FLAG(services, DD_PCI_ACS_REQUEST_REDIRECT),
                   FLAG(services, DD_PCI_ACS_COMPLETION_REDIRECT));
    dd_text_format(&printing->line, "UpstreamFwd%c EgressCtrl%c DirectTrans%c",
                   FLAG(services, DD_PCI_ACS_UPSTREAM_FORWARDING),
                   FLAG(services, DD_PCI_ACS_EGRESS_CONTROL),
                   FLAG(services, DD_PCI_ACS_DIRECT_TRANSLATED));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_acs(struct pci_printing *printing)
{
    struct dd_pci_acs acs;
    enum dd_status status = dd_pci_acs_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &acs);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Access Control Services");
    dd_pci_print_end(printing);
    print_services(printing, "ACSCap", acs.capability);
    print_services(printing, "ACSCtl", acs.control);
    return DD_OK;
}

enum dd_status dd_pci_print_ari(struct pci_printing *printing)
{
    struct dd_pci_ari ari;
    enum dd_status status = dd_pci_ari_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &ari);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Alternative Routing-ID Interpretation (ARI)");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tARICap:\tMFVC%c ACS%c, Next Function: %lu",
                   FLAG(ari.capability, DD_PCI_ARI_MFVC_GROUPS),
                   FLAG(ari.capability, DD_PCI_ARI_ACS_GROUPS),
                   (unsigned long)DD_GET(ari.capability, DD_PCI_ARI_NEXT_FUNCTION));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tARICtl:\tMFVC%c ACS%c, Function Group: %lu",
                   FLAG(ari.control, DD_PCI_ARI_MFVC_GROUPS_ENABLE),
                   FLAG(ari.control, DD_PCI_ARI_ACS_GROUPS_ENABLE),
                   (unsigned long)DD_GET(ari.control, DD_PCI_ARI_FUNCTION_GROUP));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_ats(struct pci_printing *printing)
{
    struct dd_pci_ats ats;
    enum dd_status status = dd_pci_ats_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &ats);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Address Translation Service (ATS)");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tATSCap:\tInvalidate Queue Depth: %02lx",
                   (unsigned long)DD_GET(ats.capability, DD_PCI_ATS_INVALIDATE_QUEUE_DEPTH));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tATSCtl:\tEnable%c, Smallest Translation Unit: %02lx",
                   FLAG(ats.control, DD_PCI_ATS_ENABLE),
                   (unsigned long)DD_GET(ats.control, DD_PCI_ATS_SMALLEST_UNIT));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_pri(struct pci_printing *printing)
{
    struct dd_pci_pri pri;
    enum dd_status status = dd_pci_pri_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &pri);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Page Request Interface (PRI)");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPRICtl: Enable%c Reset%c",
                   FLAG(pri.control, DD_PCI_PRI_ENABLE), FLAG(pri.control, DD_PCI_PRI_RESET));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPRISta: RF%c UPRGI%c Stopped%c",
                   FLAG(pri.status, DD_PCI_PRI_RESPONSE_FAILURE),
                   FLAG(pri.status, DD_PCI_PRI_UNEXPECTED_INDEX),
                   FLAG(pri.status, DD_PCI_PRI_STOPPED));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line,
                   "\t\tPage Request Capacity: %08x, Page Request Allocation: %08x", pri.capacity,
                   pri.allocation);
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_pasid(struct pci_printing *printing)
{
    struct dd_pci_pasid pasid;
    enum dd_status status = dd_pci_pasid_read(printing->print->access, printing->print->address,
                                              printing->capability.offset, &pasid);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Process Address Space ID (PASID)");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPASIDCap: Exec%c Priv%c, Max PASID Width: %02lx",
                   FLAG(pasid.capability, DD_PCI_PASID_EXECUTE),
                   FLAG(pasid.capability, DD_PCI_PASID_PRIVILEGED),
                   (unsigned long)DD_GET(pasid.capability, DD_PCI_PASID_MAX_WIDTH));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPASIDCtl: Enable%c Exec%c Priv%c",
                   FLAG(pasid.control, DD_PCI_PASID_ENABLE),
                   FLAG(pasid.control, DD_PCI_PASID_EXECUTE_ENABLE),
                   FLAG(pasid.control, DD_PCI_PASID_PRIVILEGED_ENABLE));
    dd_pci_print_end(printing);
    return DD_OK;
}
