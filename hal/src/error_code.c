/* SPDX-License-Identifier: MIT */
/*
 * Texts are put together piece by piece in a writer that counts all of them and
 * stores those that fit: so the length it returns is right even if nothing fits,
 * as with snprintf.
 */
#include "drydock/error_code.h"

#include "drydock/error_code_regs.h"
#include "drydock/exception.h"
#include "drydock/selector.h"

struct writer {
    char *buffer;
    size_t size;
    size_t length;
};

static void put_character(struct writer *writer, char character)
{
    if (writer->length + 1 < writer->size) {
        writer->buffer[writer->length] = character;
        writer->buffer[writer->length + 1] = '\0';
    }
    writer->length++;
}

static struct writer writer_to(char *buffer, size_t size)
{
    if (size > 0) {
        buffer[0] = '\0';
    }
    return (struct writer){.buffer = buffer, .size = size};
}

static void put(struct writer *writer, const char *text)
{
    while (*text != '\0') {
        put_character(writer, *text++);
    }
}

static void put_number(struct writer *writer, uint64_t number, unsigned int base)
{
    uint64_t unit = 1;

    while (number / unit >= base) {
        unit *= base;
    }
    put(writer, base == 16 ? "0x" : "");
    for (; unit > 0; unit /= base) {
        put_character(writer, "0123456789abcdef"[number / unit % base]);
    }
}

/* What is not the first of a list has a comma before it. */
static void put_item(struct writer *writer, const char *text)
{
    put(writer, writer->length == 0 ? "" : ", ");
    put(writer, text);
}

static void put_reserved(struct writer *writer, uint64_t bits)
{
    if (bits != 0) {
        put_item(writer, "reserved bits ");
        put_number(writer, bits, 16);
    }
}

#define PF_ABOVE_31 (~UINT64_C(0) << 32)

static void put_page_fault_flags(struct writer *writer, uint64_t code)
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
            put_item(writer, flags[i].text);
        }
    }
    put_reserved(writer, code & (DD_BITS(DD_PF_ERROR_RESERVED_14_8) |
                                 DD_BITS(DD_PF_ERROR_RESERVED_30_16) | PF_ABOVE_31));
}

size_t dd_page_fault_error_text(uint64_t error_code, char *buffer, size_t size)
{
    struct writer writer = writer_to(buffer, size);
    const char *access = "read";

    if (DD_GET(error_code, DD_PF_ERROR_ID) != 0) {
        access = "instruction fetch";
    } else if (DD_GET(error_code, DD_PF_ERROR_WR) != 0) {
        access = "write";
    }
    put(&writer,
        DD_GET(error_code, DD_PF_ERROR_P) != 0 ? "protection violation: " : "page not present: ");
    put(&writer, access);
    put_item(&writer, DD_GET(error_code, DD_PF_ERROR_US) != 0 ? "user mode" : "supervisor mode");
    put_page_fault_flags(&writer, error_code);
    return writer.length;
}

static void put_selector(struct writer *writer, uint64_t code)
{
    bool is_gate = DD_GET(code, DD_SELECTOR_ERROR_IDT) != 0;
    bool is_local = DD_GET(code, DD_SELECTOR_ERROR_TI) != 0;

    if (is_gate) {
        put(writer, "IDT entry ");
    } else if (is_local) {
        put(writer, "LDT entry ");
    } else {
        put(writer, "GDT entry ");
    }
    put_number(writer, DD_GET(code, DD_SELECTOR_ERROR_INDEX), 10);
    if (!is_gate) {
        put(writer, " (selector ");
        put_number(writer,
                   code & (DD_BITS(DD_SELECTOR_ERROR_TI) | DD_BITS(DD_SELECTOR_ERROR_INDEX)), 16);
        put(writer, ")");
    }
}

size_t dd_selector_error_text(uint64_t error_code, char *buffer, size_t size)
{
    struct writer writer = writer_to(buffer, size);
    uint64_t selector =
        error_code & (DD_BITS(DD_SELECTOR_ERROR_IDT) | DD_BITS(DD_SELECTOR_ERROR_TI) |
                      DD_BITS(DD_SELECTOR_ERROR_INDEX));

    if (selector == 0) {
        put(&writer, "no selector");
    } else {
        put_selector(&writer, error_code);
    }
    if (DD_GET(error_code, DD_SELECTOR_ERROR_EXT) != 0) {
        put_item(&writer, "external event");
    }
    put_reserved(&writer, error_code & ~UINT64_C(0xFFFF));
    return writer.length;
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
    struct writer writer = writer_to(buffer, size);
    uint64_t cause = DD_GET(error_code, DD_CP_ERROR_CPEC);

    if (cause < sizeof causes / sizeof causes[0] && causes[cause] != NULL) {
        put(&writer, causes[cause]);
    } else {
        put(&writer, "unknown cause ");
        put_number(&writer, cause, 10);
    }
    if (DD_GET(error_code, DD_CP_ERROR_ENCL) != 0) {
        put_item(&writer, "in an enclave");
    }
    put_reserved(&writer, error_code & ~UINT64_C(0xFFFF));
    return writer.length;
}

size_t dd_error_code_text(uint64_t vector, uint64_t error_code, char *buffer, size_t size)
{
    struct writer writer = writer_to(buffer, size);

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
            put_number(&writer, error_code, 16);
        }
        return writer.length;
    }
}
