/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page has a type from the PAT, chosen by three bits of its entry, and its
 * physical address has one from the MTRRs: fixed ranges for the first MiB,
 * variable ranges that are matched by mask, and a default. In general the
 * stricter of the two wins, but WC in the PAT overrides whatever the MTRR says.
 * [SDM 3A] 11.5.2.2, 11.11, 11.12.
 */
#include "sim/mmu/memory_type.h"

#include <stdbool.h>

#define DEF_TYPE_FIXED_ENABLE (UINT64_C(1) << 10)
#define DEF_TYPE_ENABLE       (UINT64_C(1) << 11)
#define MASK_VALID            (UINT64_C(1) << 11)
#define RANGE_ADDRESS         UINT64_C(0x000FFFFFFFFFF000)

static bool is_mtrr_type(uint64_t value)
{
    return value == SIM_MEMORY_UC || value == SIM_MEMORY_WC || value == SIM_MEMORY_WT ||
           value == SIM_MEMORY_WP || value == SIM_MEMORY_WB;
}

static enum sim_memory_type decode(uint64_t value)
{
    return is_mtrr_type(value) ? (enum sim_memory_type)value : SIM_MEMORY_UC;
}

const char *sim_memory_type_name(enum sim_memory_type type)
{
    switch (type) {
    case SIM_MEMORY_UC:
        return "UC";
    case SIM_MEMORY_WC:
        return "WC";
    case SIM_MEMORY_WT:
        return "WT";
    case SIM_MEMORY_WP:
        return "WP";
    case SIM_MEMORY_WB:
        return "WB";
    case SIM_MEMORY_UC_MINUS:
        return "UC-";
    default:
        return "reserved";
    }
}

/* Each fixed register has 8 types: of 64 KiB, 16 KiB or 4 KiB each. [SDM 3A] table 11-9. */
static enum sim_memory_type fixed_type(const uint64_t fixed[11], uint64_t physical)
{
    uint64_t at = physical >> 16;
    size_t first = 0;

    if (physical >= 0xC0000) {
        at = (physical - 0xC0000) >> 12;
        first = 3;
    } else if (physical >= 0x80000) {
        at = (physical - 0x80000) >> 14;
        first = 1;
    }
    return decode(fixed[first + at / 8] >> (8 * (at % 8)) & 0xFF);
}

static bool is_in_range(const struct sim_mtrr_range *range, uint64_t physical)
{
    uint64_t mask = range->mask & RANGE_ADDRESS;

    return (range->mask & MASK_VALID) != 0 && (physical & mask) == (range->base & mask);
}

/* What two ranges make together where they overlap. */
static enum sim_memory_type overlap(enum sim_memory_type one, enum sim_memory_type other)
{
    bool both_write_through = (one == SIM_MEMORY_WT || one == SIM_MEMORY_WB) &&
                              (other == SIM_MEMORY_WT || other == SIM_MEMORY_WB);

    if (one == other) {
        return one;
    }
    return both_write_through ? SIM_MEMORY_WT : SIM_MEMORY_UC;
}

enum sim_memory_type sim_mtrr_type(const struct sim_mtrrs *mtrrs, uint64_t physical)
{
    enum sim_memory_type type = decode(mtrrs->def_type & 0xFF);
    bool matched = false;

    if ((mtrrs->def_type & DEF_TYPE_ENABLE) == 0) {
        return SIM_MEMORY_UC;
    }
    if (physical < 0x100000 && (mtrrs->def_type & DEF_TYPE_FIXED_ENABLE) != 0) {
        return fixed_type(mtrrs->fixed, physical);
    }
    for (size_t i = 0; i < mtrrs->variable_count; i++) {
        const struct sim_mtrr_range *range = &mtrrs->variable[i];

        if (is_in_range(range, physical)) {
            enum sim_memory_type found = decode(range->base & 0xFF);

            type = matched ? overlap(type, found) : found;
            matched = true;
        }
    }
    return type;
}

enum sim_memory_type sim_pat_type(uint64_t pat, unsigned int index)
{
    uint64_t value = pat >> (8 * (index & 7u)) & 0xFF;

    return value == SIM_MEMORY_UC_MINUS ? SIM_MEMORY_UC_MINUS : decode(value);
}

enum sim_memory_type sim_effective_memory_type(enum sim_memory_type mtrr, enum sim_memory_type pat)
{
    switch (pat) {
    case SIM_MEMORY_WC:
        return SIM_MEMORY_WC;
    case SIM_MEMORY_UC_MINUS:
        return mtrr == SIM_MEMORY_WC || mtrr == SIM_MEMORY_WP ? SIM_MEMORY_WC : SIM_MEMORY_UC;
    case SIM_MEMORY_WB:
        return mtrr;
    case SIM_MEMORY_WT:
    case SIM_MEMORY_WP:
        return mtrr == SIM_MEMORY_UC || mtrr == SIM_MEMORY_WC ? SIM_MEMORY_UC : pat;
    default:
        return SIM_MEMORY_UC;
    }
}
