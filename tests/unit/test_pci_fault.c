/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/pci_fault*.c: what goes wrong, and the words for it. */
#include "sim/pci/bus/pci_fault.h"

#include <stdlib.h>

#include "sim/pci/bus/pci_topology.h"
#include "tests/unit/pci_case.h"

#define DEVICE AT(0, 3, 0)
#define BEHIND AT(2, 0, 0)

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_faults faults;
static uint64_t waited;

static void put(struct sim_dump_function *function, unsigned int offset, unsigned int width,
                uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        function->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* Bridges at 00:01.0 and 01:00.0, 02:00.0 behind both; 00:03.0 with capabilities in both lists. */
static void setup(void)
{
    struct sim_error error = {""};
    struct sim_dump_function *device = NULL;

    pci_case_init(&pci);
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 2);
    device = pci_case_add(&pci, DEVICE);
    pci_case_add_bridge(&pci, AT(1, 0, 0), 2, 2);
    pci_case_add(&pci, BEHIND);
    pci_case_know(device, 4096);
    put(device, 0x06, 2, 0x0010);
    put(device, 0x10, 4, 0xFE000000);
    device->bars[0].size = 0x4000;
    put(device, 0x34, 1, 0x40);
    put(device, 0x40, 2, 0x5009);
    put(device, 0x50, 2, 0x6009);
    put(device, 0x60, 2, 0x0009);
    put(device, 0x100, 4, 0x20010003);
    put(device, 0x200, 4, 0x0001000B);
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    memset(&faults, 0, sizeof faults);
    waited = 0;
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
}

static void wait_for(void *machine, uint64_t nanoseconds)
{
    (void)machine;
    waited += nanoseconds;
}

/* Let this go wrong. */
static void inject(const char *words)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_pci_faults_parse(&faults, words, &error) == 0, "%s", error.text);
    ck_assert_msg(sim_pci_faults_apply(&topology, &faults, &error) == 0, "%s", error.text);
    faults.wait = wait_for;
}

static uint32_t get(struct sim_pci_address address, unsigned int offset, unsigned int width)
{
    return sim_pci_topology_read(&topology, address, offset, width);
}

static void set(struct sim_pci_address address, unsigned int offset, unsigned int width,
                uint32_t value)
{
    sim_pci_topology_write(&topology, address, offset, width, value);
}

static void check_counts(uint64_t struck, uint64_t seen)
{
    ck_assert_uint_eq(faults.list[0].struck, struck);
    ck_assert_uint_eq(faults.list[0].seen, seen);
}

START_TEST(a_function_is_gone_after_so_many_accesses)
{
    inject("gone 00:03.0 3");
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0x00008086);
    set(DEVICE, 0x3C, 1, 5);
    ck_assert_uint_eq(get(DEVICE, 0x3C, 1), 5);
    ck_assert_uint_eq(get(BEHIND, 0x00, 4), 0x00008086);
    check_counts(0, 3);
    set(DEVICE, 0x3C, 1, 6);
    ck_assert_uint_eq(get(DEVICE, 0x3C, 1), 0xFF);
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0xFFFFFFFF);
    check_counts(1, 4);
}
END_TEST

START_TEST(a_function_may_be_gone_from_the_beginning)
{
    inject("gone 0000:00:01.0 0");
    ck_assert_uint_eq(get(AT(0, 1, 0), 0x00, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(get(BEHIND, 0x00, 4), 0xFFFFFFFF);
}
END_TEST

START_TEST(a_bridge_drops_everything_behind_it)
{
    inject("drop 00:01.0 2");
    ck_assert_uint_eq(get(AT(0, 1, 0), 0x00, 4), 0x00008086);
    ck_assert_uint_eq(get(BEHIND, 0x00, 4), 0x00008086);
    ck_assert_uint_eq(get(AT(1, 0, 0), 0x00, 4), 0x00008086);
    check_counts(0, 2);
    ck_assert_uint_eq(get(BEHIND, 0x00, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(get(AT(1, 0, 0), 0x00, 4), 0xFFFFFFFF);
    ck_assert_uint_eq(get(AT(0, 1, 0), 0x00, 4), 0x00008086);
    ck_assert_uint_eq(get(AT(0, 1, 0), 0x0E, 1), 1);
    check_counts(1, 3);
}
END_TEST

START_TEST(a_register_reads_as_ones_for_every_access_that_touches_it)
{
    inject("ones 00:03.0 0x2 0x2");
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0xFFFF8086);
    ck_assert_uint_eq(get(DEVICE, 0x02, 2), 0xFFFF);
    ck_assert_uint_eq(get(DEVICE, 0x03, 1), 0xFF);
    ck_assert_uint_eq(get(DEVICE, 0x01, 2), 0xFF80);
    ck_assert_uint_eq(get(DEVICE, 0x00, 2), 0x8086);
    ck_assert_uint_eq(get(DEVICE, 0x04, 4), 0x00100000);
    check_counts(4, 6);
}
END_TEST

START_TEST(writes_are_lost_byte_by_byte)
{
    inject("lose 00:03.0 0x11 1");
    set(DEVICE, 0x10, 4, 0x12345678);
    ck_assert_uint_eq(get(DEVICE, 0x10, 4), 0x12340000);
    set(DEVICE, 0x10, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(DEVICE, 0x10, 4), 0xFFFF0000);
    set(DEVICE, 0x3C, 1, 7);
    ck_assert_uint_eq(get(DEVICE, 0x3C, 1), 7);
    check_counts(2, 6);
}
END_TEST

/* Of both lists: where to, as the pointer's register reads. */
static const struct {
    const char *words;
    unsigned int offset;
    uint32_t reads;
} pointers[] = {
    {"loop 00:03.0 0x60", 0x60, 0x00004009},
    {"loop 00:03.0 0x40", 0x40, 0x00004009},
    {"astray 00:03.0 0x50", 0x50, 0x00001009}, /* into the header */
    {"loop 00:03.0 0x200", 0x200, 0x1001000B},
    {"astray 00:03.0 0x100", 0x100, 0x0FC10003}, /* before the extended list's part */
};

START_TEST(capabilities_loop_or_lead_astray)
{
    inject(pointers[_i].words);
    ck_assert_uint_eq(get(DEVICE, pointers[_i].offset, 4), pointers[_i].reads);
    ck_assert_uint_eq(get(DEVICE, pointers[_i].offset, 1), pointers[_i].reads & 0xFF);
    check_counts(1, 2);
}
END_TEST

START_TEST(a_base_address_lies_about_its_size)
{
    struct sim_pci_range range;

    inject("size 00:03.0 0 0x100");
    set(DEVICE, 0x10, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(DEVICE, 0x10, 4), 0xFFFFFF00);
    set(DEVICE, 0x10, 4, 0xFE000000);
    ck_assert(sim_pci_config_range(&topology.functions[1].config, 0, &range));
    ck_assert_uint_eq(range.size, 0x4000);
    check_counts(1, 3);
}
END_TEST

START_TEST(an_answer_takes_its_time_or_is_given_up)
{
    inject("delay 00:03.0 49999999");
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0x00008086);
    ck_assert_uint_eq(waited, 49999999);
    set(DEVICE, 0x3C, 1, 5);
    ck_assert_uint_eq(waited, 99999998);
    faults.list[0].nanoseconds = 50000000; /* [PCIe 6] 2.8: 50 us to 50 ms */
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0xFFFFFFFF);
    set(DEVICE, 0x3C, 1, 6);
    faults.list[0].nanoseconds = 0;
    ck_assert_uint_eq(get(DEVICE, 0x3C, 1), 5);
    check_counts(5, 5);
}
END_TEST

START_TEST(several_faults_go_together)
{
    struct sim_error error;

    ck_assert_int_eq(sim_pci_faults_parse(&faults, "ones 00:03.0 0x08 1", &error), 0);
    ck_assert_int_eq(sim_pci_faults_parse(&faults, "lose 02:00.0 0x3c 1", &error), 0);
    inject("gone 02:00.0 2");
    set(BEHIND, 0x3C, 1, 5);
    ck_assert_uint_eq(get(BEHIND, 0x3C, 1), 0);
    ck_assert_uint_eq(get(DEVICE, 0x08, 1), 0xFF);
    ck_assert_uint_eq(get(BEHIND, 0x3C, 1), 0xFF);
}
END_TEST

/* Words, and what is printed of them; NULL: refused with a sentence. */
static const struct {
    const char *words, *printed, *refused;
} sentences[] = {
    {"gone 00:03.0 7", "gone 0000:00:03.0 7", NULL},
    {"back 00:03.0 7", "back 0000:00:03.0 7", NULL},
    {"  drop\t0001:00:1f.7 0x10 # comment", "drop 0001:00:1f.7 16", NULL},
    {"ones 00:03.0 0xffc 4", "ones 0000:00:03.0 0xffc 4", NULL},
    {"lose 00:03.0 4 2", "lose 0000:00:03.0 0x4 2", NULL},
    {"loop 00:03.0 0x60", "loop 0000:00:03.0 0x60", NULL},
    {"astray 00:03.0 0x100", "astray 0000:00:03.0 0x100", NULL},
    {"size 00:03.0 6 4096", "size 0000:00:03.0 6 0x1000", NULL},
    {"delay 00:03.0 60000000000", "delay 0000:00:03.0 60000000000", NULL},
    {"", NULL, ": what goes wrong is missing at the end"},
    {"explode 00:03.0", NULL, "explode 00:03.0: \"explode\" is no fault"},
    {"gone", NULL, "gone: a PCI address is missing at the end"},
    {"gone 3.0 1", NULL, "gone 3.0 1: \"3.0\" is no PCI address like 0000:00:1f.2"},
    {"gone 00:03.0", NULL, "gone 00:03.0: the number of accesses is missing at the end"},
    {"gone 00:03.0 x", NULL, "gone 00:03.0 x: the number of accesses: \"x\" is not a number"},
    {"gone 00:03.0 1 2", NULL, "gone 00:03.0 1 2: \"2\" is too much"},
    {"ones 00:03.0 0x1000 1", NULL,
     "ones 00:03.0 0x1000 1: offset 0x1000 is past the end of configuration space"},
    {"ones 00:03.0 0xfff 2", NULL, "ones 00:03.0 0xfff 2: 2 bytes do not fit configuration space"},
    {"lose 00:03.0 0 0", NULL, "lose 00:03.0 0 0: 0 bytes do not fit configuration space"},
    {"loop 00:03.0 4096", NULL,
     "loop 00:03.0 4096: offset 0x1000 is past the end of configuration space"},
    {"size 00:03.0 7 16", NULL,
     "size 00:03.0 7 16: base address 7: there are 0 to 5, and 6 is the ROM"},
    {"size 00:03.0 0 24", NULL, "size 00:03.0 0 24: the size 24 is not a power of two"},
    {"size 00:03.0 0 0", NULL, "size 00:03.0 0 0: the size 0 is not a power of two"},
    {"delay 00:03.0 60000000001", NULL,
     "delay 00:03.0 60000000001: the delay is longer than a minute"},
};

START_TEST(faults_are_made_of_words_and_printed_as_words)
{
    struct sim_error error = {""};
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    int result = sim_pci_faults_parse(&faults, sentences[_i].words, &error);

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(result, sentences[_i].refused == NULL ? 0 : -1);
    ck_assert_uint_eq(faults.count, sentences[_i].refused == NULL ? 1 : 0);
    sim_pci_faults_print(&faults, file);
    (void)fclose(file);
    if (sentences[_i].refused != NULL) {
        ck_assert_str_eq(error.text, sentences[_i].refused);
        ck_assert_str_eq(text, "");
    } else {
        ck_assert_int_eq(strncmp(text, sentences[_i].printed, strlen(sentences[_i].printed)), 0);
        ck_assert_str_eq(text + strlen(sentences[_i].printed),
                         ": did not strike, 0 of 0 accesses\n");
    }
    free(text);
}
END_TEST

START_TEST(a_list_is_full_at_32_and_words_are_not_endless)
{
    char words[600];
    struct sim_error error;

    for (unsigned int i = 0; i < 32; i++) {
        ck_assert_int_eq(sim_pci_faults_parse(&faults, "gone 00:03.0 1", &error), 0);
    }
    ck_assert_int_eq(sim_pci_faults_parse(&faults, "gone 00:03.0 1", &error), -1);
    ck_assert_str_eq(error.text, "gone 00:03.0 1: more than 32 faults");
    memset(words, 'a', sizeof words);
    words[sizeof words - 1] = '\0';
    ck_assert_int_eq(sim_pci_faults_parse(&faults, words, &error), -1);
}
END_TEST

/* Words for what is not there. */
static const struct {
    const char *words, *refused;
} missing[] = {
    {"gone 00:04.0 1", "there is no function 00:04.0"},
    {"drop 00:03.0 1", "00:03.0 is no bridge with a bus behind it"},
    {"size 00:03.0 1 16", "00:03.0 has no base address 1"},
    {"size 00:01.0 6 16", "00:01.0 has no base address 6"},
    {"loop 00:03.0 0x44", "00:03.0 has no capability at 0x44"},
    {"astray 00:01.0 0x40", "00:01.0 has no capability at 0x40"},
    {"loop 00:03.0 0x104", "00:03.0 has no capability at 0x104"},
};

START_TEST(what_is_not_there_cannot_go_wrong)
{
    struct sim_error error = {""};

    ck_assert_int_eq(sim_pci_faults_parse(&faults, "ones 00:03.0 0 4", &error), 0);
    ck_assert_int_eq(sim_pci_faults_parse(&faults, missing[_i].words, &error), 0);
    ck_assert_int_eq(sim_pci_faults_apply(&topology, &faults, &error), -1);
    ck_assert_str_eq(error.text, missing[_i].refused);
    ck_assert_uint_eq(get(DEVICE, 0x00, 4), 0x00008086);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_fault");
    TCase *effects = tcase_create("effects");
    TCase *words = tcase_create("words");

    tcase_add_checked_fixture(effects, setup, teardown);
    tcase_add_test(effects, a_function_is_gone_after_so_many_accesses);
    tcase_add_test(effects, a_function_may_be_gone_from_the_beginning);
    tcase_add_test(effects, a_bridge_drops_everything_behind_it);
    tcase_add_test(effects, a_register_reads_as_ones_for_every_access_that_touches_it);
    tcase_add_test(effects, writes_are_lost_byte_by_byte);
    tcase_add_loop_test(effects, capabilities_loop_or_lead_astray, 0,
                        (int)(sizeof pointers / sizeof pointers[0]));
    tcase_add_test(effects, a_base_address_lies_about_its_size);
    tcase_add_test(effects, an_answer_takes_its_time_or_is_given_up);
    tcase_add_test(effects, several_faults_go_together);
    suite_add_tcase(suite, effects);

    tcase_add_checked_fixture(words, setup, teardown);
    tcase_add_loop_test(words, faults_are_made_of_words_and_printed_as_words, 0,
                        (int)(sizeof sentences / sizeof sentences[0]));
    tcase_add_test(words, a_list_is_full_at_32_and_words_are_not_endless);
    tcase_add_loop_test(words, what_is_not_there_cannot_go_wrong, 0,
                        (int)(sizeof missing / sizeof missing[0]));
    suite_add_tcase(suite, words);
    return suite;
}
