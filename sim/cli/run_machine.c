/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Booting the machine of `drydock run`: its devices, what it is given, and where its output goes. */
#include "sim/cli/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/boot/boot_protocol.h"
#include "sim/cli/cli.h"
#include "sim/cli/faults.h"
#include "sim/machine/machine_report.h"
#include "sim/pci/dump/dump_open.h"
#include "sim/util/file.h"

enum {
    INITRD_MEBIBYTES = 1024
};

#define TRACE_LIMIT   (UINT64_C(4) << 30)
#define POLL_INTERVAL (SIM_SECOND / 1000)

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
    (void)fflush(stdout); /* somebody may be asked something */
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
    struct run_options *options = self;

    if (options->screen == RUN_SCREEN_IF_SILENT) {
        options->screen = RUN_SCREEN_NEVER;
    }
    (void)putchar(byte);
}

static void put_debug(void *self, uint8_t byte)
{
    (void)self;
    (void)fputc(byte, stderr);
}

/* The machine that a signal ends the run of. */
static struct sim_machine *volatile interruptible;

static void on_signal(int number)
{
    (void)number;
    if (interruptible != NULL) {
        sim_machine_interrupt(interruptible);
    }
}

/* The first ^C asks for the post-mortem, the second one kills. */
static void let_signals_interrupt(struct sim_machine *machine)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

    interruptible = machine;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* Runs what has been started. */
static int run_to_the_end(struct sim_pc *pc, const struct run_options *options)
{
    struct sim_result result;

    sim_machine_set_budget(pc->machine, options->budget);
    let_signals_interrupt(pc->machine);
    result = sim_machine_run(pc->machine);
    interruptible = NULL;
    (void)fflush(stdout);
    (void)sim_machine_audit_tlb(pc->machine);
    return run_report(pc, &result, options);
}

static int boot(struct sim_pc *pc, const struct run_options *options, struct typist *typist,
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

static int run_pc(struct run_options *options, struct sim_pci_topology *topology)
{
    struct sim_pc *pc = calloc(1, sizeof *pc);
    struct typist typist = {0};
    struct sim_injection injection = {.count = 0};
    struct sim_error error;
    const struct sim_pc_options parts = {
        .machine = options->machine,
        .topology = topology,
        .serial = {put_serial, options},
        .debug = {put_debug, NULL},
    };
    int status = CLI_UNUSABLE;

    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* what is said is seen though the guest hangs */
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

int run_machine(const struct run_options *options)
{
    struct run_options own = *options;
    struct sim_dump dump = {0};
    struct sim_pci_topology topology = {0};
    const struct sim_dump_options as_it_is = {0};
    struct sim_error error;
    int status = CLI_UNUSABLE;

    if ((options->dump != NULL && sim_dump_open(options->dump, &as_it_is, &dump, &error) != 0) ||
        sim_pci_topology_init(&topology, &dump, &error) != 0) {
        (void)fprintf(stderr, "drydock run: %s\n", error.text);
    } else {
        (void)fputs(dump.remarks == NULL ? "" : dump.remarks, stderr);
        status = run_pc(&own, &topology);
    }
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
    return status;
}
