/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small guest for the tests of the simulated machine: functions to be called by name. */
#include <stdint.h>

uint64_t guest_weigh(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
uint64_t guest_initialized(void);
uint64_t guest_load(const volatile uint64_t *address);
uint64_t guest_recurse(uint64_t depth);
uint64_t guest_recorded(uint64_t index);
void guest_resume_at(uint64_t address);

/* Written by the handlers of handlers.S. */
extern volatile uint64_t guest_record[12];
extern volatile uint64_t guest_resume;

static volatile uint64_t initialized = 0x1122334455667788;
static volatile uint64_t zeroed[1024];

/* NOLINTNEXTLINE(readability-function-size): six arguments are what the test is about */
uint64_t guest_weigh(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
}

/* The initialized value plus everything in .bss, then spoils both. */
uint64_t guest_initialized(void)
{
    uint64_t sum = initialized;

    for (unsigned int i = 0; i < 1024; i++) {
        sum += zeroed[i];
        zeroed[i] = 1;
    }
    initialized = 0;
    return sum;
}

uint64_t guest_load(const volatile uint64_t *address)
{
    return *address; /* the line the test looks for */
}

uint64_t guest_recurse(uint64_t depth)
{
    volatile uint64_t frame[64];

    frame[depth % 64] = depth;
    return guest_recurse(depth + 1) + frame[0];
}

uint64_t guest_recorded(uint64_t index)
{
    return guest_record[index];
}

void guest_resume_at(uint64_t address)
{
    guest_resume = address;
}
