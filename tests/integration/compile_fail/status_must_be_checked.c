/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status of a call cannot be dropped.
 * expect: unused.result
 */
#include "drydock/tlb.h"

enum dd_status refused(struct dd_tlb_pending *pending);

enum dd_status refused(struct dd_tlb_pending *pending)
{
    /* begin wrong */
    dd_tlb_settle_here(pending);
    /* end wrong */
    return dd_tlb_settle_here(pending);
}
