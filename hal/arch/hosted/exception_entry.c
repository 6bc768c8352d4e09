/* SPDX-License-Identifier: MIT */
/*
 * The hosted twin of arch/x86_64/exception_entry.S. There is no entry code in a
 * process: the addresses are distinct, canonical and in a hole that no machine
 * maps, so that an exception delivered to one is seen.
 */
#include "drydock/exception.h"

const uint64_t dd_exception_entries[DD_EXCEPTION_COUNT] = {
#define X(vector, name, error_code) [vector] = UINT64_C(0xFFFFEEEE00000000) | (vector),
#include "drydock/exception_list.def"
#undef X
};
