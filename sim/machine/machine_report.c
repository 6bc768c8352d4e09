/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine can say about itself when a run is over. */
#include "sim/machine/machine_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/report/descriptor_audit.h"
#include "sim/machine/machine_internal.h"

/* [SDM 4] table 2-2 */
#define MSR_FS_BASE        UINT32_C(0xC0000100)
#define MSR_GS_BASE        UINT32_C(0xC0000101)
#define MSR_KERNEL_GS_BASE UINT32_C(0xC0000102)

void sim_machine_collect(struct sim_machine *machine, const struct sim_result *result,
                         struct sim_postmortem *postmortem)
{
    struct sim_cpu cpu;
    struct sim_registers registers;
    uint64_t branch = 0;
    bool branched = machine_find_branch(machine, &branch);
    const struct sim_postmortem_bases bases = {
        .fs = sim_engine_get_msr(machine->engine, MSR_FS_BASE),
        .gs = sim_engine_get_msr(machine->engine, MSR_GS_BASE),
        .kernel_gs = sim_engine_get_msr(machine->engine, MSR_KERNEL_GS_BASE),
    };
    struct sim_postmortem_input input = {
        .result = result,
        .cpu = &cpu,
        .registers = &registers,
        .memory = &machine->memory,
        .image = machine->image,
        .delivery = &machine->last_delivery,
        .cause = machine->last_cause,
        .branch = branched ? &branch : NULL,
        .trace = &machine->trace,
        .findings = &machine->findings,
        .system = &machine->system,
        .unneeded_flushes = sim_machine_unneeded_flushes(machine),
    };

    machine_get_cpu(machine, &cpu);
    sim_engine_get_registers(machine->engine, &registers);
    input.bases = sim_cpu_in_long_mode(&cpu) ? &bases : NULL;
    sim_postmortem_collect(postmortem, &input);
}

void sim_machine_audit_descriptors(struct sim_machine *machine)
{
    struct sim_cpu cpu;
    const struct sim_mmu mmu = {&cpu, &machine->memory};

    machine_get_cpu(machine, &cpu);
    (void)sim_audit_descriptors(&mmu, SIM_AUDIT_ALL | SIM_AUDIT_ADVICE, &machine->findings);
}

size_t sim_machine_audit_tlb(struct sim_machine *machine)
{
    struct sim_cpu cpu;

    if (machine->tlb == NULL) {
        return 0;
    }
    machine_get_cpu(machine, &cpu);
    return sim_tlb_audit(machine->tlb, &cpu);
}

void sim_machine_name_instruction(const struct sim_machine *machine, uint64_t rip, char *text,
                                  size_t size)
{
    char symbol[128] = "";
    char line[256] = "";

    if (machine->image != NULL) {
        sim_image_name_address(machine->image, rip, symbol, sizeof symbol);
        sim_image_find_line(machine->image, rip, line, sizeof line);
    }
    if (symbol[0] == '\0') {
        (void)snprintf(text, size, "0x%" PRIx64, rip);
    } else {
        (void)snprintf(text, size, line[0] == '\0' ? "%s" : "%s (%s)", symbol, line);
    }
}
