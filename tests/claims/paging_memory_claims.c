/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the ways to reach tables, and about the shapes of an address space. */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/paging_recursive.h"
#include "tests/claims/paging_bench.h"

#define CR4_LA57 UINT64_C(0x1000) /* [SDM 3A] 2.5 */

static bool claims_run_on_the_host(void)
{
    return !world_runs_on_processor();
}

/* The world's memory through a window: all frames are seen at one distance. */
static struct dd_paging_memory window_on(const struct paging_bench *bench)
{
    struct dd_paging_memory memory = *world_memory();

    memory.pointer = NULL;
    memory.window = dd_vaddr_from((uintptr_t)bench->words - bench->frame.raw);
    memory.window_bytes = world_machine()->free_end;
    return memory;
}

CLAIM(tables_made_through_a_window_are_walked_by_the_processor)
{
    struct paging_bench bench;
    struct dd_paging_memory memory = {0};
    dd_vaddr page = paging_place(50, 5 * K);

    CLAIM_OK(paging_bench_open(&bench));
    memory = window_on(&bench);
    bench.space.memory = &memory;
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_OK(paging_bench_map(&bench, dd_vaddr_from(page.raw + K), 0));
    CLAIM_STATUS(paging_bench_map(&bench, page, 0), DD_EEXIST);
    CLAIM_COMPLETES(world_store64(page, 18));
    CLAIM_LOADS(dd_vaddr_from(page.raw + K), 18);
    CLAIM_OK(paging_bench_protect_range(&bench, page, 2 * K, 0));
    CLAIM_FAULTS(world_store64(page, 19), 0x3, page);
    CLAIM_OK(paging_bench_unmap_range(&bench, page, 2 * K));
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    paging_bench_close(&bench);
}

static enum dd_status alloc_zeroed(void *context, dd_paddr *frame)
{
    enum dd_status status = world_frame_alloc(frame);
    volatile uint64_t *words = status == DD_OK ? world_frame_pointer(*frame) : NULL;

    (void)context;
    for (unsigned int i = 0; words != NULL && i < 512; i++) {
        words[i] = 0;
    }
    return status;
}

CLAIM(frames_that_come_zeroed_are_not_cleared_again_and_work)
{
    struct paging_bench bench;
    struct dd_paging_memory memory = {0};
    dd_vaddr page = paging_place(51, M - K);

    CLAIM_OK(paging_bench_open(&bench));
    memory = window_on(&bench);
    memory.alloc = alloc_zeroed;
    memory.frames = DD_PAGING_FRAMES_ZEROED;
    bench.space.memory = &memory;
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    CLAIM_OK(dd_paging_map_range(&bench.space, dd_vaddr_from(page.raw + K), bench.frame, K, 0));
    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_LOADS(dd_vaddr_from(page.raw + K), 0x0123456789ABCDEF);
    CLAIM_FAULTS(world_load64(dd_vaddr_from(page.raw - K)), 0x0, dd_vaddr_from(page.raw - K));
    CLAIM_FAULTS(world_load64(dd_vaddr_from(page.raw + 2 * K)), 0x0,
                 dd_vaddr_from(page.raw + 2 * K));
    CLAIM_OK(paging_bench_unmap_range(&bench, page, 2 * K));
    paging_bench_close(&bench);
}

/* ---- The recursive slot ---- */

enum {
    SLOT = 257 /* of the root: nobody uses it */
};

/* Make the slot, and memory that is reached through it; `scratch` has a page table already. */
static enum dd_status open_recursive(struct paging_bench *bench,
                                     struct dd_paging_recursive *recursive,
                                     struct dd_paging_memory *memory, dd_vaddr scratch)
{
    volatile uint64_t *root = world_frame_pointer(bench->space.root);
    struct dd_paging_place place = {bench->space.format.levels, {0}};
    dd_vaddr shown = dd_paging_recursive_address(SLOT, bench->space.format.levels, place);
    enum dd_status status = DD_OK;

    root[SLOT] = bench->space.root.raw | 0x3;
    status = dd_paging_recursive_open(recursive, shown, scratch);
    *memory = *world_memory();
    memory->pointer = dd_paging_recursive_pointer;
    memory->shown_at = dd_paging_recursive_shown_at;
    memory->accessor = recursive;
    bench->space.memory = memory;
    return status;
}

static void close_recursive(struct paging_bench *bench)
{
    volatile uint64_t *root = world_frame_pointer(bench->space.root);

    root[SLOT] = 0;
    dd_tlb_flush_all();
    bench->space.memory = world_memory();
}

/* Tables come and go at the same place, so that a stale translation of the window would show. */
CLAIM(tables_made_through_a_recursive_slot_are_walked_by_the_processor)
{
    CLAIM_SKIP_IF(claims_run_on_the_host(), "addresses of the machine are not the host's");

    struct paging_bench bench;
    struct dd_paging_recursive recursive;
    struct dd_paging_memory memory;
    dd_vaddr scratch = paging_place(52, 0);
    dd_vaddr page = paging_place(53, M - K);
    uint64_t before = 0;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, scratch, 0));
    CLAIM_OK(open_recursive(&bench, &recursive, &memory, scratch));
    before = world_frames_in_use();
    for (unsigned int round = 0; round < 3; round++) {
        CLAIM_OK(dd_paging_map_range(&bench.space, page, bench.frame, K, DD_MAP_WRITE));
        CLAIM_OK(paging_bench_map(&bench, dd_vaddr_from(page.raw + K), 0));
        CLAIM_COMPLETES(world_store64(page, 20 + round));
        CLAIM_LOADS(dd_vaddr_from(page.raw + K), 20 + round);
        CLAIM_OK(paging_bench_protect(&bench, page, DD_PAGE_4K, 0));
        CLAIM_FAULTS(world_store64(page, 1), 0x3, page);
        /* Another page table at the same place, and used, before the old one is settled. */
        CLAIM_OK(
            dd_paging_unmap_range(&bench.space, page, 2 * K, DD_PARTLY_REFUSE, &bench.pending));
        CLAIM_OK(dd_paging_map_range(&bench.space, page, bench.frame, K, 0));
        CLAIM_OK(paging_bench_map(&bench, dd_vaddr_from(page.raw - K), 0));
        CLAIM_OK(dd_tlb_settle_here(&bench.pending));
        CLAIM_LOADS(page, 20 + round);
        CLAIM_LOADS(dd_vaddr_from(page.raw - K), 20 + round);
        CLAIM_OK(paging_bench_unmap_range(&bench, dd_vaddr_from(page.raw - K), 2 * K));
        CLAIM_FAULTS(world_load64(page), 0x0, page);
        CLAIM_EQUAL(world_frames_in_use(), before);
    }
    close_recursive(&bench);
    CLAIM_OK(paging_bench_unmap(&bench, scratch));
    paging_bench_close(&bench);
}

CLAIM(a_recursive_slot_is_not_changed_through_itself)
{
    CLAIM_SKIP_IF(claims_run_on_the_host(), "addresses of the machine are not the host's");

    struct paging_bench bench;
    struct dd_paging_recursive recursive;
    struct dd_paging_memory memory;
    dd_vaddr scratch = paging_place(54, 0);
    dd_vaddr behind = {0};
    struct dd_translation translation = {0};

    CLAIM_OK(paging_bench_open(&bench));
    behind = dd_paging_recursive_address(SLOT, bench.space.format.levels,
                                         (struct dd_paging_place){1, scratch});
    CLAIM_OK(paging_bench_map(&bench, scratch, 0));
    CLAIM_OK(open_recursive(&bench, &recursive, &memory, scratch));
    CLAIM_STATUS(paging_bench_unmap(&bench, behind), DD_ELOOP);
    CLAIM_STATUS(paging_bench_protect(&bench, behind, DD_PAGE_4K, 0), DD_ELOOP);
    CLAIM_STATUS(paging_bench_map(&bench, behind, 0), DD_ELOOP);
    CLAIM_OK(dd_paging_translate(&bench.space, behind, &translation));
    CLAIM_STATUS(dd_paging_recursive_open(&recursive, dd_vaddr_from(behind.raw ^ K), scratch),
                 DD_EARG);
    close_recursive(&bench);
    CLAIM_OK(paging_bench_unmap(&bench, scratch));
    paging_bench_close(&bench);
}

/* ---- Shapes ---- */

/* A PML5 table over the tables in use: entry 0 is what they are. [SDM 3A] 4.5.4, table 4-14 */
CLAIM(five_levels_lead_where_four_do_and_further)
{
    CLAIM_SKIP_IF((dd_read_cr4() & CR4_LA57) != 0, "five levels are in use");

    struct paging_bench bench;
    struct dd_address_space five;
    struct dd_tlb_pending pending;
    struct dd_translation translation = {0};
    dd_vaddr page = paging_place(55, 7 * K);
    dd_vaddr far = dd_vaddr_from(0x00FFFFFFFFFFF000);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    CLAIM_OK(dd_paging_create(&five, world_memory()));
    five.format.levels = 5;
    dd_tlb_pending_init(&pending);

    volatile uint64_t *root = world_frame_pointer(five.root);

    root[0] = bench.space.root.raw | 0x7;
    CLAIM_OK(dd_paging_translate(&five, page, &translation));
    CLAIM_EQUAL(translation.address.raw, bench.frame.raw);
    CLAIM_OK(dd_paging_map_page(&five, far, bench.frame, DD_PAGE_4K, DD_MAP_WRITE));
    CLAIM_EQUAL(root[255] & 0x7, 0x7);
    CLAIM_OK(dd_paging_translate(&five, dd_vaddr_from(far.raw + 0x123), &translation));
    CLAIM_EQUAL(translation.address.raw, bench.frame.raw + 0x123);
    CLAIM_STATUS(dd_paging_translate(&five, dd_vaddr_from(0x0100000000000000), &translation),
                 DD_ECANONICAL);
    CLAIM_STATUS(dd_paging_translate(&bench.space, far, &translation), DD_ECANONICAL);
    root[0] = 0;
    CLAIM_OK(dd_paging_destroy(&five, &pending));
    CLAIM_OK(dd_tlb_settle_here(&pending));
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* [SDM 3A] 4.5.1, 4.7: bits 56:48 are the root's. */
CLAIM(five_levels_reach_57_bits)
{
    CLAIM_SKIP_IF((dd_read_cr4() & CR4_LA57) == 0, "four levels are in use");

    struct paging_bench bench;
    dd_vaddr far = dd_vaddr_from(0x00FFFFFFFFFFF000);
    volatile uint64_t *root = NULL;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_EQUAL(bench.space.format.levels, 5);
    root = world_frame_pointer(bench.space.root);
    CLAIM_FAULTS(world_load64(far), 0x0, far);
    CLAIM_OK(paging_bench_map(&bench, far, 0));
    CLAIM_EQUAL(root[255] & 0x1, 0x1);
    CLAIM_LOADS(far, 0x0123456789ABCDEF);
    CLAIM_FAULTS(world_store64(far, 1), 0x3, far);
    CLAIM_EQUAL(world_load64(dd_vaddr_from(far.raw + K)).vector, 13);
    CLAIM_OK(paging_bench_unmap(&bench, far));
    CLAIM_FAULTS(world_load64(far), 0x0, far);
    paging_bench_close(&bench);
}

/* As in a trust domain: 0 is private; the processor here takes the bit for address. */
CLAIM(an_encrypted_page_is_at_the_address_without_the_bit)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_vaddr page = paging_place(56, 0);
    unsigned int bit = 0;

    CLAIM_OK(paging_bench_open(&bench));
    bit = bench.space.format.physical_width - 1u;
    CLAIM_STATUS(paging_bench_map(&bench, page, DD_MAP_ENCRYPTED), DD_ENOTSUP);
    CLAIM_OK(dd_paging_set_encryption(&bench.space, DD_ENCRYPTION_CLEARED, bit));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_ENCRYPTED));
    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_OK(dd_paging_translate(&bench.space, page, &translation));
    CLAIM_TRUE((translation.flags & DD_MAP_ENCRYPTED) != 0);
    CLAIM_STATUS(dd_paging_map_page(&bench.space, paging_place(56, K),
                                    dd_paddr_from(UINT64_C(1) << bit), DD_PAGE_4K, 0),
                 DD_EARG);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

CLAIM(a_shared_upper_half_is_the_same_in_both_address_spaces)
{
    struct paging_bench bench;
    struct dd_address_space other;
    struct dd_tlb_pending pending;
    struct dd_translation translations[2] = {{{0}, DD_PAGE_4K, 0}, {{0}, DD_PAGE_4K, 0}};
    struct dd_address_space first;
    dd_vaddr page = dd_vaddr_from(0xFFFFA00000005000);

    CLAIM_OK(paging_bench_open(&bench));
    dd_tlb_pending_init(&pending);
    CLAIM_OK(dd_paging_create(&first, world_memory()));
    CLAIM_OK(dd_paging_map_page(&first, dd_vaddr_from(page.raw - K), bench.frame, DD_PAGE_4K, 0));
    CLAIM_OK(dd_paging_create(&other, world_memory()));
    CLAIM_OK(dd_paging_share_upper(&other, &first));
    CLAIM_OK(dd_paging_map_page(&first, page, bench.frame, DD_PAGE_4K, DD_MAP_WRITE));
    CLAIM_OK(dd_paging_translate(&first, page, &translations[0]));
    CLAIM_OK(dd_paging_translate(&other, page, &translations[1]));
    CLAIM_EQUAL(translations[1].address.raw, bench.frame.raw);
    CLAIM_EQUAL(translations[1].flags, translations[0].flags);
    CLAIM_OK(dd_paging_unmap_range(&other, dd_vaddr_from(page.raw - K), 2 * K, DD_PARTLY_REFUSE,
                                   &pending));
    CLAIM_STATUS(dd_paging_translate(&first, page, &translations[0]), DD_ENOTMAPPED);

    /* The table of the root's entry stays: it is shared. */
    const volatile uint64_t *root = world_frame_pointer(first.root);

    unsigned int entry = first.format.levels == 5 ? 0x1FF : 0x140;

    world_frame_free(dd_paddr_from(root[entry] & 0x000FFFFFFFFFF000));
    CLAIM_OK(dd_paging_destroy(&other, &pending));
    CLAIM_OK(dd_paging_destroy(&first, &pending));
    CLAIM_OK(dd_tlb_settle_here(&pending));
    paging_bench_close(&bench);
}
