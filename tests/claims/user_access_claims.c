/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about what privilege level 3 may do: use ports that the map allows, and call gates; data
 * that is not aligned, unless the kernel and the program want it to be; and the data of a segment.
 */
#include "drydock/arch/insn.h"
#include "drydock/descriptor.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/user_mode_code.h"
#include "tests/claims/watch.h"

/* The scratch register of COM1, which does nothing, and ports beside it. */
enum {
    PORT_MODEM_STATUS = 0x3FE,
    PORT_SCRATCH = 0x3FF
};

/* The vector that ends a program with a port access. */
static uint64_t access_port(const struct user_mode *user, enum user_mode_program program,
                            uint16_t port)
{
    struct dd_interrupt_frame frame = user_mode_frame(user, program);

    frame.rdx = port;
    frame.rax = 0x5A;
    watch(record_and_leave);
    enum dd_status entered = user_mode_run(&frame);
    watch_end();
    return entered == DD_OK && seen[0].frame.error_code == 0 ? seen[0].frame.vector : 0;
}

/* [SDM 1] 19.5.2. The last port of the map is the one: its second byte is the terminating one. */
CLAIM(level_3_uses_only_the_ports_that_the_map_allows)
{
    SKIP_WITHOUT_PROCESSOR();

    const struct dd_port_range scratch = {PORT_SCRATCH, PORT_SCRATCH};
    struct dd_io_map *map = &user_mode_processor.io_map;
    struct user_mode user;
    uint64_t ended[6] = {0};
    uint64_t read = 0;
    enum dd_status status = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    status = dd_io_map_allow(map, scratch);
    ended[0] = access_port(&user, USER_MODE_OUT8, PORT_SCRATCH);
    ended[1] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH);
    read = seen[0].frame.rax & 0xFF;
    ended[2] = access_port(&user, USER_MODE_IN8, PORT_MODEM_STATUS);
    ended[3] = access_port(&user, USER_MODE_IN16, PORT_SCRATCH);
    ended[4] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH + 1);
    if (status == DD_OK) {
        status = dd_io_map_deny(map, scratch);
    }
    ended[5] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH);
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(ended[0], 0x81);
    CLAIM_EQUAL(ended[1], 0x81);
    CLAIM_EQUAL(read, 0x5A);
    CLAIM_EQUAL(ended[2], 13); /* the port before it */
    CLAIM_EQUAL(ended[3], 13); /* two ports, the second is not covered */
    CLAIM_EQUAL(ended[4], 13); /* beyond the map */
    CLAIM_EQUAL(ended[5], 13);
}

CLAIM(level_3_uses_no_port_without_a_map)
{
    SKIP_WITHOUT_PROCESSOR();

    const struct dd_port_range all = {0, 0x3FF};
    struct user_mode_processor *processor = &user_mode_processor;
    struct user_mode user;
    uint64_t ended[3] = {0};
    enum dd_status status = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    status = dd_io_map_allow(&processor->io_map, all);
    ended[0] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH);
    dd_tss_clear_io_map(&processor->tables.tss);
    ended[1] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH);
    if (status == DD_OK) {
        status = dd_tss_set_io_map(&processor->tables.tss, &processor->io_map);
    }
    ended[2] = access_port(&user, USER_MODE_IN8, PORT_SCRATCH);
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(ended[0], 0x81);
    CLAIM_EQUAL(ended[1], 13);
    CLAIM_EQUAL(ended[2], 0x81);
}

/* [SDM 3A] 5.8.3.1, 5.8.5.1: stack RSP0, CS of the gate; [SDM 2A] CALL. */
CLAIM(a_call_gate_leads_level_3_to_level_0_and_back)
{
    SKIP_WITHOUT_PROCESSOR();

    const struct dd_call_gate gate = {.handler = dd_vaddr_from((uintptr_t)user_mode_gate),
                                      .selector = DD_CPU_KERNEL_CODE,
                                      .dpl = 3};
    struct dd_gdt *gdt = &user_mode_processor.tables.gdt;
    struct dd_descriptor descriptor;
    struct user_mode user;
    struct dd_interrupt_frame frame;
    uint16_t selector = 0;
    enum dd_status status = dd_descriptor_make_call_gate(&gate, &descriptor);

    CLAIM_OK(status);
    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    status = dd_gdt_add(gdt, &descriptor, &selector);
    dd_gdt_load_table(gdt);
    user.words[0] = 0; /* the offset, which a call gate replaces */
    user.words[1] = selector;
    frame = user_mode_frame(&user, USER_MODE_FAR_CALL);
    frame.rdi = user.data.raw;
    watch(record_and_leave);
    if (status == DD_OK) {
        status = user_mode_run(&frame);
    }
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(selector, 0x43);
    CLAIM_EQUAL(seen[0].frame.vector, 0x81);
    CLAIM_EQUAL(seen[0].frame.rax, 0x600D);
    CLAIM_EQUAL(seen[0].frame.rdx, 0x2B);
    CLAIM_EQUAL(seen[0].frame.rsp, frame.rsp);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x2B);
}

/* CR0.AM, RFLAGS.AC. [SDM 3A] 2.5; [SDM 1] 3.4.3.3 */
#define ALIGNMENT_MASK  UINT64_C(0x40000)
#define ALIGNMENT_CHECK UINT64_C(0x40000)

/* The vector that ends a program with a load from the fifth byte of its data. */
static uint64_t load_misaligned(const struct user_mode *user, uint64_t rflags)
{
    struct dd_interrupt_frame frame = user_mode_frame(user, USER_MODE_LOAD);

    frame.rdi = user->data.raw + 4;
    frame.rflags |= rflags;
    watch(record_and_leave);
    enum dd_status entered = user_mode_run(&frame);
    watch_end();
    return entered == DD_OK ? seen[0].frame.vector : 0;
}

/* [SDM 3A] 6.15, interrupt 17: a word of 8 bytes, error code 0, RIP at the instruction. */
CLAIM(level_3_may_have_its_alignment_checked)
{
    SKIP_WITHOUT_PROCESSOR();

    const uint64_t cr0 = dd_read_cr0();
    struct user_mode user;
    uint64_t ended[3] = {0};

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    dd_write_cr0(cr0 & ~ALIGNMENT_MASK);
    ended[0] = load_misaligned(&user, ALIGNMENT_CHECK);
    dd_write_cr0(cr0 | ALIGNMENT_MASK);
    ended[1] = load_misaligned(&user, 0);
    ended[2] = load_misaligned(&user, ALIGNMENT_CHECK);
    dd_write_cr0(cr0);
    user_mode_close(&user);
    CLAIM_EQUAL(ended[0], 0x81);
    CLAIM_EQUAL(ended[1], 0x81);
    CLAIM_SKIP_IF(ended[2] == 0x81, "the processor never checks alignment");
    CLAIM_EQUAL(ended[2], 17);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, user_mode_address(&user, USER_MODE_LOAD));
    CLAIM_EQUAL(seen[0].frame.rflags & ALIGNMENT_CHECK, ALIGNMENT_CHECK);
}

/* In 32-bit code: movl %eax, %ds; movl (%edi), %eax; int $USER_MODE_LEAVE. Nothing else is there. */
#define LOAD_32_PROGRAM UINT64_C(0x81CD078BD88E)
#define LOAD_32_OFFSET  0xE00

/* Where there is nothing else, in the lower half of 4 GiB. */
#define LOW_PAGES 0x90000000

/* The vector that ends a load of 4 bytes by a 32-bit program, from an offset of a segment. */
static uint64_t load_from_segment(const struct user_mode *user, uint16_t selector, uint64_t offset)
{
    struct dd_interrupt_frame frame = user_mode_frame(user, USER_MODE_INT_N);

    frame.cs = DD_CPU_USER_CODE32;
    frame.rip = user->code.raw + LOAD_32_OFFSET;
    frame.rax = selector;
    frame.rdi = offset;
    watch(record_and_leave);
    enum dd_status entered = user_mode_run(&frame);
    watch_end();
    return entered == DD_OK ? seen[0].frame.vector : 0;
}

/* [SDM 3A] 5.3: #GP(0), and RIP at the load, if the last byte is beyond the limit. */
CLAIM(a_32_bit_program_reaches_what_is_within_the_limit_of_its_segment)
{
    SKIP_WITHOUT_PROCESSOR();

    const struct dd_segment_parts parts = {.base = LOW_PAGES + 0x1000,
                                           .limit = 0x7FF,
                                           .size = DD_SEGMENT_32_BIT,
                                           .type = 3, /* read, write, accessed */
                                           .dpl = 3,
                                           .present = true};
    struct dd_descriptor descriptor;
    struct user_mode user;
    uint64_t ended[2] = {0};
    uint64_t read = 0;
    uint16_t selector = 0;
    enum dd_status status = dd_descriptor_make_segment(&parts, &descriptor);

    CLAIM_OK(status);
    CLAIM_OK(user_mode_open(&user, dd_vaddr_from(LOW_PAGES)));
    status = dd_gdt_add(&user_mode_processor.tables.gdt, &descriptor, &selector);
    dd_gdt_load_table(&user_mode_processor.tables.gdt);
    ((uint64_t *)world_frame_pointer(user.frames[0]))[LOAD_32_OFFSET / 8] = LOAD_32_PROGRAM;
    user.words[0x7F8 / 8] = UINT64_C(0x600D600D00000000);
    ended[0] = load_from_segment(&user, selector | 3u, 0x7FC);
    read = seen[0].frame.rax & 0xFFFFFFFF;
    ended[1] = load_from_segment(&user, selector | 3u, 0x7FD);
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(ended[0], 0x81);
    CLAIM_EQUAL(read, 0x600D600D);
    CLAIM_SKIP_IF(ended[1] == 0x81, "the processor does not look at limits of segments");
    CLAIM_EQUAL(ended[1], 13);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, LOW_PAGES + LOAD_32_OFFSET + 2);
}
