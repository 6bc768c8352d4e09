/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One 8259A. It holds its inputs' levels, from which the request register
 * follows: a level-triggered input requests while it is high, an edge-triggered
 * one while it is high and has been low since its last acknowledge. So a
 * request vanishes with its input, as in the chip. What has the highest
 * priority among requests that are not masked and not below something in
 * service drives INT.
 */
#include "sim/devices/pic8259_internal.h"

enum {
    NONE = SIM_PIC8259_NONE,
    UNADDRESSED = 7, /* ICW3 of a second chip after ICW1 */
    ICW1_IC4 = 0x01,
    ICW1_SNGL = SIM_PIC8259_ICW1_SNGL,
    ICW1_ADI = 0x04,
    ICW1 = 0x10,
    ICW4_UPM = 0x01,
    ICW4_AEOI = 0x02,
    ICW4_SFNM = 0x10,
    OCW3 = 0x08,
    OCW3_RIS = 0x01,
    OCW3_RR = 0x02,
    OCW3_POLL = 0x04,
    OCW3_SMM = 0x20,
    OCW3_ESMM = 0x40,
    POLL_INTERRUPT = 0x80,
};

/* OCW2 bits 7:5: R, SL, EOI. [8259A] figure "Operation Command Word Format". */
enum {
    OCW2_ROTATE_AEOI_CLEAR = 0,
    OCW2_EOI = 1,
    OCW2_NOTHING = 2,
    OCW2_SPECIFIC_EOI = 3,
    OCW2_ROTATE_AEOI_SET = 4,
    OCW2_ROTATE_EOI = 5,
    OCW2_SET_PRIORITY = 6,
    OCW2_ROTATE_SPECIFIC_EOI = 7,
};

static uint8_t bit_of(unsigned int input)
{
    return (uint8_t)(1u << input);
}

static uint8_t requests(const struct sim_pic8259_chip *chip)
{
    return chip->lines & (chip->level | chip->armed);
}

/* Inputs whose in-service bits count: special mask mode looks through masked ones. */
static uint8_t serving(const struct sim_pic8259_chip *chip)
{
    return chip->special_mask ? chip->in_service & (uint8_t)~chip->mask : chip->in_service;
}

/* In special fully nested mode a cascaded chip may interrupt its own service. */
static bool nests_specially(const struct sim_pic8259_chip *chip, unsigned int input)
{
    return chip->master && (chip->icw4 & ICW4_SFNM) != 0 && (chip->icw3 & bit_of(input)) != 0;
}

static unsigned int by_priority(const struct sim_pic8259_chip *chip, unsigned int rank)
{
    return (chip->lowest + 1 + rank) & 7;
}

unsigned int sim_pic8259_chip_request(const struct sim_pic8259_chip *chip)
{
    uint8_t waiting = chip->ready ? requests(chip) & (uint8_t)~chip->mask : 0;
    uint8_t served = serving(chip);

    for (unsigned int rank = 0; rank < 8; rank++) {
        unsigned int input = by_priority(chip, rank);
        bool is_served = (served & bit_of(input)) != 0;

        if ((waiting & bit_of(input)) != 0 && (!is_served || nests_specially(chip, input))) {
            return input;
        }
        if (is_served) {
            return NONE;
        }
    }
    return NONE;
}

bool sim_pic8259_chip_drives_int(const struct sim_pic8259_chip *chip)
{
    return sim_pic8259_chip_request(chip) != NONE || chip->vanished;
}

void sim_pic8259_chip_set(struct sim_pic8259_chip *chip, unsigned int input, bool level)
{
    if (level) {
        chip->lines |= bit_of(input);
    } else {
        chip->lines &= (uint8_t)~bit_of(input);
        chip->armed |= bit_of(input);
    }
}

unsigned int sim_pic8259_chip_take(struct sim_pic8259_chip *chip)
{
    unsigned int input = sim_pic8259_chip_request(chip);

    chip->vanished = false;
    if (input == NONE) {
        return NONE;
    }
    chip->armed &= (uint8_t)~bit_of(input);
    if ((chip->icw4 & ICW4_AEOI) == 0) {
        chip->in_service |= bit_of(input);
    } else if (chip->rotates) {
        chip->lowest = (uint8_t)input;
    }
    return input;
}

/*
 * In 8080 mode the chip sends a CALL instruction; the byte of it that falls
 * into the cycle in which an 8086 wants the vector is the low address byte.
 */
unsigned int sim_pic8259_chip_vector(const struct sim_pic8259_chip *chip, unsigned int input)
{
    if ((chip->icw4 & ICW4_UPM) != 0) {
        return (chip->icw2 & 0xF8u) | input;
    }
    return (chip->icw1 & ICW1_ADI) != 0 ? (chip->icw1 & 0xE0u) | input << 2
                                        : (chip->icw1 & 0xC0u) | input << 3;
}

/* What ICW1 does by itself is list a to f of [8259A] "Initialization Command Words". */
static void begin_initialization(struct sim_pic8259_chip *chip, uint8_t icw1)
{
    *chip = (struct sim_pic8259_chip){
        .master = chip->master,
        .lines = chip->lines,
        .armed = (uint8_t)~chip->lines,
        .level = chip->level,
        .icw1 = icw1,
        .icw2 = chip->icw2,
        .icw3 = chip->master ? chip->icw3 : UNADDRESSED,
        .icw4 = (icw1 & ICW1_IC4) != 0 ? chip->icw4 : 0,
        .expected = 2,
        .lowest = 7,
    };
}

static void write_mask_or_icw(struct sim_pic8259_chip *chip, uint8_t value)
{
    unsigned int after_icw3 = (chip->icw1 & ICW1_IC4) != 0 ? 4 : 0;

    switch (chip->expected) {
    case 2:
        chip->icw2 = value;
        chip->expected = (uint8_t)((chip->icw1 & ICW1_SNGL) != 0 ? after_icw3 : 3);
        break;
    case 3:
        chip->icw3 = value;
        chip->expected = (uint8_t)after_icw3;
        break;
    case 4:
        chip->icw4 = value;
        chip->expected = 0;
        break;
    default:
        chip->mask = value;
        return;
    }
    chip->ready = chip->expected == 0;
}

/* The input with the highest priority in service, or NONE. */
static unsigned int strongest_served(const struct sim_pic8259_chip *chip)
{
    uint8_t served = serving(chip);

    for (unsigned int rank = 0; rank < 8; rank++) {
        if ((served & bit_of(by_priority(chip, rank))) != 0) {
            return by_priority(chip, rank);
        }
    }
    return NONE;
}

static void end_service(struct sim_pic8259_chip *chip, unsigned int input, bool rotates)
{
    if (input == NONE) {
        return;
    }
    chip->in_service &= (uint8_t)~bit_of(input);
    if (rotates) {
        chip->lowest = (uint8_t)input;
    }
}

static void write_ocw2(struct sim_pic8259_chip *chip, uint8_t value)
{
    unsigned int input = value & 7u;

    switch (value >> 5) {
    case OCW2_EOI:
        end_service(chip, strongest_served(chip), false);
        break;
    case OCW2_ROTATE_EOI:
        end_service(chip, strongest_served(chip), true);
        break;
    case OCW2_SPECIFIC_EOI:
        end_service(chip, input, false);
        break;
    case OCW2_ROTATE_SPECIFIC_EOI:
        end_service(chip, input, true);
        break;
    case OCW2_SET_PRIORITY:
        chip->lowest = (uint8_t)input;
        break;
    case OCW2_ROTATE_AEOI_SET:
        chip->rotates = true;
        break;
    case OCW2_ROTATE_AEOI_CLEAR:
        chip->rotates = false;
        break;
    default: /* OCW2_NOTHING */
        break;
    }
}

static void write_ocw3(struct sim_pic8259_chip *chip, uint8_t value)
{
    chip->polled = (value & OCW3_POLL) != 0;
    if ((value & OCW3_RR) != 0) {
        chip->reads_in_service = (value & OCW3_RIS) != 0;
    }
    if ((value & OCW3_ESMM) != 0) {
        chip->special_mask = (value & OCW3_SMM) != 0;
    }
}

void sim_pic8259_chip_write(struct sim_pic8259_chip *chip, uint64_t port, uint8_t value)
{
    if (port == 1) {
        write_mask_or_icw(chip, value);
    } else if ((value & ICW1) != 0) {
        begin_initialization(chip, value);
    } else if ((value & OCW3) != 0) {
        write_ocw3(chip, value);
    } else {
        write_ocw2(chip, value);
    }
}

/* A poll is an acknowledge, on whichever port it is read. [8259A] "Poll Command". */
static uint8_t poll_chip(struct sim_pic8259_chip *chip)
{
    unsigned int input = sim_pic8259_chip_take(chip);

    chip->polled = false;
    return (uint8_t)(input == NONE ? 0 : POLL_INTERRUPT | input);
}

uint8_t sim_pic8259_chip_read(struct sim_pic8259_chip *chip, uint64_t port)
{
    if (chip->polled) {
        return poll_chip(chip);
    }
    if (port == 1) {
        return chip->mask;
    }
    return chip->reads_in_service ? chip->in_service : requests(chip);
}
