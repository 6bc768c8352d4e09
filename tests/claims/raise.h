/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Functions whose first instruction raises an exception; RET follows it. So a
 * handler can compare the frame's RIP with the function's address, and end the
 * function by doing what RET would do. Only where claims run on the processor;
 * elsewhere they end the program.
 */
#ifndef DRYDOCK_TESTS_RAISE_H
#define DRYDOCK_TESTS_RAISE_H

#include <stdint.h>

#include "drydock/addr.h"

/** INT3: #BP. Returns RAX as the handler left it. */
uint64_t raise_breakpoint(void);

/** DIV by @p divisor: #DE if it is 0, the only value allowed. */
void raise_divide_error(uint32_t divisor);

/** UD2: #UD. */
void raise_invalid_opcode(void);

/** MOV to ES: #GP if the GDT has no such entry. */
void raise_selector(uint16_t selector);

/** LTR: #GP if the descriptor is not an available TSS. */
void raise_task(uint16_t selector);

/** Load and store of 8 bytes: #PF if @p address is not mapped. */
uint64_t raise_load(dd_vaddr address);
void raise_store(dd_vaddr address);

/** INT n, which pushes no error code; @p vector is 0..255. Returns the address after it. */
uint64_t raise_vector(uint32_t vector);

/**
 * INT3 with the 15 general registers loaded before it and stored after it.
 *
 * @param[in,out] registers  in the order of struct dd_interrupt_frame
 */
void raise_with_registers(uint64_t registers[15]);

/** INT3 with RFLAGS.DF set. Returns RFLAGS after it. */
uint64_t raise_with_direction_flag(void);

/** INT3 with RFLAGS.AC set. Returns RFLAGS after it. */
uint64_t raise_with_alignment_check(void);

/** RFLAGS. Raises nothing. */
uint64_t raise_read_rflags(void);

#endif
