/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See machine_paging_case.h. Tables and gates are typed from [SDM 3A] 4.5 and 6.14.1. */
#include "tests/unit/machine_paging_case.h"

#include <string.h>

#define TABLES      UINT64_C(0x260000) /* level n at + n * 0x1000; the root of 5 levels too */
#define USER_TABLES UINT64_C(0x268000) /* PDPT, PD, PT */
#define RECORD      UINT64_C(0x222000) /* of guest/paging.S */
#define USER_STACK  UINT64_C(0x26C000)
#define USER_LINEAR UINT64_C(0x10000000000) /* PML4 entry 2 */

static const char *const instruction_symbols[PAGING_INSTRUCTIONS] = {
    [PAGING_READ] = "guest_access_read",
    [PAGING_WRITE] = "guest_access_write",
    [PAGING_FETCH] = "guest_access_fetch",
    [PAGING_MODIFY] = "guest_access_modify",
    [PAGING_READ_8] = "guest_access_read_8",
    [PAGING_WRITE_8] = "guest_access_write_8",
    [PAGING_MODIFY_8] = "guest_access_modify_8",
    [PAGING_WRITE_16] = "guest_access_write_16",
    [PAGING_RANDOM] = "guest_access_random",
    [PAGING_LOAD_SEGMENT] = "guest_access_load_segment",
};

static uint64_t instructions[PAGING_INSTRUCTIONS];
static uint64_t page;

/* The page of instructions and a stack, for CPL 3. */
static void map_user_pages(void)
{
    poke(PAGING_CR3 + 16, USER_TABLES | 7);
    poke(USER_TABLES, (USER_TABLES + 0x1000) | 7);
    poke(USER_TABLES + 0x1000, (USER_TABLES + 0x2000) | 7);
    poke(PAGING_USER_CODE_PTE, page | 5);
    poke(USER_TABLES + 0x2008, USER_STACK | 7);
}

void paging_case_open(enum sim_mmu_kind mmu)
{
    const struct sim_machine_options options = {
        .ram_bytes = UINT64_C(16) << 20, .mmu = mmu, .audit = SIM_MACHINE_UNAUDITED};
    struct sim_error error = {""};

    machine = sim_machine_create_with(&options, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
    machine_case_load();
    for (unsigned int i = 0; i < PAGING_INSTRUCTIONS; i++) {
        instructions[i] = address_of(instruction_symbols[i]);
    }
    page = address_of("guest_access_page");
    map_user_pages();
    ck_assert_int_eq(sim_machine_call(machine, "guest_paging_start", NULL, 0).stop,
                     SIM_STOP_RETURNED);
    set_gate(14, address_of("guest_access_fault"), UINT64_C(0x8E00) << 32 | 0x80000);
    set_gate(0x80, address_of("guest_access_done"), UINT64_C(0xEE00) << 32 | 0x80000);
    load_idt(0xFFF);
    poke(PAGING_FRAME, 0xC3);
}

void paging_case_open_own(void)
{
    paging_case_open(SIM_MMU_OWN);
}

void paging_case_open_engine(void)
{
    paging_case_open(SIM_MMU_ENGINE);
}

void paging_case_close(void)
{
    machine_case_close();
}

void paging_case_enable_la57(void)
{
    poke(PAGING_LA57_ROOT, PAGING_CR3 | 7);
    ck_assert_int_eq(sim_call(machine, "guest_enable_la57", PAGING_LA57_ROOT).stop,
                     SIM_STOP_RETURNED);
}

uint64_t paging_case_entry(unsigned int levels, unsigned int level)
{
    /* Indices 0x100, 1, 1, 1, 1 from level 1 on; with 4 levels, level 4 is the machine's PML4. */
    uint64_t table = level == 4 && levels == 4 ? PAGING_CR3 : TABLES + UINT64_C(0x1000) * level;

    return table + (level == 1 ? 0x800 : 8);
}

uint64_t paging_case_map(unsigned int levels, unsigned int leaf)
{
    /* Of the page of each size that PAGING_FRAME lies in, with PS where it is not a PTE. */
    static const uint64_t pages[] = {0, PAGING_FRAME | 7, 0x200087, 0x87};

    ck_assert(leaf >= 1 && leaf <= 3);
    for (unsigned int level = levels; level > leaf; level--) {
        poke(paging_case_entry(levels, level), (TABLES + UINT64_C(0x1000) * (level - 1)) | 7);
    }
    poke(paging_case_entry(levels, leaf), pages[leaf]);
    return (levels == 5 ? UINT64_C(0x1000000000000) : 0) + 0x8000000000 + 0x40000000 + PAGING_FRAME;
}

void paging_case_set_controls(const struct paging_controls *controls)
{
    struct sim_result result = sim_call(machine, "guest_set_controls", controls->cr0, controls->cr4,
                                        controls->efer, controls->pkru, controls->cr3);
    char text[1024];

    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
}

struct paging_outcome paging_case_access(const struct paging_access *access)
{
    uint64_t user = access->privilege == PAGING_USER ? USER_LINEAR : 0;
    uint64_t instruction = instructions[access->instruction] - (user != 0 ? page - user : 0);
    struct sim_result result = sim_call(machine, "guest_access", access->linear, instruction,
                                        access->rflags | 2, user, access->flush ? 1 : 0);
    char text[1024];

    if (result.stop != SIM_STOP_RETURNED) {
        sim_result_describe(&result, text, sizeof text);
        ck_abort_msg("instruction %d at CPL %c of 0x%lx: %s", (int)access->instruction,
                     user != 0 ? '3' : '0', access->linear, text);
    }
    return (struct paging_outcome){
        .faults = result.value != 0,
        .error_code = peek(RECORD),
        .rip = peek(RECORD + 8),
        .cr2 = peek(RECORD + 16),
    };
}

void check_access(const struct paging_access *access)
{
    struct paging_outcome outcome = paging_case_access(access);

    ck_assert_msg(!outcome.faults, "#PF(0x%lx) at 0x%lx, CR2 0x%lx", outcome.error_code,
                  outcome.rip, outcome.cr2);
}

void check_page_fault(const struct paging_access *access, uint64_t error_code, uint64_t cr2)
{
    struct paging_outcome outcome = paging_case_access(access);

    ck_assert_msg(outcome.faults, "no #PF");
    ck_assert_uint_eq(outcome.error_code, error_code);
    ck_assert_uint_eq(outcome.cr2, cr2);
}

void paging_case_load_cr3(uint64_t value)
{
    struct sim_registers registers = {.rax = value};
    struct sim_result result = EXECUTE(&registers, 0x0F, 0x22, 0xD8);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
}

void paging_case_invlpg(uint64_t linear)
{
    struct sim_registers registers = {.rdx = linear};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x01, 0x3A).stop, SIM_STOP_RETURNED);
}

void paging_case_invpcid(uint64_t type, uint64_t pcid, uint64_t linear)
{
    struct sim_registers registers = {.rax = type, .rdx = sim_machine_scratch(machine)};

    poke(registers.rdx, pcid);
    poke(registers.rdx + 8, linear);
    /* invpcid (%rdx), %rax */
    ck_assert_int_eq(EXECUTE(&registers, 0x66, 0x0F, 0x38, 0x82, 0x02).stop, SIM_STOP_RETURNED);
}
