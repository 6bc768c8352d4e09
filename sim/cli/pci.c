/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `drydock pci`. Standard output has only what was asked for; whatever is not
 * as one would expect goes to standard error, each line with the dump's name.
 */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/util/error.h"
#include "sim/pci/pci_export.h"
#include "sim/pci/pci_listing.h"
#include "sim/pci/pci_picture.h"
#include "sim/pci/pci_replay.h"
#include "sim/world/process.h"

static const char usage[] =
    "usage: drydock pci [-n | --hex | --json | --dot | --svg] [--kernel FILE] DUMP\n"
    "       drydock pci [--kernel FILE] DUMP DUMP...\n"
    "\n"
    "Enumerates the PCI buses of an lspci dump (lspci -x, -xxx or -xxxx, with or without\n"
    "verbose text) with the library's own machine code in the simulated machine, through\n"
    "ports 0xCF8/0xCFC and through ECAM, and compares what it finds with libpci.\n"
    "\n"
    "  -n             print exactly what `lspci -F DUMP -n` prints\n"
    "  --hex          print all functions of the dump in the form of `lspci -xxxx`\n"
    "  --json         print what was found as JSON\n"
    "  --dot, --svg   draw the buses: for Graphviz, or as a picture for a browser\n"
    "  --kernel FILE  kernel image (default: kernel-gcc.elf beside this program)\n"
    "\n"
    "With several dumps: a line for each, and a total.\n"
    "Exit status: 0 all agree, 1 a difference (see standard error), 2 wrong usage or input.\n";

/* What is printed of a single dump. */
enum form {
    FORM_TREE,
    FORM_NUMERIC,
    FORM_HEX,
    FORM_JSON,
    FORM_DOT,
    FORM_SVG,
};

struct options {
    enum form form;
    const char *kernel;
};

/* Counts over several dumps. */
struct totals {
    size_t agreeing, differing, unusable, functions;
};

static void print_remarks(const char *dump, const struct sim_pci_verdict *verdict)
{
    cli_print_lines(stderr, &(struct cli_prefix){"", dump, ""}, verdict->unreachable_text);
    cli_print_lines(stderr, &(struct cli_prefix){"", dump, "note: "}, verdict->note_text);
    cli_print_lines(stderr, &(struct cli_prefix){"", dump, "DIFFERENCE: "},
                    verdict->difference_text);
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
static int draw(const struct sim_pci_verdict *verdict, enum form form, struct sim_error *error)
{
    struct sim_pci_picture picture;
    int result = sim_pci_picture_init(&picture, &verdict->topology, &verdict->guest.ecam, error);

    if (result != 0) {
        return -1;
    }
    if (form == FORM_DOT) {
        sim_pci_picture_dot(&picture, stdout);
    } else {
        result = sim_pci_picture_svg(&picture, stdout, error);
    }
    sim_pci_picture_free(&picture);
    return result;
}

static int print_form(const char *dump, const struct sim_pci_verdict *verdict, enum form form,
                      struct sim_error *error)
{
    switch (form) {
    case FORM_NUMERIC:
        (void)fputs(verdict->listing, stdout);
        return 0;
    case FORM_HEX:
        sim_pci_export_hex(&verdict->topology, stdout);
        return 0;
    case FORM_JSON:
        return sim_pci_export_json(&verdict->topology, &verdict->guest.ecam, stdout, error);
    case FORM_DOT:
    case FORM_SVG:
        return draw(verdict, form, error);
    case FORM_TREE:
    default:
        print_tree(dump, verdict);
        return 0;
    }
}

static int replay_one(const char *dump, const struct options *options)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;
    int status;

    if (sim_pci_replay_file(dump, options->kernel, &verdict, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        return CLI_UNUSABLE;
    }
    status = verdict.differences == 0 ? CLI_AGREES : CLI_DIFFERS;
    if (print_form(dump, &verdict, options->form, &error) != 0) {
        (void)fprintf(stderr, "%s: %s\n", dump, error.text);
        status = CLI_UNUSABLE;
    }
    (void)fflush(stdout);
    print_remarks(dump, &verdict);
    sim_pci_verdict_free(&verdict);
    return status;
}

/* Replay one of several dumps and print its line. */
static void replay_next(const char *dump, const struct options *options, struct totals *totals)
{
    struct sim_pci_verdict verdict;
    struct sim_error error;

    if (sim_pci_replay_file(dump, options->kernel, &verdict, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        (void)printf("unusable                  %s\n", dump);
        totals->unusable++;
        return;
    }
    (void)printf("%-8s %5zu function%s  %s\n", verdict.differences == 0 ? "ok" : "DIFFERS",
                 verdict.guest.ecam.count, verdict.guest.ecam.count == 1 ? " " : "s", dump);
    (void)fflush(stdout);
    print_remarks(dump, &verdict);
    totals->functions += verdict.guest.ecam.count;
    if (verdict.differences == 0) {
        totals->agreeing++;
    } else {
        totals->differing++;
    }
    sim_pci_verdict_free(&verdict);
}

static int replay_all(int count, char **dumps, const struct options *options)
{
    struct totals totals = {0};

    for (int i = 0; i < count; i++) {
        replay_next(dumps[i], options, &totals);
    }
    (void)printf("%d dumps: %zu agree, %zu differ, %zu unusable; %zu functions\n", count,
                 totals.agreeing, totals.differing, totals.unusable, totals.functions);
    if (totals.unusable > 0) {
        return CLI_UNUSABLE;
    }
    return totals.differing > 0 ? CLI_DIFFERS : CLI_AGREES;
}

static int misused(const char *complaint, const char *what)
{
    (void)fprintf(stderr, "drydock pci: %s%s\n\n%s", complaint, what, usage);
    return CLI_UNUSABLE;
}

static int run(int count, char **dumps, const struct options *options)
{
    if (count == 0) {
        return misused("which dump?", "");
    }
    if (options->form != FORM_TREE && count > 1) {
        return misused("-n, --hex, --json, --dot and --svg take one dump", "");
    }
    return count == 1 ? replay_one(dumps[0], options) : replay_all(count, dumps, options);
}

/* Write the name of the image beside this program. */
static int set_default_kernel(char *kernel, size_t size)
{
    char folder[PATH_MAX];
    struct sim_error error;

    if (sim_process_own_folder(folder, sizeof folder, &error) != 0) {
        (void)fprintf(stderr, "drydock pci: %s\n", error.text);
        return -1;
    }
    (void)snprintf(kernel, size, "%s/kernel-gcc.elf", folder);
    return 0;
}

int cli_pci(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"kernel", required_argument, NULL, 'k'},
        {"hex", no_argument, NULL, FORM_HEX},
        {"json", no_argument, NULL, FORM_JSON},
        {"dot", no_argument, NULL, FORM_DOT},
        {"svg", no_argument, NULL, FORM_SVG},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    char kernel[PATH_MAX + sizeof "/kernel-gcc.elf"];
    struct options options = {.kernel = kernel};
    int option;

    if (set_default_kernel(kernel, sizeof kernel) != 0) {
        return CLI_UNUSABLE;
    }
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":nh", long_options, NULL)) != -1) {
        switch (option) {
        case 'n':
            options.form = FORM_NUMERIC;
            break;
        case FORM_HEX:
        case FORM_JSON:
        case FORM_DOT:
        case FORM_SVG:
            options.form = (enum form)option;
            break;
        case 'k':
            options.kernel = optarg;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            return CLI_AGREES;
        case ':':
            return misused("a value is missing after ", argv[optind - 1]);
        default:
            return misused("unknown option ", cli_refused_option(argv).text);
        }
    }
    return run(argc - optind, argv + optind, &options);
}
