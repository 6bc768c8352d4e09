/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regions: what the verbose text says about base address registers.
 *
 *     Region 4: Memory at fd800000 (64-bit, prefetchable) [disabled] [size=16K]     -vv
 *     Memory at fd800000 (64-bit, prefetchable) [disabled] [size=16K]               -v
 *     Expansion ROM at 000c0000 [virtual] [disabled] [size=128K]                    both
 *
 * How large a region is cannot be seen in the bytes of a dump, only here. The
 * text is for people and its wording has changed with the years, so whatever is
 * not understood is left out and never an error: a size that is not known is an
 * ordinary case. A mailer may have wrapped the line; what it wrapped has no
 * colon, which every other line of verbose text has but the ones above.
 *
 * Without "Region N", regions still come in the order of their registers. Each
 * belongs to the next register that holds its address.
 */
#include "sim/pci/dump/dump_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One or two lines as a string. No line about a region is longer; others are cut off. */
struct region_text {
    size_t length;
    char text[256];
};

static void append_text(struct region_text *joined, const char *text, size_t length)
{
    size_t room = sizeof joined->text - 1 - joined->length;

    length = length < room ? length : room;
    memcpy(joined->text + joined->length, text, length);
    joined->length += length;
    joined->text[joined->length] = '\0';
}

/* Move *text past a prefix if it begins with it. */
static bool skip_prefix(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncmp(*text, prefix, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* The number of bytes in "[size=16K]", wherever it is; 0 if it is not there or does not fit. */
static uint64_t parse_size(const char *text)
{
    static const char units[] = "KMGT";
    const char *size = strstr(text, "[size");
    char *end = NULL;
    uint64_t number = 0;
    const char *unit = NULL;
    unsigned int shift = 0;

    size = size == NULL ? NULL : skip_blanks(size + strlen("[size"));
    if (size == NULL || size[0] != '=' || !isdigit((unsigned char)size[1])) {
        return 0;
    }
    number = strtoull(size + 1, &end, 10);
    unit = *end == '\0' ? NULL : strchr(units, *end);
    if (unit != NULL) {
        shift = 10 * (unsigned int)(unit - units + 1);
        end++;
    }
    return *end == ']' && number < UINT64_MAX >> shift ? number << shift : 0;
}

/* Take "Region 4: [virtual] Memory at fd800000": what the rest is about and its address. */
static bool parse_head(const char *text, struct sim_dump_region *region)
{
    text = skip_blanks(text);
    if (strncmp(text, "Region ", 7) == 0 && text[7] >= '0' && text[7] <= '5' && text[8] == ':') {
        region->has_index = true;
        region->index = (unsigned int)(text[7] - '0');
        text = skip_blanks(text + 9);
    }
    while (skip_prefix(&text, "[virtual] ") || skip_prefix(&text, "[enhanced] ")) {
    }
    if (skip_prefix(&text, "Memory at")) {
        region->kind = SIM_DUMP_REGION_MEMORY;
    } else if (skip_prefix(&text, "I/O ports at")) {
        region->kind = SIM_DUMP_REGION_IO;
    } else if (!region->has_index && skip_prefix(&text, "Expansion ROM at")) {
        region->kind = SIM_DUMP_REGION_ROM;
    } else {
        return false;
    }
    region->address = strtoull(text, NULL, 16);
    return *text == '\0' || isblank((unsigned char)*text);
}

static bool parse_region(const char *text, struct sim_dump_region *region)
{
    if (!parse_head(text, region)) {
        return false;
    }
    region->bar.size = parse_size(text);
    region->bar.text_only_disabled =
        strstr(text, "[disabled") != NULL || strstr(text, "[virtual]") != NULL ||
        strstr(text, "<unassigned>") != NULL || strstr(text, "<ignored>") != NULL;
    return true;
}

/* Take the next line too if a mailer wrapped the size into it. */
static void read_wrapped_size(struct region_text *text, struct sim_dump_cursor after,
                              struct sim_dump_region *region)
{
    struct sim_dump_region other = {.has_index = false};
    struct sim_dump_line line;
    struct region_text next;

    if (!sim_dump_next_line(&after, &line) || memchr(line.text, ':', line.length) != NULL) {
        return;
    }
    next.length = 0;
    append_text(&next, line.text, line.length);
    if (!parse_region(next.text, &other)) {
        append_text(text, " ", 1);
        append_text(text, line.text, line.length);
        (void)parse_region(text->text, region);
    }
}

void sim_dump_read_region(struct sim_dump_regions *regions, struct sim_dump_function *function,
                          const struct sim_dump_cursor *cursor, const struct sim_dump_line *line)
{
    struct sim_dump_region region = {.has_index = false};
    struct region_text text;

    text.length = 0;
    append_text(&text, line->text, line->length);
    if (strncmp(skip_blanks(text.text), "Capabilities:", strlen("Capabilities:")) == 0) {
        regions->ended = true;
    }
    if (regions->ended || !parse_region(text.text, &region)) {
        return;
    }
    if (region.bar.size == 0) {
        read_wrapped_size(&text, *cursor, &region);
    }
    if (region.kind == SIM_DUMP_REGION_ROM) {
        function->bars[SIM_DUMP_BARS - 1] = region.bar;
    } else if (region.has_index) {
        function->bars[region.index] = region.bar;
    } else if (regions->count < SIM_DUMP_BARS - 1) {
        regions->unnumbered[regions->count++] = region;
    }
}

/* Base address registers by header type; a CardBus bridge has its socket's. Spec: [PCI 3.0] 6.1. */
static unsigned int bar_count(const struct sim_dump_function *function)
{
    static const unsigned int counts[] = {6, 2, 1};
    unsigned int type = function->bytes[0x0E] & 0x7Fu;

    return type < sizeof counts / sizeof *counts ? counts[type] : 0;
}

static uint32_t read_bar(const struct sim_dump_function *function, unsigned int index)
{
    const uint8_t *bytes = &function->bytes[0x10 + 4 * index];

    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* What a base address register holds. Spec: [PCI 3.0] 6.2.5.1. */
struct bar_value {
    enum sim_dump_region_kind kind;
    uint64_t address;
    unsigned int registers; /* 1, or 2 for 64 bits */
};

static struct bar_value decode_bar(const struct sim_dump_function *function, unsigned int index)
{
    uint32_t low = read_bar(function, index);
    struct bar_value value = {SIM_DUMP_REGION_MEMORY, low & 0xFFFFFFF0u, 1};

    if ((low & 1u) != 0) {
        return (struct bar_value){SIM_DUMP_REGION_IO, low & 0xFFFFFFFCu, 1};
    }
    if ((low & 6u) == 4 && index + 1 < bar_count(function)) {
        value.address |= (uint64_t)read_bar(function, index + 1) << 32;
        value.registers = 2;
    }
    return value;
}

/* The first register from one on that holds a region's address, or bar_count() if none does. */
static unsigned int find_bar(const struct sim_dump_function *function, unsigned int first,
                             const struct sim_dump_region *region)
{
    unsigned int bar = first;

    while (bar < bar_count(function)) {
        struct bar_value value = decode_bar(function, bar);

        if (value.kind == region->kind && value.address == region->address) {
            return bar;
        }
        bar += value.registers;
    }
    return bar_count(function);
}

void sim_dump_place_regions(const struct sim_dump_regions *regions,
                            struct sim_dump_function *function)
{
    unsigned int first = 0;

    for (unsigned int i = 0; i < regions->count; i++) {
        const struct sim_dump_region *region = &regions->unnumbered[i];
        unsigned int bar = find_bar(function, first, region);

        /* Registers that hold 0 are alike, so a region without an address could be any of them. */
        if (region->address != 0 && bar < bar_count(function)) {
            function->bars[bar] = region->bar;
            first = bar + decode_bar(function, bar).registers;
        }
    }
}
