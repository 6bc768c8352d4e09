/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump_open.c, sysfs_*.c and ecam_image.c: dumps that are not text. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/pci/dump/dump_open.h"
#include "tests/unit/dump_case.h"

#define MIB ((size_t)1 << 20)

/* A folder of the test, with everything in it. */
static char folder[] = "/tmp/drydock-test-XXXXXX";

static void make_folder(void)
{
    memcpy(folder, "/tmp/drydock-test-XXXXXX", sizeof folder);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[64];

    ck_assert_int_gt(snprintf(command, sizeof command, "rm -r %s", folder), 0);
    ck_assert_int_eq(system(command), 0);
}

/* Write a file of the folder, and the folders above it. */
static void write_file(const char *name, const void *bytes, size_t size)
{
    char path[PATH_MAX];
    FILE *file = NULL;

    ck_assert_int_gt(snprintf(path, sizeof path, "%s/%s", folder, name), 0);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0755);
        *slash = '/';
    }
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

/* A configuration space with these IDs; [PCI 3.0] 6.1. */
static void make_space(uint8_t *space, uint16_t vendor, uint16_t device)
{
    memset(space, 0, 4096);
    space[0x00] = (uint8_t)vendor;
    space[0x01] = (uint8_t)(vendor >> 8);
    space[0x02] = (uint8_t)device;
    space[0x03] = (uint8_t)(device >> 8);
    space[0x0B] = 0x02;
}

static void write_config(const char *name, uint16_t device, size_t size)
{
    uint8_t space[4096];

    make_space(space, 0x1AF4, device);
    write_file(name, space, size);
}

static struct sim_dump open_good(const char *path, uint8_t first_bus)
{
    struct sim_dump dump;
    struct sim_error error = {""};

    ck_assert_msg(sim_dump_open(path, &(struct sim_dump_options){first_bus}, &dump, &error) == 0,
                  "%s", error.text);
    ck_assert_str_eq(dump.path, path);
    return dump;
}

static void assert_refused(const char *path, uint8_t first_bus, const char *sentence)
{
    struct sim_dump dump = {.count = 77};
    struct sim_error error = {""};
    const struct sim_dump_options options = {first_bus};

    ck_assert_int_eq(sim_dump_open(path, &options, &dump, &error), -1);
    ck_assert_uint_eq(dump.count, 77);
    ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
    ck_assert_str_eq(error.text + strlen(path), sentence);
}

static const char resource[] = "0x00000000fe000000 0x00000000fe003fff 0x0000000000040200\n"
                               "0x000000000000c000 0x000000000000c01f 0x0000000000040101\n"
                               "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                               "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                               "0x0000008000000000 0x0000008fffffffff 0x000000000014220c\n"
                               "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                               "0x00000000feb80000 0x00000000febbffff 0x0000000000046200\n"
                               "0x0000000000000000 0x0000000000000000 0x0000000000000000\n";

START_TEST(a_folder_of_functions_gives_bytes_and_sizes)
{
    struct sim_dump dump;

    make_folder();
    write_config("0000:00:02.0/config", 0x1000, 4096);
    write_file("0000:00:02.0/resource", resource, sizeof resource - 1);
    write_config("0000:00:01.7/config", 0x1001, 256);
    write_config("10001:ff:1f.0/config", 0x1002, 64);
    write_file("README", "x", 1);
    dump = open_good(folder, 0);
    ck_assert_int_eq(dump.form, SIM_DUMP_SYSFS);
    ck_assert_uint_eq(dump.count, 3);
    ck_assert_uint_eq(dump.functions[0].device, 1);
    ck_assert_uint_eq(dump.functions[0].function, 7);
    ck_assert_uint_eq(dump.functions[0].known_size, 256);
    ck_assert_uint_eq(dump.functions[1].bytes[3], 0x10);
    ck_assert_uint_eq(dump.functions[1].known_size, 4096);
    ck_assert(sim_dump_knows(&dump.functions[1], 4095));
    ck_assert_uint_eq(dump.functions[1].bars[0].size, 0x4000);
    ck_assert_uint_eq(dump.functions[1].bars[1].size, 0x20);
    ck_assert_uint_eq(dump.functions[1].bars[2].size, 0);
    ck_assert_uint_eq(dump.functions[1].bars[4].size, UINT64_C(0x1000000000));
    ck_assert_uint_eq(dump.functions[1].bars[6].size, 0x40000);
    ck_assert_uint_eq(dump.functions[2].segment, 0x10001);
    ck_assert_uint_eq(dump.functions[2].bus, 0xFF);
    ck_assert_uint_eq(dump.functions[2].known_size, 64);
    ck_assert(!sim_dump_knows(&dump.functions[2], 64));
    ck_assert_ptr_null(dump.remarks);
    sim_dump_free(&dump);
    remove_folder();
}
END_TEST

/* Where Linux has functions' folders, and where somebody may have copied them to. */
static const char *const places[] = {
    "0000:00:02.0",
    "devices/0000:00:02.0",
    "sys/bus/pci/devices/0000:00:02.0",
    "bus/pci/devices/0000:00:02.0",
    "pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:00.0",
    "devices/pci0000:00/0000:00:02.0",
    "sys/devices/pci0000:ff/0000:ff:02.0",
};

START_TEST(functions_are_found_where_linux_has_them)
{
    char name[128];
    struct sim_dump dump;

    make_folder();
    ck_assert_int_gt(snprintf(name, sizeof name, "%s/config", places[_i]), 0);
    write_config(name, 0x1000, 256);
    dump = open_good(folder, 0);
    ck_assert_uint_eq(dump.count, 1);
    ck_assert_uint_eq(dump.functions[0].bus * 32u + dump.functions[0].device, _i == 4 ? 0x40
                                                                              : _i == 6
                                                                                  ? 0xFF * 32 + 2
                                                                                  : 2);
    sim_dump_free(&dump);
    remove_folder();
}
END_TEST

START_TEST(what_is_no_function_of_a_folder_is_passed_over)
{
    struct sim_dump dump;
    char remark[256];

    make_folder();
    write_config("0000:00:20.0/config", 0x1000, 256);
    write_config("0000:00:02.8/config", 0x1000, 256);
    write_config("00:03.0/config", 0x1000, 256);
    write_config("0000:00:04.0x/config", 0x1000, 256);
    write_config("x/0000:00:05.0/config", 0x1000, 256);
    assert_refused(folder, 0,
                   ": no PCI function in it: no folder called like 0000:00:02.0 has a file config");
    write_config("0000:00:07.0/config", 0x1000, 63);
    write_file("0000:00:06.0/resource", resource, sizeof resource - 1);
    ck_assert_int_gt(snprintf(remark, sizeof remark,
                              "%s: 0000:00:06.0 is left out: its config has 0 of 64 bytes\n"
                              "%s: 0000:00:07.0 is left out: its config has 63 of 64 bytes\n",
                              folder, folder),
                     0);
    assert_refused(folder, 0, ": 0000:00:06.0 is left out: its config has 0 of 64 bytes");
    write_config("0000:00:08.0/config", 0x1000, 64);
    dump = open_good(folder, 0);
    ck_assert_uint_eq(dump.count, 1);
    ck_assert_str_eq(dump.remarks, remark);
    sim_dump_free(&dump);
    remove_folder();
}
END_TEST

/* A tar header of a regular file (POSIX.1-2017, pax, "ustar Interchange Format"), and its bytes. */
static size_t write_entry(uint8_t *tar, const char *name, const void *bytes, size_t size)
{
    unsigned int sum = 0;

    memset(tar, 0, 512 + 4096);
    ck_assert_int_gt(snprintf((char *)tar, 100, "%s", name), 0);
    memcpy(tar + 100, "0000444", 8);
    ck_assert_int_gt(sprintf((char *)tar + 124, "%011zo", size), 0);
    memset(tar + 148, ' ', 8);
    tar[156] = '0';
    memcpy(tar + 257, "ustar", 6);
    tar[263] = '0';
    tar[264] = '0';
    for (unsigned int i = 0; i < 512; i++) {
        sum += tar[i];
    }
    ck_assert_int_gt(sprintf((char *)tar + 148, "%06o", sum), 0);
    memcpy(tar + 512, bytes, size <= 4096 ? size : 0);
    return 512 + (size + 511) / 512 * 512;
}

START_TEST(an_archive_is_read_wherever_the_folders_are_in_it)
{
    uint8_t tar[8 * 4608] = {0};
    uint8_t space[4096];
    size_t size = 0;
    struct sim_dump dump;

    make_space(space, 0x8086, 0x1234);
    space[0x100] = 0x55;
    size += write_entry(tar + size, "./a/b/0000:07:00.3/resource", resource, sizeof resource - 1);
    size += write_entry(tar + size, "./a/b/0000:07:00.3/config", space, 4096);
    size += write_entry(tar + size, "0000:07:00.4/power/config", space, 256);
    size += write_entry(tar + size, "0000:07:00.5/config/x", space, 256);
    size += write_entry(tar + size, "config", space, 256);
    dump = open_good(dump_file((char *)tar, size + 1024), 0);
    ck_assert_int_eq(dump.form, SIM_DUMP_SYSFS);
    ck_assert_uint_eq(dump.count, 1);
    ck_assert_uint_eq(dump.functions[0].bus, 7);
    ck_assert_uint_eq(dump.functions[0].function, 3);
    ck_assert_uint_eq(dump.functions[0].known_size, 4096);
    ck_assert_uint_eq(dump.functions[0].bytes[0x100], 0x55);
    ck_assert_uint_eq(dump.functions[0].bars[0].size, 0x4000);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(zeros_that_tar_put_where_nobody_could_read_are_not_known)
{
    uint8_t tar[4 * 4608] = {0};
    uint8_t space[4096];
    size_t size = 0;
    struct sim_dump dump;

    make_space(space, 0x8086, 0x1234);
    size += write_entry(tar + size, "x/0000:00:00.0/config", space, 256);
    space[0x06] = 0x10; /* Status: a list of capabilities, at 40h */
    space[0x34] = 0x40;
    size += write_entry(tar + size, "x/0000:00:01.0/config", space, 4096);
    space[0x40] = 0x01;
    size += write_entry(tar + size, "x/0000:00:02.0/config", space, 256);
    dump = open_good(dump_file((char *)tar, size + 1024), 0);
    ck_assert_uint_eq(dump.count, 3);
    ck_assert_uint_eq(dump.functions[0].known_size, 256);
    ck_assert_uint_eq(dump.functions[1].known_size, 64);
    ck_assert_uint_eq(dump.functions[2].known_size, 256);
    ck_assert_ptr_nonnull(strstr(
        dump.remarks, ": of 1 functions only the first 64 bytes are there (root can read all)\n"));
    sim_dump_free(&dump);
}
END_TEST

START_TEST(of_an_archive_that_ends_too_soon_the_beginning_is_used)
{
    uint8_t tar[4 * 4608] = {0};
    uint8_t space[4096];
    size_t size = 0;
    struct sim_dump dump;

    make_space(space, 0x8086, 0x1234);
    size += write_entry(tar + size, "x/0000:00:00.0/config", space, 256);
    size += write_entry(tar + size, "x/0000:00:01.0/config", space, 4096);
    dump = open_good(dump_file((char *)tar, size - 2048), 0);
    ck_assert_uint_eq(dump.count, 1);
    ck_assert_ptr_nonnull(strstr(dump.remarks, ": the rest of the archive is left out: "));
    sim_dump_free(&dump);
}
END_TEST

START_TEST(archives_that_hold_or_promise_too_much_are_refused)
{
    uint8_t tar[4608 + 1024] = {0};
    const char *path = NULL;

    (void)write_entry(tar, "0000:00:00.0/config", "", 0);
    path = dump_file((char *)tar, sizeof tar);
    assert_refused(path, 0, ": 0000:00:00.0 is left out: its config has 0 of 64 bytes");
    (void)write_entry(tar, "big", "", UINT64_C(5) << 30);
    assert_refused(dump_file((char *)tar, sizeof tar), 0, ": unpacks to more than 4 GiB");
    assert_refused(dump_file("\x1F\x8B not gzip", 12), 0,
                   ": cannot be read as an archive: Unrecognized archive format");
}
END_TEST

/* Put a space into an image. */
static void place(uint8_t *image, size_t bus, size_t device, size_t function, const uint8_t *space)
{
    memcpy(image + bus * MIB + device * 0x8000 + function * 0x1000, space, 4096);
}

START_TEST(a_place_in_an_image_is_an_address)
{
    uint8_t *image = malloc(2 * MIB);
    uint8_t space[4096];
    const char *path = NULL;
    struct sim_dump dump;

    ck_assert_ptr_nonnull(image);
    memset(image, 0xFF, 2 * MIB);
    make_space(space, 0x8086, 0x1234);
    space[0xFFF] = 0xA5;
    place(image, 0, 0, 0, space);
    place(image, 0, 31, 0, space);
    memset(space + 0x100, 0xFF, 0xF00);
    place(image, 1, 2, 5, space);
    path = dump_file((char *)image, 2 * MIB);
    dump = open_good(path, 0x40);
    ck_assert_int_eq(dump.form, SIM_DUMP_ECAM);
    ck_assert_uint_eq(dump.count, 3);
    ck_assert_uint_eq(dump.functions[0].bus, 0x40);
    ck_assert_uint_eq(dump.functions[0].known_size, 4096);
    ck_assert_uint_eq(dump.functions[0].bytes[0xFFF], 0xA5);
    ck_assert_uint_eq(dump.functions[1].device, 31);
    ck_assert_uint_eq(dump.functions[2].bus, 0x41);
    ck_assert_uint_eq(dump.functions[2].device, 2);
    ck_assert_uint_eq(dump.functions[2].function, 5);
    ck_assert_uint_eq(dump.functions[2].known_size, 256);
    sim_dump_free(&dump);
    dump = open_good(path, 0xFE);
    ck_assert_uint_eq(dump.functions[2].bus, 0xFF);
    sim_dump_free(&dump);
    assert_refused(path, 0xFF,
                   ": not an image of an ECAM window from bus ff on: those have 1 to 1 MiB, "
                   "1 MiB for each bus");
    free(image);
}
END_TEST

START_TEST(a_device_that_ignores_the_function_number_is_one_function)
{
    uint8_t *image = calloc(1, MIB);
    uint8_t space[4096];
    struct sim_dump dump;

    ck_assert_ptr_nonnull(image);
    make_space(space, 0x8086, 0x1234);
    for (unsigned int function = 0; function < 8; function++) {
        place(image, 0, 1, function, space);
    }
    space[0x0E] = 0x80;
    place(image, 0, 2, 0, space);
    place(image, 0, 2, 1, space);
    dump = open_good(dump_file((char *)image, MIB), 0);
    ck_assert_uint_eq(dump.count, 3);
    ck_assert_uint_eq(dump.functions[0].device, 1);
    ck_assert_uint_eq(dump.functions[2].function, 1);
    sim_dump_free(&dump);
    free(image);
}
END_TEST

START_TEST(an_image_without_functions_is_refused)
{
    uint8_t *image = malloc(MIB);

    ck_assert_ptr_nonnull(image);
    memset(image, 0xFF, MIB);
    assert_refused(dump_file((char *)image, MIB), 0,
                   ": no PCI function in it: every vendor ID is 0 or ffff");
    memset(image, 0, MIB);
    assert_refused(dump_file((char *)image, MIB), 0,
                   ": no PCI function in it: every vendor ID is 0 or ffff");
    /* half a bus is no image, and no text either */
    assert_refused(dump_file((char *)image, MIB / 2), 0,
                   ":1: a NUL byte: this is not text in ASCII or UTF-8");
    free(image);
}
END_TEST

START_TEST(text_of_a_whole_mebibyte_is_text)
{
    static const char text[] = "00:00.0 x\n" HEADER;
    char *bytes = malloc(MIB);
    struct sim_dump dump;

    ck_assert_ptr_nonnull(bytes);
    memset(bytes, '\n', MIB);
    memcpy(bytes, text, sizeof text - 1);
    dump = open_good(dump_file(bytes, MIB), 0);
    ck_assert_int_eq(dump.form, SIM_DUMP_LSPCI);
    ck_assert_uint_eq(dump.count, 1);
    sim_dump_free(&dump);
    free(bytes);
}
END_TEST

START_TEST(whatever_a_dump_was_it_can_be_written_as_lspci_does)
{
    uint8_t *image = malloc(MIB);
    uint8_t space[4096];
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    struct sim_dump dump;
    struct sim_dump again;
    struct sim_error error = {""};

    ck_assert_ptr_nonnull(image);
    memset(image, 0xFF, MIB);
    make_space(space, 0x8086, 0x1234);
    space[0x123] = 0x77;
    place(image, 0, 3, 0, space);
    dump = open_good(dump_file((char *)image, MIB), 0);
    sim_dump_write(&dump, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(strncmp(text,
                             "00:03.0 Class 0200: 8086:1234\n"
                             "00: 86 80 34 12 00 00 00 00 00 00 00 02 00 00 00 00\n10: ",
                             85),
                     0);
    ck_assert_int_eq(sim_dump_read_text("again", text, length, &again, &error), 0);
    ck_assert_mem_eq(again.functions[0].bytes, dump.functions[0].bytes, 4096);
    ck_assert_mem_eq(again.functions[0].known, dump.functions[0].known, 4096);
    sim_dump_free(&dump);
    sim_dump_free(&again);
    free(text);
    free(image);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_open");
    TCase *sysfs = tcase_create("sysfs");
    TCase *archive = tcase_create("archive");
    TCase *image = tcase_create("image");

    tcase_add_test(sysfs, a_folder_of_functions_gives_bytes_and_sizes);
    tcase_add_loop_test(sysfs, functions_are_found_where_linux_has_them, 0,
                        (int)(sizeof places / sizeof *places));
    tcase_add_test(sysfs, what_is_no_function_of_a_folder_is_passed_over);
    suite_add_tcase(suite, sysfs);
    tcase_add_test(archive, an_archive_is_read_wherever_the_folders_are_in_it);
    tcase_add_test(archive, zeros_that_tar_put_where_nobody_could_read_are_not_known);
    tcase_add_test(archive, of_an_archive_that_ends_too_soon_the_beginning_is_used);
    tcase_add_test(archive, archives_that_hold_or_promise_too_much_are_refused);
    suite_add_tcase(suite, archive);
    tcase_add_test(image, a_place_in_an_image_is_an_address);
    tcase_add_test(image, a_device_that_ignores_the_function_number_is_one_function);
    tcase_add_test(image, an_image_without_functions_is_refused);
    tcase_add_test(image, text_of_a_whole_mebibyte_is_text);
    tcase_add_test(image, whatever_a_dump_was_it_can_be_written_as_lspci_does);
    suite_add_tcase(suite, image);
    return suite;
}
