/* SPDX-License-Identifier: MIT */
/*
 * Names of the exceptions, and whether they have an error code: the processor
 * tells a handler neither.
 */
#include "drydock/exception.h"

enum error_code {
    NONE,
    CODE
};

enum definition {
    RESERVED,
    DEFINED
};

struct exception {
    const char *name;
    enum error_code error_code;
    enum definition definition;
};

static const struct exception exceptions[DD_EXCEPTION_COUNT] = {
#define X(vector, name, error_code, definition) [vector] = {name, error_code, definition},
#include "drydock/exception_list.def"
#undef X
};

const char *dd_exception_name(uint64_t vector)
{
    return vector < DD_EXCEPTION_COUNT ? exceptions[vector].name : "not an exception";
}

bool dd_exception_is_defined(uint64_t vector)
{
    return vector < DD_EXCEPTION_COUNT && exceptions[vector].definition == DEFINED;
}

bool dd_exception_has_error_code(uint64_t vector)
{
    return vector < DD_EXCEPTION_COUNT && exceptions[vector].error_code == CODE;
}
