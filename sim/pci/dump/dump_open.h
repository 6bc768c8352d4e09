/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 1 for whatever describes a machine's PCI buses. What it is, is seen in the
 * content and not in the name:
 * - text of lspci: dump.h;
 * - a folder or a tar archive (plain, gzip, bzip2, xz, zstd) in the form of
 *   /sys/bus/pci/devices: sysfs_tree.h;
 * - an image of an ECAM window: ecam_image.h.
 */
#ifndef DRYDOCK_SIM_DUMP_OPEN_H
#define DRYDOCK_SIM_DUMP_OPEN_H

#include <stdint.h>
#include <stdio.h>

#include "sim/pci/dump/dump.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** What a file does not say about itself. All zero is usual. */
struct sim_dump_options {
    uint8_t first_bus; /**< of an image of an ECAM window */
};

/**
 * Read a dump of any form.
 *
 * @param[out] dump   filled in on success, to be freed with sim_dump_free; untouched on failure
 * @param[out] error  on failure one sentence that begins with the path
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_open(const char *path, const struct sim_dump_options *options,
                                 struct sim_dump *dump, struct sim_error *error);

/**
 * Write a dump as `lspci -x`, `-xxx` or `-xxxx` does, so that `lspci -F` reads it.
 *
 * A function has as many rows as it takes to show every byte that is known: 64, 256 or 4096 bytes.
 * Bytes in them that are not known are 00.
 */
void sim_dump_write(const struct sim_dump *dump, FILE *file);

#endif
