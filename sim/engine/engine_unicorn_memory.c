/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory as the Unicorn engine sees it: RAM, devices, and translations. With a
 * client that translates, Unicorn's own page walk is off and every miss of its
 * TLB comes here.
 *
 * A miss tells the page, not the address. When the client refuses, the run ends
 * before the instruction has done anything; the exact address is found by
 * executing the instruction once more with the page leading to a physical
 * address where nothing is, which Unicorn reports byte-exact. A store that
 * crosses into the refused page starts in the page before; so that it writes
 * nothing there, stores to that page lead nowhere too. Registers are put back.
 *
 * What an instruction does to a device comes in parts of up to four bytes. The
 * whole access is told by the hook of accesses that memory does not permit, since
 * devices permit none and the hook allows all. The hooks of every load or store
 * would tell it too, but while there is one, Unicorn looks up no load in its TLB
 * from translated code: all take the slow way, nine times as long.
 */
#include "sim/engine/engine_unicorn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE UINT64_C(4096)

/* Physical page where there is never RAM or a device: MAXPHYADDR is 40. */
#define TRAP_PAGE (UINT64_C(1) << 46)

/* The access of the instruction that a device is accessed for. If it is not aligned, Unicorn reads
 * all of the aligned words it touches. */
static struct sim_engine_access whole_access(const struct sim_engine *engine, uint64_t physical)
{
    const struct sim_engine_access *whole = &engine->access.whole;
    uint64_t first = whole->physical & ~(uint64_t)(whole->size - 1);

    return whole->size != 0 && physical >= first &&
                   physical < whole->physical + 2 * (uint64_t)whole->size
               ? *whole
               : (struct sim_engine_access){0, 0};
}

static uint64_t on_device_read(uc_engine *unicorn, uint64_t offset, unsigned int size,
                               void *context)
{
    const struct unicorn_window *window = context;
    struct sim_engine *engine = window->engine;
    uint64_t physical = window->base + offset;
    uint32_t value = 0;

    (void)unicorn;
    if (!engine->trap.armed && !engine->step.refused) {
        value = engine->client.read_device(engine->client.context, physical, size,
                                           whole_access(engine, physical));
    }
    return value;
}

static void on_device_write(uc_engine *unicorn, uint64_t offset, unsigned int size, uint64_t value,
                            void *context)
{
    const struct unicorn_window *window = context;
    struct sim_engine *engine = window->engine;
    uint64_t physical = window->base + offset;

    (void)unicorn;
    if (!engine->trap.armed && !engine->step.refused) {
        engine->client.write_device(engine->client.context, physical, size,
                                    whole_access(engine, physical), (uint32_t)value);
    }
}

/* A store that is not aligned is told once more for each of its bytes. */
static bool is_byte_of(const struct unicorn_access *access, uint64_t address, int size,
                       uint64_t rip)
{
    const struct sim_engine_access *whole = &access->whole;

    return size == 1 && whole->size > 1 && whole->physical % whole->size != 0 &&
           address - whole->physical < whole->size && access->rip == rip;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static bool on_access(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size,
                      int64_t value, void *context)
{
    struct sim_engine *engine = context;
    uint64_t rip = unicorn_linear_rip(engine);

    (void)unicorn;
    (void)type;
    (void)value;
    if (!is_byte_of(&engine->access, address, size, rip)) {
        engine->access = (struct unicorn_access){{address, (unsigned int)size}, rip};
    }
    return true;
}

int sim_engine_add_device(struct sim_engine *engine, uint64_t base, uint64_t size,
                          struct sim_error *error)
{
    struct unicorn_window *window = calloc(1, sizeof *window);
    uc_err result = UC_ERR_NOMEM;

    if (window == NULL) {
        return sim_error_set(error, "out of memory");
    }
    *window = (struct unicorn_window){engine, base, engine->windows};
    engine->windows = window;
    if (base < engine->memory.size) { /* the device lies over RAM */
        (void)uc_mem_unmap(engine->unicorn, base, size);
    }
    result =
        uc_mmio_map(engine->unicorn, base, size, on_device_read, window, on_device_write, window);
    if (result == UC_ERR_OK) {
        result = uc_mem_protect(engine->unicorn, base, size, UC_PROT_NONE); /* see on_access */
    }
    if (result != UC_ERR_OK) {
        return sim_error_set(error, "the engine cannot map a device at 0x%" PRIx64 ": %s", base,
                             uc_strerror(result));
    }
    return 0;
}

void unicorn_free_windows(struct sim_engine *engine)
{
    while (engine->windows != NULL) {
        struct unicorn_window *next = engine->windows->next;

        free(engine->windows);
        engine->windows = next;
    }
}

uint64_t sim_engine_rip(struct sim_engine *engine)
{
    return engine->access.whole.size != 0 ? engine->access.rip : unicorn_linear_rip(engine);
}

static enum sim_access_kind kind_of(uc_mem_type type)
{
    switch (type) {
    case UC_MEM_WRITE:
        return SIM_ACCESS_WRITE;
    case UC_MEM_FETCH:
        return SIM_ACCESS_FETCH;
    default:
        return SIM_ACCESS_READ;
    }
}

static bool is_trapped(const struct unicorn_trap *trap, uint64_t page, enum sim_access_kind kind)
{
    return trap->armed && ((page == trap->page && kind != SIM_ACCESS_FETCH) ||
                           (page == trap->page - PAGE && kind == SIM_ACCESS_WRITE));
}

static bool on_fill(uc_engine *unicorn, uint64_t page, uc_mem_type type, uc_tlb_entry *entry,
                    void *context)
{
    struct sim_engine *engine = context;
    struct sim_engine_page answer = {.watched = false};
    enum sim_access_kind kind = kind_of(type);

    (void)unicorn;
    engine->access.whole.size = 0;
    if (is_trapped(&engine->trap, page, kind)) {
        *entry =
            (uc_tlb_entry){.paddr = TRAP_PAGE + (page - engine->trap.page), .perms = UC_PROT_ALL};
        return true;
    }
    if (!engine->client.translate(engine->client.context, page, kind, &answer)) {
        if (engine->running) {
            engine->event.linear = page;
            engine->event.kind = kind;
        }
        unicorn_record(engine, SIM_ENGINE_REFUSED);
        return false;
    }
    engine->wrote_watched = engine->wrote_watched || answer.unsettled;
    if (!unicorn_note_fill(engine, page, kind, &answer)) {
        unicorn_record(engine, SIM_ENGINE_WATCHED);
        return false;
    }
    entry->paddr = answer.physical;
    entry->perms = (answer.readable ? UC_PROT_READ : 0) | (answer.writable ? UC_PROT_WRITE : 0) |
                   (answer.executable ? UC_PROT_EXEC : 0);
    return true;
}

/* Unicorn repeats the access if there is something now. */
static bool map_gap(struct sim_engine *engine, uint64_t physical)
{
    struct sim_bus_gap gap;
    struct sim_error error;

    return engine->client.translate == NULL &&
           engine->client.find_gap(engine->client.context, physical, &gap) &&
           sim_engine_add_device(engine, gap.base, gap.size, &error) == 0;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static bool on_unmapped(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size,
                        int64_t value, void *context)
{
    struct sim_engine *engine = context;
    const char *kind = "read from";
    char reason[128];

    (void)unicorn;
    (void)value;
    if (engine->trap.armed && address - (TRAP_PAGE - PAGE) < 2 * PAGE) {
        if (!engine->trap.hit) {
            engine->trap.hit = true;
            engine->trap.offset = address < TRAP_PAGE ? 0 : (uint32_t)(address % PAGE);
        }
        return false;
    }
    if (type == UC_MEM_WRITE_UNMAPPED) {
        kind = "write to";
    } else if (type == UC_MEM_FETCH_UNMAPPED) {
        kind = "fetch from";
    }
    if (type != UC_MEM_FETCH_UNMAPPED && map_gap(engine, address)) {
        return true;
    }
    (void)snprintf(reason, sizeof reason,
                   "%d-byte %s physical address 0x%" PRIx64 ", where there is no RAM or device",
                   size, kind, address);
    unicorn_stop_for_failure(engine, reason);
    return false;
}

/* The first byte of an instruction that was fetched is known: RIP, or the next page. */
static uint64_t refused_fetch(struct sim_engine *engine, uint64_t page)
{
    uint64_t rip = unicorn_linear_rip(engine);

    return rip / PAGE == page / PAGE ? rip : page;
}

void unicorn_find_refused_address(struct sim_engine *engine)
{
    struct sim_engine_event event = engine->event;

    if (event.kind == SIM_ACCESS_FETCH) {
        engine->event.linear = refused_fetch(engine, event.linear);
        return;
    }
    (void)uc_context_save(engine->unicorn, engine->context);
    (void)uc_ctl_flush_tlb(engine->unicorn);
    engine->trap = (struct unicorn_trap){.armed = true, .page = event.linear};
    (void)uc_emu_start(engine->unicorn, unicorn_get(engine, UC_X86_REG_RIP), 0, 0, 0);
    engine->trap.armed = false;
    (void)uc_ctl_flush_tlb(engine->unicorn);
    (void)uc_context_restore(engine->unicorn, engine->context);
    engine->event = event;
    engine->event.linear += engine->trap.hit ? engine->trap.offset : 0;
}

bool unicorn_add_memory_hooks(struct sim_engine *engine)
{
    if (!unicorn_add_hook(engine, UC_HOOK_MEM_UNMAPPED,
                          (union unicorn_hook){.unmapped = on_unmapped}, UNICORN_EVERYWHERE, 0) ||
        !unicorn_add_hook(engine, UC_HOOK_MEM_READ_PROT | UC_HOOK_MEM_WRITE_PROT,
                          (union unicorn_hook){.unmapped = on_access}, UNICORN_EVERYWHERE, 0)) {
        return false;
    }
    return engine->client.translate == NULL ||
           (uc_ctl_tlb_mode(engine->unicorn, UC_TLB_VIRTUAL) == UC_ERR_OK &&
            unicorn_add_hook(engine, UC_HOOK_TLB_FILL, (union unicorn_hook){.fill = on_fill},
                             UNICORN_EVERYWHERE, 0));
}

void sim_engine_flush_tlb(struct sim_engine *engine)
{
    (void)uc_ctl_flush_tlb(engine->unicorn);
}
