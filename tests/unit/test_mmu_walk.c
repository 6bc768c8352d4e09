/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/mmu_walk.c: against the manual by hand, against the engine by chance. */
#include <stdlib.h>
#include <string.h>

#include "sim/mmu_walk.h"
#include "tests/unit/machine_case.h"

enum {
    RAM_BYTES = 0x20000
};

static uint8_t ram[RAM_BYTES];
static const struct sim_memory memory = {ram, RAM_BYTES};
static struct sim_cpu cpu;

static void set(uint64_t address, uint64_t value)
{
    memcpy(ram + address, &value, sizeof value);
}

static uint64_t get(uint64_t address)
{
    uint64_t value = 0;

    memcpy(&value, ram + address, sizeof value);
    return value;
}

/* Indices 1, 2, 3, 4 and an offset; reset() puts the tables at 0x1000 to 0x4000. */
#define LINEAR UINT64_C(0x80806041AB)

static void reset(void)
{
    memset(ram, 0, sizeof ram);
    cpu = (struct sim_cpu){
        .cr0 = 0x80010033, .cr3 = 0x1018, .cr4 = 0x620, .efer = 0xD01, .physical_bits = 40};
    set(0x1000 + 8 * 1, 0x2007);
    set(0x2000 + 8 * 2, 0x3007);
    set(0x3000 + 8 * 3, 0x4007);
    set(0x4000 + 8 * 4, 0x9007);
}

static struct sim_walk walk(enum sim_access_kind kind, enum sim_access_mode mode)
{
    return sim_mmu_walk(&cpu, &memory, (struct sim_access){LINEAR, kind, mode});
}

START_TEST(a_walk_reads_four_entries_and_adds_the_offset)
{
    struct sim_walk result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);

    ck_assert_int_eq(result.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.physical, 0x91AB);
    ck_assert_uint_eq(result.page_size, 0x1000);
    ck_assert_uint_eq(result.depth, 4);
    ck_assert_uint_eq(result.steps[0].address, 0x1008);
    ck_assert_uint_eq(result.steps[1].address, 0x2010);
    ck_assert_uint_eq(result.steps[2].address, 0x3018);
    ck_assert_uint_eq(result.steps[3].address, 0x4020);
    ck_assert_uint_eq(result.steps[3].entry, 0x9007);
}
END_TEST

START_TEST(large_pages_end_the_walk)
{
    struct sim_walk result;

    set(0x3018, 0x12600087 | 0x1000); /* 2 MiB with PAT in bit 12 */
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.physical, 0x126041AB);
    ck_assert_uint_eq(result.page_size, 0x200000);
    ck_assert_uint_eq(result.depth, 3);
    set(0x2010, 0x1C0000087);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_uint_eq(result.physical, 0x1C06041AB);
    ck_assert_uint_eq(result.page_size, 0x40000000);
    ck_assert_uint_eq(result.depth, 2);
}
END_TEST

START_TEST(reserved_bits_fault_at_every_level)
{
    static const struct {
        uint64_t address, entry;
        unsigned int depth;
    } cases[] = {
        {0x1008, 0x2087, 1},          /* PS in a PML4E */
        {0x1008, 0x10000002007, 1},   /* bit 40 = MAXPHYADDR */
        {0x2010, 0x8000000003007, 2}, /* bit 51 */
        {0x2010, 0x40002087, 2},      /* 1 GiB page, bit 13 */
        {0x2010, 0x20000087, 2},      /* 1 GiB page, bit 29 */
        {0x3018, 0x2087, 3},          /* 2 MiB page, bit 13 */
        {0x3018, 0x100087, 3},        /* 2 MiB page, bit 20 */
        {0x4020, 0x10000009007, 4},
    };
    struct sim_walk result;

    set(cases[_i].address, cases[_i].entry);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(result.error_code, 0x9);
    ck_assert_uint_eq(result.depth, cases[_i].depth);
    set(cases[_i].address, cases[_i].entry & ~UINT64_C(1)); /* not present: nothing is reserved */
    result = walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_uint_eq(result.error_code, 0x6);
}
END_TEST

START_TEST(bits_software_may_use_are_not_reserved)
{
    set(0x1008, 0x7FF0000000002F07 & ~UINT64_C(0x80)); /* 62:52, 11:8 */
    set(0x4020, 0x7FF0000000009FE7);
    ck_assert_int_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
    cpu.efer &= ~UINT64_C(0x800);
    set(0x4020, 0x8000000000009007); /* XD without EFER.NXE */
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).error_code, 0xD);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0xD);
}
END_TEST

START_TEST(rights_are_those_of_the_strictest_entry)
{
    static const uint64_t addresses[] = {0x1008, 0x2010, 0x3018, 0x4020};
    uint64_t address = addresses[_i];
    uint64_t entry = get(address);

    set(address, entry & ~UINT64_C(2));
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).error_code, 0x3);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_USER).error_code, 0x7);
    set(address, entry & ~UINT64_C(4));
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).error_code, 0x5);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    set(address, entry | UINT64_C(1) << 63);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0x15);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR).error_code, 0x11);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
}
END_TEST

START_TEST(cr0_wp_binds_the_supervisor_only_if_set)
{
    set(0x4020, 0x9005);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).error_code, 0x3);
    cpu.cr0 &= ~UINT64_C(0x10000);
    ck_assert_int_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_USER).error_code, 0x7);
}
END_TEST

START_TEST(smep_and_smap_keep_the_supervisor_off_user_pages)
{
    cpu.cr4 |= 0x100000;
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR).error_code, 0x11);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    cpu.cr4 |= 0x200000;
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).error_code, 0x1);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
    cpu.rflags = 0x40000; /* AC opens it for instructions, not for the processor itself */
    ck_assert_int_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR).error_code, 0x1);
}
END_TEST

START_TEST(a_fetch_is_reported_only_with_nxe_or_smep)
{
    set(0x4020, 0);
    cpu.efer &= ~UINT64_C(0x800);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0x4);
    cpu.cr4 |= 0x100000;
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0x14);
}
END_TEST

START_TEST(addresses_must_be_canonical)
{
    static const struct {
        uint64_t linear;
        enum sim_walk_outcome outcome;
    } cases[] = {{0x00007FFFFFFFFFFF, SIM_WALK_PAGE_FAULT},
                 {0x0000800000000000, SIM_WALK_NONCANONICAL},
                 {0xFFFF7FFFFFFFFFFF, SIM_WALK_NONCANONICAL},
                 {0xFFFF800000000000, SIM_WALK_PAGE_FAULT},
                 {0xFFFFFFFFFFFFFFFF, SIM_WALK_PAGE_FAULT}};
    struct sim_access access = {cases[_i].linear, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR};

    ck_assert_int_eq(sim_mmu_walk(&cpu, &memory, access).outcome, cases[_i].outcome);
}
END_TEST

START_TEST(a_table_outside_ram_ends_the_walk)
{
    static const uint64_t tables[] = {0x20000, 0x1F000, 0xFFFFFFF000};
    struct sim_walk result;

    set(0x3018, tables[_i] | 7);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, _i == 1 ? SIM_WALK_PAGE_FAULT : SIM_WALK_NO_TABLE);
    ck_assert_uint_eq(result.depth, _i == 1 ? 4 : 3);
    cpu.cr3 = 0xFFFFFFFFFF000;
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_NO_TABLE);
}
END_TEST

START_TEST(transfers_cross_pages_and_mark_entries)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t page = LINEAR & ~UINT64_C(0xFFF);
    uint64_t value = 0x1122334455667788;

    set(0x4028, 0x7007);
    ck_assert_int_eq(sim_mmu_write(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(get(0x9FF8) >> 40, 0x667788);
    ck_assert_uint_eq(get(0x7000), 0x1122334455);
    ck_assert_uint_eq(get(0x1008), 0x2027); /* A */
    ck_assert_uint_eq(get(0x4020), 0x9067); /* A, D */
    ck_assert_uint_eq(get(0x4028), 0x7067);
    set(0x4020, 0x9007);
    value = 0;
    ck_assert_int_eq(sim_mmu_read(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(value, 0x1122334455667788);
    ck_assert_uint_eq(get(0x4020), 0x9027);
}
END_TEST

START_TEST(a_transfer_that_cannot_be_completed_does_nothing)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t page = LINEAR & ~UINT64_C(0xFFF);
    uint64_t value = 0x1122334455667788;

    ck_assert_int_eq(sim_mmu_write(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_uint_eq(failure.access.linear, page + 0x1000);
    ck_assert_uint_eq(failure.walk.error_code, 0x2);
    ck_assert_uint_eq(get(0x9FF8), 0);
    ck_assert_uint_eq(get(0x4020), 0x9007);
    set(0x4028, 0x20007);
    ck_assert_int_eq(sim_mmu_read(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_NO_RAM);
    ck_assert_uint_eq(value, 0x1122334455667788);
    ck_assert(!sim_mmu_peek(&mmu, page + 0xFFD, &value, 8));
}
END_TEST

/*
 * By chance. PML4 entry 1 gets tables with random bits at 0x200000 to 0x202FFF, entry 2 maps the
 * page of ring-3 code. Ring 3 ends with INT 0x80, for which there is no gate.
 */
enum {
    ROUNDS = 4000
};

#define TABLES      UINT64_C(0x200000)
#define USER_TABLES UINT64_C(0x210000)
#define USER_PAGE   UINT64_C(0x220000)
#define USER_LINEAR UINT64_C(0x10000000000)

static uint64_t random_state;

static uint64_t chance(uint64_t count)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % count;
}

static uint64_t random_entry(uint64_t next, unsigned int depth)
{
    uint64_t entry = next;

    entry |= chance(12) != 0 ? 1 : 0;
    entry |= chance(4) != 0 ? 2 : 0;
    entry |= chance(3) != 0 ? 4 : 0;
    entry |= chance(10) == 0 ? UINT64_C(1) << 63 : 0;
    entry |= chance(25) == 0 ? UINT64_C(1) << (40 + chance(12)) : 0;
    entry |= chance(8) == 0 ? UINT64_C(1) << (52 + chance(11)) : 0;
    if (depth == 1 && chance(6) == 0) {
        entry = (entry & ~UINT64_C(0x3FFFF000)) | 0x80;
    } else if (depth == 2 && chance(4) == 0) {
        entry = (entry & ~UINT64_C(0x1FF000)) | 0x80;
    } else if (depth == 0 && chance(40) == 0) {
        entry |= 0x80;
    }
    if (depth < 3 && (entry & 0x80) != 0 && chance(10) == 0) {
        entry |= UINT64_C(0x1000) << chance(9); /* PAT or reserved */
    }
    return entry;
}

static uint64_t build_random_tables(uint64_t root)
{
    uint64_t indices[4] = {1, chance(512), chance(16), chance(512)};
    uint64_t tables[4] = {root, TABLES, TABLES + 0x1000, TABLES + 0x2000};
    uint64_t linear = chance(4096 - 8);

    for (unsigned int depth = 0; depth < 4; depth++) {
        uint64_t next = depth < 3 ? tables[depth + 1] : 0x300000 + 0x1000 * chance(64);

        if (depth == 3 && chance(20) == 0) {
            next = 0x1000000 + 0x1000 * chance(16); /* no RAM there */
        }
        poke(tables[depth] + 8 * indices[depth], random_entry(next, depth));
        linear |= indices[depth] << (39 - 9 * depth);
    }
    return linear;
}

static void set_up_user_page(uint64_t root)
{
    poke(root + 16, USER_TABLES | 7);
    poke(USER_TABLES, (USER_TABLES + 0x1000) | 7);
    poke(USER_TABLES + 0x1000, (USER_TABLES + 0x2000) | 7);
    poke(USER_TABLES + 0x2000, USER_PAGE | 7);
}

/* movq %rbx, %cr0; movq %rcx, %cr4; movl $0xC0000080, %ecx; wrmsr; movq %rsi, %cr3 */
static void set_controls(const struct sim_cpu *controls)
{
    struct sim_registers registers = {
        .rbx = controls->cr0, .rcx = controls->cr4, .rax = controls->efer, .rsi = controls->cr3};
    struct sim_result result = EXECUTE(&registers, 0x0F, 0x22, 0xC3, 0x0F, 0x22, 0xE1, 0xB9, 0x80,
                                       0x00, 0x00, 0xC0, 0x0F, 0x30, 0x0F, 0x22, 0xDE);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
}

static struct sim_result access_as_supervisor(const struct sim_access *access, bool ac,
                                              struct sim_registers *registers)
{
    /* pushq $0x40002 or $2; popfq; one of three accesses; int $0x80 */
    uint8_t code[] = {0x68, 0x02, 0x00, ac ? 4 : 0, 0x00, 0x9D, 0x8A, 0x02, 0xCD, 0x80};

    code[6] = access->kind == SIM_ACCESS_WRITE ? 0x88 : code[6];
    if (access->kind == SIM_ACCESS_FETCH) {
        code[6] = 0xFF;
        code[7] = 0xE2;
    }
    return execute(code, sizeof code, registers);
}

static struct sim_result access_as_user(const struct sim_access *access,
                                        struct sim_registers *registers)
{
    static const uint8_t accesses[3][4] = {
        {0x8A, 0x02, 0xCD, 0x80}, {0x88, 0x02, 0xCD, 0x80}, {0xFF, 0xE2, 0xCD, 0x80}};
    /* pushq $0x1B; pushq $0; pushq $2; pushq $0x23; pushq %rsi; iretq */
    static const uint8_t enter[] = {0x6A, 0x1B, 0x6A, 0x00, 0x6A, 0x02,
                                    0x6A, 0x23, 0x56, 0x48, 0xCF};

    memcpy(sim_machine_ram(machine, USER_PAGE + 16 * (uint64_t)access->kind, 4),
           accesses[access->kind], 4);
    registers->rsi = USER_LINEAR + 16 * (uint64_t)access->kind;
    return execute(enter, sizeof enter, registers);
}

/* What the engine did, in the words of the walker. A run that did the access ends with INT 0x80. */
static enum sim_walk_outcome outcome_of(const struct sim_result *result)
{
    if (result->stop == SIM_STOP_FAULT && result->fault.vector == 14) {
        return SIM_WALK_PAGE_FAULT;
    }
    return SIM_WALK_MAPPED;
}

static void compare(const struct sim_cpu *controls, struct sim_access access)
{
    const struct sim_memory machine_memory = {sim_machine_ram(machine, 0, 1),
                                              sim_machine_ram_size(machine)};
    struct sim_walk expected = sim_mmu_walk(controls, &machine_memory, access);
    struct sim_registers registers = {.rdx = access.linear};
    bool mapped = expected.outcome == SIM_WALK_MAPPED;
    bool in_ram = mapped && expected.physical < machine_memory.size;
    struct sim_result result;
    char text[1024];

    if (in_ram && access.kind == SIM_ACCESS_FETCH) {
        memcpy(machine_memory.bytes + expected.physical, "\xCD\x80", 2);
        sim_machine_forget_code(machine);
    } else if (in_ram) {
        registers.rax = machine_memory.bytes[expected.physical];
    }
    result = access.mode == SIM_MODE_USER
                 ? access_as_user(&access, &registers)
                 : access_as_supervisor(&access, (controls->rflags & 0x40000) != 0, &registers);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(outcome_of(&result) == expected.outcome,
                  "linear %lx kind %d mode %d entry %lx: walker %d, engine: %s", access.linear,
                  (int)access.kind, (int)access.mode, expected.steps[expected.depth - 1].entry,
                  (int)expected.outcome, text);
    if (mapped) {
        ck_assert_msg((result.stop == SIM_STOP_ENGINE) == !in_ram, "%s", text);
    } else {
        ck_assert_msg(result.fault.error_code == expected.error_code,
                      "linear %lx kind %d mode %d cr0 %lx cr4 %lx efer %lx: walker 0x%x, engine %s",
                      access.linear, (int)access.kind, (int)access.mode, controls->cr0,
                      controls->cr4, controls->efer, expected.error_code, text);
        ck_assert_uint_eq(result.fault.cr2, access.linear);
    }
}

START_TEST(the_engine_agrees_on_random_tables)
{
    struct sim_cpu controls = {.physical_bits = 40, .cr3 = 0x1000};

    random_state = 20240000u + (uint64_t)_i;
    set_up_user_page(controls.cr3);
    for (unsigned int round = 0; round < ROUNDS / 4; round++) {
        struct sim_access access = {0, (enum sim_access_kind)chance(3),
                                    chance(2) != 0 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR};

        access.linear = build_random_tables(controls.cr3);
        controls.cr0 = chance(4) != 0 ? 0x80010033 : 0x80000033;
        controls.cr4 = 0x620 | chance(4) << 20;
        controls.efer = chance(4) != 0 ? 0xD01 : 0x501;
        controls.rflags = access.mode != SIM_MODE_USER && chance(2) != 0 ? 0x40002 : 2;
        set_controls(&controls);
        compare(&controls, access);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk");
    TCase *manual = tcase_create("manual");
    TCase *transfer = tcase_create("transfer");
    TCase *engine = tcase_create("engine");

    tcase_add_checked_fixture(manual, reset, NULL);
    tcase_add_test(manual, a_walk_reads_four_entries_and_adds_the_offset);
    tcase_add_test(manual, large_pages_end_the_walk);
    tcase_add_loop_test(manual, reserved_bits_fault_at_every_level, 0, 8);
    tcase_add_test(manual, bits_software_may_use_are_not_reserved);
    tcase_add_loop_test(manual, rights_are_those_of_the_strictest_entry, 0, 4);
    tcase_add_test(manual, cr0_wp_binds_the_supervisor_only_if_set);
    tcase_add_test(manual, smep_and_smap_keep_the_supervisor_off_user_pages);
    tcase_add_test(manual, a_fetch_is_reported_only_with_nxe_or_smep);
    tcase_add_loop_test(manual, addresses_must_be_canonical, 0, 5);
    tcase_add_loop_test(manual, a_table_outside_ram_ends_the_walk, 0, 3);
    suite_add_tcase(suite, manual);

    tcase_add_checked_fixture(transfer, reset, NULL);
    tcase_add_test(transfer, transfers_cross_pages_and_mark_entries);
    tcase_add_test(transfer, a_transfer_that_cannot_be_completed_does_nothing);
    suite_add_tcase(suite, transfer);

    tcase_add_checked_fixture(engine, machine_case_open, machine_case_close);
    tcase_add_loop_test(engine, the_engine_agrees_on_random_tables, 0, 4);
    tcase_set_timeout(engine, 30);
    suite_add_tcase(suite, engine);
    return suite;
}
