/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever the guest can change is either plain data, copied whole, or RAM, of
 * which only the pages written since are copied back. The own MMU notes them
 * when it lets the guest write to a page for the first time; what the machine
 * writes itself (frames, Accessed and Dirty bits) notes itself.
 *
 * The engine's own MMU does not tell, so with it all pages are compared.
 */
#include "sim/machine/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_internal.h"

#define PAGE UINT64_C(4096)

struct sim_snapshot {
    const struct sim_machine *machine; /**< compared, never followed */
    struct sim_engine_state *engine;
    struct sim_tlb *tlb;
    struct sim_system system;
    struct sim_trace trace;
    struct sim_clock clock;
    struct machine_injection_state injection;
    uint32_t pkru;
    struct machine_pdptes pdptes;
    uint16_t kernel_cs, kernel_ss;
    uint64_t exit_value;
    uint8_t *ram;
    uint64_t ram_size;
    uint8_t *devices;                             /**< their states, one after the other */
    size_t device_sizes[SIM_MACHINE_MAX_DEVICES]; /**< bytes of each */
};

static size_t count_used(const struct sim_device *device)
{
    return device->state_used == NULL ? device->state_size : device->state_used(device->self);
}

static size_t count_device_bytes(const struct sim_machine *machine)
{
    size_t size = 1; /* so that there is always something to allocate */

    for (size_t i = 0; i < machine->device_count; i++) {
        size += count_used(&machine->device_list[i]);
    }
    return size;
}

static void save_devices(const struct sim_machine *machine, struct sim_snapshot *snapshot)
{
    uint8_t *to = snapshot->devices;

    for (size_t i = 0; i < machine->device_count; i++) {
        const struct sim_device *device = &machine->device_list[i];

        snapshot->device_sizes[i] = count_used(device);
        memcpy(to, device->state, snapshot->device_sizes[i]);
        to += snapshot->device_sizes[i];
    }
}

static void restore_devices(struct sim_machine *machine, const struct sim_snapshot *snapshot)
{
    const uint8_t *from = snapshot->devices;

    for (size_t i = 0; i < machine->device_count; i++) {
        memcpy(machine->device_list[i].state, from, snapshot->device_sizes[i]);
        from += snapshot->device_sizes[i];
    }
}

static bool is_zero(const uint8_t *page)
{
    return page[0] == 0 && memcmp(page, page + 1, PAGE - 1) == 0;
}

/* Pages of zeros are left out: they cost no memory on either side. */
static void copy_ram(uint8_t *to, const struct sim_memory *memory)
{
    for (uint64_t at = 0; at < memory->size; at += PAGE) {
        if (!is_zero(memory->bytes + at)) {
            memcpy(to + at, memory->bytes + at, PAGE);
        }
    }
}

static bool track_pages(struct sim_machine *machine)
{
    size_t pages = machine->memory.size / PAGE;

    if (machine->options.mmu != SIM_MMU_OWN || machine->memory.dirty != NULL) {
        return true;
    }
    machine->dirty.is_dirty = calloc(pages, sizeof *machine->dirty.is_dirty);
    machine->dirty.list = calloc(pages, sizeof *machine->dirty.list);
    if (machine->dirty.is_dirty == NULL || machine->dirty.list == NULL) {
        free(machine->dirty.is_dirty);
        free(machine->dirty.list);
        machine->dirty = (struct sim_dirty_pages){0};
        return false;
    }
    machine->memory.dirty = &machine->dirty;
    return true;
}

/* Pages that the engine may write without asking are asked for again. */
static void clean_pages(struct sim_machine *machine, const struct sim_snapshot *snapshot)
{
    for (size_t i = 0; i < machine->dirty.count; i++) {
        machine->dirty.is_dirty[machine->dirty.list[i]] = false;
    }
    machine->dirty.count = 0;
    machine->dirty_since = snapshot;
}

static bool allocate(struct sim_machine *machine, struct sim_snapshot *snapshot)
{
    void *ram = mmap(NULL, machine->memory.size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ram == MAP_FAILED) {
        return false;
    }
    snapshot->ram = ram;
    snapshot->ram_size = machine->memory.size;
    snapshot->devices = malloc(count_device_bytes(machine));
    snapshot->engine = sim_engine_save(machine->engine);
    snapshot->tlb = machine->tlb == NULL ? NULL : sim_tlb_copy(machine->tlb);
    return snapshot->devices != NULL && snapshot->engine != NULL &&
           (snapshot->tlb != NULL) == (machine->tlb != NULL) && track_pages(machine);
}

struct sim_snapshot *sim_machine_snapshot(struct sim_machine *machine, struct sim_error *error)
{
    struct sim_snapshot *snapshot = NULL;

    if (machine->running) {
        (void)sim_error_set(error, "the machine is running: no snapshot can be taken");
        return NULL;
    }
    snapshot = calloc(1, sizeof *snapshot);
    if (snapshot == NULL || !allocate(machine, snapshot)) {
        (void)sim_error_set(error, "out of memory");
        sim_snapshot_free(snapshot);
        return NULL;
    }
    snapshot->machine = machine;
    snapshot->system = machine->system;
    snapshot->trace = machine->trace;
    snapshot->clock = machine->clock;
    machine_inject_save(machine, &snapshot->injection);
    snapshot->pkru = machine->pkru;
    snapshot->pdptes = machine->pdptes;
    snapshot->kernel_cs = machine->kernel_cs;
    snapshot->kernel_ss = machine->kernel_ss;
    snapshot->exit_value = machine->exit_value;
    copy_ram(snapshot->ram, &machine->memory);
    save_devices(machine, snapshot);
    clean_pages(machine, snapshot);
    sim_engine_flush_tlb(machine->engine);
    return snapshot;
}

/* Whether code that the engine has translated was changed, and it has not forgotten that yet. */
static bool restore_page(struct sim_machine *machine, const struct sim_snapshot *snapshot,
                         uint64_t number)
{
    uint8_t *to = machine->memory.bytes + number * PAGE;
    const uint8_t *from = snapshot->ram + number * PAGE;
    bool was_code = machine->is_code[number] && memcmp(to, from, PAGE) != 0;

    memcpy(to, from, PAGE);
    if (was_code && number == LOW_CODE / PAGE) { /* sim_machine_execute changes it all the time */
        sim_engine_forget_range(machine->engine, LOW_CODE, PAGE);
        return false;
    }
    return was_code;
}

static bool restore_ram(struct sim_machine *machine, const struct sim_snapshot *snapshot)
{
    bool code_changed = false;

    if (machine->memory.dirty != NULL && machine->dirty_since == snapshot) {
        for (size_t i = 0; i < machine->dirty.count; i++) {
            code_changed = restore_page(machine, snapshot, machine->dirty.list[i]) || code_changed;
        }
        return code_changed;
    }
    for (uint64_t number = 0; number < machine->memory.size / PAGE; number++) {
        if (memcmp(machine->memory.bytes + number * PAGE, snapshot->ram + number * PAGE, PAGE) !=
            0) {
            code_changed = restore_page(machine, snapshot, number) || code_changed;
        }
    }
    return code_changed;
}

int sim_machine_restore(struct sim_machine *machine, const struct sim_snapshot *snapshot,
                        struct sim_error *error)
{
    FILE *file = machine->trace.file;

    if (machine->running || snapshot->machine != machine) {
        return sim_error_set(error, machine->running ? "the machine is running"
                                                     : "the snapshot is of another machine");
    }
    if (machine->tlb != NULL && sim_tlb_restore(machine->tlb, snapshot->tlb, error) != 0) {
        return -1;
    }
    if (restore_ram(machine, snapshot)) {
        sim_engine_forget_code(machine->engine);
    }
    sim_engine_restore(machine->engine, snapshot->engine);
    machine->segments_changed = true;
    machine->system = snapshot->system;
    machine->trace = snapshot->trace;
    machine->trace.file = file;
    machine->clock = snapshot->clock;
    machine_inject_restore(machine, &snapshot->injection);
    machine->pkru = snapshot->pkru;
    machine->pdptes = snapshot->pdptes;
    machine->kernel_cs = snapshot->kernel_cs;
    machine->kernel_ss = snapshot->kernel_ss;
    machine->exit_value = snapshot->exit_value;
    machine->implicit = false;
    machine->debug.watched = false;
    restore_devices(machine, snapshot);
    clean_pages(machine, snapshot);
    return machine_debug_update(machine, error);
}

void sim_snapshot_free(struct sim_snapshot *snapshot)
{
    if (snapshot == NULL) {
        return;
    }
    if (snapshot->ram != NULL) {
        (void)munmap(snapshot->ram, snapshot->ram_size);
    }
    sim_engine_free_state(snapshot->engine);
    sim_tlb_destroy(snapshot->tlb);
    free(snapshot->devices);
    free(snapshot);
}
