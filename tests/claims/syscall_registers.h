/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file The registers of SYSCALL, to be put back after a claim has changed them. */
#ifndef DRYDOCK_TESTS_SYSCALL_REGISTERS_H
#define DRYDOCK_TESTS_SYSCALL_REGISTERS_H

#include <stdint.h>

#include "drydock/arch/insn.h"

/* [SDM 4] 2.1: IA32_EFER, IA32_STAR and their like. */
#define EFER           0xC0000080u
#define STAR           0xC0000081u
#define LSTAR          0xC0000082u
#define CSTAR          0xC0000083u
#define FMASK          0xC0000084u
#define GS_BASE        0xC0000101u
#define KERNEL_GS_BASE 0xC0000102u

struct registers {
    uint64_t star, lstar, cstar, fmask, gs_base, kernel_gs_base, efer;
};

static inline struct registers read_registers(void)
{
    return (struct registers){dd_rdmsr(STAR),  dd_rdmsr(LSTAR),   dd_rdmsr(CSTAR),
                              dd_rdmsr(FMASK), dd_rdmsr(GS_BASE), dd_rdmsr(KERNEL_GS_BASE),
                              dd_rdmsr(EFER)};
}

static inline void write_registers(const struct registers *registers)
{
    dd_wrmsr(STAR, registers->star);
    dd_wrmsr(LSTAR, registers->lstar);
    dd_wrmsr(CSTAR, registers->cstar);
    dd_wrmsr(FMASK, registers->fmask);
    dd_wrmsr(GS_BASE, registers->gs_base);
    dd_wrmsr(KERNEL_GS_BASE, registers->kernel_gs_base);
    dd_wrmsr(EFER, registers->efer);
}

#endif
