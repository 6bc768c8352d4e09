/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The memory of an ECAM window as a file: 4096 bytes for each function there could
 * be, 1 MiB for each bus, from some bus on. Spec: [PCIe 6] 7.2.2.
 */
#ifndef DRYDOCK_SIM_ECAM_IMAGE_H
#define DRYDOCK_SIM_ECAM_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/pci/dump/dump.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

#define SIM_ECAM_BUS_SIZE (1u << 20)

/**
 * Read an image.
 *
 * A place is no function if its vendor ID reads all ones or 0, or if it repeats function 0 of a
 * device that is not multi-function. Bytes that are all ones from 100h on are not there.
 *
 * @param path        a regular file of 1 to 256 MiB
 * @param first_bus   number of the first bus in it
 * @param[out] dump   filled in on success, to be freed with sim_dump_free; untouched on failure
 * @param[out] error  "PATH: …": it cannot be read, is not a multiple of 1 MiB, has more buses than
 *                    there are from first_bus on, or has no function
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_ecam_read(const char *path, uint8_t first_bus, struct sim_dump *dump,
                                 struct sim_error *error);

#endif
