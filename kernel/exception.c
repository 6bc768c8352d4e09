/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts: guarded accesses end, claims handle theirs, everything else is told and
 * ends the run.
 */
#include "kernel/exception.h"

#include <stdbool.h>

#include "drydock/arch/insn.h"
#include "drydock/error_code.h"
#include "drydock/exception.h"
#include "drydock/syscall.h"
#include "kernel/console.h"
#include "kernel/exit.h"
#include "kernel/probe.h"
#include "kernel/protocol.h"

struct kprobe_guard kprobe_guard;

static struct kexception taken = {.vector = KEXCEPTION_NONE};
static void (*claim_handler)(struct dd_interrupt_frame *frame);
static bool telling;

struct kexception kexception_take(void)
{
    struct kexception result = taken;

    taken = (struct kexception){.vector = KEXCEPTION_NONE};
    return result;
}

void kexception_set_handler(void (*handler)(struct dd_interrupt_frame *frame))
{
    claim_handler = handler;
}

static void end_guarded_access(struct dd_interrupt_frame *frame)
{
    taken = (struct kexception){
        .vector = (uint32_t)frame->vector,
        .error_code = (uint32_t)frame->error_code,
        .address = frame->vector == DD_EXCEPTION_PF ? dd_read_cr2() : 0,
    };
    frame->rip = kprobe_guard.rip;
    frame->rsp = kprobe_guard.rsp;
}

static void print_frame(const struct dd_interrupt_frame *frame)
{
    char error[DD_ERROR_CODE_TEXT_SIZE];

    (void)dd_error_code_text(frame->vector, frame->error_code, error, sizeof error);
    kprint("exception %u, %s, error code %lx\n", (unsigned int)frame->vector,
           dd_exception_name(frame->vector), frame->error_code);
    kprint("%s%s", error, error[0] != '\0' ? "\n" : "");
    kprint("rip %016lx cs  %016lx rfl %016lx\n", frame->rip, frame->cs, frame->rflags);
    kprint("rsp %016lx ss  %016lx cr2 %016lx\n", frame->rsp, frame->ss, dd_read_cr2());
    kprint("rax %016lx rbx %016lx rcx %016lx\n", frame->rax, frame->rbx, frame->rcx);
    kprint("rdx %016lx rsi %016lx rdi %016lx\n", frame->rdx, frame->rsi, frame->rdi);
    kprint("rbp %016lx r8  %016lx r9  %016lx\n", frame->rbp, frame->r8, frame->r9);
    kprint("r10 %016lx r11 %016lx r12 %016lx\n", frame->r10, frame->r11, frame->r12);
    kprint("r13 %016lx r14 %016lx r15 %016lx\n", frame->r13, frame->r14, frame->r15);
    kprint("cr0 %016lx cr3 %016lx cr4 %016lx\n", dd_read_cr0(), dd_read_cr3(), dd_read_cr4());
}

static void hand_on(struct dd_interrupt_frame *frame)
{
    if (claim_handler != NULL) {
        claim_handler(frame);
        return;
    }
    if (!telling) {
        telling = true; /* an exception in here would be told for ever */
        print_frame(frame);
    }
    kexit(KPROTOCOL_EXIT_FAILURE);
}

void dd_kernel_interrupt(struct dd_interrupt_frame *frame)
{
    if (kprobe_guard.rip != 0 && frame->vector < DD_EXCEPTION_COUNT) {
        end_guarded_access(frame);
        return;
    }
    hand_on(frame);
}

void dd_kernel_syscall(struct dd_interrupt_frame *frame)
{
    hand_on(frame);
}
