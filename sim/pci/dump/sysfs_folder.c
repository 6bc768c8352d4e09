/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sysfs tree in a folder.
 *
 * /sys/bus/pci/devices has a link for each function. What the links lead to is
 * /sys/devices/pciSSSS:BB, one folder for each root bus, where the functions'
 * folders are inside the folders of the bridges. A copy of either will do. The
 * places are tried in turn and the first with a function is read; nothing outside
 * of functions' folders is searched, so that a whole /sys is no work.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/pci/dump/sysfs_tree.h"
#include "sim/util/file.h"

/** More bridges than that cannot be between a function and a root bus: they have a number each. */
#define MAX_DEPTH 256u

/* Where a tree may be in a folder. */
static const char *const places[] = {
    "", "/devices", "/bus/pci/devices", "/sys/bus/pci/devices", "/sys/devices",
};

/* A folder that is walked through. */
struct walk {
    struct sim_sysfs *tree; /* NULL: only whether there is a function */
    struct sim_error *error;
    bool found;
};

static int read_file(const struct walk *walk, const char *folder, struct sim_sysfs_content *content)
{
    static const char *const names[] = {"config", "resource"};
    const struct sim_file_limit limit = {1, "a file of a PCI function"};
    struct sim_file file;
    struct sim_error ignored;
    char path[PATH_MAX];
    int result = 0;

    if (snprintf(path, sizeof path, "%s/%s", folder, names[content->file]) >= (int)sizeof path ||
        sim_file_read(path, &limit, &file, &ignored) != 0) {
        return 0;
    }
    content->bytes = file.bytes;
    content->size = file.size;
    result = sim_sysfs_add(walk->tree, content, walk->error);
    sim_file_free(&file);
    return result;
}

/* A folder without a config is that of a function that has to be left out. */
static int read_function(struct walk *walk, const char *folder, struct sim_pci_address address)
{
    struct sim_sysfs_content content = {.address = address, .file = SIM_SYSFS_CONFIG, .bytes = ""};
    char path[PATH_MAX];
    struct stat status;
    bool has_config = snprintf(path, sizeof path, "%s/config", folder) < (int)sizeof path &&
                      stat(path, &status) == 0 && S_ISREG(status.st_mode);

    walk->found = walk->found || has_config;
    if (walk->tree == NULL) {
        return 0;
    }
    if (!has_config) {
        return sim_sysfs_add(walk->tree, &content, walk->error);
    }
    if (read_file(walk, folder, &content) != 0) {
        return -1;
    }
    content.file = SIM_SYSFS_RESOURCE;
    return read_file(walk, folder, &content);
}

/* Whether a name is that of a root bus's folder: pciSSSS:BB. */
static bool is_root_bus(const char *name)
{
    return strncmp(name, "pci", 3) == 0 && strspn(name + 3, "0123456789abcdefABCDEF:") > 3 &&
           strchr(name, ':') != NULL;
}

static int is_wanted(const struct dirent *entry)
{
    struct sim_pci_address address;

    return is_root_bus(entry->d_name) || sim_sysfs_parse_name(entry->d_name, &address);
}

static int read_below(struct walk *walk, const char *folder, unsigned int depth);

/* Read what a name in a folder stands for, if it is a function or a root bus, and what is below. */
/* NOLINTNEXTLINE(misc-no-recursion): no deeper than MAX_DEPTH */
static int read_entry(struct walk *walk, const char *folder, const char *name, unsigned int depth)
{
    struct sim_pci_address address;
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return 0;
    }
    if (sim_sysfs_parse_name(name, &address) && read_function(walk, path, address) != 0) {
        return -1;
    }
    return read_below(walk, path, depth + 1);
}

/* Read the functions in a folder and in those of the bridges there. */
/* NOLINTNEXTLINE(misc-no-recursion): no deeper than MAX_DEPTH */
static int read_below(struct walk *walk, const char *folder, unsigned int depth)
{
    struct dirent **entries = NULL;
    int count = depth < MAX_DEPTH ? scandir(folder, &entries, is_wanted, alphasort) : 0;
    int result = 0;

    for (int i = 0; i < count; i++) {
        if (result == 0) {
            result = read_entry(walk, folder, entries[i]->d_name, depth);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

/* Read the first place that has a function. */
static int read_places(struct walk *walk, const char *path)
{
    for (size_t i = 0; i < sizeof places / sizeof *places && !walk->found; i++) {
        char folder[PATH_MAX];

        if (snprintf(folder, sizeof folder, "%s%s", path, places[i]) < (int)sizeof folder &&
            read_below(walk, folder, 0) != 0) {
            return -1;
        }
    }
    return 0;
}

bool sim_sysfs_is_tree(const char *path)
{
    struct sim_error error;
    struct walk walk = {.error = &error};

    return read_places(&walk, path) == 0 && walk.found;
}

int sim_sysfs_read_folder(const char *path, struct sim_dump *dump, struct sim_error *error)
{
    struct sim_sysfs tree;
    struct walk walk = {&tree, error, false};

    sim_sysfs_begin(&tree, path);
    if (read_places(&walk, path) != 0) {
        sim_sysfs_free(&tree);
        return -1;
    }
    return sim_sysfs_end(&tree, dump, error);
}
