/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Interrupt messages between I/O APIC, devices with MSI, and the local APIC.
 */
#ifndef DRYDOCK_SIM_DEVICES_APIC_MESSAGE_H
#define DRYDOCK_SIM_DEVICES_APIC_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Delivery mode, as encoded in ICR, LVT, redirection entries and MSI data. [SDM 3A] 10.6.1. */
enum sim_apic_delivery {
    SIM_APIC_FIXED = 0,
    SIM_APIC_LOWEST_PRIORITY = 1,
    SIM_APIC_SMI = 2,
    SIM_APIC_NMI = 4,
    SIM_APIC_INIT = 5,
    SIM_APIC_STARTUP = 6, /**< only from the ICR */
    SIM_APIC_EXTINT = 7,  /**< not from the ICR */
};

/** Whether `destination` is an APIC ID or selects by LDR and DFR. [SDM 3A] 10.6.2. */
enum sim_apic_destination {
    SIM_APIC_PHYSICAL = 0,
    SIM_APIC_LOGICAL = 1,
};

/** [SDM 3A] 10.6.1, "Trigger Mode". */
enum sim_apic_trigger {
    SIM_APIC_EDGE = 0,
    SIM_APIC_LEVEL = 1,
};

/** One message. */
struct sim_apic_message {
    uint32_t destination; /**< 8 bits from I/O APIC and MSI; 32 bits from a local APIC in x2APIC */
    enum sim_apic_destination mode;
    unsigned int delivery; /**< enum sim_apic_delivery; the manuals reserve 3 */
    enum sim_apic_trigger trigger;
    uint8_t vector; /**< only for fixed and lowest priority */
};

/** Where messages go. All zero: nowhere. */
struct sim_apic_port {
    /** Returns whether a local APIC took it. */
    bool (*deliver)(void *sink, const struct sim_apic_message *message);
    void *sink; /**< passed to `deliver` */
};

/** Send a message; false if no local APIC took it. */
static inline bool sim_apic_send(const struct sim_apic_port *port,
                                 const struct sim_apic_message *message)
{
    return port->deliver != NULL && port->deliver(port->sink, message);
}

#endif
