/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/machine/machine*.c: calls, execution, devices, memory. Faults: test_machine_fault.c. */
#include <string.h>

#include "sim/devices/debug_exit.h"
#include "tests/unit/machine_case.h"

static struct sim_error error;

START_TEST(ram_must_be_a_multiple_of_2_mib_up_to_3_gib)
{
    static const uint64_t sizes[] = {0, 0x100000, 0x200001, 0x300000, 0xC0200000, UINT64_MAX};

    ck_assert_ptr_null(sim_machine_create(sizes[_i], &error));
    ck_assert_ptr_nonnull(strstr(error.text, "2 MiB"));
}
END_TEST

START_TEST(a_thousand_machines_can_be_made)
{
    for (int i = 0; i < 1000; i++) {
        struct sim_machine *one = sim_machine_create(0x200000, &error);

        ck_assert_msg(one != NULL, "%s", error.text);
        sim_machine_destroy(one);
    }
    sim_machine_destroy(NULL);
}
END_TEST

START_TEST(the_boot_state_is_64_bit_mode_with_write_protection_and_no_execute)
{
    struct sim_registers registers = {0};

    EXECUTE(&registers, 0x0F, 0x20, 0xC0);
    ck_assert_uint_eq(registers.rax, 0x80010033);
    EXECUTE(&registers, 0x0F, 0x20, 0xE0);
    ck_assert_uint_eq(registers.rax, 0x620);
    registers.rcx = 0xC0000080;
    EXECUTE(&registers, 0x0F, 0x32);
    ck_assert_uint_eq(registers.rax, 0xD01);
    EXECUTE(&registers, 0x8C, 0xC8);
    ck_assert_uint_eq(registers.rax, 0x08);
    EXECUTE(&registers, 0x8C, 0xD0);
    ck_assert_uint_eq(registers.rax, 0x10);
    EXECUTE(&registers, 0x9C, 0x58); /* pushfq; popq %rax */
    ck_assert_uint_eq(registers.rax, 0x2);
}
END_TEST

START_TEST(registers_go_in_and_come_out)
{
    struct sim_registers registers = {.rax = 1, .rbx = 2, .rcx = 3, .rbp = 4, .r8 = 5, .r15 = 6};

    /* addq %rbx, %rax; addq %r15, %r8; xchgq %rcx, %rbp; stc */
    ck_assert_int_eq(
        EXECUTE(&registers, 0x48, 0x01, 0xD8, 0x4D, 0x01, 0xF8, 0x48, 0x87, 0xCD, 0xF9).stop,
        SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 3);
    ck_assert_uint_eq(registers.r8, 11);
    ck_assert_uint_eq(registers.rcx, 4);
    ck_assert_uint_eq(registers.rbp, 3);
    ck_assert_uint_eq(registers.rflags & 1, 1);
}
END_TEST

START_TEST(only_the_interrupt_flag_persists_between_runs)
{
    struct sim_registers registers = {0};

    EXECUTE(&registers, 0xFB, 0xFD, 0xF9); /* sti; std; stc */
    EXECUTE(&registers, 0x9C, 0x58);
    ck_assert_uint_eq(registers.rax, 0x202);
    EXECUTE(&registers, 0xFA);
    EXECUTE(&registers, 0x9C, 0x58);
    ck_assert_uint_eq(registers.rax, 0x2);
}
END_TEST

START_TEST(the_code_of_each_run_is_the_one_given)
{
    for (uint8_t i = 0; i < 200; i++) {
        struct sim_registers registers = {0};

        ck_assert_int_eq(EXECUTE(&registers, 0xB0, i).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, i);
    }
}
END_TEST

/* rdtsc; movl %eax, %ebx; movl %edx, %ecx; rdtsc */
#define READ_TIME_TWICE 0x0F, 0x31, 0x89, 0xC3, 0x89, 0xD1, 0x0F, 0x31

START_TEST(the_time_stamp_counter_rises_and_is_the_same_in_every_machine)
{
    struct sim_registers first = {.rax = UINT64_MAX, .rdx = UINT64_MAX};
    struct sim_registers second = first;

    ck_assert_int_eq(EXECUTE(&first, READ_TIME_TWICE).stop, SIM_STOP_RETURNED);
    ck_assert_uint_gt(first.rax, first.rbx);
    ck_assert_uint_eq(first.rcx, 0);
    ck_assert_uint_eq(first.rdx, 0);
    machine_case_close();
    machine_case_open();
    ck_assert_int_eq(EXECUTE(&second, READ_TIME_TWICE).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(second.rax, first.rax);
    ck_assert_uint_eq(second.rbx, first.rbx);
    ck_assert_int_eq(EXECUTE(&second, READ_TIME_TWICE).stop, SIM_STOP_RETURNED);
    ck_assert_uint_gt(second.rbx, first.rax);
}
END_TEST

START_TEST(rdtscp_gives_the_processors_number_too)
{
    struct sim_registers registers = {.rax = 7, .rcx = 0xC0000103}; /* IA32_TSC_AUX */

    ck_assert_int_eq(EXECUTE(&registers, 0x31, 0xD2, 0x0F, 0x30).stop, SIM_STOP_RETURNED);
    registers.rcx = UINT64_MAX;
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x31, 0x89, 0xC3, 0x0F, 0x01, 0xF9).stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rcx, 7);
    ck_assert_uint_gt(registers.rax, registers.rbx);
}
END_TEST

START_TEST(no_code_and_too_much_code_are_refused)
{
    uint8_t code[65] = {0};
    struct sim_registers registers = {0};

    ck_assert_int_eq(sim_machine_execute(machine, code, 0, &registers).stop, SIM_STOP_ENGINE);
    ck_assert_int_eq(sim_machine_execute(machine, code, 65, &registers).stop, SIM_STOP_ENGINE);
}
END_TEST

START_TEST(a_function_gets_six_arguments_and_returns_a_value)
{
    struct sim_result result;

    machine_case_load();
    result = sim_call(machine, "guest_weigh", 1, 2, 3, 4, 5, 6);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 654321);
    result = sim_call(machine, "guest_weigh", 7);
    ck_assert_uint_eq(result.value, 7);
}
END_TEST

START_TEST(data_is_loaded_and_bss_is_zero_again_after_the_next_load)
{
    for (int i = 0; i < 2; i++) {
        machine_case_load();
        ck_assert_uint_eq(sim_machine_call(machine, "guest_initialized", NULL, 0).value,
                          0x1122334455667788);
    }
}
END_TEST

START_TEST(code_the_host_changes_is_executed_once_the_old_is_forgotten)
{
    machine_case_load();
    ck_assert_uint_eq(sim_call(machine, "guest_weigh", 7).value, 7);
    poke(address_of("guest_weigh"), 0xC300000009B8); /* movl $9, %eax; ret */
    sim_machine_forget_code(machine);
    ck_assert_uint_eq(sim_call(machine, "guest_weigh", 7).value, 9);
    machine_case_load();
    ck_assert_uint_eq(sim_call(machine, "guest_weigh", 7).value, 7);
}
END_TEST

START_TEST(a_missing_function_is_named)
{
    struct sim_result result = sim_call(machine, "guest_weigh", 1);

    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
    machine_case_load();
    result = sim_call(machine, "no_such_function", 1);
    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
    ck_assert_str_eq(result.fault.reason, "no function no_such_function in the image");
    result = sim_call(machine, "guest_weigh", 1, 2, 3, 4, 5, 6, 7);
    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
}
END_TEST

START_TEST(hlt_inside_a_run_is_reported_as_halted)
{
    struct sim_result result = EXECUTE(NULL, 0xF4);

    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
}
END_TEST

START_TEST(the_budget_stops_every_kind_of_endless_loop)
{
    static const uint8_t loops[3][8] = {
        {0xEB, 0xFE},                                     /* 1: jmp 1b */
        {0xE8, 0x00, 0x00, 0x00, 0x00, 0x58, 0xEB, 0xF8}, /* 1: call 2f; 2: pop %rax; jmp 1b */
        {0x31, 0xC9, 0xFF, 0xC9, 0xF3, 0xA6, 0xEB, 0xF8}, /* ecx = -1; repe cmpsb; jmp 1b */
    };
    struct sim_registers registers = {.rsi = 0x300000, .rdi = 0x300000};
    struct sim_result result;

    sim_machine_set_budget(machine, 100000);
    result = sim_machine_execute(machine, loops[_i], _i == 0 ? 2 : 8, &registers);
    ck_assert_int_eq(result.stop, SIM_STOP_BUDGET);
    ck_assert_str_eq(result.fault.reason, "more than 100000 basic blocks");
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
}
END_TEST

START_TEST(the_budget_is_for_each_call_and_zero_is_no_limit)
{
    /* movl $1000, %ecx; 1: decl %ecx; jnz 1b */
    static const uint8_t loop[] = {0xB9, 0xE8, 0x03, 0x00, 0x00, 0xFF, 0xC9, 0x75, 0xFC};

    sim_machine_set_budget(machine, 1100);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(execute(loop, sizeof loop, NULL).stop, SIM_STOP_RETURNED);
    }
    sim_machine_set_budget(machine, 900);
    ck_assert_int_eq(execute(loop, sizeof loop, NULL).stop, SIM_STOP_BUDGET);
    sim_machine_set_budget(machine, 0);
    ck_assert_int_eq(execute(loop, sizeof loop, NULL).stop, SIM_STOP_RETURNED);
}
END_TEST

START_TEST(the_debug_exit_device_ends_the_run_with_2v_plus_1)
{
    struct sim_registers registers = {.rax = 0x10, .rdx = 0xF4};
    struct sim_result result;

    ck_assert_int_eq(sim_debug_exit_connect(machine, 0xF4, &error), 0);
    result = EXECUTE(&registers, 0xEE, 0x0F, 0x0B); /* outb %al, %dx; ud2 */
    ck_assert_int_eq(result.stop, SIM_STOP_EXITED);
    ck_assert_uint_eq(result.value, 33);
    registers.rax = 0xFFFFFFFF;
    ck_assert_uint_eq(EXECUTE(&registers, 0xEF).value, 0x1FFFFFFFF);
}
END_TEST

/* What a device was last asked. */
static struct {
    uint64_t offset;
    unsigned int width, count;
    uint32_t value;
} seen;

static uint32_t device_read(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    seen.offset = offset;
    seen.width = width;
    seen.count++;
    return 0x11223344 + seen.count;
}

static void device_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)device;
    seen.offset = offset;
    seen.width = width;
    seen.value = value;
    seen.count++;
}

static struct sim_region region_at(uint64_t base, uint64_t size)
{
    memset(&seen, 0, sizeof seen);
    return (struct sim_region){
        .name = "device", .base = base, .size = size, .read = device_read, .write = device_write};
}

START_TEST(ports_are_read_and_written_in_all_widths)
{
    static const uint8_t ins[3][2] = {{0xEC, 0x90}, {0x66, 0xED}, {0xED, 0x90}};
    static const uint8_t outs[3][2] = {{0xEE, 0x90}, {0x66, 0xEF}, {0xEF, 0x90}};
    static const uint64_t read[3] = {0xAAAAAAAAAAAAAA45, 0xAAAAAAAAAAAA3345, 0x11223345};
    static const uint32_t written[3] = {0xDD, 0xCCDD, 0xAABBCCDD};
    struct sim_region region = region_at(0x500, 8);
    struct sim_registers registers = {.rax = 0xAAAAAAAAAAAAAAAA, .rdx = 0x502};

    ck_assert_int_eq(sim_machine_add_ports(machine, &region, &error), 0);
    ck_assert_int_eq(execute(ins[_i], 2, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, read[_i]);
    ck_assert_uint_eq(seen.offset, 2);
    ck_assert_uint_eq(seen.width, 1u << _i);
    registers.rax = 0xAABBCCDD;
    ck_assert_int_eq(execute(outs[_i], 2, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(seen.value, written[_i]);
    ck_assert_uint_eq(seen.width, 1u << _i);
    ck_assert_uint_eq(seen.count, 2);
}
END_TEST

START_TEST(ports_nobody_serves_read_as_ones_of_the_width)
{
    struct sim_registers registers = {.rax = 0, .rdx = 0x507};
    struct sim_region region = region_at(0x500, 8);

    ck_assert_int_eq(sim_machine_add_ports(machine, &region, &error), 0);
    EXECUTE(&registers, 0x66, 0xED); /* 16 bits across the end of the range */
    ck_assert_uint_eq(registers.rax, 0xFFFF);
    EXECUTE(&registers, 0x66, 0xEF);
    registers.rdx = 0x4FF;
    registers.rax = 0;
    EXECUTE(&registers, 0xEC);
    ck_assert_uint_eq(registers.rax, 0xFF);
    ck_assert_uint_eq(seen.count, 0);
}
END_TEST

START_TEST(device_memory_is_read_and_written_in_all_widths)
{
    static const uint8_t loads[3][3] = {{0x8A, 0x02, 0x90}, {0x66, 0x8B, 0x02}, {0x8B, 0x02, 0x90}};
    static const uint8_t stores[3][3] = {
        {0x88, 0x02, 0x90}, {0x66, 0x89, 0x02}, {0x89, 0x02, 0x90}};
    static const uint64_t read[3] = {0x45, 0x3345, 0x11223345};
    static const uint32_t written[3] = {0xDD, 0xCCDD, 0xAABBCCDD};
    struct sim_region region = region_at(UINT64_C(0x4000000000), UINT64_C(256) << 20);
    struct sim_registers registers = {.rax = 0, .rdx = 0x400FFFFFFC};

    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error), 0);
    ck_assert_int_eq(execute(loads[_i], 3, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, read[_i]);
    ck_assert_uint_eq(seen.offset, 0xFFFFFFC);
    ck_assert_uint_eq(seen.width, 1u << _i);
    registers.rax = 0xAABBCCDD;
    ck_assert_int_eq(execute(stores[_i], 3, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(seen.value, written[_i]);
    ck_assert_uint_eq(seen.width, 1u << _i);
    ck_assert_uint_eq(seen.count, 2);
}
END_TEST

START_TEST(an_access_of_8_bytes_to_a_device_becomes_two_of_4)
{
    struct sim_region region = region_at(0x80000000, 4096);
    struct sim_registers registers = {.rdx = 0x80000010};

    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error), 0);
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0x1122334611223345);
    ck_assert_uint_eq(seen.count, 2);
    ck_assert_uint_eq(seen.offset, 0x14);
    ck_assert_uint_eq(seen.width, 4);
}
END_TEST

START_TEST(several_hundred_windows_of_256_mib_can_be_mapped)
{
    memset(&seen, 0, sizeof seen);
    for (uint64_t i = 0; i < 300; i++) {
        struct sim_region region = region_at((UINT64_C(64) << 30) + (i << 28), UINT64_C(1) << 28);

        ck_assert_msg(sim_machine_add_mmio(machine, &region, &error) == 0, "%s", error.text);
    }
    for (uint64_t i = 0; i < 300; i += 100) {
        struct sim_registers registers = {.rdx = (UINT64_C(64) << 30) + (i << 28) + 0x1230};

        ck_assert_int_eq(EXECUTE(&registers, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(seen.offset, 0x1230);
    }
}
END_TEST

START_TEST(regions_that_overlap_are_refused_with_both_names)
{
    static const struct {
        uint64_t base, size;
        int refused;
    } cases[] = {{0x4F8, 8, 0},     {0x508, 8, 0}, {0x4F8, 9, 1},     {0x507, 1, 1},
                 {0x400, 0x200, 1}, {0x503, 2, 1}, {0xFFFF, 1, 0},    {0xFFFF, 2, 1},
                 {0x10000, 1, 1},   {0x600, 0, 1}, {1, UINT64_MAX, 1}};
    struct sim_region first = region_at(0x500, 8);
    struct sim_region second = region_at(cases[_i].base, cases[_i].size);

    ck_assert_int_eq(sim_machine_add_ports(machine, &first, &error), 0);
    ck_assert_int_eq(sim_machine_add_ports(machine, &second, &error) != 0, cases[_i].refused);
}
END_TEST

START_TEST(device_memory_must_be_whole_pages_of_physical_addresses)
{
    static const struct {
        uint64_t base, size;
        int refused;
    } cases[] = {{0x1000000, 4096, 0},         {0xFFF000, 4096, 0},
                 {0x1000800, 4096, 1},         {0x1000000, 100, 1},
                 {UINT64_C(1) << 40, 4096, 1}, {(UINT64_C(1) << 40) - 4096, 4096, 0},
                 {0, UINT64_MAX - 4095, 1},    {UINT64_MAX - 4095, 4096, 1}};
    struct sim_region region = region_at(cases[_i].base, cases[_i].size);

    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error) != 0, cases[_i].refused);
}
END_TEST

START_TEST(a_device_lies_over_ram)
{
    struct sim_region region = region_at(0x300000, 4096);
    struct sim_registers registers = {.rax = 0x55, .rdx = 0x300010};

    poke(0x300010, 0x1111);
    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error), 0);
    ck_assert_int_eq(EXECUTE(&registers, 0x88, 0x02).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(seen.count, 1);
    ck_assert_uint_eq(seen.value, 0x55);
    ck_assert_uint_eq(peek(0x300010), 0x1111);
}
END_TEST

static uint32_t call_back(void *device, uint64_t offset, unsigned int width)
{
    struct sim_result *result = device;

    (void)offset;
    (void)width;
    *result = EXECUTE(NULL, 0x90);
    return 0;
}

START_TEST(a_device_cannot_call_the_guest_while_it_runs)
{
    struct sim_result nested;
    struct sim_region region = {.name = "nested",
                                .base = 0x500,
                                .size = 1,
                                .read = call_back,
                                .write = device_write,
                                .device = &nested};
    struct sim_registers registers = {.rdx = 0x500};

    ck_assert_int_eq(sim_machine_add_ports(machine, &region, &error), 0);
    ck_assert_int_eq(EXECUTE(&registers, 0xEC).stop, SIM_STOP_RETURNED);
    ck_assert_int_eq(nested.stop, SIM_STOP_ENGINE);
}
END_TEST

START_TEST(memory_that_is_not_there_reads_as_ones_and_is_a_finding)
{
    const struct sim_findings *findings = sim_machine_findings(machine);
    struct sim_registers registers = {.rdx = 0x1000018};

    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x89, 0x02).stop, SIM_STOP_RETURNED);
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, UINT64_MAX);
    ck_assert_uint_gt(findings->count, 0);
    ck_assert_int_eq(findings->list[0].kind, SIM_FINDING_BUS);
    ck_assert_str_eq(findings->list[0].text,
                     "access to physical address 0x1000018, where there is no RAM or device");
}
END_TEST

START_TEST(memory_that_is_not_there_stops_the_engine_s_own_mmu_with_its_address)
{
    static const uint8_t accesses[2][3] = {{0x48, 0x8B, 0x02}, {0x48, 0x89, 0x02}};
    static const char *const reasons[2] = {
        "8-byte read from physical address 0x1000000, where there is no RAM or device",
        "8-byte write to physical address 0x1000000, where there is no RAM or device"};
    const struct sim_machine_options options = {.ram_bytes = 0x1000000, .mmu = SIM_MMU_ENGINE};
    struct sim_machine *other = sim_machine_create_with(&options, &error);
    struct sim_registers registers = {.rdx = 0x1000000};
    struct sim_result result;

    ck_assert_ptr_nonnull(other);
    result = sim_machine_execute(other, accesses[_i], 3, &registers);
    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
    ck_assert_str_eq(result.fault.reason, reasons[_i]);
    sim_machine_destroy(other);
}
END_TEST

START_TEST(code_that_is_not_there_stops_the_engine_with_its_address)
{
    struct sim_registers registers = {.rdx = 0x1000000};
    struct sim_result result = EXECUTE(&registers, 0xFF, 0xE2);

    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
    ck_assert_str_eq(
        result.fault.reason,
        "1-byte fetch from physical address 0x1000000, where there is no RAM or device");
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
}
END_TEST

START_TEST(ram_pointers_and_addresses_agree)
{
    uint64_t physical = 0;
    uint8_t *ram = sim_machine_ram(machine, 0x123456, 8);

    ck_assert_ptr_nonnull(ram);
    ck_assert(sim_machine_ram_address(machine, ram, &physical));
    ck_assert_uint_eq(physical, 0x123456);
    ck_assert_ptr_nonnull(sim_machine_ram(machine, 0xFFFFFF, 1));
    ck_assert_ptr_null(sim_machine_ram(machine, 0xFFFFFF, 2));
    ck_assert_ptr_null(sim_machine_ram(machine, 8, UINT64_MAX));
    ck_assert_ptr_null(sim_machine_ram(machine, UINT64_MAX, 8));
    ck_assert(!sim_machine_ram_address(machine, &physical, &physical));
    ck_assert_uint_eq(sim_machine_ram_size(machine), 0x1000000);
    ck_assert_uint_eq(sim_machine_image_end(machine), 0x100000);
}
END_TEST

START_TEST(the_host_reads_through_the_guests_tables)
{
    uint64_t value = 0;

    poke(0x300FF8, 0x0807060504030201);
    poke(0x301000, 0x1817161514131211);
    map_unmapped(0x300000 | 0x1);
    ck_assert(sim_machine_read_linear(machine, UNMAPPED + 0xFF8, &value, 8));
    ck_assert_uint_eq(value, 0x0807060504030201);
    ck_assert(sim_machine_read_linear(machine, 0x300FFC, &value, 8));
    ck_assert_uint_eq(value, 0x1413121108070605);
    ck_assert(!sim_machine_read_linear(machine, UNMAPPED + 0xFF9, &value, 8));
    ck_assert(!sim_machine_read_linear(machine, 0, &value, 8));
    ck_assert_uint_eq(value, 0x1413121108070605);
    ck_assert_uint_eq(peek(0x202000), 0x300001); /* no Accessed bit */
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine");
    TCase *life = tcase_create("life");
    TCase *run = tcase_create("run");
    TCase *devices = tcase_create("devices");
    TCase *memory = tcase_create("memory");

    tcase_add_loop_test(life, ram_must_be_a_multiple_of_2_mib_up_to_3_gib, 0, 6);
    tcase_add_test(life, a_thousand_machines_can_be_made);
    tcase_set_timeout(life, 50);
    suite_add_tcase(suite, life);

    tcase_add_checked_fixture(run, machine_case_open, machine_case_close);
    tcase_add_test(run, the_boot_state_is_64_bit_mode_with_write_protection_and_no_execute);
    tcase_add_test(run, registers_go_in_and_come_out);
    tcase_add_test(run, only_the_interrupt_flag_persists_between_runs);
    tcase_add_test(run, the_code_of_each_run_is_the_one_given);
    tcase_add_test(run, the_time_stamp_counter_rises_and_is_the_same_in_every_machine);
    tcase_add_test(run, rdtscp_gives_the_processors_number_too);
    tcase_add_test(run, no_code_and_too_much_code_are_refused);
    tcase_add_test(run, a_function_gets_six_arguments_and_returns_a_value);
    tcase_add_test(run, data_is_loaded_and_bss_is_zero_again_after_the_next_load);
    tcase_add_test(run, code_the_host_changes_is_executed_once_the_old_is_forgotten);
    tcase_add_test(run, a_missing_function_is_named);
    tcase_add_test(run, hlt_inside_a_run_is_reported_as_halted);
    tcase_add_loop_test(run, the_budget_stops_every_kind_of_endless_loop, 0, 3);
    tcase_add_test(run, the_budget_is_for_each_call_and_zero_is_no_limit);
    suite_add_tcase(suite, run);

    tcase_add_checked_fixture(devices, machine_case_open, machine_case_close);
    tcase_set_timeout(devices, 30);
    tcase_add_test(devices, the_debug_exit_device_ends_the_run_with_2v_plus_1);
    tcase_add_loop_test(devices, ports_are_read_and_written_in_all_widths, 0, 3);
    tcase_add_test(devices, ports_nobody_serves_read_as_ones_of_the_width);
    tcase_add_loop_test(devices, device_memory_is_read_and_written_in_all_widths, 0, 3);
    tcase_add_test(devices, an_access_of_8_bytes_to_a_device_becomes_two_of_4);
    tcase_add_test(devices, several_hundred_windows_of_256_mib_can_be_mapped);
    tcase_add_loop_test(devices, regions_that_overlap_are_refused_with_both_names, 0, 11);
    tcase_add_test(devices, a_device_lies_over_ram);
    tcase_add_loop_test(devices, device_memory_must_be_whole_pages_of_physical_addresses, 0, 8);
    tcase_add_test(devices, a_device_cannot_call_the_guest_while_it_runs);
    suite_add_tcase(suite, devices);

    tcase_add_checked_fixture(memory, machine_case_open, machine_case_close);
    tcase_add_test(memory, memory_that_is_not_there_reads_as_ones_and_is_a_finding);
    tcase_add_loop_test(memory,
                        memory_that_is_not_there_stops_the_engine_s_own_mmu_with_its_address, 0, 2);
    tcase_add_test(memory, code_that_is_not_there_stops_the_engine_with_its_address);
    tcase_add_test(memory, ram_pointers_and_addresses_agree);
    tcase_add_test(memory, the_host_reads_through_the_guests_tables);
    suite_add_tcase(suite, memory);
    return suite;
}
