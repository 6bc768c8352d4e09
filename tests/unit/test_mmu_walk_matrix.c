/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access rights, all of them: the matrix tries every page size, with every level restricted, under
 * every setting of WP, NXE, SMEP, SMAP, AC and protection keys, for every access. What must come of
 * it is said by the predictor below, which follows the sentences of [SDM 3A] 4.6.1 and 4.6.2 one by
 * one.
 */
#include "tests/unit/mmu_walk_case.h"

/* One situation, in the manual's words. */
struct situation {
    bool user_access, explicit_access;
    enum sim_access_kind kind;
    bool user_page;     /* U/S is 1 in every entry */
    bool rw_everywhere; /* R/W is 1 in every entry */
    bool xd_nowhere;    /* XD is 0 in every entry */
    bool wp, smep, smap, ac;
    bool has_xd;         /* not 32-bit paging, and EFER.NXE = 1 */
    bool has_keys;       /* EFER.LMA = CR4.PKE = 1 */
    bool key_ad, key_wd; /* of the page's key */
};

/* 4.6.2, for data of user-mode addresses. */
static bool key_permits_reading(const struct situation *now)
{
    return !now->has_keys || !now->key_ad;
}

static bool key_permits_writing(const struct situation *now)
{
    if (!now->has_keys) {
        return true;
    }
    if (now->key_ad) {
        return false;
    }
    if (now->key_wd) {
        return !now->user_access && !now->wp;
    }
    return true;
}

static bool supervisor_may_touch_user_data(const struct situation *now)
{
    if (!now->smap) {
        return true;
    }
    return now->ac && now->explicit_access;
}

static bool supervisor_may(const struct situation *now)
{
    switch (now->kind) {
    case SIM_ACCESS_READ:
        if (!now->user_page) {
            return true;
        }
        return supervisor_may_touch_user_data(now) && key_permits_reading(now);
    case SIM_ACCESS_WRITE:
        if (!now->user_page) {
            return now->wp ? now->rw_everywhere : true;
        }
        if (!now->wp) {
            return supervisor_may_touch_user_data(now) && key_permits_writing(now);
        }
        return supervisor_may_touch_user_data(now) && now->rw_everywhere &&
               key_permits_writing(now);
    default:
        if (now->user_page && now->smep) {
            return false;
        }
        return now->has_xd ? now->xd_nowhere : true;
    }
}

static bool user_may(const struct situation *now)
{
    if (!now->user_page) {
        return false;
    }
    switch (now->kind) {
    case SIM_ACCESS_READ:
        return key_permits_reading(now);
    case SIM_ACCESS_WRITE:
        return now->rw_everywhere && key_permits_writing(now);
    default:
        return now->has_xd ? now->xd_nowhere : true;
    }
}

static bool predict_allowed(const struct situation *now)
{
    return now->user_access ? user_may(now) : supervisor_may(now);
}

/* 4.7, of an access that is refused though there is a translation. */
static uint32_t predict_error_code(const struct situation *now)
{
    bool data = now->kind != SIM_ACCESS_FETCH;
    bool write = now->kind == SIM_ACCESS_WRITE;
    uint32_t code = 0x01;

    code += write ? 0x02 : 0;
    code += now->user_access ? 0x04 : 0;
    code += !data && (now->smep || now->has_xd) ? 0x10 : 0;
    if (now->has_keys && data && now->user_page) {
        bool wd = now->key_wd && write && (now->wp || now->user_access);

        code += now->key_ad || wd ? 0x20 : 0;
    }
    return code;
}

/* Which level restricts what; 0 for none. */
struct restriction {
    unsigned int read_only, supervisor, no_execute;
};

/* Settings of the processor, a bit each. */
enum setting {
    WP = 1,
    SMEP = 2,
    SMAP = 4,
    AC = 8,
    PKE = 16,
    KEY_AD = 32,
    KEY_WD = 64,
    SETTINGS = 128
};

static void set_processor(unsigned int setting)
{
    cpu.cr0 = (setting & WP) != 0 ? 0x80010011 : 0x80000011;
    cpu.cr4 &= ~UINT64_C(0x700000);
    cpu.cr4 |= (setting & SMEP) != 0 ? 0x100000 : 0;
    cpu.cr4 |= (setting & SMAP) != 0 ? 0x200000 : 0;
    cpu.cr4 |= (setting & PKE) != 0 ? 0x400000 : 0;
    cpu.rflags = (setting & AC) != 0 ? 0x40002 : 2;
    /* the page has key 6: bits 12 and 13; all other keys are the opposite of it */
    cpu.pkru = (setting & KEY_AD) != 0 ? 0x00001000 : 0x55554555;
    cpu.pkru |= (setting & KEY_WD) != 0 ? 0x00002000 : 0xAAAA8AAA;
}

static struct situation describe(unsigned int setting, const struct restriction *restriction,
                                 struct sim_access access)
{
    bool keys_exist = (cpu.efer & 0x400) != 0;

    return (struct situation){
        .user_access = access.mode == SIM_MODE_USER,
        .explicit_access = access.mode == SIM_MODE_SUPERVISOR,
        .kind = access.kind,
        .user_page = restriction->supervisor == 0,
        .rw_everywhere = restriction->read_only == 0,
        .xd_nowhere = restriction->no_execute == 0,
        .wp = (setting & WP) != 0,
        .smep = (setting & SMEP) != 0,
        .smap = (setting & SMAP) != 0,
        .ac = (setting & AC) != 0,
        .has_xd = (cpu.cr4 & 0x20) != 0 && (cpu.efer & 0x800) != 0,
        .has_keys = keys_exist && (setting & PKE) != 0,
        .key_ad = (setting & KEY_AD) != 0,
        .key_wd = (setting & KEY_WD) != 0,
    };
}

/* The cause that is named must be one that is there, at the level where it is. */
static bool cause_is_right(const struct sim_walk *walk, const struct situation *now,
                           const struct restriction *restriction)
{
    unsigned int level = walk->rights.leaf;
    bool present = false;

    switch (walk->cause) {
    case SIM_CAUSE_SUPERVISOR_ONLY:
        present = now->user_access && !now->user_page;
        level = restriction->supervisor;
        break;
    case SIM_CAUSE_SMEP:
        present = !now->user_access && now->user_page && now->smep;
        break;
    case SIM_CAUSE_SMAP:
        present = !now->user_access && now->user_page && !supervisor_may_touch_user_data(now);
        break;
    case SIM_CAUSE_NO_EXECUTE:
        present = now->kind == SIM_ACCESS_FETCH && !now->xd_nowhere && now->has_xd;
        level = restriction->no_execute;
        break;
    case SIM_CAUSE_READ_ONLY:
        present =
            now->kind == SIM_ACCESS_WRITE && !now->rw_everywhere && (now->user_access || now->wp);
        level = restriction->read_only;
        break;
    case SIM_CAUSE_PROTECTION_KEY:
        present = (walk->error_code & 0x20) != 0;
        break;
    default:
        break;
    }
    return present && walk->cause_level == level;
}

static void try_access(unsigned int setting, const struct restriction *restriction,
                       struct sim_access access)
{
    struct situation now = describe(setting, restriction, access);
    struct sim_walk walk = sim_mmu_walk(&cpu, &memory, access);
    bool allowed = predict_allowed(&now);
    struct sim_verdict verdict = sim_mmu_check_rights(&cpu, &walk.rights, access);

    if ((walk.outcome == SIM_WALK_MAPPED) != allowed ||
        walk.error_code != (allowed ? 0 : predict_error_code(&now))) {
        ck_abort_msg("setting 0x%x, R/W %u U/S %u XD %u, kind %d mode %d: %s, error code 0x%x",
                     setting, restriction->read_only, restriction->supervisor,
                     restriction->no_execute, (int)access.kind, (int)access.mode,
                     allowed ? "allowed" : "refused", walk.error_code);
    }
    if (verdict.cause != walk.cause || verdict.level != walk.cause_level ||
        verdict.error_code != walk.error_code) {
        ck_abort_msg("another verdict than the walk's");
    }
    if (!allowed && !cause_is_right(&walk, &now, restriction)) {
        ck_abort_msg("cause %d at level %u", (int)walk.cause, walk.cause_level);
    }
}

static void try_settings(const struct restriction *restriction, uint64_t linear)
{
    for (unsigned int i = 0; i < SETTINGS * 9; i++) {
        unsigned int setting = i / 9;
        struct sim_access access = {linear, (enum sim_access_kind)(i % 3),
                                    (enum sim_access_mode)(i / 3 % 3)};

        set_processor(setting);
        try_access(setting, restriction, access);
    }
}

static const struct {
    enum sim_paging_mode mode;
    unsigned int leaf;
} pages[] = {{SIM_PAGING_32_BIT, 1},  {SIM_PAGING_32_BIT, 2},  {SIM_PAGING_PAE, 1},
             {SIM_PAGING_PAE, 2},     {SIM_PAGING_4_LEVEL, 1}, {SIM_PAGING_4_LEVEL, 2},
             {SIM_PAGING_4_LEVEL, 3}, {SIM_PAGING_5_LEVEL, 1}, {SIM_PAGING_5_LEVEL, 2},
             {SIM_PAGING_5_LEVEL, 3}};

/* Builds a page restricted at these levels. False if the mode has no such restriction. */
static bool build(unsigned int page, bool nxe, const struct restriction *restriction)
{
    enum sim_paging_mode mode = pages[page].mode;
    const unsigned int levels[] = {restriction->read_only, restriction->supervisor,
                                   restriction->no_execute};
    static const uint64_t set[] = {0, 0, 0x8000000000000000}, clear[] = {2, 4, 0};

    if (restriction->no_execute != 0 && (mode == SIM_PAGING_32_BIT || !nxe)) {
        return false;
    }
    walk_case_build(mode, pages[page].leaf);
    cpu.efer = nxe ? cpu.efer | 0x800 : cpu.efer & ~UINT64_C(0x800);
    for (unsigned int i = 0; i < 3; i++) {
        bool is_pae_pdpte = mode == SIM_PAGING_PAE && levels[i] == 3; /* has no rights */

        if (levels[i] != 0 && (levels[i] < pages[page].leaf || is_pae_pdpte)) {
            return false;
        }
        if (levels[i] != 0) {
            walk_case_set_bits(mode, levels[i], set[i]);
            walk_case_clear_bits(mode, levels[i], clear[i]);
        }
    }
    if (mode >= SIM_PAGING_4_LEVEL) {
        walk_case_set_bits(mode, pages[page].leaf, 0x3000000000000000); /* key 6 */
    }
    return true;
}

START_TEST(every_access_is_allowed_or_refused_as_the_manual_says)
{
    unsigned int page = (unsigned int)_i / 2;
    bool nxe = _i % 2 != 0;
    unsigned int choices = walk_case_levels(pages[page].mode) + 1;
    unsigned int tried = 0;

    for (unsigned int i = 0; i < choices * choices * choices; i++) {
        struct restriction restriction = {i % choices, i / choices % choices,
                                          i / choices / choices};

        if (build(page, nxe, &restriction)) {
            try_settings(&restriction, walk_case_linear(pages[page].mode));
            tried++;
        }
    }
    ck_assert_uint_ge(tried, 4);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_matrix");
    TCase *tcase = tcase_create("matrix");

    tcase_add_loop_test(tcase, every_access_is_allowed_or_refused_as_the_manual_says, 0, 20);
    tcase_set_timeout(tcase, 30);
    suite_add_tcase(suite, tcase);
    return suite;
}
