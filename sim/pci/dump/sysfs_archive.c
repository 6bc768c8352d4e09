/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sysfs tree in a tar archive, through libarchive.
 *
 * Whose file an entry is comes from its path: the last folder called like a
 * function, if the file is right in it. What stands before does not matter, so an
 * archive of /sys/bus/pci/devices, of /sys/devices/pci0000:00 or of a folder with a
 * copy of them all will do. Links have no bytes and are passed over.
 *
 * An archive is small and may unpack to anything: there is a limit to that. Of one
 * that is damaged, what stands before the damage is used.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

#include "sim/pci/dump/sysfs_tree.h"

#define BLOCK_SIZE   65536u
#define MAX_UNPACKED (INT64_C(4) << 30)

/** Tar's header and padding of an entry. */
#define ENTRY_OVERHEAD 1024

/* Whether a path is that of a file a function's folder has; then whose and which. */
static bool is_function_file(const char *path, struct sim_sysfs_content *content)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash;
    char name[32];

    if (slash == NULL) {
        return false;
    }
    while (folder > path && folder[-1] != '/') {
        folder--;
    }
    if ((size_t)(slash - folder) >= sizeof name) {
        return false;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(slash - folder), folder);
    if (!sim_sysfs_parse_name(name, &content->address)) {
        return false;
    }
    content->file = strcmp(slash, "/config") == 0 ? SIM_SYSFS_CONFIG : SIM_SYSFS_RESOURCE;
    return content->file == SIM_SYSFS_CONFIG || strcmp(slash, "/resource") == 0;
}

static int fail(struct archive *archive, const char *path, struct sim_error *error)
{
    const char *why = archive_error_string(archive);

    return sim_error_set(error, "%s: cannot be read as an archive: %s", path,
                         why == NULL ? "no reason is given" : why);
}

/* The bytes of an entry; those that are too many are not a function's. */
static int take_entry(struct archive *archive, struct sim_sysfs *tree,
                      const struct sim_sysfs_content *whose, struct sim_error *error)
{
    struct sim_sysfs_content content = *whose;
    char bytes[SIM_SYSFS_MAX_FILE + 1];
    la_ssize_t got = archive_read_data(archive, bytes, sizeof bytes);

    if (got < 0) {
        return fail(archive, tree->cursor.path, error);
    }
    content.bytes = bytes;
    content.size = (size_t)got;
    content.padded = true;
    return sim_sysfs_add(tree, &content, error);
}

/* Take all entries up to the end. */
static int read_entries(struct archive *archive, struct sim_sysfs *tree, struct sim_error *error)
{
    struct archive_entry *entry = NULL;
    int64_t unpacked = 0;
    int status = ARCHIVE_OK;

    while ((status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        const char *path = archive_entry_pathname(entry);
        struct sim_sysfs_content content = {0};
        int64_t size = archive_entry_size(entry);

        if (size < 0 || size > MAX_UNPACKED - unpacked - ENTRY_OVERHEAD) {
            return sim_error_set(error, "%s: unpacks to more than 4 GiB", tree->cursor.path);
        }
        unpacked += size + ENTRY_OVERHEAD;
        if (path != NULL && archive_entry_filetype(entry) == AE_IFREG &&
            is_function_file(path, &content) && take_entry(archive, tree, &content, error) != 0) {
            return -1;
        }
    }
    return status == ARCHIVE_EOF ? 0 : fail(archive, tree->cursor.path, error);
}

/* Only what is built into libarchive: other formats and filters may run programs. */
static int open_archive(struct archive *archive, const char *path)
{
    (void)archive_read_support_filter_gzip(archive);
    (void)archive_read_support_filter_bzip2(archive);
    (void)archive_read_support_filter_xz(archive);
    (void)archive_read_support_filter_zstd(archive);
    (void)archive_read_support_format_tar(archive);
    return archive_read_open_filename(archive, path, BLOCK_SIZE);
}

int sim_sysfs_read_archive(const char *path, struct sim_dump *dump, struct sim_error *error)
{
    struct archive *archive = archive_read_new();
    struct sim_sysfs tree;
    int result = 0;

    if (archive == NULL) {
        return sim_error_set(error, "%s: out of memory", path);
    }
    sim_sysfs_begin(&tree, path);
    if (open_archive(archive, path) != ARCHIVE_OK) {
        result = fail(archive, path, error);
    } else {
        result = read_entries(archive, &tree, error);
    }
    (void)archive_read_free(archive);
    if (result != 0 && tree.count == 0) {
        sim_sysfs_free(&tree);
        return -1;
    }
    if (result != 0) {
        sim_dump_remark(&tree.cursor, 0, "the rest of the archive is left out: %s",
                        error->text + strlen(path) + 2);
    }
    return sim_sysfs_end(&tree, dump, error);
}
