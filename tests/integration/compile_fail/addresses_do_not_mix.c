/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A physical address does not go where a virtual one is meant.
 * expect: incompatible type
 */
#include "drydock/addr.h"

bool refused(dd_paddr physical, dd_vaddr virtual);

bool refused(dd_paddr physical, dd_vaddr virtual)
{
    bool result = dd_vaddr_is_canonical(virtual, 48) && physical.raw != 0;
    /* begin wrong */
    result = dd_vaddr_is_canonical(physical, 48);
    /* end wrong */
    return result;
}
