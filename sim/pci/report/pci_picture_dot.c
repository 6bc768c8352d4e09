/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture for Graphviz: a bus is a node, a function is a table of lines, a bridge has an edge to its bus. */
#include "sim/pci/report/pci_picture.h"

#include <inttypes.h>

static void write_escaped(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '"':
        case '\\':
        case '{':
        case '}':
        case '|':
        case '<':
        case '>':
            (void)fprintf(file, "\\%c", *text);
            break;
        default:
            (void)fputc(*text, file);
        }
    }
}

static void write_box(const struct sim_pci_box *box, FILE *file)
{
    (void)fprintf(file, "  \"%s\" [shape=record, label=\"{", box->title.text);
    write_escaped(box->title.text, file);
    for (unsigned int i = 0; i < box->line_count; i++) {
        bool parts = i == 0 || box->lines[i].kind != box->lines[i - 1].kind;

        (void)fputs(parts ? "|" : "\\l", file);
        write_escaped(box->lines[i].text, file);
    }
    (void)fputs("\\l}\"];\n", file);
}

static void write_bus(const struct sim_pci_picture *picture, const struct sim_pci_segment *segment,
                      unsigned int bus, FILE *file)
{
    const struct sim_pci_topology *topology = picture->topology;
    bool empty = true;

    for (size_t i = segment->bus_start[bus]; i < segment->bus_start[bus + 1]; i++) {
        const struct sim_pci_function *function = &topology->functions[i];
        const struct sim_pci_box *box = sim_pci_picture_box(picture, function);

        if (box == NULL) {
            continue;
        }
        if (empty) {
            (void)fprintf(file,
                          "  \"bus %" PRIx32 ":%02x\" [shape=plaintext, label=\"bus %02x\"];\n",
                          segment->number, bus, bus);
            empty = false;
        }
        write_box(box, file);
        (void)fprintf(file, "  \"bus %" PRIx32 ":%02x\" -> \"%s\";\n", segment->number, bus,
                      box->title.text);
        if (function->behind >= 0) {
            (void)fprintf(file, "  \"%s\" -> \"bus %" PRIx32 ":%02x\" [style=bold];\n",
                          box->title.text, segment->number, (unsigned int)function->behind);
        }
    }
}

void sim_pci_picture_dot(const struct sim_pci_picture *picture, FILE *file)
{
    const struct sim_pci_topology *topology = picture->topology;

    (void)fputs("digraph pci {\n  rankdir=LR;\n  node [fontname=monospace, fontsize=10];\n"
                "  edge [dir=none];\n",
                file);
    for (size_t i = 0; i < topology->segment_count; i++) {
        for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
            write_bus(picture, &topology->segments[i], bus, file);
        }
    }
    (void)fputs("}\n", file);
}
