/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The four instructions in the order of their pseudocode: refuse, or work out
 * the registers the processor continues with. All of them clear RF, as every
 * instruction that completes does. [SDM 3B] 17.3.1.1.
 */
#include "sim/cpu/fast_call.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/cpu/segment.h"

#define EFER_SCE (UINT64_C(1) << 0)

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_IF (UINT64_C(1) << 9)
#define RFLAGS_RF (UINT64_C(1) << 16)
#define RFLAGS_VM (UINT64_C(1) << 17)

/* What SYSRET takes from R11, and the bit that is always 1. */
#define SYSRET_FLAGS     UINT64_C(0x3C7FD7)
#define RFLAGS_FIXED_ONE UINT64_C(0x2)

enum {
    VECTOR_UD = 6,
    VECTOR_GP = 13
};

/* Where the processor continues. */
struct target {
    uint64_t rip, rsp, rflags;
    uint16_t cs, ss;
    enum sim_width width; /* of code and stack */
};

SIM_PRINTF(3, 4)
static bool fail(struct sim_fast_call_result *result, unsigned int vector, const char *format, ...)
{
    va_list arguments;

    result->faults = true;
    result->exception =
        (struct sim_exception){.vector = vector, .has_error_code = vector == VECTOR_GP};
    va_start(arguments, format);
    (void)vsnprintf(result->reason, sizeof result->reason, format, arguments);
    va_end(arguments);
    return false;
}

/* The conditions SYSCALL and SYSRET share. */
static bool check_enabled(struct sim_fast_call_result *result, const struct sim_cpu *cpu,
                          const char *name)
{
    if (!sim_cpu_in_long_mode(cpu) || cpu->code != SIM_WIDTH_64) {
        return fail(result, VECTOR_UD, "%s: not in 64-bit mode", name);
    }
    if ((cpu->efer & EFER_SCE) == 0) {
        return fail(result, VECTOR_UD, "%s: EFER.SCE is 0", name);
    }
    return true;
}

static bool check_canonical(struct sim_fast_call_result *result, const struct sim_cpu *cpu,
                            const char *name, uint64_t value)
{
    return sim_cpu_is_canonical(cpu, value) ||
           fail(result, VECTOR_GP, "%s 0x%" PRIx64 " is not canonical", name, value);
}

static bool enter_by_syscall(const struct sim_fast_call *call, const struct sim_cpu *cpu,
                             struct target *target, struct sim_fast_call_result *result)
{
    uint16_t base = (uint16_t)(call->msrs.star >> 32);

    if (!check_enabled(result, cpu, "SYSCALL")) {
        return false;
    }
    *target = (struct target){
        .rip = call->msrs.lstar,
        .rsp = cpu->rsp,
        .rflags = cpu->rflags & ~call->msrs.fmask,
        .cs = base & 0xFFFCu,
        .ss = (uint16_t)(base + 8),
        .width = SIM_WIDTH_64,
    };
    return true;
}

static bool return_by_sysret(const struct sim_fast_call *call, const struct sim_cpu *cpu,
                             const struct sim_registers *registers, struct target *target,
                             struct sim_fast_call_result *result)
{
    bool to_64 = call->operand == SIM_WIDTH_64;
    uint16_t base = (uint16_t)(call->msrs.star >> 48);

    if (!check_enabled(result, cpu, "SYSRET")) {
        return false;
    }
    if (sim_cpu_privilege(cpu) != 0) {
        return fail(result, VECTOR_GP, "SYSRET: CPL is %u, not 0", sim_cpu_privilege(cpu));
    }
    if (to_64 && !check_canonical(result, cpu, "SYSRET: RCX", registers->rcx)) {
        return false;
    }
    *target = (struct target){
        .rip = to_64 ? registers->rcx : (uint32_t)registers->rcx,
        .rsp = cpu->rsp,
        .rflags = (registers->r11 & SYSRET_FLAGS) | RFLAGS_FIXED_ONE,
        .cs = (uint16_t)((to_64 ? base + 16 : base) | 3),
        .ss = (uint16_t)((base + 8) | 3),
        .width = to_64 ? SIM_WIDTH_64 : SIM_WIDTH_32,
    };
    return true;
}

/* The condition SYSENTER and SYSEXIT share. */
static bool check_selector(struct sim_fast_call_result *result, const struct sim_cpu *cpu,
                           const struct sim_fast_call_msrs *msrs, const char *name)
{
    if (sim_cpu_in_real_mode(cpu)) {
        return fail(result, VECTOR_GP, "%s: CR0.PE is 0", name);
    }
    if ((msrs->sysenter_cs & 0xFFFC) == 0) {
        return fail(result, VECTOR_GP, "%s: the selector in IA32_SYSENTER_CS is null", name);
    }
    return true;
}

static bool enter_by_sysenter(const struct sim_fast_call *call, const struct sim_cpu *cpu,
                              struct target *target, struct sim_fast_call_result *result)
{
    const struct sim_fast_call_msrs *msrs = &call->msrs;
    bool to_64 = sim_cpu_in_long_mode(cpu);
    uint16_t base = (uint16_t)(msrs->sysenter_cs & 0xFFFC);

    if (!check_selector(result, cpu, msrs, "SYSENTER")) {
        return false;
    }
    *target = (struct target){
        .rip = to_64 ? msrs->sysenter_eip : (uint32_t)msrs->sysenter_eip,
        .rsp = to_64 ? msrs->sysenter_esp : (uint32_t)msrs->sysenter_esp,
        .rflags = cpu->rflags & ~(RFLAGS_VM | RFLAGS_IF),
        .cs = base,
        .ss = (uint16_t)(base + 8),
        .width = to_64 ? SIM_WIDTH_64 : SIM_WIDTH_32,
    };
    return true;
}

static bool return_by_sysexit(const struct sim_fast_call *call, const struct sim_cpu *cpu,
                              const struct sim_registers *registers, struct target *target,
                              struct sim_fast_call_result *result)
{
    bool to_64 = call->operand == SIM_WIDTH_64;
    uint16_t base = (uint16_t)call->msrs.sysenter_cs;
    uint16_t code = (uint16_t)((base + (to_64 ? 32 : 16)) | 3);

    if (!check_selector(result, cpu, &call->msrs, "SYSEXIT")) {
        return false;
    }
    if (sim_cpu_current_privilege(cpu) != 0) {
        return fail(result, VECTOR_GP, "SYSEXIT: CPL is %u, not 0", sim_cpu_current_privilege(cpu));
    }
    if (to_64 && (!check_canonical(result, cpu, "SYSEXIT: RCX", registers->rcx) ||
                  !check_canonical(result, cpu, "SYSEXIT: RDX", registers->rdx))) {
        return false;
    }
    *target = (struct target){
        .rip = to_64 ? registers->rdx : (uint32_t)registers->rdx,
        .rsp = to_64 ? registers->rcx : (uint32_t)registers->rcx,
        .rflags = cpu->rflags,
        .cs = code,
        .ss = (uint16_t)(code + 8),
        .width = to_64 ? SIM_WIDTH_64 : SIM_WIDTH_32,
    };
    return true;
}

/* Continues there, in both places that keep the registers. */
static void go_to(const struct target *target, struct sim_cpu *cpu, struct sim_registers *registers)
{
    cpu->rip = target->rip;
    cpu->rsp = target->rsp;
    cpu->rflags = target->rflags & ~RFLAGS_RF;
    cpu->cs = target->cs;
    cpu->ss = target->ss;
    cpu->code = target->width;
    cpu->stack = target->width;
    registers->rip = cpu->rip;
    registers->rsp = cpu->rsp;
    registers->rflags = cpu->rflags;
}

struct sim_fast_call_result sim_fast_call(const struct sim_fast_call *call, struct sim_cpu *cpu,
                                          struct sim_registers *registers)
{
    struct sim_fast_call_result result = {.faults = false};
    struct target target = {.rip = 0};
    bool goes = false;

    switch (call->kind) {
    case SIM_SYSCALL:
        goes = enter_by_syscall(call, cpu, &target, &result);
        break;
    case SIM_SYSRET:
        goes = return_by_sysret(call, cpu, registers, &target, &result);
        break;
    case SIM_SYSENTER:
        goes = enter_by_sysenter(call, cpu, &target, &result);
        break;
    case SIM_SYSEXIT:
        goes = return_by_sysexit(call, cpu, registers, &target, &result);
        break;
    }
    if (goes) {
        if (call->kind == SIM_SYSCALL) {
            registers->rcx = call->next;
            registers->r11 = cpu->rflags;
        }
        go_to(&target, cpu, registers);
        result.single_step = (cpu->rflags & RFLAGS_TF) != 0;
    }
    return result;
}
