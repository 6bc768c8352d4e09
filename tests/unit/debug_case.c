/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See debug_case.h. */
#include "tests/unit/debug_case.h"

#include <string.h>

enum {
    DEBUG_COUNT = 0x223000,
    DEBUG_FLAGS = 0x223008,
    DEBUG_LOG = 0x223100,
    DEBUG_ENTRY = 64
};

void debug_case_open(void)
{
    event_case_open();
    set_gate(1, address_of("guest_debug_handler"), UINT64_C(0x8E00) << 32 | 0x80000);
    set_returned_flags(0x10000);
}

void set_returned_flags(uint64_t rflags)
{
    poke(DEBUG_FLAGS, rflags);
}

void set_debug_register(unsigned int number, uint64_t value)
{
    struct sim_registers registers = {.rax = value};

    /* movq %rax, %drN */
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x23, (uint8_t)(0xC0 | number << 3)).stop,
                     SIM_STOP_RETURNED);
}

uint64_t get_debug_register(unsigned int number)
{
    struct sim_registers registers = {0};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x21, (uint8_t)(0xC0 | number << 3)).stop,
                     SIM_STOP_RETURNED);
    return registers.rax;
}

void set_breakpoint(uint64_t linear, uint64_t dr7)
{
    set_debug_register(0, linear);
    set_debug_register(7, dr7);
}

uint64_t debug_count(void)
{
    return peek(DEBUG_COUNT);
}

struct debug_event debug_event_at(uint64_t n)
{
    struct debug_event event;

    ck_assert_uint_lt(n, debug_count());
    memcpy(&event, sim_machine_ram(machine, DEBUG_LOG + n % 64 * DEBUG_ENTRY, sizeof event),
           sizeof event);
    return event;
}

void check_debug(uint64_t rip, uint64_t dr6)
{
    struct debug_event event;

    ck_assert_uint_eq(debug_count(), 1);
    event = debug_event_at(0);
    ck_assert_uint_eq(event.rip, rip);
    ck_assert_uint_eq(event.dr6, dr6);
    poke(DEBUG_COUNT, 0);
}

void check_no_debug(void)
{
    ck_assert_uint_eq(debug_count(), 0);
}

struct sim_registers run(const uint8_t *code, size_t size, struct sim_registers registers)
{
    struct sim_result result = execute(code, size, &registers);
    char text[512];

    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
    return registers;
}
