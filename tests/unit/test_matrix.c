/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/world/matrix.c. */
#include <stdlib.h>
#include <string.h>

#include "sim/world/matrix.h"
#include "tests/unit/unit.h"

static struct sim_matrix *matrix;
static int host;
static int guest;

/* Two claims of the registry, in two worlds. */
static void open_two_worlds(void)
{
    matrix = sim_matrix_create();
    ck_assert_ptr_nonnull(matrix);
    ck_assert_uint_eq(sim_matrix_choose(matrix, "status_names_"), 2);
    host = sim_matrix_add_world(matrix, "host");
    guest = sim_matrix_add_world(matrix, "guest");
}

static void close_matrix(void)
{
    sim_matrix_destroy(matrix);
}

static char *printed(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    sim_matrix_print(file, matrix);
    (void)fclose(file);
    return text;
}

START_TEST(a_claim_without_a_result_is_bad)
{
    ck_assert_uint_eq(sim_matrix_totals(matrix).claims, 2);
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 4);
}
END_TEST

START_TEST(success_everywhere_is_not_bad_and_no_disagreement)
{
    const char *text = "noise\n@claims 2\n@claim status_names_are_spelled_as_in_c success \n"
                       "@claim status_names_survive_unknown_values success\r\n";

    sim_matrix_take_text(matrix, host, text);
    sim_matrix_take_text(matrix, guest, text);
    ck_assert_uint_eq(sim_matrix_totals(matrix).success, 4);
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 0);
    ck_assert_uint_eq(sim_matrix_totals(matrix).disagreements, 0);
}
END_TEST

START_TEST(success_in_one_world_and_failure_in_the_other_is_a_disagreement)
{
    sim_matrix_take_line(matrix, host, "@claim status_names_are_spelled_as_in_c success");
    sim_matrix_take_line(matrix, guest, "@claim status_names_are_spelled_as_in_c failure f.c:1: x");
    ck_assert_uint_eq(sim_matrix_totals(matrix).disagreements, 1);
}
END_TEST

START_TEST(a_skip_is_neither_success_nor_bad_and_its_reason_is_printed)
{
    char *text = NULL;

    sim_matrix_set_rest(matrix, host, SIM_CELL_SUCCESS, "");
    sim_matrix_set_rest(matrix, guest, SIM_CELL_SKIP, "no processor");
    ck_assert_uint_eq(sim_matrix_totals(matrix).skip, 2);
    ck_assert_uint_eq(sim_matrix_totals(matrix).success, 2);
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 0);
    text = printed();
    ck_assert_ptr_nonnull(strstr(text, "skip(1): no processor\n"));
    ck_assert_ptr_null(strstr(text, "skip(2)"));
    free(text);
}
END_TEST

START_TEST(a_second_result_for_a_cell_is_a_fault_of_the_world)
{
    sim_matrix_set_rest(matrix, host, SIM_CELL_SUCCESS, "");
    sim_matrix_set_rest(matrix, guest, SIM_CELL_SUCCESS, "");
    sim_matrix_take_line(matrix, guest, "@claim status_names_are_spelled_as_in_c success");
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 1);
}
END_TEST

START_TEST(lines_that_make_no_sense_make_the_verdict_bad_and_are_printed)
{
    static const struct {
        const char *line;
        const char *printed;
    } lines[] = {
        {"@claim", "ERROR in guest: malformed result line: \"@claim\"\n"},
        {"@claim ", "ERROR in guest: malformed result line: \"@claim \"\n"},
        {"@claim one", "ERROR in guest: malformed result line: \"@claim one\"\n"},
        {"@claim none success", "ERROR in guest: unknown claim: \"@claim none success\"\n"},
        {"@claim status_names_are_spelled_as_in_c fine",
         "ERROR in guest: unknown outcome: \"@claim status_names_are_spelled_as_in_c fine\"\n"},
    };
    char *text = NULL;

    sim_matrix_set_rest(matrix, host, SIM_CELL_SUCCESS, "");
    sim_matrix_set_rest(matrix, guest, SIM_CELL_SUCCESS, "");
    sim_matrix_take_line(matrix, guest, lines[_i].line);
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 1);
    text = printed();
    ck_assert_ptr_nonnull(strstr(text, lines[_i].printed));
    free(text);
}
END_TEST

START_TEST(claims_left_out_take_no_result)
{
    sim_matrix_take_line(matrix, host, "@claim alignment_helpers_agree_with_division failure x");
    ck_assert_uint_eq(sim_matrix_totals(matrix).bad, 4);
    ck_assert(!sim_matrix_is_chosen(
        matrix, (unsigned int)sim_matrix_find_claim("alignment_helpers_agree_with_division")));
}
END_TEST

START_TEST(a_line_tells_which_claim_it_is_about)
{
    int first = sim_matrix_find_claim("status_names_survive_unknown_values");

    ck_assert_int_eq(
        sim_matrix_take_line(matrix, host, "@claim status_names_survive_unknown_values success"),
        first);
    ck_assert_int_eq(sim_matrix_take_line(matrix, host, "status_names_survive_unknown_values"), -1);
    ck_assert_int_eq(sim_matrix_take_line(matrix, host, "@claim none success"), -1);
}
END_TEST

START_TEST(a_refuted_success_is_a_failure_and_other_results_keep_their_words)
{
    static const struct {
        const char *outcome, *printed;
    } cells[] = {
        {"success", "FAIL in guest: status_names_are_spelled_as_in_c: late\n"},
        {"skip no processor", "FAIL in guest: status_names_are_spelled_as_in_c: late\n"},
        {"failure f.c:7: no", "FAIL in guest: status_names_are_spelled_as_in_c: f.c:7: no; late\n"},
        {"error no check", "ERROR in guest: status_names_are_spelled_as_in_c: no check; late\n"},
    };
    char line[128];
    char *text = NULL;
    int claim = -1;

    (void)snprintf(line, sizeof line, "@claim status_names_are_spelled_as_in_c %s",
                   cells[_i].outcome);
    claim = sim_matrix_take_line(matrix, guest, line);
    sim_matrix_refute(matrix, guest, (unsigned int)claim, "late");
    text = printed();
    ck_assert_msg(strstr(text, cells[_i].printed) != NULL, "%s", text);
    free(text);
}
END_TEST

START_TEST(failures_are_printed_in_full_with_what_cannot_be_printed_replaced)
{
    char *text = NULL;

    sim_matrix_take_line(matrix, host,
                         "@claim status_names_are_spelled_as_in_c failure f.c:7: \x1b[2J\x7f\xff");
    text = printed();
    ck_assert_ptr_nonnull(
        strstr(text, "FAIL in host: status_names_are_spelled_as_in_c: f.c:7: ?[2J??\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "ERROR in guest: status_names_are_spelled_as_in_c: no result\n"));
    free(text);
}
END_TEST

START_TEST(json_holds_every_cell_and_the_totals)
{
    json_t *json = NULL;
    json_t *cell = NULL;

    sim_matrix_take_line(matrix, host, "@claim status_names_are_spelled_as_in_c failure why");
    json = sim_matrix_json(matrix);
    ck_assert_ptr_nonnull(json);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "claims")), 2);
    cell = json_object_get(
        json_object_get(json_array_get(json_object_get(json, "claims"), 0), "worlds"), "host");
    ck_assert_str_eq(json_string_value(json_object_get(cell, "result")), "fail");
    ck_assert_str_eq(json_string_value(json_object_get(cell, "text")), "why");
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(json, "totals"), "bad")),
                     4);
    json_decref(json);
}
END_TEST

START_TEST(there_is_a_last_world)
{
    for (int i = 2; i < SIM_MATRIX_MAX_WORLDS; i++) {
        ck_assert_int_eq(sim_matrix_add_world(matrix, "more"), i);
    }
    ck_assert_int_eq(sim_matrix_add_world(matrix, "too many"), -1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("matrix");
    TCase *cells = tcase_create("cells");

    tcase_add_checked_fixture(cells, open_two_worlds, close_matrix);
    tcase_add_test(cells, a_claim_without_a_result_is_bad);
    tcase_add_test(cells, success_everywhere_is_not_bad_and_no_disagreement);
    tcase_add_test(cells, success_in_one_world_and_failure_in_the_other_is_a_disagreement);
    tcase_add_test(cells, a_skip_is_neither_success_nor_bad_and_its_reason_is_printed);
    tcase_add_test(cells, a_second_result_for_a_cell_is_a_fault_of_the_world);
    tcase_add_loop_test(cells, lines_that_make_no_sense_make_the_verdict_bad_and_are_printed, 0, 5);
    tcase_add_test(cells, claims_left_out_take_no_result);
    tcase_add_test(cells, a_line_tells_which_claim_it_is_about);
    tcase_add_loop_test(cells, a_refuted_success_is_a_failure_and_other_results_keep_their_words, 0,
                        4);
    tcase_add_test(cells, failures_are_printed_in_full_with_what_cannot_be_printed_replaced);
    tcase_add_test(cells, json_holds_every_cell_and_the_totals);
    tcase_add_test(cells, there_is_a_last_world);
    suite_add_tcase(suite, cells);
    return suite;
}
