/* SPDX-License-Identifier: MIT */
/*
 * A breakpoint is an address in DR0 to DR3 and six bits of DR7 at positions that
 * depend on its number. Sizes are not in order: 2 is eight bytes, 3 is four. DR6 says
 * what happened and is never cleared by the processor; two of its bits are active low.
 */
#include "drydock/debug.h"

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/debug_regs.h"

enum {
    TWO_BITS = 3,
    SCOPE_BITS = 2, /* for each breakpoint, from bit 0 */
    FIELD_BITS = 4  /* condition and size of each breakpoint, from bit 16 */
};

#define PORT_MAX UINT64_C(0xFFFF)

/* Nothing happened: reserved bits and the two that are active low are 1. [SDM 3B] 17.2.3 */
#define DR6_CLEAR UINT64_C(0xFFFF0FF0)

static unsigned int bytes_of(enum dd_breakpoint_size size)
{
    static const uint8_t bytes[] = {1, 2, 8, 4};

    return bytes[size];
}

enum dd_status dd_breakpoint_size_from(unsigned int bytes, enum dd_breakpoint_size *size)
{
    for (unsigned int i = 0; i <= DD_BREAKPOINT_4_BYTES; i++) {
        if (bytes_of((enum dd_breakpoint_size)i) == bytes) {
            *size = (enum dd_breakpoint_size)i;
            return DD_OK;
        }
    }
    return DD_EARG;
}

static bool is_possible(const struct dd_breakpoint *breakpoint)
{
    return (unsigned int)breakpoint->condition <= DD_BREAKPOINT_ACCESS &&
           (unsigned int)breakpoint->size <= DD_BREAKPOINT_4_BYTES &&
           (unsigned int)breakpoint->scope <= DD_BREAKPOINT_BOTH &&
           (breakpoint->condition != DD_BREAKPOINT_EXECUTE ||
            breakpoint->size == DD_BREAKPOINT_1_BYTE);
}

enum dd_status dd_breakpoint_encode(uint64_t dr7, unsigned int number,
                                    const struct dd_breakpoint *breakpoint, uint64_t *value)
{
    unsigned int scope_shift = SCOPE_BITS * number;
    unsigned int field_shift = DD_DR7_RW0_LO + FIELD_BITS * number;

    if (number >= DD_BREAKPOINTS || !is_possible(breakpoint)) {
        return DD_EARG;
    }
    dr7 &= ~((uint64_t)TWO_BITS << scope_shift | UINT64_C(15) << field_shift);
    *value = dr7 | (uint64_t)breakpoint->scope << scope_shift |
             (uint64_t)breakpoint->condition << field_shift |
             (uint64_t)breakpoint->size << (field_shift + 2);
    return DD_OK;
}

static enum dd_status check_address(const struct dd_breakpoint *breakpoint)
{
    uint64_t cr4 = dd_read_cr4();
    unsigned int width = DD_GET(cr4, DD_CR4_LA57) != 0 ? 57 : 48;

    if (!dd_is_aligned(breakpoint->address, bytes_of(breakpoint->size))) {
        return DD_EALIGN;
    }
    if (breakpoint->condition == DD_BREAKPOINT_IO) {
        if (breakpoint->address > PORT_MAX) {
            return DD_EARG;
        }
        return DD_GET(cr4, DD_CR4_DE) != 0 ? DD_OK : DD_ENOTSUP;
    }
    return dd_vaddr_is_canonical(dd_vaddr_from(breakpoint->address), width) ? DD_OK : DD_ECANONICAL;
}

static void write_address(unsigned int number, uint64_t address)
{
    switch (number) {
    case 0:
        dd_write_dr0(address);
        break;
    case 1:
        dd_write_dr1(address);
        break;
    case 2:
        dd_write_dr2(address);
        break;
    default:
        dd_write_dr3(address);
        break;
    }
}

static uint64_t read_address(unsigned int number)
{
    switch (number) {
    case 0:
        return dd_read_dr0();
    case 1:
        return dd_read_dr1();
    case 2:
        return dd_read_dr2();
    default:
        return dd_read_dr3();
    }
}

enum dd_status dd_breakpoint_set(unsigned int number, const struct dd_breakpoint *breakpoint)
{
    uint64_t dr7 = dd_read_dr7();
    uint64_t value = 0;
    enum dd_status status = dd_breakpoint_encode(dr7, number, breakpoint, &value);

    if (status != DD_OK) {
        return status;
    }
    status = check_address(breakpoint);
    if (status != DD_OK) {
        return status;
    }
    dd_write_dr7(dr7 & ~((uint64_t)TWO_BITS << (SCOPE_BITS * number)));
    write_address(number, breakpoint->address);
    dd_write_dr7(value);
    return DD_OK;
}

enum dd_status dd_breakpoint_get(unsigned int number, struct dd_breakpoint *breakpoint)
{
    uint64_t dr7 = dd_read_dr7();
    uint64_t fields = 0;

    if (number >= DD_BREAKPOINTS) {
        return DD_EARG;
    }
    fields = dr7 >> (DD_DR7_RW0_LO + FIELD_BITS * number);
    *breakpoint = (struct dd_breakpoint){
        .address = read_address(number),
        .condition = (enum dd_breakpoint_condition)(fields & TWO_BITS),
        .size = (enum dd_breakpoint_size)(fields >> 2 & TWO_BITS),
        .scope = (enum dd_breakpoint_scope)(dr7 >> (SCOPE_BITS * number) & TWO_BITS),
    };
    return DD_OK;
}

unsigned int dd_debug_causes(uint64_t dr6)
{
    const uint64_t active_low = DD_BITS(DD_DR6_BLD) | DD_BITS(DD_DR6_RTM);
    const uint64_t active_high = DD_BITS(DD_DR6_B0) | DD_BITS(DD_DR6_B1) | DD_BITS(DD_DR6_B2) |
                                 DD_BITS(DD_DR6_B3) | DD_BITS(DD_DR6_BD) | DD_BITS(DD_DR6_BS) |
                                 DD_BITS(DD_DR6_BT);

    return (unsigned int)((dr6 & active_high) | (~dr6 & active_low));
}

unsigned int dd_debug_take_causes(void)
{
    uint64_t dr6 = dd_read_dr6();

    dd_write_dr6(DR6_CLEAR);
    return dd_debug_causes(dr6);
}
