/* SPDX-License-Identifier: MIT */
/* The end of a run: the debug-exit device stops the machine; HLT is for machines without one. */
#include "kernel/exit.h"

#include "drydock/arch/insn.h"
#include "kernel/console.h"
#include "kernel/protocol.h"

void kexit(uint32_t code)
{
    kconsole_flush();
    dd_out32(KPROTOCOL_EXIT_PORT, code);
    for (;;) {
        dd_cli();
        dd_hlt();
    }
}

void kfail(const char *reason)
{
    kprint("kernel: %s\n", reason);
    kexit(KPROTOCOL_EXIT_FAILURE);
}
