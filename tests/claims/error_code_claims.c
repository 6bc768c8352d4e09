/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about error codes in words. */
#include "drydock/error_code.h"

#include <stddef.h>

#include "tests/claims/claim.h"

static char text[DD_ERROR_CODE_TEXT_SIZE];

static const char *page_fault(uint64_t code)
{
    (void)dd_page_fault_error_text(code, text, sizeof text);
    return text;
}

static const char *selector(uint64_t code)
{
    (void)dd_selector_error_text(code, text, sizeof text);
    return text;
}

static const char *control_protection(uint64_t code)
{
    (void)dd_control_protection_error_text(code, text, sizeof text);
    return text;
}

static const char *any(uint64_t vector, uint64_t code)
{
    (void)dd_error_code_text(vector, code, text, sizeof text);
    return text;
}

/* [SDM 3A] 4.7, figure 4-12. */
CLAIM(page_fault_error_codes_are_said_in_words)
{
    CLAIM_TEXT(page_fault(0), "page not present: read, supervisor mode");
    CLAIM_TEXT(page_fault(7), "protection violation: write, user mode");
    CLAIM_TEXT(page_fault(0x11), "protection violation: instruction fetch, supervisor mode");
    CLAIM_TEXT(page_fault(0x9),
               "protection violation: read, supervisor mode, reserved bit set in an entry");
    CLAIM_TEXT(page_fault(0x25), "protection violation: read, user mode, protection key");
    CLAIM_TEXT(page_fault(0x800080C2),
               "page not present: write, supervisor mode, shadow stack, HLAT, SGX, RMP");
    CLAIM_TEXT(page_fault(0x100000104),
               "page not present: read, user mode, reserved bits 0x100000100");
}

/* [SDM 3A] 6.13, figure 6-7. */
CLAIM(selector_error_codes_are_said_in_words)
{
    CLAIM_TEXT(selector(0), "no selector");
    CLAIM_TEXT(selector(1), "no selector, external event");
    CLAIM_TEXT(selector(0x18), "GDT entry 3 (selector 0x18)");
    CLAIM_TEXT(selector(0xFFF8), "GDT entry 8191 (selector 0xfff8)");
    CLAIM_TEXT(selector(0x2C), "LDT entry 5 (selector 0x2c)");
    CLAIM_TEXT(selector(0x72), "IDT entry 14");
    CLAIM_TEXT(selector(0x77), "IDT entry 14, external event");
    CLAIM_TEXT(selector(0x10018), "GDT entry 3 (selector 0x18), reserved bits 0x10000");
}

/* [SDM 3A] 6.15, interrupt 21. */
CLAIM(control_protection_error_codes_are_said_in_words)
{
    CLAIM_TEXT(control_protection(1), "near RET, shadow stack differs");
    CLAIM_TEXT(control_protection(3), "no ENDBRANCH at the target of an indirect branch");
    CLAIM_TEXT(control_protection(0x8005),
               "SETSSBSY, no valid supervisor shadow-stack token, in an enclave");
    CLAIM_TEXT(control_protection(0), "unknown cause 0");
    CLAIM_TEXT(control_protection(6), "unknown cause 6");
    CLAIM_TEXT(any(21, 2), "far RET or IRET, shadow stack differs");
    CLAIM_TEXT(any(14, 2), "page not present: write, supervisor mode");
    CLAIM_TEXT(any(13, 0), "no selector");
    CLAIM_TEXT(any(29, 0x72), "0x72");
    CLAIM_TEXT(any(6, 0), "");
}

CLAIM(error_code_texts_end_within_their_buffer)
{
    char buffer[12] = "###########";

    CLAIM_EQUAL(dd_selector_error_text(0x18, buffer, 10), 27);
    CLAIM_TEXT(buffer, "GDT entry");
    CLAIM_EQUAL((uint64_t)buffer[10], '#');
    CLAIM_EQUAL(dd_page_fault_error_text(0, buffer, 1), 39);
    CLAIM_TEXT(buffer, "");
    CLAIM_EQUAL((uint64_t)buffer[1], 'D');
    CLAIM_EQUAL(dd_control_protection_error_text(1, NULL, 0), 30);
    CLAIM_EQUAL(dd_selector_error_text(0, buffer, 12), 11);
    CLAIM_TEXT(buffer, "no selector");
}
