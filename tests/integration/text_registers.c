/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What test scripts need to judge the reading of verbose text:
 *
 *     text_registers compare TEXT HEX    every bit that TEXT determines is as in HEX
 *     text_registers write TEXT          TEXT as `lspci -xxxx` prints it
 *     text_registers scramble SEED HEX   HEX with other contents in headers and capabilities
 *
 * Compare prints what is said about TEXT on standard error, a line for each byte that differs, "ADDRESS OFFSET TEXT HEX KNOWN", and at last
 * "FUNCTIONS functions, BITS bits". Scrambled dumps keep what the lists hang on, and reserved
 * values that lspci prints as something else. Exit status: 0 no difference, 1 differences,
 * 2 unusable input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/dump/dump_text.h"
#include "sim/util/random.h"

#define TYPE_BRIDGE  1u
#define TYPE_CARDBUS 2u

static int refuse(const char *text)
{
    (void)fprintf(stderr, "%s\n", text);
    return 2;
}

static unsigned int count_bits(unsigned int value)
{
    unsigned int bits = 0;

    for (; value != 0; value &= value - 1) {
        bits++;
    }
    return bits;
}

/* Compare a function; returns the bytes that differ. */
static unsigned int compare_function(const struct sim_dump_function *text,
                                     const struct sim_dump_function *hex, unsigned long *bits)
{
    unsigned int different = 0;

    for (unsigned int i = 0; i < SIM_CONFIG_SIZE; i++) {
        unsigned int known = text->known[i] & hex->known[i];

        *bits += count_bits(known);
        if (((text->bytes[i] ^ hex->bytes[i]) & known) != 0) {
            different++;
            (void)printf("%s %03x %02x %02x %02x\n", sim_dump_name(text).text, i, text->bytes[i],
                         hex->bytes[i], known);
        }
    }
    return different;
}

static int compare(const struct sim_dump *text, const struct sim_dump *hex)
{
    unsigned long bits = 0;
    unsigned int different = 0;

    if (text->remarks != NULL) {
        (void)fputs(text->remarks, stderr);
    }
    for (size_t i = 0; i < text->count; i++) {
        const struct sim_dump_function *one = &text->functions[i];
        const struct sim_dump_function *other =
            sim_dump_find(hex, one->segment, one->bus, one->device, one->function);

        different += other == NULL ? 0 : compare_function(one, other, &bits);
    }
    (void)printf("%zu functions, %lu bits\n", text->count, bits);
    return different == 0 ? 0 : 1;
}

/* Mark the bytes of both lists that hold them together, and the type of PCI Express. */
static void keep_lists(const struct sim_dump_function *function, bool *keep)
{
    const uint8_t *bytes = function->bytes;
    unsigned int at = bytes[(bytes[0x0e] & 0x7F) == TYPE_CARDBUS ? 0x14 : 0x34] & 0xFCu;

    for (unsigned int i = 0; (bytes[0x06] & 0x10) != 0 && at >= 0x40 && i < 48; i++) {
        keep[at] = keep[at + 1] = true;
        keep[at + 2] = bytes[at] == 0x10;
        at = bytes[at + 1] & 0xFCu;
    }
    at = 0x100;
    for (unsigned int i = 0; function->known_size > 256 && at >= 0x100 && i < 960; i++) {
        unsigned int latencies = bytes[at] == 0x18 ? 8 : 4;

        memset(&keep[at], true, latencies); /* scale 7 of a latency is printed as another */
        at = (bytes[at + 2] >> 4 | (unsigned int)bytes[at + 3] << 4) & 0xFFCu;
    }
}

/* Mark what a header keeps: IDs, class, type, pointers, bus numbers, values that do not exist. */
static void keep_header(const struct sim_dump_function *function, bool *keep)
{
    unsigned int type = function->bytes[0x0e] & 0x7Fu;

    memset(keep, true, 4);
    keep[0x06] = keep[0x0a] = keep[0x0b] = keep[0x0e] = keep[0x34] = keep[0x3d] = true;
    if (type == TYPE_BRIDGE) {
        memset(&keep[0x18], true, 3);
    } else if (type == TYPE_CARDBUS) {
        memset(&keep[0x14], true, 0x28);
    }
}

/* Half of the bytes get many ones, the others few. */
static uint8_t random_byte(uint64_t *state)
{
    uint64_t bits = sim_random_next(state);

    return (uint8_t)((bits & 0x10000) != 0 ? bits : bits & bits >> 8);
}

static void scramble(struct sim_dump *dump, uint64_t seed)
{
    for (size_t i = 0; i < dump->count; i++) {
        struct sim_dump_function *function = &dump->functions[i];
        bool keep[SIM_CONFIG_SIZE] = {false};

        keep_header(function, keep);
        keep_lists(function, keep);
        for (unsigned int offset = 0; offset < function->known_size; offset++) {
            uint8_t byte = random_byte(&seed);

            function->bytes[offset] = keep[offset] ? function->bytes[offset] : byte;
        }
    }
    sim_dump_write(dump, stdout);
}

int main(int argc, char **argv)
{
    struct sim_dump dump;
    struct sim_dump other;
    struct sim_error error;
    int status = 0;

    if (argc < 3 || sim_dump_read(argv[argc - 1], &dump, &error) != 0) {
        return refuse(argc < 3 ? "usage: text_registers compare|write|scramble …" : error.text);
    }
    if (strcmp(argv[1], "write") == 0) {
        sim_dump_write(&dump, stdout);
    } else if (strcmp(argv[1], "scramble") == 0 && argc == 4) {
        scramble(&dump, strtoull(argv[2], NULL, 10));
    } else if (argc == 4 && sim_dump_read(argv[2], &other, &error) == 0) {
        status = compare(&other, &dump);
        sim_dump_free(&other);
    } else {
        status = refuse(error.text);
    }
    sim_dump_free(&dump);
    return status;
}
