/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of the MSI and MSI-X capabilities: what software can write, and what becomes of a
 * request. [PCI 3.0] 6.8.1, 6.8.2.
 */
#include "sim/pci/bus/pci_msi.h"
#include "tests/unit/pci_case.h"

#define MSI  0x50u
#define MSIX 0x70u

static struct pci_case pci;
static struct sim_dump_function *source;
static struct sim_pci_function function;
static struct sim_pci_masks register_masks;
static struct sim_pci_memory *memory;

/* What was sent. */
static struct sim_apic_message sent[64];
static unsigned int count;

static bool deliver(void *sink, const struct sim_apic_message *message)
{
    (void)sink;
    ck_assert_uint_lt(count, 64);
    sent[count++] = *message;
    return true;
}

static const struct sim_apic_port port = {deliver, NULL};
static struct sim_pci_messages messages = {NULL, {deliver, NULL}};

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* A function with a list of one capability. */
static void setup(void)
{
    memory = sim_pci_memory_new();
    ck_assert_ptr_nonnull(memory);
    messages.memory = memory;
    count = 0;
    pci_case_init(&pci);
    source = pci_case_add(&pci, AT(0, 3, 0));
    pci_case_know(source, 256);
    put(0x04, 2, 0x0004); /* Bus Master. 6.2.2 */
    put(0x06, 2, 0x0010); /* Capabilities List. 6.2.3 */
    put(0x34, 1, MSI);
    put(MSI, 1, 0x05);
}

static void teardown(void)
{
    sim_pci_memory_free(memory);
}

static void load(void)
{
    memset(&function, 0, sizeof function);
    function.address = AT(0, 3, 0);
    sim_pci_config_init(&function.config, &register_masks, source);
}

/* Message Control and the capability's first byte, then load. */
static void set_up(uint16_t control)
{
    put(MSI + 2, 2, control);
    load();
}

static uint32_t get(unsigned int offset, unsigned int width)
{
    return sim_pci_config_read(&function.config, offset, width);
}

static void set(unsigned int offset, unsigned int width, uint32_t value)
{
    sim_pci_config_write(&function.config, offset, width, value);
}

/* What every register reads after all ones were written to a capability of zeros. 6.8.1 */
static const struct {
    uint16_t control;  /* as it is */
    uint32_t reads[6]; /* from the capability's first byte on */
} masks[] = {
    /* 32-bit address, 1 message: enable and multiple message enable; data at 08h */
    {0x0000, {0x00710005, 0xFFFFFFFC, 0x0000FFFF, 0, 0, 0}},
    /* 64-bit address, 8 capable: data at 0Ch */
    {0x0086, {0x00F70005, 0xFFFFFFFC, 0xFFFFFFFF, 0x0000FFFF, 0, 0}},
    /* 32-bit address, 4 messages with masks at 0Ch; pending at 10h is read-only */
    {0x0104, {0x01750005, 0xFFFFFFFC, 0x0000FFFF, 0x0000000F, 0, 0}},
    /* 64-bit address, 32 messages with masks at 10h */
    {0x018A, {0x01FB0005, 0xFFFFFFFC, 0xFFFFFFFF, 0x0000FFFF, 0xFFFFFFFF, 0}},
    /* reserved 7 in multiple message capable counts as 32 */
    {0x018E, {0x01FF0005, 0xFFFFFFFC, 0xFFFFFFFF, 0x0000FFFF, 0xFFFFFFFF, 0}},
};

START_TEST(software_writes_enable_address_data_and_mask)
{
    set_up(masks[_i].control);
    for (unsigned int i = 0; i < 6; i++) {
        set(MSI + 4 * i, 4, 0xFFFFFFFF);
    }
    for (unsigned int i = 0; i < 6; i++) {
        ck_assert_uint_eq(get(MSI + 4 * i, 4), masks[_i].reads[i]);
    }
}
END_TEST

START_TEST(only_the_list_leads_to_a_capability)
{
    put(0x06, 2, 0);
    set_up(0x0000);
    set(MSI + 2, 2, 1);
    ck_assert_uint_eq(get(MSI + 2, 2), 0);
    put(0x06, 2, 0x0010);
    put(0x34, 1, 0x63);
    put(0x60, 2, 0x5301); /* the pointer's low bits are reserved. 6.7 */
    load();
    set(MSI + 2, 2, 1);
    ck_assert_uint_eq(get(MSI + 2, 2), 1);
    put(0x0E, 1, 2); /* a CardBus bridge has its pointer at 14h */
    put(0x14, 1, MSI);
    put(0x34, 1, 0);
    load();
    set(MSI + 2, 2, 1);
    ck_assert_uint_eq(get(MSI + 2, 2), 1);
}
END_TEST

START_TEST(a_list_that_loops_or_leads_into_the_header_ends)
{
    put(MSI, 2, 0x5009);
    load();
    set(MSI + 2, 2, 1);
    ck_assert_uint_eq(get(MSI + 2, 2), 0);
    put(0x34, 1, 0x3C);
    put(0x3C, 1, 5);
    load();
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
}
END_TEST

START_TEST(a_capability_beyond_the_first_256_bytes_sends_nothing)
{
    pci_case_know(source, 4096);
    put(0x34, 1, 0xF4);
    put(0xF4, 4, 0x00810005); /* 64-bit: needs bytes up to 101h */
    put(0xF8, 4, 0xFEE00000);
    load();
    set(0xF4, 4, 0);
    ck_assert_uint_eq(get(0xF4, 4), 0x00810005);
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
    put(0xF4, 4, 0x00010005); /* 32-bit: up to FDh */
    put(0xFC, 2, 0x0040);
    load();
    ck_assert(sim_pci_raise_msi(&function, 0, &port));
    ck_assert_uint_eq(sent[0].vector, 0x40);
    put(0xF4, 4, 0x01010005); /* with masks: up to 107h */
    load();
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
}
END_TEST

START_TEST(a_request_becomes_a_write_of_data_to_the_address)
{
    set_up(0x0080);
    set(MSI + 4, 4, 0xFEE0500C);
    set(MSI + 12, 2, 0x4131);
    set(MSI + 2, 2, 1);
    ck_assert(sim_pci_raise_msi(&function, 0, &port));
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(sent[0].destination, 5);
    ck_assert_int_eq(sent[0].mode, SIM_APIC_LOGICAL);
    ck_assert_uint_eq(sent[0].delivery, 1);
    ck_assert_uint_eq(sent[0].vector, 0x31);
    set(MSI + 8, 4, 1); /* above 4 GiB: no interrupt */
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(data_of_a_32_bit_function_is_at_08)
{
    set_up(0x0000);
    set(MSI + 4, 4, 0xFEE00000);
    set(MSI + 8, 2, 0x0041);
    set(MSI + 2, 2, 1);
    ck_assert(sim_pci_raise_msi(&function, 0, &port));
    ck_assert_uint_eq(sent[0].vector, 0x41);
}
END_TEST

START_TEST(nothing_is_sent_unless_msi_and_bus_master_are_enabled)
{
    set_up(0x0000);
    set(MSI + 4, 4, 0xFEE00000);
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
    set(MSI + 2, 2, 1);
    set(0x04, 2, 0x0003);
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
    set(0x04, 2, 0x0004);
    function.gone = true;
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
    function.gone = false;
    ck_assert_uint_eq(count, 0);
    ck_assert(sim_pci_raise_msi(&function, 0, &port));
    put(MSI, 1, 0x09);
    load();
    ck_assert(!sim_pci_raise_msi(&function, 0, &port));
}
END_TEST

/* 6.8.1.3: bits 6:4 of Message Control; the low bits of the data are the function's. */
START_TEST(several_messages_differ_in_the_low_bits_of_the_data)
{
    set_up(0x0084); /* 4 capable */
    set(MSI + 4, 4, 0xFEE00000);
    set(MSI + 12, 2, 0x0047);
    set(MSI + 2, 2, 0x0011); /* 2 enabled */
    ck_assert(sim_pci_raise_msi(&function, 0, &port));
    ck_assert(sim_pci_raise_msi(&function, 1, &port));
    ck_assert(!sim_pci_raise_msi(&function, 2, &port));
    ck_assert_uint_eq(sent[0].vector, 0x46);
    ck_assert_uint_eq(sent[1].vector, 0x47);
    set(MSI + 2, 2, 0x0051); /* 32 enabled of 4 */
    ck_assert(sim_pci_raise_msi(&function, 3, &port));
    ck_assert(!sim_pci_raise_msi(&function, 4, &port));
    ck_assert_uint_eq(sent[2].vector, 0x47);
    ck_assert(!sim_pci_raise_msi(&function, UINT32_MAX, &port));
}
END_TEST

START_TEST(a_masked_message_waits_until_it_is_unmasked)
{
    set_up(0x0184);
    set(MSI + 4, 4, 0xFEE00000);
    set(MSI + 12, 2, 0x0040);
    set(MSI + 2, 2, 0x0021);
    set(MSI + 16, 4, 0x6);
    ck_assert(!sim_pci_raise_msi(&function, 1, &port));
    ck_assert(!sim_pci_raise_msi(&function, 2, &port));
    ck_assert(sim_pci_raise_msi(&function, 3, &port));
    ck_assert_uint_eq(get(MSI + 20, 4), 0x6);
    set(MSI + 20, 4, 0); /* read-only */
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(get(MSI + 20, 4), 0x6);
    ck_assert_uint_eq(count, 1);
    set(MSI + 16, 4, 0x2);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(get(MSI + 20, 4), 0x2);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(sent[1].vector, 0x42);
    set(0x04, 2, 0);
    set(MSI + 16, 4, 0);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(count, 2);
    set(0x04, 2, 4);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(count, 3);
    ck_assert_uint_eq(sent[2].vector, 0x41);
}
END_TEST

/* MSI-X after the MSI capability: 4 entries at offset 1000h of BAR 2, pending bits at 1800h. */
static void set_up_msix(uint16_t control)
{
    put(MSI + 1, 1, MSIX);
    put(MSIX, 4, 0x00030011);
    put(MSIX + 4, 4, 0x1002);
    put(MSIX + 8, 4, 0x1802);
    put(0x18, 4, 0x4000);
    load();
    set(MSIX + 2, 2, control);
}

/* A byte behind BAR 2. */
static struct sim_pci_place at(uint64_t offset)
{
    return (struct sim_pci_place){AT(0, 3, 0), 2, offset};
}

static void put_entry(unsigned int index, uint32_t data, uint32_t control)
{
    const uint32_t entry[] = {0xFEE00000, 0, data, control};

    for (unsigned int i = 0; i < 4; i++) {
        uint64_t offset = 16 * index + 4 * i;

        ck_assert(sim_pci_msix_write(memory, at(0x1000 + offset), offset, entry[i]));
    }
}

static uint32_t pending_bits(void)
{
    return sim_pci_memory_read(memory, at(0x1800), 1);
}

START_TEST(software_writes_enable_and_mask_of_msix)
{
    set_up_msix(0xFFFF);
    ck_assert_uint_eq(get(MSIX, 4), 0xC0030011);
    set(MSIX + 4, 4, 0xFFFFFFFF);
    set(MSIX + 8, 4, 0xFFFFFFFF);
    ck_assert_uint_eq(get(MSIX + 4, 4), 0x1002);
    ck_assert_uint_eq(get(MSIX + 8, 4), 0x1802);
}
END_TEST

START_TEST(a_table_behind_a_base_address_says_what_is_sent)
{
    set_up_msix(0x8000);
    put_entry(3, 0x63, 0);
    put_entry(2, 0x62, 1);
    ck_assert(sim_pci_raise_message(&function, 3, &messages));
    ck_assert_uint_eq(sent[0].vector, 0x63);
    ck_assert(!sim_pci_raise_message(&function, 2, &messages));
    ck_assert_uint_eq(pending_bits(), 0x04);
    ck_assert(!sim_pci_raise_message(&function, 4, &messages));
    put_entry(2, 0x62, 0);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(pending_bits(), 0);
    ck_assert_uint_eq(sent[1].vector, 0x62);
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(the_function_mask_holds_all_messages_of_msix)
{
    set_up_msix(0xC000);
    put_entry(0, 0x60, 0);
    put_entry(1, 0x61, 0);
    ck_assert(!sim_pci_raise_message(&function, 0, &messages));
    ck_assert(!sim_pci_raise_message(&function, 1, &messages));
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(pending_bits(), 0x03);
    set(MSIX + 2, 2, 0x8000);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(sent[0].vector, 0x60);
    ck_assert_uint_eq(sent[1].vector, 0x61);
    ck_assert_uint_eq(pending_bits(), 0);
}
END_TEST

START_TEST(msi_is_used_while_msix_is_disabled)
{
    set_up_msix(0x0000);
    set(MSI + 4, 4, 0xFEE00000);
    set(MSI + 8, 2, 0x0041);
    set(MSI + 2, 2, 1);
    put_entry(0, 0x60, 0);
    ck_assert(sim_pci_raise_message(&function, 0, &messages));
    ck_assert_uint_eq(sent[0].vector, 0x41);
    set(MSIX + 2, 2, 0x8000);
    ck_assert(sim_pci_raise_message(&function, 0, &messages));
    ck_assert_uint_eq(sent[1].vector, 0x60);
    set(0x04, 2, 0);
    ck_assert(!sim_pci_raise_message(&function, 0, &messages));
}
END_TEST

START_TEST(a_message_is_masked_until_it_is_unmasked)
{
    set_up_msix(0x8000);
    ck_assert_uint_eq(sim_pci_msix_read(memory, at(0x100C), 0x0C), 1); /* 6.8.2.9 */
    ck_assert(!sim_pci_raise_message(&function, 0, &messages));
    ck_assert_uint_eq(pending_bits(), 0x01);
    put_entry(0, 0x60, 0xFFFFFFFE);
    ck_assert_uint_eq(sim_pci_msix_read(memory, at(0x100C), 0x0C), 0);
    ck_assert_uint_eq(sim_pci_msix_read(memory, at(0x1008), 0x08), 0x60);
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(sent[0].vector, 0x60);
}
END_TEST

/* Tables nobody can program. */
static const struct {
    uint32_t bar2, table;
} elsewhere[] = {
    {0x00004000, 0x4002},                           /* beyond the base address's range */
    {0x00004001, 0x1002},                           /* I/O */
    {0x00004000, 0x1006},                           /* reserved numbers. 6.8.2.4 */
    {0x00004000, 0x1007},     {0x00004000, 0x1001}, /* not implemented */
    {0x00004000, 0xFFFFFFFA},
};

START_TEST(a_table_that_is_nowhere_sends_nothing)
{
    put(0x18, 4, elsewhere[_i].bar2);
    source->bars[2].size = 0x4000;
    set_up_msix(0x8000);
    put_entry(0, 0x60, 0);
    put(0x18, 4, elsewhere[_i].bar2);
    put(MSIX + 4, 4, elsewhere[_i].table);
    put(MSIX + 8, 4, elsewhere[_i].table + 0x800);
    load();
    set(MSIX + 2, 2, 0x8000);
    ck_assert(!sim_pci_raise_message(&function, 0, &messages));
    sim_pci_send_pending(&function, &messages);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_table_stays_behind_its_base_address_wherever_that_is)
{
    set_up_msix(0x8000);
    put_entry(0, 0x60, 0);
    ck_assert(sim_pci_raise_message(&function, 0, &messages));
    set(0x18, 4, 0xFEB00000);
    ck_assert(sim_pci_raise_message(&function, 0, &messages));
    set(0x18, 4, 0);
    ck_assert(sim_pci_raise_message(&function, 0, &messages));
    ck_assert_uint_eq(count, 3);
}
END_TEST

/* An offset behind a base address, and what is there. 4 entries are 64 bytes, their pending bits a quadword. */
static const struct {
    uint64_t offset;
    unsigned int bar;
    enum sim_pci_msix_part part;
} parts[] = {
    {0x0FFF, 2, SIM_PCI_MSIX_NONE},  {0x1000, 2, SIM_PCI_MSIX_TABLE},
    {0x103F, 2, SIM_PCI_MSIX_TABLE}, {0x1040, 2, SIM_PCI_MSIX_NONE},
    {0x1000, 3, SIM_PCI_MSIX_NONE},  {0x1800, 2, SIM_PCI_MSIX_PENDING},
    {0x17FF, 2, SIM_PCI_MSIX_NONE},  {0x1807, 2, SIM_PCI_MSIX_PENDING},
    {0x1808, 2, SIM_PCI_MSIX_NONE},  {0x1800, 1, SIM_PCI_MSIX_NONE},
};

START_TEST(the_table_has_16_bytes_a_message_and_the_bits_come_in_quadwords)
{
    set_up_msix(0x8000);
    ck_assert_int_eq(sim_pci_msix_find(&function.config, parts[_i].bar, parts[_i].offset).part,
                     parts[_i].part);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("sim_pci_msi");
    TCase *registers = tcase_create("registers");
    TCase *msi = tcase_create("MSI");
    TCase *msix = tcase_create("MSI-X");

    tcase_add_checked_fixture(registers, setup, teardown);
    tcase_add_loop_test(registers, software_writes_enable_address_data_and_mask, 0,
                        (int)(sizeof masks / sizeof masks[0]));
    tcase_add_test(registers, only_the_list_leads_to_a_capability);
    tcase_add_test(registers, a_list_that_loops_or_leads_into_the_header_ends);
    tcase_add_test(registers, a_capability_beyond_the_first_256_bytes_sends_nothing);
    tcase_add_test(registers, software_writes_enable_and_mask_of_msix);
    suite_add_tcase(suite, registers);

    tcase_add_checked_fixture(msi, setup, teardown);
    tcase_add_test(msi, a_request_becomes_a_write_of_data_to_the_address);
    tcase_add_test(msi, data_of_a_32_bit_function_is_at_08);
    tcase_add_test(msi, nothing_is_sent_unless_msi_and_bus_master_are_enabled);
    tcase_add_test(msi, several_messages_differ_in_the_low_bits_of_the_data);
    tcase_add_test(msi, a_masked_message_waits_until_it_is_unmasked);
    suite_add_tcase(suite, msi);

    tcase_add_checked_fixture(msix, setup, teardown);
    tcase_add_test(msix, a_table_behind_a_base_address_says_what_is_sent);
    tcase_add_test(msix, the_function_mask_holds_all_messages_of_msix);
    tcase_add_test(msix, msi_is_used_while_msix_is_disabled);
    tcase_add_test(msix, a_message_is_masked_until_it_is_unmasked);
    tcase_add_loop_test(msix, a_table_that_is_nowhere_sends_nothing, 0,
                        (int)(sizeof elsewhere / sizeof elsewhere[0]));
    tcase_add_test(msix, a_table_stays_behind_its_base_address_wherever_that_is);
    tcase_add_loop_test(msix, the_table_has_16_bytes_a_message_and_the_bits_come_in_quadwords, 0,
                        (int)(sizeof parts / sizeof parts[0]));
    suite_add_tcase(suite, msix);
    return suite;
}
