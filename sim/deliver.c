/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A delivery is a row of checks, each of which may raise an exception of its
 * own, then one write of the frame and a change of five registers. The checks
 * stand here in the order of the pseudocode of INT n [SDM 2]: gate, code
 * segment, stack, entry point, push. Everything the processor reads on the way
 * it reads as an implicit supervisor access through the guest's tables.
 *
 * What an exception raised by a check leads to depends on the exception being
 * delivered: benign ones are set aside and the new one is delivered; two that
 * contribute make a double fault; a double fault that fails is a shutdown.
 */
#include "sim/deliver_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_IF (UINT64_C(1) << 9)
#define RFLAGS_NT (UINT64_C(1) << 14)
#define RFLAGS_RF (UINT64_C(1) << 16)
#define RFLAGS_VM (UINT64_C(1) << 17)

static bool is_canonical(uint64_t linear)
{
    uint64_t high = linear >> 47;

    return high == 0 || high == 0x1FFFF;
}

/* RSPn at byte 4 + 8n, ISTn at byte 28 + 8n of the TSS. [SDM 3A] figure 8-11. */
static bool read_tss_stack(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int ist = attempt->gate.ist;
    uint32_t offset = ist == 0 ? 4 + 8 * attempt->privilege : 28 + 8 * ist;
    char name[16];
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    (void)snprintf(name, sizeof name, ist == 0 ? "TSS.RSP%u" : "TSS.IST%u",
                   ist == 0 ? attempt->privilege : ist);
    if (offset + 7 > cpu->tss.limit) {
        return deliver_fail(attempt, VECTOR_TS, deliver_selector_error(attempt, cpu->tr),
                            "%s: %s (TR 0x%x, limit 0x%" PRIx32 ")", name,
                            cpu->tr == 0 ? "no TSS is loaded" : "outside the TSS", cpu->tr,
                            cpu->tss.limit);
    }
    result = sim_mmu_read(&attempt->mmu, cpu->tss.base + offset, &attempt->stack,
                          sizeof attempt->stack, &failure);
    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure, name);
    }
    if (!is_canonical(attempt->stack)) {
        return deliver_fail(attempt, VECTOR_SS, deliver_external_bit(attempt),
                            "%s: 0x%" PRIx64 " is not canonical", name, attempt->stack);
    }
    return true;
}

static bool find_stack(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;

    if (attempt->gate.ist != 0 || attempt->privilege < sim_cpu_privilege(cpu)) {
        return read_tss_stack(attempt);
    }
    attempt->stack = cpu->rsp;
    return true;
}

/* Benign, contributory, page fault, double fault. [SDM 3A] table 6-4. */
enum severity {
    BENIGN,
    CONTRIBUTORY,
    PAGE_FAULT,
    DOUBLE_FAULT
};

static enum severity severity_of(const struct sim_exception *exception)
{
    if (exception->software) {
        return BENIGN;
    }
    switch (exception->vector) {
    case 0:
    case VECTOR_TS:
    case VECTOR_NP:
    case VECTOR_SS:
    case VECTOR_GP:
    case 21:
        return CONTRIBUTORY;
    case VECTOR_PF:
    case 20:
        return PAGE_FAULT;
    case VECTOR_DF:
        return DOUBLE_FAULT;
    default:
        return BENIGN;
    }
}

/* RFLAGS as pushed: faults set RF, so that a breakpoint does not hit twice. [SDM 3B] 17.3.1.1. */
static uint64_t pushed_flags(const struct sim_cpu *cpu, const struct sim_exception *exception)
{
    bool is_trap = exception->software || exception->vector == 1 || exception->vector == 3 ||
                   exception->vector == 4 || exception->vector >= 32;

    return is_trap ? cpu->rflags : cpu->rflags | RFLAGS_RF;
}

/* Error code (if any), RIP, CS, RFLAGS, RSP, SS from the lowest address up. [SDM 3A] figure 6-9. */
static bool push_frame(struct deliver_attempt *attempt, uint64_t *top)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    const struct sim_exception *exception = attempt->exception;
    const uint64_t frame[] = {exception->error_code,        cpu->rip, cpu->cs,
                              pushed_flags(cpu, exception), cpu->rsp, cpu->ss};
    unsigned int skipped = exception->has_error_code ? 0 : 1;
    size_t size = sizeof frame - skipped * sizeof frame[0];
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    *top = (attempt->stack & ~UINT64_C(15)) - size;
    result = sim_mmu_write(&attempt->mmu, *top, frame + skipped, size, &failure);
    if (result == SIM_TRANSFER_DONE) {
        return true;
    }
    if (result == SIM_TRANSFER_FAULT && failure.walk.outcome == SIM_WALK_NONCANONICAL) {
        return deliver_fail(attempt, VECTOR_SS, deliver_external_bit(attempt),
                            "push to the stack at 0x%" PRIx64 ": the address is not canonical",
                            failure.access.linear);
    }
    return deliver_fail_transfer(attempt, result, &failure, "push to the stack");
}

/* One exception, no escalation. */
static bool try_delivery(struct deliver_attempt *attempt, struct sim_cpu *cpu)
{
    uint64_t top = 0;

    if (!deliver_find_handler(attempt) || !find_stack(attempt)) {
        return false;
    }
    if (!is_canonical(attempt->gate.handler)) {
        return deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "IDT[%u]: the handler's address 0x%" PRIx64 " is not canonical",
                            attempt->exception->vector, attempt->gate.handler);
    }
    if (!push_frame(attempt, &top)) {
        return false;
    }
    if (attempt->privilege < sim_cpu_privilege(cpu)) {
        cpu->ss = (uint16_t)attempt->privilege; /* a null selector with this RPL */
    }
    cpu->cs = (uint16_t)((attempt->gate.selector & ~3u) | attempt->privilege);
    cpu->rip = attempt->gate.handler;
    cpu->rsp = top;
    cpu->rflags &= ~(RFLAGS_TF | RFLAGS_NT | RFLAGS_RF | RFLAGS_VM);
    if (attempt->gate.type == GATE_INTERRUPT) {
        cpu->rflags &= ~RFLAGS_IF;
    }
    return true;
}

/* What is delivered after @p second came up on the way to @p first. [SDM 3A] table 6-5. */
static struct sim_exception combine(const struct sim_exception *first,
                                    const struct sim_exception *second)
{
    enum severity was = severity_of(first);
    enum severity is = severity_of(second);
    bool doubles = (was == CONTRIBUTORY && is == CONTRIBUTORY) ||
                   (was == PAGE_FAULT && (is == CONTRIBUTORY || is == PAGE_FAULT));

    if (doubles) {
        return (struct sim_exception){.vector = VECTOR_DF, .has_error_code = true};
    }
    return *second;
}

/* Adds "; then vector 8: TEXT" to the reasons so far. */
static void add_reason(struct sim_delivery_reason *reasons, const struct deliver_attempt *attempt)
{
    size_t length = strlen(reasons->text);

    (void)snprintf(reasons->text + length, sizeof reasons->text - length, "%s%s",
                   length == 0 ? "" : "; then ", attempt->reason.text);
}

bool sim_deliver(const struct sim_memory *memory, struct sim_cpu *cpu,
                 struct sim_exception exception, struct sim_delivery_reason *reason)
{
    struct sim_cpu trial = *cpu;
    struct sim_delivery_reason reasons = {""};

    for (;;) {
        struct deliver_attempt attempt = {.mmu = {&trial, memory}, .exception = &exception};

        if (try_delivery(&attempt, &trial)) {
            *cpu = trial;
            return true;
        }
        add_reason(&reasons, &attempt);
        if (trial.idt.limit == 0 || attempt.shutdown || severity_of(&exception) == DOUBLE_FAULT) {
            *reason = reasons;
            return false;
        }
        if (attempt.obstacle.vector == VECTOR_PF) {
            trial.cr2 = attempt.fault_address;
        }
        exception = combine(&exception, &attempt.obstacle);
    }
}
