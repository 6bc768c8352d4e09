/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a claim and keeps its result. One claim runs at a time, so the result in
 * the making is file-local state; check functions fill it in, the CLAIM_ macros
 * leave the claim when one says no.
 */
#include "tests/claims/claim.h"

#include <stddef.h>

#define X(name) CLAIM(name);
#include "tests/claims/registry.def"
#undef X

const struct claim claims[] = {
#define X(name) {#name, claim_##name},
#include "tests/claims/registry.def"
#undef X
};

const unsigned int claim_count = sizeof claims / sizeof claims[0];

static struct claim_result current;
static unsigned int checks_made;

static void append(const char *text)
{
    size_t used = 0;

    while (current.text[used] != '\0') {
        used++;
    }
    while (*text != '\0' && used < sizeof current.text - 1) {
        current.text[used++] = *text++;
    }
    current.text[used] = '\0';
}

static void append_number(uint64_t number, unsigned int base)
{
    char digits[21];
    size_t first = sizeof digits - 1;

    digits[first] = '\0';
    do {
        digits[--first] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0 && first > 0);
    append(base == 16 ? "0x" : "");
    append(digits + first);
}

static void append_place(struct claim_place place)
{
    append(place.file);
    append(":");
    append_number((uint64_t)place.line, 10);
    append(": ");
    append(place.text);
}

static bool equal_texts(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool check(struct claim_place place, bool holds)
{
    checks_made++;
    if (!holds) {
        current.outcome = CLAIM_FAILURE;
        append_place(place);
    }
    return holds;
}

bool claim_check_true(struct claim_place place, bool holds)
{
    if (!check(place, holds)) {
        append(" does not hold");
    }
    return holds;
}

bool claim_check_equal(struct claim_place place, uint64_t actual, uint64_t expected)
{
    bool holds = check(place, actual == expected);

    if (!holds) {
        append(" is ");
        append_number(actual, 16);
        append(", expected ");
        append_number(expected, 16);
    }
    return holds;
}

bool claim_check_status(struct claim_place place, enum dd_status actual, enum dd_status expected)
{
    bool holds = check(place, actual == expected);

    if (!holds) {
        append(" gave ");
        append(dd_status_name(actual));
        append(", expected ");
        append(dd_status_name(expected));
    }
    return holds;
}

bool claim_check_text(struct claim_place place, const char *actual, const char *expected)
{
    bool holds = check(place, equal_texts(actual, expected));

    if (!holds) {
        append(" is \"");
        append(actual);
        append("\", expected \"");
        append(expected);
        append("\"");
    }
    return holds;
}

void claim_skip(const char *reason)
{
    current.outcome = CLAIM_SKIP;
    append(reason);
}

struct claim_result claim_run(unsigned int index)
{
    current.outcome = CLAIM_SUCCESS;
    current.text[0] = '\0';
    checks_made = 0;
    if (index >= claim_count) {
        current.outcome = CLAIM_ERROR;
        append("no claim with this number");
        return current;
    }
    claims[index].run();
    if (current.outcome == CLAIM_SUCCESS && checks_made == 0) {
        current.outcome = CLAIM_ERROR;
        append("the claim made no check");
    }
    return current;
}

const char *claim_outcome_name(enum claim_outcome outcome)
{
    switch (outcome) {
    case CLAIM_SUCCESS:
        return "success";
    case CLAIM_SKIP:
        return "skip";
    case CLAIM_ERROR:
        return "error";
    case CLAIM_FAILURE:
        return "failure";
    }
    return "error";
}
