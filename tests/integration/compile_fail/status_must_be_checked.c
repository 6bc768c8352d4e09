/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status of a call cannot be dropped.
 * expect: unused.result
 */
#include "drydock/kernel_api.h"

enum dd_status refused(dd_paddr *frame);

enum dd_status refused(dd_paddr *frame)
{
    /* begin wrong */
    dd_kernel_frame_alloc(frame);
    /* end wrong */
    return dd_kernel_frame_alloc(frame);
}
