/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The topology as a picture: what was found, as boxes that hang from buses.
 *
 * A box is a function: its address and name, how fast its link is, what its BARs take, and of a
 * bridge the windows it forwards. Both drawings are made from the same boxes: one for Graphviz,
 * one ready to look at.
 */
#ifndef DRYDOCK_SIM_PCI_PICTURE_H
#define DRYDOCK_SIM_PCI_PICTURE_H

#include <stddef.h>
#include <stdio.h>

#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** Lines of a box below its address, and how long one may be. */
#define SIM_PCI_BOX_LINES   12
#define SIM_PCI_BOX_COLUMNS 36

/** What a line of a box is about. */
enum sim_pci_box_line {
    SIM_PCI_BOX_CLASS,  /**< what kind of device it is */
    SIM_PCI_BOX_NAME,   /**< whose it is, and what */
    SIM_PCI_BOX_LINK,   /**< speed and width of its link */
    SIM_PCI_BOX_WINDOW, /**< what a bridge forwards */
    SIM_PCI_BOX_BAR,    /**< what a base address register takes; "?": the size is assumed */
};

/** A function that was found. */
struct sim_pci_box {
    const struct sim_pci_function *function;
    struct sim_pci_address_text title;
    uint8_t base_class; /**< Spec: [PCI 3.0] appendix D */
    struct {
        enum sim_pci_box_line kind;
        char text[SIM_PCI_BOX_COLUMNS + 1];
    } lines[SIM_PCI_BOX_LINES];
    unsigned int line_count;
};

struct sim_pci_picture {
    const struct sim_pci_topology *topology;
    struct sim_pci_box
        *boxes; /**< in the order of the topology's functions; those that were found */
    size_t count;
};

/**
 * Make the boxes of what was found.
 *
 * @param[out] picture  to be freed with sim_pci_picture_free(); untouched on failure
 * @param topology      outlives the picture
 * @param report        what enumeration found in it
 * @param[out] error    libpci has no names, or there is no memory
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_picture_init(struct sim_pci_picture *picture,
                                        const struct sim_pci_topology *topology,
                                        const struct sim_pci_report *report,
                                        struct sim_error *error);

/** Free the boxes; the struct is zeroed. */
void sim_pci_picture_free(struct sim_pci_picture *picture);

/** The box of a function of the topology, or NULL if it was not found. */
const struct sim_pci_box *sim_pci_picture_box(const struct sim_pci_picture *picture,
                                              const struct sim_pci_function *function);

/** Write the picture in Graphviz' language: `dot -Tsvg` draws it. */
void sim_pci_picture_dot(const struct sim_pci_picture *picture, FILE *file);

/** Write the picture as SVG 1.1, which every browser shows; -1 and a sentence without memory. */
SIM_MUST_CHECK int sim_pci_picture_svg(const struct sim_pci_picture *picture, FILE *file,
                                       struct sim_error *error);

#endif
