/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Replay every dump of a folder and say how many agree.
 */
#ifndef DRYDOCK_SIM_CLI_REPLAY_FOLDER_H
#define DRYDOCK_SIM_CLI_REPLAY_FOLDER_H

#include <stdbool.h>

struct replay_totals {
    unsigned int dumps;     /**< that are meant to be usable */
    unsigned int agree;     /**< of them, without any difference */
    unsigned int refused;   /**< bad-*.lspci that were refused, as they should be */
    unsigned int accepted;  /**< bad-*.lspci that were not */
    unsigned int functions; /**< found in all of them */
};

/**
 * Replay FOLDER/NAME.lspci, in the order of names, and print a line for the
 * folder and one for whatever is wrong. Files called bad-… must be refused.
 *
 * @param title   the word the printed line starts with
 * @param image   kernel image
 */
struct replay_totals replay_folder(const char *title, const char *folder, const char *image);

/** Whether there were dumps, all agreed, and all bad ones were refused. */
bool replay_is_well(const struct replay_totals *totals);

#endif
