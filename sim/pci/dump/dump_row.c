/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hex rows: an offset, a colon, 16 bytes.
 *
 * Two things break a row apart, and both are put together again. A mailer wraps
 * it at a blank: the next line holds nothing but the bytes that are missing. And
 * where lspci's two outputs went to one file, a message of libpci may stand in
 * the middle of a row, even between the two digits of a byte; the row goes on in
 * the next line as if nothing had been there.
 *
 * Where a row is damaged, what stands before the damage is used. A row with a
 * byte too many is not: which of them it is cannot be seen.
 *
 * Verbose text may have lines that begin like a row, "02: something". Which of
 * the two a line is cannot be told from its beginning, so it is told from the
 * rest: see sim_dump_is_row in dump_text.h.
 */
#include "sim/pci/dump/dump_text.h"

#include <ctype.h>
#include <string.h>

/** Of a message inside a row, this much is quoted. */
#define MAX_QUOTED 100u

/* What libpci and lspci begin their messages with. */
static const char *const message_prefixes[] = {"pcilib: ", "lspci: "};

/* The bytes of a row as its characters come in. */
struct collector {
    uint8_t bytes[SIM_DUMP_ROW_BYTES];
    unsigned int count;  /* whole bytes */
    unsigned int digits; /* of the byte that has begun: 0..2 */
};

/* Digits of the offset a line begins with, if a colon and a blank or nothing follow; else 0. */
static size_t offset_digits(const struct sim_dump_line *line)
{
    size_t digits = 0;

    while (digits < 4 && sim_dump_is_digit(line, digits)) {
        digits++;
    }
    if (digits < 2 || digits == line->length || line->text[digits] != ':') {
        return 0;
    }
    return digits + 1 == line->length || isblank((unsigned char)line->text[digits + 1]) ? digits
                                                                                        : 0;
}

/* Whether a message begins at an index of a line. */
static bool is_message(const struct sim_dump_line *line, size_t index)
{
    for (size_t i = 0; i < sizeof message_prefixes / sizeof *message_prefixes; i++) {
        size_t length = strlen(message_prefixes[i]);

        if (line->length - index >= length &&
            memcmp(line->text + index, message_prefixes[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* The part of a line before a message in it. */
static struct sim_dump_line before_message(const struct sim_dump_line *line)
{
    struct sim_dump_line part = *line;

    part.length = 0;
    while (part.length < line->length && !is_message(line, part.length)) {
        part.length++;
    }
    return part;
}

/* The next word of a line from *index on, which moves after it; its length is 0 at the end. */
static size_t next_word(const struct sim_dump_line *line, size_t *index)
{
    size_t length = 0;

    while (*index < line->length && isblank((unsigned char)line->text[*index])) {
        (*index)++;
    }
    while (*index < line->length && !isblank((unsigned char)line->text[*index])) {
        (*index)++;
        length++;
    }
    return length;
}

bool sim_dump_is_row(const struct sim_dump_line *line, unsigned int expected)
{
    size_t digits = offset_digits(line);
    struct sim_dump_line row;
    size_t at = digits + 1;
    size_t words = 0;
    size_t bytes = 0;

    if (digits == 0) {
        return false;
    }
    if (sim_dump_number(line, 0, digits) == expected) {
        return true;
    }
    row = before_message(line);
    for (size_t length = next_word(&row, &at); length > 0; length = next_word(&row, &at)) {
        words++;
        bytes += length == 2 && sim_dump_is_digit(&row, at - 1) && sim_dump_is_digit(&row, at - 2);
    }
    return 2 * bytes > words;
}

/* Take one character of a row: a digit or a blank between bytes. */
static bool collect(struct collector *row, const struct sim_dump_line *line, size_t index)
{
    if (isblank((unsigned char)line->text[index])) {
        if (row->digits == 1) {
            return false;
        }
        row->count += row->digits == 2;
        row->digits = 0;
        return true;
    }
    if (!sim_dump_is_digit(line, index) || row->digits == 2 || row->count == SIM_DUMP_ROW_BYTES) {
        return false;
    }
    row->bytes[row->count] =
        (uint8_t)(row->bytes[row->count] * 16u + sim_dump_number(line, index, 1));
    row->digits++;
    return true;
}

/* Say that a message of another program is in a row. */
static void remark_message(const struct sim_dump_cursor *cursor, const struct sim_dump_line *line,
                           size_t index)
{
    size_t length = line->length - index;

    sim_dump_remark(cursor, line->number, "skipped inside this row: %.*s",
                    (int)(length < MAX_QUOTED ? length : MAX_QUOTED), line->text + index);
}

/* How far a line of a row could be taken. */
enum taken {
    TAKEN_WHOLE,
    TAKEN_TO_BAD_BYTE,
    TAKEN_TO_EXTRA_BYTE, /* a seventeenth */
};

/* Take a line of a row from an index on; up to the first character that does not belong. */
static enum taken collect_line(struct collector *row, const struct sim_dump_cursor *cursor,
                               const struct sim_dump_line *line, size_t index)
{
    bool interrupted = false;

    while (index < line->length && collect(row, line, index)) {
        index++;
    }
    interrupted = is_message(line, index);
    if (index < line->length && !interrupted) {
        return row->count == SIM_DUMP_ROW_BYTES && sim_dump_is_digit(line, index)
                   ? TAKEN_TO_EXTRA_BYTE
                   : TAKEN_TO_BAD_BYTE;
    }
    if (interrupted) {
        remark_message(cursor, line, index);
    }
    if (row->digits == 2 && (!interrupted || row->count + 1 == SIM_DUMP_ROW_BYTES)) {
        row->count++;
        row->digits = 0;
    }
    return interrupted || row->digits == 0 ? TAKEN_WHOLE : TAKEN_TO_BAD_BYTE;
}

/* Take the lines a row continues on, as long as they hold nothing else. */
static enum taken collect_more(struct collector *row, struct sim_dump_cursor *cursor)
{
    while (row->count < SIM_DUMP_ROW_BYTES) {
        struct sim_dump_cursor after = *cursor;
        struct collector longer = *row;
        struct sim_dump_line more;
        enum taken taken = TAKEN_WHOLE;

        if (!sim_dump_next_line(&after, &more) || more.length == 0) {
            return TAKEN_WHOLE;
        }
        taken = collect_line(&longer, &after, &more, 0);
        if (taken == TAKEN_TO_BAD_BYTE) {
            return TAKEN_WHOLE; /* it is another line */
        }
        *row = longer;
        *cursor = after;
        if (taken == TAKEN_TO_EXTRA_BYTE) {
            return taken;
        }
    }
    return TAKEN_WHOLE;
}

void sim_dump_read_row(struct sim_dump_cursor *cursor, const struct sim_dump_line *line,
                       struct sim_dump_row *row)
{
    size_t digits = offset_digits(line);
    struct collector collector = {.count = 0};
    enum taken taken = collect_line(&collector, cursor, line, digits + 1);

    if (taken == TAKEN_WHOLE) {
        taken = collect_more(&collector, cursor);
    }
    if (taken == TAKEN_TO_EXTRA_BYTE) {
        sim_dump_remark(cursor, line->number, "more than 16 bytes in this row: it is left out");
        collector.count = 0;
    } else if (taken == TAKEN_TO_BAD_BYTE && collector.count == SIM_DUMP_ROW_BYTES) {
        sim_dump_remark(cursor, line->number, "what follows the 16 bytes of this row is left out");
    } else if (taken == TAKEN_TO_BAD_BYTE) {
        sim_dump_remark(cursor, line->number, "byte %u of this row is not two hexadecimal digits",
                        collector.count + 1);
    } else if (collector.count < SIM_DUMP_ROW_BYTES) {
        sim_dump_remark(cursor, line->number, "this row ends after %u of its 16 bytes",
                        collector.count);
    }
    *row = (struct sim_dump_row){
        .line = line->number,
        .offset = sim_dump_number(line, 0, digits),
        .count = collector.count,
    };
    memcpy(row->bytes, collector.bytes, collector.count);
}
