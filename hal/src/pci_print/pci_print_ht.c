/* SPDX-License-Identifier: MIT */
/*
 * The HyperTransport capabilities in words. An interface shows what its revision
 * has: flow control in doublewords, frequencies and error handling came with 1.02.
 */
#include "drydock/pci_ht.h"
#include "pci_print.h"

#define FLAG(value, field) DD_PCI_PRINT_FLAG(value, DD_PCI_HT_##field)

/* Revisions as the register has them: the one the fields below came with, and the one before. */
#define REVISION_1_02  0x22u
#define REVISION_FIRST 0x11u

/* lspci looks at the lower byte of the frequencies only: the others are never there. */
#define FREQUENCIES_SHOWN 0xFFu

static const char *const widths[] = {"8bit", "16bit", "[2]", "32bit", "2bit", "4bit", "[6]", "N/C"};

/* ---- One link; @p suffix is what its lines are numbered with ---- */

static void print_link_control(struct pci_printing *printing, const struct dd_pci_ht_link *link,
                               const char *suffix, bool is_later)
{
    struct dd_text *line = &printing->line;
    uint16_t value = link->control;

    dd_text_format(
        line, "\t\tLink Control%s: CFlE%c CST%c CFE%c <LkFail%c Init%c EOC%c TXO%c <CRCErr=%x",
        suffix, FLAG(value, LINK_CRC_FLOOD), FLAG(value, LINK_CRC_START_TEST),
        FLAG(value, LINK_CRC_FORCE_ERROR), FLAG(value, LINK_FAILURE), FLAG(value, LINK_INITIALIZED),
        FLAG(value, LINK_END_OF_CHAIN), FLAG(value, LINK_TRANSMITTER_OFF),
        (unsigned int)DD_GET(value, DD_PCI_HT_LINK_CRC_ERROR));
    if (is_later) {
        dd_text_format(line, " IsocEn%c LSEn%c ExtCTL%c 64b%c", FLAG(value, LINK_ISOCHRONOUS),
                       FLAG(value, LINK_TRISTATE), FLAG(value, LINK_EXTENDED_CTL),
                       FLAG(value, LINK_64_BIT));
    }
    dd_pci_print_end(printing);
}

static void print_link_configuration(struct pci_printing *printing,
                                     const struct dd_pci_ht_link *link, const char *suffix,
                                     bool is_later)
{
    struct dd_text *line = &printing->line;
    uint16_t value = link->configuration;
    const char *max_in = widths[DD_GET(value, DD_PCI_HT_LINK_MAX_WIDTH_IN)];
    const char *max_out = widths[DD_GET(value, DD_PCI_HT_LINK_MAX_WIDTH_OUT)];
    const char *in = widths[DD_GET(value, DD_PCI_HT_LINK_WIDTH_IN)];
    const char *out = widths[DD_GET(value, DD_PCI_HT_LINK_WIDTH_OUT)];

    if (is_later) {
        dd_text_format(line, "\t\tLink Config%s: MLWI=%s DwFcIn%c MLWO=%s DwFcOut%c", suffix,
                       max_in, FLAG(value, LINK_DOUBLEWORD_IN), max_out,
                       FLAG(value, LINK_DOUBLEWORD_OUT));
        dd_text_format(line, " LWI=%s DwFcInEn%c LWO=%s DwFcOutEn%c", in,
                       FLAG(value, LINK_DOUBLEWORD_IN_ENABLE), out,
                       FLAG(value, LINK_DOUBLEWORD_OUT_ENABLE));
    } else {
        dd_text_format(line, "\t\tLink Config%s: MLWI=%s MLWO=%s LWI=%s LWO=%s", suffix, max_in,
                       max_out, in, out);
    }
    dd_pci_print_end(printing);
}

static void print_link_frequency(struct pci_printing *printing, const struct dd_pci_ht_link *link,
                                 const char *suffix)
{
    static const char *const names[] = {"200MHz", "300MHz", "400MHz", "500MHz", "600MHz", "800MHz",
                                        "1.0GHz", "1.2GHz", "1.4GHz", "1.6GHz", "[a]",    "[b]",
                                        "[c]",    "[d]",    "[e]",    "Vend"};
    struct dd_text *line = &printing->line;
    uint8_t value = link->frequency_error;

    dd_text_format(line, "\t\tLink Frequency%s: %s", suffix,
                   names[DD_GET(value, DD_PCI_HT_LINK_FREQUENCY)]);
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tLink Error%s: <Prot%c <Ovfl%c <EOC%c CTLTm%c", suffix,
                   FLAG(value, LINK_PROTOCOL_ERROR), FLAG(value, LINK_OVERFLOW_ERROR),
                   FLAG(value, LINK_END_OF_CHAIN_ERROR), FLAG(value, LINK_CTL_TIMEOUT));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tLink Frequency Capability%s:", suffix);
    for (unsigned int i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i][0] != '[') {
            dd_text_format(line, " %s%c", names[i],
                           (link->frequencies & FREQUENCIES_SHOWN) >> i & 1 ? '+' : '-');
        }
    }
    dd_pci_print_end(printing);
}

/* ---- What both interfaces have ---- */

static void print_features(struct pci_printing *printing,
                           const struct dd_pci_ht_interface *interface)
{
    struct dd_text *line = &printing->line;
    uint16_t value = interface->features;

    dd_text_format(line,
                   "\t\tFeature Capability: IsocFC%c LDTSTOP%c CRCTM%c ECTLT%c 64bA%c UIDRD%c",
                   FLAG(value, FEATURE_ISOCHRONOUS), FLAG(value, FEATURE_LDTSTOP),
                   FLAG(value, FEATURE_CRC_TEST), FLAG(value, FEATURE_EXTENDED_CTL),
                   FLAG(value, FEATURE_64_BIT), FLAG(value, FEATURE_REORDER_DISABLE));
    if (interface->type == DD_PCI_HT_TYPE_HOST) {
        dd_text_format(line, " ExtRS%c UCnfE%c", FLAG(value, HOST_FEATURE_EXTENDED_SET),
                       FLAG(value, HOST_FEATURE_UPSTREAM_CONFIGURATION));
    }
    dd_pci_print_end(printing);
}

static void print_errors(struct pci_printing *printing, const struct dd_pci_ht_interface *interface)
{
    static const char *const names[] = {"PFlE",   "OFlE",   "PFE",    "OFE",    "EOCFE", "RFE",
                                        "CRCFE",  "SERRFE", "CF",     "RE",     "PNFE",  "ONFE",
                                        "EOCNFE", "RNFE",   "CRCNFE", "SERRNFE"};
    struct dd_text *line = &printing->line;

    dd_text_put(line, "\t\tError Handling:");
    for (unsigned int i = 0; i < sizeof names / sizeof names[0]; i++) {
        dd_text_format(line, " %s%c", names[i],
                       (interface->error_handling >> i & 1) != 0 ? '+' : '-');
    }
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tPrefetchable memory behind bridge Upper: %02x-%02x",
                   interface->memory_base_upper, interface->memory_limit_upper);
    dd_pci_print_end(printing);
}

static void print_revision(struct pci_printing *printing,
                           const struct dd_pci_ht_interface *interface)
{
    dd_text_format(&printing->line, "\t\tRevision ID: %u.%02u",
                   (unsigned int)DD_GET(interface->revision, DD_PCI_HT_SLAVE_REVISION_MAJOR),
                   (unsigned int)DD_GET(interface->revision, DD_PCI_HT_SLAVE_REVISION_MINOR));
    dd_pci_print_end(printing);
}

/* ---- The interfaces ---- */

static void print_command(struct pci_printing *printing,
                          const struct dd_pci_ht_interface *interface, bool is_later)
{
    struct dd_text *line = &printing->line;
    uint16_t value = interface->command;

    if (interface->type == DD_PCI_HT_TYPE_SLAVE) {
        dd_text_format(line, "\t\tCommand: BaseUnitID=%u UnitCnt=%u MastHost%c DefDir%c",
                       (unsigned int)DD_GET(value, DD_PCI_HT_SLAVE_BASE_UNIT_ID),
                       (unsigned int)DD_GET(value, DD_PCI_HT_SLAVE_UNIT_COUNT),
                       FLAG(value, SLAVE_MASTER_HOST), FLAG(value, SLAVE_DEFAULT_DIRECTION));
    } else {
        dd_text_format(line, "\t\tCommand: WarmRst%c DblEnd%c", FLAG(value, HOST_WARM_RESET),
                       FLAG(value, HOST_DOUBLE_ENDED));
        if (is_later) {
            dd_text_format(line, " DevNum=%u ChainSide%c HostHide%c Slave%c <EOCErr%c",
                           (unsigned int)DD_GET(value, DD_PCI_HT_HOST_DEVICE_NUMBER),
                           FLAG(value, HOST_CHAIN_SIDE), FLAG(value, HOST_HIDE),
                           FLAG(value, HOST_ACT_AS_SLAVE), FLAG(value, HOST_END_OF_CHAIN_ERROR));
        }
    }
    if (is_later) {
        dd_text_format(line, " DUL%c", FLAG(value, SLAVE_DROP_ON_UNINITIALIZED));
    }
    dd_pci_print_end(printing);
}

static void print_interface(struct pci_printing *printing,
                            const struct dd_pci_ht_interface *interface)
{
    static const char *const slave_suffixes[] = {" 0", " 1"};
    static const char *const host_suffixes[] = {""};
    const bool is_slave = interface->type == DD_PCI_HT_TYPE_SLAVE;
    const char *const *suffixes = is_slave ? slave_suffixes : host_suffixes;
    const bool is_later = interface->revision >= REVISION_1_02;

    dd_text_format(&printing->line, "HyperTransport: %s Interface",
                   is_slave ? "Slave or Primary" : "Host or Secondary");
    dd_pci_print_end(printing);
    if (!is_later && interface->revision > REVISION_FIRST) {
        dd_text_put(&printing->line, "\t\t!!! Possibly incomplete decoding");
        dd_pci_print_end(printing);
    }
    print_command(printing, interface, is_later);
    for (unsigned int i = 0; i < (is_slave ? 2u : 1u); i++) {
        print_link_control(printing, &interface->links[i], suffixes[i], is_later);
        print_link_configuration(printing, &interface->links[i], suffixes[i], is_later);
    }
    print_revision(printing, interface);
    if (!is_later) {
        return;
    }
    print_link_frequency(printing, &interface->links[0], suffixes[0]);
    print_features(printing, interface);
    if (is_slave) {
        print_link_frequency(printing, &interface->links[1], suffixes[1]);
    }
    if (is_slave || DD_GET(interface->features, DD_PCI_HT_HOST_FEATURE_EXTENDED_SET) != 0) {
        print_errors(printing, interface);
    }
    if (is_slave) {
        dd_text_format(&printing->line, "\t\tBus Number: %02x", interface->bus);
        dd_pci_print_end(printing);
    }
}

/* ---- The others ---- */

static enum dd_status print_msi_mapping(struct pci_printing *printing)
{
    struct dd_pci_ht_msi_mapping mapping;
    enum dd_status status = dd_pci_ht_read_msi_mapping(
        printing->print->access, printing->print->address, printing->capability.offset, &mapping);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "HyperTransport: MSI Mapping Enable%c Fixed%c",
                   FLAG(mapping.command, MSI_MAPPING_ENABLE),
                   FLAG(mapping.command, MSI_MAPPING_FIXED));
    dd_pci_print_end(printing);
    if (DD_GET(mapping.command, DD_PCI_HT_MSI_MAPPING_FIXED) == 0) {
        dd_text_format(&printing->line, "\t\tMapping Address Base: %016lx", mapping.base);
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

static void print_by_command(struct pci_printing *printing, uint16_t command)
{
    static const char *const names[] = {
        [DD_PCI_HT_TYPE_SWITCH] = "Switch",
        [DD_PCI_HT_TYPE_INTERRUPT] = "Interrupt Discovery and Configuration",
        [DD_PCI_HT_TYPE_CLUMPING] = "UnitID Clumping",
        [DD_PCI_HT_TYPE_CONFIGURATION] = "Extended Configuration Space Access",
        [DD_PCI_HT_TYPE_ADDRESS_MAP] = "Address Mapping",
        [DD_PCI_HT_TYPE_DIRECT_ROUTE] = "DirectRoute",
        [DD_PCI_HT_TYPE_VCSET] = "VCSet",
        [DD_PCI_HT_TYPE_RETRY] = "Retry Mode",
        [DD_PCI_HT_TYPE_X86] = "X86 (reserved)",
    };
    const unsigned int type = dd_pci_ht_type(command);
    const char *name = DD_PCI_PRINT_CHOICE(names, type, NULL);

    if (type == DD_PCI_HT_TYPE_REVISION) {
        dd_text_format(&printing->line, "HyperTransport: Revision ID: %u.%02u",
                       (unsigned int)DD_GET(command, DD_PCI_HT_REVISION_MAJOR),
                       (unsigned int)DD_GET(command, DD_PCI_HT_REVISION_MINOR));
    } else if (name != NULL) {
        dd_text_format(&printing->line, "HyperTransport: %s", name);
    } else {
        dd_text_format(&printing->line, "HyperTransport: #%02x", type);
    }
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_ht(struct pci_printing *printing)
{
    const struct dd_pci_access *access = printing->print->access;
    struct dd_pci_address address = printing->print->address;
    struct dd_pci_ht_interface interface;
    uint16_t command;
    enum dd_status status = dd_pci_ht_read(access, address, printing->capability.offset, &command);

    if (status != DD_OK) {
        return status;
    }
    switch (dd_pci_ht_type(command)) {
    case DD_PCI_HT_TYPE_SLAVE:
    case DD_PCI_HT_TYPE_HOST:
        status = dd_pci_ht_read_interface(access, address, printing->capability.offset, &interface);
        if (status == DD_OK) {
            print_interface(printing, &interface);
        }
        return status;
    case DD_PCI_HT_TYPE_MSI_MAPPING:
        return print_msi_mapping(printing);
    default:
        print_by_command(printing, command);
        return DD_OK;
    }
}
