/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about access rights: a page that the library mapped with every right, of each size, one
 * right withheld at each level in turn, loaded, stored to and fetched from. What must come of it is
 * [SDM 3A] 4.6.1 and 4.6.2; error codes are 4.7: bit 0 P, bit 1 W/R, bit 2 U/S, bit 4 I/D, bit 5 PK.
 */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "tests/claims/permission_bench.h"

/* [SDM 3A] 2.5. */
#define CR0_WP   UINT64_C(0x10000)
#define CR4_SMEP UINT64_C(0x100000)
#define CR4_SMAP UINT64_C(0x200000)
#define CR4_PKE  UINT64_C(0x400000)
#define CR4_PKS  UINT64_C(0x1000000)

#define MSR_PKRS 0x6E1 /* [SDM 4] table 2-2 */

/* Registers while the accesses are made. */
struct setting {
    uint64_t cr0_clear;
    uint64_t cr4_set;
    uint32_t key_rights; /* bit 0 AD, bit 1 WD of the page's key, in PKRU or IA32_PKRS */
    bool ac;
};

static bool has(enum dd_cpu_feature feature)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    return dd_cpu_has(&cpu, feature);
}

static void access_page(const struct permission_page *page, const struct setting *setting,
                        uint32_t outcomes[3])
{
    uint64_t cr0 = dd_read_cr0();
    uint64_t cr4 = dd_read_cr4();
    uint64_t code = page->vaddr.raw + 16;

    dd_write_cr0(cr0 & ~setting->cr0_clear);
    dd_write_cr4(cr4 | setting->cr4_set);
    if ((setting->cr4_set & CR4_PKE) != 0) {
        dd_wrpkru(setting->key_rights << (2 * PERMISSION_KEY));
    }
    if ((setting->cr4_set & CR4_PKS) != 0) {
        dd_wrmsr(MSR_PKRS, setting->key_rights << (2 * PERMISSION_KEY));
    }
    if (setting->ac) {
        dd_stac();
    }
    outcomes[0] = permission_outcome(world_load64(page->vaddr), page->vaddr.raw);
    outcomes[1] = permission_outcome(world_store64(page->vaddr, 1), page->vaddr.raw);
    outcomes[2] = permission_outcome(world_execute(dd_vaddr_from(code)), code);
    if (setting->ac) {
        dd_clac();
    }
    if ((setting->cr4_set & CR4_PKE) != 0) {
        dd_wrpkru(0);
    }
    if ((setting->cr4_set & CR4_PKS) != 0) {
        dd_wrmsr(MSR_PKRS, 0);
    }
    dd_write_cr4(cr4);
    dd_write_cr0(cr0);
}

/* The first outcome that is not as stated: as hexadecimal digits 1, page's level, level of the
   restriction, number of the access, outcome in three. */
static uint32_t try_levels(const struct permission_page *page, unsigned int leaf,
                           const struct setting *setting,
                           const struct permission_statement *statement)
{
    for (unsigned int level = leaf; level <= page->bench.space.format.levels; level++) {
        uint64_t entry = *page->entries[level];
        uint32_t outcomes[3];

        permission_write_entry(page, level, (entry & ~statement->clear) | statement->set);
        access_page(page, setting, outcomes);
        permission_write_entry(page, level, entry);
        for (unsigned int i = 0; i < 3; i++) {
            if (outcomes[i] != statement->outcomes[i]) {
                return 0x1000000 | leaf << 20 | level << 16 | i << 12 | outcomes[i];
            }
        }
    }
    return PERMISSION_ALL_AS_STATED;
}

/* Pages of all sizes there are, the right withheld at every level of each. */
static uint32_t try_pages(const struct setting *setting,
                          const struct permission_statement *statement)
{
    uint32_t result = PERMISSION_ALL_AS_STATED;

    for (unsigned int leaf = 1;
         leaf <= PERMISSION_PAGE_LEVELS && result == PERMISSION_ALL_AS_STATED; leaf++) {
        struct permission_page page;

        if (leaf == 3 && !has(DD_CPU_PAGE1GB)) {
            break;
        }
        if (permission_page_open(&page, leaf) != DD_OK) {
            return 0xBAD0;
        }
        result = try_levels(&page, leaf, setting, statement);
        if (permission_page_close(&page) != DD_OK) {
            return 0xBAD1;
        }
    }
    return result;
}

static const struct permission_statement restricting_nothing = {
    0, 0, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, PERMISSION_ALLOWED}};
static const struct permission_statement supervisor_allowed = {
    ENTRY_US, 0, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, PERMISSION_ALLOWED}};

CLAIM(an_entry_not_present_at_any_level_refuses_every_access)
{
    const struct setting plain = {0};
    const struct permission_statement statement = {ENTRY_P, 0, {0x00, 0x02, 0x10}};

    CLAIM_EQUAL(try_pages(&plain, &restricting_nothing), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&plain, &statement), PERMISSION_ALL_AS_STATED);
}

CLAIM(a_read_only_entry_at_any_level_refuses_stores_of_the_supervisor_with_wp)
{
    const struct setting plain = {0};
    const struct setting without_wp = {.cr0_clear = CR0_WP};
    const struct permission_statement with = {
        ENTRY_RW, 0, {PERMISSION_ALLOWED, 0x03, PERMISSION_ALLOWED}};
    const struct permission_statement without = {
        ENTRY_RW, 0, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, PERMISSION_ALLOWED}};

    CLAIM_TRUE((dd_read_cr0() & CR0_WP) != 0);
    CLAIM_EQUAL(try_pages(&plain, &with), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&without_wp, &without), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&plain, &with), PERMISSION_ALL_AS_STATED);
}

CLAIM(a_no_execute_entry_at_any_level_refuses_fetches)
{
    const struct setting plain = {0};
    const struct permission_statement statement = {
        0, ENTRY_XD, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, 0x11}};

    CLAIM_EQUAL(try_pages(&plain, &statement), PERMISSION_ALL_AS_STATED);
}

CLAIM(smep_refuses_fetches_of_the_supervisor_unless_some_entry_is_the_supervisors)
{
    CLAIM_SKIP_IF(!has(DD_CPU_SMEP), "the processor has no SMEP");

    const struct setting smep = {.cr4_set = CR4_SMEP};
    const struct permission_statement user_page = {
        0, 0, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, 0x11}};

    CLAIM_EQUAL(try_pages(&smep, &user_page), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smep, &supervisor_allowed), PERMISSION_ALL_AS_STATED);
}

CLAIM(smap_refuses_data_of_users_unless_ac_is_set_or_some_entry_is_the_supervisors)
{
    CLAIM_SKIP_IF(!has(DD_CPU_SMAP), "the processor has no SMAP");

    const struct setting smap = {.cr4_set = CR4_SMAP};
    const struct setting smap_with_ac = {.cr4_set = CR4_SMAP, .ac = true};
    const struct permission_statement user_page = {0, 0, {0x01, 0x03, PERMISSION_ALLOWED}};

    CLAIM_EQUAL(try_pages(&smap, &user_page), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smap, &supervisor_allowed), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smap_with_ac, &restricting_nothing), PERMISSION_ALL_AS_STATED);
}

CLAIM(a_protection_key_refuses_data_of_user_pages_and_nothing_else)
{
    CLAIM_SKIP_IF(!has(DD_CPU_PKU), "the processor has no protection keys");

    const struct setting ad = {.cr4_set = CR4_PKE, .key_rights = 1};
    const struct setting wd = {.cr4_set = CR4_PKE, .key_rights = 2};
    const struct setting wd_without_wp = {CR0_WP, CR4_PKE, 2, false};
    const struct setting none = {.cr4_set = CR4_PKE};
    const struct permission_statement no_data = {0, 0, {0x21, 0x23, PERMISSION_ALLOWED}};
    const struct permission_statement no_stores = {
        0, 0, {PERMISSION_ALLOWED, 0x23, PERMISSION_ALLOWED}};

    CLAIM_EQUAL(try_pages(&none, &restricting_nothing), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&ad, &no_data), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&ad, &supervisor_allowed), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd, &no_stores), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd_without_wp, &restricting_nothing), PERMISSION_ALL_AS_STATED);
}

CLAIM(a_protection_key_in_pkrs_refuses_data_of_supervisor_pages_and_nothing_else)
{
    CLAIM_SKIP_IF(!has(DD_CPU_PKS), "the processor has no protection keys for supervisor pages");

    const struct setting ad = {.cr4_set = CR4_PKS, .key_rights = 1};
    const struct setting wd = {.cr4_set = CR4_PKS, .key_rights = 2};
    const struct setting wd_without_wp = {CR0_WP, CR4_PKS, 2, false};
    const struct permission_statement no_data = {ENTRY_US, 0, {0x21, 0x23, PERMISSION_ALLOWED}};
    const struct permission_statement no_stores = {
        ENTRY_US, 0, {PERMISSION_ALLOWED, 0x23, PERMISSION_ALLOWED}};

    CLAIM_EQUAL(try_pages(&ad, &no_data), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&ad, &restricting_nothing), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd, &no_stores), PERMISSION_ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd_without_wp, &supervisor_allowed), PERMISSION_ALL_AS_STATED);
}

/* [SDM 3A] 4.8: A is bit 5 of every entry used, D is bit 6 of the one that maps the page. */
CLAIM(accesses_mark_the_entries_of_every_level_and_a_store_the_page)
{
    struct permission_page page;

    for (unsigned int leaf = 1; leaf <= 2; leaf++) {
        unsigned int levels = 0;

        CLAIM_OK(permission_page_open(&page, leaf));
        levels = page.bench.space.format.levels;
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x00);
        for (unsigned int level = leaf + 1; level <= levels; level++) {
            permission_write_entry(&page, level, *page.entries[level] & ~UINT64_C(0x20));
        }
        CLAIM_COMPLETES(world_load64(page.vaddr));
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x20);
        CLAIM_COMPLETES(world_store64(page.vaddr, 1));
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x60);
        for (unsigned int level = leaf + 1; level <= levels; level++) {
            CLAIM_EQUAL(*page.entries[level] & 0x20, 0x20);
        }
        CLAIM_OK(permission_page_close(&page));
    }
}
