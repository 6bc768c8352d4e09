/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the registers that lead SYSCALL to its entry code, in every world. */
#include <stddef.h>

#include "drydock/syscall.h"
#include "tests/claims/claim.h"
#include "tests/claims/syscall_registers.h"

static const struct dd_syscall_selectors good = {
    .kernel_code = 0x08, .kernel_data = 0x10, .user_code = 0x2B, .user_data = 0x23};

/* [SDM 3A] figure 5-14: SYSCALL 47:32, SYSRET 63:48, which are 8 and 16 before SS and CS. */
CLAIM(star_has_the_two_selectors_that_the_others_follow_from)
{
    struct dd_syscall_selectors read = {0};
    enum dd_syscall_rule rule = DD_SYSCALL_RULE_TABLE;
    uint64_t star = 0;

    CLAIM_OK(dd_syscall_make_star(&good, &star, &rule));
    CLAIM_EQUAL(star, 0x001B000800000000);
    CLAIM_EQUAL(rule, DD_SYSCALL_RULE_NONE);
    dd_syscall_read_star(star, &read);
    CLAIM_EQUAL(read.kernel_code, 0x08);
    CLAIM_EQUAL(read.kernel_data, 0x10);
    CLAIM_EQUAL(read.user_code, 0x2B);
    CLAIM_EQUAL(read.user_data, 0x23);
    /* The first entries of a table: SYSRET's selector is the null one. */
    CLAIM_OK(dd_syscall_make_star(
        &(struct dd_syscall_selectors){
            .kernel_code = 0x18, .kernel_data = 0x20, .user_code = 0x13, .user_data = 0x0B},
        &star, NULL));
    CLAIM_EQUAL(star, 0x0003001800000000);
}

static enum dd_syscall_rule broken_rule(struct dd_syscall_selectors selectors)
{
    enum dd_syscall_rule rule = DD_SYSCALL_RULE_NONE;
    uint64_t star = 0x5A;
    enum dd_status status = dd_syscall_make_star(&selectors, &star, &rule);

    return status == DD_EARG && star == 0x5A ? rule : DD_SYSCALL_RULE_NONE;
}

/* [SDM 3A] 5.8.8. */
CLAIM(selectors_that_sysret_cannot_load_are_refused_by_rule)
{
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x10, 0x33, 0x23}),
                DD_SYSCALL_RULE_USER_CODE_NEXT);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x10, 0x23, 0x2B}),
                DD_SYSCALL_RULE_USER_CODE_NEXT);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x18, 0x2B, 0x23}),
                DD_SYSCALL_RULE_KERNEL_DATA_NEXT);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x10, 0x28, 0x20}),
                DD_SYSCALL_RULE_USER_PRIVILEGE);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x0B, 0x13, 0x2B, 0x23}),
                DD_SYSCALL_RULE_KERNEL_PRIVILEGE);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x00, 0x08, 0x2B, 0x23}),
                DD_SYSCALL_RULE_TABLE);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x10, 0x2F, 0x27}),
                DD_SYSCALL_RULE_TABLE);
    CLAIM_EQUAL(broken_rule((struct dd_syscall_selectors){0x08, 0x10, 0x0B, 0x03}),
                DD_SYSCALL_RULE_TABLE);
    CLAIM_TEXT(dd_syscall_rule_text(DD_SYSCALL_RULE_USER_CODE_NEXT),
               "user code is the entry after user data");
}

static bool same_registers(const struct registers *a, const struct registers *b)
{
    return a->star == b->star && a->lstar == b->lstar && a->cstar == b->cstar &&
           a->fmask == b->fmask && a->gs_base == b->gs_base &&
           a->kernel_gs_base == b->kernel_gs_base && a->efer == b->efer;
}

/* RFLAGS: TF 8, IF 9, DF 10, IOPL 13:12, NT 14, AC 18. EFER: SCE 0. */
CLAIM(syscall_registers_are_set_up_as_in_the_manual)
{
    struct dd_syscall_cpu cpu = {0};
    const struct dd_syscall_config config = {
        .selectors = good, .cpu = &cpu, .kernel_stack = dd_vaddr_from(0xFFFF800000001000)};
    struct registers before = read_registers();
    struct registers after = {0};
    struct registers disabled = {0};
    enum dd_status status = dd_syscall_enable(&config, NULL);

    after = read_registers();
    dd_syscall_disable();
    disabled = read_registers();
    write_registers(&before);
    CLAIM_OK(status);
    CLAIM_EQUAL(after.star, 0x001B000800000000);
    CLAIM_EQUAL(after.lstar, (uintptr_t)dd_syscall_entry);
    CLAIM_EQUAL(after.cstar, (uintptr_t)dd_syscall_entry_32);
    CLAIM_EQUAL(after.fmask, 0x47700);
    CLAIM_EQUAL(after.gs_base, (uintptr_t)&cpu);
    CLAIM_EQUAL(after.kernel_gs_base, 0);
    CLAIM_EQUAL(after.efer, before.efer | 1);
    CLAIM_EQUAL(disabled.efer, before.efer & ~UINT64_C(1));
    CLAIM_EQUAL(cpu.kernel_stack, 0xFFFF800000001000);
    CLAIM_EQUAL(cpu.user_data, 0x23);
    CLAIM_EQUAL(cpu.user_code, 0x2B);
}

CLAIM(a_refused_setup_of_syscall_changes_nothing)
{
    struct dd_syscall_cpu cpu = {.kernel_stack = 0x5A};
    struct dd_syscall_config config = {
        .selectors = good, .cpu = &cpu, .kernel_stack = dd_vaddr_from(0xFFFF800000001008)};
    enum dd_syscall_rule rule = DD_SYSCALL_RULE_TABLE;
    struct registers before = read_registers();
    struct registers after = {0};

    CLAIM_STATUS(dd_syscall_enable(&config, &rule), DD_EALIGN);
    CLAIM_EQUAL(rule, DD_SYSCALL_RULE_NONE);
    config.kernel_stack = dd_vaddr_from(0x0000800000000000);
    CLAIM_STATUS(dd_syscall_enable(&config, &rule), DD_ECANONICAL);
    config.linear_width = 52;
    CLAIM_STATUS(dd_syscall_enable(&config, &rule), DD_EARG);
    config.linear_width = 0;
    config.kernel_stack = dd_vaddr_from(0x1000);
    config.selectors.user_data = 0x1B;
    CLAIM_STATUS(dd_syscall_enable(&config, &rule), DD_EARG);
    CLAIM_EQUAL(rule, DD_SYSCALL_RULE_USER_CODE_NEXT);
    after = read_registers();
    CLAIM_TRUE(same_registers(&before, &after));
    CLAIM_EQUAL(cpu.kernel_stack, 0x5A);
}
