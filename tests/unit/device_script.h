/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A machine behind the hosted insn.h for tests of drivers: reads get the answers
 * the test prepared, writes are kept in order.
 *
 * A place is a port, an address or the index of a model-specific register. A read
 * nobody prepared ends the test.
 */
#ifndef DRYDOCK_TESTS_DEVICE_SCRIPT_H
#define DRYDOCK_TESTS_DEVICE_SCRIPT_H

#include <stdint.h>

#include "drydock/arch/hosted_machine.h"

struct device_write {
    enum dd_hosted_insn insn;
    uint32_t place;
    uint64_t value;
};

/** Writes and fences so far; a fence has no place and no value. */
extern struct device_write device_writes[64];
extern unsigned int device_write_count;

/** Reads so far, CPUID excluded. */
extern unsigned int device_read_count;

/** Forget everything: the setup of a test case. */
void device_script_reset(void);

/** The next read of a place gives this; the last answer for a place stays. */
void device_script_answer(uint32_t place, uint64_t value);

/** ECX and EDX of CPUID leaf 1; zero without this. */
void device_script_features(uint32_t ecx, uint32_t edx);

/** Check that the writes are these and no more. */
void device_script_expect(const struct device_write *expected, unsigned int count);

/** The same for a list written in place. */
#define DEVICE_EXPECT(...)                                                                       \
    do {                                                                                         \
        static const struct device_write expected_[] = {__VA_ARGS__};                            \
        device_script_expect(expected_, (unsigned int)(sizeof expected_ / sizeof expected_[0])); \
    } while (0)

#endif
