/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One redirection entry for each input. An edge-triggered input sends its message
 * when it becomes active. A level-triggered one sends while it is active and
 * "remote IRR" is clear, which is set when a local APIC takes the message and
 * cleared by the EOI for its vector. Software that has no EOI register to write
 * clears it by making the entry edge-triggered for a moment.
 */
#include "sim/devices/io_apic.h"

enum {
    OFFSET_INDEX = 0x00,
    OFFSET_DATA = 0x10,
    OFFSET_EOI = 0x40,
    PAGE_SIZE = 0x1000,
};

enum {
    REGISTER_ID = 0x00,
    REGISTER_VERSION = 0x01,
    REGISTER_ARBITRATION = 0x02,
    REGISTER_ENTRIES = 0x10,
};

/** Version 20H, entry 23 is the last. */
#define VERSION UINT32_C(0x00170020)

#define ID_WRITABLE UINT32_C(0x0F000000)

#define ENTRY_LOGICAL    (UINT64_C(1) << 11)
#define ENTRY_ACTIVE_LOW (UINT64_C(1) << 13)
#define ENTRY_REMOTE_IRR (UINT64_C(1) << 14)
#define ENTRY_LEVEL      (UINT64_C(1) << 15)
#define ENTRY_MASK       (UINT64_C(1) << 16)
/** All but the read-only bits 12 and 14 and the reserved ones. */
#define ENTRY_WRITABLE UINT64_C(0xFF0000000001AFFF)

static unsigned int get_delivery(uint64_t entry)
{
    return (unsigned int)(entry >> 8 & 7);
}

/* The other delivery modes are edges whatever the entry says. [82093AA] 3.2.4. */
static bool is_level_triggered(uint64_t entry)
{
    return (entry & ENTRY_LEVEL) != 0 && get_delivery(entry) <= SIM_APIC_LOWEST_PRIORITY;
}

static bool is_active(const struct sim_io_apic *apic, unsigned int input)
{
    bool inverted = (apic->state.entries[input] & ENTRY_ACTIVE_LOW) != 0;

    return (apic->state.lines >> input & 1) != inverted;
}

/* Delivery modes 3 and 6 are reserved; SMI is for nobody here and the local APIC says so. */
static bool send(const struct sim_io_apic *apic, uint64_t entry)
{
    const struct sim_apic_message message = {
        .destination = (uint32_t)(entry >> 56),
        .mode = (entry & ENTRY_LOGICAL) != 0 ? SIM_APIC_LOGICAL : SIM_APIC_PHYSICAL,
        .delivery = get_delivery(entry),
        .trigger = is_level_triggered(entry) ? SIM_APIC_LEVEL : SIM_APIC_EDGE,
        .vector = (uint8_t)entry};

    if (message.delivery == 3 || message.delivery == SIM_APIC_STARTUP) {
        sim_complain(&apic->complaint, "I/O APIC: an entry has a reserved delivery mode");
        return false;
    }
    return sim_apic_send(&apic->port, &message);
}

/* Send a level-triggered request unless the last one is still without EOI. */
static void sample(struct sim_io_apic *apic, unsigned int input)
{
    uint64_t *entry = &apic->state.entries[input];

    if (is_level_triggered(*entry) && is_active(apic, input) &&
        (*entry & (ENTRY_MASK | ENTRY_REMOTE_IRR)) == 0 && send(apic, *entry)) {
        *entry |= ENTRY_REMOTE_IRR;
    }
}

static void set_input(void *sink, unsigned int number, bool level)
{
    struct sim_io_apic *apic = sink;
    bool was_active = false;
    uint64_t entry = 0;

    if (number >= SIM_IO_APIC_INPUTS) {
        return;
    }
    entry = apic->state.entries[number];
    was_active = is_active(apic, number);
    apic->state.lines = (apic->state.lines & ~(1u << number)) | (uint32_t)level << number;
    if (is_level_triggered(entry)) {
        sample(apic, number);
    } else if (!was_active && is_active(apic, number) && (entry & ENTRY_MASK) == 0) {
        (void)send(apic, entry);
    }
}

struct sim_line sim_io_apic_input(struct sim_io_apic *apic, unsigned int input)
{
    return (struct sim_line){.set = set_input, .sink = apic, .number = input};
}

void sim_io_apic_end_of_interrupt(void *apic, unsigned int vector)
{
    struct sim_io_apic *self = apic;

    for (unsigned int i = 0; i < SIM_IO_APIC_INPUTS; i++) {
        uint64_t entry = self->state.entries[i];

        if ((entry & 0xFF) == vector && (entry & ENTRY_REMOTE_IRR) != 0) {
            self->state.entries[i] &= ~ENTRY_REMOTE_IRR;
            sample(self, i);
        }
    }
}

static uint32_t read_data(const struct sim_io_apic *apic)
{
    uint32_t index = apic->state.index;
    uint32_t input = (index - REGISTER_ENTRIES) / 2;

    if (index >= REGISTER_ENTRIES && input < SIM_IO_APIC_INPUTS) {
        return (uint32_t)(apic->state.entries[input] >> 32 * (index & 1));
    }
    switch (index) {
    case REGISTER_ID:
        return apic->state.id;
    case REGISTER_VERSION:
        return VERSION;
    case REGISTER_ARBITRATION:
        return apic->state.arbitration;
    default:
        sim_complain(&apic->complaint, "I/O APIC: a register that does not exist is read");
        return 0;
    }
}

static void write_entry(struct sim_io_apic *apic, unsigned int input, uint64_t value)
{
    uint64_t *entry = &apic->state.entries[input];

    *entry = (value & ENTRY_WRITABLE) | (*entry & ENTRY_REMOTE_IRR);
    if (!is_level_triggered(*entry)) {
        *entry &= ~ENTRY_REMOTE_IRR;
    }
    sample(apic, input);
}

static void write_data(struct sim_io_apic *apic, uint32_t value)
{
    uint32_t index = apic->state.index;
    uint32_t input = (index - REGISTER_ENTRIES) / 2;
    unsigned int shift = 32 * (index & 1);

    if (index >= REGISTER_ENTRIES && input < SIM_IO_APIC_INPUTS) {
        uint64_t other = apic->state.entries[input] & ~(UINT64_C(0xFFFFFFFF) << shift);

        write_entry(apic, input, other | (uint64_t)value << shift);
    } else if (index == REGISTER_ID) {
        apic->state.id = value & ID_WRITABLE;
        apic->state.arbitration = apic->state.id; /* [82093AA] 3.2.3 */
    } else {
        sim_complain(&apic->complaint, "I/O APIC: a register that cannot be written is written");
    }
}

static uint32_t read_page(void *device, uint64_t offset, unsigned int width)
{
    const struct sim_io_apic *apic = device;

    (void)width;
    switch (offset) {
    case OFFSET_INDEX:
        return apic->state.index;
    case OFFSET_DATA:
        return read_data(apic);
    default: /* EOI is write-only */
        return 0;
    }
}

static void write_page(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_io_apic *apic = device;

    (void)width;
    switch (offset) {
    case OFFSET_INDEX:
        apic->state.index = value & 0xFF;
        break;
    case OFFSET_DATA:
        write_data(apic, value);
        break;
    case OFFSET_EOI:
        sim_io_apic_end_of_interrupt(apic, value & 0xFF);
        break;
    default:
        sim_complain(&apic->complaint, "I/O APIC: a write outside of index, data and EOI");
        break;
    }
}

struct sim_region sim_io_apic_mmio(struct sim_io_apic *apic, uint64_t base)
{
    return (struct sim_region){.name = "I/O APIC",
                               .base = base,
                               .size = PAGE_SIZE,
                               .read = read_page,
                               .write = write_page,
                               .device = apic,
                               .widths = 4};
}

void sim_io_apic_init(struct sim_io_apic *apic, const struct sim_apic_port *port,
                      const struct sim_complaint *complaint)
{
    *apic = (struct sim_io_apic){.port = *port, .complaint = *complaint};
    sim_io_apic_reset(apic);
}

void sim_io_apic_reset(struct sim_io_apic *apic)
{
    apic->state = (struct sim_io_apic_state){.lines = apic->state.lines};
    for (unsigned int i = 0; i < SIM_IO_APIC_INPUTS; i++) {
        apic->state.entries[i] = ENTRY_MASK;
    }
}

bool sim_io_apic_may_send(const void *self)
{
    const struct sim_io_apic *apic = self;

    for (unsigned int input = 0; input < SIM_IO_APIC_INPUTS; input++) {
        if ((apic->state.entries[input] & ENTRY_MASK) == 0) {
            return true;
        }
    }
    return false;
}

struct sim_device sim_io_apic_device(struct sim_io_apic *apic)
{
    return (struct sim_device){
        .name = "I/O APIC", .self = apic, .state = &apic->state, .state_size = sizeof apic->state};
}
