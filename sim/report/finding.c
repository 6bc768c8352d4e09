/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of sentences. A guest in a loop makes the same mistake a million times;
 * it is kept once and counted. A guest that makes ever new ones fills the list
 * to its end and is only counted from there on.
 */
#include "sim/report/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_finding *find(const struct sim_findings *findings,
                                const struct sim_finding *wanted)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct sim_finding *finding = &findings->list[i];

        if (finding->kind == wanted->kind && finding->rip == wanted->rip &&
            strcmp(finding->text, wanted->text) == 0) {
            return finding;
        }
    }
    return NULL;
}

/* All the room there can ever be is taken at once: the list is made for the few guests that fail. */
static int make_list(struct sim_findings *findings)
{
    if (findings->list == NULL) {
        findings->list = calloc(SIM_FINDINGS_MAX, sizeof findings->list[0]);
    }
    return findings->list == NULL ? -1 : 0;
}

void sim_finding_add(struct sim_findings *findings, enum sim_finding_kind kind, uint64_t rip,
                     const char *format, ...)
{
    struct sim_finding finding = {.kind = kind, .rip = rip, .count = 1};
    struct sim_finding *same = NULL;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(finding.text, sizeof finding.text, format, arguments);
    va_end(arguments);

    findings->occurrences++;
    same = find(findings, &finding);
    if (same != NULL) {
        same->count++;
    } else if (findings->count == SIM_FINDINGS_MAX || make_list(findings) != 0) {
        findings->lost++;
    } else {
        findings->list[findings->count] = finding;
        findings->count++;
    }
}

const char *sim_finding_kind_name(enum sim_finding_kind kind)
{
    switch (kind) {
    case SIM_FINDING_TLB:
        return "TLB";
    case SIM_FINDING_DESCRIPTOR:
        return "descriptor";
    case SIM_FINDING_BUS:
        return "bus";
    case SIM_FINDING_DEVICE:
        return "device";
    }
    return "unknown";
}

void sim_findings_clear(struct sim_findings *findings)
{
    findings->count = 0;
    findings->lost = 0;
    findings->occurrences = 0;
}

void sim_findings_free(struct sim_findings *findings)
{
    free(findings->list);
    *findings = (struct sim_findings){0};
}
