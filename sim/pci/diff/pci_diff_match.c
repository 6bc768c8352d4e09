/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which function of one dump is which of the other. Four rounds, each over all that
 * are left: the same serial number; the same place; the same device and function
 * number on another bus, which is what happens behind a bridge whose bus got a new
 * number; anywhere.
 */
#include <stdlib.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/diff/pci_diff_internal.h"

enum round {
    ROUND_SERIAL,
    ROUND_SAME_PLACE,
    ROUND_OTHER_BUS,
    ROUND_ANYWHERE,
    ROUNDS
};

/* Whether bits that both dumps know are the same in a byte. */
static bool agree(const struct sim_dump_function *one, const struct sim_dump_function *other,
                  unsigned int offset)
{
    unsigned int known = one->known[offset] & other->known[offset];

    return ((one->bytes[offset] ^ other->bytes[offset]) & known) == 0;
}

/* What identifies a device and stays the same wherever it is. */
static bool are_alike(const struct sim_dump_function *one, const struct sim_dump_function *other)
{
    static const unsigned int offsets[] = {0x00, 0x01, 0x02, 0x03, 0x0A, 0x0B};
    static const unsigned int subsystem[] = {0x2C, 0x2D, 0x2E, 0x2F};
    unsigned int type = one->bytes[0x0E] & 0x7Fu;

    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        if (!agree(one, other, offsets[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof subsystem / sizeof *subsystem && type == 0; i++) {
        if (!agree(one, other, subsystem[i])) {
            return false;
        }
    }
    return type == (other->bytes[0x0E] & 0x7Fu);
}

/* Whether the dump tells vendor and device. */
static bool has_ids(const struct sim_dump_function *function)
{
    return (function->known[0] & function->known[1] & function->known[2] & function->known[3]) ==
           0xFF;
}

static bool have_same_place(const struct sim_dump_function *one,
                            const struct sim_dump_function *other)
{
    return sim_pci_address_compare(sim_dump_address(one), sim_dump_address(other)) == 0;
}

static bool fit(enum round round, const struct sim_dump_function *before,
                const struct sim_dump_function *after)
{
    uint64_t serial = 0;
    uint64_t other = 0;
    bool both = false;

    if (!are_alike(before, after)) {
        return false;
    }
    both = diff_serial(before, &serial) && diff_serial(after, &other);
    if (both && serial != other) {
        return false;
    }
    switch (round) {
    case ROUND_SERIAL:
        return both && before->function == after->function;
    case ROUND_SAME_PLACE:
        return have_same_place(before, after);
    case ROUND_OTHER_BUS:
        return before->device == after->device && before->function == after->function &&
               has_ids(before) && has_ids(after);
    case ROUND_ANYWHERE:
    case ROUNDS:
    default:
        return has_ids(before) && has_ids(after);
    }
}

/* A function after, and its partner before. */
struct partner {
    const struct sim_dump_function *before; /* NULL: none so far */
};

/* Who has a partner already. */
struct state {
    const struct sim_pci_diff *diff;
    struct partner *partners; /* of the functions after, by index */
    bool *taken;              /* functions before, by index */
};

/* Find a partner for the function after with an index. */
static void find_partner(struct state *state, enum round round, size_t index)
{
    const struct sim_dump *before = state->diff->before;

    for (size_t i = 0; i < before->count; i++) {
        if (!state->taken[i] &&
            fit(round, &before->functions[i], &state->diff->after->functions[index])) {
            state->taken[i] = true;
            state->partners[index].before = &before->functions[i];
            return;
        }
    }
}

static void find_partners(struct state *state, enum round round)
{
    for (size_t i = 0; i < state->diff->after->count; i++) {
        if (state->partners[i].before == NULL) {
            find_partner(state, round, i);
        }
    }
}

/* Where a pair stands in the list: where the function is, or where it was. */
static int compare_pairs(const void *left, const void *right)
{
    const struct sim_pci_pair *one = left;
    const struct sim_pci_pair *other = right;
    const struct sim_dump_function *first = one->after == NULL ? one->before : one->after;
    const struct sim_dump_function *second = other->after == NULL ? other->before : other->after;
    int order = sim_pci_address_compare(sim_dump_address(first), sim_dump_address(second));

    return order != 0 ? order : (one->after != NULL) - (other->after != NULL);
}

/* Write the pairs down, in their order. */
static void list_pairs(struct sim_pci_diff *diff, const struct state *state)
{
    for (size_t i = 0; i < diff->after->count; i++) {
        diff->pairs[diff->count++] = (struct sim_pci_pair){
            .before = state->partners[i].before,
            .after = &diff->after->functions[i],
        };
    }
    for (size_t i = 0; i < diff->before->count; i++) {
        if (!state->taken[i]) {
            diff->pairs[diff->count++] =
                (struct sim_pci_pair){.before = &diff->before->functions[i]};
        }
    }
    qsort(diff->pairs, diff->count, sizeof *diff->pairs, compare_pairs);
}

int diff_match(struct sim_pci_diff *diff, struct sim_error *error)
{
    struct state state = {
        .diff = diff,
        .partners = calloc(diff->after->count, sizeof *state.partners),
        .taken = calloc(diff->before->count, sizeof *state.taken),
    };
    int result = 0;

    diff->pairs = calloc(diff->before->count + diff->after->count, sizeof *diff->pairs);
    if (diff->pairs == NULL || state.partners == NULL || state.taken == NULL) {
        result = sim_error_set(error, "no memory for the comparison");
    } else {
        for (enum round round = ROUND_SERIAL; round < ROUNDS; round++) {
            find_partners(&state, round);
        }
        list_pairs(diff, &state);
    }
    free(state.partners);
    free(state.taken);
    return result;
}
