/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page walker against real instructions, by chance; with the machine's MMU and with the
 * engine's. PML4 entry 1 gets tables with random bits at 0x200000 to 0x202FFF, entry 2 maps the
 * page of ring-3 code. Ring 3 ends with INT 0x80, for which there is no gate.
 */
#include <string.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/machine_case.h"

enum {
    ROUNDS = 4000
};

#define TABLES      UINT64_C(0x200000)
#define USER_TABLES UINT64_C(0x210000)
#define USER_PAGE   UINT64_C(0x220000)
#define USER_LINEAR UINT64_C(0x10000000000)

static uint64_t random_state;
static bool engine_mmu;

static void open_own(void)
{
    engine_mmu = false;
    machine_case_open();
}

static void open_engine(void)
{
    engine_mmu = true;
    machine_case_open_engine();
}

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

static void set_controls(const struct sim_cpu *controls)
{
    struct sim_registers registers = {
        .rbx = controls->cr0, .rcx = controls->cr4, .rax = controls->efer, .rsi = controls->cr3};
    struct sim_registers keys = {.rax = controls->pkru};
    /* movq %rbx, %cr0; movq %rcx, %cr4; movl $0xC0000080, %ecx; wrmsr; movq %rsi, %cr3 */
    struct sim_result result = EXECUTE(&registers, 0x0F, 0x22, 0xC3, 0x0F, 0x22, 0xE1, 0xB9, 0x80,
                                       0x00, 0x00, 0xC0, 0x0F, 0x30, 0x0F, 0x22, 0xDE);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    if ((controls->cr4 & 0x400000) != 0) {
        result = EXECUTE(&keys, 0x0F, 0x01, 0xEF); /* wrpkru */
        ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    }
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
    const struct sim_memory machine_memory = {.bytes = sim_machine_ram(machine, 0, 1),
                                              .size = sim_machine_ram_size(machine)};
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
        /* Where nobody answers, the machine reads ones, but executes nothing. */
        bool ends = !in_ram && (engine_mmu || access.kind == SIM_ACCESS_FETCH);

        ck_assert_msg((result.stop == SIM_STOP_ENGINE) == ends, "%s", text);
    } else {
        ck_assert_msg(result.fault.error_code == expected.error_code,
                      "linear %lx kind %d mode %d cr0 %lx cr4 %lx efer %lx: walker 0x%x, engine %s",
                      access.linear, (int)access.kind, (int)access.mode, controls->cr0,
                      controls->cr4, controls->efer, expected.error_code, text);
        ck_assert_uint_eq(result.fault.cr2, access.linear);
    }
}

START_TEST(the_guest_agrees_on_random_tables)
{
    struct sim_cpu controls = {.physical_bits = 40, .cr3 = 0x1000};

    random_state = 20240000u + (uint64_t)_i;
    set_up_user_page(controls.cr3);
    for (unsigned int round = 0; round < ROUNDS / 4; round++) {
        struct sim_access access = {0, (enum sim_access_kind)chance(3),
                                    chance(2) != 0 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR};

        access.linear = build_random_tables(controls.cr3);
        controls.cr0 = chance(4) != 0 ? 0x80010033 : 0x80000033;
        controls.cr4 = 0x620 | chance(8) << 20; /* SMEP, SMAP, PKE */
        controls.pkru = (uint32_t)(chance(UINT64_C(1) << 16) << 16 | chance(UINT64_C(1) << 16));
        controls.efer = chance(4) != 0 ? 0xD01 : 0x501;
        controls.rflags = access.mode != SIM_MODE_USER && chance(2) != 0 ? 0x40002 : 2;
        set_controls(&controls);
        compare(&controls, access);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_engine");
    TCase *own = tcase_create("own");
    TCase *engine = tcase_create("engine");

    tcase_add_checked_fixture(own, open_own, machine_case_close);
    tcase_add_loop_test(own, the_guest_agrees_on_random_tables, 0, 4);
    tcase_set_timeout(own, 30);
    suite_add_tcase(suite, own);

    tcase_add_checked_fixture(engine, open_engine, machine_case_close);
    tcase_add_loop_test(engine, the_guest_agrees_on_random_tables, 0, 4);
    tcase_set_timeout(engine, 30);
    suite_add_tcase(suite, engine);
    return suite;
}
