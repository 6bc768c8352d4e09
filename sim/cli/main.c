/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `drydock` command: finds the verb in a table and lets it do the work. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"

static const struct {
    const char *verb;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"pci", cli_pci, "enumerate the PCI buses of lspci dumps inside the simulated machine"},
    {"run", cli_run, "boot a kernel image in the simulated machine"},
    {"verify", cli_verify, "run every claim in every world, and replay the dumps"},
};

#define COMMANDS (sizeof commands / sizeof *commands)

static void print_usage(FILE *file)
{
    (void)fprintf(file, "usage: drydock VERB [ARGUMENTS]\n\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        (void)fprintf(file, "  %-10s %s\n", commands[i].verb, commands[i].summary);
    }
    (void)fprintf(
        file, "\n`drydock VERB --help` tells more about a verb; `drydock --version` the version.\n"
              "Exit status: 0 all is well, 1 something differs, 2 wrong usage or input.\n");
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return CLI_UNUSABLE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return CLI_AGREES;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("drydock %s\n", DRYDOCK_VERSION);
        return CLI_AGREES;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].verb) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    (void)fprintf(stderr, "drydock: there is no verb \"%s\"\n\n", argv[1]);
    print_usage(stderr);
    return CLI_UNUSABLE;
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);

    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        (void)fprintf(stderr, "drydock: standard output: %s\n",
                      errno == 0 ? "not everything could be written" : strerror(errno));
        return CLI_UNUSABLE;
    }
    return status;
}
