/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/world/world_machine.c and of what it shares with the other worlds. The kernel is
 * guest/world.S, the claims are those of fake_registry.
 */
#include <string.h>

#include "sim/world/matrix_internal.h"
#include "sim/world/world.h"
#include "tests/unit/unit.h"

static struct sim_matrix *matrix;
static int world;

static void open_matrix(void)
{
    matrix = sim_matrix_create();
    ck_assert_ptr_nonnull(matrix);
    world = sim_matrix_add_world(matrix, "machine");
}

static void close_matrix(void)
{
    sim_matrix_destroy(matrix);
}

static void boot_image(const char *image, const char *dump)
{
    const struct sim_world_options options = {.part = "", .dump = dump, .command_line = "claims"};

    sim_world_run_machine(matrix, world, image, &options);
}

#define BOOT(ending) boot_image(WORLD_GUEST ending, "fixtures/pci-dumps/qemu-q35-claims.lspci")

static const char *complaint(void)
{
    return matrix->world[world].complaint;
}

static void assert_cell(unsigned int claim, enum sim_cell state, const char *text)
{
    const struct sim_matrix_cell *cell = &matrix->world[world].cells[claim];

    ck_assert_msg(cell->state == state, "%s is %d: %s", sim_matrix_claim_name(claim),
                  (int)cell->state, cell->text);
    ck_assert_str_eq(cell->text, text);
}

static void assert_cell_has(unsigned int claim, enum sim_cell state, const char *part)
{
    const struct sim_matrix_cell *cell = &matrix->world[world].cells[claim];

    ck_assert_msg(cell->state == state, "%s is %d: %s", sim_matrix_claim_name(claim),
                  (int)cell->state, cell->text);
    ck_assert_msg(strstr(cell->text, part) != NULL, "\"%s\" is not in: %s", part, cell->text);
}

/* The first claim was reported; all others have the same error. */
static void assert_end(const char *text)
{
    assert_cell(SIM_MATRIX_CLAIM_that_holds, SIM_CELL_SUCCESS, "");
    for (unsigned int claim = 1; claim < sim_matrix_claim_count(); claim++) {
        assert_cell(claim, SIM_CELL_ERROR, text);
    }
}

START_TEST(a_kernel_that_leaves_claims_out_and_reports_success_is_an_error_of_these_claims)
{
    BOOT("success");
    assert_end("the kernel reported success");
    ck_assert_str_eq(complaint(), "");
}
END_TEST

START_TEST(an_end_that_is_no_success_is_said_with_the_last_words)
{
    static const struct {
        const char *image, *text;
    } ends[] = {
        {WORLD_GUEST "failure", "the kernel reported failure; it said: the test says no"},
        {WORLD_GUEST "status_7", "the kernel ended the run with status 7"},
        {WORLD_GUEST "reset", "the kernel reset the machine"},
        {WORLD_GUEST "power_off", "the kernel powered the machine off"},
        {WORLD_GUEST "halt", "HALTED FOR EVER: HLT with interrupts off (RFLAGS.IF 0)"},
        {WORLD_GUEST "loop", "OUT OF BUDGET: the guest does not come to an end"},
        {WORLD_GUEST "silence", "the kernel reported failure; it said: ?!"},
    };

    boot_image(ends[_i].image, "fixtures/pci-dumps/qemu-q35-claims.lspci");
    assert_end(ends[_i].text);
    ck_assert_str_eq(complaint(), ends[_i].text);
}
END_TEST

START_TEST(a_kernel_that_dies_leaves_the_title_of_the_post_mortem_and_what_was_found)
{
    const char *title = "#UD";

    BOOT("death");
    assert_cell(SIM_MATRIX_CLAIM_that_holds, SIM_CELL_SUCCESS, "");
    assert_cell(SIM_MATRIX_CLAIM_whose_condition_does_not_hold, SIM_CELL_SUCCESS, "");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_text_is_too_long, SIM_CELL_ERROR, title);
    assert_cell_has(SIM_MATRIX_CLAIM_whose_text_is_too_long, SIM_CELL_ERROR, "; bus: ");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_text_is_too_long, SIM_CELL_ERROR,
                    "; it said: about to die");
    ck_assert_str_eq(complaint(),
                     matrix->world[world].cells[SIM_MATRIX_CLAIM_whose_text_is_too_long].text);
}
END_TEST

START_TEST(what_the_machine_finds_refutes_the_claim_that_ran)
{
    BOOT("findings");
    assert_cell(SIM_MATRIX_CLAIM_that_holds, SIM_CELL_SUCCESS, "");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_condition_does_not_hold, SIM_CELL_FAILURE, "bus: ");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_condition_does_not_hold, SIM_CELL_FAILURE, "0x40000000");
    assert_cell(SIM_MATRIX_CLAIM_whose_status_differs, SIM_CELL_SUCCESS, "");
}
END_TEST

START_TEST(a_finding_is_added_to_what_a_failed_claim_says)
{
    BOOT("findings");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_numbers_differ, SIM_CELL_FAILURE,
                    "test.c:1: 1 is 2; TLB: ");
    assert_cell_has(SIM_MATRIX_CLAIM_whose_numbers_differ, SIM_CELL_FAILURE, "PDPTE");
}
END_TEST

START_TEST(findings_after_the_last_claim_make_a_successful_run_bad)
{
    BOOT("findings");
    ck_assert_ptr_nonnull(strstr(complaint(), "the kernel reported success; bus: "));
    ck_assert_ptr_nonnull(strstr(complaint(), " (and 1 more)"));
}
END_TEST

START_TEST(a_claim_that_was_left_out_takes_no_finding)
{
    sim_matrix_destroy(matrix);
    matrix = sim_matrix_create();
    ck_assert_uint_eq(sim_matrix_choose(matrix, "that_holds"), 2);
    world = sim_matrix_add_world(matrix, "machine");
    BOOT("findings");
    assert_cell(SIM_MATRIX_CLAIM_whose_condition_does_not_hold, SIM_CELL_NOT_CHOSEN, "");
}
END_TEST

START_TEST(a_machine_that_cannot_be_built_is_an_error_of_every_claim)
{
    boot_image("no/such/image", "fixtures/pci-dumps/qemu-q35-claims.lspci");
    for (unsigned int claim = 0; claim < sim_matrix_claim_count(); claim++) {
        assert_cell_has(claim, SIM_CELL_ERROR, "no/such/image: ");
    }
}
END_TEST

START_TEST(a_dump_that_cannot_be_read_is_an_error_of_every_claim)
{
    boot_image(WORLD_GUEST "success", "no/such/dump");
    for (unsigned int claim = 0; claim < sim_matrix_claim_count(); claim++) {
        assert_cell_has(claim, SIM_CELL_ERROR, "no/such/dump: ");
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("world_machine");
    TCase *boots = tcase_create("boots");

    tcase_add_checked_fixture(boots, open_matrix, close_matrix);
    tcase_set_timeout(boots, 50);
    tcase_add_test(boots,
                   a_kernel_that_leaves_claims_out_and_reports_success_is_an_error_of_these_claims);
    tcase_add_loop_test(boots, an_end_that_is_no_success_is_said_with_the_last_words, 0, 7);
    tcase_add_test(boots,
                   a_kernel_that_dies_leaves_the_title_of_the_post_mortem_and_what_was_found);
    tcase_add_test(boots, what_the_machine_finds_refutes_the_claim_that_ran);
    tcase_add_test(boots, a_finding_is_added_to_what_a_failed_claim_says);
    tcase_add_test(boots, findings_after_the_last_claim_make_a_successful_run_bad);
    tcase_add_test(boots, a_claim_that_was_left_out_takes_no_finding);
    tcase_add_test(boots, a_machine_that_cannot_be_built_is_an_error_of_every_claim);
    tcase_add_test(boots, a_dump_that_cannot_be_read_is_an_error_of_every_claim);
    suite_add_tcase(suite, boots);
    return suite;
}
