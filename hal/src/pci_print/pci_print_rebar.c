/* SPDX-License-Identifier: MIT */
/*
 * Resizable BAR, of the function itself and of its virtual ones, in words.
 */
#include "drydock/pci_rebar.h"

#include "../pci/pci_cap_change.h"
#include "pci_print.h"

#define SIZES        44u
#define SMALLEST     20u /* log2 of 1 MB */
#define SIZES_A_UNIT 10u

/* 1MB, 2MB … 8EB, by number. */
static void put_size(struct dd_text *line, unsigned int number)
{
    static const char *const units[] = {"MB", "GB", "TB", "PB", "EB"};

    dd_text_format(line, "%u%s", 1u << number % SIZES_A_UNIT, units[number / SIZES_A_UNIT]);
}

static void print_entry(struct pci_printing *printing, const struct dd_pci_rebar_entry *entry)
{
    struct dd_text *line = &printing->line;
    uint64_t current = DD_GET(entry->control, DD_PCI_REBAR_0_SIZE);
    uint64_t sizes = dd_pci_rebar_sizes(entry) >> SMALLEST;

    dd_text_format(line, "\t\tBAR %lu: current size: ",
                   (unsigned long)DD_GET(entry->control, DD_PCI_REBAR_0_INDEX));
    if (current < SIZES) {
        put_size(line, (unsigned int)current);
    } else {
        dd_text_put(line, "<unknown>");
    }
    if (sizes != 0) {
        dd_text_put(line, ", supported:");
    }
    for (unsigned int i = 0; i < SIZES; i++) {
        if ((sizes >> i & 1) != 0) {
            dd_text_put_character(line, ' ');
            put_size(line, i);
        }
    }
    dd_pci_print_end(printing);
}

/* A count the standard does not know is told, whatever is behind it. */
static enum dd_status print_bad_count(struct pci_printing *printing, const char *title)
{
    const struct pci_cap_place place = {printing->print->access, printing->print->address,
                                        printing->capability.offset};
    uint32_t control;
    uint64_t count;
    enum dd_status status = dd_pci_cap_fetch32(&place, DD_PCI_REBAR_0_CONTROL, &control);

    if (status != DD_OK) {
        return status;
    }
    count = DD_GET(control, DD_PCI_REBAR_0_COUNT);
    if (count != 0 && count <= DD_PCI_REBAR_MAX) {
        return DD_EMALFORMED;
    }
    dd_text_put(&printing->line, title);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line,
                   "\t\t<error in resizable BAR: num_bars=%lu is out of specification>",
                   (unsigned long)count);
    dd_pci_print_end(printing);
    return DD_OK;
}

static enum dd_status print_rebar(struct pci_printing *printing, const char *title)
{
    struct dd_pci_rebar rebar;
    enum dd_status status = dd_pci_rebar_read(printing->print->access, printing->print->address,
                                              printing->capability.offset, &rebar);

    if (status == DD_EMALFORMED) {
        return print_bad_count(printing, title);
    }
    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, title);
    dd_pci_print_end(printing);
    for (unsigned int i = 0; i < rebar.count; i++) {
        print_entry(printing, &rebar.entries[i]);
    }
    return DD_OK;
}

enum dd_status dd_pci_print_rebar(struct pci_printing *printing)
{
    return print_rebar(printing, "Physical Resizable BAR");
}

enum dd_status dd_pci_print_vf_rebar(struct pci_printing *printing)
{
    return print_rebar(printing, "Virtual Resizable BAR");
}
