/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of the 16550 UART, each 8 bits wide, by their offset from its first port.
 *
 * The names are the data sheet's. Offsets 0, 1 and 2 are two or three registers
 * each, told apart by direction and by DLAB, bit 7 of the line control register.
 */
#ifndef DRYDOCK_UART_REGS_H
#define DRYDOCK_UART_REGS_H

/** Offsets from the first port. Spec: [16550] table II. */
enum dd_uart_offset {
    DD_UART_RBR = 0, /**< receiver buffer: read, DLAB = 0 */
    DD_UART_THR = 0, /**< transmitter holding: write, DLAB = 0 */
    DD_UART_DLL = 0, /**< divisor latch low: DLAB = 1 */
    DD_UART_IER = 1, /**< interrupt enable: DLAB = 0 */
    DD_UART_DLM = 1, /**< divisor latch high: DLAB = 1 */
    DD_UART_IIR = 2, /**< interrupt identification: read */
    DD_UART_FCR = 2, /**< FIFO control: write */
    DD_UART_LCR = 3, /**< line control */
    DD_UART_MCR = 4, /**< modem control */
    DD_UART_LSR = 5, /**< line status */
    DD_UART_MSR = 6, /**< modem status */
    DD_UART_SCR = 7, /**< scratchpad */
};

enum {
    DD_UART_PORTS = 8,
    DD_UART_CLOCK = 115200 /**< rate at divisor 1: 1.8432 MHz / 16. Spec: [16550] 8.3, table III */
};

/* Positions of fields; RBR, THR, DLL, DLM and SCR are one field each. */
#define DD_REGISTER       "drydock/regs/uart_ier.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_iir.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_fcr.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_lcr.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_mcr.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_lsr.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/uart_msr.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#endif
