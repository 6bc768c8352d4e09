/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads report lines, kernel/protocol.h. They come from a guest that may be
 * broken, so nothing is believed: a line with '@' that does not have the form
 * of its tag, or that belongs to no function reported before, is an error.
 */
#include "sim/pci/report/pci_report.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/protocol.h"

/* What is being read. */
struct reader {
    struct sim_pci_report *report;
    size_t found; /* functions so far */
    bool ended;
};

/* Room for one more element than count: the capacity is always the next power of two. */
static void *grow(void *items, size_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0) {
        return items;
    }
    return reallocarray(items, count == 0 ? 1 : 2 * count, size);
}

const char *sim_pci_report_address(const char *text, struct sim_pci_address *address)
{
    unsigned int segment;
    unsigned int bus;
    unsigned int device;
    unsigned int function;
    int length = 0;

    if (sscanf(text, " %8x:%2x:%2x.%1x%n", &segment, &bus, &device, &function, &length) != 4 ||
        device > 31 || function > 7) {
        return NULL;
    }
    *address = (struct sim_pci_address){segment, (uint8_t)bus, (uint8_t)device, (uint8_t)function};
    return text + length;
}

static const char *read_bytes(const char *text, struct sim_pci_found *found)
{
    if (*text++ != ' ' || strspn(text, "0123456789abcdef") != 2 * sizeof found->bytes) {
        return "not 64 bytes";
    }
    for (size_t i = 0; i < sizeof found->bytes; i++) {
        unsigned int byte = 0;

        (void)sscanf(text + 2 * i, "%2x", &byte);
        found->bytes[i] = (uint8_t)byte;
    }
    return text[2 * sizeof found->bytes] == '\0' ? NULL : "more than 64 bytes";
}

static const char *read_function(struct reader *reader, const char *text)
{
    struct sim_pci_report *report = reader->report;
    struct sim_pci_found found = {.capabilities = NULL};
    struct sim_pci_found *functions;
    const char *rest = sim_pci_report_address(text, &found.address);
    const char *problem = rest == NULL ? "no address" : read_bytes(rest, &found);

    if (problem != NULL) {
        return problem;
    }
    functions = grow(report->functions, report->count, sizeof *functions);
    if (functions == NULL) {
        return "no memory";
    }
    report->functions = functions;
    functions[report->count++] = found;
    reader->found++;
    return NULL;
}

/* The function that a line after "@pci" is about: only the last one reported can be. */
static struct sim_pci_found *current_function(const struct reader *reader, const char **text)
{
    struct sim_pci_address address;
    struct sim_pci_found *last;

    *text = sim_pci_report_address(*text, &address);
    if (*text == NULL || reader->found == 0) {
        return NULL;
    }
    last = &reader->report->functions[reader->report->count - 1];
    return sim_pci_address_compare(last->address, address) == 0 ? last : NULL;
}

static const char *add_capability(struct sim_pci_found *found,
                                  const struct sim_pci_capability *capability)
{
    struct sim_pci_capability *larger =
        grow(found->capabilities, found->capability_count, sizeof *larger);

    if (larger == NULL) {
        return "no memory";
    }
    found->capabilities = larger;
    larger[found->capability_count++] = *capability;
    return NULL;
}

static const char *read_capability(struct reader *reader, const char *text)
{
    struct sim_pci_found *found = current_function(reader, &text);
    struct sim_pci_capability capability = {.list = SIM_PCI_LIST_FIRST};
    unsigned int id;
    unsigned int offset;
    int length = 0;

    if (found == NULL) {
        return "not about the last function";
    }
    if (sscanf(text, " %2x %2x%n", &id, &offset, &length) != 2 || text[length] != '\0') {
        return "not ID and offset";
    }
    capability.id = (uint16_t)id;
    capability.offset = (uint16_t)offset;
    return add_capability(found, &capability);
}

static const char *read_extended_capability(struct reader *reader, const char *text)
{
    struct sim_pci_found *found = current_function(reader, &text);
    struct sim_pci_capability capability = {.list = SIM_PCI_LIST_EXTENDED};
    unsigned int id;
    unsigned int version;
    unsigned int offset;
    int length = 0;

    if (found == NULL) {
        return "not about the last function";
    }
    if (sscanf(text, " %4x %1x %3x%n", &id, &version, &offset, &length) != 3 ||
        text[length] != '\0') {
        return "not ID, version and offset";
    }
    capability.id = (uint16_t)id;
    capability.version = (uint8_t)version;
    capability.offset = (uint16_t)offset;
    return add_capability(found, &capability);
}

static const char *read_bar(struct reader *reader, const char *text)
{
    struct sim_pci_found *found = current_function(reader, &text);
    struct sim_pci_found_bar bar;
    int length = 0;

    if (found == NULL) {
        return "not about the last function";
    }
    if (sscanf(text, " %1u %11s %16" SCNx64 " %16" SCNx64 "%n", &bar.index, bar.kind, &bar.base,
               &bar.size, &length) != 4 ||
        text[length] != '\0' || bar.index >= SIM_DUMP_BARS) {
        return "not index, kind, base and size";
    }
    if (found->bar_count == SIM_DUMP_BARS) {
        return "more base address registers than a function has";
    }
    found->bars[found->bar_count++] = bar;
    return NULL;
}

static const char *read_trouble(struct reader *reader, const char *text)
{
    struct sim_pci_report *report = reader->report;
    struct sim_pci_trouble trouble;
    struct sim_pci_trouble *troubles;

    text = sim_pci_report_address(text, &trouble.address);
    if (text == NULL) {
        return "no address";
    }
    troubles = grow(report->troubles, report->trouble_count, sizeof *troubles);
    if (troubles == NULL) {
        return "no memory";
    }
    (void)snprintf(trouble.text, sizeof trouble.text, "%s", text + strspn(text, " "));
    report->troubles = troubles;
    troubles[report->trouble_count++] = trouble;
    return NULL;
}

static const char *read_end(struct reader *reader, const char *text)
{
    size_t count;
    int length = 0;

    if (sscanf(text, " pci %zu%n", &count, &length) != 1 || text[length] != '\0') {
        return "not a count";
    }
    reader->ended = true;
    return count == reader->found ? NULL : "not as many functions as were reported";
}

static const char *read_line(struct reader *reader, const char *line)
{
    static const struct {
        const char *tag;
        const char *(*read)(struct reader *reader, const char *text);
    } tags[] = {
        {KPROTOCOL_PCI, read_function}, {KPROTOCOL_CAP, read_capability},
        {KPROTOCOL_BAR, read_bar},      {KPROTOCOL_ECAP, read_extended_capability},
        {KPROTOCOL_END, read_end},      {KPROTOCOL_TROUBLE, read_trouble},
    };
    size_t length = strcspn(line, " ");

    if (reader->ended) {
        return "a line after the end";
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (length == strlen(tags[i].tag) && strncmp(line, tags[i].tag, length) == 0) {
            return tags[i].read(reader, line + length);
        }
    }
    return "not a line of a PCI report";
}

static int compare_found(const void *left, const void *right)
{
    return sim_pci_address_compare(((const struct sim_pci_found *)left)->address,
                                   ((const struct sim_pci_found *)right)->address);
}

/* Bring the functions in order; the first of two with the same address, or NULL. */
static const struct sim_pci_found *sort(struct sim_pci_report *report)
{
    if (report->count > 1) {
        qsort(report->functions, report->count, sizeof *report->functions, compare_found);
    }
    for (size_t i = 1; i < report->count; i++) {
        if (compare_found(&report->functions[i - 1], &report->functions[i]) == 0) {
            return &report->functions[i];
        }
    }
    return NULL;
}

int sim_pci_report_read(struct sim_pci_report *report, const char *text, struct sim_error *error)
{
    struct reader reader = {.report = report};
    const struct sim_pci_found *twice;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char line[256];
        const char *problem = NULL;

        (void)snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\r\n"), text);
        if (line[0] == '@') {
            problem = read_line(&reader, line);
        }
        if (problem != NULL) {
            return sim_error_set(error, "PCI report: %s: \"%s\"", problem, line);
        }
        text += length + (text[length] == '\n');
    }
    if (!reader.ended) {
        return sim_error_set(error, "PCI report: it breaks off after %zu functions", reader.found);
    }
    twice = sort(report);
    if (twice != NULL) {
        return sim_error_set(error, "PCI report: function %s is reported twice",
                             sim_pci_address_text(twice->address, SIM_PCI_SEGMENTS_SHOWN).text);
    }
    return 0;
}

void sim_pci_report_free(struct sim_pci_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->functions[i].capabilities);
    }
    free(report->functions);
    free(report->troubles);
    *report = (struct sim_pci_report){0};
}

const struct sim_pci_found *sim_pci_report_find(const struct sim_pci_report *report,
                                                struct sim_pci_address address)
{
    const struct sim_pci_found wanted = {.address = address};

    if (report->count == 0) {
        return NULL;
    }
    return bsearch(&wanted, report->functions, report->count, sizeof wanted, compare_found);
}
