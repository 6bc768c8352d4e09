/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Text put together piece by piece in a buffer of the caller.
 *
 * What does not fit is left out, and counted: `length` is what the whole text has,
 * as the result of snprintf(). The buffer always ends in a NUL.
 */
#ifndef DRYDOCK_TEXT_H
#define DRYDOCK_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#include "drydock/attributes.h"

/** A text while it is put together. */
struct dd_text {
    char *buffer;
    size_t size;   /**< of the buffer, in bytes, its NUL included */
    size_t length; /**< characters put so far, without NUL; from size on some are missing */
};

/**
 * Begin an empty text.
 *
 * Spec: own.
 *
 * @param[out] text  the text
 * @param buffer     where it goes; not used if size is 0
 * @param size       bytes of the buffer
 */
void dd_text_init(struct dd_text *text, char *buffer, size_t size);

/**
 * Append one character.
 *
 * Spec: own.
 *
 * @param text       the text
 * @param character  not NUL
 */
void dd_text_put_character(struct dd_text *text, char character);

/**
 * Append a string.
 *
 * Spec: own.
 *
 * @param text    the text
 * @param string  what to append
 */
void dd_text_put(struct dd_text *text, const char *string);

/**
 * Append bytes in hexadecimal, two digits each, lower case.
 *
 * Spec: own.
 *
 * @param text   the text
 * @param bytes  what to append
 * @param size   how many
 */
void dd_text_put_bytes(struct dd_text *text, const void *bytes, size_t size);

/**
 * Append formatted text.
 *
 * The conversions are those of printf() with these names: %s %c %u %d %x %X, %lu %ld %lx %lX, and
 * %%; each with a width, and numbers with a zero before it for leading zeros: "%04x". Nothing
 * else: at any other conversion the text stops.
 *
 * Spec: own.
 *
 * @param text    the text
 * @param format  what to append
 */
DD_PRINTF(2, 3) void dd_text_format(struct dd_text *text, const char *format, ...);

/**
 * Append formatted text, the arguments in a list.
 *
 * Spec: own.
 *
 * @param text    the text
 * @param format  as dd_text_format() takes it
 * @param list    what the conversions print
 */
DD_PRINTF(2, 0) void dd_text_format_list(struct dd_text *text, const char *format, va_list list);

#endif
