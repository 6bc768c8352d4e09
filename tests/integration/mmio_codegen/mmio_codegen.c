/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of a guest are accessed as its source says. GUEST is an image of guest.c;
 * a recording device behind four pages notes every access, and the list must be
 * exactly the one typed here: as many accesses, of these widths, in this order.
 *
 * The machine's engine hands 8 bytes to a device in two parts. That a pair of them is
 * one instruction shows when the device takes no 8 bytes: the machine judges the
 * instruction's width, so none of them may reach the device then.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/machine.h"
#include "tests/unit/unit.h"

#define DEVICES  UINT64_C(0xD0000000)
#define TOP      UINT64_C(0xFFFFFFFFFFFFC000)
#define BUFFER   UINT64_C(0xE00000)
#define TABLES   UINT64_C(0xF00000) /* three page tables */
#define DOORBELL 0xF00u
#define PROGRESS 0x080u
#define EXECUTE(r, ...)                                          \
    sim_machine_execute(machine, (const uint8_t[]){__VA_ARGS__}, \
                        sizeof((const uint8_t[]){__VA_ARGS__}), (r))

enum {
    PAGES = 4,
    PAGE_BYTES = 4096,
    MAX_EVENTS = 64,
    ANY_WIDTH = 0,
    UP_TO_4_BYTES = 1 | 2 | 4,
};

/* 'R' or 'W', the width in bytes, where in its page, and what. 'D': the buffer as the doorbell rang. */
struct event {
    char kind;
    unsigned int width;
    uint64_t offset;
    uint64_t value;
};

/* A page of registers of one width. */
struct page {
    unsigned int width;
    uint8_t bytes[PAGE_BYTES];
};

static struct sim_machine *machine;
static struct page pages[PAGES];
static struct event events[MAX_EVENTS];
static size_t event_count;
static uint32_t progress;

static void note(struct event event)
{
    ck_assert_uint_lt(event_count, MAX_EVENTS);
    events[event_count++] = event;
}

/* Whether this is the second part of 8 bytes that the engine has cut in two. */
static bool is_second_part(const struct page *page, char kind, uint64_t offset)
{
    const struct event *last = event_count == 0 ? NULL : &events[event_count - 1];

    return page->width == 8 && last != NULL && last->kind == kind && last->width == 4 &&
           offset % 8 == 4 && last->offset == offset - 4;
}

static void note_access(const struct page *page, char kind, uint64_t offset, struct event event)
{
    if (is_second_part(page, kind, offset)) {
        events[event_count - 1].value |= event.value << 32;
        events[event_count - 1].width = 8;
    } else {
        note(event);
    }
}

static uint32_t read_register(void *device, uint64_t offset, unsigned int width)
{
    struct page *page = device;
    uint32_t value = 0;

    memcpy(&value, page->bytes + offset, width);
    if (page->width == 4 && offset == PROGRESS) {
        value = progress++;
    }
    note_access(page, 'R', offset, (struct event){'R', width, offset, value});
    return value;
}

static void write_register(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct page *page = device;

    memcpy(page->bytes + offset, &value, width);
    note_access(page, 'W', offset, (struct event){'W', width, offset, value});
    if (page->width == 2 && offset == DOORBELL) {
        uint32_t *buffer = sim_machine_ram(machine, BUFFER, 2 * sizeof *buffer);

        note((struct event){'D', 0, 0, buffer[0]});
        buffer[1]++;
    }
}

static void add_devices(unsigned int widths)
{
    struct sim_error error = {""};

    for (unsigned int i = 0; i < PAGES; i++) {
        const struct sim_region region = {
            .name = "recorder",
            .base = DEVICES + (uint64_t)i * PAGE_BYTES,
            .size = PAGE_BYTES,
            .read = read_register,
            .write = write_register,
            .device = &pages[i],
            .widths = widths,
        };

        ck_assert_msg(sim_machine_add_mmio(machine, &region, &error) == 0, "%s", error.text);
        pages[i].width = 1u << i;
    }
}

/* The devices once more, in the last four pages of the address space. [SDM 3A] 4.5.4 */
static void map_top(void)
{
    struct sim_registers registers = {0};
    uint64_t *root = NULL;
    uint64_t *tables = sim_machine_ram(machine, TABLES, 3 * UINT64_C(4096));

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x20, 0xD8).stop,
                     SIM_STOP_RETURNED); /* MOV RAX, CR3 */
    root = sim_machine_ram(machine, registers.rax & 0x000FFFFFFFFFF000, 4096);
    memset(tables, 0, 3 * UINT64_C(4096));
    root[511] = TABLES | 0x3;
    tables[511] = (TABLES + 0x1000) | 0x3;
    tables[512 + 511] = (TABLES + 0x2000) | 0x3;
    for (unsigned int i = 0; i < PAGES; i++) {
        tables[2 * 512 + 508 + i] = (DEVICES + (uint64_t)i * PAGE_BYTES) | 0x13;
    }
}

static void open_machine(unsigned int widths)
{
    struct sim_error error = {""};

    machine = sim_machine_create(UINT64_C(16) << 20, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
    add_devices(widths);
    ck_assert_msg(sim_machine_load(machine, getenv("GUEST"), &error) == 0, "%s", error.text);
    map_top();
}

static void close_machine(void)
{
    sim_machine_destroy(machine);
    machine = NULL;
}

/* ---- What must come out ---- */

struct scenario {
    const char *name;
    uint64_t value; /* what the guest returns */
    struct event events[24];
};

/* A register holds its offset in every byte until it is written. */
static const struct scenario scenarios[] = {
    {"repeat",
     0,
     {{'W', 1, 0x010, 0x5A},
      {'W', 1, 0x010, 0x5A},
      {'R', 1, 0x010, 0x5A},
      {'R', 1, 0x010, 0x5A},
      {'W', 2, 0x010, 0x5A5B},
      {'W', 2, 0x010, 0x5A5B},
      {'R', 2, 0x010, 0x5A5B},
      {'R', 2, 0x010, 0x5A5B},
      {'W', 4, 0x010, 0x5A5B5C5D},
      {'W', 4, 0x010, 0x5A5B5C5D},
      {'R', 4, 0x010, 0x5A5B5C5D},
      {'R', 4, 0x010, 0x5A5B5C5D},
      {'W', 8, 0x010, 0x5A5B5C5D5E5F6061},
      {'W', 8, 0x010, 0x5A5B5C5D5E5F6061},
      {'R', 8, 0x010, 0x5A5B5C5D5E5F6061},
      {'R', 8, 0x010, 0x5A5B5C5D5E5F6061}}},
    {"update",
     0,
     {{'R', 8, 0x010, 0x1716151413121110},
      {'R', 4, 0x010, 0x13121110},
      {'W', 4, 0x010, 0x13121110},
      {'R', 2, 0x010, 0x1110},
      {'W', 2, 0x010, 0x1111},
      {'R', 1, 0x010, 0x10},
      {'W', 1, 0x010, 0x90},
      {'R', 8, 0x010, 0x1716151413121110},
      {'W', 8, 0x010, 0x1716151413121100},
      {'R', 4, 0x010, 0x13121110},
      {'W', 4, 0x010, 0x13121110}}},
    {"copy",
     0,
     {{'W', 1, 0xFFC, 0x01},
      {'W', 1, 0xFFD, 0x02},
      {'W', 1, 0xFFE, 0x03},
      {'W', 1, 0xFFF, 0x04},
      {'R', 2, 0xFE0, 0xE1E0},
      {'R', 2, 0xFE8, 0xE9E8},
      {'R', 2, 0xFF0, 0xF1F0},
      {'R', 2, 0xFF8, 0xF9F8},
      {'R', 4, 0xFF0, 0xF3F2F1F0},
      {'R', 4, 0xFF4, 0xF7F6F5F4},
      {'R', 4, 0xFF8, 0xFBFAF9F8},
      {'R', 4, 0xFFC, 0xFFFEFDFC},
      {'R', 8, 0xFE0, 0xE7E6E5E4E3E2E1E0},
      {'R', 8, 0xFE8, 0xEFEEEDECEBEAE9E8},
      {'R', 8, 0xFF0, 0xF7F6F5F4F3F2F1F0},
      {'R', 8, 0xFF8, 0xFFFEFDFCFBFAF9F8}}},
    {"fill",
     0,
     {{'W', 1, 0xFF8, 0},
      {'W', 1, 0xFF9, 0},
      {'W', 1, 0xFFA, 0},
      {'W', 1, 0xFFB, 0},
      {'W', 1, 0xFFC, 0},
      {'W', 1, 0xFFD, 0},
      {'W', 1, 0xFFE, 0},
      {'W', 1, 0xFFF, 0},
      {'W', 2, 0xFE0, 0},
      {'W', 2, 0xFE8, 0},
      {'W', 2, 0xFF0, 0},
      {'W', 2, 0xFF8, 0},
      {'W', 4, 0xFF0, 0},
      {'W', 4, 0xFF4, 0},
      {'W', 4, 0xFF8, 0},
      {'W', 4, 0xFFC, 0},
      {'W', 8, 0xFF0, 0},
      {'W', 8, 0xFF8, 0}}},
    {"move",
     0,
     {{'R', 1, 0xFFE, 0xFE},
      {'W', 1, 0xFFF, 0xFE},
      {'R', 1, 0xFFD, 0xFD},
      {'W', 1, 0xFFE, 0xFD},
      {'R', 1, 0xFFC, 0xFC},
      {'W', 1, 0xFFD, 0xFC},
      {'R', 8, 0xFF0, 0xF7F6F5F4F3F2F1F0},
      {'W', 8, 0xFE8, 0xF7F6F5F4F3F2F1F0},
      {'R', 8, 0xFF8, 0xFFFEFDFCFBFAF9F8},
      {'W', 8, 0xFF0, 0xFFFEFDFCFBFAF9F8}}},
    {"wait",
     3,
     {{'R', 4, 0x080, 0},
      {'R', 4, 0x080, 1},
      {'R', 4, 0x080, 2},
      {'R', 4, 0x080, 3},
      {'R', 4, 0x080, 4},
      {'R', 4, 0x080, 5}}},
    {"ring", 12, {{'W', 2, 0xF00, 0x11}, {'D', 0, 0, 1}, {'W', 2, 0xF00, 0x22}, {'D', 0, 0, 2}}},
    {"interleave",
     0x26244440,
     {{'W', 1, 0xFF8, 0},
      {'R', 4, 0x010, 0x13121110},
      {'W', 8, 0xFF8, 0x13121110},
      {'R', 2, 0x010, 0x1110},
      {'W', 1, 0xFF9, 1},
      {'R', 4, 0x010, 0x13121110},
      {'W', 8, 0xFF0, 0x26243330},
      {'R', 2, 0x010, 0x1110}}},
};

static uint64_t run(uint64_t scenario, uint64_t devices)
{
    struct sim_result result;

    for (unsigned int i = 0; i < PAGES * PAGE_BYTES; i++) {
        pages[i / PAGE_BYTES].bytes[i % PAGE_BYTES] = (uint8_t)i;
    }
    event_count = 0;
    progress = 0;
    result = sim_call(machine, "exercise", scenario, devices, BUFFER);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return result.value;
}

static void check_event(const char *scenario, size_t index, const struct event *expected)
{
    const struct event *event = &events[index];

    ck_assert_msg(index < event_count, "%s: only %zu accesses", scenario, event_count);
    ck_assert_msg(event->kind == expected->kind && event->width == expected->width &&
                      event->offset == expected->offset,
                  "%s, access %zu: %c%u at 0x%" PRIx64 ", expected %c%u at 0x%" PRIx64, scenario,
                  index, event->kind, event->width, event->offset, expected->kind, expected->width,
                  expected->offset);
}

START_TEST(every_access_is_made_once_with_its_width_and_in_order)
{
    const struct scenario *scenario = &scenarios[_i];
    const uint64_t places[] = {DEVICES, TOP};

    open_machine(ANY_WIDTH);
    for (unsigned int place = 0; place < 2; place++) {
        size_t seen = 0;

        ck_assert_uint_eq(run((uint64_t)_i, places[place]), scenario->value);
        for (; scenario->events[seen].kind != 0; seen++) {
            check_event(scenario->name, seen, &scenario->events[seen]);
            ck_assert_uint_eq(events[seen].value, scenario->events[seen].value);
        }
        ck_assert_uint_eq(event_count, seen);
    }
    ck_assert_uint_eq(sim_machine_findings(machine)->occurrences, 0);
    close_machine();
}
END_TEST

/* Values are other ones here: what is refused reads as ones. */
START_TEST(eight_bytes_are_accessed_by_one_instruction)
{
    const struct scenario *scenario = &scenarios[_i];
    size_t seen = 0;
    uint64_t refused = 0;

    open_machine(UP_TO_4_BYTES);
    (void)run((uint64_t)_i, DEVICES);
    for (const struct event *event = scenario->events; event->kind != 0; event++) {
        if (event->width == 8) {
            refused++;
        } else {
            check_event(scenario->name, seen++, event);
        }
    }
    ck_assert_uint_eq(event_count, seen);
    ck_assert_uint_eq(sim_machine_findings(machine)->occurrences, 2 * refused);
    close_machine();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmio_codegen");
    TCase *accesses = tcase_create("accesses");
    int count = (int)(sizeof scenarios / sizeof scenarios[0]);

    tcase_add_loop_test(accesses, every_access_is_made_once_with_its_width_and_in_order, 0, count);
    tcase_add_loop_test(accesses, eight_bytes_are_accessed_by_one_instruction, 0, count);
    suite_add_tcase(suite, accesses);
    return suite;
}
