/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A range of physical addresses is not compared with one of virtual addresses.
 * expect: incompatible.pointer.types
 */
#include "drydock/range_physical.h"

bool refused(const struct dd_vaddr_range *virtual, const struct dd_paddr_range *physical);

bool refused(const struct dd_vaddr_range *virtual, const struct dd_paddr_range *physical)
{
    bool result = dd_vaddr_range_overlaps(virtual, virtual) && physical->length != 0;
    /* begin wrong */
    result = dd_vaddr_range_overlaps(virtual, physical);
    /* end wrong */
    return result;
}
