/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Verbose text written in tests: one function of it becomes registers.
 */
#ifndef DRYDOCK_TESTS_UNIT_TEXT_CASE_H
#define DRYDOCK_TESTS_UNIT_TEXT_CASE_H

#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/text/text_names.h"
#include "sim/pci/text/text_parser.h"
#include "tests/unit/unit.h"

/** What -vv prints of every function before anything else. */
#define TEXT_CONTROL                                                                         \
    "\tControl: I/O- Mem- BusMaster- SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- " \
    "FastB2B- DisINTx-\n"
#define TEXT_STATUS                                                                              \
    "\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- " \
    "<PERR- INTx-\n"
#define TEXT_HEAD " 0600: 8086:29c0\n" TEXT_CONTROL TEXT_STATUS
#define TEXT_BRIDGE                               \
    " 0604: 1b36:000c\n" TEXT_CONTROL TEXT_STATUS \
    "\tBus: primary=00, secondary=01, subordinate=0a, sec-latency=32\n"

/** A function that was read, and what was said about it. */
struct text_case {
    struct sim_dump_function function;
    struct sim_dump_remarks remarks;
    bool read;
};

/** Read the text of function 00:02.0 whose slot line is line 7 of "case"; free with text_end(). */
static inline void text_begin(struct text_case *text, const struct sim_text_names *names,
                              const char *words)
{
    struct sim_dump_cursor cursor = {.path = "case", .remarks = &text->remarks};

    *text = (struct text_case){.function = {.device = 2, .line = 7}};
    text->read =
        sim_text_read_function(&cursor, &text->function, names, words, words + strlen(words));
}

static inline void text_end(struct text_case *text)
{
    free(sim_dump_take_remarks(&text->remarks, "case"));
}

/** Bytes and which of their bits are known, little-endian, from an offset on. */
static inline void assert_text(const struct text_case *text, unsigned int offset,
                               unsigned int bytes, uint64_t value, uint64_t known)
{
    uint64_t got = 0;
    uint64_t got_known = 0;

    for (unsigned int i = 0; i < bytes; i++) {
        got |= (uint64_t)text->function.bytes[offset + i] << 8 * i;
        got_known |= (uint64_t)text->function.known[offset + i] << 8 * i;
    }
    ck_assert_msg(got == value && got_known == known,
                  "offset %x: %llx known %llx, wanted %llx known %llx", offset,
                  (unsigned long long)got, (unsigned long long)got_known, (unsigned long long)value,
                  (unsigned long long)known);
}

#endif
