/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/cpu/instruction.c, _decode.c, _kind.c and _opcodes.c, with Capstone as the second
 * opinion.
 */
#include <capstone/capstone.h>
#include <string.h>

#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

enum {
    W64 = 1 << SIM_WIDTH_64,
    W32 = 1 << SIM_WIDTH_32,
    W16 = 1 << SIM_WIDTH_16,
    ALL = W64 | W32 | W16,
    LEGACY = W32 | W16
};

struct encoding {
    const char *bytes;
    size_t size;
    unsigned int widths;
    enum sim_instruction_kind kind;
};

#define E(bytes, widths, kind)                       \
    {                                                \
        (bytes), sizeof(bytes) - 1, (widths), (kind) \
    }

/* From the opcode columns of [SDM 2]. */
static const struct encoding encodings[] = {
    E("\x0F\x22\xC0", ALL, SIM_KIND_MOV_TO_CR),
    E("\x0F\x22\xD7", ALL, SIM_KIND_MOV_TO_CR),
    E("\x0F\x22\xD8", ALL, SIM_KIND_MOV_TO_CR),
    E("\x0F\x22\x20", ALL, SIM_KIND_MOV_TO_CR), /* mod is ignored: no displacement */
    E("\x0F\x22\x24", ALL, SIM_KIND_MOV_TO_CR), /* and no SIB */
    E("\x41\x0F\x22\xE0", W64, SIM_KIND_MOV_TO_CR),
    E("\x44\x0F\x22\xC0", W64, SIM_KIND_MOV_TO_CR), /* CR8 */
    E("\x44\x0F\x22\xC8", W64, SIM_KIND_OTHER),     /* CR9 */
    E("\x0F\x22\xC8", ALL, SIM_KIND_OTHER),         /* CR1 */
    E("\x0F\x22\xE8", ALL, SIM_KIND_OTHER),         /* CR5 */
    E("\x0F\x22\xF8", ALL, SIM_KIND_OTHER),         /* CR7 */
    E("\x0F\x20\xC0", ALL, SIM_KIND_OTHER),         /* MOV EAX, CR0 */
    E("\x0F\x20\xE0", ALL, SIM_KIND_OTHER),
    E("\x44\x0F\x20\xC0", W64, SIM_KIND_MOV_FROM_CR8),
    E("\x45\x0F\x20\xC7", W64, SIM_KIND_MOV_FROM_CR8),
    E("\x0F\x23\xC0", ALL, SIM_KIND_MOV_TO_DR),
    E("\x0F\x23\xFF", ALL, SIM_KIND_MOV_TO_DR),
    E("\x0F\x21\xF8", ALL, SIM_KIND_MOV_FROM_DR),
    E("\x0F\x01\xF0", ALL, SIM_KIND_LMSW),
    E("\x0F\x01\x36\x00\x10", W16, SIM_KIND_LMSW),
    E("\x0F\x01\xE0", ALL, SIM_KIND_OTHER), /* SMSW */
    E("\x0F\x06", ALL, SIM_KIND_CLTS),
    E("\x0F\x01\xD1", ALL, SIM_KIND_XSETBV),
    E("\x0F\x01\xD0", ALL, SIM_KIND_XGETBV),
    E("\x0F\x01\xC8", ALL, SIM_KIND_MONITOR),
    E("\x0F\x01\xC9", ALL, SIM_KIND_MWAIT),
    E("\x0F\x01\xDF", ALL, SIM_KIND_INVLPGA),
    E("\x0F\x01\xFE", ALL, SIM_KIND_INVLPGB),
    E("\x0F\x01\xFF", ALL, SIM_KIND_TLBSYNC),
    E("\xF3\x0F\x01\xFF", ALL, SIM_KIND_OTHER), /* PSMASH */
    E("\xF3\x0F\x01\xD1", ALL, SIM_KIND_OTHER),
    E("\x0F\x30", ALL, SIM_KIND_WRMSR),
    E("\x48\x0F\x30", W64, SIM_KIND_WRMSR),
    E("\x0F\x32", ALL, SIM_KIND_RDMSR),
    E("\x0F\x33", ALL, SIM_KIND_RDPMC),
    E("\x0F\x31", ALL, SIM_KIND_OTHER), /* RDTSC */
    E("\x0F\x01\x10", ALL, SIM_KIND_LGDT),
    E("\x0F\x01\x15\x00\x10\x00\x00", W32, SIM_KIND_LGDT),
    E("\x0F\x01\x15\x00\x10\x00\x00", W64, SIM_KIND_LGDT), /* RIP-relative */
    E("\x0F\x01\x14\x25\x00\x10\x00\x00", W64 | W32, SIM_KIND_LGDT),
    E("\x66\x0F\x01\x16\x00\x10", W16, SIM_KIND_LGDT),
    E("\x66\x67\x0F\x01\x15\x00\x10\x00\x00", W16, SIM_KIND_LGDT),
    E("\x2E\x66\x0F\x01\x16\x00\x10", W16, SIM_KIND_LGDT),
    E("\x67\x0F\x01\x16\x00\x10", W32, SIM_KIND_LGDT),
    E("\x41\x0F\x01\x11", W64, SIM_KIND_LGDT),
    E("\x0F\x01\x1C\x24", W64 | W32, SIM_KIND_LIDT),
    E("\x0F\x01\x5D\xF8", ALL, SIM_KIND_LIDT),
    E("\x0F\x01\x00", ALL, SIM_KIND_OTHER), /* SGDT */
    E("\x0F\x01\x08", ALL, SIM_KIND_OTHER), /* SIDT */
    E("\x0F\x01\xD8", ALL, SIM_KIND_OTHER), /* VMRUN */
    E("\x0F\x00\xD0", ALL, SIM_KIND_LLDT),
    E("\x0F\x00\x10", ALL, SIM_KIND_LLDT),
    E("\x66\x0F\x00\xD0", ALL, SIM_KIND_LLDT),
    E("\x0F\x00\xD8", ALL, SIM_KIND_LTR),
    E("\x41\x0F\x00\xD8", W64, SIM_KIND_LTR),
    E("\x0F\x00\x18", ALL, SIM_KIND_LTR),
    E("\x0F\x00\xC0", ALL, SIM_KIND_OTHER), /* SLDT */
    E("\x0F\x00\xC8", ALL, SIM_KIND_OTHER), /* STR */
    E("\x0F\x00\xE0", ALL, SIM_KIND_OTHER), /* VERR */
    E("\x0F\x01\x38", ALL, SIM_KIND_INVLPG),
    E("\x0F\x01\xBC\xC8\x00\x10\x00\x00", W64 | W32, SIM_KIND_INVLPG),
    E("\x65\x0F\x01\x3F", ALL, SIM_KIND_INVLPG),
    E("\x0F\x01\xF8", ALL, SIM_KIND_SWAPGS),
    E("\x66\x0F\x01\xF8", ALL, SIM_KIND_OTHER),
    E("\x0F\x01\xF9", ALL, SIM_KIND_OTHER), /* RDTSCP */
    E("\x66\x0F\x38\x82\x07", ALL, SIM_KIND_INVPCID),
    E("\x66\x44\x0F\x38\x82\x07", W64, SIM_KIND_INVPCID),
    E("\x0F\x38\x82\x07", ALL, SIM_KIND_OTHER),
    E("\x66\x0F\x38\x82\xC7", ALL, SIM_KIND_OTHER),
    E("\x66\x0F\x38\x80\x07", ALL, SIM_KIND_OTHER), /* INVEPT */
    E("\xF3\x0F\xAE\xD0", W64, SIM_KIND_WRFSBASE),
    E("\xF3\x48\x0F\xAE\xD0", W64, SIM_KIND_WRFSBASE),
    E("\xF3\x48\x0F\xAE\xD8", W64, SIM_KIND_WRGSBASE),
    E("\xF3\x0F\xAE\xD0", LEGACY, SIM_KIND_OTHER),
    E("\xF3\x0F\xAE\xC0", W64, SIM_KIND_OTHER), /* RDFSBASE */
    E("\x0F\xAE\x38", ALL, SIM_KIND_CLFLUSH),
    E("\x66\x0F\xAE\x38", ALL, SIM_KIND_CLFLUSHOPT),
    E("\x66\x0F\xAE\x30", ALL, SIM_KIND_CLWB),
    E("\x0F\xAE\x30", ALL, SIM_KIND_OTHER), /* XSAVEOPT */
    E("\x0F\xAE\xF8", ALL, SIM_KIND_OTHER), /* SFENCE */
    E("\x66\x0F\xAE\x28", ALL, SIM_KIND_OTHER),
    E("\x0F\xAE\x10", ALL, SIM_KIND_OTHER), /* LDMXCSR */
    E("\x0F\xAE\xF0", ALL, SIM_KIND_OTHER), /* MFENCE */
    E("\x0F\x01\xEF", ALL, SIM_KIND_WRPKRU),
    E("\x0F\x01\xEE", ALL, SIM_KIND_OTHER), /* RDPKRU */
    E("\x0F\xC7\xF0", ALL, SIM_KIND_RDRAND),
    E("\x66\x0F\xC7\xF0", ALL, SIM_KIND_RDRAND),
    E("\x48\x0F\xC7\xF0", W64, SIM_KIND_RDRAND),
    E("\x41\x0F\xC7\xFF", W64, SIM_KIND_RDSEED),
    E("\x0F\xC7\xF8", ALL, SIM_KIND_RDSEED),
    E("\xF3\x0F\xC7\xF8", ALL, SIM_KIND_OTHER), /* RDPID */
    E("\x0F\xC7\x0F", ALL, SIM_KIND_OTHER),     /* CMPXCHG8B */
    E("\x0F\xC7\x37", ALL, SIM_KIND_OTHER),     /* VMPTRLD */
    E("\xCF", ALL, SIM_KIND_IRET),
    E("\x66\xCF", ALL, SIM_KIND_IRET),
    E("\x48\xCF", W64, SIM_KIND_IRET),
    E("\xCB", ALL, SIM_KIND_RET_FAR),
    E("\x48\xCB", W64, SIM_KIND_RET_FAR),
    E("\xCA\x08\x00", ALL, SIM_KIND_RET_FAR),
    E("\xC3", ALL, SIM_KIND_OTHER), /* RET */
    E("\x9A\x00\x10\x00\x00\x08\x00", W32, SIM_KIND_CALL_FAR),
    E("\x9A\x00\x10\x08\x00", W16, SIM_KIND_CALL_FAR),
    E("\xEA\x00\x10\x00\x00\x08\x00", W32, SIM_KIND_JMP_FAR),
    E("\xEA\x00\x10\x08\x00", W16, SIM_KIND_JMP_FAR),
    E("\xFF\x18", ALL, SIM_KIND_CALL_FAR),
    E("\x48\xFF\x2F", W64, SIM_KIND_JMP_FAR),
    E("\xFF\x10", ALL, SIM_KIND_OTHER), /* CALL */
    E("\xFF\x20", ALL, SIM_KIND_OTHER), /* JMP */
    E("\xFF\xD8", ALL, SIM_KIND_OTHER), /* no far pointer in a register */
    E("\xFF\xE8", ALL, SIM_KIND_OTHER),
    E("\xF0\x89\x07", ALL, SIM_KIND_LOCKED), /* LOCK MOV */
    E("\xF0\x0F\x01\x3F", ALL, SIM_KIND_LOCKED),
    E("\xF0\x01\x07", ALL, SIM_KIND_OTHER),  /* LOCK ADD */
    E("\xF0\x01\xC7", ALL, SIM_KIND_LOCKED), /* to a register */
    E("\x0F\x05", ALL, SIM_KIND_SYSCALL),
    E("\x0F\x07", ALL, SIM_KIND_SYSRET),
    E("\x48\x0F\x07", W64, SIM_KIND_SYSRET),
    E("\x0F\x34", ALL, SIM_KIND_SYSENTER),
    E("\x0F\x35", ALL, SIM_KIND_SYSEXIT),
    E("\x48\x0F\x35", W64, SIM_KIND_SYSEXIT),
};

enum {
    ENCODING_COUNT = sizeof encodings / sizeof encodings[0]
};

START_TEST(every_encoding_is_known_in_every_width)
{
    const struct encoding *encoding = &encodings[_i];
    const uint8_t *bytes = (const uint8_t *)encoding->bytes;

    for (unsigned int width = 0; width < 3; width++) {
        if ((encoding->widths >> width & 1) != 0) {
            ck_assert_uint_eq(sim_instruction_kind(bytes, encoding->size, width), encoding->kind);
        }
    }
}
END_TEST

START_TEST(the_length_is_the_encodings)
{
    const struct encoding *encoding = &encodings[_i];
    uint8_t bytes[24];

    memset(bytes, 0x90, sizeof bytes);
    memcpy(bytes, encoding->bytes, encoding->size);
    for (unsigned int width = 0; width < 3; width++) {
        if ((encoding->widths >> width & 1) != 0) {
            ck_assert_uint_eq(sim_instruction_length(bytes, sizeof bytes, width), encoding->size);
        }
    }
}
END_TEST

START_TEST(a_suspect_block_contains_every_instruction_that_is_found)
{
    const struct encoding *encoding = &encodings[_i];

    if (encoding->kind != SIM_KIND_OTHER) {
        ck_assert(sim_instruction_suspect((const uint8_t *)encoding->bytes, encoding->size));
    }
}
END_TEST

START_TEST(ordinary_code_is_not_suspect)
{
    /* push; mov; sub; movzx; jcc near; call; leave; ret */
    static const uint8_t block[] = "\x55\x48\x89\xE5\x48\x83\xEC\x20\x0F\xB6\x01\x0F\x84\x05\x06"
                                   "\x07\x00\xE8\x20\x21\x22\x23\xC9\xC3\x0F";

    ck_assert(!sim_instruction_suspect(block, sizeof block - 1));
}
END_TEST

START_TEST(an_instruction_is_found_behind_others_of_all_forms)
{
    /* push rbp; mov rbp,rsp; movabs rax,0x0f…; test eax,imm32; enter; jmp-less; then LIDT */
    static const uint8_t block[] =
        "\x55\x48\x89\xE5\x48\xB8\x0F\x22\xC0\x0F\x01\x38\xCF\x0F"
        "\xF7\xC0\x0F\x22\xC0\x0F\xC8\x0F\x22\xC0\x66\xB8\x0F\x06"
        "\xC7\x04\x25\x0F\x01\x38\x00\xCF\xCF\xCF\xCF\x0F\x01\x1D\x44\x33\x22\x11\x0F\x22\xD8\xC3";
    size_t at = 0;
    size_t length = 0;

    ck_assert(sim_instruction_find(block, sizeof block - 1, SIM_WIDTH_64, &at, &length));
    ck_assert_uint_eq(at, 39);
    ck_assert_uint_eq(length, 7);
    at += length;
    ck_assert(sim_instruction_find(block, sizeof block - 1, SIM_WIDTH_64, &at, &length));
    ck_assert_uint_eq(at, 46);
    ck_assert_uint_eq(length, 3);
    at += length;
    ck_assert(!sim_instruction_find(block, sizeof block - 1, SIM_WIDTH_64, &at, &length));
    ck_assert_uint_eq(at, 49);
}
END_TEST

START_TEST(the_same_bytes_are_other_instructions_in_other_widths)
{
    /* mov ax, imm16 / mov eax, imm32: [SDM 2] MOV, B8. The immediate holds CLTS or not. */
    static const uint8_t block[] = "\xB8\x11\x22\x0F\x06\x90";
    size_t at = 0;
    size_t length = 0;

    ck_assert(sim_instruction_find(block, 6, SIM_WIDTH_16, &at, &length));
    ck_assert_uint_eq(at, 3);
    at = 0;
    ck_assert(!sim_instruction_find(block, 6, SIM_WIDTH_32, &at, &length));
    ck_assert(!sim_instruction_find(block, 6, SIM_WIDTH_64, &at, &length));
    /* 48: DEC EAX in 32-bit code, REX.W in 64-bit code. */
    ck_assert_uint_eq(sim_instruction_length((const uint8_t *)"\x48\xCF", 2, SIM_WIDTH_32), 1);
    ck_assert_uint_eq(sim_instruction_length((const uint8_t *)"\x48\xCF", 2, SIM_WIDTH_64), 2);
    /* C4, 62: LES and BOUND with memory operands in 32-bit code, VEX and EVEX otherwise. */
    ck_assert_uint_eq(sim_instruction_length((const uint8_t *)"\xC4\x07\x90", 3, SIM_WIDTH_32), 2);
    ck_assert_uint_eq(
        sim_instruction_length((const uint8_t *)"\xC4\xE3\x7D\x19\xC1\x01\x90", 7, SIM_WIDTH_32),
        6);
    ck_assert_uint_eq(
        sim_instruction_length((const uint8_t *)"\x62\xF1\x7C\x48\x10\x07\x90", 7, SIM_WIDTH_64),
        6);
}
END_TEST

START_TEST(a_rex_prefix_before_another_prefix_does_not_count)
{
    /* [SDM 2] 2.2.1: REX must immediately precede the opcode. 44 66 0F 22 C0 loads CR0. */
    static const uint8_t ignored[] = "\x44\x66\x0F\x20\xC0";
    static const uint8_t counts[] = "\x66\x44\x0F\x20\xC0";

    ck_assert_uint_eq(sim_instruction_kind(ignored, 5, SIM_WIDTH_64), SIM_KIND_OTHER);
    ck_assert_uint_eq(sim_instruction_kind(counts, 5, SIM_WIDTH_64), SIM_KIND_MOV_FROM_CR8);
}
END_TEST

START_TEST(an_instruction_of_more_than_15_bytes_is_none)
{
    uint8_t bytes[20];

    memset(bytes, 0x66, sizeof bytes);
    bytes[13] = 0x0F;
    bytes[14] = 0x06;
    ck_assert_uint_eq(sim_instruction_length(bytes, sizeof bytes, SIM_WIDTH_32), 15);
    memset(bytes, 0x66, sizeof bytes);
    bytes[14] = 0x0F;
    bytes[15] = 0x06;
    ck_assert_uint_eq(sim_instruction_length(bytes, sizeof bytes, SIM_WIDTH_32), 0);
    ck_assert_uint_eq(sim_instruction_length(bytes, 0, SIM_WIDTH_64), 0);
}
END_TEST

START_TEST(a_lock_prefix_is_an_undefined_opcode)
{
    /* [SDM 2] each: #UD if the LOCK prefix is used. */
    STEP("\xF0\x0F\x22\xC0");
    case_faults(6, 0, "LOCK");
    STEP("\xF0\x0F\x01\x10");
    case_faults(6, 0, "LOCK: the instruction cannot be locked");
}
END_TEST

START_TEST(what_the_machine_handles_itself_is_left_alone)
{
    static const char *const codes[] = {"\xCF",     "\x0F\x05", "\x0F\x07", "\x0F\x34",
                                        "\x0F\x35", "\x90",     "\x0F\xA2"};
    const struct sim_cpu before = case_cpu;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        case_step(codes[i], strlen(codes[i]));
        case_passes(SIM_INSTRUCTION_EXECUTE);
        ck_assert(!case_result.effect.flushes && !case_result.effect.traced);
    }
    ck_assert_mem_eq(&before, &case_cpu, sizeof before);
}
END_TEST

START_TEST(privileged_instructions_fault_above_cpl_0)
{
    /* [SDM 3A] 5.9 and each instruction's exceptions. */
    static const char *const codes[] = {
        "\x0F\x22\xD8", "\x0F\x22\xD0", "\x0F\x22\xE0", "\x44\x0F\x20\xC0", "\x44\x0F\x22\xC0",
        "\x0F\x23\xF8", "\x0F\x21\xF8", "\x0F\x01\xF0", "\x0F\x06",         "\x0F\x30",
        "\x0F\x32",     "\x0F\x01\x10", "\x0F\x01\x18", "\x0F\x01\x38",     "\x66\x0F\x38\x82\x07",
        "\x0F\x01\xF8",
    };

    for (uint16_t privilege = 1; privilege < 4; privilege++) {
        case_cpu.cs = 8 | privilege;
        for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
            case_step(codes[i], strlen(codes[i]));
            case_faults(13, 0, "CPL is");
        }
    }
    STEP("\x0F\x00\xD0");
    case_faults(13, 0, "LLDT: CPL is 3, not 0");
    STEP("\x0F\x00\xD8");
    case_faults(13, 0, "LTR: CPL is 3, not 0");
    case_cpu.cr4 |= 1 << 18;
    STEP("\x0F\x01\xD1");
    case_faults(13, 0, "XSETBV: CPL is 3, not 0");
}
END_TEST

START_TEST(in_real_mode_the_low_bits_of_cs_are_no_privilege)
{
    case_real_mode();
    case_cpu.cs = 0xF003;
    STEP("\x0F\x06");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.cr0 |= 1;
    case_cpu.rflags |= 1 << 17; /* virtual-8086 mode: CPL 3, [SDM 3A] 20.2 */
    case_cpu.cs = 0xF000;
    STEP("\x0F\x06");
    case_faults(13, 0, "CLTS: CPL is 3");
}
END_TEST

/* The same numbers every time. */
static uint32_t random_word(void)
{
    static uint64_t state = 1;

    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(state >> 32);
}

START_TEST(random_bytes_never_crash_anything)
{
    for (unsigned int round = 0; round < 200000; round++) {
        uint8_t bytes[32];
        size_t at = 0;
        size_t length = 0;

        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)random_word();
        }
        if (round % 2 != 0) {
            const struct encoding *encoding = &encodings[random_word() % ENCODING_COUNT];

            memcpy(bytes, encoding->bytes, encoding->size);
        }
        if (round % 16 == 0) {
            case_long_mode();
            memcpy(case_ram + CASE_DATA, bytes, sizeof bytes);
        }
        case_registers.rax = random_word() % 3 == 0 ? CASE_DATA + (random_word() & 0xFFF)
                                                    : (uint64_t)random_word() << 32;
        case_registers.rdi = random_word();
        case_registers.rcx = random_word() % 0x900;
        case_cpu.code = (enum sim_width)(random_word() % 3);
        for (at = 0; sim_instruction_find(bytes, sizeof bytes, case_cpu.code, &at, &length);
             at += length) {
            ck_assert_uint_le(at + length, sizeof bytes);
            ck_assert_uint_gt(length, 0);
            case_step(bytes + at, length);
        }
        case_step(bytes, sizeof bytes);
        case_step(bytes, random_word() % sizeof bytes);
    }
}
END_TEST

static csh open_capstone(enum sim_width width)
{
    static const cs_mode modes[] = {CS_MODE_64, CS_MODE_32, CS_MODE_16};
    csh handle = 0;

    ck_assert_int_eq(cs_open(CS_ARCH_X86, modes[width], &handle), CS_ERR_OK);
    return handle;
}

static bool is_prefix(uint8_t byte, enum sim_width width)
{
    return byte == 0x66 || byte == 0x67 || byte == 0xF0 || byte == 0xF2 || byte == 0xF3 ||
           (byte & 0xE7) == 0x26 || (byte & 0xFE) == 0x64 ||
           (width == SIM_WIDTH_64 && (byte & 0xF0) == 0x40);
}

/*
 * Where Capstone 4 differs from [SDM 2]: it reads no ModRM after UD0 and UD1, lets REX work before
 * other prefixes, and 66 change the size of near branches in 64-bit code.
 */
static bool is_debatable(const cs_insn *instruction, enum sim_width width)
{
    const uint8_t *byte = instruction->bytes;
    size_t prefixes = 0;

    while (prefixes < instruction->size && is_prefix(byte[prefixes], width)) {
        prefixes++;
    }
    byte += prefixes;
    if (prefixes > 1) {
        return true;
    }
    if (byte[0] == 0x0F) {
        return byte[1] == 0xB9 || byte[1] == 0xFF || (prefixes == 1 && (byte[1] & 0xF0) == 0x80);
    }
    return prefixes == 1 && (byte[0] & 0xFE) == 0xE8;
}

START_TEST(capstone_agrees_on_lengths)
{
    enum sim_width width = (enum sim_width)_i;
    csh handle = open_capstone(width);
    cs_insn *instruction = cs_malloc(handle);
    unsigned int compared = 0;

    for (unsigned int round = 0; round < 300000; round++) {
        uint8_t bytes[16];
        const uint8_t *next = bytes;
        size_t size = sizeof bytes;
        uint64_t address = 0;

        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)random_word();
        }
        if (round % 2 != 0) {
            bytes[0] = 0x0F;
        }
        if (!cs_disasm_iter(handle, &next, &size, &address, instruction) ||
            is_debatable(instruction, width)) {
            continue;
        }
        compared++;
        ck_assert_msg(sim_instruction_length(bytes, sizeof bytes, width) == instruction->size,
                      "%02x %02x %02x %02x %02x: %zu, but %s %s has %u", bytes[0], bytes[1],
                      bytes[2], bytes[3], bytes[4],
                      sim_instruction_length(bytes, sizeof bytes, width), instruction->mnemonic,
                      instruction->op_str, instruction->size);
    }
    ck_assert_uint_gt(compared, 100000);
    cs_free(instruction, 1);
    (void)cs_close(&handle);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("instruction");
    TCase *decode = tcase_create("decode");
    TCase *step = tcase_create("step");

    tcase_set_timeout(decode, 30);
    tcase_set_timeout(step, 30);
    tcase_add_loop_test(decode, every_encoding_is_known_in_every_width, 0, ENCODING_COUNT);
    tcase_add_loop_test(decode, the_length_is_the_encodings, 0, ENCODING_COUNT);
    tcase_add_loop_test(decode, a_suspect_block_contains_every_instruction_that_is_found, 0,
                        ENCODING_COUNT);
    tcase_add_test(decode, ordinary_code_is_not_suspect);
    tcase_add_test(decode, an_instruction_is_found_behind_others_of_all_forms);
    tcase_add_test(decode, the_same_bytes_are_other_instructions_in_other_widths);
    tcase_add_test(decode, a_rex_prefix_before_another_prefix_does_not_count);
    tcase_add_test(decode, an_instruction_of_more_than_15_bytes_is_none);
    tcase_add_loop_test(decode, capstone_agrees_on_lengths, 0, 3);
    suite_add_tcase(suite, decode);
    tcase_add_checked_fixture(step, case_long_mode, NULL);
    tcase_add_test(step, a_lock_prefix_is_an_undefined_opcode);
    tcase_add_test(step, what_the_machine_handles_itself_is_left_alone);
    tcase_add_test(step, privileged_instructions_fault_above_cpl_0);
    tcase_add_test(step, in_real_mode_the_low_bits_of_cs_are_no_privilege);
    tcase_add_test(step, random_bytes_never_crash_anything);
    suite_add_tcase(suite, step);
    return suite;
}
