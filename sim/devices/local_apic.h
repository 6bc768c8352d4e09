/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The local APIC of the only processor, in xAPIC and x2APIC mode: priorities,
 * local vector table, timer, interprocessor interrupts to itself. It is an
 * interrupt source of the machine, passes on the 8259 pair's requests while
 * LINT0 or the APIC's being disabled asks for it, and takes messages of I/O APIC
 * and MSI.
 *
 * The timer's input clock is 100 MHz, the core crystal clock: CPUID leaf 15H of
 * the machine must say the same.
 *
 * Choices where the manual leaves one. The APIC ID is read-only. The version has
 * six LVT entries and EOI-broadcast suppression. APR and RRD, not supported since
 * the Pentium 4, read as 0. PPR[3:0] is TPR[3:0] if the classes of TPR and ISRV
 * are equal. An interrupt of the APIC goes before one of the 8259 pair.
 * IA32_APIC_BASE with EN = 0 loses all registers, as 10.4.3 allows. In x2APIC
 * mode bit 12 of ICR is reserved as in figure 10-28, though Intel's processors
 * are known to ignore it.
 *
 * Not modelled: SMI, a second processor (STARTUP and IPIs to others vanish), the
 * sources of the thermal and performance-counter entries, CMCI, a page moved by
 * IA32_APIC_BASE (complained about), and the spurious vector: TPR cannot rise
 * between `pending` and `acknowledge`, and the processor never acknowledges
 * without asking.
 *
 * Spec: [SDM 3A] chapter 10.
 */
#ifndef DRYDOCK_SIM_DEVICES_LOCAL_APIC_H
#define DRYDOCK_SIM_DEVICES_LOCAL_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/devices/apic_message.h"
#include "sim/devices/complaint.h"
#include "sim/cpu/system.h"

/** Physical address of the registers in xAPIC mode after reset. */
#define SIM_LOCAL_APIC_BASE UINT64_C(0xFEE00000)

/** Nanoseconds of a period of the timer's input clock: 100 MHz. */
#define SIM_LOCAL_APIC_CLOCK_PERIOD 10u

/** Entries of the local vector table, in the order of their registers. */
enum sim_local_apic_lvt {
    SIM_LVT_TIMER,
    SIM_LVT_THERMAL,
    SIM_LVT_PERFORMANCE,
    SIM_LVT_LINT0,
    SIM_LVT_LINT1,
    SIM_LVT_ERROR,
    SIM_LVT_COUNT,
};

struct sim_local_apic_timer {
    uint32_t initial;   /**< initial-count register */
    uint32_t remaining; /**< count at `since`; 0: stopped */
    uint32_t divide;    /**< divide configuration register */
    uint64_t since;     /**< virtual time */
    uint64_t deadline;  /**< IA32_TSC_DEADLINE; 0: disarmed */
};

/** What a snapshot copies. */
struct sim_local_apic_state {
    uint64_t base; /**< IA32_APIC_BASE */
    uint32_t tpr, ldr, dfr, svr;
    uint32_t esr;         /**< as read */
    uint32_t errors;      /**< since the last write to ESR */
    uint32_t error_armed; /**< whether the next error raises LVT error: 0 or 1 */
    uint32_t icr_low, icr_high;
    uint32_t isr[8], tmr[8], irr[8]; /**< 256 bits each, vector 0 first */
    uint32_t lvt[SIM_LVT_COUNT];
    struct sim_local_apic_timer timer;
    bool lint[2];  /**< levels of the pins */
    bool nmi;      /**< waits for the processor */
    bool external; /**< an ExtINT message waits for the processor */
};

/** What the APIC is connected to; everything outlives it. */
struct sim_local_apic_wiring {
    const struct sim_clock *clock;
    const uint64_t *tsc_offset; /**< time-stamp counter minus clock; NULL: 0 */
    uint32_t id;                /**< x2APIC ID; below 255 */
    unsigned int physical_bits; /**< MAXPHYADDR, 36..52 */

    struct sim_interrupt_source external; /**< the 8259 pair on LINT0; all zero: none */

    /** An EOI of a level-triggered interrupt; NULL: nobody listens. */
    void (*end_of_interrupt)(void *sink, unsigned int vector);
    void *end_of_interrupt_sink;

    /** Whether somebody may still send a message; NULL: nobody. */
    bool (*may_send)(const void *sender);
    const void *sender;

    struct sim_line init; /**< driven to 1 when the processor receives INIT */
    struct sim_complaint complaint;
};

struct sim_local_apic {
    struct sim_local_apic_state state;
    struct sim_local_apic_wiring wiring;
};

/** Connect the APIC and reset it. */
void sim_local_apic_init(struct sim_local_apic *apic, const struct sim_local_apic_wiring *wiring);

enum sim_local_apic_reset {
    SIM_LOCAL_APIC_POWER_UP, /**< 10.4.7.1: xAPIC mode, software-disabled, all entries masked */
    SIM_LOCAL_APIC_INIT,     /**< 10.4.7.3, 10.12.5.1: the same, but IA32_APIC_BASE stays */
};

/** Reset. The levels of LINT0 and LINT1 stay. Spec: [SDM 3A] 10.4.7, 10.12.5. */
void sim_local_apic_reset(struct sim_local_apic *apic, enum sim_local_apic_reset kind);

/**
 * Make the APIC what firmware leaves to an operating system, virtual wire mode: enabled with
 * spurious vector 0xFF, LINT0 ExtINT, LINT1 NMI. [MP 1.4] 3.6.2.2.
 */
void sim_local_apic_set_virtual_wire(struct sim_local_apic *apic);

/** The page of registers at SIM_LOCAL_APIC_BASE, for accesses of the processor. */
struct sim_region sim_local_apic_mmio(struct sim_local_apic *apic);

/** The timer. */
struct sim_device sim_local_apic_device(struct sim_local_apic *apic);

/**
 * MSRs 0x1B, 0x6E0 and 0x800..0x8FF, and CR8. #GP for registers that do not exist or are not
 * accessible in the present mode or direction, reserved bits, and forbidden mode changes.
 * Spec: [SDM 3A] 10.4.4, 10.5.4.1, 10.8.6, 10.12.
 */
struct sim_apic_registers sim_local_apic_registers(struct sim_local_apic *apic);

/**
 * Who interrupts the processor. `take_nmi` of the 8259 pair is not called. The clock may have
 * moved on before a call only if the device's `advance` was called since.
 */
struct sim_interrupt_source sim_local_apic_source(struct sim_local_apic *apic);

/** Where I/O APIC and MSI send messages. */
struct sim_apic_port sim_local_apic_port(struct sim_local_apic *apic);

/**
 * The line that drives pin LINT0 or LINT1. An ExtINT on LINT0 does not come this way: it is polled
 * through `wiring.external`.
 *
 * @param pin  0 or 1; a line to another pin does nothing
 */
struct sim_line sim_local_apic_lint(struct sim_local_apic *apic, unsigned int pin);

#endif
