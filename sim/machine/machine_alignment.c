/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * #GP for an operand in memory that is not aligned. It comes after the faults
 * that say whether the instruction may be executed at all, which are the
 * engine's, and before those of the access [SDM 3A] table 6-2; so an address
 * that is not canonical is the engine's too.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/cpu/alignment.h"
#include "sim/cpu/segment.h"
#include "sim/machine/machine_far.h"
#include "sim/machine/machine_internal.h"

enum {
    VECTOR_GP = 13
};

#define CR0_EM     (UINT64_C(1) << 2)
#define CR0_TS     (UINT64_C(1) << 3)
#define CR4_OSFXSR (UINT64_C(1) << 9)

/* Whether #UD or #NM comes first. [SDM 2] tables 2-17 to 2-24 */
static bool is_disabled(const struct sim_cpu *cpu)
{
    return (cpu->cr0 & (CR0_EM | CR0_TS)) != 0 || (cpu->cr4 & CR4_OSFXSR) == 0;
}

bool machine_check_alignment(struct machine_encounter *encounter, struct sim_result *result,
                             bool *goes_on)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_cpu *cpu = &encounter->cpu;
    const struct sim_exception fault = {.vector = VECTOR_GP, .has_error_code = true};
    struct sim_aligned_operand operand;
    uint64_t linear = 0;
    char cause[96];

    if (!sim_instruction_aligned_operand(encounter->code, encounter->length, cpu->code, cpu->rip,
                                         &operand) ||
        is_disabled(cpu)) {
        return false;
    }
    linear = sim_aligned_operand_offset(&operand, &encounter->registers) +
             sim_engine_segment_base(machine->engine, operand.segment);
    if (linear % SIM_SSE_ALIGNMENT == 0 || !sim_cpu_is_canonical(cpu, linear)) {
        return false;
    }
    (void)snprintf(cause, sizeof cause, "the operand at 0x%" PRIx64 " is not aligned to %u bytes",
                   linear, SIM_SSE_ALIGNMENT);
    *goes_on = machine_deliver(machine, &fault, cause, result);
    return true;
}
