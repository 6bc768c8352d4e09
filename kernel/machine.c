/* SPDX-License-Identifier: MIT */
/*
 * Taking over the machine, in the order in which each step relies on the one
 * before: the console to complain on, descriptor tables so that an exception
 * can be told, frames, and page tables made of them.
 */
#include "kernel/machine.h"

#include "drydock/addr.h"
#include "drydock/gdt.h"
#include "drydock/idt.h"
#include "kernel/console.h"
#include "kernel/exception.h"
#include "kernel/exit.h"
#include "kernel/frames.h"
#include "kernel/image.h"
#include "kernel/map.h"
#include "kernel/memory.h"

enum {
    STACK_SIZE = 16384,
    VECTOR_DOUBLE_FAULT = 8,
    DOUBLE_FAULT_IST = 1
};

static struct kmachine machine;
static struct kecam ecam[KMACHINE_MAX_ECAM];
static struct kroot_bus root_buses[KMACHINE_MAX_ROOT_BUSES];

static struct dd_gdt gdt;
static struct dd_tss tss;
static struct dd_idt idt;
static _Alignas(16) char privilege_stack[STACK_SIZE];
static _Alignas(16) char double_fault_stack[STACK_SIZE];

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

/* A double fault often means that the stack is bad, so its handler has one of its own. */
static void load_descriptor_tables(void)
{
    struct dd_gate double_fault = {.type = DD_GATE_TYPE_INTERRUPT, .ist = DOUBLE_FAULT_IST};
    uint16_t data;
    uint16_t task;

    dd_tss_init(&tss);
    must(dd_tss_set_stack(&tss, DD_TSS_RSP0,
                          dd_vaddr_from((uint64_t)privilege_stack + sizeof privilege_stack)));
    must(dd_tss_set_stack(&tss, DD_TSS_IST1,
                          dd_vaddr_from((uint64_t)double_fault_stack + sizeof double_fault_stack)));
    dd_gdt_init(&gdt);
    must(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_CODE, &double_fault.selector));
    must(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_DATA, &data));
    must(dd_gdt_add_tss(&gdt, &tss, &task));
    dd_gdt_load(&gdt, double_fault.selector, data);
    dd_tss_load(task);

    dd_idt_init(&idt);
    must(dd_exception_install(&idt, double_fault.selector));
    double_fault.handler = dd_vaddr_from(dd_exception_entries[VECTOR_DOUBLE_FAULT]);
    must(dd_idt_set_gate(&idt, VECTOR_DOUBLE_FAULT, &double_fault));
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
