/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A return pops RIP and CS, IRET flags after them, and, if it leaves for a less
 * privileged level, RSP and SS; IRET in 64-bit mode pops these always. The
 * selectors are judged in interrupt_return_segment.c; this reads the frame.
 */
#include "sim/cpu/interrupt_return.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/cpu/interrupt_return_internal.h"

#define CR0_AM    (UINT64_C(1) << 18)
#define RFLAGS_NT (UINT64_C(1) << 14)
#define RFLAGS_VM (UINT64_C(1) << 17)
#define RFLAGS_AC (UINT64_C(1) << 18)

bool return_fail(struct return_attempt *attempt, unsigned int vector, uint32_t error_code,
                 const char *format, ...)
{
    struct sim_return_check *check = &attempt->check;
    int length = snprintf(check->reason, sizeof check->reason, "%s: ", attempt->name);
    va_list arguments;

    check->faults = true;
    check->exception = (struct sim_exception){.vector = vector};
    if (!sim_cpu_in_real_mode(attempt->mmu.cpu)) {
        check->exception.has_error_code = true;
        check->exception.error_code = error_code;
    }
    va_start(arguments, format);
    (void)vsnprintf(check->reason + length, sizeof check->reason - (size_t)length, format,
                    arguments);
    va_end(arguments);
    return false;
}

bool return_peek(struct return_attempt *attempt, struct sim_access access, void *buffer,
                 size_t size, struct sim_transfer_failure *failure)
{
    const struct sim_memory *memory = attempt->mmu.memory;
    uint8_t *to = buffer;

    while (size > 0) {
        size_t in_page = 4096 - (size_t)(access.linear & 4095);
        size_t part = size < in_page ? size : in_page;
        struct sim_walk walk = sim_mmu_walk(attempt->mmu.cpu, memory, access);
        bool mapped = walk.outcome == SIM_WALK_MAPPED;

        if (!mapped || walk.physical >= memory->size || memory->size - walk.physical < part) {
            attempt->unknown = mapped || walk.outcome == SIM_WALK_NO_TABLE;
            *failure = (struct sim_transfer_failure){access, walk};
            return false;
        }
        memcpy(to, memory->bytes + walk.physical, part);
        to += part;
        size -= part;
        access.linear += part;
    }
    return true;
}

bool return_fail_access(struct return_attempt *attempt, const struct sim_transfer_failure *failure,
                        const char *what)
{
    attempt->check.fault_address = failure->access.linear;
    return return_fail(attempt, VECTOR_PF, failure->walk.error_code,
                       "%s at 0x%" PRIx64 ": page fault, error code 0x%" PRIx32, what,
                       failure->access.linear, failure->walk.error_code);
}

/* Where words of the frame are: past @p skip bytes. Fails if that leaves the stack segment. */
static bool locate(struct return_attempt *attempt, uint32_t skip, uint32_t size, uint64_t *linear)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    struct sim_segment stack;
    uint32_t offset = 0;

    if (attempt->in_64_bit_mode) {
        *linear = cpu->rsp + skip;
        return true;
    }
    stack = sim_segment_current_stack(&attempt->mmu);
    offset = (uint32_t)cpu->rsp + skip;
    if ((stack.attributes & SIM_SEGMENT_BIG) == 0) {
        offset &= 0xFFFF;
    }
    if (!sim_segment_has_room(&stack, offset, size)) {
        return return_fail(attempt, VECTOR_SS, 0,
                           "the frame at 0x%x:0x%" PRIx32
                           " is not within the stack's limit 0x%" PRIx32,
                           cpu->ss, offset, stack.limit);
    }
    *linear = (uint32_t)(stack.base + offset);
    return true;
}

/* Reads @p count words past @p skip bytes. */
static bool pop(struct return_attempt *attempt, uint32_t skip, unsigned int count, uint64_t *words)
{
    const struct sim_cpu *cpu = attempt->mmu.cpu;
    enum sim_access_mode mode = attempt->cpl == 3 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR;
    struct sim_access access = {0, SIM_ACCESS_READ, mode};
    uint32_t size = count * attempt->word;
    uint8_t bytes[RETURN_WORDS * sizeof words[0]];
    struct sim_transfer_failure failure;

    if (!locate(attempt, skip, size, &access.linear)) {
        return false;
    }
    if (attempt->cpl == 3 && (cpu->cr0 & CR0_AM) != 0 && (cpu->rflags & RFLAGS_AC) != 0 &&
        (access.linear & (attempt->word - 1)) != 0) {
        return return_fail(attempt, VECTOR_AC, 0, "the frame at 0x%" PRIx64 " is not aligned",
                           access.linear);
    }
    if (!return_peek(attempt, access, bytes, size, &failure)) {
        if (attempt->unknown) {
            return false;
        }
        if (failure.walk.outcome == SIM_WALK_NONCANONICAL) {
            return return_fail(attempt, VECTOR_SS, 0,
                               "the frame at 0x%" PRIx64 ": the address is not canonical",
                               failure.access.linear);
        }
        return return_fail_access(attempt, &failure, "the frame");
    }
    for (unsigned int i = 0; i < count; i++) {
        words[i] = 0;
        memcpy(&words[i], bytes + (size_t)i * attempt->word, attempt->word);
    }
    return true;
}

/* RIP against the canonical form or the limit of the new code segment. */
static bool check_instruction_pointer(struct return_attempt *attempt)
{
    if (attempt->to_64_bit_mode) {
        return sim_cpu_is_canonical(attempt->mmu.cpu, attempt->rip) ||
               return_fail(attempt, VECTOR_GP, 0,
                           "RIP 0x%" PRIx64 " in the frame at 0x%" PRIx64 " is not canonical",
                           attempt->rip, attempt->frame);
    }
    return (uint32_t)attempt->rip <= attempt->code_limit ||
           return_fail(attempt, VECTOR_GP, 0,
                       "EIP 0x%" PRIx32 " in the frame at 0x%" PRIx64
                       " is beyond the limit 0x%" PRIx32 " of its code segment",
                       (uint32_t)attempt->rip, attempt->frame, attempt->code_limit);
}

/* RIP and CS have been popped, what follows in the frame is at @p rest. */
static void check_frame(struct return_attempt *attempt, uint32_t rest, bool pops_stack)
{
    uint64_t stack[2] = {0};

    if (!return_check_code(attempt)) {
        return;
    }
    if (pops_stack || (attempt->cs & 3u) > attempt->cpl) {
        if (!pop(attempt, rest, 2, stack)) {
            return;
        }
        attempt->ss = (uint16_t)stack[1];
        if (!return_check_stack(attempt)) {
            return;
        }
    }
    (void)check_instruction_pointer(attempt);
}

static struct return_attempt start(const struct sim_cpu *cpu, const struct sim_memory *memory,
                                   enum sim_width operand)
{
    bool in_64 = sim_cpu_in_long_mode(cpu) && cpu->code == SIM_WIDTH_64;
    uint32_t word = 4;

    if (operand != SIM_WIDTH_32) {
        word = operand == SIM_WIDTH_64 ? 8 : 2;
    }
    return (struct return_attempt){
        .mmu = {cpu, memory},
        .name = "RETF",
        .word = word,
        .in_64_bit_mode = in_64,
        .cpl = sim_cpu_current_privilege(cpu),
        .code_limit = UINT16_MAX, /* in real mode */
    };
}

/* Takes RIP and CS from the first words of the frame. */
static bool pop_target(struct return_attempt *attempt, unsigned int count)
{
    uint64_t words[RETURN_WORDS] = {0};

    if (!pop(attempt, 0, count, words) || !locate(attempt, 0, attempt->word, &attempt->frame)) {
        return false;
    }
    attempt->rip = words[0];
    attempt->check.rip = words[0];
    attempt->cs = (uint16_t)words[1];
    attempt->flags = count > 2 ? words[2] : 0;
    return true;
}

bool sim_interrupt_return_is_nested(const struct sim_cpu *cpu)
{
    return !sim_cpu_in_real_mode(cpu) && !sim_cpu_in_long_mode(cpu) &&
           (cpu->rflags & (RFLAGS_NT | RFLAGS_VM)) == RFLAGS_NT;
}

struct sim_return_check sim_interrupt_return_check(const struct sim_cpu *cpu,
                                                   const struct sim_memory *memory,
                                                   enum sim_width operand)
{
    static const char *const names[] = {"IRETQ", "IRETD", "IRET"};
    struct return_attempt attempt = start(cpu, memory, operand);
    bool long_mode = sim_cpu_in_long_mode(cpu);

    attempt.name = names[operand];
    if (long_mode && (cpu->rflags & RFLAGS_NT) != 0) {
        (void)return_fail(&attempt, VECTOR_GP, 0, "RFLAGS.NT is 1 in IA-32e mode");
        return attempt.check;
    }
    if (!long_mode && (cpu->rflags & (RFLAGS_NT | RFLAGS_VM)) != 0 && !sim_cpu_in_real_mode(cpu)) {
        return attempt.check;
    }
    if (!pop_target(&attempt, attempt.in_64_bit_mode ? 5 : 3)) {
        return attempt.check;
    }
    if (sim_cpu_in_real_mode(cpu)) {
        (void)check_instruction_pointer(&attempt);
    } else if (long_mode || (attempt.flags & RFLAGS_VM) == 0 || attempt.cpl != 0) {
        check_frame(&attempt, 3 * attempt.word, attempt.in_64_bit_mode);
    }
    return attempt.check;
}

struct sim_return_check sim_far_return_check(const struct sim_cpu *cpu,
                                             const struct sim_memory *memory,
                                             enum sim_width operand, uint16_t release)
{
    struct return_attempt attempt = start(cpu, memory, operand);

    if ((cpu->rflags & RFLAGS_VM) != 0 && !sim_cpu_in_long_mode(cpu)) {
        return attempt.check;
    }
    if (!pop_target(&attempt, 2)) {
        return attempt.check;
    }
    if (sim_cpu_in_real_mode(cpu)) {
        (void)check_instruction_pointer(&attempt);
    } else {
        check_frame(&attempt, 2 * attempt.word + release, false);
    }
    return attempt.check;
}
