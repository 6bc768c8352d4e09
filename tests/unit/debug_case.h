/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of debug exceptions share: the PC of event_case.h with a handler
 * of #DB that logs DR6 too. It is in guest/debug.S.
 */
#ifndef DRYDOCK_TESTS_DEBUG_CASE_H
#define DRYDOCK_TESTS_DEBUG_CASE_H

#include <stdint.h>

#include "tests/unit/event_case.h"

/** Data for breakpoints: a page of RAM of its own, and the one after it. */
#define DATA UINT64_C(0x224000)

/** What the handler of #DB found. It clears DR6. */
struct debug_event {
    uint64_t rip, rflags; /**< as pushed */
    uint64_t dr6, dr7;
    uint64_t data; /**< the 64-bit word at DATA */
};

/** The PC, with handlers that return with RF = 1. For tcase_add_checked_fixture. */
void debug_case_open(void);

/** RFLAGS bits that the handler sets when it returns. */
void set_returned_flags(uint64_t rflags);

/** Load DRn. */
void set_debug_register(unsigned int number, uint64_t value);
uint64_t get_debug_register(unsigned int number);

/** Load DR0 and DR7. */
void set_breakpoint(uint64_t linear, uint64_t dr7);

uint64_t debug_count(void);

/** The n-th #DB, from 0. Fails the test if there was none. */
struct debug_event debug_event_at(uint64_t n);

/** There was one #DB with this RIP and DR6. The log is cleared. */
void check_debug(uint64_t rip, uint64_t dr6);

/** There was none. */
void check_no_debug(void);

/** EXECUTE that fails the test unless the end is reached. */
struct sim_registers run(const uint8_t *code, size_t size, struct sim_registers registers);
#define RUN_WITH(registers, ...) \
    run((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (registers))
#define RUN(...) RUN_WITH((struct sim_registers){.rdi = DATA}, __VA_ARGS__)

#endif
