/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual time: each instruction that is executed counts once, whoever looks at it. What is counted
 * here by hand is nanoseconds, one an instruction; see sim/machine/device.h.
 */
#include <string.h>

#include "tests/unit/debug_case.h"

enum {
    PF = 14,
    TIMER = 0x40 /* vector */
};

#define HANDLER UINT64_C(0x225000)
#define PTE     UINT64_C(0x202000) /* of UNMAPPED, see map_unmapped */

/* DR7: G0 for DR0, or nothing, at writes of 4 bytes. */
#define WRITE_4  UINT64_C(0x000D0402)
#define DISABLED UINT64_C(0x000D0400)

/* Virtual time of some code, with RDX on a page that is not mapped. */
static uint64_t measure(const uint8_t *code, size_t size)
{
    struct sim_registers registers = {.rdx = UNMAPPED, .rdi = DATA};
    uint64_t start = 0;

    /* The clock is set when a run begins; this one takes two instructions, NOP and HLT. */
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
    start = sim_machine_clock(machine)->now + 2;
    ck_assert_int_eq(execute(code, size, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
    return sim_machine_clock(machine)->now - start;
}

/* Instructions in whose place a block may be left and entered again. */
static const struct {
    const char *name;
    uint8_t code[4];
    uint8_t size;
} places[] = {
    {"nop", {0x90}, 1},
    {"movq (%rdx), %rax, which faults", {0x48, 0x8B, 0x02}, 3},
    {"movq %cr8, %rax", {0x44, 0x0F, 0x20, 0xC0}, 4},
    {"rdrand %eax", {0x0F, 0xC7, 0xF0}, 3},
    {"xgetbv, #UD", {0x0F, 0x01, 0xD0}, 3},
    {"movl %eax, (%rdi), which is stepped", {0x89, 0x07}, 2},
};

START_TEST(instructions_after_a_stop_count_once)
{
    uint8_t code[32] = {0x90, 0x90};
    size_t size = 2 + places[_i].size;
    uint64_t fewer = 0;

    memset(code, 0x90, sizeof code);
    memcpy(code + 2, places[_i].code, places[_i].size);
    on_event(PF, 0, places[_i].size);
    on_event(6, 0, places[_i].size);
    set_breakpoint(DATA + 64, WRITE_4);
    fewer = measure(code, size + 1);
    ck_assert_msg(measure(code, size + 9) - fewer == 8, "%s", places[_i].name);
}
END_TEST

START_TEST(instructions_before_a_fault_count_once)
{
    static const uint8_t few[] = {0x90, 0x48, 0x8B, 0x02, 0x90};
    static const uint8_t more[] = {0x90, 0x90, 0x90, 0x90, 0x48, 0x8B, 0x02, 0x90};
    uint64_t fewer = 0;

    on_event(PF, 0, 3);
    fewer = measure(few, sizeof few);
    ck_assert_uint_eq(measure(more, sizeof more) - fewer, 3);
}
END_TEST

/* CLTS is looked at and then left to the engine. */
START_TEST(system_instruction_counts_once)
{
    static const uint8_t code[] = {0x90, 0x0F, 0x06, 0x90}; /* nop; clts; nop */

    ck_assert_uint_eq(measure(code, sizeof code), 4); /* with HLT */
}
END_TEST

/* What has been read of the time-stamp counter does not come again after a fault in its block. */
START_TEST(time_never_goes_back)
{
    /* rdtsc; addq $8, %rsp; addq $3, (%rsp); iretq */
    static const uint8_t handler[] = {0x0F, 0x31, 0x48, 0x83, 0xC4, 0x08, 0x48,
                                      0x83, 0x04, 0x24, 0x03, 0x48, 0xCF};
    /* rdtsc; movl %eax, %ebx; movq (%rsi), %rcx; nop… */
    uint8_t code[48] = {0x0F, 0x31, 0x89, 0xC3, 0x48, 0x8B, 0x0E};
    struct sim_registers registers = {.rsi = UNMAPPED};

    memset(code + 7, 0x90, sizeof code - 7);
    memcpy(sim_machine_ram(machine, HANDLER, sizeof handler), handler, sizeof handler);
    set_gate(PF, HANDLER, UINT64_C(0x8E00) << 32 | 0x80000);
    ck_assert_int_eq(execute(code, sizeof code, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_gt(registers.rax, registers.rbx);
}
END_TEST

/* Interrupts at all distances from the store, which is stepped or not. */
static uint64_t run_with_timer(uint64_t dr7)
{
    struct sim_registers registers = {.rdi = DATA, .rcx = 2000};

    set_breakpoint(DATA + 64, dr7);
    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(0xF0, 0x1FF);            /* enabled */
    write_apic(0x3E0, 0xB);             /* divide by 1 */
    write_apic(0x320, 0x20000 | TIMER); /* periodic */
    write_apic(0x380, 97);
    ck_assert_int_eq(EXECUTE(&registers, 0xFB, 0x31, 0xDB, /* sti; xorl %ebx, %ebx */
                             0x90, 0x89, 0x07, 0x90, 0x90, /* 1: nop; movl %eax, (%rdi); nops */
                             0x0F, 0x31, 0x01, 0xC3, 0x90, /* rdtsc; addl %eax, %ebx; nop */
                             0xFF, 0xC9, 0x75, 0xF2, 0xFA) /* decl %ecx; jnz 1b; cli */
                         .stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_gt(event_count(), 10);
    check_no_debug();
    return registers.rbx;
}

START_TEST(a_data_breakpoint_that_is_not_hit_costs_no_time)
{
    struct sim_snapshot *snapshot = take_snapshot();
    uint64_t plain = run_with_timer(DISABLED);
    uint64_t hash = sim_machine_trace(machine)->hash;

    restore_snapshot(snapshot);
    ck_assert_uint_eq(run_with_timer(WRITE_4), plain);
    ck_assert_uint_eq(sim_machine_trace(machine)->hash, hash);
    sim_snapshot_free(snapshot);
}
END_TEST

/* Writes to a page table, some of them in the middle of a block, with the time read around them. */
static struct sim_registers run_audited(enum sim_machine_audit audit, uint64_t *hash)
{
    const struct sim_machine_options options = {.ram_bytes = UINT64_C(16) << 20, .audit = audit};
    struct sim_registers registers = {.rdx = UNMAPPED, .rcx = PTE, .rsi = 100};
    struct sim_error error = {""};

    machine = sim_machine_create_with(&options, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
    map_unmapped(0x300007);
    EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax: the table is one in use */
    EXECUTE(&registers, 0x48, 0x83, 0x41, 0x08, 0x00, /* 1: addq $0, 8(%rcx) */
            0x0F, 0x31, 0x01, 0xC3,                   /* rdtsc; addl %eax, %ebx */
            0x48, 0x83, 0x41, 0x10, 0x00,             /* addq $0, 16(%rcx) */
            0x44, 0x0F, 0x22, 0xC7,                   /* movq %rdi, %cr8, which is traced */
            0x90, 0xFF, 0xCE, 0x75, 0xE9);            /* nop; decl %esi; jnz 1b */
    *hash = sim_machine_trace(machine)->hash;
    ck_assert_uint_eq(sim_machine_findings(machine)->count, 0);
    machine_case_close();
    return registers;
}

START_TEST(the_audit_costs_no_time)
{
    uint64_t audited_hash = 0;
    uint64_t plain_hash = 0;
    const struct sim_registers audited = run_audited(SIM_MACHINE_AUDITED, &audited_hash);
    const struct sim_registers plain = run_audited(SIM_MACHINE_UNAUDITED, &plain_hash);

    ck_assert_uint_eq(audited.rbx, plain.rbx);
    ck_assert_uint_eq(audited_hash, plain_hash);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_time");
    TCase *tcase = tcase_create("core");
    TCase *audit = tcase_create("audit");

    tcase_add_checked_fixture(tcase, debug_case_open, event_case_close);
    tcase_add_loop_test(tcase, instructions_after_a_stop_count_once, 0,
                        sizeof places / sizeof places[0]);
    tcase_add_test(tcase, instructions_before_a_fault_count_once);
    tcase_add_test(tcase, system_instruction_counts_once);
    tcase_add_test(tcase, time_never_goes_back);
    tcase_add_test(tcase, a_data_breakpoint_that_is_not_hit_costs_no_time);
    suite_add_tcase(suite, tcase);
    tcase_add_test(audit, the_audit_costs_no_time);
    suite_add_tcase(suite, audit);
    return suite;
}
