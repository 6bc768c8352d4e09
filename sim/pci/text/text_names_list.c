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
 * It is kept as an array of entries in the order of the file, and vendors are in two
 * chains besides. The file may be compressed, as libpci reads it, too.
 */
#include "sim/pci/text/text_names.h"

#include <archive.h>
#include <archive_entry.h>
#include <ctype.h>
#include <pci/pci.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/text/text_names_list.h"

#define MAX_BYTES  (64u << 20)
#define BLOCK_SIZE 65536u

/* Hexadecimal digits and what is after them and the blanks that follow. */
static const char *read_id(const char *text, uint32_t *id)
{
    char *end = NULL;

    *id = (uint32_t)strtoul(text, &end, 16);
    return end == text || *end != ' ' ? NULL : end + strspn(end, " ");
}

static bool read_subsystem(const char *text, struct text_names_entry *entry)
{
    uint32_t vendor = 0;
    uint32_t device = 0;
    const char *next = read_id(text, &vendor);

    entry->name = next == NULL ? NULL : read_id(next, &device);
    entry->id = device << 16 | vendor;
    return entry->name != NULL;
}

/* Read a line; in_classes says whether the classes have begun. */
static bool read_entry(const char *line, bool *in_classes, struct text_names_entry *entry)
{
    size_t tabs = strspn(line, "\t");

    if (tabs == 0 && strncmp(line, "C ", 2) == 0) {
        *in_classes = true;
        entry->kind = TEXT_NAMES_CLASS;
        entry->name = read_id(line + 2, &entry->id);
        return entry->name != NULL;
    }
    if (tabs == 0 && !isxdigit((unsigned char)*line)) {
        return false;
    }
    if (tabs == 2 && !*in_classes) {
        entry->kind = TEXT_NAMES_SUBSYSTEM;
        return read_subsystem(line + 2, entry);
    }
    if (tabs > 1 || (tabs == 0 && *in_classes)) {
        return false;
    }
    entry->kind = tabs == 0 ? TEXT_NAMES_VENDOR : TEXT_NAMES_DEVICE;
    entry->kind = *in_classes ? TEXT_NAMES_SUBCLASS : entry->kind;
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

/* Read all lines; returns how many entries there are. */
static size_t read_lines(struct sim_text_names *names)
{
    size_t count = 0;
    bool in_classes = false;
    char *rest = NULL;

    for (char *line = strtok_r(names->text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        struct text_names_entry entry = {.kind = TEXT_NAMES_END};

        if (read_entry(line, &in_classes, &entry)) {
            names->entries[count++] = entry;
        }
    }
    return count;
}

/* From the last entry to the first, so that chains are in the order of the file. */
static void make_index(struct sim_text_names *names, size_t count)
{
    names->classes = &names->entries[count];
    while (count-- > 0) {
        struct text_names_entry *entry = &names->entries[count];
        const struct text_names_entry **named =
            &names->by_name[tolower((unsigned char)*entry->name)];
        const struct text_names_entry **numbered = &names->by_id[entry->id % TEXT_NAMES_CHAINS];

        if (entry->kind == TEXT_NAMES_CLASS) {
            names->classes = entry;
        } else if (entry->kind == TEXT_NAMES_VENDOR) {
            entry->next_by_name = *named;
            entry->next_by_id = *numbered;
            *named = entry;
            *numbered = entry;
        }
    }
}

struct sim_text_names *sim_text_names_read(const char *text, size_t size)
{
    struct sim_text_names *names = calloc(1, sizeof *names);

    if (names == NULL) {
        return NULL;
    }
    names->text = strndup(text, size);
    names->entries = calloc(count_lines(text, size) + 1, sizeof *names->entries);
    if (names->text == NULL || names->entries == NULL) {
        sim_text_names_close(names);
        return NULL;
    }
    make_index(names, read_lines(names));
    return names;
}

void sim_text_names_close(struct sim_text_names *names)
{
    if (names != NULL) {
        free(names->entries);
        free(names->text);
        free(names);
    }
}

/* All bytes of an entry that are not too many: NULL if they are, or it is damaged. */
static char *read_bytes(struct archive *archive, size_t *size)
{
    char *bytes = malloc(MAX_BYTES);
    la_ssize_t got = bytes == NULL ? -1 : archive_read_data(archive, bytes, MAX_BYTES);

    if (got < 0 || (size_t)got == MAX_BYTES) {
        free(bytes);
        return NULL;
    }
    *size = (size_t)got;
    return bytes;
}

struct sim_text_names *sim_text_names_open(const char *path)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry = NULL;
    struct sim_text_names *names = NULL;
    char *bytes = NULL;
    size_t size = 0;

    if (archive == NULL) {
        return NULL;
    }
    (void)archive_read_support_filter_gzip(archive);
    (void)archive_read_support_format_raw(archive);
    (void)archive_read_support_format_empty(archive);
    if (archive_read_open_filename(archive, path, BLOCK_SIZE) == ARCHIVE_OK &&
        archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        bytes = read_bytes(archive, &size);
    }
    (void)archive_read_free(archive);
    if (bytes != NULL) {
        names = sim_text_names_read(bytes, size);
        free(bytes);
    }
    return names;
}

/* libpci names a compressed file and falls back to the same without ".gz". */
static struct sim_text_names *open_installed(void)
{
    struct pci_access *access = pci_alloc();
    char *path = strdup(access->id_file_name);
    size_t length = path == NULL ? 0 : strlen(path);
    struct sim_text_names *names = path == NULL ? NULL : sim_text_names_open(path);

    if (names == NULL && length > 3 && strcmp(path + length - 3, ".gz") == 0) {
        path[length - 3] = '\0';
        names = sim_text_names_open(path);
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
