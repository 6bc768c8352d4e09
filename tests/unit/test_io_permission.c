/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/io_permission.c and sim/cpu/instruction_io.c. [SDM 1] 19.5. */
#include <string.h>

#include "sim/cpu/instruction.h"
#include "sim/cpu/io_permission.h"
#include "tests/unit/unit.h"

static uint8_t ram[0x3000];
static const struct sim_memory memory = {.bytes = ram, .size = sizeof ram};
static struct sim_cpu cpu;
static const struct sim_mmu mmu = {&cpu, &memory};

/* CPL 3, IOPL 0, a TSS at 0x1000 whose map begins at byte 0x68 and has 0x20 bytes. Paging is off. */
static void set_up(void)
{
    memset(ram, 0, sizeof ram);
    memset(ram + 0x1068, 0xFF, 0x21);
    ram[0x1066] = 0x68;
    cpu = (struct sim_cpu){
        .cr0 = 0x11, .cs = 0x23, .rflags = 0x2, .tss = {0x1000, 0x88}, .physical_bits = 40};
}

static void allow(unsigned int port)
{
    ram[0x1068 + port / 8] &= (uint8_t) ~(1u << port % 8);
}

START_TEST(code_within_iopl_may_use_every_port)
{
    for (unsigned int level = 0; level < 4; level++) {
        cpu.rflags = 0x2 | level << 12;
        for (uint16_t privilege = 0; privilege < 4; privilege++) {
            cpu.cs = (uint16_t)(0x20 | privilege);
            ck_assert_int_eq(sim_io_is_permitted(&mmu, 0x3F8, 1), privilege <= level);
        }
    }
    cpu.cr0 = 0x10; /* real mode */
    ck_assert(sim_io_is_permitted(&mmu, 0x3F8, 4));
}
END_TEST

START_TEST(a_zero_in_the_map_allows_one_port)
{
    allow(0x43);
    ck_assert(sim_io_is_permitted(&mmu, 0x43, 1));
    ck_assert(!sim_io_is_permitted(&mmu, 0x42, 1));
    ck_assert(!sim_io_is_permitted(&mmu, 0x44, 1));
}
END_TEST

START_TEST(a_wide_access_needs_a_zero_for_each_port)
{
    allow(0x46);
    allow(0x47);
    ck_assert(sim_io_is_permitted(&mmu, 0x46, 2));
    ck_assert(!sim_io_is_permitted(&mmu, 0x46, 4));
    allow(0x48); /* in the next byte */
    ck_assert(!sim_io_is_permitted(&mmu, 0x46, 4));
    allow(0x49);
    ck_assert(sim_io_is_permitted(&mmu, 0x46, 4));
}
END_TEST

START_TEST(ports_beyond_the_limit_are_forbidden)
{
    memset(ram + 0x1068, 0, 0x100);
    ck_assert(sim_io_is_permitted(&mmu, 0xFF, 1)); /* bytes 0x87 and 0x88 */
    ck_assert(!sim_io_is_permitted(&mmu, 0x100, 1));
    cpu.tss.limit = 0x87;
    ck_assert(!sim_io_is_permitted(&mmu, 0xFF, 1));
    cpu.tss.limit = 0x66;
    ck_assert(!sim_io_is_permitted(&mmu, 0, 1));
    cpu.tss.limit = 0;
    ck_assert(!sim_io_is_permitted(&mmu, 0, 1));
}
END_TEST

START_TEST(a_map_base_beyond_the_limit_means_no_map)
{
    memset(ram + 0x1068, 0, 0x100);
    ram[0x1066] = 0x89;
    ck_assert(!sim_io_is_permitted(&mmu, 0, 1));
    ram[0x1067] = 0xFF;
    ck_assert(!sim_io_is_permitted(&mmu, 0, 1));
}
END_TEST

START_TEST(port_instructions_are_recognized_with_width_and_port)
{
    static const struct {
        uint8_t code[4];
        size_t size;
        enum sim_width mode;
        bool is_io;
        struct sim_instruction_io io;
    } cases[] = {
        {{0xE4, 0x60}, 2, SIM_WIDTH_64, true, {1, true, 0x60}},
        {{0xE7, 0xF4}, 2, SIM_WIDTH_64, true, {4, true, 0xF4}},
        {{0x66, 0xE5, 0x21}, 3, SIM_WIDTH_64, true, {2, true, 0x21}},
        {{0xEC}, 1, SIM_WIDTH_64, true, {1, false, 0}},
        {{0xEF}, 1, SIM_WIDTH_32, true, {4, false, 0}},
        {{0xEF}, 1, SIM_WIDTH_16, true, {2, false, 0}},
        {{0x66, 0xED}, 2, SIM_WIDTH_16, true, {4, false, 0}},
        {{0xF3, 0x6C}, 2, SIM_WIDTH_64, true, {1, false, 0}},
        {{0xF3, 0x66, 0x6F}, 3, SIM_WIDTH_64, true, {2, false, 0}},
        {{0x90}, 1, SIM_WIDTH_64, false, {0, false, 0}},
        {{0xE8, 0, 0}, 3, SIM_WIDTH_16, false, {0, false, 0}},
        {{0x0F, 0xED, 0xC0}, 3, SIM_WIDTH_64, false, {0, false, 0}},
    };
    struct sim_instruction_io io = {0};

    ck_assert_int_eq(sim_instruction_io(cases[_i].code, cases[_i].size, cases[_i].mode, &io),
                     cases[_i].is_io);
    ck_assert_uint_eq(io.width, cases[_i].io.width);
    ck_assert_int_eq(io.is_immediate, cases[_i].io.is_immediate);
    ck_assert_uint_eq(io.port, cases[_i].io.port);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("io_permission");
    TCase *ports = tcase_create("ports");

    tcase_add_checked_fixture(ports, set_up, NULL);
    tcase_add_test(ports, code_within_iopl_may_use_every_port);
    tcase_add_test(ports, a_zero_in_the_map_allows_one_port);
    tcase_add_test(ports, a_wide_access_needs_a_zero_for_each_port);
    tcase_add_test(ports, ports_beyond_the_limit_are_forbidden);
    tcase_add_test(ports, a_map_base_beyond_the_limit_means_no_map);
    tcase_add_loop_test(ports, port_instructions_are_recognized_with_width_and_port, 0, 12);
    suite_add_tcase(suite, ports);
    return suite;
}
