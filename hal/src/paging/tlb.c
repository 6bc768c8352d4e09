/* SPDX-License-Identifier: MIT */
/*
 * What is pending. Ranges are kept one by one while they are few; a new one that
 * goes on where the last one ended makes that longer. When there is no place
 * left, the request becomes one for everything: it may grow, it never forgets.
 *
 * A table that is not linked any more may still be in the paging-structure
 * caches, so a processor may walk it until they are invalidated, [SDM 3A]
 * 4.10.4.1. Its frame stays allocated until then, in a chain through the first
 * word of each table. That word is the address of a frame, so bit 0 of it is 0:
 * a processor that still walks the table finds an entry that is not present. The
 * second word says that the table waits, and has bit 0 = 0 too: a table that
 * several entries reference is not put into the chain twice.
 */
#include "drydock/tlb.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/table_index.h"
#include "tlb_note.h"

#define WAITING UINT64_C(0x6B1E9D42C7F35A08) /* together with the frame, in the second word */

void dd_tlb_pending_init(struct dd_tlb_pending *pending)
{
    *pending = (struct dd_tlb_pending){.memory = NULL};
}

bool dd_tlb_pending_is_settled(const struct dd_tlb_pending *pending)
{
    return pending->request.range_count == 0 && !pending->request.everything &&
           pending->table_count == 0;
}

/* ---- Noting ---- */

enum dd_status dd_tlb_check(const struct dd_tlb_pending *pending,
                            const struct dd_address_space *space)
{
    if (pending == NULL || (pending->memory != NULL && pending->memory != space->memory)) {
        return DD_EARG;
    }
    return DD_OK;
}

/* A range that ends at the top of the address space does not go on at 0. */
static void add_range(struct dd_tlb_request *request, struct dd_tlb_range range)
{
    struct dd_tlb_range *last = NULL;

    if (request->everything) {
        return;
    }
    if (request->range_count > 0) {
        last = &request->ranges[request->range_count - 1];
    }
    if (last != NULL && last->bytes == range.bytes && range.first.raw != 0 &&
        last->first.raw + last->count * last->bytes == range.first.raw) {
        last->count += range.count;
    } else if (request->range_count < DD_TLB_RANGES) {
        request->ranges[request->range_count++] = range;
    } else {
        request->everything = true;
        request->range_count = 0;
    }
}

/* Whether an address is in the range noted last. */
static bool ends_with(const struct dd_tlb_request *request, uint64_t vaddr)
{
    const struct dd_tlb_range *last = NULL;

    if (request->range_count == 0) {
        return request->everything;
    }
    last = &request->ranges[request->range_count - 1];
    return vaddr - last->first.raw < last->count * last->bytes;
}

/* What a request says besides ranges: small, because each page that changes has one. */
struct context {
    uint16_t pcid;
    bool pcid_enabled, has_invpcid;
    bool has_global, has_tables, every_pcid;
};

/* What is noted concerns one more context; the first one is the request's own. */
static void add_context(struct dd_tlb_pending *pending, const struct context *context)
{
    struct dd_tlb_request *request = &pending->request;

    if (dd_tlb_pending_is_settled(pending)) {
        request->pcid = context->pcid;
        request->has_invpcid = context->has_invpcid;
    }
    request->every_pcid |= request->pcid != context->pcid || context->every_pcid;
    request->has_invpcid &= context->has_invpcid;
    request->pcid_enabled |= context->pcid_enabled;
    request->has_global |= context->has_global;
    request->has_tables |= context->has_tables;
}

static struct context context_of(const struct dd_address_space *space)
{
    return (struct context){.pcid = space->pcid,
                            .pcid_enabled = space->pcid_enabled,
                            .has_invpcid = space->has_invpcid};
}

/* Addresses of the upper half mean the same in all address spaces that share it. */
static bool is_shared(const struct dd_address_space *space, uint64_t vaddr)
{
    return space->pcid_enabled && vaddr >> (dd_paging_linear_width(&space->format) - 1) != 0;
}

static void add(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                const struct context *context, struct dd_tlb_range range)
{
    add_context(pending, context);
    pending->memory = space->memory;
    add_range(&pending->request, range);
}

/* INVLPG reaches global pages in every context, others in the current one. [SDM 3A] 4.10.4.1 */
void dd_tlb_note_pages(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       const struct dd_tlb_pages *pages)
{
    struct context context = context_of(space);

    context.has_global = DD_GET(pages->entries_or, DD_PTE_G) != 0;
    context.every_pcid =
        is_shared(space, pages->first) && DD_GET(pages->entries_and, DD_PTE_G) == 0;
    add(pending, space, &context,
        (struct dd_tlb_range){dd_vaddr_from(pages->first), pages->count,
                              dd_table_entry_bytes(pages->level)});
}

bool dd_tlb_is_waiting(const volatile uint64_t *table, dd_paddr frame)
{
    return table[1] == (frame.raw ^ WAITING);
}

static void add_table(struct dd_tlb_pending *pending, dd_paddr frame)
{
    volatile uint64_t *table = dd_paging_memory_unlinked(pending->memory, frame);

    if (!dd_tlb_is_waiting(table, frame)) {
        table[0] = pending->tables.raw;
        table[1] = frame.raw ^ WAITING;
        pending->tables = frame;
        pending->table_count++;
    }
}

void dd_tlb_note_table(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       dd_paddr frame, uint64_t vaddr)
{
    struct context context = context_of(space);
    uint64_t first = dd_align_down(vaddr, DD_PAGE_4K);

    context.has_tables = true;
    context.every_pcid = is_shared(space, vaddr);
    add_context(pending, &context);
    pending->memory = space->memory;
    if (!ends_with(&pending->request, vaddr)) {
        add_range(&pending->request, (struct dd_tlb_range){dd_vaddr_from(first), 1, DD_PAGE_4K});
    }
    add_table(pending, frame);
}

void dd_tlb_note_below(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       uint64_t vaddr)
{
    struct context context = context_of(space);

    context.has_global = true;
    context.has_tables = true;
    context.every_pcid = is_shared(space, vaddr);
    add_context(pending, &context);
    pending->memory = space->memory;
    pending->request.everything = true;
    pending->request.range_count = 0;
}

void dd_tlb_note_place(struct dd_tlb_pending *pending, const struct dd_address_space *space,
                       struct dd_paging_place place)
{
    const struct dd_paging_memory *memory = space->memory;

    if (memory->shown_at != NULL) {
        struct context context = context_of(space);
        dd_vaddr shown = memory->shown_at(memory->accessor, place);

        dd_invlpg(shown);
        add(pending, space, &context, (struct dd_tlb_range){shown, 1, DD_PAGE_4K});
    }
}

/* ---- Settling ---- */

static dd_paddr take_table(struct dd_tlb_pending *pending)
{
    dd_paddr frame = pending->tables;

    pending->tables = dd_paddr_from(*dd_paging_memory_unlinked(pending->memory, frame));
    pending->table_count--;
    return frame;
}

static void free_tables(struct dd_tlb_pending *pending)
{
    const struct dd_paging_memory *memory = pending->memory;

    while (memory != NULL && pending->table_count > 0) {
        memory->free(memory->allocator, take_table(pending));
    }
    dd_tlb_pending_init(pending);
}

enum dd_status dd_tlb_settle_here(struct dd_tlb_pending *pending)
{
    if (pending == NULL) {
        return DD_EARG;
    }
    dd_tlb_flush(&pending->request);
    free_tables(pending);
    return DD_OK;
}

enum dd_status dd_tlb_settle_by(struct dd_tlb_pending *pending, dd_tlb_shootdown *shootdown,
                                void *context)
{
    enum dd_status status = DD_OK;

    if (pending == NULL || shootdown == NULL) {
        return DD_EARG;
    }
    if (!dd_tlb_pending_is_settled(pending)) {
        status = shootdown(context, &pending->request);
    }
    if (status == DD_OK) {
        free_tables(pending);
    }
    return status;
}

enum dd_status dd_tlb_pending_move(struct dd_tlb_pending *into, struct dd_tlb_pending *from)
{
    struct context context;

    if (into == NULL || from == NULL || into == from ||
        (into->memory != NULL && from->memory != NULL && into->memory != from->memory)) {
        return DD_EARG;
    }
    if (from->memory == NULL || dd_tlb_pending_is_settled(from)) {
        return DD_OK;
    }
    context = (struct context){.pcid = from->request.pcid,
                               .pcid_enabled = from->request.pcid_enabled,
                               .has_invpcid = from->request.has_invpcid,
                               .has_global = from->request.has_global,
                               .has_tables = from->request.has_tables,
                               .every_pcid = from->request.every_pcid};
    add_context(into, &context);
    into->memory = from->memory;
    for (unsigned int i = 0; i < from->request.range_count; i++) {
        add_range(&into->request, from->request.ranges[i]);
    }
    if (from->request.everything) {
        into->request.everything = true;
        into->request.range_count = 0;
    }
    while (from->table_count > 0) {
        dd_paddr frame = take_table(from);

        *dd_paging_memory_unlinked(into->memory, frame) = into->tables.raw;
        into->tables = frame;
        into->table_count++;
    }
    dd_tlb_pending_init(from);
    return DD_OK;
}
