/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a backtrace needs of an image: where functions begin and end, and its
 * call frame information (.eh_frame, .debug_frame).
 */
#ifndef DRYDOCK_SIM_IMAGE_UNWIND_H
#define DRYDOCK_SIM_IMAGE_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/boot/image.h"

/**
 * Find the function an address is in.
 *
 * @param[out] start,end  its first address and the first one after it; untouched if there is none
 */
bool sim_image_function_at(const struct sim_image *image, uint64_t address, uint64_t *start,
                           uint64_t *end);

/** Whether the image has any symbol of code, so that an address without one is no code of it. */
bool sim_image_has_functions(const struct sim_image *image);

/** How the guest's memory is read; @p read returns whether all bytes could be. */
struct sim_stack_reader {
    bool (*read)(void *context, uint64_t linear, void *buffer, size_t size);
    void *context;
};

/** DWARF numbers of the general registers. Spec: [psABI x86-64] figure 3.36, [psABI i386] 2.14. */
#define SIM_UNWIND_REGISTERS 16u

/** A call frame on the way out. */
struct sim_unwind_state {
    uint64_t pc;
    bool exact; /**< pc is of an instruction that was about to execute, not a return address */
    unsigned int bytes;                   /**< size of a word on the stack: 8, or 4 for i386 */
    uint64_t value[SIM_UNWIND_REGISTERS]; /**< by DWARF number */
    uint32_t known;                       /**< bit n: value[n] is valid */
};

/** DWARF numbers of the stack pointer and of the frame pointer. */
unsigned int sim_unwind_stack_pointer(const struct sim_unwind_state *state);
unsigned int sim_unwind_frame_pointer(const struct sim_unwind_state *state);

struct sim_image_unwind;

/** Open the call frame information. NULL if the image has none, or without memory. */
struct sim_image_unwind *sim_image_unwind_open(const struct sim_image *image);
void sim_image_unwind_close(struct sim_image_unwind *unwind);

enum sim_unwind_result {
    SIM_UNWIND_STEPPED, /**< the state is the caller's */
    SIM_UNWIND_UNKNOWN, /**< nothing is said about this address, or it cannot be followed */
    SIM_UNWIND_END,     /**< the information says that there is no caller */
};

/** Go to the caller of a frame. The state is untouched unless the result is SIM_UNWIND_STEPPED. */
SIM_MUST_CHECK enum sim_unwind_result sim_image_unwind_step(struct sim_image_unwind *unwind,
                                                            const struct sim_stack_reader *reader,
                                                            struct sim_unwind_state *state);

#endif
