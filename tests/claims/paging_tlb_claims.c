/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what the TLB may still hold, and who makes it forget. */
#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "tests/claims/linear.h"
#include "tests/claims/paging_bench.h"

#define CR4_PGE   UINT64_C(0x80) /* [SDM 3A] 2.5 */
#define CR4_PCIDE UINT64_C(0x20000)
#define CR4_PKE   UINT64_C(0x400000)

/* CPUID.1:ECX[17] PCID; CPUID.7:ECX[3] PKU. [SDM 2A] CPUID */
static bool lacks_pcid(void)
{
    return (dd_cpuid(1, 0).ecx >> 17 & 1) == 0;
}

static bool lacks_protection_keys(void)
{
    return dd_cpuid(0, 0).eax < 7 || (dd_cpuid(7, 0).ecx >> 3 & 1) == 0;
}

CLAIM(tables_are_kept_until_what_is_pending_is_settled)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(40, 3 * K);
    uint64_t before = 0;

    CLAIM_OK(paging_bench_open(&bench));
    /* The first page of the region may leave a table behind that stays. */
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    CLAIM_OK(paging_bench_unmap(&bench, page));
    before = world_frames_in_use();
    CLAIM_OK(paging_bench_map(&bench, page, 0));

    uint64_t mapped = world_frames_in_use();

    CLAIM_LOADS(page, 0x0123456789ABCDEF);
    CLAIM_OK(dd_paging_unmap_page(&bench.space, page, DD_PAGE_4K, &bench.pending, NULL));
    CLAIM_EQUAL(world_frames_in_use(), mapped);
    CLAIM_TRUE(!dd_tlb_pending_is_settled(&bench.pending));
    CLAIM_OK(dd_tlb_settle_here(&bench.pending));
    CLAIM_TRUE(dd_tlb_pending_is_settled(&bench.pending));
    CLAIM_EQUAL(world_frames_in_use(), before);
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    paging_bench_close(&bench);
}

struct shootdown {
    unsigned int calls;
    uint64_t first, count;
    enum dd_status status;
};

static enum dd_status shoot(void *context, const struct dd_tlb_request *request)
{
    struct shootdown *shootdown = context;

    shootdown->calls++;
    shootdown->first = request->ranges[0].first.raw;
    shootdown->count = request->ranges[0].count;
    if (shootdown->status == DD_OK) {
        dd_tlb_flush(request);
    }
    return shootdown->status;
}

CLAIM(a_shootdown_is_told_what_changed_and_decides_when_it_is_over)
{
    struct paging_bench bench;
    struct shootdown shootdown = {.status = DD_ETIMEOUT};
    dd_vaddr page = paging_place(41, 3 * K);

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_OK(paging_bench_map(&bench, dd_vaddr_from(page.raw + K), DD_MAP_WRITE));
    CLAIM_COMPLETES(world_store64(page, 17));
    CLAIM_LOADS(dd_vaddr_from(page.raw + K), 17);
    CLAIM_OK(dd_paging_unmap_range(&bench.space, page, 2 * K, DD_PARTLY_REFUSE, &bench.pending));
    CLAIM_STATUS(dd_tlb_settle_by(&bench.pending, shoot, &shootdown), DD_ETIMEOUT);
    CLAIM_TRUE(!dd_tlb_pending_is_settled(&bench.pending));
    shootdown.status = DD_OK;
    CLAIM_OK(dd_tlb_settle_by(&bench.pending, shoot, &shootdown));
    CLAIM_EQUAL(shootdown.calls, 2);
    CLAIM_EQUAL(shootdown.first, page.raw);
    CLAIM_EQUAL(shootdown.count, 2);
    CLAIM_FAULTS(world_load64(page), 0x0, page);
    CLAIM_FAULTS(world_load64(dd_vaddr_from(page.raw + K)), 0x0, dd_vaddr_from(page.raw + K));
    paging_bench_close(&bench);
}

CLAIM(changes_of_many_calls_can_be_settled_at_once)
{
    struct paging_bench bench;
    struct dd_tlb_pending batch;

    CLAIM_OK(paging_bench_open(&bench));
    dd_tlb_pending_init(&batch);
    for (uint64_t i = 0; i < 12; i++) {
        CLAIM_OK(paging_bench_map(&bench, paging_place(42, i * M), 0));
        CLAIM_LOADS(paging_place(42, i * M), 0x0123456789ABCDEF);
    }
    for (uint64_t i = 0; i < 12; i++) {
        CLAIM_OK(dd_paging_unmap_page(&bench.space, paging_place(42, i * M), DD_PAGE_4K,
                                      &bench.pending, NULL));
        CLAIM_OK(dd_tlb_pending_move(&batch, &bench.pending));
    }
    CLAIM_TRUE(dd_tlb_pending_is_settled(&bench.pending));
    CLAIM_OK(dd_tlb_settle_here(&batch));
    for (uint64_t i = 0; i < 12; i++) {
        CLAIM_FAULTS(world_load64(paging_place(42, i * M)), 0x0, paging_place(42, i * M));
    }
    paging_bench_close(&bench);
}

/* 40 are too many to invalidate one by one, and a load of CR3 would not do. [SDM 3A] 4.10.2.4 */
CLAIM(many_global_pages_are_out_of_reach_at_once)
{
    struct paging_bench bench;
    uint64_t cr4 = dd_read_cr4();
    uint32_t reached = 0;

    CLAIM_OK(paging_bench_open(&bench));
    dd_write_cr4(cr4 | CR4_PGE);
    for (uint64_t i = 0; i < 40; i++) {
        CLAIM_OK(paging_bench_map(&bench, paging_place(43, i * K), DD_MAP_GLOBAL));
        reached += world_load64(paging_place(43, i * K)).vector == WORLD_NO_FAULT;
    }

    enum dd_status status = paging_bench_unmap_range(&bench, paging_place(43, 0), 40 * K);

    for (uint64_t i = 0; i < 40; i++) {
        reached += world_load64(paging_place(43, i * K)).vector == WORLD_NO_FAULT;
    }
    CLAIM_EQUAL(dd_read_cr4(), cr4 | CR4_PGE);
    dd_write_cr4(cr4);
    CLAIM_OK(status);
    CLAIM_EQUAL(reached, 40);
    paging_bench_close(&bench);
}

/* INVLPGB is broadcast to all processors, the one that executes it among them. [AMD64 v3] INVLPGB;
   more pages than one instruction names, small and large, and global ones */
CLAIM(a_shootdown_by_invlpgb_reaches_this_processor_too)
{
    struct paging_bench bench;
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_INVLPGB), "the processor has no INVLPGB");

    struct dd_invlpgb invlpgb = {.count_max = cpu.invlpgb_count_max,
                                 .linear_width = (uint8_t)linear_width()};
    dd_vaddr first = paging_place(46, M - 5 * K);
    uint64_t cr4 = dd_read_cr4();
    uint32_t reached = 0;

    CLAIM_OK(paging_bench_open(&bench));
    dd_write_cr4(cr4 | CR4_PGE);
    for (uint64_t i = 0; i < 12; i++) {
        dd_vaddr page = dd_vaddr_from(first.raw + i * K);

        CLAIM_OK(paging_bench_map(&bench, page, i % 2 == 0 ? DD_MAP_GLOBAL : 0));
        CLAIM_LOADS(page, 0x0123456789ABCDEF);
    }
    CLAIM_OK(dd_paging_unmap_range(&bench.space, first, 12 * K, DD_PARTLY_REFUSE, &bench.pending));
    CLAIM_OK(dd_tlb_settle_by(&bench.pending, dd_tlb_shootdown_invlpgb, &invlpgb));
    for (uint64_t i = 0; i < 12; i++) {
        reached += world_load64(dd_vaddr_from(first.raw + i * K)).vector == WORLD_NO_FAULT;
    }
    dd_write_cr4(cr4);
    CLAIM_EQUAL(reached, 0);
    paging_bench_close(&bench);
}

/* What a context had in the TLB is invalidated though another one is in CR3. */
CLAIM(a_page_of_another_context_is_gone_when_that_one_comes_back)
{
    CLAIM_SKIP_IF(lacks_pcid(), "the processor has no process-context identifiers");

    struct paging_bench bench;
    struct dd_address_space own;
    struct dd_address_space other;
    dd_vaddr page = paging_place(44, 0);
    uint64_t cr4 = dd_read_cr4();
    struct world_access loads[3];
    enum dd_status status = DD_OK;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, 0));
    dd_write_cr4(cr4 | CR4_PCIDE);
    dd_paging_current(&own, world_memory());
    other = own;
    status = dd_paging_set_pcid(&other, 5);
    dd_paging_activate(&other);
    loads[0] = world_load64(page);
    dd_paging_activate(&own);
    loads[1] = world_load64(page);
    if (status == DD_OK) {
        status = dd_paging_unmap_page(&other, page, DD_PAGE_4K, &bench.pending, NULL);
    }
    if (status == DD_OK) {
        status = dd_tlb_settle_here(&bench.pending);
    }
    if (status == DD_OK) {
        status = dd_paging_activate_keep(&other);
    }
    loads[2] = world_load64(page);
    dd_paging_activate(&own);
    dd_tlb_flush_all();
    dd_write_cr4(cr4);
    CLAIM_OK(status);
    CLAIM_EQUAL(loads[0].vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(loads[1].vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(loads[2].vector, 14);
    paging_bench_close(&bench);
}

/* PKRU: bit 2n denies access to pages of key n that user mode may use. [SDM 3A] 4.6.2, 4.7 */
CLAIM(a_protection_key_denies_access_to_its_pages_only)
{
    CLAIM_SKIP_IF(lacks_protection_keys(), "the processor has no protection keys");

    struct paging_bench bench;
    uint64_t cr4 = dd_read_cr4();
    dd_vaddr page = paging_place(45, 0);
    dd_vaddr beside = paging_place(45, K);
    struct world_access loads[2];

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_USER | DD_MAP_KEY(9)));
    CLAIM_OK(paging_bench_map(&bench, beside, DD_MAP_USER | DD_MAP_KEY(8)));
    dd_write_cr4(cr4 | CR4_PKE);

    uint32_t pkru = dd_rdpkru();

    dd_wrpkru(UINT32_C(1) << 18);
    loads[0] = world_load64(page);
    loads[1] = world_load64(beside);
    dd_wrpkru(pkru);
    dd_write_cr4(cr4);
    CLAIM_EQUAL(loads[0].vector, 14);
    CLAIM_EQUAL(loads[0].error_code, 0x21);
    CLAIM_EQUAL(loads[1].vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(loads[1].value, 0x0123456789ABCDEF);
    CLAIM_OK(paging_bench_unmap_range(&bench, page, 2 * K));
    paging_bench_close(&bench);
}
