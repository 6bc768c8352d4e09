/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/io_map.c: against a plain array of ports. */
#include <string.h>

#include "drydock/io_map.h"
#include "tests/unit/unit.h"

enum {
    PORTS = 0x10000
};

static uint8_t bytes[DD_IO_MAP_MAX_SIZE];
static bool allowed[PORTS + 4];

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static bool is_as_in_the_array(const struct dd_io_map *map, uint32_t port)
{
    bool both = allowed[port] && allowed[port + 1];
    bool all_four = both && allowed[port + 2] && allowed[port + 3];

    return dd_io_map_allows(map, (uint16_t)port, 1) == allowed[port] &&
           dd_io_map_allows(map, (uint16_t)port, 2) == both &&
           dd_io_map_allows(map, (uint16_t)port, 4) == all_four;
}

/* One assertion for all ports: Check takes a microsecond or more for each. */
static void compare(const struct dd_io_map *map, uint32_t from, uint32_t to)
{
    uint32_t end = to < PORTS ? to : PORTS;
    uint32_t port = from;

    while (port < end && is_as_in_the_array(map, port)) {
        port++;
    }
    ck_assert_msg(port >= end, "port %#x", port);
}

/* The loop variable is the seed, and chooses the size. [SDM 1] 19.5.2. */
START_TEST(random_ranges_are_as_in_a_plain_array)
{
    static const uint16_t sizes[] = {2, 129, 8192, 8193};
    uint16_t size = sizes[_i % 4];
    uint32_t covered = (size - 1u) * 8;
    uint32_t state = (uint32_t)_i;
    struct dd_io_map map;

    memset(bytes, 0, sizeof bytes);
    memset(allowed, 0, sizeof allowed);
    ck_assert_int_eq(dd_io_map_init(&map, bytes, size), DD_OK);
    for (unsigned int step = 0; step < 50; step++) {
        uint16_t first = (uint16_t)next_random(&state);
        uint16_t last = (uint16_t)(first + next_random(&state) % 300);
        bool allow = next_random(&state) % 2 == 0;
        enum dd_status expected = last < first || (allow && last >= covered) ? DD_EARG : DD_OK;
        struct dd_port_range range = {first, last};

        if (size < 1000) {
            first = (uint16_t)(first % (covered + 4));
            last = (uint16_t)(first + next_random(&state) % 12);
            range = (struct dd_port_range){first, last};
            expected = allow && last >= covered ? DD_EARG : DD_OK;
        }
        ck_assert_int_eq(allow ? dd_io_map_allow(&map, range) : dd_io_map_deny(&map, range),
                         expected);
        for (uint32_t port = first; expected == DD_OK && port <= last; port++) {
            allowed[port] = allow;
        }
        compare(&map, first > 8 ? first - 8u : 0, last + 8u);
        ck_assert_uint_eq(bytes[size - 1], 0xFF);
    }
    compare(&map, 0, PORTS);
}
END_TEST

static const struct {
    size_t size;
    enum dd_status status;
} sizes_to_try[] = {{0, DD_EARG},  {1, DD_EARG},    {2, DD_OK},
                    {8193, DD_OK}, {8194, DD_EARG}, {SIZE_MAX, DD_EARG}};

START_TEST(a_map_covers_8_to_65536_ports)
{
    struct dd_io_map map = {0};

    memset(bytes, 0, sizeof bytes);
    ck_assert_int_eq(dd_io_map_init(&map, bytes, sizes_to_try[_i].size), sizes_to_try[_i].status);
    ck_assert_uint_eq(bytes[0], sizes_to_try[_i].status == DD_OK ? 0xFF : 0);
}
END_TEST

/* Accesses are of 1, 2 or 4 bytes. [SDM 2A] IN. */
static const unsigned int no_widths[] = {0, 3, 5, 8, 0xFFFFFFFC, 0xFFFFFFFF};

START_TEST(a_width_that_no_access_has_is_not_allowed)
{
    struct dd_io_map map = {0};
    struct dd_port_range all = {0, 0xFFFF};

    ck_assert_int_eq(dd_io_map_init(&map, bytes, sizeof bytes), DD_OK);
    ck_assert_int_eq(dd_io_map_allow(&map, all), DD_OK);
    ck_assert(dd_io_map_allows(&map, 4, 4));
    ck_assert(!dd_io_map_allows(&map, 0, no_widths[_i]));
    ck_assert(!dd_io_map_allows(&map, 4, no_widths[_i]));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("io_map");
    TCase *ports = tcase_create("ports");

    tcase_add_loop_test(ports, random_ranges_are_as_in_a_plain_array, 0, 24);
    tcase_add_loop_test(ports, a_map_covers_8_to_65536_ports, 0, 6);
    tcase_add_loop_test(ports, a_width_that_no_access_has_is_not_allowed, 0,
                        (int)(sizeof no_widths / sizeof no_widths[0]));
    suite_add_tcase(suite, ports);
    return suite;
}
