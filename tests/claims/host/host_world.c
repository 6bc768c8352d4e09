/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h in the hosted world: what a processor would do for a claim is done
 * by the simulated machine behind the seam, through its own page tables.
 */
#include "tests/claims/host/host_world.h"

#include <string.h>

#include "sim/machine/board.h"
#include "sim/pci/dump/dump.h"
#include "tests/claims/host/frames.h"
#include "tests/claims/world.h"

static struct sim_dump dump;
static struct sim_pci_topology topology;
static struct sim_board board;
static sim_seam_on_stop *stop_claim;
static void *stop_context;

int host_world_open(const char *path, sim_seam_on_stop *on_stop, void *context,
                    struct sim_error *error)
{
    const struct kmachine *description = NULL;

    if (sim_dump_read(path, &dump, error) != 0 ||
        sim_pci_topology_init(&topology, &dump, error) != 0 ||
        sim_board_open(&board, NULL, error) != 0 ||
        sim_board_connect(&board, &topology, 0, error) != 0) {
        return -1;
    }
    description = sim_board_description(&board);
    if (host_frames_open(board.machine, description->free_base, description->free_end) != 0) {
        return sim_error_set(error, "no memory");
    }
    stop_claim = on_stop;
    stop_context = context;
    sim_seam_use(board.machine, on_stop, context);
    return 0;
}

void host_world_close(void)
{
    sim_seam_use(NULL, NULL, NULL);
    host_frames_close();
    sim_board_close(&board);
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
}

bool world_runs_on_processor(void)
{
    return false;
}

/* Execute an access to the address in RDX, with the value in RAX. What is not a fault ends the claim. */
static struct world_access try_access(const uint8_t *code, size_t size, dd_vaddr address,
                                      uint64_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = address.raw};
    struct sim_result result = sim_machine_execute(board.machine, code, size, &registers);

    if (result.stop == SIM_STOP_FAULT) {
        return (struct world_access){
            .vector = result.fault.vector,
            .error_code = result.fault.error_code,
            .address = result.fault.vector == 14 ? result.fault.cr2 : 0,
        };
    }
    if (result.stop != SIM_STOP_RETURNED) {
        stop_claim(stop_context, &result);
    }
    return (struct world_access){.vector = WORLD_NO_FAULT, .value = registers.rax};
}

struct world_access world_load64(dd_vaddr address)
{
    static const uint8_t mov_rdx_to_rax[] = {0x48, 0x8B, 0x02};

    return try_access(mov_rdx_to_rax, sizeof mov_rdx_to_rax, address, 0);
}

struct world_access world_store64(dd_vaddr address, uint64_t value)
{
    static const uint8_t mov_rax_to_rdx[] = {0x48, 0x89, 0x02};
    struct world_access access = try_access(mov_rax_to_rdx, sizeof mov_rax_to_rdx, address, value);

    access.value = 0;
    return access;
}

struct world_access world_execute(dd_vaddr address)
{
    static const uint8_t call_rdx[] = {0xFF, 0xD2};
    struct world_access access = try_access(call_rdx, sizeof call_rdx, address, 0);

    access.value = 0;
    return access;
}

/* PML4 entry 128: the machine's own tables use entry 0 only. */
dd_vaddr world_spare_region(void)
{
    return dd_vaddr_from(UINT64_C(128) << 39);
}

/* Exceptions end in the seam here; claims about handlers skip. */
void world_on_exception(void (*handler)(struct dd_interrupt_frame *frame))
{
    (void)handler;
}

/* Where this process sees RAM of the machine. */
static uint64_t host_address(uint64_t physical, uint64_t length)
{
    return (uint64_t)(uintptr_t)sim_machine_ram(board.machine, physical, length);
}

/* The description's arrays are at addresses of the machine, and claims read them in this process. */
const struct kmachine *world_machine(void)
{
    static struct kmachine machine;

    machine = *sim_board_description(&board);
    machine.ecam = host_address(machine.ecam, machine.ecam_count * sizeof(struct kecam));
    machine.root_buses =
        host_address(machine.root_buses, machine.root_bus_count * sizeof(struct kroot_bus));
    return &machine;
}
