/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What a device is to the machine: plain state that a snapshot can copy, a
 * place in virtual time, and lines to other devices. Registers are regions of
 * the buses (bus.h).
 *
 * Virtual time is counted in nanoseconds; the processor executes one
 * instruction in each. Nothing else moves it, except HLT, which skips to the
 * next deadline of a device.
 */
#ifndef DRYDOCK_SIM_DEVICE_H
#define DRYDOCK_SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Nanoseconds in a second of virtual time. */
#define SIM_SECOND UINT64_C(1000000000)

/** A deadline that never comes. */
#define SIM_NEVER UINT64_MAX

/** The end of virtual time, after 292 years: later deadlines do not come either. */
#define SIM_TIME_END (UINT64_C(1) << 63)

/** The machine's clock, as devices see it. Read only for them. */
struct sim_clock {
    uint64_t now; /**< nanoseconds of virtual time since the machine was made */
};

/** An output of one device that is an input of another: an interrupt request, for example. */
struct sim_line {
    void (*set)(void *sink, unsigned int number, bool level); /**< NULL: connected to nothing */
    void *sink;
    unsigned int number; /**< which of the sink's inputs */
};

/** Drive a line. Setting the level it already has is allowed and does nothing new. */
static inline void sim_line_set(const struct sim_line *line, bool level)
{
    if (line->set != NULL) {
        line->set(line->sink, line->number, level);
    }
}

/** A device in the machine's list. All pointers outlive the machine. */
struct sim_device {
    const char *name; /**< for reports: "8254" */
    void *self;       /**< passed to the functions below */

    /** Everything a snapshot has to bring back: plain data, no pointers to memory of its own. */
    void *state;
    size_t state_size; /**< bytes */

    /** How many of these bytes count at present; the rest is not used. NULL: all. */
    size_t (*state_used)(const void *self);

    /** When it next does something by itself, in virtual time; SIM_NEVER if not. NULL: never. */
    uint64_t (*deadline)(const void *self);

    /** Do what is due at or before the clock's now. NULL if deadline is. */
    void (*advance)(void *self);
};

/**
 * Who interrupts the processor: the local APIC, or the 8259 pair alone.
 * Spec: [SDM 3A] 6.3.1, 10.8.
 */
struct sim_interrupt_source {
    void *self;

    /** Whether a maskable interrupt waits that the processor's priority lets through. */
    bool (*pending)(const void *self);

    /** The processor takes it: becomes in-service. Called only while pending; returns the vector. */
    unsigned int (*acknowledge)(void *self);

    /** What was acknowledged just now is lost: it is not in service. NULL: it stays so. */
    void (*dismiss)(void *self, unsigned int vector);

    /**
     * Whether an interrupt may still come while the processor does nothing: an input that is not
     * masked is enough, whether or not anything drives it. NULL: it may.
     */
    bool (*may_come)(const void *self);

    /** Whether an NMI waits, and the same, but it is forgotten with the call. */
    bool (*nmi_pending)(const void *self);
    bool (*take_nmi)(void *self);
};

#endif
