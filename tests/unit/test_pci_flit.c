/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci/pci_flit.c and of the tables of its three capabilities. Sections are of
 * [PCIe 6].
 */
#include "drydock/pci_flit.h"

#include <string.h>

#include "tests/unit/extended_case.h"

/* Registers that count, of a measurement that tracks five events of the LTSSM. */
static void setup(void)
{
    begin(0x00010032);
    for (unsigned int i = 4; i < 0x40; i++) {
        function->bytes[AT + i] = (uint8_t)i;
    }
}

static struct {
    struct dd_pci_flit_log log;
    struct dd_pci_flit_error error;
    struct dd_pci_flit_performance performance;
    struct dd_pci_flit_injection injection;
} result;

static enum dd_status read_log(uint16_t offset)
{
    return dd_pci_flit_log_read(&fake.access, address, offset, &result.log);
}

static enum dd_status take_error(uint16_t offset)
{
    return dd_pci_flit_log_take(&fake.access, address, offset, &result.error);
}

static enum dd_status read_performance(uint16_t offset)
{
    return dd_pci_flit_performance_read(&fake.access, address, offset, &result.performance);
}

static enum dd_status read_injection(uint16_t offset)
{
    return dd_pci_flit_injection_read(&fake.access, address, offset, &result.injection);
}

/* The word at 4 says what the reader needs: an entry, or how many registers there are. */
static const struct {
    enum dd_status (*read)(uint16_t offset);
    uint32_t first;
    unsigned int size, reads;
} readers[] = {
    {read_log, 0x07060504, 0x3C, 15},        {take_error, 0x07060505, 0x3C, 2},
    {read_performance, 0x00001400, 0x24, 8}, {read_performance, 0x00000400, 0x14, 4},
    {read_performance, 0x00000000, 0x10, 3}, {read_injection, 0x07060504, 0x24, 8},
};

START_TEST(each_register_is_read_once)
{
    unsigned int reads = 0;

    put(0x04, readers[_i].first);
    ck_assert_int_eq(readers[_i].read(AT), DD_OK);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        reads += !fake.log[i].is_write;
        ck_assert_uint_ge(fake.log[i].offset, AT + 4);
        ck_assert_uint_lt(fake.log[i].offset, AT + readers[_i].size);
        for (unsigned int j = 0; j < i && !fake.log[i].is_write; j++) {
            ck_assert_uint_ne(fake.log[i].offset, fake.log[j].offset);
        }
    }
    ck_assert_uint_eq(reads, readers[_i].reads);
    ck_assert_uint_eq(fake_write_count(), readers[_i].read == take_error ? 1 : 0);
}
END_TEST

START_TEST(a_capability_may_end_with_configuration_space_and_not_later)
{
    const unsigned int last = 0x1000 - readers[_i].size;

    fake_put32(function, last + 4, readers[_i].first);
    ck_assert_int_eq(readers[_i].read((uint16_t)last), DD_OK);
    for (unsigned int offset = last + 4; offset < 0x1000; offset += 4) {
        if (offset + 8 <= 0x1000) {
            fake_put32(function, offset + 4, readers[_i].first);
        }
        ck_assert_int_eq(readers[_i].read((uint16_t)offset), DD_EMALFORMED);
    }
    ck_assert_int_eq(readers[_i].read(0x202), DD_EALIGN);
    ck_assert_int_eq(readers[_i].read(0x3C), DD_EARG);
    ck_assert_int_eq(readers[_i].read(0x1000), DD_EARG);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_read_is_gone)
{
    put(0x04, readers[_i].first);
    memset(&result, 0x5A, sizeof result);
    for (uint32_t i = 0; i < readers[_i].reads; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(readers[_i].read(AT), DD_ENODEV);
        ck_assert_uint_eq(fake_write_count(), 0);
    }
    for (size_t i = 0; i < sizeof result; i++) {
        ck_assert_uint_eq(((const uint8_t *)&result)[i], 0x5A);
    }
}
END_TEST

START_TEST(registers_are_where_the_manual_has_them)
{
    /* 7.7.8 */
    ck_assert_int_eq(read_log(AT), DD_OK);
    ck_assert_uint_eq(result.log.offset, 0x200);
    ck_assert_uint_eq(result.log.oldest.log_1, 0x07060504);
    ck_assert_uint_eq(result.log.oldest.log_2, 0x0B0A0908);
    ck_assert_uint_eq(result.log.counter_control, 0x0D0C);
    ck_assert_uint_eq(result.log.counter_status, 0x0F0E);
    ck_assert_uint_eq(result.log.fber_control, 0x13121110);
    ck_assert_uint_eq(result.log.flits, 0x17161514);
    ck_assert_uint_eq(result.log.invalid_flits, 0x1918);
    ck_assert_uint_eq(result.log.corrected[0], 0x1D1C);
    ck_assert_uint_eq(result.log.corrected[1], 0x1F1E);
    ck_assert_uint_eq(result.log.corrected[14], 0x3938);
    ck_assert_uint_eq(result.log.corrected[15], 0x3B3A);
    /* 7.8.13 */
    ck_assert_int_eq(read_injection(AT), DD_OK);
    ck_assert_uint_eq(result.injection.capability, 0x07060504);
    ck_assert_uint_eq(result.injection.control[0], 0x0B0A0908);
    ck_assert_uint_eq(result.injection.control[1], 0x0F0E0D0C);
    ck_assert_uint_eq(result.injection.status, 0x13121110);
    ck_assert_uint_eq(result.injection.ordered_set_control[0], 0x17161514);
    ck_assert_uint_eq(result.injection.ordered_set_control[1], 0x1B1A1918);
    ck_assert_uint_eq(result.injection.ordered_set_tx_status, 0x1F1E1D1C);
    ck_assert_uint_eq(result.injection.ordered_set_rx_status, 0x23222120);
    /* 7.8.12 */
    put(0x04, 0x00001403);
    ck_assert_int_eq(read_performance(AT), DD_OK);
    ck_assert_uint_eq(result.performance.capability, 0x00001403);
    ck_assert_uint_eq(result.performance.control, 0x0B0A0908);
    ck_assert_uint_eq(result.performance.status, 0x0F0E0D0C);
    ck_assert_uint_eq(result.performance.ltssm_count, 5);
    ck_assert_uint_eq(result.performance.ltssm[0], 0x13121110);
    ck_assert_uint_eq(result.performance.ltssm[4], 0x23222120);
}
END_TEST

/* 7.7.8.7: counters stay at their greatest value, which is also what nobody answers with. */
START_TEST(counters_that_are_full_are_not_taken_for_a_function_that_is_gone)
{
    put(0x14, 0xFFFFFFFF);
    put(0x18, 0x0000FFFF);
    put(0x1C, 0xFFFFFFFF);
    ck_assert_int_eq(read_log(AT), DD_OK);
    ck_assert_uint_eq(result.log.flits, 0xFFFFFFFF);
    ck_assert_uint_eq(result.log.invalid_flits, 0xFFFF);
    ck_assert_uint_eq(result.log.corrected[1], 0xFFFF);
    ck_assert_uint_eq(result.log.corrected[2], 0x2120);
}
END_TEST

/* ---- The error log: 7.7.8.2 ---- */

START_TEST(an_entry_is_taken_by_writing_its_valid_bit_alone)
{
    put(0x04, 0x8877A0F3);
    clearable(0x04, 0x00000001);
    ck_assert_int_eq(take_error(AT), DD_OK);
    ck_assert_uint_eq(result.error.log_1, 0x8877A0F3);
    ck_assert_uint_eq(result.error.log_2, 0x0B0A0908);
    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert_uint_eq(last_write()->offset, 0x204);
    ck_assert_uint_eq(last_write()->width, 4);
    ck_assert_uint_eq(last_write()->value, 0x00000001);
    fake_forget();
    memset(&result, 0x5A, sizeof result);
    ck_assert_int_eq(take_error(AT), DD_ENOENT);
    ck_assert_uint_eq(result.error.log_1, 0x5A5A5A5A);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

static const struct {
    struct dd_pci_flit_error error;
    enum dd_pci_flit_error_kind kind;
} kinds[] = {
    {{0xFFFFFFFE, 0xFFFFFFFF}, DD_PCI_FLIT_NO_ENTRY},
    {{0x00003FFF, 0x00000000}, DD_PCI_FLIT_NO_ERROR},
    {{0x00010001, 0x00000000}, DD_PCI_FLIT_CORRECTED},
    {{0x80000001, 0x00000000}, DD_PCI_FLIT_CORRECTED},
    {{0x00000001, 0x00000100}, DD_PCI_FLIT_CORRECTED},
    {{0x00004001, 0x00000000}, DD_PCI_FLIT_UNRECOGNIZED},
    {{0x00004001, 0x80000000}, DD_PCI_FLIT_UNRECOGNIZED_CORRECTED},
    {{0x00008001, 0x00000000}, DD_PCI_FLIT_CRC_FAILED},
    {{0x0000C001, 0x00000000}, DD_PCI_FLIT_CRC_FAILED},
    {{0x00008001, 0x00000001}, DD_PCI_FLIT_UNCORRECTABLE},
    {{0x0100C001, 0x00000000}, DD_PCI_FLIT_UNCORRECTABLE},
};

/* Table 7-92 */
START_TEST(an_entry_says_what_happened_to_its_flit)
{
    ck_assert_int_eq(dd_pci_flit_error_kind(&kinds[_i].error), kinds[_i].kind);
}
END_TEST

/* Bits 12:8 are what an entry knows of the flits after its own, 7:4 how far it is from the last. */
static const struct {
    uint32_t log_1[3];
    unsigned int count, after;
} following[] = {
    {{0}, 0, 0x00},
    {{0x00001501}, 1, 0x15},
    {{0x00001501, 0x00001F61}, 2, 0x15}, /* 6 flits later: the first knows all */
    {{0x00001501, 0x00001FF1}, 2, 0x15},
    {{0x00000001, 0x00000011}, 2, 0x01}, /* the next flit */
    {{0x00001E01, 0x00000511}, 2, 0x0B}, /* bits 4:1 mean nothing */
    {{0x00000001, 0x00000721}, 2, 0x1E}, /* the example: bit 0, bit 1, and bits 2:0 of the next */
    {{0x00001D01, 0x00000321}, 2, 0x0F},
    {{0x00000701, 0x00001F51}, 2, 0x17}, /* bit 4 is the next */
    {{0x00000001, 0x00000021, 0x00000031}, 3, 0x12},
    {{0x00000001, 0x00000011, 0x00000311}, 3, 0x0F},
    {{0x00000201, 0x00000061, 0x00000011}, 3, 0x02},
};

START_TEST(errors_after_a_flit_are_told_by_the_entries_after_its_own)
{
    struct dd_pci_flit_error errors[3] = {{0, 0}};

    for (unsigned int i = 0; i < 3; i++) {
        errors[i].log_1 = following[_i].log_1[i];
    }
    ck_assert_uint_eq(dd_pci_flit_errors_after(errors, following[_i].count), following[_i].after);
}
END_TEST

/* 7.7.8.2: 000b to 100b are x1 to x16. */
START_TEST(widths_are_powers_of_two_up_to_16)
{
    static const unsigned int widths[] = {1, 2, 4, 8, 16, 0, 0, 0};

    ck_assert_uint_eq(dd_pci_flit_width((unsigned int)_i), widths[_i]);
    ck_assert_uint_eq(dd_pci_flit_width(32 + (unsigned int)_i), 0);
}
END_TEST

/* ---- Performance: 7.8.12 ---- */

/* 7.8.12.2: the number is 0 to 5. */
START_TEST(registers_of_the_ltssm_are_as_many_as_the_function_says)
{
    put(0x04, (uint32_t)_i << 10 | 0xFFFFE3FF);
    memset(&result, 0x5A, sizeof result);
    if (_i > 5) {
        ck_assert_int_eq(read_performance(AT), DD_EMALFORMED);
        ck_assert_uint_eq(result.performance.ltssm_count, 0x5A5A5A5A);
        ck_assert_uint_eq(fake.access_count, _i == 7 ? 2 : 1); /* all ones: is anybody there? */
        return;
    }
    ck_assert_int_eq(read_performance(AT), DD_OK);
    ck_assert_uint_eq(result.performance.ltssm_count, (unsigned int)_i);
    for (unsigned int i = 0; i < 5; i++) {
        ck_assert_uint_eq(result.performance.ltssm[i],
                          i < (unsigned int)_i ? 0x13121110 + 0x04040404 * i : 0);
    }
}
END_TEST

static const struct {
    uint32_t control, status, nanoseconds;
} latencies[] = {
    {0x00000003, 0x00000000, 0},      /* nothing yet */
    {0x00000003, 0x0000640A, 800},    /* the longest: 100 units, whatever the 2 tracked */
    {0x00000003, 0xFFFFFF82, 524280}, /* reserved bits and the interrupt are not counted */
    {0x00000103, 0x00006412, 200},    /* the sum of 4 */
    {0x00000103, 0x0000640E, 266},    /* 3 of 4 so far */
    {0x00000103, 0x00006401, 0},      /* none of 4 so far */
    {0x00000003, 0x0000640B, 0},      /* overflow */
    {0x00F83803, 0x0000640A, 800},    /* numbers of others */
    {0x000007C3, 0x00FFFF7E, 16912},  /* 31 */
};

START_TEST(latencies_are_the_longest_or_on_average)
{
    const struct dd_pci_flit_performance performance = {
        .control = latencies[_i].control,
        .status = latencies[_i].status,
    };

    ck_assert_uint_eq(dd_pci_flit_latency(&performance), latencies[_i].nanoseconds);
}
END_TEST

/* 7.8.12.5: the unit is 64 us. */
START_TEST(times_of_the_ltssm_are_the_longest_or_on_average)
{
    struct dd_pci_flit_performance performance = {.ltssm_count = 2,
                                                  .ltssm = {0x0000640A, 0x00FFFF02, 0x0000640A}};

    performance.control = 0x000007C0; /* the number of flits is another */
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, 0), 6400);
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, 1), 4194240);
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, 2), 0);
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, UINT32_MAX), 0);
    performance.control = 0x00100000;
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, 0), 3200);
    ck_assert_uint_eq(dd_pci_flit_ltssm_time(&performance, 1), 0);
}
END_TEST

static const struct {
    uint32_t control;
    unsigned int count, events[3];
} orders[] = {
    {0x00000000, 5, {5, 5, 5}}, {0xFFF83FFF, 5, {5, 5, 5}}, {0x00004000, 5, {0, 5, 5}},
    {0x00050000, 5, {2, 4, 5}}, {0x0007C000, 5, {0, 1, 2}}, {0x0007C000, 1, {0, 5, 5}},
    {0x00068000, 3, {1, 3, 4}}, {0x0007C000, 0, {5, 5, 5}},
};

/* 7.8.12.3: Recovery is bit 14, L1.2 bit 18. */
START_TEST(registers_of_the_ltssm_are_about_the_enabled_events_in_order)
{
    const struct dd_pci_flit_performance performance = {
        .control = orders[_i].control,
        .ltssm_count = orders[_i].count,
    };

    for (unsigned int i = 0; i < 3; i++) {
        ck_assert_uint_eq(dd_pci_flit_ltssm_event(&performance, i), orders[_i].events[i]);
    }
    ck_assert_uint_eq(dd_pci_flit_ltssm_event(&performance, UINT32_MAX), 5);
}
END_TEST

/* ---- Injection: 7.8.13.6, 7.8.13.8 ---- */

/* Bit 16 of Control 1 enables TS0, whose progress is bits 1:0; bit 29 the last, bits 27:26. */
START_TEST(progress_of_an_injection_is_found_by_the_bit_that_enables_it)
{
    ck_assert_int_eq(dd_pci_flit_injection_progress(0x0000001B, 16), 3);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0x0000001B, 17), 2);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0x0000001B, 18), 1);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0x0000001B, 19), 0);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0xF8000000, 29), 2);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0xFFFFFFFF, 30), 0);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0xFFFFFFFF, 15), 0);
    ck_assert_int_eq(dd_pci_flit_injection_progress(0xFFFFFFFF, UINT32_MAX), 0);
}
END_TEST

/* ---- Tables ---- */

#define FIELD(name) #name, DD_BITS(name)

static const struct {
    const char *name;
    uint64_t bits, expected;
} fields[] = {
    /* 7.7.8.2 to 7.7.8.8 */
    {FIELD(DD_PCI_FLIT_LOG_VALID), 0x00000001},
    {FIELD(DD_PCI_FLIT_LOG_WIDTH), 0x0000000E},
    {FIELD(DD_PCI_FLIT_LOG_DISTANCE), 0x000000F0},
    {FIELD(DD_PCI_FLIT_LOG_CONSECUTIVE), 0x00001F00},
    {FIELD(DD_PCI_FLIT_LOG_MORE), 0x00002000},
    {FIELD(DD_PCI_FLIT_LOG_UNRECOGNIZED), 0x00004000},
    {FIELD(DD_PCI_FLIT_LOG_UNCORRECTABLE), 0x00008000},
    {FIELD(DD_PCI_FLIT_LOG_CHECK_0), 0xFF000000},
    {FIELD(DD_PCI_FLIT_LOG_CHECK_1), 0x0000FF00},
    {FIELD(DD_PCI_FLIT_LOG_COUNTER_EVENTS), 0x0000000C},
    {FIELD(DD_PCI_FLIT_LOG_COUNTER_TRIGGER), 0x00000FF0},
    {FIELD(DD_PCI_FLIT_LOG_COUNTER_INTERRUPT), 0x00000008},
    {FIELD(DD_PCI_FLIT_LOG_COUNTER), 0x0000FF00},
    {FIELD(DD_PCI_FLIT_LOG_FBER_CLEAR), 0x00000002},
    {FIELD(DD_PCI_FLIT_LOG_FBER_GRANULARITY), 0x0000000C},
    /* 7.8.12.2 to 7.8.12.5 */
    {FIELD(DD_PCI_FLIT_PERFORMANCE_INTERRUPT_VECTOR), 0x000003FF},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_RESPONSE_TYPE), 0x0000000E},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_INTERRUPT_DELAY), 0x00003800},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_LTSSM_INTERRUPT_DELAY), 0x07000000},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_SUBSTATE_INTERRUPT_DELAY), 0x38000000},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_INTERRUPT), 0x00000080},
    {FIELD(DD_PCI_FLIT_PERFORMANCE_LTSSM_INTERRUPT), 0x00000080},
    /* 7.8.13.3 to 7.8.13.9 */
    {FIELD(DD_PCI_FLIT_INJECTION_2_5GT), 0x00000008},
    {FIELD(DD_PCI_FLIT_INJECTION_64GT), 0x00000100},
    {FIELD(DD_PCI_FLIT_INJECTION_COUNT), 0x001F0000},
    {FIELD(DD_PCI_FLIT_INJECTION_SPACING), 0x1FE00000},
    {FIELD(DD_PCI_FLIT_INJECTION_FLIT_TYPE), 0xE0000000},
    {FIELD(DD_PCI_FLIT_INJECTION_ERROR_TYPE), 0x00000018},
    {FIELD(DD_PCI_FLIT_INJECTION_ERROR_OFFSET), 0x00000FE0},
    {FIELD(DD_PCI_FLIT_INJECTION_MAGNITUDE), 0x000FF000},
    {FIELD(DD_PCI_FLIT_INJECTION_RX_PROGRESS), 0x0000000C},
    {FIELD(DD_PCI_FLIT_INJECTION_ORDERED_SET_COUNT), 0x000000F8},
    {FIELD(DD_PCI_FLIT_INJECTION_IN_SDS), 0x00400000},
    {FIELD(DD_PCI_FLIT_INJECTION_IN_L0), 0x02000000},
    {FIELD(DD_PCI_FLIT_INJECTION_LANES), 0xFFFF0000},
    {FIELD(DD_PCI_FLIT_INJECTION_TX_SDS), 0x00003000},
    {FIELD(DD_PCI_FLIT_INJECTION_RX_EQUALIZATION_3), 0x0C000000},
};

START_TEST(fields_are_where_the_manual_has_them)
{
    ck_assert_msg(fields[_i].bits == fields[_i].expected, "%s", fields[_i].name);
}
END_TEST

#define LOOP(tests, name, array) \
    tcase_add_loop_test(tests, name, 0, (int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_flit");
    TCase *decoding = tcase_create("decoding");
    TCase *numbers = tcase_create("numbers");

    tcase_add_checked_fixture(decoding, setup, NULL);
    LOOP(decoding, each_register_is_read_once, readers);
    LOOP(decoding, a_capability_may_end_with_configuration_space_and_not_later, readers);
    LOOP(decoding, a_function_that_vanishes_at_any_read_is_gone, readers);
    tcase_add_test(decoding, registers_are_where_the_manual_has_them);
    tcase_add_test(decoding, counters_that_are_full_are_not_taken_for_a_function_that_is_gone);
    tcase_add_test(decoding, an_entry_is_taken_by_writing_its_valid_bit_alone);
    tcase_add_loop_test(decoding, registers_of_the_ltssm_are_as_many_as_the_function_says, 0, 8);
    suite_add_tcase(suite, decoding);

    LOOP(numbers, an_entry_says_what_happened_to_its_flit, kinds);
    LOOP(numbers, errors_after_a_flit_are_told_by_the_entries_after_its_own, following);
    tcase_add_loop_test(numbers, widths_are_powers_of_two_up_to_16, 0, 8);
    LOOP(numbers, latencies_are_the_longest_or_on_average, latencies);
    tcase_add_test(numbers, times_of_the_ltssm_are_the_longest_or_on_average);
    LOOP(numbers, registers_of_the_ltssm_are_about_the_enabled_events_in_order, orders);
    tcase_add_test(numbers, progress_of_an_injection_is_found_by_the_bit_that_enables_it);
    LOOP(numbers, fields_are_where_the_manual_has_them, fields);
    suite_add_tcase(suite, numbers);
    return suite;
}
