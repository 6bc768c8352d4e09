/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of a dump as a list: in the order of their addresses, none twice.
 *
 * A file can hold several listings of one machine, say a short one and one with
 * all bytes. Of a function that is there more than once that stays of which most
 * is known, and gets what only verbose text tells from the others.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_text.h"

struct sim_pci_address sim_dump_address(const struct sim_dump_function *function)
{
    return (struct sim_pci_address){function->segment, function->bus, function->device,
                                    function->function};
}

struct sim_pci_address_text sim_dump_name(const struct sim_dump_function *function)
{
    return sim_pci_address_text(sim_dump_address(function), SIM_PCI_SEGMENTS_SHOWN);
}

static unsigned int count_known(const struct sim_dump_function *function)
{
    unsigned int bits = 0;

    for (unsigned int i = 0; i < function->known_size; i++) {
        for (unsigned int known = function->known[i]; known != 0; known &= known - 1) {
            bits++;
        }
    }
    return bits;
}

/* By address; the same function by what is known of it, the most first, then as in the file. */
static int compare_functions(const void *left, const void *right)
{
    const struct sim_dump_function *one = left;
    const struct sim_dump_function *other = right;
    int order = sim_pci_address_compare(sim_dump_address(one), sim_dump_address(other));
    unsigned int known = 0;
    unsigned int other_known = 0;

    if (order != 0) {
        return order;
    }
    known = count_known(one);
    other_known = count_known(other);
    return known != other_known ? (known < other_known) - (known > other_known)
                                : (one->line > other->line) - (one->line < other->line);
}

/* Whether bits of four bytes are the same in both. */
static bool agree(const struct sim_dump_function *one, const struct sim_dump_function *other,
                  unsigned int offset, uint32_t bits)
{
    uint32_t different = 0;

    for (unsigned int i = 0; i < 4; i++) {
        different |= (uint32_t)(one->bytes[offset + i] ^ other->bytes[offset + i]) << 8 * i;
    }
    return (different & bits) == 0;
}

/* Sizes of regions that are where they are in the other listing, and Vital Product Data. */
static void take_text(struct sim_dump_function *kept, const struct sim_dump_function *other)
{
    unsigned int rom = (kept->bytes[0x0E] & 0x7F) == 1 ? 0x38 : 0x30;

    if (!agree(kept, other, 0x00, UINT32_MAX)) {
        return;
    }
    for (unsigned int i = 0; i < SIM_DUMP_BARS; i++) {
        unsigned int offset = i < SIM_DUMP_BARS - 1 ? 0x10 + 4 * i : rom;

        if (kept->bars[i].size == 0 && agree(kept, other, offset, ~UINT32_C(0xF))) {
            kept->bars[i] = other->bars[i];
        }
    }
    if (kept->vpd_size == 0) {
        memcpy(kept->vpd, other->vpd, sizeof kept->vpd);
        kept->vpd_size = other->vpd_size;
    }
}

/* Sort functions; returns how many stay. */
static size_t sort(const struct sim_dump_reading *reading)
{
    struct sim_dump_function *functions = reading->functions;
    size_t kept = 0;

    qsort(functions, reading->count, sizeof *functions, compare_functions);
    for (size_t i = 0; i < reading->count; i++) {
        const struct sim_dump_function *next = &functions[i];

        if (kept > 0 && sim_pci_address_compare(sim_dump_address(&functions[kept - 1]),
                                                sim_dump_address(next)) == 0) {
            sim_dump_remark(reading->cursor, next->line, "%s is left out: it is also in line %u",
                            sim_dump_name(next).text, functions[kept - 1].line);
            take_text(&functions[kept - 1], next);
        } else if (kept++ != i) {
            functions[kept - 1] = *next;
        }
    }
    return kept;
}

int sim_dump_give_away(const struct sim_dump_reading *reading, struct sim_dump *dump,
                       struct sim_error *error)
{
    const char *path = reading->cursor->path;
    size_t count = sort(reading);
    bool has_remarks = reading->cursor->remarks->count > 0;
    char *remarks = sim_dump_take_remarks(reading->cursor->remarks, path);
    char *copy = strdup(path);

    if (copy == NULL || (has_remarks && remarks == NULL)) {
        free(copy);
        free(remarks);
        free(reading->functions);
        return sim_error_set(error, "%s: out of memory", path);
    }
    *dump = (struct sim_dump){
        .path = copy,
        .functions = reading->functions,
        .count = count,
        .remarks = remarks,
        .form = reading->form,
    };
    return 0;
}
