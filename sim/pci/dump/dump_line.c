/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a dump and the slot lines among them.
 *
 * Lines are slices of the text, so their length does not matter. Trailing blanks
 * mean nothing; taking them off turns CRLF (and the CR CR LF some programs make
 * of it) into LF.
 */
#include "sim/pci/dump/dump_text.h"

#include <ctype.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct sim_dump_cursor sim_dump_first_line(const char *path, const char *text, size_t size)
{
    size_t mark = sizeof BYTE_ORDER_MARK - 1;
    struct sim_dump_cursor cursor = {.path = path, .next = text, .end = text + size};

    if (size >= mark && memcmp(text, BYTE_ORDER_MARK, mark) == 0) {
        cursor.next += mark;
    }
    return cursor;
}

bool sim_dump_next_line(struct sim_dump_cursor *cursor, struct sim_dump_line *line)
{
    const char *stop = NULL;

    if (cursor->next == cursor->end) {
        return false;
    }
    line->text = cursor->next;
    stop = memchr(cursor->next, '\n', (size_t)(cursor->end - cursor->next));
    cursor->next = stop == NULL ? cursor->end : stop + 1;
    stop = stop == NULL ? cursor->end : stop;
    while (stop > line->text && isspace((unsigned char)stop[-1])) {
        stop--;
    }
    line->length = (size_t)(stop - line->text);
    line->number = ++cursor->line;
    return true;
}

bool sim_dump_is_digit(const struct sim_dump_line *line, size_t index)
{
    return index < line->length && isxdigit((unsigned char)line->text[index]);
}

uint32_t sim_dump_number(const struct sim_dump_line *line, size_t index, size_t count)
{
    uint32_t number = 0;

    for (size_t i = index; i < index + count; i++) {
        int digit = tolower((unsigned char)line->text[i]);

        number = number << 4 | (uint32_t)(isdigit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    return number;
}

/* Hexadecimal digits from an index on; counts no further than 8. */
static size_t count_digits(const struct sim_dump_line *line, size_t index)
{
    size_t count = 0;

    while (count < 8 && sim_dump_is_digit(line, index + count)) {
        count++;
    }
    return count;
}

static bool has_character(const struct sim_dump_line *line, size_t index, char character)
{
    return index < line->length && line->text[index] == character;
}

/* Whether the line has BB:DD.F at an index, and then a blank or its end. */
static bool has_slot(const struct sim_dump_line *line, size_t index)
{
    return count_digits(line, index) == 2 && has_character(line, index + 2, ':') &&
           count_digits(line, index + 3) == 2 && has_character(line, index + 5, '.') &&
           sim_dump_is_digit(line, index + 6) &&
           (index + 7 == line->length || has_character(line, index + 7, ' ') ||
            has_character(line, index + 7, '\t'));
}

bool sim_dump_parse_slot(const struct sim_dump_line *line, struct sim_pci_address *address)
{
    size_t digits = count_digits(line, 0);
    bool has_segment = digits >= 4 && has_character(line, digits, ':');
    size_t slot = has_segment ? digits + 1 : 0;

    if (!has_slot(line, slot)) {
        return false;
    }
    address->segment = has_segment ? sim_dump_number(line, 0, digits) : 0;
    address->bus = (uint8_t)sim_dump_number(line, slot, 2);
    address->device = (uint8_t)sim_dump_number(line, slot + 3, 2);
    address->function = (uint8_t)sim_dump_number(line, slot + 6, 1);
    return true;
}
