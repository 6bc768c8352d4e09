/* SPDX-License-Identifier: MIT */
/*
 * One register of the local APIC, in either mode. In xAPIC mode registers are
 * 16 bytes apart and 32 bits wide; in x2APIC mode the same numbers are
 * model-specific registers. Only ICR has 64 bits, and only there: see
 * local_apic_ipi.c.
 */
#ifndef DRYDOCK_SRC_LOCAL_APIC_ACCESS_H
#define DRYDOCK_SRC_LOCAL_APIC_ACCESS_H

#include <stdint.h>

#include "drydock/apic_regs.h"
#include "drydock/arch/insn.h"
#include "drydock/field.h"
#include "drydock/local_apic.h"

/* Bytes from one register to the next. [SDM 3A] 10.4.1. */
#define DD_LOCAL_APIC_REGISTER_BYTES UINT64_C(16)

static inline dd_vaddr dd_local_apic_register(const struct dd_local_apic *apic, unsigned int number)
{
    return dd_vaddr_from(apic->registers.raw + number * DD_LOCAL_APIC_REGISTER_BYTES);
}

static inline uint32_t dd_local_apic_read_register(const struct dd_local_apic *apic,
                                                   unsigned int number)
{
    switch (apic->mode) {
    case DD_LOCAL_APIC_XAPIC:
        return dd_mmio_read32(dd_local_apic_register(apic, number));
    case DD_LOCAL_APIC_X2APIC:
        return (uint32_t)dd_rdmsr(DD_MSR_X2APIC_FIRST + number);
    default:
        return 0;
    }
}

static inline void dd_local_apic_write_register(const struct dd_local_apic *apic,
                                                unsigned int number, uint64_t value)
{
    switch (apic->mode) {
    case DD_LOCAL_APIC_XAPIC:
        dd_mmio_write32(dd_local_apic_register(apic, number), (uint32_t)value);
        break;
    case DD_LOCAL_APIC_X2APIC:
        dd_wrmsr(DD_MSR_X2APIC_FIRST + number, value);
        break;
    default:
        break;
    }
}

#endif
