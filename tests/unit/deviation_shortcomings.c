/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the second table of docs/engine-deviations.md: what the machine leaves as the engine does it. */
#include "tests/unit/deviation.h"
#include "tests/unit/machine_paging_case.h"

/* [SDM 3A] 6.5: a fault restores the state before the instruction. */
static void machine_stores_half_of_an_xmm_register(void)
{
    const struct paging_controls controls = {
        .cr0 = PAGING_CR0, .cr4 = PAGING_CR4, .efer = PAGING_EFER, .cr3 = PAGING_CR3};
    uint64_t linear = 0;

    paging_case_open(SIM_MMU_OWN);
    paging_case_set_controls(&controls);
    linear = paging_case_map(4, 1);
    poke(paging_case_entry(4, 1) + 8, 0);
    poke(PAGING_FRAME + 4088, 0x1111111111111111);
    check_page_fault(
        &(struct paging_access){linear + 4088, PAGING_WRITE_16, PAGING_SUPERVISOR, .flush = true},
        0x2, linear + 4096);
    ck_assert_uint_eq(peek(PAGING_FRAME + 4088), 0);
    paging_case_close();
}

const struct shortcoming shortcomings[] = {
    {"half-store", machine_stores_half_of_an_xmm_register},
};

const size_t shortcoming_count = sizeof shortcomings / sizeof shortcomings[0];
