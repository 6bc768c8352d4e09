/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which reader a file is for. Archives begin with a magic number; an image of an
 * ECAM window is a whole number of buses long and, unlike text, has bytes in its
 * first header that are 00 or FF. All else is read as text, which says what is wrong
 * with it.
 */
#include "sim/pci/dump/dump_open.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/pci/dump/ecam_image.h"
#include "sim/pci/dump/sysfs_tree.h"

/* The beginning of a file. */
struct head {
    char bytes[512];
    size_t length;
    off_t size; /* of the whole file */
};

/* Bytes that archives have in front. */
static const struct {
    size_t offset;
    const char *bytes;
    size_t length;
} magics[] = {
    {0, "\x1F\x8B", 2},                 /* gzip */
    {0, "BZh", 3},                      /* bzip2 */
    {0, "\xFD\x37\x7A\x58\x5A\x00", 6}, /* xz */
    {0, "\x28\xB5\x2F\xFD", 4},         /* zstd */
    {257, "ustar", 5},                  /* tar */
};

/* Look into a regular file; false if it is none or cannot be read. */
static bool read_head(const char *path, struct head *head)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    ssize_t got = -1;

    if (file < 0) {
        return false;
    }
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        got = read(file, head->bytes, sizeof head->bytes);
    }
    (void)close(file);
    head->length = got < 0 ? 0 : (size_t)got;
    head->size = status.st_size;
    return got >= 0;
}

static bool is_archive(const struct head *head)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (magics[i].offset + magics[i].length <= head->length &&
            memcmp(head->bytes + magics[i].offset, magics[i].bytes, magics[i].length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_image(const struct head *head)
{
    return head->size > 0 && head->size % SIM_ECAM_BUS_SIZE == 0 &&
           (memchr(head->bytes, 0x00, head->length) != NULL ||
            memchr(head->bytes, 0xFF, head->length) != NULL);
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int sim_dump_open(const char *path, const struct sim_dump_options *options, struct sim_dump *dump,
                  struct sim_error *error)
{
    struct head head = {.length = 0};

    if (is_folder(path)) {
        return sim_sysfs_read_folder(path, dump, error);
    }
    if (read_head(path, &head) && is_archive(&head)) {
        return sim_sysfs_read_archive(path, dump, error);
    }
    if (is_image(&head)) {
        return sim_ecam_read(path, options->first_bus, dump, error);
    }
    return sim_dump_read(path, dump, error);
}
