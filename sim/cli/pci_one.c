/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `drydock pci DUMP`. Standard output has only what was asked for; whatever is not
 * as one would expect goes to standard error, each line with the dump's name.
 */
#include "sim/cli/cli.h"
#include "sim/cli/pci.h"
#include "sim/pci/report/pci_description.h"
#include "sim/pci/report/pci_export.h"
#include "sim/pci/report/pci_listing.h"
#include "sim/pci/report/pci_picture.h"

int cli_pci_replay(const char *dump, const struct cli_pci_options *options,
                   struct sim_pci_verdict *verdict, struct sim_error *error)
{
    struct sim_dump opened;

    return sim_dump_open(dump, &options->dump, &opened, error) == 0
               ? sim_pci_replay_with(&opened, options->kernel, options->faults, verdict, error)
               : -1;
}

void cli_pci_print_remarks(FILE *file, const char *dump, const struct sim_pci_verdict *verdict)
{
    (void)fputs(verdict->dump.remarks == NULL ? "" : verdict->dump.remarks, file);
    cli_print_lines(file, &(struct cli_prefix){"", dump, ""}, verdict->unreachable_text);
    cli_print_lines(file, &(struct cli_prefix){"", dump, "note: "}, verdict->note_text);
    cli_print_lines(file, &(struct cli_prefix){"", dump, "fault: "}, verdict->fault_text);
    cli_print_lines(file, &(struct cli_prefix){"", dump, "DIFFERENCE: "}, verdict->difference_text);
}

static void print_tree(const char *dump, const struct sim_pci_verdict *verdict)
{
    struct sim_error error;
    size_t found = verdict->guest.ecam.count;

    if (sim_pci_list_tree(&verdict->topology, &verdict->guest.ecam, stdout, &error) != 0) {
        (void)fprintf(stderr, "%s: no names: %s\n", dump, error.text);
        (void)fputs(verdict->listing, stdout);
    }
    (void)printf("\n%zu function%s found", found, found == 1 ? "" : "s");
    if (verdict->unreachable > 0) {
        (void)printf(", %zu cannot be reached", verdict->unreachable);
    }
    if (verdict->differences == 0) {
        (void)printf("; all that was read agrees\n");
    } else {
        (void)printf("; %zu DIFFERENCE%s\n", verdict->differences,
                     verdict->differences == 1 ? "" : "S");
    }
}

/* A picture, to standard output. */
static int draw(const struct sim_pci_verdict *verdict, enum cli_pci_form form,
                struct sim_error *error)
{
    struct sim_pci_picture picture;
    int result = sim_pci_picture_init(&picture, &verdict->topology, &verdict->guest.ecam, error);

    if (result != 0) {
        return -1;
    }
    if (form == CLI_PCI_DOT) {
        sim_pci_picture_dot(&picture, stdout);
    } else {
        result = sim_pci_picture_svg(&picture, stdout, error);
    }
    sim_pci_picture_free(&picture);
    return result;
}

static int print_form(const char *dump, const struct sim_pci_verdict *verdict,
                      enum cli_pci_form form, struct sim_error *error)
{
    switch (form) {
    case CLI_PCI_NUMERIC:
        (void)fputs(verdict->listing, stdout);
        return 0;
    case CLI_PCI_HEX:
        sim_dump_write(&verdict->dump, stdout);
        return 0;
    case CLI_PCI_JSON:
        return sim_pci_export_json(&verdict->topology, &verdict->guest.ecam, stdout, error);
    case CLI_PCI_DOT:
    case CLI_PCI_SVG:
        return draw(verdict, form, error);
    case CLI_PCI_TREE:
    default:
        print_tree(dump, verdict);
        return 0;
    }
}

/* Print the capabilities of a dump. */
static int describe(const char *dump, const struct cli_pci_options *options)
{
    struct sim_dump opened;
    struct sim_error error;
    int result = sim_dump_open(dump, &options->dump, &opened, &error);

    if (result == 0) {
        (void)fputs(opened.remarks == NULL ? "" : opened.remarks, stderr);
        result = sim_pci_describe(&opened, options->kernel, stdout, stderr, &error);
        sim_dump_free(&opened);
    }
    if (result != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
    }
    return result == 0 ? CLI_AGREES : CLI_UNUSABLE;
}

int cli_pci_replay_one(const char *dump, const struct cli_pci_options *options)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;
    int status;

    if (options->form == CLI_PCI_CAPABILITIES) {
        return describe(dump, options);
    }
    if (cli_pci_replay(dump, options, &verdict, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        return CLI_UNUSABLE;
    }
    status = verdict.differences == 0 ? CLI_AGREES : CLI_DIFFERS;
    if (print_form(dump, &verdict, options->form, &error) != 0) {
        (void)fprintf(stderr, "%s: %s\n", dump, error.text);
        status = CLI_UNUSABLE;
    }
    (void)fflush(stdout);
    cli_pci_print_remarks(stderr, dump, &verdict);
    sim_pci_verdict_free(&verdict);
    return status;
}
