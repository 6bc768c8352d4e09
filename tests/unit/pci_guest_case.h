/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Configuration accesses of the guest in the machine of event_case.h.
 */
#ifndef DRYDOCK_TESTS_UNIT_PCI_GUEST_CASE_H
#define DRYDOCK_TESTS_UNIT_PCI_GUEST_CASE_H

#include "tests/unit/event_case.h"

/** By mechanism 1. @p place  bus << 16 | device << 11 | function << 8 */
static inline void config_write(uint32_t place, uint32_t offset, uint32_t value)
{
    struct sim_registers registers = {
        .rax = 0x80000000 | place | offset, .rbx = value, .rdx = 0xCF8};

    /* outl %eax, %dx; movl %ebx, %eax; addl $4, %edx; outl %eax, %dx */
    ck_assert_int_eq(EXECUTE(&registers, 0xEF, 0x89, 0xD8, 0x83, 0xC2, 0x04, 0xEF).stop,
                     SIM_STOP_RETURNED);
}

static inline uint32_t config_read(uint32_t place, uint32_t offset)
{
    struct sim_registers registers = {.rax = 0x80000000 | place | offset, .rdx = 0xCF8};

    /* outl %eax, %dx; addl $4, %edx; inl %dx, %eax */
    ck_assert_int_eq(EXECUTE(&registers, 0xEF, 0x83, 0xC2, 0x04, 0xED).stop, SIM_STOP_RETURNED);
    return (uint32_t)registers.rax;
}

#endif
