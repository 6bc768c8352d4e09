/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Privilege level 3 for claims: pages it may use, small programs in them, and
 * descriptor tables of a claim's own. Only where claims run on the processor.
 *
 * A claim opens it, enters a program with user_mode_run(), and comes back when a
 * handler has called user_mode_leave(). The stacks of the tables differ for each
 * way in, so that a frame's address tells which was taken.
 */
#ifndef DRYDOCK_TESTS_USER_MODE_H
#define DRYDOCK_TESTS_USER_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/cpu_tables.h"
#include "drydock/idt.h"
#include "drydock/interrupt.h"
#include "drydock/io_map.h"
#include "drydock/status.h"
#include "drydock/syscall.h"
#include "tests/claims/tables.h"

/** Bytes of an I/O permission map that covers ports 0 to 3FFH. */
#define USER_MODE_IO_MAP_SIZE 129

/** The vector programs end with; its handler is to call user_mode_leave(). */
#define USER_MODE_LEAVE 0x81

/** What the processor is given. Stacks: 0 is RSP0, 1 to 4 are IST1 to IST4, 5 is SYSCALL's. */
struct user_mode_processor {
    struct dd_cpu_tables tables;
    uint8_t io_map_bytes[USER_MODE_IO_MAP_SIZE]; /**< within reach of the task-state segment */
    struct dd_io_map io_map;                     /**< denies all ports */
    _Alignas(4096) struct dd_idt idt;            /**< DPL 3 but for vectors with an error code */
    _Alignas(4096) uint8_t stacks[6][4096];
};

/** Claims run one at a time. */
extern struct user_mode_processor user_mode_processor;

struct user_mode {
    dd_vaddr code;   /**< a page of programs for level 3, read and execute */
    dd_vaddr data;   /**< a page for level 3, read and write; its stack grows down from its end */
    uint64_t *words; /**< the same page, for level 0 */
    struct dd_syscall_cpu *cpu; /**< in the upper half */
    dd_paddr frames[3];         /**< of these */
    struct tables_registers world;
};

/** Programs, by their place in the page of code. Those that go on end with INT USER_MODE_LEAVE. */
enum user_mode_program {
    USER_MODE_INT_N,   /**< INT 0, INT 1 and so on, 4 bytes apart */
    USER_MODE_SYSCALL, /**< SYSCALL */
    USER_MODE_IN8,     /**< AL, AX or EAX from port DX */
    USER_MODE_IN16,
    USER_MODE_IN32,
    USER_MODE_OUT8,
    USER_MODE_LOAD,      /**< RAX from (RDI) */
    USER_MODE_LOAD_GS,   /**< RAX from GS:0 */
    USER_MODE_FAR_CALL,  /**< to the far pointer at (RDI) */
    USER_MODE_SYSCALL32, /**< SYSCALL as 32-bit code */
};

/**
 * Map the pages from @p base on, load the tables.
 *
 * @param base  two pages there are not mapped
 */
DD_MUST_CHECK enum dd_status user_mode_open(struct user_mode *user, dd_vaddr base);

/** Load the world's tables again, unmap and free. */
void user_mode_close(const struct user_mode *user);

/** Map a page of device memory, for level 0 only. */
DD_MUST_CHECK enum dd_status user_mode_map_device(dd_vaddr vaddr, dd_paddr paddr);

/** Unmap it. */
void user_mode_unmap_device(dd_vaddr vaddr);

/** A frame that starts a program, for changes: interrupts off, the stack at the end of the data. */
struct dd_interrupt_frame user_mode_frame(const struct user_mode *user,
                                          enum user_mode_program program);

/** First instruction of a program. */
uint64_t user_mode_address(const struct user_mode *user, enum user_mode_program program);

/** The instruction INT n, with which no program goes on. */
uint64_t user_mode_int_n(const struct user_mode *user, uint64_t vector);

/** Enter level 3 by dd_user_enter() until user_mode_leave(); DD_OK then, else why it was refused. */
DD_MUST_CHECK enum dd_status user_mode_run(const struct dd_interrupt_frame *frame);

/** The same by dd_interrupt_resume(), which refuses nothing. */
void user_mode_resume(const struct dd_interrupt_frame *frame);

/** Change a frame so that it goes on after user_mode_run() or user_mode_resume(). */
void user_mode_leave(struct dd_interrupt_frame *frame);

/** Handler: note the interrupt (watch.h) and leave. */
void record_and_leave(struct dd_interrupt_frame *frame);

/** Handler: note it; leave if it is USER_MODE_LEAVE, else go on. */
void record_and_go_on(struct dd_interrupt_frame *frame);

/** Whether an address is on one of the stacks of struct user_mode_processor. */
bool user_mode_is_on_stack(uint64_t address, unsigned int stack);

/** Let the claim's programs use SYSCALL, with user->cpu. */
DD_MUST_CHECK enum dd_status user_mode_enable_syscall(const struct user_mode *user);

#endif
