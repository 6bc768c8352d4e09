/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an attempt fails: with an exception of its own, whose error code names
 * the selector or the IDT entry at fault, and a sentence. An access that does
 * not even reach RAM has no exception on a processor; here it ends the delivery.
 */
#include "sim/cpu/deliver_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    ERROR_EXT = 1 << 0
};

uint32_t deliver_external_bit(const struct deliver_attempt *attempt)
{
    return attempt->exception->source == SIM_SOURCE_SOFTWARE ? 0 : ERROR_EXT;
}

uint32_t deliver_selector_error(const struct deliver_attempt *attempt, uint16_t selector)
{
    return (selector & 0xFFFCu) | deliver_external_bit(attempt);
}

bool deliver_fail(struct deliver_attempt *attempt, unsigned int vector, uint32_t error_code,
                  const char *format, ...)
{
    va_list arguments;

    attempt->obstacle = (struct sim_exception){.vector = vector};
    if (!sim_cpu_in_real_mode(attempt->mmu.cpu)) {
        attempt->obstacle.has_error_code = true;
        attempt->obstacle.error_code = error_code;
    }
    va_start(arguments, format);
    (void)vsnprintf(attempt->text, sizeof attempt->text, format, arguments);
    va_end(arguments);
    return false;
}

bool deliver_refuse(struct deliver_attempt *attempt, const char *format, ...)
{
    va_list arguments;

    attempt->shutdown = true;
    va_start(arguments, format);
    (void)vsnprintf(attempt->text, sizeof attempt->text, format, arguments);
    va_end(arguments);
    return false;
}

bool deliver_fail_transfer(struct deliver_attempt *attempt, enum sim_transfer result,
                           const struct sim_transfer_failure *failure, const char *what)
{
    uint64_t linear = failure->access.linear;

    attempt->memory_failed = true;
    attempt->access = failure->access;
    if (result == SIM_TRANSFER_NO_RAM || failure->walk.outcome == SIM_WALK_NO_TABLE) {
        return deliver_refuse(attempt, "%s at 0x%" PRIx64 " is not backed by RAM", what, linear);
    }
    if (failure->walk.outcome == SIM_WALK_NONCANONICAL) {
        return deliver_fail(attempt, VECTOR_GP, deliver_external_bit(attempt),
                            "%s at 0x%" PRIx64 ": the address is not canonical", what, linear);
    }
    attempt->fault_address = linear;
    return deliver_fail(attempt, VECTOR_PF, failure->walk.error_code,
                        "%s at 0x%" PRIx64 ": page fault, error code 0x%" PRIx32, what, linear,
                        failure->walk.error_code);
}
