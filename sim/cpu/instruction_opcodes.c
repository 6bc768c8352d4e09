/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The opcode maps of [SDM 2] appendix A, reduced to one question: what follows
 * the opcode? One letter an opcode, one line for each upper digit:
 *
 *     .  nothing                         M  ModRM, and what it asks for
 *     b  8 bits                          B  the same, and 8 bits
 *     w  16 bits                         Z  the same, and 16 or 32 bits
 *     z  16 or 32 bits                   R  ModRM that always names registers
 *     v  16, 32 or 64 bits               o  an offset of the address's width
 *     j  16 or 32 bits, 32 in 64-bit code
 *     p  a far pointer                   e  16 and 8 bits (ENTER)
 *     3  group 3 with bytes: TEST has 8 bits
 *     4  group 3: TEST has 16 or 32 bits
 *     x  a prefix or escape: never asked for
 */
#include "sim/cpu/instruction_internal.h"

static const char one_byte[] = "MMMMbz..MMMMbz.x"
                               "MMMMbz..MMMMbz.."
                               "MMMMbzx.MMMMbzx."
                               "MMMMbzx.MMMMbzx."
                               "................"
                               "................"
                               "..MMxxxxzZbB...."
                               "bbbbbbbbbbbbbbbb"
                               "BZBBMMMMMMMMMMMM"
                               "..........p....."
                               "oooo....bz......"
                               "bbbbbbbbvvvvvvvv"
                               "BBw.MMBZe.w..b.."
                               "MMMMbb..MMMMMMMM"
                               "bbbbbbbbjjpb...."
                               "x.xx..34......MM";

static const char two_byte[] = "MMMM.........M.B"
                               "MMMMMMMMMMMMMMMM"
                               "RRRRRRRRMMMMMMMM"
                               "........x.x....."
                               "MMMMMMMMMMMMMMMM"
                               "MMMMMMMMMMMMMMMM"
                               "MMMMMMMMMMMMMMMM"
                               "BBBBMMM.MMMMMMMM"
                               "jjjjjjjjjjjjjjjj"
                               "MMMMMMMMMMMMMMMM"
                               "...MBMMM...MBMMM"
                               "MMMMMMMMMMBMMMMM"
                               "MMBMBBBM........"
                               "MMMMMMMMMMMMMMMM"
                               "MMMMMMMMMMMMMMMM"
                               "MMMMMMMMMMMMMMMM";

_Static_assert(sizeof one_byte == 257 && sizeof two_byte == 257, "a letter for each opcode");

char instruction_form(enum instruction_map map, uint8_t opcode)
{
    switch (map) {
    case MAP_ONE_BYTE:
        return one_byte[opcode];
    case MAP_0F:
        return two_byte[opcode];
    case MAP_0F38:
        return 'M';
    case MAP_0F3A:
        return 'B';
    case MAP_VECTOR:
        break;
    }
    return 'M';
}
