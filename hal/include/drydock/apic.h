/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What local APIC and I/O APIC have in common: the properties of an interrupt.
 *
 * The values are those the registers have. Spec: [SDM 3A] 10.5.1, 10.6.1; [82093AA] 3.2.4.
 */
#ifndef DRYDOCK_APIC_H
#define DRYDOCK_APIC_H

/** Lowest vector of an interrupt; those below are the processor's exceptions. Spec: [SDM 3A] 6.2. */
#define DD_APIC_VECTOR_MIN 32u

/** What the processor does with the interrupt. 3 is reserved. */
enum dd_apic_delivery {
    DD_APIC_FIXED = 0,           /**< takes it with the vector of the register */
    DD_APIC_LOWEST_PRIORITY = 1, /**< the same, but only one of the processors addressed */
    DD_APIC_SMI = 2,
    DD_APIC_NMI = 4,
    DD_APIC_INIT = 5,
    DD_APIC_STARTUP = 6, /**< an IPI only: begins at the page that the vector names */
    DD_APIC_EXTINT = 7,  /**< takes it with the vector that an 8259A gives */
};

/** How a destination is meant. */
enum dd_apic_destination_mode {
    DD_APIC_PHYSICAL = 0, /**< an APIC ID */
    DD_APIC_LOGICAL = 1,  /**< a set of logical IDs */
};

/** Which level of a pin is active. */
enum dd_apic_polarity {
    DD_APIC_ACTIVE_HIGH = 0,
    DD_APIC_ACTIVE_LOW = 1,
};

enum dd_apic_trigger {
    DD_APIC_EDGE = 0,
    DD_APIC_LEVEL = 1,
};

enum dd_apic_mask {
    DD_APIC_UNMASKED = 0,
    DD_APIC_MASKED = 1,
};

#endif
