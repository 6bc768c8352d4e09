/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting a whole kernel. A machine is made in 64-bit mode with tables and a
 * stack of its own in low memory; a kernel gets all of RAM, and perhaps the
 * processor in protected mode without paging. The engine changes modes only by
 * instructions, so a few are executed in low memory before it is handed over.
 */
#include <string.h>

#include "sim/boot/boot_protocol.h"
#include "sim/machine/machine_internal.h"
#include "sim/cpu/msr.h"

enum {
    SELECTOR_CODE_32 = 0x28
};

/* MTRRs on, fixed ones too, write-back: as firmware leaves them for RAM. [SDM 3A] 11.11.2.1 */
#define MTRR_WRITE_BACK UINT64_C(0xC06)

/* Flat 32-bit code, present, DPL 0. [SDM 3A] 3.4.5 */
#define CODE_32 UINT64_C(0x00CF9B000000FFFF)

/*
 * pushq $0x28; pushq $LOW_CODE + 0x20; lretq; and at 0x20 in 32-bit code:
 * mov $0x11, %eax; mov %eax, %cr0; xor %eax, %eax; mov %eax, %cr4;
 * mov $0xC0000080, %ecx; xor %edx, %edx; wrmsr; hlt
 */
static const uint8_t leave_long_mode[] = {
    0x6A, 0x28, 0x68, 0x20, 0x70, 0x00, 0x00, 0x48, 0xCB, 0x90, 0x90, 0x90, 0x90, 0x90,
    0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
    0x90, 0x90, 0x90, 0x90, 0xB8, 0x11, 0x00, 0x00, 0x00, 0x0F, 0x22, 0xC0, 0x31, 0xC0,
    0x0F, 0x22, 0xE0, 0xB9, 0x80, 0x00, 0x00, 0xC0, 0x31, 0xD2, 0x0F, 0x30, 0xF4,
};

/* Leaves the processor in protected mode without paging, CR4 and EFER 0. [SDM 3A] 10.8.5.4 */
static int enter_protected_mode(struct sim_machine *machine, struct sim_error *error)
{
    const uint64_t descriptor = CODE_32;
    struct sim_registers registers = {.rip = LOW_CODE, .rsp = LOW_STACK_END, .rflags = 0x2};
    struct sim_cpu cpu;
    struct sim_result result;

    memcpy(machine->memory.bytes + LOW_CODE, leave_long_mode, sizeof leave_long_mode);
    memcpy(machine->memory.bytes + LOW_GDT + SELECTOR_CODE_32, &descriptor, sizeof descriptor);
    sim_engine_get_cpu(machine->engine, &cpu);
    cpu.gdt.limit = SELECTOR_CODE_32 + 7;
    sim_engine_set_tables(machine->engine, &cpu);
    sim_engine_set_registers(machine->engine, &registers);
    result = machine_run(machine, LOW_CODE + sizeof leave_long_mode - 1);
    if (result.stop != SIM_STOP_RETURNED) {
        return sim_error_set(error, "the engine does not leave 64-bit mode: %s",
                             result.fault.reason);
    }
    return 0;
}

/* The machine's own tables and stack are gone afterwards. */
static void clear_low_memory(struct sim_machine *machine)
{
    memset(machine->memory.bytes, 0, SIM_MACHINE_LOW_END);
    sim_engine_forget_code(machine->engine);
}

static int load_entry(struct sim_machine *machine, const struct sim_boot_entry *entry,
                      struct sim_error *error)
{
    const struct sim_registers registers = {
        .rip = entry->rip,
        .rsp = entry->stack,
        .rflags = 0x2,
        .rax = entry->rax,
        .rbx = entry->rbx,
        .rdi = entry->rdi,
    };
    struct sim_cpu cpu;

    sim_engine_get_cpu(machine->engine, &cpu);
    cpu.cr3 = entry->cr3;
    cpu.gdt = entry->gdt;
    cpu.idt = (struct sim_table){0};
    sim_engine_set_control(machine->engine, &cpu);
    sim_engine_set_tables(machine->engine, &cpu);
    sim_engine_set_registers(machine->engine, &registers);
    return sim_engine_set_segments(machine->engine, entry->cs, entry->data, entry->tr, error);
}

int sim_machine_start(struct sim_machine *machine, const char *path,
                      const struct sim_boot_request *request, struct sim_error *error)
{
    const struct sim_instruction_effect everything = {.flushes = true,
                                                      .flush = {.kind = SIM_TLB_ALL}};
    struct sim_image *image = sim_image_open(path, error);
    enum sim_boot_protocol protocol = SIM_BOOT_PVH;
    struct sim_boot_entry entry;
    struct sim_cpu cpu;

    if (image == NULL) {
        return -1;
    }
    sim_image_close(machine->image);
    machine->image = image;
    if (sim_boot_find_protocol(image, &protocol, error) != 0 ||
        (protocol != SIM_BOOT_ENTRY_64 && enter_protected_mode(machine, error) != 0)) {
        return -1;
    }
    clear_low_memory(machine);
    if (sim_boot_prepare(image, &machine->memory, request, &entry, error) != 0 ||
        load_entry(machine, &entry, error) != 0) {
        return -1;
    }
    machine_get_cpu(machine, &cpu);
    (void)sim_msr_write(&machine->system, &cpu, SIM_MSR_MTRR_DEFAULT, MTRR_WRITE_BACK, error);
    machine_forget_translations(machine, &cpu, &everything);
    return 0;
}

struct sim_result sim_machine_run(struct sim_machine *machine)
{
    if (machine->running) {
        return machine_stop(machine, SIM_STOP_ENGINE,
                            "the machine is running: a device cannot run it");
    }
    machine->segments_changed = true;
    return machine_run(machine, UINT64_MAX);
}
