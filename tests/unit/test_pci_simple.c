/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_simple.c, pci_virtio.c, pci_af.c and pci_fpb.c. */
#include "drydock/pci_simple.h"

#include <string.h>

#include "drydock/pci_af.h"
#include "drydock/pci_fpb.h"
#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static uint64_t waited;
static unsigned int looks_until_done;

static void note_wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, &waited);
    waited += microseconds;
    if (looks_until_done > 0 && --looks_until_done == 0) {
        function->bytes[0x45] = 0;
    }
}

static const struct dd_delay delay = {note_wait, &waited};

static void setup(void)
{
    fake_reset();
    waited = 0;
    looks_until_done = 0;
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
}

/* A capability at 0x40. */
static void put(const uint8_t *bytes, size_t size)
{
    memcpy(&function->bytes[0x40], bytes, size);
}

#define PUT(...) put((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* [PCI-PCI 1.2] 3.2.5.13 and 13.4 */
START_TEST(subsystem_and_slots_of_a_bridge_are_read)
{
    struct dd_pci_subsystem subsystem;
    struct dd_pci_slot slot;

    PUT(0x0D, 0, 0, 0, 0x86, 0x80, 0x34, 0x12);
    ck_assert_int_eq(dd_pci_subsystem_read(&fake.access, address, 0x40, &subsystem), DD_OK);
    ck_assert_uint_eq(subsystem.vendor, 0x8086);
    ck_assert_uint_eq(subsystem.subsystem, 0x1234);
    PUT(0x04, 0, 0x25, 0x07);
    ck_assert_int_eq(dd_pci_slot_read(&fake.access, address, 0x40, &slot), DD_OK);
    ck_assert_uint_eq(DD_GET(slot.expansion, DD_PCI_SLOT_COUNT), 5);
    ck_assert_uint_eq(DD_GET(slot.expansion, DD_PCI_SLOT_FIRST_IN_CHASSIS), 1);
    ck_assert_uint_eq(slot.chassis, 7);
}
END_TEST

/* [EHCI 1.0] C.2; [SATA-IIIE 1.0] 3 */
START_TEST(registers_elsewhere_are_found)
{
    struct dd_pci_debug_port port;
    struct dd_pci_sata sata;
    uint8_t bar = 0x5A;
    uint32_t offset = 0x5A5A5A5A;

    PUT(0x0A, 0, 0xA0, 0x20);
    ck_assert_int_eq(dd_pci_debug_port_read(&fake.access, address, 0x40, &port), DD_OK);
    ck_assert_uint_eq(port.bar, 1);
    ck_assert_uint_eq(port.offset, 0x0A0);
    ck_assert_int_eq(dd_pci_debug_port_find_registers(&port, &bar, &offset), DD_OK);
    ck_assert_uint_eq(bar, 0);
    ck_assert_uint_eq(offset, 0x0A0);
    port = (struct dd_pci_debug_port){.bar = 6, .offset = 0x1FFF};
    ck_assert_int_eq(dd_pci_debug_port_find_registers(&port, &bar, &offset), DD_OK);
    ck_assert_uint_eq(bar, 5);
    ck_assert_uint_eq(offset, 0x1FFF);
    port.bar = 7;
    ck_assert_int_eq(dd_pci_debug_port_find_registers(&port, &bar, &offset), DD_EMALFORMED);
    port.bar = 0;
    ck_assert_int_eq(dd_pci_debug_port_find_registers(&port, &bar, &offset), DD_EMALFORMED);
    ck_assert_uint_eq(bar, 5);
    bar = 0x5A;
    PUT(0x12, 0, 0x10, 0, 0x0F, 0x01, 0, 0);
    ck_assert_int_eq(dd_pci_sata_read(&fake.access, address, 0x40, &sata), DD_OK);
    ck_assert_uint_eq(sata.revision, 0x10);
    ck_assert_int_eq(dd_pci_sata_find_registers(&sata, &bar, &offset), DD_ENOENT);
    sata.location = 0x00000143;
    ck_assert_int_eq(dd_pci_sata_find_registers(&sata, &bar, &offset), DD_EMALFORMED);
    sata.location = 0x0000014A;
    ck_assert_int_eq(dd_pci_sata_find_registers(&sata, &bar, &offset), DD_EMALFORMED);
    ck_assert_uint_eq(bar, 0x5A);
    sata.location = 0xFF000149;
    ck_assert_int_eq(dd_pci_sata_find_registers(&sata, &bar, &offset), DD_OK);
    ck_assert_uint_eq(bar, 5);
    ck_assert_uint_eq(offset, 0x50);
    sata.location = 0x00000144;
    ck_assert_int_eq(dd_pci_sata_find_registers(&sata, &bar, &offset), DD_OK);
    ck_assert_uint_eq(bar, 0);
}
END_TEST

/* [AGP 3.0] 5.1 and 5.2; [SHPC 1.0] 4.1; [PICMG 2.1] 3.1.4 */
START_TEST(agp_and_hot_plug_registers_are_read)
{
    struct dd_pci_agp agp;
    struct dd_pci_hot_plug hot_plug;
    uint8_t control = 0;

    PUT(0x02, 0, 0x30, 0, 0x1B, 0x4A, 0x02, 0x1F, 0x15, 0x03, 0x00, 0x0F);
    ck_assert_int_eq(dd_pci_agp_read(&fake.access, address, 0x40, &agp), DD_OK);
    ck_assert_uint_eq(DD_GET(agp.revision, DD_PCI_AGP_MAJOR), 3);
    ck_assert_uint_eq(DD_GET(agp.status, DD_PCI_AGP_STATUS_ISOCHRONOUS), 1);
    ck_assert_uint_eq(DD_GET(agp.status, DD_PCI_AGP_STATUS_REQUESTS), 0x1F);
    ck_assert_uint_eq(DD_GET(agp.command, DD_PCI_AGP_COMMAND_ENABLE), 1);
    PUT(0x0C, 0, 0x05, 0x80, 0x78, 0x56, 0x34, 0x12);
    ck_assert_int_eq(dd_pci_hot_plug_read(&fake.access, address, 0x40, &hot_plug), DD_OK);
    ck_assert_uint_eq(hot_plug.select, 5);
    ck_assert_uint_eq(DD_GET(hot_plug.pending, DD_PCI_HOT_PLUG_INTERRUPT_PENDING), 1);
    ck_assert_uint_eq(DD_GET(hot_plug.pending, DD_PCI_HOT_PLUG_SERR_PENDING), 0);
    ck_assert_uint_eq(hot_plug.data, 0x12345678);
    PUT(0x06, 0, 0x81, 0);
    ck_assert_int_eq(dd_pci_compact_hot_swap_read(&fake.access, address, 0x40, &control), DD_OK);
    ck_assert_uint_eq(DD_GET(control, DD_PCI_COMPACT_HOT_SWAP_INSERTION), 1);
    ck_assert_uint_eq(DD_GET(control, DD_PCI_COMPACT_HOT_SWAP_DEVICE_HIDING_ARM), 1);
}
END_TEST

/* [virtio 1.2] 4.1.4 */
START_TEST(structures_of_virtio_are_found)
{
    struct dd_pci_virtio virtio = {.multiplier = 0x5A};

    PUT(0x09, 0, 0x14, 2, 4, 1, 0, 0, 0, 0x30, 0, 0, 0, 0x10, 0, 0, 4, 0, 0, 0);
    ck_assert_int_eq(dd_pci_virtio_read(&fake.access, address, 0x40, &virtio), DD_OK);
    ck_assert_uint_eq(virtio.type, DD_PCI_VIRTIO_NOTIFY);
    ck_assert_uint_eq(virtio.bar, 4);
    ck_assert_uint_eq(virtio.instance, 1);
    ck_assert_uint_eq(virtio.offset, 0x3000);
    ck_assert_uint_eq(virtio.size, 0x1000);
    ck_assert_uint_eq(virtio.multiplier, 4);
    function->bytes[0x43] = 1;
    ck_assert_int_eq(dd_pci_virtio_read(&fake.access, address, 0x40, &virtio), DD_OK);
    ck_assert_uint_eq(virtio.multiplier, 0);
    function->bytes[0x42] = 15;
    ck_assert_int_eq(dd_pci_virtio_read(&fake.access, address, 0x40, &virtio), DD_EMALFORMED);
    function->bytes[0x42] = 0xC1;
    ck_assert_int_eq(dd_pci_virtio_read(&fake.access, address, 0x40, &virtio), DD_EMALFORMED);
    ck_assert_int_eq(dd_pci_virtio_read(&fake.access, address, 0xF4, &virtio), DD_EMALFORMED);
    ck_assert_uint_eq(virtio.type, 1);
}
END_TEST

static enum dd_status find_structure(uint8_t type, uint8_t bar, uint32_t offset, uint32_t size)
{
    const struct dd_pci_virtio virtio = {.type = type, .bar = bar, .offset = offset, .size = size};
    struct dd_pci_bar_part place = {.bar = 0x5A};
    enum dd_status status = dd_pci_virtio_find_structure(&virtio, &place);

    ck_assert_uint_eq(place.bar, status == DD_OK ? bar : 0x5A);
    ck_assert_uint_eq(place.offset, status == DD_OK ? offset : 0);
    ck_assert_uint_eq(place.bytes, status == DD_OK ? size : 0);
    return status;
}

START_TEST(structures_of_virtio_are_in_a_bar)
{
    ck_assert_int_eq(find_structure(1, 5, 0x1000, 0x38), DD_OK);
    ck_assert_int_eq(find_structure(4, 0, 0, UINT32_MAX), DD_OK);
    ck_assert_int_eq(find_structure(2, 4, 0xFFFFF000, 0x1000), DD_OK);
    ck_assert_int_eq(find_structure(2, 4, 0xFFFFF000, 0x1001), DD_EMALFORMED);
    ck_assert_int_eq(find_structure(3, 6, 0, 1), DD_EMALFORMED);
    ck_assert_int_eq(find_structure(3, 255, 0, 1), DD_EMALFORMED);
    ck_assert_int_eq(find_structure(3, 0, 0, 0), DD_EMALFORMED);
}
END_TEST

/* A window is where the driver puts it; shared memory has offsets of 64 bits; 9 is the vendor's. */
START_TEST(structures_of_virtio_that_have_no_place_are_not_found)
{
    ck_assert_int_eq(find_structure(5, 0, 0, 4), DD_ENOENT);
    ck_assert_int_eq(find_structure(8, 0, 0, 4), DD_ENOTSUP);
    ck_assert_int_eq(find_structure(9, 0xF4, 0x1AF4, 4), DD_ENOENT);
    ck_assert_int_eq(find_structure(0, 0, 0, 4), DD_ENOENT);
}
END_TEST

/* ---- Advanced Features: [PCIe 6] 7.9.22 ---- */

static enum dd_status reset(void)
{
    struct dd_pci_af af;

    ck_assert_int_eq(dd_pci_af_read(&fake.access, address, 0x40, &af), DD_OK);
    fake_forget();
    return dd_pci_af_reset_function(&fake.access, address, &af, &delay);
}

START_TEST(a_function_is_reset_by_one_bit_after_it_was_quiet)
{
    PUT(0x13, 0, 6, 3, 0, 1);
    function->bytes[0x04] = 0x07;
    fake_allow32(function, 0x04, 0x0000FFFF);
    looks_until_done = 3;
    ck_assert_int_eq(reset(), DD_OK);
    ck_assert_uint_eq(waited, 103000);
    ck_assert_uint_eq(function->bytes[0x04], 0);
    ck_assert_uint_eq(fake_write_count(), 2);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        if (fake.log[i].is_write && fake.log[i].offset != 0x04) {
            ck_assert_uint_eq(fake.log[i].offset, 0x44);
            ck_assert_uint_eq(fake.log[i].value, 1); /* and nothing else of Control and Status */
        }
    }
}
END_TEST

START_TEST(a_function_that_does_not_become_quiet_is_not_reset)
{
    PUT(0x13, 0, 6, 3, 0, 1);
    function->bytes[0x04] = 0x07;
    fake_allow32(function, 0x04, 0x0000FFFF);
    ck_assert_int_eq(reset(), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 1000000);
    ck_assert_uint_eq(function->bytes[0x04], 0x07); /* as before */
    function->bytes[0x43] = 2;                      /* it does not tell about transactions */
    ck_assert_int_eq(reset(), DD_OK);
}
END_TEST

/* [PCIe 6] 2.3.1 */
START_TEST(a_function_gets_a_second_to_come_back)
{
    PUT(0x13, 0, 6, 3, 0, 0);
    ck_assert_int_eq(reset(), DD_OK);
    fake_put32(function, 0x00, 0x12340001);
    waited = 0;
    ck_assert_int_eq(reset(), DD_ENOTREADY);
    ck_assert_uint_eq(waited, 1100000);
}
END_TEST

START_TEST(a_function_without_a_reset_or_without_a_device_is_left_alone)
{
    struct dd_pci_af af = {.offset = 0x40, .capabilities = 3};

    PUT(0x13, 0, 6, 1, 0, 0);
    ck_assert_int_eq(reset(), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
    fake.vanish_at = 0;
    ck_assert_int_eq(dd_pci_af_reset_function(&fake.access, address, &af, &delay), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* ---- Flattening Portal Bridge: [PCIe 6] 7.8.10 ---- */

START_TEST(the_vectors_of_a_portal_bridge_have_sizes)
{
    struct dd_pci_fpb fpb;

    PUT(0x15, 0, 0, 0, 0x07, 0x05, 0x04, 0x05, 0x01, 0, 0, 0);
    ck_assert_int_eq(dd_pci_fpb_read(&fake.access, address, 0x40, &fpb), DD_OK);
    ck_assert_uint_eq(fpb.capabilities, 0x05040507);
    ck_assert_uint_eq(fpb.rid_control_1, 1);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_RID), 8192);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_MEMORY_LOW), 4096);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_MEMORY_HIGH), 8192);
    fpb.capabilities = 0x06050107;
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_RID), 0);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_MEMORY_LOW), 0);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_MEMORY_HIGH), 0);
    fpb.capabilities = 0x00000201;
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_RID), 1024);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_MEMORY_LOW), 0);
    ck_assert_uint_eq(dd_pci_fpb_vector_bits(&fpb, (enum dd_pci_fpb_vector)3), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_simple");
    TCase *cases = tcase_create("capabilities");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, subsystem_and_slots_of_a_bridge_are_read);
    tcase_add_test(cases, registers_elsewhere_are_found);
    tcase_add_test(cases, agp_and_hot_plug_registers_are_read);
    tcase_add_test(cases, structures_of_virtio_are_found);
    tcase_add_test(cases, structures_of_virtio_are_in_a_bar);
    tcase_add_test(cases, structures_of_virtio_that_have_no_place_are_not_found);
    tcase_add_test(cases, a_function_is_reset_by_one_bit_after_it_was_quiet);
    tcase_add_test(cases, a_function_that_does_not_become_quiet_is_not_reset);
    tcase_add_test(cases, a_function_gets_a_second_to_come_back);
    tcase_add_test(cases, a_function_without_a_reset_or_without_a_device_is_left_alone);
    tcase_add_test(cases, the_vectors_of_a_portal_bridge_have_sizes);
    suite_add_tcase(suite, cases);
    return suite;
}
