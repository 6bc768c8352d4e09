/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The calendar in the registers of an MC146818.
 */
#ifndef DRYDOCK_SIM_DEVICES_CMOS_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_CMOS_INTERNAL_H

#include "sim/devices/cmos.h"

/* [MC146818A] figure "Address Map". */
enum {
    SIM_CMOS_SECOND = 0x00,
    SIM_CMOS_SECOND_ALARM = 0x01,
    SIM_CMOS_MINUTE = 0x02,
    SIM_CMOS_MINUTE_ALARM = 0x03,
    SIM_CMOS_HOUR = 0x04,
    SIM_CMOS_HOUR_ALARM = 0x05,
    SIM_CMOS_WEEKDAY = 0x06,
    SIM_CMOS_DAY = 0x07,
    SIM_CMOS_MONTH = 0x08,
    SIM_CMOS_YEAR = 0x09,
    SIM_CMOS_A = 0x0A,
    SIM_CMOS_B = 0x0B,
    SIM_CMOS_C = 0x0C,
    SIM_CMOS_D = 0x0D,
    SIM_CMOS_CENTURY = 0x32,
};

enum {
    SIM_CMOS_B_24_HOURS = 0x02,
    SIM_CMOS_B_BINARY = 0x04,
};

/** Write a time into the registers, in the format that register B asks for. */
void sim_cmos_set_time(uint8_t *bytes, const struct sim_cmos_time *time);

/**
 * Let the registers count. Values that are no time are taken modulo the field's range first.
 *
 * @return whether one of the seconds passed was that of the alarm
 */
bool sim_cmos_count_seconds(uint8_t *bytes, uint64_t seconds);

/** Fill in the equipment, the sizes of memory, and the checksum over 0x10 to 0x2D. */
void sim_cmos_describe_memory(uint8_t *bytes, uint64_t ram_bytes);

#endif
