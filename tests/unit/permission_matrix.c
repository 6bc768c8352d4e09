/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases are numbers: digits of a number, in a base of their own each, choose the
 * levels, the settings and the accesses. Every access of a page costs a prediction,
 * a translation and a comparison of its entries; mapping is done once for all cases
 * of a page.
 */
#include "tests/unit/permission_matrix.h"

#include <stdio.h>
#include <string.h>

#include "sim/cpu/cpu.h"

enum {
    CASE_STEP = 499, /* prime: consecutive samples differ in every digit */
};

unsigned int permission_matrix_count(const struct permission_matrix *matrix)
{
    return matrix->spaces[0].format.levels == 5 ? PERMISSION_TABLES_5_LEVEL
                                                : PERMISSION_TABLES_4_LEVEL;
}

/* The next digit: 0 is no level, else a level from the page's entry up. */
static uint8_t take_level(unsigned int *number, unsigned int levels, unsigned int leaf)
{
    unsigned int choices = levels - leaf + 2;
    unsigned int digit = *number % choices;

    *number /= choices;
    return (uint8_t)(digit == 0 ? 0 : leaf + digit - 1);
}

struct permission_tables permission_matrix_tables(const struct permission_matrix *matrix,
                                                  unsigned int number)
{
    struct permission_tables tables = {.levels = matrix->spaces[0].format.levels, .leaf = 1};

    tables.key_rights = number % 4;
    number /= 4;
    for (unsigned int choices = tables.levels + 1u;; choices--) {
        unsigned int of_this_leaf = choices * choices * choices * choices;

        if (number < of_this_leaf) {
            break;
        }
        number -= of_this_leaf;
        tables.leaf++;
    }
    tables.read_only = take_level(&number, tables.levels, tables.leaf);
    tables.supervisor = take_level(&number, tables.levels, tables.leaf);
    tables.no_execute = take_level(&number, tables.levels, tables.leaf);
    tables.not_present = take_level(&number, tables.levels, tables.leaf);
    return tables;
}

struct permission_setting permission_matrix_setting(unsigned int number, bool nxe)
{
    return (struct permission_setting){
        .wp = (number & 1u) != 0,
        .nxe = nxe,
        .smep = (number & 2u) != 0,
        .smap = (number & 4u) != 0,
        .ac = (number & 8u) != 0,
        .pke = (number & 16u) != 0,
    };
}

struct permission_access permission_matrix_access(unsigned int number)
{
    return (struct permission_access){(enum permission_kind)(number % 3), number / 3 != 0};
}

bool permission_matrix_fail(struct permission_matrix *matrix,
                            const struct permission_setting *setting,
                            struct permission_access access, const char *found)
{
    struct permission_prediction prediction = permission_predict(matrix->tables, setting, access);
    char words[256];
    char must[32] = "no fault";

    permission_describe(matrix->tables, setting, words, sizeof words);
    if (prediction.faults) {
        (void)snprintf(must, sizeof must, "#PF(0x%x)", prediction.error_code);
    }
    (void)snprintf(matrix->failure, sizeof matrix->failure, "%s: %s must give %s: %s", words,
                   permission_access_name(access), must, found);
    return false;
}

bool permission_matrix_check_entries(struct permission_matrix *matrix,
                                     const struct permission_setting *setting,
                                     struct permission_access access,
                                     const struct permission_prediction *prediction)
{
    char found[128];

    matrix->accesses++;
    for (unsigned int level = matrix->tables->leaf; level <= matrix->tables->levels; level++) {
        uint64_t entry = *matrix->entries[level];
        uint64_t maybe = level == prediction->maybe ? entry & 0x20 : 0;

        matrix->expected[level] |= prediction->marks[level] | maybe;
        if (entry != matrix->expected[level]) {
            (void)snprintf(found, sizeof found, "the entry of level %u is 0x%lx, not 0x%lx", level,
                           entry, matrix->expected[level]);
            return permission_matrix_fail(matrix, setting, access, found);
        }
    }
    return true;
}

void permission_matrix_rewind(struct permission_matrix *matrix)
{
    for (unsigned int level = matrix->tables->leaf; level <= matrix->tables->levels; level++) {
        *matrix->entries[level] = matrix->initial[level];
        matrix->expected[level] = matrix->initial[level];
    }
}

uint32_t permission_matrix_pkru(const struct permission_matrix *matrix)
{
    uint32_t own = UINT32_C(3) << (2 * matrix->key);
    uint32_t rights = (uint32_t)matrix->tables->key_rights << (2 * matrix->key);
    uint32_t opposite = matrix->tables->key_rights == 0 ? ~UINT32_C(3) : 0;

    return (opposite & ~own) | rights;
}

/* [SDM 3A] figure 2-7; 2.2.1; [SDM 1] 3.4.3. */
static struct sim_cpu make_cpu(const struct permission_matrix *matrix,
                               const struct permission_setting *setting)
{
    return (struct sim_cpu){
        .rflags = setting->ac ? 0x40002 : 2,
        .cr0 = 0x80000033 | (setting->wp ? 0x10000u : 0),
        .cr3 = matrix->spaces[0].root.raw,
        .cr4 = 0x620 | (matrix->tables->levels == 5 ? 0x1000u : 0) |
               (setting->smep ? 0x100000u : 0) | (setting->smap ? 0x200000u : 0) |
               (setting->pke ? 0x400000u : 0),
        .efer = 0x501 | (setting->nxe ? 0x800u : 0),
        .pkru = permission_matrix_pkru(matrix),
        .code = SIM_WIDTH_64,
        .stack = SIM_WIDTH_64,
        .physical_bits = matrix->spaces[0].format.physical_width,
    };
}

static bool try_access(struct permission_matrix *matrix, const struct permission_setting *setting,
                       const struct sim_cpu *cpu, struct permission_access access)
{
    static const enum sim_access_kind kinds[] = {SIM_ACCESS_READ, SIM_ACCESS_WRITE,
                                                 SIM_ACCESS_FETCH};
    struct permission_prediction prediction = permission_predict(matrix->tables, setting, access);
    const struct sim_access asked = {matrix->linear + 8, kinds[access.kind],
                                     access.user ? SIM_MODE_USER : SIM_MODE_SUPERVISOR};
    struct sim_walk walk = sim_tlb_translate(matrix->tlb, cpu, asked, 0).walk;
    char found[128];

    if (prediction.faults
            ? walk.outcome != SIM_WALK_PAGE_FAULT || walk.error_code != prediction.error_code
            : walk.outcome != SIM_WALK_MAPPED || walk.physical != PERMISSION_FRAME + 8) {
        (void)snprintf(found, sizeof found, "%s, error code 0x%x, physical address 0x%lx",
                       walk.outcome == SIM_WALK_PAGE_FAULT ? "#PF" : "no #PF", walk.error_code,
                       walk.physical);
        return permission_matrix_fail(matrix, setting, access, found);
    }
    return permission_matrix_check_entries(matrix, setting, access, &prediction);
}

bool permission_matrix_try(struct permission_matrix *matrix, unsigned int number)
{
    struct permission_setting setting =
        permission_matrix_setting(number / PERMISSION_PAIRS, matrix->nxe);
    struct permission_access first = permission_matrix_access(number % PERMISSION_KINDS);
    struct permission_access second =
        permission_matrix_access(number / PERMISSION_KINDS % PERMISSION_KINDS);
    const struct sim_cpu cpu = make_cpu(matrix, &setting);
    const struct sim_tlb_flush invlpg = {.kind = SIM_TLB_ADDRESS, .linear = matrix->linear};

    permission_matrix_rewind(matrix);
    sim_tlb_flush(matrix->tlb, &cpu, &invlpg, 0);
    return try_access(matrix, &setting, &cpu, first) && try_access(matrix, &setting, &cpu, second);
}

static bool try_cases(struct permission_matrix *matrix, unsigned int first, unsigned int cases)
{
    for (unsigned int i = 0; i < cases; i++) {
        if (!permission_matrix_try(matrix, (first + i * CASE_STEP) % PERMISSION_CASES)) {
            return false;
        }
    }
    return true;
}

bool permission_matrix_run(struct permission_matrix *matrix, unsigned int cases)
{
    for (unsigned int i = 0; i < 2 * permission_matrix_count(matrix); i++) {
        struct permission_tables tables = permission_matrix_tables(matrix, i / 2);

        if (!permission_matrix_map(matrix, &tables, i % 2 != 0) ||
            !try_cases(matrix, i / 2 * 7, cases) || !permission_matrix_unmap(matrix)) {
            return false;
        }
    }
    return true;
}
