/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The kernel's own page tables.
 */
#ifndef DRYDOCK_KERNEL_MAP_H
#define DRYDOCK_KERNEL_MAP_H

#include "drydock/attributes.h"
#include "drydock/status.h"
#include "kernel/protocol.h"

/**
 * Turn on what paging enforces (NX, write protection of the supervisor), build the tables that kinit()
 * documents, and load them.
 *
 * @retval DD_OK  the processor uses them
 * @return otherwise what dd_paging_create() or dd_paging_map_range() said; the old tables are in use
 */
DD_MUST_CHECK enum dd_status kmap_activate(const struct kmachine *machine);

#endif
