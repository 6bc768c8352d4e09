/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Segments of data outside 64-bit code: which one an access is in, and whether
 * that one allows it. Spec: [SDM 3A] 5.3 to 5.5; [SDM 1] 3.7.4.
 */
#ifndef DRYDOCK_SIM_DATA_SEGMENT_H
#define DRYDOCK_SIM_DATA_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/segment.h"
#include "sim/mmu/mmu_walk.h"

/** An access of an instruction. */
struct sim_data_access {
    enum sim_access_kind kind; /**< SIM_ACCESS_READ or SIM_ACCESS_WRITE */
    uint32_t offset;           /**< of the first byte in its segment */
    unsigned int size;         /**< in bytes, at least 1 */
};

/**
 * The segment an access of the instruction is in.
 *
 * @param at_destination  the address is ES:EDI; only CMPS, which reads at two, needs to know
 */
enum sim_segment_register sim_instruction_data_segment(const uint8_t *bytes, size_t size,
                                                       enum sim_width code,
                                                       enum sim_access_kind kind,
                                                       bool at_destination);

/** Whether the instruction loads DS, ES, FS, GS or SS, and nothing else that matters. */
bool sim_instruction_loads_segment(const uint8_t *bytes, size_t size, enum sim_width code);

/** Where the selector is that such an instruction loads. */
enum sim_selector_source {
    SIM_SELECTOR_ELSEWHERE, /**< an operand in memory; or it is no such instruction */
    SIM_SELECTOR_REGISTER,
    SIM_SELECTOR_STACK,
};

/** @param[out] number  of the general register; set for SIM_SELECTOR_REGISTER only */
enum sim_selector_source sim_instruction_selector_source(const uint8_t *bytes, size_t size,
                                                         enum sim_width code, unsigned int *number);

/** Whether there is an access that the segment does not allow. A null selector has attributes 0. */
bool sim_segment_is_limited(const struct sim_segment *segment);

/** Why a segment does not allow an access: "is read-only", …; NULL: it does. */
const char *sim_segment_refuse(const struct sim_segment *segment,
                               const struct sim_data_access *access);

#endif
