/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 4: the kernel image enumerates the buses of a dump inside the machine.
 */
#ifndef DRYDOCK_SIM_PCI_GUEST_H
#define DRYDOCK_SIM_PCI_GUEST_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"

struct sim_board;

/** A kernel image, and perhaps a board for the next run of it. */
struct sim_pci_kernel {
    const char *path;        /**< of the image; its kinit() and kpci_…() are called */
    struct sim_board *ready; /**< without buses; NULL: a run makes its own */
};

/**
 * Make the board of the next run beforehand.
 *
 * The kernel boots and goes back, so that the engine has translated it. A process that is to fork
 * others, one for each run, saves each of them that time. A kernel that cannot be loaded or does
 * not boot stays without board: the runs will say why.
 */
void sim_pci_kernel_prepare(struct sim_pci_kernel *kernel);

/** Free the board, if no run took it. */
void sim_pci_kernel_free(struct sim_pci_kernel *kernel);

/** What the guest found. */
struct sim_pci_guest {
    struct sim_pci_report mechanism1; /**< through ports 0xCF8 and 0xCFC: segment 0 */
    struct sim_pci_report ecam;       /**< through the windows: all segments */
    bool failed;                      /**< it did not get to the end; the reports may hold a part */
    struct sim_error failure;         /**< if so: how that ended, and its last words */
};

/**
 * Run the enumeration of a kernel image, by mechanism 1 and then by ECAM.
 *
 * @param topology    read and written by the guest
 * @param kernel      its kpci_report() is called; the run takes its board, if it has one
 * @param[out] guest  to be freed with sim_pci_guest_free(); untouched on failure
 * @param[out] error  the image cannot be loaded, or the machine cannot be built
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_guest_run(struct sim_pci_topology *topology,
                                     struct sim_pci_kernel *kernel, struct sim_pci_guest *guest,
                                     struct sim_error *error);

/**
 * Run the kernel's description of the functions, by ECAM.
 *
 * @param topology    read and written by the guest
 * @param kernel      its kpci_describe() is called; the run takes its board, if it has one
 * @param lines       gets what it prints: lines of kernel/protocol.h
 * @param[out] error  the image cannot be loaded, the machine cannot be built, or the kernel did not
 *                    get to the end
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_guest_describe(struct sim_pci_topology *topology,
                                          struct sim_pci_kernel *kernel, FILE *lines,
                                          struct sim_error *error);

/** Free what sim_pci_guest_run() filled in; the struct is zeroed. */
void sim_pci_guest_free(struct sim_pci_guest *guest);

#endif
