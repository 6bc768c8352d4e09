/* SPDX-License-Identifier: MIT */
/**
 * @file
 * SYSCALL and SYSRET: the registers that lead SYSCALL to the library's entry
 * code, and that entry code.
 *
 * SYSCALL changes neither stack nor GS base. The entry code takes both from
 * struct dd_syscall_cpu, one for each processor: the kernel's GS base points to
 * it while level 3 does not run, and to whatever the kernel wants behind it.
 * Return is by SYSRET when that restores all of the frame, else by IRETQ: after
 * a change to RIP, RFLAGS or a selector by the handler, and always for a RIP
 * with which SYSRET would raise #GP at privilege level 0 on the stack of level
 * 3, as Intel's processors do.
 *
 * Spec: [SDM 3A] 5.8.8; [SDM 2B] SYSCALL, SYSRET.
 */
#ifndef DRYDOCK_SYSCALL_H
#define DRYDOCK_SYSCALL_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/interrupt.h"
#include "drydock/status.h"

/** The vector a frame made by SYSCALL says: none that an interrupt could have. */
#define DD_SYSCALL_VECTOR 0x100

/** The selectors SYSCALL and SYSRET load. DD_CPU_… of cpu_tables.h are such a set. */
struct dd_syscall_selectors {
    uint16_t kernel_code; /**< CS after SYSCALL */
    uint16_t kernel_data; /**< SS after SYSCALL */
    uint16_t user_code;   /**< CS after SYSRET */
    uint16_t user_data;   /**< SS after SYSRET */
};

/** The rules selectors must keep, since IA32_STAR has room for two only. Spec: [SDM 3A] 5.8.8. */
enum dd_syscall_rule {
    DD_SYSCALL_RULE_NONE,             /**< all are kept */
    DD_SYSCALL_RULE_TABLE,            /**< a selector is null or of an LDT */
    DD_SYSCALL_RULE_KERNEL_PRIVILEGE, /**< RPL of kernel_code and kernel_data is 0 */
    DD_SYSCALL_RULE_USER_PRIVILEGE,   /**< RPL of user_code and user_data is 3 */
    DD_SYSCALL_RULE_KERNEL_DATA_NEXT, /**< kernel_data is the entry after kernel_code */
    DD_SYSCALL_RULE_USER_CODE_NEXT,   /**< user_code is the entry after user_data */
};

/** A few English words that say what a rule asks for; never NULL. */
const char *dd_syscall_rule_text(enum dd_syscall_rule rule);

/**
 * Make the value of IA32_STAR.
 *
 * @param selectors    read, not kept
 * @param[out] star    value for the register
 * @param[out] broken  the first rule that is not kept; may be NULL
 * @retval DD_OK    *star is valid; *broken is DD_SYSCALL_RULE_NONE
 * @retval DD_EARG  *broken tells; *star untouched
 *
 * Spec: [SDM 3A] 5.8.8, figure 5-14.
 */
DD_MUST_CHECK enum dd_status dd_syscall_make_star(const struct dd_syscall_selectors *selectors,
                                                  uint64_t *star, enum dd_syscall_rule *broken);

/**
 * Read a value of IA32_STAR.
 *
 * @param[out] selectors  what SYSCALL and SYSRET load with it, RPL as they set it: any value has
 *                        a meaning. SYSCALL clears that of CS only: SS has the RPL of the field
 *
 * Spec: [SDM 3A] 5.8.8; [SDM 2B] SYSCALL, SYSRET, "Operation".
 */
void dd_syscall_read_star(uint64_t star, struct dd_syscall_selectors *selectors);

/** What the entry code of a processor needs; the kernel's GS base points to it. */
struct dd_syscall_cpu {
    uint64_t user_stack;   /**< RSP of level 3 for a moment; the entry code's own */
    uint64_t kernel_stack; /**< top of the stack for SYSCALL, a multiple of 16 */
    uint64_t user_data;    /**< SS for the frame */
    uint64_t user_code;    /**< CS for the frame */
};

_Static_assert(offsetof(struct dd_syscall_cpu, kernel_stack) == 8, "syscall_entry.S");
_Static_assert(offsetof(struct dd_syscall_cpu, user_data) == 16, "syscall_entry.S");
_Static_assert(offsetof(struct dd_syscall_cpu, user_code) == 24, "syscall_entry.S");

/** What dd_syscall_enable() is told. */
struct dd_syscall_config {
    struct dd_syscall_selectors selectors;
    struct dd_syscall_cpu *cpu; /**< this processor's; stays in place. In the upper half: see
                                     interrupt.h */
    dd_vaddr kernel_stack;      /**< top of this processor's stack for SYSCALL; canonical */
    uint8_t linear_width;       /**< linear-address bits: 48 (or 0), 57 */
};

/**
 * Let privilege level 3 use SYSCALL on this processor: STAR, LSTAR, CSTAR and
 * FMASK, the GS bases of kernel (*config->cpu) and user (0), and EFER.SCE.
 *
 * SYSCALL clears RFLAGS.TF, IF, DF, IOPL, NT and AC. From 32-bit code, where
 * processors allow it there, it returns at once with EAX = FFFFFFFFH. NMI, #DB,
 * #DF and #MC must have stacks of their own: DD_INTERRUPT_STACKS_OWN.
 *
 * @param config       read, not kept, but for *config->cpu
 * @param[out] broken  the first rule that is not kept by the selectors; may be NULL
 * @retval DD_OK          SYSCALL leads to dd_kernel_syscall()
 * @retval DD_EARG        the selectors break a rule, or no such width; nothing changed
 * @retval DD_EALIGN      kernel_stack is not a multiple of 16; nothing changed
 * @retval DD_ECANONICAL  kernel_stack or the entry code's address is not canonical; nothing
 *                        changed
 * @retval DD_ENOTSUP     the processor has no SYSCALL; nothing changed
 *
 * Spec: [SDM 3A] 5.8.8, [SDM 2B] SYSCALL, SYSRET.
 */
DD_MUST_CHECK enum dd_status dd_syscall_enable(const struct dd_syscall_config *config,
                                               enum dd_syscall_rule *broken);

/** Make SYSCALL raise #UD again on this processor: EFER.SCE. Spec: [SDM 2B] SYSCALL. */
void dd_syscall_disable(void);

/**
 * The kernel's handler of SYSCALL; a kernel that uses dd_syscall_enable() provides it.
 *
 * Called with interrupts off, on the processor's stack for SYSCALL; another
 * thread may only run there when it was given another one in struct
 * dd_syscall_cpu. Returning resumes the program described by the frame.
 *
 * @param frame  vector is DD_SYSCALL_VECTOR, error_code 0; rcx is RIP and r11 RFLAGS, as SYSCALL
 *               leaves them: if neither pair differs, SYSRET is used. Valid until the return
 */
void dd_kernel_syscall(struct dd_interrupt_frame *frame);

/** The entry code, for kernels that set up the registers themselves. It is not called. */
void dd_syscall_entry(void);

/** Entry code for 32-bit code: returns at once with EAX = FFFFFFFFH. It is not called. */
void dd_syscall_entry_32(void);

#endif
