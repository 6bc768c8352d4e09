/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the instruction that faulted tells by itself, together with a bit or two of the processor. */
#include <stdio.h>
#include <string.h>

#include "sim/report/postmortem_internal.h"

#define CR4_OSFXSR  (UINT64_C(1) << 9)
#define CR4_OSXSAVE (UINT64_C(1) << 18)
#define RFLAGS_DF   (UINT64_C(1) << 10)

enum {
    VECTOR_UD = 6,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    PAGE = 4096
};

/* Instructions for CPL 0, and those that IOPL decides about. [SDM 3A] 5.9; [SDM 1] 19.5.1. */
static void note_privilege(struct autopsy *autopsy)
{
    static const char *const privileged[] = {
        "hlt",  "invlpg", "rdmsr",  "wrmsr",  "lgdt",   "lidt",   "lldt",    "ltr",    "lmsw",
        "clts", "invd",   "wbinvd", "swapgs", "sysret", "xsetbv", "sysexit", "invpcid"};
    static const char *const sensitive[] = {"cli", "sti", "in", "out", "ins", "outs"};
    const struct sim_cpu *cpu = autopsy->input->cpu;
    char name[16];

    (void)snprintf(name, sizeof name, "%s", autopsy_instruction(autopsy));
    name[strcspn(name, " ")] = '\0';
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (strncmp(name, privileged[i], strlen(privileged[i])) == 0) {
            autopsy_note(&autopsy->postmortem->notes, "%s is for CPL 0 only, and CPL is %u", name,
                         sim_cpu_privilege(cpu));
            return;
        }
    }
    for (size_t i = 0; i < sizeof sensitive / sizeof sensitive[0]; i++) {
        if (strncmp(name, sensitive[i], strlen(sensitive[i])) == 0) {
            autopsy_note(&autopsy->postmortem->notes, "%s is not allowed: CPL is %u and IOPL %u",
                         name, sim_cpu_privilege(cpu), (unsigned int)(cpu->rflags >> 12) & 3);
            return;
        }
    }
}

/* Compilers use SSE without being asked. [SDM 3A] 13.1.4; [SDM 1] 13.2 */
static void note_vectors(struct autopsy *autopsy)
{
    const char *text = autopsy_instruction(autopsy);
    uint64_t cr4 = autopsy->input->cpu->cr4;

    if ((cr4 & CR4_OSFXSR) == 0 && strstr(text, "%xmm") != NULL) {
        autopsy_note(&autopsy->postmortem->notes, "SSE is not enabled: CR4.OSFXSR is 0.");
    } else if ((cr4 & CR4_OSXSAVE) == 0 && strstr(text, "%ymm") != NULL) {
        autopsy_note(&autopsy->postmortem->notes, "AVX is not enabled: CR4.OSXSAVE is 0.");
    }
}

/* A kernel entered without SWAPGS, or before the base was set. */
static void note_segment_base(struct autopsy *autopsy)
{
    const struct sim_postmortem_bases *bases = autopsy->input->bases;
    const char *text = autopsy_instruction(autopsy);
    const char *segment = NULL;

    if (bases == NULL || autopsy->input->result->fault.cr2 >= PAGE) {
        return;
    }
    if (bases->gs == 0 && strstr(text, "%gs:") != NULL) {
        segment = "GS";
    } else if (bases->fs == 0 && strstr(text, "%fs:") != NULL) {
        segment = "FS";
    }
    if (segment != NULL) {
        autopsy_note(&autopsy->postmortem->notes,
                     "It is addressed through %s, whose base is 0: is SWAPGS missing, or a WRMSR?",
                     segment);
    }
}

/* Calling conventions want DF to be 0. */
static void note_direction(struct autopsy *autopsy)
{
    static const char *const strings[] = {"movs", "stos", "lods", "cmps", "scas"};
    const char *text = autopsy_instruction(autopsy);

    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        if ((autopsy->input->registers->rflags & RFLAGS_DF) != 0 && strncmp(text, "rep", 3) == 0 &&
            strstr(text, strings[i]) != NULL) {
            autopsy_note(&autopsy->postmortem->notes,
                         "RFLAGS.DF is 1: string instructions go down. Is CLD missing?");
        }
    }
}

void autopsy_note_instruction(struct autopsy *autopsy)
{
    const struct sim_fault *fault = &autopsy->input->result->fault;

    if (fault->vector == VECTOR_UD) {
        note_vectors(autopsy);
    } else if (fault->vector == VECTOR_PF) {
        note_segment_base(autopsy);
        note_direction(autopsy);
    } else if (fault->vector == VECTOR_GP && fault->error_code == 0 &&
               sim_cpu_privilege(autopsy->input->cpu) > 0) {
        note_privilege(autopsy);
    }
}
