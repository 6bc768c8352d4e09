/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A claim can hold and its code be wrong all the same: a translation that should
 * have been flushed is used again only now and then. The machine notices; a claim
 * after which it has something to say has failed.
 */
#include "sim/world/world_internal.h"

#include <stdint.h>
#include <stdio.h>

#include "sim/report/finding.h"
#include "sim/machine/machine_report.h"
#include "sim/util/text.h"

bool world_take_findings(struct sim_machine *machine, char *text, size_t size)
{
    struct sim_findings *findings = sim_machine_findings(machine);
    uint64_t others = 0;

    (void)sim_machine_audit_tlb(machine);
    if (findings->count == 0) {
        return false;
    }
    others = findings->count - 1 + findings->lost;
    (void)snprintf(text, size, "%s: %s", sim_finding_kind_name(findings->list[0].kind),
                   findings->list[0].text);
    if (others > 0) {
        sim_text_append(text, size, " (and %ju more)", (uintmax_t)others);
    }
    sim_findings_clear(findings);
    return true;
}
