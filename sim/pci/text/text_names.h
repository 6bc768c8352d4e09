/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * IDs of names: libpci's list of names, looked up backwards.
 *
 * A name can stand for several IDs, and lists of other years have other names. So a search gives
 * candidates: none, one, or several, of which the bits are known in which they agree.
 */
#ifndef DRYDOCK_SIM_TEXT_NAMES_H
#define DRYDOCK_SIM_TEXT_NAMES_H

#include <stddef.h>

#include "sim/pci/text/text_words.h"

/** A list of names. */
struct sim_text_names;

/** The list that libpci uses, read once; NULL if there is none. */
const struct sim_text_names *sim_text_names_installed(void);

/**
 * Read a list, compressed by gzip or not.
 *
 * @return to be closed; NULL if it cannot be read, has more than 64 MiB, or there is no memory
 */
struct sim_text_names *sim_text_names_open(const char *path);

/**
 * Use a list that is in memory.
 *
 * @param text  in the format of pci.ids; copied
 * @return to be closed, or NULL without memory
 */
struct sim_text_names *sim_text_names_read(const char *text, size_t size);

/** NULL is fine. */
void sim_text_names_close(struct sim_text_names *names);

/** Classes and subclasses with a name: class << 8 | subclass. */
struct sim_text_candidates sim_text_names_class(const struct sim_text_names *names,
                                                const char *name);

/** Vendors whose name a text begins with, the longest such name; *length is that of the name. */
struct sim_text_candidates sim_text_names_vendor(const struct sim_text_names *names,
                                                 const char *text, size_t *length);

/** Devices called "VENDOR DEVICE": device << 16 | vendor. */
struct sim_text_candidates sim_text_names_device(const struct sim_text_names *names,
                                                 const char *text);

/**
 * Subsystems called "VENDOR SUBSYSTEM": device << 16 | vendor.
 *
 * @param device  the function's own: device << 16 | vendor, whose subsystems are in the list
 */
struct sim_text_candidates sim_text_names_subsystem(const struct sim_text_names *names,
                                                    uint32_t device, const char *text);

#endif
