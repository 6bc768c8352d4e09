/* SPDX-License-Identifier: MIT */
/*
 * Taking over the machine, in the order in which each step relies on the one
 * before: the console to complain on, descriptor tables so that an exception
 * can be told, frames, and page tables made of them.
 */
#include "kernel/machine.h"

#include "drydock/addr.h"
#include "drydock/cpu_tables.h"
#include "drydock/idt.h"
#include "drydock/interrupt.h"
#include "kernel/console.h"
#include "kernel/exception.h"
#include "kernel/exit.h"
#include "kernel/frames.h"
#include "kernel/image.h"
#include "kernel/map.h"
#include "kernel/memory.h"

enum {
    STACK_SIZE = 16384,
    OWN_STACKS = 4
};

static struct kmachine machine;
static struct kecam ecam[KMACHINE_MAX_ECAM];
static struct kroot_bus root_buses[KMACHINE_MAX_ROOT_BUSES];

static struct dd_cpu_tables tables;
static struct dd_idt idt;
static _Alignas(16) char privilege_stack[STACK_SIZE];
static _Alignas(16) char own_stacks[OWN_STACKS][STACK_SIZE]; /* of #DF, NMI, #MC and #DB */

static void must(enum dd_status status)
{
    if (status != DD_OK) {
        kprint("kernel: %s: %s\n", dd_status_name(status), dd_status_text(status));
        kfail("taking over the machine failed");
    }
}

static void copy_description(const struct kmachine *description)
{
    if (description->ecam_count > KMACHINE_MAX_ECAM ||
        description->root_bus_count > KMACHINE_MAX_ROOT_BUSES) {
        kfail("the machine has more ECAM windows or root buses than the kernel has room for");
    }
    if (!dd_is_aligned(description->free_base | description->free_end, 4096) ||
        description->free_base < (uint64_t)kimage_end ||
        description->free_base > description->free_end) {
        kfail("the machine's free memory is no range of whole pages behind the image");
    }
    memcpy(ecam, (const void *)description->ecam, description->ecam_count * sizeof ecam[0]);
    memcpy(root_buses, (const void *)description->root_buses,
           description->root_bus_count * sizeof root_buses[0]);
    machine = *description;
    machine.ecam = (uint64_t)ecam;
    machine.root_buses = (uint64_t)root_buses;
}

static dd_vaddr top_of(const char *stack)
{
    return dd_vaddr_from((uint64_t)stack + STACK_SIZE);
}

static void load_descriptor_tables(void)
{
    const struct dd_cpu_tables_config config = {
        .privilege_stack = top_of(privilege_stack),
        .ist = {top_of(own_stacks[0]), top_of(own_stacks[1]), top_of(own_stacks[2]),
                top_of(own_stacks[3])},
    };

    must(dd_cpu_tables_init(&tables, &config));
    dd_cpu_tables_load(&tables);
    dd_idt_init(&idt);
    must(dd_interrupt_install(&idt, DD_CPU_KERNEL_CODE, DD_INTERRUPT_STACKS_OWN));
    dd_idt_load(&idt);
}

void kinit(const struct kmachine *description)
{
    kconsole_init();
    copy_description(description);
    load_descriptor_tables();
    kframes_init(machine.free_base, machine.free_end);
    must(kmap_activate(&machine));
}

const struct kmachine *kmachine(void)
{
    return &machine;
}
