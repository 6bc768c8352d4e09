/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The guest's backtrace: from call frame information where the image has it,
 * from frame pointers where they look like some.
 */
#ifndef DRYDOCK_SIM_BACKTRACE_H
#define DRYDOCK_SIM_BACKTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/boot/image_unwind.h"
#include "sim/machine/machine.h"

/** How a frame was found. */
enum sim_frame_source {
    SIM_FRAME_INNERMOST, /**< from RIP itself */
    SIM_FRAME_CFI,       /**< call frame information */
    SIM_FRAME_POINTER,   /**< RBP */
    SIM_FRAME_STACK_TOP, /**< the word RSP points to: the code at RIP has not pushed anything */
};

struct sim_frame {
    uint64_t pc;
    bool exact; /**< the instruction itself; false: a return address, so the call is before it */
    enum sim_frame_source source;
};

#define SIM_BACKTRACE_FRAMES 64u

struct sim_backtrace {
    struct sim_frame frames[SIM_BACKTRACE_FRAMES]; /**< innermost first */
    size_t count;                                  /**< at least 1 */
    bool cut;                                      /**< there may be more */
};

/**
 * Collect the frames.
 *
 * Stops at what cannot be read, at a null return address, and, if the image has symbols, at a
 * return address that is in none of its functions.
 *
 * @param width   of the code at rip; with SIM_WIDTH_16 there is only the innermost frame
 * @param image   what is executing, or NULL
 * @param reader  reads the guest's stack and code
 */
void sim_backtrace_collect(const struct sim_registers *registers, enum sim_width width,
                           const struct sim_image *image, const struct sim_stack_reader *reader,
                           struct sim_backtrace *backtrace);

#endif
