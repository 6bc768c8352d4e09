/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the 8254. Where a machine runs in real time, the claim may be
 * suspended at any moment: what has to be seen early gets several attempts.
 */
#include "drydock/pit8254.h"
#include "tests/claims/controllers.h"

enum {
    ATTEMPTS = 20
};

static const enum dd_pit8254_channel channels[] = {DD_PIT8254_CHANNEL_0, DD_PIT8254_CHANNEL_2};

/* [8254] "Read-Back Command". */
CLAIM(pit_says_which_mode_it_is_in)
{
    static const struct {
        enum dd_pit8254_mode mode;
        uint8_t number;
    } modes[] = {{DD_PIT8254_TERMINAL_COUNT, 0},
                 {DD_PIT8254_RATE_GENERATOR, 2},
                 {DD_PIT8254_SQUARE_WAVE, 3}};

    for (unsigned int i = 0; i < 6; i++) {
        struct dd_pit8254_state state = {0};

        CLAIM_OK(dd_pit8254_start(channels[i / 3], modes[i % 3].mode, 65536));
        CLAIM_OK(dd_pit8254_read(channels[i / 3], &state));
        CLAIM_EQUAL(state.mode, modes[i % 3].number);
    }
}

/* Read after a wait of 50 ticks; a count that is over by then has fallen far enough. */
CLAIM(pit_counts_down_tick_by_tick)
{
    struct dd_pit8254_state before = {0};
    struct dd_pit8254_state after = {0};

    CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 60000));
    CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &before));
    CLAIM_OK(dd_pit8254_wait(50));
    CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &after));
    CLAIM_TRUE(after.output == 1 || (before.count <= 60000 && before.count - after.count >= 50));
}

/* [8254] "Mode 0": low from the control word on, high when the count is over. */
CLAIM(pit_output_is_low_until_the_count_is_over)
{
    struct dd_pit8254_state state = {.output = 1};

    for (unsigned int i = 0; i < ATTEMPTS && state.output == 1; i++) {
        CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 40000));
        CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &state));
    }
    CLAIM_EQUAL(state.output, 0);
    CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 5));
    CLAIM_OK(dd_pit8254_wait(7));
    CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &state));
    CLAIM_EQUAL(state.output, 1);
}

/* [8254] "Mode 2": the count begins again, and stays within a period. */
CLAIM(pit_periods_begin_again)
{
    struct dd_pit8254_state state = {0};

    CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_RATE_GENERATOR, 20));
    for (unsigned int i = 0; i < 5; i++) {
        CLAIM_OK(dd_pit8254_wait(9));
        CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &state));
        CLAIM_TRUE(state.count >= 1 && state.count <= 20);
    }
    CLAIM_OK(controllers_quiet_timer());
}

/* 20 us are 23.9 ticks. */
CLAIM(pit_waits_at_least_as_long_as_asked)
{
    struct dd_pit8254_state before = {0};
    struct dd_pit8254_state after = {0};

    CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 65000));
    CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &before));
    CLAIM_OK(dd_pit8254_wait_microseconds(20));
    CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &after));
    CLAIM_TRUE(after.output == 1 || before.count - after.count >= 23);
}

/* And not much longer, if nobody suspends the machine: within three times the time. */
CLAIM(pit_waits_hardly_longer_than_asked)
{
    uint32_t shortest = 65000;

    for (unsigned int i = 0; i < ATTEMPTS && shortest > 120; i++) {
        struct dd_pit8254_state before = {0};
        struct dd_pit8254_state after = {0};

        CLAIM_OK(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 65000));
        CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &before));
        CLAIM_OK(dd_pit8254_wait(40));
        CLAIM_OK(dd_pit8254_read(DD_PIT8254_CHANNEL_0, &after));
        if (after.output == 0 && (uint32_t)(before.count - after.count) < shortest) {
            shortest = (uint32_t)(before.count - after.count);
        }
    }
    CLAIM_TRUE(shortest >= 40);
    CLAIM_TRUE(shortest <= 120);
}

CLAIM(pit_counts_for_frequencies_are_the_nearest)
{
    uint32_t count = 0;

    CLAIM_OK(dd_pit8254_count_for(100, &count));
    CLAIM_EQUAL(count, 11932); /* 11931.8 */
    CLAIM_OK(dd_pit8254_count_for(1000, &count));
    CLAIM_EQUAL(count, 1193); /* 1193.2 */
    CLAIM_STATUS(dd_pit8254_count_for(18, &count), DD_EARG);
    CLAIM_STATUS(dd_pit8254_count_for(0, &count), DD_EARG);
    CLAIM_EQUAL(count, 1193);
}

CLAIM(pit_refuses_channels_and_counts_it_does_not_have)
{
    struct dd_pit8254_state state = {.count = 77};

    CLAIM_STATUS(dd_pit8254_start((enum dd_pit8254_channel)1, DD_PIT8254_RATE_GENERATOR, 18),
                 DD_EARG);
    CLAIM_STATUS(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, 0), DD_EARG);
    CLAIM_STATUS(dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_SQUARE_WAVE, 1), DD_EARG);
    CLAIM_STATUS(dd_pit8254_wait(65537), DD_EARG);
    CLAIM_STATUS(dd_pit8254_read((enum dd_pit8254_channel)1, &state), DD_EARG);
    CLAIM_EQUAL(state.count, 77);
}
