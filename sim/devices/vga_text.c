/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory, the CRT controller and the time of the electron beam. 449 lines
 * of 31.778 us make a picture; 400 of them show something, and 640 of 800
 * dots of each. [VGA] "CRT Controller Registers", "Input Status Register 1".
 */
#include "sim/devices/vga_text.h"

#include <string.h>

#include "sim/devices/byte_lanes.h"
#include "sim/devices/vga_text_internal.h"

enum {
    CRTC_OVERFLOW = 0x07,
    CRTC_OVERFLOW_LINE_COMPARE = 0x10, /* stays writable */
    CRTC_RETRACE_END = 0x11,
    CRTC_PROTECT = 0x80,
    STATUS_NOT_SHOWING = 0x01,
    STATUS_VERTICAL_RETRACE = 0x08,
    LINE_NANOSECONDS = 31778,
    LINE_SHOWN_NANOSECONDS = 25422,
    LINES = 449,
    LINES_SHOWN = 400,
    RETRACE_FIRST = 412,
    RETRACE_LAST = 413,
};

/* Registers of mode 3 with 400 lines. */
static const uint8_t crtc_mode3[25] = {0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00,
                                       0x4F, 0x0D, 0x0E, 0x00, 0x00, 0x00, 0x00, 0x9C, 0x8E,
                                       0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF};
static const uint8_t sequencer_mode3[5] = {0x03, 0x00, 0x03, 0x00, 0x02};
static const uint8_t graphics_mode3[9] = {0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF};
static const uint8_t attribute_mode3[21] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14,
                                            0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D,
                                            0x3E, 0x3F, 0x0C, 0x00, 0x0F, 0x08, 0x00};

static uint32_t on_read_memory(void *device, uint64_t offset, unsigned int width)
{
    const struct sim_vga_text *vga = device;
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)vga->state.memory[(offset + i) % SIM_VGA_TEXT_MEMORY] << (8 * i);
    }
    return value;
}

static void on_write_memory(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_vga_text *vga = device;

    for (unsigned int i = 0; i < width; i++) {
        vga->state.memory[(offset + i) % SIM_VGA_TEXT_MEMORY] = (uint8_t)(value >> (8 * i));
    }
}

static uint8_t read_crtc(void *device, uint64_t port)
{
    const struct sim_vga_text *vga = device;

    if (port == 0) {
        return vga->state.crtc_index;
    }
    return vga->state.crtc_index < sizeof vga->state.crtc ? vga->state.crtc[vga->state.crtc_index]
                                                          : 0;
}

/* Registers 0 to 7 are protected by bit 7 of the retrace end, but for one bit. */
static void write_crtc_data(struct sim_vga_text *vga, uint8_t value)
{
    unsigned int index = vga->state.crtc_index;
    bool is_protected =
        index <= CRTC_OVERFLOW && (vga->state.crtc[CRTC_RETRACE_END] & CRTC_PROTECT) != 0;

    if (index >= sizeof vga->state.crtc || (is_protected && index != CRTC_OVERFLOW)) {
        return;
    }
    if (is_protected) {
        value = (uint8_t)((vga->state.crtc[index] & ~CRTC_OVERFLOW_LINE_COMPARE) |
                          (value & CRTC_OVERFLOW_LINE_COMPARE));
    }
    vga->state.crtc[index] = value;
}

static void write_crtc(void *device, uint64_t port, uint8_t value)
{
    struct sim_vga_text *vga = device;

    if (port == 0) {
        vga->state.crtc_index = value;
    } else {
        write_crtc_data(vga, value);
    }
}

/* Reading the status makes the next write to 0x3C0 an index. */
static uint8_t read_status(void *device, uint64_t port)
{
    struct sim_vga_text *vga = device;
    uint64_t line = vga->clock->now / LINE_NANOSECONDS % LINES;
    bool shows = line < LINES_SHOWN && vga->clock->now % LINE_NANOSECONDS < LINE_SHOWN_NANOSECONDS;
    bool retraces = line >= RETRACE_FIRST && line <= RETRACE_LAST;

    (void)port;
    vga->state.attribute_data = false;
    return (uint8_t)((shows ? 0 : STATUS_NOT_SHOWING) | (retraces ? STATUS_VERTICAL_RETRACE : 0));
}

/* The feature control register controls features that no VGA has. */
static void write_status(void *device, uint64_t port, uint8_t value)
{
    (void)device;
    (void)port;
    (void)value;
}

static uint32_t on_read_crtc(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_crtc);
}

static void on_write_crtc(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_crtc);
}

static uint32_t on_read_status(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, read_status);
}

static void on_write_status(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, write_status);
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    return sim_byte_lanes_read(device, offset, width, sim_vga_text_read_register);
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    sim_byte_lanes_write(device, offset, width, value, sim_vga_text_write_register);
}

void sim_vga_text_init(struct sim_vga_text *vga, const struct sim_clock *clock)
{
    vga->clock = clock;
    sim_vga_text_reset(vga);
}

void sim_vga_text_reset(struct sim_vga_text *vga)
{
    memset(&vga->state, 0, sizeof vga->state);
    for (unsigned int i = 0; i < SIM_VGA_TEXT_MEMORY; i += 2) {
        vga->state.memory[i] = ' ';
        vga->state.memory[i + 1] = 0x07; /* light grey on black */
    }
    memcpy(vga->state.crtc, crtc_mode3, sizeof crtc_mode3);
    memcpy(vga->state.sequencer, sequencer_mode3, sizeof sequencer_mode3);
    memcpy(vga->state.graphics, graphics_mode3, sizeof graphics_mode3);
    memcpy(vga->state.attribute, attribute_mode3, sizeof attribute_mode3);
    vga->state.attribute_index = 0x20; /* the palette is in use */
    vga->state.miscellaneous = 0x67;   /* colour addresses */
    vga->state.dac_mask = 0xFF;
}

struct sim_region sim_vga_text_mmio(struct sim_vga_text *vga)
{
    return (struct sim_region){.name = "VGA text memory",
                               .base = 0xB8000,
                               .size = SIM_VGA_TEXT_MEMORY,
                               .read = on_read_memory,
                               .write = on_write_memory,
                               .device = vga,
                               .widths = 0};
}

struct sim_region sim_vga_text_ports(struct sim_vga_text *vga)
{
    return (struct sim_region){.name = "VGA",
                               .base = 0x3C0,
                               .size = 16,
                               .read = on_read,
                               .write = on_write,
                               .device = vga,
                               .widths = 1 | 2};
}

struct sim_region sim_vga_text_crtc_ports(struct sim_vga_text *vga)
{
    return (struct sim_region){.name = "VGA CRT controller",
                               .base = 0x3D4,
                               .size = 2,
                               .read = on_read_crtc,
                               .write = on_write_crtc,
                               .device = vga,
                               .widths = 1 | 2};
}

struct sim_region sim_vga_text_status_port(struct sim_vga_text *vga)
{
    return (struct sim_region){.name = "VGA status",
                               .base = 0x3DA,
                               .size = 1,
                               .read = on_read_status,
                               .write = on_write_status,
                               .device = vga,
                               .widths = 1};
}

struct sim_device sim_vga_text_device(struct sim_vga_text *vga)
{
    return (struct sim_device){
        .name = "VGA", .self = vga, .state = &vga->state, .state_size = sizeof vga->state};
}
