/* SPDX-License-Identifier: MIT */
/*
 * Texts are put together piece by piece in the caller's buffer, and the length is
 * right even if nothing fits, as with snprintf: text.h.
 */
#include "drydock/error_code.h"

#include "drydock/error_code_regs.h"
#include "drydock/exception.h"
#include "drydock/selector.h"
#include "drydock/text.h"

static struct dd_text text_in(char *buffer, size_t size)
{
    struct dd_text text;

    dd_text_init(&text, buffer, size);
    return text;
}

/* What is not the first of a list has a comma before it. */
static void put_item(struct dd_text *text, const char *item)
{
    dd_text_put(text, text->length == 0 ? "" : ", ");
    dd_text_put(text, item);
}

static void put_reserved(struct dd_text *text, uint64_t bits)
{
    if (bits != 0) {
        put_item(text, "reserved bits ");
        dd_text_format(text, "0x%lx", bits);
    }
}

#define PF_ABOVE_31 (~UINT64_C(0) << 32)

static void put_page_fault_flags(struct dd_text *text, uint64_t code)
{
    static const struct {
        uint64_t bit;
        const char *text;
    } flags[] = {
        {DD_BITS(DD_PF_ERROR_RSVD), "reserved bit set in an entry"},
        {DD_BITS(DD_PF_ERROR_PK), "protection key"},
        {DD_BITS(DD_PF_ERROR_SS), "shadow stack"},
        {DD_BITS(DD_PF_ERROR_HLAT), "HLAT"},
        {DD_BITS(DD_PF_ERROR_SGX), "SGX"},
        {DD_BITS(DD_PF_ERROR_RMP), "RMP"},
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if ((code & flags[i].bit) != 0) {
            put_item(text, flags[i].text);
        }
    }
    put_reserved(text, code & (DD_BITS(DD_PF_ERROR_RESERVED_14_8) |
                               DD_BITS(DD_PF_ERROR_RESERVED_30_16) | PF_ABOVE_31));
}

size_t dd_page_fault_error_text(uint64_t error_code, char *buffer, size_t size)
{
    struct dd_text text = text_in(buffer, size);
    const char *access = "read";

    if (DD_GET(error_code, DD_PF_ERROR_ID) != 0) {
        access = "instruction fetch";
    } else if (DD_GET(error_code, DD_PF_ERROR_WR) != 0) {
        access = "write";
    }
    dd_text_put(&text, DD_GET(error_code, DD_PF_ERROR_P) != 0 ? "protection violation: "
                                                              : "page not present: ");
    dd_text_put(&text, access);
    put_item(&text, DD_GET(error_code, DD_PF_ERROR_US) != 0 ? "user mode" : "supervisor mode");
    put_page_fault_flags(&text, error_code);
    return text.length;
}

static void put_selector(struct dd_text *text, uint64_t code)
{
    bool is_gate = DD_GET(code, DD_SELECTOR_ERROR_IDT) != 0;
    bool is_local = DD_GET(code, DD_SELECTOR_ERROR_TI) != 0;

    if (is_gate) {
        dd_text_put(text, "IDT entry ");
    } else if (is_local) {
        dd_text_put(text, "LDT entry ");
    } else {
        dd_text_put(text, "GDT entry ");
    }
    dd_text_format(text, "%lu", DD_GET(code, DD_SELECTOR_ERROR_INDEX));
    if (!is_gate) {
        dd_text_format(text, " (selector 0x%lx)",
                       code & (DD_BITS(DD_SELECTOR_ERROR_TI) | DD_BITS(DD_SELECTOR_ERROR_INDEX)));
    }
}

size_t dd_selector_error_text(uint64_t error_code, char *buffer, size_t size)
{
    struct dd_text text = text_in(buffer, size);
    uint64_t selector =
        error_code & (DD_BITS(DD_SELECTOR_ERROR_IDT) | DD_BITS(DD_SELECTOR_ERROR_TI) |
                      DD_BITS(DD_SELECTOR_ERROR_INDEX));

    if (selector == 0) {
        dd_text_put(&text, "no selector");
    } else {
        put_selector(&text, error_code);
    }
    if (DD_GET(error_code, DD_SELECTOR_ERROR_EXT) != 0) {
        put_item(&text, "external event");
    }
    put_reserved(&text, error_code & ~UINT64_C(0xFFFF));
    return text.length;
}

size_t dd_control_protection_error_text(uint64_t error_code, char *buffer, size_t size)
{
    static const char *const causes[] = {
        [1] = "near RET, shadow stack differs",
        [2] = "far RET or IRET, shadow stack differs",
        [3] = "no ENDBRANCH at the target of an indirect branch",
        [4] = "RSTORSSP, no valid restore token",
        [5] = "SETSSBSY, no valid supervisor shadow-stack token",
    };
    struct dd_text text = text_in(buffer, size);
    uint64_t cause = DD_GET(error_code, DD_CP_ERROR_CPEC);

    if (cause < sizeof causes / sizeof causes[0] && causes[cause] != NULL) {
        dd_text_put(&text, causes[cause]);
    } else {
        dd_text_put(&text, "unknown cause ");
        dd_text_format(&text, "%lu", cause);
    }
    if (DD_GET(error_code, DD_CP_ERROR_ENCL) != 0) {
        put_item(&text, "in an enclave");
    }
    put_reserved(&text, error_code & ~UINT64_C(0xFFFF));
    return text.length;
}

size_t dd_error_code_text(uint64_t vector, uint64_t error_code, char *buffer, size_t size)
{
    struct dd_text text = text_in(buffer, size);

    switch (vector) {
    case DD_EXCEPTION_TS:
    case DD_EXCEPTION_NP:
    case DD_EXCEPTION_SS:
    case DD_EXCEPTION_GP:
        return dd_selector_error_text(error_code, buffer, size);
    case DD_EXCEPTION_PF:
        return dd_page_fault_error_text(error_code, buffer, size);
    case DD_EXCEPTION_CP:
        return dd_control_protection_error_text(error_code, buffer, size);
    default:
        if (dd_exception_has_error_code(vector)) {
            dd_text_format(&text, "0x%lx", error_code);
        }
        return text.length;
    }
}
