/* SPDX-License-Identifier: MIT */
/*
 * The link of a PCI Express function in words. What was negotiated is compared with
 * what the port could do. At the upper end of a link less is no fault: a slow card
 * may be in a fast slot.
 */
#include "../pci/pci_express_kind.h"
#include "pci_print_express.h"

static void print_capabilities(struct pci_printing *printing, uint32_t value)
{
    static const char *const states[] = {"not supported", "L0s", "L1", "L0s L1"};
    static const char *const l0s[] = {"<64ns", "<128ns", "<256ns", "<512ns",
                                      "<1us",  "<2us",   "<4us"};
    static const char *const l1[] = {"<1us", "<2us", "<4us", "<8us", "<16us", "<32us", "<64us"};
    struct dd_text *line = &printing->line;
    uint64_t supported = DD_GET(value, DD_PCI_EXPRESS_ASPM_SUPPORTED);

    dd_text_format(line, "\t\tLnkCap:\tPort #%u, Speed %s, Width x%u, ASPM %s",
                   PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_PORT_NUMBER),
                   dd_pci_print_speed(PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_MAX_SPEED), "unknown"),
                   PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_MAX_WIDTH), states[supported]);
    if ((supported & 1) != 0) {
        dd_text_format(
            line, ", Exit Latency L0s %s",
            DD_PCI_PRINT_CHOICE(l0s, DD_GET(value, DD_PCI_EXPRESS_L0S_EXIT), "unlimited"));
    }
    if ((supported & 2) != 0) {
        dd_text_format(line, "%s L1 %s", (supported & 1) != 0 ? "," : ", Exit Latency",
                       DD_PCI_PRINT_CHOICE(l1, DD_GET(value, DD_PCI_EXPRESS_L1_EXIT), "unlimited"));
    }
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tClockPM%c Surprise%c LLActRep%c BwNot%c ASPMOptComp%c",
                   PCI_EXPRESS_FLAG(value, CLOCK_PM_CAPABLE),
                   PCI_EXPRESS_FLAG(value, SURPRISE_DOWN_CAPABLE),
                   PCI_EXPRESS_FLAG(value, DLL_ACTIVE_CAPABLE),
                   PCI_EXPRESS_FLAG(value, BANDWIDTH_NOTIFICATION_CAPABLE),
                   PCI_EXPRESS_FLAG(value, ASPM_OPTIONALITY));
    dd_pci_print_end(printing);
}

static void print_control(struct pci_printing *printing, const struct dd_pci_express *express)
{
    static const char *const states[] = {"Disabled", "L0s Enabled", "L1 Enabled", "L0s L1 Enabled"};
    struct dd_text *line = &printing->line;
    uint16_t value = express->link_control;

    dd_text_format(line, "\t\tLnkCtl:\tASPM %s;", states[DD_GET(value, DD_PCI_EXPRESS_ASPM)]);
    if (pci_express_is_one_of(express, PCI_EXPRESS_KIND(ROOT_PORT) | PCI_EXPRESS_KIND(ENDPOINT) |
                                           PCI_EXPRESS_KIND(LEGACY_ENDPOINT) |
                                           PCI_EXPRESS_KIND(TO_PCI_BRIDGE))) {
        dd_text_format(line, " RCB %u bytes,",
                       DD_GET(value, DD_PCI_EXPRESS_READ_COMPLETION_BOUNDARY) != 0 ? 128u : 64u);
    }
    dd_text_format(line, " Disabled%c CommClk%c", PCI_EXPRESS_FLAG(value, LINK_DISABLE),
                   PCI_EXPRESS_FLAG(value, COMMON_CLOCK));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tExtSynch%c ClockPM%c AutWidDis%c BWInt%c AutBWInt%c",
                   PCI_EXPRESS_FLAG(value, EXTENDED_SYNCH), PCI_EXPRESS_FLAG(value, CLOCK_PM),
                   PCI_EXPRESS_FLAG(value, AUTONOMOUS_WIDTH_DISABLE),
                   PCI_EXPRESS_FLAG(value, BANDWIDTH_MANAGEMENT_INTERRUPT),
                   PCI_EXPRESS_FLAG(value, AUTONOMOUS_BANDWIDTH_INTERRUPT));
    dd_pci_print_end(printing);
}

/* How what was negotiated compares with what is possible. */
static const char *compare(const struct dd_pci_express *express, uint64_t now, uint64_t greatest)
{
    const bool is_above = pci_express_is_above_link(dd_pci_express_type(express));

    if (now > greatest) {
        return " (overdriven)";
    }
    return now == greatest || is_above ? "" : " (downgraded)";
}

static void print_status(struct pci_printing *printing, const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;
    uint16_t value = express->link_status;
    unsigned int speed = PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_SPEED);
    unsigned int width = PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_WIDTH);

    dd_text_format(
        line, "\t\tLnkSta:\tSpeed %s%s, Width x%u%s", dd_pci_print_speed(speed, "unknown"),
        compare(express, speed, DD_GET(express->link_capabilities, DD_PCI_EXPRESS_MAX_SPEED)),
        width,
        compare(express, width, DD_GET(express->link_capabilities, DD_PCI_EXPRESS_MAX_WIDTH)));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tTrErr%c Train%c SlotClk%c DLActive%c BWMgmt%c ABWMgmt%c",
                   PCI_EXPRESS_FLAG(value, TRAINING_ERROR), PCI_EXPRESS_FLAG(value, LINK_TRAINING),
                   PCI_EXPRESS_FLAG(value, SLOT_CLOCK), PCI_EXPRESS_FLAG(value, DLL_ACTIVE),
                   PCI_EXPRESS_FLAG(value, BANDWIDTH_MANAGED),
                   PCI_EXPRESS_FLAG(value, AUTONOMOUS_BANDWIDTH));
    dd_pci_print_end(printing);
}

void dd_pci_print_express_link(struct pci_printing *printing, const struct dd_pci_express *express)
{
    print_capabilities(printing, express->link_capabilities);
    print_control(printing, express);
    print_status(printing, express);
}
