/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of names, pci.ids:
 *
 *     8086  Intel Corporation
 *     <tab>1237  440FX - 82441FX PMC [Natoma]
 *     <tab><tab>1af4 1100  Qemu virtual machine
 *     C 03  Display controller
 *     <tab>00  VGA compatible controller
 *
 * It is kept as an array of entries in the order of the file. Searching for a device
 * by name goes through the vendors whose name the text begins with.
 */
#include "sim/pci/text/text_names.h"

#include <ctype.h>
#include <pci/pci.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/util/error.h"
#include "sim/util/file.h"

#define MAX_MEGABYTES 64

enum kind {
    VENDOR,
    DEVICE,
    SUBSYSTEM,
    CLASS,
    SUBCLASS,
    OTHER,
};

struct entry {
    enum kind kind;
    uint32_t id; /* of a subsystem: device << 16 | vendor */
    const char *name;
};

struct sim_text_names {
    char *text; /* lines end in NUL */
    struct entry *entries;
    size_t count;
};

/* Hexadecimal digits and what is after them and the blanks that follow. */
static const char *read_id(const char *text, uint32_t *id)
{
    char *end = NULL;

    *id = (uint32_t)strtoul(text, &end, 16);
    return end == text || *end != ' ' ? NULL : end + strspn(end, " ");
}

static bool read_subsystem(const char *text, struct entry *entry)
{
    uint32_t vendor = 0;
    uint32_t device = 0;
    const char *next = read_id(text, &vendor);

    entry->name = next == NULL ? NULL : read_id(next, &device);
    entry->id = device << 16 | vendor;
    return entry->name != NULL;
}

/* Read a line; in_classes says whether the classes have begun. */
static bool read_entry(const char *line, bool *in_classes, struct entry *entry)
{
    size_t tabs = strspn(line, "\t");

    if (tabs == 0 && strncmp(line, "C ", 2) == 0) {
        *in_classes = true;
        entry->kind = CLASS;
        entry->name = read_id(line + 2, &entry->id);
        return entry->name != NULL;
    }
    if (tabs == 0 && !isxdigit((unsigned char)*line)) {
        return false;
    }
    if (tabs == 2 && !*in_classes) {
        entry->kind = SUBSYSTEM;
        return read_subsystem(line + 2, entry);
    }
    if (tabs > 1 || (tabs == 0 && *in_classes)) {
        return false;
    }
    entry->kind = tabs == 0 ? VENDOR : DEVICE;
    entry->kind = *in_classes ? SUBCLASS : entry->kind;
    entry->name = read_id(line + tabs, &entry->id);
    return entry->name != NULL;
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 1;

    for (size_t i = 0; i < size; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

struct sim_text_names *sim_text_names_read(const char *text, size_t size)
{
    struct sim_text_names *names = calloc(1, sizeof *names);
    bool in_classes = false;
    char *rest = NULL;
    char *line = NULL;

    if (names == NULL) {
        return NULL;
    }
    names->text = strndup(text, size);
    names->entries = calloc(count_lines(text, size), sizeof *names->entries);
    if (names->text == NULL || names->entries == NULL) {
        sim_text_names_close(names);
        return NULL;
    }
    for (line = strtok_r(names->text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        names->count += read_entry(line, &in_classes, &names->entries[names->count]);
    }
    return names;
}

/* libpci names a compressed file and falls back to the same without ".gz". */
static struct sim_text_names *open_installed(void)
{
    const struct sim_file_limit limit = {MAX_MEGABYTES, "a list of names"};
    struct sim_text_names *names = NULL;
    struct pci_access *access = pci_alloc();
    char *path = strdup(access->id_file_name);
    size_t length = path == NULL ? 0 : strlen(path);
    struct sim_error error;
    struct sim_file file;

    if (length > 3 && strcmp(path + length - 3, ".gz") == 0) {
        path[length - 3] = '\0';
    }
    if (path != NULL && sim_file_read(path, &limit, &file, &error) == 0) {
        names = sim_text_names_read(file.bytes, file.size);
        free(file.bytes);
    }
    free(path);
    pci_cleanup(access);
    return names;
}

/* The list that libpci uses, for as long as the program runs. */
static struct sim_text_names *installed;

static void read_installed(void)
{
    installed = open_installed();
}

const struct sim_text_names *sim_text_names_installed(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, read_installed);
    return installed;
}

void sim_text_names_close(struct sim_text_names *names)
{
    if (names != NULL) {
        free(names->entries);
        free(names->text);
        free(names);
    }
}

struct sim_text_candidates sim_text_names_class(const struct sim_text_names *names,
                                                const char *name)
{
    struct sim_text_candidates found = {.count = 0};
    uint32_t class = 0;

    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const struct entry *entry = &names->entries[i];

        class = entry->kind == CLASS ? entry->id : class;
        if (entry->kind == SUBCLASS && strcasecmp(entry->name, name) == 0) {
            sim_text_candidate_add(&found, class << 8 | entry->id, 0);
        }
    }
    return found;
}

/* Whether a text begins with a name and a blank, or is it. */
static bool begins_with(const char *text, const char *name)
{
    size_t length = strlen(name);

    return length > 0 && strncmp(text, name, length) == 0 &&
           (text[length] == '\0' || text[length] == ' ');
}

struct sim_text_candidates sim_text_names_vendor(const struct sim_text_names *names,
                                                 const char *text, size_t *length)
{
    struct sim_text_candidates found = {.count = 0};
    size_t longest = 0;

    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const struct entry *entry = &names->entries[i];

        if (entry->kind != VENDOR || !begins_with(text, entry->name) ||
            strlen(entry->name) < longest) {
            continue;
        }
        if (strlen(entry->name) > longest) {
            found = (struct sim_text_candidates){.count = 0};
            longest = strlen(entry->name);
        }
        sim_text_candidate_add(&found, entry->id, 0);
    }
    *length = longest;
    return found;
}

struct sim_text_candidates sim_text_names_device(const struct sim_text_names *names,
                                                 const char *text)
{
    struct sim_text_candidates found = {.count = 0};
    const char *rest = NULL;
    uint32_t vendor = 0;

    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const struct entry *entry = &names->entries[i];

        if (entry->kind == VENDOR) {
            vendor = entry->id;
            rest = begins_with(text, entry->name) ? text + strlen(entry->name) : NULL;
            rest = rest == NULL || *rest == '\0' ? NULL : rest + 1;
        } else if (entry->kind == DEVICE && rest != NULL && strcmp(entry->name, rest) == 0) {
            sim_text_candidate_add(&found, (uint64_t)entry->id << 16 | vendor, 0);
        }
    }
    return found;
}

/* The vendor of a subsystem, if the text is its name and the subsystem's. */
static bool is_called(const struct sim_text_names *names, uint32_t vendor, const char *text,
                      const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct entry *entry = &names->entries[i];
        size_t length = 0;

        if (entry->kind == VENDOR && entry->id == vendor) {
            length = strlen(entry->name);
            return begins_with(text, entry->name) && text[length] == ' ' &&
                   strcmp(text + length + 1, name) == 0;
        }
    }
    return false;
}

struct sim_text_candidates sim_text_names_subsystem(const struct sim_text_names *names,
                                                    uint32_t device, const char *text)
{
    struct sim_text_candidates found = {.count = 0};
    uint32_t vendor = 0;
    bool inside = false;

    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const struct entry *entry = &names->entries[i];

        if (entry->kind == VENDOR) {
            vendor = entry->id;
            inside = false;
        } else if (entry->kind == DEVICE) {
            inside = (entry->id << 16 | vendor) == device;
        } else if (entry->kind == SUBSYSTEM && inside &&
                   is_called(names, entry->id & 0xFFFF, text, entry->name)) {
            sim_text_candidate_add(&found, entry->id, 0);
        }
    }
    return found;
}
