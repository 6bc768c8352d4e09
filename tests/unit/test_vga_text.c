/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/devices/vga_*.c. Registers: [VGA]; characters: code page 437. */
#include "sim/devices/vga_text.h"
#include "tests/unit/device_case.h"

static struct sim_clock clock;
static struct sim_vga_text vga;
static struct sim_region memory, ports, crtc, status;
static struct sim_device device;

static void power_on(void)
{
    clock = (struct sim_clock){0};
    sim_vga_text_init(&vga, &clock);
    memory = sim_vga_text_mmio(&vga);
    ports = sim_vga_text_ports(&vga);
    crtc = sim_vga_text_crtc_ports(&vga);
    status = sim_vga_text_status_port(&vga);
    device = sim_vga_text_device(&vga);
}

static void put(unsigned int row, unsigned int column, const char *text)
{
    uint64_t cell = row * 80 + column;

    for (unsigned int i = 0; text[i] != '\0'; i++) {
        memory.write(memory.device, 2 * (cell + i), 2, 0x0F00u | (uint8_t)text[i]);
    }
}

static void check_line(unsigned int row, const char *expected)
{
    char text[SIM_VGA_TEXT_LINE];

    sim_vga_text_line(&vga, row, text);
    ck_assert_str_eq(text, expected);
}

static void set_crtc(uint8_t index, uint8_t value)
{
    region_out(&crtc, 0x3D4, index);
    region_out(&crtc, 0x3D5, value);
}

static uint8_t get_crtc(uint8_t index)
{
    region_out(&crtc, 0x3D4, index);
    return region_in(&crtc, 0x3D5);
}

START_TEST(memory_and_ports_are_a_colour_vga_s)
{
    check_region(&memory, 0xB8000, 0x8000, 0);
    check_region(&ports, 0x3C0, 16, 1 | 2);
    check_region(&crtc, 0x3D4, 2, 1 | 2);
    check_region(&status, 0x3DA, 1, 1);
}
END_TEST

START_TEST(memory_keeps_accesses_of_every_width)
{
    memory.write(memory.device, 0, 4, 0x44332211);
    ck_assert_uint_eq(memory.read(memory.device, 1, 1), 0x22);
    ck_assert_uint_eq(memory.read(memory.device, 1, 2), 0x3322);
    ck_assert_uint_eq(memory.read(memory.device, 0, 4), 0x44332211);
    memory.write(memory.device, 0x7FFF, 1, 0x99);
    ck_assert_uint_eq(memory.read(memory.device, 0x7FFE, 2), 0x9920);
}
END_TEST

START_TEST(the_screen_is_blank_and_then_shows_what_is_written)
{
    check_line(0, "");
    check_line(24, "");
    put(0, 0, "Hello, world");
    put(24, 78, "!!");
    put(3, 2, "x");
    check_line(0, "Hello, world");
    check_line(3, "  x");
    ck_assert_uint_eq(memory.read(memory.device, 24 * 160 + 156, 2), 0x0F21);
    ck_assert_uint_eq(memory.read(memory.device, 24 * 160 + 158, 1), '!');
    set_crtc(0x0D, 78);
    check_line(24, "!!");
}
END_TEST

START_TEST(characters_are_code_page_437)
{
    put(1, 0, "\x81\xE1\xC9\xCD\xBB\xDB\xB0\x01\x1A\x7F\x9B\xFB");
    check_line(1, "üß╔═╗█░☺→⌂¢√");
    memory.write(memory.device, 320, 1, 0);
    memory.write(memory.device, 322, 1, 'a');
    check_line(2, " a");
}
END_TEST

START_TEST(a_full_line_of_long_characters_fits)
{
    char text[SIM_VGA_TEXT_LINE];

    for (unsigned int i = 0; i < 80; i++) {
        put(0, i, "\xDB");
    }
    sim_vga_text_line(&vga, 0, text);
    ck_assert_uint_eq(strlen(text), 240);
}
END_TEST

START_TEST(the_start_address_scrolls_and_wraps)
{
    put(1, 0, "second");
    set_crtc(0x0D, 80);
    check_line(0, "second");
    set_crtc(0x0C, 0x3F);
    set_crtc(0x0D, 0xB0); /* 80 cells before the end */
    put(0, 0, "first");
    check_line(1, "first");
    set_crtc(0x0C, 0xFF);
    set_crtc(0x0D, 0xFF);
    check_line(24, "");
}
END_TEST

START_TEST(the_cursor_is_where_crtc_says)
{
    struct sim_vga_cursor cursor = sim_vga_text_cursor(&vga);

    ck_assert(cursor.visible && cursor.row == 0 && cursor.column == 0);
    crtc.write(crtc.device, 0, 2, 0x070E); /* index and data in one access */
    crtc.write(crtc.device, 0, 2, 0x810F);
    cursor = sim_vga_text_cursor(&vga);
    ck_assert_uint_eq(cursor.row, 24); /* 0x781 = 24 * 80 + 1 */
    ck_assert_uint_eq(cursor.column, 1);
    set_crtc(0x0D, 160);
    ck_assert_uint_eq(sim_vga_text_cursor(&vga).row, 22);
}
END_TEST

START_TEST(the_cursor_can_be_off_or_outside)
{
    set_crtc(0x0A, 0x2D);
    ck_assert(!sim_vga_text_cursor(&vga).visible);
    set_crtc(0x0A, 0x0D);
    set_crtc(0x0E, 0x07);
    set_crtc(0x0F, 0xD0); /* 2000 */
    ck_assert(!sim_vga_text_cursor(&vga).visible);
    set_crtc(0x0F, 0xCF);
    ck_assert(sim_vga_text_cursor(&vga).visible);
    ck_assert_uint_eq(sim_vga_text_cursor(&vga).row, 24);
    ck_assert_uint_eq(sim_vga_text_cursor(&vga).column, 79);
}
END_TEST

START_TEST(crtc_starts_in_mode_3_and_protects_its_timing)
{
    ck_assert_uint_eq(get_crtc(0x00), 0x5F);
    ck_assert_uint_eq(get_crtc(0x13), 0x28);
    ck_assert_uint_eq(get_crtc(0x19), 0x00);
    set_crtc(0x00, 0x11);
    set_crtc(0x07, 0x00);
    ck_assert_uint_eq(get_crtc(0x00), 0x5F);
    ck_assert_uint_eq(get_crtc(0x07), 0x0F); /* only line compare bit 8 */
    set_crtc(0x11, 0x0E);
    set_crtc(0x00, 0x11);
    set_crtc(0x07, 0xA5);
    ck_assert_uint_eq(get_crtc(0x00), 0x11);
    ck_assert_uint_eq(get_crtc(0x07), 0xA5);
    set_crtc(0x19, 0xFF);
    set_crtc(0xFF, 0xFF);
}
END_TEST

START_TEST(the_attribute_port_alternates_until_the_status_is_read)
{
    (void)region_in(&status, 0x3DA);
    region_out(&ports, 0x3C0, 0x30);
    region_out(&ports, 0x3C0, 0x08);
    region_out(&ports, 0x3C0, 0x31);
    (void)region_in(&status, 0x3DA);
    region_out(&ports, 0x3C0, 0x30);
    ck_assert_uint_eq(region_in(&ports, 0x3C0), 0x30);
    ck_assert_uint_eq(region_in(&ports, 0x3C1), 0x08);
    region_out(&ports, 0x3C0, 0x04); /* data: there was an index */
    ck_assert_uint_eq(region_in(&ports, 0x3C1), 0x04);
}
END_TEST

START_TEST(sequencer_graphics_and_miscellaneous_are_kept)
{
    region_out(&ports, 0x3C4, 0x02);
    ck_assert_uint_eq(region_in(&ports, 0x3C5), 0x03);
    region_out(&ports, 0x3C5, 0x0F);
    ck_assert_uint_eq(region_in(&ports, 0x3C5), 0x0F);
    region_out(&ports, 0x3CE, 0x06);
    ck_assert_uint_eq(region_in(&ports, 0x3CF), 0x0E);
    region_out(&ports, 0x3CE, 0x0F);
    region_out(&ports, 0x3CF, 0xFF);
    ck_assert_uint_eq(region_in(&ports, 0x3CF), 0x00);
    ck_assert_uint_eq(region_in(&ports, 0x3CC), 0x67);
    region_out(&ports, 0x3C2, 0x63);
    ck_assert_uint_eq(region_in(&ports, 0x3CC), 0x63);
}
END_TEST

START_TEST(the_dac_counts_on_after_three_bytes)
{
    region_out(&ports, 0x3C8, 0xFF);
    region_out(&ports, 0x3C9, 0xFF);
    region_out(&ports, 0x3C9, 0x02);
    region_out(&ports, 0x3C9, 0x03);
    ck_assert_uint_eq(region_in(&ports, 0x3C8), 0x00);
    region_out(&ports, 0x3C9, 0x04);
    ck_assert_uint_eq(region_in(&ports, 0x3C7), 0x00);
    region_out(&ports, 0x3C7, 0xFF);
    ck_assert_uint_eq(region_in(&ports, 0x3C7), 0x03);
    ck_assert_uint_eq(region_in(&ports, 0x3C9), 0x3F);
    ck_assert_uint_eq(region_in(&ports, 0x3C9), 0x02);
    ck_assert_uint_eq(region_in(&ports, 0x3C9), 0x03);
    ck_assert_uint_eq(region_in(&ports, 0x3C9), 0x04);
}
END_TEST

/* 449 lines of 31.778 us, 400 shown, retrace in 412 and 413; 25.422 us of a line are shown. */
START_TEST(retrace_follows_virtual_time)
{
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x00);
    clock.now = 25422;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x01);
    clock.now = 31778;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x00);
    clock.now = UINT64_C(31778) * 400;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x01);
    clock.now = UINT64_C(31778) * 412;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x09);
    clock.now = UINT64_C(31778) * 414 - 1;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x09);
    clock.now = UINT64_C(31778) * 414;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x01);
    clock.now = UINT64_C(31778) * 449;
    ck_assert_uint_eq(region_in(&status, 0x3DA), 0x00);
}
END_TEST

START_TEST(the_state_is_all_there_is)
{
    static struct sim_vga_text before;

    put(0, 0, "kept");
    set_crtc(0x0F, 4);
    before = vga;
    sim_vga_text_reset(&vga);
    check_line(0, "");
    memcpy(device.state, &before.state, device.state_size);
    check_line(0, "kept");
    ck_assert_uint_eq(sim_vga_text_cursor(&vga).column, 4);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    char text[SIM_VGA_TEXT_LINE];

    torment(&memory, &device, &clock);
    torment(&ports, &device, &clock);
    torment(&status, &device, &clock);
    for (unsigned int i = 0; i < 4000; i++) {
        set_crtc((uint8_t)i, (uint8_t)(i * 7));
        (void)sim_vga_text_cursor(&vga);
        sim_vga_text_line(&vga, i % 25, text);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("vga_text");
    TCase *screen = tcase_create("screen");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(screen, power_on, NULL);
    tcase_add_test(screen, memory_and_ports_are_a_colour_vga_s);
    tcase_add_test(screen, memory_keeps_accesses_of_every_width);
    tcase_add_test(screen, the_screen_is_blank_and_then_shows_what_is_written);
    tcase_add_test(screen, characters_are_code_page_437);
    tcase_add_test(screen, a_full_line_of_long_characters_fits);
    tcase_add_test(screen, the_start_address_scrolls_and_wraps);
    tcase_add_test(screen, the_cursor_is_where_crtc_says);
    tcase_add_test(screen, the_cursor_can_be_off_or_outside);
    suite_add_tcase(suite, screen);
    tcase_add_checked_fixture(registers, power_on, NULL);
    tcase_add_test(registers, crtc_starts_in_mode_3_and_protects_its_timing);
    tcase_add_test(registers, the_attribute_port_alternates_until_the_status_is_read);
    tcase_add_test(registers, sequencer_graphics_and_miscellaneous_are_kept);
    tcase_add_test(registers, the_dac_counts_on_after_three_bytes);
    tcase_add_test(registers, retrace_follows_virtual_time);
    tcase_add_test(registers, the_state_is_all_there_is);
    tcase_add_test(registers, random_accesses_do_no_harm);
    suite_add_tcase(suite, registers);
    return suite;
}
