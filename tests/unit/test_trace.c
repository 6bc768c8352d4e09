/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trace: what is kept, hashed and written. */
#include "sim/report/trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct sim_trace trace;

static void open_trace(void)
{
    sim_trace_init(&trace);
}

static void add(uint64_t time)
{
    struct sim_trace_event event = {
        .time = time, .rip = 0x100012, .kind = SIM_TRACE_OUT, .code = 0x3F8, .a = 0x41, .b = 1};

    sim_trace_add(&trace, &event);
}

START_TEST(an_empty_trace_has_the_offset_basis_of_fnv_1a_as_its_hash)
{
    ck_assert_uint_eq(trace.hash, 14695981039346656037u);
    ck_assert_uint_eq(trace.count, 0);
}
END_TEST

/* The expected value was computed by another program, byte by byte, from the algorithm's text. */
START_TEST(the_hash_is_fnv_1a_over_time_rip_kind_code_a_and_b_lowest_byte_first)
{
    struct sim_trace_event event = {.time = 0x0102030405060708,
                                    .rip = 0x1112131415161718,
                                    .kind = SIM_TRACE_MSR,
                                    .code = 0xC0000080,
                                    .a = 0x2122232425262728,
                                    .b = 0x3132333435363738};

    sim_trace_add(&trace, &event);
    ck_assert_uint_eq(trace.hash, 0xF8EB75A09DC14B40);
}
END_TEST

START_TEST(every_field_changes_the_hash)
{
    struct sim_trace_event same = {.time = 1};
    struct sim_trace_event events[] = {{.time = 2},
                                       {.time = 1, .rip = 1},
                                       {.time = 1, .kind = SIM_TRACE_NMI},
                                       {.time = 1, .code = 1},
                                       {.time = 1, .a = 1},
                                       {.time = 1, .b = 1}};
    uint64_t hash = 0;

    sim_trace_add(&trace, &same);
    hash = trace.hash;
    sim_trace_init(&trace);
    sim_trace_add(&trace, &events[_i]);
    ck_assert_uint_ne(trace.hash, hash);
}
END_TEST

START_TEST(the_last_32_events_are_kept)
{
    for (uint64_t time = 0; time < 40; time++) {
        add(time);
    }
    ck_assert_uint_eq(trace.count, 40);
    for (uint64_t number = 8; number < 40; number++) {
        ck_assert_uint_eq(trace.last[number % 32].time, number);
    }
}
END_TEST

struct wording {
    struct sim_trace_event event;
    const char *text;
};

static const struct wording wordings[] = {
    {{1234, 0x100012, SIM_TRACE_OUT, 0x3F8, 0x41, 1},
     "      1234  out 0x3f8 <- 0x41 (1 byte) at 0x100012"},
    {{5, 0x10, SIM_TRACE_IN, 0x64, 0x1C, 2}, "         5  in 0x64 -> 0x1c (2 bytes) at 0x10"},
    {{5, 0x10, SIM_TRACE_MMIO_READ, 4, 0xFEE00020, 7},
     "         5  read 0xfee00020 -> 0x7 (4 bytes) at 0x10"},
    {{5, 0x10, SIM_TRACE_MMIO_WRITE, 4, 0xFEE000B0, 0},
     "         5  write 0xfee000b0 <- 0x0 (4 bytes) at 0x10"},
    {{5, 0x10, SIM_TRACE_EXCEPTION, 14, 2, 0x8000},
     "         5  #PF, error code 0x2, CR2 0x8000 at 0x10"},
    {{5, 0x10, SIM_TRACE_EXCEPTION, 13, 0x18, 0}, "         5  #GP, error code 0x18 at 0x10"},
    {{5, 0x10, SIM_TRACE_EXCEPTION, 6, 0, 0}, "         5  #UD at 0x10"},
    {{5, 0x10, SIM_TRACE_INTERRUPT, 0x20, 0, 0}, "         5  interrupt, vector 0x20 at 0x10"},
    {{5, 0x10, SIM_TRACE_NMI, 0, 0, 0}, "         5  NMI at 0x10"},
    {{5, 0x10, SIM_TRACE_SYSCALL, 0, 0, 0}, "         5  system call at 0x10"},
    {{5, 0x10, SIM_TRACE_CONTROL_REGISTER, 3, 0x2000, 0}, "         5  CR3 <- 0x2000 at 0x10"},
    {{5, 0x10, SIM_TRACE_MSR, 0xC0000080, 0xD01, 0}, "         5  MSR 0xc0000080 <- 0xd01 at 0x10"},
    {{5, 0x10, SIM_TRACE_TABLE, SIM_TRACE_IDT, 0x5000, 0}, "         5  IDT <- 0x5000 at 0x10"},
    {{5, 0x10, SIM_TRACE_TABLE, 77, 0x5000, 0}, "         5  table <- 0x5000 at 0x10"},
    {{5, 0x10, SIM_TRACE_FLUSH, 0, 0x7000, 3}, "         5  flush 0x7000, PCID 3 at 0x10"},
    {{5, 0x10, SIM_TRACE_HALT, 0, 0, 0}, "         5  halt at 0x10"},
    {{5, 0x10, SIM_TRACE_FINDING, 1, 0, 0}, "         5  finding: descriptor at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 0, 0x2000, 12},
     "         5  injected: function 0x2000 returns 0xc at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 1, 0x2000, 3},
     "         5  injected: bit 3 of 0x2000 flips at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 2, 0x20, 0},
     "         5  injected: interrupt, vector 0x20, is lost at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 3, 4, 0}, "         5  injected: IRQ 4 is lost at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 4, 0x20, 99},
     "         5  injected: interrupt, vector 0x20, is 99 ns late at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 5, 4, 99}, "         5  injected: IRQ 4 is 99 ns late at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 6, 0x3F8, 0},
     "         5  injected: the device at 0x3f8 is dead at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 7, 0x101FB, 0},
     "         5  injected: PCI 0001:01:1f.3 vanishes at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 8, 0x18, 2},
     "         5  injected: PCI 0000:00:03.0 sends message 2 at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 8, 0x18, 0x10002},
     "         5  injected: PCI 0000:00:03.0 cannot send message 2 at 0x10"},
    {{5, 0x10, SIM_TRACE_FAULT, 9, 0, 0}, "         5  injected: fault 9 at 0x10"},
    {{5, 0x10, SIM_TRACE_RESET, 0, 0, 0}, "         5  reset at 0x10"},
};

START_TEST(an_event_is_described_in_words)
{
    char text[160];

    sim_trace_describe(&wordings[_i].event, text, sizeof text);
    ck_assert_str_eq(text, wordings[_i].text);
}
END_TEST

START_TEST(the_longest_description_fits_the_line_that_is_written)
{
    struct sim_trace_event event = {UINT64_MAX, UINT64_MAX, 0, UINT32_MAX, UINT64_MAX, UINT64_MAX};

    for (unsigned int kind = 0; kind <= 40; kind++) {
        char text[512];

        event.kind = (enum sim_trace_kind)kind;
        event.code = kind == SIM_TRACE_EXCEPTION ? 14 : UINT32_MAX;
        event.code = kind == SIM_TRACE_FINDING ? 0 : event.code;
        sim_trace_describe(&event, text, sizeof text);
        ck_assert_uint_lt(strlen(text), 160);
        ck_assert_ptr_nonnull(strstr(text, "at 0xffffffffffffffff"));
    }
}
END_TEST

/* One line of add() takes 51 bytes with its newline, the line about the cut 44. */
static char *written(uint64_t budget, unsigned int events)
{
    char *text = NULL;
    size_t size = 0;

    trace.file = open_memstream(&text, &size);
    trace.file_left = budget;
    for (unsigned int i = 0; i < events; i++) {
        add(1234);
    }
    ck_assert_int_eq(fclose(trace.file), 0);
    ck_assert_uint_le(size, budget);
    return text;
}

START_TEST(every_event_is_a_line_of_the_file)
{
    char *text = written(1000, 2);

    ck_assert_str_eq(text, "      1234  out 0x3f8 <- 0x41 (1 byte) at 0x100012\n"
                           "      1234  out 0x3f8 <- 0x41 (1 byte) at 0x100012\n");
    free(text);
}
END_TEST

/* The hash of no event is where FNV-1a begins. */
START_TEST(the_last_line_of_a_file_has_the_number_and_the_hash_of_the_events)
{
    char *text = NULL;
    size_t size = 0;

    trace.file = open_memstream(&text, &size);
    sim_trace_end(&trace);
    ck_assert_int_eq(fclose(trace.file), 0);
    ck_assert_str_eq(text, "0 events, hash 0xcbf29ce484222325\n");
    free(text);
}
END_TEST

START_TEST(events_that_a_file_had_no_room_for_are_in_its_last_line)
{
    char expected[64];
    char *text = NULL;
    size_t size = 0;

    trace.file = open_memstream(&text, &size);
    add(1);
    add(2);
    sim_trace_end(&trace);
    ck_assert_int_eq(fclose(trace.file), 0);
    (void)snprintf(expected, sizeof expected, "2 events, hash 0x%016" PRIx64 "\n", trace.hash);
    ck_assert_str_eq(text, expected);
    free(text);
}
END_TEST

START_TEST(a_trace_without_a_file_has_no_last_line)
{
    add(1);
    sim_trace_end(&trace);
    ck_assert_uint_eq(trace.count, 1);
}
END_TEST

START_TEST(a_file_that_is_full_ends_with_a_line_that_says_so)
{
    char *text = written(200, 10);
    const char *cut = strstr(text, "trace cut: ");

    ck_assert_ptr_nonnull(cut);
    ck_assert_ptr_nonnull(strchr(cut, '\n'));
    ck_assert_str_eq(strchr(cut, '\n'), "\n");
    ck_assert_uint_eq(trace.count, 10);
    free(text);
}
END_TEST

START_TEST(a_file_never_grows_beyond_its_budget_and_says_so_if_there_is_room)
{
    char *text = written((uint64_t)_i, 10);

    ck_assert((strstr(text, "trace cut: ") != NULL) == (_i >= 44));
    free(text);
}
END_TEST

START_TEST(the_hash_does_not_depend_on_the_file)
{
    uint64_t hash = 0;

    free(written(60, 10));
    hash = trace.hash;
    sim_trace_init(&trace);
    for (unsigned int i = 0; i < 10; i++) {
        add(1234);
    }
    ck_assert_uint_eq(trace.hash, hash);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("trace");
    TCase *kept = tcase_create("kept");
    TCase *words = tcase_create("words");
    TCase *file = tcase_create("file");

    tcase_add_checked_fixture(kept, open_trace, NULL);
    tcase_add_test(kept, an_empty_trace_has_the_offset_basis_of_fnv_1a_as_its_hash);
    tcase_add_test(kept, the_hash_is_fnv_1a_over_time_rip_kind_code_a_and_b_lowest_byte_first);
    tcase_add_loop_test(kept, every_field_changes_the_hash, 0, 6);
    tcase_add_test(kept, the_last_32_events_are_kept);
    suite_add_tcase(suite, kept);

    tcase_add_loop_test(words, an_event_is_described_in_words, 0,
                        (int)(sizeof wordings / sizeof wordings[0]));
    tcase_add_test(words, the_longest_description_fits_the_line_that_is_written);
    suite_add_tcase(suite, words);

    tcase_add_checked_fixture(file, open_trace, NULL);
    tcase_add_test(file, every_event_is_a_line_of_the_file);
    tcase_add_test(file, the_last_line_of_a_file_has_the_number_and_the_hash_of_the_events);
    tcase_add_test(file, events_that_a_file_had_no_room_for_are_in_its_last_line);
    tcase_add_test(file, a_trace_without_a_file_has_no_last_line);
    tcase_add_test(file, a_file_that_is_full_ends_with_a_line_that_says_so);
    tcase_add_loop_test(file, a_file_never_grows_beyond_its_budget_and_says_so_if_there_is_room, 1,
                        200);
    tcase_add_test(file, the_hash_does_not_depend_on_the_file);
    suite_add_tcase(suite, file);
    return suite;
}
