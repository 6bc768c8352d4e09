/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 1: the output of `lspci -x`, `-xxx` or `-xxxx` as a list of functions.
 *
 * Reads what lspci printed with or without the verbose text (`-v…`, `-n`, `-nn`,
 * `-D`), with LF or CRLF line ends, with lines of any length or wrapped or quoted by a
 * mailer, with error messages of lspci in between. Knows which bytes of a
 * configuration space are in the dump and where in the file every row stands, so
 * that whatever is wrong later can be said with a line number.
 *
 * What is damaged is left out, the rest is used, and a remark with the line says
 * what was left out: bytes, a row, or a function. Only a file of which nothing
 * can be used is refused.
 *
 * A slot line is `BB:DD.F` or `SSSS:BB:DD.F` (4 to 8 digits of segment) in the
 * first column, alone or followed by a blank. A row is an offset of 2 to 4 digits
 * in the first column, a colon and 16 bytes of two hexadecimal digits. All other
 * lines are text. Any row may be missing but one: a function whose IDs, class or
 * header type are not known is no function.
 *
 * A function without rows is made of its verbose text, if it has any (`-v`, `-vv` or `-vvv`):
 * registers as far as the text tells them, bit by bit. What it does not tell is not known.
 */
#ifndef DRYDOCK_SIM_DUMP_H
#define DRYDOCK_SIM_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pci/bus/pci_address.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

#define SIM_CONFIG_SIZE        4096u       /**< bytes of a PCI Express configuration space */
#define SIM_DUMP_MAX_BYTES     (64u << 20) /**< a larger file is not an lspci dump */
#define SIM_DUMP_MAX_FUNCTIONS 16384u
#define SIM_DUMP_BARS          7     /**< six BARs and the expansion ROM, index 6 */
#define SIM_DUMP_VPD           1024u /**< bytes of Vital Product Data that are kept */

/** What the verbose text says about a BAR: "Region 0: Memory at … [size=16K]". */
struct sim_dump_bar {
    uint64_t size;           /**< bytes, as printed: any number; 0: the text does not say */
    bool text_only_disabled; /**< it says [disabled], [virtual], <unassigned> or <ignored> */
};

/** One function of a dump. */
struct sim_dump_function {
    uint32_t segment; /**< PCI domain */
    uint8_t bus, device, function;
    unsigned int line;              /**< of the slot line in the file, from 1 */
    uint8_t bytes[SIM_CONFIG_SIZE]; /**< where not known 0, or what is likely (text_parser.h) */
    uint8_t known[SIM_CONFIG_SIZE]; /**< which bits of each byte the dump tells */
    unsigned int row_line[SIM_CONFIG_SIZE / 16]; /**< line of each row, 0: not in the dump */
    unsigned int known_size; /**< one past the last known byte; 64, 128, 256 or 4096 usually */
    struct sim_dump_bar bars[SIM_DUMP_BARS];
    uint8_t vpd[SIM_DUMP_VPD]; /**< Vital Product Data, made of the text: see dump_vpd.c */
    unsigned int vpd_size;     /**< 0: the dump has nothing of it */
};

/** What a dump was made of; see dump_open.h for those that are not the output of lspci. */
enum sim_dump_form {
    SIM_DUMP_LSPCI,
    SIM_DUMP_WRAPPED, /**< the same, with a row in several lines */
    SIM_DUMP_SYSFS,   /**< lines are 0 */
    SIM_DUMP_ECAM,    /**< lines are 0 */
};

/** A dump: at least one function, no function twice. */
struct sim_dump {
    char *path;                          /**< as given, for messages */
    struct sim_dump_function *functions; /**< in the order of segment, bus, device, function */
    size_t count;
    char *remarks; /**< lines "PATH:LINE: …": what was left out; NULL: nothing was */
    enum sim_dump_form form;
};

/**
 * Read a dump.
 *
 * @param path        a regular file of at most SIM_DUMP_MAX_BYTES; "-" is a name like any other
 * @param[out] dump   filled in on success, to be freed with sim_dump_free; untouched on failure
 * @param[out] error  on failure one sentence. It begins "PATH: " if the file could not be read at
 *                    all, else "PATH:LINE: ": a NUL byte, or the first remark of a file that has
 *                    nothing to use. Remarks are about
 *                    - a row that is cut short or has a byte that is not two hexadecimal digits:
 *                      the bytes before are used;
 *                    - a row with more than 16 bytes, before every slot line, at an offset that is
 *                      not a multiple of 16 or past the end of configuration space: not used;
 *                    - a row that was there before: not used, nor those after it up to the next
 *                      slot line, because one is missing;
 *                    - a message inside a row;
 *                    - a row of the header that is missing;
 *                    - a function with a device above 1f or a function above 7, without its IDs,
 *                      or past SIM_DUMP_MAX_FUNCTIONS: left out; of one that is there twice, that
 *                      of which less is known
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_dump_read(const char *path, struct sim_dump *dump, struct sim_error *error);

/**
 * Read a dump that is in memory already.
 *
 * @param name  for messages
 * @param text  @p size bytes, need not end in NUL; not used afterwards
 * @return as sim_dump_read
 */
SIM_MUST_CHECK int sim_dump_read_text(const char *name, const char *text, size_t size,
                                      struct sim_dump *dump, struct sim_error *error);

/** Free what sim_dump_read filled in; the struct is zeroed. */
void sim_dump_free(struct sim_dump *dump);

/** Whether the dump tells all bits of a byte; @p offset may be any number. */
bool sim_dump_knows(const struct sim_dump_function *function, unsigned int offset);

/** Whether a function is in another segment than 0: then lspci writes segments. */
enum sim_pci_segments sim_dump_segments(const struct sim_dump *dump);

/** The function at an address, or NULL. */
const struct sim_dump_function *sim_dump_find(const struct sim_dump *dump, uint32_t segment,
                                              uint8_t bus, uint8_t device, uint8_t function);

/**
 * Check that the capability lists in a dump end.
 *
 * A list ends where the dump does not know the next entry, at a pointer that
 * leads out of the list's part of configuration space, and at an entry that
 * reads as all ones. The extended list counts only in functions that have a PCI
 * Express capability.
 *
 * @param[out] error  on failure "PATH:LINE: …" of the row with the pointer that closes a loop;
 *                    of several loops, the first function's
 * @return 0, or -1 if some list loops
 *
 * Spec: [PCI 3.0] 6.7; [PCIe 6] 7.6.
 */
SIM_MUST_CHECK int sim_dump_check_capabilities(const struct sim_dump *dump,
                                               struct sim_error *error);

#endif
