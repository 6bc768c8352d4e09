/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of the control registers, XCR0, EFER, RFLAGS, MXCSR and PKRU: DD_CR0_PE_HI, DD_CR0_PE_LO
 * and so on.
 *
 * Spec: [SDM 3A] 2.2.1, 2.3, 2.5, 4.6.2; [SDM 1] 10.2.3, 13.3.
 */
#ifndef DRYDOCK_CR_REGS_H
#define DRYDOCK_CR_REGS_H

/** Number of the model-specific register IA32_EFER, for dd_rdmsr() and dd_wrmsr(). */
#define DD_MSR_EFER UINT32_C(0xC0000080)

#define DD_REGISTER       "drydock/regs/cr0.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cr3.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cr4.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/efer.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cr2.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cr3_pcid.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cr8.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/xcr0.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/rflags.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mxcsr.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pkru.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#endif
