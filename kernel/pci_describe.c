/* SPDX-License-Identifier: MIT */
/*
 * The lines come from the library's printer one by one; each is given away before
 * the next is made.
 */
#include "kernel/pci_describe.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/pci_print.h"
#include "kernel/console.h"
#include "kernel/pci_buses.h"
#include "kernel/protocol.h"

static void print_line(void *context, const char *line)
{
    const struct dd_pci_address *address = context;

    kpci_print_start(KPROTOCOL_LINE, *address);
    kprint(" %s\n", line);
}

/* The functions of the simulated machine answer at once or never, so there is nothing to wait for. */
static void wait(void *context, uint32_t microseconds)
{
    (void)context;
    (void)microseconds;
    dd_pause();
}

static const struct dd_delay delay = {wait, NULL};

static void describe_function(void *context, const struct dd_pci_access *access,
                              const struct dd_pci_function *function)
{
    unsigned int *count = context;
    struct dd_pci_address address = function->address;
    const struct dd_pci_print print = {.access = access,
                                       .address = address,
                                       .delay = &delay,
                                       .emit = print_line,
                                       .context = &address};
    enum dd_status status;

    (*count)++;
    print_line(&address, "");
    status = dd_pci_print_capabilities(&print);
    if (status != DD_OK) {
        kpci_print_trouble(address, status, "capabilities");
    }
}

void kpci_describe(uint32_t mechanism)
{
    unsigned int count = 0;

    kpci_visit(mechanism, &(struct kpci_visitor){describe_function, &count});
    kprint("%s pci %u\n", KPROTOCOL_END, count);
}
