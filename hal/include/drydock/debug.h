/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Hardware breakpoints: DR0 to DR3, DR6, DR7.
 *
 * Spec: [SDM 3B] 17.2.
 */
#ifndef DRYDOCK_DEBUG_H
#define DRYDOCK_DEBUG_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** Breakpoints a processor has, numbered from 0. */
#define DD_BREAKPOINTS 4u

/** What raises #DB. Spec: [SDM 3B] 17.2.4, R/W0 to R/W3. */
enum dd_breakpoint_condition {
    DD_BREAKPOINT_EXECUTE = 0,
    DD_BREAKPOINT_WRITE = 1,
    DD_BREAKPOINT_IO = 2,     /**< access to a port; needs CR4.DE */
    DD_BREAKPOINT_ACCESS = 3, /**< read or write, not execution */
};

/** How many bytes are watched. Spec: [SDM 3B] 17.2.4, LEN0 to LEN3. */
enum dd_breakpoint_size {
    DD_BREAKPOINT_1_BYTE = 0, /**< the only one for DD_BREAKPOINT_EXECUTE */
    DD_BREAKPOINT_2_BYTES = 1,
    DD_BREAKPOINT_8_BYTES = 2,
    DD_BREAKPOINT_4_BYTES = 3,
};

/** Until when. Spec: [SDM 3B] 17.2.4, L0 to L3 and G0 to G3. */
enum dd_breakpoint_scope {
    DD_BREAKPOINT_OFF = 0,
    DD_BREAKPOINT_LOCAL = 1, /**< until a task switch: never in 64-bit mode */
    DD_BREAKPOINT_GLOBAL = 2,
    DD_BREAKPOINT_BOTH = 3,
};

/** A breakpoint. */
struct dd_breakpoint {
    uint64_t address; /**< linear, or a port; a multiple of the size */
    enum dd_breakpoint_condition condition;
    enum dd_breakpoint_size size;
    enum dd_breakpoint_scope scope;
};

/**
 * The size for a number of bytes.
 *
 * @param bytes      1, 2, 4 or 8
 * @param[out] size  untouched on failure
 * @retval DD_OK    *size is valid
 * @retval DD_EARG  another number
 */
DD_MUST_CHECK enum dd_status dd_breakpoint_size_from(unsigned int bytes,
                                                     enum dd_breakpoint_size *size);

/**
 * Describe a breakpoint in a value of DR7, leaving the other three and everything else.
 *
 * @param dr7         value to start from
 * @param number      0..3
 * @param breakpoint  its address does not count here
 * @param[out] value  for DR7; untouched on failure
 * @retval DD_OK    *value is valid
 * @retval DD_EARG  no such number, condition, size or scope, or execution with another size than 1
 *
 * Spec: [SDM 3B] 17.2.4, figure 17-2.
 */
DD_MUST_CHECK enum dd_status dd_breakpoint_encode(uint64_t dr7, unsigned int number,
                                                  const struct dd_breakpoint *breakpoint,
                                                  uint64_t *value);

/**
 * Set a breakpoint. It is off while its registers change.
 *
 * @param number      0..3
 * @param breakpoint  read, not kept
 * @retval DD_OK          set
 * @retval DD_EARG        see dd_breakpoint_encode(); or a port above FFFFH. Nothing changed, as after
 *                        all failures
 * @retval DD_EALIGN      the address is not a multiple of the size
 * @retval DD_ECANONICAL  the address is not canonical, for CR4.LA57 as it is
 * @retval DD_ENOTSUP     DD_BREAKPOINT_IO while CR4.DE is 0
 *
 * Spec: [SDM 3B] 17.2.4, 17.2.5.
 */
DD_MUST_CHECK enum dd_status dd_breakpoint_set(unsigned int number,
                                               const struct dd_breakpoint *breakpoint);

/**
 * Read a breakpoint back.
 *
 * @param number           0..3
 * @param[out] breakpoint  untouched on failure
 * @retval DD_OK    *breakpoint is valid
 * @retval DD_EARG  no such number
 *
 * Spec: [SDM 3B] 17.2.1, 17.2.4.
 */
DD_MUST_CHECK enum dd_status dd_breakpoint_get(unsigned int number,
                                               struct dd_breakpoint *breakpoint);

/** Why #DB was raised, a set of bits; all of them 1 if it was so. Spec: [SDM 3B] 17.2.3. */
enum dd_debug_cause {
    DD_DEBUG_BREAKPOINT_0 = 1 << 0,
    DD_DEBUG_BREAKPOINT_1 = 1 << 1,
    DD_DEBUG_BREAKPOINT_2 = 1 << 2,
    DD_DEBUG_BREAKPOINT_3 = 1 << 3,
    DD_DEBUG_BUS_LOCK = 1 << 11,
    DD_DEBUG_REGISTER = 1 << 13,    /**< access to a debug register while DR7.GD was 1 */
    DD_DEBUG_SINGLE_STEP = 1 << 14, /**< RFLAGS.TF */
    DD_DEBUG_TASK_SWITCH = 1 << 15,
    DD_DEBUG_TRANSACTION = 1 << 16, /**< inside an RTM region */
};

/**
 * The causes in a value of DR6, whose bits for bus locks and transactions are 0 if they are causes.
 *
 * A bit of a breakpoint may be 1 though it is off: then it was not the cause.
 *
 * @return enum dd_debug_cause values, combined
 */
unsigned int dd_debug_causes(uint64_t dr6);

/**
 * Read why #DB was raised, and clear it: the processor never does, and the next #DB would add to it.
 *
 * @return as dd_debug_causes()
 *
 * Spec: [SDM 3B] 17.2.3: "debug handlers should clear the register before returning".
 */
unsigned int dd_debug_take_causes(void);

#endif
