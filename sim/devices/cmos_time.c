/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers themselves are the time: they are read, counted on and written
 * back. Seconds of a day are arithmetic; days are counted one by one, of which
 * virtual time has too few to matter.
 */
#include "sim/devices/cmos_internal.h"

#define DAY 86400u

enum {
    HOUR_PM = 0x80,
    ALARM_ANY = 0xC0, /* both bits set: matches everything */
};

static unsigned int decode(const uint8_t *bytes, uint8_t value)
{
    return (bytes[SIM_CMOS_B] & SIM_CMOS_B_BINARY) != 0 ? value
                                                        : (value >> 4) * 10u + (value & 15u);
}

static uint8_t encode(const uint8_t *bytes, unsigned int value)
{
    return (uint8_t)((bytes[SIM_CMOS_B] & SIM_CMOS_B_BINARY) != 0 ? value
                                                                  : value / 10 << 4 | value % 10);
}

/* 12 AM is midnight, 12 PM is noon. */
static unsigned int decode_hour(const uint8_t *bytes, uint8_t value)
{
    if ((bytes[SIM_CMOS_B] & SIM_CMOS_B_24_HOURS) != 0) {
        return decode(bytes, value) % 24;
    }
    return decode(bytes, value & (uint8_t)~HOUR_PM) % 12 + ((value & HOUR_PM) != 0 ? 12 : 0);
}

static uint8_t encode_hour(const uint8_t *bytes, unsigned int hour)
{
    if ((bytes[SIM_CMOS_B] & SIM_CMOS_B_24_HOURS) != 0) {
        return encode(bytes, hour);
    }
    return (uint8_t)(encode(bytes, (hour + 11) % 12 + 1) | (hour >= 12 ? HOUR_PM : 0));
}

void sim_cmos_set_time(uint8_t *bytes, const struct sim_cmos_time *time)
{
    bytes[SIM_CMOS_SECOND] = encode(bytes, time->second);
    bytes[SIM_CMOS_MINUTE] = encode(bytes, time->minute);
    bytes[SIM_CMOS_HOUR] = encode_hour(bytes, time->hour);
    bytes[SIM_CMOS_WEEKDAY] = encode(bytes, time->weekday);
    bytes[SIM_CMOS_DAY] = encode(bytes, time->day);
    bytes[SIM_CMOS_MONTH] = encode(bytes, time->month);
    bytes[SIM_CMOS_YEAR] = encode(bytes, time->year % 100);
    bytes[SIM_CMOS_CENTURY] = encode(bytes, time->year / 100);
}

/* From 1 to limit. */
static unsigned int from_one(unsigned int value, unsigned int limit)
{
    return (value + limit - 1) % limit + 1;
}

static struct sim_cmos_time get_time(const uint8_t *bytes)
{
    return (struct sim_cmos_time){
        .year = (decode(bytes, bytes[SIM_CMOS_CENTURY]) % 100 * 100) +
                decode(bytes, bytes[SIM_CMOS_YEAR]) % 100,
        .month = from_one(decode(bytes, bytes[SIM_CMOS_MONTH]), 12),
        .day = from_one(decode(bytes, bytes[SIM_CMOS_DAY]), 31),
        .weekday = from_one(decode(bytes, bytes[SIM_CMOS_WEEKDAY]), 7),
        .hour = decode_hour(bytes, bytes[SIM_CMOS_HOUR]),
        .minute = decode(bytes, bytes[SIM_CMOS_MINUTE]) % 60,
        .second = decode(bytes, bytes[SIM_CMOS_SECOND]) % 60,
    };
}

static unsigned int days_in_month(const struct sim_cmos_time *time)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = time->year % 4 == 0 && (time->year % 100 != 0 || time->year % 400 == 0);

    return days[time->month - 1] + (time->month == 2 && is_leap ? 1u : 0u);
}

static void count_day(struct sim_cmos_time *time)
{
    time->weekday = time->weekday % 7 + 1;
    if (time->day < days_in_month(time)) {
        time->day++;
        return;
    }
    time->day = 1;
    time->month = time->month % 12 + 1;
    if (time->month == 1) {
        time->year = (time->year + 1) % 10000;
    }
}

static bool matches(uint8_t alarm, uint8_t value)
{
    return (alarm & ALARM_ANY) == ALARM_ANY || alarm == value;
}

static bool minute_matches(const uint8_t *bytes, unsigned int minute_of_day)
{
    return matches(bytes[SIM_CMOS_HOUR_ALARM], encode_hour(bytes, minute_of_day / 60 % 24)) &&
           matches(bytes[SIM_CMOS_MINUTE_ALARM], encode(bytes, minute_of_day % 60));
}

static bool some_second_matches(const uint8_t *bytes)
{
    for (unsigned int second = 0; second < 60; second++) {
        if (matches(bytes[SIM_CMOS_SECOND_ALARM], encode(bytes, second))) {
            return true;
        }
    }
    return false;
}

/* Whether the seconds of the alarm match one from `first` to `last` in a minute of the day. */
static bool second_between_matches(const uint8_t *bytes, unsigned int minute, uint64_t first,
                                   uint64_t last)
{
    for (unsigned int second = 0; second < 60; second++) {
        unsigned int at = minute * 60 + second;

        if (at >= first && at <= last &&
            matches(bytes[SIM_CMOS_SECOND_ALARM], encode(bytes, second))) {
            return true;
        }
    }
    return false;
}

/* Whether the alarm goes off within so many seconds after a second of the day. */
static bool alarm_goes_off(const uint8_t *bytes, unsigned int after, uint64_t seconds)
{
    unsigned int first = after + 1;
    uint64_t last = after + (seconds < DAY ? seconds : DAY);
    bool possible = some_second_matches(bytes);

    for (unsigned int minute = first / 60; minute <= last / 60 && possible; minute++) {
        if (minute_matches(bytes, minute) && second_between_matches(bytes, minute, first, last)) {
            return true;
        }
    }
    return false;
}

bool sim_cmos_count_seconds(uint8_t *bytes, uint64_t seconds)
{
    struct sim_cmos_time time = get_time(bytes);
    unsigned int second_of_day = (time.hour * 60 + time.minute) * 60 + time.second;
    bool rings = alarm_goes_off(bytes, second_of_day, seconds);
    uint64_t total = second_of_day + seconds;

    for (uint64_t day = 0; day < total / DAY; day++) {
        count_day(&time);
    }
    second_of_day = (unsigned int)(total % DAY);
    time.hour = second_of_day / 3600;
    time.minute = second_of_day / 60 % 60;
    time.second = second_of_day % 60;
    sim_cmos_set_time(bytes, &time);
    return rings;
}
