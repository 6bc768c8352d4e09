/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What translation caches may still hold, and how they are made to forget it.
 *
 * A call that changes live page tables does not invalidate: it notes in a
 * struct dd_tlb_pending what has to be. The kernel settles that: now on this
 * processor, through a shoot-down of its own, or later together with more.
 * Tables that became empty wait in it too: their frames are free only once no
 * processor can walk them any more. Nothing is lost: settling has a result
 * that must be looked at, and dd_tlb_pending_is_settled() is for assertions.
 *
 * Until it is settled, other processors may go on using what was changed: they
 * must not rely on a right that was withdrawn.
 *
 * They also set accessed and dirty bits of the tables they use, whenever they like. Calls that
 * change or clear the entry of a page write it by a locked exchange, so what is set up to the last
 * moment stays in the entry, or is in the one that is given back. Where no other processor uses the
 * tables, as long as there is only one or before the others know of them, the kernel may set
 * `exclusive` in the handle: then entries are written by plain stores, which is faster. To clear the
 * dirty bit without losing any: withdraw the right to write, settle, look, then clear it.
 *
 * Spec: [SDM 3A] 4.8 (accessed and dirty), 8.1.2.1 (locked), 4.10.4 (invalidation), 4.10.5 (other
 * processors).
 */
#ifndef DRYDOCK_TLB_H
#define DRYDOCK_TLB_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/insn_types.h"
#include "drydock/paging_memory.h"
#include "drydock/status.h"

enum {
    DD_TLB_RANGES = 8,       /**< remembered one by one; with more, everything is invalidated */
    DD_TLB_INVLPG_MAX = 32,  /**< pages invalidated one by one; with more, all are */
    DD_TLB_PCID_MAX = 0xFFF, /**< the greatest process-context identifier */
};

/** Pages whose translations changed. */
struct dd_tlb_range {
    dd_vaddr first; /**< first byte of the first page */
    uint64_t count; /**< of pages */
    uint64_t bytes; /**< of each page */
};

/** What has to be invalidated on every processor that may have used it. */
struct dd_tlb_request {
    struct dd_tlb_range ranges[DD_TLB_RANGES];
    unsigned int range_count;
    bool everything;   /**< whatever the address: there were too many ranges */
    bool has_global;   /**< pages with G = 1 are concerned */
    bool has_tables;   /**< tables are not used any more: paging-structure caches too */
    bool every_pcid;   /**< the addresses are shared by contexts other than `pcid` */
    bool pcid_enabled; /**< CR4.PCIDE = 1 */
    bool has_invpcid;  /**< the processor has INVPCID */
    uint16_t pcid;     /**< the context; 0 without PCIDs */
};

/** What calls have left to be invalidated and freed. Made by dd_tlb_pending_init(). */
struct dd_tlb_pending {
    struct dd_tlb_request request;
    const struct dd_paging_memory *memory; /**< of the tables; NULL while there is nothing */
    dd_paddr tables;                       /**< tables to free, a chain through their first words */
    uint64_t table_count;
};

/** Nothing is pending. */
void dd_tlb_pending_init(struct dd_tlb_pending *pending);

/** Whether nothing is pending: nothing to invalidate and no table to free. */
bool dd_tlb_pending_is_settled(const struct dd_tlb_pending *pending);

/**
 * Invalidate what is pending on this processor and free the tables.
 *
 * Enough where no other processor uses the address space; it need not be the
 * one in CR3.
 *
 * @param[in,out] pending  settled afterwards
 * @retval DD_OK    done
 * @retval DD_EARG  @p pending is NULL
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
DD_MUST_CHECK enum dd_status dd_tlb_settle_here(struct dd_tlb_pending *pending);

/**
 * A kernel's shoot-down: make all processors that may hold translations do
 * dd_tlb_flush() with this request, and wait for them. This one is among them.
 *
 * @return DD_OK, or why it could not be done: then all remains pending
 */
typedef enum dd_status dd_tlb_shootdown(void *context, const struct dd_tlb_request *request);

/**
 * Settle what is pending through a shoot-down, then free the tables.
 *
 * @param[in,out] pending  settled afterwards, if the shoot-down succeeded
 * @param shootdown        called once, unless nothing is pending
 * @param context          passed to it
 * @retval DD_OK    done
 * @retval DD_EARG  @p pending or @p shootdown is NULL
 * @return otherwise what @p shootdown returned; everything is still pending
 *
 * Spec: [SDM 3A] 4.10.5.
 */
DD_MUST_CHECK enum dd_status dd_tlb_settle_by(struct dd_tlb_pending *pending,
                                              dd_tlb_shootdown *shootdown, void *context);

/**
 * Move what is pending into another batch, to be settled together.
 *
 * @param[in,out] into  also has what @p from had
 * @param[in,out] from  settled afterwards
 * @retval DD_OK    moved
 * @retval DD_EARG  one is NULL, both are the same, or their tables are of different memory; both
 *                  untouched
 */
DD_MUST_CHECK enum dd_status dd_tlb_pending_move(struct dd_tlb_pending *into,
                                                 struct dd_tlb_pending *from);

/**
 * Do what a request says on this processor: with INVLPG, INVPCID, a load of CR3, or a change of
 * CR4.PGE, whichever fits.
 *
 * For the handler of a shoot-down; it frees nothing.
 *
 * @param request  of dd_tlb_shootdown
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
void dd_tlb_flush(const struct dd_tlb_request *request);

/** Invalidate one page in the current context and, if global, in all: INVLPG. */
void dd_tlb_flush_page(dd_vaddr vaddr);

/** Invalidate all but global pages of the current context: CR3 is loaded with what it holds. */
void dd_tlb_flush_context(void);

/** Invalidate everything, global pages and all contexts included: CR4.PGE is changed and back. */
void dd_tlb_flush_all(void);

/** What INVPCID invalidates; the values are those of the instruction. Spec: [SDM 2A] INVPCID. */
enum dd_invpcid_type {
    DD_INVPCID_ADDRESS = 0,        /**< one address in one context, not global pages */
    DD_INVPCID_CONTEXT = 1,        /**< one context, not its global pages */
    DD_INVPCID_ALL = 2,            /**< all contexts and global pages */
    DD_INVPCID_ALL_BUT_GLOBAL = 3, /**< all contexts, not global pages */
};

/**
 * Encode the operand of INVPCID.
 *
 * @param type             what is to be invalidated
 * @param pcid             0..4095; 0 with the types that concern all contexts
 * @param vaddr            with DD_INVPCID_ADDRESS any canonical address, otherwise 0
 * @param linear_width     48 or 57
 * @param[out] descriptor  the memory operand
 * @retval DD_OK          *descriptor is valid
 * @retval DD_EARG        a type or a width that is none, or a PCID above 4095; *descriptor
 *                        untouched, as after the other failure
 * @retval DD_ECANONICAL  @p vaddr not canonical
 *
 * Spec: [SDM 2A] INVPCID.
 */
DD_MUST_CHECK enum dd_status dd_tlb_encode_invpcid(enum dd_invpcid_type type, uint16_t pcid,
                                                   dd_vaddr vaddr, unsigned int linear_width,
                                                   struct dd_invpcid_descriptor *descriptor);

/** What INVLPGB is told besides an address. Spec: [AMD64 v3] INVLPGB. */
enum dd_invlpgb_flag {
    DD_INVLPGB_PCID = 0x02,       /**< only the context `pcid` */
    DD_INVLPGB_ASID = 0x04,       /**< only the address space of a guest, `asid` */
    DD_INVLPGB_GLOBAL = 0x08,     /**< global pages too */
    DD_INVLPGB_FINAL_ONLY = 0x10, /**< translations only, not paging-structure caches */
    DD_INVLPGB_NESTED = 0x20,     /**< nested translations too */
};

/** Pages to invalidate on all processors by INVLPGB; consumed by dd_tlb_encode_invlpgb(). */
struct dd_invlpgb {
    dd_vaddr first;       /**< first byte of the next page: canonical, a multiple of its size */
    uint64_t count;       /**< pages to go; 0: all addresses */
    uint64_t bytes;       /**< of each page: 4 KiB or 2 MiB */
    unsigned int flags;   /**< DD_INVLPGB_… */
    uint16_t pcid;        /**< 0..4095 */
    uint16_t asid;        /**< below the number of them, CPUID 8000000AH, EBX */
    uint32_t count_max;   /**< CPUID 80000008H, EDX[15:0]: the greatest value of ECX[15:0] */
    uint32_t asid_count;  /**< CPUID 8000000AH, EBX */
    uint8_t linear_width; /**< 48 or 57 */
    bool finished;        /**< no operand is left */
};

/** Operands of one INVLPGB. */
struct dd_invlpgb_operands {
    uint64_t rax;
    uint32_t ecx;
    uint32_t edx;
};

/**
 * Encode the operands of the next INVLPGB. Call it until it says DD_ENOENT, then TLBSYNC.
 *
 * ECX counts the pages after the first one, so one instruction does up to
 * count_max + 1 pages. None has pages on both sides of the hole between the
 * halves of the address space.
 *
 * @param[in,out] invlpgb  what is left to do
 * @param[out] operands    of one instruction
 * @retval DD_OK          *operands is valid
 * @retval DD_ENOENT      all is done; *operands untouched, as after all failures
 * @retval DD_EARG        a size of pages, a width, flag, PCID or ASID that is none
 * @retval DD_EALIGN      the address is not a multiple of the size of pages
 * @retval DD_ECANONICAL  the address is not canonical
 * @retval DD_EWRAP       the pages go on beyond the top of the address space
 *
 * Spec: [AMD64 v3] INVLPGB.
 */
DD_MUST_CHECK enum dd_status dd_tlb_encode_invlpgb(struct dd_invlpgb *invlpgb,
                                                   struct dd_invlpgb_operands *operands);

/**
 * A shoot-down by INVLPGB and TLBSYNC, for processors that have them. Spec: [AMD64 v3] INVLPGB.
 *
 * @param context  a struct dd_invlpgb: its count_max and linear_width are used
 * @param request  what to invalidate
 * @retval DD_OK    all processors have done it
 * @retval DD_EARG  context is NULL, or its linear_width neither 48 nor 57; nothing is invalidated
 */
DD_MUST_CHECK enum dd_status dd_tlb_shootdown_invlpgb(void *context,
                                                      const struct dd_tlb_request *request);

#endif
