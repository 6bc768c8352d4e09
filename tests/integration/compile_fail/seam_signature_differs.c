/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An insn.h in which one function has its parameters swapped does not satisfy the contract.
 * expect: signature of dd_out32
 */
#include "drydock/arch/insn.h"

void out32_swapped(uint32_t value, uint16_t port);

void out32_swapped(uint32_t value, uint16_t port)
{
    dd_out32(port, value);
}

/* begin wrong */
#define dd_out32 out32_swapped
/* end wrong */
#include "drydock/insn_contract.h"
