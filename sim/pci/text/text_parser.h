/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Verbose text without hex becomes registers: see dump.h for what this is about.
 *
 * What the text says is set and marked as known; what it does not say stays unknown. Where it only
 * makes something likely (the interrupt line of the routed interrupt, the address of an expansion
 * ROM, a window that is closed) the likely value is in the bytes and the bits are not known.
 */
#ifndef DRYDOCK_SIM_TEXT_PARSER_H
#define DRYDOCK_SIM_TEXT_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/text/text_names.h"
#include "sim/pci/text/text_pattern.h"
#include "sim/pci/text/text_tree.h"

#define SIM_TEXT_DEPTH     6    /**< blocks inside each other */
#define SIM_TEXT_LINE_SIZE 1024 /**< longest text of one thing, a wrapped line put together */
#define SIM_TEXT_ENTRIES   64   /**< capabilities of one list */

/** A block that is open. */
struct sim_text_frame {
    const struct sim_text_node *node;
    unsigned int base;
    unsigned int ordinals; /**< blocks inside that count themselves */
};

/** A capability list as printed. */
struct sim_text_chain {
    unsigned int offsets[SIM_TEXT_ENTRIES];
    unsigned int count;
    bool cut; /**< there is more than that, or it is broken */
};

/** The text of one function while it is read. */
struct sim_text_parser {
    const struct sim_dump_cursor *cursor; /**< for remarks */
    struct sim_dump_function *function;
    const struct sim_text_names *names; /**< NULL: none */
    const char *begin, *at, *end;
    const char *counted; /**< up to here lines were counted: */
    unsigned int line;   /**< number of the line there */
    struct sim_text_frame frames[SIM_TEXT_DEPTH];
    unsigned int depth;
    struct sim_text_chain first, extended;
    struct sim_text_candidates device;    /**< device << 16 | vendor */
    char name[SIM_TEXT_LINE_SIZE];        /**< of vendor and device, as printed */
    struct sim_text_candidates subsystem; /**< device << 16 | vendor; count 0: not printed */
    unsigned int upper_half;              /**< register after one of 64 bits, 0: none */
    unsigned int regions;                 /**< next register of a region without a number */
    unsigned int explained;               /**< items and blocks */
    unsigned int remarked;                /**< last line with a remark */
    unsigned int skipped;                 /**< words of it that were not understood */
    unsigned int strange;                 /**< lines with remarks */
    bool free_text;                       /**< what came last ends where its line does */
    bool has_bus, has_cardbus;            /**< it is a bridge; a CardBus bridge */
    bool has_version;                     /**< that of the extended capability was printed */
};

/**
 * Read the verbose text of a function that has no hexadecimal rows.
 *
 * @param cursor    for remarks: what is not understood, unknown, or ambiguous
 * @param function  address and line are set, everything else is zero; filled in
 * @param names     NULL: names stay unknown
 * @param begin     after the address in the slot line
 * @param end       of the function's text
 * @return whether there is verbose text; if not, the function is unchanged but for its identity
 */
bool sim_text_read_function(const struct sim_dump_cursor *cursor,
                            struct sim_dump_function *function, const struct sim_text_names *names,
                            const char *begin, const char *end);

/**
 * Set what follows from several functions together.
 *
 * Virtual functions that a physical function has enabled read all ones as their IDs, whatever the
 * operating system calls them. Of a device with several functions it is likely that it says so.
 *
 * @param functions  in the order of their addresses; those with rows are not changed
 *
 * Spec: [PCIe 6] 9.3.4.1; [PCI 3.0] 6.2.1.
 */
void sim_text_relate(struct sim_dump_function *functions, size_t count);

/** Line of the file that the parser is at. */
unsigned int sim_text_line(struct sim_text_parser *parser);

/** Match a pattern whose registers begin at @p base; @p index may be NULL. */
bool sim_text_take(struct sim_text_parser *parser, const char *pattern, unsigned int base,
                   unsigned int *index);

/**
 * Take the rest of the line, and the lines after it up to one that begins something of its own:
 * a mailer broke them off. White space becomes one blank.
 */
void sim_text_take_rest(struct sim_text_parser *parser, char *text, size_t size);

/** Read what follows a slot line's address: class, names, revision. */
void sim_text_read_identity(struct sim_text_parser *parser);

/** Readers of single things; the parser is after their first words. */
void sim_text_read_subsystem(struct sim_text_parser *parser);
void sim_text_read_subsystem_capability(struct sim_text_parser *parser);
void sim_text_read_region(struct sim_text_parser *parser);
void sim_text_read_memory(struct sim_text_parser *parser);
void sim_text_read_ports(struct sim_text_parser *parser);
void sim_text_read_rom(struct sim_text_parser *parser);
void sim_text_read_virtual(struct sim_text_parser *parser);
void sim_text_read_bus(struct sim_text_parser *parser);
void sim_text_read_cardbus_io_window(struct sim_text_parser *parser);
void sim_text_read_cardbus_memory_window(struct sim_text_parser *parser);
void sim_text_read_io_window(struct sim_text_parser *parser);
void sim_text_read_memory_window(struct sim_text_parser *parser);
void sim_text_read_prefetchable_window(struct sim_text_parser *parser);
void sim_text_read_serial_number(struct sim_text_parser *parser);
void sim_text_read_capability(struct sim_text_parser *parser);

/** Set what follows from all lines together: header type, subsystem, pointers of the lists. */
void sim_text_finish(struct sim_text_parser *parser);

#endif
