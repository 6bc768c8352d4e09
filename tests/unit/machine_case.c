/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See machine_case.h. Tables are typed from the manual, bit by bit. */
#include "tests/unit/machine_case.h"

#include <string.h>

#include "sim/boot/image.h"

struct sim_machine *machine;

static void open_with(enum sim_mmu_kind mmu)
{
    const struct sim_machine_options options = {.ram_bytes = UINT64_C(16) << 20, .mmu = mmu};
    struct sim_error error = {""};

    machine = sim_machine_create_with(&options, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
}

void machine_case_open(void)
{
    open_with(SIM_MMU_OWN);
}

void machine_case_open_engine(void)
{
    open_with(SIM_MMU_ENGINE);
}

void machine_case_close(void)
{
    sim_machine_destroy(machine);
    machine = NULL;
}

void machine_case_load(void)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_machine_load(machine, UNIT_GUEST, &error) == 0, "%s", error.text);
}

struct sim_result execute(const uint8_t *code, size_t size, struct sim_registers *registers)
{
    struct sim_registers unused = {0};

    return sim_machine_execute(machine, code, size, registers == NULL ? &unused : registers);
}

void check_fault(const struct sim_result *result, unsigned int vector, int64_t error_code)
{
    char text[1024];

    sim_result_describe(result, text, sizeof text);
    ck_assert_msg(result->stop == SIM_STOP_FAULT && result->fault.vector == vector,
                  "expected vector %u: %s", vector, text);
    ck_assert_msg(result->fault.has_error_code == (error_code >= 0), "%s", text);
    if (error_code >= 0) {
        ck_assert_msg(result->fault.error_code == (uint32_t)error_code,
                      "expected error code 0x%x: %s", (unsigned int)error_code, text);
    }
}

uint64_t peek(uint64_t physical)
{
    uint64_t value = 0;

    memcpy(&value, sim_machine_ram(machine, physical, sizeof value), sizeof value);
    return value;
}

void poke(uint64_t physical, uint64_t value)
{
    memcpy(sim_machine_ram(machine, physical, sizeof value), &value, sizeof value);
}

uint64_t address_of(const char *symbol)
{
    struct sim_error error;
    struct sim_image *image = sim_image_open(UNIT_GUEST, &error);
    uint64_t address = 0;

    ck_assert_msg(image != NULL, "%s", error.text);
    ck_assert_msg(sim_image_find_symbol(image, symbol, &address), "no %s", symbol);
    sim_image_close(image);
    return address;
}

void map_unmapped(uint64_t entry)
{
    struct sim_registers registers = {0};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x20, 0xD8).stop, SIM_STOP_RETURNED);
    poke(registers.rax + 8, 0x200007); /* present, writable, user */
    poke(0x200000, 0x201007);
    poke(0x201000, 0x202007);
    poke(0x202000, entry);
}

void set_gate(unsigned int vector, uint64_t handler, uint64_t attributes)
{
    poke(IDT_BASE + UINT64_C(16) * vector,
         (handler & 0xFFFF) | attributes | (handler & 0xFFFF0000) << 32);
    poke(IDT_BASE + UINT64_C(16) * vector + 8, handler >> 32);
}

void load_idt(uint16_t limit)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};

    poke(registers.rdi, limit | IDT_BASE << 16);
    poke(registers.rdi + 8, IDT_BASE >> 48);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x01, 0x1F).stop, SIM_STOP_RETURNED);
}

void load_tss(uint16_t limit)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine), .rax = 0x28};
    uint64_t gdt = 0;

    /* sgdt (%rdi); then a longer limit for the same GDT: two more entries fit its page */
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x01, 0x07).stop, SIM_STOP_RETURNED);
    gdt = peek(registers.rdi + 2);
    poke(gdt + 0x28, limit | TSS_BASE << 16 | UINT64_C(0x89) << 40);
    poke(gdt + 0x30, 0);
    poke(registers.rdi, 0x37 | gdt << 16);
    poke(registers.rdi + 8, gdt >> 48);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x01, 0x17).stop, SIM_STOP_RETURNED);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x00, 0xD8).stop, SIM_STOP_RETURNED);
}

void allow_user(uint64_t rsp0)
{
    struct sim_registers registers = {0};
    uint64_t pml4 = 0;
    uint64_t pdpt = 0;
    uint64_t pd = 0;

    EXECUTE(&registers, 0x0F, 0x20, 0xD8);
    pml4 = registers.rax;
    pdpt = peek(pml4) & ~UINT64_C(0xFFF);
    pd = peek(pdpt) & ~UINT64_C(0xFFF);
    poke(pml4, peek(pml4) | 4);
    poke(pdpt, peek(pdpt) | 4);
    for (uint64_t i = 1; i < 8; i++) {
        poke(pd + 8 * i, peek(pd + 8 * i) | 4);
    }
    registers.rax = pml4;
    EXECUTE(&registers, 0x0F, 0x22, 0xD8);
    poke(TSS_BASE + 4, rsp0);
    load_tss(103);
    /* present, DPL 3, interrupt gate; selector 0x08 */
    set_gate(0x80, address_of("guest_handler_leave"), (UINT64_C(0xEE00) << 32) | 0x80000);
}
