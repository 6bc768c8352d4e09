/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of selectors, segment descriptors and gates: DD_DESCRIPTOR_DPL_HI,
 * DD_DESCRIPTOR_DPL_LO and so on.
 *
 * Spec: [SDM 3A] 3.4.2, 3.4.5, 5.8.3.1, 6.14.1, 8.2.3.
 */
#ifndef DRYDOCK_DESCRIPTOR_REGS_H
#define DRYDOCK_DESCRIPTOR_REGS_H

#define DD_REGISTER       "drydock/regs/selector.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/descriptor.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/segment_type.def"
#define DD_REGISTER_WIDTH 4
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/system_descriptor_high.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/call_gate_low.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/call_gate_high.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/idt_gate_low.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/idt_gate_high.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

/** Values of DD_DESCRIPTOR_TYPE with S = 0 that 64-bit mode knows. Spec: [SDM 3A] table 3-2. */
enum dd_system_type {
    DD_SYSTEM_TYPE_LDT = 0x2,
    DD_SYSTEM_TYPE_TSS_AVAILABLE = 0x9, /**< not in use */
    DD_SYSTEM_TYPE_TSS_BUSY = 0xB,      /**< a task register holds it */
    DD_SYSTEM_TYPE_CALL_GATE = 0xC,
    DD_SYSTEM_TYPE_INTERRUPT_GATE = 0xE,
    DD_SYSTEM_TYPE_TRAP_GATE = 0xF,
};

#endif
