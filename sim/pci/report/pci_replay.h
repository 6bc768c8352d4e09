/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The whole flow for one dump: read, model, enumerate in the machine, compare.
 */
#ifndef DRYDOCK_SIM_PCI_REPLAY_H
#define DRYDOCK_SIM_PCI_REPLAY_H

#include <stddef.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/report/pci_guest.h"
#include "sim/pci/bus/pci_topology.h"

/** What came of a dump. All text is in whole lines. */
struct sim_pci_verdict {
    struct sim_dump dump;
    struct sim_pci_topology topology;
    struct sim_pci_guest guest;
    size_t differences;     /**< lines of difference_text; 0: everything agrees */
    size_t unreachable;     /**< lines of unreachable_text */
    char *difference_text;  /**< function, what differs, both values */
    char *unreachable_text; /**< functions of the dump that enumeration cannot reach, and why */
    char *note_text;        /**< what libpci refused, and what the library found strange */
    char *fault_text;       /**< what was injected, and how often it struck */
    char *listing;          /**< what the guest found, as `lspci -F DUMP -n` prints it */
};

/**
 * Replay a dump.
 *
 * @param dump          of any form; the verdict's afterwards, freed on failure
 * @param kernel        as for sim_pci_guest_run()
 * @param[out] verdict  to be freed with sim_pci_verdict_free(); untouched on failure
 * @param[out] error    on failure one sentence: the dump cannot be enumerated, or the kernel image
 *                      cannot be used
 * @return 0 or -1; a kernel that crashes is a difference
 */
SIM_MUST_CHECK int sim_pci_replay(struct sim_dump *dump, struct sim_pci_kernel *kernel,
                                  struct sim_pci_verdict *verdict, struct sim_error *error);

/**
 * Replay a dump with faults. What is compared is what the dump says, so that a fault is a difference
 * if the library finds something else with it.
 *
 * @param faults  to be injected before the enumeration begins; must outlive the verdict
 */
SIM_MUST_CHECK int sim_pci_replay_with(struct sim_dump *dump, struct sim_pci_kernel *kernel,
                                       struct sim_pci_faults *faults,
                                       struct sim_pci_verdict *verdict, struct sim_error *error);

/**
 * Replay a dump that is in a file or folder.
 *
 * @param dump          as for sim_dump_open()
 * @param kernel        as for sim_pci_guest_run()
 * @param[out] verdict  to be freed with sim_pci_verdict_free(); untouched on failure
 * @param[out] error    on failure one sentence: the dump cannot be used ("PATH:LINE: …"), or the
 *                      kernel image cannot
 * @return 0 or -1; a kernel that crashes is a difference
 */
SIM_MUST_CHECK int sim_pci_replay_file(const char *dump, struct sim_pci_kernel *kernel,
                                       struct sim_pci_verdict *verdict, struct sim_error *error);

/** Free what sim_pci_replay_file() filled in; the struct is zeroed. */
void sim_pci_verdict_free(struct sim_pci_verdict *verdict);

#endif
