/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The console: COM1 of a PC, KPROTOCOL_CONSOLE_PORT.
 */
#ifndef DRYDOCK_KERNEL_CONSOLE_H
#define DRYDOCK_KERNEL_CONSOLE_H

#include "drydock/attributes.h"

/** Program the port. May be called again. Without a port, or with a dead one, output is dropped. */
void kconsole_init(void);

/** What one call of kprint() prints at most, and a NUL; the rest is cut. */
#define KCONSOLE_TEXT 640

/**
 * Print.
 *
 * @param format  as dd_text_format() takes it
 */
DD_PRINTF(1, 2) void kprint(const char *format, ...);

/** Wait until everything printed has left. */
void kconsole_flush(void);

/** Wait, for ever if need be, until somebody sends a byte. */
void kconsole_wait(void);

#endif
