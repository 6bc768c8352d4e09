/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Appending to a string; see text.h. */
#include "sim/util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sim_text_append(char *text, size_t size, const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}
