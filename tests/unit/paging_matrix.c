/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See paging_matrix.h. Bits are typed from [SDM 3A] figures 2-7 and 4-12, tables 4-14 to 4-20. */
#include "tests/unit/paging_matrix.h"

#include <string.h>

#define KEY UINT64_C(5)

enum {
    FACTORS = 9
};

/* wp, nxe, smep, pke, smap, and instruction and privilege of both accesses. */
static const unsigned int counts[FACTORS] = {2, 2, 2, 2, 3, 4, 2, 4, 2};

static bool is_possible(const struct paging_shape *shape)
{
    switch (shape->restriction) {
    case RESTRICT_NOTHING:
    case RESTRICT_KEY_ACCESS:
    case RESTRICT_KEY_WRITE:
        return shape->level == shape->leaf;
    case RESTRICT_USER:
        return shape->user;
    default:
        return true;
    }
}

unsigned int paging_matrix_shapes(struct paging_shape shapes[PAGING_MAX_SHAPES])
{
    unsigned int count = 0;

    for (unsigned int number = 0; number < 2 * 3 * 5 * RESTRICTIONS * 2; number++) {
        struct paging_shape shape = {
            .levels = 4 + number % 2,
            .leaf = 1 + number / 2 % 3,
            .level = 1 + number / 6 % 5,
            .restriction = (enum paging_restriction)(number / 30 % RESTRICTIONS),
            .user = number / 30 / RESTRICTIONS == 0,
        };

        if (shape.level >= shape.leaf && shape.level <= shape.levels && is_possible(&shape)) {
            shapes[count++] = shape;
        }
    }
    return count;
}

static void split(unsigned int number, unsigned int values[FACTORS])
{
    for (unsigned int i = 0; i < FACTORS; i++) {
        values[i] = number % counts[i];
        number /= counts[i];
    }
}

struct paging_setting paging_matrix_setting(unsigned int number)
{
    unsigned int values[FACTORS];

    split(number, values);
    return (struct paging_setting){
        .wp = values[0] != 0,
        .nxe = values[1] != 0,
        .smep = values[2] != 0,
        .pke = values[3] != 0,
        .smap = (enum paging_smap)values[4],
        .instruction = {(enum paging_instruction)values[5], (enum paging_instruction)values[7]},
        .privilege = {(enum paging_privilege)values[6], (enum paging_privilege)values[8]},
    };
}

/* Marks the pairs of values a setting has; whether one of them is new. */
static bool add_pairs(bool seen[FACTORS][4][FACTORS][4], const unsigned int values[FACTORS])
{
    bool is_new = false;

    for (unsigned int i = 0; i < FACTORS; i++) {
        for (unsigned int j = i + 1; j < FACTORS; j++) {
            bool *pair = &seen[i][values[i]][j][values[j]];

            is_new = is_new || !*pair;
            *pair = true;
        }
    }
    return is_new;
}

unsigned int paging_matrix_cover(unsigned int *numbers)
{
    static bool seen[FACTORS][4][FACTORS][4];
    unsigned int values[FACTORS];
    unsigned int count = 0;

    memset(seen, 0, sizeof seen);
    for (unsigned int i = 0; i < PAGING_SETTINGS; i++) {
        /* A step without common factor goes through all of them, far from one to the next. */
        unsigned int number = i * 2377 % PAGING_SETTINGS;

        split(number, values);
        if (add_pairs(seen, values)) {
            numbers[count++] = number;
        }
    }
    return count;
}

/* PS above the levels that have pages; the low bits of a large page's address; bit 51. */
static uint64_t reserved_bit(const struct paging_shape *shape)
{
    if (shape->level >= 4) {
        return 0x80;
    }
    return shape->level == shape->leaf && shape->leaf > 1 ? 0x2000 : UINT64_C(1) << 51;
}

uint64_t paging_matrix_map(const struct paging_shape *shape)
{
    uint64_t linear = paging_case_map(shape->levels, shape->leaf);
    uint64_t leaf = paging_case_entry(shape->levels, shape->leaf);
    uint64_t restricted = paging_case_entry(shape->levels, shape->level);
    uint64_t entry = 0;

    if (!shape->user) {
        poke(leaf, peek(leaf) & ~UINT64_C(4));
    }
    entry = peek(restricted);
    switch (shape->restriction) {
    case RESTRICT_WRITE:
        entry &= ~UINT64_C(2);
        break;
    case RESTRICT_USER:
        entry &= ~UINT64_C(4);
        break;
    case RESTRICT_EXECUTE:
        entry |= UINT64_C(1) << 63;
        break;
    case RESTRICT_PRESENT:
        entry &= ~UINT64_C(1);
        break;
    case RESTRICT_RESERVED:
        entry |= reserved_bit(shape);
        break;
    case RESTRICT_KEY_ACCESS:
    case RESTRICT_KEY_WRITE:
        entry |= KEY << 59;
        break;
    default:
        break;
    }
    poke(restricted, entry);
    return linear;
}

struct paging_controls paging_matrix_controls(const struct paging_shape *shape,
                                              const struct paging_setting *setting)
{
    struct paging_controls controls = {
        .cr0 = PAGING_CR0 | (setting->wp ? 0x10000 : 0),
        .cr4 = PAGING_CR4 | (setting->smep ? 0x100000 : 0) |
               (setting->smap != SMAP_OFF ? 0x200000 : 0) | (setting->pke ? 0x400000 : 0),
        .efer = PAGING_EFER | (setting->nxe ? 0x800 : 0),
        .cr3 = PAGING_CR3,
    };

    if (shape->levels == 5) {
        controls.cr4 |= PAGING_LA57;
        controls.cr3 = PAGING_LA57_ROOT;
    }
    if (shape->restriction == RESTRICT_KEY_ACCESS) {
        controls.pkru = 1u << (2 * KEY);
    } else if (shape->restriction == RESTRICT_KEY_WRITE) {
        controls.pkru = 2u << (2 * KEY);
    }
    return controls;
}

/* One access, in the words of [SDM 3A] 4.6. */
struct question {
    const struct paging_shape *shape;
    const struct paging_setting *setting;
    bool user_mode, writes, fetches;
    bool user_page;
    bool strict; /* R/W and WD count */
};

static bool key_refuses(const struct question *question)
{
    if (!question->setting->pke || !question->user_page || question->fetches) {
        return false;
    }
    return question->shape->restriction == RESTRICT_KEY_ACCESS ||
           (question->shape->restriction == RESTRICT_KEY_WRITE && question->writes &&
            question->strict);
}

static bool rights_refuse(const struct question *question)
{
    const struct paging_setting *setting = question->setting;
    enum paging_restriction restriction = question->shape->restriction;

    if (question->user_mode && !question->user_page) {
        return true;
    }
    if (!question->user_mode && question->user_page &&
        (question->fetches ? setting->smep : setting->smap == SMAP_ON)) {
        return true;
    }
    if (question->fetches && restriction == RESTRICT_EXECUTE) {
        return true;
    }
    if (question->writes && restriction == RESTRICT_WRITE && question->strict) {
        return true;
    }
    return key_refuses(question);
}

/* [SDM 3A] 4.7: P, RSVD and PK come from the obstacle, the rest from the access. */
static uint32_t access_bits(const struct question *question)
{
    return (question->writes ? 2u : 0) | (question->user_mode ? 4u : 0) |
           (question->fetches && (question->setting->nxe || question->setting->smep) ? 0x10u : 0);
}

/* A in every entry above this level. [SDM 3A] 4.8 */
static void mark_above(struct paging_prediction *prediction, const struct paging_shape *shape,
                       unsigned int level)
{
    for (unsigned int above = level + 1; above <= shape->levels; above++) {
        prediction->marks[above] = 0x20;
    }
}

struct paging_prediction paging_matrix_predict(const struct paging_shape *shape,
                                               const struct paging_setting *setting,
                                               unsigned int number)
{
    enum paging_instruction instruction = setting->instruction[number];
    struct question question = {
        .shape = shape,
        .setting = setting,
        .user_mode = setting->privilege[number] == PAGING_USER,
        .writes = instruction == PAGING_WRITE || instruction == PAGING_MODIFY,
        .fetches = instruction == PAGING_FETCH,
        .user_page = shape->user && shape->restriction != RESTRICT_USER,
    };
    struct paging_prediction prediction = {.error_code = access_bits(&question)};
    unsigned int level = shape->leaf;

    question.strict = question.user_mode || setting->wp;
    if (shape->restriction == RESTRICT_PRESENT) {
        prediction.faults = true;
        level = shape->level;
    } else if (shape->restriction == RESTRICT_RESERVED ||
               (shape->restriction == RESTRICT_EXECUTE && !setting->nxe)) {
        prediction.faults = true;
        prediction.error_code |= 9;
        level = shape->level;
    } else if (rights_refuse(&question)) {
        prediction.faults = true;
        prediction.error_code |= key_refuses(&question) ? 0x21 : 1;
        /* The engine reads before it finds that it may not write. */
        prediction.maybe[level] = instruction == PAGING_MODIFY ? 0x20 : 0;
    } else {
        prediction.error_code = 0;
        prediction.marks[level] = question.writes ? 0x60 : 0x20;
    }
    mark_above(&prediction, shape, level);
    return prediction;
}
