/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handler's stack. It is the interrupted one, unless the handler is more
 * privileged or, in IA-32e mode, the gate names an IST entry: then the TSS says
 * where. Protected mode takes SS from there too and checks it; IA-32e mode
 * makes SS null and asks only for a canonical address. [SDM 3A] 6.12.1, 6.14.
 */
#include "sim/cpu/deliver_internal.h"

#include <inttypes.h>
#include <stdio.h>

/* Reads a field of the TSS that holds a stack pointer. */
static bool read_tss(struct deliver_attempt *attempt, uint32_t offset, size_t size,
                     const char *name)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    struct sim_transfer_failure failure;
    enum sim_transfer result = SIM_TRANSFER_DONE;
    uint64_t value = 0;

    if (offset + size - 1 > cpu->tss.limit) {
        return deliver_fail(attempt, VECTOR_TS, deliver_selector_error(attempt, cpu->tr),
                            "%s: %s (TR 0x%x, limit 0x%" PRIx32 ")", name,
                            cpu->tr == 0 ? "no TSS is loaded" : "outside the TSS", cpu->tr,
                            cpu->tss.limit);
    }
    result = sim_mmu_read(&attempt->mmu, cpu->tss.base + offset, &value, size, &failure);
    if (result != SIM_TRANSFER_DONE) {
        return deliver_fail_transfer(attempt, result, &failure, name);
    }
    attempt->stack.pointer = value;
    return true;
}

/* RSPn at byte 4 + 8n, ISTn at byte 28 + 8n of the TSS. [SDM 3A] figure 8-11. */
static bool find_long_stack(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    unsigned int ist = attempt->gate.ist;
    unsigned int number = ist == 0 ? attempt->privilege : ist;
    char name[16] = "the stack";

    attempt->stack.selector = (uint16_t)attempt->privilege; /* null, with this RPL */
    if (ist != 0 || attempt->stack.switched) {
        (void)snprintf(name, sizeof name, ist == 0 ? "TSS.RSP%u" : "TSS.IST%u", number);
        (void)snprintf(attempt->stack.name, sizeof attempt->stack.name, "the stack of %.9s", name);
        if (!read_tss(attempt, (ist == 0 ? 4 : 28) + 8 * number, 8, name)) {
            return false;
        }
    } else {
        attempt->stack.pointer = cpu->code == SIM_WIDTH_64 ? cpu->rsp : (uint32_t)cpu->rsp;
    }
    if (!sim_cpu_is_canonical(cpu, attempt->stack.pointer)) {
        return deliver_fail(attempt, VECTOR_SS, deliver_external_bit(attempt),
                            "%s: 0x%" PRIx64 " is not canonical", name, attempt->stack.pointer);
    }
    return true;
}

static bool check_new_segment(struct deliver_attempt *attempt, const char *name)
{
    const struct sim_segment *segment = &attempt->stack.segment;
    uint16_t selector = attempt->stack.selector;
    uint32_t error = deliver_selector_error(attempt, selector);

    if (sim_segment_dpl(segment) != attempt->privilege) {
        return deliver_fail(attempt, VECTOR_TS, error,
                            "%s: selector 0x%x has DPL %u, the handler runs at CPL %u", name,
                            selector, sim_segment_dpl(segment), attempt->privilege);
    }
    if (!sim_segment_is_writable_data(segment)) {
        return deliver_fail(attempt, VECTOR_TS, error,
                            "%s: selector 0x%x is not a writable data segment but a %s segment",
                            name, selector, sim_segment_kind(segment));
    }
    if ((segment->attributes & SIM_SEGMENT_PRESENT) == 0) {
        return deliver_fail(attempt, VECTOR_SS, error, "%s: selector 0x%x is not present", name,
                            selector);
    }
    return true;
}

/* ESPn at byte 4 + 8n, SSn after it. [SDM 3A] figure 8-2. */
static bool switch_protected_stack(struct deliver_attempt *attempt)
{
    uint16_t selector = 0;
    uint64_t address = 0;
    char name[16];

    (void)snprintf(name, sizeof name, "TSS.SS%u", attempt->privilege);
    if (!read_tss(attempt, 4 + 8 * attempt->privilege, 6, name)) {
        return false;
    }
    selector = (uint16_t)(attempt->stack.pointer >> 32);
    attempt->stack.pointer = (uint32_t)attempt->stack.pointer;
    attempt->stack.selector = selector;
    if ((selector & 0xFFFCu) == 0) {
        return deliver_fail(attempt, VECTOR_TS, deliver_external_bit(attempt),
                            "%s: the selector is null", name);
    }
    if (!sim_segment_find(attempt->mmu.cpu, selector, &address)) {
        return deliver_fail(attempt, VECTOR_TS, deliver_selector_error(attempt, selector),
                            "%s: selector 0x%x is outside the descriptor table", name, selector);
    }
    if ((selector & 3u) != attempt->privilege) {
        return deliver_fail(attempt, VECTOR_TS, deliver_selector_error(attempt, selector),
                            "%s: selector 0x%x has RPL %u, the handler runs at CPL %u", name,
                            selector, selector & 3u, attempt->privilege);
    }
    return deliver_read_descriptor(attempt, address, "the stack segment's descriptor",
                                   &attempt->stack.segment) &&
           check_new_segment(attempt, name);
}

static bool find_protected_stack(struct deliver_attempt *attempt)
{
    const struct sim_segment *segment = &attempt->stack.segment;
    uint32_t size = (uint32_t)deliver_frame_size(attempt);
    uint32_t offset = 0;

    if (attempt->stack.switched) {
        if (!switch_protected_stack(attempt)) {
            return false;
        }
    } else {
        attempt->stack.pointer = (uint32_t)attempt->mmu.cpu->rsp;
        attempt->stack.segment = sim_segment_current_stack(&attempt->mmu);
    }
    offset = (uint32_t)attempt->stack.pointer - size;
    if ((segment->attributes & SIM_SEGMENT_BIG) == 0) {
        offset &= 0xFFFF;
    }
    if (!sim_segment_has_room(segment, offset, size)) {
        uint16_t selector = attempt->stack.switched ? attempt->stack.selector : 0;

        return deliver_fail(
            attempt, VECTOR_SS, deliver_selector_error(attempt, selector),
            "the stack 0x%x:0x%" PRIx64 " has no room for %" PRIu32 " bytes (%s, limit 0x%" PRIx32
            ")",
            attempt->stack.switched ? selector : attempt->mmu.cpu->ss, attempt->stack.pointer, size,
            (segment->attributes & SIM_SEGMENT_EXPAND_DOWN) != 0 ? "expands down" : "expands up",
            segment->limit);
    }
    return true;
}

bool deliver_find_stack(struct deliver_attempt *attempt)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;

    (void)snprintf(attempt->stack.name, sizeof attempt->stack.name, "the stack");
    attempt->stack.switched = attempt->privilege < sim_cpu_current_privilege(cpu);
    return sim_cpu_in_long_mode(cpu) ? find_long_stack(attempt) : find_protected_stack(attempt);
}
