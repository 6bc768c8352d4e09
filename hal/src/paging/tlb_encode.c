/* SPDX-License-Identifier: MIT */
/*
 * Operands of INVPCID and INVLPGB.
 *
 * INVLPGB, [AMD64 v3]: RAX has the address in bits 63:12 and flags below, of
 * which bit 0 says that there is an address; ECX[15:0] is the number of pages
 * after the first one and ECX[31] says that they are large ones; EDX has the
 * ASID in bits 15:0 and the PCID in bits 27:16. More pages than the processor's
 * limit are a #GP, so long ranges take several instructions; each ends, at the
 * latest, at the end of a half of the address space.
 */
#include <stddef.h>

#include "drydock/addr.h"
#include "drydock/addr_step.h"
#include "drydock/arch/insn.h"
#include "drydock/paging_entry.h"
#include "drydock/tlb.h"

#define RAX_ADDRESS_VALID UINT64_C(0x1)
#define ECX_LARGE         (UINT32_C(1) << 31)

enum {
    LINEAR_WIDTH_4 = 48, /* with 4 levels of tables, and with 5 */
    LINEAR_WIDTH_5 = 57,
    ECX_COUNT_MAX = 0xFFFF,
    EDX_PCID_SHIFT = 16,
    FLAGS_ALL = DD_INVLPGB_PCID | DD_INVLPGB_ASID | DD_INVLPGB_GLOBAL | DD_INVLPGB_FINAL_ONLY |
                DD_INVLPGB_NESTED,
};

static bool is_linear_width(unsigned int width)
{
    return width == LINEAR_WIDTH_4 || width == LINEAR_WIDTH_5;
}

enum dd_status dd_tlb_encode_invpcid(enum dd_invpcid_type type, uint16_t pcid, dd_vaddr vaddr,
                                     unsigned int linear_width,
                                     struct dd_invpcid_descriptor *descriptor)
{
    if ((unsigned int)type > DD_INVPCID_ALL_BUT_GLOBAL || pcid > DD_TLB_PCID_MAX ||
        !is_linear_width(linear_width)) {
        return DD_EARG;
    }
    if (!dd_vaddr_is_canonical(vaddr, linear_width)) {
        return DD_ECANONICAL;
    }
    *descriptor = (struct dd_invpcid_descriptor){pcid, vaddr};
    return DD_OK;
}

static enum dd_status check(const struct dd_invlpgb *invlpgb)
{
    if ((invlpgb->flags & ~(unsigned int)FLAGS_ALL) != 0 || invlpgb->pcid > DD_TLB_PCID_MAX ||
        !is_linear_width(invlpgb->linear_width) ||
        ((invlpgb->flags & DD_INVLPGB_ASID) != 0 && invlpgb->asid >= invlpgb->asid_count)) {
        return DD_EARG;
    }
    if (invlpgb->count == 0) {
        return DD_OK;
    }
    if (invlpgb->bytes != DD_PAGE_4K && invlpgb->bytes != DD_PAGE_2M) {
        return DD_EARG;
    }
    if (!dd_is_aligned(invlpgb->first.raw, invlpgb->bytes)) {
        return DD_EALIGN;
    }
    return dd_vaddr_is_canonical(invlpgb->first, invlpgb->linear_width) ? DD_OK : DD_ECANONICAL;
}

/* Pages one instruction can do from the next one on: to the end of the half, within the limit. */
static uint64_t count_in_one(const struct dd_invlpgb *invlpgb)
{
    uint64_t half = (UINT64_C(1) << (invlpgb->linear_width - 1)) - 1;
    uint64_t to_the_end = (half - (invlpgb->first.raw & half)) / invlpgb->bytes + 1;
    uint64_t limit =
        (uint64_t)(invlpgb->count_max < ECX_COUNT_MAX ? invlpgb->count_max : ECX_COUNT_MAX) + 1;
    uint64_t count = invlpgb->count;

    count = count < limit ? count : limit;
    return count < to_the_end ? count : to_the_end;
}

enum dd_status dd_tlb_encode_invlpgb(struct dd_invlpgb *invlpgb,
                                     struct dd_invlpgb_operands *operands)
{
    struct dd_invlpgb_operands encoded = {.rax = invlpgb->flags};
    enum dd_status status = invlpgb->finished ? DD_ENOENT : check(invlpgb);
    dd_vaddr next = invlpgb->first;
    uint64_t count = 0;

    if (status == DD_OK && invlpgb->count > 0) {
        count = count_in_one(invlpgb);
        encoded.rax |= invlpgb->first.raw | RAX_ADDRESS_VALID;
        encoded.ecx = (uint32_t)(count - 1) | (invlpgb->bytes == DD_PAGE_2M ? ECX_LARGE : 0);
    }
    if (status == DD_OK && count < invlpgb->count) {
        status =
            dd_vaddr_forward(invlpgb->first, count, invlpgb->bytes, invlpgb->linear_width, &next);
    }
    if (status != DD_OK) {
        return status;
    }
    encoded.edx = (uint32_t)invlpgb->pcid << EDX_PCID_SHIFT | invlpgb->asid;
    invlpgb->first = next;
    invlpgb->count -= count;
    invlpgb->finished = invlpgb->count == 0;
    *operands = encoded;
    return DD_OK;
}

static enum dd_status broadcast(struct dd_invlpgb invlpgb)
{
    struct dd_invlpgb_operands operands = {0};
    enum dd_status status = dd_tlb_encode_invlpgb(&invlpgb, &operands);

    while (status == DD_OK) {
        dd_invlpgb(operands.rax, operands.ecx, operands.edx);
        status = dd_tlb_encode_invlpgb(&invlpgb, &operands);
    }
    return status == DD_ENOENT ? DD_OK : status;
}

/* What differs from range to range is filled in; a 1-GByte page is dropped by any address in it. */
static struct dd_invlpgb for_range(const struct dd_invlpgb *processor,
                                   const struct dd_tlb_request *request,
                                   const struct dd_tlb_range *range)
{
    struct dd_invlpgb invlpgb = {.count_max = processor->count_max,
                                 .linear_width = processor->linear_width};

    if (request->pcid_enabled && !request->every_pcid) {
        invlpgb.flags |= DD_INVLPGB_PCID;
        invlpgb.pcid = request->pcid;
    }
    invlpgb.flags |= request->has_global ? DD_INVLPGB_GLOBAL : 0u;
    if (range != NULL) {
        invlpgb.first = range->first;
        invlpgb.count = range->count;
        invlpgb.bytes = range->bytes == DD_PAGE_4K ? DD_PAGE_4K : DD_PAGE_2M;
        invlpgb.count *= range->bytes / invlpgb.bytes;
    }
    return invlpgb;
}

enum dd_status dd_tlb_shootdown_invlpgb(void *context, const struct dd_tlb_request *request)
{
    const struct dd_invlpgb *processor = context;
    enum dd_status status = processor == NULL ? DD_EARG : DD_OK;

    if (status == DD_OK && request->everything) {
        status = broadcast(for_range(processor, request, NULL));
    }
    for (unsigned int i = 0; status == DD_OK && i < request->range_count; i++) {
        status = broadcast(for_range(processor, request, &request->ranges[i]));
    }
    if (status == DD_OK) {
        dd_tlbsync();
    }
    return status;
}
