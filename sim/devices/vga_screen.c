/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen as text. The character generator's font is code page 437; its
 * first 32 characters are pictures, and 0 is as blank as a space. The start
 * address and the cursor's are in cells, from the start of the memory.
 */
#include "sim/devices/vga_text.h"

enum {
    CRTC_CURSOR_START = 0x0A,
    CRTC_CURSOR_OFF = 0x20,
    CRTC_START_ADDRESS = 0x0C,
    CRTC_CURSOR_ADDRESS = 0x0E,
    CELLS = SIM_VGA_TEXT_MEMORY / 2,
    SCREEN_CELLS = SIM_VGA_TEXT_COLUMNS * SIM_VGA_TEXT_ROWS,
};

/* Code page 437 as Unicode: 0x00 to 0x1F, and 0x80 to 0xFF. 0x7F is U+2302. */
static const uint16_t pictures[0x20] = {
    0x0020, 0x263A, 0x263B, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022, 0x25D8, 0x25CB, 0x25D9,
    0x2642, 0x2640, 0x266A, 0x266B, 0x263C, 0x25BA, 0x25C4, 0x2195, 0x203C, 0x00B6, 0x00A7,
    0x25AC, 0x21A8, 0x2191, 0x2193, 0x2192, 0x2190, 0x221F, 0x2194, 0x25B2, 0x25BC,
};
static const uint16_t upper_half[0x80] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF,
    0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
    0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4,
    0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
    0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};

static unsigned int unicode_of(uint8_t character)
{
    if (character >= 0x80) {
        return upper_half[character - 0x80];
    }
    if (character == 0x7F) {
        return 0x2302;
    }
    return character < 0x20 ? pictures[character] : character;
}

/* Returns the bytes written, at most 3. */
static size_t encode_utf8(char *text, unsigned int code)
{
    if (code < 0x80) {
        text[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        text[0] = (char)(0xC0 | code >> 6);
        text[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    text[0] = (char)(0xE0 | code >> 12);
    text[1] = (char)(0x80 | (code >> 6 & 0x3F));
    text[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

static unsigned int address(const struct sim_vga_text *vga, unsigned int high_register)
{
    return vga->state.crtc[high_register] * 256u + vga->state.crtc[high_register + 1];
}

void sim_vga_text_line(const struct sim_vga_text *vga, unsigned int row,
                       char text[SIM_VGA_TEXT_LINE])
{
    unsigned int first = address(vga, CRTC_START_ADDRESS) + row * SIM_VGA_TEXT_COLUMNS;
    size_t size = 0;
    size_t used = 0;

    for (unsigned int column = 0; column < SIM_VGA_TEXT_COLUMNS; column++) {
        size_t cell = (first + column) % CELLS;
        unsigned int code = unicode_of(vga->state.memory[cell * 2]);

        size += encode_utf8(text + size, code);
        used = code == ' ' ? used : size;
    }
    text[used] = '\0';
}

struct sim_vga_cursor sim_vga_text_cursor(const struct sim_vga_text *vga)
{
    unsigned int start = address(vga, CRTC_START_ADDRESS);
    unsigned int at = (address(vga, CRTC_CURSOR_ADDRESS) + 0x10000 - start) % CELLS;
    struct sim_vga_cursor cursor = {.visible = false};

    if (at < SCREEN_CELLS) {
        cursor.visible = (vga->state.crtc[CRTC_CURSOR_START] & CRTC_CURSOR_OFF) == 0;
        cursor.row = at / SIM_VGA_TEXT_COLUMNS;
        cursor.column = at % SIM_VGA_TEXT_COLUMNS;
    }
    return cursor;
}
