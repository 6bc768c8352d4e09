/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a dump in memory: text, and not more of it than a dump may have. Text has no NUL
 * bytes; UTF-16, which some shells write, does.
 */
#include "sim/pci/dump/dump_text.h"

#include <stdlib.h>
#include <string.h>

#include "sim/util/file.h"

int sim_dump_check_text(const char *path, const char *text, size_t size, struct sim_error *error)
{
    const char *nul = size == 0 ? NULL : memchr(text, '\0', size);
    unsigned int line = 1;

    if (nul == NULL) {
        return 0;
    }
    for (const char *at = text; at < nul; at++) {
        line += *at == '\n';
    }
    return sim_error_set(error, "%s:%u: a NUL byte: this is not text in ASCII or UTF-8", path,
                         line);
}

int sim_dump_load(const char *path, char **text, size_t *size, struct sim_error *error)
{
    const struct sim_file_limit limit = {SIM_DUMP_MAX_BYTES >> 20, "an lspci dump"};
    struct sim_file file;

    if (sim_file_read(path, &limit, &file, error) != 0) {
        return -1;
    }
    *text = file.bytes;
    *size = file.size;
    return 0;
}
