/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a bridge forwards.
 *
 *     Bus: primary=00, secondary=02, subordinate=03, sec-latency=0
 *     I/O behind bridge: 9000-9fff [size=4K] [16-bit]
 *     Memory behind bridge: [disabled] [32-bit]
 *     Prefetchable memory behind bridge: 00000000d0000000-00000000d1ffffff [size=32M]
 *
 * The narrower of two widths is also printed for windows that the operating system has put low,
 * so it tells nothing about the register.
 *
 * A window without addresses is closed: its base is above its limit, and how far is
 * not said. The highest base and the limit 0 are likely, as software writes them.
 * Spec: [PCI-PCI 1.2] 3.2.5.6 to 3.2.5.10; [PC Card] 4.5.
 */
#include "sim/pci/text/text_parser.h"

/* What a line says about a window. */
struct window {
    bool has_range;
    uint64_t base, limit;
    unsigned int digits; /* of its base */
    unsigned int width;  /* bits of its addresses, 0: not said */
};

static void read_range(struct sim_text_parser *parser, struct window *window)
{
    struct sim_text_match match = {.at = parser->at, .end = parser->end};
    const char *before = NULL;

    if (!sim_text_pattern_address(&match, &window->base) || match.at == match.end ||
        *match.at != '-') {
        return;
    }
    before = match.at++;
    if (sim_text_pattern_address(&match, &window->limit)) {
        window->digits = (unsigned int)(match.at - before - 1);
        window->has_range = true;
        parser->at = match.at;
    }
}

static bool take_width(struct sim_text_parser *parser, struct window *window)
{
    static const struct {
        const char *pattern;
        unsigned int width;
    } widths[] = {{" [16-bit]", 16}, {" [32-bit]", 32}, {" [64-bit]", 64}};

    for (unsigned int i = 0; i < sizeof widths / sizeof *widths; i++) {
        if (sim_text_take(parser, widths[i].pattern, 0, NULL)) {
            window->width = widths[i].width;
            return true;
        }
    }
    return false;
}

static struct window read_window(struct sim_text_parser *parser)
{
    static const char *const rest[] = {" [disabled]",  " None",        " [size={#}]",
                                       " [size={#}K]", " [size={#}M]", " [size={#}G]",
                                       " [size={#}T]", " [size={#}P]", " [empty]"};
    struct window window = {.has_range = false};
    bool more = true;

    read_range(parser, &window);
    while (more) {
        more = take_width(parser, &window);
        for (unsigned int i = 0; i < sizeof rest / sizeof *rest; i++) {
            more = sim_text_take(parser, rest[i], 0, NULL) || more;
        }
    }
    return window;
}

static void set(struct sim_text_parser *parser, struct sim_text_bits bits, uint64_t value,
                bool known)
{
    (void)sim_text_set(parser->function, bits, value, known ? sim_text_ones(bits) : 0);
}

void sim_text_read_io_window(struct sim_text_parser *parser)
{
    struct window window = read_window(parser);
    bool is_32 = window.width == 32 || window.base > 0xFFFF || window.limit > 0xFFFF;

    if (!window.has_range) {
        window.base = 0xF000;
    }
    set(parser, (struct sim_text_bits){0x1c, 7, 4}, window.base >> 12, window.has_range);
    set(parser, (struct sim_text_bits){0x1d, 7, 4}, window.limit >> 12, window.has_range);
    set(parser, (struct sim_text_bits){0x1c, 3, 0}, is_32, is_32);
    set(parser, (struct sim_text_bits){0x1d, 3, 0}, is_32, is_32);
    if (is_32) {
        set(parser, (struct sim_text_bits){0x30, 15, 0}, window.base >> 16, window.has_range);
        set(parser, (struct sim_text_bits){0x32, 15, 0}, window.limit >> 16, window.has_range);
    }
}

/* The 16-bit registers of a memory window and what they have in their low bits. */
static void store_memory(struct sim_text_parser *parser, const struct window *window,
                         unsigned int offset)
{
    uint64_t base = window->has_range ? window->base >> 20 : 0xFFF;

    set(parser, (struct sim_text_bits){offset, 15, 4}, base, window->has_range);
    set(parser, (struct sim_text_bits){offset + 2, 15, 4}, window->limit >> 20, window->has_range);
}

void sim_text_read_memory_window(struct sim_text_parser *parser)
{
    struct window window = read_window(parser);

    store_memory(parser, &window, 0x20);
    set(parser, (struct sim_text_bits){0x20, 3, 0}, 0, true);
    set(parser, (struct sim_text_bits){0x22, 3, 0}, 0, true);
}

void sim_text_read_prefetchable_window(struct sim_text_parser *parser)
{
    struct window window = read_window(parser);
    bool is_64 = window.width == 64 || window.digits > 8;

    store_memory(parser, &window, 0x24);
    set(parser, (struct sim_text_bits){0x24, 3, 0}, is_64, is_64);
    set(parser, (struct sim_text_bits){0x26, 3, 0}, is_64, is_64);
    if (is_64) {
        uint64_t base = window.has_range ? window.base >> 32 : 0;

        set(parser, (struct sim_text_bits){0x28, 31, 0}, base, window.has_range);
        set(parser, (struct sim_text_bits){0x2c, 31, 0}, window.limit >> 32, window.has_range);
    }
}

/* A bridge has other registers where a latency line was about minimum grant. */
void sim_text_read_bus(struct sim_text_parser *parser)
{
    parser->has_bus = true;
    (void)sim_text_set(parser->function, (struct sim_text_bits){0x3e, 15, 0}, 0, 0);
}

/* Command's bits for I/O and memory decide what is printed after a window. */
static void read_cardbus_window(struct sim_text_parser *parser, unsigned int bit)
{
    const struct sim_text_match match = {.at = parser->at, .end = parser->end};

    parser->has_cardbus = true;
    set(parser, (struct sim_text_bits){0x04, bit, bit},
        !sim_text_pattern_test(&match, " [disabled]"), true);
}

void sim_text_read_cardbus_io_window(struct sim_text_parser *parser)
{
    read_cardbus_window(parser, 0);
}

void sim_text_read_cardbus_memory_window(struct sim_text_parser *parser)
{
    read_cardbus_window(parser, 1);
}
