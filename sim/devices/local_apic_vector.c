/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three 256-bit registers of the local APIC. A request sets its vector's bit
 * in IRR; when its priority class, vector / 16, is above the processor's, the
 * processor takes it and the bit moves to ISR, where it holds off its class and
 * all below until EOI ([SDM 3A] 10.8.3, 10.8.4). TMR remembers which requests
 * were level-triggered: their EOI is told to the I/O APICs.
 */
#include "sim/devices/local_apic_internal.h"

#define VECTOR_NONE 0u

static bool get_bit(const uint32_t bits[8], unsigned int vector)
{
    return (bits[vector / 32] >> vector % 32 & 1) != 0;
}

static void set_bit(uint32_t bits[8], unsigned int vector)
{
    bits[vector / 32] |= 1u << vector % 32;
}

static void clear_bit(uint32_t bits[8], unsigned int vector)
{
    bits[vector / 32] &= ~(1u << vector % 32);
}

/* The highest vector, or VECTOR_NONE: vectors below 16 are never set. */
static unsigned int highest(const uint32_t bits[8])
{
    unsigned int vector = 255;

    while (vector >= 32 && bits[vector / 32] == 0) {
        vector -= 32;
    }
    while (vector >= 16 && !get_bit(bits, vector)) {
        vector--;
    }
    return vector >= 16 ? vector : VECTOR_NONE;
}

uint32_t sim_local_apic_ppr(const struct sim_local_apic *apic)
{
    unsigned int serviced = highest(apic->state.isr) & 0xF0;

    return (apic->state.tpr & 0xF0) >= serviced ? apic->state.tpr : serviced;
}

bool sim_local_apic_deliverable(const struct sim_local_apic *apic)
{
    return sim_local_apic_mode(apic) != SIM_APIC_DISABLED &&
           highest(apic->state.irr) >> 4 > sim_local_apic_ppr(apic) >> 4;
}

unsigned int sim_local_apic_take_vector(struct sim_local_apic *apic)
{
    unsigned int vector = highest(apic->state.irr);

    clear_bit(apic->state.irr, vector);
    set_bit(apic->state.isr, vector);
    return vector;
}

bool sim_local_apic_serves(const struct sim_local_apic *apic, unsigned int vector)
{
    return vector != VECTOR_NONE && highest(apic->state.isr) == vector;
}

void sim_local_apic_request(struct sim_local_apic *apic, unsigned int vector,
                            enum sim_apic_trigger trigger)
{
    if (vector < 16) {
        sim_local_apic_log_error(apic, SIM_APIC_ERROR_RECEIVE_VECTOR);
        return;
    }
    set_bit(apic->state.irr, vector);
    if (trigger == SIM_APIC_LEVEL) {
        set_bit(apic->state.tmr, vector);
    } else {
        clear_bit(apic->state.tmr, vector);
    }
}

/* An EOI with nothing in service does nothing. */
void sim_local_apic_end_interrupt(struct sim_local_apic *apic)
{
    const struct sim_local_apic_wiring *wiring = &apic->wiring;
    unsigned int vector = highest(apic->state.isr);

    if (vector == VECTOR_NONE) {
        return;
    }
    clear_bit(apic->state.isr, vector);
    if (!get_bit(apic->state.tmr, vector)) {
        return;
    }
    sim_local_apic_end_lint(apic, vector);
    if ((apic->state.svr & SIM_APIC_SVR_NO_BROADCAST) == 0 && wiring->end_of_interrupt != NULL) {
        wiring->end_of_interrupt(wiring->end_of_interrupt_sink, vector);
    }
}

/* The error interrupt is raised once, then not before ESR was written. [SDM 3A] 10.5.3. */
void sim_local_apic_log_error(struct sim_local_apic *apic, enum sim_local_apic_error error)
{
    bool armed = apic->state.error_armed != 0;

    apic->state.errors |= (uint32_t)error;
    apic->state.error_armed = 0;
    if (armed) {
        sim_local_apic_raise_local(apic, SIM_LVT_ERROR);
    }
}

void sim_local_apic_latch_errors(struct sim_local_apic *apic)
{
    apic->state.esr = apic->state.errors;
    apic->state.errors = 0;
    apic->state.error_armed = 1;
}
