/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `drydock run`. Standard output has only what the guest sent to its serial
 * port; what the machine has to say goes to standard error.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/boot/boot_protocol.h"
#include "sim/cli/cli.h"
#include "sim/cli/faults.h"
#include "sim/pci/dump.h"
#include "sim/util/file.h"
#include "sim/machine/machine_report.h"
#include "sim/machine/pc.h"
#include "sim/machine/pc_report.h"

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
    "  --screen            print the text screen at the end\n"
    "  --mmu own|engine    who translates addresses, default own\n"
    "  --no-audit          do not look for missing TLB flushes; faster\n"
    "\n"
    "Exit status: as QEMU's isa-debug-exit gives it (2v + 1 after writing v to port 0xF4);\n"
    "0 power-off or reset, 124 out of budget, 125 the guest died, 2 wrong usage or image.\n";

enum run_status {
    RUN_OUT_OF_BUDGET = 124,
    RUN_DIED = 125
};

enum {
    INITRD_MEBIBYTES = 1024
};

#define TRACE_LIMIT   (UINT64_C(4) << 30)
#define MEBIBYTE      (UINT64_C(1) << 20)
#define POLL_INTERVAL (SIM_SECOND / 1000)

struct options {
    struct sim_machine_options machine;
    uint64_t budget;
    const char *cmdline, *initrd, *dump, *inject, *trace, *json, *image;
    bool screen;
};

/* Standard input, as a device that types it on the guest's keyboard. */
struct typist {
    struct sim_pc *pc;
    struct {
        uint64_t next;
    } state;
};

static uint64_t typist_deadline(const void *self)
{
    const struct typist *typist = self;

    return typist->state.next;
}

static void typist_advance(void *self)
{
    struct typist *typist = self;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char bytes[64];
    ssize_t count = -1;

    typist->state.next += POLL_INTERVAL;
    if (poll(&input, 1, 0) <= 0) {
        return;
    }
    count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0 || sim_i8042_type(&typist->pc->keyboard, bytes, (size_t)count) != 0) {
        typist->state.next = SIM_NEVER; /* the end of input, or more than anybody types */
    }
}

static void put_serial(void *self, uint8_t byte)
{
    (void)self;
    (void)putchar(byte);
}

static void put_debug(void *self, uint8_t byte)
{
    (void)self;
    (void)fputc(byte, stderr);
}

static void print_screen(const struct sim_vga_text *video)
{
    char line[SIM_VGA_TEXT_LINE];

    for (unsigned int row = 0; row < SIM_VGA_TEXT_ROWS; row++) {
        sim_vga_text_line(video, row, line);
        (void)puts(line);
    }
    (void)fflush(stdout);
}

static void print_findings(struct sim_machine *machine)
{
    const struct sim_findings *findings = sim_machine_findings(machine);

    for (size_t i = 0; i < findings->count; i++) {
        const struct sim_finding *finding = &findings->list[i];

        (void)fprintf(stderr, "drydock: %s: %s", sim_finding_kind_name(finding->kind),
                      finding->text);
        if (finding->count > 1) {
            (void)fprintf(stderr, " (%" PRIu64 " times)", finding->count);
        }
        (void)fputc('\n', stderr);
    }
    if (findings->lost > 0) {
        (void)fprintf(stderr, "drydock: and %" PRIu64 " more\n", findings->lost);
    }
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
                    const struct options *options)
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

/* Runs what has been started. */
static int run_to_the_end(struct sim_pc *pc, const struct options *options)
{
    struct sim_result result;

    sim_machine_set_budget(pc->machine, options->budget);
    result = sim_machine_run(pc->machine);
    (void)fflush(stdout);
    (void)sim_machine_audit_tlb(pc->machine);
    if (options->screen) {
        print_screen(&pc->video);
    }
    if (result.stop == SIM_STOP_EXITED) {
        print_findings(pc->machine);
    } else {
        explain(pc, &result, options);
    }
    return status_of(&result);
}

static int boot(struct sim_pc *pc, const struct options *options, struct typist *typist,
                struct sim_error *error)
{
    const struct sim_device input = {
        .name = "standard input",
        .self = typist,
        .state = &typist->state,
        .state_size = sizeof typist->state,
        .deadline = typist_deadline,
        .advance = typist_advance,
    };
    const struct sim_file_limit limit = {INITRD_MEBIBYTES, "a file for the kernel's memory"};
    struct sim_boot_request request = {.cmdline = options->cmdline};
    struct sim_file initrd = {0};
    int status = -1;

    typist->pc = pc;
    if (sim_machine_add_device(pc->machine, &input, error) != 0) {
        return -1;
    }
    if (options->initrd != NULL) {
        if (sim_file_read(options->initrd, &limit, &initrd, error) != 0) {
            return -1;
        }
        request.initrd = initrd.bytes;
        request.initrd_size = initrd.size;
        request.initrd_name = options->initrd;
    }
    status = sim_pc_start(pc, options->image, &request, error);
    sim_file_free(&initrd);
    return status;
}

static int open_trace(struct sim_pc *pc, const char *path, struct sim_error *error)
{
    struct sim_trace *trace = sim_machine_trace(pc->machine);

    if (path == NULL) {
        return 0;
    }
    trace->file = fopen(path, "w");
    trace->file_left = TRACE_LIMIT;
    return trace->file == NULL ? sim_error_set(error, "%s: %s", path, strerror(errno)) : 0;
}

static int close_trace(struct sim_pc *pc, const char *path)
{
    struct sim_trace *trace = pc->machine == NULL ? NULL : sim_machine_trace(pc->machine);

    if (trace == NULL || trace->file == NULL) {
        return 0;
    }
    sim_trace_end(trace);
    if (fclose(trace->file) != 0) {
        (void)fprintf(stderr, "drydock run: %s: %s\n", path, strerror(errno));
        return -1;
    }
    return 0;
}

static int run_pc(const struct options *options, struct sim_pci_topology *topology)
{
    struct sim_pc *pc = calloc(1, sizeof *pc);
    struct typist typist = {0};
    struct sim_injection injection = {.count = 0};
    struct sim_error error;
    const struct sim_pc_options parts = {
        .machine = options->machine,
        .topology = topology,
        .serial = {put_serial, NULL},
        .debug = {put_debug, NULL},
    };
    int status = CLI_UNUSABLE;

    if (pc == NULL) {
        (void)fprintf(stderr, "drydock run: out of memory\n");
        return CLI_UNUSABLE;
    }
    if (sim_pc_open(pc, &parts, &error) == 0 && open_trace(pc, options->trace, &error) == 0 &&
        boot(pc, options, &typist, &error) == 0 &&
        cli_inject_faults(pc->machine, options->inject, &injection, &error) == 0) {
        status = run_to_the_end(pc, options);
        cli_report_faults(pc->machine, &injection);
    } else {
        (void)fprintf(stderr, "drydock run: %s\n", error.text);
    }
    if (close_trace(pc, options->trace) != 0) {
        status = CLI_UNUSABLE;
    }
    sim_pc_close(pc);
    free(pc);
    return status;
}

static int run(const struct options *options)
{
    struct sim_dump dump = {0};
    struct sim_pci_topology topology = {0};
    struct sim_error error;
    int status = CLI_UNUSABLE;

    if ((options->dump != NULL && sim_dump_read(options->dump, &dump, &error) != 0) ||
        sim_pci_topology_init(&topology, &dump, &error) != 0) {
        (void)fprintf(stderr, "drydock run: %s\n", error.text);
    } else {
        status = run_pc(options, &topology);
    }
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
    return status;
}

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
static bool take_option(int option, struct options *options)
{
    switch (option) {
    case 'm':
        return parse_number(optarg, MEBIBYTE, &options->machine.ram_bytes);
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
        options->screen = true;
        return true;
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
        {"mem", required_argument, NULL, 'm'},    {"cmdline", required_argument, NULL, 'c'},
        {"initrd", required_argument, NULL, 'i'}, {"pci", required_argument, NULL, 'p'},
        {"seed", required_argument, NULL, 'S'},   {"budget", required_argument, NULL, 'b'},
        {"trace", required_argument, NULL, 't'},  {"json", required_argument, NULL, 'j'},
        {"screen", no_argument, NULL, 's'},       {"mmu", required_argument, NULL, 'u'},
        {"inject", required_argument, NULL, 'I'}, {"no-audit", no_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    struct options options = {
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
    return run(&options);
}
