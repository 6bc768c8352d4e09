/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task gate names a TSS instead of a handler: the processor switches tasks, and
 * the handler is wherever the other task stopped. It has a stack of its own even
 * when the current one is ruined, which is why 32-bit kernels deliver #DF this
 * way. [SDM 3A] 6.12.2.
 */
#include "sim/cpu/deliver_internal.h"

bool deliver_switch_task(struct deliver_attempt *attempt, struct sim_cpu *cpu,
                         struct sim_task *task)
{
    const struct sim_exception *exception = attempt->exception;
    const struct sim_task_switch wanted = {
        .cause = SIM_TASK_EVENT,
        .selector = attempt->gate.selector,
        .next = cpu->rip,
        .flags = deliver_pushed_flags(cpu, exception),
        .is_external = deliver_external_bit(attempt) != 0,
        .has_error_code = exception->has_error_code,
        .error_code = exception->error_code,
    };
    struct sim_task_result result = sim_task_switch(&wanted, cpu, task, attempt->mmu.memory);

    if (result.refused) {
        return deliver_refuse(attempt, "IDT[%u]: %s", exception->vector, result.check.reason);
    }
    if (result.check.faults) {
        attempt->fault_address = result.check.fault_address;
        return deliver_fail(attempt, result.check.exception.vector,
                            result.check.exception.error_code, "IDT[%u]: %s", exception->vector,
                            result.check.reason);
    }
    return true;
}
