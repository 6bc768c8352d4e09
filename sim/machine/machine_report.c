/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine can say about itself when a run is over. */
#include "sim/machine/machine_report.h"

#include "sim/report/descriptor_audit.h"
#include "sim/machine/machine_internal.h"

void sim_machine_collect(struct sim_machine *machine, const struct sim_result *result,
                         struct sim_postmortem *postmortem)
{
    bool is_fault = result->stop == SIM_STOP_FAULT;
    struct sim_cpu cpu;
    struct sim_registers registers;
    const struct sim_postmortem_input input = {
        .result = result,
        .cpu = &cpu,
        .registers = &registers,
        .memory = &machine->memory,
        .image = machine->image,
        .delivery = &machine->last_delivery,
        .cause = is_fault && machine->last_cause[0] != '\0' ? machine->last_cause : NULL,
        .trace = &machine->trace,
        .findings = &machine->findings,
        .system = &machine->system,
        .unneeded_flushes = sim_machine_unneeded_flushes(machine),
    };

    machine_get_cpu(machine, &cpu);
    sim_engine_get_registers(machine->engine, &registers);
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
