/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 2b: all functions of a dump and the buses between them: which function
 * answers a configuration cycle.
 */
#ifndef DRYDOCK_SIM_PCI_TOPOLOGY_H
#define DRYDOCK_SIM_PCI_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"
#include "sim/pci/bus/pci_config.h"
#include "sim/pci/bus/pci_fault.h"
#include "sim/pci/bus/pci_memory.h"

#define SIM_PCI_BUSES        256
#define SIM_PCI_MAX_SEGMENTS 1024u

/** What keeps enumeration from a function, as far as pci_reach.h finds out. */
enum sim_pci_reach {
    SIM_PCI_REACHED,            /**< nothing */
    SIM_PCI_ALL_ONES,           /**< its vendor ID reads FFFFh */
    SIM_PCI_FUNCTION_0_MISSING, /**< so nobody looks for the others of the device */
    SIM_PCI_NOT_MULTI_FUNCTION, /**< function 0 says it is alone */
    SIM_PCI_NO_BRIDGE,          /**< no bridge's secondary bus number is its bus */
    SIM_PCI_NUMBERS_IMPOSSIBLE, /**< one is, but not own bus < secondary <= subordinate */
    SIM_PCI_NOT_FORWARDED,      /**< one is, but cycles for the bus do not get to that bridge */
    SIM_PCI_BRIDGE_NOT_FOUND,   /**< cycles do, but enumeration does not find that bridge */
};

/** A function in its physical place, which is named by the bus number the dump gives. */
struct sim_pci_function {
    struct sim_pci_config config;
    struct sim_pci_address address;
    bool gone;    /**< it answers no more; see sim_pci_topology_remove */
    bool dropped; /**< it passes nothing on any more; see sim_pci_topology_drop */
    const struct sim_pci_function *physical; /**< of a virtual function; see pci_virtual.h */
    unsigned int number;                     /**< of a virtual function, from 0 */
    int behind;               /**< a bridge: physical bus on its other side, -1: nothing there */
    enum sim_pci_reach reach; /**< set by sim_pci_reach_judge() */
};

/** One PCI segment. */
struct sim_pci_segment {
    uint32_t number;
    size_t
        bus_start[SIM_PCI_BUSES + 1]; /**< functions[bus_start[b]…bus_start[b + 1] - 1] are on b */
    bool is_root[SIM_PCI_BUSES];
    size_t upstream[SIM_PCI_BUSES]; /**< the bridge that leads to a bus; SIZE_MAX: none */
    int route[SIM_PCI_BUSES];       /**< bus number to physical bus, as far as already looked up */
};

struct sim_pci_topology {
    struct sim_pci_function *functions; /**< in order of their addresses */
    struct sim_pci_masks *masks;        /**< of each function */
    size_t count;
    struct sim_pci_function *made; /**< virtual functions the dump does not have */
    struct sim_pci_mould *moulds;  /**< of them: see pci_virtual_make.c */
    size_t made_count;
    struct sim_pci_function
        *asking;                   /**< a port that begins to ask for a hot-plug interrupt; NULL */
    struct sim_pci_memory *memory; /**< behind the base addresses of all functions */
    struct sim_pci_faults *faults; /**< NULL: nothing goes wrong */
    struct sim_pci_segment *segments; /**< in order of their numbers */
    size_t segment_count;
};

/**
 * Build the buses of a dump.
 *
 * @param[out] topology  to be freed with sim_pci_topology_free(); untouched on failure
 * @param dump           must outlive the topology
 * @param[out] error     "PATH: …" if there are more than SIM_PCI_MAX_SEGMENTS segments or no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_topology_init(struct sim_pci_topology *topology,
                                         const struct sim_dump *dump, struct sim_error *error);

/** Free what sim_pci_topology_init() filled in; the struct is zeroed. */
void sim_pci_topology_free(struct sim_pci_topology *topology);

/** The function at an address as in the dump, or one that SR-IOV can make there; reachable or not,
 *  or NULL. */
struct sim_pci_function *sim_pci_topology_function(const struct sim_pci_topology *topology,
                                                   struct sim_pci_address address);

/** The function that answers a configuration cycle now, as the bridges are programmed, or NULL. */
struct sim_pci_function *sim_pci_topology_route(struct sim_pci_topology *topology,
                                                struct sim_pci_address address);

/** A configuration read: all ones if nothing answers. See sim_pci_config_read(). */
uint32_t sim_pci_topology_read(struct sim_pci_topology *topology, struct sim_pci_address address,
                               unsigned int offset, unsigned int width);

/** A configuration write; it may renumber buses, and reset functions (pci_reset.h). See
 *  sim_pci_config_write(). */
void sim_pci_topology_write(struct sim_pci_topology *topology, struct sim_pci_address address,
                            unsigned int offset, unsigned int width, uint32_t value);

/** Let a function, and what is behind it if it is a bridge, answer no more: it is taken out of its
 *  slot, if it has one (pci_slot.h). */
void sim_pci_topology_remove(struct sim_pci_topology *topology, struct sim_pci_function *function);

/** Put a function that was removed back: it is as after power-on. */
void sim_pci_topology_put_back(struct sim_pci_topology *topology,
                               struct sim_pci_function *function);

/** Let a bridge pass nothing on any more. */
void sim_pci_topology_drop(struct sim_pci_topology *topology, struct sim_pci_function *bridge);

/** Shown if any function of the dump is outside segment 0. */
enum sim_pci_segments sim_pci_topology_segments(const struct sim_pci_topology *topology);

/** The bridge whose secondary bus a function is on, NULL if it is on a root bus or there is none. */
const struct sim_pci_function *sim_pci_topology_upstream(const struct sim_pci_topology *topology,
                                                         const struct sim_pci_function *function);

/** The segment with a number that a function has. */
struct sim_pci_segment *sim_pci_topology_segment(const struct sim_pci_topology *topology,
                                                 uint32_t number);

/** Whether a function is a bridge that holds the bus behind it in reset. Spec: [PCI-PCI 1.2] 3.2.5.18. */
bool sim_pci_function_resets_bus(const struct sim_pci_function *function);

/** Whether a function forwards cycles to another bus: header type 1 or 2, and not all ones. */
bool sim_pci_function_is_bridge(const struct sim_pci_function *function);

#endif
