/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of docs/engine-deviations.md about accesses to data. */
#include "tests/unit/deviation.h"
#include "tests/unit/event_case.h"
#include "tests/unit/raw_engine.h"

static struct raw_engine raw;

/* clflush, clflushopt and clwb (%rdx): [SDM 2] page faults as of a load. */
static const uint8_t flushes[3][4] = {
    {0x0F, 0xAE, 0x3A, 0x90}, {0x66, 0x0F, 0xAE, 0x3A}, {0x66, 0x0F, 0xAE, 0x32}};

static void engine_flushes_without_a_page(void)
{
    for (unsigned int i = 0; i < 3; i++) {
        raw_open(&raw);
        raw_set(&raw, UC_X86_REG_RDX, UINT64_C(0x8000000000));
        raw_run(&raw, flushes[i], sizeof flushes[i]);
        ck_assert_uint_eq(raw.exceptions.count, 0);
        raw_close(&raw);
    }
}

static void machine_faults_at_a_flush(void)
{
    struct sim_registers registers = {.rdx = UNMAPPED + 8};
    struct sim_result result;

    for (unsigned int i = 0; i < 3; i++) {
        machine_case_open();
        result = execute(flushes[i], sizeof flushes[i], &registers);
        check_fault(&result, 14, 0);
        ck_assert_uint_eq(result.fault.cr2, UNMAPPED + 8);
        map_unmapped(0x300007);
        ck_assert_int_eq(execute(flushes[i], sizeof flushes[i], &registers).stop,
                         SIM_STOP_RETURNED);
        registers.rdx = UINT64_C(1) << 60;
        result = execute(flushes[i], sizeof flushes[i], &registers);
        check_fault(&result, 13, 0);
        registers.rdx = UNMAPPED + 8;
        machine_case_close();
    }
}

#define DEVICE UINT64_C(0x80000000) /* above RAM */

static unsigned int reads;

static uint64_t count_read(uc_engine *unicorn, uint64_t offset, unsigned int width, void *context)
{
    (void)unicorn;
    (void)offset;
    (void)context;
    reads += width == 4;
    return 0;
}

static void engine_splits_accesses_to_devices(void)
{
    reads = 0;
    raw_open(&raw);
    raw_poke(&raw, RAW_PML4 + 0x1000 + 2 * 8, DEVICE | 0x83); /* PDPTE of a 1 GiB page */
    raw_set(&raw, UC_X86_REG_RDX, DEVICE);
    ck_assert_int_eq(uc_mmio_map(raw.unicorn, DEVICE, 4096, count_read, NULL, NULL, NULL),
                     UC_ERR_OK);
    RAW_RUN(&raw, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */
    ck_assert_uint_eq(reads, 2);
    raw_close(&raw);
}

static uint64_t read_device(void *device, uint64_t offset)
{
    (void)device;
    (void)offset;
    reads++;
    return 0x0123456789ABCDEF;
}

static void machine_accesses_devices_once(void)
{
    const struct sim_region region = {
        .name = "device", .base = DEVICE, .size = 4096, .read8 = read_device, .widths = 8};
    struct sim_registers registers = {.rdx = DEVICE};
    struct sim_error error;

    reads = 0;
    machine_case_open();
    ck_assert_int_eq(sim_machine_add_mmio(machine, &region, &error), 0);
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0x0123456789ABCDEF);
    ck_assert_uint_eq(reads, 1);
    machine_case_close();
}

/* movq %rax, %dr0; movl $0xD0002, %eax; movq %rax, %dr7: writes to 4 bytes; movl %ecx, (%rdx) */
static const uint8_t watched_store[] = {0x0F, 0x23, 0xC0, 0xB8, 0x02, 0x00, 0x0D,
                                        0x00, 0x0F, 0x23, 0xF8, 0x89, 0x0A, 0x90};

static void engine_ignores_data_breakpoints(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RAX, LAXITY_OPERAND);
    raw_set(&raw, UC_X86_REG_RDX, LAXITY_OPERAND);
    raw_run(&raw, watched_store, sizeof watched_store);
    ck_assert_uint_eq(raw.exceptions.count, 0);
    raw_close(&raw);
}

static void machine_stops_at_data_breakpoints(void)
{
    struct sim_registers registers = {.rax = LAXITY_OPERAND, .rdx = LAXITY_OPERAND};
    struct sim_result result;

    machine_case_open();
    result = execute(watched_store, sizeof watched_store, &registers);
    check_fault(&result, 1, -1);
    ck_assert_uint_eq(result.fault.rip, CODE + 13);
    machine_case_close();
}

/* From CPL 0 to 3 with RFLAGS.AC, and a load that is not aligned. */
static void engine_does_not_check_alignment(void)
{
    raw_open(&raw);
    raw_poke(&raw, RAW_PML4, raw_peek(&raw, RAW_PML4) | 4);
    raw_poke(&raw, RAW_PML4 + 0x1000, raw_peek(&raw, RAW_PML4 + 0x1000) | 4);
    raw_poke(&raw, RAW_PML4 + 0x2000, raw_peek(&raw, RAW_PML4 + 0x2000) | 4);
    raw_set(&raw, UC_X86_REG_CR0, 0x80050033); /* AM */
    raw_poke(&raw, RAW_DATA, 0x1234567890);
    /* pushq $0x1B; pushq $RAW_DATA; pushq $0x40002; pushq $0x23; pushq $RAW_CODE + 21; iretq;
       movl 0x20001, %eax */
    RAW_RUN(&raw, 0x6A, 0x1B, 0x68, 0, 0, 2, 0, 0x68, 2, 0, 4, 0, 0x6A, 0x23, 0x68, 0x15, 0, 1, 0,
            0x48, 0xCF, 0x8B, 0x04, 0x25, 1, 0, 2, 0);
    ck_assert_uint_eq(raw.exceptions.count, 0);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_CS), 0x23);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RAX), 0x12345678);
    raw_close(&raw);
}

/* [SDM 3A] 6.15, interrupt 17: CPL 3, CR0.AM and RFLAGS.AC. */
static void machine_checks_alignment(void)
{
    event_case_open();
    allow_user(0x3B0000);
    /* movq %cr0, %rax; orl $0x40000, %eax; movq %rax, %cr0 */
    EXECUTE(NULL, 0x0F, 0x20, 0xC0, 0x0D, 0, 0, 4, 0, 0x0F, 0x22, 0xC0);
    on_event(17, 0, 7);
    EXECUTE_USER(0x40000, 0x8B, 0x04, 0x25, 1, 0, 0x32, 0); /* movl 0x320001, %eax */
    check_only_event(17, 0, USER_CODE);
    event_case_close();
}

/* pushq $0x30; pushq $imm32; lretq; nop: 10 bytes, then as 32-bit code movl $0x38, %eax;
   movl %eax, %ds; movl 0x20000, %eax, where segment 0x38 has 4 KiB. */
#define LOAD_BEYOND_LIMIT(address)                                                               \
    0x6A, 0x30, 0x68, (uint8_t)(address), (uint8_t)((address) >> 8), (uint8_t)((address) >> 16), \
        0, 0x48, 0xCB, 0x90, 0xB8, 0x38, 0, 0, 0, 0x8E, 0xD8, 0xA1, 0, 0, 2, 0
#define FLAT_CODE  UINT64_C(0x00CF9B000000FFFF)
#define SMALL_DATA UINT64_C(0x0040930000000FFF)
#define GDT        UINT64_C(0x5000)

static void engine_ignores_segment_limits(void)
{
    const uc_x86_mmr gdtr = {.base = GDT, .limit = 0x3F};

    raw_open(&raw);
    ck_assert_int_eq(uc_reg_write(raw.unicorn, UC_X86_REG_GDTR, &gdtr), UC_ERR_OK);
    raw_poke(&raw, GDT + 0x30, FLAT_CODE);
    raw_poke(&raw, GDT + 0x38, SMALL_DATA);
    raw_poke(&raw, RAW_DATA, 0xABCD);
    RAW_RUN(&raw, LOAD_BEYOND_LIMIT(RAW_CODE + 10));
    ck_assert_uint_eq(raw.exceptions.count, 0);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RAX), 0xABCD);
    raw_close(&raw);
}

/* [SDM 3A] 5.3: #GP(0) for data beyond the limit. */
static void machine_has_segment_limits(void)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(NULL)};
    struct sim_result result;

    machine_case_open();
    poke(registers.rdi, GDT << 16 | 0x3F);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    poke(GDT + 0x30, FLAT_CODE);
    poke(GDT + 0x38, SMALL_DATA);
    result = EXECUTE(&registers, LOAD_BEYOND_LIMIT(CODE + 10));
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + 17);
    machine_case_close();
}

const struct deviation access_deviations[] = {
    {"data-breakpoint", engine_ignores_data_breakpoints, machine_stops_at_data_breakpoints},
    {"alignment-check", engine_does_not_check_alignment, machine_checks_alignment},
    {"segment-limit", engine_ignores_segment_limits, machine_has_segment_limits},
    {"device-8-bytes", engine_splits_accesses_to_devices, machine_accesses_devices_once},
    {"clflush", engine_flushes_without_a_page, machine_faults_at_a_flush},
};

const size_t access_deviation_count = sizeof access_deviations / sizeof access_deviations[0];
