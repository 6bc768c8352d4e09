/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Addresses and what arithmetic on them gives, as literals: for the unit tests
 * and for the claims, so that both judge by the same numbers.
 *
 * [SDM 1] 3.3.7.1: with 48 bits the lower half ends at 0000_7FFF_FFFF_FFFF and
 * the upper half starts at FFFF_8000_0000_0000; with 57 bits at
 * 00FF_FFFF_FFFF_FFFF and FF00_0000_0000_0000.
 */
#ifndef DRYDOCK_TESTS_ADDRESS_VECTORS_H
#define DRYDOCK_TESTS_ADDRESS_VECTORS_H

#include <stdint.h>

#include "drydock/status.h"

#define VECTOR_COUNT(vectors) (sizeof(vectors) / sizeof(vectors)[0])

/** Low bits of a number and the canonical address they make. */
struct truncate_vector {
    uint64_t raw;
    uint64_t expected;
    unsigned int width;
};

static const struct truncate_vector truncate_vectors[] = {
    {0, 0, 48},
    {UINT64_C(1) << 47, 0xFFFF800000000000, 48},
    {123, 123, 48},
    {UINT64_C(123) << 47, 0xFFFF800000000000, 48},
    {0x00007FFFFFFFFFFF, 0x00007FFFFFFFFFFF, 48},
    {0xFFFF7FFFFFFFFFFF, 0x00007FFFFFFFFFFF, 48},
    {0x0000FFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 48},
    {UINT64_C(1) << 48, 0, 48},
    {UINT64_C(1) << 47, UINT64_C(1) << 47, 57},
    {UINT64_C(1) << 56, 0xFF00000000000000, 57},
    {UINT64_C(123) << 56, 0xFF00000000000000, 57},
    {0xFEFFFFFFFFFFFFFF, 0x00FFFFFFFFFFFFFF, 57},
};

/** A step of `count` times `size` bytes from an address; `expected` only if it succeeds. */
struct step_vector {
    uint64_t from;
    uint64_t count;
    uint64_t expected;
    enum dd_status status;
    uint32_t size;
    unsigned int width;
};

static const struct step_vector forward_vectors[] = {
    {0, 0, 0, DD_OK, 1, 48},
    {0, 1, 1, DD_OK, 1, 48},
    {0x00007FFFFFFFFFFF, 1, 0xFFFF800000000000, DD_OK, 1, 48},
    {0xFFFF800000000000, 1, 0xFFFF800000000001, DD_OK, 1, 48},
    {0xFFFFFFFFFFFFFFFF, 1, 0, DD_EWRAP, 1, 48},
    {0x00007FFFFFFFFFFF, 0x123456789ABD, 0xFFFF923456789ABC, DD_OK, 1, 48},
    {0x00007FFFFFFFFFFF, 0x800000000000, 0xFFFFFFFFFFFFFFFF, DD_OK, 1, 48},
    {0x00007FFFFFFFFF00, 0x8000000000FF, 0xFFFFFFFFFFFFFFFF, DD_OK, 1, 48},
    {0x00007FFFFFFFFF00, 0x800000000100, 0, DD_EWRAP, 1, 48},
    {0x00007FFFFFFFFFFF, 0x800000000001, 0, DD_EWRAP, 1, 48},
    {0x00007FFFFFFFF000, 1, 0xFFFF800000000000, DD_OK, 0x1000, 48},
    {0, 0x100000, 0x100000000, DD_OK, 0x1000, 48},
    {0, 0xFFFFFFFFFFFFFFFF, 0, DD_EWRAP, 1, 48},
    {0x1000, UINT64_C(1) << 52, 0, DD_EWRAP, 0x1000, 48},
    {0x00007FFFFFE00000, 1, 0xFFFF800000000000, DD_OK, 0x200000, 48},
    {0x00007FFFC0000000, 1, 0xFFFF800000000000, DD_OK, 0x40000000, 48},
    {0xFFFFFFFFFFFFF000, 0, 0xFFFFFFFFFFFFF000, DD_OK, 0x1000, 48},
    {0xFFFFFFFFFFFFF000, 1, 0, DD_EWRAP, 0x1000, 48},
    {0x00FFFFFFFFFFFFFF, 1, 0xFF00000000000000, DD_OK, 1, 57},
    {0x00007FFFFFFFFFFF, 1, 0x0000800000000000, DD_OK, 1, 57},
    {0x00FFFFFFFFFFF000, 1, 0xFF00000000000000, DD_OK, 0x1000, 57},
    {0, 0x1FFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, DD_OK, 1, 57},
    {0, 0x200000000000000, 0, DD_EWRAP, 1, 57},
    {0x0000800000000000, 0, 0, DD_ECANONICAL, 1, 48},
    {0xFFFF7FFFFFFFFFFF, 0, 0, DD_ECANONICAL, 1, 48},
    {0xFEFFFFFFFFFFFFFF, 1, 0, DD_ECANONICAL, 1, 57},
    {0x800, 1, 0, DD_EALIGN, 0x1000, 48},
    {0, 1, 0, DD_EARG, 3, 48},
    {0, 1, 0, DD_EARG, 0, 48},
    {0, 1, 0, DD_EARG, 1, 47},
    {0, 1, 0, DD_EARG, 1, 64},
};

static const struct step_vector backward_vectors[] = {
    {0, 1, 0, DD_EWRAP, 1, 48},
    {1, 1, 0, DD_OK, 1, 48},
    {0xFFFF800000000000, 1, 0x00007FFFFFFFFFFF, DD_OK, 1, 48},
    {0xFFFF923456789ABC, 0x123456789ABD, 0x00007FFFFFFFFFFF, DD_OK, 1, 48},
    {0xFFFF800000000000, 0x800000000000, 0, DD_OK, 1, 48},
    {0xFFFF800000000000, 0x7FFFFFFFFF01, 0xFF, DD_OK, 1, 48},
    {0xFFFF800000000000, 0x800000000001, 0, DD_EWRAP, 1, 48},
    {0xFFFF923456788000, 0x123456789, 0x00007FFFFFFFF000, DD_OK, 0x1000, 48},
    {0xFFFF800000000000, 0x800000000, 0, DD_OK, 0x1000, 48},
    {0xFFFF800000000000, 0x800000001, 0, DD_EWRAP, 0x1000, 48},
    {0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFF, 0, DD_OK, 1, 48},
    {0, 0, 0, DD_OK, 1, 48},
    {0xFF00000000000000, 1, 0x00FFFFFFFFFFFFFF, DD_OK, 1, 57},
    {0xFF00000000000000, 1, 0x00FFFFFFC0000000, DD_OK, 0x40000000, 57},
    {0xFF00000000000000, 0x100000000000000, 0, DD_OK, 1, 57},
    {0xFF00000000000000, 0x100000000000001, 0, DD_EWRAP, 1, 57},
    {0xFFFF7FFFFFFFF000, 1, 0, DD_ECANONICAL, 0x1000, 48},
    {0x1001, 1, 0, DD_EALIGN, 0x1000, 48},
    {0, 0, 0, DD_EARG, 0x1001, 48},
    {0, 0, 0, DD_EARG, 1, 49},
};

/** Steps of `size` bytes between two addresses; `expected` only if there is an answer. */
struct distance_vector {
    uint64_t from;
    uint64_t to;
    uint64_t expected;
    enum dd_status status;
    uint32_t size;
    unsigned int width;
};

static const struct distance_vector distance_vectors[] = {
    {0, 0, 0, DD_OK, 1, 48},
    {0, 1, 1, DD_OK, 1, 48},
    {1, 0, 0, DD_EARG, 1, 48},
    {0x00007FFFFFFFFFFF, 0xFFFF800000000000, 1, DD_OK, 1, 48},
    {0xFFFF800000000000, 0x00007FFFFFFFFFFF, 0, DD_EARG, 1, 48},
    {0, 0x100000000000, 0x100000000, DD_OK, 0x1000, 48},
    {0, 0xFFFFFFFFFFFFF000, 0xFFFFFFFFF, DD_OK, 0x1000, 48},
    {0, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFF, DD_OK, 1, 48},
    {0, 0xFFFFFFFFFFFFFFFF, 0x1FFFFFFFFFFFFFF, DD_OK, 1, 57},
    {0x00FFFFFFFFE00000, 0xFF00000000200000, 2, DD_OK, 0x200000, 57},
    {0, 0x0000800000000000, 0, DD_ECANONICAL, 1, 48},
    {0x0000800000000000, 0xFFFF800000000000, 0, DD_ECANONICAL, 1, 48},
    {0, 0x1800, 0, DD_EALIGN, 0x1000, 48},
    {0x800, 0x1000, 0, DD_EALIGN, 0x1000, 48},
    {0, 0, 0, DD_EARG, 0, 48},
    {0, 0, 0, DD_EARG, 1, 0},
};

/** Multiples of `alignment` next to an address; `expected` only if there is one. */
struct align_vector {
    uint64_t address;
    uint64_t alignment;
    uint64_t expected;
    enum dd_status status;
    unsigned int width;
};

static const struct align_vector align_up_vectors[] = {
    {0x00007FFFFFFFFFFF, 2, 0xFFFF800000000000, DD_OK, 48},
    {0xFFFFFFFFFFFFFFFF, 2, 0, DD_EWRAP, 48},
    {0xFFFFFFFFFFFFFFFF, 1, 0xFFFFFFFFFFFFFFFF, DD_OK, 48},
    {0, UINT64_C(1) << 63, 0, DD_OK, 48},
    {1, UINT64_C(1) << 47, 0xFFFF800000000000, DD_OK, 48},
    {1, UINT64_C(1) << 48, 0, DD_EWRAP, 48},
    {0xFFFF800000000001, 0x1000, 0xFFFF800000001000, DD_OK, 48},
    {0x00FFFFFFFFFFF001, 0x1000, 0xFF00000000000000, DD_OK, 57},
    {0x00007FFFFFFFFFFF, 2, 0x0000800000000000, DD_OK, 57},
    {0x0000800000000000, 1, 0, DD_ECANONICAL, 48},
    {0, 3, 0, DD_EARG, 48},
    {0, 0, 0, DD_EARG, 48},
    {0, 1, 0, DD_EARG, 56},
};

static const struct align_vector align_down_vectors[] = {
    {0xFFFF800000000000, UINT64_C(1) << 48, 0, DD_OK, 48},
    {0xFFFF800000000000, UINT64_C(1) << 47, 0xFFFF800000000000, DD_OK, 48},
    {0xFFFFFFFFFFFFFFFF, 0x40000000, 0xFFFFFFFFC0000000, DD_OK, 48},
    {0x00007FFFFFFFFFFF, UINT64_C(1) << 63, 0, DD_OK, 48},
    {0xFF00000000000123, UINT64_C(1) << 57, 0, DD_OK, 57},
    {0xFF00000000000123, 0x100, 0xFF00000000000100, DD_OK, 57},
    {0x0000800000000000, 1, 0, DD_ECANONICAL, 48},
    {0, 0, 0, DD_EARG, 48},
    {0, 12, 0, DD_EARG, 48},
    {0, 1, 0, DD_EARG, 0},
};

#endif
