/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The verbs of the `drydock` command. Each gets the arguments from its own name
 * on and returns the exit status.
 */
#ifndef DRYDOCK_SIM_CLI_H
#define DRYDOCK_SIM_CLI_H

/** Exit statuses of every verb. */
enum cli_status {
    CLI_AGREES = 0,  /**< everything is as it should be */
    CLI_DIFFERS = 1, /**< something is not */
    CLI_UNUSABLE = 2 /**< wrong usage, or input that cannot be used */
};

/** `drydock pci`: enumerate the buses of lspci dumps. */
int cli_pci(int argc, char **argv);

/** `drydock verify`: every claim in every world, and the replays. */
int cli_verify(int argc, char **argv);

#endif
