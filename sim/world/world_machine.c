/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worlds `machine-…`: the whole kernel, booted in the simulated PC; it runs all claims in one go.
 * After each claim's line the machine is asked what it found: the first claim answers for what the
 * kernel did before it, too.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/boot/boot_protocol.h"
#include "sim/devices/byte_buffer.h"
#include "sim/pci/dump/dump.h"
#include "sim/machine/machine_report.h"
#include "sim/machine/pc.h"
#include "sim/world/qemu.h"
#include "sim/util/text.h"
#include "sim/world/world.h"
#include "sim/world/world_internal.h"

#define RAM_SIZE (UINT64_C(64) << 20)

/* Basic blocks of one boot: all claims together take less than three million. */
#define BUDGET UINT64_C(30000000)

enum {
    FINDING_BYTES = 640,
    END_BYTES = 256
};

struct boot {
    struct sim_matrix *matrix;
    int world;
    const struct sim_world_options *options;
    struct sim_pc pc;
    struct sim_byte_buffer console;
    size_t line; /* start of the console line that is being printed */
};

static void take_line(struct boot *boot)
{
    const char *line = (const char *)boot->console.bytes + boot->line;
    int claim = sim_matrix_take_line(boot->matrix, boot->world, line);
    char text[FINDING_BYTES];

    if (claim >= 0 && world_take_findings(boot->pc.machine, text, sizeof text)) {
        sim_matrix_refute(boot->matrix, boot->world, (unsigned int)claim, text);
    }
}

/* A kernel that prints more than anybody reads is not listened to any longer. */
static void put_serial(void *self, uint8_t byte)
{
    struct boot *boot = self;
    uint8_t kept = byte == '\0' ? (uint8_t)'?' : byte;

    if (byte == '\n' && boot->console.size > boot->line) {
        take_line(boot);
    }
    if (sim_byte_buffer_append(&boot->console, &kept, 1) == 0 && byte == '\n') {
        boot->line = boot->console.size;
    }
}

/* The title of the post-mortem. */
static void describe_death(struct sim_machine *machine, const struct sim_result *result, char *text,
                           size_t size)
{
    struct sim_postmortem *postmortem = malloc(sizeof *postmortem);

    if (postmortem == NULL) {
        sim_result_describe(result, text, size);
        return;
    }
    sim_machine_collect(machine, result, postmortem);
    (void)snprintf(text, size, "%s", postmortem->title);
    free(postmortem);
}

static void describe_exit(uint64_t value, char *text, size_t size)
{
    switch (value) {
    case SIM_QEMU_STATUS_SUCCESS:
        (void)snprintf(text, size, "the kernel reported success");
        break;
    case SIM_QEMU_STATUS_FAILURE:
        (void)snprintf(text, size, "the kernel reported failure");
        break;
    case SIM_PC_RESET:
        (void)snprintf(text, size, "the kernel reset the machine");
        break;
    case SIM_PC_POWER_OFF:
        (void)snprintf(text, size, "the kernel powered the machine off");
        break;
    default:
        (void)snprintf(text, size, "the kernel ended the run with status %" PRIu64, value);
        break;
    }
}

static void take_result(struct boot *boot, const struct sim_result *result)
{
    const char *console = boot->console.bytes == NULL ? "" : (const char *)boot->console.bytes;
    char end[END_BYTES + FINDING_BYTES];
    char found[FINDING_BYTES];
    struct world_boot over = {console, end, false};

    if (result->stop == SIM_STOP_EXITED) {
        describe_exit(result->value, end, END_BYTES);
        over.is_well = result->value == SIM_QEMU_STATUS_SUCCESS;
    } else {
        describe_death(boot->pc.machine, result, end, END_BYTES);
    }
    if (world_take_findings(boot->pc.machine, found, sizeof found)) {
        sim_text_append(end, sizeof end, "; %s", found);
        over.is_well = false;
    }
    world_take_end(boot->matrix, boot->world, &over);
}

static int run(struct boot *boot, const char *image, struct sim_pci_topology *topology,
               struct sim_error *error)
{
    const struct sim_boot_request request = {.cmdline = boot->options->command_line};
    const struct sim_pc_options parts = {
        .machine = {.ram_bytes = RAM_SIZE, .processor = boot->options->processor},
        .topology = topology,
        .serial = {put_serial, boot},
    };
    struct sim_result result;

    if (sim_pc_open(&boot->pc, &parts, error) != 0 ||
        sim_pc_start(&boot->pc, image, &request, error) != 0) {
        return -1;
    }
    sim_machine_set_budget(boot->pc.machine, BUDGET);
    result = sim_machine_run(boot->pc.machine);
    take_result(boot, &result);
    return 0;
}

static int boot_once(struct boot *boot, const char *image, const struct sim_dump *dump,
                     struct sim_error *error)
{
    struct sim_pci_topology topology;
    int status = -1;

    if (sim_pci_topology_init(&topology, dump, error) != 0) {
        return -1;
    }
    status = run(boot, image, &topology, error);
    sim_pc_close(&boot->pc);
    sim_byte_buffer_free(&boot->console);
    sim_pci_topology_free(&topology);
    return status;
}

void sim_world_run_machine(struct sim_matrix *matrix, int world, const char *image,
                           const struct sim_world_options *options)
{
    struct boot *boot = calloc(1, sizeof *boot);
    struct sim_dump dump = {0};
    struct sim_error error = {"out of memory"};

    if (boot != NULL) {
        boot->matrix = matrix;
        boot->world = world;
        boot->options = options;
    }
    if (boot == NULL || sim_dump_read(options->dump, &dump, &error) != 0 ||
        boot_once(boot, image, &dump, &error) != 0) {
        sim_matrix_set_rest(matrix, world, SIM_CELL_ERROR, error.text);
    }
    sim_dump_free(&dump);
    free(boot);
}
