/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/machine/seam.c: every instruction of the hosted insn.h does what its name says. */
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/insn.h"
#include "sim/machine/seam.h"
#include "tests/unit/machine_case.h"
#include "tests/unit/seam_case.h"

jmp_buf escape;
struct sim_result stopped;
uint64_t last_port_write;

static void on_stop(void *context, const struct sim_result *result)
{
    ck_assert_ptr_eq(context, &escape);
    stopped = *result;
    longjmp(escape, 1);
}

static uint32_t port_read(void *device, uint64_t offset, unsigned int width)
{
    (void)device;
    return (uint32_t)(0xC0DE0000 + 0x100 * offset + width);
}

static void port_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    (void)device;
    last_port_write = (uint64_t)width << 56 | offset << 48 | value;
}

static void open_seam(void)
{
    const struct sim_region region = {
        .name = "ports", .base = 0x500, .size = 16, .read = port_read, .write = port_write};
    struct sim_error error;

    machine_case_open();
    ck_assert_int_eq(sim_machine_add_ports(machine, &region, &error), 0);
    memset(&stopped, 0, sizeof stopped);
    sim_seam_use(machine, on_stop, &escape);
}

static void close_seam(void)
{
    sim_seam_use(NULL, NULL, NULL);
    machine_case_close();
}

static void test_in8(void)
{
    ck_assert_uint_eq(dd_in8(0x503), 0x01);
}

static void test_in16(void)
{
    ck_assert_uint_eq(dd_in16(0x503), 0x0302);
}

static void test_in32(void)
{
    ck_assert_uint_eq(dd_in32(0x503), 0xC0DE0304);
}

static void test_out8(void)
{
    dd_out8(0x504, 0xAB);
    ck_assert_uint_eq(last_port_write, 0x01040000000000AB);
}

static void test_out16(void)
{
    dd_out16(0x504, 0xABCD);
    ck_assert_uint_eq(last_port_write, 0x020400000000ABCD);
}

static void test_out32(void)
{
    dd_out32(0x504, 0xABCDEF01);
    ck_assert_uint_eq(last_port_write, 0x04040000ABCDEF01);
}

/* Loads end with RAM, so that one that is too wide does not complete. */
static void test_read8(void)
{
    poke(0xFFFFF8, 0x8877665544332211);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(0xFFFFFF)), 0x88);
}

static void test_read16(void)
{
    poke(0xFFFFF8, 0x8877665544332211);
    ck_assert_uint_eq(dd_mmio_read16(dd_vaddr_from(0xFFFFFE)), 0x8877);
}

static void test_read32(void)
{
    poke(0xFFFFF8, 0x8877665544332211);
    ck_assert_uint_eq(dd_mmio_read32(dd_vaddr_from(0xFFFFFC)), 0x88776655);
}

static void test_read64(void)
{
    poke(0xFFFFF8, 0x8877665544332211);
    ck_assert_uint_eq(dd_mmio_read64(dd_vaddr_from(0xFFFFF8)), 0x8877665544332211);
}

static void test_write8(void)
{
    poke(0x300000, UINT64_MAX);
    dd_mmio_write8(dd_vaddr_from(0x300001), 0xAB);
    ck_assert_uint_eq(peek(0x300000), 0xFFFFFFFFFFFFABFF);
}

static void test_write16(void)
{
    poke(0x300000, UINT64_MAX);
    dd_mmio_write16(dd_vaddr_from(0x300002), 0xABCD);
    ck_assert_uint_eq(peek(0x300000), 0xFFFFFFFFABCDFFFF);
}

static void test_write32(void)
{
    poke(0x300000, UINT64_MAX);
    dd_mmio_write32(dd_vaddr_from(0x300004), 0xABCDEF01);
    ck_assert_uint_eq(peek(0x300000), 0xABCDEF01FFFFFFFF);
}

static void test_write64(void)
{
    poke(0x300000, UINT64_MAX);
    dd_mmio_write64(dd_vaddr_from(0x300000), 0x0123456789ABCDEF);
    ck_assert_uint_eq(peek(0x300000), 0x0123456789ABCDEF);
}

static void test_read_cr0(void)
{
    ck_assert_uint_eq(dd_read_cr0(), 0x80010033);
}

static void test_read_cr2(void)
{
    if (setjmp(escape) == 0) {
        (void)dd_mmio_read8(dd_vaddr_from(UNMAPPED + 0x18));
    }
    check_fault(&stopped, 14, 0);
    ck_assert_uint_eq(dd_read_cr2(), UNMAPPED + 0x18);
}

static void test_read_cr3(void)
{
    ck_assert_uint_eq(dd_read_cr3(), 0x1000);
}

static void test_read_cr4(void)
{
    ck_assert_uint_eq(dd_read_cr4(), 0x620);
}

static void test_write_cr0(void)
{
    dd_write_cr0(0x80000033);
    ck_assert_uint_eq(dd_read_cr0(), 0x80000033);
}

static void test_write_cr3(void)
{
    memcpy(sim_machine_ram(machine, 0x300000, 4096), sim_machine_ram(machine, 0x1000, 4096), 4096);
    dd_write_cr3(0x300000);
    ck_assert_uint_eq(dd_read_cr3(), 0x300000);
}

static void test_write_cr4(void)
{
    dd_write_cr4(0x6A0);
    ck_assert_uint_eq(dd_read_cr4(), 0x6A0);
}

static void test_rdmsr(void)
{
    ck_assert_uint_eq(dd_rdmsr(0xC0000080), 0xD01);
}

static void test_wrmsr(void)
{
    dd_wrmsr(0xC0000102, 0x0000334455667788); /* KERNEL_GS_BASE */
    ck_assert_uint_eq(dd_rdmsr(0xC0000102), 0x0000334455667788);
}

static void test_invlpg(void)
{
    poke(0x300000, 1);
    poke(0x301000, 2);
    map_unmapped(0x300003);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 1);
    poke(0x202000, 0x301003);
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 1);
    dd_invlpg(dd_vaddr_from(UNMAPPED));
    ck_assert_uint_eq(dd_mmio_read8(dd_vaddr_from(UNMAPPED)), 2);
}

static void test_lgdt(void)
{
    struct dd_table_register table = {0x37, {(uintptr_t)sim_machine_ram(machine, 0x5000, 8)}};
    struct sim_registers registers = {.rdi = 0x300000};

    dd_lgdt(&table);
    EXECUTE(&registers, 0x0F, 0x01, 0x07);
    ck_assert_uint_eq(peek(0x300000), 0x50000037); /* the machine's address */
    dd_write_ss(0x10);
}

static void test_sgdt(void)
{
    struct dd_table_register table = {0, {0}};
    uintptr_t pointer = (uintptr_t)sim_machine_ram(machine, 0x5000, 8);

    dd_sgdt(&table);
    ck_assert_uint_eq(table.base.raw, 0x5000);
    ck_assert_uint_eq(table.limit, 0x27);
    table.base = dd_vaddr_from(pointer);
    dd_lgdt(&table);
    table.base = dd_vaddr_from(0);
    dd_sgdt(&table);
    ck_assert_uint_eq(table.base.raw, pointer);
}

static void test_lidt(void)
{
    struct dd_table_register table = {0xFFF, {0xFFFF800012345678}};
    struct sim_registers registers = {.rdi = 0x300000};

    dd_lidt(&table);
    EXECUTE(&registers, 0x0F, 0x01, 0x0F);
    ck_assert_uint_eq(peek(0x300000), 0x8000123456780FFF);
    ck_assert_uint_eq(peek(0x300002), 0xFFFF800012345678);
}

static void test_sidt_after_a_load_by_address(void)
{
    struct dd_table_register table = {0xFFF, {(uintptr_t)sim_machine_ram(machine, 0x300000, 1)}};

    dd_lidt(&table);
    load_idt(0x7FF); /* the guest's own LIDT */
    dd_sidt(&table);
    ck_assert_uint_eq(table.limit, 0x7FF);
    ck_assert_uint_eq(table.base.raw, IDT_BASE);
}

static void test_sidt(void)
{
    struct dd_table_register table = {0xFFFF, {1}};

    dd_sidt(&table);
    ck_assert_uint_eq(table.limit, 0);
    ck_assert_uint_eq(table.base.raw, 0);
    test_sidt_after_a_load_by_address();
}

static void test_ltr(void)
{
    load_tss(103);
    poke(0x5028, peek(0x5028) & ~(UINT64_C(2) << 40)); /* not busy */
    dd_ltr(0x28);
    ck_assert_uint_eq((peek(0x5028) >> 40) & 0xF, 0xB); /* busy now */
}

static void test_str(void)
{
    ck_assert_uint_eq(dd_str(), 0);
    load_tss(103);
    ck_assert_uint_eq(dd_str(), 0x28);
}

static void test_read_cs(void)
{
    ck_assert_uint_eq(dd_read_cs(), 0x08);
}

static void test_read_ss(void)
{
    ck_assert_uint_eq(dd_read_ss(), 0x10);
}

static void test_write_cs(void)
{
    load_tss(103);
    poke(0x5030, 0x00AF9B000000FFFF);
    dd_write_cs(0x30);
    ck_assert_uint_eq(dd_read_cs(), 0x30);
}

static void test_write_ss(void)
{
    dd_write_ss(0);
    ck_assert_uint_eq(dd_read_ss(), 0);
}

static void test_write_ds(void)
{
    struct sim_registers registers = {0};

    dd_write_ds(0x1B);
    EXECUTE(&registers, 0x8C, 0xD8);
    ck_assert_uint_eq(registers.rax, 0x1B);
}

static void test_write_es(void)
{
    struct sim_registers registers = {0};

    dd_write_es(0x1B);
    EXECUTE(&registers, 0x8C, 0xC0);
    ck_assert_uint_eq(registers.rax, 0x1B);
}

static void test_int3(void)
{
    if (setjmp(escape) == 0) {
        dd_int3();
    }
    check_fault(&stopped, 3, -1);
}

static uint64_t flags(void)
{
    struct sim_registers registers = {0};

    EXECUTE(&registers, 0x9C, 0x58);
    return registers.rax;
}

static void test_cli(void)
{
    dd_sti();
    dd_cli();
    ck_assert_uint_eq(flags() & 0x200, 0);
}

static void test_sti(void)
{
    dd_sti();
    ck_assert_uint_eq(flags() & 0x200, 0x200);
}

static void test_hlt(void)
{
    if (setjmp(escape) == 0) {
        dd_hlt();
    }
    ck_assert_int_eq(stopped.stop, SIM_STOP_HALTED);
}

static void test_pause(void)
{
    dd_pause();
}

static void test_cpuid(void)
{
    struct dd_cpuid leaf = dd_cpuid(0, 0);

    ck_assert_uint_eq(leaf.ebx, 0x756E6547); /* "Genu", "ineI", "ntel" */
    ck_assert_uint_eq(leaf.edx, 0x49656E69);
    ck_assert_uint_eq(leaf.ecx, 0x6C65746E);
    leaf = dd_cpuid(0x80000008, 0);
    ck_assert_uint_eq(leaf.eax & 0xFF, 40);
}

static const struct seam_test basic_tests[] = {
    {DD_HOSTED_IN8, test_in8},
    {DD_HOSTED_IN16, test_in16},
    {DD_HOSTED_IN32, test_in32},
    {DD_HOSTED_OUT8, test_out8},
    {DD_HOSTED_OUT16, test_out16},
    {DD_HOSTED_OUT32, test_out32},
    {DD_HOSTED_READ8, test_read8},
    {DD_HOSTED_READ16, test_read16},
    {DD_HOSTED_READ32, test_read32},
    {DD_HOSTED_READ64, test_read64},
    {DD_HOSTED_WRITE8, test_write8},
    {DD_HOSTED_WRITE16, test_write16},
    {DD_HOSTED_WRITE32, test_write32},
    {DD_HOSTED_WRITE64, test_write64},
    {DD_HOSTED_READ_CR0, test_read_cr0},
    {DD_HOSTED_READ_CR2, test_read_cr2},
    {DD_HOSTED_READ_CR3, test_read_cr3},
    {DD_HOSTED_READ_CR4, test_read_cr4},
    {DD_HOSTED_WRITE_CR0, test_write_cr0},
    {DD_HOSTED_WRITE_CR3, test_write_cr3},
    {DD_HOSTED_WRITE_CR4, test_write_cr4},
    {DD_HOSTED_RDMSR, test_rdmsr},
    {DD_HOSTED_WRMSR, test_wrmsr},
    {DD_HOSTED_INVLPG, test_invlpg},
    {DD_HOSTED_LGDT, test_lgdt},
    {DD_HOSTED_SGDT, test_sgdt},
    {DD_HOSTED_LIDT, test_lidt},
    {DD_HOSTED_SIDT, test_sidt},
    {DD_HOSTED_LTR, test_ltr},
    {DD_HOSTED_STR, test_str},
    {DD_HOSTED_READ_CS, test_read_cs},
    {DD_HOSTED_READ_SS, test_read_ss},
    {DD_HOSTED_WRITE_CS, test_write_cs},
    {DD_HOSTED_WRITE_SS, test_write_ss},
    {DD_HOSTED_WRITE_DS, test_write_ds},
    {DD_HOSTED_WRITE_ES, test_write_es},
    {DD_HOSTED_INT3, test_int3},
    {DD_HOSTED_CLI, test_cli},
    {DD_HOSTED_STI, test_sti},
    {DD_HOSTED_HLT, test_hlt},
    {DD_HOSTED_PAUSE, test_pause},
    {DD_HOSTED_CPUID, test_cpuid},
    {DD_HOSTED_INSN_COUNT, NULL},
};

static const struct seam_test *find_in(const struct seam_test *list, enum dd_hosted_insn insn)
{
    while (list->run != NULL && list->insn != insn) {
        list++;
    }
    return list->run == NULL ? NULL : list;
}

static const struct seam_test *find_test(enum dd_hosted_insn insn)
{
    static const struct seam_test *const lists[] = {basic_tests, seam_state_tests,
                                                    seam_system_tests, seam_other_tests};
    const struct seam_test *found = NULL;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && found == NULL; i++) {
        found = find_in(lists[i], insn);
    }
    return found;
}

START_TEST(every_instruction_does_what_its_name_says)
{
    const struct seam_test *test = find_test((enum dd_hosted_insn)_i);

    ck_assert_msg(test != NULL, "instruction %d has no test", _i);
    test->run();
}
END_TEST

START_TEST(a_fault_inside_an_instruction_goes_to_the_callback)
{
    static const uint64_t address = UNMAPPED;

    for (int i = 0; i < 3; i++) {
        memset(&stopped, 0, sizeof stopped);
        if (setjmp(escape) == 0) {
            dd_mmio_write32(dd_vaddr_from(address), 1);
            ck_abort_msg("the store completed");
        }
        check_fault(&stopped, 14, 2);
        ck_assert_uint_eq(stopped.fault.cr2, UNMAPPED);
    }
}
END_TEST

static void return_from_stop(void *context, const struct sim_result *result)
{
    (void)context;
    (void)result;
}

START_TEST(a_callback_that_returns_ends_the_program)
{
    sim_seam_use(machine, return_from_stop, NULL);
    dd_int3();
}
END_TEST

START_TEST(an_instruction_without_a_machine_ends_the_program)
{
    sim_seam_use(NULL, NULL, NULL);
    dd_cli();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("seam");
    TCase *instructions = tcase_create("instructions");
    TCase *stops = tcase_create("stops");

    tcase_add_checked_fixture(instructions, open_seam, close_seam);
    tcase_add_loop_test(instructions, every_instruction_does_what_its_name_says, 0,
                        DD_HOSTED_INSN_COUNT);
    suite_add_tcase(suite, instructions);

    tcase_add_checked_fixture(stops, open_seam, close_seam);
    tcase_add_test(stops, a_fault_inside_an_instruction_goes_to_the_callback);
    tcase_add_test_raise_signal(stops, a_callback_that_returns_ends_the_program, 6);
    tcase_add_test_raise_signal(stops, an_instruction_without_a_machine_ends_the_program, 6);
    suite_add_tcase(suite, stops);
    return suite;
}
