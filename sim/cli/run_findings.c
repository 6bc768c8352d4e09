/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The findings of a run, on standard error. A loop that forgets the same flush for a hundred pages
 * makes a hundred sentences that differ in their numbers: a few show what is wrong, the others are
 * counted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/run.h"
#include "sim/machine/machine_report.h"

enum {
    MOST_ALIKE = 3
};

/* Whether two sentences are the same but for their numbers. */
static bool is_same_but_for_numbers(const char *a, const char *b)
{
    static const char digits[] = "0123456789";
    static const char number[] = "0123456789abcdefx";

    while (*a != '\0' && *b != '\0') {
        if (strchr(digits, *a) != NULL && strchr(digits, *b) != NULL) {
            a += strspn(a, number);
            b += strspn(b, number);
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

/* How many of a part of the list are like one of its findings. */
static size_t count_alike(const struct sim_findings *findings, size_t wanted, size_t first,
                          size_t end)
{
    const struct sim_finding *finding = &findings->list[wanted];
    size_t count = 0;

    for (size_t i = first; i < end; i++) {
        const struct sim_finding *other = &findings->list[i];

        count += other->kind == finding->kind && other->rip == finding->rip &&
                 is_same_but_for_numbers(other->text, finding->text);
    }
    return count;
}

/* Where it happened is said unless the sentence has said so. */
static void print_finding(const struct sim_finding *finding, const char *place)
{
    (void)fprintf(stderr, "drydock: %s: %s", sim_finding_kind_name(finding->kind), finding->text);
    if (strstr(finding->text, place) == NULL) {
        (void)fprintf(stderr, "; at %s", place);
    }
    if (finding->count > 1) {
        (void)fprintf(stderr, " (%" PRIu64 " times)", finding->count);
    }
    (void)fputc('\n', stderr);
}

static void print_list(const struct sim_machine *machine, const struct sim_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct sim_finding *finding = &findings->list[i];
        size_t before = count_alike(findings, i, 0, i);
        char place[400];

        sim_machine_name_instruction(machine, finding->rip, place, sizeof place);
        if (before < MOST_ALIKE) {
            print_finding(finding, place);
        } else if (before == MOST_ALIKE) {
            (void)fprintf(stderr, "drydock: %s: and %zu more like these at %s\n",
                          sim_finding_kind_name(finding->kind),
                          count_alike(findings, i, i, findings->count), place);
        }
    }
}

void run_print_findings(struct sim_machine *machine)
{
    const struct sim_findings *findings = sim_machine_findings(machine);
    uint64_t unneeded = sim_machine_unneeded_flushes(machine);

    print_list(machine, findings);
    if (findings->lost > 0) {
        (void)fprintf(stderr, "drydock: and %" PRIu64 " more\n", findings->lost);
    }
    if (unneeded > 0 && findings->count > 0) {
        (void)fprintf(
            stderr, "drydock: note: %" PRIu64 " TLB flush%s invalidated nothing that had changed\n",
            unneeded, unneeded == 1 ? "" : "es");
    }
}
