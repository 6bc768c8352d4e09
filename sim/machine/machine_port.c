/* SPDX-License-Identifier: GPL-2.0-or-later */
/* I/O permissions, for which IN and OUT stop the engine at CPL 3 only. [SDM 1] 19.5 */
#include <stdio.h>

#include "sim/cpu/io_permission.h"
#include "sim/machine/machine_far.h"
#include "sim/machine/machine_internal.h"

enum {
    VECTOR_GP = 13
};

bool machine_access_port(struct machine_encounter *encounter, struct sim_result *result)
{
    struct sim_machine *machine = encounter->machine;
    const struct sim_mmu mmu = {&encounter->cpu, &machine->memory};
    const struct sim_exception refused = {.vector = VECTOR_GP, .has_error_code = true};
    struct sim_instruction_io io;
    char cause[96];
    uint16_t port = 0;

    if (sim_instruction_io(encounter->code, encounter->length, encounter->cpu.code, &io)) {
        port = io.is_immediate ? io.port : (uint16_t)encounter->registers.rdx;
        if (!sim_io_is_permitted(&mmu, port, io.width)) {
            (void)snprintf(cause, sizeof cause, "port 0x%x is not allowed at CPL %u with IOPL %u",
                           port, sim_cpu_privilege(&encounter->cpu),
                           (unsigned int)(encounter->cpu.rflags >> 12) & 3u);
            return machine_deliver(machine, &refused, cause, result);
        }
    }
    sim_engine_pass_instruction(machine->engine);
    return true;
}
