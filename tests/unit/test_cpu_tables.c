/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/cpu_tables.c: what it leaves of tables that it refuses to make. */
#include "drydock/cpu_tables.h"

#include <string.h>

#include "tests/unit/unit.h"

/* Tables, and behind them maps of 8 ports: one right, one without its last byte. */
static struct {
    struct dd_cpu_tables tables;
    uint8_t map[2];
    uint8_t open_map[2];
} made = {.map = {0xFF, 0xFF}, .open_map = {0xFF, 0x7F}};

static const struct dd_io_map maps[] = {{made.map, 2}, {made.open_map, 2}};

static const struct {
    struct dd_cpu_tables_config config;
    enum dd_status status;
} refused[] = {
    {{.privilege_stack = {0x800000000000}}, DD_ECANONICAL},
    {{.ist = {[6] = {0x800000000000}}, .io_map = &maps[0]}, DD_ECANONICAL},
    {{.linear_width = 47}, DD_EARG},
    {{.io_map = &maps[1]}, DD_EMALFORMED},
};

START_TEST(tables_that_cannot_be_made_stay_as_they_were)
{
    struct dd_cpu_tables before;

    memset(&made.tables, 0xA5, sizeof made.tables);
    memset(&before, 0xA5, sizeof before);
    ck_assert_int_eq(dd_cpu_tables_init(&made.tables, &refused[_i].config), refused[_i].status);
    ck_assert_mem_eq(&made.tables, &before, sizeof before);
}
END_TEST

/* The base of a map has 16 bits: so it must lie behind the tables, and near. [SDM 1] 19.5.2. */
START_TEST(a_map_elsewhere_leaves_the_tables_as_they_were)
{
    const struct dd_io_map below = {(uint8_t *)&made.tables, 2};
    const struct dd_cpu_tables_config config = {.io_map = &below};
    struct dd_cpu_tables before;

    memset(&made.tables, 0xFF, sizeof made.tables);
    memset(&before, 0xFF, sizeof before);
    ck_assert_int_eq(dd_cpu_tables_init(&made.tables, &config), DD_EARG);
    ck_assert_mem_eq(&made.tables, &before, sizeof before);
}
END_TEST

/* Distance of the map from the task-state segment, whose limit takes the map in. */
START_TEST(a_map_behind_the_tables_is_within_the_task_state_segment)
{
    const struct dd_cpu_tables_config config = {.io_map = &maps[0]};
    size_t distance = (size_t)(made.map - (uint8_t *)&made.tables.tss);

    memset(&made.tables, 0xA5, sizeof made.tables);
    ck_assert_int_eq(dd_cpu_tables_init(&made.tables, &config), DD_OK);
    ck_assert_uint_eq(made.tables.tss.io_map_base, distance);
    ck_assert_uint_eq(made.tables.entries[6] & 0xFFFF, distance + 1);
    ck_assert_uint_eq(made.tables.gdt.used, 8);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cpu_tables");
    TCase *init = tcase_create("init");

    tcase_add_loop_test(init, tables_that_cannot_be_made_stay_as_they_were, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(init, a_map_elsewhere_leaves_the_tables_as_they_were);
    tcase_add_test(init, a_map_behind_the_tables_is_within_the_task_state_segment);
    suite_add_tcase(suite, init);
    return suite;
}
