/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel enumerates the buses of a dump on a board, and prints what it
 * finds on its serial port. A dump with more segments than a board takes is
 * enumerated on several boards, one after the other.
 */
#include "sim/pci/report/pci_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/board.h"
#include "sim/machine/snapshot.h"

/** Basic blocks a call may take: enough for the longest dump; an endless loop ends in a minute. */
#define BUDGET UINT64_C(4000000000)

/* Say how a call that did not return ended, and the last line the kernel printed. */
static int set_failure(struct sim_error *failure, const char *function,
                       const struct sim_result *result, const char *output)
{
    char end[384];
    size_t length = strlen(output);
    const char *line = output;

    while (length > 0 && output[length - 1] == '\n') {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        line = output[i] == '\n' ? &output[i + 1] : line;
    }
    sim_result_describe(result, end, sizeof end);
    return sim_error_set(failure, "the kernel's %s() did not return: %s; it said \"%.*s\"",
                         function, end, (int)(length - (size_t)(line - output)), line);
}

/* Call a function of the kernel; the result is what it printed, or NULL. */
static const char *call(struct sim_board *board, const char *function, uint64_t argument,
                        struct sim_error *failure)
{
    size_t before = sim_board_output_size(board);
    struct sim_result result = sim_call(board->machine, function, argument);
    const char *output = sim_board_output(board, before);

    if (result.stop != SIM_STOP_RETURNED) {
        (void)set_failure(failure, function, &result, output);
        return NULL;
    }
    return output;
}

/* Have the kernel report what it finds by one mechanism. */
static int report(struct sim_board *board, struct sim_pci_guest *guest,
                  enum kpci_mechanism mechanism, struct sim_pci_report *found)
{
    const char *output = call(board, "kpci_report", mechanism, &guest->failure);

    return output == NULL ? -1 : sim_pci_report_read(found, output, &guest->failure);
}

/* Let the kernel enumerate one machine's segments. What goes wrong is in the guest's failure. */
static void enumerate(struct sim_board *board, struct sim_pci_guest *guest)
{
    bool has_segment0 = board->host.windows[0].segment == 0;

    guest->failed =
        call(board, "kinit", board->description, &guest->failure) == NULL ||
        (has_segment0 && report(board, guest, KPCI_MECHANISM_1, &guest->mechanism1) != 0) ||
        report(board, guest, KPCI_ECAM, &guest->ecam) != 0;
}

/* Close a board that open_board() or take_board() gave. */
static void close_board(struct sim_board *board)
{
    if (board != NULL) {
        sim_board_close(board);
        free(board);
    }
}

static struct sim_board *open_board(const char *kernel, struct sim_error *error)
{
    struct sim_board *board = calloc(1, sizeof *board);

    if (board == NULL) {
        (void)sim_error_set(error, "no memory for a board");
        return NULL;
    }
    if (sim_board_open(board, kernel, error) != 0) {
        close_board(board);
        return NULL;
    }
    sim_machine_set_budget(board->machine, BUDGET);
    return board;
}

/* The board that is ready, or a new one, with the buses of a batch; NULL on failure. */
static struct sim_board *take_board(struct sim_pci_kernel *kernel,
                                    struct sim_pci_topology *topology, size_t first,
                                    struct sim_error *error)
{
    struct sim_board *board =
        kernel->ready != NULL ? kernel->ready : open_board(kernel->path, error);

    kernel->ready = NULL;
    if (board != NULL && sim_board_connect(board, topology, first, error) != 0) {
        close_board(board);
        return NULL;
    }
    return board;
}

/* Boot a kernel without buses, and go back. */
static bool rehearse(struct sim_board *board)
{
    struct sim_error error;
    struct sim_snapshot *start = sim_machine_snapshot(board->machine, &error);
    bool result = start != NULL && call(board, "kinit", board->description, &error) != NULL &&
                  call(board, "kpci_report", KPCI_MECHANISM_1, &error) != NULL &&
                  sim_machine_restore(board->machine, start, &error) == 0;

    sim_snapshot_free(start);
    return result;
}

void sim_pci_kernel_prepare(struct sim_pci_kernel *kernel)
{
    struct sim_error error;

    kernel->ready = open_board(kernel->path, &error);
    if (kernel->ready != NULL && !rehearse(kernel->ready)) {
        sim_pci_kernel_free(kernel);
    }
}

void sim_pci_kernel_free(struct sim_pci_kernel *kernel)
{
    close_board(kernel->ready);
    kernel->ready = NULL;
}

static int run_batch(struct sim_pci_topology *topology, size_t first, struct sim_pci_kernel *kernel,
                     struct sim_pci_guest *guest, struct sim_error *error)
{
    struct sim_board *board = take_board(kernel, topology, first, error);

    if (board == NULL) {
        return -1;
    }
    enumerate(board, guest);
    close_board(board);
    return 0;
}

int sim_pci_guest_run(struct sim_pci_topology *topology, struct sim_pci_kernel *kernel,
                      struct sim_pci_guest *guest, struct sim_error *error)
{
    struct sim_pci_guest run = {.failed = false};

    for (size_t first = 0; first < topology->segment_count && !run.failed;
         first += sim_board_count_segments(topology, first)) {
        if (run_batch(topology, first, kernel, &run, error) != 0) {
            sim_pci_guest_free(&run);
            return -1;
        }
    }
    *guest = run;
    return 0;
}

void sim_pci_guest_free(struct sim_pci_guest *guest)
{
    sim_pci_report_free(&guest->mechanism1);
    sim_pci_report_free(&guest->ecam);
    *guest = (struct sim_pci_guest){.failed = false};
}

static int describe_batch(struct sim_pci_topology *topology, size_t first,
                          struct sim_pci_kernel *kernel, FILE *lines, struct sim_error *error)
{
    struct sim_board *board = take_board(kernel, topology, first, error);
    const char *output = NULL;

    if (board == NULL) {
        return -1;
    }
    if (call(board, "kinit", board->description, error) != NULL) {
        output = call(board, "kpci_describe", KPCI_ECAM, error);
    }
    (void)fputs(output == NULL ? "" : output, lines);
    close_board(board);
    return output == NULL ? -1 : 0;
}

int sim_pci_guest_describe(struct sim_pci_topology *topology, struct sim_pci_kernel *kernel,
                           FILE *lines, struct sim_error *error)
{
    int result = 0;

    for (size_t first = 0; first < topology->segment_count && result == 0;
         first += sim_board_count_segments(topology, first)) {
        result = describe_batch(topology, first, kernel, lines, error);
    }
    return result;
}
