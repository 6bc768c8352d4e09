/* SPDX-License-Identifier: MIT */
/*
 * Invalidation on this processor. INVLPG drops one page from the current
 * context, and from the global pages, with all paging-structure entries of the
 * context. A load of CR3 drops all that is not global of the context it loads.
 * Only INVPCID reaches a context that is not current; a change of CR4.PGE
 * drops everything there is. [SDM 3A] 4.10.4.1.
 */
#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/field.h"
#include "drydock/tlb.h"

void dd_tlb_flush_page(dd_vaddr vaddr)
{
    dd_invlpg(vaddr);
}

/* The operand's bit 63 is 0, since CR3 reads so: the context is invalidated, its PCID kept. */
void dd_tlb_flush_context(void)
{
    dd_write_cr3(dd_read_cr3());
}

/* Whichever way PGE changes. Back at once: in between nothing is cached as global. */
void dd_tlb_flush_all(void)
{
    uint64_t cr4 = dd_read_cr4();

    dd_write_cr4(cr4 ^ DD_BITS(DD_CR4_PGE));
    dd_write_cr4(cr4);
}

static void invpcid(enum dd_invpcid_type type, uint16_t pcid, dd_vaddr address)
{
    struct dd_invpcid_descriptor descriptor = {pcid, address};

    dd_invpcid(type, &descriptor);
}

/* Whether the request is about the context in CR3, and no other. */
static bool is_current(const struct dd_tlb_request *request)
{
    if (!request->pcid_enabled) {
        return true;
    }
    return !request->every_pcid && (dd_read_cr3() & DD_TLB_PCID_MAX) == request->pcid;
}

static uint64_t count_pages(const struct dd_tlb_request *request)
{
    uint64_t pages = 0;

    for (unsigned int i = 0; i < request->range_count; i++) {
        pages += request->ranges[i].count;
    }
    return pages;
}

static void flush_everything(const struct dd_tlb_request *request)
{
    if (is_current(request) && !request->has_global) {
        dd_tlb_flush_context();
    } else if (!request->has_invpcid) {
        dd_tlb_flush_all();
    } else if (request->has_global || request->every_pcid) {
        invpcid(DD_INVPCID_ALL, 0, dd_vaddr_from(0));
    } else {
        invpcid(DD_INVPCID_CONTEXT, request->pcid, dd_vaddr_from(0));
    }
}

/* In a context that is not current, what is not global; INVLPG for what is. */
static void flush_page(const struct dd_tlb_request *request, bool is_here, dd_vaddr vaddr)
{
    if (!is_here) {
        invpcid(DD_INVPCID_ADDRESS, request->pcid, vaddr);
    }
    if (is_here || request->has_global) {
        dd_invlpg(vaddr);
    }
}

void dd_tlb_flush(const struct dd_tlb_request *request)
{
    bool is_here = is_current(request);

    if (request->everything || count_pages(request) > DD_TLB_INVLPG_MAX ||
        (!is_here && (request->every_pcid || !request->has_invpcid))) {
        flush_everything(request);
        return;
    }
    for (unsigned int i = 0; i < request->range_count; i++) {
        const struct dd_tlb_range *range = &request->ranges[i];

        for (uint64_t page = 0; page < range->count; page++) {
            flush_page(request, is_here, dd_vaddr_from(range->first.raw + page * range->bytes));
        }
    }
}
