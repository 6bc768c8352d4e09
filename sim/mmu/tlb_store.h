/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Arrays and hash tables that know what changed in them, so that going back to
 * a copy costs what was changed and not what there is.
 */
#ifndef DRYDOCK_SIM_TLB_STORE_H
#define DRYDOCK_SIM_TLB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"

/** An array of items of one size. */
struct tlb_store {
    unsigned char *bytes;
    size_t size;       /**< of an item, in bytes */
    uint32_t count;    /**< items in use */
    uint32_t capacity; /**< items there is memory for */

    uint32_t *changed; /**< indices of the items edited since the last copy or restore */
    uint32_t changed_count;
    bool *is_changed; /**< for each item: it is in that list */
    bool all_changed; /**< the list does not matter: everything may be different */
};

/** Give the array @p count items; new ones are all zero. Returns 0, or -1 and changes nothing. */
SIM_MUST_CHECK int tlb_store_resize(struct tlb_store *store, uint32_t count);
void tlb_store_free(struct tlb_store *store);

static inline const void *tlb_store_at(const struct tlb_store *store, uint32_t index)
{
    return store->bytes + store->size * index;
}

/** The item, to be changed. The only way to write to one. */
static inline void *tlb_store_edit(struct tlb_store *store, uint32_t index)
{
    if (!store->is_changed[index]) {
        store->is_changed[index] = true;
        store->changed[store->changed_count] = index;
        store->changed_count++;
    }
    return store->bytes + store->size * index;
}

/** Make room for what @p copy has, so that a restore cannot fail. */
SIM_MUST_CHECK int tlb_store_reserve(struct tlb_store *store, const struct tlb_store *copy);

/** Take over what @p copy has, there being room. @p is_base: the changes are those since it. */
void tlb_store_restore(struct tlb_store *store, const struct tlb_store *copy, bool is_base);

/** Everything from now on is a change. */
void tlb_store_forget_changes(struct tlb_store *store);

/** What items of a hash table start with. */
struct tlb_item {
    uint64_t key;
    uint32_t next; /**< in its bucket, or in the list of free items */
};

/** Items found by a 64-bit key. Index 0 is nobody. */
struct tlb_pool {
    struct tlb_store items;
    struct tlb_store buckets; /**< uint32_t: the first item; a power of two of them */
    uint32_t first_free;
    uint32_t live;  /**< items in use */
    uint32_t limit; /**< most items in use */
};

/** Make an empty table of items of @p size bytes that start with struct tlb_item. */
SIM_MUST_CHECK int tlb_pool_init(struct tlb_pool *pool, size_t size, uint32_t limit);
void tlb_pool_free(struct tlb_pool *pool);

/** Index of the item with this key, 0 if there is none. */
uint32_t tlb_pool_find(const struct tlb_pool *pool, uint64_t key);

/** Add an item, all zero but for its key, which none has. Returns 0 without room or memory. */
uint32_t tlb_pool_add(struct tlb_pool *pool, uint64_t key);

/** Take an item out of the buckets: it is no longer found, but stays. */
void tlb_pool_hide(struct tlb_pool *pool, uint32_t index);

/** Give the place of a hidden item to the next that is added. */
void tlb_pool_release(struct tlb_pool *pool, uint32_t index);

/** Remove all items. */
void tlb_pool_clear(struct tlb_pool *pool);

SIM_MUST_CHECK int tlb_pool_reserve(struct tlb_pool *pool, const struct tlb_pool *copy);
void tlb_pool_restore(struct tlb_pool *pool, const struct tlb_pool *copy, bool is_base);
void tlb_pool_forget_changes(struct tlb_pool *pool);

#endif
