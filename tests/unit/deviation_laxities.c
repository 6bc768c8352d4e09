/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values the engine accepts silently. The manual's sections are in docs/engine-deviations.md. */
#include "tests/unit/deviation.h"

#define HIGH (UINT64_C(1) << 63)

/* CR0 is 0x80010033 before, CR4 0x620, EFER 0xD01. The table is 0x27 bytes at 0x900000000000. */
const struct laxity laxities[] = {
    {"lgdt-noncanonical", 3, {0x0F, 0x01, 0x12}, .rdx = LAXITY_OPERAND, .operand = {0x27, 0x9000}},
    {"lidt-noncanonical", 3, {0x0F, 0x01, 0x1A}, .rdx = LAXITY_OPERAND, .operand = {0x27, 0x9000}},
    {"ltr-null", 3, {0x0F, 0x00, 0xD8}, .rax = 0},
    {"cr0-reserved", 3, {0x0F, 0x22, 0xC0}, .rax = 0x180010033},
    {"cr0-pg-without-pe", 3, {0x0F, 0x22, 0xC0}, .rax = 0x80010032},
    {"cr0-nw-without-cd", 3, {0x0F, 0x22, 0xC0}, .rax = 0xA0010033},
    {"cr0-pg-cleared", 3, {0x0F, 0x22, 0xC0}, .rax = 0x00010033},
    {"cr3-reserved", 3, {0x0F, 0x22, 0xD8}, .rax = UINT64_C(1) << 52 | 0x1000},
    {"cr4-reserved", 3, {0x0F, 0x22, 0xE0}, .rax = 0x8620},
    {"cr4-high", 3, {0x0F, 0x22, 0xE0}, .rax = 0x620 | HIGH},
    {"cr4-la57-changed", 3, {0x0F, 0x22, 0xE0}, .rax = 0x1620},
    {"cr8-reserved", 4, {0x44, 0x0F, 0x22, 0xC0}, .rax = 0x10},
    {"dr6-reserved", 3, {0x0F, 0x23, 0xF0}, .rax = UINT64_C(1) << 32},
    {"dr7-reserved", 3, {0x0F, 0x23, 0xF8}, .rax = UINT64_C(1) << 32},
    {"rdmsr-unknown", 2, {0x0F, 0x32}, .rcx = 0x12345},
    {"wrmsr-unknown", 2, {0x0F, 0x30}, .rcx = 0x12345},
    {"wrmsr-noncanonical", 2, {0x0F, 0x30}, .rcx = 0xC0000082, .rdx = 0x80000000},
    {"wrmsr-efer-reserved", 2, {0x0F, 0x30}, .rcx = 0xC0000080, .rax = 0xD03},
    {"wrmsr-efer-lme", 2, {0x0F, 0x30}, .rcx = 0xC0000080, .rax = 0xC01},
    {"wrmsr-pat-type", 2, {0x0F, 0x30}, .rcx = 0x277, .rax = 0x02},
    /* movq %rax, %cr4 with FSGSBASE; wrfsbase %rdx */
    {"wrfsbase-noncanonical",
     8,
     {0x0F, 0x22, 0xE0, 0xF3, 0x48, 0x0F, 0xAE, 0xD2},
     .rax = 0x10620,
     .rdx = HIGH,
     .at = 3},
    {"sse-alignment", 3, {0x0F, 0x28, 0x02}, .rdx = LAXITY_OPERAND + 8},
};

const size_t laxity_count = sizeof laxities / sizeof laxities[0];
