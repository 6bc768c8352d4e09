/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/report/finding.c. */
#include <string.h>

#include "sim/report/finding.h"
#include "tests/unit/unit.h"

static struct sim_findings findings;

static void close_findings(void)
{
    sim_findings_free(&findings);
}

START_TEST(a_finding_keeps_its_sentence_and_where_it_happened)
{
    sim_finding_add(&findings, SIM_FINDING_BUS, 0x1234, "port 0x%x wants %s", 0xCF8u, "4 bytes");
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_int_eq(findings.list[0].kind, SIM_FINDING_BUS);
    ck_assert_uint_eq(findings.list[0].rip, 0x1234);
    ck_assert_uint_eq(findings.list[0].count, 1);
    ck_assert_str_eq(findings.list[0].text, "port 0xcf8 wants 4 bytes");
}
END_TEST

START_TEST(the_same_finding_is_kept_once_and_counted)
{
    for (unsigned int i = 0; i < 3; i++) {
        sim_finding_add(&findings, SIM_FINDING_TLB, 1, "same");
    }
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_uint_eq(findings.list[0].count, 3);
    ck_assert_uint_eq(findings.occurrences, 3);
    ck_assert_uint_eq(findings.lost, 0);
}
END_TEST

START_TEST(kind_instruction_and_text_make_findings_different)
{
    sim_finding_add(&findings, SIM_FINDING_TLB, 1, "same");
    sim_finding_add(&findings, SIM_FINDING_DEVICE, 1, "same");
    sim_finding_add(&findings, SIM_FINDING_TLB, 2, "same");
    sim_finding_add(&findings, SIM_FINDING_TLB, 1, "other");
    ck_assert_uint_eq(findings.count, 4);
    ck_assert_uint_eq(findings.occurrences, 4);
}
END_TEST

START_TEST(a_long_sentence_is_cut)
{
    char text[600];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    sim_finding_add(&findings, SIM_FINDING_TLB, 1, "%s", text);
    ck_assert_uint_eq(strlen(findings.list[0].text), 511);
    sim_finding_add(&findings, SIM_FINDING_TLB, 1, "%s", text);
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

START_TEST(findings_beyond_the_room_are_counted_as_lost)
{
    for (unsigned int i = 0; i < 300; i++) {
        sim_finding_add(&findings, SIM_FINDING_TLB, i, "new");
    }
    ck_assert_uint_eq(findings.count, 256);
    ck_assert_uint_eq(findings.lost, 44);
    ck_assert_uint_eq(findings.occurrences, 300);
    sim_finding_add(&findings, SIM_FINDING_TLB, 255, "new"); /* known ones are still counted */
    ck_assert_uint_eq(findings.list[255].count, 2);
    ck_assert_uint_eq(findings.lost, 44);
}
END_TEST

START_TEST(clearing_forgets_and_freeing_gives_back)
{
    const struct sim_finding *list = NULL;

    sim_finding_add(&findings, SIM_FINDING_TLB, 1, "old");
    list = findings.list;
    findings.lost = 1;
    sim_findings_clear(&findings);
    ck_assert_uint_eq(findings.count, 0);
    ck_assert_uint_eq(findings.lost, 0);
    ck_assert_uint_eq(findings.occurrences, 0);
    sim_finding_add(&findings, SIM_FINDING_TLB, 2, "new");
    ck_assert_ptr_eq(findings.list, list);
    ck_assert_str_eq(findings.list[0].text, "new");
    ck_assert_uint_eq(findings.list[0].count, 1);
    sim_findings_free(&findings);
    ck_assert_ptr_null(findings.list);
    ck_assert_uint_eq(findings.count, 0);
}
END_TEST

START_TEST(kinds_have_names)
{
    ck_assert_str_eq(sim_finding_kind_name(SIM_FINDING_TLB), "TLB");
    ck_assert_str_eq(sim_finding_kind_name(SIM_FINDING_DESCRIPTOR), "descriptor");
    ck_assert_str_eq(sim_finding_kind_name(SIM_FINDING_BUS), "bus");
    ck_assert_str_eq(sim_finding_kind_name(SIM_FINDING_DEVICE), "device");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("finding");
    TCase *tests = tcase_create("finding");

    tcase_add_checked_fixture(tests, NULL, close_findings);
    tcase_add_test(tests, a_finding_keeps_its_sentence_and_where_it_happened);
    tcase_add_test(tests, the_same_finding_is_kept_once_and_counted);
    tcase_add_test(tests, kind_instruction_and_text_make_findings_different);
    tcase_add_test(tests, a_long_sentence_is_cut);
    tcase_add_test(tests, findings_beyond_the_room_are_counted_as_lost);
    tcase_add_test(tests, clearing_forgets_and_freeing_gives_back);
    tcase_add_test(tests, kinds_have_names);
    suite_add_tcase(suite, tests);
    return suite;
}
