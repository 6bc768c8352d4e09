/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The permissions of paging inside the machine, by real instructions, with the machine's MMU and
 * with the engine's. Three opinions must agree: what the guest's #PF handler found, the page walker,
 * and the predictor of paging_matrix.h.
 *
 * Every shape of tables is tried with settings in which every pair of values of two factors
 * occurs; with the environment variable DRYDOCK_FULL_MATRIX set, with all settings.
 */
#include <stdlib.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/paging_matrix.h"

enum {
    LEVELS = 6
};

static struct paging_shape shapes[PAGING_MAX_SHAPES];
static unsigned int shape_count;
static unsigned int settings[PAGING_SETTINGS];
static unsigned int setting_count;
static bool engine_mmu;

static const enum sim_access_kind kinds[] = {
    [PAGING_READ] = SIM_ACCESS_READ,
    [PAGING_WRITE] = SIM_ACCESS_WRITE,
    [PAGING_FETCH] = SIM_ACCESS_FETCH,
    [PAGING_MODIFY] = SIM_ACCESS_WRITE,
};

/* One case on its way, and the words for a failure. */
struct trial {
    const struct paging_shape *shape;
    const struct paging_setting *setting;
    struct paging_controls controls;
    uint64_t linear;
    uint64_t entries[LEVELS]; /* expected, by level */
    unsigned int number;      /* of the access */
};

static const char *describe(const struct trial *trial)
{
    static char text[512];
    const struct paging_shape *shape = trial->shape;
    const struct paging_setting *setting = trial->setting;

    (void)snprintf(
        text, sizeof text,
        "%s MMU, %u levels, page of level %u (%s), restriction %d at level %u; WP %d NXE "
        "%d SMEP %d SMAP %d PKE %d; instructions %d, %d at CPL %d, %d: access %u",
        engine_mmu ? "engine's" : "own", shape->levels, shape->leaf,
        shape->user ? "user" : "supervisor", (int)shape->restriction, shape->level, setting->wp,
        setting->nxe, setting->smep, (int)setting->smap, setting->pke, (int)setting->instruction[0],
        (int)setting->instruction[1], setting->privilege[0] == PAGING_USER ? 3 : 0,
        setting->privilege[1] == PAGING_USER ? 3 : 0, trial->number);
    return text;
}

/* The walker sees the tables as the last access left them. */
static void compare_with_walker(const struct trial *trial,
                                const struct paging_prediction *prediction)
{
    const struct sim_memory memory = {.bytes = sim_machine_ram(machine, 0, 1),
                                      .size = sim_machine_ram_size(machine)};
    const struct sim_cpu cpu = {
        .cr0 = trial->controls.cr0,
        .cr3 = trial->controls.cr3,
        .cr4 = trial->controls.cr4,
        .efer = trial->controls.efer,
        .pkru = (uint32_t)trial->controls.pkru,
        .rflags = trial->setting->smap == SMAP_WITH_AC ? 0x40002 : 2,
        .physical_bits = 40,
    };
    const struct sim_access access = {
        trial->linear,
        kinds[trial->setting->instruction[trial->number]],
        trial->setting->privilege[trial->number] == PAGING_USER ? SIM_MODE_USER
                                                                : SIM_MODE_SUPERVISOR,
    };
    struct sim_walk walk = sim_mmu_walk(&cpu, &memory, access);

    ck_assert_msg((walk.outcome == SIM_WALK_PAGE_FAULT) == prediction->faults,
                  "%s: the walker says %d", describe(trial), (int)walk.outcome);
    if (prediction->faults) {
        ck_assert_msg(walk.error_code == prediction->error_code,
                      "%s: predicted 0x%x, the walker says 0x%x", describe(trial),
                      prediction->error_code, walk.error_code);
    } else {
        ck_assert_msg(walk.physical == PAGING_FRAME + trial->linear % 4096,
                      "%s: the walker says 0x%lx", describe(trial), walk.physical);
    }
}

static void compare_entries(struct trial *trial, const struct paging_prediction *prediction)
{
    for (unsigned int level = trial->shape->leaf; level <= trial->shape->levels; level++) {
        uint64_t entry = peek(paging_case_entry(trial->shape->levels, level));
        uint64_t maybe = prediction->maybe[level];

        trial->entries[level] |= prediction->marks[level];
        ck_assert_msg((entry & ~maybe) == (trial->entries[level] & ~maybe),
                      "%s: the entry of level %u is 0x%lx, not 0x%lx", describe(trial), level,
                      entry, trial->entries[level]);
        trial->entries[level] = entry;
    }
}

/*
 * What differs with the engine's MMU, see docs/engine-deviations.md: an instruction that reads and
 * writes faults like one that reads; an entry that maps 1 GiB is marked before it is checked.
 */
static struct paging_prediction predict(const struct trial *trial)
{
    struct paging_setting reads = *trial->setting;
    struct paging_prediction prediction =
        paging_matrix_predict(trial->shape, &reads, trial->number);

    if (engine_mmu && reads.instruction[trial->number] == PAGING_MODIFY) {
        struct paging_prediction of_read;

        reads.instruction[trial->number] = PAGING_READ;
        of_read = paging_matrix_predict(trial->shape, &reads, trial->number);
        prediction = of_read.faults ? of_read : prediction;
    }
    if (engine_mmu && trial->shape->leaf == 3 && (prediction.error_code & 1) != 0) {
        prediction.maybe[3] |= 0x20;
    }
    return prediction;
}

static void try_access(struct trial *trial)
{
    enum paging_instruction instruction = trial->setting->instruction[trial->number];
    const struct paging_access access = {
        .linear = trial->linear + (instruction == PAGING_FETCH ? 0 : 8),
        .instruction = instruction,
        .privilege = trial->setting->privilege[trial->number],
        .rflags = trial->setting->smap == SMAP_WITH_AC ? 0x40000 : 0,
        .flush = trial->number == 0,
    };
    struct paging_prediction prediction =
        paging_matrix_predict(trial->shape, trial->setting, trial->number);
    struct paging_outcome outcome;
    uint64_t after = 0;

    compare_with_walker(trial, &prediction);
    prediction = predict(trial);
    poke(PAGING_FRAME + 8, 0x41);
    outcome = paging_case_access(&access);
    after = instruction == PAGING_WRITE ? 0x5A : 0x41;
    after += instruction == PAGING_MODIFY;
    ck_assert_msg(outcome.faults == prediction.faults, "%s: %s", describe(trial),
                  outcome.faults ? "a fault" : "no fault");
    ck_assert_msg(peek(PAGING_FRAME + 8) == (outcome.faults ? 0x41 : after),
                  "%s: the byte is 0x%lx", describe(trial), peek(PAGING_FRAME + 8));
    if (outcome.faults) {
        ck_assert_msg(outcome.error_code == prediction.error_code, "%s: error code 0x%lx, not 0x%x",
                      describe(trial), outcome.error_code, prediction.error_code);
        ck_assert_msg(outcome.cr2 == access.linear, "%s: CR2 0x%lx", describe(trial), outcome.cr2);
    }
    compare_entries(trial, &prediction);
}

static void try_case(const struct paging_shape *shape, const struct paging_setting *setting)
{
    struct trial trial = {
        .shape = shape,
        .setting = setting,
        .controls = paging_matrix_controls(shape, setting),
        .linear = paging_matrix_map(shape),
    };

    for (unsigned int level = shape->leaf; level <= shape->levels; level++) {
        trial.entries[level] = peek(paging_case_entry(shape->levels, level));
    }
    for (trial.number = 0; trial.number < 2; trial.number++) {
        try_access(&trial);
    }
}

static void try_setting(const struct paging_setting *setting, unsigned int levels)
{
    uint64_t pkru = UINT64_MAX; /* is not one */

    for (unsigned int i = 0; i < shape_count; i++) {
        struct paging_controls controls = paging_matrix_controls(&shapes[i], setting);

        if (shapes[i].levels != levels) {
            continue;
        }
        if (controls.pkru != pkru) {
            paging_case_set_controls(&controls);
            pkru = controls.pkru;
        }
        try_case(&shapes[i], setting);
    }
}

START_TEST(the_guest_the_walker_and_the_manual_agree_on_every_access)
{
    unsigned int levels = 4 + (unsigned int)_i % 2;

    engine_mmu = _i >= 2;
    paging_case_open(engine_mmu ? SIM_MMU_ENGINE : SIM_MMU_OWN);
    if (levels == 5) {
        paging_case_enable_la57();
    }
    for (unsigned int i = 0; i < setting_count; i++) {
        struct paging_setting setting = paging_matrix_setting(settings[i]);

        try_setting(&setting, levels);
    }
    paging_case_close();
}
END_TEST

START_TEST(the_matrix_has_the_size_it_says)
{
    /* Of each number of levels and page size, with n entries on the way: n each of R/W, XD, P and
       reserved, two of keys and one of nothing, for user pages and supervisor pages; n of U/S. */
    ck_assert_uint_eq(shape_count, 9 * (4 + 3 + 2) + 3 * 6 + 9 * (5 + 4 + 3) + 3 * 6);
    ck_assert_uint_ge(setting_count, 16); /* of 4 instructions, 4 more */
    ck_assert_uint_le(setting_count, PAGING_SETTINGS);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_paging");
    TCase *matrix = tcase_create("matrix");

    shape_count = paging_matrix_shapes(shapes);
    setting_count = paging_matrix_cover(settings);
    if (getenv("DRYDOCK_FULL_MATRIX") != NULL) {
        for (setting_count = 0; setting_count < PAGING_SETTINGS; setting_count++) {
            settings[setting_count] = setting_count;
        }
    }
    tcase_add_loop_test(matrix, the_guest_the_walker_and_the_manual_agree_on_every_access, 0, 4);
    tcase_add_test(matrix, the_matrix_has_the_size_it_says);
    tcase_set_timeout(matrix, 1800);
    suite_add_tcase(suite, matrix);
    return suite;
}
