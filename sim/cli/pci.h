/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The parts of `drydock pci`. Each gives the exit status.
 */
#ifndef DRYDOCK_SIM_CLI_PCI_H
#define DRYDOCK_SIM_CLI_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/report/pci_replay.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** What is printed of a single dump. */
enum cli_pci_form {
    CLI_PCI_TREE,
    CLI_PCI_NUMERIC,
    CLI_PCI_CAPABILITIES,
    CLI_PCI_HEX,
    CLI_PCI_JSON,
    CLI_PCI_DOT,
    CLI_PCI_SVG,
};

struct cli_pci_options {
    enum cli_pci_form form;
    struct sim_pci_kernel *kernel;
    struct sim_dump_options dump;
    struct sim_pci_faults *faults; /**< of a single dump; NULL: none */
    unsigned int jobs;             /**< dumps replayed at once */
};

/** Enumerate one dump and print it. */
int cli_pci_replay_one(const char *dump, const struct cli_pci_options *options);

/** Enumerate many dumps, and all in folders that are not dumps, on all processors; print a table. */
int cli_pci_replay_many(size_t count, char *const *dumps, const struct cli_pci_options *options);

/** Compare two dumps by meaning; nothing is enumerated. */
int cli_pci_compare(const char *before, const char *after, const struct cli_pci_options *options);

/** Whether a path is a folder that holds dumps instead of being one. */
bool cli_pci_is_folder_of_dumps(const char *path);

/** Replay a dump as the options say; see sim_pci_replay_file(). */
SIM_MUST_CHECK int cli_pci_replay(const char *dump, const struct cli_pci_options *options,
                                  struct sim_pci_verdict *verdict, struct sim_error *error);

/** Print what is not as one would expect, each line with the dump's name. */
void cli_pci_print_remarks(FILE *file, const char *dump, const struct sim_pci_verdict *verdict);

#endif
