/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How instructions access memory. Encodings: [SDM 2] each instruction; [SDM 1] 3.7.4. */
#include "sim/cpu/instruction.h"
#include "tests/unit/unit.h"

/* With (%rdx) as the operand, or a displacement of 32 bits where mod = 0, rm = 5. */
static const char *const modifying[] = {
    "\x00\x02", /* addb %al, (%rdx) */
    "\x01\x02",
    "\x09\x02",                 /* or */
    "\x11\x02",                 /* adc */
    "\x19\x02",                 /* sbb */
    "\x21\x02",                 /* and */
    "\x29\x02",                 /* sub */
    "\x30\x02",                 /* xorb */
    "\x80\x02\x01",             /* addb $1 */
    "\x81\x32\x01\x01\x01\x01", /* xorl $… */
    "\x83\x2A\x01",             /* subl $1 */
    "\x86\x02",                 /* xchgb */
    "\x87\x02",
    "\xC0\x02\x01",     /* rolb $1 */
    "\xC1\x3A\x01",     /* sarl $1 */
    "\xD0\x0A",         /* rorb */
    "\xD3\x22",         /* shll %cl */
    "\xF6\x12",         /* notb */
    "\xF7\x1A",         /* negl */
    "\xFE\x02",         /* incb */
    "\xFF\x0A",         /* decl */
    "\xF0\x48\xFF\x02", /* lock incq */
    "\x65\xFF\x02",     /* incl %gs:(%rdx) */
    "\x0F\xA4\x02\x01", /* shld $1 */
    "\x0F\xA5\x02",
    "\x0F\xAB\x02",     /* bts */
    "\x0F\xAC\x02\x01", /* shrd $1 */
    "\x0F\xAD\x02",
    "\x0F\xB0\x02", /* cmpxchgb */
    "\x0F\xB1\x02",
    "\x0F\xB3\x02",     /* btr */
    "\x0F\xBA\x2A\x01", /* bts $1 */
    "\x0F\xBA\x32\x01", /* btr $1 */
    "\x0F\xBA\x3A\x01", /* btc $1 */
    "\x0F\xBB\x02",     /* btc */
    "\x0F\xC0\x02",     /* xaddb */
    "\x0F\xC1\x02",
    "\x0F\xC7\x0A",     /* cmpxchg8b */
    "\x48\x0F\xC7\x0A", /* cmpxchg16b */
};

static const char *const others[] = {
    "\x03\x02",                 /* addl (%rdx), %eax */
    "\x04\x01",                 /* addb $1, %al */
    "\x39\x02",                 /* cmpl %eax, (%rdx) */
    "\x3B\x02",                 /* cmpl (%rdx), %eax */
    "\x83\x3A\x01",             /* cmpl $1, (%rdx) */
    "\x85\x02",                 /* testl */
    "\x88\x02",                 /* movb %al, (%rdx) */
    "\x8A\x02",                 /* movb (%rdx), %al */
    "\x8F\x02",                 /* popq (%rdx) */
    "\xA4",                     /* movsb */
    "\xC7\x02\x01\x01\x01\x01", /* movl $… */
    "\xF6\x02\x01",             /* testb $1 */
    "\xF7\x22",                 /* mull */
    "\xF7\x3A",                 /* idivl */
    "\xFF\x12",                 /* call *(%rdx) */
    "\xFF\x32",                 /* pushq (%rdx) */
    "\x01\xC2",                 /* addl %eax, %edx */
    "\xFF\xC2",                 /* incl %edx */
    "\x87\xC2",                 /* xchgl %eax, %edx */
    "\x0F\x11\x02",             /* movups %xmm0, (%rdx) */
    "\x0F\xA3\x02",             /* bt */
    "\x0F\xBA\x22\x01",         /* bt $1 */
    "\x0F\xB6\x02",             /* movzbl */
    "\x0F\x94\x02",             /* sete */
    "\x0F\xC3\x02",             /* movnti */
    "\x0F\xC7\xF2",             /* rdrand %edx */
    "\x0F\xB1\xC2",             /* cmpxchgl %eax, %edx */
    "\x0F\x38\xF1\x02",         /* movbe */
};

enum {
    MODIFYING = sizeof modifying / sizeof modifying[0],
    OTHERS = sizeof others / sizeof others[0]
};

static bool modifies(const char *code)
{
    uint8_t bytes[SIM_INSTRUCTION_MAX] = {0};

    for (size_t i = 0; code[i] != '\0'; i++) {
        bytes[i] = (uint8_t)code[i];
    }
    return sim_instruction_modifies(bytes, sizeof bytes, SIM_WIDTH_64);
}

START_TEST(an_operand_that_is_read_and_written_is_found)
{
    ck_assert_msg(modifies(modifying[_i]), "case %d", _i);
}
END_TEST

START_TEST(an_operand_that_is_only_read_or_only_written_is_not)
{
    ck_assert_msg(!modifies(others[_i]), "case %d", _i);
}
END_TEST

START_TEST(rsp_and_rbp_address_the_stack_segment)
{
    static const struct {
        uint8_t code[8];
        bool stack;
    } cases[] = {
        {{0x8B, 0x45, 0x08}, true},              /* 8(%rbp) */
        {{0x8B, 0x85, 0, 1, 0, 0}, true},        /* 256(%rbp) */
        {{0x8B, 0x04, 0x24}, true},              /* (%rsp) */
        {{0x8B, 0x44, 0x24, 0x08}, true},        /* 8(%rsp) */
        {{0x8B, 0x44, 0x05, 0x00}, true},        /* (%rbp, %rax) */
        {{0x3E, 0x8B, 0x45, 0x08}, true},        /* the DS prefix does not count in 64-bit code */
        {{0x8B, 0x05, 0, 0, 0, 0}, false},       /* 0(%rip) */
        {{0x8B, 0x04, 0x25, 0, 0, 0, 0}, false}, /* an address without base */
        {{0x8B, 0x04, 0x28}, false},             /* (%rax, %rbp) */
        {{0x41, 0x8B, 0x45, 0x08}, false},       /* 8(%r13) */
        {{0x41, 0x8B, 0x04, 0x24}, false},       /* (%r12) */
        {{0x64, 0x8B, 0x45, 0x08}, false},       /* %fs:8(%rbp) */
        {{0x65, 0x8B, 0x04, 0x24}, false},       /* %gs:(%rsp) */
        {{0x8B, 0x00}, false},                   /* (%rax) */
        {{0x8B, 0xC4}, false},                   /* %esp itself */
    };

    for (unsigned int i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(sim_instruction_uses_stack_segment(cases[i].code, sizeof cases[i].code,
                                                         SIM_WIDTH_64) == cases[i].stack,
                      "case %u", i);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("instruction_memory");
    TCase *memory = tcase_create("memory");

    tcase_add_loop_test(memory, an_operand_that_is_read_and_written_is_found, 0, MODIFYING);
    tcase_add_loop_test(memory, an_operand_that_is_only_read_or_only_written_is_not, 0, OTHERS);
    tcase_add_test(memory, rsp_and_rbp_address_the_stack_segment);
    suite_add_tcase(suite, memory);
    return suite;
}
