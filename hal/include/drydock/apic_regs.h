/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of the local APIC: numbers, and fields as DD_APIC_SVR_ENABLE_HI, DD_APIC_SVR_ENABLE_LO
 * and so on.
 *
 * Spec: [SDM 3A] 10.4.1, table 10-1; 10.12.1.2, table 10-6.
 */
#ifndef DRYDOCK_APIC_REGS_H
#define DRYDOCK_APIC_REGS_H

/** Numbers of the model-specific registers, for dd_rdmsr() and dd_wrmsr(). */
#define DD_MSR_APIC_BASE    UINT32_C(0x1B)
#define DD_MSR_TSC_DEADLINE UINT32_C(0x6E0)
#define DD_MSR_X2APIC_FIRST UINT32_C(0x800)

/**
 * Registers by number: the offset in the page divided by 16, or the index of the model-specific
 * register minus DD_MSR_X2APIC_FIRST.
 */
enum dd_apic_register {
    DD_APIC_ID = 0x02,
    DD_APIC_VERSION = 0x03,
    DD_APIC_TPR = 0x08,
    DD_APIC_PPR = 0x0A,
    DD_APIC_EOI = 0x0B,
    DD_APIC_LDR = 0x0D,
    DD_APIC_DFR = 0x0E, /**< xAPIC mode only */
    DD_APIC_SVR = 0x0F,
    DD_APIC_ISR = 0x10, /**< eight registers, as TMR and IRR: vector 0 is bit 0 of the first */
    DD_APIC_TMR = 0x18,
    DD_APIC_IRR = 0x20,
    DD_APIC_ESR = 0x28,
    DD_APIC_LVT_CMCI = 0x2F,
    DD_APIC_ICR_LOW = 0x30,  /**< in x2APIC mode all of ICR */
    DD_APIC_ICR_HIGH = 0x31, /**< xAPIC mode only */
    DD_APIC_LVT_TIMER = 0x32,
    DD_APIC_LVT_THERMAL = 0x33,
    DD_APIC_LVT_PERFORMANCE = 0x34,
    DD_APIC_LVT_LINT0 = 0x35,
    DD_APIC_LVT_LINT1 = 0x36,
    DD_APIC_LVT_ERROR = 0x37,
    DD_APIC_INITIAL_COUNT = 0x38,
    DD_APIC_CURRENT_COUNT = 0x39,
    DD_APIC_DIVIDE = 0x3E,
};

/** Value of DD_APIC_DFR_MODEL: a logical ID is a set of eight. Spec: [SDM 3A] 10.6.2.2. */
#define DD_APIC_DFR_MODEL_FLAT 0xFu

#define DD_REGISTER       "drydock/regs/apic_base.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_id.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_version.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_priority.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_ldr.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_dfr.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_svr.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_esr.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_lvt_timer.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_lvt.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_icr.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/apic_divide.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#endif
