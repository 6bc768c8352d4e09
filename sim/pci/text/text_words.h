/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Fields that lspci prints in words.
 */
#ifndef DRYDOCK_SIM_TEXT_WORDS_H
#define DRYDOCK_SIM_TEXT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/** The values a text stands for. */
struct sim_text_candidates {
    unsigned int count;
    uint64_t value; /**< the first of them */
    uint64_t doubt; /**< bits in which others differ from it */
};

/** One value more. */
void sim_text_candidate_add(struct sim_text_candidates *candidates, uint64_t value, uint64_t doubt);

/** A list of words; what it looks like is the business of text_words.c. */
struct sim_text_words;

/** The list of a name, or NULL. */
const struct sim_text_words *sim_text_words_find(const char *name);

/**
 * Take the longest of the words of a list that a text begins with.
 *
 * @param words           NULL: there is none
 * @param at              moved past it
 * @param[out] candidates added to
 * @return whether there is one
 */
bool sim_text_words_match(const struct sim_text_words *words, const char **at, const char *end,
                          struct sim_text_candidates *candidates);

#endif
