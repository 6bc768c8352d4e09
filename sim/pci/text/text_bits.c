/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers are little-endian, so bit n of a register is bit n%8 of its byte n/8,
 * and a field of any width can be stored bit by bit.
 */
#include "sim/pci/text/text_bits.h"

uint64_t sim_text_ones(struct sim_text_bits bits)
{
    unsigned int count = bits.hi - bits.lo + 1;

    return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static bool is_inside(struct sim_text_bits bits)
{
    return bits.offset < SIM_CONFIG_SIZE && bits.offset + bits.hi / 8 < SIM_CONFIG_SIZE;
}

bool sim_text_set(struct sim_dump_function *function, struct sim_text_bits bits, uint64_t value,
                  uint64_t known)
{
    if (!is_inside(bits)) {
        return false;
    }
    for (unsigned int bit = bits.lo; bit <= bits.hi; bit++) {
        unsigned int byte = bits.offset + bit / 8;
        uint8_t mask = (uint8_t)(1u << bit % 8);
        unsigned int index = bit - bits.lo;

        function->bytes[byte] &= (uint8_t)~mask;
        function->known[byte] &= (uint8_t)~mask;
        function->bytes[byte] |= (value >> index & 1) != 0 ? mask : 0;
        function->known[byte] |= (known >> index & 1) != 0 ? mask : 0;
    }
    return true;
}

bool sim_text_doubt(struct sim_dump_function *function, struct sim_text_bits bits)
{
    if (!is_inside(bits)) {
        return false;
    }
    for (unsigned int bit = bits.lo; bit <= bits.hi; bit++) {
        function->known[bits.offset + bit / 8] &= (uint8_t) ~(1u << bit % 8);
    }
    return true;
}

bool sim_text_get(const struct sim_dump_function *function, struct sim_text_bits bits,
                  uint64_t *value)
{
    uint64_t read = 0;

    if (!is_inside(bits)) {
        return false;
    }
    for (unsigned int bit = bits.lo; bit <= bits.hi; bit++) {
        unsigned int byte = bits.offset + bit / 8;
        unsigned int mask = 1u << bit % 8;

        if ((function->known[byte] & mask) == 0) {
            return false;
        }
        read |= (uint64_t)((function->bytes[byte] & mask) != 0) << (bit - bits.lo);
    }
    *value = read;
    return true;
}
