/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of configuration writes: every access of 1, 2 and 4 bytes to every combination of
 * read-only, writable, write-1-to-clear and reserved bytes; and what software can write in
 * capabilities. Values are from the specifications.
 */
#include "sim/pci/bus/pci_config.h"
#include "sim/util/random.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_dump_function *source;
static struct sim_pci_masks masks;
static struct sim_pci_config config;

static void setup(void)
{
    pci_case_init(&pci);
    source = pci_case_add(&pci, AT(0, 0, 0));
}

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* What a bit does. */
enum bit {
    READ_ONLY,
    WRITABLE,
    CLEARED_BY_ONE,
    RESERVED, /* reads 0 */
};

static const struct {
    unsigned int offset, width;
} accesses[] = {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {0, 2}, {1, 2}, {2, 2}, {0, 4}};

/* What a bit becomes, one bit at a time. */
static unsigned int expected_bit(enum bit kind, unsigned int old, unsigned int written)
{
    switch (kind) {
    case WRITABLE:
        return written;
    case CLEARED_BY_ONE:
        return written == 1 ? 0 : old;
    case READ_ONLY:
        return old;
    default:
        return 0;
    }
}

/* Bytes 40h to 43h as bits of these kinds, with these values. */
static void make_bits(const enum bit kinds[32], uint32_t old)
{
    memset(&masks, 0, sizeof masks);
    for (unsigned int i = 0; i < 32; i++) {
        masks.rw[0x40 + i / 8] |= (uint8_t)((kinds[i] == WRITABLE) << i % 8);
        masks.rw1c[0x40 + i / 8] |= (uint8_t)((kinds[i] == CLEARED_BY_ONE) << i % 8);
        old &= ~((uint32_t)(kinds[i] == RESERVED) << i);
    }
    for (unsigned int i = 0; i < 4; i++) {
        config.value[0x40 + i] = (uint8_t)(old >> 8 * i);
    }
}

/* The low bits that a width has. */
static uint32_t width_mask(unsigned int width)
{
    return UINT32_MAX >> (32 - 8 * width);
}

/* Whether reads of every width and place give these 32 bits, and the bytes around are as before. */
static bool reads_are(uint32_t bits)
{
    bool right = config.value[0x3F] == 0x3F && config.value[0x44] == 0x44;

    for (unsigned int read = 0; read < sizeof accesses / sizeof accesses[0]; read++) {
        uint32_t value =
            sim_pci_config_read(&config, 0x40 + accesses[read].offset, accesses[read].width);

        right = right &&
                value == (bits >> 8 * accesses[read].offset & width_mask(accesses[read].width));
    }
    return right;
}

/* Make an access and compare all 32 bits with the model. */
static void check_access(const enum bit kinds[32], uint32_t old, unsigned int access,
                         uint32_t value)
{
    unsigned int first = 8 * accesses[access].offset;
    unsigned int bits = 8 * accesses[access].width;
    uint32_t expected = 0;

    make_bits(kinds, old);
    old = sim_pci_config_read(&config, 0x40, 4);
    for (unsigned int i = 0; i < 32; i++) {
        unsigned int before = old >> i & 1;
        bool reached = i >= first && i < first + bits;

        expected |= (reached ? expected_bit(kinds[i], before, value >> (i - first) & 1) : before)
                    << i;
    }
    sim_pci_config_write(&config, 0x40 + accesses[access].offset, accesses[access].width, value);
    if (!reads_are(expected)) { /* asserted only then: there are hundreds of thousands */
        ck_abort_msg("access %u of %08x to %08x: not %08x", access, value, old, expected);
    }
}

static void make_config(void)
{
    source->bytes[0x3F] = 0x3F;
    source->bytes[0x44] = 0x44;
    sim_pci_config_init(&config, &masks, source);
}

static const uint32_t patterns[] = {0x00000000, 0xFFFFFFFF, 0xA5A5A5A5, 0x5A5A5A5A};

static void check_patterns(const enum bit kinds[32], unsigned int access)
{
    for (unsigned int old = 0; old < 4; old++) {
        for (unsigned int value = 0; value < 4; value++) {
            check_access(kinds, patterns[old], access, patterns[value]);
        }
    }
}

/* _i: the kinds of the four bytes, 2 bits each. */
START_TEST(every_access_to_every_combination_of_bytes_does_what_its_bits_do)
{
    enum bit kinds[32];

    make_config();
    for (unsigned int i = 0; i < 32; i++) {
        kinds[i] = (enum bit)((unsigned int)_i >> 2 * (i / 8) & 3);
    }
    for (unsigned int access = 0; access < sizeof accesses / sizeof accesses[0]; access++) {
        check_patterns(kinds, access);
    }
}
END_TEST

START_TEST(bits_of_all_kinds_in_one_byte_do_not_touch_each_other)
{
    uint64_t random = 7;
    enum bit kinds[32];

    make_config();
    for (unsigned int round = 0; round < 4000; round++) {
        for (unsigned int i = 0; i < 32; i++) {
            kinds[i] = (enum bit)(sim_random_next(&random) & 3);
        }
        for (unsigned int access = 0; access < sizeof accesses / sizeof accesses[0]; access++) {
            check_access(kinds, (uint32_t)sim_random_next(&random), access,
                         (uint32_t)sim_random_next(&random));
        }
    }
}
END_TEST

START_TEST(the_last_bytes_can_be_written_and_nothing_after_them)
{
    make_config();
    memset(masks.rw, 0xFF, sizeof masks.rw);
    sim_pci_config_write(&config, 0xFC, 4, 0x44332211);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xFC, 4), 0x44332211);
    sim_pci_config_write(&config, 0x100, 4, 0);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x100, 4), 0xFFFFFFFF);
    pci_case_know(source, 4096);
    sim_pci_config_init(&config, &masks, source);
    memset(masks.rw, 0xFF, sizeof masks.rw);
    sim_pci_config_write(&config, 0xFFC, 4, 0x44332211);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xFFC, 4), 0x44332211);
}
END_TEST

/*
 * A capability at 50h or 200h with the doubleword @p first after its header; and a register of it
 * that holds @p before and reads @p after when all ones have been written.
 */
static const struct {
    uint16_t id;
    bool extended;
    uint32_t first; /* of the capability: bits 31:16 of the header, or the doubleword at 4 */
    unsigned int offset;
    uint32_t before, after;
} registers[] = {
    /* Power Management: PowerState, PME_En, Data_Select; PME_Status is cleared. [PCI PM 1.2] 3.2.4 */
    {0x01, false, 0, 0x04, 0x0000E00C, 0x00007F0F},
    /* Vital Product Data: address, flag and data. [PCI 3.0] appendix I */
    {0x03, false, 0, 0x00, 0x00000003, 0xFFFF0003},
    {0x03, false, 0, 0x04, 0x00000000, 0xFFFFFFFF},
    /* IDs are read-only, of whatever capability. */
    {0x10, false, 0x0002, 0x00, 0x00020010, 0x00020010},
    /* PCI Express, version 2, an endpoint: Device Control without Initiate FLR. [PCIe 6] 7.5.3.4 */
    {0x10, false, 0x0002, 0x04, 0x10008FC2, 0x10008FC2},
    {0x10, false, 0x0002, 0x08, 0x007F0000, 0x00307FFF},
    {0x10, false, 0x0002, 0x0C, 0x00477D03, 0x00477D03},
    /* Link Control without Retrain Link; of Link Status bits 15:14 are cleared. 7.5.3.7, 7.5.3.8 */
    {0x10, false, 0x0002, 0x10, 0xF0130000, 0x3013FFDF},
    /* No slot, no root. */
    {0x10, false, 0x0002, 0x18, 0x00000000, 0x00000000},
    {0x10, false, 0x0002, 0x1C, 0x00000000, 0x00000000},
    {0x10, false, 0x0002, 0x28, 0x00000000, 0x0000FFFF},
    {0x10, false, 0x0002, 0x30, 0x001E0000, 0x001EFFBF},
    /* Version 1 has nothing from 24h on. */
    {0x10, false, 0x0001, 0x28, 0x00000000, 0x00000000},
    {0x10, false, 0x0001, 0x30, 0x00000000, 0x00000000},
    /* A root port with a slot; Slot Status bits 0-4 and 8 are cleared. 7.5.3.10 to 7.5.3.14 */
    {0x10, false, 0x0142, 0x18, 0x01FF0000, 0x00E07FFF},
    {0x10, false, 0x0142, 0x1C, 0x00010000, 0x0001003F},
    {0x10, false, 0x0142, 0x20, 0x00030000, 0x00020000},
    {0x10, false, 0x0042, 0x18, 0x00000000, 0x00000000}, /* no slot */
    {0x10, false, 0x0162, 0x18, 0x00000000, 0x00007FFF}, /* a downstream port has no root */
    {0x10, false, 0x0162, 0x1C, 0x00000000, 0x00000000},
    {0x10, false, 0x0092, 0x10, 0x00000000, 0x00000000}, /* an integrated endpoint has no link */
    {0x10, false, 0x0092, 0x30, 0x00000000, 0x00000000},
    {0x10, false, 0x0072, 0x08, 0x00000000, 0x0000FFFF}, /* bit 15 of a bridge to PCI stays */
    /* Subsystem IDs, a serial number: read-only. */
    {0x0D, false, 0, 0x04, 0x12345678, 0x12345678},
    {0x0003, true, 0x12345678, 0x08, 0x9ABCDEF0, 0x9ABCDEF0},
    /* Advanced Error Reporting. 7.8.4.2 to 7.8.4.6 */
    {0x0001, true, 0, 0x04, 0xFFFFFFFF, 0x00000FCF},
    {0x0001, true, 0, 0x08, 0x00000000, 0xFFFFF030},
    {0x0001, true, 0, 0x10, 0x0000F1C1, 0x00000000},
    {0x0001, true, 0, 0x14, 0x00002000, 0x0000F1C1},
    {0x0001, true, 0, 0x18, 0x000000A0, 0x000005E0},
    {0x0001, true, 0, 0x1C, 0x04000001, 0x04000001},
    {0x0001, true, 0, 0x2C, 0x00000000, 0x00000000}, /* not a root port */
    /* Virtual channels: the second one only if it is there. 7.9.1.2, 7.9.1.8 */
    {0x0002, true, 0, 0x14, 0x80000001, 0x800E00FF},
    {0x0002, true, 0, 0x20, 0x00000000, 0x00000000},
    {0x0002, true, 1, 0x20, 0x00000000, 0x870E00FE},
    {0x0009, true, 1, 0x20, 0x00000000, 0x870E00FE},
    /* ACS Control. 7.7.11.3 */
    {0x000D, true, 0, 0x04, 0x0000001F, 0x1FFF001F},
    /* SR-IOV: NumVFs, and the base address of virtual functions. 9.3.3 */
    {0x0010, true, 0, 0x10, 0x00000000, 0x0000FFFF},
    {0x0010, true, 0, 0x24, 0xFE000004, 0xFFFFF004},
    {0x0010, true, 0, 0x24, 0xFE000002, 0xFE000002},
    /* Latency Tolerance Reporting: values and scales. 7.8.2 */
    {0x0018, true, 0, 0x04, 0, 0x1FFF1FFF},
    /* No such capability. */
    {0x00FE, false, 0, 0x04, 0x12345678, 0x12345678},
    {0xFFF0, true, 0, 0x04, 0x12345678, 0x12345678},
};

/* Make the capability and return the offset of it. */
static unsigned int make_capability(uint16_t id, bool extended, uint32_t first)
{
    unsigned int at = extended ? 0x200 : 0x50;

    pci_case_know(source, extended ? 4096 : 256);
    put(0x06, 2, 0x0010);
    put(0x34, 1, 0x50);
    put(0x100, 4, extended ? 0x20010000 : 0); /* an entry of ID 0 leads to it */
    if (extended) {
        put(at, 4, 0x00010000 | id);
        put(at + 4, 4, first);
    } else {
        put(at, 4, first << 16 | id);
    }
    return at;
}

START_TEST(ones_written_stay_in_the_writable_bits_of_capabilities)
{
    unsigned int at =
        make_capability(registers[_i].id, registers[_i].extended, registers[_i].first);
    unsigned int offset = at + registers[_i].offset;

    if (registers[_i].offset != 0) {
        put(offset, 4, registers[_i].before);
    }
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_read(&config, offset, 4), registers[_i].before);
    sim_pci_config_write(&config, offset, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(sim_pci_config_read(&config, offset, 4), registers[_i].after);
}
END_TEST

START_TEST(a_capability_ends_where_the_next_one_begins)
{
    unsigned int at = make_capability(0x01, false, 0);

    put(at + 1, 1, 0x54);
    put(0x54, 4, 0x00000003); /* VPD where the control register would be */
    sim_pci_config_init(&config, &masks, source);
    sim_pci_config_write(&config, 0x54, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x54, 4), 0xFFFF0003);
}
END_TEST

START_TEST(lists_that_loop_or_lead_astray_end)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];
    struct sim_pci_extent found;

    pci_case_know(source, 4096);
    put(0x06, 2, 0x0010);
    put(0x34, 1, 0x43); /* low bits are reserved */
    put(0x40, 2, 0x8009);
    put(0x80, 2, 0x4001); /* back */
    put(0x100, 4, 0xFF810001);
    put(0xFF8, 4, 0x10010003);
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN, list), 2);
    ck_assert_uint_eq(list[0].offset, 0x40);
    ck_assert_uint_eq(list[0].end, 0x80);
    ck_assert_uint_eq(list[1].id, 0x01);
    ck_assert_uint_eq(list[1].end, 0x100);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN_EXTENDED, list), 2);
    ck_assert_uint_eq(list[0].end, 0xFF8);
    ck_assert_uint_eq(list[1].end, 0x1000);
    ck_assert(sim_pci_config_find(&config, SIM_PCI_CHAIN_EXTENDED, 0x0003, &found));
    ck_assert_uint_eq(found.offset, 0xFF8);
    ck_assert(!sim_pci_config_find(&config, SIM_PCI_CHAIN, 0x03, &found));
    put(0x80, 2, 0x3C01); /* into the header */
    put(0x100, 4, 0x0FC10001);
    put(0x0FC, 4, 0x00010003);
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN, list), 2);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN_EXTENDED, list), 1);
    put(0x06, 2, 0x0000); /* no list */
    put(0x100, 4, 0);
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN, list), 0);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN_EXTENDED, list), 0);
    put(0x100, 4, 0xFFFFFFFF);
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN_EXTENDED, list), 0);
}
END_TEST

START_TEST(a_list_of_as_many_entries_as_fit_is_walked)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];

    pci_case_know(source, 4096);
    for (unsigned int at = 0x100; at < 0x1000; at += 4) {
        put(at, 4, (at + 4) << 20 | 0x10001);
    }
    sim_pci_config_init(&config, &masks, source);
    ck_assert_uint_eq(sim_pci_config_list(&config, SIM_PCI_CHAIN_EXTENDED, list), 960);
    ck_assert_uint_eq(list[959].offset, 0xFFC);
    for (unsigned int at = 0x100; at < 0x1000; at += 4) {
        ck_assert_uint_eq(masks.rw[at] | masks.rw[at + 1] | masks.rw1c[at], 0);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_write");
    TCase *bits = tcase_create("bits");
    TCase *capabilities = tcase_create("capabilities");

    tcase_add_checked_fixture(bits, setup, NULL);
    tcase_add_loop_test(bits, every_access_to_every_combination_of_bytes_does_what_its_bits_do, 0,
                        256);
    tcase_add_test(bits, bits_of_all_kinds_in_one_byte_do_not_touch_each_other);
    tcase_add_test(bits, the_last_bytes_can_be_written_and_nothing_after_them);
    suite_add_tcase(suite, bits);

    tcase_add_checked_fixture(capabilities, setup, NULL);
    tcase_add_loop_test(capabilities, ones_written_stay_in_the_writable_bits_of_capabilities, 0,
                        (int)(sizeof registers / sizeof registers[0]));
    tcase_add_test(capabilities, a_capability_ends_where_the_next_one_begins);
    tcase_add_test(capabilities, lists_that_loop_or_lead_astray_end);
    tcase_add_test(capabilities, a_list_of_as_many_entries_as_fit_is_walked);
    suite_add_tcase(suite, capabilities);
    return suite;
}
