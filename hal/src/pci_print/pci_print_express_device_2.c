/* SPDX-License-Identifier: MIT */
/*
 * The second group of the PCI Express capability about the device, in words.
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
