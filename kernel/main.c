/* SPDX-License-Identifier: MIT */
/*
 * The kernel as QEMU boots it: read what the loader says, take the machine
 * over, do what the command line asks for, and exit with a status.
 *
 * Command line, words separated by spaces:
 *   claims   run all claims
 *   pci      list PCI: by ECAM, if the machine has windows, then by mechanism 1
 *   hold     at the end print @hold and wait for a byte on the console
 *   la57     5 levels of page tables; boot.S has done it
 * Without claims and without pci it does both.
 */
#include "kernel/main.h"

#include <stdbool.h>
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "kernel/acpi.h"
#include "kernel/claims.h"
#include "kernel/console.h"
#include "kernel/exit.h"
#include "kernel/image.h"
#include "kernel/machine.h"
#include "kernel/memory.h"
#include "kernel/pci_report.h"
#include "kernel/pvh.h"

struct orders {
    bool claims;
    bool pci;
    bool hold;
    bool five_levels;
};

static size_t word_length(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0' && text[length] != ' ') {
        length++;
    }
    return length;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return word_length(word) == length && memcmp(text, word, length) == 0;
}

/* Unknown words are an error: a run that does less than it was asked to must not look like success. */
static bool read_orders(const char *text, struct orders *orders)
{
    for (;;) {
        size_t length = word_length(text);

        if (is_word(text, length, "claims")) {
            orders->claims = true;
        } else if (is_word(text, length, "pci")) {
            orders->pci = true;
        } else if (is_word(text, length, "hold")) {
            orders->hold = true;
        } else if (is_word(text, length, "la57")) {
            orders->five_levels = true;
        } else if (length != 0) {
            return false;
        }
        if (text[length] == '\0') {
            break;
        }
        text += length + 1;
    }
    if (!orders->claims && !orders->pci) {
        orders->claims = true;
        orders->pci = true;
    }
    return true;
}

static void take_over(const struct kpvh *boot)
{
    static struct kecam windows[KMACHINE_MAX_ECAM];
    static const struct kroot_bus root = {.segment = 0, .bus = 0};
    struct kmachine machine = {
        .free_base = boot->free_base,
        .free_end = boot->free_end,
        .ecam = (uint64_t)windows,
        .ecam_count = kacpi_find_ecam(boot->rsdp, windows, KMACHINE_MAX_ECAM),
        .root_buses = (uint64_t)&root,
        .root_bus_count = 1,
    };

    kinit(&machine);
}

void kmain(uint64_t start_info)
{
    struct kpvh boot;
    struct orders orders = {0};
    bool good = true;
    const char *complaint;

    kconsole_init();
    complaint = kpvh_read(start_info, (uint64_t)kimage_end, &boot);
    if (complaint != NULL) {
        kfail(complaint);
    }
    if (!read_orders(boot.command_line, &orders)) {
        kfail("unknown word on the command line");
    }
    if (orders.five_levels && DD_GET(dd_read_cr4(), DD_CR4_LA57) == 0) {
        kfail("the processor has no 5-level paging");
    }
    take_over(&boot);

    if (orders.claims) {
        good = kclaims_run_all();
    }
    if (orders.pci && kmachine()->ecam_count != 0) {
        kpci_report(KPCI_ECAM);
    }
    if (orders.pci) {
        kpci_report(KPCI_MECHANISM_1);
    }
    if (orders.hold) {
        kprint(KPROTOCOL_HOLD "\n");
        kconsole_wait();
    }
    kexit(good ? KPROTOCOL_EXIT_SUCCESS : KPROTOCOL_EXIT_FAILURE);
}
