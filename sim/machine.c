/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine is RAM, an engine that executes in it, two buses, and an image. */
#include "sim/machine_internal.h"
#include "sim/mmu_walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#define RAM_UNIT       (UINT64_C(2) << 20)
#define PAGE           UINT64_C(4096)
#define DEFAULT_BUDGET UINT64_C(1000000000)
#define PORT_LIMIT     UINT64_C(0x10000)
#define PHYSICAL_LIMIT (UINT64_C(1) << 40) /* MAXPHYADDR of the processor model */

static uint32_t on_port_read(void *context, uint16_t port, unsigned int width)
{
    struct sim_machine *machine = context;

    return sim_bus_read(&machine->ports, port, width);
}

static void on_port_write(void *context, uint16_t port, unsigned int width, uint32_t value)
{
    struct sim_machine *machine = context;

    sim_bus_write(&machine->ports, port, width, value);
}

static int build(struct sim_machine *machine, uint64_t ram_bytes, struct sim_error *error)
{
    const struct sim_engine_ports ports = {on_port_read, on_port_write, machine};
    struct sim_engine_boot boot;
    void *ram = mmap(NULL, ram_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ram == MAP_FAILED) {
        return sim_error_set(error, "no memory for 0x%" PRIx64 " bytes of RAM", ram_bytes);
    }
    machine->memory = (struct sim_memory){ram, ram_bytes};
    machine->budget = DEFAULT_BUDGET;
    machine->kernel_cs = SELECTOR_KERNEL_CODE;
    machine->kernel_ss = SELECTOR_KERNEL_DATA;
    machine_set_up_low_memory(&machine->memory, &boot);
    machine->engine = sim_engine_create(&machine->memory, &boot, &ports, error);
    return machine->engine == NULL ? -1 : 0;
}

struct sim_machine *sim_machine_create(uint64_t ram_bytes, struct sim_error *error)
{
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
    if (build(machine, ram_bytes, error) != 0) {
        sim_machine_destroy(machine);
        return NULL;
    }
    return machine;
}

void sim_machine_destroy(struct sim_machine *machine)
{
    if (machine == NULL) {
        return;
    }
    sim_engine_destroy(machine->engine);
    sim_image_close(machine->image);
    sim_bus_free(&machine->ports);
    sim_bus_free(&machine->devices);
    if (machine->memory.bytes != NULL) {
        (void)munmap(machine->memory.bytes, machine->memory.size);
    }
    free(machine);
}

int sim_machine_add_ports(struct sim_machine *machine, const struct sim_region *region,
                          struct sim_error *error)
{
    return sim_bus_add(&machine->ports, region, PORT_LIMIT, error) == NULL ? -1 : 0;
}

int sim_machine_add_mmio(struct sim_machine *machine, const struct sim_region *region,
                         struct sim_error *error)
{
    const struct sim_region *added = NULL;

    if (region->base % PAGE != 0 || region->size % PAGE != 0) {
        return sim_error_set(error,
                             "%s: 0x%" PRIx64 " bytes at 0x%" PRIx64 " are not whole pages of 4096",
                             region->name, region->size, region->base);
    }
    if (region->base < machine->memory.size) {
        return sim_error_set(error, "%s at 0x%" PRIx64 " overlaps RAM, which ends at 0x%" PRIx64,
                             region->name, region->base, machine->memory.size);
    }
    added = sim_bus_add(&machine->devices, region, PHYSICAL_LIMIT, error);
    return added == NULL ? -1 : sim_engine_add_mmio(machine->engine, added, error);
}

int sim_machine_load(struct sim_machine *machine, const char *path, struct sim_error *error)
{
    struct sim_image *image = sim_image_open(path, error);

    if (image == NULL) {
        return -1;
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

    sim_engine_get_cpu(machine->engine, &cpu);
    cpu.cr4 = 0; /* SMAP does not bind the host */
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

void sim_machine_exit(struct sim_machine *machine, uint64_t value)
{
    machine->exit_value = value;
    sim_engine_request_stop(machine->engine);
}
