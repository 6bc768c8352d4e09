/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A divider chain counts virtual time from an origin that its reset moves.
 * Whenever somebody looks, the seconds and periods that have passed since the
 * last look are counted and their flags set; nothing is lost by looking late.
 */
#include "sim/devices/cmos.h"

#include "sim/devices/byte_lanes.h"
#include "sim/devices/cmos_internal.h"

enum {
    A_UIP = 0x80,
    A_DIVIDER = 0x70,
    A_DIVIDER_32768_HZ = 0x20,
    A_RATE = 0x0F,
    B_SET = 0x80,
    B_UIE = 0x10,
    B_INTERRUPTS = 0x70, /* PIE, AIE, UIE: the flags of register C have the same places */
    B_SQWE = 0x08,
    C_PERIODIC = 0x40,
    C_ALARM = 0x20,
    C_UPDATE_ENDED = 0x10,
    C_IRQF = 0x80,
    D_VALID = 0x80,
    INDEX_NMI_MASK = 0x80,
};

#define CRYSTAL 32768u
/* UIP rises 244 us before an update cycle of 1984 us. [MC146818A] table "Update Cycle Times" */
#define UPDATE_CYCLE (UINT64_C(244000) + 1984000)
/* The first update ends half a second after the divider was released. "Divider Control" */
#define RELEASE_ADVANCE (SIM_SECOND / 2)

static bool divider_runs(const struct sim_cmos *cmos)
{
    return (cmos->state.bytes[SIM_CMOS_A] & A_DIVIDER) == A_DIVIDER_32768_HZ;
}

/* The divider chain, in nanoseconds. */
static uint64_t chain(const struct sim_cmos *cmos)
{
    return cmos->clock->now - cmos->state.origin;
}

/* Crystal ticks in a period of the periodic interrupt; 0: none. "Periodic Interrupt Rate" */
static uint64_t period(const struct sim_cmos *cmos)
{
    unsigned int rate = cmos->state.bytes[SIM_CMOS_A] & A_RATE;

    if (rate == 0) {
        return 0;
    }
    return UINT64_C(1) << (rate < 3 ? rate + 6 : rate - 1);
}

static uint64_t crystal_ticks(uint64_t nanoseconds)
{
    return nanoseconds / SIM_SECOND * CRYSTAL + nanoseconds % SIM_SECOND * CRYSTAL / SIM_SECOND;
}

static uint64_t time_of_crystal_ticks(uint64_t ticks)
{
    return ticks / CRYSTAL * SIM_SECOND + (ticks % CRYSTAL * SIM_SECOND + CRYSTAL - 1) / CRYSTAL;
}

static uint64_t periods_passed(const struct sim_cmos *cmos)
{
    uint64_t length = period(cmos);

    return length == 0 ? 0 : crystal_ticks(chain(cmos)) / length;
}

static void drive(struct sim_cmos *cmos)
{
    sim_line_set(&cmos->interrupt,
                 (cmos->state.flags & cmos->state.bytes[SIM_CMOS_B] & B_INTERRUPTS) != 0);
}

static void count_updates(struct sim_cmos *cmos)
{
    uint64_t passed = chain(cmos) / SIM_SECOND - cmos->state.seconds;

    cmos->state.seconds += passed;
    if (passed == 0 || (cmos->state.bytes[SIM_CMOS_B] & B_SET) != 0) {
        return;
    }
    cmos->state.flags |= C_UPDATE_ENDED;
    if (sim_cmos_count_seconds(cmos->state.bytes, passed)) {
        cmos->state.flags |= C_ALARM;
    }
}

static void advance(void *self)
{
    struct sim_cmos *cmos = self;

    if (!divider_runs(cmos)) {
        return;
    }
    count_updates(cmos);
    if (periods_passed(cmos) != cmos->state.periods) {
        cmos->state.periods = periods_passed(cmos);
        cmos->state.flags |= C_PERIODIC;
    }
    drive(cmos);
}

static uint64_t deadline(const void *self)
{
    const struct sim_cmos *cmos = self;
    uint8_t waiting = cmos->state.bytes[SIM_CMOS_B] & B_INTERRUPTS & (uint8_t)~cmos->state.flags;
    uint64_t next = SIM_NEVER;

    if (!divider_runs(cmos)) {
        return SIM_NEVER;
    }
    if ((waiting & (C_ALARM | C_UPDATE_ENDED)) != 0) {
        next = cmos->state.origin + (cmos->state.seconds + 1) * SIM_SECOND;
    }
    if ((waiting & C_PERIODIC) != 0 && period(cmos) != 0) {
        uint64_t edge =
            cmos->state.origin + time_of_crystal_ticks((cmos->state.periods + 1) * period(cmos));

        next = edge < next ? edge : next;
    }
    return next;
}

static bool is_updating(const struct sim_cmos *cmos)
{
    return divider_runs(cmos) && (cmos->state.bytes[SIM_CMOS_B] & B_SET) == 0 &&
           SIM_SECOND - chain(cmos) % SIM_SECOND <= UPDATE_CYCLE;
}

static uint8_t read_flags(struct sim_cmos *cmos)
{
    uint8_t flags = cmos->state.flags;

    if ((flags & cmos->state.bytes[SIM_CMOS_B] & B_INTERRUPTS) != 0) {
        flags |= C_IRQF;
    }
    cmos->state.flags = 0;
    drive(cmos);
    return flags;
}

static uint8_t read_byte(struct sim_cmos *cmos, unsigned int index)
{
    switch (index) {
    case SIM_CMOS_A:
        return cmos->state.bytes[SIM_CMOS_A] | (is_updating(cmos) ? A_UIP : 0);
    case SIM_CMOS_C:
        return read_flags(cmos);
    default:
        return cmos->state.bytes[index];
    }
}

static void write_a(struct sim_cmos *cmos, uint8_t value)
{
    bool ran = divider_runs(cmos);

    cmos->state.bytes[SIM_CMOS_A] = value & (uint8_t)~A_UIP;
    if (!ran && divider_runs(cmos)) {
        cmos->state.origin = cmos->clock->now - RELEASE_ADVANCE;
        cmos->state.seconds = 0;
    }
    cmos->state.periods = periods_passed(cmos);
}

/* Setting SET clears UIE. [MC146818A] "Register B". */
static void write_b(struct sim_cmos *cmos, uint8_t value)
{
    cmos->state.bytes[SIM_CMOS_B] = (value & B_SET) != 0 ? value & (uint8_t)~B_UIE : value;
    drive(cmos);
}

static void write_byte(struct sim_cmos *cmos, unsigned int index, uint8_t value)
{
    switch (index) {
    case SIM_CMOS_A:
        write_a(cmos, value);
        break;
    case SIM_CMOS_B:
        write_b(cmos, value);
        break;
    case SIM_CMOS_C:
    case SIM_CMOS_D:
        break;
    default:
        cmos->state.bytes[index] = value;
        break;
    }
}

static uint8_t read_port(void *device, uint64_t port)
{
    struct sim_cmos *cmos = device;

    if (port == 0) {
        return 0xFF;
    }
    advance(cmos);
    return read_byte(cmos, cmos->state.index & (uint8_t)~INDEX_NMI_MASK);
}

static void write_port(void *device, uint64_t port, uint8_t value)
{
    struct sim_cmos *cmos = device;

    if (port == 0) {
        cmos->state.index = value;
        return;
    }
    advance(cmos);
    write_byte(cmos, cmos->state.index & (uint8_t)~INDEX_NMI_MASK, value);
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_port);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_port);
}

void sim_cmos_init(struct sim_cmos *cmos, const struct sim_clock *clock,
                   const struct sim_cmos_time *start, uint64_t ram_bytes)
{
    *cmos = (struct sim_cmos){.clock = clock};
    cmos->state.origin = clock->now;
    cmos->state.bytes[SIM_CMOS_A] = A_DIVIDER_32768_HZ | 6; /* 1024 Hz */
    cmos->state.bytes[SIM_CMOS_B] = SIM_CMOS_B_24_HOURS;
    cmos->state.bytes[SIM_CMOS_D] = D_VALID;
    sim_cmos_set_time(cmos->state.bytes, start);
    sim_cmos_describe_memory(cmos->state.bytes, ram_bytes);
}

/* [MC146818A] "RESET". */
void sim_cmos_reset(struct sim_cmos *cmos)
{
    cmos->state.bytes[SIM_CMOS_B] &= (uint8_t) ~(B_INTERRUPTS | B_SQWE);
    cmos->state.flags = 0;
    cmos->state.index = 0;
    drive(cmos);
}

bool sim_cmos_masks_nmi(const struct sim_cmos *cmos)
{
    return (cmos->state.index & INDEX_NMI_MASK) != 0;
}

struct sim_region sim_cmos_ports(struct sim_cmos *cmos)
{
    return (struct sim_region){.name = "CMOS",
                               .base = 0x70,
                               .size = 2,
                               .read = on_read,
                               .write = on_write,
                               .device = cmos,
                               .widths = 1};
}

struct sim_device sim_cmos_device(struct sim_cmos *cmos)
{
    return (struct sim_device){.name = "CMOS",
                               .self = cmos,
                               .state = &cmos->state,
                               .state_size = sizeof cmos->state,
                               .deadline = deadline,
                               .advance = advance};
}
