/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump_region.c: what the verbose text says about BARs. */
#include "tests/unit/dump_case.h"

#define REST "\n" HEADER
/* BARs: 0 memory FE000000; 1+2 64-bit memory 40_E0000000; 3 I/O E000; 4 memory FE000000 again;
   5 empty. [PCI 3.0] 6.2.5.1 */
#define BAR_ROW_10 "10: 00 00 00 fe 0c 00 00 e0 40 00 00 00 01 e0 00 00\n"
#define BAR_ROW_20 "20: 00 00 00 fe 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
#define BARS       "\n" ROW_00 BAR_ROW_10 BAR_ROW_20 ROW_30
/* The same BARs in a function with another header type: [PCI 3.0] 6.2.1 */
#define TYPED_BARS(type) \
    "\n00: 86 80 29 12 07 04 00 00 02 00 04 06 00 00 " type " 00\n" BAR_ROW_10 BAR_ROW_20 ROW_30

/* One line of text, and what BAR `index` is then: the others stay as nothing was said of them. */
static const struct {
    const char *text;
    uint64_t size;
    unsigned int index;
    bool disabled;
} lines[] = {
    {"\tRegion 0: Memory at fe000000 (64-bit, prefetchable) [size=16M]" REST, 0x1000000, 0, false},
    {"Region 1: Memory at fe000000 (32-bit, non-prefetchable) [size=4K]" REST, 0x1000, 1, false},
    {"        Region 5: I/O ports at 0c40 [size=16]" REST, 16, 5, false},
    {"\tRegion 2: Memory at 7c0000000000 (64-bit, prefetchable) [size=64G]" REST,
     UINT64_C(0x1000000000), 2, false},
    {"\tRegion 2: Memory at 0 (64-bit, prefetchable) [size=2T]" REST, UINT64_C(0x20000000000), 2,
     false},
    {"\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable) [disabled] [size=512]" REST, 512, 0,
     true},
    {"\tRegion 0: Memory at <unassigned> (32-bit, non-prefetchable) [size=1M]" REST, 0x100000, 0,
     true},
    {"\tRegion 4: I/O ports at <ignored> [size=32]" REST, 32, 4, true},
    {"\tRegion 4: I/O ports at <unassigned> [disabled]" REST, 0, 4, true},
    {"\tRegion 0: [virtual] Memory at 000001f0 (32-bit, non-prefetchable) [size=8]" REST, 8, 0,
     true},
    {"\tRegion 0: Memory at 000001f0 (32-bit, non-prefetchable) [virtual] [size=8]" REST, 8, 0,
     true},
    {"\tRegion 3: [enhanced] Memory at fe000000 (64-bit, prefetchable) [size=8K]" REST, 0x2000, 3,
     false},
    {"\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable)" REST, 0, 0, false},
    {"\tExpansion ROM at 000c0000 [disabled] [size=128K]" REST, 0x20000, 6, true},
    {"\tExpansion ROM at fea00000 [size=256K]" REST, 0x40000, 6, false},
    {"\t[virtual] Expansion ROM at 000c0000 [disabled] [size=128K]" REST, 0x20000, 6, true},
    {"\tExpansion ROM at <ignored> [disabled by cmd]" REST, 0, 6, true},
    /* wrapped by a mailer */
    {"\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable)\n[size=16K]" REST, 0x4000, 0,
     false},
    {"\tRegion 0: Memory at fe000000 (32-bit,\n\t\tnon-prefetchable) [disabled] [size=16K]" REST,
     0x4000, 0, true},
    {"\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable) [size\n=16K]" REST, 0x4000, 0,
     false},
    {"\tRegion 0: Memory at\nfe000000 (32-bit, non-prefetchable) [size=16K]" REST, 0x4000, 0,
     false},
    {"\tRegion 0: I/O ports at e000\r\n[size=8]\r" REST, 8, 0, false},
    /* not wrapped: the next line is about something else */
    {"\tRegion 0: I/O ports at e000\n\tI/O behind bridge: f000-ffff [size=4K]" REST, 0, 0, false},
    /* a size that cannot be one says nothing */
    {"\tRegion 0: I/O ports at e000 [size=]" REST, 0, 0, false},
    {"\tRegion 0: I/O ports at e000 [size=-8]" REST, 0, 0, false},
    {"\tRegion 0: I/O ports at e000 [size=8X]" REST, 0, 0, false},
    {"\tRegion 0: I/O ports at e000 [size=8" REST, 0, 0, false},
    {"\tRegion 0: I/O ports at e000 [size" REST, 0, 0, false},
    {"\tRegion 0: Memory at 0 (64-bit, prefetchable) [size=16777216T]" REST, 0, 0, false},
    {"\tRegion 0: Memory at 0 (64-bit, prefetchable) [size=99999999999999999999]" REST, 0, 0,
     false},
    {"\tRegion 0: Memory at 0 (64-bit, prefetchable) [size=8388608T]" REST,
     UINT64_C(0x8000000000000000), 0, false},
    /* text that is about no BAR */
    {"\tRegion 6: Memory at fe000000 (32-bit, non-prefetchable) [size=16K]" REST, 0, 0, false},
    {"\tRegion x: Memory at fe000000 (32-bit, non-prefetchable) [size=16K]" REST, 0, 0, false},
    {"\tMemory behind bridge: fe000000-fe0fffff [size=1M]" REST, 0, 0, false},
    {"\tRegion 0: Memory window at fe000000 [size=16K]" REST, 0, 0, false},
    {"\tRegion 0: Memory attached at fe000000 [size=16K]" REST, 0, 0, false},
    /* the regions of SR-IOV virtual functions are not this function's */
    {"\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)\n"
     "\t\tRegion 0: Memory at fe000000 (64-bit, non-prefetchable) [size=16K]" REST,
     0, 0, false},
    /* without "Region N": the BAR with this address */
    {"\tMemory at fe000000 (32-bit, non-prefetchable) [size=16M]" BARS, 0x1000000, 0, false},
    {"\tMemory at 40e0000000 (64-bit, prefetchable) [size=256M]" BARS, 0x10000000, 1, false},
    {"\tI/O ports at e000 [disabled] [size=128]" BARS, 128, 3, true},
    {"\tI/O ports at e000\n[size=128]" BARS, 128, 3, false},
    {"\t[virtual] Memory at fe000000 (32-bit, non-prefetchable) [size=8]" BARS, 8, 0, true},
    {"\tMemory at e0000000 (32-bit, non-prefetchable) [size=1M]" BARS, 0, 0, false},
    {"\tMemory at 0000e000 (32-bit, non-prefetchable) [size=4K]" BARS, 0, 0, false},
    {"\tMemory at <unassigned> (32-bit, non-prefetchable) [size=4K]" BARS, 0, 0, false},
    {"\tMemory at 00000040 (32-bit, non-prefetchable) [size=16]" BARS, 0, 0, false},
    /* a bridge has two, so the second cannot be of 64 bits */
    {"\tMemory at e0000000 (64-bit, prefetchable) [size=1M]" TYPED_BARS("01"), 0x100000, 1, false},
    {"\tI/O ports at e000 [size=128]" TYPED_BARS("01"), 0, 0, false},
    {"\tMemory at fe000000 (32-bit, non-prefetchable) [size=16M]" TYPED_BARS("01"), 0x1000000, 0,
     false},
    /* a CardBus bridge has one; bit 7 is about other functions; there is no type 3 */
    {"\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]" TYPED_BARS("02"), 0x1000, 0,
     false},
    {"\tMemory at 40e0000000 (64-bit, prefetchable) [size=256M]" TYPED_BARS("02"), 0, 0, false},
    {"\tI/O ports at e000 [size=128]" TYPED_BARS("80"), 128, 3, false},
    {"\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]" TYPED_BARS("03"), 0, 0, false},
};

START_TEST(a_line_of_text_tells_the_size_of_a_region)
{
    char text[2048];
    struct sim_dump dump;

    ck_assert_int_gt(snprintf(text, sizeof text, "00:00.0 x\n%s", lines[_i].text), 0);
    dump = good_dump(text);
    for (unsigned int bar = 0; bar < 7; bar++) {
        bool named = bar == lines[_i].index;

        ck_assert_uint_eq(dump.functions[0].bars[bar].size, named ? lines[_i].size : 0);
        ck_assert_int_eq(dump.functions[0].bars[bar].text_only_disabled,
                         named && lines[_i].disabled);
    }
    sim_dump_free(&dump);
}
END_TEST

static void assert_sizes(struct sim_dump *dump, const uint64_t *sizes)
{
    for (unsigned int bar = 0; bar < 7; bar++) {
        ck_assert_uint_eq(dump->functions[0].bars[bar].size, sizes[bar]);
    }
    sim_dump_free(dump);
}

START_TEST(regions_without_an_index_come_in_the_order_of_their_registers)
{
    static const uint64_t sizes[] = {0x1000, 0x10000000, 0, 128, 0x2000, 0, 0x20000};
    static const uint64_t three[] = {0x1000, 0, 0, 0, 0x2000, 0, 0};
    struct sim_dump dump = good_dump("00:00.0 x\n"
                                     "\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]\n"
                                     "\tMemory at 40e0000000 (64-bit, prefetchable) [size=256M]\n"
                                     "\tI/O ports at e000 [size=128]\n"
                                     "\tMemory at fe000000 (32-bit, non-prefetchable) [size=8K]\n"
                                     "\tExpansion ROM at 000c0000 [disabled] [size=128K]" BARS);

    assert_sizes(&dump, sizes);
    /* the third has no register left */
    dump = good_dump("00:00.0 x\n"
                     "\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]\n"
                     "\tMemory at fe000000 (32-bit, non-prefetchable) [size=8K]\n"
                     "\tMemory at fe000000 (32-bit, non-prefetchable) [size=16K]" BARS);
    assert_sizes(&dump, three);
}
END_TEST

START_TEST(a_region_without_a_size_does_not_take_the_next_ones)
{
    static const uint64_t sizes[] = {0, 0, 0, 128, 0, 0, 0x20000};
    struct sim_dump dump = good_dump("00:00.0 x\n"
                                     "\tMemory at fe000000 (32-bit, non-prefetchable)\n"
                                     "\tI/O ports at e000 [size=128]\n"
                                     "\tMemory at fe000000 (32-bit, non-prefetchable)\n"
                                     "\t[virtual] Expansion ROM at 000c0000 [size=128K]" BARS);

    assert_sizes(&dump, sizes);
}
END_TEST

START_TEST(regions_belong_to_the_function_they_stand_under)
{
    struct sim_dump dump =
        good_dump("\tRegion 0: I/O ports at e000 [size=4]\n"
                  "00:00.0 x\n"
                  "\tCapabilities: <access denied>" BARS "00:01.0 x\n"
                  "\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]\n"
                  "\tRegion 5: I/O ports at 0c40 [size=8]" BARS "00:02.0 x" BARS);

    ck_assert_uint_eq(dump.functions[0].bars[0].size, 0);
    ck_assert_uint_eq(dump.functions[1].bars[0].size, 0x1000);
    ck_assert_uint_eq(dump.functions[1].bars[5].size, 8);
    ck_assert_uint_eq(dump.functions[2].bars[0].size, 0);
    ck_assert_uint_eq(dump.functions[2].bars[5].size, 0);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(another_listing_of_a_function_tells_the_sizes_of_regions_in_the_same_place)
{
    struct sim_dump dump = good_dump(
        "00:00.0 0600: 8086:1229\n\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable) "
        "[size=16M]\n\tRegion 4: Memory at fd000000 (32-bit, non-prefetchable) [size=1M]\n\n"
        "00:00.1 0600: 8086:122a\n\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable) "
        "[size=16M]\n\n00:00.0 x" BARS "\n00:00.1 x" BARS);

    ck_assert_uint_eq(dump.count, 2);
    ck_assert_uint_eq(dump.functions[0].known_size, 64);
    ck_assert_uint_eq(dump.functions[0].line, 8);
    ck_assert_uint_eq(dump.functions[0].bars[0].size, 0x1000000);
    ck_assert_uint_eq(dump.functions[0].bars[4].size, 0);
    ck_assert_uint_eq(dump.functions[1].bars[0].size, 0); /* of another device */
    sim_dump_free(&dump);
}
END_TEST

START_TEST(more_regions_than_registers_are_left_out)
{
    static const uint64_t sizes[] = {0x1000, 0, 0, 0, 0, 0, 0};
    char text[4096];
    char *end = stpcpy(text, "00:00.0 x\n\tMemory at fe000000 (32-bit) [size=4K]\n");
    struct sim_dump dump;

    for (unsigned int i = 0; i < 20; i++) {
        end = stpcpy(end, "\tI/O ports at e008 [size=8]\n");
    }
    (void)stpcpy(end, "\tI/O ports at e000 [size=128]" BARS);
    dump = good_dump(text);
    assert_sizes(&dump, sizes);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_region");
    TCase *text = tcase_create("text");

    tcase_add_loop_test(text, a_line_of_text_tells_the_size_of_a_region, 0,
                        (int)(sizeof lines / sizeof *lines));
    tcase_add_test(text, regions_without_an_index_come_in_the_order_of_their_registers);
    tcase_add_test(text, a_region_without_a_size_does_not_take_the_next_ones);
    tcase_add_test(text, regions_belong_to_the_function_they_stand_under);
    tcase_add_test(text,
                   another_listing_of_a_function_tells_the_sizes_of_regions_in_the_same_place);
    tcase_add_test(text, more_regions_than_registers_are_left_out);
    suite_add_tcase(suite, text);
    return suite;
}
