/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what the entry of a table grants to the pages below it. */
#include "drydock/paging_table.h"
#include "tests/claims/paging_bench.h"

/* The gigabyte of the claim is a PDPTE, so level 3 is the highest that concerns no other claim. */
static enum dd_status protect(struct paging_bench *bench, unsigned int level, unsigned int rights)
{
    return paging_bench_settle(bench, dd_paging_protect_table(&bench->space, paging_place(64, 0),
                                                              level, rights, &bench->pending));
}

/* A store to a page that is present and may not be written: error code 3. [SDM 3A] 4.6.1, 4.7 */
CLAIM(a_table_makes_all_pages_below_read_only_at_once_and_writable_again)
{
    struct paging_bench bench;
    dd_vaddr near = paging_place(64, 3 * K);
    dd_vaddr far = paging_place(64, M + 5 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, near, DD_MAP_WRITE));
    CLAIM_OK(paging_bench_map(&bench, far, DD_MAP_WRITE));
    for (unsigned int level = 2; level <= 3; level++) {
        CLAIM_COMPLETES(world_store64(near, level));
        CLAIM_COMPLETES(world_store64(far, level));
        CLAIM_OK(protect(&bench, level, DD_MAP_EXECUTE));
        CLAIM_FAULTS(world_store64(near, 99), 0x3, near);
        CLAIM_LOADS(near, level);
        if (level == 3) {
            CLAIM_FAULTS(world_store64(far, 99), 0x3, far);
        } else {
            CLAIM_COMPLETES(world_store64(far, level));
        }
        CLAIM_OK(protect(&bench, level, DD_MAP_RIGHTS));
    }
    CLAIM_COMPLETES(world_store64(near, 4));
    CLAIM_OK(paging_bench_unmap(&bench, near));
    CLAIM_OK(paging_bench_unmap(&bench, far));
    paging_bench_close(&bench);
}

/* Pages that are global are concerned as well. [SDM 3A] 4.10.2.4 */
CLAIM(a_table_makes_global_pages_below_read_only_at_once)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(64, 7 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE | DD_MAP_GLOBAL));
    CLAIM_COMPLETES(world_store64(page, 1));
    CLAIM_OK(protect(&bench, 2, DD_MAP_EXECUTE));
    CLAIM_FAULTS(world_store64(page, 2), 0x3, page);
    CLAIM_OK(protect(&bench, 2, DD_MAP_RIGHTS));
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* XD at any level forbids fetches: error code 0x11. [SDM 3A] 4.6.1, 4.7 */
CLAIM(a_table_forbids_fetches_from_all_pages_below)
{
    struct paging_bench bench;
    dd_vaddr code = paging_place(64, 9 * K + 16);

    CLAIM_OK(paging_bench_open(&bench));
    if (!bench.space.format.no_execute) {
        paging_bench_close(&bench);
        CLAIM_SKIP_IF(true, "EFER.NXE is off");
    }
    bench.words[2] = 0xC3; /* RET */
    CLAIM_OK(paging_bench_map(&bench, paging_place(64, 9 * K), DD_MAP_WRITE | DD_MAP_EXECUTE));
    CLAIM_COMPLETES(world_execute(code));
    CLAIM_OK(protect(&bench, 2, DD_MAP_WRITE));
    CLAIM_FAULTS(world_execute(code), 0x11, code);
    CLAIM_OK(protect(&bench, 2, DD_MAP_RIGHTS));
    CLAIM_COMPLETES(world_execute(code));
    CLAIM_OK(paging_bench_unmap(&bench, paging_place(64, 9 * K)));
    paging_bench_close(&bench);
}

CLAIM(rights_of_a_table_that_is_not_there_are_refused)
{
    struct paging_bench bench;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_STATUS(protect(&bench, 2, 0), DD_ENOTMAPPED);
    CLAIM_STATUS(protect(&bench, 1, 0), DD_EARG);
    CLAIM_TRUE(dd_tlb_pending_is_settled(&bench.pending));
    paging_bench_close(&bench);
}
