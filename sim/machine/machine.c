/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine is RAM, an engine that executes in it, two buses, and an image. */
#include "sim/cpu/cpuid.h"
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"
#include "sim/machine/machine_report.h"
#include "sim/cpu/msr.h"
#include "sim/mmu/mmu_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE           UINT64_C(4096)
#define RAM_UNIT       (UINT64_C(2) << 20)
#define DEFAULT_BUDGET UINT64_C(1000000000)

#define CR4_PKS (UINT64_C(1) << 24)

static void on_cpuid(void *context, uint32_t values[4])
{
    struct sim_machine *machine = context;
    struct sim_cpu cpu;
    const struct sim_cpuid_processor processor = {&cpu, &machine->system, machine->tlb != NULL};
    struct sim_cpuid answer;

    machine_get_cpu(machine, &cpu);
    answer = sim_cpuid_execute(&processor, values[0], values[2]);
    values[0] = answer.eax;
    values[1] = answer.ebx;
    values[2] = answer.ecx;
    values[3] = answer.edx;
}

static uint64_t on_read_tsc(void *context)
{
    struct sim_machine *machine = context;

    machine->clock.now = sim_engine_time(machine->engine);
    return sim_msr_time_stamp(&machine->system);
}

static void on_watch(void *context, uint64_t page)
{
    struct sim_machine *machine = context;

    sim_engine_note_writes(machine->engine, page);
}

static int create_engine(struct sim_machine *machine, struct sim_error *error)
{
    struct sim_engine_client client = {
        .context = machine,
        .read_port = machine_read_port,
        .write_port = machine_write_port,
        .read_device = machine_read_device,
        .write_device = machine_write_device,
        .find_gap = machine_find_gap,
        .cpuid = on_cpuid,
        .look = machine_look,
        .read_tsc = on_read_tsc,
        .note_access = machine_note_access,
    };
    struct sim_engine_boot boot;

    if (machine->options.mmu == SIM_MMU_OWN) {
        client.translate = machine_translate;
        if (machine->options.audit == SIM_MACHINE_AUDITED) {
            client.note_write = machine_note_write;
            client.settle_writes = machine_settle_writes;
        }
    }
    machine_set_up_low_memory(&machine->memory, &boot);
    machine->engine = sim_engine_create(&machine->memory, &boot, &client, error);
    if (machine->engine == NULL) {
        return -1;
    }
    if (client.note_write != NULL) {
        sim_tlb_on_watch(machine->tlb, on_watch, machine);
    }
    return client.translate == NULL ? 0
                                    : sim_engine_add_device(machine->engine, MACHINE_ALIAS,
                                                            MACHINE_PHYSICAL_LIMIT, error);
}

static void name_instruction(void *context, uint64_t rip, char *text, size_t size)
{
    sim_machine_name_instruction(context, rip, text, size);
}

static int create_tlb(struct sim_machine *machine, struct sim_error *error)
{
    const struct sim_tlb_names names = {name_instruction, machine};
    bool audited = machine->options.audit == SIM_MACHINE_AUDITED;

    if (machine->options.mmu != SIM_MMU_OWN) {
        return 0;
    }
    machine->tlb = sim_tlb_create(&machine->memory, audited ? &machine->findings : NULL, &names);
    return machine->tlb == NULL ? sim_error_set(error, "out of memory") : 0;
}

static int create_memory(struct sim_machine *machine, struct sim_error *error)
{
    uint64_t size = machine->options.ram_bytes;
    void *ram = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ram == MAP_FAILED) {
        return sim_error_set(error, "no memory for 0x%" PRIx64 " bytes of RAM", size);
    }
    machine->memory = (struct sim_memory){.bytes = ram, .size = size};
    machine->is_code = calloc(size / PAGE, sizeof *machine->is_code);
    return machine->is_code == NULL ? sim_error_set(error, "out of memory") : 0;
}

static int build(struct sim_machine *machine, struct sim_error *error)
{
    machine->budget = DEFAULT_BUDGET;
    machine->kernel_cs = SELECTOR_KERNEL_CODE;
    machine->kernel_ss = SELECTOR_KERNEL_DATA;
    sim_trace_init(&machine->trace);
    sim_system_init(&machine->system, machine->options.processor, machine->options.seed,
                    &machine->clock);
    if (create_memory(machine, error) != 0 || create_tlb(machine, error) != 0) {
        return -1;
    }
    return create_engine(machine, error);
}

struct sim_machine *sim_machine_create_with(const struct sim_machine_options *options,
                                            struct sim_error *error)
{
    uint64_t ram_bytes = options->ram_bytes;
    struct sim_machine *machine = NULL;

    if (ram_bytes < RAM_UNIT || ram_bytes > SIM_MACHINE_MAX_RAM || ram_bytes % RAM_UNIT != 0) {
        (void)sim_error_set(error,
                            "0x%" PRIx64 " bytes of RAM: need a multiple of 2 MiB, 2 MiB to 3 GiB",
                            ram_bytes);
        return NULL;
    }
    machine = calloc(1, sizeof *machine);
    if (machine == NULL) {
        (void)sim_error_set(error, "out of memory");
        return NULL;
    }
    machine->options = *options;
    if (build(machine, error) != 0) {
        sim_machine_destroy(machine);
        return NULL;
    }
    return machine;
}

struct sim_machine *sim_machine_create(uint64_t ram_bytes, struct sim_error *error)
{
    return sim_machine_create_with(&(struct sim_machine_options){.ram_bytes = ram_bytes}, error);
}

void sim_machine_destroy(struct sim_machine *machine)
{
    if (machine == NULL) {
        return;
    }
    sim_engine_destroy(machine->engine);
    sim_tlb_destroy(machine->tlb);
    sim_findings_free(&machine->findings);
    free(machine->is_code);
    free(machine->injector);
    free(machine->dirty.is_dirty);
    free(machine->dirty.list);
    sim_image_close(machine->image);
    sim_bus_free(&machine->ports);
    sim_bus_free(&machine->devices);
    if (machine->memory.bytes != NULL) {
        (void)munmap(machine->memory.bytes, machine->memory.size);
    }
    free(machine);
}

int sim_machine_load(struct sim_machine *machine, const char *path, struct sim_error *error)
{
    struct sim_image *image = sim_image_open(path, error);

    if (image == NULL) {
        return -1;
    }
    if (sim_image_width(image) != SIM_WIDTH_64) {
        sim_image_close(image);
        return sim_error_set(error, "%s: not an image of 64-bit code", path);
    }
    if (sim_image_place(image, &machine->memory, SIM_MACHINE_LOW_END, error) != 0) {
        sim_image_close(image);
        return -1;
    }
    sim_engine_forget_code(machine->engine);
    sim_image_close(machine->image);
    machine->image = image;
    return 0;
}

uint64_t sim_machine_image_end(const struct sim_machine *machine)
{
    return machine->image == NULL ? SIM_MACHINE_LOW_END : sim_image_end(machine->image);
}

uint64_t sim_machine_ram_size(const struct sim_machine *machine)
{
    return machine->memory.size;
}

void *sim_machine_ram(struct sim_machine *machine, uint64_t physical, uint64_t length)
{
    if (physical > machine->memory.size || length > machine->memory.size - physical) {
        return NULL;
    }
    for (uint64_t page = physical / PAGE; page * PAGE < physical + length; page++) {
        sim_memory_mark_dirty(&machine->memory, page * PAGE);
    }
    return machine->memory.bytes + physical;
}

bool sim_machine_ram_address(const struct sim_machine *machine, const void *pointer,
                             uint64_t *physical)
{
    uintptr_t offset = (uintptr_t)pointer - (uintptr_t)machine->memory.bytes;

    if (offset >= machine->memory.size) {
        return false;
    }
    *physical = offset;
    return true;
}

void sim_machine_forget_code(struct sim_machine *machine)
{
    sim_engine_forget_code(machine->engine);
}

bool sim_machine_read_linear(struct sim_machine *machine, uint64_t linear, void *buffer,
                             size_t size)
{
    struct sim_cpu cpu;
    const struct sim_mmu mmu = {&cpu, &machine->memory};

    machine_get_cpu(machine, &cpu);
    cpu.cr4 &= ~MACHINE_CR4_GUARDS;
    return sim_mmu_peek(&mmu, linear, buffer, size);
}

uint64_t sim_machine_scratch(const struct sim_machine *machine)
{
    (void)machine;
    return LOW_SCRATCH;
}

void sim_machine_set_budget(struct sim_machine *machine, uint64_t blocks)
{
    machine->budget = blocks;
}

void sim_machine_interrupt(struct sim_machine *machine)
{
    machine->interrupted = 1;
    sim_engine_request_attention(machine->engine);
}

void sim_machine_exit(struct sim_machine *machine, uint64_t value)
{
    machine->exit_value = value;
    sim_engine_request_stop(machine->engine);
}

void machine_get_cpu(struct sim_machine *machine, struct sim_cpu *cpu)
{
    sim_engine_get_cpu(machine->engine, cpu);
    cpu->pkru = machine->pkru;
    if ((cpu->cr4 & CR4_PKS) != 0) {
        cpu->pkrs = (uint32_t)sim_msr_stored(&machine->system, SIM_MSR_PKRS);
    }
    cpu->has_pdptes = machine->pdptes.loaded;
    memcpy(cpu->pdpte, machine->pdptes.entry, sizeof cpu->pdpte);
}

void machine_trace(struct sim_machine *machine, enum sim_trace_kind kind, uint32_t code, uint64_t a,
                   uint64_t b)
{
    const struct sim_trace_event event = {
        .time = sim_engine_time(machine->engine),
        .rip = sim_engine_rip(machine->engine),
        .kind = kind,
        .code = code,
        .a = a,
        .b = b,
    };

    sim_trace_add(&machine->trace, &event);
    machine_inject_note_event(machine);
}

struct sim_findings *sim_machine_findings(struct sim_machine *machine)
{
    return &machine->findings;
}

struct sim_trace *sim_machine_trace(struct sim_machine *machine)
{
    return &machine->trace;
}

uint64_t sim_machine_unneeded_flushes(const struct sim_machine *machine)
{
    return machine->tlb == NULL ? 0 : sim_tlb_unneeded_flushes(machine->tlb);
}
