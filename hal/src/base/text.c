/* SPDX-License-Identifier: MIT */
/*
 * A writer that counts all characters and stores those that fit, so that the
 * length is right even if nothing fits. Numbers are written from the last digit
 * to the first at the end of a place that the longest of them fits into.
 */
#include "drydock/text.h"

#include <stdbool.h>
#include <stdint.h>

static const char hex_digits[] = "0123456789abcdef";

void dd_text_init(struct dd_text *text, char *buffer, size_t size)
{
    if (size > 0) {
        buffer[0] = '\0';
    }
    *text = (struct dd_text){.buffer = buffer, .size = size};
}

/* Append characters that need not end in NUL. */
static void append(struct dd_text *text, const char *characters, size_t count)
{
    if (text->length < text->size) {
        size_t room = text->size - text->length - 1;
        size_t fitting = count < room ? count : room;
        char *end = &text->buffer[text->length];

        for (size_t i = 0; i < fitting; i++) {
            end[i] = characters[i];
        }
        end[fitting] = '\0';
    }
    text->length += count;
}

static size_t length_of(const char *string)
{
    size_t length = 0;

    while (string[length] != '\0') {
        length++;
    }
    return length;
}

void dd_text_put_character(struct dd_text *text, char character)
{
    append(text, &character, 1);
}

void dd_text_put(struct dd_text *text, const char *string)
{
    append(text, string, length_of(string));
}

void dd_text_put_bytes(struct dd_text *text, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;

    for (size_t i = 0; i < size; i++) {
        append(text, (const char[2]){hex_digits[byte[i] >> 4], hex_digits[byte[i] & 0xF]}, 2);
    }
}

/* ---- Conversions ---- */

/* What stands between a percent sign and the argument. */
struct conversion {
    unsigned int width;
    bool has_zeros;
    bool is_long;
    char kind; /* the letter */
};

/* Read one; the result is the first character after it. */
static const char *read_conversion(const char *format, struct conversion *conversion)
{
    *conversion = (struct conversion){.has_zeros = *format == '0'};
    for (; *format >= '0' && *format <= '9'; format++) {
        conversion->width = 10 * conversion->width + (unsigned int)(*format - '0');
    }
    if (*format == 'l') {
        conversion->is_long = true;
        format++;
    }
    conversion->kind = *format;
    return *format == '\0' ? format : format + 1;
}

/* Fill up to the width; `length` characters follow. */
static void put_padding(struct dd_text *text, unsigned int width, size_t length, char padding)
{
    for (size_t i = length; i < width; i++) {
        dd_text_put_character(text, padding);
    }
}

static void put_string(struct dd_text *text, const struct conversion *conversion,
                       const char *string)
{
    size_t length = length_of(string);

    put_padding(text, conversion->width, length, ' ');
    append(text, string, length);
}

static void put_number(struct dd_text *text, const struct conversion *conversion, uint64_t number,
                       bool is_negative)
{
    const char *digits = conversion->kind == 'X' ? "0123456789ABCDEF" : hex_digits;
    unsigned int base = conversion->kind == 'x' || conversion->kind == 'X' ? 16 : 10;
    char last[20]; /* digits of 2^64 - 1 in decimal */
    size_t count = 0;
    size_t sign = is_negative ? 1 : 0;

    do {
        count++;
        last[sizeof last - count] = digits[number % base];
        number /= base;
    } while (number != 0);
    if (!conversion->has_zeros) {
        put_padding(text, conversion->width, count + sign, ' ');
    }
    append(text, "-", sign);
    if (conversion->has_zeros) {
        put_padding(text, conversion->width, count + sign, '0');
    }
    append(text, &last[sizeof last - count], count);
}

static void put_signed(struct dd_text *text, const struct conversion *conversion, int64_t number)
{
    put_number(text, conversion, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, number < 0);
}

/* A list of arguments that several functions take from. */
struct arguments {
    va_list list;
};

/* Append one conversion; false if it is none. */
static bool put_conversion(struct dd_text *text, const struct conversion *conversion,
                           struct arguments *arguments)
{
    switch (conversion->kind) {
    case 's':
        put_string(text, conversion, va_arg(arguments->list, const char *));
        return true;
    case 'c':
        put_padding(text, conversion->width, 1, ' ');
        dd_text_put_character(text, (char)va_arg(arguments->list, int));
        return true;
    case 'd':
        put_signed(text, conversion,
                   conversion->is_long ? va_arg(arguments->list, long)
                                       : va_arg(arguments->list, int));
        return true;
    case 'u':
    case 'x':
    case 'X':
        put_number(text, conversion,
                   conversion->is_long ? va_arg(arguments->list, unsigned long)
                                       : va_arg(arguments->list, unsigned int),
                   false);
        return true;
    case '%':
        dd_text_put_character(text, '%');
        return true;
    default:
        return false;
    }
}

void dd_text_format_list(struct dd_text *text, const char *format, va_list list)
{
    struct arguments copy;
    struct conversion conversion;
    bool is_known = true;

    va_copy(copy.list, list);
    while (*format != '\0' && is_known) {
        const char *plain = format;

        while (*format != '\0' && *format != '%') {
            format++;
        }
        append(text, plain, (size_t)(format - plain));
        if (*format == '%') {
            format = read_conversion(format + 1, &conversion);
            is_known = put_conversion(text, &conversion, &copy);
        }
    }
    va_end(copy.list);
}

void dd_text_format(struct dd_text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    dd_text_format_list(text, format, arguments);
    va_end(arguments);
}
