/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the TLB share.
 */
#ifndef DRYDOCK_SIM_TLB_INTERNAL_H
#define DRYDOCK_SIM_TLB_INTERNAL_H

#include "sim/mmu/tlb.h"
#include "sim/mmu/tlb_store.h"

/** Entry bits. Spec: [SDM 3A] figures 4-4, 4-7, 4-11. */
#define TLB_ENTRY_P  (UINT64_C(1) << 0)
#define TLB_ENTRY_A  (UINT64_C(1) << 5)
#define TLB_ENTRY_PS (UINT64_C(1) << 7)

/** What a cached item is for. Pages first; then paging-structure entries, lowest level first. */
enum tlb_class {
    TLB_PAGE_4K,
    TLB_PAGE_2M,
    TLB_PAGE_4M,
    TLB_PAGE_1G,
    TLB_PDE,
    TLB_PDPTE,
    TLB_PML4E,
    TLB_PML5E,
};

enum {
    TLB_PAGE_CLASSES = 4,
    TLB_CONTEXTS = 4096,       /**< PCIDs 0..4095 */
    TLB_GLOBAL = TLB_CONTEXTS, /**< the context of global translations */
    TLB_LISTS = 2 * TLB_CONTEXTS + 1,
    TLB_CACHED_MAX = 1 << 20,  /**< cached items */
    TLB_PAGES_MAX = 1 << 14,   /**< watched pages */
    TLB_CHANGES_MAX = 1 << 17, /**< entries whose last change is known */
    TLB_GHOSTS_MAX = 1 << 15,  /**< flushed items remembered */
    TLB_LATE_MAX = 256,        /**< flush-before-write suspicions */
    TLB_INVLPGS = 8,           /**< executions of INVLPG remembered */
    TLB_USERS_MAX = 16,        /**< entries looked at when their table is written */
    TLB_AUDIT_WALKS = 1 << 18, /**< walks through split pages in one audit */
};

/**
 * A cached translation, or a cached paging-structure entry. An item that was invalidated stays,
 * hidden, while items that were made through it are there: they show the way they came.
 */
struct tlb_cached {
    struct tlb_item item;
    uint64_t linear;                     /**< first address it is for */
    uint64_t address;                    /**< physical, of the paging-structure entry */
    uint64_t entry;                      /**< its value when it was read */
    uint64_t physical;                   /**< of the page, or of the table the entry refers to */
    uint32_t parent;                     /**< the item above, 0 at the root */
    uint32_t children;                   /**< items whose parent this is */
    uint32_t list_next, list_previous;   /**< items of the same context */
    uint32_t table_next, table_previous; /**< entries that refer to the same table */
    uint16_t context;                    /**< PCID or TLB_GLOBAL */
    uint16_t pcid;                       /**< the current one when it was made */
    uint8_t class;                       /**< enum tlb_class */
    uint8_t shift;                       /**< log2 of the bytes it is for */
    uint8_t level, bytes;                /**< of the entry */
    uint8_t pat_index;
    bool is_cached; /**< false: hidden */
    bool dirty;     /**< a write may use it */
    bool is_reuse_reported;
    struct sim_rights rights; /**< of the page, or granted down to this entry */
};

/** A physical page that holds a table, as it was last seen. */
struct tlb_page {
    struct tlb_item item; /**< key: physical address */
    uint32_t first_user;  /**< cached entry that refers to this table */
    uint32_t sources;     /**< items, hidden ones too, whose entry is in this page */
    uint64_t words[512];
};

/** The last change of an entry that was present. */
struct tlb_change {
    struct tlb_item item; /**< key: physical address of the entry */
    uint64_t sequence;
    uint64_t rip; /**< of the writer */
    bool is_reported;
};

/** An item that software flushed though its entry had not changed. */
struct tlb_ghost {
    struct tlb_item item; /**< key: physical address of the entry */
    struct tlb_cached cached;
    uint64_t flush_rip;
    uint64_t write_rip; /**< who changed the entry after the flush, if it is in the late list */
    bool is_late;
};

struct tlb_note {
    uint64_t physical, rip;
    unsigned int size;
};

struct tlb_flushed {
    uint64_t linear, rip, sequence;
};

/**
 * A fault that only what was cached wanted. The manual allows one for each address when rights were
 * widened without a flush ([SDM 3A] 4.10.4.3); so it is told only if the access is not made again.
 */
struct tlb_needless_fault {
    bool is_pending; /**< the rest is valid */
    enum sim_access_kind kind;
    uint64_t linear, rip;
    uint64_t entry; /**< physical address of the entry that was widened */
    char text[sizeof((struct sim_finding *)0)->text];
};

/** All that changes and is not in a pool. */
struct tlb_state {
    struct sim_cpu cpu;                     /**< of the last call; kept with the audit only */
    uint64_t sequence;                      /**< time, in changes and flushes */
    uint32_t pages_of[2][TLB_PAGE_CLASSES]; /**< cached pages: not global, global */

    uint32_t cached_count; /**< items that are not hidden */
    struct tlb_note note;  /**< of the last write; its size is 0 once it has been seen */
    struct tlb_flushed invlpgs[TLB_INVLPGS]; /**< a ring */
    unsigned int invlpg_count;               /**< so far, not only in the ring */
    struct tlb_flushed last_pcid_flush;
    struct tlb_needless_fault needless_fault;
    uint64_t late[TLB_LATE_MAX]; /**< keys of ghosts */
    unsigned int late_count;

    uint64_t unneeded;
    bool has_changes;      /**< something cached may differ from the tables */
    bool has_unlinked;     /**< a cached entry may refer to a table that is no longer linked */
    bool is_unsettled;     /**< sim_tlb_settle has not told the caller about a change yet */
    bool has_new_table;    /**< see sim_tlb_has_new_table */
    bool is_last_unneeded; /**< the last flush was counted, and may have been a change of CR3 */
    bool is_full_said;
};

struct sim_tlb {
    const struct sim_memory *memory;
    struct sim_findings *findings; /**< NULL: no audit */
    struct sim_tlb_names names;
    bool has_dropped;                            /**< see sim_tlb_take_dropped */
    void (*watch)(void *context, uint64_t page); /**< see sim_tlb_on_watch; NULL: nobody asks */
    void *watch_context;
    uint64_t copies;   /**< made so far */
    uint64_t identity; /**< of a copy: its number, from 1 */
    uint64_t base;     /**< identity of the copy that the recorded changes are relative to */

    struct tlb_state state;
    struct tlb_store lists; /**< uint32_t: first item of pages by context, then of entries */
    struct tlb_pool cached, pages, changes, ghosts;
};

/* tlb_cached.c: what is cached. */

/** CR4.PCIDE. */
bool tlb_has_pcids(const struct sim_cpu *cpu);

/** The context that non-global items of this processor belong to. Spec: [SDM 3A] 4.10.1. */
uint16_t tlb_context(const struct sim_cpu *cpu);

/** The table CR3 names. */
uint64_t tlb_root(const struct sim_cpu *cpu);

static inline const struct tlb_cached *tlb_cached_at(const struct sim_tlb *tlb, uint32_t index)
{
    return tlb_store_at(&tlb->cached.items, index);
}

static inline bool tlb_is_page(const struct tlb_cached *cached)
{
    return cached->class < TLB_PAGE_CLASSES;
}

/** Translation of an address in one context, the smallest page if there are several; or 0. */
uint32_t tlb_find_page(const struct sim_tlb *tlb, uint64_t linear, uint16_t context);

/** Lowest cached paging-structure entry for an address, or 0. */
uint32_t tlb_find_entry(const struct sim_tlb *tlb, const struct sim_cpu *cpu, uint64_t linear);

/** The cached paging-structure entry of one level, 2..5, for an address; or 0. */
uint32_t tlb_find_entry_of(const struct sim_tlb *tlb, enum sim_paging_mode mode, unsigned int level,
                           uint64_t linear, uint16_t context);

/** Where a walk continues below a cached entry. */
struct sim_walk_start tlb_start(const struct tlb_cached *cached);

/** Cache a mapped walk that started below @p parent. @return the translation, 0 without room. */
uint32_t tlb_cache_walk(struct sim_tlb *tlb, const struct sim_cpu *cpu, struct sim_access access,
                        const struct sim_walk *walk, uint32_t parent);

/** Invalidate one item. */
void tlb_drop(struct sim_tlb *tlb, uint32_t index);

/** The entries that led to an item and the item's own, as they were cached, from the root. */
unsigned int tlb_path(const struct sim_tlb *tlb, uint32_t index,
                      struct sim_walk_step steps[SIM_PAGING_LEVELS]);

/* tlb_links.c: the lists they are in. */

/** Put an item into its lists, or take it out. */
void tlb_link(struct sim_tlb *tlb, uint32_t index);
void tlb_unlink(struct sim_tlb *tlb, uint32_t index);

/** First item in the list of a context's pages or of its paging-structure entries. */
uint32_t tlb_first_page(const struct sim_tlb *tlb, uint16_t context);
uint32_t tlb_first_entry(const struct sim_tlb *tlb, uint16_t context);

/** An item came or goes (@p change UINT32_MAX: one less): count it for its entry's page. */
void tlb_count_source(struct sim_tlb *tlb, const struct tlb_cached *cached, uint32_t change);

/** Whether anything cached was read from the page of tables that an entry is in. */
bool tlb_is_source(const struct sim_tlb *tlb, uint64_t address);

/* tlb_shadow.c: what was written. Only with the audit. */

/** Watch the page that holds a table. Returns its index in pages, 0 without room. */
uint32_t tlb_watch(struct sim_tlb *tlb, uint64_t physical);

/** Look for the write that was noted last. */
void tlb_settle_note(struct sim_tlb *tlb);

/** Take over what the processor itself has set in an entry, Accessed and Dirty, which is not noted. */
void tlb_refresh_copy(struct sim_tlb *tlb, uint64_t address);

/** An entry in memory now; 0 outside RAM. */
uint64_t tlb_entry_in_memory(const struct sim_tlb *tlb, uint64_t address, unsigned int bytes);

/** The last change of an entry, NULL if it is not known. */
const struct tlb_change *tlb_find_change(const struct sim_tlb *tlb, uint64_t address);

/** Whether to report a change: true the first time. Always true if the change is not known. */
bool tlb_claim_change(struct sim_tlb *tlb, uint64_t address);

/* tlb_ghost.c: what was flushed and then written. Only with the audit. */

/** Software flushed an item. */
void tlb_remember_flushed(struct sim_tlb *tlb, const struct tlb_cached *cached, uint64_t rip);

/** The entry at @p address changed from a present value. */
void tlb_note_late_write(struct sim_tlb *tlb, uint64_t address, uint64_t old, uint64_t rip);

/** Forget the late writes that a flush covers. @return whether there were any */
bool tlb_flush_late(struct sim_tlb *tlb, const struct sim_tlb_flush *flush);

/** Report the late writes nothing has flushed. @return how many */
size_t tlb_audit_late(struct sim_tlb *tlb, const struct sim_cpu *cpu, uint32_t *budget);

/* tlb_flush.c */

/** Take note of the processor's state; without this the audit would not know the tables. */
void tlb_set_cpu(struct sim_tlb *tlb, const struct sim_cpu *cpu);

/** Whether a flush invalidates an item; with SIM_TLB_ADDRESS, `pcid` is the current one. */
bool tlb_covers(const struct sim_tlb_flush *flush, const struct tlb_cached *cached);

#endif
