/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two chips and the wires between them: INT of the second is input 2 of the
 * first, and an acknowledge that the first finds to be for its input 2 is
 * answered by the second, if its ICW3 has that number.
 */
#include "sim/devices/pic8259.h"

#include "sim/devices/byte_lanes.h"
#include "sim/devices/pic8259_internal.h"

enum {
    CASCADE = 2,  /* the input of the first chip behind which the second is */
    SPURIOUS = 7, /* what an acknowledge finds when the request is gone */
    FLOATING_BUS = 0xFF,
    CHIP_PORTS = 2,
};

/* ELCR bits that exist: the timer, the keyboard, the cascade, the clock and the FPU are edges. */
static const uint8_t selectable[2] = {0xF8, 0xDE};

static void update(struct sim_pic8259 *pic)
{
    struct sim_pic8259_chip *chips = pic->state.chips;

    sim_pic8259_chip_set(&chips[0], CASCADE, sim_pic8259_chip_drives_int(&chips[1]));
    sim_line_set(&pic->interrupt, sim_pic8259_chip_drives_int(&chips[0]));
}

static bool is_cascaded(const struct sim_pic8259_chip *chip, unsigned int input)
{
    return (chip->icw1 & SIM_PIC8259_ICW1_SNGL) == 0 && (chip->icw3 & 1u << input) != 0;
}

static unsigned int acknowledge_slave(struct sim_pic8259 *pic, unsigned int address)
{
    struct sim_pic8259_chip *slave = &pic->state.chips[1];
    unsigned int input = SIM_PIC8259_NONE;

    if (!slave->ready || (slave->icw3 & 7u) != address) {
        return FLOATING_BUS;
    }
    input = sim_pic8259_chip_take(slave);
    sim_pic8259_chip_set(&pic->state.chips[0], CASCADE,
                         false); /* INT falls with every acknowledge */
    return sim_pic8259_chip_vector(slave, input == SIM_PIC8259_NONE ? SPURIOUS : input);
}

unsigned int sim_pic8259_acknowledge(struct sim_pic8259 *pic)
{
    struct sim_pic8259_chip *master = &pic->state.chips[0];
    unsigned int input = sim_pic8259_chip_take(master);
    unsigned int vector = 0;

    if (input == SIM_PIC8259_NONE) {
        vector = sim_pic8259_chip_vector(master, SPURIOUS);
    } else if (is_cascaded(master, input)) {
        vector = acknowledge_slave(pic, input);
    } else {
        vector = sim_pic8259_chip_vector(master, input);
    }
    update(pic);
    return vector;
}

bool sim_pic8259_pending(const struct sim_pic8259 *pic)
{
    return sim_pic8259_chip_drives_int(&pic->state.chips[0]);
}

void sim_pic8259_init(struct sim_pic8259 *pic)
{
    *pic = (struct sim_pic8259){.interrupt = {.set = NULL}};
    sim_pic8259_reset(pic);
}

void sim_pic8259_reset(struct sim_pic8259 *pic)
{
    for (unsigned int i = 0; i < 2; i++) {
        struct sim_pic8259_chip *chip = &pic->state.chips[i];

        *chip = (struct sim_pic8259_chip){
            .master = i == 0, .lines = chip->lines, .armed = (uint8_t)~chip->lines, .lowest = 7};
    }
    update(pic);
}

static uint8_t read_port(struct sim_pic8259 *pic, unsigned int chip, uint64_t port)
{
    uint8_t value = sim_pic8259_chip_read(&pic->state.chips[chip], port);

    update(pic);
    return value;
}

static uint8_t read_master(void *device, uint64_t port)
{
    return read_port(device, 0, port);
}

static uint8_t read_slave(void *device, uint64_t port)
{
    return read_port(device, 1, port);
}

static uint8_t read_trigger(void *device, uint64_t port)
{
    const struct sim_pic8259 *pic = device;

    return pic->state.chips[port & 1].level;
}

static void write_port(struct sim_pic8259 *pic, unsigned int chip, uint64_t port, uint8_t value)
{
    sim_pic8259_chip_write(&pic->state.chips[chip], port, value);
    update(pic);
}

static void write_master(void *device, uint64_t port, uint8_t value)
{
    write_port(device, 0, port, value);
}

static void write_slave(void *device, uint64_t port, uint8_t value)
{
    write_port(device, 1, port, value);
}

static void write_trigger(void *device, uint64_t port, uint8_t value)
{
    struct sim_pic8259 *pic = device;

    pic->state.chips[port & 1].level = value & selectable[port & 1];
    update(pic);
}

#define CALLBACKS(name)                                                                            \
    static uint32_t on_read_##name(void *device, uint64_t offset, unsigned int width)              \
    {                                                                                              \
        return sim_byte_lanes_read(device, offset, width, read_##name);                            \
    }                                                                                              \
    static void on_write_##name(void *device, uint64_t offset, unsigned int width, uint32_t value) \
    {                                                                                              \
        sim_byte_lanes_write(device, offset, width, value, write_##name);                          \
    }

CALLBACKS(master)
CALLBACKS(slave)
CALLBACKS(trigger)

static struct sim_region region_at(struct sim_pic8259 *pic, const char *name, uint64_t base)
{
    return (struct sim_region){
        .name = name, .base = base, .size = CHIP_PORTS, .device = pic, .widths = 1};
}

struct sim_region sim_pic8259_master_ports(struct sim_pic8259 *pic)
{
    struct sim_region region = region_at(pic, "8259 (first)", 0x20);

    region.read = on_read_master;
    region.write = on_write_master;
    return region;
}

struct sim_region sim_pic8259_slave_ports(struct sim_pic8259 *pic)
{
    struct sim_region region = region_at(pic, "8259 (second)", 0xA0);

    region.read = on_read_slave;
    region.write = on_write_slave;
    return region;
}

struct sim_region sim_pic8259_trigger_ports(struct sim_pic8259 *pic)
{
    struct sim_region region = region_at(pic, "8259 edge/level control", 0x4D0);

    region.read = on_read_trigger;
    region.write = on_write_trigger;
    return region;
}

struct sim_device sim_pic8259_device(struct sim_pic8259 *pic)
{
    return (struct sim_device){
        .name = "8259", .self = pic, .state = &pic->state, .state_size = sizeof pic->state};
}

static bool is_input(unsigned int irq)
{
    return irq < 16 && irq != CASCADE;
}

static void on_line(void *sink, unsigned int irq, bool level)
{
    struct sim_pic8259 *pic = sink;

    if (is_input(irq)) {
        sim_pic8259_chip_set(&pic->state.chips[irq / 8], irq % 8, level);
        update(pic);
    }
}

struct sim_line sim_pic8259_input(struct sim_pic8259 *pic, unsigned int irq)
{
    return (struct sim_line){.set = on_line, .sink = pic, .number = irq};
}

void sim_pic8259_pulse(struct sim_pic8259 *pic, unsigned int irq)
{
    struct sim_pic8259_chip *chip = &pic->state.chips[irq / 8 % 2];

    if (!is_input(irq) || (chip->lines & 1u << irq % 8) != 0) {
        return;
    }
    sim_pic8259_chip_set(chip, irq % 8, true);
    chip->vanished = chip->vanished || sim_pic8259_chip_request(chip) == irq % 8;
    sim_pic8259_chip_set(chip, irq % 8, false);
    update(pic);
}

static bool is_pending(const void *self)
{
    return sim_pic8259_pending(self);
}

static unsigned int acknowledge(void *self)
{
    return sim_pic8259_acknowledge(self);
}

static bool has_vector(const struct sim_pic8259_chip *chip, unsigned int vector)
{
    return sim_pic8259_chip_vector(chip, vector & 7) == vector;
}

/* Specific EOIs: OCW2 = 011 and the input. */
static void dismiss(void *self, unsigned int vector)
{
    struct sim_pic8259 *pic = self;
    struct sim_pic8259_chip *chips = pic->state.chips;

    if (has_vector(&chips[0], vector)) {
        sim_pic8259_chip_write(&chips[0], 0, (uint8_t)(0x60 | (vector & 7)));
    } else if (has_vector(&chips[1], vector)) {
        sim_pic8259_chip_write(&chips[1], 0, (uint8_t)(0x60 | (vector & 7)));
        sim_pic8259_chip_write(&chips[0], 0, 0x60 | CASCADE);
    }
    update(pic);
}

/* The second chip interrupts through the first one's input 2. */
static bool may_come(const void *self)
{
    const struct sim_pic8259 *pic = self;
    const struct sim_pic8259_chip *chips = pic->state.chips;
    unsigned int open = chips[0].ready ? ~(unsigned int)chips[0].mask & 0xFF : 0;
    bool has_second = (open & 1u << CASCADE) != 0 && chips[1].ready && chips[1].mask != 0xFF;

    return (open & ~(1u << CASCADE)) != 0 || has_second;
}

static bool nmi_pending(const void *self)
{
    (void)self;
    return false;
}

static bool take_nmi(void *self)
{
    (void)self;
    return false;
}

struct sim_interrupt_source sim_pic8259_source(struct sim_pic8259 *pic)
{
    return (struct sim_interrupt_source){
        .self = pic,
        .pending = is_pending,
        .acknowledge = acknowledge,
        .dismiss = dismiss,
        .may_come = may_come,
        .nmi_pending = nmi_pending,
        .take_nmi = take_nmi,
    };
}
