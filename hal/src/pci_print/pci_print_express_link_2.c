/* SPDX-License-Identifier: MIT */
/*
 * The second group of the PCI Express capability about the link, in words.
 */
#include "../pci/pci_express_kind.h"
#include "pci_print_express.h"

/* The vector as a range up to its greatest speed. */
static const char *speed_range(uint64_t vector)
{
    static const char *const ranges[] = {"2.5GT/s", "2.5-5GT/s", "2.5-8GT/s", "2.5-16GT/s",
                                         "2.5-32GT/s"};
    unsigned int greatest = 0;

    if (vector == 0) {
        return "Unknown";
    }
    while (vector >> greatest > 1) {
        greatest++;
    }
    return DD_PCI_PRINT_CHOICE(ranges, greatest, "RsvdP");
}

/* A target speed of 0 is the lowest: ports without speeds to choose from hardwire it. */
static void print_link_control_2(struct pci_printing *printing,
                                 const struct dd_pci_express *express)
{
    static const char *const margins[] = {
        "Normal Operating Range",
        "800-1200mV(full-swing)/400-700mV(half-swing)",
        "200-400mV(full-swing)/100-200mV(half-swing)",
        "200-400mV(full-swing)/100-200mV(half-swing)",
        "200-400mV(full-swing)/100-200mV(half-swing)",
        "200-400mV(full-swing)/100-200mV(half-swing)",
    };
    static const char *const presets[] = {
        "-6dB de-emphasis, 0dB preshoot",     "-3.5dB de-emphasis, 0dB preshoot",
        "-4.4dB de-emphasis, 0dB preshoot",   "-2.5dB de-emphasis, 0dB preshoot",
        "0dB de-emphasis, 0dB preshoot",      "0dB de-emphasis, 1.9dB preshoot",
        "0dB de-emphasis, 2.5dB preshoot",    "-6.0dB de-emphasis, 3.5dB preshoot",
        "-3.5dB de-emphasis, 3.5dB preshoot", "0dB de-emphasis, 3.5dB preshoot",
    };
    struct dd_text *line = &printing->line;
    uint16_t value = express->link_control_2;
    unsigned int target = PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_TARGET_SPEED);

    dd_text_format(line, "\t\tLnkCtl2: Target Link Speed: %s, EnterCompliance%c SpeedDis%c",
                   dd_pci_print_speed(target == 0 ? 1 : target, "Unknown"),
                   PCI_EXPRESS_FLAG(value, ENTER_COMPLIANCE),
                   PCI_EXPRESS_FLAG(value, AUTONOMOUS_SPEED_DISABLE));
    if (pci_express_is_one_of(express, PCI_EXPRESS_KIND(DOWNSTREAM_PORT))) {
        dd_text_format(line, ", Selectable De-emphasis: %s",
                       DD_GET(value, DD_PCI_EXPRESS_SELECTABLE_DE_EMPHASIS) != 0 ? "-3.5dB"
                                                                                 : "-6dB");
    }
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\t\t Transmit Margin: %s, EnterModifiedCompliance%c ComplianceSOS%c",
        DD_PCI_PRINT_CHOICE(margins, DD_GET(value, DD_PCI_EXPRESS_TRANSMIT_MARGIN), "Unknown"),
        PCI_EXPRESS_FLAG(value, ENTER_MODIFIED_COMPLIANCE),
        PCI_EXPRESS_FLAG(value, COMPLIANCE_SOS));
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\t\t Compliance Preset/De-emphasis: %s",
        DD_PCI_PRINT_CHOICE(presets, DD_GET(value, DD_PCI_EXPRESS_COMPLIANCE_PRESET), "Unknown"));
    dd_pci_print_end(printing);
}

static void print_link_status_2(struct pci_printing *printing, const struct dd_pci_express *express)
{
    static const char *const resolutions[] = {"unsupported", "Upstream Port", "Downstream Port",
                                              "incomplete"};
    static const char *const components[] = {
        [0] = "Link Down - Not Determined",
        [1] = "Link Down - Not Present",
        [2] = "Link Down - Present",
        [4] = "Link Up - Present",
        [5] = "Link Up - Present and DRS Received",
    };
    struct dd_text *line = &printing->line;
    uint16_t value = express->link_status_2;

    dd_text_format(line,
                   "\t\tLnkSta2: Current De-emphasis Level: %s, EqualizationComplete%c "
                   "EqualizationPhase1%c",
                   DD_GET(value, DD_PCI_EXPRESS_DE_EMPHASIS) != 0 ? "-3.5dB" : "-6dB",
                   PCI_EXPRESS_FLAG(value, EQUALIZATION_COMPLETE),
                   PCI_EXPRESS_FLAG(value, EQUALIZATION_PHASE_1));
    dd_pci_print_end(printing);
    dd_text_format(line,
                   "\t\t\t EqualizationPhase2%c EqualizationPhase3%c LinkEqualizationRequest%c",
                   PCI_EXPRESS_FLAG(value, EQUALIZATION_PHASE_2),
                   PCI_EXPRESS_FLAG(value, EQUALIZATION_PHASE_3),
                   PCI_EXPRESS_FLAG(value, EQUALIZATION_REQUEST));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t Retimer%c 2Retimers%c CrosslinkRes: %s",
                   PCI_EXPRESS_FLAG(value, RETIMER), PCI_EXPRESS_FLAG(value, TWO_RETIMERS),
                   resolutions[DD_GET(value, DD_PCI_EXPRESS_CROSSLINK_RESOLUTION)]);
    if (!pci_express_is_above_link(dd_pci_express_type(express)) ||
        DD_GET(express->link_capabilities_2, DD_PCI_EXPRESS_DRS_SUPPORTED) == 0) {
        dd_pci_print_end(printing);
        return;
    }
    dd_text_format(line, ", DRS%c", PCI_EXPRESS_FLAG(value, DRS_RECEIVED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t DownstreamComp: %s",
                   DD_PCI_PRINT_CHOICE(
                       components, DD_GET(value, DD_PCI_EXPRESS_DOWNSTREAM_COMPONENT), "Reserved"));
    dd_pci_print_end(printing);
}

void dd_pci_print_express_link_2(struct pci_printing *printing,
                                 const struct dd_pci_express *express)
{
    const struct dd_pci_address address = printing->print->address;
    uint32_t value = express->link_capabilities_2;

    /* In a device of several functions the link is what function 0 says it is. */
    if (!pci_express_is_one_of(express,
                               PCI_EXPRESS_KIND(ENDPOINT) | PCI_EXPRESS_KIND(LEGACY_ENDPOINT)) ||
        (address.device == 0 && address.function == 0)) {
        if (value != 0) {
            dd_text_format(&printing->line,
                           "\t\tLnkCap2: Supported Link Speeds: %s, Crosslink%c Retimer%c "
                           "2Retimers%c DRS%c",
                           speed_range(DD_GET(value, DD_PCI_EXPRESS_SPEEDS_SUPPORTED)),
                           PCI_EXPRESS_FLAG(value, CROSSLINK_SUPPORTED),
                           PCI_EXPRESS_FLAG(value, RETIMER_DETECTION),
                           PCI_EXPRESS_FLAG(value, TWO_RETIMERS_DETECTION),
                           PCI_EXPRESS_FLAG(value, DRS_SUPPORTED));
            dd_pci_print_end(printing);
        }
        print_link_control_2(printing, express);
    }
    print_link_status_2(printing, express);
}
