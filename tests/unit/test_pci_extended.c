/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of the smaller capabilities of the extended list: hal/src/pci/pci_extended.c, pci_vc.c,
 * pci_tph.c, pci_multicast.c, pci_root_complex.c, pci_vendor_specific.c, pci_power_budget.c,
 * pci_npem.c, pci_readiness.c, pci_ide.c and pci_cxl.c. Sections are of [PCIe 6].
 */
#include "drydock/pci_cap.h"
#include "drydock/pci_extended.h"

#include "drydock/pci_cxl.h"
#include "drydock/pci_ide.h"
#include "drydock/pci_npem.h"
#include "drydock/pci_power_budget.h"
#include "drydock/pci_root_complex.h"
#include "drydock/pci_tph.h"
#include "drydock/pci_vc.h"
#include "drydock/pci_vendor_specific.h"
#include "tests/unit/extended_case.h"

static void setup(void)
{
    begin(0x00010001);
}

/* ---- Finding one: 7.6.3 ---- */

/* PCI Express in the first list; a DVSEC, ARI and another DVSEC in the extended one. */
static void make_list(void)
{
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
    fake_put32(function, 0x40, 0x00020010);
    fake_put32(function, 0x100, 0x20010023);
    fake_put32(function, 0x104, 0x01418086);
    fake_put32(function, 0x108, 0x00000003);
    fake_put32(function, 0x200, 0x3001000E);
    fake_put32(function, 0x300, 0x00010023);
    fake_put32(function, 0x304, 0x02801E98);
    fake_put32(function, 0x308, 0x00000003);
}

START_TEST(a_capability_is_found_by_its_id)
{
    uint16_t offset = 0x1234;

    make_list();
    ck_assert_int_eq(dd_pci_find_extended_capability(&fake.access, address, 0x000E, &offset),
                     DD_OK);
    ck_assert_uint_eq(offset, 0x200);
    ck_assert_int_eq(dd_pci_find_extended_capability(&fake.access, address, 0x0023, &offset),
                     DD_OK);
    ck_assert_uint_eq(offset, 0x100);
    ck_assert_int_eq(dd_pci_find_extended_capability(&fake.access, address, 0x0001, &offset),
                     DD_ENOENT);
    fake_put32(function, 0x300, 0x10010023);
    ck_assert_int_eq(dd_pci_find_extended_capability(&fake.access, address, 0x0001, &offset),
                     DD_ELOOP);
    ck_assert_uint_eq(offset, 0x100);
}
END_TEST

START_TEST(a_dvsec_is_found_by_vendor_and_id)
{
    uint16_t offset = 0x1234;

    make_list();
    ck_assert_int_eq(dd_pci_find_dvsec(&fake.access, address, 0x1E98, 3, &offset), DD_OK);
    ck_assert_uint_eq(offset, 0x300);
    ck_assert_int_eq(dd_pci_find_dvsec(&fake.access, address, 0x8086, 3, &offset), DD_OK);
    ck_assert_uint_eq(offset, 0x100);
    ck_assert_int_eq(dd_pci_find_dvsec(&fake.access, address, 0x8086, 4, &offset), DD_ENOENT);
    ck_assert_int_eq(dd_pci_find_dvsec(&fake.access, address, 0x1E99, 3, &offset), DD_ENOENT);
    ck_assert_uint_eq(offset, 0x100);
}
END_TEST

START_TEST(small_capabilities_are_decoded)
{
    uint64_t serial;
    struct dd_pci_ari ari;
    struct dd_pci_vsec vsec;
    struct dd_pci_dvsec dvsec;

    put(0x04, 0xFFA1B2C3);
    put(0x08, 0x0017A4FF);
    ck_assert_int_eq(dd_pci_dsn_read(&fake.access, address, AT, &serial), DD_OK);
    ck_assert_uint_eq(serial, 0x0017A4FFFFA1B2C3);
    ck_assert_int_eq(dd_pci_ari_read(&fake.access, address, AT, &ari), DD_OK);
    ck_assert_uint_eq(ari.capability, 0xB2C3);
    ck_assert_uint_eq(ari.control, 0xFFA1);
    ck_assert_int_eq(dd_pci_vsec_read(&fake.access, address, AT, &vsec), DD_OK);
    ck_assert_uint_eq(vsec.header, 0xFFA1B2C3);
    ck_assert_int_eq(dd_pci_dvsec_read(&fake.access, address, AT, &dvsec), DD_OK);
    ck_assert_uint_eq(dvsec.header_1, 0xFFA1B2C3);
    ck_assert_uint_eq(dvsec.header_2, 0xA4FF);
}
END_TEST

/* ---- Virtual Channel: 7.9.1 ---- */

/* Two channels; entries of 4 bits; tables at 0x80 between channels, 0xA0 of channel 1. */
static void make_vc(void)
{
    put(0x04, 0x00000811);
    put(0x08, 0x08000002);
    put(0x0C, 0x00010002);
    put(0x10, 0x00000001);
    put(0x14, 0x80000001);
    put(0x1C, 0x0A008010);
    put(0x20, 0x01080080);
    allow(0x20, 0x870E00FE);
    put(0x80, 0x76543210);
    put(0xBC, 0xA0000000);
}

START_TEST(channels_and_their_tables_are_decoded)
{
    struct dd_pci_vc vc;
    struct dd_pci_vc_table table;
    uint8_t entry;

    make_vc();
    ck_assert_int_eq(dd_pci_vc_read(&fake.access, address, AT, &vc), DD_OK);
    ck_assert_uint_eq(fake.access_count, 10);
    ck_assert_uint_eq(vc.count, 2);
    ck_assert_uint_eq(vc.port_control, 0x0002);
    ck_assert_uint_eq(vc.port_status, 0x0001);
    ck_assert_uint_eq(vc.resources[0].control, 0x80000001);
    ck_assert_uint_eq(vc.resources[1].capability, 0x0A008010);
    ck_assert_uint_eq(vc.resources[1].control, 0x01080080);
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 0, &table), DD_ENOENT);
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 3, &table), DD_EARG);
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 2, &table), DD_OK);
    ck_assert_uint_eq(table.offset, 0x280);
    ck_assert_uint_eq(table.phases, 32);
    ck_assert_uint_eq(table.bits, 4);
    ck_assert_int_eq(dd_pci_vc_read_entry(&fake.access, address, &table, 5, &entry), DD_OK);
    ck_assert_uint_eq(entry, 5);
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 1, &table), DD_OK);
    ck_assert_uint_eq(table.offset, 0x2A0);
    ck_assert_uint_eq(table.phases, 128);
    ck_assert_int_eq(dd_pci_vc_read_entry(&fake.access, address, &table, 63, &entry), DD_OK);
    ck_assert_uint_eq(entry, 0xA);
    ck_assert_int_eq(dd_pci_vc_read_entry(&fake.access, address, &table, 128, &entry), DD_EARG);
}
END_TEST

START_TEST(tables_that_cannot_be_are_malformed)
{
    struct dd_pci_vc vc = {.offset = 0xF00, .count = 1, .port_capability_1 = 0xC00};
    struct dd_pci_vc_table table;

    vc.resources[0].capability = 0x01000000;
    vc.resources[0].control = 0x000C0000; /* reserved arbitration 6 */
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 0, &table), DD_EMALFORMED);
    vc.resources[0].control = 0x000A0000; /* 256 phases of 8 bits, from 0xF10 on */
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 0, &table), DD_EMALFORMED);
    vc.port_capability_1 = 0x800; /* of 4 bits: 0xF10 to 0xF8F */
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 0, &table), DD_OK);
    vc.port_capability_2 = 0x01000000;
    vc.port_control = 0x0008; /* reserved arbitration 4 between channels */
    ck_assert_int_eq(dd_pci_vc_find_table(&vc, 1, &table), DD_EMALFORMED);
}
END_TEST

static enum dd_status enable_vc(unsigned int channel, uint8_t id, uint8_t classes)
{
    const struct dd_pci_vc_setting setting = {AT, channel, id, classes};

    return dd_pci_vc_enable(&fake.access, address, &setting);
}

START_TEST(a_channel_is_enabled_at_this_end)
{
    make_vc();
    put(0x14, 0x800000FF);
    allow(0x14, 0x000000FE);
    ck_assert_int_eq(enable_vc(1, 1, 0x80), DD_OK);
    ck_assert_uint_eq(get(0x20), 0x81080080);
    ck_assert_uint_eq(fake_write_count(), 3); /* whose it was, what it is, and then that it is */
    ck_assert_int_eq(enable_vc(1, 1, 0x80), DD_EEXIST);
    ck_assert_int_eq(enable_vc(0, 1, 0x80), DD_EARG);
    ck_assert_int_eq(enable_vc(2, 1, 0x80), DD_EARG);
    ck_assert_int_eq(enable_vc(1, 0, 0x80), DD_EARG);
    ck_assert_int_eq(enable_vc(1, 8, 0x80), DD_EARG);
    ck_assert_int_eq(enable_vc(1, 1, 0x81), DD_EARG);
}
END_TEST

/* 7.9.1.9: VC Negotiation Pending is bit 1 of the status. */
START_TEST(a_channel_is_awaited_until_the_link_agrees)
{
    struct dd_pci_vc vc;

    make_vc();
    ck_assert_int_eq(dd_pci_vc_read(&fake.access, address, AT, &vc), DD_OK);
    ck_assert_int_eq(dd_pci_vc_await(&fake.access, address, &vc, 1, &delay), DD_OK);
    ck_assert_int_eq(dd_pci_vc_await(&fake.access, address, &vc, 2, &delay), DD_EARG);
    put(0x24, 0x00020000);
    ck_assert_int_eq(dd_pci_vc_await(&fake.access, address, &vc, 0, &delay), DD_OK);
    ck_assert_uint_eq(waited, 0);
    ck_assert_int_eq(dd_pci_vc_await(&fake.access, address, &vc, 1, &delay), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 100000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* 2.5.3: a traffic class takes one channel, so VC0 gives it up before another gets it. */
START_TEST(a_traffic_class_takes_one_channel)
{
    unsigned int write = 0;

    make_vc();
    put(0x14, 0x800000FF);
    allow(0x14, 0x000000FE);
    ck_assert_int_eq(enable_vc(1, 1, 0x06), DD_OK);
    ck_assert_uint_eq(get(0x14), 0x800000F9);
    ck_assert_uint_eq(get(0x20), 0x81080006);
    while (!fake.log[write].is_write) {
        write++;
    }
    ck_assert_uint_eq(fake.log[write].offset, AT + 0x14);
}
END_TEST

START_TEST(a_channel_that_is_disabled_gives_its_traffic_classes_back)
{
    struct dd_pci_vc vc;

    make_vc();
    put(0x14, 0x800000F9);
    allow(0x14, 0x000000FE);
    put(0x20, 0x81080006);
    allow(0x20, 0x870E00FE);
    ck_assert_int_eq(dd_pci_vc_read(&fake.access, address, AT, &vc), DD_OK);
    fake_forget();
    ck_assert_int_eq(dd_pci_vc_disable(&fake.access, address, &vc, 1), DD_OK);
    ck_assert_uint_eq(get(0x20), 0x01080006);
    ck_assert_uint_eq(get(0x14), 0x800000FF);
    ck_assert_uint_eq(last_write()->offset, AT + 0x14); /* first it is off */
    fake_forget();
    ck_assert_int_eq(dd_pci_vc_disable(&fake.access, address, &vc, 0), DD_EARG);
    ck_assert_int_eq(dd_pci_vc_disable(&fake.access, address, &vc, 2), DD_EARG);
    ck_assert_int_eq(dd_pci_vc_read(&fake.access, address, AT, &vc), DD_OK);
    ck_assert_int_eq(dd_pci_vc_disable(&fake.access, address, &vc, 1), DD_ENOENT);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(what_another_channel_has_is_refused)
{
    make_vc();
    put(0x04, 0x00000012);
    put(0x2C, 0x82000040); /* channel 2: VC ID 2, traffic class 6 */
    ck_assert_int_eq(enable_vc(1, 2, 0x80), DD_EEXIST);
    ck_assert_int_eq(enable_vc(1, 1, 0xC0), DD_EEXIST);
    ck_assert_uint_eq(fake_write_count(), 0);
    put(0x2C, 0x02000040); /* not enabled */
    ck_assert_int_eq(enable_vc(1, 2, 0xC0), DD_OK);
}
END_TEST

/* ---- TPH Requester and Multicast: 7.9.13, 7.9.11 ---- */

START_TEST(steering_tags_are_inside_the_capability_if_it_says_so)
{
    struct dd_pci_tph tph;
    uint16_t tag;

    put(0x04, 0x00030307);
    put(0x0C, 0x22221111);
    allow(0x08, 0x00000307);
    allow(0x0C, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_tph_read(&fake.access, address, AT, &tph), DD_OK);
    ck_assert_uint_eq(dd_pci_tph_entries(&tph), 4);
    ck_assert_int_eq(dd_pci_tph_read_tag(&fake.access, address, &tph, 1, &tag), DD_OK);
    ck_assert_uint_eq(tag, 0x2222);
    ck_assert_int_eq(dd_pci_tph_write_tag(&fake.access, address, &tph, 0, 0x3344), DD_OK);
    ck_assert_uint_eq(get(0x0C), 0x22223344);
    ck_assert_int_eq(dd_pci_tph_write_tag(&fake.access, address, &tph, 4, 0), DD_EARG);
    ck_assert_int_eq(dd_pci_tph_set_mode(&fake.access, address, &tph,
                                         DD_PCI_TPH_MODE_INTERRUPT_VECTOR,
                                         DD_PCI_TPH_REQUESTS_EXTENDED),
                     DD_OK);
    ck_assert_uint_eq(get(0x08), 0x00000301);
    tph.capability = 0x00030405;
    ck_assert_uint_eq(dd_pci_tph_entries(&tph), 0);
    ck_assert_int_eq(dd_pci_tph_set_mode(&fake.access, address, &tph,
                                         DD_PCI_TPH_MODE_INTERRUPT_VECTOR, DD_PCI_TPH_REQUESTS_ON),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_tph_set_mode(&fake.access, address, &tph,
                                         DD_PCI_TPH_MODE_DEVICE_SPECIFIC,
                                         DD_PCI_TPH_REQUESTS_EXTENDED),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_tph_set_mode(&fake.access, address, &tph, DD_PCI_TPH_MODE_NO_TABLE,
                                         (enum dd_pci_tph_requests)2),
                     DD_EARG);
}
END_TEST

START_TEST(multicast_is_decoded)
{
    struct dd_pci_multicast multicast;
    uint64_t overlay;

    put(0x04, 0x80074C1F);
    put(0x08, 0xABCDE00C);
    put(0x0C, 0x00000012);
    put(0x10, 0x00000003);
    put(0x14, 0x80000000);
    put(0x1C, 0x00000001);
    put(0x20, 0x00000002);
    put(0x28, 0x12345687);
    put(0x2C, 0x00000009);
    ck_assert_int_eq(dd_pci_multicast_read(&fake.access, address, AT, &multicast), DD_OK);
    ck_assert_uint_eq(multicast.capability, 0x4C1F);
    ck_assert_uint_eq(multicast.control, 0x8007);
    ck_assert_uint_eq(multicast.base, 0x12ABCDE00C);
    ck_assert_uint_eq(multicast.receive, 0x8000000000000003);
    ck_assert_uint_eq(multicast.block_all, 0x100000000);
    ck_assert_uint_eq(multicast.block_untranslated, 2);
    ck_assert_int_eq(dd_pci_multicast_read_overlay(&fake.access, address, AT, &overlay), DD_OK);
    ck_assert_uint_eq(overlay, 0x912345687);
}
END_TEST

/* ---- Root complex: 7.9.7 to 7.9.10 ---- */

START_TEST(an_event_collector_speaks_for_its_bus_and_a_range)
{
    const struct dd_pci_address collector = fake_address(0, 0x1F, 4);
    struct dd_pci_rcec rcec;

    put(0x00, 0x00020007);
    put(0x04, 0x40000004);
    put(0x08, 0x00312000);
    ck_assert_int_eq(dd_pci_rcec_read(&fake.access, address, AT, &rcec), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0, 2, 0)), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0, 30, 3)), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0, 3, 0)), DD_ENOENT);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0x1F, 2, 0)), DD_ENOENT);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0x20, 9, 0)), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0x31, 9, 0)), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0x32, 9, 0)), DD_ENOENT);
    put(0x08, 0x0000FF00); /* no other bus */
    ck_assert_int_eq(dd_pci_rcec_read(&fake.access, address, AT, &rcec), DD_OK);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(0xFF, 9, 0)), DD_ENOENT);
    put(0x00, 0x00010007); /* version 1 has no such register */
    put(0x08, 0x00FF0000);
    ck_assert_int_eq(dd_pci_rcec_read(&fake.access, address, AT, &rcec), DD_OK);
    ck_assert_uint_eq(rcec.buses, 0);
    ck_assert_int_eq(dd_pci_rcec_has(&rcec, collector, fake_address(1, 9, 0)), DD_ENOENT);
}
END_TEST

/* 7.9.8.3.2: the low 3 bits of the address are the number of bits of the bus, 0 for 8. */
static const struct {
    uint64_t link_address;
    uint8_t bus, device, function;
    uint64_t base;
} targets[] = {
    {0xE1234000, 0x12, 6, 4, 0xE0000000},
    {0xE1234005, 0x12, 6, 4, 0xE0000000},
    {0xFE1FF001, 0x01, 31, 7, 0xFE000000},
    {0x80E0E08007, 0x0E, 1, 0, 0x80E0000000},
};

START_TEST(a_link_leads_to_a_function_or_to_memory)
{
    struct dd_pci_rclink rclink;
    struct dd_pci_rclink_entry entry;
    struct dd_pci_address target;
    uint64_t base;

    put(0x04, 0x02010201);
    put(0x10, 0x01000003);
    put(0x18, (uint32_t)targets[_i].link_address);
    put(0x1C, (uint32_t)(targets[_i].link_address >> 32));
    put(0x20, 0x00000001);
    put(0x28, 0xFED19000);
    ck_assert_int_eq(dd_pci_rclink_read(&fake.access, address, AT, &rclink), DD_OK);
    ck_assert_int_eq(dd_pci_rclink_read_entry(&fake.access, address, &rclink, 0, &entry), DD_OK);
    ck_assert_int_eq(dd_pci_rclink_target(&entry, &target, &base), DD_OK);
    ck_assert_uint_eq(target.bus, targets[_i].bus);
    ck_assert_uint_eq(target.device, targets[_i].device);
    ck_assert_uint_eq(target.function, targets[_i].function);
    ck_assert_uint_eq(base, targets[_i].base);
    ck_assert_int_eq(dd_pci_rclink_read_entry(&fake.access, address, &rclink, 1, &entry), DD_OK);
    ck_assert_uint_eq(entry.address, 0xFED19000);
    ck_assert_int_eq(dd_pci_rclink_target(&entry, &target, &base), DD_ENOENT);
    ck_assert_int_eq(dd_pci_rclink_read_entry(&fake.access, address, &rclink, 2, &entry), DD_EARG);
}
END_TEST

START_TEST(internal_links_and_register_blocks_are_decoded)
{
    struct dd_pci_rcilink rcilink;
    struct dd_pci_rcrb rcrb;

    put(0x04, 0x00123456);
    put(0x08, 0x00430081);
    put(0x0C, 0x00000001);
    ck_assert_int_eq(dd_pci_rcilink_read(&fake.access, address, AT, &rcilink), DD_OK);
    ck_assert_uint_eq(rcilink.capabilities, 0x00123456);
    ck_assert_uint_eq(rcilink.control, 0x0081);
    ck_assert_uint_eq(rcilink.status, 0x0043);
    ck_assert_int_eq(dd_pci_rcrb_read(&fake.access, address, AT, &rcrb), DD_OK);
    ck_assert_uint_eq(rcrb.vendor, 0x3456);
    ck_assert_uint_eq(rcrb.device, 0x0012);
    ck_assert_uint_eq(rcrb.control, 1);
}
END_TEST

/* ---- Power and readiness: 7.8.1, 7.9.12, 7.9.19, 7.9.16, 7.8.10 ---- */

static const struct {
    uint32_t budget, milliwatts;
} budgets[] = {{0x00000019, 25000},  {0x00000119, 2500},   {0x00000219, 250},
               {0x00000319, 25},     {0x000000EF, 239000}, {0x000000F0, 250000},
               {0x000000F2, 300000}, {0x000000FE, 600000}, {0x000000FF, UINT32_MAX},
               {0x000001F0, 24000}};

START_TEST(power_has_a_scale)
{
    ck_assert_uint_eq(dd_pci_power_budget_milliwatts(budgets[_i].budget), budgets[_i].milliwatts);
}
END_TEST

START_TEST(a_budget_is_selected_and_read)
{
    uint32_t budget = 99;

    allow(0x04, 0x000000FF);
    put(0x08, 0x00078019);
    ck_assert_int_eq(dd_pci_power_budget_read(&fake.access, address, AT, 7, &budget), DD_OK);
    ck_assert_uint_eq(get(0x04), 7);
    ck_assert_uint_eq(budget, 0x00078019);
    ck_assert_uint_eq(last_write()->width, 1);
    put(0x08, 0);
    ck_assert_int_eq(dd_pci_power_budget_read(&fake.access, address, AT, 8, &budget), DD_ENOENT);
    ck_assert_uint_eq(budget, 0x00078019);
}
END_TEST

START_TEST(a_power_substate_is_asked_for_if_it_is_there)
{
    struct dd_pci_dpa dpa;

    put(0x04, 0x0A140102);
    put(0x08, 0x00000005);
    put(0x0C, 0xABC00100);
    put(0x10, 0x11C86432);
    allow(0x0C, 0x001F0000);
    ck_assert_int_eq(dd_pci_dpa_read(&fake.access, address, AT, &dpa), DD_OK);
    ck_assert_uint_eq(dpa.status, 0x0100);
    ck_assert_uint_eq(dpa.control, 0xABC0);
    ck_assert_uint_eq(dpa.latency_indicator, 5);
    ck_assert_uint_eq(dpa.allocations[0], 0x32);
    ck_assert_uint_eq(dpa.allocations[2], 0xC8);
    ck_assert_uint_eq(dpa.allocations[3], 0);
    ck_assert_int_eq(dd_pci_dpa_set_substate(&fake.access, address, &dpa, 2), DD_OK);
    ck_assert_uint_eq(get(0x0C), 0xABC20100);
    ck_assert_int_eq(dd_pci_dpa_set_substate(&fake.access, address, &dpa, 3), DD_EARG);
    dpa.status = 0;
    ck_assert_int_eq(dd_pci_dpa_set_substate(&fake.access, address, &dpa, 1), DD_ENOTSUP);
}
END_TEST

/* 7.9.19.3: bits 31:24 are for who knows the enclosure, and kept by all others. */
START_TEST(lights_are_shown_if_the_slot_has_them)
{
    struct dd_pci_npem_setting setting = {AT, 0x8, &delay};

    put(0x04, 0xFF00001D);
    put(0x08, 0xA5FFF004);
    put(0x0C, 0x00000001);
    allow(0x08, 0xFF000FFF);
    ck_assert_int_eq(dd_pci_npem_set_indications(&fake.access, address, &setting), DD_OK);
    ck_assert_uint_eq(get(0x08), 0xA5FFF009);
    setting.indications = 0x20;
    ck_assert_int_eq(dd_pci_npem_set_indications(&fake.access, address, &setting), DD_ENOTSUP);
    setting.indications = 0x1000;
    ck_assert_int_eq(dd_pci_npem_set_indications(&fake.access, address, &setting), DD_EARG);
    setting.indications = 0x01000000;
    ck_assert_int_eq(dd_pci_npem_set_indications(&fake.access, address, &setting), DD_EARG);
    setting.indications = 0x10;
    clearable(0x0C, 0x00000001); /* and nobody completes the command */
    ck_assert_int_eq(dd_pci_npem_set_indications(&fake.access, address, &setting), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 1000000);
}
END_TEST

START_TEST(readiness_times_and_messages_are_decoded)
{
    struct dd_pci_readiness readiness;
    struct dd_pci_frs frs;

    put(0x04, 0x80601864);
    put(0x08, 0x00010003);
    put(0x0C, 0x00110108);
    ck_assert_int_eq(dd_pci_readiness_read(&fake.access, address, AT, &readiness), DD_OK);
    ck_assert_uint_eq(readiness.times_1, 0x80601864);
    ck_assert_uint_eq(readiness.times_2, 0x00010003);
    ck_assert_uint_eq(dd_pci_readiness_nanoseconds(0x064), 100);
    ck_assert_uint_eq(dd_pci_readiness_nanoseconds(0x801), 1048576);
    ck_assert_uint_eq(dd_pci_readiness_nanoseconds(0xBFF), 17146314752);
    ck_assert_uint_eq(dd_pci_readiness_nanoseconds(0xC01), UINT64_MAX);
    ck_assert_int_eq(dd_pci_frs_read(&fake.access, address, AT, &frs), DD_OK);
    ck_assert_uint_eq(frs.capability, 0x80601864);
    ck_assert_uint_eq(frs.status, 3);
    ck_assert_uint_eq(frs.control, 1);
    ck_assert_uint_eq(frs.message, 0x00110108);
}
END_TEST

/* ---- Integrity and Data Encryption: 7.9.26 ---- */

/* One stream of the link; two selective ones, the first with two address ranges. */
static void make_ide(void)
{
    put(0x04, 0x00010003);
    put(0x0C, 0x07000001);
    put(0x10, 0x80000002);
    put(0x14, 0x00000002);
    put(0x18, 0x01000001);
    put(0x20, 0x00FFFF00);
    put(0x24, 0x02010001);
    put(0x34, 0x25612301);
    put(0x38, 0x00000004);
    put(0x3C, 0x00000003);
    put(0x40, 0x00000000);
    put(0x44, 0x02000000);
}

START_TEST(encrypted_streams_follow_each_other)
{
    struct dd_pci_ide ide;
    struct dd_pci_ide_link link;
    struct dd_pci_ide_selective selective;
    struct dd_pci_ide_address range;
    uint64_t first;
    uint64_t last;

    make_ide();
    ck_assert_int_eq(dd_pci_ide_read(&fake.access, address, AT, &ide), DD_OK);
    ck_assert_uint_eq(ide.link_streams, 1);
    ck_assert_uint_eq(ide.selective_streams, 2);
    ck_assert_int_eq(dd_pci_ide_read_link(&fake.access, address, &ide, 0, &link), DD_OK);
    ck_assert_uint_eq(link.control, 0x07000001);
    ck_assert_uint_eq(link.status, 0x80000002);
    ck_assert_int_eq(dd_pci_ide_read_link(&fake.access, address, &ide, 1, &link), DD_ENOENT);
    ck_assert_int_eq(dd_pci_ide_read_selective(&fake.access, address, &ide, 0, &selective), DD_OK);
    ck_assert_uint_eq(selective.offset, 0x214);
    ck_assert_uint_eq(selective.control, 0x01000001);
    ck_assert_uint_eq(selective.rid_1, 0x00FFFF00);
    ck_assert_uint_eq(selective.rid_2, 0x02010001);
    ck_assert_int_eq(dd_pci_ide_read_address(&fake.access, address, &selective, 1, &range), DD_OK);
    dd_pci_ide_address_range(&range, &first, &last);
    ck_assert_uint_eq(first, 0x312300000);
    ck_assert_uint_eq(last, 0x4256FFFFF);
    ck_assert_int_eq(dd_pci_ide_read_address(&fake.access, address, &selective, 2, &range),
                     DD_ENOENT);
    ck_assert_int_eq(dd_pci_ide_read_selective(&fake.access, address, &ide, 1, &selective), DD_OK);
    ck_assert_uint_eq(selective.offset, 0x240);
    ck_assert_uint_eq(selective.control, 0x02000000);
    ck_assert_int_eq(dd_pci_ide_read_selective(&fake.access, address, &ide, 2, &selective),
                     DD_ENOENT);
}
END_TEST

START_TEST(streams_that_leave_configuration_space_are_malformed)
{
    struct dd_pci_ide ide;
    struct dd_pci_ide_selective selective;

    put(0x04, 0x00FF0002);
    for (unsigned int at = 0x0C; at < 0xE00; at += 4) {
        put(at, 0x0000000F);
    }
    ck_assert_int_eq(dd_pci_ide_read(&fake.access, address, AT, &ide), DD_OK);
    ck_assert_uint_eq(ide.link_streams, 0);
    ck_assert_uint_eq(ide.selective_streams, 256);
    ck_assert_int_eq(dd_pci_ide_read_selective(&fake.access, address, &ide, 16, &selective), DD_OK);
    ck_assert_int_eq(dd_pci_ide_read_selective(&fake.access, address, &ide, 255, &selective),
                     DD_EMALFORMED);
}
END_TEST

/* ---- Compute Express Link: [CXL 3.0] 8.1 ---- */

START_TEST(a_cxl_device_and_its_ranges_are_decoded)
{
    struct dd_pci_cxl_device device;

    put(0x04, 0x03811E98);
    put(0x08, 0x001F0000);
    put(0x0C, 0x40000006);
    put(0x10, 0x80020008);
    put(0x14, 0x10010001);
    put(0x18, 0x00000001);
    put(0x1C, 0x3000E00B);
    put(0x20, 0x00000012);
    put(0x24, 0x40000000);
    ck_assert_int_eq(dd_pci_cxl_read_device(&fake.access, address, AT, &device), DD_OK);
    ck_assert_uint_eq(device.capability, 0x001F);
    ck_assert_uint_eq(device.control, 0x0006);
    ck_assert_uint_eq(device.status, 0x4000);
    ck_assert_uint_eq(device.control_2, 0x0008);
    ck_assert_uint_eq(device.status_2, 0x8002);
    ck_assert_uint_eq(device.lock, 0x0001);
    ck_assert_uint_eq(device.capability_2, 0x1001);
    ck_assert_uint_eq(dd_pci_cxl_range_size(&device.ranges[0]), 0x130000000);
    ck_assert_uint_eq(dd_pci_cxl_range_base(&device.ranges[0]), 0x1240000000);
    put(0x04, 0x03711E98); /* a byte too short */
    ck_assert_int_eq(dd_pci_cxl_read_device(&fake.access, address, AT, &device), DD_EMALFORMED);
}
END_TEST

START_TEST(a_cxl_port_is_decoded)
{
    struct dd_pci_cxl_port port;
    struct dd_pci_cxl_gpf gpf;

    put(0x04, 0x02801E98);
    put(0x08, 0x40010003);
    put(0x0C, 0x3F20000F);
    put(0x10, 0xC010C000);
    put(0x14, 0x0020FFF1);
    put(0x18, 0x00000003);
    put(0x1C, 0x00000004);
    put(0x20, 0xFEC02001);
    put(0x24, 0x00000005);
    ck_assert_int_eq(dd_pci_cxl_read_port(&fake.access, address, AT, &port), DD_OK);
    ck_assert_uint_eq(port.status, 0x4001);
    ck_assert_uint_eq(port.control, 0x000F);
    ck_assert_uint_eq(port.bus_base, 0x20);
    ck_assert_uint_eq(port.bus_limit, 0x3F);
    ck_assert_uint_eq(port.memory_base, 0xC000);
    ck_assert_uint_eq(port.memory_limit, 0xC010);
    ck_assert_uint_eq(port.prefetch_base, 0x30000FFF1);
    ck_assert_uint_eq(port.prefetch_limit, 0x400000020);
    ck_assert_uint_eq(port.rcrb, 0x5FEC02001);
    put(0x08, 0x02050004);
    ck_assert_int_eq(dd_pci_cxl_read_gpf(&fake.access, address, AT, &gpf), DD_OK);
    ck_assert_uint_eq(gpf.phase_1, 0x000F);
    ck_assert_uint_eq(gpf.phase_2, 0x3F20);
    put(0x08, 0x02050005);
    ck_assert_int_eq(dd_pci_cxl_read_gpf(&fake.access, address, AT, &gpf), DD_OK);
    ck_assert_uint_eq(gpf.phase_2, 0x0205);
    ck_assert_uint_eq(gpf.power, 0x3F20000F);
}
END_TEST

START_TEST(flex_bus_and_register_blocks_are_read_as_far_as_the_length_goes)
{
    struct dd_pci_cxl_flex_bus flex;
    struct dd_pci_cxl_block block;

    put(0x04, 0x01821E98);
    put(0x08, 0x00270007);
    put(0x0C, 0x00260027);
    put(0x10, 0x00123456);
    put(0x14, 0x00000001);
    put(0x18, 0x00000003);
    ck_assert_int_eq(dd_pci_cxl_read_flex_bus(&fake.access, address, AT, &flex), DD_OK);
    ck_assert_uint_eq(flex.revision, 2);
    ck_assert_uint_eq(flex.length, 0x18);
    ck_assert_uint_eq(flex.status, 0x0026);
    ck_assert_uint_eq(flex.modified_ts, 0x00123456);
    ck_assert_uint_eq(flex.capability_2, 1);
    ck_assert_uint_eq(flex.control_2, 0);
    put(0x04, 0x01801E98);
    ck_assert_int_eq(dd_pci_cxl_read_flex_bus(&fake.access, address, AT, &flex), DD_OK);
    ck_assert_uint_eq(flex.capability_2, 0);
    ck_assert_int_eq(dd_pci_cxl_read_block(&fake.access, address, AT, 0, &block), DD_OK);
    ck_assert_uint_eq(block.low, 0x00260027);
    ck_assert_uint_eq(block.high, 0x00123456);
    ck_assert_int_eq(dd_pci_cxl_read_block(&fake.access, address, AT, 1, &block), DD_ENOENT);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void add_first(Suite *suite)
{
    TCase *list = tcase_create("list");
    TCase *links = tcase_create("links");

    tcase_add_checked_fixture(list, setup, NULL);
    tcase_add_test(list, a_capability_is_found_by_its_id);
    tcase_add_test(list, a_dvsec_is_found_by_vendor_and_id);
    tcase_add_test(list, small_capabilities_are_decoded);
    suite_add_tcase(suite, list);
    tcase_add_checked_fixture(links, setup, NULL);
    tcase_add_test(links, channels_and_their_tables_are_decoded);
    tcase_add_test(links, tables_that_cannot_be_are_malformed);
    tcase_add_test(links, a_channel_is_enabled_at_this_end);
    tcase_add_test(links, a_channel_is_awaited_until_the_link_agrees);
    tcase_add_test(links, a_traffic_class_takes_one_channel);
    tcase_add_test(links, what_another_channel_has_is_refused);
    tcase_add_test(links, a_channel_that_is_disabled_gives_its_traffic_classes_back);
    tcase_add_test(links, steering_tags_are_inside_the_capability_if_it_says_so);
    tcase_add_test(links, multicast_is_decoded);
    tcase_add_test(links, an_event_collector_speaks_for_its_bus_and_a_range);
    tcase_add_loop_test(links, a_link_leads_to_a_function_or_to_memory, 0, COUNT(targets));
    tcase_add_test(links, internal_links_and_register_blocks_are_decoded);
    suite_add_tcase(suite, links);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_extended");
    TCase *power = tcase_create("power");
    TCase *streams = tcase_create("streams");

    add_first(suite);
    tcase_add_checked_fixture(power, setup, NULL);
    tcase_add_loop_test(power, power_has_a_scale, 0, COUNT(budgets));
    tcase_add_test(power, a_budget_is_selected_and_read);
    tcase_add_test(power, a_power_substate_is_asked_for_if_it_is_there);
    tcase_add_test(power, lights_are_shown_if_the_slot_has_them);
    tcase_add_test(power, readiness_times_and_messages_are_decoded);
    suite_add_tcase(suite, power);
    tcase_add_checked_fixture(streams, setup, NULL);
    tcase_add_test(streams, encrypted_streams_follow_each_other);
    tcase_add_test(streams, streams_that_leave_configuration_space_are_malformed);
    tcase_add_test(streams, a_cxl_device_and_its_ranges_are_decoded);
    tcase_add_test(streams, a_cxl_port_is_decoded);
    tcase_add_test(streams, flex_bus_and_register_blocks_are_read_as_far_as_the_length_goes);
    suite_add_tcase(suite, streams);
    return suite;
}
