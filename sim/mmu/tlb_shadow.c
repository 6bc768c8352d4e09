/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was written to the tables, and by whom. Each page that holds a table a
 * translation came from has a copy here. A write is noted, and settled later:
 * what it wrote to is compared with the copy, and each entry that was present and
 * is different now gets a record of who changed it.
 *
 * A write may be noted before it happens. So a note stays until its write has
 * been seen, or until the next one is noted: by then it has happened.
 */
#include "sim/mmu/tlb_judge.h"

#include <string.h>

enum {
    PAGE_BYTES = 4096,
    WORD_BYTES = 8
};

uint64_t tlb_entry_in_memory(const struct sim_tlb *tlb, uint64_t address, unsigned int bytes)
{
    uint64_t entry = 0;

    if (address < tlb->memory->size && tlb->memory->size - address >= bytes) {
        memcpy(&entry, tlb->memory->bytes + address, bytes);
    }
    return entry;
}

uint32_t tlb_watch(struct sim_tlb *tlb, uint64_t physical)
{
    uint32_t index = tlb_pool_find(&tlb->pages, physical);

    if (index != 0 || physical >= tlb->memory->size || tlb->memory->size - physical < PAGE_BYTES) {
        return index;
    }
    index = tlb_pool_add(&tlb->pages, physical);
    if (index != 0) {
        struct tlb_page *page = tlb_store_edit(&tlb->pages.items, index);

        memcpy(page->words, tlb->memory->bytes + physical, PAGE_BYTES);
        if (tlb->watch != NULL) {
            tlb->watch(tlb->watch_context, physical);
        }
    }
    return index;
}

void sim_tlb_on_watch(struct sim_tlb *tlb, void (*watch)(void *context, uint64_t page),
                      void *context)
{
    tlb->watch = watch;
    tlb->watch_context = context;
}

void tlb_refresh_copy(struct sim_tlb *tlb, uint64_t address)
{
    uint32_t index = tlb_pool_find(&tlb->pages, address & ~(uint64_t)(PAGE_BYTES - 1));
    size_t word = (size_t)(address % PAGE_BYTES) / WORD_BYTES;

    if (index != 0) {
        struct tlb_page *page = tlb_store_edit(&tlb->pages.items, index);

        page->words[word] = tlb_entry_in_memory(tlb, address & ~UINT64_C(7), WORD_BYTES);
    }
}

bool sim_tlb_watches(const struct sim_tlb *tlb, uint64_t physical)
{
    return tlb_pool_find(&tlb->pages, physical & ~UINT64_C(0xFFF)) != 0;
}

bool sim_tlb_is_table(const struct sim_tlb *tlb, uint64_t physical)
{
    return tlb->findings != NULL && tlb_is_source(tlb, physical);
}

bool sim_tlb_has_new_table(const struct sim_tlb *tlb)
{
    return tlb->state.has_new_table;
}

const struct tlb_change *tlb_find_change(const struct sim_tlb *tlb, uint64_t address)
{
    uint32_t index = tlb_pool_find(&tlb->changes, address);

    return index == 0 ? NULL : tlb_store_at(&tlb->changes.items, index);
}

bool tlb_claim_change(struct sim_tlb *tlb, uint64_t address)
{
    uint32_t index = tlb_pool_find(&tlb->changes, address);
    struct tlb_change *change = NULL;

    if (index == 0) {
        return true;
    }
    change = tlb_store_edit(&tlb->changes.items, index);
    if (change->is_reported) {
        return false;
    }
    change->is_reported = true;
    return true;
}

static void record_change(struct sim_tlb *tlb, uint64_t address, uint64_t rip)
{
    uint32_t index = tlb_pool_find(&tlb->changes, address);

    tlb->state.sequence++;
    if (index == 0) {
        index = tlb_pool_add(&tlb->changes, address);
    }
    if (index != 0) {
        struct tlb_change *change = tlb_store_edit(&tlb->changes.items, index);

        change->sequence = tlb->state.sequence;
        change->rip = rip;
        change->is_reported = false;
    }
}

/* An entry is put into a table. Nobody may still use what is there as the table it was before. */
static void check_reuse(struct sim_tlb *tlb, uint64_t address, uint64_t value, uint64_t rip)
{
    uint32_t page = tlb_pool_find(&tlb->pages, address & ~UINT64_C(0xFFF));
    const struct tlb_page *table = tlb_store_at(&tlb->pages.items, page);
    uint32_t user = table->first_user;

    for (unsigned int i = 0; user != 0 && i < TLB_USERS_MAX; i++) {
        const struct tlb_cached *cached = tlb_cached_at(tlb, user);
        uint32_t next = cached->table_next;

        if (!cached->is_reuse_reported && cached->context == tlb_context(&tlb->state.cpu) &&
            tlb_is_unlinked(tlb, &tlb->state.cpu, cached)) {
            tlb_report_reuse(tlb, user, address, value, rip);
        }
        user = next;
    }
}

static void settle_entry(struct sim_tlb *tlb, uint64_t address, uint64_t old, uint64_t now,
                         uint64_t rip)
{
    struct tlb_state *state = &tlb->state;

    if (!tlb_differs(old, now, true)) {
        return;
    }
    if ((old & TLB_ENTRY_P) != 0) {
        record_change(tlb, address, rip);
        tlb_note_late_write(tlb, address, old, rip);
        state->has_changes = true;
        state->has_unlinked = true;
        state->is_unsettled = state->is_unsettled || tlb_is_source(tlb, address);
    }
    if ((now & TLB_ENTRY_P) != 0 && state->has_unlinked &&
        sim_mmu_paging_mode(&state->cpu) != SIM_PAGING_OFF) {
        check_reuse(tlb, address, now, rip);
    }
}

/* Eight bytes of a watched page: one entry, or two of 32-bit paging. Returns whether they changed. */
static bool settle_word(struct sim_tlb *tlb, uint32_t index, uint64_t address, uint64_t rip)
{
    const struct tlb_page *page = tlb_store_at(&tlb->pages.items, index);
    size_t word = (size_t)(address % PAGE_BYTES) / WORD_BYTES;
    uint64_t now = tlb_entry_in_memory(tlb, address, WORD_BYTES);
    uint64_t old = page->words[word];

    if (old == now) {
        return false;
    }
    ((struct tlb_page *)tlb_store_edit(&tlb->pages.items, index))->words[word] = now;
    if (sim_mmu_paging_mode(&tlb->state.cpu) == SIM_PAGING_32_BIT) {
        settle_entry(tlb, address, old & UINT32_MAX, now & UINT32_MAX, rip);
        settle_entry(tlb, address + 4, old >> 32, now >> 32, rip);
    } else {
        settle_entry(tlb, address, old, now, rip);
    }
    return true;
}

/* What of a write is within one page. */
static bool settle_part(struct sim_tlb *tlb, uint64_t first, uint64_t end, uint64_t rip)
{
    uint32_t index = tlb_pool_find(&tlb->pages, first & ~(uint64_t)(PAGE_BYTES - 1));
    bool is_seen = false;

    for (uint64_t word = first & ~UINT64_C(7); index != 0 && word < end; word += WORD_BYTES) {
        is_seen = settle_word(tlb, index, word, rip) || is_seen;
    }
    return is_seen;
}

void tlb_settle_note(struct sim_tlb *tlb)
{
    struct tlb_note *note = &tlb->state.note;
    uint64_t at = note->physical;
    uint64_t room = at < tlb->memory->size ? tlb->memory->size - at : 0;
    uint64_t left = note->size < room ? note->size : room;
    bool is_seen = left == 0;

    while (left > 0) {
        uint64_t in_page = PAGE_BYTES - at % PAGE_BYTES;
        uint64_t part = left < in_page ? left : in_page;

        is_seen = settle_part(tlb, at, at + part, note->rip) || is_seen;
        at += part;
        left -= part;
    }
    if (is_seen) {
        note->size = 0;
    }
}

void sim_tlb_note_write(struct sim_tlb *tlb, uint64_t physical, unsigned int size, uint64_t rip)
{
    if (tlb->findings == NULL) {
        return;
    }
    if (tlb->state.note.size > 0) {
        tlb_settle_note(tlb);
    }
    tlb->state.note = (struct tlb_note){physical, rip, size};
}

bool sim_tlb_settle(struct sim_tlb *tlb)
{
    bool is_changed = false;

    tlb_settle_note(tlb);
    is_changed = tlb->state.is_unsettled;
    tlb->state.is_unsettled = false;
    tlb->state.has_new_table = false;
    return is_changed;
}
