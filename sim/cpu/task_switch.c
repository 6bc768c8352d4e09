/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps are those of [SDM 3A] 7.3. Everything up to the new TSS and the
 * writes to both is checked first: a fault there is the current task's and
 * nothing has changed. After that the new task is the current one, and what is
 * wrong with its segments is its own fault, before its first instruction.
 */
#include "sim/cpu/task_switch_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TYPE_TSS_16 = 0x1, /* [SDM 3A] table 3-2; a busy one has bit 1 set */
    TYPE_TSS = 0x9,
    TYPE_BUSY = 0x2,
    LAST_BYTE = TASK_BYTES - 1,          /* the least limit. [SDM 3A] 7.2.2 */
    LAST_BYTE_SAVED = TASK_SEGMENTS + 23 /* GS is the last of what is saved */
};

#define CR0_TS    (UINT64_C(1) << 3)
#define RFLAGS_NT (UINT64_C(1) << 14)
#define RFLAGS_VM (UINT64_C(1) << 17)
#define BUSY_BYTE 5u /* of a descriptor: the one with the type */

bool task_refuse(struct task_attempt *task, unsigned int vector, const char *name,
                 uint16_t selector, const char *why)
{
    uint32_t error = (selector & 0xFFFCu) | (task->wanted->is_external ? 1 : 0);

    return return_fail(&task->attempt, vector, error, "%s selector 0x%x %s", name, selector, why);
}

/* What the processor cannot reach: a page fault, or nobody knows. */
static bool fail_access(struct task_attempt *task, const struct sim_transfer_failure *failure,
                        const char *what)
{
    bool mapped = failure->walk.outcome == SIM_WALK_MAPPED;

    task->attempt.unknown = mapped || failure->walk.outcome == SIM_WALK_NO_TABLE;
    if (!task->attempt.unknown) {
        return return_fail_access(&task->attempt, failure, what);
    }
    (void)snprintf(task->attempt.check.reason, sizeof task->attempt.check.reason,
                   "%s: %s at 0x%" PRIx64 " is not backed by RAM", task->attempt.name, what,
                   failure->access.linear);
    return false;
}

static bool refuse(struct task_attempt *task, const char *why)
{
    task->attempt.unknown = true;
    (void)snprintf(task->attempt.check.reason, sizeof task->attempt.check.reason, "%s: %s",
                   task->attempt.name, why);
    return false;
}

bool task_read(struct task_attempt *task, uint64_t linear, void *buffer, size_t size,
               const char *what)
{
    const struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_transfer_failure failure;

    return return_peek(&task->attempt, access, buffer, size, &failure) ||
           fail_access(task, &failure, what);
}

bool task_may_write(struct task_attempt *task, uint64_t linear, size_t size, const char *what)
{
    const struct sim_mmu *mmu = &task->attempt.mmu;
    const uint64_t ends[] = {linear, linear + size - 1}; /* it has two pages at most */

    for (size_t i = 0; i < 2; i++) {
        struct sim_transfer_failure failure = {
            .access = {(uint32_t)ends[i], SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR}};

        failure.walk = sim_mmu_walk(mmu->cpu, mmu->memory, failure.access);
        if (failure.walk.outcome != SIM_WALK_MAPPED || failure.walk.physical >= mmu->memory->size) {
            return fail_access(task, &failure, what);
        }
    }
    return true;
}

void task_write(const struct task_attempt *task, uint64_t linear, const void *bytes, size_t size)
{
    struct sim_transfer_failure failure;
    enum sim_transfer transfer = sim_mmu_write(&task->attempt.mmu, linear, bytes, size, &failure);

    (void)transfer; /* was checked */
}

/* Which TSS it leads to. [SDM 3A] table 7-1, the first half */
static bool find_tss(struct task_attempt *task)
{
    bool returns = task->wanted->cause == SIM_TASK_RETURN;
    unsigned int vector = returns ? VECTOR_TS : VECTOR_GP;
    uint64_t address = 0;
    uint64_t descriptor = 0;
    unsigned int type = 0;

    if ((task->selector & 0xFFFCu) == 0 || (task->selector & 4u) != 0 ||
        !sim_segment_find(task->attempt.mmu.cpu, task->selector, &address)) {
        return task_refuse(task, vector, "TSS", task->selector, "is not in the GDT");
    }
    if (!task_read(task, address, &descriptor, sizeof descriptor, "the TSS descriptor")) {
        return false;
    }
    task->tss = sim_segment_decode(address, descriptor);
    type = task->tss.attributes >> 8 & 0x1F;
    if ((type & ~(unsigned int)TYPE_BUSY) == TYPE_TSS_16) {
        return refuse(task, "a 16-bit TSS, which is not simulated");
    }
    if ((type & ~(unsigned int)TYPE_BUSY) != TYPE_TSS) {
        return task_refuse(task, vector, "TSS", task->selector, "is no TSS");
    }
    if (((type & TYPE_BUSY) != 0) != returns) {
        return task_refuse(task, vector, "TSS", task->selector,
                           returns ? "is not busy: nobody called from it" : "is busy already");
    }
    if ((task->tss.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return task_refuse(task, VECTOR_NP, "TSS", task->selector, "is not present");
    }
    return task->tss.limit >= LAST_BYTE ||
           task_refuse(task, VECTOR_TS, "TSS", task->selector, "has a limit below 0x67");
}

/* Where the current task is saved, and for a return, where it leads back to. */
static bool find_current(struct task_attempt *task)
{
    const struct sim_cpu *cpu = task->attempt.mmu.cpu;

    if ((cpu->tr & 0xFFFCu) == 0 || cpu->tss.limit < LAST_BYTE_SAVED) {
        return task_refuse(task, VECTOR_TS, "TR", cpu->tr,
                           "names no TSS that the current task could be saved in");
    }
    if (task->wanted->cause != SIM_TASK_RETURN) {
        task->selector = task->wanted->selector;
        return true;
    }
    return task_read(task, cpu->tss.base + TASK_LINK, &task->selector, sizeof task->selector,
                     "the link of the TSS");
}

static bool is_nested(const struct task_attempt *task)
{
    return task->wanted->cause == SIM_TASK_CALL || task->wanted->cause == SIM_TASK_EVENT;
}

/* Whether all can be written that the switch writes, and the new TSS be read. */
static bool check_memory(struct task_attempt *task, uint64_t current_descriptor)
{
    const struct sim_cpu *cpu = task->attempt.mmu.cpu;
    bool nested = is_nested(task);

    return task_may_write(task, cpu->tss.base + TASK_EIP, LAST_BYTE_SAVED + 1 - TASK_EIP,
                          "the current TSS") &&
           (nested ? task_may_write(task, task->tss.base + TASK_LINK, 2, "the new TSS")
                   : task_may_write(task, current_descriptor + BUSY_BYTE, 1,
                                    "the current TSS's descriptor")) &&
           task_may_write(task, task->tss.address + BUSY_BYTE, 1, "the new TSS's descriptor") &&
           task_read(task, task->tss.base, task->image, sizeof task->image, "the new TSS");
}

/* Busy bits and the link. [SDM 3A] table 7-2 */
static void mark_tasks(const struct task_attempt *task, uint64_t current_descriptor)
{
    const struct sim_mmu *mmu = &task->attempt.mmu;
    uint8_t type = 0;

    if (is_nested(task)) {
        task_write(task, task->tss.base + TASK_LINK, &mmu->cpu->tr, sizeof mmu->cpu->tr);
    } else if (sim_mmu_peek(mmu, current_descriptor + BUSY_BYTE, &type, 1)) {
        type &= (uint8_t)~TYPE_BUSY;
        task_write(task, current_descriptor + BUSY_BYTE, &type, 1);
    }
    type = (uint8_t)(task->tss.attributes >> 8 | TYPE_BUSY);
    task_write(task, task->tss.address + BUSY_BYTE, &type, 1);
}

/* The new task's registers, and TR. */
static void enter(const struct task_attempt *task, struct sim_cpu *cpu, struct sim_task *loaded)
{
    task_load_registers(task, cpu, loaded);
    cpu->tr = task->selector;
    cpu->tss = (struct sim_table){task->tss.base, task->tss.limit};
    cpu->cr0 |= CR0_TS;
    cpu->rflags |= is_nested(task) ? RFLAGS_NT : 0;
    loaded->switched = true;
}

/* As the new task's first act. [SDM 2] INT n, TASK-GATE */
static bool push_error_code(struct task_attempt *task, struct sim_cpu *cpu, struct sim_task *loaded)
{
    const struct sim_segment *stack = &loaded->segments[SIM_SEGMENT_SS];
    uint32_t mask = cpu->stack == SIM_WIDTH_32 ? UINT32_MAX : UINT16_MAX;
    uint32_t top = ((uint32_t)cpu->rsp & ~mask) | (((uint32_t)cpu->rsp - 4) & mask);
    const struct sim_access access = {(uint32_t)(stack->base + (top & mask)), SIM_ACCESS_WRITE,
                                      sim_cpu_privilege(cpu) == 3 ? SIM_MODE_USER
                                                                  : SIM_MODE_SUPERVISOR};
    struct sim_transfer_failure failure;

    if (!sim_segment_has_room(stack, top & mask, 4)) {
        return return_fail(&task->attempt, VECTOR_SS, task->wanted->is_external ? 1 : 0,
                           "the stack 0x%x:0x%" PRIx64 " has no room for the error code", cpu->ss,
                           cpu->rsp);
    }
    if (sim_mmu_write_as(&task->attempt.mmu, access, &task->wanted->error_code, 4, &failure) !=
        SIM_TRANSFER_DONE) {
        return fail_access(task, &failure, "the push of the error code");
    }
    cpu->rsp = top;
    loaded->registers[4] = top;
    return true;
}

/* In the context of the new task. */
static bool begin(struct task_attempt *task, struct sim_cpu *cpu, struct sim_task *loaded)
{
    if (!task_load_segments(task, cpu, loaded) ||
        (task->wanted->has_error_code && !push_error_code(task, cpu, loaded))) {
        return false;
    }
    return cpu->rip <= loaded->segments[SIM_SEGMENT_CS].limit ||
           return_fail(&task->attempt, VECTOR_GP, task->wanted->is_external ? 1 : 0,
                       "EIP 0x%" PRIx64 " of the TSS is beyond the limit 0x%" PRIx32
                       " of its code segment",
                       cpu->rip, loaded->segments[SIM_SEGMENT_CS].limit);
}

static bool is_virtual_8086(const struct task_attempt *task)
{
    uint32_t flags = 0;

    memcpy(&flags, task->image + TASK_EFLAGS, sizeof flags);
    return (flags & RFLAGS_VM) != 0;
}

struct sim_task_result sim_task_switch(const struct sim_task_switch *wanted, struct sim_cpu *cpu,
                                       struct sim_task *task, const struct sim_memory *memory)
{
    const struct sim_cpu before = *cpu;
    const uint64_t current_descriptor = cpu->gdt.base + (cpu->tr & 0xFFF8u);
    struct task_attempt attempt = {
        .attempt = {.mmu = {&before, memory}, .name = "task switch"},
        .wanted = wanted,
    };

    if (find_current(&attempt) && find_tss(&attempt) &&
        check_memory(&attempt, current_descriptor)) {
        if (is_virtual_8086(&attempt)) {
            (void)refuse(&attempt, "a task in virtual-8086 mode, which is not simulated");
        } else {
            task_save(&attempt, task);
            mark_tasks(&attempt, current_descriptor);
            enter(&attempt, cpu, task);
            attempt.attempt.mmu.cpu = cpu;
            (void)begin(&attempt, cpu, task);
        }
    }
    return (struct sim_task_result){attempt.attempt.check, attempt.attempt.unknown};
}
