/* SPDX-License-Identifier: MIT */
/*
 * In 64-bit mode a task-state segment holds no task: what is left of it are
 * three stacks for changes to a more privileged level, seven stacks that gates
 * choose by number, and where the I/O permission map starts. Placed beyond the
 * limit of the segment, that map does not exist, and ports are for privilege
 * levels up to IOPL only.
 */
#include "drydock/tss.h"

#include "drydock/arch/insn.h"
#include "../base/ordinal.h"

enum {
    /* [SDM 1] 19.5.2: so that a map of all ports still ends within 64 KiB. */
    IO_MAP_BASE_MAX = 0xDFFF,
    IO_MAP_TERMINATOR = 0xFF
};

void dd_tss_init(struct dd_tss *tss)
{
    *tss = (struct dd_tss){.io_map_base = DD_TSS_NO_IO_MAP};
}

enum dd_status dd_tss_set_stack(struct dd_tss *tss, enum dd_tss_stack stack, dd_vaddr top,
                                unsigned int linear_width)
{
    enum dd_status status = dd_ordinal_check_virtual(top, linear_width);

    if ((unsigned int)stack > DD_TSS_IST7) {
        return DD_EARG;
    }
    if (status != DD_OK) {
        return status;
    }
    if (stack < DD_TSS_IST1) {
        tss->rsp[stack] = top;
    } else {
        tss->ist[stack - DD_TSS_IST1] = top;
    }
    return DD_OK;
}

enum dd_status dd_tss_io_map_offset(const struct dd_tss *tss, const struct dd_io_map *io_map,
                                    uint16_t *offset)
{
    uint64_t distance = (uint64_t)(uintptr_t)io_map->bytes - (uint64_t)(uintptr_t)tss;

    if (distance < sizeof *tss || distance > IO_MAP_BASE_MAX) {
        return DD_EARG;
    }
    if (io_map->bytes[io_map->size - 1] != IO_MAP_TERMINATOR) {
        return DD_EMALFORMED;
    }
    *offset = (uint16_t)distance;
    return DD_OK;
}

enum dd_status dd_tss_set_io_map(struct dd_tss *tss, const struct dd_io_map *io_map)
{
    uint16_t offset = 0;
    enum dd_status status = dd_tss_io_map_offset(tss, io_map, &offset);

    if (status == DD_OK) {
        tss->io_map_base = offset;
    }
    return status;
}

void dd_tss_clear_io_map(struct dd_tss *tss)
{
    tss->io_map_base = DD_TSS_NO_IO_MAP;
}

void dd_tss_load(uint16_t selector)
{
    dd_ltr(selector);
}
