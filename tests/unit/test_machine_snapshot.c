/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot forgets nothing of the processor. What there is to remember: [SDM 3A] 2.1, table 9-1;
 * [SDM 1] 3.4, 8.1, 10.2. RAM and devices have files of their own.
 */
#include "tests/unit/event_case.h"

/* How a register is written from RAX, or from the word at RSI, and read into RAX. */
static const struct processor_register {
    uint8_t write[8], write_size;
    uint8_t read[12], read_size;
    uint64_t value;
} processor_registers[] = {
    /* movq %rax, %xmm0; %xmm7; %xmm15 */
    {{0x66, 0x48, 0x0F, 0x6E, 0xC0}, 5, {0x66, 0x48, 0x0F, 0x7E, 0xC0}, 5, 0x1122334455667788},
    {{0x66, 0x48, 0x0F, 0x6E, 0xF8}, 5, {0x66, 0x48, 0x0F, 0x7E, 0xF8}, 5, 0x1122334455667788},
    {{0x66, 0x4C, 0x0F, 0x6E, 0xF8}, 5, {0x66, 0x4C, 0x0F, 0x7E, 0xF8}, 5, 0x1122334455667788},
    /* fldl (%rsi): what fstl (%rdi) stores, and TOP in the status word */
    {{0xDD, 0x06}, 2, {0xDD, 0x17, 0x48, 0x8B, 0x07}, 5, 0x3FF8000000000000},
    {{0xDD, 0x06}, 2, {0xDF, 0xE0}, 2, 0},
    {{0xD9, 0x2E}, 2, {0xD9, 0x3F, 0x0F, 0xB7, 0x07}, 5, 0x077F}, /* fldcw; fnstcw */
    /* ldmxcsr (%rsi); stmxcsr (%rdi) */
    {{0x0F, 0xAE, 0x16}, 3, {0x0F, 0xAE, 0x1F, 0x8B, 0x07}, 5, 0x9FC0},
    /* DS, ES, FS, GS, SS */
    {{0x8E, 0xD8}, 2, {0x8C, 0xD8}, 2, 0x1B},
    {{0x8E, 0xC0}, 2, {0x8C, 0xC0}, 2, 0x1B},
    {{0x8E, 0xE0}, 2, {0x8C, 0xE0}, 2, 0x1B},
    {{0x8E, 0xE8}, 2, {0x8C, 0xE8}, 2, 0x1B},
    {{0x8E, 0xD0}, 2, {0x8C, 0xD0}, 2, 0x00},
    /* LDTR, which sldt stores */
    {{0x0F, 0x00, 0xD0}, 3, {0x0F, 0x00, 0xC0}, 3, 0x30},
    /* lgdt (%rsi), sgdt (%rdi); lidt, sidt: limits */
    {{0x0F, 0x01, 0x16}, 3, {0x0F, 0x01, 0x07, 0x0F, 0xB7, 0x07}, 6, 0x50000043},
    {{0x0F, 0x01, 0x1E}, 3, {0x0F, 0x01, 0x0F, 0x0F, 0xB7, 0x07}, 6, 0x123},
    /* CR0.TS, CR2, CR3.PCD, CR4.TSD, CR8 */
    {{0x0F, 0x22, 0xC0}, 3, {0x0F, 0x20, 0xC0}, 3, 0x8001003B},
    {{0x0F, 0x22, 0xD0}, 3, {0x0F, 0x20, 0xD0}, 3, 0x1234567},
    {{0x0F, 0x22, 0xD8}, 3, {0x0F, 0x20, 0xD8}, 3, 0x1010},
    {{0x0F, 0x22, 0xE0}, 3, {0x0F, 0x20, 0xE0}, 3, 0x440624},
    {{0x44, 0x0F, 0x22, 0xC0}, 4, {0x44, 0x0F, 0x20, 0xC0}, 4, 9},
    /* DR0 to DR3, DR6, DR7 */
    {{0x0F, 0x23, 0xC0}, 3, {0x0F, 0x21, 0xC0}, 3, 0x111},
    {{0x0F, 0x23, 0xC8}, 3, {0x0F, 0x21, 0xC8}, 3, 0x222},
    {{0x0F, 0x23, 0xD0}, 3, {0x0F, 0x21, 0xD0}, 3, 0x333},
    {{0x0F, 0x23, 0xD8}, 3, {0x0F, 0x21, 0xD8}, 3, 0x444},
    {{0x0F, 0x23, 0xF0}, 3, {0x0F, 0x21, 0xF0}, 3, 0xFFFF4FF0},
    {{0x0F, 0x23, 0xF8}, 3, {0x0F, 0x21, 0xF8}, 3, 0x700},
    /* xsetbv, xgetbv; wrpkru, rdpkru: CR4 allows both, see open_snapshots */
    {{0x0F, 0x01, 0xD1}, 3, {0x0F, 0x01, 0xD0}, 3, 3},
    {{0x0F, 0x01, 0xEF}, 3, {0x0F, 0x01, 0xEE}, 3, 0xC},
    /* sti; pushfq; popq %rax */
    {{0xFB, 0x90}, 2, {0x9C, 0x58}, 2, 0},
    /* rdrand: the next number, the generator's state */
    {{0x48, 0x0F, 0xC7, 0xF3}, 4, {0x48, 0x0F, 0xC7, 0xF0}, 4, 0},
    /* rdtsc */
    {{0x90}, 1, {0x0F, 0x31}, 2, 0},
};

/* A descriptor of an LDT at 0x30, and CR4.OSXSAVE and PKE. */
static void open_snapshots(void)
{
    struct sim_registers registers = {.rdi = 0};

    event_case_open();
    registers.rdi = sim_machine_scratch(machine);
    poke(0x5030, 0x0000824000000007);
    poke(0x5038, 0);
    poke(registers.rdi, 0x3F | UINT64_C(0x5000) << 16);
    poke(registers.rdi + 8, 0);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    RUN_VALUE(0x440620, 0, 0x0F, 0x22, 0xE0);
}

START_TEST(every_register_of_the_processor_comes_back)
{
    const struct processor_register *reg = &processor_registers[_i];
    struct sim_snapshot *snapshot = NULL;
    uint64_t before = 0;
    uint64_t changed = 0;

    poke(sim_machine_scratch(machine) + 16, reg->value);
    snapshot = take_snapshot();
    before = run_value(reg->read, reg->read_size, 0, 0);
    restore_snapshot(snapshot);
    for (int round = 0; round < 3; round++) {
        (void)run_value(reg->write, reg->write_size, reg->value, 0);
        changed = run_value(reg->read, reg->read_size, 0, 0);
        ck_assert_uint_ne(changed, before);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(run_value(reg->read, reg->read_size, 0, 0), before);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

static const struct {
    uint32_t index;
    uint64_t value;
} model_specific_registers[] = {
    {0x3B, 0x12345},
    {0x174, 0x18},
    {0x175, 0x111000},
    {0x176, 0x222000},
    {0x17A, 0x1},
    {0x1A0, 0x1800},
    {0x1D9, 0x1},
    {0x200, 0x80000006},
    {0x20F, 0xFF00000800},
    {0x250, 0x0606060606060606},
    {0x259, 0x0505050505050505},
    {0x26F, 0x0404040404040404},
    {0x277, 0x0007010600070106},
    {0x2FF, 0xC06},
    {0x1B, 0xFEE00100},
    {0x6E0, 0},
    {0xC0000080, 0xD00},
    {0xC0000081, 0x0013000800000000},
    {0xC0000082, 0x333000},
    {0xC0000083, 0x444000},
    {0xC0000084, 0x47700},
    {0xC0000100, 0x555000},
    {0xC0000101, 0x666000},
    {0xC0000102, 0x777000},
    {0xC0000103, 0x5},
};

START_TEST(every_model_specific_register_comes_back)
{
    /* rdmsr; shlq $32, %rdx; orq %rdx, %rax */
    static const uint8_t read[] = {0x0F, 0x32, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0};
    uint32_t index = model_specific_registers[_i].index;
    uint64_t value = model_specific_registers[_i].value;
    struct sim_snapshot *snapshot = take_snapshot();
    uint64_t before = run_value(read, sizeof read, 0, index);

    RUN_VALUE(value, index, 0x0F, 0x30);
    ck_assert_uint_eq(run_value(read, sizeof read, 0, index), value);
    ck_assert(value != before || index == 0x1B || index == 0x6E0);
    restore_snapshot(snapshot);
    ck_assert_uint_eq(run_value(read, sizeof read, 0, index), before);
    sim_snapshot_free(snapshot);
}
END_TEST

/* A loop that counts in RBX, stores it and shows it to the trace; stopped in the middle. */
START_TEST(general_registers_rip_time_and_trace_come_back)
{
    /* 1: incq %rbx; movq %rbx, (%rdi); outb %al, $0x80; jmp 1b */
    static const uint8_t loop[] = {0x48, 0xFF, 0xC3, 0x48, 0x89, 0x1F, 0xE6, 0x80, 0xEB, 0xF6};
    const struct sim_trace *trace = sim_machine_trace(machine);
    const struct sim_clock *clock = sim_machine_clock(machine);
    struct sim_registers registers = {.rbx = 0, .rdi = sim_machine_scratch(machine)};
    struct sim_snapshot *snapshot = NULL;
    uint64_t at[3]; /* count, time and hash with the snapshot */
    uint64_t end[3] = {0};

    sim_machine_set_budget(machine, 1000);
    ck_assert_int_eq(execute(loop, sizeof loop, &registers).stop, SIM_STOP_BUDGET);
    snapshot = take_snapshot();
    at[0] = peek(registers.rdi);
    at[1] = clock->now;
    at[2] = trace->hash;
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(sim_machine_run(machine).stop, SIM_STOP_BUDGET);
        if (round == 0) {
            end[0] = peek(registers.rdi);
            end[1] = clock->now;
            end[2] = trace->hash;
        }
        ck_assert_uint_gt(end[0], at[0]);
        ck_assert_uint_gt(end[1], at[1]);
        ck_assert_uint_ne(end[2], at[2]);
        ck_assert_uint_eq(peek(registers.rdi), end[0]);
        ck_assert_uint_eq(clock->now, end[1]);
        ck_assert_uint_eq(trace->hash, end[2]);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(peek(registers.rdi), at[0]);
        ck_assert_uint_eq(clock->now, at[1]);
        ck_assert_uint_eq(trace->hash, at[2]);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* The rights that PKRU gives, not only the register. [SDM 3A] 4.6.2: key 1, error code P and PK. */
START_TEST(protection_keys_refuse_what_they_refused)
{
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_snapshot *snapshot = NULL;

    map_unmapped(0x0800000000300007);
    on_event(14, 0, 3);
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        EXECUTE(&registers, 0x48, 0x8B, 0x02);
        ck_assert_uint_eq(event_count(), 0);
        RUN_VALUE(0xC, 0, 0x0F, 0x01, 0xEF); /* wrpkru: AD1, WD1 */
        EXECUTE(&registers, 0x48, 0x8B, 0x02);
        check_only_event(14, 0x21, CODE);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* The code of sim_machine_execute is RAM as any other. */
START_TEST(code_that_was_interrupted_goes_on_although_other_code_was_executed_since)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};
    struct sim_snapshot *snapshot = NULL;

    sim_machine_set_budget(machine, 100);
    /* 1: incq (%rdi); jmp 1b */
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0xFF, 0x07, 0xEB, 0xFB).stop, SIM_STOP_BUDGET);
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        EXECUTE(NULL, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90);
        restore_snapshot(snapshot);
        ck_assert_int_eq(sim_machine_run(machine).stop, SIM_STOP_BUDGET);
        ck_assert_uint_gt(peek(registers.rdi), 190);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(the_shadow_of_sti_comes_back)
{
    struct sim_snapshot *snapshot = NULL;

    write_apic(0x300, 0x44040);
    sim_machine_set_budget(machine, 1);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xF4).stop, SIM_STOP_BUDGET);
    sim_machine_set_budget(machine, 1000);
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        (void)sim_machine_run(machine);
        check_only_event(0x40, -1, CODE + 2);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(blocked_nmis_are_blocked_again)
{
    struct sim_snapshot *snapshot = NULL;
    struct sim_registers send = {.rax = 0x4400, .rdx = 0xFEE00300};

    poke(0x230000, 0xCF4890F4E6); /* outb %al, $0xF4; nop; iretq */
    set_gate(2, 0x230000, (UINT64_C(0x8E00) << 32) | 0x80000);
    ck_assert_int_eq(EXECUTE(&send, 0x89, 0x02, 0xEB, 0x00, 0x90).stop, SIM_STOP_EXITED);
    snapshot = take_snapshot();
    ck_assert_int_eq(sim_machine_run(machine).stop, SIM_STOP_HALTED);
    ck_assert_int_eq(EXECUTE(&send, 0x89, 0x02, 0xEB, 0x00, 0x90).stop, SIM_STOP_EXITED);
    restore_snapshot(snapshot);
    ck_assert_int_eq(EXECUTE(&send, 0x89, 0x02, 0xEB, 0x00, 0x90).stop, SIM_STOP_RETURNED);
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_pending_interrupt_comes_again_after_each_restore)
{
    struct sim_snapshot *snapshot = NULL;

    on_event(0x40, EVENT_APIC_EOI, 0);
    write_apic(0x300, 0x44040);
    snapshot = take_snapshot();
    for (int round = 0; round < 3; round++) {
        EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
        check_only_event(0x40, -1, CODE + 2);
        EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
        ck_assert_uint_eq(event_count(), 0);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_snapshot");
    TCase *processor = tcase_create("processor");

    tcase_add_checked_fixture(processor, open_snapshots, event_case_close);
    tcase_add_loop_test(processor, every_register_of_the_processor_comes_back, 0,
                        (int)(sizeof processor_registers / sizeof processor_registers[0]));
    tcase_add_loop_test(
        processor, every_model_specific_register_comes_back, 0,
        (int)(sizeof model_specific_registers / sizeof model_specific_registers[0]));
    tcase_add_test(processor, general_registers_rip_time_and_trace_come_back);
    tcase_add_test(processor, protection_keys_refuse_what_they_refused);
    tcase_add_test(processor,
                   code_that_was_interrupted_goes_on_although_other_code_was_executed_since);
    tcase_add_test(processor, the_shadow_of_sti_comes_back);
    tcase_add_test(processor, blocked_nmis_are_blocked_again);
    tcase_add_test(processor, a_pending_interrupt_comes_again_after_each_restore);
    suite_add_tcase(suite, processor);

    return suite;
}
