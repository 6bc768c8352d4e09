/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What every fuzz target shares: one function that takes any bytes, a way to
 * take values from them, and a way to say that something is wrong.
 *
 * A target is called many times in one process. Each call starts from the same
 * state, so that an input alone reproduces what it found.
 */
#ifndef DRYDOCK_TESTS_FUZZ_H
#define DRYDOCK_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Run the target once; each fuzz_NAME.c defines it. Drivers: libfuzzer.c and replay.c. */
void fuzz_one(const uint8_t *bytes, size_t size);

/** Bytes that are not used up yet. */
struct fuzz_input {
    const uint8_t *bytes;
    size_t left;
};

/** Take the next bytes; zeros where there are none any more. */
static inline void fuzz_take(struct fuzz_input *input, void *to, size_t size)
{
    size_t there = input->left < size ? input->left : size;

    memset(to, 0, size);
    if (there > 0) {
        memcpy(to, input->bytes, there);
        input->bytes += there;
        input->left -= there;
    }
}

static inline uint8_t fuzz_take8(struct fuzz_input *input)
{
    uint8_t value = 0;

    fuzz_take(input, &value, sizeof value);
    return value;
}

static inline uint16_t fuzz_take16(struct fuzz_input *input)
{
    uint16_t value = 0;

    fuzz_take(input, &value, sizeof value);
    return value;
}

static inline uint32_t fuzz_take32(struct fuzz_input *input)
{
    uint32_t value = 0;

    fuzz_take(input, &value, sizeof value);
    return value;
}

static inline uint64_t fuzz_take64(struct fuzz_input *input)
{
    uint64_t value = 0;

    fuzz_take(input, &value, sizeof value);
    return value;
}

/** A number below @p limit, which is 1..256, from one byte. */
static inline unsigned int fuzz_choose(struct fuzz_input *input, unsigned int limit)
{
    return fuzz_take8(input) % limit;
}

/** End the process with a sentence unless something holds: a finding for the fuzzer. */
void fuzz_require(bool holds, const char *sentence);

#endif
