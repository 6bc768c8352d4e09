/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The comparison. A difference names the function, what differs, and both
 * values, so that it can be looked up in the dump by hand.
 */
#include "sim/pci/report/pci_compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* Where differences go. */
struct printer {
    FILE *file;
    enum sim_pci_segments segments;
    size_t count;
};

/* The first bytes of a function, and who has them. */
struct bytes {
    const char *who;
    const uint8_t *bytes;
};

/* The entries of one capability list that the dump has, and who found them. */
struct list {
    const char *who;
    const struct sim_pci_capability *entries;
    size_t count;
};

static void begin(struct printer *printer, struct sim_pci_address address)
{
    (void)fprintf(printer->file, "%s: ", sim_pci_address_text(address, printer->segments).text);
    printer->count++;
}

SIM_PRINTF(3, 4)
static void differ(struct printer *printer, struct sim_pci_address address, const char *format, ...)
{
    va_list arguments;

    begin(printer, address);
    va_start(arguments, format);
    (void)vfprintf(printer->file, format, arguments);
    va_end(arguments);
    (void)fprintf(printer->file, "\n");
}

static void compare_bytes(struct printer *printer, const struct sim_pci_function *function,
                          struct bytes got, struct bytes wanted)
{
    for (unsigned int i = 0; i < SIM_PCI_REPORT_BYTES; i++) {
        if (got.bytes[i] != wanted.bytes[i]) {
            differ(printer, function->address, "offset %02x: %s %02x, %s %02x (line %u)", i,
                   got.who, got.bytes[i], wanted.who, wanted.bytes[i],
                   function->config.dump->row_line[i / 16]);
        }
    }
}

static struct list list_of(const char *who, const struct sim_pci_found *found,
                           enum sim_pci_list kind, const struct sim_dump_function *dump)
{
    struct list list = {who, found->capabilities, 0};
    size_t left = found->capability_count;

    while (left > 0 && list.entries->list != kind) {
        list.entries++;
        left--;
    }
    while (list.count < left && list.entries[list.count].list == kind &&
           sim_dump_knows(dump, list.entries[list.count].offset)) {
        list.count++;
    }
    return list;
}

static bool same_entries(const struct list *left, const struct list *right)
{
    if (left->count != right->count) {
        return false;
    }
    for (size_t i = 0; i < left->count; i++) {
        const struct sim_pci_capability *a = &left->entries[i];
        const struct sim_pci_capability *b = &right->entries[i];

        if (a->id != b->id || a->offset != b->offset || a->version != b->version) {
            return false;
        }
    }
    return true;
}

static void print_list(FILE *file, const struct list *list)
{
    (void)fprintf(file, "%s", list->who);
    for (size_t i = 0; i < list->count; i++) {
        const struct sim_pci_capability *entry = &list->entries[i];

        if (entry->list == SIM_PCI_LIST_FIRST) {
            (void)fprintf(file, " %02x[%02x]", entry->id, entry->offset);
        } else {
            (void)fprintf(file, " %04x[%03x v%x]", entry->id, entry->offset, entry->version);
        }
    }
    (void)fprintf(file, "%s", list->count == 0 ? " nothing" : "");
}

static void compare_lists(struct printer *printer, const struct sim_pci_function *function,
                          const struct list *got, const struct list *wanted)
{
    if (!same_entries(got, wanted)) {
        begin(printer, function->address);
        (void)fprintf(printer->file, "capabilities: ");
        print_list(printer->file, got);
        (void)fprintf(printer->file, ", ");
        print_list(printer->file, wanted);
        (void)fprintf(printer->file, "\n");
    }
}

/* What the guest found by ECAM against the second opinion. */
static void compare_found(struct printer *printer, const struct sim_pci_comparison *comparison,
                          const struct sim_pci_function *function,
                          const struct sim_pci_found *found)
{
    const struct sim_pci_found *expected =
        sim_pci_report_find(comparison->libpci, function->address);
    const struct sim_dump_function *dump = function->config.dump;
    const char *who = "libpci";

    if (expected == NULL) {
        expected = sim_pci_report_find(comparison->dump, function->address);
        who = "the dump";
    }
    compare_bytes(printer, function, (struct bytes){"the guest", found->bytes},
                  (struct bytes){who, expected->bytes});
    for (enum sim_pci_list kind = SIM_PCI_LIST_FIRST; kind <= SIM_PCI_LIST_EXTENDED; kind++) {
        struct list got = list_of("the guest", found, kind, dump);
        struct list wanted = list_of(who, expected, kind, dump);

        compare_lists(printer, function, &got, &wanted);
    }
}

static const struct sim_pci_found_bar *find_bar(const struct sim_pci_found *found,
                                                unsigned int index)
{
    for (size_t i = 0; i < found->bar_count; i++) {
        if (found->bars[i].index == index) {
            return &found->bars[i];
        }
    }
    return NULL;
}

/* The kernel does not size those of host bridges: it would cut off its own memory. */
static bool is_host_bridge(const struct sim_pci_found *found)
{
    return found->bytes[0x0b] == 0x06 && found->bytes[0x0a] == 0x00;
}

static void compare_bars(struct printer *printer, const struct sim_pci_function *function,
                         const struct sim_pci_found *found)
{
    static const char *const words[] = {
        [SIM_PCI_BAR_ABSENT] = "there is none",
        [SIM_PCI_BAR_KNOWN] = "the dump's text says",
        [SIM_PCI_BAR_ASSUMED] = "assumed was",
    };

    for (unsigned int i = 0; i < SIM_DUMP_BARS && !is_host_bridge(found); i++) {
        const struct sim_pci_bar *bar = &function->config.bars[i];
        const struct sim_pci_found_bar *found_bar = find_bar(found, i);
        uint64_t size = found_bar == NULL ? 0 : found_bar->size;

        if (size != bar->size) {
            differ(printer, function->address,
                   "size of base address register %u: the guest found %" PRIx64 ", %s %" PRIx64, i,
                   size, words[bar->source], bar->size);
        }
    }
}

static bool same_bars(const struct sim_pci_found *left, const struct sim_pci_found *right)
{
    if (left->bar_count != right->bar_count) {
        return false;
    }
    for (size_t i = 0; i < left->bar_count; i++) {
        const struct sim_pci_found_bar *a = &left->bars[i];
        const struct sim_pci_found_bar *b = &right->bars[i];

        if (a->index != b->index || strcmp(a->kind, b->kind) != 0 || a->base != b->base ||
            a->size != b->size) {
            return false;
        }
    }
    return true;
}

/* The two mechanisms against each other; only segment 0 has both. */
static void compare_mechanisms(struct printer *printer, const struct sim_pci_guest *guest,
                               const struct sim_pci_function *function,
                               const struct sim_pci_found *found)
{
    const struct sim_pci_found *other = sim_pci_report_find(&guest->mechanism1, function->address);
    struct list got;
    struct list wanted;

    if (other == NULL) {
        differ(printer, function->address, "ECAM found it, mechanism 1 did not");
        return;
    }
    compare_bytes(printer, function, (struct bytes){"by mechanism 1", other->bytes},
                  (struct bytes){"by ECAM", found->bytes});
    got = list_of("by mechanism 1", other, SIM_PCI_LIST_FIRST, function->config.dump);
    wanted = list_of("by ECAM", found, SIM_PCI_LIST_FIRST, function->config.dump);
    compare_lists(printer, function, &got, &wanted);
    if (!same_bars(other, found)) {
        differ(printer, function->address, "base address registers differ between the mechanisms");
    }
}

static void compare_function(struct printer *printer, const struct sim_pci_comparison *comparison,
                             const struct sim_pci_function *function)
{
    const struct sim_pci_found *found =
        sim_pci_report_find(&comparison->guest->ecam, function->address);
    bool reachable = function->reach == SIM_PCI_REACHED;

    if (found == NULL) {
        if (reachable) {
            differ(printer, function->address, "it can be reached, but the guest did not find it");
        } else if (sim_pci_report_find(&comparison->guest->mechanism1, function->address) != NULL) {
            differ(printer, function->address, "it cannot be reached, but mechanism 1 found it");
        }
        return;
    }
    if (!reachable) {
        differ(printer, function->address, "it cannot be reached, but the guest found it");
    }
    compare_found(printer, comparison, function, found);
    compare_bars(printer, function, found);
    if (function->address.segment == 0) {
        compare_mechanisms(printer, comparison->guest, function, found);
    }
    compare_bytes(printer, function, (struct bytes){"the guest left", function->config.value},
                  (struct bytes){"it was", function->config.dump->bytes});
}

/* Functions in a report that are nowhere in the dump. */
static void compare_strangers(struct printer *printer, const struct sim_pci_topology *topology,
                              const struct sim_pci_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        if (sim_pci_topology_function(topology, report->functions[i].address) == NULL) {
            differ(printer, report->functions[i].address,
                   "the guest found it, but it is not in the dump");
        }
    }
}

size_t sim_pci_compare(const struct sim_pci_comparison *comparison, FILE *file)
{
    const struct sim_pci_topology *topology = comparison->topology;
    struct printer printer = {file, sim_pci_topology_segments(topology), 0};

    for (size_t i = 0; i < topology->count; i++) {
        compare_function(&printer, comparison, &topology->functions[i]);
    }
    compare_strangers(&printer, topology, &comparison->guest->mechanism1);
    compare_strangers(&printer, topology, &comparison->guest->ecam);
    return printer.count;
}
