/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/pci_picture*.c and sim/pci/report/pci_export.c. */
#include <jansson.h>
#include <stdlib.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/report/pci_export.h"
#include "sim/pci/report/pci_picture.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_report report;
static struct sim_pci_picture picture;
static char *text;
static size_t length;
static FILE *file;

/*
 * A bridge at 00:01.0 to bus 01 with windows, a network controller behind it with a PCI Express
 * capability at 40h and a link of 8 GT/s x4, and a device on the second root bus 40.
 */
static void setup(void)
{
    struct sim_error error = {""};
    struct sim_dump_function *function;

    pci_case_init(&pci);
    function = pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    function->bytes[0x0b] = 0x06;
    function->bytes[0x0a] = 0x04;
    memcpy(&function->bytes[0x1c], "\xd1\xe1", 2);         /* ports 1d000-2efff, 32 bits */
    memcpy(&function->bytes[0x20], "\x40\xfe\x70\xfe", 4); /* memory fe400000-fe7fffff */
    memcpy(&function->bytes[0x24], "\x01\x00\x31\x00", 4); /* prefetchable, 64 bits */
    memcpy(&function->bytes[0x28], "\x02\x00\x00\x00\x03\x00\x00\x00", 8);
    memcpy(&function->bytes[0x30], "\x01\x00\x02\x00", 4);
    function = pci_case_add(&pci, AT(1, 0, 0));
    function->bytes[0x01] = 0xff; /* vendors that no list knows */
    function->bytes[0x0b] = 0x02;
    pci_case_know(function, 256);
    function->bytes[0x52] = 0x43; /* speed 3, width 4 */
    pci_case_add(&pci, AT(0x40, 0x1f, 7))->bytes[0x01] = 0xff;
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    ck_assert_int_eq(sim_pci_report_dump(&pci.dump, &report, &error), 0);
    file = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(file);
}

static void teardown(void)
{
    free(text);
    sim_pci_picture_free(&picture);
    sim_pci_report_free(&report);
    sim_pci_topology_free(&topology);
}

static const char *printed(void)
{
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

static void make_picture(void)
{
    struct sim_error error = {""};

    ck_assert_int_eq(sim_pci_picture_init(&picture, &topology, &report, &error), 0);
}

static bool has_line(const struct sim_pci_box *box, enum sim_pci_box_line kind, const char *line)
{
    for (unsigned int i = 0; i < box->line_count; i++) {
        if (box->lines[i].kind == kind && strcmp(box->lines[i].text, line) == 0) {
            return true;
        }
    }
    return false;
}

static unsigned int count(const char *where, const char *what)
{
    unsigned int found = 0;

    for (const char *at = strstr(where, what); at != NULL; at = strstr(at + 1, what)) {
        found++;
    }
    return found;
}

/* Spec: [PCI-PCI 1.2] 3.2.5.6, 3.2.5.8 to 3.2.5.11. */
START_TEST(a_bridge_shows_what_it_forwards)
{
    make_picture();
    ck_assert_uint_eq(picture.count, 3);
    ck_assert(has_line(&picture.boxes[0], SIM_PCI_BOX_CLASS, "PCI bridge"));
    ck_assert(has_line(&picture.boxes[0], SIM_PCI_BOX_WINDOW, "ports 1d000-2efff"));
    ck_assert(has_line(&picture.boxes[0], SIM_PCI_BOX_WINDOW, "memory fe400000-fe7fffff"));
    ck_assert(has_line(&picture.boxes[0], SIM_PCI_BOX_WINDOW, "prefetchable 200000000-3003fffff"));
}
END_TEST

/* A base above the limit is how a window is closed. Spec: [PCI-PCI 1.2] 3.2.5.8. */
START_TEST(a_closed_window_is_not_shown)
{
    memcpy(&pci.functions[0].bytes[0x20], "\x80\xfe\x70\xfe", 4);
    sim_pci_config_init(&topology.functions[0].config, &topology.masks[0], &pci.functions[0]);
    make_picture();
    for (unsigned int i = 0; i < picture.boxes[0].line_count; i++) {
        ck_assert_ptr_null(strstr(picture.boxes[0].lines[i].text, "memory"));
    }
}
END_TEST

/* Spec: [PCIe 6] 7.5.3.8, table 7-25: encoding 3 is 8 GT/s, bits 9:4 are the width. */
START_TEST(a_link_has_speed_and_width)
{
    struct sim_pci_capability express = {SIM_PCI_LIST_FIRST, 0x10, 0x40, 0};

    report.functions[1].capabilities = &express;
    report.functions[1].capability_count = 1;
    make_picture();
    report.functions[1].capabilities = NULL;
    report.functions[1].capability_count = 0;
    ck_assert(has_line(&picture.boxes[1], SIM_PCI_BOX_LINK, "link 8 GT/s x4"));
    ck_assert(!has_line(&picture.boxes[2], SIM_PCI_BOX_LINK, "link 8 GT/s x4"));
}
END_TEST

START_TEST(a_function_that_was_not_found_has_no_box)
{
    report.count = 2;
    make_picture();
    report.count = 3;
    ck_assert_uint_eq(picture.count, 2);
    ck_assert_ptr_eq(sim_pci_picture_box(&picture, &topology.functions[1]), &picture.boxes[1]);
    ck_assert_ptr_null(sim_pci_picture_box(&picture, &topology.functions[2]));
}
END_TEST

START_TEST(graphviz_gets_each_bus_function_and_bridge)
{
    make_picture();
    sim_pci_picture_dot(&picture, file);
    printed();
    ck_assert_uint_eq(count(text, "shape=plaintext"), 3);
    ck_assert_uint_eq(count(text, "shape=record"), 3);
    ck_assert_uint_eq(count(text, "\"00:01.0\" -> \"bus 0:01\" [style=bold];\n"), 1);
    ck_assert_uint_eq(count(text, "\"bus 0:40\" -> \"40:1f.7\";\n"), 1);
    ck_assert_str_eq(text + length - 2, "}\n");
}
END_TEST

START_TEST(the_drawing_has_each_bus_and_function_once)
{
    struct sim_error error = {""};

    make_picture();
    (void)snprintf(picture.boxes[1].lines[0].text, sizeof picture.boxes[1].lines[0].text, "<A&B>");
    ck_assert_int_eq(sim_pci_picture_svg(&picture, file, &error), 0);
    printed();
    ck_assert_ptr_eq(strstr(text, "<svg xmlns=\"http://www.w3.org/2000/svg\""), text);
    ck_assert_uint_eq(count(text, "class=\"box\""), 3);
    ck_assert_uint_eq(count(text, "class=\"bus\""), 3);
    ck_assert_uint_eq(count(text, ">bus 00<") + count(text, ">bus 01<") + count(text, ">bus 40<"),
                      3);
    ck_assert_uint_eq(count(text, ">&lt;A&amp;B&gt;<"), 1);
    ck_assert_uint_eq(count(text, "segment 0"), 0);
    ck_assert_str_eq(text + length - 7, "</svg>\n");
}
END_TEST

START_TEST(rows_read_back_are_the_same_functions)
{
    struct sim_dump again;
    struct sim_error error = {""};

    sim_dump_write(&pci.dump, file);
    printed();
    ck_assert_int_eq(sim_dump_read_text("again", text, length, &again, &error), 0);
    ck_assert_uint_eq(again.count, 3);
    for (size_t i = 0; i < again.count; i++) {
        ck_assert_uint_eq(again.functions[i].bus, pci.functions[i].bus);
        ck_assert_mem_eq(again.functions[i].bytes, pci.functions[i].bytes, 64);
    }
    sim_dump_free(&again);
}
END_TEST

START_TEST(json_has_the_numbers_of_a_function)
{
    struct sim_pci_capability express = {SIM_PCI_LIST_FIRST, 0x10, 0x40, 0};
    struct sim_error error = {""};
    json_t *functions;
    json_t *function;

    report.functions[1].capabilities = &express;
    report.functions[1].capability_count = 1;
    report.functions[1].bars[0] = (struct sim_pci_found_bar){2, "mem64", 0xC000000000, 0x100000000};
    report.functions[1].bar_count = 1;
    ck_assert_int_eq(sim_pci_export_json(&topology, &report, file, &error), 0);
    report.functions[1].capabilities = NULL;
    report.functions[1].capability_count = 0;
    functions = json_loads(printed(), 0, NULL);
    ck_assert_uint_eq(json_array_size(functions), 3);
    function = json_array_get(functions, 1);
    ck_assert_str_eq(json_string_value(json_object_get(function, "address")), "01:00.0");
    ck_assert_int_eq(json_integer_value(json_object_get(function, "vendor")), 0xff86);
    ck_assert_int_eq(json_integer_value(json_object_get(function, "class")), 0x020000);
    function = json_array_get(json_object_get(function, "bars"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(function, "base")), "0xc000000000");
    ck_assert_str_eq(json_string_value(json_object_get(function, "size")), "0x100000000");
    function = json_array_get(json_object_get(json_array_get(functions, 1), "capabilities"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(function, "id")), 0x10);
    ck_assert_str_eq(json_string_value(json_object_get(function, "name")), "PCIe");
    json_decref(functions);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_picture");
    TCase *boxes = tcase_create("boxes");
    TCase *drawings = tcase_create("drawings");
    TCase *exports = tcase_create("exports");

    tcase_add_checked_fixture(boxes, setup, teardown);
    tcase_add_test(boxes, a_bridge_shows_what_it_forwards);
    tcase_add_test(boxes, a_closed_window_is_not_shown);
    tcase_add_test(boxes, a_link_has_speed_and_width);
    tcase_add_test(boxes, a_function_that_was_not_found_has_no_box);
    suite_add_tcase(suite, boxes);

    tcase_add_checked_fixture(drawings, setup, teardown);
    tcase_add_test(drawings, graphviz_gets_each_bus_function_and_bridge);
    tcase_add_test(drawings, the_drawing_has_each_bus_and_function_once);
    suite_add_tcase(suite, drawings);

    tcase_add_checked_fixture(exports, setup, teardown);
    tcase_add_test(exports, rows_read_back_are_the_same_functions);
    tcase_add_test(exports, json_has_the_numbers_of_a_function);
    suite_add_tcase(suite, exports);
    return suite;
}
