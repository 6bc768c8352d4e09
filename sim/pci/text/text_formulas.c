/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers computed from a field: they are inverted by trying all values of the field,
 * 8192 at most. Several values can give one number (0 times any scale): then the bits
 * in which they agree are known.
 *
 * Results are in thousandths of what is printed.
 */
#include "sim/pci/text/text_formulas.h"

#include <stddef.h>
#include <string.h>

#include "sim/pci/text/text_number.h"

#define NEVER UINT64_MAX /* a value that no number is printed for */

struct sim_text_formula {
    const char *name;
    unsigned int bits;
    uint64_t free; /* bits that play no part: they are not known */
    uint64_t (*compute)(uint64_t value);
    uint64_t (*compute_too)(uint64_t value); /* how other versions print it, or NULL */
};

/* A power limit: 8 bits of value, 2 of scale, in watts. Spec: [PCIe 6] 7.5.3.9 */
static uint64_t power(uint64_t value)
{
    static const uint64_t scales[] = {1000, 100, 10, 1};

    return (value & 0xFF) * scales[value >> 8];
}

/* The same where values from F0h on mean 250 W, 275 W and so on, and FFh "more than 600 W". */
static uint64_t large_power(uint64_t value)
{
    if (value >= 0xF0 && value <= 0xFE) {
        return (250 + 25 * (value - 0xF0)) * 1000;
    }
    return power(value);
}

/*
 * Scales of latencies: 32 to the power of 0..5. lspci also prints the reserved 6 and 7: it shifts by five
 * times the scale, of which the processor takes five bits. Spec: [PCIe 6] 7.8.2.2
 */
static uint64_t scaled(uint64_t value, uint64_t scale)
{
    return (value << 5 * scale % 32) * 1000;
}

/* A latency: 10 bits of value, 3 of scale, in nanoseconds. */
static uint64_t latency(uint64_t value)
{
    return scaled(value & 0x3FF, value >> 10);
}

/* The same with 3 reserved bits between. Spec: [PCIe 6] 7.8.3.3 */
static uint64_t threshold(uint64_t value)
{
    return scaled(value & 0x3FF, value >> 13);
}

/* Time of power on: 2 bits of scale, 1 reserved, 5 of value, in us. Spec: [PCIe 6] 7.8.3.2 */
static uint64_t power_on(uint64_t value)
{
    static const uint64_t scales[] = {2, 10, 100};

    return (value & 3) == 3 ? NEVER : (value >> 3) * scales[value & 3] * 1000;
}

static const struct sim_text_formula formulas[] = {
    {"power", 10, 0, power, large_power},
    {"latency", 13, 0, latency, NULL},
    {"threshold", 16, 0x1C00, threshold, NULL},
    {"power_on", 8, 0x04, power_on, NULL},
};

const struct sim_text_formula *sim_text_formula_find(const char *name)
{
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        if (strcmp(formulas[i].name, name) == 0) {
            return &formulas[i];
        }
    }
    return NULL;
}

bool sim_text_formula_match(const struct sim_text_formula *formula, const char **at,
                            const char *end, struct sim_text_candidates *candidates)
{
    const char *after = *at;
    uint64_t number = 0;

    if (formula == NULL || !sim_text_number_read_milli(&after, end, &number)) {
        return false;
    }
    for (uint64_t value = 0; value < UINT64_C(1) << formula->bits; value++) {
        if ((value & formula->free) == 0 &&
            (formula->compute(value) == number ||
             (formula->compute_too != NULL && formula->compute_too(value) == number))) {
            sim_text_candidate_add(candidates, value, formula->free);
        }
    }
    *at = after;
    return candidates->count > 0;
}
