/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB against a list. The model below keeps what is cached in one array,
 * searched from front to back, and walks tables of its own: it shares nothing
 * with sim/mmu/tlb*.c and sim/mmu/mmu*.c but the manual.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tlb_case.h"

enum {
    STEPS = 20000,
    MODEL_MAX = 4096,
    GLOBAL = -1,
    TABLES = 14 /* pages 0x1000 to 0xE000 are tables of any level */
};

/* A cached thing: level 0 is a translation, 2..4 an entry of that level. */
struct cached {
    uint64_t linear, to;
    int pcid, made, level, size; /* made: the PCID then; size: log2 of the bytes it is for */
    bool w, u, x, dirty;
};

static struct cached model[MODEL_MAX];
static int model_count;
static uint32_t seed;

static uint32_t chance(uint32_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

static int pcid_now(void)
{
    return (cpu.cr4 & 0x20000) != 0 ? (int)(cpu.cr3 & 0xFFF) : 0;
}

static bool is_for(const struct cached *entry, uint64_t linear)
{
    return entry->linear >> entry->size == linear >> entry->size;
}

static void model_remove(int index)
{
    model_count--;
    memmove(model + index, model + index + 1, (size_t)(model_count - index) * sizeof model[0]);
}

static bool is_same(const struct cached *a, const struct cached *b)
{
    return a->pcid == b->pcid && a->level == b->level && a->size == b->size &&
           a->linear == b->linear;
}

static void model_add(struct cached entry)
{
    for (int i = model_count - 1; i >= 0; i--) {
        if (is_same(&model[i], &entry)) {
            model_remove(i);
        }
    }
    ck_assert_int_lt(model_count, MODEL_MAX);
    model[model_count] = entry;
    model_count++;
}

/* The smallest of one PCID and level. */
static struct cached *model_find_in(uint64_t linear, int level, int pcid)
{
    struct cached *found = NULL;

    for (int i = 0; i < model_count; i++) {
        if (model[i].level == level && model[i].pcid == pcid && is_for(&model[i], linear) &&
            (found == NULL || model[i].size < found->size)) {
            found = &model[i];
        }
    }
    return found;
}

static struct cached *model_find(uint64_t linear, int level)
{
    struct cached *found = model_find_in(linear, level, pcid_now());

    return found != NULL ? found : model_find_in(linear, level, GLOBAL);
}

static bool is_allowed(const struct cached *page, struct sim_access access)
{
    if (access.mode == SIM_MODE_USER && !page->u) {
        return false;
    }
    return access.kind == SIM_ACCESS_READ || (access.kind == SIM_ACCESS_WRITE ? page->w : page->x);
}

/* Walks from *at down; adds what it reads if asked to. Returns whether it got to a page. */
static bool model_walk(uint64_t linear, struct cached *at, bool remember)
{
    for (int level = at->level - 1; level >= 1; level--) {
        uint64_t address = at->to + 8 * (linear >> (3 + 9 * level) & 0x1FF);
        uint64_t entry = get(address);
        bool is_page = level == 1 || (level < 4 && (entry & 0x80) != 0);
        uint64_t reserved = level == 4 ? 0x80 : (is_page && level > 1) ? 0x1FE000 : 0;

        if (level == 3 && is_page) {
            reserved = 0x3FFFE000;
        }
        if ((entry & 1) == 0 || (entry & reserved) != 0) {
            return false;
        }
        at->w = at->w && (entry & 2) != 0;
        at->u = at->u && (entry & 4) != 0;
        at->x = at->x && (entry >> 63) == 0;
        at->size = 3 + 9 * level;
        at->linear = linear >> at->size << at->size;
        at->to = entry & 0xFFFFFFF000;
        at->pcid = pcid_now();
        at->made = at->pcid;
        at->level = is_page ? 0 : level;
        if (is_page) {
            at->to = at->to >> at->size << at->size;
            at->dirty = (entry & 0x40) != 0;
            at->pcid = (entry & 0x100) != 0 ? GLOBAL : at->pcid;
            return true;
        }
        if (remember) {
            model_add(*at);
        }
    }
    return false;
}

static void model_fault(uint64_t linear)
{
    for (int i = model_count - 1; i >= 0; i--) {
        if ((model[i].pcid == pcid_now() || model[i].pcid == GLOBAL) && is_for(&model[i], linear)) {
            model_remove(i);
        }
    }
}

/* Where a walk starts: below the lowest entry that is cached, or at the root. */
static struct cached model_start(uint64_t linear)
{
    struct cached root = {.level = 5, .to = cpu.cr3 & ~UINT64_C(0xFFF), .w = 1, .u = 1, .x = 1};

    for (int level = 2; level <= 4; level++) {
        const struct cached *entry = model_find(linear, level);

        if (entry != NULL) {
            return *entry;
        }
    }
    return root;
}

/* A translation for the access, made if it is not there. NULL if the tables do not give one. */
static struct cached *model_lookup(struct sim_access access)
{
    struct cached *hit = model_find(access.linear, 0);
    struct cached start = model_start(access.linear);
    struct cached page = start;

    if (hit != NULL &&
        (access.kind != SIM_ACCESS_WRITE || hit->dirty || !is_allowed(hit, access))) {
        return hit;
    }
    if (hit != NULL) {
        model_remove((int)(hit - model)); /* D has to be set */
    }
    if (!model_walk(access.linear, &page, false) || !is_allowed(&page, access)) {
        return NULL;
    }
    (void)model_walk(access.linear, &start, true);
    page.dirty = page.dirty || access.kind == SIM_ACCESS_WRITE;
    model_add(page);
    return &model[model_count - 1];
}

/* Physical address or UINT64_MAX. Leaves the marking of entries to the TLB under test. */
static uint64_t model_translate(struct sim_access access)
{
    const struct cached *page = model_lookup(access);

    if (page == NULL || !is_allowed(page, access)) {
        model_fault(access.linear);
        return UINT64_MAX;
    }
    return page->to + (access.linear & ((UINT64_C(1) << page->size) - 1));
}

static bool model_is_flushed(const struct cached *entry, enum sim_tlb_flush_kind kind, int pcid,
                             uint64_t linear)
{
    switch (kind) {
    case SIM_TLB_ADDRESS:
        return (entry->level > 0 && entry->pcid == pcid_now()) ||
               (entry->level == 0 && (entry->pcid == pcid_now() || entry->pcid == GLOBAL) &&
                is_for(entry, linear));
    case SIM_TLB_ADDRESS_PCID:
        return entry->pcid == pcid && is_for(entry, linear);
    case SIM_TLB_PCID:
        return entry->pcid == pcid;
    case SIM_TLB_PCID_AND_GLOBAL:
        return entry->made == pcid;
    case SIM_TLB_NOT_GLOBAL:
        return entry->pcid != GLOBAL;
    case SIM_TLB_ALL:
        return true;
    case SIM_TLB_BROADCAST: /* unit.tlb_broadcast */
        break;
    }
    return false;
}

static uint64_t any_linear(void)
{
    static const uint64_t indices[] = {0, 1, 2, 255};
    uint64_t linear = 0;

    for (unsigned int level = 0; level < 4; level++) {
        linear = linear << 9 | indices[chance(level == 0 ? 2 : 3)];
    }
    return linear << 12 | chance(4096);
}

static void step_translate(bool has_audit)
{
    struct sim_access access = {any_linear(), (enum sim_access_kind)chance(3),
                                chance(2) == 0 ? SIM_MODE_SUPERVISOR : SIM_MODE_USER};
    struct sim_walk now = sim_mmu_walk(&cpu, &memory, access);
    uint64_t truth = now.outcome == SIM_WALK_MAPPED ? now.physical : UINT64_MAX;
    uint64_t expected = model_translate(access);
    uint64_t findings_before = findings.occurrences;
    struct sim_tlb_result result = sim_tlb_translate(tlb, &cpu, access, 0x700);
    bool is_mapped = result.walk.outcome == SIM_WALK_MAPPED;

    ck_assert_uint_eq(is_mapped ? result.walk.physical : UINT64_MAX, expected);
    ck_assert(!has_audit || expected != truth || findings.occurrences == findings_before);
    if (is_mapped) {
        ck_assert(access.kind != SIM_ACCESS_READ || result.may_read);
        ck_assert(access.kind != SIM_ACCESS_WRITE || result.may_write);
        ck_assert(access.kind != SIM_ACCESS_FETCH || result.may_fetch);
    }
}

static void step_flush(void)
{
    enum sim_tlb_flush_kind kind = (enum sim_tlb_flush_kind)chance(6);
    int pcid = (cpu.cr4 & 0x20000) != 0 ? (int)chance(3) : 0;
    uint64_t linear = any_linear();

    for (int i = model_count - 1; i >= 0; i--) {
        if (model_is_flushed(&model[i], kind, pcid, linear)) {
            model_remove(i);
        }
    }
    flush(kind, (uint16_t)pcid, linear);
}

static uint64_t any_entry(void)
{
    uint64_t entry = (1 + chance(TABLES)) << 12 | 1 | chance(4) << 1 | chance(16) << 5;

    entry &= chance(6) == 0 ? UINT64_MAX : ~UINT64_C(0x80); /* few large pages */
    entry |= (uint64_t)(chance(4) == 0) << 63;
    if ((entry & 0x80) != 0 && chance(4) != 0) {
        entry &= ~UINT64_C(0x3FFFE000);
    }
    return chance(4) == 0 ? entry & ~UINT64_C(1) : entry | 6;
}

static void step_write(void)
{
    static const uint64_t indices[] = {0, 1, 2, 255};
    uint64_t address = (1 + chance(TABLES)) << 12 | indices[chance(4)] << 3;

    guest_write(address, any_entry(), 0x100 + chance(100));
    if (chance(2) == 0) {
        settle();
    }
}

static void run(bool has_audit, bool has_pcids)
{
    model_count = 0;
    cpu.cr4 |= has_pcids ? 0x20000 : 0;
    for (int i = 0; i < 400; i++) {
        step_write();
    }
    for (int i = 0; i < STEPS; i++) {
        uint32_t what = chance(100);

        if (what < 80) {
            step_translate(has_audit);
        } else if (what < 96) {
            step_write();
        } else if (what < 98) {
            step_flush();
        } else if (has_pcids) {
            cpu.cr3 = (1 + chance(3)) << 12 | chance(3); /* bit 63 was set: no flush */
        }
        if (has_audit && chance(64) == 0) {
            (void)sim_tlb_audit(tlb, &cpu);
        }
        if (findings.count > 100) {
            sim_findings_clear(&findings);
        }
    }
}

START_TEST(random_sequences_agree_with_a_list)
{
    seed = (uint32_t)_i + 1;
    run(false, _i % 2 != 0);
}
END_TEST

START_TEST(random_sequences_agree_with_a_list_while_they_are_audited)
{
    seed = (uint32_t)_i + 100;
    run(true, _i % 2 != 0);
}
END_TEST

/* A kernel that flushes every page it changes, after it changed it. */
START_TEST(a_kernel_that_flushes_is_never_reported)
{
    seed = (uint32_t)_i + 200;
    for (uint64_t i = 0; i < 512; i++) {
        set(0x4000 + 8 * i, 0);
    }
    for (int i = 0; i < STEPS; i++) {
        uint64_t page = chance(64);
        uint64_t linear = 0x8080600000 + (page << 12);
        uint64_t old = get(0x4000 + 8 * page);
        uint64_t entry = (0x20 + chance(64)) << 12 | 1 | chance(4) << 1 | chance(2) << 8;

        if (chance(3) != 0) {
            (void)translate_as(linear, (enum sim_access_kind)chance(3), SIM_MODE_SUPERVISOR);
            continue;
        }
        guest_write(0x4000 + 8 * page, chance(3) == 0 ? 0 : entry, 1);
        if ((old & 1) != 0) {
            flush(chance(4) == 0 && (old & 0x100) == 0 ? SIM_TLB_PCID : SIM_TLB_ADDRESS, 0, linear);
        }
        if (chance(50) == 0) {
            check_clean();
        }
    }
    check_clean();
}
END_TEST

/* Whatever was done to the tables: after a flush of everything nothing is left. */
START_TEST(nothing_is_left_after_everything_was_flushed)
{
    seed = (uint32_t)_i + 300;
    run(true, true);
    flush(SIM_TLB_ALL, 0, 0);
    sim_findings_clear(&findings);
    check_clean();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb_random");
    TCase *plain = tcase_create("plain");
    TCase *audited = tcase_create("audited");

    tcase_set_timeout(plain, 30);
    tcase_set_timeout(audited, 30);
    tcase_add_checked_fixture(plain, tlb_case_open, tlb_case_close);
    tcase_add_checked_fixture(audited, tlb_case_open_with_audit, tlb_case_close);
    tcase_add_loop_test(plain, random_sequences_agree_with_a_list, 0, 4);
    tcase_add_loop_test(audited, random_sequences_agree_with_a_list_while_they_are_audited, 0, 4);
    tcase_add_loop_test(audited, a_kernel_that_flushes_is_never_reported, 0, 2);
    tcase_add_test(audited, nothing_is_left_after_everything_was_flushed);
    suite_add_tcase(suite, plain);
    suite_add_tcase(suite, audited);
    return suite;
}
