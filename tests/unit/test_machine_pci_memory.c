/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base addresses in the whole machine, with its own MMU and with the engine's: the guest's reads and
 * writes find the function wherever base addresses and windows are, and MSI-X is programmed through
 * them. [PCI 3.0] 6.2.5, 6.8.2; [PCI-PCI 1.2] 3.2.5.
 */
#include "sim/machine/snapshot.h"
#include "tests/unit/pci_case.h"
#include "tests/unit/pci_guest_case.h"

#define STI_NOP_CLI 0xFB, 0x90, 0x90, 0xFA

#define BRIDGE 0x00000800u
#define DEVICE 0x00001800u
#define BEHIND 0x00010000u

/* Behind the base addresses. */
#define DEVICE_MEMORY   UINT64_C(0xFD000000)
#define DEVICE_TABLE    UINT64_C(0xFD002000)
#define DEVICE_PENDING  UINT64_C(0xFD003000)
#define BEHIND_MEMORY   UINT64_C(0xFE000000)
#define BEHIND_PREFETCH UINT64_C(0x2000000000)
#define BEHIND_PORT     0xC000
#define VIRTUAL_MEMORY  UINT64_C(0x2100000000)

static struct pci_case pci;
static struct sim_pci_topology topology;
static size_t findings_before;

static void put32(struct sim_dump_function *function, unsigned int offset, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        function->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* A bridge at 00:01.0 with windows, and 01:00.0 behind it. */
static void add_bridge(void)
{
    struct sim_dump_function *bridge = pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);

    put32(bridge, 0x04, 0x00000007);
    put32(bridge, 0x1C, 0x0000C1C1); /* I/O C000h to CFFFh */
    put32(bridge, 0x20, 0xFE00FE00); /* memory FE000000h to FE0FFFFFh */
    put32(bridge, 0x24, 0x00010001); /* prefetchable 2000000000h to 20000FFFFFh */
    put32(bridge, 0x28, 0x00000020);
    put32(bridge, 0x2C, 0x00000020);
}

/* 00:03.0 with 4 messages of MSI-X behind BAR 0, and a ROM. */
static void add_device(void)
{
    struct sim_dump_function *device = pci_case_add(&pci, AT(0, 3, 0));

    pci_case_know(device, 256);
    put32(device, 0x04, 0x00100007);
    put32(device, 0x10, (uint32_t)DEVICE_MEMORY);
    device->bars[0].size = 0x4000;
    put32(device, 0x30, 0xFC000001);
    put32(device, 0x34, 0x70);
    put32(device, 0x70, 0x00030011);
    put32(device, 0x74, 0x00002000);
    put32(device, 0x78, 0x00003000);
}

static void add_behind(void)
{
    struct sim_dump_function *behind = pci_case_add(&pci, AT(1, 0, 0));

    put32(behind, 0x04, 0x00000007);
    put32(behind, 0x10, (uint32_t)BEHIND_MEMORY);
    behind->bars[0].size = 0x1000;
    put32(behind, 0x14, BEHIND_PORT | 1);
    behind->bars[1].size = 0x40;
    put32(behind, 0x18, 0x0000000C);
    put32(behind, 0x1C, 0x00000020);
    behind->bars[2].size = 0x100000;
}

/* 00:04.0 with two virtual functions, whose memory is at 2100000000h. [PCIe 6] 9.3.3 */
static void add_physical(void)
{
    struct sim_dump_function *physical = pci_case_add(&pci, AT(0, 4, 0));

    pci_case_know(physical, 4096);
    put32(physical, 0x04, 0x00100006);
    put32(physical, 0x34, 0x40);
    put32(physical, 0x40, 0x00020010);
    put32(physical, 0x100, 0x00010010);
    put32(physical, 0x108, 0x00000009);
    put32(physical, 0x10C, 0x00020002);
    put32(physical, 0x110, 0x00000002);
    put32(physical, 0x114, 0x00010001);
    put32(physical, 0x120, 0x00000001);
    put32(physical, 0x124, 0x0000000C);
    put32(physical, 0x128, 0x00000021);
}

/* Every test runs with both MMUs. */
static void open_machine(int mmu)
{
    struct sim_error error = {""};

    pci_case_init(&pci);
    add_bridge();
    add_device();
    add_physical();
    add_behind();
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    event_case_open_with(&topology, (enum sim_mmu_kind)mmu);
    findings_before = sim_machine_findings(machine)->count;
}

static void teardown(void)
{
    event_case_close();
    sim_pci_topology_free(&topology);
}

static uint32_t read32(uint64_t address)
{
    struct sim_registers registers = {.rdx = address};

    /* movl (%rdx), %eax */
    ck_assert_int_eq(EXECUTE(&registers, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    return (uint32_t)registers.rax;
}

static void write32(uint64_t address, uint32_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = address};

    /* movl %eax, (%rdx) */
    ck_assert_int_eq(EXECUTE(&registers, 0x89, 0x02).stop, SIM_STOP_RETURNED);
}

static uint64_t read64(uint64_t address)
{
    struct sim_registers registers = {.rdx = address};

    /* movq (%rdx), %rax */
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    return registers.rax;
}

static void write8(uint64_t address, uint8_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = address};

    /* movb %al, (%rdx) */
    ck_assert_int_eq(EXECUTE(&registers, 0x88, 0x02).stop, SIM_STOP_RETURNED);
}

static size_t findings(void)
{
    return sim_machine_findings(machine)->count - findings_before;
}

START_TEST(memory_reads_zero_and_keeps_what_is_written)
{
    open_machine(_i);
    ck_assert_uint_eq(read64(DEVICE_MEMORY + 0xFFC), 0);
    write32(DEVICE_MEMORY + 0xFFC, 0x44332211);
    write8(DEVICE_MEMORY + 0x1000, 0x55);
    ck_assert_uint_eq(read64(DEVICE_MEMORY + 0xFFC), 0x5544332211);
    ck_assert_uint_eq(read32(DEVICE_MEMORY + 0xFFE), 0x00554433);
    ck_assert_uint_eq(read32(BEHIND_MEMORY + 0xFFC), 0);
    ck_assert_uint_eq(findings(), 0);
}
END_TEST

START_TEST(memory_follows_the_base_address)
{
    open_machine(_i);
    write32(DEVICE_MEMORY + 8, 0x11223344);
    config_write(DEVICE, 0x10, 0xE1234567); /* 16 KiB: the low bits do not stay */
    ck_assert_uint_eq(read32(0xE1234008), 0x11223344);
    ck_assert_uint_eq(read32(DEVICE_MEMORY + 8), 0xFFFFFFFF);
    ck_assert_uint_eq(findings(), 1);
    config_write(DEVICE, 0x10, (uint32_t)DEVICE_MEMORY);
    ck_assert_uint_eq(read32(DEVICE_MEMORY + 8), 0x11223344);
}
END_TEST

START_TEST(nothing_answers_where_nothing_is)
{
    open_machine(_i);
    ck_assert_uint_eq(read32(0xD0000000), 0xFFFFFFFF);
    write32(0xD0000000, 0);
    ck_assert_uint_eq(read64(0xD0000000), UINT64_MAX);
    ck_assert_uint_eq(read32(DEVICE_MEMORY + 0x4000), 0xFFFFFFFF);
    ck_assert_uint_eq(read32(DEVICE_MEMORY - 4), 0xFFFFFFFF);
    ck_assert_uint_ge(findings(), 1);
}
END_TEST

START_TEST(command_lets_a_function_answer)
{
    open_machine(_i);
    write32(DEVICE_MEMORY, 1);
    config_write(DEVICE, 0x04, 0x00000005);
    ck_assert_uint_eq(read32(DEVICE_MEMORY), 0xFFFFFFFF);
    config_write(DEVICE, 0x04, 0x00000002);
    ck_assert_uint_eq(read32(DEVICE_MEMORY), 1);
}
END_TEST

START_TEST(bridges_pass_on_what_is_in_their_windows)
{
    open_machine(_i);
    write32(BEHIND_MEMORY, 0x01);
    write32(BEHIND_PREFETCH + 0xFFFFC, 0x02);
    ck_assert_uint_eq(read32(BEHIND_MEMORY), 0x01);
    ck_assert_uint_eq(read32(BEHIND_PREFETCH + 0xFFFFC), 0x02);
    config_write(BRIDGE, 0x20, 0xFE00FE10); /* closed: base above limit */
    ck_assert_uint_eq(read32(BEHIND_MEMORY), 0xFFFFFFFF);
    ck_assert_uint_eq(read32(BEHIND_PREFETCH + 0xFFFFC), 0x02);
    config_write(BRIDGE, 0x20, 0xFE00FE00);
    config_write(BRIDGE, 0x2C, 0x0000001F);
    ck_assert_uint_eq(read32(BEHIND_MEMORY), 0x01);
    ck_assert_uint_eq(read32(BEHIND_PREFETCH + 0xFFFFC), 0xFFFFFFFF);
    config_write(BRIDGE, 0x04, 0x00000005);
    ck_assert_uint_eq(read32(BEHIND_MEMORY), 0xFFFFFFFF);
}
END_TEST

/* inl %dx, %eax; outl %eax, %dx */
static uint32_t in32(uint16_t port)
{
    struct sim_registers registers = {.rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xED).stop, SIM_STOP_RETURNED);
    return (uint32_t)registers.rax;
}

static void out32(uint16_t port, uint32_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xEF).stop, SIM_STOP_RETURNED);
}

START_TEST(memory_of_virtual_functions_follows_the_physical_one)
{
    open_machine(_i);
    write32(VIRTUAL_MEMORY + 0x10, 0x11111111);
    write32(VIRTUAL_MEMORY + 0x1010, 0x22222222);
    ck_assert_uint_eq(read32(VIRTUAL_MEMORY + 0x10), 0x11111111);
    ck_assert_uint_eq(read32(VIRTUAL_MEMORY + 0x1010), 0x22222222);
    ck_assert_uint_eq(read32(VIRTUAL_MEMORY + 0x2010), 0xFFFFFFFF);
    write32(SIM_PCI_WINDOW_0 + (4 << 15) + 0x124, 0x00004000);
    ck_assert_uint_eq(read32(VIRTUAL_MEMORY + 0x5010), 0x22222222);
    write32(SIM_PCI_WINDOW_0 + (4 << 15) + 0x108, 0x00000000);
    write32(SIM_PCI_WINDOW_0 + (4 << 15) + 0x108, 0x00000009);
    ck_assert_uint_eq(read32(VIRTUAL_MEMORY + 0x5010), 0);
}
END_TEST

START_TEST(ports_follow_base_address_command_and_window)
{
    open_machine(_i);
    out32(BEHIND_PORT + 0x3C, 0xCAFE);
    ck_assert_uint_eq(in32(BEHIND_PORT + 0x3C), 0xCAFE);
    ck_assert_uint_eq(in32(BEHIND_PORT + 0x40), 0xFFFFFFFF);
    config_write(BEHIND, 0x14, 0xC400);
    ck_assert_uint_eq(in32(BEHIND_PORT + 0x3C), 0xFFFFFFFF);
    ck_assert_uint_eq(in32(0xC43C), 0xCAFE);
    config_write(BRIDGE, 0x3C, 0x00040000); /* ISA Enable takes C500h to C7FFh, not C400h */
    ck_assert_uint_eq(in32(0xC43C), 0xCAFE);
    config_write(BEHIND, 0x14, 0xC500);
    ck_assert_uint_eq(in32(0xC53C), 0xFFFFFFFF);
    config_write(BRIDGE, 0x3C, 0x00000000);
    ck_assert_uint_eq(in32(0xC53C), 0xCAFE);
    config_write(BRIDGE, 0x04, 0x00000006);
    ck_assert_uint_eq(in32(0xC53C), 0xFFFFFFFF);
}
END_TEST

START_TEST(ram_and_the_devices_of_the_board_come_first)
{
    open_machine(_i);
    poke(0x400000, 0x77);
    config_write(DEVICE, 0x10, 0x00400000);
    ck_assert_uint_eq(read32(0x400000), 0x77);
    config_write(DEVICE, 0x10, 0xFEC00000);
    write32(0xFEC00000, 1); /* the I/O APIC's index */
    ck_assert_uint_eq(read32(0xFEC00010) & 0xFF, 0x20);
}
END_TEST

START_TEST(a_rom_reads_ones_if_it_is_enabled)
{
    open_machine(_i);
    write32(0xFC000000, 0);
    ck_assert_uint_eq(read32(0xFC000000), 0xFFFFFFFF);
    ck_assert_uint_eq(findings(), 0);
    config_write(DEVICE, 0x30, 0xFC000000);
    ck_assert_uint_eq(read32(0xFC000000), 0xFFFFFFFF);
    ck_assert_uint_eq(findings(), 1);
}
END_TEST

/* Message 1 to vector 61h, masked or not. */
static void program_entry(uint32_t control)
{
    write32(DEVICE_TABLE + 0x10, 0xFEE00000);
    write32(DEVICE_TABLE + 0x14, 0);
    write32(DEVICE_TABLE + 0x18, 0x61);
    write32(DEVICE_TABLE + 0x1C, control);
}

START_TEST(msix_is_programmed_through_its_base_address)
{
    open_machine(_i);
    config_write(DEVICE, 0x70, 0x80000000);
    program_entry(0);
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x18), 0x61);
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x1C), 0);
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x2C), 1);
    ck_assert_uint_eq(read64(DEVICE_TABLE + 0x10), 0xFEE00000);
    ck_assert(sim_pci_host_raise(&pc.pci, AT(0, 3, 0), 1));
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x61, -1, CODE + 2);
    ck_assert_uint_eq(findings(), 0);
}
END_TEST

START_TEST(unmasking_an_entry_sends_what_is_pending)
{
    open_machine(_i);
    config_write(DEVICE, 0x70, 0x80000000);
    program_entry(1);
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(0, 3, 0), 1));
    ck_assert_uint_eq(read32(DEVICE_PENDING), 0x2);
    write32(DEVICE_PENDING, 0); /* read-only. 6.8.2.9 */
    ck_assert_uint_eq(read64(DEVICE_PENDING), 0x2);
    write32(DEVICE_TABLE + 0x1C, 0);
    ck_assert_uint_eq(read32(DEVICE_PENDING), 0);
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x61, -1, CODE + 2);
}
END_TEST

/* 6.8.2: only full doublewords and quadwords, aligned. */
START_TEST(narrow_accesses_to_a_table_are_lost_and_found)
{
    open_machine(_i);
    program_entry(0);
    write8(DEVICE_TABLE + 0x18, 0x99);
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x18), 0x61);
    ck_assert_uint_eq(findings(), 1);
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x1A), 0xFFFFFFFF);
    ck_assert_uint_eq(findings(), 2);
    write8(DEVICE_TABLE + 0x40, 0x99); /* behind the last of 4 entries */
    ck_assert_uint_eq(read32(DEVICE_TABLE + 0x40), 0x99);
    ck_assert_uint_eq(findings(), 2);
}
END_TEST

START_TEST(a_snapshot_brings_memory_back)
{
    struct sim_snapshot *snapshot = NULL;

    open_machine(_i);
    write32(DEVICE_MEMORY, 0x1111);
    snapshot = take_snapshot();
    for (unsigned int i = 0; i < 3; i++) {
        write32(DEVICE_MEMORY, 0x2222);
        write32(BEHIND_MEMORY + UINT64_C(0x10) * i, 0x3333); /* a page that was not there */
        restore_snapshot(snapshot);
        ck_assert_uint_eq(read32(DEVICE_MEMORY), 0x1111);
        ck_assert_uint_eq(read32(BEHIND_MEMORY + UINT64_C(0x10) * i), 0);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

/* A device of one register of 32 bits at each address: what was written last plus the offset. */
static uint32_t last;

static uint32_t read_register(void *device, uint64_t offset, unsigned int width)
{
    (void)width;
    return *(uint32_t *)device + (uint32_t)offset;
}

static void write_register(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)offset;
    (void)width;
    *(uint32_t *)device = value;
}

START_TEST(a_device_answers_behind_its_base_address)
{
    const struct sim_region device = {.name = "register",
                                      .read = read_register,
                                      .write = write_register,
                                      .device = &last,
                                      .widths = 4};
    struct sim_error error = {""};

    open_machine(_i);
    ck_assert_int_eq(sim_pci_host_serve(&pc.pci, AT(0, 3, 0), 0, &device, &error), 0);
    write32(DEVICE_MEMORY, 0x1000);
    ck_assert_uint_eq(read32(DEVICE_MEMORY + 0x20), 0x1020);
    config_write(DEVICE, 0x10, 0xE0000000);
    ck_assert_uint_eq(read32(0xE0001FFC), 0x2FFC);
    ck_assert_uint_eq(findings(), 0);
    write8(0xE0000000, 0);
    ck_assert_uint_eq(findings(), 1);
    ck_assert_uint_eq(read32(0xE0002000), 0); /* the table of MSI-X is not the device's */
}
END_TEST

START_TEST(a_device_needs_a_base_address)
{
    const struct sim_region device = {.name = "register", .read = read_register};
    struct sim_error error = {""};

    open_machine(_i);
    ck_assert_int_eq(sim_pci_host_serve(&pc.pci, AT(0, 3, 0), 1, &device, &error), -1);
    ck_assert_str_eq(error.text, "register: 0000:00:03.0 has no base address 1");
    ck_assert_int_eq(sim_pci_host_serve(&pc.pci, AT(0, 9, 0), 0, &device, &error), -1);
    for (unsigned int i = 0; i < 16; i++) {
        ck_assert_int_eq(sim_pci_host_serve(&pc.pci, AT(0, 3, 0), 0, &device, &error), 0);
    }
    ck_assert_int_eq(sim_pci_host_serve(&pc.pci, AT(0, 3, 0), 0, &device, &error), -1);
    ck_assert_str_eq(error.text, "register: more than 16 devices");
}
END_TEST

START_TEST(memory_that_is_used_up_says_so)
{
    open_machine(_i);
    config_write(BEHIND, 0x04, 0x00000003);
    for (uint64_t page = 0; page < SIM_PCI_MEMORY_PAGES; page++) {
        ck_assert(sim_pci_memory_write(topology.memory,
                                       (struct sim_pci_place){AT(1, 0, 0), 2, page * 4096}, 1, 1));
    }
    ck_assert_uint_eq(findings(), 0);
    write32(DEVICE_MEMORY, 1);
    ck_assert_uint_eq(read32(DEVICE_MEMORY), 0);
    ck_assert_uint_eq(findings(), 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_pci_memory");
    TCase *memory = tcase_create("memory");
    TCase *msix = tcase_create("MSI-X");
    TCase *devices = tcase_create("devices");

    tcase_add_checked_fixture(memory, NULL, teardown);
    tcase_add_loop_test(memory, memory_reads_zero_and_keeps_what_is_written, 0, 2);
    tcase_add_loop_test(memory, memory_follows_the_base_address, 0, 2);
    tcase_add_loop_test(memory, nothing_answers_where_nothing_is, 0, 2);
    tcase_add_loop_test(memory, command_lets_a_function_answer, 0, 2);
    tcase_add_loop_test(memory, bridges_pass_on_what_is_in_their_windows, 0, 2);
    tcase_add_loop_test(memory, memory_of_virtual_functions_follows_the_physical_one, 0, 2);
    tcase_add_loop_test(memory, ports_follow_base_address_command_and_window, 0, 2);
    tcase_add_loop_test(memory, ram_and_the_devices_of_the_board_come_first, 0, 2);
    tcase_add_loop_test(memory, a_rom_reads_ones_if_it_is_enabled, 0, 2);
    tcase_add_loop_test(memory, a_snapshot_brings_memory_back, 0, 2);
    tcase_add_loop_test(memory, memory_that_is_used_up_says_so, 0, 2);
    suite_add_tcase(suite, memory);

    tcase_add_checked_fixture(msix, NULL, teardown);
    tcase_add_loop_test(msix, msix_is_programmed_through_its_base_address, 0, 2);
    tcase_add_loop_test(msix, unmasking_an_entry_sends_what_is_pending, 0, 2);
    tcase_add_loop_test(msix, narrow_accesses_to_a_table_are_lost_and_found, 0, 2);
    suite_add_tcase(suite, msix);

    tcase_add_checked_fixture(devices, NULL, teardown);
    tcase_add_loop_test(devices, a_device_answers_behind_its_base_address, 0, 2);
    tcase_add_loop_test(devices, a_device_needs_a_base_address, 0, 2);
    suite_add_tcase(suite, devices);
    return suite;
}
