/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of the debug registers: DD_DR7_GD_HI, DD_DR7_GD_LO and so on.
 *
 * Spec: [SDM 3B] 17.2.
 */
#ifndef DRYDOCK_DEBUG_REGS_H
#define DRYDOCK_DEBUG_REGS_H

#define DD_REGISTER       "drydock/regs/dr0.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/dr1.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/dr2.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/dr3.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/dr6.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/dr7.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#endif
