/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share; see cli.h. */
#include "sim/cli/cli.h"

#include <getopt.h>
#include <stdbool.h>
#include <string.h>

void cli_print_lines(FILE *file, const struct cli_prefix *prefix, const char *text)
{
    while (*text != '\0') {
        int length = (int)strcspn(text, "\n");

        (void)fprintf(file, "%s%s: %s%.*s\n", prefix->before, prefix->name, prefix->after, length,
                      text);
        text += length + (text[length] == '\n');
    }
}

/* getopt_long() moves past a long option, but not past a letter in the middle of several. */
struct cli_option cli_refused_option(char *const *argv)
{
    const char *last = argv[optind - 1];
    bool is_long = strncmp(last, "--", 2) == 0 && (optopt == 0 || strchr(last, '=') != NULL);
    struct cli_option option;

    if (is_long) {
        (void)snprintf(option.text, sizeof option.text, "%s", last);
    } else {
        (void)snprintf(option.text, sizeof option.text, "-%c", optopt);
    }
    return option;
}
