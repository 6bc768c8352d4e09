/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about large pages, about ranges, and about calls that fail. */
#include "tests/claims/linear.h"
#include "tests/claims/paging_bench.h"

static bool lacks_1g_pages(void)
{
    struct dd_address_space space;

    dd_paging_current(&space, world_memory());
    return !space.format.pages_1g;
}

/* ---- Large pages ---- */

/* Map the large page that the frame is in, and compare the two ways to it. */
static void check_large_page(dd_vaddr page, enum dd_page_size size)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_paddr frame = {0};

    CLAIM_OK(paging_bench_open(&bench));

    dd_paddr base = dd_paddr_from(dd_align_down(bench.frame.raw, size));
    dd_vaddr data = dd_vaddr_from(page.raw + (bench.frame.raw - base.raw));
    dd_vaddr last = dd_vaddr_from(page.raw + ((uint64_t)size - 1));

    CLAIM_OK(dd_paging_map_page(&bench.space, page, base, size, DD_MAP_WRITE));
    CLAIM_LOADS(data, 0x0123456789ABCDEF);
    CLAIM_LOADS(dd_vaddr_from(data.raw + 0xFF8), 0xFEDCBA9876543210);
    CLAIM_COMPLETES(world_store64(data, 6));
    CLAIM_EQUAL(bench.words[0], 6);
    CLAIM_OK(dd_paging_translate(&bench.space, page, &translation));
    CLAIM_EQUAL(translation.address.raw, base.raw);
    CLAIM_EQUAL((uint64_t)translation.size, (uint64_t)size);
    CLAIM_OK(dd_paging_translate(&bench.space, last, &translation));
    CLAIM_EQUAL(translation.address.raw, base.raw + ((uint64_t)size - 1));
    CLAIM_OK(paging_bench_protect(&bench, page, size, 0));
    CLAIM_FAULTS(world_store64(data, 7), 0x3, data);
    CLAIM_STATUS(paging_bench_unmap(&bench, page), DD_EPAGESIZE);
    CLAIM_OK(paging_bench_unmap_page(&bench, page, size, &frame));
    CLAIM_EQUAL(frame.raw, base.raw);
    CLAIM_FAULTS(world_load64(data), 0x0, data);
    paging_bench_close(&bench);
}

CLAIM(a_2m_page_leads_to_2m_of_memory)
{
    check_large_page(paging_place(13, 5 * M), DD_PAGE_2M);
}

CLAIM(a_1g_page_leads_to_1g_of_memory)
{
    CLAIM_SKIP_IF(lacks_1g_pages(), "the processor has no 1-GByte pages");
    check_large_page(paging_place(14, 0), DD_PAGE_1G);
}

/* ---- Ranges ---- */

CLAIM(a_range_takes_2m_pages_where_it_can)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_vaddr first = paging_place(15, M - K);
    uint64_t sizes[4] = {0};

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(dd_paging_map_range(&bench.space, first, dd_paddr_from(3 * M - K), 2 * M + 2 * K, 0));
    for (unsigned int i = 0; i < 4; i++) {
        static const uint64_t offsets[4] = {0, K, K + M, K + 2 * M};

        CLAIM_OK(
            dd_paging_translate(&bench.space, dd_vaddr_from(first.raw + offsets[i]), &translation));
        CLAIM_EQUAL(translation.address.raw, 3 * M - K + offsets[i]);
        sizes[i] = translation.size;
    }
    CLAIM_OK(paging_bench_unmap_range(&bench, first, 2 * M + 2 * K));
    CLAIM_EQUAL(sizes[0], 0x1000);
    CLAIM_EQUAL(sizes[1], 0x200000);
    CLAIM_EQUAL(sizes[2], 0x200000);
    CLAIM_EQUAL(sizes[3], 0x1000);
    paging_bench_close(&bench);
}

/* Map and unmap a page: if the region is in the upper half, its table that stays is there now. */
static enum dd_status touch_region(struct paging_bench *bench, dd_vaddr page)
{
    enum dd_status status = paging_bench_map(bench, page, 0);

    return status == DD_OK ? paging_bench_unmap(bench, page) : status;
}

CLAIM(unmap_range_returns_all_tables)
{
    struct paging_bench bench;
    uint64_t before = 0;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(touch_region(&bench, paging_place(16, 0)));
    before = world_frames_in_use();
    CLAIM_OK(dd_paging_map_range(&bench.space, paging_place(16, G - M - K), dd_paddr_from(K),
                                 2 * M + 2 * K, 0));
    /* Two PDs and four PTs; and a PDPT, if there was none. */
    CLAIM_TRUE(world_frames_in_use() - before >= 6);
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(16, G - M - K), 2 * M + 2 * K));
    CLAIM_EQUAL(world_frames_in_use(), before);
    paging_bench_close(&bench);
}

CLAIM(translate_agrees_with_the_processor)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_paddr memory = {0};

    CLAIM_OK(paging_bench_open(&bench));
    /* A large page with the frame somewhere in it, then a small page with the frame alone. */
    memory = dd_paddr_from(dd_align_down(bench.frame.raw, M));
    CLAIM_OK(dd_paging_map_range(&bench.space, paging_place(18, M), memory, M, DD_MAP_WRITE));
    CLAIM_OK(paging_bench_map(&bench, paging_place(18, 2 * M), DD_MAP_WRITE));
    for (uint64_t i = 0; i < 512; i++) {
        bench.words[i] = i * 0x0101010101010101;
    }
    for (uint64_t offset = bench.frame.raw - memory.raw; offset < M + K; offset += 0x3F8) {
        dd_vaddr address = paging_place(18, M + offset);
        uint64_t expected = offset < M ? memory.raw + offset : bench.frame.raw + (offset - M);
        struct world_access load = world_load64(address);

        CLAIM_OK(dd_paging_translate(&bench.space, address, &translation));
        CLAIM_EQUAL(load.vector, WORLD_NO_FAULT);
        CLAIM_EQUAL(translation.address.raw, expected);
        if (expected - bench.frame.raw < K) {
            CLAIM_EQUAL(load.value, bench.words[(expected & 0xFFF) / 8]);
        }
    }
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(18, M), M + K));
    CLAIM_STATUS(dd_paging_translate(&bench.space, paging_place(18, M), &translation),
                 DD_ENOTMAPPED);
    paging_bench_close(&bench);
}

/* ---- Failures change nothing ---- */

CLAIM(mapping_over_a_mapping_leaves_the_old_one_working)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(19, 3 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_STATUS(dd_paging_map_page(&bench.space, page, dd_paddr_from(0), DD_PAGE_4K, 0),
                 DD_EEXIST);
    CLAIM_STATUS(
        dd_paging_map_page(&bench.space, paging_place(19, 0), dd_paddr_from(0), DD_PAGE_2M, 0),
        DD_EPAGESIZE);
    CLAIM_STATUS(dd_paging_map_range(&bench.space, paging_place(19, 0), dd_paddr_from(0), 4 * K,
                                     DD_MAP_WRITE),
                 DD_EEXIST);
    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_COMPLETES(world_store64(page, 8));
    CLAIM_EQUAL(bench.words[0], 8);
    CLAIM_FAULTS(world_load64(paging_place(19, 0)), 0x0, paging_place(19, 0));
    CLAIM_FAULTS(world_load64(paging_place(19, 2 * K)), 0x0, paging_place(19, 2 * K));
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

CLAIM(every_allocation_that_fails_leaves_no_frame_behind)
{
    struct paging_bench bench;
    uint64_t before = 0;
    enum dd_status status = DD_ENOMEM;
    uint32_t allowed = 0;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(touch_region(&bench, paging_place(20, 0)));
    before = world_frames_in_use();
    for (; status == DD_ENOMEM && allowed < 8; allowed++) {
        world_limit_frames(allowed);
        status =
            dd_paging_map_range(&bench.space, paging_place(20, M - K), dd_paddr_from(0), 2 * K, 0);
        world_limit_frames(UINT32_MAX);
        CLAIM_TRUE(status == DD_OK || world_frames_in_use() == before);
        CLAIM_TRUE(status == DD_OK || world_load64(paging_place(20, M - K)).vector == 14);
    }
    /* A PD and two PTs are needed, and a PDPT, if there was none. */
    CLAIM_OK(status);
    CLAIM_TRUE(allowed > 3);
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(20, M - K), 2 * K));
    CLAIM_EQUAL(world_frames_in_use(), before);
    paging_bench_close(&bench);
}

CLAIM(a_hole_in_a_range_leaves_its_pages_mapped)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(21, 0), DD_MAP_WRITE));
    CLAIM_STATUS(paging_bench_unmap_range(&bench, paging_place(21, 0), 2 * K), DD_ENOTMAPPED);
    CLAIM_STATUS(paging_bench_protect_range(&bench, paging_place(21, 0), 2 * K, 0), DD_ENOTMAPPED);
    CLAIM_COMPLETES(world_store64(paging_place(21, 0), 9));
    CLAIM_EQUAL(bench.words[0], 9);
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(21, 0)));
    paging_bench_close(&bench);
}

/* [SDM 1] 3.3.7.1 and [SDM 3A] 4.1.4. */
CLAIM(addresses_that_do_not_exist_are_refused)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_vaddr low = first_of_the_hole();
    dd_vaddr high = dd_vaddr_from(-low.raw - K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_STATUS(paging_bench_map(&bench, low, 0), DD_ECANONICAL);
    CLAIM_STATUS(paging_bench_map(&bench, high, 0), DD_ECANONICAL);
    CLAIM_STATUS(paging_bench_unmap(&bench, low), DD_ECANONICAL);
    CLAIM_STATUS(paging_bench_protect(&bench, high, DD_PAGE_4K, 0), DD_ECANONICAL);
    CLAIM_STATUS(dd_paging_translate(&bench.space, low, &translation), DD_ECANONICAL);
    CLAIM_STATUS(
        dd_paging_map_range(&bench.space, dd_vaddr_from(low.raw - K), dd_paddr_from(0), 2 * K, 0),
        DD_EWRAP);
    CLAIM_STATUS(paging_bench_unmap_range(&bench, dd_vaddr_from(0xFFFFFFFFFFFFF000), 2 * K),
                 DD_EWRAP);
    CLAIM_TRUE(bench.space.format.physical_width >= 32 && bench.space.format.physical_width <= 52);
    CLAIM_STATUS(dd_paging_map_page(&bench.space, paging_place(22, 0),
                                    dd_paddr_from(UINT64_C(1) << bench.space.format.physical_width),
                                    DD_PAGE_4K, 0),
                 DD_EARG);
    paging_bench_close(&bench);
}
