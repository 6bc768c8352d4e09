/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Widths of accesses to device memory. [SDM 3A] 8.1.1: an aligned access of 8 bytes is one; [PCI 3.0]
 * 3.8: to a target of 32 bits it is two, the lower address first.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define BASE UINT64_C(0xD0000000)

enum {
    NARROW = 4,
    BOTH = 4 | 8,
    WIDE = 8,
    ANY = 0
};

/* What the device saw. */
static struct {
    char log[64]; /* "r4@10 w8@18 " */
    uint64_t value;
} seen;

static void note(char kind, uint64_t offset, unsigned int width)
{
    size_t used = strlen(seen.log);

    (void)snprintf(seen.log + used, sizeof seen.log - used, "%c%u@%x ", kind, width,
                   (unsigned int)offset);
}

static uint32_t read_part(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    note('r', offset, width);
    return 0x11111111 * (uint32_t)(offset / 4 % 8 + 1);
}

static void write_part(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)device;
    note('w', offset, width);
    seen.value = seen.value << 32 | value;
}

static uint64_t read_whole(void *device, uint64_t offset)
{
    (void)device;
    note('r', offset, 8);
    return 0x0123456789ABCDEF;
}

static void write_whole(void *device, uint64_t offset, uint64_t value)
{
    (void)device;
    note('w', offset, 8);
    seen.value = value;
}

enum registers_of {
    REGISTERS_32,
    REGISTERS_64
};

static void connect(enum registers_of registers, unsigned int widths)
{
    const struct sim_region region = {
        .name = "timer",
        .base = BASE,
        .size = 4096,
        .read = read_part,
        .write = write_part,
        .read8 = registers == REGISTERS_64 ? read_whole : NULL,
        .write8 = registers == REGISTERS_64 ? write_whole : NULL,
        .widths = widths,
    };
    struct sim_error error;

    memset(&seen, 0, sizeof seen);
    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error), 0);
}

/* Load and store of 8 bytes, or of 4. */
#define LOAD_8  0x48, 0x8B, 0x02
#define STORE_8 0x48, 0x89, 0x02
#define LOAD_4  0x8B, 0x02
#define STORE_4 0x89, 0x02

static uint64_t load_8(uint64_t offset)
{
    struct sim_registers registers = {.rdx = BASE + offset};

    ck_assert_int_eq(EXECUTE(&registers, LOAD_8).stop, SIM_STOP_RETURNED);
    return registers.rax;
}

static void store_8(uint64_t offset, uint64_t value)
{
    struct sim_registers registers = {.rdx = BASE + offset, .rax = value};

    ck_assert_int_eq(EXECUTE(&registers, STORE_8).stop, SIM_STOP_RETURNED);
}

static void check_findings(size_t count, const char *text)
{
    const struct sim_findings *findings = sim_machine_findings(machine);

    ck_assert_uint_eq(findings->count, count);
    ck_assert_msg(count == 0 || strstr(findings->list[0].text, text) != NULL, "%s",
                  count == 0 ? "" : findings->list[0].text);
}

static const unsigned int wide_widths[] = {WIDE, BOTH, ANY};

START_TEST(an_aligned_access_of_8_bytes_is_one)
{
    connect(REGISTERS_64, wide_widths[_i]);
    ck_assert_uint_eq(load_8(0xF0), 0x0123456789ABCDEF);
    store_8(0xF8, 0xFEDCBA9876543210);
    ck_assert_uint_eq(seen.value, 0xFEDCBA9876543210);
    load_8(0xFF8);
    ck_assert_str_eq(seen.log, "r8@f0 w8@f8 r8@ff8 ");
    check_findings(0, "");
}
END_TEST

START_TEST(a_device_of_32_bits_gets_two_of_4)
{
    connect(REGISTERS_32, wide_widths[_i]);
    ck_assert_uint_eq(load_8(0x10), 0x6666666655555555);
    store_8(0x18, 0xFEDCBA9876543210);
    ck_assert_uint_eq(seen.value, 0x76543210FEDCBA98);
    ck_assert_str_eq(seen.log, "r4@10 r4@14 w4@18 w4@1c ");
    check_findings(0, "");
}
END_TEST

START_TEST(a_device_that_takes_4_bytes_only_gets_nothing)
{
    connect(_i == 0 ? REGISTERS_32 : REGISTERS_64, NARROW);
    ck_assert_uint_eq(load_8(0x10), UINT64_MAX);
    check_findings(1, "timer: 8-byte access at 0xd0000010, which the device does not take");
    store_8(0x18, 1);
    ck_assert_str_eq(seen.log, "");
}
END_TEST

START_TEST(a_device_that_takes_8_bytes_only_gets_nothing_less)
{
    struct sim_registers registers = {.rdx = BASE + 0x10};

    connect(REGISTERS_64, WIDE);
    EXECUTE(&registers, LOAD_4);
    ck_assert_uint_eq(registers.rax, UINT32_MAX);
    EXECUTE(&registers, STORE_4);
    check_findings(1, "timer: 4-byte access at 0xd0000010, which the device does not take");
    ck_assert_str_eq(seen.log, "");
}
END_TEST

START_TEST(halves_of_4_bytes_are_accesses_of_their_own)
{
    struct sim_registers registers = {.rdx = BASE + 0x10};

    connect(REGISTERS_64, BOTH);
    EXECUTE(&registers, LOAD_4, 0x8B, 0x42, 0x04); /* and movl 4(%rdx), %eax */
    EXECUTE(&registers, STORE_4, 0x89, 0x42, 0x04);
    ck_assert_str_eq(seen.log, "r4@10 r4@14 w4@10 w4@14 ");
    check_findings(0, "");
}
END_TEST

START_TEST(an_access_that_is_not_aligned_is_refused)
{
    struct sim_registers registers = {.rdx = BASE + 0x2A};

    connect(REGISTERS_64, BOTH);
    ck_assert_uint_eq(load_8(0x14), UINT64_MAX);
    store_8(0x14, 1);
    check_findings(1, "timer: 8-byte access at 0xd0000014");
    EXECUTE(&registers, LOAD_4);
    check_findings(2, "timer: 8-byte access at 0xd0000014");
    ck_assert_str_eq(seen.log, "");
    ck_assert_uint_eq(load_8(0x18), 0x0123456789ABCDEF);
}
END_TEST

START_TEST(a_device_that_takes_anything_sees_no_more_than_was_asked_for)
{
    connect(REGISTERS_64, ANY);
    ck_assert_uint_eq(load_8(0x14), 0x7777777766666666);
    ck_assert_str_eq(seen.log, "r4@14 r4@18 ");
}
END_TEST

START_TEST(the_trace_shows_one_access)
{
    const struct sim_trace *trace = sim_machine_trace(machine);
    uint64_t count = trace->count;
    const struct sim_trace_event *event = &trace->last[count % SIM_TRACE_KEPT];

    connect(REGISTERS_64, WIDE);
    store_8(0x20, 0xFEDCBA9876543210);
    ck_assert_uint_eq(trace->count, count + 1);
    ck_assert_uint_eq(event->kind, SIM_TRACE_MMIO_WRITE);
    ck_assert_uint_eq(event->code, 8);
    ck_assert_uint_eq(event->a, BASE + 0x20);
    ck_assert_uint_eq(event->b, 0xFEDCBA9876543210);
}
END_TEST

static void open_unaudited(void)
{
    const struct sim_machine_options options = {.ram_bytes = UINT64_C(16) << 20,
                                                .audit = SIM_MACHINE_UNAUDITED};
    struct sim_error error = {""};

    machine = sim_machine_create_with(&options, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
}

static void add_tests(Suite *suite, const char *name, void (*open)(void))
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, open, machine_case_close);
    tcase_add_loop_test(tcase, an_aligned_access_of_8_bytes_is_one, 0, 3);
    tcase_add_loop_test(tcase, a_device_of_32_bits_gets_two_of_4, 0, 3);
    tcase_add_loop_test(tcase, a_device_that_takes_4_bytes_only_gets_nothing, 0, 2);
    tcase_add_test(tcase, a_device_that_takes_8_bytes_only_gets_nothing_less);
    tcase_add_test(tcase, halves_of_4_bytes_are_accesses_of_their_own);
    tcase_add_test(tcase, an_access_that_is_not_aligned_is_refused);
    tcase_add_test(tcase, a_device_that_takes_anything_sees_no_more_than_was_asked_for);
    tcase_add_test(tcase, the_trace_shows_one_access);
    suite_add_tcase(suite, tcase);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_mmio");

    add_tests(suite, "own", machine_case_open);
    add_tests(suite, "unaudited", open_unaudited);
    add_tests(suite, "engine", machine_case_open_engine);
    return suite;
}
