/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/claims/permission_bench.h"

#include "drydock/arch/insn.h"

/* Finds them without the library. [SDM 3A] 4.5.4, figure 4-8. */
static void find_entries(struct permission_page *page, unsigned int leaf)
{
    uint64_t table = page->bench.space.root.raw;

    for (unsigned int level = page->bench.space.format.levels; level >= leaf; level--) {
        volatile uint64_t *entries = world_frame_pointer(dd_paddr_from(table & 0x000FFFFFFFFFF000));

        page->entries[level] = &entries[page->vaddr.raw >> (12 + 9 * (level - 1)) & 0x1FF];
        table = *page->entries[level];
    }
}

/* With every right, for a page of the size that the frame lies in. */
enum dd_status permission_page_open(struct permission_page *page, unsigned int leaf)
{
    static const enum dd_page_size sizes[] = {0, DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};
    enum dd_status status = paging_bench_open(&page->bench);
    uint64_t offset = page->bench.frame.raw & (sizes[leaf] - UINT64_C(1));

    if (status == DD_OK) {
        page->size = sizes[leaf];
        page->vaddr = paging_place(PERMISSION_PLACE, offset);
        page->bench.words[2] = 0xC3; /* RET */
        status = dd_paging_map_page(&page->bench.space, paging_place(PERMISSION_PLACE, 0),
                                    dd_paddr_from(page->bench.frame.raw - offset), page->size,
                                    DD_MAP_WRITE | DD_MAP_USER | DD_MAP_EXECUTE |
                                        DD_MAP_KEY(PERMISSION_KEY));
    }
    if (status == DD_OK) {
        find_entries(page, leaf);
    }
    return status;
}

enum dd_status permission_page_close(struct permission_page *page)
{
    dd_paddr was = {0};
    enum dd_status status =
        paging_bench_unmap_page(&page->bench, paging_place(PERMISSION_PLACE, 0), page->size, &was);

    paging_bench_close(&page->bench);
    return status;
}

uint32_t permission_outcome(struct world_access access, uint64_t address)
{
    if (access.vector == WORLD_NO_FAULT) {
        return PERMISSION_ALLOWED;
    }
    return access.vector == 14 && access.address == address ? access.error_code
                                                            : 0xF00u | access.vector;
}

void permission_write_entry(const struct permission_page *page, unsigned int level, uint64_t value)
{
    *page->entries[level] = value;
    dd_invlpg(page->vaddr);
}
