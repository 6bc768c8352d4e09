/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `drydock pci BEFORE AFTER`: what differs between two dumps. */
#include "sim/cli/cli.h"
#include "sim/cli/pci.h"
#include "sim/pci/diff/pci_diff.h"

static int compare(const struct sim_dump *before, const struct sim_dump *after,
                   enum cli_pci_form form)
{
    struct sim_pci_diff diff;
    struct sim_error error;
    int status = CLI_UNUSABLE;
    int result = sim_pci_diff(before, after, &diff, &error);

    if (result == 0) {
        result = form == CLI_PCI_JSON ? sim_pci_diff_json(&diff, stdout, &error)
                                      : sim_pci_diff_print(&diff, stdout, &error);
        status = sim_pci_diff_count(&diff) > 0 ? CLI_DIFFERS : CLI_AGREES;
        sim_pci_diff_free(&diff);
    }
    if (result != 0) {
        (void)fprintf(stderr, "drydock pci: %s\n", error.text);
        return CLI_UNUSABLE;
    }
    return status;
}

/* Open a dump; what is left out of it is said. */
static int open_dump(const char *path, const struct cli_pci_options *options, struct sim_dump *dump)
{
    struct sim_error error;

    if (sim_dump_open(path, &options->dump, dump, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        return -1;
    }
    (void)fputs(dump->remarks == NULL ? "" : dump->remarks, stderr);
    return 0;
}

int cli_pci_compare(const char *before, const char *after, const struct cli_pci_options *options)
{
    struct sim_dump dumps[2];
    int status = CLI_UNUSABLE;

    if (open_dump(before, options, &dumps[0]) != 0) {
        return CLI_UNUSABLE;
    }
    if (open_dump(after, options, &dumps[1]) == 0) {
        status = compare(&dumps[0], &dumps[1], options->form);
        sim_dump_free(&dumps[1]);
    }
    sim_dump_free(&dumps[0]);
    return status;
}
