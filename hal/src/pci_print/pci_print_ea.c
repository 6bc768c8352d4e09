/* SPDX-License-Identifier: MIT */
/*
 * Enhanced Allocation in words.
 */
#include "drydock/pci_ea.h"
#include "pci_print.h"

static void put_bar(struct dd_text *line, uint64_t bar)
{
    if (bar < DD_PCI_EA_BAR_BEHIND) {
        dd_text_format(line, "BAR %lu", bar);
    } else if (bar == DD_PCI_EA_BAR_BEHIND) {
        dd_text_put(line, "resource behind function");
    } else if (bar == DD_PCI_EA_BAR_NONE) {
        dd_text_put(line, "not indicated");
    } else if (bar == DD_PCI_EA_BAR_ROM) {
        dd_text_put(line, "expansion ROM");
    } else if (bar < DD_PCI_EA_BAR_VF_FIRST + 6) {
        dd_text_format(line, "VF-BAR %lu", bar - DD_PCI_EA_BAR_VF_FIRST);
    } else {
        dd_text_put(line, "reserved");
    }
}

static void put_property(struct dd_text *line, uint64_t property)
{
    static const char *const low[] = {
        [DD_PCI_EA_MEMORY] = "memory space, non-prefetchable",
        [DD_PCI_EA_MEMORY_PREFETCHABLE] = "memory space, prefetchable",
        [DD_PCI_EA_IO] = "I/O space",
        [DD_PCI_EA_VF_MEMORY_PREFETCHABLE] = "VF memory space, prefetchable",
        [DD_PCI_EA_VF_MEMORY] = "VF memory space, non-prefetchable",
        [DD_PCI_EA_BRIDGE_MEMORY] = "allocation behind bridge, non-prefetchable memory",
        [DD_PCI_EA_BRIDGE_MEMORY_PREFETCHABLE] = "allocation behind bridge, prefetchable memory",
        [DD_PCI_EA_BRIDGE_IO] = "allocation behind bridge, I/O space",
    };
    static const char *const high[] = {"memory space resource unavailable for use",
                                       "I/O space resource unavailable for use",
                                       "entry unavailable for use"};
    const char *text = property >= DD_PCI_EA_UNUSABLE_MEMORY
                           ? high[property - DD_PCI_EA_UNUSABLE_MEMORY]
                           : DD_PCI_PRINT_CHOICE(low, property, NULL);

    if (text != NULL) {
        dd_text_put(line, text);
    } else {
        dd_text_format(line, "[%02lx]", property);
    }
}

static void print_entry_head(struct pci_printing *printing, unsigned int index, uint32_t header)
{
    struct dd_text *line = &printing->line;
    uint64_t secondary = DD_GET(header, DD_PCI_EA_ENTRY_SECONDARY_PROPERTIES);

    dd_text_format(line, "\t\tEntry %u: Enable%c Writable%c EntrySize=%lu", index,
                   DD_PCI_PRINT_FLAG(header, DD_PCI_EA_ENTRY_ENABLE),
                   DD_PCI_PRINT_FLAG(header, DD_PCI_EA_ENTRY_WRITABLE),
                   DD_GET(header, DD_PCI_EA_ENTRY_SIZE));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\t\t BAR Equivalent Indicator: ");
    put_bar(line, DD_GET(header, DD_PCI_EA_ENTRY_BAR));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\t\t PrimaryProperties: ");
    put_property(line, DD_GET(header, DD_PCI_EA_ENTRY_PRIMARY_PROPERTIES));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\t\t SecondaryProperties: ");
    put_property(line, secondary);
    dd_text_put(line, secondary == DD_PCI_EA_UNUSABLE ? ", PrimaryProperties should be used" : "");
    dd_pci_print_end(printing);
}

/* The upper half, if there is one, is written without leading zeros. */
static void print_number(struct pci_printing *printing, const char *name, uint64_t has_upper,
                         const uint32_t halves[2])
{
    dd_text_put(&printing->line, name);
    if (has_upper != 0) {
        dd_text_format(&printing->line, "%x", halves[1]);
    }
    dd_text_format(&printing->line, "%08x", halves[0]);
    dd_pci_print_end(printing);
}

static void print_entry(struct pci_printing *printing, unsigned int index,
                        const struct dd_pci_ea_entry *entry)
{
    const uint32_t base[] = {entry->base & (uint32_t)DD_BITS(DD_PCI_EA_ENTRY_BASE),
                             entry->base_upper};
    const uint32_t max_offset[] = {entry->max_offset | 3, entry->max_offset_upper};

    print_entry_head(printing, index, entry->header);
    print_number(printing, "\t\t\t Base: ", DD_GET(entry->base, DD_PCI_EA_ENTRY_BASE_64), base);
    print_number(printing,
                 "\t\t\t MaxOffset: ", DD_GET(entry->max_offset, DD_PCI_EA_ENTRY_MAX_OFFSET_64),
                 max_offset);
}

enum dd_status dd_pci_print_ea(struct pci_printing *printing)
{
    const struct dd_pci_print *print = printing->print;
    struct dd_pci_ea ea;
    struct dd_pci_ea_entry entry;
    enum dd_status status =
        dd_pci_ea_read(print->access, print->address, printing->capability.offset, &ea);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "Enhanced Allocation (EA): NumEntries=%u", ea.count);
    if (ea.layout == DD_PCI_LAYOUT_BRIDGE) {
        dd_text_format(&printing->line, ", secondary=%u, subordinate=%u", ea.secondary_bus,
                       ea.subordinate_bus);
    }
    dd_pci_print_end(printing);
    for (unsigned int i = 0; i < ea.count && status == DD_OK; i++) {
        status = dd_pci_ea_next(print->access, print->address, &ea, &entry);
        if (status == DD_OK) {
            print_entry(printing, i, &entry);
        }
    }
    if (status == DD_EMALFORMED) {
        dd_text_put(&printing->line, "\t\t");
    }
    return status;
}
