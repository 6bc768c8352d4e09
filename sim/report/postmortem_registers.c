/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers, four in a row, and the bits of those that consist of bits. [SDM 3A] 2.2.1, 2.3, 2.5. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/report/postmortem_internal.h"
#include "sim/util/text.h"

struct bit_name {
    unsigned int bit;
    const char *name;
};

#define END UINT32_MAX

static const struct bit_name rflags_bits[] = {
    {0, "CF"},  {2, "PF"},   {4, "AF"},   {6, "ZF"},  {7, "SF"},  {8, "TF"},
    {9, "IF"},  {10, "DF"},  {11, "OF"},  {14, "NT"}, {16, "RF"}, {17, "VM"},
    {18, "AC"}, {19, "VIF"}, {20, "VIP"}, {21, "ID"}, {END, NULL}};
static const struct bit_name cr0_bits[] = {{0, "PE"},  {1, "MP"},  {2, "EM"},  {3, "TS"},
                                           {4, "ET"},  {5, "NE"},  {16, "WP"}, {18, "AM"},
                                           {29, "NW"}, {30, "CD"}, {31, "PG"}, {END, NULL}};
static const struct bit_name cr4_bits[] = {
    {0, "VME"},         {1, "PVI"},    {2, "TSD"},      {3, "DE"},    {4, "PSE"},
    {5, "PAE"},         {6, "MCE"},    {7, "PGE"},      {8, "PCE"},   {9, "OSFXSR"},
    {10, "OSXMMEXCPT"}, {11, "UMIP"},  {12, "LA57"},    {13, "VMXE"}, {14, "SMXE"},
    {16, "FSGSBASE"},   {17, "PCIDE"}, {18, "OSXSAVE"}, {19, "KL"},   {20, "SMEP"},
    {21, "SMAP"},       {22, "PKE"},   {23, "CET"},     {24, "PKS"},  {END, NULL}};
static const struct bit_name efer_bits[] = {
    {0, "SCE"}, {8, "LME"}, {10, "LMA"}, {11, "NXE"}, {END, NULL}};

static void print_bits(const struct paper *paper, const char *name, uint64_t value,
                       const struct bit_name *bits)
{
    char first[40];
    char text[160] = "";

    (void)snprintf(first, sizeof first, "  %-6s %016" PRIx64, name, value);
    for (; bits->name != NULL; bits++) {
        if (((value >> bits->bit) & 1) != 0) {
            sim_text_append(text, sizeof text, "%s%s", text[0] == '\0' ? "  " : " ", bits->name);
        }
    }
    paper_wrap(paper, first, 27, text);
}

static void print_general(const struct paper *paper, const struct sim_registers *registers)
{
    const struct {
        const char *name;
        uint64_t value;
    } list[] = {
        {"RAX", registers->rax}, {"RBX", registers->rbx}, {"RCX", registers->rcx},
        {"RDX", registers->rdx}, {"RSI", registers->rsi}, {"RDI", registers->rdi},
        {"RBP", registers->rbp}, {"RSP", registers->rsp}, {"R8", registers->r8},
        {"R9", registers->r9},   {"R10", registers->r10}, {"R11", registers->r11},
        {"R12", registers->r12}, {"R13", registers->r13}, {"R14", registers->r14},
        {"R15", registers->r15},
    };

    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        (void)fprintf(paper->file, "  %-3s %016" PRIx64 "%s", list[i].name, list[i].value,
                      i % 4 == 3 ? "\n" : "");
    }
}

static void print_table(const struct paper *paper, const char *name, const struct sim_table *table,
                        const char *selector)
{
    (void)fprintf(paper->file, "  %-6s %016" PRIx64 "  limit 0x%04" PRIx32 "%s\n", name,
                  table->base, table->limit, selector);
}

static void print_system(const struct paper *paper, const struct sim_cpu *cpu)
{
    char selector[32];

    (void)fprintf(paper->file,
                  "  CS     %04x, CPL %u      SS %04x      CR2 %016" PRIx64 "  CR3 %016" PRIx64
                  "\n",
                  cpu->cs, sim_cpu_privilege(cpu), cpu->ss, cpu->cr2, cpu->cr3);
    print_bits(paper, "CR0", cpu->cr0, cr0_bits);
    print_bits(paper, "CR4", cpu->cr4, cr4_bits);
    print_bits(paper, "EFER", cpu->efer, efer_bits);
    print_table(paper, "GDT", &cpu->gdt, "");
    print_table(paper, "IDT", &cpu->idt, "");
    if (cpu->ldtr != 0) {
        (void)snprintf(selector, sizeof selector, "  LDTR 0x%x", cpu->ldtr);
        print_table(paper, "LDT", &cpu->ldt, selector);
    }
    if (cpu->tr != 0) {
        (void)snprintf(selector, sizeof selector, "  TR 0x%x", cpu->tr);
        print_table(paper, "TSS", &cpu->tss, selector);
    }
}

void paper_registers(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    paper_heading(paper, "Registers");
    print_general(paper, &postmortem->registers);
    (void)fprintf(paper->file, "  RIP    %016" PRIx64 "\n", postmortem->registers.rip);
    print_bits(paper, "RFLAGS", postmortem->registers.rflags, rflags_bits);
    print_system(paper, &postmortem->cpu);
    if (postmortem->has_bases) {
        (void)fprintf(paper->file,
                      "  FS base %016" PRIx64 "  GS base %016" PRIx64 "  KERNEL_GS_BASE %016" PRIx64
                      "\n",
                      postmortem->bases.fs, postmortem->bases.gs, postmortem->bases.kernel_gs);
    }
    if (postmortem->has_debug && (postmortem->dr7 & 0xFF) != 0) { /* a breakpoint is enabled */
        (void)fprintf(paper->file,
                      "  DR0 %016" PRIx64 "  DR1 %016" PRIx64 "  DR2 %016" PRIx64
                      "  DR3 %016" PRIx64 "\n  DR6 %016" PRIx64 "  DR7 %016" PRIx64 "\n",
                      postmortem->dr[0], postmortem->dr[1], postmortem->dr[2], postmortem->dr[3],
                      postmortem->dr6, postmortem->dr7);
    }
}
