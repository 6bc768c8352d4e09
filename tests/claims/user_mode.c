/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs are copied from the image into a frame, since the image's own pages
 * are not for level 3. The way back from level 3 is a frame that a handler
 * points at the end of user_mode_run(): IRETQ to level 0.
 */
#include "tests/claims/user_mode.h"

#include "drydock/exception.h"
#include "drydock/paging.h"
#include "drydock/user.h"
#include "tests/claims/linear.h"
#include "tests/claims/user_mode_code.h"
#include "tests/claims/watch.h"
#include "tests/claims/world.h"

enum {
    PAGE = 4096
};

/* In the upper half, so that the base of GS has its highest bit set; nobody else's. */
#define CPU_PAGE UINT64_C(0xFFFFC00000000000)

struct user_mode_processor user_mode_processor;

static dd_vaddr stack_top(unsigned int stack)
{
    return dd_vaddr_from((uintptr_t)user_mode_processor.stacks[stack] + PAGE);
}

static enum dd_status make_idt(struct dd_idt *idt)
{
    enum dd_status status = DD_OK;

    dd_idt_init(idt);
    status = dd_interrupt_install(idt, DD_CPU_KERNEL_CODE, DD_INTERRUPT_STACKS_OWN);
    for (unsigned int vector = 0; vector < 256 && status == DD_OK; vector++) {
        struct dd_gate gate;

        status = dd_idt_get_gate(idt, (uint8_t)vector, &gate);
        if (status == DD_OK) {
            gate.dpl = dd_exception_has_error_code(vector) ? 0 : 3;
            status = dd_idt_set_gate(idt, (uint8_t)vector, &gate);
        }
    }
    return status;
}

static enum dd_status make_tables(void)
{
    struct user_mode_processor *processor = &user_mode_processor;
    struct dd_cpu_tables_config config = {.privilege_stack = stack_top(0),
                                          .io_map = &processor->io_map};
    enum dd_status status =
        dd_io_map_init(&processor->io_map, processor->io_map_bytes, USER_MODE_IO_MAP_SIZE);

    for (unsigned int i = 0; i < 4; i++) {
        config.ist[i] = stack_top(1 + i);
    }
    if (status == DD_OK) {
        status = dd_cpu_tables_init(&processor->tables, &config);
    }
    return status == DD_OK ? make_idt(&processor->idt) : status;
}

static enum dd_status map(const struct user_mode *user)
{
    struct dd_address_space space;
    enum dd_status status = DD_OK;

    dd_paging_current(&space, world_memory());
    status = dd_paging_map_page(&space, user->code, user->frames[0], DD_PAGE_4K,
                                DD_MAP_USER | DD_MAP_EXECUTE);
    if (status == DD_OK) {
        status = dd_paging_map_page(&space, user->data, user->frames[1], DD_PAGE_4K,
                                    DD_MAP_USER | DD_MAP_WRITE);
    }
    if (status == DD_OK) {
        status = dd_paging_map_page(&space, dd_vaddr_from(CPU_PAGE), user->frames[2], DD_PAGE_4K,
                                    DD_MAP_WRITE);
    }
    return status;
}

static void unmap(const struct user_mode *user)
{
    const dd_vaddr pages[3] = {user->code, user->data, dd_vaddr_from(CPU_PAGE)};
    struct dd_address_space space;
    struct dd_paging_entry was;
    struct dd_tlb_pending pending;

    dd_paging_current(&space, world_memory());
    dd_tlb_pending_init(&pending);
    for (unsigned int i = 0; i < 3; i++) {
        if (dd_paging_unmap_page(&space, pages[i], DD_PAGE_4K, &pending, &was) == DD_OK &&
            dd_tlb_settle_here(&pending) == DD_OK) {
            world_frame_free(was.address);
        }
    }
}

enum dd_status user_mode_open(struct user_mode *user, dd_vaddr base)
{
    enum dd_status status = make_tables();

    user->code = base;
    user->data = dd_vaddr_from(base.raw + PAGE);
    user->cpu = (struct dd_syscall_cpu *)(uintptr_t)CPU_PAGE;
    for (unsigned int i = 0; i < 3 && status == DD_OK; i++) {
        status = world_frame_alloc(&user->frames[i]);
    }
    if (status != DD_OK) {
        return status;
    }
    uint8_t *code = world_frame_pointer(user->frames[0]);
    for (unsigned int i = 0; i < PAGE && user_mode_code + i < user_mode_code_end; i++) {
        code[i] = user_mode_code[i];
    }
    user->words = world_frame_pointer(user->frames[1]);
    status = map(user);
    if (status == DD_OK) {
        tables_save(&user->world);
        dd_cpu_tables_load(&user_mode_processor.tables);
        dd_idt_load(&user_mode_processor.idt);
    }
    return status;
}

void user_mode_close(const struct user_mode *user)
{
    tables_put_back(&user->world);
    unmap(user);
}

enum dd_status user_mode_map_device(dd_vaddr vaddr, dd_paddr paddr)
{
    struct dd_address_space space;

    dd_paging_current(&space, world_memory());
    return dd_paging_map_page(&space, vaddr, paddr, DD_PAGE_4K,
                              DD_MAP_WRITE | DD_MAP_UNCACHED | DD_MAP_WRITE_THROUGH);
}

void user_mode_unmap_device(dd_vaddr vaddr)
{
    struct dd_address_space space;
    struct dd_tlb_pending pending;

    dd_paging_current(&space, world_memory());
    dd_tlb_pending_init(&pending);
    (void)!dd_paging_unmap_page(&space, vaddr, DD_PAGE_4K, &pending, NULL);
    (void)!dd_tlb_settle_here(&pending);
}

uint64_t user_mode_address(const struct user_mode *user, enum user_mode_program program)
{
    return user->code.raw + user_mode_offsets[program];
}

uint64_t user_mode_int_n(const struct user_mode *user, uint64_t vector)
{
    return user_mode_address(user, USER_MODE_INT_N) + 4 * vector;
}

struct dd_interrupt_frame user_mode_frame(const struct user_mode *user,
                                          enum user_mode_program program)
{
    return (struct dd_interrupt_frame){.rip = user_mode_address(user, program),
                                       .cs = DD_CPU_USER_CODE,
                                       .rflags = 2,
                                       .rsp = user->data.raw + PAGE,
                                       .ss = DD_CPU_USER_DATA};
}

/* Does not return through here when level 3 was entered: user_mode_leave() goes to user_mode_back. */
static uint64_t user_mode_enter(const struct dd_interrupt_frame *frame)
{
    return dd_user_enter(frame, linear_width());
}

enum dd_status user_mode_run(const struct dd_interrupt_frame *frame)
{
    return (enum dd_status)user_mode_switch(frame, user_mode_enter);
}

static uint64_t resume(const struct dd_interrupt_frame *frame)
{
    dd_interrupt_resume(frame);
}

void user_mode_resume(const struct dd_interrupt_frame *frame)
{
    (void)user_mode_switch(frame, resume);
}

void user_mode_leave(struct dd_interrupt_frame *frame)
{
    frame->rip = (uintptr_t)user_mode_back;
    frame->cs = DD_CPU_KERNEL_CODE;
    frame->rflags = 2;
    frame->rsp = user_mode_rsp;
    frame->ss = DD_CPU_KERNEL_DATA;
}

void record_and_leave(struct dd_interrupt_frame *frame)
{
    record(frame);
    user_mode_leave(frame);
}

void record_and_go_on(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == USER_MODE_LEAVE) {
        user_mode_leave(frame);
    }
}

bool user_mode_is_on_stack(uint64_t address, unsigned int stack)
{
    return address - (uintptr_t)user_mode_processor.stacks[stack] < PAGE;
}

enum dd_status user_mode_enable_syscall(const struct user_mode *user)
{
    const struct dd_syscall_config config = {
        .selectors = {.kernel_code = DD_CPU_KERNEL_CODE,
                      .kernel_data = DD_CPU_KERNEL_DATA,
                      .user_code = DD_CPU_USER_CODE,
                      .user_data = DD_CPU_USER_DATA},
        .cpu = user->cpu,
        .kernel_stack = stack_top(5),
    };

    return dd_syscall_enable(&config, NULL);
}
