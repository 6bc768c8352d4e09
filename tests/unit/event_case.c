/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See event_case.h. */
#include "tests/unit/event_case.h"

#include <string.h>

#define INTERRUPT_GATE ((UINT64_C(0x8E00) << 32) | 0x80000) /* DPL 0, type 0xE, selector 0x08 */

struct sim_pc pc;

/* Of the log, in guest/events.S. */
enum {
    EVENT_COUNT = 0x220000,
    EVENT_ACTIONS = 0x220100,
    EVENT_SKIPS = 0x220200,
    EVENTS = 0x221000
};

static struct sim_pci_topology no_functions;

void event_case_open(void)
{
    event_case_open_with(&no_functions, SIM_MMU_OWN);
}

void event_case_open_with(struct sim_pci_topology *topology, enum sim_mmu_kind mmu)
{
    const struct sim_pc_options options = {
        .machine = {.ram_bytes = UINT64_C(16) << 20, .seed = 1, .mmu = mmu}, .topology = topology};
    struct sim_error error = {""};
    uint64_t entries = 0;

    ck_assert_msg(sim_pc_open(&pc, &options, &error) == 0, "%s", error.text);
    machine = pc.machine;
    machine_case_load();
    entries = address_of("guest_event_entries");
    for (unsigned int vector = 0; vector < 256; vector++) {
        set_gate(vector, entries + UINT64_C(16) * vector, INTERRUPT_GATE);
    }
    load_tss(103);
    load_idt(0xFFF);
    /* movb $0xFF, %al; outb %al, $0x21; outb %al, $0xA1; movb $0x30, %al; outb %al, $0x43: what
       firmware left running, the 8259 pair and the 8254, is quiet */
    ck_assert_int_eq(EXECUTE(NULL, 0xB0, 0xFF, 0xE6, 0x21, 0xE6, 0xA1, 0xB0, 0x30, 0xE6, 0x43).stop,
                     SIM_STOP_RETURNED);
}

void event_case_close(void)
{
    sim_pc_close(&pc);
    machine = NULL;
}

void on_event(unsigned int vector, unsigned int actions, uint8_t skip)
{
    *(uint8_t *)sim_machine_ram(machine, EVENT_ACTIONS + vector, 1) = (uint8_t)actions;
    *(uint8_t *)sim_machine_ram(machine, EVENT_SKIPS + vector, 1) = skip;
}

uint64_t event_count(void)
{
    return peek(EVENT_COUNT);
}

struct event event_at(uint64_t n)
{
    struct event event;

    ck_assert_uint_lt(n, event_count());
    memcpy(&event, sim_machine_ram(machine, EVENTS + n % 64 * sizeof event, sizeof event),
           sizeof event);
    return event;
}

void clear_events(void)
{
    poke(EVENT_COUNT, 0);
}

void check_only_event(unsigned int vector, int64_t error_code, uint64_t rip)
{
    struct event event = event_at(0);

    ck_assert_uint_eq(event.vector, vector);
    ck_assert_uint_eq(event.error_code, error_code < 0 ? UINT64_MAX : (uint64_t)error_code);
    ck_assert_uint_eq(event.rip, rip);
    ck_assert_uint_eq(event_count(), 1);
    clear_events();
}

struct sim_result execute_user(const uint8_t *code, size_t size, uint64_t rflags)
{
    uint8_t *page = sim_machine_ram(machine, USER_CODE, size + 2);

    memcpy(page, code, size);
    memcpy(page + size, (const uint8_t[]){0xCD, 0x80}, 2); /* int $0x80 */
    sim_machine_forget_code(machine);
    return sim_call(machine, "guest_enter_user", USER_CODE, USER_STACK, rflags);
}

void write_apic(uint32_t offset, uint32_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = UINT64_C(0xFEE00000) + offset};

    /* movl %eax, (%rdx) */
    ck_assert_int_eq(EXECUTE(&registers, 0x89, 0x02).stop, SIM_STOP_RETURNED);
}

void set_interrupt_flag(unsigned int value)
{
    ck_assert_int_eq(EXECUTE(NULL, (uint8_t)(0xFA + value), 0x90).stop, SIM_STOP_RETURNED);
}

struct sim_snapshot *take_snapshot(void)
{
    struct sim_error error = {""};
    struct sim_snapshot *snapshot = sim_machine_snapshot(machine, &error);

    ck_assert_msg(snapshot != NULL, "%s", error.text);
    return snapshot;
}

void restore_snapshot(const struct sim_snapshot *snapshot)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_machine_restore(machine, snapshot, &error) == 0, "%s", error.text);
}

uint64_t run_value(const uint8_t *code, size_t size, uint64_t rax, uint64_t rcx)
{
    struct sim_registers registers = {.rax = rax, .rcx = rcx, .rdx = rax >> 32};
    struct sim_result result;
    char text[512];

    registers.rdi = sim_machine_scratch(machine);
    registers.rsi = registers.rdi + 16;
    result = sim_machine_execute(machine, code, size, &registers);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
    return registers.rax;
}
