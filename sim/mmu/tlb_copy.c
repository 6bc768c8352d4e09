/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of a TLB to go back to. The pools record what changes after a copy, so that
 * going back to the last one costs no more than that.
 */
#include "sim/mmu/tlb_internal.h"

struct sim_tlb *sim_tlb_copy(struct sim_tlb *tlb)
{
    struct sim_tlb *copy = sim_tlb_create(tlb->memory, tlb->findings, &tlb->names);

    if (copy == NULL || sim_tlb_restore(copy, tlb, &(struct sim_error){0}) != 0) {
        sim_tlb_destroy(copy);
        return NULL;
    }
    tlb->copies++;
    copy->identity = tlb->copies;
    tlb->base = copy->identity;
    tlb_store_forget_changes(&tlb->lists);
    tlb_pool_forget_changes(&tlb->cached);
    tlb_pool_forget_changes(&tlb->pages);
    tlb_pool_forget_changes(&tlb->changes);
    tlb_pool_forget_changes(&tlb->ghosts);
    return copy;
}

int sim_tlb_restore(struct sim_tlb *tlb, const struct sim_tlb *copy, struct sim_error *error)
{
    bool is_base = copy->identity != 0 && tlb->base == copy->identity;

    if (tlb_pool_reserve(&tlb->cached, &copy->cached) != 0 ||
        tlb_pool_reserve(&tlb->pages, &copy->pages) != 0 ||
        tlb_pool_reserve(&tlb->changes, &copy->changes) != 0 ||
        tlb_pool_reserve(&tlb->ghosts, &copy->ghosts) != 0) {
        return sim_error_set(error, "no memory to restore the TLB");
    }
    tlb_store_restore(&tlb->lists, &copy->lists, is_base);
    tlb_pool_restore(&tlb->cached, &copy->cached, is_base);
    tlb_pool_restore(&tlb->pages, &copy->pages, is_base);
    tlb_pool_restore(&tlb->changes, &copy->changes, is_base);
    tlb_pool_restore(&tlb->ghosts, &copy->ghosts, is_base);
    tlb->state = copy->state;
    tlb->base = copy->identity;
    return 0;
}
