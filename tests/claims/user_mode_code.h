/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file The assembly side of user_mode.c; only where claims run on the processor. */
#ifndef DRYDOCK_TESTS_USER_MODE_CODE_H
#define DRYDOCK_TESTS_USER_MODE_CODE_H

#include <stdint.h>

#include "drydock/interrupt.h"

/** Programs for level 3, less than a page; code that runs anywhere. */
extern const uint8_t user_mode_code[];
extern const uint8_t user_mode_code_end[];

/** Where they begin, in the order of enum user_mode_program. */
extern const uint64_t user_mode_offsets[];

/**
 * Call @p function with the registers of C saved; user_mode_back, reached with
 * user_mode_rsp in RSP, returns 0 from here.
 */
uint64_t user_mode_switch(const struct dd_interrupt_frame *frame,
                          uint64_t (*function)(const struct dd_interrupt_frame *frame));
void user_mode_back(void);
extern uint64_t user_mode_rsp;

/** What a call gate may lead to: RAX becomes 600DH, CS of the caller RDX; RETF. */
void user_mode_gate(void);

#endif
