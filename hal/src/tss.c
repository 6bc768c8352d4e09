/* SPDX-License-Identifier: MIT */
/*
 * In 64-bit mode a task-state segment holds no task: what is left of it are
 * three stacks for changes to a more privileged level, seven stacks that gates
 * choose by number, and where the I/O permission map starts. Placed at or
 * behind the limit of the segment, that map does not exist, and ports are for
 * privilege levels up to IOPL only.
 */
#include "drydock/tss.h"

#include "drydock/arch/insn.h"

void dd_tss_init(struct dd_tss *tss)
{
    *tss = (struct dd_tss){.io_map_base = sizeof *tss};
}

enum dd_status dd_tss_set_stack(struct dd_tss *tss, enum dd_tss_stack stack, dd_vaddr top)
{
    if ((unsigned int)stack > DD_TSS_IST7) {
        return DD_EARG;
    }
    if (!dd_vaddr_is_canonical(top, 48)) {
        return DD_ECANONICAL;
    }
    if (stack < DD_TSS_IST1) {
        tss->rsp[stack] = top;
    } else {
        tss->ist[stack - DD_TSS_IST1] = top;
    }
    return DD_OK;
}

void dd_tss_load(uint16_t selector)
{
    dd_ltr(selector);
}
