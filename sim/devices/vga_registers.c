/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attribute controller, sequencer, DAC and graphics controller: storage behind
 * index registers. The attribute controller has one port for index and data,
 * the DAC counts its index on after every third byte.
 */
#include "sim/devices/vga_text_internal.h"

enum {
    PORT_ATTRIBUTE = 0x0,
    PORT_ATTRIBUTE_READ = 0x1,
    PORT_MISCELLANEOUS_WRITE = 0x2,
    PORT_SEQUENCER_INDEX = 0x4,
    PORT_SEQUENCER = 0x5,
    PORT_DAC_MASK = 0x6,
    PORT_DAC_READ_INDEX = 0x7,
    PORT_DAC_WRITE_INDEX = 0x8,
    PORT_DAC_DATA = 0x9,
    PORT_MISCELLANEOUS_READ = 0xC,
    PORT_GRAPHICS_INDEX = 0xE,
    PORT_GRAPHICS = 0xF,
};

enum {
    ATTRIBUTE_INDEX = 0x1F,
    DAC_BITS = 0x3F,
    DAC_STATE_READ = 0x03,
    DAC_BYTES = 768,
};

static uint8_t get(const uint8_t *registers, size_t count, unsigned int index)
{
    return index < count ? registers[index] : 0;
}

static void set(uint8_t *registers, size_t count, unsigned int index, uint8_t value)
{
    if (index < count) {
        registers[index] = value;
    }
}

static uint8_t read_dac(struct sim_vga_text *vga)
{
    uint8_t value = vga->state.dac[vga->state.dac_read];

    vga->state.dac_read = (uint16_t)((vga->state.dac_read + 1) % DAC_BYTES);
    return value;
}

uint8_t sim_vga_text_read_register(void *device, uint64_t port)
{
    struct sim_vga_text *vga = device;

    switch (port) {
    case PORT_ATTRIBUTE:
        return vga->state.attribute_index;
    case PORT_ATTRIBUTE_READ:
        return get(vga->state.attribute, sizeof vga->state.attribute,
                   vga->state.attribute_index & ATTRIBUTE_INDEX);
    case PORT_SEQUENCER_INDEX:
        return vga->state.sequencer_index;
    case PORT_SEQUENCER:
        return get(vga->state.sequencer, sizeof vga->state.sequencer, vga->state.sequencer_index);
    case PORT_DAC_MASK:
        return vga->state.dac_mask;
    case PORT_DAC_READ_INDEX:
        return vga->state.dac_reads ? DAC_STATE_READ : 0;
    case PORT_DAC_WRITE_INDEX:
        return (uint8_t)(vga->state.dac_write / 3);
    case PORT_DAC_DATA:
        return read_dac(vga);
    case PORT_MISCELLANEOUS_READ:
        return vga->state.miscellaneous;
    case PORT_GRAPHICS_INDEX:
        return vga->state.graphics_index;
    case PORT_GRAPHICS:
        return get(vga->state.graphics, sizeof vga->state.graphics, vga->state.graphics_index);
    default: /* input status 0: no switch, no interrupt; feature control; gaps */
        return 0;
    }
}

static void write_attribute(struct sim_vga_text *vga, uint8_t value)
{
    if (vga->state.attribute_data) {
        set(vga->state.attribute, sizeof vga->state.attribute,
            vga->state.attribute_index & ATTRIBUTE_INDEX, value);
    } else {
        vga->state.attribute_index = value & 0x3F;
    }
    vga->state.attribute_data = !vga->state.attribute_data;
}

static void write_dac(struct sim_vga_text *vga, uint8_t value)
{
    vga->state.dac[vga->state.dac_write] = value & DAC_BITS;
    vga->state.dac_write = (uint16_t)((vga->state.dac_write + 1) % DAC_BYTES);
}

static void write_dac_index(struct sim_vga_text *vga, uint64_t port, uint8_t index)
{
    vga->state.dac_reads = port == PORT_DAC_READ_INDEX;
    if (vga->state.dac_reads) {
        vga->state.dac_read = (uint16_t)(3 * index);
    } else {
        vga->state.dac_write = (uint16_t)(3 * index);
    }
}

void sim_vga_text_write_register(void *device, uint64_t port, uint8_t value)
{
    struct sim_vga_text *vga = device;

    switch (port) {
    case PORT_ATTRIBUTE:
        write_attribute(vga, value);
        break;
    case PORT_MISCELLANEOUS_WRITE:
        vga->state.miscellaneous = value;
        break;
    case PORT_SEQUENCER_INDEX:
        vga->state.sequencer_index = value;
        break;
    case PORT_SEQUENCER:
        set(vga->state.sequencer, sizeof vga->state.sequencer, vga->state.sequencer_index, value);
        break;
    case PORT_DAC_MASK:
        vga->state.dac_mask = value;
        break;
    case PORT_DAC_READ_INDEX:
    case PORT_DAC_WRITE_INDEX:
        write_dac_index(vga, port, value);
        break;
    case PORT_DAC_DATA:
        write_dac(vga, value);
        break;
    case PORT_GRAPHICS_INDEX:
        vga->state.graphics_index = value;
        break;
    case PORT_GRAPHICS:
        set(vga->state.graphics, sizeof vga->state.graphics, vga->state.graphics_index, value);
        break;
    default: /* read-only, or nothing there */
        break;
    }
}
