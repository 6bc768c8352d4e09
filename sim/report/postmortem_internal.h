/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the post-mortem share.
 */
#ifndef DRYDOCK_SIM_POSTMORTEM_INTERNAL_H
#define DRYDOCK_SIM_POSTMORTEM_INTERNAL_H

#include "sim/util/attributes.h"
#include "sim/report/postmortem.h"

/** A post-mortem while it is made. */
struct autopsy {
    struct sim_postmortem *postmortem;
    const struct sim_postmortem_input *input;
    struct sim_cpu reader; /**< the guest's, without SMAP: the host may look at user pages */
    struct sim_mmu mmu;    /**< through it */
    struct sim_code code;  /**< around the faulting instruction; size 0: it cannot be read */
    uint8_t bytes[4096 + 64];
};

/** Replace everything but printable ASCII by '?'. */
void autopsy_clean(char *text);

/** Name an address: a return address by the call before it. */
void autopsy_name(const struct autopsy *autopsy, uint64_t address, enum sim_frame_source how,
                  struct sim_postmortem_place *place);

/** Add a note, if there is room. */
SIM_PRINTF(2, 3)
void autopsy_note(struct sim_postmortem_notes *notes, const char *format, ...);

/** "#PF", "INT 0x80" or "interrupt 0x20". */
void autopsy_name_event(const struct sim_exception *exception, char *name, size_t size);

/** The title, but of a fault; what the fault is. */
void autopsy_explain_stop(struct autopsy *autopsy);

/** The title of a fault; needs its notes. */
void autopsy_entitle_fault(struct autopsy *autopsy);

/** The event @p back before the last; NULL if it is not kept. */
const struct sim_trace_event *autopsy_event(const struct autopsy *autopsy, uint64_t back);

/** Whether an event is an exception or interrupt that was delivered. */
bool autopsy_is_delivery(const struct sim_trace_event *event);

/** Read as much of the guest's memory as can be read, page by page. Returns the bytes read. */
size_t autopsy_read_code(const struct autopsy *autopsy, uint64_t from, uint8_t *to, size_t size);

/** Notes about how the processor came to where there is no code for it. */
void autopsy_note_path(struct autopsy *autopsy);

/** The instruction at the fault, disassembled; empty if it cannot be read. */
const char *autopsy_instruction(const struct autopsy *autopsy);

/** Notes about the instruction that faulted; needs the code. */
void autopsy_note_instruction(struct autopsy *autopsy);

/** Notes about what is often behind such an end; needs the code. */
void autopsy_note_suspects(struct autopsy *autopsy);

/** The page walk and the notes about the fault; needs the code. */
void autopsy_explain_fault(struct autopsy *autopsy);

/** The steps of the delivery. */
void autopsy_explain_delivery(struct autopsy *autopsy);

/** Where text goes, and how it is emphasised. */
struct paper {
    FILE *file;
    const char *strong, *alarm, *plain; /**< escape codes, or empty strings */
};

/**
 * Write a text in lines of at most 100 columns.
 *
 * @param first   what the first line begins with
 * @param indent  of the other lines, in columns
 */
void paper_wrap(const struct paper *paper, const char *first, unsigned int indent,
                const char *text);

/** A line with a heading, after an empty one. */
SIM_PRINTF(2, 3) void paper_heading(const struct paper *paper, const char *format, ...);

/** Registers, with the bits of control registers by name. */
void paper_registers(const struct paper *paper, const struct sim_postmortem *postmortem);

#endif
