/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/text/text_pattern.c, text_field.c, text_words.c and text_formulas.c. */
#include "sim/pci/text/text_pattern.h"
#include "sim/pci/text/text_tree.h"
#include "tests/unit/unit.h"

#define ALL UINT64_MAX

/* A pattern, a text, how much of it matches (-1: it does not), and the 8 bytes from 10h on. */
static const struct {
    const char *pattern, *text;
    int length;
    uint64_t value, known;
} matches[] = {
    /* blanks */
    {"a b", "a b", 3, 0, 0},
    {"a b", "a\n\t b", 5, 0, 0},
    {"a b", "a\xC2\xA0 b", 5, 0, 0},
    {"a b", "ab", -1, 0, 0},
    {"a~b", "ab", 2, 0, 0},
    {"a~b", "a  b", 4, 0, 0},
    /* a word ends where it ends, unless a line was cut inside it */
    {"L1", "L1, L0s", 2, 0, 0},
    {"L1", "L12", -1, 0, 0},
    {"L1.2", "L1.2", 4, 0, 0},
    {"Stepping{+@0.7}", "Step\nping+", 10, 0x80, 0x80},
    {"Stepping{+@0.7}", "Stepping\n+", 10, 0x80, 0x80},
    {"Stepping{+@0.7}", "Step\n ping+", -1, 0, 0},
    /* signs */
    {"Mem{+@0.1}", "Mem+", 4, 2, 2},
    {"Mem{+@0.1}", "Mem-", 4, 0, 2},
    {"Mem{+@0.1}", "Mem?", -1, 0, 0},
    {"Mem{+@0.1}", "Mem", -1, 0, 0},
    {"B3{%@1.6}", "B3+", 3, 0, 0x4000},
    {"B3{%@1.6}", "B3-", 3, 0x4000, 0x4000},
    /* numbers */
    {"{x@0.15:0}", "beEF", 4, 0xBEEF, 0xFFFF},
    {"{x@0.15:0}", "10000", -1, 0, 0},
    {"{x@0.63:0}", "fedcba9876543210", 16, UINT64_C(0xFEDCBA9876543210), ALL},
    {"{x@0.63:0}", "1fedcba9876543210", -1, 0, 0},
    {"{x@2.7:4}", "c", 1, 0xC00000, 0xF00000},
    {"{x+fff@0.31:0}", "c7ffffff", 8, 0xC7FFF000, 0xFFFFFFFF},
    {"{8@4.31:0}{x@0.31:0}", "0000000180000000", 16, UINT64_C(0x180000000), ALL},
    {"{8@4.31:0}{x@0.31:0}", "80000000", -1, 0, 0},
    {"{a@0.31:4}", "fe001234", 8, 0xFE001230, 0xFFFFFFF0},
    {"{d@0.7:0}", "200", 3, 200, 0xFF},
    {"{d@0.7:0}", "256", -1, 0, 0},
    {"{d@0.7:0}", "", -1, 0, 0},
    {"{d*250@0.7:0}ns", "750ns", 5, 3, 0xFF},
    {"{d*250@0.7:0}ns", "751ns", -1, 0, 0},
    {"{d+1@0.10:0}", "2048", 4, 0x7FF, 0x7FF},
    {"{d+1@0.10:0}", "0", -1, 0, 0},
    {"{p128@0.7:5} bytes", "4096 bytes", 10, 0xA0, 0xE0},
    {"{p128@0.7:5} bytes", "4000 bytes", -1, 0, 0},
    {"{b0@0.15:0}", "9", 1, 0x200, 0x200},
    {"{b0@0.15:0}", "16", -1, 0, 0},
    {"{b0@0.15:0}-{r0@0.15:0}", "8-10", 4, 0x700, 0x700},
    {"{b0@0.15:0}-{r0@0.15:0}", "8-7", -1, 0, 0},
    {"IRQ {h@0.7:0}", "IRQ 11", 6, 11, 0},
    {"IRQ {h@0.7:0}", "IRQ -2147483648", 15, 0, 0},
    /* words: the longest, and what several values have in common */
    {"ASPM {e:aspm_support@0.11:10}", "ASPM L0s L1, Exit", 11, 0xC00, 0xC00},
    {"ASPM {e:aspm_support@0.11:10}", "ASPM L0s, Exit", 8, 0x400, 0xC00},
    {"ASPM {e:aspm_support@0.11:10}", "ASPM unknown", 12, 0, 0x400},
    {"{e:margin@0.9:7}", "200-400mV(full-swing)/100-200mV(half-swing)", 43, 0x100, 0},
    {"{e:supported_speeds@0.7:1}", "2.5-8GT/s", 9, 0x0E, 0xF8},
    {"{e:speed@0.3:0}", "5GT/s", 5, 2, 0xF},
    {"{e:speed@0.3:0}", "5.0GT/s", 7, 2, 0xF},
    {"{e:speed@0.3:0}", "7GT/s", -1, 0, 0},
    {"{e:deemphasis@0.0}", "-3.5dB", 6, 1, 1},
    /* computed: [PCIe 6] 7.5.3.9, 7.8.2.2, 7.8.3.2 */
    {"{f:power@0.9:0}W", "25.5W", 5, 0x1FF, 0x3FF},
    {"{f:power@0.9:0}W", "25W", 3, 0x019, 0x21C},
    {"{f:power@0.9:0}W", "0.000000W", 9, 0, 0xFF},
    {"{f:latency@0.12:0}ns", "1023ns", 6, 0x3FF, 0x1FFF},
    {"{f:latency@0.12:0}ns", "3145728ns", 9, 0xC60, 0x39C},
    {"{f:latency@0.12:0}ns", "0ns", 3, 0, 0x3FF},
    {"{f:power_on@0.7:0}us", "170us", 5, 0x89, 0xFB},
    {"{f:power_on@0.7:0}us", "171us", -1, 0, 0},
    /* nothing is printed */
    {"x{=2a@0.7:0}", "x", 1, 0x2A, 0xFF},
    {"x{=2a@0.7:0}{u@0.3:0}", "x", 1, 0x2A, 0xF0},
    {"x{=1@0.0}{z@0.0}{z@0.1}", "x", 1, 1, 3},
    {"x{=1@0.0}{?@0.0}y", "xy", -1, 0, 0},
    {"x{!@0.0}", "x", -1, 0, 0},
    /* what has no meaning */
    {"a {#} {$} {w}!", "a 12 ff b!", -1, 0, 0},
    {"a {#} {$} {w}", "a 12 ff b!", 10, 0, 0},
    {"a:{*}", "a: b c\nd", 6, 0, 0},
};

START_TEST(a_pattern_matches_a_text_and_sets_its_fields)
{
    struct sim_dump_function function = {.line = 1};
    struct sim_text_match match = {.function = &function,
                                   .at = matches[_i].text,
                                   .end = matches[_i].text + strlen(matches[_i].text),
                                   .base = 0x10};
    bool matched = sim_text_pattern_match(&match, matches[_i].pattern);
    uint64_t value = 0;
    uint64_t known = 0;

    ck_assert_msg(sim_text_pattern_is_valid(matches[_i].pattern), "%s", matches[_i].pattern);
    for (unsigned int i = 0; i < 8; i++) {
        value |= (uint64_t)function.bytes[0x10 + i] << 8 * i;
        known |= (uint64_t)function.known[0x10 + i] << 8 * i;
    }
    ck_assert_msg((matched ? match.at - matches[_i].text : -1) == matches[_i].length &&
                      value == matches[_i].value && known == matches[_i].known,
                  "%s on %s: %d, %llx known %llx", matches[_i].pattern, matches[_i].text,
                  (int)(match.at - matches[_i].text), (unsigned long long)value,
                  (unsigned long long)known);
}
END_TEST

START_TEST(an_index_moves_the_fields_after_it)
{
    static const char text[] = "VC 3: 7 VC 1f: 8";
    struct sim_dump_function function = {.line = 1};
    struct sim_text_match match = {
        .function = &function, .at = text, .end = text + strlen(text), .stride = 4};

    ck_assert(sim_text_pattern_match(&match, "VC {i}: {d@1.7:0} "));
    ck_assert_uint_eq(match.index, 3);
    ck_assert_uint_eq(function.bytes[0xD], 7);
    ck_assert(sim_text_pattern_match(&match, "VC {I}: {d@1.7:0}"));
    ck_assert_uint_eq(function.bytes[0x7D], 8);
    match.at = text;
    match.ordinal = 5;
    ck_assert(sim_text_pattern_match(&match, "{n}VC {d@0.7:0}"));
    ck_assert(match.counted);
    ck_assert_uint_eq(function.bytes[20], 3);
}
END_TEST

START_TEST(a_field_outside_configuration_space_does_not_match)
{
    struct sim_dump_function function = {.line = 1};
    struct sim_text_match match = {.function = &function, .at = "1", .base = 0xFFF};

    match.end = match.at + 1;
    ck_assert(sim_text_pattern_match(&match, "{d@0.7:0}"));
    match.at = match.end - 1;
    ck_assert(!sim_text_pattern_match(&match, "{d@0.8:0}"));
    match.base = UINT32_MAX - 8;
    match.at = match.end - 1;
    ck_assert(!sim_text_pattern_match(&match, "{d@0.7:0}"));
}
END_TEST

static const char *const malformed[] = {
    "{",
    "{}",
    "{x}",
    "{+@0}",
    "{+@0.1",
    "{x@0.0:7}",
    "{q@0.0}",
    "{x@0.64:0}",
    "{e@0.1:0}",
    "{e:nothing@0.1:0}",
    "{f:nothing@0.1:0}",
    "{i@0.0}",
    "{x:name@0.0}",
};

START_TEST(a_malformed_pattern_is_not_valid)
{
    ck_assert_msg(!sim_text_pattern_is_valid(malformed[_i]), "%s", malformed[_i]);
}
END_TEST

/* Whether all patterns of blocks and of those inside them are well-formed. */
static void assert_valid(const struct sim_text_node *node, unsigned int depth)
{
    ck_assert_uint_lt(depth, 6);
    ck_assert_msg(sim_text_pattern_is_valid(node->start), "%s", node->start);
    for (const char *const *item = node->items; item != NULL && *item != NULL; item++) {
        ck_assert_msg(sim_text_pattern_is_valid(*item), "%s", *item);
    }
    for (const struct sim_text_node *inner = node->nodes; inner != NULL && inner->start != NULL;
         inner++) {
        assert_valid(inner, depth + 1);
    }
}

START_TEST(every_pattern_of_the_grammar_is_valid)
{
    unsigned int capabilities = 0;

    assert_valid(&sim_text_header_root, 0);
    assert_valid(&sim_text_tail_root, 0);
    for (const struct sim_text_node *node = sim_text_capabilities; node->start != NULL; node++) {
        assert_valid(node, 1);
        capabilities++;
    }
    for (const struct sim_text_node *node = sim_text_extended; node->start != NULL; node++) {
        assert_valid(node, 1);
        capabilities++;
    }
    ck_assert_uint_gt(capabilities, 100);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("text_pattern");
    TCase *patterns = tcase_create("patterns");

    tcase_add_loop_test(patterns, a_pattern_matches_a_text_and_sets_its_fields, 0,
                        (int)(sizeof matches / sizeof *matches));
    tcase_add_test(patterns, an_index_moves_the_fields_after_it);
    tcase_add_test(patterns, a_field_outside_configuration_space_does_not_match);
    tcase_add_loop_test(patterns, a_malformed_pattern_is_not_valid, 0,
                        (int)(sizeof malformed / sizeof *malformed));
    tcase_add_test(patterns, every_pattern_of_the_grammar_is_valid);
    suite_add_tcase(suite, patterns);
    return suite;
}
