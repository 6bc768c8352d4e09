/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about page tables: what the library writes, the processor's MMU reads. */
#include "tests/claims/paging_bench.h"

static bool lacks_no_execute(void)
{
    struct dd_address_space space;

    dd_paging_current(&space, world_memory());
    return !space.format.no_execute;
}

/* The entry of a 4-KByte page, read without the library. [SDM 3A] 4.5.4, figure 4-8. */
static uint64_t read_pte(const struct paging_bench *bench, dd_vaddr vaddr)
{
    uint64_t table = bench->space.root.raw;

    for (unsigned int shift = bench->space.format.levels == 5 ? 48 : 39;; shift -= 9) {
        const volatile uint64_t *entries =
            world_frame_pointer(dd_paddr_from(table & 0x000FFFFFFFFFF000));

        table = entries[(vaddr.raw >> shift) & 0x1FF];
        if (shift == 12) {
            return table;
        }
    }
}

/* ---- Pages ---- */

CLAIM(a_mapped_page_loads_what_its_frame_holds)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(0, 5 * K), 0));
    CLAIM_LOADS(paging_place(0, 5 * K), 0x0123456789ABCDEF);
    CLAIM_LOADS(paging_place(0, 5 * K + 0xFF8), 0xFEDCBA9876543210);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(0, 5 * K)));
    paging_bench_close(&bench);
}

CLAIM(a_store_through_a_page_reaches_its_frame)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(1, 0), DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(paging_place(1, 8), 0x1122334455667788));
    CLAIM_COMPLETES(world_store64(paging_place(1, 0xFF0), 0x99AABBCCDDEEFF00));
    CLAIM_EQUAL(bench.words[0], 0x0123456789ABCDEF);
    CLAIM_EQUAL(bench.words[1], 0x1122334455667788);
    CLAIM_EQUAL(bench.words[510], 0x99AABBCCDDEEFF00);
    CLAIM_EQUAL(bench.words[511], 0xFEDCBA9876543210);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(1, 0)));
    paging_bench_close(&bench);
}

CLAIM(a_page_that_is_not_mapped_faults_with_its_address)
{
    CLAIM_FAULTS(world_load64(paging_place(2, 0x12340)), 0x0, paging_place(2, 0x12340));
    CLAIM_FAULTS(world_store64(paging_place(2, 0x12348), 1), 0x2, paging_place(2, 0x12348));
}

CLAIM(a_store_to_a_read_only_page_faults)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(3, 0), DD_MAP_EXECUTE));
    CLAIM_FAULTS(world_store64(paging_place(3, 0x10), 1), 0x3, paging_place(3, 0x10));
    CLAIM_LOADS(paging_place(3, 0), 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(3, 0)));
    paging_bench_close(&bench);
}

CLAIM(a_fetch_from_a_no_execute_page_faults)
{
    CLAIM_SKIP_IF(lacks_no_execute(), "EFER.NXE is off");

    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    bench.words[2] = 0xC3; /* RET */
    CLAIM_OK(paging_bench_map(&bench, paging_place(4, 0), DD_MAP_WRITE));
    CLAIM_FAULTS(world_execute(paging_place(4, 16)), 0x11, paging_place(4, 16));
    CLAIM_OK(paging_bench_protect(&bench, paging_place(4, 0), DD_PAGE_4K, DD_MAP_EXECUTE));
    CLAIM_COMPLETES(world_execute(paging_place(4, 16)));
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(4, 0)));
    paging_bench_close(&bench);
}

CLAIM(the_pages_beside_a_page_are_not_mapped_with_it)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(5, 7 * K), DD_MAP_WRITE));
    CLAIM_FAULTS(world_load64(paging_place(5, 7 * K - 8)), 0x0, paging_place(5, 7 * K - 8));
    CLAIM_FAULTS(world_load64(paging_place(5, 8 * K)), 0x0, paging_place(5, 8 * K));
    CLAIM_OK(paging_bench_map(&bench, paging_place(5, 8 * K), 0));
    CLAIM_FAULTS(world_store64(paging_place(5, 8 * K), 1), 0x3, paging_place(5, 8 * K));
    CLAIM_COMPLETES(world_store64(paging_place(5, 7 * K), 1));
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(5, 7 * K)));
    CLAIM_LOADS(paging_place(5, 8 * K), 1);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(5, 8 * K)));
    paging_bench_close(&bench);
}

CLAIM(caching_flags_do_not_change_what_is_loaded)
{
    struct paging_bench bench;
    dd_paddr frame = {0};

    CLAIM_OK(paging_bench_open(&bench));
    for (unsigned int pat = 0; pat < 8; pat++) {
        unsigned int flags = ((pat & 1) != 0 ? DD_MAP_WRITE_THROUGH : 0u) |
                             ((pat & 2) != 0 ? DD_MAP_UNCACHED : 0u) |
                             ((pat & 4) != 0 ? DD_MAP_PAT : 0u) | DD_MAP_GLOBAL;

        CLAIM_OK(paging_bench_map(&bench, paging_place(6, 0), flags));
        CLAIM_LOADS(paging_place(6, 0), 0x0123456789ABCDEF);
        CLAIM_OK(paging_bench_unmap_page(&bench, paging_place(6, 0), DD_PAGE_4K, &frame));
        CLAIM_EQUAL(frame.raw, bench.frame.raw);
    }
    paging_bench_close(&bench);
}

/* [SDM 3A] 4.8 and table 4-20: A is bit 5, D is bit 6. */
CLAIM(accessed_and_dirty_bits_appear_and_outlive_protection)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(7, 0);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_EQUAL(read_pte(&bench, page) & 0x60, 0x00);
    CLAIM_COMPLETES(world_load64(page));
    CLAIM_EQUAL(read_pte(&bench, page) & 0x60, 0x20);
    CLAIM_COMPLETES(world_store64(page, 1));
    CLAIM_EQUAL(read_pte(&bench, page) & 0x60, 0x60);
    CLAIM_OK(paging_bench_protect(&bench, page, DD_PAGE_4K, 0));
    CLAIM_EQUAL(read_pte(&bench, page) & 0x62, 0x60);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* ---- Changes are seen at once: what the TLB holds is invalidated ---- */

/* A page beside it keeps the table in place, so that nothing else is invalidated. */
CLAIM(an_unmapped_page_is_out_of_reach_at_once)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(8, 0), DD_MAP_WRITE | DD_MAP_GLOBAL));
    CLAIM_OK(paging_bench_map(&bench, paging_place(8, K), 0));
    CLAIM_LOADS(paging_place(8, 0), 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(8, 0)));
    CLAIM_FAULTS(world_load64(paging_place(8, 0)), 0x0, paging_place(8, 0));
    CLAIM_LOADS(paging_place(8, K), 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(8, K)));
    paging_bench_close(&bench);
}

CLAIM(a_page_mapped_anew_leads_to_its_new_frame_at_once)
{
    struct paging_bench first;
    struct paging_bench second;

    CLAIM_OK(paging_bench_open(&first));
    CLAIM_OK(paging_bench_open(&second));
    second.words[0] = 2;
    CLAIM_OK(dd_paging_map_range(&first.space, paging_place(9, 0), first.frame, K, 0));
    CLAIM_OK(paging_bench_map(&first, paging_place(9, K), 0));
    CLAIM_LOADS(paging_place(9, 0), 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap_range(&first, paging_place(9, 0), K));
    CLAIM_OK(paging_bench_map(&second, paging_place(9, 0), 0));
    CLAIM_LOADS(paging_place(9, 0), 2);
    CLAIM_OK(paging_bench_unmap_range(&first, paging_place(9, 0), 2 * K));
    paging_bench_close(&second);
    paging_bench_close(&first);
}

CLAIM(protection_is_seen_at_once_both_ways)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(10, 0);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(page, 3));
    CLAIM_OK(paging_bench_protect(&bench, page, DD_PAGE_4K, 0));
    CLAIM_FAULTS(world_store64(page, 4), 0x3, page);
    CLAIM_LOADS(page, 3);
    CLAIM_OK(paging_bench_protect_range(&bench, page, K, DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(page, 5));
    CLAIM_EQUAL(bench.words[0], 5);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* The tables of a page go into the paging-structure caches, [SDM 3A] 4.10.3. */
CLAIM(a_freed_table_is_not_walked_any_more)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(11, 9 * K);
    dd_paddr frames[4];

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    /* Wherever the tables were, there are present entries now. */
    for (unsigned int i = 0; i < 4; i++) {
        CLAIM_OK(world_frame_alloc(&frames[i]));

        volatile uint64_t *words = world_frame_pointer(frames[i]);

        for (unsigned int entry = 0; entry < 512; entry++) {
            words[entry] = bench.frame.raw | 0x7;
        }
    }
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    for (unsigned int i = 0; i < 4; i++) {
        world_frame_free(frames[i]);
    }
    paging_bench_close(&bench);
}

/* Another address space in which all is as in the bench's, but the part that claims use. */
static enum dd_status open_other(const struct paging_bench *bench, struct dd_address_space *other)
{
    unsigned int own =
        (world_spare_region().raw >> (bench->space.format.levels == 5 ? 48 : 39)) & 0x1FF;
    enum dd_status status = dd_paging_create(other, world_memory());

    if (status == DD_OK) {
        const volatile uint64_t *entries = world_frame_pointer(bench->space.root);
        volatile uint64_t *copies = world_frame_pointer(other->root);

        for (unsigned int i = 0; i < 512; i++) {
            copies[i] = i == own ? 0 : entries[i];
        }
    }
    return status;
}

/* Free its root and what was mapped in the claims' part; the rest is the bench's. */
static enum dd_status close_other(const struct paging_bench *bench, struct dd_address_space *other)
{
    const volatile uint64_t *entries = world_frame_pointer(bench->space.root);
    volatile uint64_t *copies = world_frame_pointer(other->root);
    struct dd_tlb_pending pending;
    enum dd_status status = DD_OK;

    for (unsigned int i = 0; i < 512; i++) {
        if ((copies[i] ^ entries[i]) >> 12 == 0) {
            copies[i] = 0;
        }
    }
    dd_tlb_pending_init(&pending);
    status = dd_paging_destroy(other, &pending);
    return status == DD_OK ? dd_tlb_settle_here(&pending) : status;
}

CLAIM(activate_changes_what_addresses_mean)
{
    struct paging_bench bench;
    struct dd_address_space other;
    dd_vaddr page = paging_place(12, 0);
    uint64_t before = world_frames_in_use();

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(open_other(&bench, &other));
    CLAIM_OK(dd_paging_map_page(&other, page, bench.frame, DD_PAGE_4K, 0));
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    dd_paging_activate(&other);

    struct world_access inside = world_load64(page);

    dd_paging_activate(&bench.space);
    CLAIM_EQUAL(inside.vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(inside.value, 0x0123456789ABCDEF);
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    CLAIM_OK(close_other(&bench, &other));
    paging_bench_close(&bench);
    CLAIM_EQUAL(world_frames_in_use(), before);
}
