/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The trace: what happened to the machine, event by event. The last few are
 * kept for the post-mortem; all of them go into a hash, and into a file if one
 * was asked for. The same guest, devices and seed give the same trace.
 */
#ifndef DRYDOCK_SIM_TRACE_H
#define DRYDOCK_SIM_TRACE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/util/attributes.h"

enum sim_trace_kind {
    SIM_TRACE_EXCEPTION, /**< code: vector, a: error code, b: CR2 for a page fault */
    SIM_TRACE_INTERRUPT, /**< code: vector */
    SIM_TRACE_NMI,
    SIM_TRACE_SYSCALL,
    SIM_TRACE_CONTROL_REGISTER, /**< code: 0, 2, 3, 4 or 8; a: value written */
    SIM_TRACE_MSR,              /**< code: index; a: value written */
    SIM_TRACE_TABLE,            /**< LGDT, LIDT, LLDT, LTR; code: enum sim_trace_table; a: base */
    SIM_TRACE_FLUSH,            /**< INVLPG and its like: a: linear address, b: PCID */
    SIM_TRACE_IN,               /**< code: port, a: value, b: width in bytes */
    SIM_TRACE_OUT,
    SIM_TRACE_MMIO_READ, /**< a: physical address, b: value, code: width in bytes */
    SIM_TRACE_MMIO_WRITE,
    SIM_TRACE_HALT,
    SIM_TRACE_FINDING, /**< code: enum sim_finding_kind */
    SIM_TRACE_FAULT,   /**< an injected fault; code: enum sim_inject_kind */
    SIM_TRACE_RESET,
};

enum sim_trace_table {
    SIM_TRACE_GDT,
    SIM_TRACE_IDT,
    SIM_TRACE_LDT,
    SIM_TRACE_TSS,
};

struct sim_trace_event {
    uint64_t time; /**< virtual nanoseconds */
    uint64_t rip;
    enum sim_trace_kind kind;
    uint32_t code;
    uint64_t a, b;
};

/** Events kept for the post-mortem. */
#define SIM_TRACE_KEPT 32u

/** All zero but hash: sim_trace_init. */
struct sim_trace {
    struct sim_trace_event last[SIM_TRACE_KEPT]; /**< ring; the newest is at (count - 1) % KEPT */
    uint64_t count;                              /**< events so far */
    uint64_t hash;                               /**< FNV-1a of all events so far */
    FILE *file;                                  /**< every event as a line, or NULL */
    uint64_t file_left; /**< bytes of events that may still be written to it */
};

/** An empty trace without a file. */
void sim_trace_init(struct sim_trace *trace);

/** Record an event. */
void sim_trace_add(struct sim_trace *trace, const struct sim_trace_event *event);

/** Write the last line of the file, if there is one: "1234 events, hash 0x…", all events counted. */
void sim_trace_end(struct sim_trace *trace);

/** One event in words, without a newline: "      1234  out 0x3f8 <- 0x41 (1 byte) at 0x100012". */
void sim_trace_describe(const struct sim_trace_event *event, char *text, size_t size);

#endif
