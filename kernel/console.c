/* SPDX-License-Identifier: MIT */
/*
 * The console. An emulator's port takes no byte while nobody reads the other end, and on a busy host
 * that can be seconds: what was not read in time would be missing from a report. A port that takes
 * none for a minute is given up, so that a machine with a stuck one is slow and not silent for ever.
 */
#include "kernel/console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "drydock/text.h"
#include "drydock/uart16550.h"
#include "kernel/protocol.h"

enum {
    BAUD = 115200,
    MOST_TIMEOUTS = 300 /* in a row: each is a fifth of a second, see DD_UART16550_POLLS */
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
    unsigned int timeouts = 0;

    while (usable && dd_uart16550_flush(&uart) != DD_OK) {
        timeouts++;
        usable = timeouts < MOST_TIMEOUTS;
    }
}

void kconsole_wait(void)
{
    uint8_t byte;

    while (usable && dd_uart16550_read(&uart, &byte) == DD_ETIMEOUT) {
    }
}

static void send(const char *bytes, size_t size)
{
    unsigned int timeouts = 0;
    size_t sent;

    while (usable && dd_uart16550_write_all(&uart, bytes, size, &sent) != DD_OK) {
        timeouts = sent == 0 ? timeouts + 1 : 0;
        usable = timeouts < MOST_TIMEOUTS;
        bytes += sent;
        size -= sent;
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
    if (text.length > sizeof buffer - 1) {
        text.length = sizeof buffer - 1;
    }
    send(buffer, text.length);
}
