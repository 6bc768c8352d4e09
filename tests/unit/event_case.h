/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A PC whose handlers log every exception and interrupt, for the tests of the
 * machine as a whole. The handlers are in guest/events.S.
 */
#ifndef DRYDOCK_TESTS_EVENT_CASE_H
#define DRYDOCK_TESTS_EVENT_CASE_H

#include <stdint.h>

#include "sim/machine/pc.h"
#include "sim/machine/snapshot.h"
#include "tests/unit/machine_case.h"

/** Where EXECUTE puts code. */
#define CODE UINT64_C(0x7000)

/** The PC of the current test; its machine is `machine`. 16 MiB. */
extern struct sim_pc pc;

/** What was pushed, and where: as guest/events.S logs it. */
struct event {
    uint64_t vector;
    uint64_t error_code; /**< all ones: none was pushed */
    uint64_t rip, cs, rflags, rsp, ss;
    uint64_t slot; /**< address of the error code, or where it would be */
};

/** What a handler does besides logging, in this order. */
enum event_action {
    EVENT_PIC_EOI = 1, /**< to the master 8259 */
    EVENT_NEST = 2,    /**< interrupts are on for two instructions */
    EVENT_APIC_EOI = 4,
    EVENT_STOP_STEPPING = 8, /**< returns with TF = 0 */
    EVENT_SEND_NMI = 64,     /**< to its own processor; the first time only */
    EVENT_FAULT = 16,        /**< executes UD2 */
    EVENT_READ_KEY = 32,     /**< from port 0x60 */
    EVENT_SPOIL_SSE = 128,   /**< sets XMM0 and XMM15 to ones */
};

/** Open the PC, load the guest, fill the IDT, load TSS and IDT. For tcase_add_checked_fixture. */
void event_case_open(void);
void event_case_close(void);

/** The same with the functions of a dump, and with one of the two MMUs. */
void event_case_open_with(struct sim_pci_topology *topology, enum sim_mmu_kind mmu);

/** Let the handler of a vector do more; it returns @p skip bytes after the RIP that was pushed. */
void on_event(unsigned int vector, unsigned int actions, uint8_t skip);

/** The handlers were called so often. */
uint64_t event_count(void);

/** The n-th call, from 0; at most the last 64 are kept. Fails the test if there was none. */
struct event event_at(uint64_t n);

/** There is exactly one event: this exception at @p rip, error code or -1. The log is cleared. */
void check_only_event(unsigned int vector, int64_t error_code, uint64_t rip);

/** Forget the log. */
void clear_events(void);

/** Code at CPL 3 with these RFLAGS, in a page of its own, until its end; returns RAX. allow_user
 *  comes first. */
struct sim_result execute_user(const uint8_t *code, size_t size, uint64_t rflags);
#define USER_CODE  UINT64_C(0x300000)
#define USER_STACK UINT64_C(0x3A0000)
#define EXECUTE_USER(rflags, ...) \
    execute_user((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (rflags))

/** Write a register of the local APIC: ICR, timer. Interrupts that come of it wait if IF is 0. */
void write_apic(uint32_t offset, uint32_t value);

/** A snapshot of the machine, or the test fails; and back to it. */
struct sim_snapshot *take_snapshot(void);
void restore_snapshot(const struct sim_snapshot *snapshot);

/**
 * Execute code that must return, with RAX and RDX:EAX from @p rax, RCX, RDI on scratch RAM and RSI
 * 16 bytes later; returns RAX.
 */
uint64_t run_value(const uint8_t *code, size_t size, uint64_t rax, uint64_t rcx);
#define RUN_VALUE(rax, rcx, ...) \
    run_value((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (rax), (rcx))

/** RFLAGS.IF of the runs to come. */
void set_interrupt_flag(unsigned int value);

#endif
