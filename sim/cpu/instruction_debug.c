/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MOV to and from debug registers. The engine keeps them but never looks at
 * them, so they live in struct sim_system and the machine compares addresses.
 * Reserved bits below 32 have fixed values whatever is written; those above
 * must be 0. [SDM 3A] 17.2; [SDM 2] MOV—Move to/from Debug Registers.
 */
#include "sim/cpu/instruction_internal.h"

#define DR6_WRITABLE UINT64_C(0x0000E00F) /* B3 to B0, BD, BS, BT */
#define DR6_ONES     UINT64_C(0xFFFF0FF0)
#define DR6_INTEL    UINT64_C(0x00010800) /* BLD, RTM: writable with the features */
#define DR7_WRITABLE UINT64_C(0xFFFF23FF)
#define DR7_ONES     UINT64_C(0x00000400)
#define DR7_INTEL    UINT64_C(0x00000800) /* RTM */

#define DR6_BD (UINT64_C(1) << 13)
#define DR7_GD (UINT64_C(1) << 13)

/* DR4 and DR5 are other names of DR6 and DR7, unless CR4.DE is on. [SDM 3A] 17.2.2. */
static bool find_register(struct step *step, unsigned int *number)
{
    unsigned int named = instruction_reg(&step->instruction);

    if (named > 7) {
        step_undefined(step, ": there is no DR%u", named);
        return false;
    }
    if ((named == 4 || named == 5) && (step->context->cpu->cr4 & CR4_DE) != 0) {
        step_undefined(step, ": CR4.DE is 1 and DR%u does not exist", named);
        return false;
    }
    *number = named == 4 || named == 5 ? named + 2 : named;
    return true;
}

/* General detect: every access is reported once; the handler may use them. [SDM 3A] 17.2.4. */
static bool is_guarded(struct step *step)
{
    struct sim_system *system = step->context->system;

    if ((system->dr7 & DR7_GD) == 0) {
        return false;
    }
    system->dr7 &= ~DR7_GD;
    system->dr6 |= DR6_BD;
    step_fault(step, VECTOR_DB, 0, ": DR7.GD is 1");
    return true;
}

static uint64_t *stored(struct sim_system *system, unsigned int number)
{
    return number == 7 ? &system->dr7 : number == 6 ? &system->dr6 : &system->dr[number & 3u];
}

static void write(struct step *step, unsigned int number)
{
    bool has_all = step->context->system->processor == SIM_PROCESSOR_INTEL;
    uint64_t value = step_register(step, instruction_rm(&step->instruction));

    if (step->instruction.code != SIM_WIDTH_64) {
        value &= UINT32_MAX;
    }
    if (number >= 6 && value >> 32 != 0) {
        step_refuse(step, ": bits 63:32 of DR%u are reserved", number);
        return;
    }
    if (number == 6) {
        value = has_all ? (value & (DR6_WRITABLE | DR6_INTEL)) | (DR6_ONES & ~DR6_INTEL)
                        : (value & DR6_WRITABLE) | DR6_ONES;
    } else if (number == 7) {
        value = (value & (DR7_WRITABLE | (has_all ? DR7_INTEL : 0))) | DR7_ONES;
    }
    *stored(step->context->system, number) = value;
    step_done(step);
}

void step_mov_dr(struct step *step)
{
    const struct instruction *instruction = &step->instruction;
    unsigned int number = 0;

    if (!step_is_privileged(step) || !find_register(step, &number) || is_guarded(step)) {
        return;
    }
    if (step->kind == SIM_KIND_MOV_TO_DR) {
        write(step, number);
        return;
    }
    step_set_register(step, instruction_rm(instruction), instruction->code == SIM_WIDTH_64 ? 8 : 4,
                      *stored(step->context->system, number));
    step_done(step);
}
