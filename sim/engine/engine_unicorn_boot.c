/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot state. Control registers turn on long-mode paging when they are
 * written right after uc_open in the order EFER, CR4, CR3, CR0. What Unicorn only
 * loads by an instruction is loaded by one, in a page for trials. It opens with
 * other values in the x87 control word, MXCSR and XCR0 than a reset gives.
 */
#include "sim/engine/engine_unicorn.h"

#include <string.h>

enum {
    MSR_EFER = (int)0xC0000080u
};

/* [SDM 3A] table 9-1 */
#define FCW_RESET   0x40u
#define MXCSR_RESET 0x1F80u

#define CR4_OSXSAVE (UINT64_C(1) << 18)

/* Executes code that ends with HLT at CPL 0, with RAX set; the other registers it changes are 0
 * before and after. */
static bool run_code(struct sim_engine *engine, const struct sim_engine_boot *boot,
                     const uint8_t *code, size_t size, uint64_t rax)
{
    uint8_t *page = engine->memory.bytes + boot->trial_page;

    memcpy(page, code, size);
    (void)unicorn_set(engine, UC_X86_REG_RAX, rax);
    (void)unicorn_set(engine, UC_X86_REG_RIP, boot->trial_page);
    unicorn_run_raw(engine, 16);
    (void)unicorn_set(engine, UC_X86_REG_RAX, 0);
    (void)unicorn_set(engine, UC_X86_REG_RIP, boot->cpu.rip);
    memset(page, 0, size);
    sim_engine_forget_range(engine, boot->trial_page, size);
    return engine->event.stop == SIM_ENGINE_HALTED;
}

/* Writing a segment register loads the selector; only an instruction loads the descriptor too. */
static bool load_descriptors(struct sim_engine *engine, const struct sim_engine_boot *boot)
{
    /* movl %eax, %ss; movl %eax, %ds; movl %eax, %es; hlt */
    static const uint8_t code[] = {0x8E, 0xD0, 0x8E, 0xD8, 0x8E, 0xC0, 0xF4};

    return run_code(engine, boot, code, sizeof code, boot->cpu.ss);
}

/* XCR0 has no register number. RCX and RDX are 0. [SDM 1] 13.3 */
static bool reset_xcr0(struct sim_engine *engine, const struct sim_engine_boot *boot)
{
    static const uint8_t code[] = {0x0F, 0x01, 0xD1, 0xF4}; /* xsetbv; hlt */
    bool done = unicorn_set(engine, UC_X86_REG_CR4, boot->cpu.cr4 | CR4_OSXSAVE) &&
                run_code(engine, boot, code, sizeof code, 1);

    return unicorn_set(engine, UC_X86_REG_CR4, boot->cpu.cr4) && done;
}

int unicorn_boot(struct sim_engine *engine, const struct sim_engine_boot *boot,
                 struct sim_error *error)
{
    const struct sim_cpu *cpu = &boot->cpu;

    sim_engine_set_msr(engine, (uint32_t)MSR_EFER, cpu->efer);
    if (!unicorn_set(engine, UC_X86_REG_CR4, cpu->cr4) ||
        !unicorn_set(engine, UC_X86_REG_CR3, cpu->cr3) ||
        !unicorn_set(engine, UC_X86_REG_CR0, cpu->cr0) ||
        sim_engine_get_msr(engine, (uint32_t)MSR_EFER) != cpu->efer ||
        unicorn_get(engine, UC_X86_REG_CR0) != cpu->cr0) {
        return unicorn_error(error, "does not turn on long-mode paging");
    }
    sim_engine_set_tables(engine, cpu);
    if (!unicorn_set(engine, UC_X86_REG_CS, cpu->cs) ||
        !unicorn_set(engine, UC_X86_REG_SS, cpu->ss) ||
        !unicorn_set(engine, UC_X86_REG_DS, cpu->ss) ||
        !unicorn_set(engine, UC_X86_REG_ES, cpu->ss) ||
        !unicorn_set(engine, UC_X86_REG_RSP, cpu->rsp) ||
        !unicorn_set(engine, UC_X86_REG_RFLAGS, cpu->rflags) ||
        !unicorn_set(engine, UC_X86_REG_FPCW, FCW_RESET) ||
        !unicorn_set(engine, UC_X86_REG_MXCSR, MXCSR_RESET)) {
        return unicorn_error(error, "does not load the boot segments");
    }
    if (!load_descriptors(engine, boot)) {
        return unicorn_error(error, "does not load descriptors");
    }
    return reset_xcr0(engine, boot) ? 0 : unicorn_error(error, "does not load XCR0");
}
