/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access rights as [SDM 3A] 4.6.1 states them: for each kind of access and of
 * address there are bullets, and an access is allowed if one of them holds. Here
 * each row is one of these bullets, or one of its alternatives.
 */
#include "tests/unit/permission_table.h"

#include <stdio.h>

/* What bullets speak of. */
enum fact {
    WP = 0x001,   /* CR0.WP = 1 */
    RW = 0x002,   /* R/W = 1 in every entry that controls the translation */
    NXE = 0x004,  /* IA32_EFER.NXE = 1 */
    XD = 0x008,   /* XD = 1 in some entry */
    SMEP = 0x010, /* CR4.SMEP = 1 */
    SMAP = 0x020, /* CR4.SMAP = 1 */
    AC = 0x040,   /* EFLAGS.AC = 1; all accesses here are explicit */
    PKE = 0x080,  /* CR4.PKE = 1 */
    AD = 0x100,   /* PKRU.AD of the page's key */
    WD = 0x200,   /* PKRU.WD of it */
};

enum address {
    SUPERVISOR_MODE_ADDRESS, /* U/S = 0 in some entry */
    USER_MODE_ADDRESS,
};

struct bullet {
    bool user; /* a user-mode access */
    enum permission_kind kind;
    enum address address;
    unsigned int holds; /* facts that are so */
    unsigned int fails; /* facts that are not */
};

/* clang-format off */
static const struct bullet bullets[] = {
    /* Supervisor-mode accesses: data may be read from any supervisor-mode address, … */
    {false, PERMISSION_READ, SUPERVISOR_MODE_ADDRESS, 0, 0},
    /* … and from user-mode addresses: with SMAP = 0; with SMAP = 1, AC = 1; if the key permits. */
    {false, PERMISSION_READ, USER_MODE_ADDRESS, 0,           SMAP | PKE},
    {false, PERMISSION_READ, USER_MODE_ADDRESS, 0,           SMAP | AD},
    {false, PERMISSION_READ, USER_MODE_ADDRESS, SMAP | AC,   PKE},
    {false, PERMISSION_READ, USER_MODE_ADDRESS, SMAP | AC,   AD},
    /* Writes to supervisor-mode addresses: any with WP = 0; where R/W = 1 with WP = 1. */
    {false, PERMISSION_WRITE, SUPERVISOR_MODE_ADDRESS, 0,       WP},
    {false, PERMISSION_WRITE, SUPERVISOR_MODE_ADDRESS, WP | RW, 0},
    /* Writes to user-mode addresses with WP = 0: WD does not count then (4.6.2). */
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, 0,         WP | SMAP | PKE},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, 0,         WP | SMAP | AD},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, SMAP | AC, WP | PKE},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, SMAP | AC, WP | AD},
    /* The same with WP = 1: R/W and WD count. */
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, WP | RW,             SMAP | PKE},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, WP | RW,             SMAP | AD | WD},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, WP | RW | SMAP | AC, PKE},
    {false, PERMISSION_WRITE, USER_MODE_ADDRESS, WP | RW | SMAP | AC, AD | WD},
    /* Fetches from supervisor-mode addresses: any with NXE = 0; where XD = 0 with NXE = 1. */
    {false, PERMISSION_FETCH, SUPERVISOR_MODE_ADDRESS, 0,   NXE},
    {false, PERMISSION_FETCH, SUPERVISOR_MODE_ADDRESS, NXE, XD},
    /* Fetches from user-mode addresses: the same with SMEP = 0; none with SMEP = 1. */
    {false, PERMISSION_FETCH, USER_MODE_ADDRESS, 0,   SMEP | NXE},
    {false, PERMISSION_FETCH, USER_MODE_ADDRESS, NXE, SMEP | XD},
    /* User-mode accesses: none to supervisor-mode addresses. Reads if the key permits. */
    {true, PERMISSION_READ, USER_MODE_ADDRESS, 0, PKE},
    {true, PERMISSION_READ, USER_MODE_ADDRESS, 0, AD},
    /* Writes where R/W = 1 if the key permits, whatever WP is. */
    {true, PERMISSION_WRITE, USER_MODE_ADDRESS, RW, PKE},
    {true, PERMISSION_WRITE, USER_MODE_ADDRESS, RW, AD | WD},
    /* Fetches: any with NXE = 0; where XD = 0 with NXE = 1. */
    {true, PERMISSION_FETCH, USER_MODE_ADDRESS, 0,   NXE},
    {true, PERMISSION_FETCH, USER_MODE_ADDRESS, NXE, XD},
};
/* clang-format on */

static unsigned int gather_facts(const struct permission_tables *tables,
                                 const struct permission_setting *setting)
{
    return (setting->wp ? WP : 0u) | (tables->read_only == 0 ? RW : 0u) |
           (setting->nxe ? NXE : 0u) | (tables->no_execute != 0 ? XD : 0u) |
           (setting->smep ? SMEP : 0u) | (setting->smap ? SMAP : 0u) | (setting->ac ? AC : 0u) |
           (setting->pke ? PKE : 0u) | ((tables->key_rights & 1u) != 0 ? AD : 0u) |
           ((tables->key_rights & 2u) != 0 ? WD : 0u);
}

static bool is_allowed(const struct permission_access *access, enum address address,
                       unsigned int facts)
{
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        const struct bullet *bullet = &bullets[i];

        if (bullet->kind == access->kind && bullet->user == access->user &&
            bullet->address == address && (facts & bullet->holds) == bullet->holds &&
            (facts & bullet->fails) == 0) {
            return true;
        }
    }
    return false;
}

/* [SDM 3A] 4.7, "PK flag": whatever else forbids the access. */
static bool is_key_to_blame(const struct permission_access *access, enum address address,
                            unsigned int facts)
{
    if ((facts & PKE) == 0 || access->kind == PERMISSION_FETCH || address != USER_MODE_ADDRESS) {
        return false;
    }
    return (facts & AD) != 0 || ((facts & WD) != 0 && access->kind == PERMISSION_WRITE &&
                                 ((facts & WP) != 0 || access->user));
}

/* [SDM 3A] 4.7: W/R, U/S and I/D say what the access was. */
static uint32_t access_flags(const struct permission_access *access, unsigned int facts)
{
    return (access->kind == PERMISSION_WRITE ? 0x02u : 0) | (access->user ? 0x04u : 0) |
           (access->kind == PERMISSION_FETCH && (facts & (NXE | SMEP)) != 0 ? 0x10u : 0);
}

/* The walk ended at a level; A is set in the entries it used before. [SDM 3A] 4.8. */
static void mark_above(struct permission_prediction *prediction,
                       const struct permission_tables *tables, unsigned int level)
{
    for (unsigned int above = level + 1; above <= tables->levels; above++) {
        prediction->marks[above] = 0x20;
    }
}

struct permission_prediction permission_predict(const struct permission_tables *tables,
                                                const struct permission_setting *setting,
                                                struct permission_access access)
{
    unsigned int facts = gather_facts(tables, setting);
    /* XD is a reserved bit unless NXE = 1. [SDM 3A] tables 4-14 to 4-20. */
    unsigned int reserved = setting->nxe ? 0 : tables->no_execute;
    enum address address = tables->supervisor == 0 ? USER_MODE_ADDRESS : SUPERVISOR_MODE_ADDRESS;
    struct permission_prediction prediction = {.faults = true};
    unsigned int end = tables->leaf;

    if (tables->not_present != 0 && tables->not_present >= reserved) {
        end = tables->not_present;
        prediction.error_code = access_flags(&access, facts);
    } else if (reserved != 0) {
        end = reserved;
        prediction.error_code = 0x09 | access_flags(&access, facts);
        prediction.maybe = (uint8_t)reserved;
    } else if (!is_allowed(&access, address, facts)) {
        prediction.error_code = 0x01 | access_flags(&access, facts) |
                                (is_key_to_blame(&access, address, facts) ? 0x20u : 0);
        prediction.maybe = tables->leaf;
    } else {
        prediction.faults = false;
        prediction.marks[tables->leaf] = access.kind == PERMISSION_WRITE ? 0x60 : 0x20;
    }
    mark_above(&prediction, tables, end);
    return prediction;
}

static const char *const entry_names[PERMISSION_LEVELS] = {"",      "PTE",   "PDE",
                                                           "PDPTE", "PML4E", "PML5E"};

const char *permission_access_name(struct permission_access access)
{
    static const char *const names[2][3] = {
        {"a supervisor read", "a supervisor write", "a supervisor fetch"},
        {"a user read", "a user write", "a user fetch"},
    };

    return names[access.user ? 1 : 0][access.kind];
}

void permission_describe(const struct permission_tables *tables,
                         const struct permission_setting *setting, char *text, size_t size)
{
    static const char *const pages[] = {"", "4-KByte", "2-MByte", "1-GByte"};
    static const char *const keys[] = {"permits all", "AD", "WD", "AD and WD"};
    const struct {
        const char *words;
        uint8_t level;
    } restrictions[] = {
        {"P = 0", tables->not_present},
        {"R/W = 0", tables->read_only},
        {"U/S = 0", tables->supervisor},
        {"XD = 1", tables->no_execute},
    };
    int used =
        snprintf(text, size, "%u-level paging, %s page", tables->levels, pages[tables->leaf]);

    for (size_t i = 0; i < sizeof restrictions / sizeof restrictions[0]; i++) {
        if (restrictions[i].level != 0 && used >= 0 && (size_t)used < size) {
            used += snprintf(text + used, size - (size_t)used, ", %s in the %s",
                             restrictions[i].words, entry_names[restrictions[i].level]);
        }
    }
    if (used >= 0 && (size_t)used < size) {
        (void)snprintf(text + used, size - (size_t)used,
                       ", key: %s; WP = %d, NXE = %d, SMEP = %d, SMAP = %d, AC = %d, PKE = %d",
                       keys[tables->key_rights & 3u], setting->wp, setting->nxe, setting->smep,
                       setting->smap, setting->ac, setting->pke);
    }
}
