/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The functions of a tree in the form of /sys/bus/pci/devices while they come in:
 * each has a folder called SSSS:BB:DD.F with the files `config`, the bytes of its
 * configuration space, and `resource`, where its regions begin and end.
 *
 * Only sysfs_*.c and dump_open.c include this.
 */
#ifndef DRYDOCK_SIM_SYSFS_TREE_H
#define DRYDOCK_SIM_SYSFS_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/pci/dump/dump.h"
#include "sim/pci/dump/dump_text.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** A larger file of that name is none of a function's. */
#define SIM_SYSFS_MAX_FILE 16384u

/** A tree so far; see sim_sysfs_begin. */
struct sim_sysfs {
    struct sim_dump_remarks remarks;
    struct sim_dump_cursor cursor;
    struct sim_dump_function *functions;
    size_t count, capacity;
    size_t cut; /**< functions of which an archive has only the first 64 bytes */
};

/** The files of a function's folder that are read. */
enum sim_sysfs_file {
    SIM_SYSFS_CONFIG,
    SIM_SYSFS_RESOURCE,
};

/** The bytes of a file, and whose it is. */
struct sim_sysfs_content {
    struct sim_pci_address address;
    enum sim_sysfs_file file;
    const char *bytes;
    size_t size;
    bool padded; /**< an archive may have added zeros up to the size the file claimed to have */
};

/** An empty tree. @param path  for messages; must outlive the tree */
void sim_sysfs_begin(struct sim_sysfs *tree, const char *path);

/** Whether a name is SSSS:BB:DD.F with 4 to 8 digits of segment; then where that is. */
bool sim_sysfs_parse_name(const char *name, struct sim_pci_address *address);

/**
 * Take a file.
 *
 * @param[out] error  no memory, or too many functions
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_sysfs_add(struct sim_sysfs *tree, const struct sim_sysfs_content *content,
                                 struct sim_error *error);

/**
 * The tree becomes a dump; it is freed in any case.
 *
 * @param[out] dump   filled in on success, to be freed with sim_dump_free; untouched on failure
 * @param[out] error  no function can be used, or no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_sysfs_end(struct sim_sysfs *tree, struct sim_dump *dump,
                                 struct sim_error *error);

/** Free a tree that does not become a dump. */
void sim_sysfs_free(struct sim_sysfs *tree);

/**
 * Whether a folder is such a tree, or a root folder, a /sys or a /sys/bus/pci with one inside.
 *
 * @return whether it has a function's folder with a `config` in a place where Linux has them
 */
bool sim_sysfs_is_tree(const char *path);

/** Read a folder; parameters and result as for sim_sysfs_read_archive. */
SIM_MUST_CHECK int sim_sysfs_read_folder(const char *path, struct sim_dump *dump,
                                         struct sim_error *error);

/**
 * Read a tar archive, compressed or not. Functions' folders may be anywhere in it.
 *
 * @param[out] dump   filled in on success, to be freed with sim_dump_free; untouched on failure
 * @param[out] error  "PATH: …": it cannot be read, or has no function
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_sysfs_read_archive(const char *path, struct sim_dump *dump,
                                          struct sim_error *error);

#endif
