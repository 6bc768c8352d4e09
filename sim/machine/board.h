/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A machine as a board: with a console, a debug exit, interrupt controllers and
 * timer, the PCI buses of a dump, perhaps a kernel image, and the description
 * that a kernel gets of all this.
 */
#ifndef DRYDOCK_SIM_BOARD_H
#define DRYDOCK_SIM_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/protocol.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/machine/controllers.h"
#include "sim/machine/machine.h"
#include "sim/pci/bus/pci_host.h"
#include "sim/pci/bus/pci_topology.h"
#include "sim/devices/uart16550.h"

struct sim_board {
    struct sim_machine *machine;
    struct sim_pci_host host;
    struct sim_uart16550 console;
    struct sim_controllers controllers;
    uint64_t description; /**< machine address of the struct kmachine */
};

/**
 * How many segments of a topology, from one on, fit one board.
 *
 * A kernel has room for so many windows and root buses. Segments share nothing,
 * so a dump with more of them is enumerated by several boards.
 *
 * @param first  index of a segment, below topology->segment_count
 * @return 1 or more
 */
size_t sim_board_count_segments(const struct sim_pci_topology *topology, size_t first);

/**
 * Build a board without buses.
 *
 * @param[out] board  to be closed with sim_board_close(), after a failure too; must stay where it is
 * @param kernel      kernel image to load, or NULL
 * @param[out] error  the image cannot be loaded, or the machine cannot be built
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_board_open(struct sim_board *board, const char *kernel,
                                  struct sim_error *error);

/**
 * Give a board its buses, once, and describe them to the kernel.
 *
 * @param topology    read and written by the guest; must outlive the board
 * @param first       index of the first segment; as many as fit get a window
 * @param[out] error  the buses cannot be connected; the board can only be closed then
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_board_connect(struct sim_board *board, struct sim_pci_topology *topology,
                                     size_t first, struct sim_error *error);

/** Free everything of a board; the struct is zeroed. */
void sim_board_close(struct sim_board *board);

/** What the kernel has printed since it had printed @p before bytes. Valid until it prints more. */
const char *sim_board_output(struct sim_board *board, size_t before);

/** How many bytes the kernel has printed. */
size_t sim_board_output_size(const struct sim_board *board);

/** The machine's description, in its RAM. */
const struct kmachine *sim_board_description(struct sim_board *board);

#endif
