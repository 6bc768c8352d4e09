/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Unicorn by itself, without the machine: 64-bit mode at CPL 0, set up through
 * its public API, for the tests of what it does differently from the manual.
 */
#ifndef DRYDOCK_TESTS_RAW_ENGINE_H
#define DRYDOCK_TESTS_RAW_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

/** What it calls for every exception, which it does not deliver. */
struct raw_exceptions {
    unsigned int count;
    unsigned int vectors[8]; /**< of the first ones */
    bool invalid;            /**< #UD goes to a hook of its own */
};

struct raw_engine {
    uc_engine *unicorn;
    uint8_t *ram; /**< 16 MiB from physical address 0, identity-mapped for the supervisor */
    struct raw_exceptions exceptions;
};

/** Where code is put, and a page for data. The PML4 is at RAW_PML4, with a PDPT and a PD behind. */
#define RAW_CODE 0x10000u
#define RAW_DATA 0x20000u
#define RAW_PML4 0x1000u

/** Fails the test if there is no engine. */
void raw_open(struct raw_engine *raw);
void raw_close(struct raw_engine *raw);

/** Execute up to the end or the first exception. Returns what uc_emu_start does. */
uc_err raw_run(struct raw_engine *raw, const uint8_t *code, size_t size);

/** RAW_RUN(&raw, 0x0F, 0x0B): bytes given as a list. */
#define RAW_RUN(raw, ...) \
    raw_run((raw), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/** Registers by Unicorn's numbers. */
uint64_t raw_get(const struct raw_engine *raw, int id);
void raw_set(struct raw_engine *raw, int id, uint64_t value);

/** A 64-bit word of RAM. */
uint64_t raw_peek(const struct raw_engine *raw, uint64_t physical);
void raw_poke(struct raw_engine *raw, uint64_t physical, uint64_t value);

#endif
