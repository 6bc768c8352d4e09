/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages: whether one is for this local APIC ([SDM 3A] 10.6.2, 10.12.10), what
 * it does with it (10.5.5, 10.6.3, 10.8.4), and the ones it sends itself through
 * ICR and SELF IPI (10.6.1, 10.12.9, 10.12.11). There is no second processor, so
 * delivery takes no time and the delivery status is always idle.
 */
#include "sim/devices/local_apic_internal.h"

enum {
    ICR_LEVEL = 1u << 14,
    ICR_TRIGGER_LEVEL = 1u << 15,
};

/** [SDM 3A] 10.6.1, "Destination Shorthand". */
enum shorthand {
    SHORTHAND_NONE = 0,
    SHORTHAND_SELF = 1,
    SHORTHAND_ALL = 2,
    SHORTHAND_OTHERS = 3,
};

/* Flat and cluster model; DFR's other models are reserved and match nothing. */
static bool matches_xapic_logical(const struct sim_local_apic *apic, uint32_t destination)
{
    uint32_t own = apic->state.ldr >> 24;

    switch (apic->state.dfr >> 28) {
    case 0xF:
        return (destination & own) != 0;
    case 0x0:
        return destination >> 4 == own >> 4 && (destination & own & 0xF) != 0;
    default:
        return false;
    }
}

/* The logical x2APIC ID: cluster and one of 16 bits. [SDM 3A] 10.12.10.2. */
static bool matches_x2apic_logical(const struct sim_local_apic *apic, uint32_t destination)
{
    uint32_t own = sim_local_apic_read_register(apic, SIM_APIC_REG_LDR);

    return destination >> 16 == own >> 16 && (destination & own & 0xFFFF) != 0;
}

static bool is_for(const struct sim_local_apic *apic, const struct sim_apic_message *message)
{
    bool extended = sim_local_apic_mode(apic) == SIM_APIC_X2APIC;
    uint32_t destination = message->destination;

    if (destination == (extended ? 0xFFFFFFFF : 0xFF)) {
        return true;
    }
    if (message->mode == SIM_APIC_PHYSICAL) {
        return destination == sim_local_apic_id(apic);
    }
    return extended ? matches_x2apic_logical(apic, destination)
                    : matches_xapic_logical(apic, destination);
}

/* The APIC goes through INIT itself; whoever is on the line does the same to the processor. */
static void receive_init(struct sim_local_apic *apic)
{
    sim_local_apic_reset(apic, SIM_LOCAL_APIC_INIT);
    sim_line_set(&apic->wiring.init, true);
    sim_line_set(&apic->wiring.init, false);
}

bool sim_local_apic_accept(struct sim_local_apic *apic, const struct sim_apic_message *message)
{
    bool enabled = (apic->state.svr & SIM_APIC_SVR_ENABLE) != 0;

    if (sim_local_apic_mode(apic) == SIM_APIC_DISABLED || !is_for(apic, message)) {
        return false;
    }
    switch (message->delivery) {
    case SIM_APIC_FIXED:
    case SIM_APIC_LOWEST_PRIORITY:
        if (enabled) {
            sim_local_apic_request(apic, message->vector, message->trigger);
        }
        return enabled;
    case SIM_APIC_NMI:
        apic->state.nmi = true;
        return true;
    case SIM_APIC_INIT:
        receive_init(apic);
        return true;
    case SIM_APIC_EXTINT:
        apic->state.external = apic->state.external || enabled;
        return enabled;
    case SIM_APIC_STARTUP: /* this processor does not wait for one */
        return false;
    case SIM_APIC_SMI:
        sim_complain(&apic->wiring.complaint, "local APIC: an SMI arrived; there is no SMM");
        return false;
    default:
        sim_complain(&apic->wiring.complaint, "local APIC: a reserved delivery mode arrived");
        return false;
    }
}

/* Table 10-3: what the self and all-including-self shorthands may send. */
static bool is_valid_ipi(unsigned int delivery, enum shorthand shorthand)
{
    if (shorthand == SHORTHAND_SELF || shorthand == SHORTHAND_ALL) {
        return delivery == SIM_APIC_FIXED;
    }
    return delivery != 3 && delivery != SIM_APIC_EXTINT;
}

/* ICR as a message. The processors since the Pentium 4 send every IPI as an edge. */
static struct sim_apic_message icr_message(const struct sim_local_apic *apic,
                                           enum shorthand shorthand)
{
    uint32_t low = apic->state.icr_low;
    bool extended = sim_local_apic_mode(apic) == SIM_APIC_X2APIC;
    struct sim_apic_message message = {.destination = extended ? apic->state.icr_high
                                                               : apic->state.icr_high >> 24,
                                       .mode = low >> 11 & 1,
                                       .delivery = sim_local_apic_delivery(low),
                                       .trigger = SIM_APIC_EDGE,
                                       .vector = (uint8_t)low};

    if (shorthand != SHORTHAND_NONE) {
        message.destination = sim_local_apic_id(apic);
        message.mode = SIM_APIC_PHYSICAL;
    }
    return message;
}

void sim_local_apic_send_ipi(struct sim_local_apic *apic)
{
    uint32_t low = apic->state.icr_low;
    enum shorthand shorthand = low >> 18 & 3;
    const struct sim_apic_message message = icr_message(apic, shorthand);

    if (!is_valid_ipi(message.delivery, shorthand)) {
        sim_complain(&apic->wiring.complaint,
                     "local APIC: ICR has a delivery mode its shorthand does not allow");
        return;
    }
    /* INIT level de-assert is not supported since the Pentium 4, and harmless. */
    if (message.delivery == SIM_APIC_INIT &&
        (low & (ICR_LEVEL | ICR_TRIGGER_LEVEL)) == (uint32_t)ICR_TRIGGER_LEVEL) {
        return;
    }
    if (message.delivery <= SIM_APIC_LOWEST_PRIORITY && message.vector < 16) {
        sim_local_apic_log_error(apic, SIM_APIC_ERROR_SEND_VECTOR);
    }
    if (shorthand != SHORTHAND_OTHERS) {
        (void)sim_local_apic_accept(apic, &message);
    }
}

void sim_local_apic_send_self(struct sim_local_apic *apic, unsigned int vector)
{
    apic->state.icr_low = (uint32_t)SHORTHAND_SELF << 18 | ICR_LEVEL | vector;
    sim_local_apic_send_ipi(apic);
}
