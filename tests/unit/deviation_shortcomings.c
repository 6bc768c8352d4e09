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

/* [SDM 3A] 6.15, interrupt 17: CPL 3, CR0.AM and RFLAGS.AC. */
static void machine_does_not_check_alignment(void)
{
    const struct paging_controls controls = {
        .cr0 = PAGING_CR0 | 0x40000, .cr4 = PAGING_CR4, .efer = PAGING_EFER, .cr3 = PAGING_CR3};
    uint64_t linear = 0;

    paging_case_open(SIM_MMU_OWN);
    paging_case_set_controls(&controls);
    linear = paging_case_map(4, 1);
    check_access(&(struct paging_access){linear + 1, PAGING_READ_8, PAGING_USER, 0x40000, true});
    paging_case_close();
}

/* [SDM 3A] 5.3: #GP for data beyond the limit. */
static void machine_ignores_segment_limits(void)
{
    static const uint8_t code[] = {
        0x6A, 0x30, 0x68, 0x0A, 0x70, 0x00, 0x00, 0x48, 0xCB, 0x90, /* to 0x30:0x700A */
        0xB8, 0x38, 0x00, 0x00, 0x00, 0x8E, 0xD8, /* movl $0x38, %eax; movl %eax, %ds */
        0xA1, 0x00, 0x00, 0x02, 0x00,             /* movl 0x20000, %eax */
        0xEA, 0x1D, 0x70, 0x00, 0x00, 0x08, 0x00, /* ljmp $8, $0x701D */
        0x90,
    };
    struct sim_registers registers = {.rdi = sim_machine_scratch(NULL)};

    machine_case_open();
    EXECUTE(&registers, 0x0F, 0x01, 0x07); /* sgdt (%rdi) */
    poke(registers.rdi, (peek(registers.rdi) & ~UINT64_C(0xFFFF)) | 0x3F);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    poke(0x5030, 0x00CF9B000000FFFF);      /* 32-bit code */
    poke(0x5038, 0x0040930000000FFF);      /* data of 4 KiB */
    poke(LAXITY_OPERAND, 0xABCD);
    ck_assert_int_eq(execute(code, sizeof code, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0xABCD);
    machine_case_close();
}

const struct shortcoming shortcomings[] = {
    {"half-store", machine_stores_half_of_an_xmm_register},
    {"alignment-check", machine_does_not_check_alignment},
    {"segment-limit", machine_ignores_segment_limits},
};

const size_t shortcoming_count = sizeof shortcomings / sizeof shortcomings[0];
