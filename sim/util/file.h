/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A whole file in memory, read with care: paths come from users.
 */
#ifndef DRYDOCK_SIM_FILE_H
#define DRYDOCK_SIM_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"

struct sim_file {
    char *bytes;
    size_t size;
};

/** What may be read, and what is said of larger files. */
struct sim_file_limit {
    unsigned int mebibytes;
    const char *what; /**< "an lspci dump": a larger file is not one */
};

/**
 * Read a regular file to its end.
 *
 * @param[out] file   to be freed with sim_file_free; untouched on failure
 * @param[out] error  "PATH: …": it cannot be read, is not a regular file, or is too large
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_file_read(const char *path, const struct sim_file_limit *limit,
                                 struct sim_file *file, struct sim_error *error);

/** Free the bytes; the struct is zeroed. */
void sim_file_free(struct sim_file *file);

#endif
