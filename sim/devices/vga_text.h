/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A VGA in its 80 by 25 colour text mode: 32 KiB of memory at 0xB8000, and the
 * registers that text-mode code touches. Spec: [VGA] (IBM PS/2 Hardware Interface
 * Technical Reference, "Video Subsystem").
 *
 * Modelled: the memory, the CRT controller's registers with their write
 * protection, start address and cursor; index and data of sequencer, graphics
 * and attribute controller, the DAC, retrace by virtual time.
 *
 * Not modelled: what the registers other than start address and cursor do to
 * the picture: the screen is 80 by 25 characters whatever they say; graphics
 * modes, planes and the monochrome addresses (0xB0000, 0x3B4); attributes are
 * kept, but the screen as text has no colours. The window lies over the RAM a
 * machine has at these addresses; putting it there is the machine's business.
 */
#ifndef DRYDOCK_SIM_DEVICES_VGA_TEXT_H
#define DRYDOCK_SIM_DEVICES_VGA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

#define SIM_VGA_TEXT_COLUMNS 80u
#define SIM_VGA_TEXT_ROWS    25u

/** Bytes of memory at 0xB8000. */
#define SIM_VGA_TEXT_MEMORY 0x8000u

/** Bytes of a line as UTF-8, with the NUL: no character takes more than three. */
#define SIM_VGA_TEXT_LINE (3 * SIM_VGA_TEXT_COLUMNS + 1)

struct sim_vga_text {
    const struct sim_clock *clock;
    struct {
        uint8_t memory[SIM_VGA_TEXT_MEMORY]; /**< character, attribute, character, ... */
        uint8_t crtc_index, sequencer_index, graphics_index, attribute_index;
        uint8_t crtc[25], sequencer[5], graphics[9], attribute[21];
        bool attribute_data;   /**< the next write to 0x3C0 is data, not an index */
        uint8_t miscellaneous; /**< miscellaneous output register */
        uint8_t dac_mask;
        uint8_t dac[768];             /**< red, green, blue; 6 bits each */
        uint16_t dac_read, dac_write; /**< next byte of dac, 0..767 */
        bool dac_reads;               /**< what 0x3C7 says: the last index was for reading */
    } state;
};

struct sim_vga_cursor {
    bool visible;     /**< switched on, and on the screen */
    unsigned int row; /**< 0..24; 0 unless on the screen */
    unsigned int column;
};

/** Mode 3 as a BIOS leaves it, a blank screen. @param clock  for the retrace; outlives the VGA */
void sim_vga_text_init(struct sim_vga_text *vga, const struct sim_clock *clock);

/** Back to that state. */
void sim_vga_text_reset(struct sim_vga_text *vga);

/** The memory, for the bus of physical addresses. */
struct sim_region sim_vga_text_mmio(struct sim_vga_text *vga);

/** Ports 0x3C0 to 0x3CF, 0x3D4 and 0x3D5, and 0x3DA. */
struct sim_region sim_vga_text_ports(struct sim_vga_text *vga);
struct sim_region sim_vga_text_crtc_ports(struct sim_vga_text *vga);
struct sim_region sim_vga_text_status_port(struct sim_vga_text *vga);

struct sim_device sim_vga_text_device(struct sim_vga_text *vga);

/**
 * A line of the screen in UTF-8, without the blanks at its end.
 *
 * @param row  0..24
 */
void sim_vga_text_line(const struct sim_vga_text *vga, unsigned int row,
                       char text[SIM_VGA_TEXT_LINE]);

/** Where the cursor is. */
struct sim_vga_cursor sim_vga_text_cursor(const struct sim_vga_text *vga);

#endif
