/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in words. Names and meanings are those of [SDM 3A] table 6-1 and figures 4-12 and 6-7. */
#include "sim/machine/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    VECTOR_PF = 14
};

struct vector_text {
    const char *name, *meaning;
};

static const struct vector_text vectors[] = {
    [0] = {"#DE", "divide error"},
    [1] = {"#DB", "debug exception"},
    [2] = {"NMI", "non-maskable interrupt"},
    [3] = {"#BP", "breakpoint"},
    [4] = {"#OF", "overflow"},
    [5] = {"#BR", "BOUND range exceeded"},
    [6] = {"#UD", "invalid opcode"},
    [7] = {"#NM", "no math coprocessor"},
    [8] = {"#DF", "double fault"},
    [10] = {"#TS", "invalid TSS"},
    [11] = {"#NP", "segment or gate not present"},
    [12] = {"#SS", "stack fault"},
    [13] = {"#GP", "general protection"},
    [14] = {"#PF", "page fault"},
    [16] = {"#MF", "floating-point error"},
    [17] = {"#AC", "alignment check"},
    [18] = {"#MC", "machine check"},
    [19] = {"#XM", "SIMD floating-point exception"},
    [20] = {"#VE", "virtualization exception"},
    [21] = {"#CP", "control protection exception"},
};

static const struct vector_text *find_vector(unsigned int vector)
{
    if (vector >= sizeof vectors / sizeof vectors[0] || vectors[vector].name == NULL) {
        return NULL;
    }
    return &vectors[vector];
}

const char *sim_vector_name(unsigned int vector)
{
    static _Thread_local char buffer[24];
    const struct vector_text *known = find_vector(vector);

    if (known != NULL) {
        return known->name;
    }
    (void)snprintf(buffer, sizeof buffer, "vector %u", vector);
    return buffer;
}

/* "write to a page that is not present, by the supervisor". */
static void explain_page_fault(uint32_t error_code, char *text, size_t size)
{
    const char *kind = "read of";
    const char *cause = "a page that is not present";

    if ((error_code & 0x10) != 0) {
        kind = "instruction fetch from";
    } else if ((error_code & 0x2) != 0) {
        kind = "write to";
    }
    if ((error_code & 0x8) != 0) {
        cause = "a page with a reserved bit set in one of its entries";
    } else if ((error_code & 0x20) != 0) {
        cause = "a page whose protection key forbids it";
    } else if ((error_code & 0x1) != 0) {
        cause = "a page whose rights forbid it";
    }
    (void)snprintf(text, size, "%s %s, by the %s", kind, cause,
                   (error_code & 0x4) != 0 ? "user" : "supervisor");
}

/* Error codes of the exceptions about descriptors. */
static void explain_selector(uint32_t error_code, char *text, size_t size)
{
    const char *table = "GDT selector";
    uint32_t value = error_code & 0xFFF8;

    if ((error_code & 0x2) != 0) {
        table = "IDT vector";
        value >>= 3;
    } else if ((error_code & 0x4) != 0) {
        table = "LDT selector";
    }
    if ((error_code & 0xFFFF) == 0) {
        (void)snprintf(text, size, "no descriptor involved");
        return;
    }
    (void)snprintf(text, size, "%s 0x%" PRIx32 "%s", table, value,
                   (error_code & 0x1) != 0 ? ", while another event was delivered" : "");
}

void sim_fault_explain(const struct sim_fault *fault, char *text, size_t size)
{
    const struct vector_text *known = find_vector(fault->vector);

    if (fault->has_error_code && fault->vector == VECTOR_PF) {
        explain_page_fault(fault->error_code, text, size);
    } else if (fault->has_error_code && fault->vector >= 10 && fault->vector <= 13) {
        explain_selector(fault->error_code, text, size);
    } else {
        (void)snprintf(text, size, "%s", known == NULL ? "interrupt" : known->meaning);
    }
}

/* "0x101234", "0x101234 function+0x12" or "0x101234 function+0x12 (file.c:123)". */
static void describe_place(const struct sim_fault *fault, char *text, size_t size)
{
    const char *open = fault->source[0] == '\0' ? "" : " (";
    const char *close = fault->source[0] == '\0' ? "" : ")";

    (void)snprintf(text, size, "0x%" PRIx64 "%s%s%s%s%s", fault->rip,
                   fault->symbol[0] == '\0' ? "" : " ", fault->symbol, open, fault->source, close);
}

static void describe_fault(const struct sim_fault *fault, const char *place, char *text,
                           size_t size)
{
    char explanation[128];
    char code[40] = "";
    char address[40] = "";

    sim_fault_explain(fault, explanation, sizeof explanation);
    if (fault->has_error_code) {
        (void)snprintf(code, sizeof code, ", error code 0x%" PRIx32, fault->error_code);
    }
    if (fault->vector == VECTOR_PF) {
        (void)snprintf(address, sizeof address, " of address 0x%" PRIx64, fault->cr2);
    }
    (void)snprintf(text, size, "%s%s%s (%s), at %s: %s", sim_vector_name(fault->vector), address,
                   code, explanation, place, fault->reason);
}

void sim_result_describe(const struct sim_result *result, char *text, size_t size)
{
    char place[420];

    describe_place(&result->fault, place, sizeof place);
    switch (result->stop) {
    case SIM_STOP_RETURNED:
        (void)snprintf(text, size, "returned 0x%" PRIx64, result->value);
        break;
    case SIM_STOP_EXITED:
        (void)snprintf(text, size, "exited with status %" PRIu64, result->value);
        break;
    case SIM_STOP_FAULT:
        describe_fault(&result->fault, place, text, size);
        break;
    default:
        (void)snprintf(text, size, "stopped at %s: %s", place, result->fault.reason);
        break;
    }
}

void sim_fault_print(FILE *file, const struct sim_fault *fault)
{
    const struct vector_text *known = find_vector(fault->vector);
    char explanation[128];
    char place[420];

    sim_fault_explain(fault, explanation, sizeof explanation);
    describe_place(fault, place, sizeof place);
    (void)fprintf(file, "%s %s\n", sim_vector_name(fault->vector),
                  known == NULL ? "interrupt" : known->meaning);
    if (fault->has_error_code) {
        (void)fprintf(file, "  error code 0x%" PRIx32 ": %s\n", fault->error_code, explanation);
    }
    if (fault->vector == VECTOR_PF) {
        (void)fprintf(file, "  address    0x%" PRIx64 "\n", fault->cr2);
    }
    (void)fprintf(file, "  at         %s\n", place);
    if (fault->reason[0] != '\0') {
        (void)fprintf(file, "  delivery   %s\n", fault->reason);
    }
}
