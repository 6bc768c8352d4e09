/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts of faults: the first word of a line chooses what the others mean. */
#include <stdio.h>
#include <string.h>

#include "sim/util/file.h"
#include "sim/machine/inject_internal.h"

enum {
    MAX_MEBIBYTES = 1
};

static int read_fail(struct inject_line *line, struct sim_inject *fault)
{
    fault->kind = SIM_INJECT_FAIL;
    if (inject_take_name(line, "the function", fault->name) != 0 ||
        inject_take_number(line, "which call", &fault->count) != 0 ||
        inject_take_keyword(line, "return") != 0) {
        return -1;
    }
    return inject_take_value(line, &fault->value);
}

static int read_flip(struct inject_line *line, struct sim_inject *fault)
{
    fault->kind = SIM_INJECT_FLIP;
    if (inject_take_place(line, fault) != 0 || inject_take_keyword(line, "bit") != 0 ||
        inject_take_small_number(line, "the bit", &fault->number) != 0) {
        return -1;
    }
    return inject_take_when(line, fault);
}

/* What drop and delay have in common. @p kinds: for a vector and for a line. */
static int read_interrupt(struct inject_line *line, struct sim_inject *fault,
                          const enum sim_inject_kind kinds[2])
{
    const char *word = inject_take(line, "what (vector or irq)");

    if (word == NULL) {
        return -1;
    }
    if (strcmp(word, "vector") != 0 && strcmp(word, "irq") != 0) {
        return sim_error_set(line->error, "\"vector\" or \"irq\" is expected, not \"%s\"", word);
    }
    fault->kind = strcmp(word, "vector") == 0 ? kinds[0] : kinds[1];
    if (inject_take_small_number(line, word, &fault->number) != 0) {
        return -1;
    }
    return inject_take_number(line, "which interrupt", &fault->count);
}

static int read_drop(struct inject_line *line, struct sim_inject *fault)
{
    static const enum sim_inject_kind kinds[] = {SIM_INJECT_DROP_VECTOR, SIM_INJECT_DROP_IRQ};

    return read_interrupt(line, fault, kinds);
}

static int read_delay(struct inject_line *line, struct sim_inject *fault)
{
    static const enum sim_inject_kind kinds[] = {SIM_INJECT_DELAY_VECTOR, SIM_INJECT_DELAY_IRQ};

    if (read_interrupt(line, fault, kinds) != 0 || inject_take_keyword(line, "by") != 0) {
        return -1;
    }
    return inject_take_number(line, "the delay", &fault->value);
}

static int read_dead(struct inject_line *line, struct sim_inject *fault)
{
    fault->kind = SIM_INJECT_DEAD;
    return inject_take_name(line, "the device", fault->name) != 0
               ? -1
               : inject_take_number(line, "which access", &fault->count);
}

static int read_vanish(struct inject_line *line, struct sim_inject *fault)
{
    fault->kind = SIM_INJECT_VANISH;
    return inject_take_function(line, &fault->function) != 0
               ? -1
               : inject_take_number(line, "how many accesses", &fault->count);
}

static int read_msi(struct inject_line *line, struct sim_inject *fault)
{
    fault->kind = SIM_INJECT_MSI;
    if (inject_take_function(line, &fault->function) != 0 ||
        inject_take_small_number(line, "the message", &fault->number) != 0) {
        return -1;
    }
    return inject_take_when(line, fault);
}

static int read_fault(struct inject_line *line, struct sim_inject *fault)
{
    static const struct {
        const char *verb;
        int (*read)(struct inject_line *line, struct sim_inject *fault);
    } verbs[] = {
        {"fail", read_fail}, {"flip", read_flip},     {"drop", read_drop}, {"delay", read_delay},
        {"dead", read_dead}, {"vanish", read_vanish}, {"msi", read_msi},
    };
    const char *word = inject_take(line, "what goes wrong");

    for (size_t i = 0; word != NULL && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(word, verbs[i].verb) == 0) {
            return verbs[i].read(line, fault);
        }
    }
    return sim_error_set(line->error, "\"%s\" is not fail, flip, drop, delay, dead, vanish or msi",
                         word);
}

/* One line of a script; an empty one adds nothing. */
static int read_line(struct sim_injection *injection, const char *text, size_t length,
                     unsigned int number, struct sim_error *error)
{
    struct inject_line line = {.error = error};
    struct sim_inject fault = {.line = number};

    if (memchr(text, '\0', length) != NULL) {
        return sim_error_set(error, "a NUL byte: this is not a script");
    }
    if (length >= sizeof line.text) {
        return sim_error_set(error, "the line is too long");
    }
    memcpy(line.text, text, length);
    if (inject_split(&line) != 0) {
        return -1;
    }
    if (line.count == 0) {
        return 0;
    }
    if (read_fault(&line, &fault) != 0) {
        return -1;
    }
    if (line.next != line.count) {
        return sim_error_set(error, "\"%s\" is too much", line.words[line.next]);
    }
    return sim_injection_add(injection, &fault, error);
}

int sim_injection_parse(struct sim_injection *injection, const char *name, const char *text,
                        size_t size, struct sim_error *error)
{
    struct sim_injection read = {.count = 0};
    struct sim_error complaint = {""};
    unsigned int number = 0;

    (void)snprintf(read.script, sizeof read.script, "%s", name);
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - (text + at));

        if (read_line(&read, text + at, length, ++number, &complaint) != 0) {
            return sim_error_set(error, "%s:%u: %s", name, number, complaint.text);
        }
        at += length + 1;
    }
    *injection = read;
    return 0;
}

int sim_injection_read(struct sim_injection *injection, const char *path, struct sim_error *error)
{
    const struct sim_file_limit limit = {MAX_MEBIBYTES, "a script of faults"};
    struct sim_file file;
    int result = -1;

    if (sim_file_read(path, &limit, &file, error) != 0) {
        return -1;
    }
    result = sim_injection_parse(injection, path, file.bytes, file.size, error);
    sim_file_free(&file);
    return result;
}
