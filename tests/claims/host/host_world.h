/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The hosted world's machine: opened before a claim, closed after it.
 */
#ifndef DRYDOCK_TESTS_HOST_WORLD_H
#define DRYDOCK_TESTS_HOST_WORLD_H

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/machine/seam.h"

/**
 * Make the machine behind the seam and the services of world.h on it.
 *
 * @param dump        lspci dump that becomes its PCI bus
 * @param on_stop     told that an instruction of the library did not complete; must not return
 * @param context     passed to on_stop
 * @param[out] error  why it failed
 * @return 0 or -1
 */
SIM_MUST_CHECK int host_world_open(const char *dump, sim_seam_on_stop *on_stop, void *context,
                                   struct sim_error *error);

/** Free everything host_world_open made. */
void host_world_close(void);

#endif
