/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listings. The numeric one is byte for byte what `lspci -n` prints, so
 * that the two can be compared with diff. The other one is a tree: a bridge is
 * followed by what is behind it, one step further right.
 */
#include "sim/pci/report/pci_listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/report/pci_capability_name.h"
#include "sim/pci/report/pci_oracle.h"
#include "sim/pci/dump/pci_size_text.h"

#define COLUMNS    100
#define STEP       2
#define MAX_INDENT 24 /* deeper buses are not indented further */

/* What is being printed. */
struct listing {
    FILE *file;
    const struct sim_pci_topology *topology;
    const struct sim_pci_report *report;
    const char **names; /* one for each function of the report */
    enum sim_pci_segments segments;
};

static unsigned int class_of(const struct sim_pci_found *found)
{
    return found->bytes[0x0b] * 256u + found->bytes[0x0a];
}

void sim_pci_list_numeric(const struct sim_pci_report *report, enum sim_pci_segments segments,
                          FILE *file)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct sim_pci_found *found = &report->functions[i];
        const uint8_t *bytes = found->bytes;

        (void)fprintf(file, "%s %04x: %02x%02x:%02x%02x",
                      sim_pci_address_text(found->address, segments).text, class_of(found),
                      bytes[1], bytes[0], bytes[3], bytes[2]);
        if (bytes[8] != 0) {
            (void)fprintf(file, " (rev %02x)", bytes[8]);
        }
        (void)fprintf(file, "\n");
    }
}

static void print_bar(const struct listing *listing, const struct sim_pci_found_bar *bar,
                      enum sim_pci_bar_source source, int indent)
{
    bool ports = strncmp(bar->kind, "io", 2) == 0;
    bool rom = strcmp(bar->kind, "rom") == 0;
    char name[8];

    (void)snprintf(name, sizeof name, rom ? "ROM" : "BAR %u", bar->index);
    (void)fprintf(listing->file, "%*s%s  %s %" PRIx64 ", %s%s%s%s\n", indent, "", name,
                  ports ? "ports" : "memory", bar->base, sim_pci_size_text(bar->size).text,
                  strncmp(bar->kind, "mem64", 5) == 0 ? ", 64-bit" : "",
                  strstr(bar->kind, "-pf") != NULL ? ", prefetchable" : "",
                  source == SIM_PCI_BAR_ASSUMED ? " (size assumed)" : "");
}

/* What is printed of a capability. */
struct entry {
    char text[40];
};

static struct entry entry_text(const struct sim_pci_function *function,
                               const struct sim_pci_capability *capability)
{
    const char *name = sim_pci_capability_name(capability->list, capability->id);
    char number[16];
    struct entry entry;

    (void)snprintf(number, sizeof number, "%02x", capability->id);
    name = name == NULL ? number : name;
    if (!sim_pci_capability_is_in_dump(function->config.dump, capability)) {
        name = "unknown";
    }
    (void)snprintf(entry.text, sizeof entry.text, "%s[%02x]", name, capability->offset);
    return entry;
}

/* The entries of both lists in lines of at most COLUMNS. */
static void print_capabilities(const struct listing *listing,
                               const struct sim_pci_function *function,
                               const struct sim_pci_found *found, int indent)
{
    int column = 0;

    for (size_t i = 0; i < found->capability_count; i++) {
        struct entry entry = entry_text(function, &found->capabilities[i]);
        int length = (int)strlen(entry.text);

        if (column == 0 || column + 1 + length > COLUMNS) {
            (void)fprintf(listing->file, "%s%*s", column == 0 ? "" : "\n", indent, "");
            column = indent;
        } else {
            (void)fprintf(listing->file, " ");
            column++;
        }
        (void)fprintf(listing->file, "%s", entry.text);
        column += length;
    }
    (void)fprintf(listing->file, "%s", column == 0 ? "" : "\n");
}

static void print_function(const struct listing *listing, const struct sim_pci_function *function,
                           size_t position, int indent)
{
    const struct sim_pci_found *found = &listing->report->functions[position];
    struct sim_pci_address_text address = sim_pci_address_text(found->address, listing->segments);
    const char *name = listing->names[position];
    int width = indent + (int)strlen(address.text) + 1;
    int room = COLUMNS - width;
    bool fits = strlen(name) <= (size_t)room;

    (void)fprintf(listing->file, "%*s%s %.*s%s\n", indent, "", address.text, fits ? room : room - 3,
                  name, fits ? "" : "...");
    for (size_t i = 0; i < found->bar_count; i++) {
        const struct sim_pci_found_bar *bar = &found->bars[i];

        print_bar(listing, bar, function->config.bars[bar->index].source, width);
    }
    print_capabilities(listing, function, found, width);
}

/* Print the functions on a bus, and behind each bridge the bus it leads to. */
static void print_bus(const struct listing *listing, const struct sim_pci_segment *segment,
                      unsigned int bus, int indent)
{
    const struct sim_pci_topology *topology = listing->topology;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        const struct sim_pci_function *function = &topology->functions[i];
        const struct sim_pci_found *found = sim_pci_report_find(listing->report, function->address);

        if (found == NULL) {
            continue;
        }
        print_function(listing, function, (size_t)(found - listing->report->functions), indent);
        if (function->behind >= 0) {
            print_bus(listing, segment, (unsigned int)function->behind,
                      indent < MAX_INDENT ? indent + STEP : indent);
        }
    }
}

/* Cut the text with the names into its lines; an array to be freed. */
static const char **split_names(char *text, size_t count)
{
    const char **names = calloc(count + 1, sizeof *names);
    char *rest = text;

    for (size_t i = 0; names != NULL && i < count; i++) {
        char *line = strsep(&rest, "\n");

        names[i] = line == NULL ? "" : line;
    }
    return names;
}

/* Print a segment's root buses and what hangs from them. */
static void print_segment(const struct listing *listing, const struct sim_pci_segment *segment)
{
    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        if (segment->is_root[bus]) {
            print_bus(listing, segment, bus, 0);
        }
    }
}

int sim_pci_list_tree(const struct sim_pci_topology *topology, const struct sim_pci_report *report,
                      FILE *file, struct sim_error *error)
{
    char *text = sim_pci_oracle_names(report, error);
    const char **names = text == NULL ? NULL : split_names(text, report->count);
    const struct listing listing = {file, topology, report, names,
                                    sim_pci_topology_segments(topology)};

    if (names == NULL) {
        free(text);
        return text == NULL ? -1 : sim_error_set(error, "no memory for the names of functions");
    }
    for (size_t i = 0; i < topology->segment_count; i++) {
        print_segment(&listing, &topology->segments[i]);
    }
    free(names);
    free(text);
    return 0;
}
