/* SPDX-License-Identifier: MIT */
/*
 * The PCI Express capability in words: what kind of function it is, and the groups
 * of registers that kind has. A field that means nothing in a kind is left out.
 */
#include "pci_print_express.h"

#include "drydock/pci_express_device.h"

/* ---- Shared words ---- */

/* As many digits behind the point as are not zero: 7500 mW are "7.5". */
static void print_watts(struct dd_text *line, unsigned int milliwatts)
{
    unsigned int rest = milliwatts % 1000;

    dd_text_format(line, "%u", milliwatts / 1000);
    if (rest != 0) {
        dd_text_put_character(line, '.');
    }
    for (; rest != 0; rest = rest % 100 * 10) {
        dd_text_put_character(line, (char)('0' + rest / 100));
    }
}

void dd_pci_print_power(struct dd_text *line, unsigned int value, unsigned int scale)
{
    uint32_t limit = dd_pci_express_power_limit(value, scale);

    if (limit == DD_PCI_EXPRESS_UNBOUNDED) {
        dd_text_put(line, ">600");
    } else {
        print_watts(line, limit);
    }
    dd_text_put_character(line, 'W');
}

const char *dd_pci_print_speed(unsigned int code, const char *otherwise)
{
    static const char *const speeds[] = {NULL,     "2.5GT/s", "5GT/s", "8GT/s",
                                         "16GT/s", "32GT/s",  "64GT/s"};

    return DD_PCI_PRINT_CHOICE(speeds, code, otherwise);
}

/* ---- The first group ---- */

static const char *const l0s_latencies[] = {"<64ns", "<128ns", "<256ns", "<512ns",
                                            "<1us",  "<2us",   "<4us"};
static const char *const l1_latencies[] = {"<1us",  "<2us",  "<4us", "<8us",
                                           "<16us", "<32us", "<64us"};

#define ENDPOINTS (PCI_EXPRESS_KIND(ENDPOINT) | PCI_EXPRESS_KIND(LEGACY_ENDPOINT))

static void print_device_capabilities(struct pci_printing *printing,
                                      const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;
    uint32_t value = express->device_capabilities;

    dd_text_format(line, "\t\tDevCap:\tMaxPayload %u bytes, PhantFunc %u",
                   128u << DD_GET(value, DD_PCI_EXPRESS_PAYLOAD_SUPPORTED),
                   (1u << DD_GET(value, DD_PCI_EXPRESS_PHANTOM_SUPPORTED)) - 1);
    if (pci_express_is_one_of(express, ENDPOINTS)) {
        dd_text_format(
            line, ", Latency L0s %s, L1 %s",
            DD_PCI_PRINT_CHOICE(l0s_latencies, DD_GET(value, DD_PCI_EXPRESS_L0S_ACCEPTABLE),
                                "unlimited"),
            DD_PCI_PRINT_CHOICE(l1_latencies, DD_GET(value, DD_PCI_EXPRESS_L1_ACCEPTABLE),
                                "unlimited"));
    }
    dd_pci_print_end(printing);

    dd_text_format(line, "\t\t\tExtTag%c", PCI_EXPRESS_FLAG(value, EXTENDED_TAG_SUPPORTED));
    if (pci_express_is_one_of(express, ENDPOINTS | PCI_EXPRESS_KIND(UPSTREAM_PORT) |
                                           PCI_EXPRESS_KIND(TO_PCI_BRIDGE))) {
        dd_text_format(line, " AttnBtn%c AttnInd%c PwrInd%c",
                       PCI_EXPRESS_FLAG(value, ATTENTION_BUTTON_ON_DEVICE),
                       PCI_EXPRESS_FLAG(value, ATTENTION_INDICATOR_ON_DEVICE),
                       PCI_EXPRESS_FLAG(value, POWER_INDICATOR_ON_DEVICE));
    }
    dd_text_format(line, " RBE%c", PCI_EXPRESS_FLAG(value, ROLE_BASED_ERRORS));
    if (pci_express_is_one_of(express, ENDPOINTS | PCI_EXPRESS_KIND(INTEGRATED_ENDPOINT))) {
        dd_text_format(line, " FLReset%c", PCI_EXPRESS_FLAG(value, FLR_CAPABLE));
    }
    if (pci_express_is_one_of(express, PCI_EXPRESS_KIND(ENDPOINT) |
                                           PCI_EXPRESS_KIND(UPSTREAM_PORT) |
                                           PCI_EXPRESS_KIND(TO_PCI_BRIDGE))) {
        dd_text_put(line, " SlotPowerLimit ");
        dd_pci_print_power(line, PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_CAPTURED_POWER_VALUE),
                           PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_CAPTURED_POWER_SCALE));
    }
    dd_pci_print_end(printing);
}

static void print_device_control(struct pci_printing *printing,
                                 const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;
    uint16_t value = express->device_control;

    dd_text_format(line, "\t\tDevCtl:\tCorrErr%c NonFatalErr%c FatalErr%c UnsupReq%c",
                   PCI_EXPRESS_FLAG(value, CORRECTABLE_ENABLE),
                   PCI_EXPRESS_FLAG(value, NON_FATAL_ENABLE), PCI_EXPRESS_FLAG(value, FATAL_ENABLE),
                   PCI_EXPRESS_FLAG(value, UNSUPPORTED_REQUEST_ENABLE));
    dd_pci_print_end(printing);

    dd_text_format(line, "\t\t\tRlxdOrd%c ExtTag%c PhantFunc%c AuxPwr%c NoSnoop%c",
                   PCI_EXPRESS_FLAG(value, RELAXED_ORDERING), PCI_EXPRESS_FLAG(value, EXTENDED_TAG),
                   PCI_EXPRESS_FLAG(value, PHANTOM), PCI_EXPRESS_FLAG(value, AUX_POWER),
                   PCI_EXPRESS_FLAG(value, NO_SNOOP));
    if (pci_express_is_one_of(express, PCI_EXPRESS_KIND(TO_PCI_BRIDGE))) {
        dd_text_format(line, " BrConfRtry%c", PCI_EXPRESS_FLAG(value, INITIATE_FLR));
    } else if (pci_express_is_one_of(express, ENDPOINTS | PCI_EXPRESS_KIND(INTEGRATED_ENDPOINT)) &&
               DD_GET(express->device_capabilities, DD_PCI_EXPRESS_FLR_CAPABLE) != 0) {
        dd_text_format(line, " FLReset%c", PCI_EXPRESS_FLAG(value, INITIATE_FLR));
    }
    dd_pci_print_end(printing);

    dd_text_format(line, "\t\t\tMaxPayload %u bytes, MaxReadReq %u bytes",
                   128u << DD_GET(value, DD_PCI_EXPRESS_PAYLOAD),
                   128u << DD_GET(value, DD_PCI_EXPRESS_READ_REQUEST));
    dd_pci_print_end(printing);
}

void dd_pci_print_express_device(struct pci_printing *printing,
                                 const struct dd_pci_express *express)
{
    uint16_t value = express->device_status;

    print_device_capabilities(printing, express);
    print_device_control(printing, express);
    dd_text_format(
        &printing->line,
        "\t\tDevSta:\tCorrErr%c NonFatalErr%c FatalErr%c UnsupReq%c AuxPwr%c TransPend%c",
        PCI_EXPRESS_FLAG(value, CORRECTABLE_DETECTED), PCI_EXPRESS_FLAG(value, NON_FATAL_DETECTED),
        PCI_EXPRESS_FLAG(value, FATAL_DETECTED),
        PCI_EXPRESS_FLAG(value, UNSUPPORTED_REQUEST_DETECTED),
        PCI_EXPRESS_FLAG(value, AUX_POWER_DETECTED), PCI_EXPRESS_FLAG(value, TRANSACTIONS_PENDING));
    dd_pci_print_end(printing);
}

/* ---- The whole ---- */

static void print_kind(struct pci_printing *printing, const struct dd_pci_express *express)
{
    static const char *const kinds[] = {
        [DD_PCI_EXPRESS_ENDPOINT] = "Endpoint",
        [DD_PCI_EXPRESS_LEGACY_ENDPOINT] = "Legacy Endpoint",
        [DD_PCI_EXPRESS_ROOT_PORT] = "Root Port",
        [DD_PCI_EXPRESS_UPSTREAM_PORT] = "Upstream Port",
        [DD_PCI_EXPRESS_DOWNSTREAM_PORT] = "Downstream Port",
        [DD_PCI_EXPRESS_TO_PCI_BRIDGE] = "PCI-Express to PCI/PCI-X Bridge",
        [DD_PCI_EXPRESS_FROM_PCI_BRIDGE] = "PCI/PCI-X to PCI-Express Bridge",
        [DD_PCI_EXPRESS_INTEGRATED_ENDPOINT] = "Root Complex Integrated Endpoint",
        [DD_PCI_EXPRESS_EVENT_COLLECTOR] = "Root Complex Event Collector",
    };
    const unsigned int type = dd_pci_express_type(express);
    const char *kind = DD_PCI_PRINT_CHOICE(kinds, type, NULL);
    struct dd_text *line = &printing->line;

    dd_text_format(line, "Express (v%u) ",
                   PCI_PRINT_NUMBER(express->capabilities, DD_PCI_EXPRESS_VERSION));
    if (kind == NULL) {
        dd_text_format(line, "Unknown type %u", type);
    } else {
        dd_text_put(line, kind);
    }
    if (pci_express_is_one_of(express, PCI_EXPRESS_KIND(ROOT_PORT) |
                                           PCI_EXPRESS_KIND(DOWNSTREAM_PORT) |
                                           PCI_EXPRESS_KIND(FROM_PCI_BRIDGE))) {
        dd_text_format(line, " (Slot%c)",
                       PCI_EXPRESS_FLAG(express->capabilities, SLOT_IMPLEMENTED));
    }
    dd_text_format(
        line, ", MSI %02x",
        PCI_PRINT_NUMBER(express->capabilities, DD_PCI_EXPRESS_INTERRUPT_MESSAGE_NUMBER));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_express(struct pci_printing *printing)
{
    static const struct {
        enum dd_pci_express_group group;
        void (*print)(struct pci_printing *printing, const struct dd_pci_express *express);
    } groups[] = {
        {DD_PCI_EXPRESS_GROUP_DEVICE, dd_pci_print_express_device},
        {DD_PCI_EXPRESS_GROUP_LINK, dd_pci_print_express_link},
        {DD_PCI_EXPRESS_GROUP_SLOT, dd_pci_print_express_slot},
        {DD_PCI_EXPRESS_GROUP_ROOT, dd_pci_print_express_root},
        {DD_PCI_EXPRESS_GROUP_DEVICE_2, dd_pci_print_express_device_2},
        {DD_PCI_EXPRESS_GROUP_LINK_2, dd_pci_print_express_link_2},
    };
    struct dd_pci_express express;
    enum dd_status status = dd_pci_express_read(printing->print->access, printing->print->address,
                                                printing->capability.offset, &express);

    if (status != DD_OK) {
        return status;
    }
    printing->express_type = (uint8_t)dd_pci_express_type(&express);
    print_kind(printing, &express);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if ((express.groups & groups[i].group) != 0) {
            groups[i].print(printing, &express);
        }
    }
    return DD_OK;
}
