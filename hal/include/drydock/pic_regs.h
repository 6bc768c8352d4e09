/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Ports and fields of the 8259A pair: DD_PIC_ICW1_IC4_HI, DD_PIC_ICW1_IC4_LO and so on.
 *
 * Spec: [8259A].
 */
#ifndef DRYDOCK_PIC_REGS_H
#define DRYDOCK_PIC_REGS_H

/** Even and odd port of each chip of a PC. Spec: [PIIX3] 2.5.3. */
#define DD_PIC_PORT_FIRST_EVEN  0x20u
#define DD_PIC_PORT_FIRST_ODD   0x21u
#define DD_PIC_PORT_SECOND_EVEN 0xA0u
#define DD_PIC_PORT_SECOND_ODD  0xA1u

/** Edge/level control of the first chip and of the second. Spec: [PIIX3] 2.5.3.8. */
#define DD_PIC_PORT_FIRST_ELCR  0x4D0u
#define DD_PIC_PORT_SECOND_ELCR 0x4D1u

/** Value of DD_PIC_OCW3_SELECT. Spec: [8259A] "Operation Command Word 3". */
#define DD_PIC_OCW3_SELECT_OCW3 1u

#define DD_REGISTER       "drydock/regs/pic_elcr.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_icw1.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_icw2.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_icw3.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_icw4.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_lines.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_ocw2.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_ocw3.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pic_poll.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#endif
