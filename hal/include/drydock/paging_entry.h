/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Entries of page tables, encoded and decoded together with their level.
 *
 * What a bit means depends on the level: bit 7 is PAT in an entry of level 1
 * and "page size" above, bit 12 is PAT in a large page and address elsewhere.
 * Levels are numbered as the walk counts down: 5 PML5E, 4 PML4E, 3 PDPTE,
 * 2 PDE, 1 PTE. What else it depends on is in struct dd_paging_format.
 *
 * Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20.
 */
#ifndef DRYDOCK_PAGING_ENTRY_H
#define DRYDOCK_PAGING_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/field.h"
#include "drydock/paging_regs.h"
#include "drydock/status.h"
#include "drydock/table_index.h"

enum {
    DD_PAGING_LEVELS_MAX = 5, /**< a PML5 table */
};

/** Sizes of pages, in bytes. Spec: [SDM 3A] 4.5.4. */
enum dd_page_size {
    DD_PAGE_4K = 0x1000,
    DD_PAGE_2M = 0x200000,
    DD_PAGE_1G = 0x40000000, /**< not on every processor: see dd_paging_format */
};

/** What the encryption bit of an entry says. */
enum dd_encryption {
    DD_ENCRYPTION_NONE,   /**< there is no such bit */
    DD_ENCRYPTION_SET,    /**< 1 is encrypted: the C-bit. Spec: [AMD64 v2] 7.10.2 */
    DD_ENCRYPTION_CLEARED /**< 1 is shared, 0 private: the SHARED bit of a trust domain */
};

/** What the meaning of entries depends on, besides their level. */
struct dd_paging_format {
    uint8_t levels;                /**< 4, or 5 with CR4.LA57 = 1 */
    uint8_t physical_width;        /**< bits of a physical address, MAXPHYADDR: at most 52 */
    bool no_execute;               /**< EFER.NXE is on; otherwise every page can be executed */
    bool pages_1g;                 /**< the processor has 1-GByte pages */
    enum dd_encryption encryption; /**< none, unless the kernel says so */
    uint8_t encryption_bit;        /**< its number, 12..51; only if there is one */
};

/**
 * What a mapping allows, how it is cached, and what else its entry says; or-ed together in an
 * unsigned int. Reading is always allowed to the supervisor.
 *
 * Each stands where a PTE has it, what is above bit 51 there 40 places lower: packing an entry into
 * flags, and unpacking it, is two masks and a shift.
 *
 * DD_MAP_CACHE(n), DD_MAP_KEY(n) and DD_MAP_SOFTWARE(n) below are numbers in it.
 *
 * Spec: [SDM 3A] 4.6 (rights), 4.10.2.4 (global pages), 4.9.2 (caching), 4.8 (accessed, dirty).
 */
enum dd_map_flag {
    DD_MAP_WRITE = 0x02,          /**< R/W: stores allowed */
    DD_MAP_USER = 0x04,           /**< U/S: user-mode accesses allowed */
    DD_MAP_WRITE_THROUGH = 0x08,  /**< PWT: bit 0 of the index into the page attribute table */
    DD_MAP_UNCACHED = 0x10,       /**< PCD: bit 1 of it */
    DD_MAP_ACCESSED = 0x20,       /**< A: a walk has used the entry */
    DD_MAP_DIRTY = 0x40,          /**< D: a store has gone through the entry */
    DD_MAP_PAT = 0x80,            /**< PAT: bit 2 of the index */
    DD_MAP_GLOBAL = 0x100,        /**< G: stays in the TLB when CR3 is loaded, if CR4.PGE is on */
    DD_MAP_EXECUTE = 0x800000,    /**< fetches allowed; without it XD is set if EFER.NXE is on */
    DD_MAP_ENCRYPTED = 0x1000000, /**< encrypted, or private; only if the format has such a bit */
};

/* Numbers in the flags. */
enum {
    DD_MAP_SOFTWARE_FIELD_LO = 9,
    DD_MAP_SOFTWARE_FIELD_HI = 18,
    DD_MAP_KEY_FIELD_LO = 19,
    DD_MAP_KEY_FIELD_HI = 22,
};

/** Index into the page attribute table, 0..7: 4 * PAT + 2 * UNCACHED + WRITE_THROUGH. */
#define DD_MAP_CACHE(index) (((index)&3u) << 3 | ((index)&4u) << 5)

/** Protection key, 0..15. Spec: [SDM 3A] 4.6.2. */
#define DD_MAP_KEY(key) ((unsigned int)DD_SET(0, DD_MAP_KEY_FIELD, key))

/**
 * Ten bits the processor ignores: bits 2:0 are bits 11:9 of the entry, bits 9:3 its bits 58:52.
 * Bit 2 is no software bit while HLAT paging is on. Spec: [SDM 3A] table 4-20.
 */
#define DD_MAP_SOFTWARE(bits) ((unsigned int)DD_SET(0, DD_MAP_SOFTWARE_FIELD, bits))

/** Rights that every entry on the path must grant; the other flags are the page's own. */
#define DD_MAP_RIGHTS ((unsigned int)DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE)

/** The flags as fields, for DD_GET and for masks. */
#define DD_MAP_CACHE_ALL    DD_MAP_CACHE(7u)
#define DD_MAP_KEY_ALL      DD_MAP_KEY(15)
#define DD_MAP_SOFTWARE_ALL DD_MAP_SOFTWARE(0x3FF)
#define DD_MAP_ALL          UINT32_C(0x01FFFFFE)

/** Memory types of the page attribute table. Spec: [SDM 3A] 11.12.2, table 11-10. */
enum dd_cache_type {
    DD_CACHE_UNCACHEABLE = 0,     /**< UC */
    DD_CACHE_WRITE_COMBINING = 1, /**< WC */
    DD_CACHE_WRITE_THROUGH = 4,   /**< WT */
    DD_CACHE_WRITE_PROTECTED = 5, /**< WP */
    DD_CACHE_WRITE_BACK = 6,      /**< WB */
    DD_CACHE_UNCACHED = 7,        /**< UC-: write-combining if the MTRRs say so */
};

/** IA32_PAT after reset: WB, WT, UC-, UC, and the same again. Spec: [SDM 3A] table 11-12. */
#define DD_CACHE_PAT_RESET UINT64_C(0x0007040600070406)

/**
 * The memory type that flags select in a page attribute table.
 *
 * @param pat    value of IA32_PAT
 * @param flags  DD_MAP_…; only the index in it counts
 *
 * Spec: [SDM 3A] 11.12.3, table 11-11.
 */
enum dd_cache_type dd_cache_type_of(uint64_t pat, unsigned int flags);

/**
 * The flags that select a memory type.
 *
 * @param pat         value of IA32_PAT
 * @param type        wanted
 * @param[out] flags  DD_MAP_CACHE(n) with the lowest n that has the type
 * @retval DD_OK      *flags is valid
 * @retval DD_ENOENT  no entry of @p pat has the type; *flags untouched
 *
 * Spec: [SDM 3A] 11.12.3, table 11-11.
 */
DD_MUST_CHECK enum dd_status dd_cache_flags(uint64_t pat, enum dd_cache_type type,
                                            unsigned int *flags);

/** What an entry is. */
enum dd_paging_state {
    DD_PAGING_EMPTY,     /**< zero */
    DD_PAGING_SOFTWARE,  /**< not present and not zero: the kernel's own (swapped out, lazy, …) */
    DD_PAGING_TABLE,     /**< references the table of the next level */
    DD_PAGING_PAGE,      /**< maps a page */
    DD_PAGING_MALFORMED, /**< present with reserved bits set: every access would fault */
};

/** An entry, decoded. */
struct dd_paging_entry {
    uint64_t raw;
    enum dd_paging_state state;
    unsigned int level;
    dd_paddr address;   /**< of the page or table; 0 in the other states */
    unsigned int flags; /**< DD_MAP_… as the entry itself states them; 0 if it is not a page */
};

#define DD_SAME_IN_ALL_PAGES(field)                                           \
    _Static_assert(DD_BITS(DD_PDPTE_1G_##field) == DD_BITS(DD_PTE_##field) && \
                       DD_BITS(DD_PDE_2M_##field) == DD_BITS(DD_PTE_##field), \
                   #field " stands at different places in entries of pages")
#define DD_SAME_IN_ALL_ENTRIES(field)                                          \
    DD_SAME_IN_ALL_PAGES(field);                                               \
    _Static_assert(DD_BITS(DD_PML5E_##field) == DD_BITS(DD_PTE_##field) &&     \
                       DD_BITS(DD_PML4E_##field) == DD_BITS(DD_PTE_##field) && \
                       DD_BITS(DD_PDPTE_##field) == DD_BITS(DD_PTE_##field) && \
                       DD_BITS(DD_PDE_##field) == DD_BITS(DD_PTE_##field),     \
                   #field " stands at different places in entries of tables")

/* The names of PTE fields are used for those that stand at the same place in every format. */
DD_SAME_IN_ALL_ENTRIES(P);
DD_SAME_IN_ALL_ENTRIES(RW);
DD_SAME_IN_ALL_ENTRIES(US);
DD_SAME_IN_ALL_ENTRIES(A);
DD_SAME_IN_ALL_ENTRIES(XD);
DD_SAME_IN_ALL_PAGES(PWT);
DD_SAME_IN_ALL_PAGES(PCD);
DD_SAME_IN_ALL_PAGES(D);
DD_SAME_IN_ALL_PAGES(G);
DD_SAME_IN_ALL_PAGES(IGNORED_10_9);
DD_SAME_IN_ALL_PAGES(R);
DD_SAME_IN_ALL_PAGES(IGNORED_58_52);
DD_SAME_IN_ALL_PAGES(KEY);
_Static_assert(DD_BITS(DD_PDPTE_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PML4E_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PML5E_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PDPTE_1G_PS) == DD_BITS(DD_PDE_PS) &&
                   DD_BITS(DD_PDE_2M_PS) == DD_BITS(DD_PDE_PS),
               "PS stands at different places");
_Static_assert(DD_BITS(DD_PDPTE_1G_PAT) == DD_BITS(DD_PDE_2M_PAT),
               "PAT stands at different places in large pages");
_Static_assert(DD_BITS(DD_PML5E_ADDRESS) == DD_BITS(DD_PDE_ADDRESS) &&
                   DD_BITS(DD_PML4E_ADDRESS) == DD_BITS(DD_PDE_ADDRESS) &&
                   DD_BITS(DD_PDPTE_ADDRESS) == DD_BITS(DD_PDE_ADDRESS),
               "addresses of tables stand at different places");

#undef DD_SAME_IN_ALL_PAGES
#undef DD_SAME_IN_ALL_ENTRIES

/** Last byte of what the entry of a level for an address stands for. */
static inline uint64_t dd_paging_entry_last(unsigned int level, uint64_t vaddr)
{
    return vaddr | (dd_table_entry_bytes(level) - 1);
}

/** Bits of a linear address: 48 or 57. Spec: [SDM 3A] 4.5. */
static inline unsigned int dd_paging_linear_width(const struct dd_paging_format *format)
{
    return 12 + 9u * format->levels;
}

/** Highest physical address, without the encryption bit, if that is above all others. */
static inline uint64_t dd_paging_physical_last(const struct dd_paging_format *format)
{
    return (UINT64_C(1) << format->physical_width) - 1;
}

/** Mask of the encryption bit; 0 if there is none. */
static inline uint64_t dd_paging_encryption_mask(const struct dd_paging_format *format)
{
    return format->encryption == DD_ENCRYPTION_NONE ? 0 : UINT64_C(1) << format->encryption_bit;
}

/** Whether a physical address and the @p bytes from there can be mapped. */
bool dd_paging_physical_is_valid(const struct dd_paging_format *format, uint64_t paddr,
                                 uint64_t bytes);

/** Whether the processor goes on with an entry; otherwise it is empty or of software. */
static inline bool dd_paging_entry_is_present(uint64_t raw)
{
    return DD_GET(raw, DD_PTE_P) != 0;
}

/** Whether a present entry references a table; otherwise it maps a page. */
static inline bool dd_paging_entry_is_table(unsigned int level, uint64_t raw)
{
    return level > 1 && DD_GET(raw, DD_PDE_PS) == 0;
}

/** Bits that are reserved in every present entry of a page of a level, and have to be 0. */
uint64_t dd_paging_reserved_in_page(const struct dd_paging_format *format, unsigned int level);

/**
 * Bits that are reserved in every present entry that references a table.
 *
 * Spec: [SDM 3A] 4.5.4, "If IA32_EFER.NXE = 0 …" and "bits 51:M".
 */
static inline uint64_t dd_paging_reserved_in_table(const struct dd_paging_format *format)
{
    uint64_t reserved = DD_BITS(DD_PTE_ADDRESS) & ~dd_paging_physical_last(format) &
                        ~dd_paging_encryption_mask(format);

    return format->no_execute ? reserved : reserved | DD_BITS(DD_PTE_XD);
}

/** Frame of the table that an entry references. */
static inline dd_paddr dd_paging_entry_table(const struct dd_paging_format *format, uint64_t raw)
{
    return dd_paddr_from(raw & DD_BITS(DD_PDE_ADDRESS) & ~dd_paging_encryption_mask(format));
}

/** First byte of the page that an entry maps: the low bits are PAT or reserved in a large page. */
static inline dd_paddr dd_paging_entry_page(const struct dd_paging_format *format,
                                            unsigned int level, uint64_t raw)
{
    uint64_t address = raw & DD_BITS(DD_PTE_ADDRESS) & ~dd_paging_encryption_mask(format);

    return dd_paddr_from(dd_align_down(address, dd_table_entry_bytes(level)));
}

/** Size of the page that an entry of a level maps. @param level  1..3 */
static inline enum dd_page_size dd_paging_page_size(unsigned int level)
{
    return (enum dd_page_size)dd_table_entry_bytes(level);
}

/** DD_MAP_… as one entry states them; in a table's entry only the rights mean anything. */
unsigned int dd_paging_entry_flags(const struct dd_paging_format *format, unsigned int level,
                                   uint64_t raw);

/**
 * The bits of a page's entry that flags set, without P, PS and the address.
 *
 * XD is a reserved bit while EFER.NXE is off, so it is left 0 then.
 */
uint64_t dd_paging_entry_bits(const struct dd_paging_format *format, unsigned int level,
                              unsigned int flags);

/** The bits of a page's entry that hold what flags say, whatever it is: to replace just these. */
uint64_t dd_paging_entry_mask(const struct dd_paging_format *format, unsigned int level,
                              unsigned int flags);

/**
 * Entry that references a table, with every right: the entry of the page decides.
 *
 * @param table  its frame: valid, a multiple of 4096
 */
static inline uint64_t dd_paging_entry_for_table(const struct dd_paging_format *format,
                                                 dd_paddr table)
{
    uint64_t private_bit =
        format->encryption == DD_ENCRYPTION_SET ? dd_paging_encryption_mask(format) : 0;

    return table.raw | private_bit | DD_BITS(DD_PDE_P) | DD_BITS(DD_PDE_RW) | DD_BITS(DD_PDE_US);
}

/** Entry that maps the page at physical address 0 of a level's size; add the page's address. */
uint64_t dd_paging_entry_for_page(const struct dd_paging_format *format, unsigned int level,
                                  unsigned int flags);

/**
 * Whether flags can be had.
 *
 * @param flags  DD_MAP_…
 * @retval DD_OK       all of them
 * @retval DD_EARG     an unknown flag
 * @retval DD_ENOTSUP  DD_MAP_ENCRYPTED, but there is no encryption bit
 */
DD_MUST_CHECK enum dd_status dd_paging_flags_check(const struct dd_paging_format *format,
                                                   unsigned int flags);

/**
 * Encode the entry of a page.
 *
 * @param level     1..3: 4 KiB, 2 MiB, 1 GiB
 * @param paddr     first byte: a multiple of the page's size
 * @param flags     DD_MAP_…
 * @param[out] raw  the entry
 * @retval DD_OK      *raw is valid
 * @retval DD_EARG    @p level is none, @p paddr beyond MAXPHYADDR or with the encryption bit, or
 *                    an unknown flag; *raw untouched, as after the other failures
 * @retval DD_EALIGN  @p paddr not a multiple of the size
 * @retval DD_ENOTSUP 1-GByte pages are not on this processor, or DD_MAP_ENCRYPTED without a bit
 *
 * Spec: [SDM 3A] tables 4-16, 4-18, 4-20.
 */
DD_MUST_CHECK enum dd_status dd_paging_entry_encode(const struct dd_paging_format *format,
                                                    unsigned int level, dd_paddr paddr,
                                                    unsigned int flags, uint64_t *raw);

/**
 * Decode an entry.
 *
 * @param level  of the table it stands in, 1..5
 * @param raw    any value
 *
 * Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20.
 */
struct dd_paging_entry dd_paging_entry_decode(const struct dd_paging_format *format,
                                              unsigned int level, uint64_t raw);

/** Name of a state: "empty", "software", "table", "page", "malformed"; never NULL. */
const char *dd_paging_state_name(enum dd_paging_state state);

/** Name of a memory type: "UC", "WC", "WT", "WP", "WB", "UC-", or "reserved"; never NULL. */
const char *dd_cache_type_name(enum dd_cache_type type);

#endif
