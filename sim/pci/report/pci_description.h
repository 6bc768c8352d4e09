/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The capabilities of the functions of a dump in words: as the library prints
 * them inside the machine.
 */
#ifndef DRYDOCK_SIM_PCI_DESCRIPTION_H
#define DRYDOCK_SIM_PCI_DESCRIPTION_H

#include <stdio.h>

#include "sim/pci/dump/dump.h"
#include "sim/pci/report/pci_guest.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/**
 * Print the capabilities of every function of a dump that enumeration finds.
 *
 * For each function, in the order of their addresses: its address as lspci writes it, the lines of
 * its capabilities as `lspci -vvv` has them, an empty line.
 *
 * @param dump        of any form
 * @param kernel      kernel image
 * @param out         gets the lines
 * @param remarks     gets a line for each function that enumeration does not find, and for each
 *                    that the library has something to say against
 * @param[out] error  the image is unusable, or the kernel did not get to the end
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_describe(const struct sim_dump *dump, struct sim_pci_kernel *kernel,
                                    FILE *out, FILE *remarks, struct sim_error *error);

#endif
