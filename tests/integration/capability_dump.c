/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: capability_dump SEED: a dump of 256 functions, in the form of `lspci -xxxx`, whose capabilities
 * have registers of chance. The same seed gives the same dump.
 *
 * What lspci 3.9 cannot read is left out: of Enhanced Allocation it reads one entry, and only
 * if that has all the registers it announces.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/util/random.h"

#define SIZE           4096u
#define FIRST_START    0x40u
#define EXTENDED_START 0x100u
#define EXTENDED_BYTES 0x60u /* of a capability */
#define EXTENDED_COUNT 6u

static uint64_t state;

static unsigned int below(unsigned int limit)
{
    return (unsigned int)(sim_random_next(&state) % limit);
}

/* Bytes of chance, or such with few bits or almost all of them. */
static void fill(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (below(5)) {
        case 0:
            bytes[i] = 0;
            break;
        case 1:
            bytes[i] = 0xFF;
            break;
        case 2:
            bytes[i] = (unsigned char)(1u << below(8));
            break;
        default:
            bytes[i] = (unsigned char)below(256);
            break;
        }
    }
}

/* One entry: its first register, base and greatest offset, and their upper halves as announced. */
static void fix_enhanced_allocation(unsigned char *capability)
{
    unsigned int base_64 = below(2);
    unsigned int offset_64 = below(2);

    capability[2] = 1;
    capability[4] = (unsigned char)((capability[4] & 0xF0) | (2 + base_64 + offset_64));
    capability[8] = (unsigned char)((capability[8] & 0xFC) | base_64 << 1);
    capability[12] = (unsigned char)((capability[12] & 0xFC) | offset_64 << 1);
}

/* The kinds of the first list: those of one size, and PCI Express once at the end. */
static unsigned int put_first(unsigned char *space, unsigned int at)
{
    static const unsigned char ids[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
                                        0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F,
                                        0x11, 0x12, 0x13, 0x14, 0x15, 0x16};
    static const unsigned char lengths[] = {0x03, 0x0F, 0x10, 0x14, 0x18};
    unsigned char *capability = &space[at];
    const unsigned int size = 28;

    fill(capability, size);
    capability[0] = ids[below(sizeof ids)];
    capability[1] = (unsigned char)(at + size);
    if (capability[0] == 0x09) {
        capability[2] = lengths[below(sizeof lengths)];
        capability[3] = (unsigned char)below(7);
    } else if (capability[0] == 0x14) {
        fix_enhanced_allocation(capability);
    }
    return at + size;
}

static void put_express(unsigned char *space, unsigned int at)
{
    fill(&space[at], 0x3C);
    space[at] = 0x10;
    space[at + 1] = 0;
    space[at + 2] = (unsigned char)((space[at + 2] & 0xF0) | (below(4) == 0 ? 1 : 2));
}

static void put_extended(unsigned char *space)
{
    for (unsigned int i = 0; i < EXTENDED_COUNT; i++) {
        unsigned int at = EXTENDED_START + i * EXTENDED_BYTES;
        unsigned int next = i + 1 < EXTENDED_COUNT ? at + EXTENDED_BYTES : 0;
        unsigned int id = below(0x34);

        fill(&space[at], EXTENDED_BYTES);
        space[at] = (unsigned char)id;
        space[at + 1] = 0;
        space[at + 2] = (unsigned char)((next & 0xF) << 4 | (1 + below(3) / 2));
        space[at + 3] = (unsigned char)(next >> 4);
    }
}

/* An endpoint that may be one of virtio's, which have capabilities of their own. */
static void make(unsigned char *space)
{
    static const unsigned char ids[][4] = {
        {0x34, 0x12, 0x78, 0x56}, {0xF4, 0x1A, 0x41, 0x10}, {0xF4, 0x1A, 0x80, 0x10}};
    unsigned int at = FIRST_START;

    memset(space, 0, SIZE);
    memcpy(space, ids[below(3)], 4);
    space[0x06] = 0x10;
    space[0x0B] = 0x02;
    space[0x0E] = 0x80;
    space[0x34] = FIRST_START;
    while (at + 28 + 0x3C < EXTENDED_START) {
        at = put_first(space, at);
    }
    put_express(space, at);
    put_extended(space);
}

static void print(const unsigned char *space, unsigned int number)
{
    (void)printf("00:%02x.%x Ethernet controller\n", number / 8, number % 8);
    for (unsigned int i = 0; i < SIZE; i++) {
        if (i % 16 == 0) {
            (void)printf("%02x:", i);
        }
        (void)printf(" %02x%s", space[i], i % 16 == 15 ? "\n" : "");
    }
    (void)printf("\n");
}

int main(int argc, char **argv)
{
    static unsigned char space[SIZE];

    if (argc != 2) {
        (void)fprintf(stderr, "usage: capability_dump SEED\n");
        return 2;
    }
    state = strtoull(argv[1], NULL, 0);
    for (unsigned int i = 0; i < 256; i++) {
        make(space);
        print(space, i);
    }
    return 0;
}
