/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capability lists of a function that is compared. A list that the dump does
 * not show to its end, as `lspci -x` does not, is not known: nothing was removed
 * because somebody looked less closely.
 *
 * The walk is the comparison's own, over the bytes of a dump. Spec: [PCI 3.0] 6.7;
 * [PCIe 6] 7.6.
 */
#include <string.h>

#include "sim/pci/report/pci_capability_name.h"
#include "sim/pci/diff/pci_diff_internal.h"

#define CAPABILITY_EXPRESS 0x10u
#define SERIAL_NUMBER      0x0003u

/* Add an entry; false if the list was there before. */
static bool add_entry(struct diff_list *list, const struct diff_entry *found)
{
    struct diff_entry entry = *found;

    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].offset == entry.offset) {
            return false;
        }
        entry.ordinal +=
            list->entries[i].extended == entry.extended && list->entries[i].id == entry.id;
    }
    list->entries[list->count++] = entry;
    return true;
}

/* Whether the dump tells these bits of the four bytes at an offset. */
static bool is_known(const struct sim_dump_function *function, unsigned int offset, uint32_t bits)
{
    for (unsigned int i = 0; i < 4; i++) {
        unsigned int byte = bits >> 8 * i & 0xFF;

        if (byte != 0 &&
            (offset + i >= SIM_CONFIG_SIZE || (function->known[offset + i] & byte) != byte)) {
            return false;
        }
    }
    return true;
}

/* Read the first list; whether there is a PCI Express capability in it. */
static bool read_first(const struct sim_dump_function *function, struct diff_list *list)
{
    unsigned int pointer = (function->bytes[0x0E] & 0x7F) == 2 ? 0x14 : 0x34;
    unsigned int offset = function->bytes[pointer] & 0xFCu;
    bool express = false;

    list->first_known = is_known(function, 0x06, 0x10);
    if (!list->first_known || (function->bytes[0x06] & 0x10) == 0) {
        return false;
    }
    list->first_known = is_known(function, pointer, 0xFC);
    while (list->first_known && offset >= 0x40) {
        const struct diff_entry entry = {.id = function->bytes[offset], .offset = offset};

        if (!is_known(function, offset, 0xFF)) {
            list->first_known = false;
            return express;
        }
        if (entry.id == 0xFF || !add_entry(list, &entry)) {
            return express;
        }
        express = express || entry.id == CAPABILITY_EXPRESS;
        list->first_known = is_known(function, offset, 0xFC00);
        offset = function->bytes[offset + 1] & 0xFCu;
    }
    return express;
}

static void read_extended(const struct sim_dump_function *function, struct diff_list *list)
{
    unsigned int offset = 0x100;

    list->extended_known = true;
    while (list->extended_known && offset >= 0x100) {
        uint32_t header = diff_load(function, offset, 4);
        const struct diff_entry entry = {
            .extended = true,
            .id = (uint16_t)header,
            .version = header >> 16 & 0xF,
            .offset = offset,
        };

        if (!is_known(function, offset, 0xFFFF)) {
            list->extended_known = false;
            return;
        }
        if (header == 0 || header == UINT32_MAX || !add_entry(list, &entry)) {
            return;
        }
        list->extended_known = is_known(function, offset, 0xFFC00000);
        offset = header >> 20 & 0xFFC;
    }
}

/* Where an entry can reach to: the next one, or the end of its list's part. */
static unsigned int find_end(const struct diff_list *list, const struct diff_entry *entry)
{
    unsigned int end = entry->extended ? SIM_CONFIG_SIZE : 0x100;

    for (size_t i = 0; i < list->count; i++) {
        unsigned int offset = list->entries[i].offset;

        end = offset > entry->offset && offset < end ? offset : end;
    }
    return end;
}

void diff_read_list(const struct sim_dump_function *function, struct diff_list *list)
{
    list->count = 0;
    list->extended_known = false;
    if (read_first(function, list)) {
        read_extended(function, list);
    } else {
        list->extended_known = list->first_known;
    }
    for (size_t i = 0; i < list->count; i++) {
        list->entries[i].end = find_end(list, &list->entries[i]);
    }
}

bool diff_serial(const struct sim_dump_function *function, uint64_t *serial)
{
    struct diff_list list;

    diff_read_list(function, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct diff_entry *entry = &list.entries[i];

        if (entry->extended && entry->id == SERIAL_NUMBER &&
            is_known(function, entry->offset, 12)) {
            *serial = diff_load(function, entry->offset + 4, 4) |
                      (uint64_t)diff_load(function, entry->offset + 8, 4) << 32;
            return true;
        }
    }
    return false;
}

struct diff_entry_name diff_name_entry(const struct diff_entry *entry)
{
    const char *name = sim_pci_capability_name(
        entry->extended ? SIM_PCI_LIST_EXTENDED : SIM_PCI_LIST_FIRST, entry->id);
    struct diff_entry_name text;
    char number[24];

    (void)snprintf(number, sizeof number, "capability %02x", entry->id);
    (void)snprintf(text.text, sizeof text.text, "%s [%02x]", name == NULL ? number : name,
                   entry->offset);
    return text;
}
