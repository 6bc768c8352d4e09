/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a PC's BIOS leaves in the memory behind the clock. Sizes above 64 MiB
 * saturate; there is no RAM above 4 GiB, so the bytes 0x5B to 0x5D are 0.
 */
#include "sim/devices/cmos_internal.h"

enum {
    EQUIPMENT = 0x14,
    BASE_MEMORY = 0x15,
    EXTENDED_MEMORY = 0x17,
    EXTENDED_MEMORY_FOUND = 0x30,
    MEMORY_ABOVE_16M = 0x34,
    CHECKSUM = 0x2E,
    CHECKSUM_FIRST = 0x10,
    CHECKSUM_LAST = 0x2D,
    EQUIPMENT_FPU = 0x02,
};

/* Two bytes, and no more than they hold. */
static void put_word(uint8_t *bytes, unsigned int index, uint64_t value)
{
    value = value > UINT16_MAX ? UINT16_MAX : value;
    bytes[index] = (uint8_t)value;
    bytes[index + 1] = (uint8_t)(value >> 8);
}

void sim_cmos_describe_memory(uint8_t *bytes, uint64_t ram_bytes)
{
    uint64_t extended = ram_bytes > UINT64_C(1) << 20 ? (ram_bytes >> 10) - 1024 : 0;
    uint64_t above_16m = ram_bytes > UINT64_C(16) << 20 ? (ram_bytes >> 16) - 256 : 0;
    unsigned int sum = 0;

    bytes[EQUIPMENT] = EQUIPMENT_FPU;
    put_word(bytes, BASE_MEMORY, 640);
    put_word(bytes, EXTENDED_MEMORY, extended);
    put_word(bytes, EXTENDED_MEMORY_FOUND, extended);
    put_word(bytes, MEMORY_ABOVE_16M, above_16m);
    for (unsigned int i = CHECKSUM_FIRST; i <= CHECKSUM_LAST; i++) {
        sum += bytes[i];
    }
    bytes[CHECKSUM] = (uint8_t)(sum >> 8); /* high byte first */
    bytes[CHECKSUM + 1] = (uint8_t)sum;
}
