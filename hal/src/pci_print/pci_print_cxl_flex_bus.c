/* SPDX-License-Identifier: MIT */
/*
 * The Flex Bus of Compute Express Link in words: what the physical layer can, may and
 * did agree on. Later revisions of the DVSEC add longer flits and, if it is long
 * enough for them, more registers.
 */
#include "pci_print_cxl.h"

#include "drydock/pci_cxl.h"

#define FLAG DD_PCI_PRINT_FLAG

#define REVISION_FIRST 1u
#define REVISION_256B  2u

/* The three registers have the protocols and the flits at the same bits. */
static void put_protocols(struct dd_text *line, const char *name, uint16_t value)
{
    dd_text_format(line, "\t\t%s:\tCache%c IO%c Mem%c", name, FLAG(value, DD_PCI_CXL_FLEX_CACHE),
                   FLAG(value, DD_PCI_CXL_FLEX_IO), FLAG(value, DD_PCI_CXL_FLEX_MEM));
}

static void put_buffers(struct dd_text *line, uint16_t value)
{
    dd_text_format(line, " SynHdrByp%c DrftBuf%c", FLAG(value, DD_PCI_CXL_FLEX_SYNC_HEADER_BYPASS),
                   FLAG(value, DD_PCI_CXL_FLEX_DRIFT_BUFFER));
}

static void put_flits(struct dd_text *line, uint16_t value)
{
    dd_text_format(line, " 68BFlit%c MltLogDev%c", FLAG(value, DD_PCI_CXL_FLEX_68B_FLIT),
                   FLAG(value, DD_PCI_CXL_FLEX_MULTIPLE_LOGICAL_DEVICE));
}

static void end_line(struct pci_printing *printing, uint8_t revision, uint16_t value)
{
    if (revision >= REVISION_256B) {
        dd_text_format(&printing->line, " 256BFlit%c PBRFlit%c",
                       FLAG(value, DD_PCI_CXL_FLEX_256B_FLIT),
                       FLAG(value, DD_PCI_CXL_FLEX_PBR_FLIT));
    }
    dd_pci_print_end(printing);
}

static void print_first(struct pci_printing *printing, const struct dd_pci_cxl_flex_bus *flex)
{
    struct dd_text *line = &printing->line;

    put_protocols(line, "FBCap", flex->capability);
    put_flits(line, flex->capability);
    end_line(printing, flex->revision, flex->capability);
    put_protocols(line, "FBCtl", flex->control);
    put_buffers(line, flex->control);
    put_flits(line, flex->control);
    dd_text_format(line, " RCD%c Retimer1%c Retimer2%c",
                   FLAG(flex->control, DD_PCI_CXL_FLEX_RCD_TRAINING),
                   FLAG(flex->control, DD_PCI_CXL_FLEX_RETIMER_1),
                   FLAG(flex->control, DD_PCI_CXL_FLEX_RETIMER_2));
    end_line(printing, flex->revision, flex->control);
    put_protocols(line, "FBSta", flex->status);
    put_buffers(line, flex->status);
    put_flits(line, flex->status);
    end_line(printing, flex->revision, flex->status);
}

/* The registers that only a DVSEC of this length has. */
static void print_later(struct pci_printing *printing, const struct dd_pci_cxl_flex_bus *flex)
{
    if (flex->length >= DD_PCI_CXL_FLEX_MODIFIED_TS + 4) {
        dd_text_format(&printing->line, "\t\tFBModTS:\tReceived FB Data: %06lx",
                       (unsigned long)DD_GET(flex->modified_ts, DD_PCI_CXL_FLEX_RECEIVED_DATA));
        dd_pci_print_end(printing);
    }
    if (flex->revision < REVISION_256B) {
        return;
    }
    if (flex->length >= DD_PCI_CXL_FLEX_CAPABILITY_2 + 4) {
        dd_text_format(&printing->line, "\t\tFBCap2:\tNOPHint%c",
                       FLAG(flex->capability_2, DD_PCI_CXL_FLEX_NOP_HINT));
        dd_pci_print_end(printing);
    }
    if (flex->length >= DD_PCI_CXL_FLEX_CONTROL_2 + 4) {
        dd_text_format(&printing->line, "\t\tFBCtl2:\tNOPHint%c",
                       FLAG(flex->control_2, DD_PCI_CXL_FLEX_NOP_HINT_ENABLE));
        dd_pci_print_end(printing);
    }
    if (flex->length >= DD_PCI_CXL_FLEX_STATUS_2 + 4) {
        dd_text_format(&printing->line, "\t\tFBSta2:\tNOPHintInfo: %lu",
                       (unsigned long)DD_GET(flex->status_2, DD_PCI_CXL_FLEX_NOP_HINT_INFO));
        dd_pci_print_end(printing);
    }
}

enum dd_status dd_pci_print_cxl_flex_bus(struct pci_printing *printing)
{
    struct dd_pci_cxl_flex_bus flex;
    enum dd_status status = dd_pci_cxl_read_flex_bus(
        printing->print->access, printing->print->address, printing->capability.offset, &flex);

    if (status != DD_OK) {
        return status == DD_EMALFORMED ? DD_OK : status;
    }
    if (flex.revision < REVISION_FIRST) {
        dd_text_format(&printing->line, "\t\tRevision %u not supported", flex.revision);
        dd_pci_print_end(printing);
        return DD_OK;
    }
    print_first(printing, &flex);
    print_later(printing, &flex);
    return DD_OK;
}
