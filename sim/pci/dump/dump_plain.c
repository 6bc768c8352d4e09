/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mails and web pages do to a text is undone before anything else looks at it; the number of
 * every line stays what it is in the file.
 *
 *     =3D, = at the end of a line     quoted-printable, [RFC 2045] 6.7: a mail as it is stored
 *     &gt; &lt; &amp; &nbsp;          HTML
 *     > > 00:02.0 VGA                 somebody who quotes it in a mail
 *         00:02.0 VGA                 indented as a whole, as code is in Markdown
 *
 * lspci prints nothing of that itself: what it prints after `=` has no capital letters, and it begins
 * no line with `>`.
 */
#include "sim/pci/dump/dump_text.h"

#include <stdlib.h>
#include <string.h>

#define NO_BREAK_SPACE "\xC2\xA0"

/* A text that gets shorter while it is rewritten in its place. */
struct rewriting {
    char *text;
    size_t size;
    size_t at;    /* next to be read */
    size_t count; /* written */
};

static void put(struct rewriting *text, const char *bytes, size_t count)
{
    memmove(text->text + text->count, bytes, count);
    text->count += count;
}

/* Take a string if it comes next. */
static bool take(struct rewriting *text, const char *string)
{
    size_t length = strlen(string);

    if (text->size - text->at < length || memcmp(text->text + text->at, string, length) != 0) {
        return false;
    }
    text->at += length;
    return true;
}

/* Copy a character and what comes after it up to one of the first two others. */
static void copy_up_to(struct rewriting *text, const char *others)
{
    size_t count = 1;

    while (text->at + count < text->size && text->text[text->at + count] != others[0] &&
           text->text[text->at + count] != others[1]) {
        count++;
    }
    put(text, text->text + text->at, count);
    text->at += count;
}

static void put_line_ends(struct rewriting *text, size_t count)
{
    memset(text->text + text->count, '\n', count);
    text->count += count;
}

/* Lines that were one are one again; the line ends that are owed come after it. */
static void decode_printable(struct rewriting *text)
{
    size_t owed = 0;

    if (memmem(text->text, text->size, "=3D", 3) == NULL) {
        text->count = text->size;
        return;
    }
    while (text->at < text->size) {
        if (take(text, "=\n") || take(text, "=\r\n")) {
            owed++;
        } else if (take(text, "\n")) {
            put_line_ends(text, owed + 1);
            owed = 0;
        } else if (take(text, "=3D")) {
            put(text, "=", 1);
        } else if (take(text, "=C2=A0")) {
            put(text, " ", 1);
        } else if (take(text, "=20\n")) {
            text->at--;
        } else {
            copy_up_to(text, "=\n");
        }
    }
}

/* Entities, and no-break spaces, which are what web pages make of blanks. */
static void decode_entities(struct rewriting *text)
{
    static const char *const entities[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&nbsp;", " "}, {"&amp;", "&"}, {NO_BREAK_SPACE, " "}};

    if (memchr(text->text, '&', text->size) == NULL &&
        memchr(text->text, NO_BREAK_SPACE[0], text->size) == NULL) {
        text->count = text->size;
        return;
    }
    while (text->at < text->size) {
        size_t i = 0;

        while (i < sizeof entities / sizeof *entities && !take(text, entities[i][0])) {
            i++;
        }
        if (i < sizeof entities / sizeof *entities) {
            put(text, entities[i][1], 1);
        } else {
            copy_up_to(text, "&" NO_BREAK_SPACE);
        }
    }
}

/* The next line without its end. */
static struct sim_dump_line line_at(const struct rewriting *text)
{
    const char *begin = text->text + text->at;
    const char *stop = memchr(begin, '\n', text->size - text->at);
    size_t length = stop == NULL ? text->size - text->at : (size_t)(stop - begin);

    return (struct sim_dump_line){.text = begin, .length = length};
}

static void copy_line(struct rewriting *text, size_t skipped)
{
    size_t length = line_at(text).length;

    length += text->at + length < text->size;
    put(text, text->text + text->at + skipped, length - skipped);
    text->at += length;
}

/* Marks of one who quotes the line, of one who quotes him, and so on. */
static size_t count_marks(const struct sim_dump_line *line)
{
    size_t count = 0;

    while (count < line->length && line->text[count] == '>') {
        count++;
        count += count < line->length && line->text[count] == ' ';
    }
    return count;
}

static void unquote(struct rewriting *text)
{
    while (text->at < text->size) {
        struct sim_dump_line line = line_at(text);

        copy_line(text, count_marks(&line));
    }
}

/* How many blanks a line begins with, up to a number of them. */
static size_t count_blanks(const struct sim_dump_line *line, size_t limit)
{
    size_t count = 0;

    while (count < limit && count < line->length &&
           (line->text[count] == ' ' || line->text[count] == '\t')) {
        count++;
    }
    return count;
}

/* Each slot line says how far what follows it is indented. */
static void unindent(struct rewriting *text)
{
    size_t indent = 0;

    while (text->at < text->size) {
        struct sim_dump_line line = line_at(text);
        size_t blanks = count_blanks(&line, line.length);
        struct sim_dump_line rest = {.text = line.text + blanks, .length = line.length - blanks};
        struct sim_pci_address address;

        if (sim_dump_parse_slot(&rest, &address)) {
            indent = blanks;
        }
        copy_line(text, count_blanks(&line, indent));
    }
}

char *sim_dump_plain(const char *text, size_t size, size_t *length)
{
    static void (*const steps[])(struct rewriting *) = {decode_printable, decode_entities, unquote,
                                                        unindent};
    struct rewriting plain = {.text = malloc(size + 1), .size = size};

    if (plain.text == NULL) {
        return NULL;
    }
    if (size > 0) {
        memcpy(plain.text, text, size);
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        plain.at = 0;
        plain.count = 0;
        steps[i](&plain);
        plain.size = plain.count;
    }
    *length = plain.size;
    return plain.text;
}
