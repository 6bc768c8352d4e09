/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of a sysfs tree as functions of a dump.
 *
 * `config` has 4096 bytes for a PCI Express function and 256 for others; who is
 * not root can read 64. `resource` has a line "START END FLAGS" for each region,
 * the six BARs and the ROM first, and is the only place that tells their sizes.
 *
 * tar writes as many bytes as a file claims to have, with zeros for those it could
 * not read. A configuration space that is zero from 40h on although its list of
 * capabilities begins there is one that could not be read.
 */
#include "sim/pci/dump/sysfs_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 64u

/* Flags of Linux: include/linux/ioport.h. */
#define RESOURCE_ROM_SHADOW 2u /* the copy in memory at C0000h, not what the BAR decodes */

void sim_sysfs_begin(struct sim_sysfs *tree, const char *path)
{
    *tree = (struct sim_sysfs){.cursor = {.path = path}};
    tree->cursor.remarks = &tree->remarks;
}

bool sim_sysfs_parse_name(const char *name, struct sim_pci_address *address)
{
    const struct sim_dump_line line = {.text = name, .length = strlen(name)};
    struct sim_pci_address found;

    if (strcspn(name, ":") < 4 || strpbrk(name, " \t") != NULL ||
        !sim_dump_parse_slot(&line, &found) || found.device > 31 || found.function > 7) {
        return false;
    }
    *address = found;
    return true;
}

/* The function at an address: the last one taken, one before, or a new one. */
static struct sim_dump_function *
find_function(struct sim_sysfs *tree, struct sim_pci_address address, struct sim_error *error)
{
    struct sim_dump_function *larger = NULL;

    for (size_t i = tree->count; i-- > 0;) {
        if (sim_pci_address_compare(sim_dump_address(&tree->functions[i]), address) == 0) {
            return &tree->functions[i];
        }
    }
    if (tree->count == SIM_DUMP_MAX_FUNCTIONS) {
        (void)sim_error_set(error, "%s: more than %u functions", tree->cursor.path,
                            SIM_DUMP_MAX_FUNCTIONS);
        return NULL;
    }
    if (tree->count == tree->capacity) {
        tree->capacity = tree->capacity == 0 ? 16 : 2 * tree->capacity;
        larger = reallocarray(tree->functions, tree->capacity, sizeof *larger);
        if (larger == NULL) {
            (void)sim_error_set(error, "%s: out of memory", tree->cursor.path);
            return NULL;
        }
        tree->functions = larger;
    }
    tree->functions[tree->count] = (struct sim_dump_function){
        .segment = address.segment,
        .bus = address.bus,
        .device = address.device,
        .function = address.function,
    };
    return &tree->functions[tree->count++];
}

/* Whether the bytes after the header are zeros that nobody read: see above. */
static bool is_cut(const struct sim_sysfs_content *content)
{
    const unsigned char *bytes = (const unsigned char *)content->bytes;
    unsigned int type = bytes[0x0E] & 0x7F;
    unsigned int first = type == 2 ? bytes[0x14] : bytes[0x34];

    if (!content->padded || (bytes[0x06] & 0x10) == 0 || first < HEADER_SIZE) {
        return false;
    }
    for (size_t i = HEADER_SIZE; i < content->size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void take_config(struct sim_sysfs *tree, struct sim_dump_function *function,
                        const struct sim_sysfs_content *content)
{
    size_t size = content->size < SIM_CONFIG_SIZE ? content->size : SIM_CONFIG_SIZE;

    if (size > HEADER_SIZE && is_cut(content)) {
        size = HEADER_SIZE;
        tree->cut++;
    }
    memset(function->known, 0, sizeof function->known);
    memcpy(function->bytes, content->bytes, size);
    memset(function->known, 0xFF, size);
    function->known_size = (unsigned int)size;
}

static uint64_t region_size(uint64_t start, uint64_t end, uint64_t flags)
{
    bool counts = end > start && (flags & RESOURCE_ROM_SHADOW) == 0 && end - start < UINT64_MAX;

    return counts ? end - start + 1 : 0;
}

/* Read the three numbers of a line; returns where the next line begins, NULL if they lack. */
static const char *read_numbers(const char *text, uint64_t numbers[3])
{
    char *end = NULL;

    for (unsigned int i = 0; i < 3; i++) {
        numbers[i] = strtoull(text, &end, 16);
        if (end == text) {
            return NULL;
        }
        text = end;
    }
    return text;
}

static void take_resource(struct sim_dump_function *function,
                          const struct sim_sysfs_content *content)
{
    char text[SIM_SYSFS_MAX_FILE + 1];
    const char *next = text;
    uint64_t numbers[3];

    memcpy(text, content->bytes, content->size);
    text[content->size] = '\0';
    for (unsigned int i = 0; i < SIM_DUMP_BARS; i++) {
        next = read_numbers(next, numbers);
        if (next == NULL) {
            return;
        }
        function->bars[i].size = region_size(numbers[0], numbers[1], numbers[2]);
    }
}

int sim_sysfs_add(struct sim_sysfs *tree, const struct sim_sysfs_content *content,
                  struct sim_error *error)
{
    struct sim_dump_function *function = NULL;

    if (content->size > SIM_SYSFS_MAX_FILE) {
        return 0;
    }
    function = find_function(tree, content->address, error);
    if (function == NULL) {
        return -1;
    }
    if (content->file == SIM_SYSFS_CONFIG) {
        take_config(tree, function, content);
    } else {
        take_resource(function, content);
    }
    return 0;
}

/* Functions without a header are left out. */
static void drop_unusable(struct sim_sysfs *tree)
{
    size_t kept = 0;

    for (size_t i = 0; i < tree->count; i++) {
        const struct sim_dump_function *function = &tree->functions[i];

        if (function->known_size < HEADER_SIZE) {
            sim_dump_remark(&tree->cursor, 0, "%s is left out: its config has %u of 64 bytes",
                            sim_dump_name(function).text, function->known_size);
        } else if (kept++ != i) {
            tree->functions[kept - 1] = *function;
        }
    }
    tree->count = kept;
}

int sim_sysfs_end(struct sim_sysfs *tree, struct sim_dump *dump, struct sim_error *error)
{
    const char *path = tree->cursor.path;
    struct sim_dump_reading reading = {0};

    drop_unusable(tree);
    if (tree->cut > 0) {
        sim_dump_remark(&tree->cursor, 0,
                        "of %zu functions only the first 64 bytes are there (root can read all)",
                        tree->cut);
    }
    if (tree->count == 0) {
        (void)sim_error_set(error, "%s", tree->remarks.first.text);
        if (tree->remarks.count == 0) {
            (void)sim_error_set(error,
                                "%s: no PCI function in it: no folder called like 0000:00:02.0 "
                                "has a file config",
                                path);
        }
        sim_sysfs_free(tree);
        return -1;
    }
    reading =
        (struct sim_dump_reading){&tree->cursor, tree->functions, tree->count, SIM_DUMP_SYSFS};
    tree->functions = NULL;
    return sim_dump_give_away(&reading, dump, error);
}

void sim_sysfs_free(struct sim_sysfs *tree)
{
    free(sim_dump_take_remarks(&tree->remarks, tree->cursor.path));
    free(tree->functions);
    *tree = (struct sim_sysfs){.count = 0};
}
