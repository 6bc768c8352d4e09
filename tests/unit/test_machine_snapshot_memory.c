/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot forgets nothing of RAM, of the TLB and of the code in it, whoever wrote it, and needs
 * no more memory however often it is restored.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/event_case.h"

static struct sim_error error;

START_TEST(code_that_changed_itself_is_the_old_code_again)
{
    struct sim_snapshot *snapshot = NULL;

    poke(0x230000, 0xC300000005B8); /* movl $5, %eax; ret */
    /* movl $0x230000, %ecx; callq *%rcx */
    ck_assert_uint_eq(RUN_VALUE(0, 0, 0xB9, 0x00, 0x00, 0x23, 0x00, 0xFF, 0xD1), 5);
    snapshot = take_snapshot();
    for (int round = 0; round < 3; round++) {
        /* movb $7, 0x230001; and call it */
        ck_assert_uint_eq(RUN_VALUE(0, 0, 0xC6, 0x04, 0x25, 0x01, 0x00, 0x23, 0x00, 0x07, 0xB9,
                                    0x00, 0x00, 0x23, 0x00, 0xFF, 0xD1),
                          7);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(RUN_VALUE(0, 0, 0xB9, 0x00, 0x00, 0x23, 0x00, 0xFF, 0xD1), 5);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* The TLB keeps what it had, however stale, and forgets what came later. [SDM 3A] 4.10.2 */
START_TEST(stale_translations_come_back_and_later_ones_go)
{
    struct sim_snapshot *snapshot = NULL;
    struct sim_registers registers = {.rdx = UNMAPPED};

    poke(0x300000, 0x11);
    poke(0x301000, 0x22);
    poke(0x303008, 0x33);
    map_unmapped(0x300003);
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    poke(0x202000, 0x301003); /* no INVLPG: the old translation is kept */
    poke(0x202008, 0x303003); /* not used yet */
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        EXECUTE(&registers, 0x48, 0x8B, 0x02);
        ck_assert_uint_eq(registers.rax, 0x11);
        /* invlpg (%rdx); movq (%rdx), %rax; movq 0x1008(%rdx), %rcx */
        EXECUTE(&registers, 0x0F, 0x01, 0x3A, 0x48, 0x8B, 0x02, 0x48, 0x8B, 0x8A, 0x08, 0x10, 0x00,
                0x00);
        ck_assert_uint_eq(registers.rax, 0x22);
        ck_assert_uint_eq(registers.rcx, 0x33);
        restore_snapshot(snapshot);
        EXECUTE(&registers, 0x48, 0x8B, 0x02);
        ck_assert_uint_eq(registers.rax, 0x11);
        poke(0x202008, 0); /* had it been cached, the load below would not fault */
        clear_events();
        on_event(14, 0, 7);
        EXECUTE(&registers, 0x48, 0x8B, 0x8A, 0x08, 0x10, 0x00, 0x00);
        check_only_event(14, 0, CODE);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* All of RAM, byte by byte. */
static uint64_t hash_ram(void)
{
    const uint8_t *bytes = sim_machine_ram(machine, 0, sim_machine_ram_size(machine));
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (uint64_t at = 0; at < sim_machine_ram_size(machine); at += 8) {
        uint64_t word = 0;

        memcpy(&word, bytes + at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001B3);
    }
    return hash;
}

/*
 * hash_ram() marks every page as written, so it is not used between the snapshot and its restore:
 * then a page that was forgotten would be copied back all the same.
 */
START_TEST(whatever_writes_ram_is_undone)
{
    /* movq %rsp, (0x400000 + n) by rep stosb over 20 pages; INT 0x40 with its frame; a page walk
       that sets A and D in tables of its own */
    struct sim_registers registers = {
        .rax = 0x5A, .rcx = 0x14000, .rdi = 0x500800, .rdx = UNMAPPED};
    struct sim_snapshot *snapshot = NULL;
    uint64_t before = 0;

    map_unmapped(0x300003);
    before = hash_ram();
    snapshot = take_snapshot();
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(EXECUTE(&registers, 0xF3, 0xAA, 0xCD, 0x40, 0x48, 0x89, 0x02).stop,
                         SIM_STOP_RETURNED);
        registers =
            (struct sim_registers){.rax = 0x5A, .rcx = 0x14000, .rdi = 0x500800, .rdx = UNMAPPED};
        restore_snapshot(snapshot);
        ck_assert_uint_eq(hash_ram(), before);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(two_snapshots_back_and_forth)
{
    struct sim_snapshot *first = NULL;
    struct sim_snapshot *second = NULL;

    poke(0x600000, 1);
    first = take_snapshot();
    RUN_VALUE(2, 0, 0x48, 0x89, 0x04, 0x25, 0x00, 0x00, 0x60, 0x00); /* movq %rax, 0x600000 */
    RUN_VALUE(0x111, 0, 0x0F, 0x23, 0xC0);
    second = take_snapshot();
    RUN_VALUE(3, 0, 0x48, 0x89, 0x04, 0x25, 0x00, 0x10, 0x60, 0x00);
    for (int round = 0; round < 4; round++) {
        restore_snapshot(first);
        ck_assert_uint_eq(peek(0x600000), 1);
        ck_assert_uint_eq(RUN_VALUE(0, 0, 0x0F, 0x21, 0xC0), 0);
        RUN_VALUE(4, 0, 0x48, 0x89, 0x04, 0x25, 0x00, 0x20, 0x60, 0x00);
        restore_snapshot(second);
        ck_assert_uint_eq(peek(0x600000), 2);
        ck_assert_uint_eq(peek(0x601000), 0);
        ck_assert_uint_eq(peek(0x602000), 0);
        ck_assert_uint_eq(RUN_VALUE(0, 0, 0x0F, 0x21, 0xC0), 0x111);
    }
    sim_snapshot_free(first);
    restore_snapshot(second);
    sim_snapshot_free(second);
}
END_TEST

START_TEST(with_the_engines_mmu_it_is_the_same)
{
    const struct sim_machine_options options = {.ram_bytes = 0x1000000, .mmu = SIM_MMU_ENGINE};
    struct sim_snapshot *snapshot = NULL;
    struct sim_registers registers = {.rdx = UNMAPPED};

    event_case_close();
    machine = sim_machine_create_with(&options, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
    poke(0x300000, 0x11);
    map_unmapped(0x300003);
    snapshot = take_snapshot();
    for (int round = 0; round < 3; round++) {
        /* movq (%rdx), %rax; movq %rdx, (%rdx): sets A and D */
        ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02, 0x48, 0x89, 0x12).stop,
                         SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, 0x11);
        ck_assert_uint_eq(peek(0x202000), 0x300063);
        RUN_VALUE(0x8001003B, 0, 0x0F, 0x22, 0xC0);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(peek(0x202000), 0x300003);
        ck_assert_uint_eq(peek(0x300000), 0x11);
        ck_assert_uint_eq(RUN_VALUE(0, 0, 0x0F, 0x20, 0xC0), 0x80010033);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
    sim_machine_destroy(machine);
    event_case_open(); /* for the fixture to close */
}
END_TEST

static long resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size = 0;
    long resident = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%ld %ld", &size, &resident), 2);
    ck_assert_int_eq(fclose(file), 0);
    return resident;
}

/* The code is there when the snapshot is taken: the engine keeps the code it has translated. */
START_TEST(ten_thousand_restores_need_no_more_memory)
{
    struct sim_snapshot *snapshot = NULL;
    long before = 0;

    map_unmapped(0x300003);
    for (int round = 0; round < 11000; round++) {
        struct sim_registers registers = {.rdx = UNMAPPED};

        EXECUTE(&registers, 0x48, 0x89, 0x02, 0xCD, 0x40);
        if (round == 0) {
            clear_events();
            snapshot = take_snapshot();
        } else if (round == 1000) {
            before = resident_pages();
        }
        restore_snapshot(snapshot);
    }
    ck_assert_int_lt(resident_pages() - before, 1024); /* 4 MiB */
    ck_assert_uint_eq(event_count(), 0);
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_snapshot_of_another_machine_is_refused_and_changes_nothing)
{
    struct sim_snapshot *snapshot = take_snapshot();
    struct sim_machine *other = sim_machine_create(0x200000, &error);

    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(sim_machine_restore(other, snapshot, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "another machine"));
    sim_machine_destroy(other);
    sim_snapshot_free(snapshot);
    sim_snapshot_free(NULL);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_snapshot_memory");
    TCase *memory = tcase_create("memory");

    tcase_add_checked_fixture(memory, event_case_open, event_case_close);
    tcase_add_test(memory, code_that_changed_itself_is_the_old_code_again);
    tcase_add_test(memory, stale_translations_come_back_and_later_ones_go);
    tcase_add_test(memory, whatever_writes_ram_is_undone);
    tcase_add_test(memory, two_snapshots_back_and_forth);
    tcase_add_test(memory, with_the_engines_mmu_it_is_the_same);
    tcase_add_test(memory, ten_thousand_restores_need_no_more_memory);
    tcase_add_test(memory, a_snapshot_of_another_machine_is_refused_and_changes_nothing);
    tcase_set_timeout(memory, 60);
    suite_add_tcase(suite, memory);
    return suite;
}
