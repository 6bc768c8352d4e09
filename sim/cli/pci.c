/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `drydock pci`: what was asked for. */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/cli.h"
#include "sim/cli/pci.h"
#include "sim/util/workers.h"
#include "sim/world/process.h"

static const char usage[] =
    "usage: drydock pci [-n | --capabilities | --hex | --json | --dot | --svg] [OPTIONS] DUMP\n"
    "       drydock pci [--json] [OPTIONS] BEFORE AFTER\n"
    "       drydock pci [--jobs N] [OPTIONS] FOLDER | DUMP DUMP DUMP...\n"
    "\n"
    "Enumerates the PCI buses of a machine with the library's own machine code in the\n"
    "simulated machine, through ports 0xCF8/0xCFC and through ECAM, and compares what it\n"
    "finds with libpci. A DUMP is one of:\n"
    "  output of lspci -x, -xxx or -xxxx, with or without verbose text, or that text alone\n"
    "  a folder or tar archive in the form of /sys/bus/pci/devices\n"
    "  an image of an ECAM window\n"
    "\n"
    "  -n             print exactly what `lspci -F DUMP -n` prints\n"
    "  --capabilities print what the library decodes, in the words of `lspci -vvv -F DUMP`\n"
    "  --hex          print all functions of the dump in the form of `lspci -xxxx`\n"
    "  --json         print what was found as JSON\n"
    "  --dot, --svg   draw the buses: for Graphviz, or as a picture for a browser\n"
    "  --kernel FILE  kernel image (default: kernel-gcc.elf beside this program)\n"
    "  --fault WORDS  let something go wrong, again for more: docs/pci-faults.md\n"
    "  --first-bus N  the bus an image of an ECAM window begins with, 0 to 255\n"
    "\n"
    "With two dumps: what differs between them; --replay enumerates both instead.\n"
    "With a folder of dumps or more than two: a table, made on all processors.\n"
    "  --jobs N       so many dumps at once\n"
    "  --compare      compare two, even if they are folders\n"
    "Exit status: 0 all agree, 1 a difference (see standard error), 2 wrong usage or input.\n";

/* What to do with two dumps. */
enum pair {
    PAIR_BY_KIND, /* compare them, unless one is a folder of dumps */
    PAIR_COMPARED,
    PAIR_REPLAYED,
};

static int misused(const char *complaint, const char *what)
{
    (void)fprintf(stderr, "drydock pci: %s%s\n\n%s", complaint, what, usage);
    return CLI_UNUSABLE;
}

static bool are_compared(enum pair pair, char **dumps)
{
    return pair == PAIR_COMPARED ||
           (pair == PAIR_BY_KIND && !cli_pci_is_folder_of_dumps(dumps[0]) &&
            !cli_pci_is_folder_of_dumps(dumps[1]));
}

static int run(int count, char **dumps, enum pair pair, const struct cli_pci_options *options)
{
    if (count == 0) {
        return misused("which dump?", "");
    }
    if (pair == PAIR_COMPARED && count != 2) {
        return misused("--compare takes two dumps", "");
    }
    if (options->faults != NULL &&
        (count > 1 || pair == PAIR_COMPARED || cli_pci_is_folder_of_dumps(dumps[0]))) {
        return misused("--fault takes one dump", "");
    }
    if (count == 2 && are_compared(pair, dumps)) {
        return options->form == CLI_PCI_TREE || options->form == CLI_PCI_JSON
                   ? cli_pci_compare(dumps[0], dumps[1], options)
                   : misused("two dumps are compared; only --json goes with that", "");
    }
    if (count == 1 && !cli_pci_is_folder_of_dumps(dumps[0])) {
        return cli_pci_replay_one(dumps[0], options);
    }
    if (options->form != CLI_PCI_TREE) {
        return misused("-n, --capabilities, --hex, --json, --dot and --svg take one dump", "");
    }
    return cli_pci_replay_many((size_t)count, dumps, options);
}

/* Read a number from 0 or 1 on up to a largest one, as in C. */
static bool read_number(const char *text, unsigned long smallest, unsigned long largest,
                        unsigned long *number)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 0);

    if (*text < '0' || *text > '9' || *end != '\0' || value < smallest || value > largest) {
        return false;
    }
    *number = value;
    return true;
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

/* What the command line says. */
struct request {
    struct cli_pci_options options;
    enum pair pair;
    struct sim_pci_faults faults;
};

/* Take the words of a fault. */
static int take_fault(struct request *request)
{
    struct sim_error error;

    if (sim_pci_faults_parse(&request->faults, optarg, &error) != 0) {
        return misused("--fault ", error.text);
    }
    request->options.faults = &request->faults;
    return CLI_AGREES;
}

/* Take an option that has a number. */
static int take_number(int option, struct request *request)
{
    unsigned long number = 0;

    if (option == 'b') {
        if (!read_number(optarg, 0, 255, &number)) {
            return misused("--first-bus is 0 to 255, not ", optarg);
        }
        request->options.dump.first_bus = (uint8_t)number;
    } else {
        if (!read_number(optarg, 1, SIM_WORKERS_MAX, &number)) {
            return misused("--jobs is 1 to 1024, not ", optarg);
        }
        request->options.jobs = (unsigned int)number;
    }
    return CLI_AGREES;
}

/* Take an option; CLI_UNUSABLE if it is wrong, and that has been said. */
static int take_option(int option, char **argv, struct request *request)
{
    switch (option) {
    case 'n':
        request->options.form = CLI_PCI_NUMERIC;
        return CLI_AGREES;
    case CLI_PCI_CAPABILITIES:
    case CLI_PCI_HEX:
    case CLI_PCI_JSON:
    case CLI_PCI_DOT:
    case CLI_PCI_SVG:
        request->options.form = (enum cli_pci_form)option;
        return CLI_AGREES;
    case 'k':
        request->options.kernel->path = optarg;
        return CLI_AGREES;
    case 'b':
    case 'j':
        return take_number(option, request);
    case 'f':
        return take_fault(request);
    case 'c':
        request->pair = PAIR_COMPARED;
        return CLI_AGREES;
    case 'r':
        request->pair = PAIR_REPLAYED;
        return CLI_AGREES;
    case ':':
        return misused("a value is missing after ", argv[optind - 1]);
    default:
        return misused("unknown option ", cli_refused_option(argv).text);
    }
}

int cli_pci(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"kernel", required_argument, NULL, 'k'},
        {"capabilities", no_argument, NULL, CLI_PCI_CAPABILITIES},
        {"hex", no_argument, NULL, CLI_PCI_HEX},
        {"json", no_argument, NULL, CLI_PCI_JSON},
        {"dot", no_argument, NULL, CLI_PCI_DOT},
        {"svg", no_argument, NULL, CLI_PCI_SVG},
        {"fault", required_argument, NULL, 'f'},
        {"first-bus", required_argument, NULL, 'b'},
        {"jobs", required_argument, NULL, 'j'},
        {"compare", no_argument, NULL, 'c'},
        {"replay", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    char beside[PATH_MAX + sizeof "/kernel-gcc.elf"];
    struct sim_pci_kernel kernel = {.path = beside};
    struct request request = {.options = {.kernel = &kernel, .jobs = sim_workers_processors()}};
    int option;

    if (set_default_kernel(beside, sizeof beside) != 0) {
        return CLI_UNUSABLE;
    }
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":nh", long_options, NULL)) != -1) {
        if (option == 'h') {
            (void)fputs(usage, stdout);
            return CLI_AGREES;
        }
        if (take_option(option, argv, &request) != CLI_AGREES) {
            return CLI_UNUSABLE;
        }
    }
    return run(argc - optind, argv + optind, request.pair, &request.options);
}
