/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own page tables: everything is mapped where it is, with the
 * fewest rights it can do with.
 */
#include "kernel/map.h"

#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "drydock/cr_regs.h"
#include "drydock/paging_range.h"
#include "kernel/frames.h"
#include "kernel/image.h"

enum {
    LOW_MEMORY_END = 0x100000,
    ECAM_BUS_SHIFT = 20 /* 32 devices, 8 functions, 4096 bytes. Spec: [PCIe 6] 7.2.2 */
};

static void enforce_rights(void)
{
    if (dd_cpu_ask(DD_CPU_NX)) {
        dd_wrmsr(DD_MSR_EFER, dd_rdmsr(DD_MSR_EFER) | DD_BITS(DD_EFER_NXE));
    }
    dd_write_cr0(dd_read_cr0() | DD_BITS(DD_CR0_WP));
}

/* Map [base, end) where it is; nothing to do if it is empty. */
static enum dd_status map(const struct dd_address_space *space, uint64_t base, uint64_t end,
                          unsigned int flags)
{
    if (base == end) {
        return DD_OK;
    }
    return dd_paging_map_identity(space, dd_paddr_from(base), end - base, flags);
}

static enum dd_status map_memory(const struct dd_address_space *space,
                                 const struct kmachine *machine)
{
    const struct {
        uint64_t base, end;
        unsigned int flags;
    } parts[] = {
        {0, LOW_MEMORY_END, DD_MAP_WRITE | DD_MAP_EXECUTE},
        {(uint64_t)kimage_text, (uint64_t)kimage_rodata, DD_MAP_EXECUTE},
        {(uint64_t)kimage_rodata, (uint64_t)kimage_data, 0},
        {(uint64_t)kimage_data, (uint64_t)kimage_end, DD_MAP_WRITE},
        {machine->free_base, machine->free_end, DD_MAP_WRITE},
    };

    for (unsigned int i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum dd_status status = map(space, parts[i].base, parts[i].end, parts[i].flags);

        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

static enum dd_status map_ecam(const struct dd_address_space *space, const struct kmachine *machine)
{
    const struct kecam *windows = (const struct kecam *)machine->ecam;

    for (uint32_t i = 0; i < machine->ecam_count; i++) {
        uint64_t base = windows[i].base + ((uint64_t)windows[i].first_bus << ECAM_BUS_SHIFT);
        uint64_t end = windows[i].base + ((uint64_t)(windows[i].last_bus + 1) << ECAM_BUS_SHIFT);
        enum dd_status status =
            map(space, base, end, DD_MAP_WRITE | DD_MAP_UNCACHED | DD_MAP_WRITE_THROUGH);

        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

enum dd_status kmap_activate(const struct kmachine *machine)
{
    struct dd_address_space space;
    enum dd_status status;

    enforce_rights();
    status = dd_paging_create(&space, &kframes_memory);
    if (status == DD_OK) {
        status = map_memory(&space, machine);
    }
    if (status == DD_OK) {
        status = map_ecam(&space, machine);
    }
    if (status == DD_OK) {
        dd_paging_activate(&space);
    }
    return status;
}
