/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of `drydock run`. Standard output has only what the guest sent
 * to its serial port; what the machine has to say goes to standard error.
 */
#include "sim/cli/run.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"

#define MEBIBYTE (UINT64_C(1) << 20)
#define RAM_UNIT (2 * MEBIBYTE)
#define RAM_MIN  (4 * MEBIBYTE)
#define RAM_MAX  (2816 * MEBIBYTE) /* the ECAM window follows */

static const char usage[] =
    "usage: drydock run [OPTIONS] IMAGE\n"
    "\n"
    "Boots a kernel image in the simulated machine: an ELF file that is entered by PVH, by\n"
    "multiboot 1 or in 64-bit mode. Its first serial port is standard output, standard input\n"
    "is typed on its keyboard. When the guest dies, a post-mortem says why.\n"
    "\n"
    "  --mem N[M|G]        RAM, default 64M (4M to 2816M, a multiple of 2M)\n"
    "  --cmdline STRING    command line for the kernel\n"
    "  --initrd FILE       file for the kernel's memory\n"
    "  --pci DUMP          PCI buses of the machine this lspci dump is from\n"
    "  --seed N            of RDRAND and RDSEED, default 0\n"
    "  --budget N          most basic blocks to execute, default 1000000000, 0: no limit\n"
    "  --inject FILE       let things go wrong: docs/fault-injection.md\n"
    "  --trace FILE        write every event: interrupts, I/O, control registers, findings;\n"
    "                      its last line has a hash of them all: the same run gives the same\n"
    "  --json FILE         write the post-mortem as JSON too\n"
    "  --screen            print the text screen at the end, not only if nothing came from the\n"
    "                      serial port\n"
    "  --mmu own|engine    who translates addresses, default own\n"
    "  --processor NAME    executed (default): CPUID shows what is executed; intel, amd: it has\n"
    "                      the registers of such a processor, not all it announces is executed\n"
    "  --no-audit          do not look for missing TLB flushes; faster\n"
    "\n"
    "Exit status: as QEMU's isa-debug-exit gives it (2v + 1 after writing v to port 0xF4);\n"
    "0 power-off or reset, 124 out of budget or interrupted (^C, SIGTERM), 125 the guest died,\n"
    "2 wrong usage or image.\n";

static int misused(const char *complaint, const char *what)
{
    (void)fprintf(stderr, "drydock run: %s%s\n\n%s", complaint, what, usage);
    return CLI_UNUSABLE;
}

/* A whole number, with the suffix M or G if @p unit is not 1. */
static bool parse_number(const char *text, uint64_t unit, uint64_t *number)
{
    char *end = NULL;
    unsigned long long value = 0;

    errno = 0;
    value = strtoull(text, &end, 0);
    if (errno != 0 || end == text || *text == '-') {
        return false;
    }
    if (unit != 1 && *end != '\0') {
        unit = *end == 'G' || *end == 'g' ? 1024 * MEBIBYTE : MEBIBYTE;
        end += strchr("MmGg", *end) != NULL;
    }
    *number = value * unit;
    return *end == '\0' && value <= UINT64_MAX / unit;
}

/* Takes one option. Whether its value can be used. */
static bool take_option(int option, struct run_options *options)
{
    uint64_t *bytes = &options->machine.ram_bytes;

    switch (option) {
    case 'm':
        return parse_number(optarg, MEBIBYTE, bytes) && *bytes % RAM_UNIT == 0 &&
               *bytes >= RAM_MIN && *bytes <= RAM_MAX;
    case 'S':
        return parse_number(optarg, 1, &options->machine.seed);
    case 'b':
        return parse_number(optarg, 1, &options->budget);
    case 'c':
        options->cmdline = optarg;
        return true;
    case 'i':
        options->initrd = optarg;
        return true;
    case 'p':
        options->dump = optarg;
        return true;
    case 'I':
        options->inject = optarg;
        return true;
    case 't':
        options->trace = optarg;
        return true;
    case 'j':
        options->json = optarg;
        return true;
    case 's':
        options->screen = RUN_SCREEN_ALWAYS;
        return true;
    case 'P':
        return sim_processor_find(optarg, &options->machine.processor);
    case 'a':
        options->machine.audit = SIM_MACHINE_UNAUDITED;
        return true;
    default:
        options->machine.mmu = strcmp(optarg, "engine") == 0 ? SIM_MMU_ENGINE : SIM_MMU_OWN;
        return strcmp(optarg, "engine") == 0 || strcmp(optarg, "own") == 0;
    }
}

int cli_run(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"mem", required_argument, NULL, 'm'},
        {"cmdline", required_argument, NULL, 'c'},
        {"initrd", required_argument, NULL, 'i'},
        {"pci", required_argument, NULL, 'p'},
        {"seed", required_argument, NULL, 'S'},
        {"budget", required_argument, NULL, 'b'},
        {"trace", required_argument, NULL, 't'},
        {"json", required_argument, NULL, 'j'},
        {"screen", no_argument, NULL, 's'},
        {"mmu", required_argument, NULL, 'u'},
        {"inject", required_argument, NULL, 'I'},
        {"no-audit", no_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},
        {"processor", required_argument, NULL, 'P'},
        {NULL, 0, NULL, 0},
    };
    struct run_options options = {
        .machine = {.ram_bytes = 64 * MEBIBYTE},
        .budget = UINT64_C(1000000000),
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (option == 'h') {
            (void)fputs(usage, stdout);
            return CLI_AGREES;
        }
        if (option == ':') {
            return misused("a value is missing after ", argv[optind - 1]);
        }
        if (option == '?') {
            return misused("unknown option ", cli_refused_option(argv).text);
        }
        if (!take_option(option, &options)) {
            return misused("this value cannot be used: ", optarg);
        }
    }
    if (optind + 1 != argc) {
        return misused(optind == argc ? "which image?" : "one image, not several", "");
    }
    options.image = argv[optind];
    return run_machine(&options);
}
