/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/processor.h"

/* Where things are in RAM. */
enum {
    PML4 = 0x1000,
    PDPT = 0x2000,
    PD = 0x3000,
    PT = 0x4000,
    GDT = 0x5000,
    IDT = 0x6000,
    TSS = 0x7000,
    LDT = 0x7100,
    STACK = 0x9000,
    CODE = 0xA000
};

static uint8_t ram[PROCESSOR_RAM];

static void store(uint32_t physical, uint64_t value)
{
    memcpy(ram + physical, &value, sizeof value);
}

/* Two pages of the first 2 MiB are for the user; the last page of RAM is not mapped. */
static void fill_tables(void)
{
    static const uint64_t descriptors[] = {
        0,
        0x00AF9B000000FFFF, /* 0x08 64-bit code */
        0x00CF93000000FFFF, /* 0x10 data */
        0x00CFF3000000FFFF, /* 0x18 user data */
        0x00AFFB000000FFFF, /* 0x20 user code */
        0x00CF9B000000FFFF, /* 0x28 32-bit code */
        0x00008B0070000067, /* 0x30 busy TSS at 0x7000 */
        0,
        0x0000820071000017, /* 0x40 LDT at 0x7100 */
        0,
        0x0000890070000067, /* 0x50 available TSS */
        0,
    };

    memset(ram, 0, sizeof ram);
    store(PML4, PDPT | 7);
    store(PDPT, PD | 7);
    store(PD, PT | 7);
    for (uint32_t page = 0; page < 15; page++) {
        store(PT + 8 * page, page << 12 | (page == 9 || page == 10 ? 7u : 3u));
    }
    memcpy(ram + GDT, descriptors, sizeof descriptors);
    store(LDT, 0x00CF93000000FFFF);
    store(TSS + 4, STACK + 0x800);
    store(TSS + 36, STACK + 0xC00);
    for (uint32_t vector = 0; vector < 256; vector++) {
        store(IDT + 16 * vector, CODE | 0x80000 | UINT64_C(0x8E00) << 32);
    }
}

void processor_set_up(struct processor *processor, unsigned int mode)
{
    fill_tables();
    *processor = (struct processor){
        .cpu = {.rip = CODE,
                .rsp = STACK + 0x400,
                .rflags = 0x202,
                .cr0 = 0x80010033,
                .cr3 = PML4,
                .cr4 = 0x6A0,
                .efer = 0xD01,
                .cs = 8,
                .ss = 0x10,
                .tr = 0x30,
                .ldtr = 0x40,
                .gdt = {GDT, 0x5F},
                .idt = {IDT, 0xFFF},
                .ldt = {LDT, 0x17},
                .tss = {TSS, 0x67},
                .physical_bits = 40},
        .memory = {.bytes = ram, .size = PROCESSOR_RAM},
    };
    if (mode != 0) { /* 1: protected mode, 2: real mode */
        processor->cpu.cr0 = mode == 1 ? 0x11 : 0x10;
        processor->cpu.cr4 = 0;
        processor->cpu.efer = 0;
        processor->cpu.cs = mode == 1 ? 0x28 : 0;
        processor->cpu.code = processor->cpu.stack = mode == 1 ? SIM_WIDTH_32 : SIM_WIDTH_16;
    }
    sim_system_init(&processor->system, SIM_PROCESSOR_EXECUTED, 1, &processor->clock);
}

uint64_t processor_take_address(struct fuzz_input *input)
{
    static const uint64_t high[] = {0,
                                    0,
                                    0,
                                    UINT64_C(0xFFFFFFFFFFFF0000),
                                    UINT64_C(0x7FFFFFFF0000),
                                    UINT64_C(0x800000000000),
                                    UINT64_C(0xFFFF0000)};
    uint8_t choice = fuzz_take8(input);

    if (choice == 0xFF) {
        return fuzz_take64(input);
    }
    return high[choice % 7] | fuzz_take16(input);
}

/* Fields of 64 bits. */
static uint64_t *find_field(struct processor *processor, unsigned int number)
{
    struct sim_cpu *cpu = &processor->cpu;
    uint64_t *const fields[] = {
        &cpu->rip,
        &cpu->rsp,
        &cpu->rflags,
        &cpu->cr0,
        &cpu->cr3,
        &cpu->cr4,
        &cpu->efer,
        &cpu->gdt.base,
        &cpu->idt.base,
        &cpu->ldt.base,
        &cpu->tss.base,
        &processor->registers.rax,
        &processor->registers.rcx,
        &processor->registers.rdx,
        &processor->registers.rbx,
        &processor->registers.rsi,
        &processor->registers.rdi,
        &processor->registers.r8,
        &processor->registers.r11,
        &processor->registers.r15,
        &processor->system.dr7,
        &processor->system.dr6,
        &processor->system.xcr0,
        &processor->clock.now,
    };

    return fields[number % (sizeof fields / sizeof fields[0])];
}

static void change_small(struct processor *processor, struct fuzz_input *input)
{
    struct sim_cpu *cpu = &processor->cpu;
    uint16_t *const selectors[] = {&cpu->cs, &cpu->ss, &cpu->tr, &cpu->ldtr};
    uint32_t *const limits[] = {&cpu->gdt.limit, &cpu->idt.limit, &cpu->ldt.limit, &cpu->tss.limit};
    unsigned int choice = fuzz_choose(input, 12);

    if (choice < 4) {
        *selectors[choice] = fuzz_take16(input);
    } else if (choice < 8) {
        *limits[choice - 4] = fuzz_take16(input);
    } else if (choice == 8) {
        cpu->code = (enum sim_width)fuzz_choose(input, 3);
    } else if (choice == 9) {
        cpu->stack = (enum sim_width)fuzz_choose(input, 3);
    } else if (choice == 10) {
        cpu->pkru = fuzz_take32(input);
    } else {
        cpu->physical_bits = 36 + fuzz_choose(input, 17);
    }
}

void processor_change(struct processor *processor, struct fuzz_input *input)
{
    unsigned int choice = fuzz_choose(input, 5);
    uint64_t *field = NULL;

    switch (choice) {
    case 0: /* one bit */
        field = find_field(processor, fuzz_take8(input));
        *field ^= UINT64_C(1) << fuzz_choose(input, 64);
        break;
    case 1:
        field = find_field(processor, fuzz_take8(input));
        *field = processor_take_address(input);
        break;
    case 2:
        change_small(processor, input);
        break;
    case 3:
        ram[fuzz_take16(input)] ^= fuzz_take8(input);
        break;
    default:
        store(fuzz_take16(input) & 0xFFF8u, fuzz_take64(input));
        break;
    }
    processor->registers.rip = processor->cpu.rip;
    processor->registers.rsp = processor->cpu.rsp;
    processor->registers.rflags = processor->cpu.rflags;
}
