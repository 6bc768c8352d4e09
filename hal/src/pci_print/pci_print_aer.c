/* SPDX-License-Identifier: MIT */
/*
 * Advanced Error Reporting in words. Root ports and root complex event collectors
 * have registers that others do not.
 */
#include "drydock/pci_aer.h"

#include "pci_print.h"

/* Values of Device/Port Type. Spec: [PCIe 6] 7.5.3.2. */
#define TYPE_ROOT_PORT       0x4u
#define TYPE_EVENT_COLLECTOR 0xAu

#define FLAG DD_PCI_PRINT_FLAG

static void print_uncorrectable(struct pci_printing *printing, const char *name, uint32_t errors)
{
    dd_text_format(
        &printing->line, "\t\t%s:\tDLP%c SDES%c TLP%c FCP%c CmpltTO%c CmpltAbrt%c ", name,
        FLAG(errors, DD_PCI_AER_DATA_LINK_PROTOCOL), FLAG(errors, DD_PCI_AER_SURPRISE_DOWN),
        FLAG(errors, DD_PCI_AER_POISONED_TLP), FLAG(errors, DD_PCI_AER_FLOW_CONTROL_PROTOCOL),
        FLAG(errors, DD_PCI_AER_COMPLETION_TIMEOUT), FLAG(errors, DD_PCI_AER_COMPLETER_ABORT));
    dd_text_format(
        &printing->line, "UnxCmplt%c RxOF%c MalfTLP%c ECRC%c UnsupReq%c ACSViol%c",
        FLAG(errors, DD_PCI_AER_UNEXPECTED_COMPLETION), FLAG(errors, DD_PCI_AER_RECEIVER_OVERFLOW),
        FLAG(errors, DD_PCI_AER_MALFORMED_TLP), FLAG(errors, DD_PCI_AER_ECRC),
        FLAG(errors, DD_PCI_AER_UNSUPPORTED_REQUEST), FLAG(errors, DD_PCI_AER_ACS_VIOLATION));
    dd_pci_print_end(printing);
}

static void print_correctable(struct pci_printing *printing, const char *name, uint32_t errors)
{
    dd_text_format(&printing->line,
                   "\t\t%s:\tRxErr%c BadTLP%c BadDLLP%c Rollover%c Timeout%c AdvNonFatalErr%c",
                   name, FLAG(errors, DD_PCI_AER_RECEIVER_ERROR), FLAG(errors, DD_PCI_AER_BAD_TLP),
                   FLAG(errors, DD_PCI_AER_BAD_DLLP), FLAG(errors, DD_PCI_AER_REPLAY_NUM_ROLLOVER),
                   FLAG(errors, DD_PCI_AER_REPLAY_TIMER_TIMEOUT),
                   FLAG(errors, DD_PCI_AER_ADVISORY_NON_FATAL));
    dd_pci_print_end(printing);
}

static void print_control(struct pci_printing *printing, const struct dd_pci_aer *aer)
{
    dd_text_format(&printing->line,
                   "\t\tAERCap:\tFirst Error Pointer: %02lx, ECRCGenCap%c ECRCGenEn%c ECRCChkCap%c "
                   "ECRCChkEn%c",
                   (unsigned long)DD_GET(aer->control, DD_PCI_AER_FIRST_ERROR_POINTER),
                   FLAG(aer->control, DD_PCI_AER_ECRC_GENERATION_CAPABLE),
                   FLAG(aer->control, DD_PCI_AER_ECRC_GENERATION_ENABLE),
                   FLAG(aer->control, DD_PCI_AER_ECRC_CHECK_CAPABLE),
                   FLAG(aer->control, DD_PCI_AER_ECRC_CHECK_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\t\tMultHdrRecCap%c MultHdrRecEn%c TLPPfxPres%c HdrLogCap%c",
                   FLAG(aer->control, DD_PCI_AER_MULTIPLE_HEADER_CAPABLE),
                   FLAG(aer->control, DD_PCI_AER_MULTIPLE_HEADER_ENABLE),
                   FLAG(aer->control, DD_PCI_AER_TLP_PREFIX_LOG_PRESENT),
                   FLAG(aer->control, DD_PCI_AER_COMPLETION_TIMEOUT_LOG_CAPABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tHeaderLog: %08x %08x %08x %08x", aer->header_log[0],
                   aer->header_log[1], aer->header_log[2], aer->header_log[3]);
    dd_pci_print_end(printing);
}

static enum dd_status print_root(struct pci_printing *printing)
{
    struct dd_pci_aer_root root;
    enum dd_status status = dd_pci_aer_read_root(printing->print->access, printing->print->address,
                                                 printing->capability.offset, &root);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "\t\tRootCmd: CERptEn%c NFERptEn%c FERptEn%c",
                   FLAG(root.command, DD_PCI_AER_REPORT_CORRECTABLE),
                   FLAG(root.command, DD_PCI_AER_REPORT_NON_FATAL),
                   FLAG(root.command, DD_PCI_AER_REPORT_FATAL));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tRootSta: CERcvd%c MultCERcvd%c UERcvd%c MultUERcvd%c",
                   FLAG(root.status, DD_PCI_AER_CORRECTABLE_RECEIVED),
                   FLAG(root.status, DD_PCI_AER_MULTIPLE_CORRECTABLE_RECEIVED),
                   FLAG(root.status, DD_PCI_AER_UNCORRECTABLE_RECEIVED),
                   FLAG(root.status, DD_PCI_AER_MULTIPLE_UNCORRECTABLE_RECEIVED));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\t\t FirstFatal%c NonFatalMsg%c FatalMsg%c IntMsg %lu",
                   FLAG(root.status, DD_PCI_AER_FIRST_UNCORRECTABLE_FATAL),
                   FLAG(root.status, DD_PCI_AER_NON_FATAL_RECEIVED),
                   FLAG(root.status, DD_PCI_AER_FATAL_RECEIVED),
                   (unsigned long)DD_GET(root.status, DD_PCI_AER_INTERRUPT_MESSAGE_NUMBER));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tErrorSrc: ERR_COR: %04lx ERR_FATAL/NONFATAL: %04lx",
                   (unsigned long)DD_GET(root.source, DD_PCI_AER_SOURCE_CORRECTABLE),
                   (unsigned long)DD_GET(root.source, DD_PCI_AER_SOURCE_UNCORRECTABLE));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_aer(struct pci_printing *printing)
{
    struct dd_pci_aer aer;
    enum dd_status status = dd_pci_aer_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &aer);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Advanced Error Reporting");
    dd_pci_print_end(printing);
    print_uncorrectable(printing, "UESta", aer.uncorrectable_status);
    print_uncorrectable(printing, "UEMsk", aer.uncorrectable_mask);
    print_uncorrectable(printing, "UESvrt", aer.uncorrectable_severity);
    print_correctable(printing, "CESta", aer.correctable_status);
    print_correctable(printing, "CEMsk", aer.correctable_mask);
    print_control(printing, &aer);
    if (printing->express_type == TYPE_ROOT_PORT ||
        printing->express_type == TYPE_EVENT_COLLECTOR) {
        return print_root(printing);
    }
    return DD_OK;
}
