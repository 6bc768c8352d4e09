/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/device_script.h"

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
    ANSWERS = 64
};

struct device_write device_writes[64];
unsigned int device_write_count;
unsigned int device_read_count;

static struct {
    uint64_t value;
    uint32_t place;
    bool used;
} answers[ANSWERS];
static unsigned int answer_count;
static uint32_t features_ecx, features_edx;

void device_script_reset(void)
{
    memset(answers, 0, sizeof answers);
    answer_count = 0;
    device_write_count = 0;
    device_read_count = 0;
    features_ecx = 0;
    features_edx = 0;
}

void device_script_answer(uint32_t place, uint64_t value)
{
    ck_assert_uint_lt(answer_count, ANSWERS);
    answers[answer_count].place = place;
    answers[answer_count++].value = value;
}

void device_script_features(uint32_t ecx, uint32_t edx)
{
    features_ecx = ecx;
    features_edx = edx;
}

/* Index of the first answer for a place that was not used, or of the last one; ANSWERS: none. */
static unsigned int find_answer(uint32_t place)
{
    unsigned int found = ANSWERS;

    for (unsigned int i = 0; i < answer_count; i++) {
        if (answers[i].place == place) {
            found = i;
        }
        if (found == i && !answers[i].used) {
            break;
        }
    }
    return found;
}

static uint64_t answer(uint32_t place)
{
    unsigned int found = find_answer(place);

    device_read_count++;
    if (found == ANSWERS) {
        ck_abort_msg("a read of %#x, which the test does not expect", place);
    }
    answers[found].used = true;
    return answers[found].value;
}

static void keep(enum dd_hosted_insn insn, uint32_t place, uint64_t value)
{
    ck_assert_uint_lt(device_write_count, sizeof device_writes / sizeof device_writes[0]);
    device_writes[device_write_count++] = (struct device_write){insn, place, value};
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    uint64_t value = 0;

    switch (insn) {
    case DD_HOSTED_IN8:
    case DD_HOSTED_READ32:
        operands->rax = answer((uint32_t)operands->rdx);
        break;
    case DD_HOSTED_OUT8:
    case DD_HOSTED_WRITE32:
        keep(insn, (uint32_t)operands->rdx, operands->rax);
        break;
    case DD_HOSTED_RDMSR:
        value = answer((uint32_t)operands->rcx);
        operands->rax = (uint32_t)value;
        operands->rdx = value >> 32;
        break;
    case DD_HOSTED_WRMSR:
        keep(insn, (uint32_t)operands->rcx, operands->rdx << 32 | (uint32_t)operands->rax);
        break;
    case DD_HOSTED_MFENCE:
    case DD_HOSTED_LFENCE:
        keep(insn, 0, 0);
        break;
    case DD_HOSTED_CPUID:
        ck_assert_uint_le(operands->rax, 1);
        operands->rcx = operands->rax == 1 ? features_ecx : 0;
        operands->rdx = operands->rax == 1 ? features_edx : 0;
        operands->rax = 1; /* the last leaf */
        break;
    case DD_HOSTED_PAUSE:
        break;
    default:
        ck_abort_msg("a driver needs no instruction %d", (int)insn);
    }
}

void device_script_expect(const struct device_write *expected, unsigned int count)
{
    for (unsigned int i = 0; i < count && i < device_write_count; i++) {
        ck_assert_msg(device_writes[i].insn == expected[i].insn &&
                          device_writes[i].place == expected[i].place &&
                          device_writes[i].value == expected[i].value,
                      "write %u is %d to %#x of %#llx, not %d to %#x of %#llx", i,
                      (int)device_writes[i].insn, device_writes[i].place,
                      (unsigned long long)device_writes[i].value, (int)expected[i].insn,
                      expected[i].place, (unsigned long long)expected[i].value);
    }
    ck_assert_uint_eq(device_write_count, count);
}
