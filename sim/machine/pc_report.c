/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An interrupt is in service from its acknowledge to its EOI, and as long as it is
 * no interrupt of its priority or below comes through. A guest that forgets the
 * EOI gets one timer tick and never a second.
 */
#include "sim/machine/pc_report.h"

#include <stdio.h>

enum {
    CHIPS = 2,
    INPUTS = 8,
    WORDS = 8,
    WORD_BITS = 32
};

static void find_in_chip(struct sim_pc *pc, unsigned int chip)
{
    const struct sim_pic8259_chip *state = &pc->controllers.pic.state.chips[chip];
    char text[128];

    for (unsigned int input = 0; input < INPUTS; input++) {
        if (((unsigned int)state->in_service >> input & 1) != 0) {
            (void)snprintf(text, sizeof text,
                           "8259: IRQ %u (vector 0x%x) is in service since its delivery: no EOI "
                           "was sent",
                           chip * INPUTS + input, (state->icw2 & 0xF8u) + input);
            sim_machine_complain(pc->machine, text);
            return;
        }
    }
}

/* The interrupt with the highest priority that is in service. */
static void find_in_local_apic(struct sim_pc *pc)
{
    char text[128];

    for (unsigned int vector = WORDS * WORD_BITS; vector-- > 0;) {
        if ((pc->controllers.local_apic.state.isr[vector / WORD_BITS] >> vector % WORD_BITS & 1) !=
            0) {
            (void)snprintf(text, sizeof text,
                           "local APIC: vector 0x%x is in service since its delivery: no EOI was "
                           "sent",
                           vector);
            sim_machine_complain(pc->machine, text);
            return;
        }
    }
}

void sim_pc_find_missing_eoi(struct sim_pc *pc)
{
    for (unsigned int chip = 0; chip < CHIPS; chip++) {
        find_in_chip(pc, chip);
    }
    find_in_local_apic(pc);
}
