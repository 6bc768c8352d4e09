/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The post-mortem: everything there is to say about a guest that died, gathered
 * as plain data, printed for people or as JSON.
 *
 * All strings are printable ASCII: what comes from the guest's image cannot
 * send escape codes to a terminal.
 */
#ifndef DRYDOCK_SIM_POSTMORTEM_H
#define DRYDOCK_SIM_POSTMORTEM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/report/backtrace.h"
#include "sim/cpu/cpu.h"
#include "sim/cpu/deliver.h"
#include "sim/report/disassembly.h"
#include "sim/report/finding.h"
#include "sim/machine/machine.h"
#include "sim/cpu/system.h"
#include "sim/report/trace.h"
#include "sim/report/walk_explain.h"

/** Where the segments begin that have a base in 64-bit code too. */
struct sim_postmortem_bases {
    uint64_t fs, gs, kernel_gs; /**< the last one is what SWAPGS exchanges with GS's */
};

/** What a post-mortem is made from. Pointers may be NULL unless said otherwise. */
struct sim_postmortem_input {
    const struct sim_result *result;            /**< how the run ended; not NULL */
    const struct sim_cpu *cpu;                  /**< as the fault left it; not NULL */
    const struct sim_registers *registers;      /**< the same moment; not NULL */
    const struct sim_memory *memory;            /**< not NULL */
    struct sim_image *image;                    /**< for names, lines and unwinding */
    const struct sim_delivery_reason *delivery; /**< the last one, which is the fault's */
    const char *cause;      /**< why the last fault came up, if more is known: a sentence */
    const uint64_t *branch; /**< the instruction that led to those before RIP, if that is known */
    const struct sim_postmortem_bases *bases; /**< in IA-32e mode */
    const struct sim_trace *trace;
    const struct sim_findings *findings;
    const struct sim_system *system;
    uint64_t unneeded_flushes; /**< of the TLB */
};

/** Most notes about the fault, or about one step of its delivery. */
#define SIM_POSTMORTEM_NOTES 6u

/** Most bytes of a note, with its NUL. */
#define SIM_POSTMORTEM_NOTE 320u

struct sim_postmortem_notes {
    char text[SIM_POSTMORTEM_NOTES][SIM_POSTMORTEM_NOTE];
    size_t count;
};

/** Code, a function and a line. */
struct sim_postmortem_place {
    uint64_t address;
    char symbol[128]; /**< "function+0x12" or empty */
    char source[128]; /**< "file.c:123" or empty */
};

/** One attempt of the delivery. */
struct sim_postmortem_step {
    char name[16];                     /**< "#PF" */
    char text[192];                    /**< why it failed */
    struct sim_postmortem_notes notes; /**< the gate and the segment it leads to */
    bool has_walk;                     /**< it failed on memory */
    struct sim_walk_explanation walk;  /**< valid if has_walk */
};

/** Most findings a post-mortem repeats: the last ones. */
#define SIM_POSTMORTEM_FINDINGS 12u

struct sim_postmortem {
    char title[256]; /**< "TRIPLE FAULT: #PF could not be delivered, …" */
    enum sim_stop stop;
    char fault_name[16];  /**< "#PF", "INT 0x80"; empty unless stop is SIM_STOP_FAULT */
    char fault_text[160]; /**< "write to a page that is not present, by the supervisor" */
    bool has_error_code;
    uint32_t error_code;
    bool has_address;
    uint64_t address; /**< of a page fault; valid if has_address */
    char reason[256]; /**< why the run ended, in one line */
    struct sim_postmortem_place at;
    struct sim_postmortem_notes notes; /**< what else can be said about the fault */

    struct sim_listing listing;
    char target[SIM_LISTING_BEFORE + 1 + SIM_LISTING_AFTER][128]; /**< function a call or jump of
                                                                       that line leads to */
    bool has_walk;
    struct sim_walk_explanation walk; /**< of a page fault; valid if has_walk */
    struct sim_postmortem_step steps[SIM_DELIVERY_STEPS];
    size_t step_count;

    struct sim_cpu cpu;
    struct sim_registers registers;
    bool has_bases; /**< bases is valid */
    bool has_debug; /**< dr, dr6 and dr7 are valid */
    struct sim_postmortem_bases bases;
    uint64_t dr[4], dr6, dr7;

    struct sim_postmortem_place frames[SIM_BACKTRACE_FRAMES]; /**< innermost first */
    enum sim_frame_source frame_source[SIM_BACKTRACE_FRAMES];
    size_t frame_count;
    bool frames_cut;

    struct sim_finding findings[SIM_POSTMORTEM_FINDINGS];
    struct sim_postmortem_place finding_at[SIM_POSTMORTEM_FINDINGS];
    size_t finding_count;
    uint64_t findings_in_all;  /**< different ones, those that were lost included */
    uint64_t unneeded_flushes; /**< of the TLB: no mistake, but time */

    struct sim_trace_event events[SIM_TRACE_KEPT]; /**< oldest first */
    struct sim_postmortem_place event_at[SIM_TRACE_KEPT];
    size_t event_count;
    uint64_t events_in_all;
};

/**
 * Gather. Reads the guest's memory without leaving a trace in it; nothing in it is trusted.
 *
 * @param[out] postmortem  large: keep it off small stacks
 */
void sim_postmortem_collect(struct sim_postmortem *postmortem,
                            const struct sim_postmortem_input *input);

/** Print for people, at most 100 columns wide. Bold and red only if @p file is a terminal. */
void sim_postmortem_print(FILE *file, const struct sim_postmortem *postmortem);

/**
 * The post-mortem as JSON. Addresses and register values are strings, "0x" and lower-case digits;
 * counts are numbers. Keys, always there unless marked with "?":
 *
 *     title, stop ("fault", "halted", "budget", "engine", "exited", "returned"), reason, notes []
 *     at {address, symbol, source}
 *     fault? {name, text, error_code?, address?}
 *     walk? {title, entries [{text, decided}], verdict}
 *     delivery [{name, text, notes [], walk?}]
 *     code [{address, bytes, text, target, current}]
 *     registers {rax … r15, rip, rflags, cs, ss, tr, ldtr, cr0, cr2, cr3, cr4, efer, pkru,
 *                gdt {base, limit}, idt, ldt, tss, fs_base?, gs_base?, kernel_gs_base?,
 *                dr0? … dr3?, dr6?, dr7?}
 *     backtrace {frames [{address, symbol, source, found_by}], cut}
 *     findings {count, unneeded_flushes, list [{kind, text, count, at}]}
 *     events {count, list [{text, at}]}
 *
 * @return a new reference, NULL without memory
 */
json_t *sim_postmortem_json(const struct sim_postmortem *postmortem);

/** sim_postmortem_json, written indented with a final newline. 0, or -1 if that failed. */
SIM_MUST_CHECK int sim_postmortem_print_json(FILE *file, const struct sim_postmortem *postmortem);

#endif
