/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The grammar of lspci's verbose text: a tree of blocks.
 *
 * A block begins with a pattern, has items, which are patterns that may come in any order and any
 * number, and blocks inside it. What neither the block nor its inner blocks explain, the block
 * around it may: then the inner one has ended. Lines and indentation mean nothing, so a line that a
 * mailer broke is no special case, and items that a version of lspci adds or leaves out are
 * neither.
 */
#ifndef DRYDOCK_SIM_TEXT_TREE_H
#define DRYDOCK_SIM_TEXT_TREE_H

#include <stdint.h>

#include "sim/pci/text/text_bits.h"

struct sim_text_parser;

/** In a capability's id: the start has set it. */
#define SIM_TEXT_ID_PRINTED 0xFFFFu

/** A block. */
struct sim_text_node {
    const char *start;                            /**< pattern; NULL ends an array of blocks */
    const char *const *items;                     /**< patterns up to a NULL; or NULL: none */
    const struct sim_text_node *nodes;            /**< inner blocks, or NULL: none */
    void (*read)(struct sim_text_parser *parser); /**< called after the start; or NULL */
    unsigned int at;                              /**< registers: bytes after the outer block's */
    unsigned int stride;        /**< and so many more for each index the start has read */
    struct sim_text_bits count; /**< of the outer block: how many of these; hi 0: not said */
    unsigned int first;         /**< the count when the index is 0 */
    uint16_t id;                /**< of a capability */
    uint16_t doubt;             /**< bits of it that the text does not tell */
};

/** The outermost block up to the first capability, and from there on. */
extern const struct sim_text_node sim_text_header_root;
extern const struct sim_text_node sim_text_tail_root;

/** Capabilities of the first list and of the extended one, by their first words. */
extern const struct sim_text_node sim_text_capabilities[];
extern const struct sim_text_node sim_text_extended[];

/** Parts of the lists above. Arrays of blocks end with a NULL start, items with a NULL. */
extern const struct sim_text_node sim_text_express_nodes[];
extern const char *const sim_text_express_items[];
extern const struct sim_text_node sim_text_primary_nodes[];
extern const struct sim_text_node sim_text_secondary_nodes[];
extern const char *const sim_text_mapping_items[];
extern const struct sim_text_node sim_text_intel_nodes[];
extern const struct sim_text_node sim_text_error_nodes[];
extern const struct sim_text_node sim_text_channel_nodes[];
extern const char *const sim_text_channel_items[];
extern const struct sim_text_node sim_text_containment_nodes[];
extern const struct sim_text_node sim_text_link_nodes[];
extern const char *const sim_text_virtual_items[];
extern const char *const sim_text_request_items[];
extern const struct sim_text_node sim_text_process_nodes[];
extern const char *const sim_text_sharing_items[];
extern const struct sim_text_node sim_text_sharing_nodes[];
extern const struct sim_text_node sim_text_multicast_nodes[];
extern const struct sim_text_node sim_text_resizable_nodes[];
extern const struct sim_text_node sim_text_cxl_nodes[];
extern const char *const sim_text_cxl_items[];
extern const char *const sim_text_encryption_items[];

#endif
