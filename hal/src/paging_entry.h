/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Entries of page tables, always read and written together with their level.
 *
 * Levels are numbered as the walk counts down: an entry of level 4 is a PML4E,
 * of level 3 a PDPTE, of level 2 a PDE, of level 1 a PTE. The names of PTE
 * fields are used for the fields that stand at the same place in every format;
 * the assertions below hold them to it.
 */
#ifndef DRYDOCK_PAGING_ENTRY_H
#define DRYDOCK_PAGING_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/field.h"
#include "drydock/paging.h"
#include "drydock/paging_regs.h"

enum {
    DD_PAGING_TOP_LEVEL = 4,     /**< of the PML4 table */
    DD_PAGING_ENTRIES = 512,     /**< of a table */
    DD_PAGING_ADDRESS_WIDTH = 48 /**< bits of a linear address */
};

/** Rights that every entry on the path must grant; the other flags are the page's own. */
#define DD_PAGING_RIGHTS ((unsigned int)DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE)

#define DD_SAME_IN_ALL_PAGES(field)                                           \
    _Static_assert(DD_BITS(DD_PDPTE_1G_##field) == DD_BITS(DD_PTE_##field) && \
                       DD_BITS(DD_PDE_2M_##field) == DD_BITS(DD_PTE_##field), \
                   #field " stands at different places in entries of pages")
#define DD_SAME_IN_ALL_ENTRIES(field)                                          \
    DD_SAME_IN_ALL_PAGES(field);                                               \
    _Static_assert(DD_BITS(DD_PML4E_##field) == DD_BITS(DD_PTE_##field) &&     \
                       DD_BITS(DD_PDPTE_##field) == DD_BITS(DD_PTE_##field) && \
                       DD_BITS(DD_PDE_##field) == DD_BITS(DD_PTE_##field),     \
                   #field " stands at different places in entries of tables")

DD_SAME_IN_ALL_ENTRIES(P);
DD_SAME_IN_ALL_ENTRIES(RW);
DD_SAME_IN_ALL_ENTRIES(US);
DD_SAME_IN_ALL_ENTRIES(XD);
DD_SAME_IN_ALL_PAGES(PWT);
DD_SAME_IN_ALL_PAGES(PCD);
DD_SAME_IN_ALL_PAGES(G);
_Static_assert(DD_BITS(DD_PDPTE_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PDPTE_1G_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PDE_2M_PS) == DD_BITS(DD_PDE_PS),
               "PS stands at different places");
_Static_assert(DD_BITS(DD_PDPTE_1G_PAT) == DD_BITS(DD_PDE_2M_PAT),
               "PAT stands at different places in large pages");
_Static_assert(DD_BITS(DD_PML4E_ADDRESS) == DD_BITS(DD_PDE_ADDRESS) &&
                   DD_BITS(DD_PDPTE_ADDRESS) == DD_BITS(DD_PDE_ADDRESS),
               "addresses of tables stand at different places");

#undef DD_SAME_IN_ALL_PAGES
#undef DD_SAME_IN_ALL_ENTRIES

/** Bytes of address space that an entry of a level stands for: 4 KiB at level 1, then times 512. */
static inline uint64_t dd_paging_entry_bytes(unsigned int level)
{
    return UINT64_C(1) << (12 + 9 * (level - 1));
}

/** Highest physical address the processor can form. */
static inline uint64_t dd_paging_physical_last(const struct dd_address_space *space)
{
    return (UINT64_C(1) << space->physical_width) - 1;
}

/** Index of the entry for an address in a table of a level. */
static inline unsigned int dd_paging_entry_index(unsigned int level, uint64_t address)
{
    return (unsigned int)(address / dd_paging_entry_bytes(level)) % DD_PAGING_ENTRIES;
}

/** Last byte of what the entry for an address stands for. */
static inline uint64_t dd_paging_entry_last(unsigned int level, uint64_t address)
{
    return address | (dd_paging_entry_bytes(level) - 1);
}

static inline bool dd_paging_entry_is_present(uint64_t entry)
{
    return DD_GET(entry, DD_PTE_P) != 0;
}

/** Whether a present entry references a table; otherwise it maps a page. */
static inline bool dd_paging_entry_is_table(unsigned int level, uint64_t entry)
{
    return level > 1 && DD_GET(entry, DD_PDE_PS) == 0;
}

/** Frame of the table that an entry references. */
static inline dd_paddr dd_paging_entry_table(uint64_t entry)
{
    return dd_paddr_from(entry & DD_BITS(DD_PDE_ADDRESS));
}

/** First byte of the page that an entry maps: the low bits are PAT or reserved in a large page. */
static inline dd_paddr dd_paging_entry_page(unsigned int level, uint64_t entry)
{
    return dd_paddr_from(
        dd_align_down(entry & DD_BITS(DD_PTE_ADDRESS), dd_paging_entry_bytes(level)));
}

/** The PAT bit of a page's entry: bit 7 would be PS in a large page, so it is bit 12 there. */
static inline uint64_t dd_paging_entry_pat(unsigned int level)
{
    return level == 1 ? DD_BITS(DD_PTE_PAT) : DD_BITS(DD_PDE_2M_PAT);
}

/** DD_MAP_… as one entry states them; of a table's entry only the rights mean anything. */
static inline unsigned int dd_paging_entry_flags(unsigned int level, uint64_t entry)
{
    unsigned int flags = 0;

    flags |= DD_GET(entry, DD_PTE_RW) != 0 ? DD_MAP_WRITE : 0u;
    flags |= DD_GET(entry, DD_PTE_US) != 0 ? DD_MAP_USER : 0u;
    flags |= DD_GET(entry, DD_PTE_XD) == 0 ? DD_MAP_EXECUTE : 0u;
    flags |= DD_GET(entry, DD_PTE_G) != 0 ? DD_MAP_GLOBAL : 0u;
    flags |= DD_GET(entry, DD_PTE_PWT) != 0 ? DD_MAP_WRITE_THROUGH : 0u;
    flags |= DD_GET(entry, DD_PTE_PCD) != 0 ? DD_MAP_UNCACHED : 0u;
    flags |= (entry & dd_paging_entry_pat(level)) != 0 ? DD_MAP_PAT : 0u;
    return flags;
}

/**
 * @p entry with everything that DD_MAP_… say about a page replaced.
 *
 * XD is a reserved bit while EFER.NXE is off, so it is left 0 then.
 */
static inline uint64_t dd_paging_entry_set_flags(const struct dd_address_space *space,
                                                 unsigned int level, uint64_t entry,
                                                 unsigned int flags)
{
    uint64_t pat = dd_paging_entry_pat(level);

    entry = DD_SET(entry, DD_PTE_RW, (flags & DD_MAP_WRITE) != 0);
    entry = DD_SET(entry, DD_PTE_US, (flags & DD_MAP_USER) != 0);
    entry = DD_SET(entry, DD_PTE_XD, (flags & DD_MAP_EXECUTE) == 0 && space->no_execute);
    entry = DD_SET(entry, DD_PTE_G, (flags & DD_MAP_GLOBAL) != 0);
    entry = DD_SET(entry, DD_PTE_PWT, (flags & DD_MAP_WRITE_THROUGH) != 0);
    entry = DD_SET(entry, DD_PTE_PCD, (flags & DD_MAP_UNCACHED) != 0);
    return (flags & DD_MAP_PAT) != 0 ? entry | pat : entry & ~pat;
}

/** Entry that maps the page at physical address 0 of a level's size; add the page's address. */
static inline uint64_t dd_paging_entry_for_page(const struct dd_address_space *space,
                                                unsigned int level, unsigned int flags)
{
    uint64_t entry = DD_BITS(DD_PTE_P) | (level > 1 ? DD_BITS(DD_PDE_2M_PS) : 0);

    return dd_paging_entry_set_flags(space, level, entry, flags);
}

/** Entry that references a table and grants every right. */
static inline uint64_t dd_paging_entry_for_table(dd_paddr table)
{
    return table.raw | DD_BITS(DD_PDE_P) | DD_BITS(DD_PDE_RW) | DD_BITS(DD_PDE_US);
}

#endif
