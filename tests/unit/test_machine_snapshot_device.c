/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot forgets no device of the PC: one register of each that the guest can see, what waits
 * to happen, and what a device wrote into RAM by itself.
 */
#include <string.h>

#include "tests/unit/event_case.h"

#define FW_CFG_ITEM 0x20u /* the first file */

static struct sim_error error;

/* One access to a port or, above 64 KiB, to memory. Width 1, 2 or 4; memory 4 only. */
struct access {
    uint32_t address;
    unsigned int width;
    uint32_t value;
};

static void write_device(const struct access *access)
{
    static const uint8_t out[5][2] = {{0}, {0xEE, 0x90}, {0x66, 0xEF}, {0}, {0xEF, 0x90}};
    struct sim_registers registers = {.rax = access->value, .rdx = access->address};
    struct sim_result result;

    result = access->address > 0xFFFF ? EXECUTE(&registers, 0x89, 0x02)
                                      : execute(out[access->width], 2, &registers);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
}

static uint32_t read_device(const struct access *access)
{
    static const uint8_t in[5][2] = {{0}, {0xEC, 0x90}, {0x66, 0xED}, {0}, {0xED, 0x90}};
    struct sim_registers registers = {.rdx = access->address};
    struct sim_result result;

    result = access->address > 0xFFFF ? EXECUTE(&registers, 0x8B, 0x02)
                                      : execute(in[access->width], 2, &registers);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return (uint32_t)registers.rax & (UINT32_MAX >> (32 - 8 * access->width));
}

/* What is written, in order, and what is then read; `value` of `read` is not used. */
static const struct device_case {
    struct access writes[3], read;
} devices[] = {
    {{{0x21, 1, 0x5A}}, {0x21, 1, 0}},                                   /* 8259 master, IMR */
    {{{0xA1, 1, 0xA5}}, {0xA1, 1, 0}},                                   /* slave */
    {{{0x4D0, 1, 0x20}}, {0x4D0, 1, 0}},                                 /* ELCR */
    {{{0x43, 1, 0x34}, {0x40, 1, 0x34}, {0x40, 1, 0x12}}, {0x40, 1, 0}}, /* 8254, a count */
    {{{0x61, 1, 0x03}}, {0x61, 1, 0}},                                   /* its gate and speaker */
    {{{0x70, 1, 0x30}, {0x71, 1, 0x77}}, {0x71, 1, 0}},                  /* CMOS: index and byte */
    {{{0x64, 1, 0x60}, {0x60, 1, 0x24}, {0x64, 1, 0x20}}, {0x60, 1, 0}}, /* 8042 */
    {{{0x3D4, 1, 0x0E}, {0x3D5, 1, 0x3C}}, {0x3D5, 1, 0}},               /* VGA cursor */
    {{{0xB8000, 4, 0x41424344}}, {0xB8000, 4, 0}},                       /* its memory */
    {{{0x3FF, 1, 0x99}}, {0x3FF, 1, 0}},                                 /* 16550 scratch */
    {{{0x3FB, 1, 0x1B}}, {0x3FB, 1, 0}},                                 /* its line control */
    {{{0x602, 2, 0x0100}}, {0x602, 2, 0}},                               /* PM1 enable */
    {{{0xCF9, 1, 0x02}}, {0xCF9, 1, 0}},                                 /* reset control */
    {{{0xCF8, 4, 0x80001234}}, {0xCF8, 4, 0}},                           /* PCI address */
    {{{0x510, 2, 0x0001}}, {0x511, 1, 0}},                               /* fw_cfg selector */
    {{{0xFEC00000, 4, 0x10}}, {0xFEC00000, 4, 0}},                       /* I/O APIC index */
    {{{0xFEC00000, 4, 0x16}, {0xFEC00010, 4, 0x10055}}, {0xFEC00010, 4, 0}}, /* an entry */
    {{{0xFEE00080, 4, 0x50}}, {0xFEE00080, 4, 0}},                           /* local APIC: TPR */
    {{{0xFEE000D0, 4, 0x01000000}}, {0xFEE000D0, 4, 0}},                     /* LDR */
    {{{0xFEE00320, 4, 0x10041}}, {0xFEE00320, 4, 0}},                        /* LVT timer */
    {{{0xFEE003E0, 4, 0x0B}}, {0xFEE003E0, 4, 0}},                           /* divide */
    {{{0xFEE00380, 4, 0x1234567}}, {0xFEE00380, 4, 0}},                      /* initial count */
    {{{0xFEE00310, 4, 0x03000000}}, {0xFEE00310, 4, 0}},                     /* ICR */
};

START_TEST(every_device_comes_back)
{
    const struct device_case *device = &devices[_i];
    struct sim_snapshot *snapshot = take_snapshot();
    uint32_t before = read_device(&device->read);
    uint32_t after = 0;

    restore_snapshot(snapshot);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3 && device->writes[i].width != 0; i++) {
            write_device(&device->writes[i]);
        }
        after = read_device(&device->read);
        ck_assert_msg(after != before, "0x%x: 0x%x", device->read.address, after);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(read_device(&device->read), before);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* A timer that runs while the snapshot is taken fires at the same time after each restore. */
START_TEST(a_running_timer_fires_at_the_same_time_again)
{
    struct sim_snapshot *snapshot = NULL;
    uint64_t first = 0;

    on_event(0x41, EVENT_APIC_EOI, 0);
    write_apic(0x3E0, 0xB);
    write_apic(0x320, 0x41);
    write_apic(0x380, 100000);
    snapshot = take_snapshot();
    for (int round = 0; round < 3; round++) {
        struct sim_registers registers = {0};

        /* sti; hlt; rdtsc; cli */
        ck_assert_int_eq(EXECUTE(&registers, 0xFB, 0xF4, 0x0F, 0x31, 0xFA).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(event_count(), 1);
        first = round == 0 ? registers.rax : first;
        ck_assert_uint_ge(first, 1000000);
        ck_assert_uint_eq(registers.rax, first);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_timer_started_after_the_snapshot_never_fires)
{
    struct sim_snapshot *snapshot = take_snapshot();

    write_apic(0x3E0, 0xB);
    write_apic(0x320, 0x41);
    write_apic(0x380, 100000);
    restore_snapshot(snapshot);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4).stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(event_count(), 0);
    sim_snapshot_free(snapshot);
}
END_TEST

/* What the host had typed is typed again, and interrupts again. */
START_TEST(keys_that_were_typed_wait_again)
{
    static const struct access route[] = {
        {0xFEC00000, 4, 0x12}, {0xFEC00010, 4, 0x51}, /* input 1 of the I/O APIC: vector 0x51 */
    };
    struct sim_snapshot *snapshot = NULL;

    write_device(&route[0]);
    write_device(&route[1]);
    on_event(0x51, EVENT_APIC_EOI, 0);
    ck_assert_int_eq(sim_i8042_type(&pc.keyboard, "a", 1), 0);
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        struct sim_registers registers = {0};

        /* sti; hlt; cli; inb $0x60, %al */
        ck_assert_int_eq(EXECUTE(&registers, 0xFB, 0xF4, 0xFA, 0xE4, 0x60).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, 0x1E); /* set 1, "a" */
        ck_assert_uint_eq(event_count(), 1);
        restore_snapshot(snapshot);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

static void put_big_endian(uint64_t physical, uint64_t value, unsigned int size)
{
    uint8_t *bytes = sim_machine_ram(machine, physical, size);

    for (unsigned int i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> 8 * (size - 1 - i));
    }
}

/* Select and read an item into RAM: control, length and address, all big-endian. */
static void read_by_dma(uint32_t item, uint32_t length, uint64_t to)
{
    put_big_endian(0x240000, item << 16 | 0x0A, 4);
    put_big_endian(0x240004, length, 4);
    put_big_endian(0x240008, to, 8);
    write_device(&(struct access){0x514, 4, 0});
    write_device(&(struct access){0x518, 4, 0x00002400}); /* 0x240000, its bytes swapped */
}

START_TEST(what_a_device_wrote_into_ram_is_undone)
{
    static const char text[] = "written by the device itself";
    struct sim_snapshot *snapshot = NULL;

    ck_assert_int_eq(sim_fw_cfg_add(&pc.fw_cfg, "opt/text", text, sizeof text, &error), 0);
    poke(0x700000, 0x77);
    snapshot = take_snapshot();
    for (int round = 0; round < 2; round++) {
        read_by_dma(FW_CFG_ITEM, sizeof text, 0x700000);
        ck_assert_mem_eq(sim_machine_ram(machine, 0x700000, sizeof text), text, sizeof text);
        restore_snapshot(snapshot);
        read_by_dma(FW_CFG_ITEM, 4, 0x710000);
        restore_snapshot(snapshot);
        ck_assert_uint_eq(peek(0x700000), 0x77);
        ck_assert_uint_eq(peek(0x710000), 0);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(code_that_a_device_wrote_is_executed)
{
    static const uint8_t code[] = {0xB8, 0x09, 0x00, 0x00, 0x00, 0xC3}; /* movl $9, %eax; ret */
    struct sim_registers registers = {0};

    ck_assert_int_eq(sim_fw_cfg_add(&pc.fw_cfg, "opt/code", code, sizeof code, &error), 0);
    poke(0x700000, 0xC300000005B8);
    for (int round = 0; round < 2; round++) {
        /* movl $0x700000, %ecx; callq *%rcx */
        ck_assert_int_eq(EXECUTE(&registers, 0xB9, 0x00, 0x00, 0x70, 0x00, 0xFF, 0xD1).stop,
                         SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, round == 0 ? 5 : 9);
        read_by_dma(FW_CFG_ITEM, sizeof code, 0x700000);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_snapshot_device");
    TCase *registers = tcase_create("registers");
    TCase *future = tcase_create("future");
    TCase *memory = tcase_create("memory");

    tcase_add_checked_fixture(registers, event_case_open, event_case_close);
    tcase_add_loop_test(registers, every_device_comes_back, 0,
                        (int)(sizeof devices / sizeof devices[0]));
    suite_add_tcase(suite, registers);

    tcase_add_checked_fixture(future, event_case_open, event_case_close);
    tcase_add_test(future, a_running_timer_fires_at_the_same_time_again);
    tcase_add_test(future, a_timer_started_after_the_snapshot_never_fires);
    tcase_add_test(future, keys_that_were_typed_wait_again);
    suite_add_tcase(suite, future);

    tcase_add_checked_fixture(memory, event_case_open, event_case_close);
    tcase_add_test(memory, what_a_device_wrote_into_ram_is_undone);
    tcase_add_test(memory, code_that_a_device_wrote_is_executed);
    suite_add_tcase(suite, memory);
    return suite;
}
