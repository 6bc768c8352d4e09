/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what the entry of a table grants to the pages below it. */
#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/field.h"
#include "drydock/paging_table.h"
#include "tests/claims/paging_bench.h"

/* The gigabyte of the claim is a PDPTE, so level 3 is the highest that concerns no other claim. */
static enum dd_status protect(struct paging_bench *bench, unsigned int level, unsigned int rights)
{
    return paging_bench_settle(bench, dd_paging_protect_table(&bench->space, paging_place(64, 0),
                                                              level, rights, &bench->pending));
}

/* A store to a page that is present and may not be written: error code 3. [SDM 3A] 4.6.1, 4.7 */
CLAIM(a_table_makes_the_pages_below_read_only_at_once_and_writable_again)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(64, 3 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    for (unsigned int level = 2; level <= 3; level++) {
        CLAIM_COMPLETES(world_store64(page, level));
        CLAIM_OK(protect(&bench, level, DD_MAP_EXECUTE));
        CLAIM_FAULTS(world_store64(page, 99), 0x3, page);
        CLAIM_LOADS(page, level);
        CLAIM_OK(protect(&bench, level, DD_MAP_RIGHTS));
    }
    CLAIM_COMPLETES(world_store64(page, 4));
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* A table of level 1 serves 2 MBytes, one of level 2 a gigabyte. [SDM 3A] 4.5.4 */
CLAIM(a_table_withholds_rights_from_the_pages_below_it_alone)
{
    struct paging_bench bench;
    dd_vaddr beside = paging_place(64, M + 5 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, paging_place(64, 4 * K), DD_MAP_WRITE));
    CLAIM_OK(paging_bench_map(&bench, beside, DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(beside, 1));
    CLAIM_OK(protect(&bench, 2, DD_MAP_EXECUTE));
    CLAIM_COMPLETES(world_store64(beside, 2));
    CLAIM_OK(protect(&bench, 3, DD_MAP_EXECUTE));
    CLAIM_FAULTS(world_store64(beside, 3), 0x3, beside);
    CLAIM_OK(protect(&bench, 2, DD_MAP_RIGHTS));
    CLAIM_FAULTS(world_store64(beside, 4), 0x3, beside);
    CLAIM_OK(protect(&bench, 3, DD_MAP_RIGHTS));
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(64, 4 * K), K));
    CLAIM_OK(paging_bench_unmap(&bench, beside));
    paging_bench_close(&bench);
}

/* Pages that are global are concerned as well. [SDM 3A] 4.10.2.4 */
CLAIM(a_table_makes_global_pages_below_read_only_at_once)
{
    struct paging_bench bench;
    uint64_t cr4 = dd_read_cr4();
    dd_vaddr page = paging_place(64, 7 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE | DD_MAP_GLOBAL));
    dd_write_cr4(cr4 | DD_BITS(DD_CR4_PGE));

    struct world_access before = world_store64(page, 1);
    enum dd_status status = protect(&bench, 2, DD_MAP_EXECUTE);
    struct world_access after = world_store64(page, 2);

    dd_write_cr4(cr4);
    CLAIM_COMPLETES(before);
    CLAIM_OK(status);
    CLAIM_FAULTS(after, 0x3, page);
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
