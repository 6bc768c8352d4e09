/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The PCI functions in an answer to QEMU's query-pci.
 */
#ifndef DRYDOCK_SIM_QEMU_LIST_H
#define DRYDOCK_SIM_QEMU_LIST_H

#include <jansson.h>

#include "sim/world/qemu.h"

/**
 * Read the functions of all buses, behind bridges too.
 *
 * @param answer          what the monitor returned; any JSON
 * @param[out] functions  in order of their addresses, to be freed with free(); untouched on failure
 * @param[out] count      how many; untouched on failure
 * @return 0, or -1 with *error set if it has another form than query-pci's
 */
SIM_MUST_CHECK int sim_qemu_list_read(json_t *answer, struct sim_qemu_function **functions,
                                      size_t *count, struct sim_error *error);

#endif
