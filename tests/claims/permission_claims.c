/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about access rights: a page that the library mapped with every right, of each size, one
 * right withheld at each level in turn, loaded, stored to and fetched from. What must come of it is
 * [SDM 3A] 4.6.1 and 4.6.2; error codes are 4.7: bit 0 P, bit 1 W/R, bit 2 U/S, bit 4 I/D, bit 5 PK.
 */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "tests/claims/paging_bench.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/watch.h"

/* [SDM 3A] 2.5. */
#define CR0_WP   UINT64_C(0x10000)
#define CR4_SMEP UINT64_C(0x100000)
#define CR4_SMAP UINT64_C(0x200000)
#define CR4_PKE  UINT64_C(0x400000)

/* Of an entry. [SDM 3A] tables 4-14 to 4-20. */
#define ENTRY_P  UINT64_C(0x1)
#define ENTRY_RW UINT64_C(0x2)
#define ENTRY_US UINT64_C(0x4)
#define ENTRY_XD UINT64_C(0x8000000000000000)

#define ALLOWED       0xFFu /* instead of an error code */
#define ALL_AS_STATED 0

enum {
    PAGE_LEVELS = 3, /* that can map a page */
    LEVELS = 6,
    PLACE = 400, /* the gigabyte of these claims; those of user mode have the next */
    KEY = 11,
};

/* Registers while the accesses are made. */
struct setting {
    uint64_t cr0_clear;
    uint64_t cr4_set;
    uint32_t key_rights; /* bit 0 PKRU.AD, bit 1 PKRU.WD of the page's key */
    bool ac;
};

/* A restriction, and the error code of a load, a store and a fetch. */
struct statement {
    uint64_t clear; /* of one entry */
    uint64_t set;
    uint32_t outcomes[3];
};

/* A page and the entries that lead to it. */
struct page {
    struct paging_bench bench;
    dd_vaddr vaddr; /* of the frame */
    enum dd_page_size size;
    volatile uint64_t *entries[LEVELS]; /* by level */
};

static bool has(enum dd_cpu_feature feature)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    return dd_cpu_has(&cpu, feature);
}

/* Finds them without the library. [SDM 3A] 4.5.4, figure 4-8. */
static void find_entries(struct page *page, unsigned int leaf)
{
    uint64_t table = page->bench.space.root.raw;

    for (unsigned int level = page->bench.space.format.levels; level >= leaf; level--) {
        volatile uint64_t *entries = world_frame_pointer(dd_paddr_from(table & 0x000FFFFFFFFFF000));

        page->entries[level] = &entries[page->vaddr.raw >> (12 + 9 * (level - 1)) & 0x1FF];
        table = *page->entries[level];
    }
}

/* With every right, for a page of the size that the frame lies in. */
static enum dd_status open_page(struct page *page, unsigned int leaf)
{
    static const enum dd_page_size sizes[] = {0, DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};
    enum dd_status status = paging_bench_open(&page->bench);
    uint64_t offset = page->bench.frame.raw & (sizes[leaf] - UINT64_C(1));

    if (status == DD_OK) {
        page->size = sizes[leaf];
        page->vaddr = paging_place(PLACE, offset);
        page->bench.words[2] = 0xC3; /* RET */
        status = dd_paging_map_page(&page->bench.space, paging_place(PLACE, 0),
                                    dd_paddr_from(page->bench.frame.raw - offset), page->size,
                                    DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE | DD_MAP_KEY(KEY));
    }
    if (status == DD_OK) {
        find_entries(page, leaf);
    }
    return status;
}

static enum dd_status close_page(struct page *page)
{
    dd_paddr was = {0};
    enum dd_status status =
        paging_bench_unmap_page(&page->bench, paging_place(PLACE, 0), page->size, &was);

    paging_bench_close(&page->bench);
    return status;
}

/* An error code, ALLOWED, or what is neither. */
static uint32_t outcome_of(struct world_access access, uint64_t address)
{
    if (access.vector == WORLD_NO_FAULT) {
        return ALLOWED;
    }
    return access.vector == 14 && access.address == address ? access.error_code
                                                            : 0xF00u | access.vector;
}

static void access_page(const struct page *page, const struct setting *setting,
                        uint32_t outcomes[3])
{
    uint64_t cr0 = dd_read_cr0();
    uint64_t cr4 = dd_read_cr4();
    uint64_t code = page->vaddr.raw + 16;

    dd_write_cr0(cr0 & ~setting->cr0_clear);
    dd_write_cr4(cr4 | setting->cr4_set);
    if ((setting->cr4_set & CR4_PKE) != 0) {
        dd_wrpkru(setting->key_rights << (2 * KEY));
    }
    if (setting->ac) {
        dd_stac();
    }
    outcomes[0] = outcome_of(world_load64(page->vaddr), page->vaddr.raw);
    outcomes[1] = outcome_of(world_store64(page->vaddr, 1), page->vaddr.raw);
    outcomes[2] = outcome_of(world_execute(dd_vaddr_from(code)), code);
    if (setting->ac) {
        dd_clac();
    }
    if ((setting->cr4_set & CR4_PKE) != 0) {
        dd_wrpkru(0);
    }
    dd_write_cr4(cr4);
    dd_write_cr0(cr0);
}

static void write_entry(const struct page *page, unsigned int level, uint64_t value)
{
    *page->entries[level] = value;
    dd_invlpg(page->vaddr);
}

/* The first outcome that is not as stated: as hexadecimal digits 1, page's level, level of the
   restriction, number of the access, outcome in three. */
static uint32_t try_levels(const struct page *page, unsigned int leaf,
                           const struct setting *setting, const struct statement *statement)
{
    for (unsigned int level = leaf; level <= page->bench.space.format.levels; level++) {
        uint64_t entry = *page->entries[level];
        uint32_t outcomes[3];

        write_entry(page, level, (entry & ~statement->clear) | statement->set);
        access_page(page, setting, outcomes);
        write_entry(page, level, entry);
        for (unsigned int i = 0; i < 3; i++) {
            if (outcomes[i] != statement->outcomes[i]) {
                return 0x1000000 | leaf << 20 | level << 16 | i << 12 | outcomes[i];
            }
        }
    }
    return ALL_AS_STATED;
}

/* Pages of all sizes there are, the right withheld at every level of each. */
static uint32_t try_pages(const struct setting *setting, const struct statement *statement)
{
    uint32_t result = ALL_AS_STATED;

    for (unsigned int leaf = 1; leaf <= PAGE_LEVELS && result == ALL_AS_STATED; leaf++) {
        struct page page;

        if (leaf == 3 && !has(DD_CPU_PAGE1GB)) {
            break;
        }
        if (open_page(&page, leaf) != DD_OK) {
            return 0xBAD0;
        }
        result = try_levels(&page, leaf, setting, statement);
        if (close_page(&page) != DD_OK) {
            return 0xBAD1;
        }
    }
    return result;
}

static const struct statement restricting_nothing = {0, 0, {ALLOWED, ALLOWED, ALLOWED}};
static const struct statement supervisor_allowed = {ENTRY_US, 0, {ALLOWED, ALLOWED, ALLOWED}};

CLAIM(an_entry_not_present_at_any_level_refuses_every_access)
{
    const struct setting plain = {0};
    const struct statement statement = {ENTRY_P, 0, {0x00, 0x02, 0x10}};

    CLAIM_EQUAL(try_pages(&plain, &restricting_nothing), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&plain, &statement), ALL_AS_STATED);
}

CLAIM(a_read_only_entry_at_any_level_refuses_stores_of_the_supervisor_with_wp)
{
    const struct setting plain = {0};
    const struct setting without_wp = {.cr0_clear = CR0_WP};
    const struct statement with = {ENTRY_RW, 0, {ALLOWED, 0x03, ALLOWED}};
    const struct statement without = {ENTRY_RW, 0, {ALLOWED, ALLOWED, ALLOWED}};

    CLAIM_TRUE((dd_read_cr0() & CR0_WP) != 0);
    CLAIM_EQUAL(try_pages(&plain, &with), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&without_wp, &without), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&plain, &with), ALL_AS_STATED);
}

CLAIM(a_no_execute_entry_at_any_level_refuses_fetches)
{
    const struct setting plain = {0};
    const struct statement statement = {0, ENTRY_XD, {ALLOWED, ALLOWED, 0x11}};

    CLAIM_EQUAL(try_pages(&plain, &statement), ALL_AS_STATED);
}

CLAIM(smep_refuses_fetches_of_the_supervisor_unless_some_entry_is_the_supervisors)
{
    CLAIM_SKIP_IF(!has(DD_CPU_SMEP), "the processor has no SMEP");

    const struct setting smep = {.cr4_set = CR4_SMEP};
    const struct statement user_page = {0, 0, {ALLOWED, ALLOWED, 0x11}};

    CLAIM_EQUAL(try_pages(&smep, &user_page), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smep, &supervisor_allowed), ALL_AS_STATED);
}

CLAIM(smap_refuses_data_of_users_unless_ac_is_set_or_some_entry_is_the_supervisors)
{
    CLAIM_SKIP_IF(!has(DD_CPU_SMAP), "the processor has no SMAP");

    const struct setting smap = {.cr4_set = CR4_SMAP};
    const struct setting smap_with_ac = {.cr4_set = CR4_SMAP, .ac = true};
    const struct statement user_page = {0, 0, {0x01, 0x03, ALLOWED}};

    CLAIM_EQUAL(try_pages(&smap, &user_page), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smap, &supervisor_allowed), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&smap_with_ac, &restricting_nothing), ALL_AS_STATED);
}

CLAIM(a_protection_key_refuses_data_of_user_pages_and_nothing_else)
{
    CLAIM_SKIP_IF(!has(DD_CPU_PKU), "the processor has no protection keys");

    const struct setting ad = {.cr4_set = CR4_PKE, .key_rights = 1};
    const struct setting wd = {.cr4_set = CR4_PKE, .key_rights = 2};
    const struct setting wd_without_wp = {CR0_WP, CR4_PKE, 2, false};
    const struct setting none = {.cr4_set = CR4_PKE};
    const struct statement no_data = {0, 0, {0x21, 0x23, ALLOWED}};
    const struct statement no_stores = {0, 0, {ALLOWED, 0x23, ALLOWED}};

    CLAIM_EQUAL(try_pages(&none, &restricting_nothing), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&ad, &no_data), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&ad, &supervisor_allowed), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd, &no_stores), ALL_AS_STATED);
    CLAIM_EQUAL(try_pages(&wd_without_wp, &restricting_nothing), ALL_AS_STATED);
}

/* [SDM 3A] 4.8: A is bit 5 of every entry used, D is bit 6 of the one that maps the page. */
CLAIM(accesses_mark_the_entries_of_every_level_and_a_store_the_page)
{
    struct page page;

    for (unsigned int leaf = 1; leaf <= 2; leaf++) {
        unsigned int levels = 0;

        CLAIM_OK(open_page(&page, leaf));
        levels = page.bench.space.format.levels;
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x00);
        for (unsigned int level = leaf + 1; level <= levels; level++) {
            write_entry(&page, level, *page.entries[level] & ~UINT64_C(0x20));
        }
        CLAIM_COMPLETES(world_load64(page.vaddr));
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x20);
        CLAIM_COMPLETES(world_store64(page.vaddr, 1));
        CLAIM_EQUAL(*page.entries[leaf] & 0x60, 0x60);
        for (unsigned int level = leaf + 1; level <= levels; level++) {
            CLAIM_EQUAL(*page.entries[level] & 0x20, 0x20);
        }
        CLAIM_OK(close_page(&page));
    }
}

/* ---- Level 3 ---- */

/* movq %rax, (%rdi); int $USER_MODE_LEAVE: where nothing else is in the page of programs. */
#define STORE_PROGRAM UINT64_C(0x81CD078948)
#define STORE_OFFSET  0xF00

/* One access at level 3: 0 loads, 1 stores, 2 fetches. */
static uint32_t access_as_user(const struct user_mode *user, const struct page *page,
                               unsigned int number)
{
    struct dd_interrupt_frame frame = user_mode_frame(user, USER_MODE_LOAD);
    enum dd_status entered = DD_OK;

    frame.rdi = page->vaddr.raw;
    if (number == 1) {
        frame.rip = user->code.raw + STORE_OFFSET;
    } else if (number == 2) {
        frame.rip = page->vaddr.raw + 16;
    }
    watch(record_and_leave);
    entered = user_mode_run(&frame);
    watch_end();
    if (entered != DD_OK || seen_count != 1) {
        return 0xBAD;
    }
    if (seen[0].frame.vector == USER_MODE_LEAVE) {
        return ALLOWED;
    }
    return outcome_of((struct world_access){.vector = (uint32_t)seen[0].frame.vector,
                                            .error_code = (uint32_t)seen[0].frame.error_code,
                                            .address = seen[0].cr2},
                      page->vaddr.raw + (number == 2 ? 16 : 0));
}

/* As try_levels(), without the level at which the programs are restricted too. */
static uint32_t try_as_user(const struct user_mode *user, const struct page *page,
                            const struct statement *statement)
{
    for (unsigned int level = 1; level <= PAGE_LEVELS; level++) {
        uint64_t entry = *page->entries[level];

        write_entry(page, level, (entry & ~statement->clear) | statement->set);
        for (unsigned int i = 0; i < 3; i++) {
            uint32_t outcome = access_as_user(user, page, i);

            if (outcome != statement->outcomes[i]) {
                return 0x1000000 | 1u << 20 | level << 16 | i << 12 | outcome;
            }
        }
        write_entry(page, level, entry);
    }
    return ALL_AS_STATED;
}

CLAIM(level_3_is_refused_what_any_level_withholds)
{
    SKIP_WITHOUT_PROCESSOR();

    static const struct statement statements[] = {
        {0, 0, {ALLOWED, ALLOWED, ALLOWED}},     {ENTRY_P, 0, {0x04, 0x06, 0x14}},
        {ENTRY_RW, 0, {ALLOWED, 0x07, ALLOWED}}, {ENTRY_US, 0, {0x05, 0x07, 0x15}},
        {0, ENTRY_XD, {ALLOWED, ALLOWED, 0x15}},
    };
    struct user_mode user;
    struct page page;
    uint32_t result = ALL_AS_STATED;
    uint64_t *programs = NULL;
    uint64_t cr0 = dd_read_cr0();

    CLAIM_OK(open_page(&page, 1));
    CLAIM_OK(user_mode_open(&user, paging_place(PLACE + 1, 0)));
    programs = world_frame_pointer(user.frames[0]);
    programs[STORE_OFFSET / 8] = STORE_PROGRAM;
    page.bench.words[2] = 0x81CD; /* int $USER_MODE_LEAVE */
    for (unsigned int i = 0; i < 2 * sizeof statements / sizeof statements[0] && result == 0; i++) {
        dd_write_cr0(i % 2 == 0 ? cr0 : cr0 & ~CR0_WP); /* does not count at level 3 */
        result = try_as_user(&user, &page, &statements[i / 2]);
    }
    dd_write_cr0(cr0);
    user_mode_close(&user);
    CLAIM_EQUAL(result, ALL_AS_STATED);
    CLAIM_OK(close_page(&page));
}
