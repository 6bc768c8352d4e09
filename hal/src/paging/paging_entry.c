/* SPDX-License-Identifier: MIT */
/*
 * Entries. Flags and entries hold the same things at different places, and two
 * of them move with the level or the mode: PAT is bit 7 of a PTE but bit 12 of
 * a large page, where bit 7 says that it is one; the encryption bit is where the
 * processor says, and means the contrary on some. XD says what may not be done,
 * DD_MAP_EXECUTE what may. [SDM 3A] 4.5.4, 4.9.2.
 */
#include "drydock/paging_entry.h"

#include <stddef.h>

enum {
    PAGE_LEVELS = 3, /* levels whose entries can map a page */
    PAT_ENTRIES = 8,
    PAT_ENTRY_BITS = 8,
    PAT_TYPE_MASK = 0x7,
};

/* ---- Caching ---- */

enum dd_cache_type dd_cache_type_of(uint64_t pat, unsigned int flags)
{
    unsigned int index =
        (flags & DD_MAP_CACHE(3u)) / DD_MAP_CACHE(1u) + ((flags & DD_MAP_PAT) != 0 ? 4u : 0u);

    return (enum dd_cache_type)(pat >> (PAT_ENTRY_BITS * index) & PAT_TYPE_MASK);
}

enum dd_status dd_cache_flags(uint64_t pat, enum dd_cache_type type, unsigned int *flags)
{
    for (unsigned int index = 0; index < PAT_ENTRIES; index++) {
        if (dd_cache_type_of(pat, DD_MAP_CACHE(index)) == type) {
            *flags = DD_MAP_CACHE(index);
            return DD_OK;
        }
    }
    return DD_ENOENT;
}

const char *dd_cache_type_name(enum dd_cache_type type)
{
    static const char *const names[] = {
        [DD_CACHE_UNCACHEABLE] = "UC",   [DD_CACHE_WRITE_COMBINING] = "WC",
        [DD_CACHE_WRITE_THROUGH] = "WT", [DD_CACHE_WRITE_PROTECTED] = "WP",
        [DD_CACHE_WRITE_BACK] = "WB",    [DD_CACHE_UNCACHED] = "UC-",
    };
    const char *name = (unsigned int)type < sizeof names / sizeof names[0] ? names[type] : NULL;

    return name != NULL ? name : "reserved";
}

/* ---- What has to be 0 ---- */

bool dd_paging_physical_is_valid(const struct dd_paging_format *format, uint64_t paddr,
                                 uint64_t bytes)
{
    uint64_t limit = dd_paging_physical_last(format);
    uint64_t encryption = dd_paging_encryption_mask(format);

    if (encryption != 0 && encryption <= limit) {
        limit = encryption - 1;
    }
    return paddr <= limit && bytes - 1 <= limit - paddr;
}

uint64_t dd_paging_reserved_in_page(const struct dd_paging_format *format, unsigned int level)
{
    uint64_t reserved = dd_paging_reserved_in_table(format);
    uint64_t encryption = dd_paging_encryption_mask(format);

    switch (level) {
    case 1:
        return reserved;
    case 2:
        return reserved | (DD_BITS(DD_PDE_2M_RESERVED_20_13) & ~encryption);
    case 3:
        return reserved | (format->pages_1g ? DD_BITS(DD_PDPTE_1G_RESERVED_29_13) & ~encryption
                                            : DD_BITS(DD_PDPTE_PS));
    default:
        return reserved | DD_BITS(DD_PML4E_PS);
    }
}

/* ---- Flags ---- */

/* Flags that stand where a PTE has them, and those that stand FOLD places lower. */
#define LOW_FLAGS  UINT64_C(0xFFE)
#define HIGH_FLAGS UINT64_C(0x7FF000)

enum {
    FOLD = 40
};

_Static_assert(DD_MAP_WRITE == DD_BITS(DD_PTE_RW) && DD_MAP_USER == DD_BITS(DD_PTE_US) &&
                   DD_MAP_WRITE_THROUGH == DD_BITS(DD_PTE_PWT) &&
                   DD_MAP_UNCACHED == DD_BITS(DD_PTE_PCD) && DD_MAP_ACCESSED == DD_BITS(DD_PTE_A) &&
                   DD_MAP_DIRTY == DD_BITS(DD_PTE_D) && DD_MAP_PAT == DD_BITS(DD_PTE_PAT) &&
                   DD_MAP_GLOBAL == DD_BITS(DD_PTE_G) &&
                   DD_MAP_SOFTWARE(7) == (DD_BITS(DD_PTE_IGNORED_10_9) | DD_BITS(DD_PTE_R)),
               "low flags stand where a PTE has them");
_Static_assert(DD_MAP_SOFTWARE(0x3F8) == DD_BITS(DD_PTE_IGNORED_58_52) >> FOLD &&
                   DD_MAP_KEY_ALL == DD_BITS(DD_PTE_KEY) >> FOLD &&
                   DD_MAP_EXECUTE == DD_BITS(DD_PTE_XD) >> FOLD,
               "high flags stand FOLD places lower");

/* PAT is bit 12 of a large page, where bit 7 says that it is one. */
static uint64_t move_pat_up(uint64_t bits)
{
    return (bits & ~DD_BITS(DD_PTE_PAT)) | DD_GET(bits, DD_PTE_PAT) << DD_PDE_2M_PAT_LO;
}

static uint64_t move_pat_down(uint64_t bits)
{
    return (bits & ~DD_BITS(DD_PTE_PAT)) | DD_GET(bits, DD_PDE_2M_PAT) << DD_PTE_PAT_LO;
}

/* Where the flags stand, but for XD and encryption, which may mean the contrary. */
static uint64_t unpack(unsigned int level, unsigned int flags)
{
    uint64_t bits = (flags & LOW_FLAGS) | (flags & HIGH_FLAGS) << FOLD;

    return level == 1 ? bits : move_pat_up(bits);
}

uint64_t dd_paging_entry_bits(const struct dd_paging_format *format, unsigned int level,
                              unsigned int flags)
{
    enum dd_encryption bit_means =
        (flags & DD_MAP_ENCRYPTED) != 0 ? DD_ENCRYPTION_SET : DD_ENCRYPTION_CLEARED;
    uint64_t entry = unpack(level, flags);

    if (format->encryption == bit_means) {
        entry |= dd_paging_encryption_mask(format);
    }
    if (format->no_execute && (flags & DD_MAP_EXECUTE) == 0) {
        entry |= DD_BITS(DD_PTE_XD);
    }
    return entry;
}

uint64_t dd_paging_entry_mask(const struct dd_paging_format *format, unsigned int level,
                              unsigned int flags)
{
    uint64_t mask = unpack(level, flags);

    if (format->no_execute && (flags & DD_MAP_EXECUTE) != 0) {
        mask |= DD_BITS(DD_PTE_XD);
    }
    if ((flags & DD_MAP_ENCRYPTED) != 0) {
        mask |= dd_paging_encryption_mask(format);
    }
    return mask;
}

static bool is_encrypted(const struct dd_paging_format *format, uint64_t raw)
{
    bool is_set = (raw & dd_paging_encryption_mask(format)) != 0;

    return format->encryption == (is_set ? DD_ENCRYPTION_SET : DD_ENCRYPTION_CLEARED);
}

unsigned int dd_paging_entry_flags(const struct dd_paging_format *format, unsigned int level,
                                   uint64_t raw)
{
    uint64_t bits = level == 1 ? raw : move_pat_down(raw);
    uint64_t high = (bits ^ DD_BITS(DD_PTE_XD)) >> FOLD; /* what may be done, not what may not */
    uint64_t flags = (bits & LOW_FLAGS) | (high & (HIGH_FLAGS | DD_MAP_EXECUTE));

    if (format->encryption != DD_ENCRYPTION_NONE && is_encrypted(format, raw)) {
        flags |= DD_MAP_ENCRYPTED;
    }
    return (unsigned int)flags;
}

/* ---- Entries ---- */

enum dd_status dd_paging_flags_check(const struct dd_paging_format *format, unsigned int flags)
{
    if ((flags & ~DD_MAP_ALL) != 0) {
        return DD_EARG;
    }
    if ((flags & DD_MAP_ENCRYPTED) != 0 && format->encryption == DD_ENCRYPTION_NONE) {
        return DD_ENOTSUP;
    }
    return DD_OK;
}

uint64_t dd_paging_entry_for_page(const struct dd_paging_format *format, unsigned int level,
                                  unsigned int flags)
{
    return dd_paging_entry_bits(format, level, flags) | DD_BITS(DD_PTE_P) |
           (level > 1 ? DD_BITS(DD_PDE_2M_PS) : 0);
}

enum dd_status dd_paging_entry_encode(const struct dd_paging_format *format, unsigned int level,
                                      dd_paddr paddr, unsigned int flags, uint64_t *raw)
{
    enum dd_status status = dd_paging_flags_check(format, flags);

    if (status != DD_OK) {
        return status;
    }
    if (level < 1 || level > PAGE_LEVELS || !dd_paging_physical_is_valid(format, paddr.raw, 1)) {
        return DD_EARG;
    }
    if (level == PAGE_LEVELS && !format->pages_1g) {
        return DD_ENOTSUP;
    }
    if (!dd_is_aligned(paddr.raw, dd_table_entry_bytes(level))) {
        return DD_EALIGN;
    }
    *raw = dd_paging_entry_for_page(format, level, flags) | paddr.raw;
    return DD_OK;
}

struct dd_paging_entry dd_paging_entry_decode(const struct dd_paging_format *format,
                                              unsigned int level, uint64_t raw)
{
    struct dd_paging_entry entry = {.raw = raw, .level = level};

    if (!dd_paging_entry_is_present(raw)) {
        entry.state = raw == 0 ? DD_PAGING_EMPTY : DD_PAGING_SOFTWARE;
    } else if ((raw & (dd_paging_entry_is_table(level, raw)
                           ? dd_paging_reserved_in_table(format)
                           : dd_paging_reserved_in_page(format, level))) != 0) {
        entry.state = DD_PAGING_MALFORMED;
    } else if (dd_paging_entry_is_table(level, raw)) {
        entry.state = DD_PAGING_TABLE;
        entry.address = dd_paging_entry_table(format, raw);
    } else {
        entry.state = DD_PAGING_PAGE;
        entry.address = dd_paging_entry_page(format, level, raw);
        entry.flags = dd_paging_entry_flags(format, level, raw);
    }
    return entry;
}

const char *dd_paging_state_name(enum dd_paging_state state)
{
    static const char *const names[] = {
        [DD_PAGING_EMPTY] = "empty",         [DD_PAGING_SOFTWARE] = "software",
        [DD_PAGING_TABLE] = "table",         [DD_PAGING_PAGE] = "page",
        [DD_PAGING_MALFORMED] = "malformed",
    };

    return (unsigned int)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}
