/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a dump in memory.
 *
 * What the path names is not trusted: it may be a directory, a device that never
 * ends, a FIFO nobody writes to, or a disk image. So it is opened without
 * waiting, only a regular file is read, and never more of it than a dump may
 * have, even if it grows meanwhile. (Files in /proc say that they have 0 bytes;
 * the end is where reading says it is.)
 */
#include "sim/dump_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse_size(const char *path, struct sim_error *error)
{
    return sim_error_set(error, "%s: larger than %u MiB: not an lspci dump", path,
                         SIM_DUMP_MAX_BYTES >> 20);
}

static int grow(char **text, size_t *capacity)
{
    size_t larger = *capacity == 0 ? 65536 : 2 * *capacity;
    char *moved = realloc(*text, larger);

    if (moved == NULL) {
        return -1;
    }
    *text = moved;
    *capacity = larger;
    return 0;
}

/* Read to the end. The caller frees the text, also on failure. */
static int read_all(int file, const char *path, char **text, size_t *size, struct sim_error *error)
{
    size_t capacity = 0;
    ssize_t got = 1;

    while (got > 0) {
        if (*size == capacity && grow(text, &capacity) != 0) {
            return sim_error_set(error, "%s: out of memory", path);
        }
        got = read(file, *text + *size, capacity - *size);
        if (got < 0) {
            return sim_error_set(error, "%s: %s", path, strerror(errno));
        }
        *size += (size_t)got;
        if (*size > SIM_DUMP_MAX_BYTES) {
            return refuse_size(path, error);
        }
    }
    return 0;
}

static int check_file(int file, const char *path, struct sim_error *error)
{
    struct stat status;

    if (fstat(file, &status) != 0) {
        return sim_error_set(error, "%s: %s", path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return sim_error_set(error, "%s: is a directory", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return sim_error_set(error, "%s: is not a regular file", path);
    }
    if (status.st_size > (off_t)SIM_DUMP_MAX_BYTES) {
        return refuse_size(path, error);
    }
    return 0;
}

/* Text has no NUL bytes; UTF-16, which some shells write, does. */
static int check_text(const char *path, const char *text, size_t size, struct sim_error *error)
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
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    char *bytes = NULL;
    size_t count = 0;

    if (file < 0) {
        return sim_error_set(error, "%s: %s", path, strerror(errno));
    }
    if (check_file(file, path, error) != 0 || read_all(file, path, &bytes, &count, error) != 0 ||
        check_text(path, bytes, count, error) != 0) {
        free(bytes);
        (void)close(file);
        return -1;
    }
    (void)close(file);
    *text = bytes;
    *size = count;
    return 0;
}
