/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults for a run. One that did not happen has tested nothing, so the user is told. */
#include "sim/cli/faults.h"

#include <inttypes.h>
#include <stdio.h>

int cli_inject_faults(struct sim_machine *machine, const char *path,
                      struct sim_injection *injection, struct sim_error *error)
{
    *injection = (struct sim_injection){.count = 0};
    if (path == NULL) {
        return 0;
    }
    return sim_injection_read(injection, path, error) != 0
               ? -1
               : sim_machine_inject(machine, injection, error);
}

/* What the counts of a fault are counts of; NULL: it does not count. */
static const char *counted(const struct sim_inject *fault)
{
    switch (fault->kind) {
    case SIM_INJECT_FAIL:
        return "calls";
    case SIM_INJECT_FLIP:
    case SIM_INJECT_MSI:
        return fault->when == SIM_INJECT_AT_CALL ? "calls" : NULL;
    case SIM_INJECT_DEAD:
    case SIM_INJECT_VANISH:
        return "accesses";
    default:
        return "interrupts";
    }
}

void cli_report_faults(const struct sim_machine *machine, const struct sim_injection *injection)
{
    for (size_t i = 0; i < injection->count; i++) {
        struct sim_inject_outcome outcome = sim_machine_inject_outcome(machine, i);
        const char *what = counted(&injection->faults[i]);
        char place[320];

        if (outcome.happened) {
            continue;
        }
        sim_injection_place(injection, i, place, sizeof place);
        if (what == NULL) {
            (void)fprintf(stderr, "drydock: %s: did not happen\n", place);
        } else {
            (void)fprintf(stderr, "drydock: %s: did not happen: %" PRIu64 " %s were seen\n", place,
                          outcome.seen, what);
        }
    }
}
