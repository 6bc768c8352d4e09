/* SPDX-License-Identifier: MIT */
/*
 * Integrity and Data Encryption in words, in the form later versions of lspci have.
 */
#include "drydock/pci_ide.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

static const char *const algorithms[] = {"AES-GCM-256-96b"};
static const char *const aggregations[] = {"-", "=2", "=4", "=8"};
static const char *const header_modes[] = {"no", "17:2", "25:2", "33:2", "41:2"};

/* The control registers of both kinds of streams have their common fields at the same bits. */
static void put_control(struct dd_text *line, uint32_t control)
{
    dd_text_format(
        line, "En%c NPR%s PR%s CPL%s PCRC%c", FLAG(control, DD_PCI_IDE_LINK_ENABLE),
        DD_PCI_PRINT_CHOICE(aggregations, DD_GET(control, DD_PCI_IDE_LINK_AGGREGATE_NPR), "?"),
        DD_PCI_PRINT_CHOICE(aggregations, DD_GET(control, DD_PCI_IDE_LINK_AGGREGATE_PR), "?"),
        DD_PCI_PRINT_CHOICE(aggregations, DD_GET(control, DD_PCI_IDE_LINK_AGGREGATE_CPL), "?"),
        FLAG(control, DD_PCI_IDE_LINK_PCRC_ENABLE));
}

static void put_kind(struct dd_text *line, uint32_t control)
{
    dd_text_format(
        line, " HdrEnc=%s Alg='%s' TC%lu ID%lu",
        DD_PCI_PRINT_CHOICE(header_modes, DD_GET(control, DD_PCI_IDE_LINK_HEADER_MODE), "reserved"),
        DD_PCI_PRINT_CHOICE(algorithms, DD_GET(control, DD_PCI_IDE_LINK_ALGORITHM), "reserved"),
        (unsigned long)DD_GET(control, DD_PCI_IDE_LINK_TC),
        (unsigned long)DD_GET(control, DD_PCI_IDE_LINK_STREAM_ID));
}

static void put_status(struct dd_text *line, uint32_t status)
{
    uint64_t state = DD_GET(status, DD_PCI_IDE_LINK_STATE);

    /* Spec: [PCIe 6] 7.9.26.4.2. */
    dd_text_format(line, "Status=%s RecvChkFail%c",
                   state == 0   ? "insecure"
                   : state == 2 ? "secure"
                                : "reserved",
                   FLAG(status, DD_PCI_IDE_LINK_FAIL_RECEIVED));
}

static enum dd_status print_links(struct pci_printing *printing, const struct dd_pci_ide *ide)
{
    for (unsigned int i = 0; i < ide->link_streams; i++) {
        struct dd_pci_ide_link link;
        enum dd_status status =
            dd_pci_ide_read_link(printing->print->access, printing->print->address, ide, i, &link);

        if (status != DD_OK) {
            return status;
        }
        dd_text_format(&printing->line, "\t\tLinkIDE#%u Ctl: ", i);
        put_control(&printing->line, link.control);
        put_kind(&printing->line, link.control);
        dd_pci_print_end(printing);
        dd_text_format(&printing->line, "\t\tLinkIDE#%u Sta: ", i);
        put_status(&printing->line, link.status);
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

static enum dd_status print_addresses(struct pci_printing *printing, unsigned int stream,
                                      const struct dd_pci_ide_selective *selective)
{
    for (unsigned int i = 0; i < DD_GET(selective->capability, DD_PCI_IDE_ADDRESS_BLOCKS); i++) {
        struct dd_pci_ide_address range;
        uint64_t first;
        uint64_t last;
        enum dd_status status = dd_pci_ide_read_address(
            printing->print->access, printing->print->address, selective, i, &range);

        if (status != DD_OK) {
            return status;
        }
        dd_pci_ide_address_range(&range, &first, &last);
        dd_text_format(&printing->line,
                       "\t\tSelectiveIDE#%u AddrBlk#%u: Valid%c Base=%lx Limit=%lx", stream, i,
                       FLAG(range.address_1, DD_PCI_IDE_ADDRESS_VALID), (unsigned long)first,
                       (unsigned long)last);
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

static void print_selective(struct pci_printing *printing, unsigned int stream,
                            const struct dd_pci_ide_selective *selective)
{
    struct dd_text *line = &printing->line;

    dd_text_format(line, "\t\tSelectiveIDE#%u Cap: AddrBlks=%lu", stream,
                   (unsigned long)DD_GET(selective->capability, DD_PCI_IDE_ADDRESS_BLOCKS));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tSelectiveIDE#%u Ctl: ", stream);
    put_control(line, selective->control);
    dd_text_format(line, " CFG%c", FLAG(selective->control, DD_PCI_IDE_STREAM_CONFIG_ENABLE));
    put_kind(line, selective->control);
    dd_text_format(line, " Default%c", FLAG(selective->control, DD_PCI_IDE_STREAM_DEFAULT));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tSelectiveIDE#%u Sta: ", stream);
    put_status(line, selective->status);
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tSelectiveIDE#%u RID: Valid%c Base=%lx Limit=%lx SegBase=%lx", stream,
                   FLAG(selective->rid_2, DD_PCI_IDE_RID_VALID),
                   (unsigned long)DD_GET(selective->rid_2, DD_PCI_IDE_RID_BASE),
                   (unsigned long)DD_GET(selective->rid_1, DD_PCI_IDE_RID_LIMIT),
                   (unsigned long)DD_GET(selective->rid_2, DD_PCI_IDE_RID_SEGMENT));
    dd_pci_print_end(printing);
}

static enum dd_status print_selectives(struct pci_printing *printing, const struct dd_pci_ide *ide)
{
    for (unsigned int i = 0; i < ide->selective_streams; i++) {
        struct dd_pci_ide_selective selective;
        enum dd_status status = dd_pci_ide_read_selective(
            printing->print->access, printing->print->address, ide, i, &selective);

        if (status != DD_OK) {
            return status;
        }
        print_selective(printing, i, &selective);
        status = print_addresses(printing, i, &selective);
        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

static void print_registers(struct pci_printing *printing, const struct dd_pci_ide *ide)
{
    struct dd_text *line = &printing->line;
    uint32_t value = ide->capability;

    dd_text_format(line, "\t\tIDECap: Lnk=%u Sel=%u FlowThru%c PartHdr%c Aggr%c PCRC%c IDE_KM%c ",
                   ide->link_streams, ide->selective_streams, FLAG(value, DD_PCI_IDE_FLOW_THROUGH),
                   FLAG(value, DD_PCI_IDE_PARTIAL_HEADER), FLAG(value, DD_PCI_IDE_AGGREGATION),
                   FLAG(value, DD_PCI_IDE_PCRC), FLAG(value, DD_PCI_IDE_KEY_MANAGEMENT));
    dd_text_format(line, "SelCfg%c Alg='%s' TCs=%lu TeeLim%c",
                   FLAG(value, DD_PCI_IDE_SELECTIVE_CONFIG),
                   DD_PCI_PRINT_CHOICE(algorithms, DD_GET(value, DD_PCI_IDE_ALGORITHM), "reserved"),
                   (unsigned long)DD_GET(value, DD_PCI_IDE_LINK_COUNT) + 1,
                   FLAG(value, DD_PCI_IDE_TEE_LIMITED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tIDECtl: FTEn%c", FLAG(ide->control, DD_PCI_IDE_FLOW_THROUGH_ENABLE));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_ide(struct pci_printing *printing)
{
    struct dd_pci_ide ide;
    enum dd_status status = dd_pci_ide_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &ide);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Integrity & Data Encryption");
    dd_pci_print_end(printing);
    print_registers(printing, &ide);
    status = print_links(printing, &ide);
    return status == DD_OK ? print_selectives(printing, &ide) : status;
}
