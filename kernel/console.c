/* SPDX-License-Identifier: MIT */
/*
 * The console. A port that does not take a byte in time is given up, so that a machine
 * without a console, or with a stuck one, is slow for a moment and not for ever.
 */
#include "kernel/console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "drydock/text.h"
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

void kprint(const char *format, ...)
{
    char buffer[KCONSOLE_TEXT];
    struct dd_text text;
    va_list arguments;

    dd_text_init(&text, buffer, sizeof buffer);
    va_start(arguments, format);
    dd_text_format_list(&text, format, arguments);
    va_end(arguments);
    for (const char *character = buffer; *character != '\0'; character++) {
        put(*character);
    }
}
