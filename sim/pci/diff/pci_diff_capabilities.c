/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities: which came and went, and what is in those that stayed. The n-th with
 * an ID in one dump is the n-th with that ID in the other.
 *
 * Two have registers that say more together than apart: the link of a PCI Express
 * function, its speed and width, and the message of MSI, whose registers move with
 * the form. Spec: [PCIe 6] 7.5.3.8; [PCI 3.0] 6.8.1.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/pci/diff/pci_diff_internal.h"

#define CAPABILITY_MSI     0x05u
#define CAPABILITY_EXPRESS 0x10u

/* The same capability in another list, or NULL. */
static const struct diff_entry *find_same(const struct diff_list *list,
                                          const struct diff_entry *entry)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct diff_entry *other = &list->entries[i];

        if (other->extended == entry->extended && other->id == entry->id &&
            other->ordinal == entry->ordinal) {
            return other;
        }
    }
    return NULL;
}

static bool is_list_known(const struct diff_list *list, const struct diff_entry *entry)
{
    return entry->extended ? list->extended_known : list->first_known;
}

/* Say which entries of a list the other one, if it is known, does not have. */
static void compare_presence(struct diff_comparison *comparison, const struct diff_list *list,
                             const struct diff_list *other)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct diff_entry *entry = &list->entries[i];
        bool was = list == &comparison->before;

        if (is_list_known(other, entry) && find_same(other, entry) == NULL) {
            diff_add(comparison->pair, was ? "there" : "", was ? "" : "there", "%s",
                     diff_name_entry(entry).text);
            memset(&comparison->done[entry->offset], true, entry->end - entry->offset);
        }
    }
}

/* A text of a change. */
struct words {
    char text[64];
};

static struct words describe_link(const struct sim_dump_function *function, unsigned int offset)
{
    static const char *const speeds[] = {"speed 0", "2.5 GT/s", "5 GT/s", "8 GT/s",
                                         "16 GT/s", "32 GT/s",  "64 GT/s"};
    uint32_t status = diff_load(function, offset, 2);
    unsigned int speed = status & 0xF;
    unsigned int width = status >> 4 & 0x3F;
    struct words words = {"none"};

    if (width > 0 && speed < sizeof speeds / sizeof *speeds) {
        (void)snprintf(words.text, sizeof words.text, "%s x%u", speeds[speed], width);
    } else if (width > 0) {
        (void)snprintf(words.text, sizeof words.text, "speed %u x%u", speed, width);
    }
    return words;
}

static void compare_link(struct diff_comparison *comparison, const struct diff_entry *before,
                         const struct diff_entry *after)
{
    struct sim_pci_pair *pair = comparison->pair;
    unsigned int was = before->offset + 0x12;
    unsigned int is = after->offset + 0x12;

    if (was + 2 <= before->end && is + 2 <= after->end && diff_both_know(pair, was, is, 0x3FF)) {
        diff_add(pair, describe_link(pair->before, was).text, describe_link(pair->after, is).text,
                 "link");
        memset(&comparison->done[was], true, 2);
    }
}

/* The message of MSI; empty if the dump does not tell it. */
static struct words describe_message(const struct sim_dump_function *function, unsigned int offset)
{
    bool is_64 = (function->bytes[offset + 2] & 0x80) != 0;
    uint64_t address = diff_load(function, offset + 4, 4);
    struct words words = {""};

    if (is_64) {
        address |= (uint64_t)diff_load(function, offset + 8, 4) << 32;
    }
    for (unsigned int i = 2; i < (is_64 ? 14 : 10); i++) {
        if (!sim_dump_knows(function, offset + i)) {
            return words;
        }
    }
    (void)snprintf(words.text, sizeof words.text, "%04" PRIx32 " to %" PRIx64,
                   diff_load(function, offset + (is_64 ? 12 : 8), 2), address);
    return words;
}

static void compare_message(struct diff_comparison *comparison, const struct diff_entry *before,
                            const struct diff_entry *after)
{
    struct words was = describe_message(comparison->pair->before, before->offset);
    struct words is = describe_message(comparison->pair->after, after->offset);

    if (was.text[0] != '\0' && is.text[0] != '\0') {
        diff_add(comparison->pair, was.text, is.text, "%s message", diff_name_entry(after).text);
    }
    for (unsigned int i = 4; before->offset + i < before->end && i < 0x18; i++) {
        comparison->done[before->offset + i] = true;
    }
}

/* Compare a capability that is in both. */
static void compare_entry(struct diff_comparison *comparison, const struct diff_entry *before,
                          const struct diff_entry *after)
{
    unsigned int header = before->extended ? 4 : 2;
    char was[16];
    char is[16];

    if (before->offset != after->offset) {
        (void)snprintf(was, sizeof was, "at %02x", before->offset);
        (void)snprintf(is, sizeof is, "at %02x", after->offset);
        diff_add(comparison->pair, was, is, "%s", diff_name_entry(after).text);
    }
    if (before->version != after->version &&
        diff_both_know(comparison->pair, before->offset, after->offset, 0xF0000)) {
        (void)snprintf(was, sizeof was, "%u", before->version);
        (void)snprintf(is, sizeof is, "%u", after->version);
        diff_add(comparison->pair, was, is, "%s version", diff_name_entry(after).text);
    }
    memset(&comparison->done[before->offset], true, header);
    if (!before->extended && before->id == CAPABILITY_EXPRESS) {
        compare_link(comparison, before, after);
    }
    if (!before->extended && before->id == CAPABILITY_MSI) {
        compare_message(comparison, before, after);
    }
    diff_fields(comparison, before, after);
    if (before->offset != after->offset) {
        memset(&comparison->done[before->offset], true, before->end - before->offset);
        memset(&comparison->done[after->offset], true, after->end - after->offset);
    }
}

void diff_capabilities(struct diff_comparison *comparison)
{
    diff_read_list(comparison->pair->before, &comparison->before);
    diff_read_list(comparison->pair->after, &comparison->after);
    for (size_t i = 0; i < comparison->before.count; i++) {
        const struct diff_entry *before = &comparison->before.entries[i];
        const struct diff_entry *after = find_same(&comparison->after, before);

        if (after != NULL) {
            compare_entry(comparison, before, after);
        }
    }
    compare_presence(comparison, &comparison->before, &comparison->after);
    compare_presence(comparison, &comparison->after, &comparison->before);
}
