/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about pages that are split, merged, replaced by software's entries, or mapped in rows. */
#include "drydock/paging_cursor.h"
#include "drydock/paging_split.h"
#include "tests/claims/linear.h"
#include "tests/claims/paging_bench.h"

/* The 2-MByte page that the bench's frame is in, mapped writable; where the frame's data is. */
static enum dd_status map_around(const struct paging_bench *bench, dd_vaddr page,
                                 unsigned int cache, dd_vaddr *data)
{
    dd_paddr base = dd_paddr_from(bench->frame.raw & ~(M - 1));

    *data = dd_vaddr_from(page.raw + (bench->frame.raw - base.raw));
    return dd_paging_map_page(&bench->space, page, base, DD_PAGE_2M, DD_MAP_WRITE | cache);
}

/* ---- Splitting and merging ---- */

CLAIM(a_split_page_leads_where_it_led)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_vaddr page = paging_place(30, 4 * M);
    dd_vaddr data = {0};

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(map_around(&bench, page, DD_MAP_PAT, &data));
    CLAIM_LOADS(data, 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_settle(&bench,
                                 dd_paging_split(&bench.space, page, DD_PAGE_2M, &bench.pending)));
    CLAIM_LOADS(data, 0x0123456789ABCDEF);
    CLAIM_COMPLETES(world_store64(data, 11));
    CLAIM_EQUAL(bench.words[0], 11);
    CLAIM_OK(dd_paging_translate(&bench.space, data, &translation));
    CLAIM_EQUAL(translation.address.raw, bench.frame.raw);
    CLAIM_EQUAL((uint64_t)translation.size, 0x1000);
    /* PAT is at another place in the entries of the small pages. [SDM 3A] tables 4-18, 4-20 */
    CLAIM_EQUAL(translation.flags & DD_MAP_CACHE_ALL, DD_MAP_PAT);
    CLAIM_OK(paging_bench_unmap_range(&bench, page, M));
    CLAIM_FAULTS(world_load64(data), 0x0, data);
    paging_bench_close(&bench);
}

CLAIM(merged_pages_lead_where_they_led)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    dd_vaddr page = paging_place(31, 4 * M);
    dd_vaddr data = {0};
    uint64_t before = 0;

    CLAIM_OK(paging_bench_open(&bench));
    bench.space.exclusive = true; /* or the large page counts as dirty whatever its parts are */
    CLAIM_OK(map_around(&bench, page, 0, &data));
    before = world_frames_in_use();
    CLAIM_OK(paging_bench_settle(&bench,
                                 dd_paging_split(&bench.space, page, DD_PAGE_2M, &bench.pending)));
    CLAIM_EQUAL(world_frames_in_use(), before + 1);
    CLAIM_COMPLETES(world_store64(data, 12));
    CLAIM_OK(paging_bench_settle(&bench,
                                 dd_paging_merge(&bench.space, page, DD_PAGE_2M, &bench.pending)));
    CLAIM_EQUAL(world_frames_in_use(), before);
    CLAIM_LOADS(data, 12);
    CLAIM_OK(dd_paging_translate(&bench.space, data, &translation));
    CLAIM_EQUAL((uint64_t)translation.size, 0x200000);
    CLAIM_EQUAL(translation.flags & DD_MAP_CACHE_ALL, 0);
    /* The page that was written made the large one dirty. [SDM 3A] 4.8 */
    CLAIM_TRUE((translation.flags & DD_MAP_DIRTY) != 0);
    CLAIM_OK(paging_bench_unmap_range(&bench, page, M));
    paging_bench_close(&bench);
}

CLAIM(a_part_of_a_large_page_can_be_protected_and_unmapped)
{
    struct paging_bench bench;
    struct dd_paging_protection read_only = {{DD_MAP_RIGHTS, 0}, DD_PARTLY_SPLIT};
    dd_vaddr page = paging_place(32, 4 * M);
    dd_vaddr data = {0};
    dd_vaddr beside = {0};

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(map_around(&bench, page, 0, &data));
    beside = dd_vaddr_from(data.raw ^ K);
    CLAIM_STATUS(paging_bench_protect_range(&bench, data, K, 0), DD_EPAGESIZE);
    CLAIM_COMPLETES(world_store64(data, 13));
    CLAIM_COMPLETES(world_load64(beside));
    CLAIM_OK(paging_bench_settle(
        &bench, dd_paging_protect_range(&bench.space, data, K, read_only, &bench.pending)));
    CLAIM_FAULTS(world_store64(data, 14), 0x3, data);
    CLAIM_LOADS(data, 13);
    CLAIM_COMPLETES(world_load64(beside));
    CLAIM_OK(paging_bench_unmap_range(&bench, data, K));
    CLAIM_FAULTS(world_load64(data), 0x0, data);
    CLAIM_COMPLETES(world_load64(beside));
    CLAIM_OK(paging_bench_settle(
        &bench, dd_paging_clear_range(&bench.space, page, M, DD_PARTLY_REFUSE, &bench.pending)));
    CLAIM_FAULTS(world_load64(beside), 0x0, beside);
    paging_bench_close(&bench);
}

CLAIM(a_failed_split_leaves_the_large_page_working)
{
    struct paging_bench bench;
    struct dd_paging_error error = {0};
    dd_vaddr page = paging_place(33, 4 * M);
    dd_vaddr data = {0};

    CLAIM_OK(paging_bench_open(&bench));
    bench.space.error = &error;
    CLAIM_OK(map_around(&bench, page, 0, &data));
    world_limit_frames(0);

    enum dd_status status =
        dd_paging_unmap_range(&bench.space, data, K, DD_PARTLY_SPLIT, &bench.pending);

    world_limit_frames(UINT32_MAX);
    CLAIM_STATUS(status, DD_ENOMEM);
    CLAIM_TRUE(dd_tlb_pending_is_settled(&bench.pending));
    CLAIM_LOADS(data, 0x0123456789ABCDEF);
    CLAIM_STATUS(paging_bench_unmap_range(&bench, data, K), DD_EPAGESIZE);
    CLAIM_EQUAL(error.level, 2);
    CLAIM_EQUAL(error.vaddr.raw, data.raw);
    CLAIM_EQUAL(error.entry & 0x81, 0x81);
    CLAIM_OK(paging_bench_unmap_range(&bench, page, M));
    paging_bench_close(&bench);
}

/* ---- Entries of software ---- */

CLAIM(an_entry_of_software_faults_and_keeps_its_value)
{
    struct paging_bench bench;
    struct dd_paging_entry entry = {0};
    dd_vaddr page = paging_place(34, 3 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(page, 15));
    CLAIM_OK(
        paging_bench_settle(&bench, dd_paging_set_software(&bench.space, page, DD_PAGE_4K,
                                                           0xFEDCBA9876543210, &bench.pending)));
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    CLAIM_OK(dd_paging_query(&bench.space, page, &entry));
    CLAIM_TRUE(entry.state == DD_PAGING_SOFTWARE);
    CLAIM_EQUAL(entry.raw, 0xFEDCBA9876543210);
    CLAIM_STATUS(paging_bench_map(&bench, page, 0), DD_EEXIST);
    CLAIM_OK(paging_bench_settle(
        &bench, dd_paging_clear(&bench.space, page, DD_PAGE_4K, &bench.pending, &entry)));
    CLAIM_EQUAL(entry.raw, 0xFEDCBA9876543210);
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    CLAIM_LOADS(page, 15);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

CLAIM(software_bits_and_keys_do_not_change_what_is_loaded)
{
    struct paging_bench bench;
    struct dd_translation translation = {0};
    struct dd_paging_change change = {DD_MAP_SOFTWARE_ALL, DD_MAP_SOFTWARE(0x15A)};
    dd_vaddr page = paging_place(35, 0);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_SOFTWARE(0x2A5) | DD_MAP_WRITE));
    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_settle(
        &bench, dd_paging_protect_page(&bench.space, page, DD_PAGE_4K, change, &bench.pending)));
    CLAIM_COMPLETES(world_store64(page, 16));
    CLAIM_OK(dd_paging_translate(&bench.space, page, &translation));
    CLAIM_EQUAL(translation.flags & ~(uint64_t)DD_MAP_EXECUTE,
                DD_MAP_SOFTWARE(0x15A) | DD_MAP_WRITE | DD_MAP_ACCESSED | DD_MAP_DIRTY);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* ---- Rows ---- */

/* 520 pages, so that a page table ends among them; all lead to the bench's frame. */
CLAIM(a_cursor_maps_pages_the_processor_finds)
{
    struct paging_bench bench;
    struct dd_paging_cursor cursor;
    dd_vaddr first = paging_place(36, M - 5 * K);

    CLAIM_OK(paging_bench_open(&bench));
    dd_paging_cursor_init(&cursor, &bench.space);
    for (uint64_t i = 0; i < 520; i++) {
        CLAIM_OK(dd_paging_cursor_map(&cursor, dd_vaddr_from(first.raw + i * K), bench.frame, 0));
    }
    for (uint64_t i = 0; i < 520; i += 3) {
        CLAIM_LOADS(dd_vaddr_from(first.raw + i * K), 0x0123456789ABCDEF);
    }
    CLAIM_STATUS(dd_paging_cursor_map(&cursor, first, bench.frame, 0), DD_EEXIST);
    CLAIM_FAULTS(world_store64(first, 1), 0x3, first);
    CLAIM_OK(paging_bench_unmap_range(&bench, first, 520 * K));
    CLAIM_FAULTS(world_load64(first), 0x0, first);
    paging_bench_close(&bench);
}

CLAIM(pages_mapped_side_by_side_lead_to_their_frames)
{
    struct paging_bench bench;
    struct dd_paging_mapping mappings[40];

    CLAIM_OK(paging_bench_open(&bench));
    for (uint64_t i = 0; i < 40; i++) {
        mappings[i] = (struct dd_paging_mapping){
            .vaddr = paging_place(63, i * 7 % 40 * (M / 2 + K)), .paddr = bench.frame};
    }
    CLAIM_TRUE(dd_paging_map_many(&bench.space, mappings, 40, DD_MAP_WRITE) == 40);
    for (uint64_t i = 0; i < 40; i++) {
        CLAIM_OK(mappings[i].status);
        CLAIM_LOADS(mappings[i].vaddr, 0x0123456789ABCDEF);
        CLAIM_OK(paging_bench_unmap(&bench, mappings[i].vaddr));
    }
    paging_bench_close(&bench);
}

CLAIM(translations_side_by_side_are_those_of_single_calls)
{
    struct paging_bench bench;
    dd_vaddr first = paging_place(37, M - 5 * K);
    dd_vaddr vaddrs[20];
    struct dd_translation_result results[20];

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(dd_paging_map_range(&bench.space, first, dd_paddr_from(M - 5 * K), M + 10 * K, 0));
    for (uint64_t i = 0; i < 20; i++) {
        vaddrs[i] = dd_vaddr_from(first.raw + i * (M / 16) + i);
    }
    vaddrs[7] = first_of_the_hole();
    dd_paging_translate_many(&bench.space, vaddrs, 20, results);
    for (uint64_t i = 0; i < 20; i++) {
        bool is_mapped = i * (M / 16) + i < M + 10 * K;

        if (i != 7) {
            CLAIM_STATUS(results[i].status, is_mapped ? DD_OK : DD_ENOTMAPPED);
        }
        if (i != 7 && is_mapped) {
            CLAIM_EQUAL(results[i].translation.address.raw, M - 5 * K + i * (M / 16) + i);
        }
    }
    CLAIM_STATUS(results[7].status, DD_ECANONICAL);
    CLAIM_OK(paging_bench_unmap_range(&bench, first, M + 10 * K));
    paging_bench_close(&bench);
}
