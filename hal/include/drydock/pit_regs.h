/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Ports and fields of the 8254 and of port 61H: DD_PIT_CONTROL_BCD_HI, DD_PIT_CONTROL_BCD_LO and
 * so on.
 *
 * Spec: [8254], [PIIX3] 2.5.4, 2.5.5.1.
 */
#ifndef DRYDOCK_PIT_REGS_H
#define DRYDOCK_PIT_REGS_H

/** Port of channel 0; channel n is at this plus n. Control words and commands. Port 61H. */
#define DD_PIT_PORT_CHANNEL_0 0x40u
#define DD_PIT_PORT_CONTROL   0x43u
#define DD_PIT_PORT_61        0x61u

/** Value of DD_PIT_CONTROL_RW and DD_PIT_STATUS_RW: the low byte, then the high one. */
#define DD_PIT_RW_BOTH 3u

/** Value of DD_PIT_READ_BACK_SELECT. */
#define DD_PIT_READ_BACK_SELECT_READ_BACK 3u

#define DD_REGISTER       "drydock/regs/pit_control.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pit_read_back.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pit_status.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pit_port61.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#endif
