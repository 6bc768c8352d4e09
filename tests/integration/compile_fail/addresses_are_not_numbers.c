/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plain number is not an address: it has to say which kind it is.
 * expect: incompatible type
 */
#include "drydock/addr.h"

bool refused(uint64_t number);

bool refused(uint64_t number)
{
    bool result = dd_vaddr_is_canonical(dd_vaddr_from(number), 48);
    /* begin wrong */
    result = dd_vaddr_is_canonical(number, 48);
    /* end wrong */
    return result;
}
