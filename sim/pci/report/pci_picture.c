/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boxes of a picture: what is worth knowing of a function in a few short
 * lines. Registers are read from the model as they are now, so a picture after
 * enumeration shows what enumeration left behind.
 */
#include "sim/pci/report/pci_picture.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/report/pci_oracle.h"
#include "sim/pci/dump/pci_size_text.h"

enum {
    CAPABILITY_PCI_EXPRESS = 0x10,
    LINK_STATUS = 0x12,        /* in the capability; [PCIe 6] 7.5.3.8 */
    LINK_STATUS_NO_LINK = 0,   /* the speed of a function without a link */
    IO_BASE = 0x1c,            /* [PCI-PCI 1.2] 3.2.5.6 */
    MEMORY_BASE = 0x20,        /* 3.2.5.8 */
    PREFETCHABLE_BASE = 0x24,  /* 3.2.5.9 */
    PREFETCHABLE_UPPER = 0x28, /* 3.2.5.10: base, then limit */
    IO_UPPER = 0x30,           /* 3.2.5.11: base, then limit */
    NAME_LINES = 2
};

SIM_PRINTF(3, 4)
static void add_line(struct sim_pci_box *box, enum sim_pci_box_line kind, const char *format, ...)
{
    va_list arguments;

    if (box->line_count == SIM_PCI_BOX_LINES) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(box->lines[box->line_count].text, sizeof box->lines[0].text, format, arguments);
    va_end(arguments);
    box->lines[box->line_count].kind = kind;
    box->line_count++;
}

static uint32_t read_register(const struct sim_pci_function *function, unsigned int offset,
                              unsigned int width)
{
    return sim_pci_config_read(&function->config, offset, width);
}

/* Where to break a text that is too long for a line: at the last blank that fits, if there is one. */
static size_t fitting(const char *text)
{
    size_t length = strlen(text);

    if (length <= SIM_PCI_BOX_COLUMNS) {
        return length;
    }
    for (length = SIM_PCI_BOX_COLUMNS; length > 0 && text[length] != ' '; length--) {
    }
    return length > 0 ? length : SIM_PCI_BOX_COLUMNS;
}

/* "CLASS: VENDOR DEVICE": the class on a line of its own, the rest on at most NAME_LINES. */
static void add_name(struct sim_pci_box *box, const char *name)
{
    const char *colon = strstr(name, ": ");
    const char *rest = colon == NULL ? name : colon + 2;

    if (colon != NULL) {
        add_line(box, SIM_PCI_BOX_CLASS, "%.*s", (int)(colon - name), name);
    }
    for (int i = 0; i < NAME_LINES && *rest != '\0'; i++) {
        size_t length = fitting(rest);

        if (i == NAME_LINES - 1 && rest[length] != '\0') {
            add_line(box, SIM_PCI_BOX_NAME, "%.*s...", SIM_PCI_BOX_COLUMNS - 3, rest);
            return;
        }
        add_line(box, SIM_PCI_BOX_NAME, "%.*s", (int)length, rest);
        rest += length;
        rest += *rest == ' ' ? 1 : 0;
    }
}

/* Negotiated speed and width. Spec: [PCIe 6] 7.5.3.8. */
static void add_link(struct sim_pci_box *box, const struct sim_pci_found *found)
{
    static const char *const speeds[] = {NULL,      "2.5 GT/s", "5 GT/s", "8 GT/s",
                                         "16 GT/s", "32 GT/s",  "64 GT/s"};

    for (size_t i = 0; i < found->capability_count; i++) {
        const struct sim_pci_capability *capability = &found->capabilities[i];
        uint32_t status;
        unsigned int speed;

        if (capability->list != SIM_PCI_LIST_FIRST || capability->id != CAPABILITY_PCI_EXPRESS) {
            continue;
        }
        status = read_register(box->function, capability->offset + LINK_STATUS, 2);
        speed = status & 0xf;
        if (speed != LINK_STATUS_NO_LINK && speed < sizeof speeds / sizeof speeds[0]) {
            add_line(box, SIM_PCI_BOX_LINK, "link %s x%u", speeds[speed], (status >> 4) & 0x3f);
        }
        return;
    }
}

static void add_window(struct sim_pci_box *box, const char *what, uint64_t base, uint64_t last)
{
    if (base <= last) {
        add_line(box, SIM_PCI_BOX_WINDOW, "%s %" PRIx64 "-%" PRIx64, what, base, last);
    }
}

/* What a PCI-to-PCI bridge forwards. Spec: [PCI-PCI 1.2] 3.2.5.6 to 3.2.5.11. */
static void add_windows(struct sim_pci_box *box)
{
    const struct sim_pci_function *function = box->function;
    uint64_t io = read_register(function, IO_BASE, 2);
    uint64_t memory = read_register(function, MEMORY_BASE, 4);
    uint64_t prefetchable = read_register(function, PREFETCHABLE_BASE, 4);
    uint64_t io_upper = (io & 0xf) == 1 ? read_register(function, IO_UPPER, 4) : 0;
    bool wide = (prefetchable & 0xf) == 1;
    uint64_t base_upper = wide ? read_register(function, PREFETCHABLE_UPPER, 4) : 0;
    uint64_t last_upper = wide ? read_register(function, PREFETCHABLE_UPPER + 4, 4) : 0;

    if (io != 0) {
        add_window(box, "ports", (io & 0xf0) << 8 | (io_upper & 0xffff) << 16,
                   ((io >> 8) & 0xf0) << 8 | 0xfff | (io_upper >> 16) << 16);
    }
    if (memory != 0) {
        add_window(box, "memory", (memory & 0xfff0) << 16,
                   ((memory >> 16) & 0xfff0) << 16 | 0xfffff);
    }
    if (prefetchable != 0) {
        add_window(box, "prefetchable", (prefetchable & 0xfff0) << 16 | base_upper << 32,
                   ((prefetchable >> 16) & 0xfff0) << 16 | 0xfffff | last_upper << 32);
    }
}

static void add_bars(struct sim_pci_box *box, const struct sim_pci_found *found)
{
    for (size_t i = 0; i < found->bar_count; i++) {
        const struct sim_pci_found_bar *bar = &found->bars[i];
        bool ports = strncmp(bar->kind, "io", 2) == 0;
        bool rom = strcmp(bar->kind, "rom") == 0;

        add_line(box, SIM_PCI_BOX_BAR, "%s %" PRIx64 " %s%s%s",
                 ports ? "ports" : (rom ? "ROM" : "memory"), bar->base,
                 sim_pci_size_text(bar->size).text,
                 box->function->config.bars[bar->index].source == SIM_PCI_BAR_ASSUMED ? "?" : "",
                 strstr(bar->kind, "-pf") != NULL ? " prefetchable" : "");
    }
}

static void fill_box(struct sim_pci_box *box, const struct sim_pci_function *function,
                     const struct sim_pci_found *found, const char *name)
{
    box->function = function;
    box->base_class = found->bytes[0x0b];
    add_name(box, name);
    add_link(box, found);
    if ((found->bytes[0x0e] & 0x7f) == 1) {
        add_windows(box);
    }
    add_bars(box, found);
}

int sim_pci_picture_init(struct sim_pci_picture *picture, const struct sim_pci_topology *topology,
                         const struct sim_pci_report *report, struct sim_error *error)
{
    struct sim_pci_picture made = {topology, calloc(report->count + 1, sizeof *made.boxes), 0};
    char *names = sim_pci_oracle_names(report, error);
    char *rest = names;

    if (made.boxes == NULL || names == NULL) {
        free(made.boxes);
        free(names);
        return names == NULL ? -1 : sim_error_set(error, "no memory for a picture");
    }
    for (size_t i = 0; i < report->count; i++) {
        const struct sim_pci_found *found = &report->functions[i];
        const char *name = strsep(&rest, "\n");
        struct sim_pci_box *box = &made.boxes[made.count];
        const struct sim_pci_function *function =
            sim_pci_topology_function(topology, found->address);

        if (function != NULL) {
            box->title = sim_pci_address_text(found->address, sim_pci_topology_segments(topology));
            fill_box(box, function, found, name == NULL ? "" : name);
            made.count++;
        }
    }
    free(names);
    *picture = made;
    return 0;
}

void sim_pci_picture_free(struct sim_pci_picture *picture)
{
    free(picture->boxes);
    *picture = (struct sim_pci_picture){.count = 0};
}

/* For bsearch(): the boxes are in the order of the functions in the topology's array. */
static int compare_box(const void *function, const void *box)
{
    const struct sim_pci_function *left = function;
    const struct sim_pci_function *right = ((const struct sim_pci_box *)box)->function;

    return (left > right) - (left < right);
}

const struct sim_pci_box *sim_pci_picture_box(const struct sim_pci_picture *picture,
                                              const struct sim_pci_function *function)
{
    return bsearch(function, picture->boxes, picture->count, sizeof *picture->boxes, compare_box);
}
