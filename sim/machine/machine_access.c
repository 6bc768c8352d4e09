/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each access of an instruction that is stepped is compared with: its segment
 * (machine_segment.c), then its alignment.
 *
 * #AC. While CR0.AM and RFLAGS.AC are 1 at CPL 3, each instruction is stepped and
 * each of its accesses looked at: data has to be aligned to its size, which is
 * what table 6-7 says of the parts that the engine accesses. An access of the
 * processor's own is exempt: those of descriptors. A page fault comes first, and
 * so does #GP where a processor always wants alignment. [SDM 3A] 6.15,
 * interrupt 17; table 6-2.
 *
 * The flag comes with IRET, SYSRET, SYSEXIT, RET to CPL 3 and with POPF there:
 * the engine looks after these, and everything else is as fast as ever.
 */
#include "sim/machine/machine_access.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/machine/machine_debug.h"

enum {
    VECTOR_AC = 17,
    DESCRIPTOR_PART = 4 /* bytes the engine accesses at once */
};

#define CR0_AM    (UINT64_C(1) << 18)
#define RFLAGS_AC (UINT64_C(1) << 18)

void machine_expect_alignment(struct sim_machine *machine, const struct sim_cpu *cpu,
                              uint64_t rflags)
{
    if ((cpu->cr0 & CR0_AM) != 0 && (rflags & RFLAGS_AC) != 0) {
        sim_engine_request_look(machine->engine);
    }
}

static bool is_within(const struct sim_table *table, uint64_t linear)
{
    return linear - table->base <= table->limit;
}

/* Without the own MMU nobody knows the linear address. */
static bool is_descriptor(struct sim_machine *machine, uint64_t linear, unsigned int size)
{
    uint8_t code[SIM_INSTRUCTION_MAX];
    struct sim_cpu cpu;

    machine_get_cpu(machine, &cpu);
    return size == DESCRIPTOR_PART &&
           (machine->tlb == NULL || is_within(&cpu.gdt, linear) || is_within(&cpu.ldt, linear)) &&
           sim_instruction_reads_descriptor(
               code, machine_read_code(machine, &cpu, code, sizeof code), cpu.code);
}

static bool is_misaligned(struct sim_machine *machine, uint64_t linear, unsigned int size)
{
    struct machine_forbidden *forbidden = &machine->forbidden;

    if (!machine->debug.aligns || linear % size == 0) {
        return false;
    }
    forbidden->vector = VECTOR_AC;
    (void)snprintf(forbidden->cause, sizeof forbidden->cause,
                   "the %u bytes at 0x%" PRIx64 " are not aligned", size, linear);
    return true;
}

bool machine_note_access(void *context, uint64_t linear, unsigned int size,
                         enum sim_access_kind kind)
{
    struct sim_machine *machine = context;

    machine_debug_note_access(machine, linear, size, kind);
    if (machine->forbidden.vector != 0) {
        return false; /* the first one counts */
    }
    if (is_descriptor(machine, linear, size)) {
        return true;
    }
    return !machine_is_beyond_segment(machine, linear, size, kind) &&
           !is_misaligned(machine, linear, size);
}

bool machine_handle_forbidden(struct sim_machine *machine, struct sim_result *result)
{
    const struct sim_exception fault = {.vector = machine->forbidden.vector,
                                        .has_error_code = true};

    return machine_deliver(machine, &fault, machine->forbidden.cause, result);
}
