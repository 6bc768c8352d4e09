/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The second opinion on a dump: libpci, the library behind lspci. It runs in a
 * child process, because it ends the process when it does not like a file.
 */
#ifndef DRYDOCK_SIM_PCI_ORACLE_H
#define DRYDOCK_SIM_PCI_ORACLE_H

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/report/pci_report.h"

/**
 * What libpci finds in the file of a dump.
 *
 * libpci up to 3.9 takes the capability pointer of every header from offset 34h. For a type 2
 * header, which has it at 14h, the lists are read from @p dump instead, and for an unknown header
 * type there are none.
 *
 * @param[out] report  filled in on success, to be freed with sim_pci_report_free()
 * @param[out] error   on failure "libpci: …" in its own words, or what ended the child
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_oracle_ask(const struct sim_dump *dump, struct sim_pci_report *report,
                                      struct sim_error *error);

/**
 * What libpci finds in a dump when it is written once more in the form of lspci: for a file that it
 * refuses, or that is something else.
 *
 * @return as sim_pci_oracle_ask(); parameters too
 */
SIM_MUST_CHECK int sim_pci_oracle_ask_again(const struct sim_dump *dump,
                                            struct sim_pci_report *report, struct sim_error *error);

/**
 * Names from libpci's list of IDs, as lspci prints them: "CLASS: VENDOR DEVICE".
 *
 * @return one line for each function of the report, in its order, to be freed; NULL with *error set
 *         if libpci failed
 */
char *sim_pci_oracle_names(const struct sim_pci_report *report, struct sim_error *error);

#endif
