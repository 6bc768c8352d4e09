/* SPDX-License-Identifier: MIT */
/*
 * A function that needs interrupts off does not know whether its caller has them off
 * already, and must not turn them on for it. So the state before is kept by whoever
 * changed it, in a value, which makes the pairs nest. STI holds interrupts back for
 * one more instruction: a NOP after it, so that even enabling them for a moment lets
 * one come, and HLT in the other case, so that none comes before.
 */
#include "drydock/flags.h"

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/field.h"

bool dd_interrupts_are_enabled(void)
{
    return DD_GET(dd_read_rflags(), DD_RFLAGS_IF) != 0;
}

void dd_interrupts_enable(void)
{
    dd_sti();
    dd_nop();
}

struct dd_interrupts dd_interrupts_disable(void)
{
    struct dd_interrupts before = {dd_interrupts_are_enabled()};

    dd_cli();
    return before;
}

void dd_interrupts_restore(struct dd_interrupts before)
{
    if (before.enabled) {
        dd_interrupts_enable();
    }
}

void dd_interrupts_wait(void)
{
    dd_sti_hlt();
}

bool dd_smap_is_allowed(void)
{
    return DD_GET(dd_read_rflags(), DD_RFLAGS_AC) != 0;
}

struct dd_smap_guard dd_smap_allow(const struct dd_cpu *cpu)
{
    struct dd_smap_guard before = {dd_smap_is_allowed()};

    if (dd_cpu_has(cpu, DD_CPU_SMAP)) {
        dd_stac();
    }
    return before;
}

void dd_smap_restore(const struct dd_cpu *cpu, struct dd_smap_guard before)
{
    if (!before.allowed && dd_cpu_has(cpu, DD_CPU_SMAP)) {
        dd_clac();
    }
}
