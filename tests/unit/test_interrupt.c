/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/interrupt.c and user.c. */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>

#include "drydock/interrupt.h"
#include "drydock/user.h"
#include "tests/unit/unit.h"

/* [SDM 3A] figure 6-8: interrupt gate 0x8E, DPL 0. IST by vector: #DF 1, NMI 2, #MC 3, #DB 4. */
static const uint8_t own_stacks[256] = {[8] = 1, [2] = 2, [18] = 3, [1] = 4};

START_TEST(install_points_every_gate_at_its_entry_code)
{
    struct dd_idt idt;

    memset(&idt, 0xA5, sizeof idt);
    ck_assert_int_eq(dd_interrupt_install(&idt, 0x18, (enum dd_interrupt_stacks)_i), DD_OK);
    for (unsigned int i = 0; i < 256; i++) {
        uint64_t low = idt.gates[i].low;
        uint64_t entry = (low & 0xFFFF) | low >> 48 << 16 | idt.gates[i].high << 32;
        uint64_t ist = _i == 0 ? 0 : own_stacks[i];

        ck_assert_uint_eq(entry, dd_interrupt_entries[i]);
        ck_assert_uint_eq(low & 0x0000FFFFFFFF0000, 0x00008E0000180000 | ist << 32);
    }
}
END_TEST

START_TEST(install_refuses_what_cannot_work_and_changes_nothing)
{
    struct dd_idt idt;
    struct dd_idt before;

    memset(&idt, 0xA5, sizeof idt);
    before = idt;
    ck_assert_int_eq(dd_interrupt_install(&idt, 0, DD_INTERRUPT_STACK_IN_USE), DD_EARG);
    ck_assert_int_eq(dd_interrupt_install(&idt, 3, DD_INTERRUPT_STACKS_OWN), DD_EARG);
    ck_assert_int_eq(dd_interrupt_install(&idt, 8, (enum dd_interrupt_stacks)2), DD_EARG);
    ck_assert_mem_eq(&idt, &before, sizeof idt);
}
END_TEST

START_TEST(hosted_entries_are_distinct)
{
    unsigned int pairs_alike = 0;

    for (unsigned int i = 0; i < 256; i++) {
        for (unsigned int other = 0; other < i; other++) {
            pairs_alike += dd_interrupt_entries[i] == dd_interrupt_entries[other];
        }
    }
    ck_assert_uint_eq(pairs_alike, 0);
}
END_TEST

struct call {
    struct dd_interrupt_frame *frame;
    unsigned int count;
};

static void note_call(struct dd_interrupt_frame *frame, void *context)
{
    struct call *call = context;

    call->frame = frame;
    call->count++;
}

/* Only one vector has a handler of its own. */
static void check_dispatch_with_handler_of(unsigned int own_vector)
{
    struct dd_interrupt_table table;
    struct call own = {0};
    struct call fallback = {0};
    const struct dd_interrupt_handler handler = {note_call, &own};
    const struct dd_interrupt_handler others = {note_call, &fallback};
    unsigned int wrong = 0;

    memset(&table, 0xA5, sizeof table);
    ck_assert_int_eq(dd_interrupt_table_init(&table, &others), DD_OK);
    ck_assert_int_eq(dd_interrupt_set_handler(&table, (uint8_t)own_vector, &handler), DD_OK);
    for (uint64_t vector = 0; vector < 300; vector++) {
        struct dd_interrupt_frame frame = {.vector = vector};
        struct call *called = vector == own_vector ? &own : &fallback;

        dd_interrupt_dispatch(&table, &frame);
        wrong += called->frame != &frame;
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_eq(own.count, 1);
    ck_assert_uint_eq(fallback.count, 299);
}

START_TEST(dispatch_finds_the_one_handler_or_the_fallback)
{
    for (unsigned int vector = 0; vector < 256; vector++) {
        check_dispatch_with_handler_of(vector);
    }
}
END_TEST

START_TEST(handlers_without_a_function_are_refused)
{
    const struct dd_interrupt_handler none = {0};
    struct dd_interrupt_table table;
    uint8_t before[sizeof table];

    memset(&table, 0xA5, sizeof table);
    memset(before, 0xA5, sizeof before);
    ck_assert_int_eq(dd_interrupt_table_init(&table, &none), DD_EARG);
    ck_assert_int_eq(dd_interrupt_set_handler(&table, 33, &none), DD_EARG);
    ck_assert_mem_eq(&table, before, sizeof table);
}
END_TEST

/* Two handlers, and one for vectors without; each notes its number, or -1 with another's context. */
static int context_numbers[] = {0, 1, 2};
static volatile int called_number;

static void note_number(int number, const int *context)
{
    called_number = *context == number ? number : -1;
}

static void call_0(struct dd_interrupt_frame *frame, void *context)
{
    (void)frame;
    note_number(0, context);
}

static void call_1(struct dd_interrupt_frame *frame, void *context)
{
    (void)frame;
    note_number(1, context);
}

static void call_2(struct dd_interrupt_frame *frame, void *context)
{
    (void)frame;
    note_number(2, context);
}

static const struct dd_interrupt_handler numbered[] = {
    {call_0, &context_numbers[0]}, {call_1, &context_numbers[1]}, {call_2, &context_numbers[2]}};

/* What the trap handler does after some more instructions of the program. */
static struct {
    struct dd_interrupt_table table;
    const struct dd_interrupt_handler *handler;
    volatile unsigned int steps;
    volatile bool done;
} change;

/* Single steps, by RFLAGS.TF, bit 8. [SDM 1] 3.4.3.3. */
static void change_after_steps(int signal, siginfo_t *info, void *context)
{
    greg_t *rflags = &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];

    (void)signal;
    (void)info;
    if (change.steps > 0) {
        change.steps--;
        *rflags |= 0x100;
        return;
    }
    *rflags &= ~(greg_t)0x100;
    change.done = dd_interrupt_set_handler(&change.table, 33, change.handler) == DD_OK;
}

/* Indices of numbered[]; 2, the fallback, stands for no handler. */
static const struct {
    int before, after;
} changes[] = {{0, 1}, {0, 2}, {2, 1}};

/* Whether the change was before the end of the call; if not, it is now. */
static bool change_came_in_time(void)
{
    bool done = change.done;

    change.steps = 0;
    return done;
}

static const struct dd_interrupt_handler *handler_or_none(int number)
{
    return number == 2 ? NULL : &numbered[number];
}

START_TEST(a_handler_that_changes_at_any_instruction_is_called_with_its_own_context)
{
    struct sigaction action = {.sa_sigaction = change_after_steps, .sa_flags = SA_SIGINFO};
    struct dd_interrupt_frame frame = {.vector = 33};
    unsigned int steps = 0;
    bool seen[3] = {false};
    bool in_time = false;

    ck_assert_int_eq(sigaction(SIGTRAP, &action, NULL), 0);
    ck_assert_int_eq(dd_interrupt_table_init(&change.table, &numbered[2]), DD_OK);
    change.handler = handler_or_none(changes[_i].after);
    do {
        ck_assert_int_eq(
            dd_interrupt_set_handler(&change.table, 33, handler_or_none(changes[_i].before)),
            DD_OK);
        called_number = -1;
        change.done = false;
        change.steps = steps++;
        (void)raise(SIGTRAP);
        dd_interrupt_dispatch(&change.table, &frame);
        in_time = change_came_in_time();
        ck_assert(called_number == changes[_i].before || called_number == changes[_i].after);
        seen[called_number] = true;
    } while (in_time);
    ck_assert(seen[changes[_i].before] && seen[changes[_i].after]);
}
END_TEST

/* RPL of CS and SS 3; RIP and RSP canonical; VM, bit 17, and IOPL, bits 13:12, clear. */
static const struct {
    struct dd_user_start start;
    enum dd_status status;
} starts[] = {
    {{{0x1000}, {0x2000}, 0x2B, 0x23, 0, {0}}, DD_OK},
    {{{0x1000}, {0x2000}, 0x2B, 0x23, 48, {0}}, DD_OK},
    {{{0x1000}, {0x2000}, 0x2B, 0x23, 64, {0}}, DD_EARG},
    {{{0x1000}, {0x2000}, 0x28, 0x23, 0, {0}}, DD_EARG},
    {{{0x1000}, {0x2000}, 0x2A, 0x23, 0, {0}}, DD_EARG},
    {{{0x1000}, {0x2000}, 0x2B, 0x21, 0, {0}}, DD_EARG},
    {{{0x800000000000}, {0x2000}, 0x2B, 0x23, 0, {0}}, DD_ECANONICAL},
    {{{0x800000000000}, {0x2000}, 0x2B, 0x23, 57, {0}}, DD_OK},
    {{{0x1000}, {0x800000000000}, 0x2B, 0x23, 0, {0}}, DD_ECANONICAL},
    {{{0x1000}, {0x100000000000000}, 0x2B, 0x23, 57, {0}}, DD_ECANONICAL},
};

START_TEST(a_program_starts_only_where_iretq_can_go)
{
    struct dd_interrupt_frame frame;
    struct dd_interrupt_frame before;

    memset(&frame, 0xA5, sizeof frame);
    before = frame;
    ck_assert_int_eq(dd_user_frame_init(&starts[_i].start, &frame), starts[_i].status);
    if (starts[_i].status != DD_OK) {
        ck_assert_mem_eq(&frame, &before, sizeof frame);
    } else {
        ck_assert_uint_eq(frame.rip, starts[_i].start.entry.raw);
        ck_assert_uint_eq(frame.rflags, 0x202);
        ck_assert_uint_eq(dd_interrupt_frame_privilege(&frame), 3);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("interrupt");
    TCase *install = tcase_create("install");
    TCase *table = tcase_create("table");
    TCase *user = tcase_create("user");

    tcase_add_loop_test(install, install_points_every_gate_at_its_entry_code, 0, 2);
    tcase_add_test(install, install_refuses_what_cannot_work_and_changes_nothing);
    tcase_add_test(install, hosted_entries_are_distinct);
    suite_add_tcase(suite, install);

    tcase_add_test(table, dispatch_finds_the_one_handler_or_the_fallback);
    tcase_add_test(table, handlers_without_a_function_are_refused);
    tcase_add_loop_test(table,
                        a_handler_that_changes_at_any_instruction_is_called_with_its_own_context, 0,
                        (int)(sizeof changes / sizeof changes[0]));
    suite_add_tcase(suite, table);

    tcase_add_loop_test(user, a_program_starts_only_where_iretq_can_go, 0,
                        (int)(sizeof starts / sizeof starts[0]));
    suite_add_tcase(suite, user);
    return suite;
}
