/* SPDX-License-Identifier: MIT */
/*
 * The processor tells a handler neither which vector brought it there nor
 * whether an error code lies on the stack. So every vector has its own few
 * instructions of entry code, made from exception_list.def in
 * exception_entry.S, that push what is missing; this file describes them in
 * an IDT and names them from the same list.
 */
#include "drydock/exception.h"

#include "drydock/addr.h"

enum error_code {
    NONE,
    CODE
};

struct exception {
    const char *name;
    enum error_code error_code;
};

static const struct exception exceptions[DD_EXCEPTION_COUNT] = {
#define X(vector, name, error_code) [vector] = {name, error_code},
#include "drydock/exception_list.def"
#undef X
};

enum dd_status dd_exception_install(struct dd_idt *idt, uint16_t code_selector)
{
    struct dd_gate gate = {.selector = code_selector, .type = DD_GATE_TYPE_INTERRUPT};

    for (unsigned int vector = 0; vector < DD_EXCEPTION_COUNT; vector++) {
        gate.handler = dd_vaddr_from(dd_exception_entries[vector]);
        enum dd_status status = dd_idt_set_gate(idt, (uint8_t)vector, &gate);
        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

const char *dd_exception_name(uint64_t vector)
{
    return vector < DD_EXCEPTION_COUNT ? exceptions[vector].name : "not an exception";
}

bool dd_exception_has_error_code(uint64_t vector)
{
    return vector < DD_EXCEPTION_COUNT && exceptions[vector].error_code == CODE;
}
