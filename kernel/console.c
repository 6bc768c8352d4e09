/* SPDX-License-Identifier: MIT */
/*
 * The console and a printf of five conversions.
 *
 * A port that does not take a byte in time is given up, so that a machine
 * without a console, or with a stuck one, is slow for a moment and not for ever.
 */
#include "kernel/console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "drydock/uart16550.h"
#include "kernel/protocol.h"

enum {
    BAUD = 115200
};

static struct dd_uart16550 uart;
static bool usable;

void kconsole_init(void)
{
    kconsole_flush();
    usable = dd_uart16550_init(&uart, KPROTOCOL_CONSOLE_PORT, BAUD) == DD_OK;
}

void kconsole_flush(void)
{
    if (usable) {
        usable = dd_uart16550_flush(&uart) == DD_OK;
    }
}

void kconsole_wait(void)
{
    uint8_t byte;

    while (usable && dd_uart16550_read(&uart, &byte) == DD_ETIMEOUT) {
    }
}

static void put(char character)
{
    if (usable) {
        usable = dd_uart16550_write(&uart, (uint8_t)character) == DD_OK;
    }
}

static void put_text(const char *text)
{
    while (*text != '\0') {
        put(*text++);
    }
}

static void put_number(uint64_t number, unsigned int base, unsigned int width, char padding)
{
    char digits[20];
    unsigned int count = 0;

    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    for (; width > count; width--) {
        put(padding);
    }
    while (count != 0) {
        put(digits[--count]);
    }
}

/* One conversion; returns its last character. */
static const char *put_conversion(const char *format, va_list *arguments)
{
    unsigned int width = 0;
    char padding = *format == '0' ? '0' : ' ';

    for (; *format >= '0' && *format <= '9'; format++) {
        width = 10 * width + (unsigned int)(*format - '0');
    }
    switch (*format) {
    case 's':
        put_text(va_arg(*arguments, const char *));
        break;
    case 'c':
        put((char)va_arg(*arguments, int));
        break;
    case 'u':
        put_number(va_arg(*arguments, unsigned int), 10, width, padding);
        break;
    case 'l': /* only as %lx */
        put_number(va_arg(*arguments, unsigned long), 16, width, padding);
        format++;
        break;
    default: /* %x */
        put_number(va_arg(*arguments, unsigned int), 16, width, padding);
        break;
    }
    return format;
}

void kprint(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format == '%') {
            format = put_conversion(format + 1, &arguments);
        } else {
            put(*format);
        }
    }
    va_end(arguments);
}
