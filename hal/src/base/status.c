/* SPDX-License-Identifier: MIT */
/*
 * Names of status codes. Both tables expand from the one list in status.h, so
 * a code cannot exist without a name and a meaning.
 */
#include "drydock/status.h"

const char *dd_status_name(enum dd_status status)
{
    switch (status) {
#define X(name, value, meaning) \
    case name:                  \
        return #name;
        DD_STATUS_LIST(X)
#undef X
    }
    return "DD_EUNKNOWN";
}

const char *dd_status_text(enum dd_status status)
{
    switch (status) {
#define X(name, value, meaning) \
    case name:                  \
        return meaning;
        DD_STATUS_LIST(X)
#undef X
    }
    return "unknown status";
}
