/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An array remembers the indices of the items that were edited. A copy that was
 * made, or gone back to, when that list was empty differs from the array in
 * those items only, so going back writes just them. A hash table is two such
 * arrays: items, chained through their `next`, and the heads of the chains.
 */
#include "sim/mmu/tlb_store.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CAPACITY = 16
};

static int grow(struct tlb_store *store, uint32_t capacity)
{
    unsigned char *bytes = realloc(store->bytes, store->size * capacity);
    uint32_t *changed = NULL;
    bool *is_changed = NULL;

    if (bytes == NULL) {
        return -1;
    }
    store->bytes = bytes;
    changed = realloc(store->changed, sizeof *changed * capacity);
    if (changed == NULL) {
        return -1;
    }
    store->changed = changed;
    is_changed = realloc(store->is_changed, sizeof *is_changed * capacity);
    if (is_changed == NULL) {
        return -1;
    }
    store->is_changed = is_changed;
    memset(is_changed + store->capacity, 0, sizeof *is_changed * (capacity - store->capacity));
    store->capacity = capacity;
    return 0;
}

int tlb_store_resize(struct tlb_store *store, uint32_t count)
{
    uint32_t capacity = store->capacity == 0 ? FIRST_CAPACITY : store->capacity;

    while (capacity < count) {
        capacity *= 2;
    }
    if (capacity > store->capacity && grow(store, capacity) != 0) {
        return -1;
    }
    if (count > store->count) {
        memset(store->bytes + store->size * store->count, 0, store->size * (count - store->count));
    }
    store->count = count;
    return 0;
}

void tlb_store_free(struct tlb_store *store)
{
    free(store->bytes);
    free(store->changed);
    free(store->is_changed);
    *store = (struct tlb_store){0};
}

int tlb_store_reserve(struct tlb_store *store, const struct tlb_store *copy)
{
    return copy->count > store->capacity ? grow(store, copy->capacity) : 0;
}

void tlb_store_forget_changes(struct tlb_store *store)
{
    for (uint32_t i = 0; i < store->changed_count; i++) {
        store->is_changed[store->changed[i]] = false;
    }
    store->changed_count = 0;
    store->all_changed = false;
}

static void restore_changed(struct tlb_store *store, const struct tlb_store *copy)
{
    for (uint32_t i = 0; i < store->changed_count; i++) {
        uint32_t index = store->changed[i];

        if (index < copy->count) {
            memcpy(store->bytes + store->size * index, copy->bytes + store->size * index,
                   store->size);
        }
    }
}

void tlb_store_restore(struct tlb_store *store, const struct tlb_store *copy, bool is_base)
{
    if (is_base && !store->all_changed) {
        restore_changed(store, copy);
    } else {
        memcpy(store->bytes, copy->bytes, store->size * copy->count);
    }
    store->count = copy->count;
    tlb_store_forget_changes(store);
}

/* Keys are addresses with a few bits more: multiply, and use the high half. */
static uint32_t bucket_of(const struct tlb_pool *pool, uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (pool->buckets.count - 1);
}

static const struct tlb_item *item_at(const struct tlb_pool *pool, uint32_t index)
{
    return tlb_store_at(&pool->items, index);
}

int tlb_pool_init(struct tlb_pool *pool, size_t size, uint32_t limit)
{
    *pool = (struct tlb_pool){
        .items = {.size = size}, .buckets = {.size = sizeof(uint32_t)}, .limit = limit};
    return tlb_store_resize(&pool->items, 1) != 0 ||
                   tlb_store_resize(&pool->buckets, FIRST_CAPACITY) != 0
               ? -1
               : 0;
}

void tlb_pool_free(struct tlb_pool *pool)
{
    tlb_store_free(&pool->items);
    tlb_store_free(&pool->buckets);
}

uint32_t tlb_pool_find(const struct tlb_pool *pool, uint64_t key)
{
    uint32_t index = *(const uint32_t *)tlb_store_at(&pool->buckets, bucket_of(pool, key));

    while (index != 0 && item_at(pool, index)->key != key) {
        index = item_at(pool, index)->next;
    }
    return index;
}

static void show(struct tlb_pool *pool, uint32_t index)
{
    struct tlb_item *item = tlb_store_edit(&pool->items, index);
    uint32_t *bucket = tlb_store_edit(&pool->buckets, bucket_of(pool, item->key));

    item->next = *bucket;
    *bucket = index;
}

void tlb_pool_hide(struct tlb_pool *pool, uint32_t index)
{
    const struct tlb_item *item = item_at(pool, index);
    uint32_t bucket = bucket_of(pool, item->key);
    uint32_t at = *(const uint32_t *)tlb_store_at(&pool->buckets, bucket);

    if (at == index) {
        *(uint32_t *)tlb_store_edit(&pool->buckets, bucket) = item->next;
        return;
    }
    while (item_at(pool, at)->next != index) {
        at = item_at(pool, at)->next;
    }
    ((struct tlb_item *)tlb_store_edit(&pool->items, at))->next = item->next;
}

/* Twice the buckets. Hidden items have to stay out, so the chains are cut in two one by one. */
static void double_buckets(struct tlb_pool *pool)
{
    uint32_t old_count = pool->buckets.count;

    if (tlb_store_resize(&pool->buckets, old_count * 2) != 0) {
        return; /* longer chains only */
    }
    for (uint32_t bucket = 0; bucket < old_count; bucket++) {
        uint32_t *head = tlb_store_edit(&pool->buckets, bucket);
        uint32_t index = *head;

        *head = 0;
        while (index != 0) {
            uint32_t next = item_at(pool, index)->next;

            show(pool, index);
            index = next;
        }
    }
}

/* A place for an item: a free one, or one more. 0 if there is none. */
static uint32_t take_place(struct tlb_pool *pool)
{
    uint32_t index = pool->first_free;

    if (pool->live == pool->limit) {
        return 0;
    }
    if (index != 0) {
        pool->first_free = item_at(pool, index)->next;
        return index;
    }
    index = pool->items.count;
    return tlb_store_resize(&pool->items, index + 1) == 0 ? index : 0;
}

uint32_t tlb_pool_add(struct tlb_pool *pool, uint64_t key)
{
    uint32_t index = take_place(pool);
    struct tlb_item *item = NULL;

    if (index == 0) {
        return 0;
    }
    if (pool->live >= pool->buckets.count) {
        double_buckets(pool);
    }
    item = tlb_store_edit(&pool->items, index);
    memset(item, 0, pool->items.size);
    item->key = key;
    show(pool, index);
    pool->live++;
    return index;
}

void tlb_pool_release(struct tlb_pool *pool, uint32_t index)
{
    struct tlb_item *item = tlb_store_edit(&pool->items, index);

    item->next = pool->first_free;
    pool->first_free = index;
    pool->live--;
}

void tlb_pool_clear(struct tlb_pool *pool)
{
    memset(pool->buckets.bytes, 0, pool->buckets.size * pool->buckets.count);
    pool->buckets.all_changed = true;
    pool->items.all_changed = true;
    pool->items.count = 1;
    pool->first_free = 0;
    pool->live = 0;
}

int tlb_pool_reserve(struct tlb_pool *pool, const struct tlb_pool *copy)
{
    return tlb_store_reserve(&pool->items, &copy->items) != 0 ||
                   tlb_store_reserve(&pool->buckets, &copy->buckets) != 0
               ? -1
               : 0;
}

void tlb_pool_restore(struct tlb_pool *pool, const struct tlb_pool *copy, bool is_base)
{
    tlb_store_restore(&pool->items, &copy->items, is_base);
    tlb_store_restore(&pool->buckets, &copy->buckets, is_base);
    pool->first_free = copy->first_free;
    pool->live = copy->live;
    pool->limit = copy->limit;
}

void tlb_pool_forget_changes(struct tlb_pool *pool)
{
    tlb_store_forget_changes(&pool->items);
    tlb_store_forget_changes(&pool->buckets);
}
