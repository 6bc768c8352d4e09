/* SPDX-License-Identifier: MIT */
/*
 * Virtual Channel in words. What has no name is printed as its number behind "??".
 */
#include "drydock/pci_vc.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

#define ARBITRATIONS 8u
#define TABLE_UNIT   16u

static const char *const between[] = {"Fixed", "WRR32", "WRR64", "WRR128"};
static const char *const within[] = {"Fixed", "WRR32", "WRR64", "WRR128", "TWRR128", "WRR256"};

/* Names of the arbitrations of one kind. */
struct names {
    const char *const *names;
    unsigned int count;
};

static const struct names between_names = {between, sizeof between / sizeof between[0]};
static const struct names within_names = {within, sizeof within / sizeof within[0]};

/* A set: those with a name in any case, others if they are in it. */
static void put_set(struct dd_text *line, const struct names *names, uint64_t set)
{
    const char *separator = "";

    for (unsigned int i = 0; i < ARBITRATIONS; i++) {
        bool is_in = (set >> i & 1) != 0;

        if (i < names->count) {
            dd_text_format(line, "%s%s%c", separator, names->names[i], is_in ? '+' : '-');
        } else if (is_in) {
            dd_text_format(line, "%s??%u+", separator, i);
        }
        separator = " ";
    }
}

static void put_name(struct dd_text *line, const struct names *names, uint64_t arbitration)
{
    if (arbitration < names->count) {
        dd_text_put(line, names->names[arbitration]);
    } else {
        dd_text_format(line, "??%lu", (unsigned long)arbitration);
    }
}

static void print_port(struct pci_printing *printing, const struct dd_pci_vc *vc)
{
    struct dd_text *line = &printing->line;
    uint64_t clock = DD_GET(vc->port_capability_1, DD_PCI_VC_REFERENCE_CLOCK);
    uint64_t table = DD_GET(vc->port_capability_2, DD_PCI_VC_ARBITRATION_TABLE_OFFSET);

    dd_text_format(line, "\t\tCaps:\tLPEVC=%lu RefClk=",
                   (unsigned long)DD_GET(vc->port_capability_1, DD_PCI_VC_LOW_PRIORITY_COUNT));
    dd_text_format(line, clock == 0 ? "100ns" : "??%lu", (unsigned long)clock);
    dd_text_format(line, " PATEntryBits=%u",
                   1u << DD_GET(vc->port_capability_1, DD_PCI_VC_TABLE_ENTRY_SIZE));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\tArb:\t");
    put_set(line, &between_names, DD_GET(vc->port_capability_2, DD_PCI_VC_ARBITRATION));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\tCtrl:\tArbSelect=");
    put_name(line, &between_names, DD_GET(vc->port_control, DD_PCI_VC_ARBITRATION_SELECT));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tStatus:\tInProgress%c",
                   FLAG(vc->port_status, DD_PCI_VC_ARBITRATION_TABLE_STATUS));
    dd_pci_print_end(printing);
    if (table != 0) {
        dd_text_format(line, "\t\tPort Arbitration Table [%03lx] <?>",
                       (unsigned long)(vc->offset + table * TABLE_UNIT));
        dd_pci_print_end(printing);
    }
}

static void print_channel(struct pci_printing *printing, unsigned int channel,
                          const struct dd_pci_vc_resource *resource)
{
    struct dd_text *line = &printing->line;
    uint64_t table = DD_GET(resource->capability, DD_PCI_VC_0_TABLE_OFFSET);

    dd_text_format(line, "\t\tVC%u:\tCaps:\tPATOffset=%02lx MaxTimeSlots=%lu RejSnoopTrans%c",
                   channel, (unsigned long)table,
                   (unsigned long)DD_GET(resource->capability, DD_PCI_VC_0_MAX_TIME_SLOTS) + 1,
                   FLAG(resource->capability, DD_PCI_VC_0_REJECT_SNOOP));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\t\tArb:\t");
    put_set(line, &within_names, DD_GET(resource->capability, DD_PCI_VC_0_PORT_ARBITRATION));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tCtrl:\tEnable%c ID=%lu ArbSelect=",
                   FLAG(resource->control, DD_PCI_VC_0_ENABLE),
                   (unsigned long)DD_GET(resource->control, DD_PCI_VC_0_ID));
    put_name(line, &within_names, DD_GET(resource->control, DD_PCI_VC_0_PORT_ARBITRATION_SELECT));
    dd_text_format(line, " TC/VC=%02x", resource->control & UINT8_MAX);
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tStatus:\tNegoPending%c InProgress%c",
                   FLAG(resource->status, DD_PCI_VC_0_NEGOTIATION_PENDING),
                   FLAG(resource->status, DD_PCI_VC_0_TABLE_STATUS));
    dd_pci_print_end(printing);
    if (table != 0) {
        dd_text_put(line, "\t\t\tPort Arbitration Table <?>");
        dd_pci_print_end(printing);
    }
}

enum dd_status dd_pci_print_vc(struct pci_printing *printing)
{
    struct dd_pci_vc vc;
    enum dd_status status = dd_pci_vc_read(printing->print->access, printing->print->address,
                                           printing->capability.offset, &vc);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Virtual Channel");
    dd_pci_print_end(printing);
    print_port(printing, &vc);
    for (unsigned int i = 0; i < vc.count; i++) {
        print_channel(printing, i, &vc.resources[i]);
    }
    return DD_OK;
}
