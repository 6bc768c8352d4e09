/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of fw_cfg: ports, directory, DMA. [fw_cfg] sections by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/devices/fw_cfg.h"
#include "tests/unit/unit.h"

#define RAM_SIZE 0x30000u

static struct sim_fw_cfg device;
static uint8_t *ram;
static struct sim_memory memory;
static struct sim_error error;
static uint64_t written_at[4], written_size[4];
static unsigned int written_count;

static void take_written(void *sink, uint64_t physical, uint64_t size)
{
    (void)sink;
    written_at[written_count % 4] = physical;
    written_size[written_count % 4] = size;
    written_count++;
}

/* RAM of its own, so that the sanitizer sees accesses past its end. */
static void setup(void)
{
    ram = malloc(RAM_SIZE);
    ck_assert_ptr_nonnull(ram);
    memset(ram, 0xEE, RAM_SIZE);
    memory = (struct sim_memory){.bytes = ram, .size = RAM_SIZE};
    sim_fw_cfg_init(&device, &memory);
    device.written = take_written;
    written_count = 0;
}

static void teardown(void)
{
    free(ram);
}

static void out(uint64_t port, unsigned int width, uint32_t value)
{
    const struct sim_region region = sim_fw_cfg_ports(&device);

    region.write(region.device, port - region.base, width, value);
}

static uint32_t in(uint64_t port, unsigned int width)
{
    const struct sim_region region = sim_fw_cfg_ports(&device);

    return region.read(region.device, port - region.base, width);
}

static void read_item(uint16_t key, uint8_t *bytes, size_t size)
{
    out(0x510, 2, key);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)in(0x511, 1);
    }
}

static void add(const char *name, const void *data, size_t size)
{
    ck_assert_msg(sim_fw_cfg_add(&device, name, data, size, &error) == 0, "%s", error.text);
}

/* "Signature", "Revision / feature bitmap" */
START_TEST(signature_and_features_are_there)
{
    const struct sim_region region = sim_fw_cfg_ports(&device);
    uint8_t bytes[6];

    ck_assert_uint_eq(region.base, 0x510);
    ck_assert_uint_eq(region.size, 12);
    ck_assert_uint_eq(region.widths, 7);
    read_item(0x0000, bytes, 6);
    ck_assert_mem_eq(bytes, "QEMU\0\0", 6);
    read_item(0x0001, bytes, 4);
    ck_assert_mem_eq(bytes, "\3\0\0\0", 4);
    ck_assert_uint_eq(in(0x514, 4), 0x554D4551); /* "QEMU CFG" as bytes */
    ck_assert_uint_eq(in(0x518, 4), 0x47464320);
    ck_assert_uint_eq(in(0x51B, 1), 'G');
    ck_assert_uint_eq(in(0x516, 2), 0x554D);
}
END_TEST

START_TEST(without_memory_there_is_no_dma)
{
    uint8_t bytes[4];

    sim_fw_cfg_init(&device, NULL);
    read_item(0x0001, bytes, 4);
    ck_assert_mem_eq(bytes, "\1\0\0\0", 4);
    ck_assert_uint_eq(in(0x514, 4), 0xFFFFFFFF);
    out(0x518, 4, 0);
}
END_TEST

/* "File Directory" */
START_TEST(the_directory_lists_files_with_size_and_key)
{
    uint8_t bytes[4 + 2 * 64 + 1];

    read_item(0x0019, bytes, 5);
    ck_assert_mem_eq(bytes, "\0\0\0\0\0", 5);
    add("etc/acpi/rsdp", "0123456789", 10);
    add("opt/drydock/empty", NULL, 0);
    read_item(0x0019, bytes, sizeof bytes);
    ck_assert_mem_eq(bytes, "\0\0\0\2", 4);
    ck_assert_mem_eq(bytes + 4, "\0\0\0\12\0\40\0\0etc/acpi/rsdp\0", 22);
    ck_assert_mem_eq(bytes + 68, "\0\0\0\0\0\41\0\0opt/drydock/empty\0", 26);
    ck_assert_uint_eq(bytes[4 + 2 * 64], 0);
    read_item(0x0020, bytes, 12);
    ck_assert_mem_eq(bytes, "0123456789\0\0", 12);
    read_item(0x0021, bytes, 1);
    ck_assert_uint_eq(bytes[0], 0);
    read_item(0x4020, bytes, 2); /* bit 14: write mode, ignored */
    ck_assert_mem_eq(bytes, "01", 2);
    read_item(0x8000, bytes, 2); /* bit 15: items of the architecture, of which there are none */
    ck_assert_mem_eq(bytes, "\0\0", 2);
    read_item(0x0022, bytes, 2);
    ck_assert_mem_eq(bytes, "\0\0", 2);
}
END_TEST

START_TEST(selecting_starts_again_and_writes_to_data_are_ignored)
{
    add("opt/a", "xyz", 3);
    out(0x510, 2, 0x20);
    ck_assert_uint_eq(in(0x511, 1), 'x');
    out(0x511, 1, 'q');
    ck_assert_uint_eq(in(0x511, 1), 'y');
    out(0x510, 2, 0x20);
    ck_assert_uint_eq(in(0x511, 1), 'x');
    out(0x510, 1, 0x00); /* the selector is 16 bits wide */
    ck_assert_uint_eq(in(0x511, 1), 'y');
    ck_assert_uint_eq(in(0x510, 2), 0xFFFFFFFF); /* and write-only */
    ck_assert_uint_eq(in(0x511, 1), 'z');
}
END_TEST

START_TEST(files_that_do_not_fit_are_refused_in_words)
{
    static const char long_name[] = "opt/4567890123456789012345678901234567890123456789012345";
    uint8_t entry[4 + 64];
    char name[16];

    ck_assert_uint_eq(strlen(long_name), 56);
    ck_assert_int_eq(sim_fw_cfg_add(&device, long_name, "", 0, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "1 to 55 bytes"));
    ck_assert_int_eq(sim_fw_cfg_add(&device, "", "", 0, &error), -1);
    ck_assert_int_eq(sim_fw_cfg_add(&device, "opt/large", "", (size_t)1 << 32, &error), -1);
    ck_assert_str_eq(error.text, "fw_cfg: opt/large is larger than 4 GiB");
    add(long_name + 1, "", 0); /* 55 */
    read_item(0x0019, entry, sizeof entry);
    ck_assert_str_eq((const char *)entry + 4 + 8, long_name + 1);
    ck_assert_int_eq(sim_fw_cfg_add(&device, long_name + 1, "", 0, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "already"));
    for (unsigned int i = 1; i < 64; i++) {
        (void)snprintf(name, sizeof name, "opt/%u", i);
        add(name, "", 0);
    }
    ck_assert_int_eq(sim_fw_cfg_add(&device, "opt/x", "", 0, &error), -1);
    ck_assert_str_eq(error.text, "fw_cfg: more than 64 files");
}
END_TEST

/* Write a description to RAM at `at` and start it; returns the control field afterwards. */
static uint32_t transfer(uint32_t at, uint32_t control, uint32_t length, uint64_t address)
{
    const uint8_t description[16] = {
        (uint8_t)(control >> 24), (uint8_t)(control >> 16), (uint8_t)(control >> 8),
        (uint8_t)control,         (uint8_t)(length >> 24),  (uint8_t)(length >> 16),
        (uint8_t)(length >> 8),   (uint8_t)length,          (uint8_t)(address >> 56),
        (uint8_t)(address >> 48), (uint8_t)(address >> 40), (uint8_t)(address >> 32),
        (uint8_t)(address >> 24), (uint8_t)(address >> 16), (uint8_t)(address >> 8),
        (uint8_t)address};

    memcpy(ram + at, description, sizeof description);
    out(0x518, 4, __builtin_bswap32(at));
    return (uint32_t)ram[at] << 24 | (uint32_t)ram[at + 1] << 16 | (uint32_t)ram[at + 2] << 8 |
           ram[at + 3];
}

/* "Guest-side DMA Interface" */
START_TEST(dma_selects_reads_and_skips)
{
    add("opt/a", "0123456789", 10);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, 0x2000), 0); /* select, read */
    ck_assert_mem_eq(ram + 0x2000, "0123\xEE", 5);
    ck_assert_uint_eq(transfer(0x1000, 0x00000004, 2, 0), 0);      /* skip */
    ck_assert_uint_eq(transfer(0x1000, 0x00000002, 8, 0x2000), 0); /* past the end: zeros */
    ck_assert_mem_eq(ram + 0x2000, "6789\0\0\0\0\xEE", 9);
    ck_assert_uint_eq(transfer(0x1000, 0x00000002, 1, 0x2000), 0);
    ck_assert_uint_eq(ram[0x2000], 0);
    ck_assert_uint_eq(transfer(0x1000, 0x00200008, 3, 0), 0); /* select only */
    ck_assert_uint_eq(in(0x511, 1), '0');
    ck_assert_uint_eq(transfer(0x1000, 0x00000004, 0xFFFFFFFF, 0), 0);
    ck_assert_uint_eq(transfer(0x1000, 0x00000004, 0xFFFFFFFF, 0), 0);
    ck_assert_uint_eq(in(0x511, 1), 0);
    ck_assert_uint_eq(transfer(0x1000, 0x00000002, 2, 0x2000), 0);
    ck_assert_mem_eq(ram + 0x2000, "\0\0", 2);
    ck_assert_uint_eq(transfer(0x1000, 0x00200018, 1, 0x2000), 1); /* items are read-only */
    ck_assert_uint_eq(transfer(0x1000, 0x0020001E, 1, 0x2000), 0); /* read goes before write */
    ck_assert_uint_eq(transfer(0x12345, 0x4020000A, 3, 0x23456), 0);
    ck_assert_mem_eq(ram + 0x23456, "012\xEE", 4);
    ck_assert_uint_eq(transfer(0x1000, 0x8020000A, 3, 0x23456), 0); /* not this key */
    ck_assert_mem_eq(ram + 0x23456, "\0\0\0\xEE", 4);
    ck_assert_uint_eq(transfer(0x1000, 0x00200008, 0, 0), 0);
    ck_assert_uint_eq(transfer(0x1000, 0x00300001, 3, 0x23458), 0); /* nothing to do */
    ck_assert_mem_eq(ram + 0x23456, "\0\0\0\xEE", 4);
    ck_assert_uint_eq(in(0x511, 1), '0');
}
END_TEST

START_TEST(dma_tells_what_it_wrote_to_memory)
{
    add("opt/a", "0123456789", 10);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, 0x2000), 0);
    ck_assert_uint_eq(written_count, 2);
    ck_assert_uint_eq(written_at[0], 0x2000);
    ck_assert_uint_eq(written_size[0], 4);
    ck_assert_uint_eq(written_at[1], 0x1000);
    ck_assert_uint_eq(written_size[1], 4);
}
END_TEST

START_TEST(dma_marks_each_page_it_wrote_as_dirty)
{
    static const uint8_t data[8194];
    bool is_dirty[RAM_SIZE / 4096] = {false};
    uint32_t list[RAM_SIZE / 4096];
    struct sim_dirty_pages dirty = {.is_dirty = is_dirty, .list = list};

    memory.dirty = &dirty;
    add("opt/a", data, sizeof data);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 8194, 0x2FFF), 0); /* to 0x5000 */
    ck_assert_uint_eq(dirty.count, 5);
    for (unsigned int page = 0; page < RAM_SIZE / 4096; page++) {
        ck_assert_uint_eq(is_dirty[page], page >= 1 && page <= 5);
    }
    ck_assert_uint_eq(transfer(0xF000, 0x00000002, 0, 0x8010), 0);
    ck_assert_uint_eq(dirty.count, 6);
    ck_assert(!is_dirty[8]);
}
END_TEST

START_TEST(malformed_dma_sets_the_error_bit_and_copies_nothing)
{
    add("opt/a", "0123456789", 10);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, RAM_SIZE - 3), 1);
    ck_assert_uint_eq(ram[RAM_SIZE - 1], 0xEE);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, RAM_SIZE - 4), 0);
    ck_assert_mem_eq(ram + RAM_SIZE - 4, "0123", 4);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, UINT64_MAX - 1), 1);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, UINT64_C(1) << 63), 1);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 4, UINT64_C(1) << 32), 1);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 0xFFFFFFFF, 0), 1);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 65546, 0x2000), 0);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 65547, 0x2000), 1); /* too many zeros */
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 0, RAM_SIZE), 0);
    ck_assert_uint_eq(transfer(RAM_SIZE - 16, 0x0020000A, 4, RAM_SIZE - 3), 1);
}
END_TEST

START_TEST(a_description_outside_of_memory_is_ignored)
{
    const uint8_t last = ram[RAM_SIZE - 1];

    out(0x518, 4, __builtin_bswap32(RAM_SIZE - 15));
    out(0x518, 4, 0xFFFFFFFF);
    out(0x514, 4, 0x01000000);
    out(0x518, 4, 0);
    ck_assert_uint_eq(ram[0], 0xEE);
    ck_assert_uint_eq(ram[RAM_SIZE - 1], last);
    ck_assert_uint_eq(written_count, 0);
    memset(ram, 0, 16); /* the upper half was used up: this is address 0 */
    out(0x518, 4, 0);
    ck_assert_uint_eq(written_count, 1);
    ck_assert_uint_eq(written_at[0], 0);
    out(0x514, 2, 0xFFFF); /* not 32 bits */
    out(0x518, 1, 0);
    ck_assert_uint_eq(written_count, 1);
}
END_TEST

/* The target of a read may be its own description. */
START_TEST(a_transfer_over_its_description_ends_with_the_outcome)
{
    add("opt/a", "0123456789abcdefghij", 20);
    ck_assert_uint_eq(transfer(0x1000, 0x0020000A, 20, 0x1000), 0);
    ck_assert_mem_eq(ram + 0x1004, "456789abcdefghij", 16);
}
END_TEST

START_TEST(a_copy_of_the_state_brings_the_position_back)
{
    const struct sim_device snapshot = sim_fw_cfg_device(&device);
    struct sim_fw_cfg_state saved;

    add("opt/a", "xyz", 3);
    out(0x510, 2, 0x20);
    ck_assert_uint_eq(in(0x511, 1), 'x');
    ck_assert_uint_eq(snapshot.state_size, sizeof saved);
    memcpy(&saved, snapshot.state, sizeof saved);
    out(0x510, 2, 0x00);
    memcpy(snapshot.state, &saved, sizeof saved);
    ck_assert_uint_eq(in(0x511, 1), 'y');
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("fw_cfg");
    TCase *ports = tcase_create("ports");
    TCase *dma = tcase_create("dma");

    tcase_add_checked_fixture(ports, setup, teardown);
    tcase_add_test(ports, signature_and_features_are_there);
    tcase_add_test(ports, without_memory_there_is_no_dma);
    tcase_add_test(ports, the_directory_lists_files_with_size_and_key);
    tcase_add_test(ports, selecting_starts_again_and_writes_to_data_are_ignored);
    tcase_add_test(ports, files_that_do_not_fit_are_refused_in_words);
    tcase_add_test(ports, a_copy_of_the_state_brings_the_position_back);
    suite_add_tcase(suite, ports);

    tcase_add_checked_fixture(dma, setup, teardown);
    tcase_add_test(dma, dma_selects_reads_and_skips);
    tcase_add_test(dma, dma_tells_what_it_wrote_to_memory);
    tcase_add_test(dma, dma_marks_each_page_it_wrote_as_dirty);
    tcase_add_test(dma, malformed_dma_sets_the_error_bit_and_copies_nothing);
    tcase_add_test(dma, a_description_outside_of_memory_is_ignored);
    tcase_add_test(dma, a_transfer_over_its_description_ends_with_the_outcome);
    suite_add_tcase(suite, dma);
    return suite;
}
