/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Fields that lspci prints as a number computed from them.
 */
#ifndef DRYDOCK_SIM_TEXT_FORMULAS_H
#define DRYDOCK_SIM_TEXT_FORMULAS_H

#include <stdbool.h>

#include "sim/pci/text/text_words.h"

/** A formula; what it looks like is the business of text_formulas.c. */
struct sim_text_formula;

/** The formula of a name, or NULL. */
const struct sim_text_formula *sim_text_formula_find(const char *name);

/**
 * Take a number and find the values it is printed for.
 *
 * @param formula         NULL: there is none
 * @param at              moved past the number
 * @param[out] candidates added to
 * @return whether there is a number that is printed for some value
 */
bool sim_text_formula_match(const struct sim_text_formula *formula, const char **at,
                            const char *end, struct sim_text_candidates *candidates);

#endif
