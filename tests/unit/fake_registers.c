/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/fake_registers.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct fake_registers fake;

void fake_registers_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.cr0 = 0x80010033;
    fake.cr3 = 0x1000;
    fake.cr4 = 0x620;
    fake.rflags = 0x2;
    fake.xcr0 = 1;
    fake.mxcsr = 0x1F80;
    fake.dr[6] = 0xFFFF0FF0;
    fake.dr[7] = 0x400;
}

static const char *const names[] = {
#define X(name, text) #name,
    DD_HOSTED_INSN_LIST(X)
#undef X
};

/* The register an instruction moves, and which way; NULL for other instructions. */
static uint64_t *find_register(enum dd_hosted_insn insn, bool *writes)
{
    static const struct {
        enum dd_hosted_insn read, write;
        uint64_t *value;
    } moves[] = {
        {DD_HOSTED_READ_CR0, DD_HOSTED_WRITE_CR0, &fake.cr0},
        {DD_HOSTED_READ_CR2, DD_HOSTED_WRITE_CR2, &fake.cr2},
        {DD_HOSTED_READ_CR3, DD_HOSTED_WRITE_CR3, &fake.cr3},
        {DD_HOSTED_READ_CR4, DD_HOSTED_WRITE_CR4, &fake.cr4},
        {DD_HOSTED_READ_CR8, DD_HOSTED_WRITE_CR8, &fake.cr8},
        {DD_HOSTED_READ_RFLAGS, DD_HOSTED_WRITE_RFLAGS, &fake.rflags},
        {DD_HOSTED_READ_DR0, DD_HOSTED_WRITE_DR0, &fake.dr[0]},
        {DD_HOSTED_READ_DR1, DD_HOSTED_WRITE_DR1, &fake.dr[1]},
        {DD_HOSTED_READ_DR2, DD_HOSTED_WRITE_DR2, &fake.dr[2]},
        {DD_HOSTED_READ_DR3, DD_HOSTED_WRITE_DR3, &fake.dr[3]},
        {DD_HOSTED_READ_DR6, DD_HOSTED_WRITE_DR6, &fake.dr[6]},
        {DD_HOSTED_READ_DR7, DD_HOSTED_WRITE_DR7, &fake.dr[7]},
    };

    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (insn == moves[i].read || insn == moves[i].write) {
            *writes = insn == moves[i].write;
            return moves[i].value;
        }
    }
    return NULL;
}

static uint64_t *find_msr(uint32_t index)
{
    for (unsigned int i = 0; i < sizeof fake.msr / sizeof fake.msr[0]; i++) {
        if (fake.msr_index[i] == index) {
            return &fake.msr[i];
        }
    }
    ck_abort_msg("the test has no MSR 0x%x", index);
    return NULL;
}

static void give_pair(struct dd_hosted_operands *operands, uint64_t value)
{
    operands->rax = (uint32_t)value;
    operands->rdx = value >> 32;
}

static uint64_t take_pair(const struct dd_hosted_operands *operands)
{
    return operands->rdx << 32 | (uint32_t)operands->rax;
}

static void give_random(struct dd_hosted_operands *operands)
{
    operands->rdx = fake.random_failures == 0;
    operands->rax = fake.random_failures == 0 ? 0x123456789ABCDEF0 : 0;
    if (fake.random_failures != 0) {
        fake.random_failures--;
    }
}

static void execute_other(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    switch (insn) {
    case DD_HOSTED_XGETBV:
        give_pair(operands, fake.xcr0);
        break;
    case DD_HOSTED_XSETBV:
        fake.xcr0 = take_pair(operands);
        fake.writes++;
        break;
    case DD_HOSTED_RDMSR:
        give_pair(operands, *find_msr((uint32_t)operands->rcx));
        break;
    case DD_HOSTED_WRMSR:
        *find_msr((uint32_t)operands->rcx) = take_pair(operands);
        fake.writes++;
        break;
    case DD_HOSTED_STMXCSR:
        memcpy(operands->output, &fake.mxcsr, sizeof fake.mxcsr);
        break;
    case DD_HOSTED_LDMXCSR:
        memcpy(&fake.mxcsr, operands->input, sizeof fake.mxcsr);
        fake.writes++;
        break;
    case DD_HOSTED_RDPKRU:
        operands->rax = fake.pkru;
        break;
    case DD_HOSTED_WRPKRU:
        fake.pkru = (uint32_t)operands->rax;
        fake.writes++;
        break;
    case DD_HOSTED_STI:
        fake.rflags |= 0x200;
        break;
    case DD_HOSTED_CLI:
        fake.rflags &= ~UINT64_C(0x200);
        break;
    case DD_HOSTED_STAC:
        fake.rflags |= 0x40000;
        break;
    case DD_HOSTED_CLAC:
        fake.rflags &= ~UINT64_C(0x40000);
        break;
    case DD_HOSTED_RDRAND:
    case DD_HOSTED_RDSEED:
        give_random(operands);
        break;
    default:
        break;
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    bool writes = false;
    uint64_t *moved = find_register(insn, &writes);
    size_t length = strlen(fake.log);
    size_t room = sizeof fake.log - length;

    ck_assert_uint_lt((size_t)snprintf(fake.log + length, room, "%s ", names[insn]), room);
    if (moved == NULL) {
        execute_other(insn, operands);
    } else if (writes) {
        *moved = operands->rax;
        fake.writes++;
    } else {
        operands->rax = *moved;
    }
}
