/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of the error codes of exceptions: DD_PF_ERROR_WR_HI, DD_PF_ERROR_WR_LO
 * and so on.
 *
 * Spec: [SDM 3A] 4.7, 6.13, 6.15.
 */
#ifndef DRYDOCK_ERROR_CODE_REGS_H
#define DRYDOCK_ERROR_CODE_REGS_H

#define DD_REGISTER       "drydock/regs/page_fault_error.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/selector_error.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/control_protection_error.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#endif
