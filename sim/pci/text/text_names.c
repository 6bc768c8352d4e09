/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching the list of names for IDs. A text that names a device begins with the name
 * of its vendor, and vendors are in chains by the first character of their names. Upper and lower case
 * are alike: many a name was written otherwise in older lists.
 */
#include "sim/pci/text/text_names.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "sim/pci/text/text_names_list.h"

struct sim_text_candidates sim_text_names_class(const struct sim_text_names *names,
                                                const char *name)
{
    struct sim_text_candidates found = {.count = 0};
    uint32_t class = 0;

    if (names == NULL) {
        return found;
    }
    for (const struct text_names_entry *entry = names->classes; entry->kind != TEXT_NAMES_END;
         entry++) {
        if (entry->kind == TEXT_NAMES_CLASS) {
            class = entry->id;
        } else if (strcasecmp(entry->name, name) == 0) {
            sim_text_candidate_add(&found, class << 8 | entry->id, 0);
        }
    }
    return found;
}

/* The vendors whose names begin as a text does, or NULL. */
static const struct text_names_entry *vendors_named(const struct sim_text_names *names,
                                                    const char *text)
{
    return names == NULL ? NULL : names->by_name[tolower((unsigned char)*text)];
}

/* The length of a name and a blank if a text begins with them, or of the name if it is the text; else 0. */
static size_t begins_with(const char *text, const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || strncasecmp(text, name, length) != 0) {
        return 0;
    }
    return text[length] == ' ' ? length + 1 : text[length] == '\0' ? length : 0;
}

struct sim_text_candidates sim_text_names_vendor(const struct sim_text_names *names,
                                                 const char *text, size_t *length)
{
    struct sim_text_candidates found = {.count = 0};
    size_t longest = 0;

    for (const struct text_names_entry *vendor = vendors_named(names, text); vendor != NULL;
         vendor = vendor->next_by_name) {
        size_t size = strlen(vendor->name);

        if (size < longest || !begins_with(text, vendor->name)) {
            continue;
        }
        if (size > longest) {
            found = (struct sim_text_candidates){.count = 0};
            longest = size;
        }
        sim_text_candidate_add(&found, vendor->id, 0);
    }
    *length = longest;
    return found;
}

/* Add the devices of a vendor that have a name. */
static void find_devices(struct sim_text_candidates *found, const struct text_names_entry *vendor,
                         const char *name)
{
    for (const struct text_names_entry *entry = vendor + 1;
         entry->kind == TEXT_NAMES_DEVICE || entry->kind == TEXT_NAMES_SUBSYSTEM; entry++) {
        if (entry->kind == TEXT_NAMES_DEVICE && strcasecmp(entry->name, name) == 0) {
            sim_text_candidate_add(found, (uint64_t)entry->id << 16 | vendor->id, 0);
        }
    }
}

struct sim_text_candidates sim_text_names_device(const struct sim_text_names *names,
                                                 const char *text)
{
    struct sim_text_candidates found = {.count = 0};

    for (const struct text_names_entry *vendor = vendors_named(names, text); vendor != NULL;
         vendor = vendor->next_by_name) {
        size_t length = begins_with(text, vendor->name);

        if (length > 0 && text[length] != '\0') {
            find_devices(&found, vendor, text + length);
        }
    }
    return found;
}

/* Whether a text is the name of a subsystem's vendor and the subsystem's. */
static bool is_called(const struct sim_text_names *names, const struct text_names_entry *subsystem,
                      const char *text)
{
    for (const struct text_names_entry *vendor = vendors_named(names, text); vendor != NULL;
         vendor = vendor->next_by_name) {
        size_t length = begins_with(text, vendor->name);

        if (vendor->id == (subsystem->id & 0xFFFF) && length > 0 &&
            strcasecmp(text + length, subsystem->name) == 0) {
            return true;
        }
    }
    return false;
}

/* Add the subsystems of one device. */
static void find_subsystems(const struct sim_text_names *names, struct sim_text_candidates *found,
                            const struct text_names_entry *device, const char *text)
{
    for (const struct text_names_entry *entry = device + 1; entry->kind == TEXT_NAMES_SUBSYSTEM;
         entry++) {
        if (is_called(names, entry, text)) {
            sim_text_candidate_add(found, entry->id, 0);
        }
    }
}

/* The same for the devices of a vendor that have an ID. */
static void find_devices_by_id(const struct sim_text_names *names,
                               struct sim_text_candidates *found,
                               const struct text_names_entry *vendor, uint32_t device,
                               const char *text)
{
    for (const struct text_names_entry *entry = vendor + 1;
         entry->kind == TEXT_NAMES_DEVICE || entry->kind == TEXT_NAMES_SUBSYSTEM; entry++) {
        if (entry->kind == TEXT_NAMES_DEVICE && (entry->id << 16 | vendor->id) == device) {
            find_subsystems(names, found, entry, text);
        }
    }
}

struct sim_text_candidates sim_text_names_subsystem(const struct sim_text_names *names,
                                                    uint32_t device, const char *text)
{
    struct sim_text_candidates found = {.count = 0};

    if (names == NULL) {
        return found;
    }
    for (const struct text_names_entry *vendor = names->by_id[device % TEXT_NAMES_CHAINS];
         vendor != NULL; vendor = vendor->next_by_id) {
        find_devices_by_id(names, &found, vendor, device, text);
    }
    return found;
}
