/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Call gates outside IA-32e mode. A gate has 8 bytes and leads to code of the same
 * or of more privilege; with more, the TSS says where the stack is, SS and ESP of
 * the caller are pushed, then as many words of its stack as the gate says, then
 * the return address. The words have 16 or 32 bits, as the gate's type says.
 * [SDM 3A] 5.8.3 to 5.8.5; [SDM 2] CALL, JMP, "CALL-GATE".
 */
#include <inttypes.h>
#include <string.h>

#include "sim/cpu/far_transfer_internal.h"

enum {
    MAX_PARAMETERS = 31,
    MAX_FRAME = 4 * (MAX_PARAMETERS + 4), /* bytes: parameters, CS:EIP, SS:ESP */
    GATE_32_BIT = 1 << 11                 /* of the upper half. [SDM 3A] table 3-2 */
};

#define RFLAGS_RF (UINT64_C(1) << 16)

/* A stack: the one in use, or that of the TSS. */
struct stack {
    uint16_t selector;
    uint32_t pointer; /* ESP */
    struct sim_segment segment;
};

struct passage {
    struct far_attempt *far;
    uint32_t word;           /* bytes of one */
    unsigned int parameters; /* words to copy */
    struct stack outer, inner;
};

static uint32_t mask_of(const struct stack *stack)
{
    return (stack->segment.attributes & SIM_SEGMENT_BIG) != 0 ? UINT32_MAX : UINT16_MAX;
}

/* Reads the gate and takes the target from it. [SDM 3A] figure 5-8. */
static bool read_gate(struct passage *passage, uint64_t address)
{
    struct far_attempt *far = passage->far;
    struct return_attempt *attempt = &far->attempt;
    uint32_t half[2] = {0};

    if (!far_read_implicitly(far, address, half, sizeof half, "the call gate") ||
        !far_check_gate(far, half[1])) {
        return false;
    }
    attempt->cs = (uint16_t)(half[0] >> 16);
    attempt->rip = half[0] & UINT16_MAX;
    passage->word = 2;
    passage->parameters = half[1] & MAX_PARAMETERS;
    if ((half[1] & GATE_32_BIT) != 0) {
        attempt->rip |= half[1] & 0xFFFF0000;
        passage->word = 4;
    }
    return true;
}

static bool check_inner_segment(struct passage *passage, unsigned int level)
{
    struct far_attempt *far = passage->far;
    const struct stack *stack = &passage->inner;

    if ((stack->selector & 3u) != level || sim_segment_dpl(&stack->segment) != level) {
        return return_fail(&far->attempt, VECTOR_TS, stack->selector & 0xFFFCu,
                           "TSS.SS%u: selector 0x%x has RPL %u and DPL %u", level, stack->selector,
                           stack->selector & 3u, sim_segment_dpl(&stack->segment));
    }
    if (!sim_segment_is_writable_data(&stack->segment)) {
        return far_refuse(far, VECTOR_TS, stack->selector,
                          "of the TSS is no writable data segment");
    }
    return (stack->segment.attributes & SIM_SEGMENT_PRESENT) != 0 ||
           far_refuse(far, VECTOR_SS, stack->selector, "of the TSS is not present");
}

/* ESPn and SSn of the TSS. [SDM 3A] figure 7-2. */
static bool find_inner_stack(struct passage *passage)
{
    struct far_attempt *far = passage->far;
    struct return_attempt *attempt = &far->attempt;
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    struct stack *stack = &passage->inner;
    unsigned int level = sim_segment_dpl(&far->code);
    uint32_t offset = 4 + 8 * level;
    uint64_t address = 0;
    uint64_t words = 0;

    if (offset + 5 > cpu->tss.limit) {
        return return_fail(attempt, VECTOR_TS, cpu->tr & 0xFFFCu,
                           "TSS.SS%u is beyond the limit 0x%" PRIx32 " of the TSS", level,
                           cpu->tss.limit);
    }
    if (!far_read_implicitly(far, cpu->tss.base + offset, &words, 6, "the TSS")) {
        return false;
    }
    stack->pointer = (uint32_t)words;
    stack->selector = (uint16_t)(words >> 32);
    if ((stack->selector & 0xFFFCu) == 0) {
        return return_fail(attempt, VECTOR_TS, 0, "TSS.SS%u: the selector is null", level);
    }
    if (!sim_segment_find(cpu, stack->selector, &address)) {
        return far_refuse(far, VECTOR_TS, stack->selector,
                          "of the TSS is outside its descriptor table");
    }
    if (!far_read_implicitly(far, address, &words, sizeof words,
                             "the stack segment's descriptor")) {
        return false;
    }
    stack->segment = sim_segment_decode(address, words);
    return check_inner_segment(passage, level);
}

static void put_word(const struct passage *passage, uint8_t *frame, unsigned int number,
                     uint64_t value)
{
    memcpy(frame + (size_t)number * passage->word, &value, passage->word);
}

/* The parameters are on top of the caller's stack, which its own rights apply to. */
static bool copy_parameters(struct passage *passage, uint8_t *to)
{
    struct return_attempt *attempt = &passage->far->attempt;
    const struct stack *stack = &passage->outer;
    uint32_t offset = stack->pointer & mask_of(stack);
    uint32_t size = passage->parameters * passage->word;
    const struct sim_access access = {(uint32_t)(stack->segment.base + offset), SIM_ACCESS_READ,
                                      attempt->cpl == 3 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR};
    struct sim_transfer_failure failure;

    if (size == 0) {
        return true;
    }
    if (!sim_segment_has_room(&stack->segment, offset, size)) {
        return return_fail(attempt, VECTOR_SS, 0,
                           "the %u parameters at 0x%x:0x%" PRIx32 " are not within the stack",
                           passage->parameters, stack->selector, offset);
    }
    return return_peek(attempt, access, to, size, &failure) ||
           (!attempt->unknown && return_fail_access(attempt, &failure, "the parameters"));
}

/* From the lowest address on: EIP and CS; with a new stack the parameters, ESP and SS. */
static bool build_frame(struct passage *passage, uint8_t *frame)
{
    const struct far_attempt *far = passage->far;
    const struct stack *outer = &passage->outer;

    put_word(passage, frame, 0, far->wanted->next);
    put_word(passage, frame, 1, far->attempt.mmu.cpu->cs);
    if (!far->is_inward) {
        return true;
    }
    put_word(passage, frame, passage->parameters + 2, outer->pointer);
    put_word(passage, frame, passage->parameters + 3, outer->selector);
    return copy_parameters(passage, frame + 2 * (size_t)passage->word);
}

static const struct stack *stack_of(const struct passage *passage)
{
    return passage->far->is_inward ? &passage->inner : &passage->outer;
}

/* Finds the place of the frame on the stack: @p pointer is ESP then. */
static bool make_room(struct passage *passage, uint32_t size, uint32_t *pointer)
{
    struct far_attempt *far = passage->far;
    const struct stack *stack = stack_of(passage);
    uint32_t mask = mask_of(stack);
    uint32_t offset = (stack->pointer - size) & mask;

    if (!sim_segment_has_room(&stack->segment, offset, size)) {
        return return_fail(&far->attempt, VECTOR_SS, far->is_inward ? stack->selector & 0xFFFCu : 0,
                           "the stack 0x%x:0x%" PRIx32 " has no room for %" PRIu32 " bytes",
                           stack->selector, stack->pointer, size);
    }
    *pointer = (stack->pointer & ~mask) | offset;
    return true;
}

/* A CALL pushes where to return to, and with a new stack the old one. */
static bool push_frame(struct passage *passage, uint32_t size)
{
    struct far_attempt *far = passage->far;
    const struct stack *stack = stack_of(passage);
    uint32_t offset = (uint32_t)far->stack & mask_of(stack);
    uint8_t frame[MAX_FRAME];

    return build_frame(passage, frame) &&
           far_write_stack(far, (uint32_t)(stack->segment.base + offset), frame, size);
}

/* The stack that is used from now on, and ESP on it. The limit of the target comes after it. */
static bool find_stack(struct passage *passage, uint32_t size)
{
    struct far_attempt *far = passage->far;
    const struct sim_cpu *cpu = far->attempt.mmu.cpu;
    uint32_t pointer = (uint32_t)cpu->rsp;

    passage->outer = (struct stack){cpu->ss, pointer, sim_segment_current_stack(&far->attempt.mmu)};
    if (far->is_inward && !find_inner_stack(passage)) {
        return false;
    }
    if (size > 0 && !make_room(passage, size, &pointer)) {
        return false;
    }
    far->stack = pointer;
    return far_check_target(far);
}

/* Bytes that are pushed: a JMP pushes none. */
static uint32_t frame_size(const struct passage *passage)
{
    const struct far_attempt *far = passage->far;
    uint32_t words = far->is_inward ? passage->parameters + 4 : 2;

    return far->wanted->kind == SIM_FAR_JMP ? 0 : words * passage->word;
}

static bool mark_segments(struct passage *passage)
{
    struct far_attempt *far = passage->far;

    return far_mark_accessed(far, &far->code) &&
           (!far->is_inward || far_mark_accessed(far, &passage->inner.segment));
}

static enum sim_width width_of(const struct sim_segment *segment)
{
    return (segment->attributes & SIM_SEGMENT_BIG) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

static void load(const struct passage *passage, struct sim_cpu *cpu, struct sim_far_result *result)
{
    const struct far_attempt *far = passage->far;
    unsigned int level = far->attempt.cpl;

    if (far->is_inward) {
        level = sim_segment_dpl(&far->code);
        cpu->ss = passage->inner.selector;
        cpu->stack = width_of(&passage->inner.segment);
        result->stack = passage->inner.segment;
    }
    result->code = far->code;
    cpu->cs = (uint16_t)((far->attempt.cs & 0xFFFCu) | level);
    cpu->rip = far->attempt.rip;
    cpu->rsp = far->stack;
    cpu->code = width_of(&far->code);
    cpu->code_base = far->code.base;
    cpu->rflags &= ~RFLAGS_RF;
}

bool far_pass_protected_gate(struct far_attempt *far, uint64_t address, struct sim_cpu *cpu,
                             struct sim_far_result *result)
{
    struct passage passage = {.far = far};
    uint32_t size = 0;

    if (!read_gate(&passage, address) || !far_find_gate_code(far)) {
        return false;
    }
    size = frame_size(&passage);
    if (!find_stack(&passage, size) || !mark_segments(&passage) ||
        (size > 0 && !push_frame(&passage, size))) {
        return false;
    }
    load(&passage, cpu, result);
    return true;
}
