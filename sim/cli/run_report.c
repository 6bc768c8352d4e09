/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a run of `drydock run` ended: for people on standard error, as JSON, and as exit status. */
#include "sim/cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/machine/machine_report.h"
#include "sim/machine/pc_report.h"

enum run_status {
    RUN_OUT_OF_BUDGET = 124,
    RUN_DIED = 125
};

/* Without the blank lines at the end. */
static void print_screen(const struct sim_vga_text *video)
{
    char lines[SIM_VGA_TEXT_ROWS][SIM_VGA_TEXT_LINE];
    unsigned int rows = 0;

    for (unsigned int row = 0; row < SIM_VGA_TEXT_ROWS; row++) {
        sim_vga_text_line(video, row, lines[row]);
        rows = lines[row][0] != '\0' ? row + 1 : rows;
    }
    for (unsigned int row = 0; row < rows; row++) {
        (void)puts(lines[row]);
    }
    (void)fflush(stdout);
}

static void write_json(const char *path, const struct sim_postmortem *postmortem)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || sim_postmortem_print_json(file, postmortem) != 0) {
        (void)fprintf(stderr, "drydock run: %s: %s\n", path, strerror(errno));
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void explain(struct sim_pc *pc, const struct sim_result *result,
                    const struct run_options *options)
{
    struct sim_postmortem *postmortem = malloc(sizeof *postmortem);

    if (postmortem == NULL) {
        (void)fprintf(stderr, "drydock run: out of memory\n");
        return;
    }
    if (result->stop == SIM_STOP_FAULT) {
        sim_machine_audit_descriptors(pc->machine);
    } else {
        sim_pc_find_missing_eoi(pc);
    }
    sim_machine_collect(pc->machine, result, postmortem);
    sim_postmortem_print(stderr, postmortem);
    if (options->json != NULL) {
        write_json(options->json, postmortem);
    }
    free(postmortem);
}

static int status_of(const struct sim_result *result)
{
    switch (result->stop) {
    case SIM_STOP_EXITED:
        if (result->value == SIM_PC_RESET || result->value == SIM_PC_POWER_OFF) {
            (void)fprintf(stderr, "drydock: the guest %s the machine\n",
                          result->value == SIM_PC_RESET ? "reset" : "powered off");
            return CLI_AGREES;
        }
        return (int)(result->value & 0xFF);
    case SIM_STOP_BUDGET:
        return RUN_OUT_OF_BUDGET;
    default:
        return RUN_DIED;
    }
}

int run_report(struct sim_pc *pc, const struct sim_result *result,
               const struct run_options *options)
{
    if (options->screen != RUN_SCREEN_NEVER) {
        print_screen(&pc->video);
    }
    if (result->stop == SIM_STOP_EXITED) {
        run_print_findings(pc->machine);
    } else {
        explain(pc, result, options);
    }
    return status_of(result);
}
