/* SPDX-License-Identifier: MIT */
/*
 * The PCI-X capability in words; the header says which of its two forms it has.
 */
#include "drydock/pci_pcix.h"
#include "../pci/pci_cap_read.h"
#include "pci_print.h"

#define FLAG(value, field)   DD_PCI_PRINT_FLAG(value, DD_PCI_PCIX_##field)
#define NUMBER(value, field) ((unsigned int)DD_GET(value, DD_PCI_PCIX_##field))

/* ---- An ordinary function ---- */

static enum dd_status print_function(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_pcix pcix;
    enum dd_status status = dd_pci_pcix_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &pcix);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(line, "PCI-X non-bridge device");
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tCommand: DPERE%c ERO%c RBC=%u OST=%u",
                   FLAG(pcix.command, DATA_PARITY_RECOVERY), FLAG(pcix.command, RELAXED_ORDERING),
                   dd_pci_pcix_read_size(NUMBER(pcix.command, READ_SIZE)),
                   dd_pci_pcix_outstanding(NUMBER(pcix.command, OUTSTANDING)));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tStatus: Dev=%02x:%02x.%u 64bit%c 133MHz%c SCD%c USC%c DC=%s",
                   NUMBER(pcix.status, BUS), NUMBER(pcix.status, DEVICE),
                   NUMBER(pcix.status, FUNCTION), FLAG(pcix.status, 64_BIT),
                   FLAG(pcix.status, 133_MHZ), FLAG(pcix.status, COMPLETION_DISCARDED),
                   FLAG(pcix.status, COMPLETION_UNEXPECTED),
                   NUMBER(pcix.status, COMPLEX) != 0 ? "bridge" : "simple");
    dd_text_format(line, " DMMRBC=%u DMOST=%u DMCRS=%u RSCEM%c 266MHz%c 533MHz%c",
                   dd_pci_pcix_read_size(NUMBER(pcix.status, DESIGNED_READ_SIZE)),
                   dd_pci_pcix_outstanding(NUMBER(pcix.status, DESIGNED_OUTSTANDING)),
                   8u << NUMBER(pcix.status, DESIGNED_CUMULATIVE),
                   FLAG(pcix.status, COMPLETION_ERROR), FLAG(pcix.status, 266_MHZ),
                   FLAG(pcix.status, 533_MHZ));
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- A bridge ---- */

static void print_secondary(struct pci_printing *printing, uint16_t value)
{
    static const char *const frequencies[] = {"conv", "66MHz", "100MHz", "133MHz",
                                              "?4",   "?5",    "?6",     "?7"};

    dd_text_format(
        &printing->line, "\t\tSecondary Status: 64bit%c 133MHz%c SCD%c USC%c SCO%c SRD%c Freq=%s",
        FLAG(value, BRIDGE_SECONDARY_64_BIT), FLAG(value, BRIDGE_SECONDARY_133_MHZ),
        FLAG(value, BRIDGE_SECONDARY_DISCARDED), FLAG(value, BRIDGE_SECONDARY_UNEXPECTED),
        FLAG(value, BRIDGE_SECONDARY_OVERRUN), FLAG(value, BRIDGE_SECONDARY_DELAYED),
        frequencies[DD_GET(value, DD_PCI_PCIX_BRIDGE_SECONDARY_FREQUENCY) % 8]);
    dd_pci_print_end(printing);
}

static enum dd_status print_bridge(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_pcix_bridge bridge;
    enum dd_status status = dd_pci_pcix_read_bridge(
        printing->print->access, printing->print->address, printing->capability.offset, &bridge);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(line, "PCI-X bridge device");
    dd_pci_print_end(printing);
    print_secondary(printing, bridge.secondary_status);
    dd_text_format(line, "\t\tStatus: Dev=%02x:%02x.%u 64bit%c 133MHz%c SCD%c USC%c SCO%c SRD%c",
                   NUMBER(bridge.status, BRIDGE_BUS), NUMBER(bridge.status, BRIDGE_DEVICE),
                   NUMBER(bridge.status, BRIDGE_FUNCTION), FLAG(bridge.status, BRIDGE_64_BIT),
                   FLAG(bridge.status, BRIDGE_133_MHZ), FLAG(bridge.status, BRIDGE_DISCARDED),
                   FLAG(bridge.status, BRIDGE_UNEXPECTED), FLAG(bridge.status, BRIDGE_OVERRUN),
                   FLAG(bridge.status, BRIDGE_DELAYED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tUpstream: Capacity=%u CommitmentLimit=%u",
                   NUMBER(bridge.upstream, BRIDGE_UPSTREAM_CAPACITY),
                   NUMBER(bridge.upstream, BRIDGE_UPSTREAM_LIMIT));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tDownstream: Capacity=%u CommitmentLimit=%u",
                   NUMBER(bridge.downstream, BRIDGE_DOWNSTREAM_CAPACITY),
                   NUMBER(bridge.downstream, BRIDGE_DOWNSTREAM_LIMIT));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_pcix(struct pci_printing *printing)
{
    uint8_t type;
    enum dd_status status =
        dd_pci_read8(printing->print->access, printing->print->address, DD_PCI_HEADER_TYPE, &type);

    if (status != DD_OK) {
        return status;
    }
    return DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT) == DD_PCI_LAYOUT_BRIDGE
               ? print_bridge(printing)
               : print_function(printing);
}
