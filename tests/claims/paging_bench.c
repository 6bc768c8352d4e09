/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the claims about page tables share. */
#include "tests/claims/paging_bench.h"

#include <stddef.h>

enum dd_status paging_bench_open(struct paging_bench *bench)
{
    enum dd_status status = world_frame_alloc(&bench->frame);

    dd_paging_current(&bench->space, world_memory());
    dd_tlb_pending_init(&bench->pending);
    if (status == DD_OK) {
        bench->words = world_frame_pointer(bench->frame);
        bench->words[0] = 0x0123456789ABCDEF;
        bench->words[511] = 0xFEDCBA9876543210;
    }
    return status;
}

void paging_bench_close(const struct paging_bench *bench)
{
    world_frame_free(bench->frame);
}

dd_vaddr paging_place(unsigned int claim, uint64_t offset)
{
    return dd_vaddr_from(world_spare_region().raw + claim * G + offset);
}

enum dd_status paging_bench_map(const struct paging_bench *bench, dd_vaddr vaddr,
                                unsigned int flags)
{
    return dd_paging_map_page(&bench->space, vaddr, bench->frame, DD_PAGE_4K, flags);
}

enum dd_status paging_bench_settle(struct paging_bench *bench, enum dd_status status)
{
    return status == DD_OK ? dd_tlb_settle_here(&bench->pending) : status;
}

enum dd_status paging_bench_unmap(struct paging_bench *bench, dd_vaddr vaddr)
{
    return paging_bench_settle(
        bench, dd_paging_unmap_page(&bench->space, vaddr, DD_PAGE_4K, &bench->pending, NULL));
}

enum dd_status paging_bench_unmap_page(struct paging_bench *bench, dd_vaddr vaddr,
                                       enum dd_page_size size, dd_paddr *frame)
{
    struct dd_paging_entry was = {0};
    enum dd_status status = paging_bench_settle(
        bench, dd_paging_unmap_page(&bench->space, vaddr, size, &bench->pending, &was));

    *frame = was.address;
    return status;
}

enum dd_status paging_bench_unmap_range(struct paging_bench *bench, dd_vaddr vaddr, uint64_t length)
{
    return paging_bench_settle(bench, dd_paging_unmap_range(&bench->space, vaddr, length,
                                                            DD_PARTLY_REFUSE, &bench->pending));
}

enum dd_status paging_bench_protect(struct paging_bench *bench, dd_vaddr vaddr,
                                    enum dd_page_size size, unsigned int rights)
{
    struct dd_paging_change change = {DD_MAP_RIGHTS, rights};

    return paging_bench_settle(
        bench, dd_paging_protect_page(&bench->space, vaddr, size, change, &bench->pending));
}

enum dd_status paging_bench_protect_range(struct paging_bench *bench, dd_vaddr vaddr,
                                          uint64_t length, unsigned int rights)
{
    struct dd_paging_protection protection = {{DD_MAP_RIGHTS, rights}, DD_PARTLY_REFUSE};

    return paging_bench_settle(
        bench, dd_paging_protect_range(&bench->space, vaddr, length, protection, &bench->pending));
}
