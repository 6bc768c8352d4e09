/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A processor as plain data; see delivery_case.h. */
#include "tests/unit/delivery_case.h"

#include <stdlib.h>
#include <string.h>

enum {
    RAM_SIZE = 0x200000,
    PML4_AT = 0x1000,
    PDPT_AT = 0x2000,
    PD_AT = 0x3000,
    PT_AT = 0x4000,
};

struct sim_memory ram;
struct sim_cpu cpu;
struct sim_task task;
struct sim_delivery_reason reason;

static unsigned char remembered[sizeof cpu];

uint64_t get64(uint64_t address)
{
    uint64_t value = 0;

    memcpy(&value, ram.bytes + address, sizeof value);
    return value;
}

uint32_t get32(uint64_t address)
{
    return (uint32_t)get64(address);
}

uint16_t get16(uint64_t address)
{
    return (uint16_t)get64(address);
}

void put64(uint64_t address, uint64_t value)
{
    memcpy(ram.bytes + address, &value, sizeof value);
}

void put32(uint64_t address, uint32_t value)
{
    memcpy(ram.bytes + address, &value, sizeof value);
}

void put16(uint64_t address, uint16_t value)
{
    memcpy(ram.bytes + address, &value, sizeof value);
}

void set_descriptor(uint16_t selector, uint64_t descriptor)
{
    put64(GDT_AT + (selector & 0xFFF8u), descriptor);
}

void set_page(uint64_t linear, uint64_t entry)
{
    put64(PT_AT + 8 * (linear >> 12), entry);
}

void set_gate64(unsigned int vector, uint64_t handler, uint16_t selector, uint8_t access,
                uint8_t ist)
{
    uint64_t gate = IDT_AT + UINT64_C(16) * vector;

    put16(gate, (uint16_t)handler);
    put16(gate + 2, selector);
    put16(gate + 4, (uint16_t)(access << 8 | ist));
    put16(gate + 6, (uint16_t)(handler >> 16));
    put64(gate + 8, handler >> 32);
}

void set_gate32(unsigned int vector, uint32_t handler, uint16_t selector, uint8_t access)
{
    uint64_t gate = IDT_AT + UINT64_C(8) * vector;

    put16(gate, (uint16_t)handler);
    put16(gate + 2, selector);
    put16(gate + 4, (uint16_t)(access << 8));
    put16(gate + 6, (uint16_t)(handler >> 16));
}

static void make_ram(void)
{
    ram = (struct sim_memory){.bytes = calloc(1, RAM_SIZE), .size = RAM_SIZE};
    ck_assert_ptr_nonnull(ram.bytes);
    set_descriptor(KERNEL_CODE, 0x00AF9B000000FFFF);
    set_descriptor(KERNEL_DATA, 0x00CF93000000FFFF);
    set_descriptor(USER_DATA, 0x00CFF3000000FFFF);
    set_descriptor(USER_CODE, 0x00AFFB000000FFFF);
    set_descriptor(USER_CODE_32, 0x00CFFB000000FFFF);
    set_descriptor(KERNEL_CODE_32, 0x00CF9B000000FFFF);
    set_descriptor(CONFORMING_CODE, 0x00AF9F000000FFFF);
}

void long_mode_open(void)
{
    make_ram();
    put64(PML4_AT, PDPT_AT | 7);
    put64(PDPT_AT, PD_AT | 7);
    put64(PD_AT, PT_AT | 7);
    for (uint64_t page = 0; page < RAM_SIZE; page += 4096) {
        set_page(page, page | 3);
    }
    put64(TSS_AT + 4, RSP0_STACK);
    put64(TSS_AT + 36, IST1_STACK);
    cpu = (struct sim_cpu){
        .rip = 0x8000,
        .rsp = KERNEL_STACK,
        .rflags = 0x202,
        .cr0 = 0x80010011, /* PG, WP, ET, PE */
        .cr3 = PML4_AT,
        .cr4 = 0x20,   /* PAE */
        .efer = 0xD01, /* NXE, LMA, LME, SCE */
        .cs = KERNEL_CODE,
        .ss = KERNEL_DATA,
        .tr = SPARE_2,
        .code = SIM_WIDTH_64,
        .stack = SIM_WIDTH_64,
        .gdt = {GDT_AT, 0x7F},
        .idt = {IDT_AT, 0xFFF},
        .tss = {TSS_AT, 0x67},
        .physical_bits = 39,
    };
}

void protected_mode_open(void)
{
    make_ram();
    put32(TSS_AT + 4, RSP0_STACK);
    put16(TSS_AT + 8, KERNEL_DATA);
    cpu = (struct sim_cpu){
        .rip = 0x8000,
        .rsp = KERNEL_STACK,
        .rflags = 0x202,
        .cr0 = 0x11, /* ET, PE */
        .cs = KERNEL_CODE_32,
        .ss = KERNEL_DATA,
        .tr = SPARE_2,
        .code = SIM_WIDTH_32,
        .stack = SIM_WIDTH_32,
        .gdt = {GDT_AT, 0x7F},
        .idt = {IDT_AT, 0x7FF},
        .tss = {TSS_AT, 0x67},
        .physical_bits = 39,
    };
}

void real_mode_open(void)
{
    make_ram();
    cpu = (struct sim_cpu){
        .rip = 0x1234,
        .rsp = 0x8000,
        .rflags = 0x202,
        .cr0 = 0x10, /* ET */
        .cs = 0x0703,
        .ss = 0x3000,
        .code = SIM_WIDTH_16,
        .stack = SIM_WIDTH_16,
        .idt = {0, 0x3FF},
        .physical_bits = 39,
    };
}

void delivery_case_close(void)
{
    free(ram.bytes);
    ram.bytes = NULL;
}

void enter_user(uint16_t code)
{
    cpu.cs = code;
    cpu.ss = USER_DATA;
    cpu.rsp = USER_STACK;
    cpu.code = code == USER_CODE ? SIM_WIDTH_64 : SIM_WIDTH_32;
    cpu.stack = cpu.code;
}

bool raise_exception(unsigned int vector, uint32_t error_code)
{
    struct sim_exception exception = {
        .vector = vector,
        .error_code = error_code,
        .has_error_code = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17,
    };

    return sim_deliver(&ram, &cpu, &task, exception, &reason);
}

bool raise_from(enum sim_event_source source, unsigned int vector)
{
    struct sim_exception exception = {.vector = vector, .source = source};

    return sim_deliver(&ram, &cpu, &task, exception, &reason);
}

void remember_cpu(void)
{
    memcpy(remembered, &cpu, sizeof cpu);
}

void check_cpu_untouched(void)
{
    ck_assert_mem_eq(remembered, (const unsigned char *)&cpu, sizeof cpu);
}

void check_step(unsigned int index, unsigned int vector, const char *text)
{
    const struct sim_delivery_step *step = &reason.steps[index];

    ck_assert_uint_lt(index, reason.step_count);
    ck_assert_uint_eq(step->exception.vector, vector);
    ck_assert_msg(strncmp(step->text, text, strlen(text)) == 0, "%s", step->text);
}
