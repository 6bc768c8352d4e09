/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/mmio_device.h"

#include <check.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"

uint8_t mmio_bytes[MMIO_DEVICE_SIZE];
unsigned int mmio_ready_at;
uint8_t mmio_ready_value;

static struct mmio_event events[64];
static size_t event_count;
static unsigned int reads_of_first;

void mmio_device_reset(void)
{
    for (unsigned int i = 0; i < MMIO_DEVICE_SIZE; i++) {
        mmio_bytes[i] = (uint8_t)i;
    }
    mmio_ready_at = 0;
    event_count = 0;
    reads_of_first = 0;
}

void mmio_device_check(const struct mmio_event *expected, size_t count)
{
    ck_assert_uint_eq(event_count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(events[i].kind, expected[i].kind);
        ck_assert_uint_eq(events[i].bytes, expected[i].bytes);
        ck_assert_uint_eq(events[i].offset, expected[i].offset);
        ck_assert_uint_eq(events[i].value, expected[i].value);
    }
    event_count = 0;
}

static void note(struct mmio_event event)
{
    ck_assert_uint_lt(event_count, sizeof events / sizeof events[0]);
    events[event_count++] = event;
}

static void read_device(unsigned int bytes, struct dd_hosted_operands *operands)
{
    uint64_t offset = operands->rdx - MMIO_DEVICE;
    uint64_t value = 0;

    ck_assert_uint_le(offset, MMIO_DEVICE_SIZE - bytes);
    reads_of_first += offset == 0;
    if (mmio_ready_at != 0 && reads_of_first >= mmio_ready_at) {
        mmio_bytes[0] = mmio_ready_value;
    }
    memcpy(&value, mmio_bytes + offset, bytes);
    operands->rax = value;
    note((struct mmio_event){MMIO_READ, bytes, offset, value});
}

static void write_device(unsigned int bytes, const struct dd_hosted_operands *operands)
{
    uint64_t offset = operands->rdx - MMIO_DEVICE;

    ck_assert_uint_le(offset, MMIO_DEVICE_SIZE - bytes);
    memcpy(mmio_bytes + offset, &operands->rax, bytes);
    note((struct mmio_event){MMIO_WRITE, bytes, offset, operands->rax});
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    switch (insn) {
    case DD_HOSTED_READ8:
        read_device(1, operands);
        break;
    case DD_HOSTED_READ16:
        read_device(2, operands);
        break;
    case DD_HOSTED_READ32:
        read_device(4, operands);
        break;
    case DD_HOSTED_READ64:
        read_device(8, operands);
        break;
    case DD_HOSTED_WRITE8:
        write_device(1, operands);
        break;
    case DD_HOSTED_WRITE16:
        write_device(2, operands);
        break;
    case DD_HOSTED_WRITE32:
        write_device(4, operands);
        break;
    case DD_HOSTED_WRITE64:
        write_device(8, operands);
        break;
    case DD_HOSTED_PAUSE:
        note((struct mmio_event){MMIO_PAUSE, 0, 0, 0});
        break;
    case DD_HOSTED_MFENCE:
        note((struct mmio_event){MMIO_FENCE, 0, 0, 'm'});
        break;
    case DD_HOSTED_LFENCE:
        note((struct mmio_event){MMIO_FENCE, 0, 0, 'l'});
        break;
    case DD_HOSTED_SFENCE:
        note((struct mmio_event){MMIO_FENCE, 0, 0, 's'});
        break;
    default:
        ck_abort_msg("instruction %d is not one of devices", insn);
    }
}
