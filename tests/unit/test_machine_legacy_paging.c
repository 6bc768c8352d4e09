/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 32-bit and PAE paging inside the machine, with its own MMU and with the engine's: the permissions
 * that tables of two and three levels can express. Expectations: [SDM 3A] 4.3, 4.4, 4.6 to 4.8, in
 * the words of paging_matrix.h, whose predictor does not ask how many levels there are.
 */
#include <string.h>

#include "sim/machine/snapshot.h"
#include "tests/unit/paging_matrix.h"

enum mode {
    MODE_32_BIT,
    MODE_PAE,
};

enum {
    WORDS = 0x223000, /* of guest/legacy_paging.S */
    IDT = 0x224000
};

#define ROOT      UINT64_C(0x270000) /* page directory, or PDPT */
#define IDENTITY  UINT64_C(0x271000) /* PAE: directories of 1 GiB each */
#define USER_PD   UINT64_C(0x272000)
#define TEST_PD   UINT64_C(0x273000)
#define USER_PT   UINT64_C(0x274000)
#define TEST_PT   UINT64_C(0x275000)
#define USER_AREA UINT64_C(0x40000000)
#define TEST_AREA UINT64_C(0x80000000)
#define STACK     UINT64_C(0x276000)
#define HALTING   UINT64_C(0x277000) /* code that halts */

static enum mode mode;
static uint64_t page;

static const char *const symbols[] = {
    [PAGING_READ] = "guest_access_read",
    [PAGING_WRITE] = "guest_access_write",
    [PAGING_FETCH] = "guest_access_fetch",
    [PAGING_MODIFY] = "guest_access_modify",
};
static uint64_t instructions[4];

static uint64_t get_word(uint64_t address)
{
    uint32_t value = 0;

    memcpy(&value, sim_machine_ram(machine, address, sizeof value), sizeof value);
    return value;
}

static void put_word(uint64_t address, uint64_t value)
{
    uint32_t word = (uint32_t)value;

    memcpy(sim_machine_ram(machine, address, sizeof word), &word, sizeof word);
}

/* Entries are 4 or 8 bytes wide. */
static uint64_t entry_address(uint64_t table, uint64_t index)
{
    return table + index * (mode == MODE_PAE ? 8 : 4);
}

static uint64_t get_entry(uint64_t address)
{
    return mode == MODE_PAE ? peek(address) : get_word(address);
}

static void put_entry(uint64_t address, uint64_t value)
{
    if (mode == MODE_PAE) {
        poke(address, value);
    } else {
        put_word(address, value);
    }
}

/* 16 MiB onto themselves for the supervisor; code and stack of CPL 3. */
static void write_tables(void)
{
    put_entry(entry_address(USER_PT, 0), page | 5);
    put_entry(entry_address(USER_PT, 1), STACK | 7);
    if (mode == MODE_32_BIT) {
        for (uint64_t i = 0; i < 4; i++) {
            put_entry(entry_address(ROOT, i), i << 22 | 0x83);
        }
        put_entry(entry_address(ROOT, USER_AREA >> 22), USER_PT | 7);
        return;
    }
    for (uint64_t i = 0; i < 8; i++) {
        put_entry(entry_address(IDENTITY, i), i << 21 | 0x83);
    }
    put_entry(entry_address(USER_PD, 0), USER_PT | 7);
    put_entry(entry_address(ROOT, 0), IDENTITY | 1);
    put_entry(entry_address(ROOT, 1), USER_PD | 1);
}

/* An interrupt gate. [SDM 3A] figure 6-2. */
static void set_legacy_gate(unsigned int vector, const char *symbol, uint64_t attributes)
{
    uint64_t handler = address_of(symbol);

    put_word(IDT + UINT64_C(8) * vector, (handler & 0xFFFF) | 0x380000);
    put_word(IDT + UINT64_C(8) * vector + 4, (handler & 0xFFFF0000) | attributes);
}

static void open_mode(enum mode wanted, enum sim_mmu_kind mmu)
{
    paging_case_open(mmu);
    mode = wanted;
    page = address_of("guest_access_page");
    for (unsigned int i = 0; i < 4; i++) {
        instructions[i] = address_of(symbols[i]);
    }
    set_legacy_gate(14, "guest_legacy_fault", 0x8E00);
    set_legacy_gate(0x80, "guest_legacy_done", 0xEE00);
    write_tables();
}

static unsigned int levels(void)
{
    return mode == MODE_PAE ? 3 : 2;
}

static uint64_t entry_of(unsigned int level)
{
    if (level == 3) {
        return entry_address(ROOT, 2);
    }
    if (level == 1) {
        return entry_address(TEST_PT, 0x100);
    }
    return mode == MODE_PAE ? entry_address(TEST_PD, 1) : entry_address(ROOT, TEST_AREA >> 22);
}

/* PAGING_FRAME is 0x300 pages into a page of 4 MiB, 0x100 into the second one of 2 MiB. */
static uint64_t map(const struct paging_shape *shape)
{
    uint64_t large = mode == MODE_PAE ? 0x200087 : 0x87;
    uint64_t linear = TEST_AREA + (mode == MODE_PAE || shape->leaf == 2 ? PAGING_FRAME : 0x100000);
    uint64_t entry = 0;

    if (mode == MODE_PAE) {
        put_entry(entry_of(3), TEST_PD | (shape->level == 3 ? 0 : 1));
    }
    put_entry(entry_of(2), shape->leaf == 2 ? large : (TEST_PT | 7));
    put_entry(entry_of(1), PAGING_FRAME | 7);
    if (shape->level == 3) {
        return linear;
    }
    if (!shape->user) {
        put_entry(entry_of(shape->leaf), get_entry(entry_of(shape->leaf)) & ~UINT64_C(4));
    }
    entry = get_entry(entry_of(shape->level));
    switch (shape->restriction) {
    case RESTRICT_WRITE:
        entry &= ~UINT64_C(2);
        break;
    case RESTRICT_USER:
        entry &= ~UINT64_C(4);
        break;
    case RESTRICT_EXECUTE:
        entry |= UINT64_C(1) << 63;
        break;
    case RESTRICT_PRESENT:
        entry &= ~UINT64_C(1);
        break;
    case RESTRICT_RESERVED:
        entry |= mode == MODE_PAE ? UINT64_C(1) << 62 : UINT64_C(1) << 21;
        break;
    default:
        break;
    }
    put_entry(entry_of(shape->level), entry);
    return linear;
}

static void set_words(const struct paging_setting *setting, unsigned int number, uint64_t linear)
{
    uint64_t user = setting->privilege[number] == PAGING_USER ? USER_AREA : 0;
    uint64_t instruction = instructions[setting->instruction[number]];
    uint64_t cr4 = 0x610 | (mode == MODE_PAE ? 0x20 : 0) | (setting->smep ? 0x100000 : 0) |
                   (setting->smap != SMAP_OFF ? 0x200000 : 0);

    put_word(WORDS, PAGING_CR0 | (setting->wp ? 0x10000 : 0));
    put_word(WORDS + 4, ROOT);
    put_word(WORDS + 8, cr4);
    put_word(WORDS + 12, setting->nxe ? 0x801 : 1);
    put_word(WORDS + 16, setting->smap == SMAP_WITH_AC ? 0x40002 : 2);
    put_word(WORDS + 20, linear);
    put_word(WORDS + 24, user != 0 ? instruction - page + user : instruction);
    put_word(WORDS + 28, user);
}

/* With the engine's MMU, an instruction that reads and writes faults like one that reads. */
static struct paging_prediction predict(const struct paging_shape *shape,
                                        const struct paging_setting *setting, bool engine_mmu)
{
    struct paging_setting reads = *setting;

    if (engine_mmu && setting->instruction[0] == PAGING_MODIFY) {
        reads.instruction[0] = PAGING_READ;
        if (paging_matrix_predict(shape, &reads, 0).faults) {
            return paging_matrix_predict(shape, &reads, 0);
        }
    }
    return paging_matrix_predict(shape, setting, 0);
}

static void try_case(const struct paging_shape *shape, const struct paging_setting *setting,
                     bool engine_mmu)
{
    uint64_t linear = map(shape) + (setting->instruction[0] == PAGING_FETCH ? 0 : 8);
    struct paging_prediction prediction = predict(shape, setting, engine_mmu);
    uint64_t entries[3] = {0, get_entry(entry_of(1)), get_entry(entry_of(2))};
    struct sim_result result;
    char text[1024];

    set_words(setting, 0, linear);
    result = sim_machine_call(machine, "guest_legacy_access", NULL, 0);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
    (void)snprintf(text, sizeof text,
                   "page of level %u (%s), restriction %d at level %u, instruction %d at CPL %d, "
                   "WP %d NXE %d SMEP %d SMAP %d",
                   shape->leaf, shape->user ? "user" : "supervisor", (int)shape->restriction,
                   shape->level, (int)setting->instruction[0],
                   setting->privilege[0] == PAGING_USER ? 3 : 0, setting->wp, setting->nxe,
                   setting->smep, (int)setting->smap);
    ck_assert_msg(get_word(WORDS + 32) == prediction.faults, "%s: fault %lu, error code 0x%lx",
                  text, get_word(WORDS + 32), get_word(WORDS + 36));
    if (prediction.faults) {
        ck_assert_msg(get_word(WORDS + 36) == prediction.error_code, "%s: 0x%lx, not 0x%x", text,
                      get_word(WORDS + 36), prediction.error_code);
        ck_assert_msg(get_word(WORDS + 44) == linear, "%s: CR2 0x%lx", text, get_word(WORDS + 44));
    }
    for (unsigned int level = shape->leaf; level <= 2; level++) {
        uint64_t maybe = prediction.maybe[level];

        ck_assert_msg((get_entry(entry_of(level)) & ~maybe) ==
                          ((entries[level] | prediction.marks[level]) & ~maybe),
                      "%s: entry %u is 0x%lx", text, level, get_entry(entry_of(level)));
    }
}

static bool exists(const struct paging_shape *shape, const struct paging_setting *setting)
{
    if (shape->level == 3) {
        return shape->restriction == RESTRICT_PRESENT && shape->user;
    }
    if (shape->level < shape->leaf) {
        return false;
    }
    if (shape->restriction == RESTRICT_NOTHING && shape->level != shape->leaf) {
        return false;
    }
    if (mode == MODE_PAE) {
        return true;
    }
    return !setting->nxe && shape->restriction != RESTRICT_EXECUTE &&
           (shape->restriction != RESTRICT_RESERVED || (shape->leaf == 2 && shape->level == 2));
}

static void try_shapes(const struct paging_setting *setting, bool engine_mmu)
{
    for (unsigned int i = 0; i < 2 * 3 * (RESTRICT_RESERVED + 1) * 2; i++) {
        struct paging_shape shape = {
            .levels = levels(),
            .leaf = 1 + i % 2,
            .level = 1 + i / 2 % 3,
            .restriction = (enum paging_restriction)(i / 6 % (RESTRICT_RESERVED + 1)),
            .user = i / 6 / (RESTRICT_RESERVED + 1) != 0,
        };

        if (shape.level <= levels() && exists(&shape, setting)) {
            try_case(&shape, setting, engine_mmu);
        }
    }
}

/* The settings of the matrix whose second access and protection keys are not used. */
START_TEST(tables_of_two_and_three_levels_grant_what_the_manual_says)
{
    bool engine_mmu = _i >= 2;

    open_mode(_i % 2 == 0 ? MODE_32_BIT : MODE_PAE, engine_mmu ? SIM_MMU_ENGINE : SIM_MMU_OWN);
    for (unsigned int i = 0; i < PAGING_SETTINGS; i++) {
        struct paging_setting setting = paging_matrix_setting(i);

        if (!setting.pke && setting.instruction[1] == PAGING_READ &&
            setting.privilege[1] == PAGING_SUPERVISOR && (mode == MODE_PAE || !setting.nxe)) {
            try_shapes(&setting, engine_mmu);
        }
    }
    paging_case_close();
}
END_TEST

/* [SDM 3A] 4.4.1: PDPTEs are in registers; only MOV CR3 loads them again. */
START_TEST(a_pdpte_in_memory_counts_from_the_next_load_of_cr3_on)
{
    const struct paging_shape shape = {.levels = 3, .leaf = 1, .level = 1, .user = true};
    const struct paging_setting setting = {.wp = true};
    uint64_t linear = 0;

    open_mode(MODE_PAE, SIM_MMU_OWN);
    linear = map(&shape);
    put_word(PAGING_FRAME, 0x1234);
    set_words(&setting, 0, linear);
    put_word(WORDS + 24, address_of("guest_legacy_clear_entry"));
    put_word(WORDS + 48, entry_of(_i == 0 ? 3 : 2));
    put_word(WORDS + 52, 0);
    ck_assert_int_eq(sim_machine_call(machine, "guest_legacy_access", NULL, 0).stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(get_word(WORDS + 32), 1);
    ck_assert_uint_eq(get_word(WORDS + 44), linear);
    ck_assert_uint_eq(get_word(WORDS + 52), _i == 0 ? 0x1234 : 0); /* a PDE: INVLPG is enough */
    paging_case_close();
}
END_TEST

/* Memory says otherwise when the snapshot is taken, and MOV CR3 believes it. */
START_TEST(a_snapshot_has_the_pdptes_in_registers)
{
    static const uint8_t code[] = {
        0xF4, 0x8B, 0x02, 0xA3, 0x34, 0x30, 0x22, 0x00, /* hlt; movl (%edx), %eax; and to WORDS */
        0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8, 0xF4,       /* movl %cr3, %eax; movl %eax, %cr3; hlt */
    };
    const struct paging_shape shape = {.levels = 3, .leaf = 1, .level = 1, .user = true};
    const struct paging_setting setting = {.wp = true};
    struct sim_snapshot *snapshot = NULL;
    struct sim_error error;

    open_mode(MODE_PAE, SIM_MMU_OWN);
    set_words(&setting, 0, map(&shape));
    put_word(PAGING_FRAME, 0x1234);
    memcpy(sim_machine_ram(machine, HALTING, sizeof code), code, sizeof code);
    put_word(WORDS + 24, HALTING);
    ck_assert_int_eq(sim_machine_call(machine, "guest_legacy_access", NULL, 0).stop,
                     SIM_STOP_HALTED);
    put_entry(entry_of(3), 0);
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    for (int round = 0; round < 2; round++) {
        put_word(WORDS + 52, 0);
        ck_assert_int_eq(sim_machine_run(machine).stop, SIM_STOP_HALTED);
        ck_assert_uint_eq(get_word(WORDS + 52), 0x1234);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
    }
    sim_snapshot_free(snapshot);
    paging_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_legacy_paging");
    TCase *legacy = tcase_create("legacy");

    tcase_add_loop_test(legacy, tables_of_two_and_three_levels_grant_what_the_manual_says, 0, 4);
    tcase_add_loop_test(legacy, a_pdpte_in_memory_counts_from_the_next_load_of_cr3_on, 0, 2);
    tcase_add_test(legacy, a_snapshot_has_the_pdptes_in_registers);
    tcase_set_timeout(legacy, 60);
    suite_add_tcase(suite, legacy);
    return suite;
}
