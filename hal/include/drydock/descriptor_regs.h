/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of selectors, segment descriptors and gates: DD_DESCRIPTOR_DPL_HI,
 * DD_DESCRIPTOR_DPL_LO and so on. Spec: [SDM 3A] 3.4.2, 3.4.5, 6.14.1, 8.2.3.
 */
#ifndef DRYDOCK_DESCRIPTOR_REGS_H
#define DRYDOCK_DESCRIPTOR_REGS_H

#define DD_REGISTER       "drydock/regs/selector.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/descriptor.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/system_descriptor_high.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/idt_gate_low.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/idt_gate_high.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

/** Values of DD_DESCRIPTOR_TYPE. Spec: [SDM 3A] tables 3-1 and 3-2. */
enum dd_descriptor_type {
    DD_DESCRIPTOR_TYPE_TSS_AVAILABLE = 0x9, /**< S = 0: 64-bit TSS, not in use */
    DD_DESCRIPTOR_TYPE_TSS_BUSY = 0xB,      /**< S = 0: 64-bit TSS, a task register holds it */
    DD_DESCRIPTOR_TYPE_DATA = 0x3,          /**< S = 1: data, read and write, accessed */
    DD_DESCRIPTOR_TYPE_CODE = 0xB,          /**< S = 1: code, execute and read, accessed */
};

#endif
