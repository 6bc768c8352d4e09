/* SPDX-License-Identifier: MIT */
/*
 * The second groups of the PCI Express capability, device and link, in words.
 */
#include "pci_print_express.h"

#define ROOT_PORT       PCI_EXPRESS_KIND(ROOT_PORT)
#define ENDPOINT        PCI_EXPRESS_KIND(ENDPOINT)
#define LEGACY_ENDPOINT PCI_EXPRESS_KIND(LEGACY_ENDPOINT)
#define SWITCH          (PCI_EXPRESS_KIND(UPSTREAM_PORT) | PCI_EXPRESS_KIND(DOWNSTREAM_PORT))
#define INTEGRATED      PCI_EXPRESS_KIND(INTEGRATED_ENDPOINT)
#define DOWNSTREAM      (ROOT_PORT | PCI_EXPRESS_KIND(DOWNSTREAM_PORT))

static const char *const timeout_ranges[] = {
    [0] = "Not Supported", [1] = "Range A",   [2] = "Range B",    [3] = "Range AB",
    [6] = "Range BC",      [7] = "Range ABC", [14] = "Range BCD", [15] = "Range ABCD",
};
static const char *const timeout_values[] = {
    [0] = "50us to 50ms", [1] = "50us to 100us", [2] = "1ms to 10ms",
    [5] = "16ms to 55ms", [6] = "65ms to 210ms", [9] = "260ms to 900ms",
    [10] = "1s to 3.5s",  [13] = "4s to 13s",    [14] = "17s to 64s",
};

/* ---- Device ---- */

static void print_features(struct pci_printing *printing, uint32_t value)
{
    static const char *const obff[] = {"Not Supported", "Via message", "Via WAKE#",
                                       "Via message/WAKE#"};
    static const char *const emergency[] = {"Not Supported", "Dev Specific",
                                            "Form Factor Dev Specific", "Reserved"};
    struct dd_text *line = &printing->line;
    unsigned int prefixes = PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_MAX_TLP_PREFIXES);

    dd_text_format(line, "\t\tDevCap2: Completion Timeout: %s, TimeoutDis%c NROPrPrP%c LTR%c",
                   DD_PCI_PRINT_CHOICE(timeout_ranges, DD_GET(value, DD_PCI_EXPRESS_TIMEOUT_RANGES),
                                       "Unknown"),
                   PCI_EXPRESS_FLAG(value, TIMEOUT_DISABLE_SUPPORTED),
                   PCI_EXPRESS_FLAG(value, NO_RO_PASSING), PCI_EXPRESS_FLAG(value, LTR_SUPPORTED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t 10BitTagComp%c 10BitTagReq%c OBFF %s, ExtFmt%c EETLPPrefix%c",
                   PCI_EXPRESS_FLAG(value, TAG_10_BIT_COMPLETER),
                   PCI_EXPRESS_FLAG(value, TAG_10_BIT_REQUESTER),
                   obff[DD_GET(value, DD_PCI_EXPRESS_OBFF_SUPPORTED)],
                   PCI_EXPRESS_FLAG(value, EXTENDED_FMT_SUPPORTED),
                   PCI_EXPRESS_FLAG(value, TLP_PREFIX_SUPPORTED));
    if (DD_GET(value, DD_PCI_EXPRESS_TLP_PREFIX_SUPPORTED) != 0) {
        dd_text_format(line, ", MaxEETLPPrefixes %u", prefixes == 0 ? 4 : prefixes);
    }
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t EmergencyPowerReduction %s, EmergencyPowerReductionInit%c",
                   emergency[DD_GET(value, DD_PCI_EXPRESS_EMERGENCY_POWER_SUPPORTED)],
                   PCI_EXPRESS_FLAG(value, EMERGENCY_POWER_INIT));
    dd_pci_print_end(printing);
}

static void print_features_of_kind(struct pci_printing *printing,
                                   const struct dd_pci_express *express)
{
    static const char *const cachelines[] = {"Not Supported", "64byte cachelines",
                                             "128byte cachelines", "Reserved"};
    static const char *const completers[] = {"TPHComp- ExtTPHComp-", "TPHComp+ ExtTPHComp-", "",
                                             "TPHComp+ ExtTPHComp+"};
    struct dd_text *line = &printing->line;
    uint32_t value = express->device_capabilities_2;

    dd_text_format(line, "\t\t\t FRS%c", PCI_EXPRESS_FLAG(value, FRS_SUPPORTED));
    if (pci_express_is_one_of(express, ROOT_PORT)) {
        dd_text_format(line, " LN System CLS %s,",
                       cachelines[DD_GET(value, DD_PCI_EXPRESS_LN_SYSTEM_CLS)]);
    }
    if (pci_express_is_one_of(express, ROOT_PORT | ENDPOINT)) {
        dd_text_format(line, " %s", completers[DD_GET(value, DD_PCI_EXPRESS_TPH_COMPLETER)]);
    }
    if (pci_express_is_one_of(express, DOWNSTREAM)) {
        dd_text_format(line, " ARIFwd%c", PCI_EXPRESS_FLAG(value, ARI_FORWARDING_SUPPORTED));
    }
    dd_pci_print_end(printing);
}

/* Whether a base address register, of those its header has, holds an address in memory. */
static bool has_memory(const struct pci_printing *printing)
{
    static const uint8_t counts[] = {
        [DD_PCI_LAYOUT_ENDPOINT] = 6, [DD_PCI_LAYOUT_BRIDGE] = 2, [DD_PCI_LAYOUT_CARDBUS] = 1};
    const struct dd_pci_access *access = printing->print->access;
    struct dd_pci_address address = printing->print->address;
    uint8_t type = 0;
    uint64_t layout;
    enum dd_status status = dd_pci_read8(access, address, DD_PCI_HEADER_TYPE, &type);
    unsigned int count;

    layout = DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT);
    count = layout < sizeof counts ? counts[layout] : 0;
    for (unsigned int i = 0; status == DD_OK && i < count; i++) {
        uint32_t value = 0;

        status = dd_pci_read32(access, address, (uint16_t)(DD_PCI_BAR + 4 * i), &value);
        if (value == 0 || value == UINT32_MAX || DD_GET(value, DD_PCI_BAR_IO_SPACE) != 0) {
            continue;
        }
        if (DD_GET(value, DD_PCI_BAR_MEMORY_TYPE) != DD_PCI_BAR_TYPE_64 || i + 1 < count) {
            return true;
        }
    }
    return false;
}

/* A function that has memory may complete atomic operations on it. */
static void print_atomics(struct pci_printing *printing, const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;
    uint32_t value = express->device_capabilities_2;
    const bool is_completer = pci_express_is_one_of(express, ROOT_PORT) || has_memory(printing);

    if (!is_completer && !pci_express_is_one_of(express, SWITCH)) {
        return;
    }
    dd_text_put(line, "\t\t\t AtomicOpsCap:");
    if (pci_express_is_one_of(express, ROOT_PORT | SWITCH)) {
        dd_text_format(line, " Routing%c", PCI_EXPRESS_FLAG(value, ATOMIC_ROUTING_SUPPORTED));
    }
    if (is_completer) {
        dd_text_format(line, " 32bit%c 64bit%c 128bitCAS%c",
                       PCI_EXPRESS_FLAG(value, ATOMIC_32_COMPLETER),
                       PCI_EXPRESS_FLAG(value, ATOMIC_64_COMPLETER),
                       PCI_EXPRESS_FLAG(value, CAS_128_COMPLETER));
    }
    dd_pci_print_end(printing);
}

void dd_pci_print_express_device_2(struct pci_printing *printing,
                                   const struct dd_pci_express *express)
{
    static const char *const obff[] = {"Disabled", "Via message A", "Via message B", "Via WAKE#"};
    struct dd_text *line = &printing->line;
    uint16_t value = express->device_control_2;

    print_features(printing, express->device_capabilities_2);
    print_features_of_kind(printing, express);
    print_atomics(printing, express);
    dd_text_format(
        line, "\t\tDevCtl2: Completion Timeout: %s, TimeoutDis%c LTR%c 10BitTagReq%c OBFF %s,",
        DD_PCI_PRINT_CHOICE(timeout_values, DD_GET(value, DD_PCI_EXPRESS_TIMEOUT_VALUE), "Unknown"),
        PCI_EXPRESS_FLAG(value, TIMEOUT_DISABLE), PCI_EXPRESS_FLAG(value, LTR),
        PCI_EXPRESS_FLAG(value, TAG_10_BIT), obff[DD_GET(value, DD_PCI_EXPRESS_OBFF)]);
    if (pci_express_is_one_of(express, DOWNSTREAM)) {
        dd_text_format(line, " ARIFwd%c", PCI_EXPRESS_FLAG(value, ARI_FORWARDING));
    }
    dd_pci_print_end(printing);

    if (!pci_express_is_one_of(express,
                               ROOT_PORT | SWITCH | ENDPOINT | LEGACY_ENDPOINT | INTEGRATED)) {
        return;
    }
    dd_text_put(line, "\t\t\t AtomicOpsCtl:");
    if (pci_express_is_one_of(express, ROOT_PORT | ENDPOINT | LEGACY_ENDPOINT | INTEGRATED)) {
        dd_text_format(line, " ReqEn%c", PCI_EXPRESS_FLAG(value, ATOMIC_REQUESTER));
    }
    if (pci_express_is_one_of(express, ROOT_PORT | SWITCH)) {
        dd_text_format(line, " EgressBlck%c", PCI_EXPRESS_FLAG(value, ATOMIC_EGRESS_BLOCKING));
    }
    dd_pci_print_end(printing);
}

/* ---- Link ---- */

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
    if (!pci_express_is_one_of(express, DOWNSTREAM | PCI_EXPRESS_KIND(FROM_PCI_BRIDGE)) ||
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
    if (!pci_express_is_one_of(express, ENDPOINT | LEGACY_ENDPOINT) ||
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
