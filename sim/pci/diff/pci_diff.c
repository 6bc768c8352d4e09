/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The comparison of two dumps: functions are paired, then each pair is compared,
 * what has a meaning first. What is left of the bytes both dumps know, registers of
 * the vendor's own, becomes one change that says how many there are and shows the
 * first.
 */
#include "sim/pci/diff/pci_diff.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/diff/pci_diff_internal.h"

#define HEADER_SIZE 64u

void diff_add(struct sim_pci_pair *pair, const char *before, const char *after, const char *format,
              ...)
{
    struct sim_pci_change *larger = NULL;
    struct sim_pci_change *change = NULL;
    va_list arguments;

    if (strcmp(before, after) == 0) {
        return;
    }
    larger = reallocarray(pair->changes, pair->count + 1, sizeof *larger);
    if (larger == NULL) {
        pair->no_memory = true;
        return;
    }
    pair->changes = larger;
    change = &larger[pair->count++];
    va_start(arguments, format);
    (void)vsnprintf(change->what, sizeof change->what, format, arguments);
    va_end(arguments);
    (void)snprintf(change->before, sizeof change->before, "%s", before);
    (void)snprintf(change->after, sizeof change->after, "%s", after);
}

uint32_t diff_load(const struct sim_dump_function *function, unsigned int offset,
                   unsigned int bytes)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < bytes && offset + i < SIM_CONFIG_SIZE; i++) {
        value |= (uint32_t)function->bytes[offset + i] << 8 * i;
    }
    return value;
}

bool diff_both_know(const struct sim_pci_pair *pair, unsigned int before, unsigned int after,
                    uint32_t bits)
{
    for (unsigned int i = 0; i < 4; i++) {
        unsigned int byte = bits >> 8 * i & 0xFF;

        if (byte != 0 && (before + i >= SIM_CONFIG_SIZE || after + i >= SIM_CONFIG_SIZE ||
                          (pair->before->known[before + i] & byte) != byte ||
                          (pair->after->known[after + i] & byte) != byte)) {
            return false;
        }
    }
    return true;
}

/* Compare the bytes nothing is known of. */
static void compare_rest(struct diff_comparison *comparison)
{
    struct sim_pci_pair *pair = comparison->pair;
    unsigned int count = 0;
    unsigned int first = 0;
    char texts[2][16];

    for (unsigned int i = HEADER_SIZE; i < SIM_CONFIG_SIZE; i++) {
        unsigned int known = pair->before->known[i] & pair->after->known[i];

        if (!comparison->done[i] &&
            ((pair->before->bytes[i] ^ pair->after->bytes[i]) & known) != 0) {
            first = count == 0 ? i : first;
            count++;
        }
    }
    if (count > 0) {
        (void)snprintf(texts[0], sizeof texts[0], "%02x: %02x", first, pair->before->bytes[first]);
        (void)snprintf(texts[1], sizeof texts[1], "%02x: %02x", first, pair->after->bytes[first]);
        diff_add(pair, texts[0], texts[1], "%u byte%s of the vendor's own", count,
                 count == 1 ? "" : "s");
    }
}

static int compare_pair(struct sim_pci_pair *pair, struct sim_error *error)
{
    struct diff_comparison *comparison = calloc(1, sizeof *comparison);

    if (comparison == NULL) {
        return sim_error_set(error, "no memory for the comparison");
    }
    comparison->pair = pair;
    diff_addresses(comparison);
    diff_header(comparison);
    diff_capabilities(comparison);
    compare_rest(comparison);
    free(comparison);
    return pair->no_memory ? sim_error_set(error, "no memory for the comparison") : 0;
}

int sim_pci_diff(const struct sim_dump *before, const struct sim_dump *after,
                 struct sim_pci_diff *diff, struct sim_error *error)
{
    struct sim_pci_diff made = {.before = before, .after = after};
    int result = diff_match(&made, error);

    for (size_t i = 0; i < made.count && result == 0; i++) {
        if (made.pairs[i].before != NULL && made.pairs[i].after != NULL) {
            result = compare_pair(&made.pairs[i], error);
        }
    }
    if (result != 0) {
        sim_pci_diff_free(&made);
        return -1;
    }
    *diff = made;
    return 0;
}

void sim_pci_diff_free(struct sim_pci_diff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        free(diff->pairs[i].changes);
    }
    free(diff->pairs);
    *diff = (struct sim_pci_diff){.count = 0};
}
