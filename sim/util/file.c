/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a path names is not trusted: it may be a directory, a device that never
 * ends, a FIFO nobody writes to, or a disk image. So it is opened without
 * waiting, only a regular file is read, and never more of it than allowed, even
 * if it grows meanwhile. (Files in /proc say that they have 0 bytes; the end is
 * where reading says it is.)
 */
#include "sim/util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file while it is read. */
struct reading {
    const char *path;
    const struct sim_file_limit *limit;
    int descriptor;
    struct sim_file file;
    size_t capacity;
};

static int grow(struct reading *reading)
{
    size_t larger = reading->capacity == 0 ? 65536 : 2 * reading->capacity;
    char *moved = realloc(reading->file.bytes, larger);

    if (moved == NULL) {
        return -1;
    }
    reading->file.bytes = moved;
    reading->capacity = larger;
    return 0;
}

static int check_size(const struct reading *reading, uint64_t size, struct sim_error *error)
{
    if (size <= (uint64_t)reading->limit->mebibytes << 20) {
        return 0;
    }
    return sim_error_set(error, "%s: larger than %u MiB: not %s", reading->path,
                         reading->limit->mebibytes, reading->limit->what);
}

static int check_kind(const struct reading *reading, struct sim_error *error)
{
    struct stat status;

    if (fstat(reading->descriptor, &status) != 0) {
        return sim_error_set(error, "%s: %s", reading->path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return sim_error_set(error, "%s: is a directory", reading->path);
    }
    if (!S_ISREG(status.st_mode)) {
        return sim_error_set(error, "%s: is not a regular file", reading->path);
    }
    return check_size(reading, (uint64_t)status.st_size, error);
}

static int read_all(struct reading *reading, struct sim_error *error)
{
    ssize_t got = 1;

    while (got > 0) {
        if (reading->file.size == reading->capacity && grow(reading) != 0) {
            return sim_error_set(error, "%s: out of memory", reading->path);
        }
        got = read(reading->descriptor, reading->file.bytes + reading->file.size,
                   reading->capacity - reading->file.size);
        if (got < 0) {
            return sim_error_set(error, "%s: %s", reading->path, strerror(errno));
        }
        reading->file.size += (size_t)got;
        if (check_size(reading, reading->file.size, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int sim_file_read(const char *path, const struct sim_file_limit *limit, struct sim_file *file,
                  struct sim_error *error)
{
    struct reading reading = {.path = path, .limit = limit};
    int result = -1;

    reading.descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (reading.descriptor < 0) {
        return sim_error_set(error, "%s: %s", path, strerror(errno));
    }
    if (check_kind(&reading, error) == 0 && read_all(&reading, error) == 0) {
        *file = reading.file;
        result = 0;
    } else {
        free(reading.file.bytes);
    }
    (void)close(reading.descriptor);
    return result;
}

void sim_file_free(struct sim_file *file)
{
    free(file->bytes);
    *file = (struct sim_file){0};
}
