/* SPDX-License-Identifier: MIT */
/*
 * What a root complex says about itself in words.
 */
#include "drydock/pci_root_complex.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

#define DEVICES 32u

/* Devices of a set, ranges joined. A range that reaches the last device is printed without its end. */
static void put_devices(struct dd_text *line, uint32_t devices)
{
    const char *separator = " ";
    unsigned int first = 0;

    for (unsigned int i = 0; i < DEVICES; i++) {
        bool is_in = (devices >> i & 1) != 0;
        bool was_in = i != 0 && (devices >> (i - 1) & 1) != 0;

        if (is_in && !was_in) {
            dd_text_format(line, "%s%u", separator, i);
            separator = ", ";
            first = i;
        }
        if (!is_in && was_in && i - 1 != first) {
            dd_text_format(line, "-%u", i - 1);
        }
    }
}

enum dd_status dd_pci_print_rcec(struct pci_printing *printing)
{
    struct dd_pci_rcec rcec;
    enum dd_status status = dd_pci_rcec_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &rcec);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Root Complex Event Collector Endpoint Association");
    dd_pci_print_end(printing);
    dd_text_put(&printing->line, "\t\tRCiEPBitmap: ");
    if (rcec.devices == 0) {
        dd_text_put(&printing->line, "00000000 [none]");
    } else {
        dd_text_put(&printing->line, "RCiEP at Device(s):");
        put_devices(&printing->line, rcec.devices);
    }
    dd_pci_print_end(printing);
    if (rcec.version >= 2) {
        unsigned long next = (unsigned long)DD_GET(rcec.buses, DD_PCI_RCEC_NEXT_BUS);
        unsigned long last = (unsigned long)DD_GET(rcec.buses, DD_PCI_RCEC_LAST_BUS);

        /* FFh and 00h say that there is no other bus: [PCIe 6] 7.9.10.3. */
        dd_text_format(&printing->line, "\t\tAssociatedBusNumbers: %02lx-%02lx%s", next, last,
                       next == UINT8_MAX && last == 0 ? " [none]" : "");
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

/* ---- Links ---- */

static void print_link(struct pci_printing *printing, unsigned int index,
                       const struct dd_pci_rclink_entry *entry)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_address target;
    uint64_t base;

    dd_text_format(line, "\t\tLink%u:\tDesc:\tTargetPort=%02lx TargetComponent=%02lx AssocRCRB%c ",
                   index, (unsigned long)DD_GET(entry->description, DD_PCI_RCLINK_TARGET_PORT),
                   (unsigned long)DD_GET(entry->description, DD_PCI_RCLINK_TARGET_COMPONENT),
                   FLAG(entry->description, DD_PCI_RCLINK_RCRB_ASSOCIATED));
    dd_text_format(line, "LinkType=%s LinkValid%c",
                   DD_GET(entry->description, DD_PCI_RCLINK_TYPE) != 0 ? "Config" : "MemMapped",
                   FLAG(entry->description, DD_PCI_RCLINK_VALID));
    dd_pci_print_end(printing);
    if (dd_pci_rclink_target(entry, &target, &base) == DD_OK) {
        dd_text_format(line, "\t\t\tAddr:\t%02x:%02x.%u  CfgSpace=%016lx", target.bus,
                       target.device, target.function, (unsigned long)entry->address);
    } else {
        dd_text_format(line, "\t\t\tAddr:\t%016lx", (unsigned long)entry->address);
    }
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_rclink(struct pci_printing *printing)
{
    static const char *const types[] = {"Config", "Egress", "Internal"};
    struct dd_pci_rclink rclink;
    unsigned long type;
    enum dd_status status = dd_pci_rclink_read(printing->print->access, printing->print->address,
                                               printing->capability.offset, &rclink);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Root Complex Link");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tDesc:\tPortNumber=%02lx ComponentID=%02lx EltType=",
                   (unsigned long)DD_GET(rclink.self, DD_PCI_RCLINK_PORT),
                   (unsigned long)DD_GET(rclink.self, DD_PCI_RCLINK_COMPONENT));
    /* lspci counts the four reserved bits above to the type. */
    type = rclink.self & UINT8_MAX;
    if (type < sizeof types / sizeof types[0]) {
        dd_text_put(&printing->line, types[type]);
    } else {
        dd_text_format(&printing->line, "??%lu", type);
    }
    dd_pci_print_end(printing);
    for (unsigned int i = 0; i < DD_GET(rclink.self, DD_PCI_RCLINK_COUNT); i++) {
        struct dd_pci_rclink_entry entry;

        status = dd_pci_rclink_read_entry(printing->print->access, printing->print->address,
                                          &rclink, i, &entry);
        if (status == DD_EMALFORMED) {
            dd_text_format(&printing->line, "\t\tLink%u:\t<unreadable>", i);
            dd_pci_print_end(printing);
            return DD_OK;
        }
        if (status != DD_OK) {
            return status;
        }
        print_link(printing, i, &entry);
    }
    return DD_OK;
}
