/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The selectors of a frame. A return never leads to a more privileged level:
 * the RPL of CS, which becomes the CPL, must not be less than the CPL, and both
 * segments must be meant for it. [SDM 3A] 5.8.6; [SDM 2] RET, IRET.
 */
#include "sim/cpu/interrupt_return_internal.h"

#include <inttypes.h>
#include <stdio.h>

bool return_read_segment(struct return_attempt *attempt, const char *name, uint16_t selector,
                         struct sim_segment *segment)
{
    const uint32_t error = selector & 0xFFFCu;
    struct sim_access access = {0, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_transfer_failure failure;
    uint64_t descriptor = 0;
    char what[48];

    if (!sim_segment_find(attempt->mmu.cpu, selector, &access.linear)) {
        return return_fail(attempt, VECTOR_GP, error,
                           "%s selector 0x%x is outside its descriptor table", name, selector);
    }
    if (!return_peek(attempt, access, &descriptor, sizeof descriptor, &failure)) {
        if (attempt->unknown) {
            return false;
        }
        if (failure.walk.outcome == SIM_WALK_NONCANONICAL) {
            return return_fail(attempt, VECTOR_GP, error,
                               "the descriptor of %s selector 0x%x is at 0x%" PRIx64
                               ", which is not canonical",
                               name, selector, failure.access.linear);
        }
        (void)snprintf(what, sizeof what, "the descriptor of %s 0x%x", name, selector);
        return return_fail_access(attempt, &failure, what);
    }
    *segment = sim_segment_decode(access.linear, descriptor);
    return true;
}

/* Whose code segment it is. */
static bool check_code_privilege(struct return_attempt *attempt, const struct sim_segment *code)
{
    const uint32_t error = attempt->cs & 0xFFFCu;
    unsigned int rpl = attempt->cs & 3u;
    unsigned int dpl = sim_segment_dpl(code);

    if (rpl < attempt->cpl) {
        return return_fail(attempt, VECTOR_GP, error,
                           "CS selector 0x%x has RPL %u, more privileged than CPL %u", attempt->cs,
                           rpl, attempt->cpl);
    }
    if ((code->attributes & SIM_SEGMENT_CONFORMING) != 0) {
        return dpl <= rpl ||
               return_fail(attempt, VECTOR_GP, error,
                           "CS selector 0x%x is a conforming segment with DPL %u above its RPL %u",
                           attempt->cs, dpl, rpl);
    }
    return dpl == rpl || return_fail(attempt, VECTOR_GP, error,
                                     "CS selector 0x%x has DPL %u, which is not its RPL %u",
                                     attempt->cs, dpl, rpl);
}

bool return_check_code(struct return_attempt *attempt)
{
    const uint32_t error = attempt->cs & 0xFFFCu;
    const uint32_t both = SIM_SEGMENT_LONG | SIM_SEGMENT_BIG;
    bool long_mode = sim_cpu_in_long_mode(attempt->mmu.cpu);
    struct sim_segment code = {.address = 0};

    if (error == 0) {
        return return_fail(attempt, VECTOR_GP, 0, "the CS selector is null");
    }
    if (!return_read_segment(attempt, "CS", attempt->cs, &code)) {
        return false;
    }
    if (!sim_segment_is_code(&code)) {
        return return_fail(attempt, VECTOR_GP, error, "CS selector 0x%x is a %s segment",
                           attempt->cs, sim_segment_kind(&code));
    }
    if (long_mode && (code.attributes & both) == both) {
        return return_fail(attempt, VECTOR_GP, error,
                           "CS selector 0x%x is a code segment with both L and D", attempt->cs);
    }
    if (!check_code_privilege(attempt, &code)) {
        return false;
    }
    if ((code.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return return_fail(attempt, VECTOR_NP, error, "CS selector 0x%x is not present",
                           attempt->cs);
    }
    attempt->to_64_bit_mode = long_mode && (code.attributes & SIM_SEGMENT_LONG) != 0;
    attempt->code_limit = code.limit;
    return true;
}

/* Only 64-bit code at CPL 0 to 2 can do without a stack segment. */
static bool check_null_stack(struct return_attempt *attempt)
{
    unsigned int privilege = attempt->cs & 3u;
    unsigned int rpl = attempt->ss & 3u;

    if (!attempt->to_64_bit_mode || privilege == 3) {
        return return_fail(
            attempt, VECTOR_GP, 0,
            "the SS selector is null, which only 64-bit code at CPL 0 to 2 may have");
    }
    return rpl == privilege ||
           return_fail(attempt, VECTOR_GP, 0,
                       "the SS selector is null with RPL %u, but the new CPL is %u", rpl,
                       privilege);
}

bool return_check_stack(struct return_attempt *attempt)
{
    const uint32_t error = attempt->ss & 0xFFFCu;
    unsigned int privilege = attempt->cs & 3u;
    unsigned int rpl = attempt->ss & 3u;
    struct sim_segment stack = {.address = 0};

    if (error == 0) {
        return check_null_stack(attempt);
    }
    if (!return_read_segment(attempt, "SS", attempt->ss, &stack)) {
        return false;
    }
    if (rpl != privilege) {
        return return_fail(attempt, VECTOR_GP, error,
                           "SS selector 0x%x has RPL %u, but the new CPL is %u", attempt->ss, rpl,
                           privilege);
    }
    if (!sim_segment_is_writable_data(&stack)) {
        bool data = (stack.attributes & (SIM_SEGMENT_S | SIM_SEGMENT_CODE)) == SIM_SEGMENT_S;

        return return_fail(attempt, VECTOR_GP, error, "SS selector 0x%x is a %s segment",
                           attempt->ss, data ? "read-only data" : sim_segment_kind(&stack));
    }
    if (sim_segment_dpl(&stack) != privilege) {
        return return_fail(attempt, VECTOR_GP, error,
                           "SS selector 0x%x has DPL %u, but the new CPL is %u", attempt->ss,
                           sim_segment_dpl(&stack), privilege);
    }
    /* The list of IRET says #SS(0); chapter 6 and the pseudocode of RET name the selector. */
    if ((stack.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return return_fail(attempt, VECTOR_SS, error, "SS selector 0x%x is not present",
                           attempt->ss);
    }
    return true;
}
