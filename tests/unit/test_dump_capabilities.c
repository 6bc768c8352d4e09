/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump_capabilities.c: lists that end and lists that loop. */
#include "tests/unit/dump_case.h"

#define TEXT_SIZE 16384

/* A byte of configuration space that is not zero. */
struct byte {
    unsigned int offset;
    uint8_t value;
};

/* Status: there is a list. [PCI 3.0] 6.2.3 */
#define LIST       \
    {              \
        0x06, 0x10 \
    }
/* A capability at an offset: id and next. [PCI 3.0] 6.7 */
#define CAPABILITY(at, id, next) \
    {(at), (id)},                \
    {                            \
        (at) + 1, (next)         \
    }
/* Extended: 16 bits of id, 4 of version, 12 of next. [PCIe 6] 7.6.3 */
#define EXTENDED(at, id, next)                       \
    {(at), (id)}, {(at) + 2, ((next)&0xF) << 4 | 1}, \
    {                                                \
        (at) + 3, (next) >> 4                        \
    }
#define EXPRESS {0x34, 0x40}, CAPABILITY(0x40, 0x10, 0)

/* Write one function; the row of offset 0 is line 2 if it is the first. Returns the end. */
static char *write_function(char *text, unsigned int device, const struct byte *set,
                            unsigned int size)
{
    uint8_t bytes[4096] = {0};

    for (unsigned int i = 0; set[i].value != 0 || set[i].offset != 0; i++) {
        bytes[set[i].offset] = set[i].value;
    }
    text += sprintf(text, "00:%02x.0 x", device);
    for (unsigned int i = 0; i < size; i++) {
        text += i % 16 == 0 ? sprintf(text, "\n%02x:", i) : 0;
        text += sprintf(text, " %02x", bytes[i]);
    }
    return text + sprintf(text, "\n");
}

static int check(const char *text, struct sim_error *error)
{
    struct sim_dump dump = good_dump(text);
    int status = sim_dump_check_capabilities(&dump, error);

    sim_dump_free(&dump);
    return status;
}

static const struct {
    unsigned int size;
    struct byte set[24];
} ending[] = {
    {256, {{0x34, 0x40}, CAPABILITY(0x40, 1, 0x40)}}, /* status says there is no list */
    {256, {LIST}},
    {256, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x50), CAPABILITY(0x50, 5, 0)}},
    {256, {LIST, {0x34, 0xFC}, CAPABILITY(0xFC, 1, 0x40), CAPABILITY(0x40, 9, 0)}},
    /* the two low bits of a pointer mean nothing */
    {256, {LIST, {0x34, 0x43}, CAPABILITY(0x40, 1, 0x51), CAPABILITY(0x50, 5, 0x03)}},
    /* a null capability may stand in the list */
    {256, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 0, 0x50), CAPABILITY(0x50, 0, 0)}},
    /* a pointer into the header leads nowhere */
    {256, {LIST, {0x34, 0x34}}},
    {256, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x3C), {0x3D, 0x40}}},
    /* not known: the dump ends before the pointer, or before the capability */
    {64, {LIST, {0x34, 0x40}}},
    {128, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x80)}},
    /* all ones: nothing answers */
    {256, {LIST, {0x34, 0xFC}, CAPABILITY(0xFC, 0xFF, 0xFF)}},
    /* a CardBus bridge has its pointer at 14h, and its 34h is something else */
    {256,
     {LIST,
      {0x0E, 0x02},
      {0x14, 0x80},
      CAPABILITY(0x80, 1, 0),
      {0x34, 0x40},
      CAPABILITY(0x40, 1, 0x40)}},
    {256,
     {LIST,
      {0x0E, 0x82},
      {0x14, 0x80},
      CAPABILITY(0x80, 1, 0),
      {0x34, 0x40},
      CAPABILITY(0x40, 1, 0x40)}},
    /* the extended list counts only with a PCI Express capability, and only if it is known */
    {4096, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0), EXTENDED(0x100, 1, 0x100)}},
    {256, {LIST, EXPRESS}},
    {4096, {LIST, EXPRESS}},
    {4096,
     {LIST, EXPRESS, EXTENDED(0x100, 1, 0x200), EXTENDED(0x200, 2, 0xFFC), EXTENDED(0xFFC, 3, 0)}},
    {4096, {LIST, EXPRESS, EXTENDED(0x100, 1, 0x0FC), EXTENDED(0x0FC, 2, 0x100)}},
    {4096,
     {LIST,
      EXPRESS,
      EXTENDED(0x100, 1, 0xFFC),
      {0xFFC, 0xFF},
      {0xFFD, 0xFF},
      {0xFFE, 0xFF},
      {0xFFF, 0xFF}}},
};

START_TEST(a_list_that_ends_is_good)
{
    char text[TEXT_SIZE];
    struct sim_error error = {""};

    (void)write_function(text, 0, ending[_i].set, ending[_i].size);
    ck_assert_msg(check(text, &error) == 0, "%s", error.text);
}
END_TEST

static const struct {
    unsigned int line; /* 2 + offset of the pointer / 16 */
    unsigned int size;
    struct byte set[24];
    const char *pointers; /* where the pointer is and what it leads back to */
} looping[] = {
    {6, 256, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x40)}, "41 leads back to 40"},
    {7,
     256,
     {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x50), CAPABILITY(0x50, 5, 0x40)},
     "51 leads back to 40"},
    {17,
     256,
     {LIST,
      {0x34, 0x40},
      CAPABILITY(0x40, 1, 0x50),
      CAPABILITY(0x50, 5, 0xFC),
      CAPABILITY(0xFC, 9, 0x50)},
     "fd leads back to 50"},
    {6, 256, {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x42)}, "41 leads back to 40"},
    {10, 256, {LIST, {0x0E, 0x02}, {0x14, 0x80}, CAPABILITY(0x80, 1, 0x80)}, "81 leads back to 80"},
    {18, 4096, {LIST, EXPRESS, EXTENDED(0x100, 1, 0x100)}, "102 leads back to 100"},
    {18 + 0x10,
     4096,
     {LIST, EXPRESS, EXTENDED(0x100, 1, 0x200), EXTENDED(0x200, 2, 0x100)},
     "202 leads back to 100"},
    {257,
     4096,
     {LIST, EXPRESS, EXTENDED(0x100, 1, 0x104), EXTENDED(0x104, 2, 0xFFC),
      EXTENDED(0xFFC, 3, 0x104)},
     "ffe leads back to 104"},
    /* the low two bits of the pointer mean nothing */
    {18, 4096, {LIST, EXPRESS, EXTENDED(0x100, 1, 0x103)}, "102 leads back to 100"},
    {6, 256, {LIST, {0x34, 0x43}, CAPABILITY(0x40, 1, 0x40)}, "41 leads back to 40"},
    /* an id of 00FFh is an id; only FFFFh means that nothing answers */
    {18, 4096, {LIST, EXPRESS, EXTENDED(0x100, 0xFF, 0x100)}, "102 leads back to 100"},
    /* PCI Express later in the list */
    {18,
     4096,
     {LIST,
      {0x34, 0x40},
      CAPABILITY(0x40, 1, 0x60),
      CAPABILITY(0x60, 0x10, 0x50),
      CAPABILITY(0x50, 5, 0),
      EXTENDED(0x100, 1, 0x100)},
     "102 leads back to 100"},
};

START_TEST(a_loop_is_reported_with_the_line_of_the_pointer_that_closes_it)
{
    char text[TEXT_SIZE];
    char sentence[100];
    struct sim_error error = {""};

    (void)write_function(text, 0x1F, looping[_i].set, looping[_i].size);
    ck_assert_int_eq(check(text, &error), -1);
    ck_assert_int_gt(snprintf(sentence, sizeof sentence,
                              ":%u: the capability list of 0000:00:1f.0 loops: the pointer at %s",
                              looping[_i].line, looping[_i].pointers),
                     0);
    ck_assert_str_eq(strchr(error.text, ':'), sentence);
}
END_TEST

START_TEST(a_loop_is_found_in_any_function)
{
    static const struct byte good[] = {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0), {0, 0}};
    static const struct byte bad[] = {LIST, {0x34, 0x40}, CAPABILITY(0x40, 1, 0x40), {0, 0}};
    char text[TEXT_SIZE];
    char *end = write_function(text, 2, good, 256);
    struct sim_error error = {""};

    end = write_function(end, 3, bad, 256);
    (void)write_function(end, 1, good, 256);
    ck_assert_int_eq(check(text, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, ":23: the capability list of 0000:00:03.0 loops"));
}
END_TEST

START_TEST(bytes_that_are_not_known_end_a_list_in_its_middle)
{
    struct sim_error error = {""};

    /* 34h points to 80h, which points to 40h, which is missing */
    ck_assert_int_eq(check("00:00.0 x\n"
                           "00: 86 80 29 12 07 04 10 00 02 00 00 06 00 00 00 00\n"
                           "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                           "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
                           "30: 00 00 00 00 80 00 00 00 00 00 00 00 0b 01 00 00\n"
                           "80: 01 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n",
                           &error),
                     0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_capabilities");
    TCase *lists = tcase_create("lists");

    tcase_add_loop_test(lists, a_list_that_ends_is_good, 0, (int)(sizeof ending / sizeof *ending));
    tcase_add_loop_test(lists, a_loop_is_reported_with_the_line_of_the_pointer_that_closes_it, 0,
                        (int)(sizeof looping / sizeof *looping));
    tcase_add_test(lists, a_loop_is_found_in_any_function);
    tcase_add_test(lists, bytes_that_are_not_known_end_a_list_in_its_middle);
    suite_add_tcase(suite, lists);
    return suite;
}
