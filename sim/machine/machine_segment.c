/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and rights of segments. In 64-bit code there are none; elsewhere, while
 * one of the segments in use does not allow everything, each instruction is
 * stepped and each of its accesses compared with its segment, before anything
 * else is. [SDM 3A] 5.3 to 5.5.
 *
 * Segments change with far transfers, IRET, SYSRET, task switches and deliveries,
 * after which they are looked at if the code is not 64-bit; and with instructions
 * that load one, before which the engine stops outside 64-bit code, unless it sees
 * at CPL 0 that the segment allows everything. Not looked at: null selectors in FS
 * and GS while all other segments allow everything, since that is how nearly all
 * 32-bit code runs; accesses with a CS prefix, likewise; anything with
 * SIM_MMU_ENGINE, which does not tell linear addresses.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/cpu/data_segment.h"
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_far.h"

enum {
    VECTOR_SS = 12,
    VECTOR_GP = 13
};

#define RFLAGS_VM (UINT64_C(1) << 17)

static bool is_null(const struct sim_segment *segment)
{
    return (segment->attributes & SIM_SEGMENT_S) == 0;
}

static bool has_limits(const struct sim_segment segments[SIM_TASK_SEGMENTS])
{
    const struct sim_segment *fs = &segments[SIM_SEGMENT_FS];
    const struct sim_segment *gs = &segments[SIM_SEGMENT_GS];

    return sim_segment_is_limited(&segments[SIM_SEGMENT_ES]) ||
           sim_segment_is_limited(&segments[SIM_SEGMENT_SS]) ||
           sim_segment_is_limited(&segments[SIM_SEGMENT_DS]) ||
           (!is_null(fs) && sim_segment_is_limited(fs)) ||
           (!is_null(gs) && sim_segment_is_limited(gs));
}

void machine_update_segments(struct sim_machine *machine)
{
    struct sim_cpu cpu;

    if (!machine->segments_changed && !machine->debug.limits) {
        return;
    }
    machine->segments_changed = false;
    machine->debug.limits = false;
    machine_get_cpu(machine, &cpu);
    if (machine->tlb == NULL || cpu.code == SIM_WIDTH_64 || sim_cpu_in_real_mode(&cpu) ||
        (cpu.rflags & RFLAGS_VM) != 0) {
        return;
    }
    sim_engine_get_segments(machine->engine, machine->segments);
    machine->debug.limits = has_limits(machine->segments);
}

void machine_expect_segments(struct sim_machine *machine)
{
    machine->segments_change = true;
    sim_engine_request_attention(machine->engine);
}

/* Alone, so that the next instruction meets the segment. */
bool machine_load_segment(const struct machine_encounter *encounter)
{
    struct sim_machine *machine = encounter->machine;

    if (encounter->cpu.code == SIM_WIDTH_64 ||
        !sim_instruction_loads_segment(encounter->code, encounter->length, encounter->cpu.code)) {
        return false;
    }
    machine->debug.watched = true;
    machine->segments_change = true;
    sim_engine_pass_instruction(machine->engine);
    return true;
}

/* CMPS reads at DS:ESI and at ES:EDI. */
static bool is_at_destination(struct sim_machine *machine, uint64_t linear)
{
    struct sim_registers registers;

    sim_engine_get_registers(machine->engine, &registers);
    return (uint32_t)linear == (uint32_t)(machine->segments[SIM_SEGMENT_ES].base + registers.rdi);
}

bool machine_is_beyond_segment(struct sim_machine *machine, uint64_t linear, unsigned int size,
                               enum sim_access_kind kind)
{
    static const char *const names[SIM_TASK_SEGMENTS] = {"ES", "CS", "SS", "DS", "FS", "GS"};
    struct machine_forbidden *forbidden = &machine->forbidden;
    struct sim_data_access access = {.kind = kind, .size = size};
    enum sim_segment_register number = SIM_SEGMENT_DS;
    uint8_t code[SIM_INSTRUCTION_MAX];
    const char *why = NULL;
    struct sim_cpu cpu;

    if (!machine->debug.limits || kind == SIM_ACCESS_FETCH) {
        return false;
    }
    machine_get_cpu(machine, &cpu);
    number = sim_instruction_data_segment(code, machine_read_code(machine, &cpu, code, sizeof code),
                                          cpu.code, kind, is_at_destination(machine, linear));
    access.offset = (uint32_t)linear - machine->segments[number].base;
    why = sim_segment_refuse(&machine->segments[number], &access);
    if (why == NULL) {
        return false;
    }
    forbidden->vector = number == SIM_SEGMENT_SS ? VECTOR_SS : VECTOR_GP;
    (void)snprintf(forbidden->cause, sizeof forbidden->cause,
                   "%u bytes at %s:0x%" PRIx32 ": the segment %s", size, names[number],
                   access.offset, why);
    return true;
}
