/* SPDX-License-Identifier: MIT */
/*
 * There is no instruction that starts a program at level 3: IRETQ returns to it
 * from an interrupt that never was. Once SWAPGS has been executed for it, an
 * IRETQ that raises an exception does so at level 0; a frame that would is
 * refused before.
 */
#include "drydock/user.h"

#include "drydock/selector.h"
#include "../base/ordinal.h"

enum {
    PRIVILEGE_USER = 3
};

/* RFLAGS.IF and bit 1, which is always set; IOPL and VM. Spec: [SDM 1] 3.4.3. */
#define START_RFLAGS   UINT64_C(0x202)
#define REFUSED_RFLAGS UINT64_C(0x23000)

static enum dd_status check(const struct dd_interrupt_frame *frame, unsigned int linear_width)
{
    enum dd_status status = dd_ordinal_check_virtual(dd_vaddr_from(frame->rip), linear_width);

    if (dd_selector_rpl((uint16_t)frame->cs) != PRIVILEGE_USER ||
        dd_selector_rpl((uint16_t)frame->ss) != PRIVILEGE_USER ||
        (frame->rflags & REFUSED_RFLAGS) != 0) {
        return DD_EARG;
    }
    return status;
}

enum dd_status dd_user_frame_init(const struct dd_user_start *start,
                                  struct dd_interrupt_frame *frame)
{
    unsigned int width = dd_ordinal_virtual_width(start->linear_width);
    struct dd_interrupt_frame made = {
        .rdi = start->arguments[0],
        .rsi = start->arguments[1],
        .rdx = start->arguments[2],
        .rip = start->entry.raw,
        .cs = start->code,
        .rflags = START_RFLAGS,
        .rsp = start->stack.raw,
        .ss = start->data,
    };
    enum dd_status status = check(&made, width);

    if (status == DD_OK) {
        status = dd_ordinal_check_virtual(start->stack, width);
    }
    if (status == DD_OK) {
        *frame = made;
    }
    return status;
}

enum dd_status dd_user_enter(const struct dd_interrupt_frame *frame, unsigned int linear_width)
{
    enum dd_status status = check(frame, linear_width);

    if (status == DD_OK) {
        dd_interrupt_resume(frame);
    }
    return status;
}
