/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of docs/engine-deviations.md about translation. The engine's side is a machine with the
 * engine's MMU; the machine's is one with its own.
 */
#include <string.h>

#include "tests/unit/deviation.h"
#include "tests/unit/machine_paging_case.h"
#include "tests/unit/raw_engine.h"

#define OTHER_FRAME UINT64_C(0x301000)
#define NOWHERE     UINT64_C(0x900000000000) /* not canonical with 48 bits */
#define RAM_END     UINT64_C(0x1000000)

/* Of guest/legacy_paging.S; and a PDPT with two page directories. */
#define LEGACY_WORDS UINT64_C(0x223000)
#define LEGACY_IDT   UINT64_C(0x224000)
#define LEGACY_ROOT  UINT64_C(0x270000)

static const struct paging_controls plain = {
    .cr0 = PAGING_CR0 | 0x10000, .cr4 = PAGING_CR4, .efer = PAGING_EFER | 0x800, .cr3 = PAGING_CR3};

static uint64_t linear, pte;

static void open_with(enum sim_mmu_kind mmu, uint64_t cr4)
{
    struct paging_controls controls = plain;

    paging_case_open(mmu);
    controls.cr4 |= cr4;
    paging_case_set_controls(&controls);
    linear = paging_case_map(4, 1);
    pte = paging_case_entry(4, 1);
    poke(PAGING_FRAME, 0xAAAA);
    poke(OTHER_FRAME, 0xBBBB);
}

static uint64_t load(uint64_t address)
{
    struct sim_registers registers = {.rdx = address};

    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    return registers.rax;
}

/* An absent page read and written by one instruction: the error code. */
static uint64_t error_code_of_modify(enum sim_mmu_kind mmu)
{
    struct paging_outcome outcome;

    open_with(mmu, 0);
    poke(pte, 0);
    outcome = paging_case_access(
        &(struct paging_access){linear, PAGING_MODIFY, PAGING_SUPERVISOR, .flush = true});
    ck_assert(outcome.faults);
    paging_case_close();
    return outcome.error_code;
}

static void engine_reports_a_read(void)
{
    ck_assert_uint_eq(error_code_of_modify(SIM_MMU_ENGINE), 0x0);
}

static void machine_reports_a_write(void)
{
    ck_assert_uint_eq(error_code_of_modify(SIM_MMU_OWN), 0x2);
}

/* A 1 GiB page whose entry has a reserved bit: the entry after an access. */
static uint64_t large_entry_after_fault(enum sim_mmu_kind mmu)
{
    uint64_t entry = 0;

    open_with(mmu, 0);
    linear = paging_case_map(4, 3);
    poke(paging_case_entry(4, 3), 0x2087);
    check_page_fault(&(struct paging_access){linear, PAGING_READ, PAGING_SUPERVISOR, .flush = true},
                     0x9, linear);
    entry = peek(paging_case_entry(4, 3));
    paging_case_close();
    return entry;
}

static void engine_marks_a_page_that_faults(void)
{
    ck_assert_uint_eq(large_entry_after_fault(SIM_MMU_ENGINE), 0x20A7);
}

static void machine_marks_no_page_that_faults(void)
{
    ck_assert_uint_eq(large_entry_after_fault(SIM_MMU_OWN), 0x2087);
}

/* What a global page reads after its entry was changed and CR3 loaded. */
static uint64_t global_page_after_mov_cr3(enum sim_mmu_kind mmu)
{
    uint64_t value = 0;

    open_with(mmu, 0x80);
    poke(pte, PAGING_FRAME | 0x107);
    (void)load(linear);
    poke(pte, OTHER_FRAME | 0x107);
    paging_case_load_cr3(PAGING_CR3);
    value = load(linear);
    paging_case_close();
    return value;
}

static void engine_drops_global_pages(void)
{
    ck_assert_uint_eq(global_page_after_mov_cr3(SIM_MMU_ENGINE), 0xBBBB);
}

static void machine_keeps_global_pages(void)
{
    ck_assert_uint_eq(global_page_after_mov_cr3(SIM_MMU_OWN), 0xAAAA);
}

/* What a page reads after INVLPG of another one, inside a page of 2 MiB that was used before. */
static uint64_t page_after_other_invlpg(enum sim_mmu_kind mmu)
{
    uint64_t value = 0;

    open_with(mmu, 0);
    (void)load(linear);
    (void)load(0x600000); /* of the machine's own 2 MiB pages */
    poke(pte, OTHER_FRAME | 7);
    paging_case_invlpg(0x601000);
    value = load(linear);
    paging_case_close();
    return value;
}

static void engine_drops_everything_for_a_large_page(void)
{
    ck_assert_uint_eq(page_after_other_invlpg(SIM_MMU_ENGINE), 0xBBBB);
}

static void machine_drops_the_large_page_only(void)
{
    ck_assert_uint_eq(page_after_other_invlpg(SIM_MMU_OWN), 0xAAAA);
}

/* What a page reads after its entry was changed and many other pages were used. */
static uint64_t page_after_many_others(enum sim_mmu_kind mmu)
{
    struct sim_registers registers = {.rdx = 0x100000, .rcx = 0xF00};
    uint64_t value = 0;

    open_with(mmu, 0);
    (void)load(linear);
    poke(pte, OTHER_FRAME | 7);
    /* 1: movb (%rdx), %al; addq $0x1000, %rdx; decq %rcx; jnz 1b */
    ck_assert_int_eq(EXECUTE(&registers, 0x8A, 0x02, 0x48, 0x81, 0xC2, 0x00, 0x10, 0x00, 0x00, 0x48,
                             0xFF, 0xC9, 0x75, 0xF2)
                         .stop,
                     SIM_STOP_RETURNED);
    value = load(linear);
    paging_case_close();
    return value;
}

static void engine_runs_out_of_room(void)
{
    ck_assert_uint_eq(page_after_many_others(SIM_MMU_ENGINE), 0xBBBB);
}

static void machine_keeps_every_translation(void)
{
    ck_assert_uint_eq(page_after_many_others(SIM_MMU_OWN), 0xAAAA);
}

/* CR4.PCIDE is accepted, but a MOV CR3 that should keep translations drops them. */
static void engine_has_no_pcids(void)
{
    struct raw_engine raw;
    uint64_t pde = RAW_PML4 + 0x2000 + 7 * UINT64_C(8);

    raw_open(&raw);
    raw_poke(&raw, 0xE00000, 0xAAAA);
    raw_poke(&raw, 0xC00000, 0xBBBB);
    raw_set(&raw, UC_X86_REG_RAX, 0x20620);
    raw_set(&raw, UC_X86_REG_RDX, 0xE00000);
    /* movq %rax, %cr4; movq (%rdx), %rbx */
    RAW_RUN(&raw, 0x0F, 0x22, 0xE0, 0x48, 0x8B, 0x1A);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_CR4), 0x20620);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RBX), 0xAAAA);
    raw_poke(&raw, pde, 0xC00083);
    raw_set(&raw, UC_X86_REG_RAX, RAW_PML4 | UINT64_C(1) << 63);
    RAW_RUN(&raw, 0x0F, 0x22, 0xD8, 0x48, 0x8B, 0x1A); /* movq %rax, %cr3; movq (%rdx), %rbx */
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RBX), 0xBBBB);
    raw_close(&raw);
}

static void machine_has_pcids(void)
{
    open_with(SIM_MMU_OWN, 0x20000);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(pte, OTHER_FRAME | 7);
    paging_case_load_cr3(PAGING_CR3 | UINT64_C(1) << 63);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_close();
}

/* The page directory is outside of RAM. */
static struct sim_result load_through_nothing(enum sim_mmu_kind mmu)
{
    struct sim_registers registers = {0};
    struct sim_result result;

    open_with(mmu, 0);
    poke(paging_case_entry(4, 3), RAM_END | 7);
    registers.rdx = linear;
    load_idt(0); /* so that the exception ends the run */
    result = EXECUTE(&registers, 0x48, 0x8B, 0x02);
    paging_case_close();
    return result;
}

static void engine_reads_zeros_outside_of_ram(void)
{
    struct sim_result result = load_through_nothing(SIM_MMU_ENGINE);

    check_fault(&result, 14, 0);
    ck_assert_ptr_null(strstr(result.fault.reason, "not in RAM"));
}

static void machine_says_that_the_table_is_not_in_ram(void)
{
    struct sim_result result = load_through_nothing(SIM_MMU_OWN);

    ck_assert_int_eq(result.stop, SIM_STOP_FAULT);
    ck_assert_ptr_nonnull(strstr(result.fault.reason, "not in RAM"));
}

/* PUSH, and a load by RBP. */
static void check_stack_access(enum sim_mmu_kind mmu, unsigned int vector)
{
    struct sim_registers registers = {.rax = NOWHERE};
    struct sim_result result;

    paging_case_open(mmu);
    load_idt(0);
    /* movq %rsp, %rcx; movq %rax, %rbp; movq 8(%rbp), %rax */
    result = EXECUTE(&registers, 0x48, 0x89, 0xE1, 0x48, 0x89, 0xC5, 0x48, 0x8B, 0x45, 0x08);
    check_fault(&result, vector, 0);
    result = EXECUTE(&registers, 0x48, 0x89, 0xC4, 0x50); /* movq %rax, %rsp; pushq %rax */
    check_fault(&result, vector, 0);
    result = EXECUTE(&registers, 0x48, 0x8B, 0x00); /* movq (%rax), %rax */
    check_fault(&result, 13, 0);
    paging_case_close();
}

static void engine_raises_gp_for_the_stack(void)
{
    check_stack_access(SIM_MMU_ENGINE, 13);
}

static void machine_raises_ss_for_the_stack(void)
{
    check_stack_access(SIM_MMU_OWN, 12);
}

/* 32-bit words of guest/legacy_paging.S: how to turn PAE paging on, what to execute there. */
static void set_legacy_words(uint64_t legacy_linear, uint64_t pdpte)
{
    const uint32_t words[] = {
        PAGING_CR0,
        LEGACY_ROOT,
        0x630,
        1,
        2,
        (uint32_t)legacy_linear,
        (uint32_t)address_of("guest_legacy_clear_entry"),
        [12] = (uint32_t)pdpte,
    };

    memcpy(sim_machine_ram(machine, LEGACY_WORDS, sizeof words), words, sizeof words);
}

/* What a page gives after its PDPTE was cleared in memory and INVLPG executed; 0 if it faults. */
static uint64_t page_after_clearing_pdpte(enum sim_mmu_kind mmu)
{
    uint64_t handler = 0;
    uint64_t value = 0;

    open_with(mmu, 0);
    handler = address_of("guest_legacy_fault");
    /* Selector 0x38, a 32-bit interrupt gate. [SDM 3A] figure 6-2 */
    poke(LEGACY_IDT + 14 * UINT64_C(8),
         (handler & 0xFFFF) | 0x380000 | (handler & 0xFFFF0000) << 32 | UINT64_C(0x8E00) << 32);
    poke(LEGACY_ROOT, (LEGACY_ROOT + 0x1000) | 1);
    poke(LEGACY_ROOT + 16, (LEGACY_ROOT + 0x2000) | 1);
    for (uint64_t i = 0; i < 8; i++) {
        poke(LEGACY_ROOT + 0x1000 + 8 * i, i << 21 | 0x83);
    }
    poke(LEGACY_ROOT + 0x2000, 0x200083);
    set_legacy_words(0x80100000, LEGACY_ROOT + 16);
    ck_assert_int_eq(sim_machine_call(machine, "guest_legacy_access", NULL, 0).stop,
                     SIM_STOP_RETURNED);
    value = peek(LEGACY_WORDS + 52) & UINT32_MAX;
    paging_case_close();
    return value;
}

static void engine_reads_pdptes_when_it_walks(void)
{
    ck_assert_uint_eq(page_after_clearing_pdpte(SIM_MMU_ENGINE), 0);
}

static void machine_keeps_pdptes_in_registers(void)
{
    ck_assert_uint_eq(page_after_clearing_pdpte(SIM_MMU_OWN), 0xAAAA);
}

const struct deviation paging_deviations[] = {
    {"modify-is-a-read", engine_reports_a_read, machine_reports_a_write},
    {"accessed-1g", engine_marks_a_page_that_faults, machine_marks_no_page_that_faults},
    {"global-pages", engine_drops_global_pages, machine_keeps_global_pages},
    {"invlpg-large", engine_drops_everything_for_a_large_page, machine_drops_the_large_page_only},
    {"tlb-capacity", engine_runs_out_of_room, machine_keeps_every_translation},
    {"pcid", engine_has_no_pcids, machine_has_pcids},
    {"table-outside-ram", engine_reads_zeros_outside_of_ram,
     machine_says_that_the_table_is_not_in_ram},
    {"pdpte-registers", engine_reads_pdptes_when_it_walks, machine_keeps_pdptes_in_registers},
    {"stack-noncanonical", engine_raises_gp_for_the_stack, machine_raises_ss_for_the_stack},
};

const size_t paging_deviation_count = sizeof paging_deviations / sizeof paging_deviations[0];
