/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A function with one capability at 0x40, and the lines that are printed of it. What is inline
 * here is shared by test programs of the printers.
 */
#ifndef DRYDOCK_TESTS_PCI_PRINT_CASE_H
#define DRYDOCK_TESTS_PCI_PRINT_CASE_H

#include <string.h>

#include "drydock/pci_print.h"
#include "drydock/text.h"
#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

struct print_case {
    uint8_t header_type;
    uint32_t bar;           /* the first base address register */
    uint8_t capability[64]; /* the only one of the first list, at 0x40 */
    const char *lines;
};

static struct fake_function *function;
static char printed[8192];

static inline void print_note(void *context, const char *line)
{
    dd_text_format(context, "%s\n", line);
}

/** Begin with a function 00:00.0 that looks so. */
static inline void print_setup(const struct print_case *wanted)
{
    fake_reset();
    function = fake_add(0, 0, 0, 0x12348086);
    function->bytes[0x06] = 0x10;
    function->bytes[0x0E] = wanted->header_type;
    function->bytes[0x34] = 0x40;
    fake_put32(function, 0x10, wanted->bar);
    memcpy(&function->bytes[0x40], wanted->capability, sizeof wanted->capability);
}

/** Print its capabilities into printed. */
static inline enum dd_status print_all(void)
{
    struct dd_text text;
    const struct dd_pci_print request = {.access = &fake.access,
                                         .address = fake_address(0, 0, 0),
                                         .emit = print_note,
                                         .context = &text};
    enum dd_status status;

    dd_text_init(&text, printed, sizeof printed);
    status = dd_pci_print_capabilities(&request);
    ck_assert_uint_lt(text.length, sizeof printed);
    return status;
}

#endif
