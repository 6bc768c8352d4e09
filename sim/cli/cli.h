/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The verbs of the `drydock` command. Each gets the arguments from its own name
 * on and returns the exit status.
 */
#ifndef DRYDOCK_SIM_CLI_H
#define DRYDOCK_SIM_CLI_H

#include <stdio.h>

/** Exit statuses of every verb. */
enum cli_status {
    CLI_AGREES = 0,  /**< everything is as it should be */
    CLI_DIFFERS = 1, /**< something is not */
    CLI_UNUSABLE = 2 /**< wrong usage, or input that cannot be used */
};

/** `drydock pci`: enumerate the buses of lspci dumps. */
int cli_pci(int argc, char **argv);

/** `drydock run`: boot a kernel image in the simulated machine. */
int cli_run(int argc, char **argv);

/** `drydock verify`: every claim in every world, and the replays. */
int cli_verify(int argc, char **argv);

/** What stands before each line: "BEFORE NAME: AFTER", without the blanks. */
struct cli_prefix {
    const char *before, *name, *after;
};

/** Print every line of a text behind a prefix. */
void cli_print_lines(FILE *file, const struct cli_prefix *prefix, const char *text);

/** An option as it was written, cut to fit. */
struct cli_option {
    char text[64];
};

/** The option that getopt_long() has just refused: "--word", "--word=value" or "-x". */
struct cli_option cli_refused_option(char *const *argv);

#endif
