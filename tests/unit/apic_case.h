/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of the local APIC share: one APIC with ID 0 on a machine with
 * MAXPHYADDR 40, made anew for each test, and what it is connected to.
 */
#ifndef DRYDOCK_TESTS_UNIT_APIC_CASE_H
#define DRYDOCK_TESTS_UNIT_APIC_CASE_H

#include <string.h>

#include "sim/devices/local_apic.h"
#include "tests/unit/unit.h"

static struct sim_local_apic apic;
static struct sim_clock now;
static uint64_t tsc_offset;

/** The 8259 pair: whether it requests, and how often it was acknowledged with vector 0x20. */
static bool pair_requests;
static unsigned int pair_acknowledged;

/** What reached the other end of the APIC's wires. */
static unsigned int last_eoi, eoi_count, init_count, complaint_count;
static char last_complaint[256];

static bool pair_pending(const void *self)
{
    (void)self;
    return pair_requests;
}

static unsigned int pair_acknowledge(void *self)
{
    (void)self;
    pair_acknowledged++;
    pair_requests = false;
    return 0x20;
}

static void take_eoi(void *sink, unsigned int vector)
{
    (void)sink;
    last_eoi = vector;
    eoi_count++;
}

static void take_init(void *sink, unsigned int number, bool level)
{
    (void)sink;
    (void)number;
    init_count += level;
}

static void take_complaint(void *sink, const char *text)
{
    (void)sink;
    complaint_count++;
    strncpy(last_complaint, text, sizeof last_complaint - 1);
}

/** Fixture: an APIC as after power-up, at time 0. */
static inline void power_up(void)
{
    const struct sim_local_apic_wiring wiring = {
        .clock = &now,
        .tsc_offset = &tsc_offset,
        .physical_bits = 40,
        .external = {.pending = pair_pending, .acknowledge = pair_acknowledge},
        .end_of_interrupt = take_eoi,
        .init = {.set = take_init},
        .complaint = {.raise = take_complaint}};

    now.now = 0;
    tsc_offset = 0;
    pair_requests = false;
    pair_acknowledged = 0;
    last_eoi = eoi_count = init_count = complaint_count = 0;
    last_complaint[0] = '\0';
    sim_local_apic_init(&apic, &wiring);
}

static inline uint32_t load(uint64_t offset)
{
    const struct sim_region page = sim_local_apic_mmio(&apic);

    return page.read(page.device, offset, 4);
}

static inline void store(uint64_t offset, uint32_t value)
{
    const struct sim_region page = sim_local_apic_mmio(&apic);

    page.write(page.device, offset, 4, value);
}

/** Fixture: in xAPIC mode and enabled, spurious vector 0xFF. */
static inline void setup(void)
{
    power_up();
    store(0xF0, 0x1FF);
}

static inline bool rdmsr(uint32_t index, uint64_t *value)
{
    const struct sim_apic_registers registers = sim_local_apic_registers(&apic);

    return registers.read_msr(registers.self, index, value);
}

static inline bool wrmsr(uint32_t index, uint64_t value)
{
    const struct sim_apic_registers registers = sim_local_apic_registers(&apic);

    return registers.write_msr(registers.self, index, value);
}

/** RDMSR that must not fault. */
static inline uint64_t get(uint32_t index)
{
    uint64_t value = 0;

    ck_assert_msg(rdmsr(index, &value), "RDMSR 0x%x faults", index);
    return value;
}

/** Fixture: in x2APIC mode and enabled. */
static inline void setup_x2apic(void)
{
    power_up();
    ck_assert(wrmsr(0x1B, 0xFEE00D00));
    ck_assert(wrmsr(0x80F, 0x1FF));
}

static inline bool pending(void)
{
    const struct sim_interrupt_source source = sim_local_apic_source(&apic);

    return source.pending(source.self);
}

/** The processor takes an interrupt that must be pending. */
static inline unsigned int take(void)
{
    const struct sim_interrupt_source source = sim_local_apic_source(&apic);

    ck_assert(source.pending(source.self));
    return source.acknowledge(source.self);
}

static inline bool take_nmi(void)
{
    const struct sim_interrupt_source source = sim_local_apic_source(&apic);

    return source.take_nmi(source.self);
}

/** A message of a device; whether it was taken. */
static inline bool send(struct sim_apic_message message)
{
    const struct sim_apic_port port = sim_local_apic_port(&apic);

    return port.deliver(port.sink, &message);
}

/** A fixed, edge-triggered message to ID 0. */
static inline void request(uint8_t vector)
{
    ck_assert(send((struct sim_apic_message){.vector = vector}));
}

/** Drive LINT0 or LINT1. */
static inline void drive(unsigned int pin, bool level)
{
    const struct sim_line line = sim_local_apic_lint(&apic, pin);

    sim_line_set(&line, level);
}

static inline uint64_t deadline(void)
{
    const struct sim_device device = sim_local_apic_device(&apic);

    return device.deadline(device.self);
}

/** Let the clock reach @p time. */
static inline void reach(uint64_t time)
{
    const struct sim_device device = sim_local_apic_device(&apic);

    now.now = time;
    device.advance(device.self);
}

#endif
