/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do the capability lists of a dump end?
 *
 * Both lists are chains of offsets inside configuration space. Every offset is
 * a multiple of 4, so a list that visits no place twice has at most 48 entries,
 * or 960 in the extended part; one that does visits it forever. A dump like that
 * is an experiment on whoever enumerates it, and people should know. Bytes that
 * the dump does not have are 0 in it, which is a pointer that ends a list.
 *
 * The rules are written down here once more instead of asking hal/, because the
 * dumps are what hal/ is tested with. Spec: [PCI 3.0] 6.7; [PCIe 6] 7.6.
 */
#include "sim/pci/dump/dump.h"

#include "sim/pci/dump/dump_text.h"

#define STATUS                 0x06u
#define STATUS_CAPABILITIES    0x10u
#define HEADER_TYPE            0x0Eu
#define POINTER                0x34u
#define POINTER_CARDBUS        0x14u
#define FIRST_END              0x100u
#define CAPABILITY_PCI_EXPRESS 0x10u
#define CAPABILITY_ALL_ONES    0xFFu
#define PLACES                 (SIM_CONFIG_SIZE / 4)

/* A walk along one list. */
struct walk {
    bool seen[PLACES];
    unsigned int pointer;  /* where the offset of this entry was read */
    unsigned int position; /* of this entry */
};

/* Step onto an entry; whether the walk was there before. */
static bool enter(struct walk *walk)
{
    bool before = walk->seen[walk->position / 4];

    walk->seen[walk->position / 4] = true;
    return before;
}

static int report(const struct sim_dump *dump, const struct sim_dump_function *function,
                  const struct walk *walk, struct sim_error *error)
{
    unsigned int line = function->row_line[walk->pointer / SIM_DUMP_ROW_BYTES];
    char number[16] = "";

    if (line != 0) {
        (void)snprintf(number, sizeof number, "%u:", line);
    }
    return sim_error_set(
        error, "%s:%s the capability list of %s loops: the pointer at %02x leads back to %02x",
        dump->path, number, sim_dump_name(function).text, walk->pointer, walk->position);
}

/* Walk the first list. Returns whether it ends; *express says whether it has PCI Express. */
static bool first_list_ends(const struct sim_dump_function *function, struct walk *walk,
                            bool *express)
{
    const uint8_t *bytes = function->bytes;

    walk->pointer = (bytes[HEADER_TYPE] & 0x7Fu) == 2 ? POINTER_CARDBUS : POINTER;
    walk->position = bytes[walk->pointer] & 0xFCu;
    while (walk->position >= 0x40 && bytes[walk->position] != CAPABILITY_ALL_ONES) {
        if (enter(walk)) {
            return false;
        }
        *express = *express || bytes[walk->position] == CAPABILITY_PCI_EXPRESS;
        walk->pointer = walk->position + 1;
        walk->position = bytes[walk->pointer] & 0xFCu;
    }
    return true;
}

/* Walk the extended list. Returns whether it ends. */
static bool extended_list_ends(const struct sim_dump_function *function, struct walk *walk)
{
    walk->position = FIRST_END;
    while (walk->position >= FIRST_END) {
        const uint8_t *entry = &function->bytes[walk->position];

        if (entry[0] == 0xFF && entry[1] == 0xFF) {
            return true;
        }
        if (enter(walk)) {
            return false;
        }
        walk->pointer = walk->position + 2;
        walk->position = (entry[2] >> 4 | (unsigned int)entry[3] << 4) & 0xFFCu;
    }
    return true;
}

static int check_function(const struct sim_dump *dump, const struct sim_dump_function *function,
                          struct sim_error *error)
{
    struct walk first = {.pointer = 0};
    struct walk extended = {.pointer = 0};
    bool express = false;

    if ((function->bytes[STATUS] & STATUS_CAPABILITIES) == 0) {
        return 0;
    }
    if (!first_list_ends(function, &first, &express)) {
        return report(dump, function, &first, error);
    }
    if (express && !extended_list_ends(function, &extended)) {
        return report(dump, function, &extended, error);
    }
    return 0;
}

int sim_dump_check_capabilities(const struct sim_dump *dump, struct sim_error *error)
{
    for (size_t i = 0; i < dump->count; i++) {
        if (check_function(dump, &dump->functions[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}
