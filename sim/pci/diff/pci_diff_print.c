/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A comparison for people and as JSON.
 *
 *     + 02:00.0 Ethernet controller: …           added
 *     - 03:00.0 …                                removed
 *       04:00.0 (was 03:00.0) …                  moved
 *           BAR 0                  memory f7d00000 -> memory f7c00000
 *
 * Names come from libpci; without them the numbers must do.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/diff/pci_diff.h"
#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/report/pci_oracle.h"

#define COLUMN 34 /* of the values */

enum kind {
    SAME,
    CHANGED,
    MOVED,
    ADDED,
    REMOVED,
    KINDS
};

static const char *const kind_names[KINDS] = {"same", "changed", "moved", "added", "removed"};

static enum kind kind_of(const struct sim_pci_pair *pair)
{
    if (pair->before == NULL) {
        return ADDED;
    }
    if (pair->after == NULL) {
        return REMOVED;
    }
    if (sim_pci_address_compare(sim_dump_address(pair->before), sim_dump_address(pair->after)) !=
        0) {
        return MOVED;
    }
    return pair->count > 0 ? CHANGED : SAME;
}

size_t sim_pci_diff_count(const struct sim_pci_diff *diff)
{
    size_t count = 0;

    for (size_t i = 0; i < diff->count; i++) {
        count += kind_of(&diff->pairs[i]) != SAME;
    }
    return count;
}

/* Names of a dump's functions, a line each. */
struct names {
    char *text; /* NULL: there are none */
};

static struct names ask_names(const struct sim_dump *dump)
{
    struct names names = {NULL};
    struct sim_pci_report report;
    struct sim_error ignored;

    if (sim_pci_report_dump(dump, &report, &ignored) == 0) {
        names.text = sim_pci_oracle_names(&report, &ignored);
        sim_pci_report_free(&report);
    }
    return names;
}

/* Print the name of a function, or its class and IDs. */
static void print_name(const struct names *names, const struct sim_dump *dump,
                       const struct sim_dump_function *function, FILE *file)
{
    const char *line = names->text == NULL ? "" : names->text;

    for (size_t skip = (size_t)(function - dump->functions); skip > 0 && *line != '\0'; skip--) {
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    if (*line != '\0') {
        (void)fprintf(file, "%.*s\n", (int)strcspn(line, "\n"), line);
    } else {
        (void)fprintf(file, "%02x%02x: %02x%02x:%02x%02x\n", function->bytes[0x0B],
                      function->bytes[0x0A], function->bytes[1], function->bytes[0],
                      function->bytes[3], function->bytes[2]);
    }
}

static void print_change(const struct sim_pci_change *change, FILE *file)
{
    if (change->before[0] == '\0') {
        (void)fprintf(file, "      %-*s + %s\n", COLUMN, change->what, change->after);
    } else if (change->after[0] == '\0') {
        (void)fprintf(file, "      %-*s - %s\n", COLUMN, change->what, change->before);
    } else {
        (void)fprintf(file, "      %-*s %s -> %s\n", COLUMN, change->what, change->before,
                      change->after);
    }
}

/* What is printed, and how. */
struct printing {
    const struct sim_pci_diff *diff;
    struct names before, after;
    enum sim_pci_segments segments;
    FILE *file;
};

static void print_pair(const struct printing *printing, const struct sim_pci_pair *pair)
{
    enum kind kind = kind_of(pair);
    const struct sim_dump_function *shown = kind == REMOVED ? pair->before : pair->after;
    FILE *file = printing->file;

    (void)fprintf(file, "%s %s ",
                  kind == ADDED     ? "+"
                  : kind == REMOVED ? "-"
                                    : " ",
                  sim_pci_address_text(sim_dump_address(shown), printing->segments).text);
    if (kind == MOVED) {
        (void)fprintf(
            file, "(was %s) ",
            sim_pci_address_text(sim_dump_address(pair->before), printing->segments).text);
    }
    print_name(kind == REMOVED ? &printing->before : &printing->after,
               kind == REMOVED ? printing->diff->before : printing->diff->after, shown, file);
    for (size_t i = 0; i < pair->count; i++) {
        print_change(&pair->changes[i], file);
    }
}

static enum sim_pci_segments segments_of(const struct sim_pci_diff *diff)
{
    return sim_dump_segments(diff->before) == SIM_PCI_SEGMENTS_SHOWN
               ? SIM_PCI_SEGMENTS_SHOWN
               : sim_dump_segments(diff->after);
}

int sim_pci_diff_print(const struct sim_pci_diff *diff, FILE *file, struct sim_error *error)
{
    const struct printing printing = {diff, ask_names(diff->before), ask_names(diff->after),
                                      segments_of(diff), file};
    size_t counts[KINDS] = {0};

    for (size_t i = 0; i < diff->count; i++) {
        enum kind kind = kind_of(&diff->pairs[i]);

        counts[kind]++;
        if (kind != SAME) {
            print_pair(&printing, &diff->pairs[i]);
        }
    }
    free(printing.before.text);
    free(printing.after.text);
    (void)fprintf(file, "%s%zu added, %zu removed, %zu moved, %zu changed, %zu the same\n",
                  sim_pci_diff_count(diff) > 0 ? "\n" : "", counts[ADDED], counts[REMOVED],
                  counts[MOVED], counts[CHANGED], counts[SAME]);
    return ferror(file) == 0 ? 0 : sim_error_set(error, "the comparison cannot be written");
}

static json_t *text_or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *address_json(const struct sim_dump_function *function,
                            enum sim_pci_segments segments)
{
    return function == NULL
               ? json_null()
               : json_string(sim_pci_address_text(sim_dump_address(function), segments).text);
}

static json_t *pair_json(const struct sim_pci_pair *pair, enum sim_pci_segments segments)
{
    json_t *changes = json_array();

    for (size_t i = 0; i < pair->count; i++) {
        (void)json_array_append_new(changes,
                                    json_pack("{s:s, s:o, s:o}", "what", pair->changes[i].what,
                                              "before", text_or_null(pair->changes[i].before),
                                              "after", text_or_null(pair->changes[i].after)));
    }
    return json_pack("{s:o, s:o, s:s, s:o}", "address", address_json(pair->after, segments), "was",
                     address_json(pair->before, segments), "change", kind_names[kind_of(pair)],
                     "changes", changes);
}

int sim_pci_diff_json(const struct sim_pci_diff *diff, FILE *file, struct sim_error *error)
{
    json_t *functions = json_array();
    json_t *all = NULL;
    int result = 0;

    for (size_t i = 0; i < diff->count && result == 0; i++) {
        if (kind_of(&diff->pairs[i]) != SAME) {
            result =
                json_array_append_new(functions, pair_json(&diff->pairs[i], segments_of(diff)));
        }
    }
    all = json_pack("{s:s, s:s, s:o}", "before", diff->before->path, "after", diff->after->path,
                    "functions", functions);
    if (all == NULL || result != 0 || json_dumpf(all, file, JSON_INDENT(2)) != 0) {
        result = sim_error_set(error, "no memory for the comparison");
    }
    (void)fputc('\n', file);
    json_decref(all);
    return result;
}
