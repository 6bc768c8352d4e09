/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the claims about page tables share. */
#include "tests/claims/paging_bench.h"

#include "drydock/kernel_api.h"

enum dd_status paging_bench_open(struct paging_bench *bench)
{
    enum dd_status status = dd_kernel_frame_alloc(&bench->frame);

    dd_paging_current(&bench->space);
    if (status == DD_OK) {
        bench->words = dd_kernel_frame_pointer(bench->frame);
        bench->words[0] = 0x0123456789ABCDEF;
        bench->words[511] = 0xFEDCBA9876543210;
    }
    return status;
}

void paging_bench_close(const struct paging_bench *bench)
{
    dd_kernel_frame_free(bench->frame);
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

enum dd_status paging_bench_unmap(const struct paging_bench *bench, dd_vaddr vaddr)
{
    dd_paddr frame = {0};

    return dd_paging_unmap_page(&bench->space, vaddr, DD_PAGE_4K, &frame);
}
