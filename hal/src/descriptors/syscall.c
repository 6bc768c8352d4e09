/* SPDX-License-Identifier: MIT */
/*
 * SYSCALL and SYSRET load no descriptors: they compute selectors from the two
 * in IA32_STAR and assume what the descriptors are. If the GDT has another
 * order, everything works until the first IRETQ or segment load: so the order
 * is checked here.
 *
 * SYSRET adds 16 to its selector for a 64-bit CS and 8 for SS: IA32_STAR holds
 * the entry before user data, which is that of 32-bit user code in kernels that
 * have one. SYSRET sets both RPL to 3, but SYSCALL sets only that of CS to 0: SS
 * keeps the one in IA32_STAR, so a selector with one is refused.
 */
#include "drydock/syscall.h"

#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "drydock/cr_regs.h"
#include "drydock/msr_regs.h"
#include "drydock/selector.h"
#include "../base/ordinal.h"

enum {
    ENTRY_SIZE = 8,
    PRIVILEGE_USER = 3,
    STACK_ALIGNMENT = 16
};

/* TF, IF, DF, IOPL, NT, AC. Spec: [SDM 1] 3.4.3. */
#define MASKED_RFLAGS UINT64_C(0x47700)

const char *dd_syscall_rule_text(enum dd_syscall_rule rule)
{
    switch (rule) {
    case DD_SYSCALL_RULE_NONE:
        return "all rules are kept";
    case DD_SYSCALL_RULE_TABLE:
        return "selectors are of the GDT and not null";
    case DD_SYSCALL_RULE_KERNEL_PRIVILEGE:
        return "the kernel's selectors have RPL 0";
    case DD_SYSCALL_RULE_USER_PRIVILEGE:
        return "the user's selectors have RPL 3";
    case DD_SYSCALL_RULE_KERNEL_DATA_NEXT:
        return "kernel data is the entry after kernel code";
    case DD_SYSCALL_RULE_USER_CODE_NEXT:
        return "user code is the entry after user data";
    }
    return "unknown rule";
}

static bool is_of_gdt(uint16_t selector)
{
    return !dd_selector_is_null(selector) && dd_selector_table(selector) == DD_SELECTOR_GDT;
}

static enum dd_syscall_rule find_broken(const struct dd_syscall_selectors *selectors)
{
    if (!is_of_gdt(selectors->kernel_code) || !is_of_gdt(selectors->kernel_data) ||
        !is_of_gdt(selectors->user_code) || !is_of_gdt(selectors->user_data)) {
        return DD_SYSCALL_RULE_TABLE;
    }
    if (dd_selector_rpl(selectors->kernel_code) != 0 ||
        dd_selector_rpl(selectors->kernel_data) != 0) {
        return DD_SYSCALL_RULE_KERNEL_PRIVILEGE;
    }
    if (dd_selector_rpl(selectors->user_code) != PRIVILEGE_USER ||
        dd_selector_rpl(selectors->user_data) != PRIVILEGE_USER) {
        return DD_SYSCALL_RULE_USER_PRIVILEGE;
    }
    if (selectors->kernel_data != selectors->kernel_code + ENTRY_SIZE) {
        return DD_SYSCALL_RULE_KERNEL_DATA_NEXT;
    }
    if (selectors->user_code != selectors->user_data + ENTRY_SIZE) {
        return DD_SYSCALL_RULE_USER_CODE_NEXT;
    }
    return DD_SYSCALL_RULE_NONE;
}

enum dd_status dd_syscall_make_star(const struct dd_syscall_selectors *selectors, uint64_t *star,
                                    enum dd_syscall_rule *broken)
{
    enum dd_syscall_rule rule = find_broken(selectors);
    uint64_t value = 0;

    if (broken != NULL) {
        *broken = rule;
    }
    if (rule != DD_SYSCALL_RULE_NONE) {
        return DD_EARG;
    }
    value = DD_SET(value, DD_STAR_SYSCALL_CS, selectors->kernel_code);
    *star = DD_SET(value, DD_STAR_SYSRET_CS, selectors->user_data - ENTRY_SIZE);
    return DD_OK;
}

void dd_syscall_read_star(uint64_t star, struct dd_syscall_selectors *selectors)
{
    uint16_t syscall = (uint16_t)DD_GET(star, DD_STAR_SYSCALL_CS);
    uint16_t sysret = (uint16_t)DD_GET(star, DD_STAR_SYSRET_CS);

    *selectors = (struct dd_syscall_selectors){
        .kernel_code = (uint16_t)(syscall & ~PRIVILEGE_USER),
        .kernel_data = (uint16_t)(syscall + ENTRY_SIZE),
        .user_code = (uint16_t)((sysret + 2 * ENTRY_SIZE) | PRIVILEGE_USER),
        .user_data = (uint16_t)((sysret + ENTRY_SIZE) | PRIVILEGE_USER),
    };
}

static enum dd_status check(const struct dd_syscall_config *config)
{
    unsigned int width = dd_ordinal_virtual_width(config->linear_width);
    enum dd_status status = dd_ordinal_check_virtual(config->kernel_stack, width);

    if (status != DD_OK) {
        return status;
    }
    if (!dd_is_aligned(config->kernel_stack.raw, STACK_ALIGNMENT)) {
        return DD_EALIGN;
    }
    status = dd_ordinal_check_virtual(dd_vaddr_from((uintptr_t)dd_syscall_entry), width);
    if (status == DD_OK && !dd_cpu_ask(DD_CPU_SYSCALL)) {
        status = DD_ENOTSUP;
    }
    return status;
}

enum dd_status dd_syscall_enable(const struct dd_syscall_config *config,
                                 enum dd_syscall_rule *broken)
{
    uint64_t star = 0;
    enum dd_status status = dd_syscall_make_star(&config->selectors, &star, broken);

    if (status == DD_OK) {
        status = check(config);
    }
    if (status != DD_OK) {
        return status;
    }
    *config->cpu = (struct dd_syscall_cpu){
        .kernel_stack = config->kernel_stack.raw,
        .user_data = config->selectors.user_data,
        .user_code = config->selectors.user_code,
    };
    dd_wrmsr(DD_MSR_STAR, star);
    dd_wrmsr(DD_MSR_LSTAR, (uintptr_t)dd_syscall_entry);
    dd_wrmsr(DD_MSR_CSTAR, (uintptr_t)dd_syscall_entry_32);
    dd_wrmsr(DD_MSR_FMASK, MASKED_RFLAGS);
    dd_wrmsr(DD_MSR_GS_BASE, (uintptr_t)config->cpu);
    dd_wrmsr(DD_MSR_KERNEL_GS_BASE, 0);
    dd_wrmsr(DD_MSR_EFER, dd_rdmsr(DD_MSR_EFER) | DD_BITS(DD_EFER_SCE));
    return DD_OK;
}

void dd_syscall_disable(void)
{
    dd_wrmsr(DD_MSR_EFER, dd_rdmsr(DD_MSR_EFER) & ~DD_BITS(DD_EFER_SCE));
}
