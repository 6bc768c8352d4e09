/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/fake_pci.h"

#include <check.h>
#include <string.h>

struct fake_pci fake;

struct dd_pci_address fake_address(uint8_t bus, uint8_t device, uint8_t function)
{
    return (struct dd_pci_address){.bus = bus, .device = device, .function = function};
}

static struct fake_function *find(struct dd_pci_address address)
{
    for (unsigned int i = 0; i < fake.function_count; i++) {
        struct dd_pci_address other = fake.functions[i].address;

        if (other.segment == address.segment && other.bus == address.bus &&
            other.device == address.device && other.function == address.function) {
            return &fake.functions[i];
        }
    }
    return NULL;
}

/* The function that answers the access about to be made, or NULL. */
static struct fake_function *answering(struct dd_pci_address address)
{
    return fake.access_count < fake.vanish_at ? find(address) : NULL;
}

static void remember(struct fake_access access)
{
    if (fake.access_count == FAKE_ACCESSES) {
        ck_abort_msg("more accesses than can be remembered");
    }
    fake.log[fake.access_count++] = access;
}

static uint32_t fake_read(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width)
{
    const struct fake_function *function = answering(address);
    uint32_t value =
        fake.dirty_reads || width == DD_PCI_WIDTH_32 ? UINT32_MAX : (1u << 8 * width) - 1;

    (void)access;
    if (function != NULL) {
        memcpy(&value, &function->bytes[offset], width);
    }
    remember((struct fake_access){false, address, offset, width, value});
    return value;
}

static void fake_write(const struct dd_pci_access *access, struct dd_pci_address address,
                       uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    struct fake_function *function = answering(address);

    (void)access;
    for (unsigned int i = 0; function != NULL && i < width; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * i);
        uint8_t writable = function->writable[offset + i];
        uint8_t kept = (uint8_t)(function->bytes[offset + i] & ~writable);

        kept &= (uint8_t) ~(byte & function->clearable[offset + i]);
        function->bytes[offset + i] = (uint8_t)(kept | (byte & writable));
    }
    remember((struct fake_access){true, address, offset, width, value});
}

static const struct dd_pci_ops fake_ops = {fake_read, fake_write};

void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.vanish_at = FAKE_NEVER;
    fake.access = (struct dd_pci_access){.ops = &fake_ops, .size = 4096, .last_bus = 255};
}

void fake_forget(void)
{
    fake.access_count = 0;
    fake.insn_count = 0;
}

struct fake_function *fake_add(uint8_t bus, uint8_t device, uint8_t function, uint32_t id)
{
    struct fake_function *added = &fake.functions[fake.function_count];

    ck_assert_uint_lt(fake.function_count, FAKE_FUNCTIONS);
    fake.function_count++;
    added->address = fake_address(bus, device, function);
    fake_put32(added, 0x00, id);
    return added;
}

struct fake_function *fake_add_bridge(uint8_t bus, uint8_t device, uint8_t function,
                                      uint8_t secondary, uint8_t subordinate)
{
    struct fake_function *added = fake_add(bus, device, function, 0x000C1B36);

    added->bytes[0x0E] = 0x01;
    added->bytes[0x18] = bus;
    added->bytes[0x19] = secondary;
    added->bytes[0x1A] = subordinate;
    return added;
}

void fake_put32(struct fake_function *function, unsigned int offset, uint32_t value)
{
    memcpy(&function->bytes[offset], &value, sizeof value);
}

uint32_t fake_get32(const struct fake_function *function, unsigned int offset)
{
    uint32_t value;

    memcpy(&value, &function->bytes[offset], sizeof value);
    return value;
}

void fake_allow32(struct fake_function *function, unsigned int offset, uint32_t bits)
{
    memcpy(&function->writable[offset], &bits, sizeof bits);
}

unsigned int fake_write_count(void)
{
    unsigned int count = 0;

    for (unsigned int i = 0; i < fake.access_count; i++) {
        count += fake.log[i].is_write ? 1 : 0;
    }
    return count;
}

/* ---- The same bus behind ports 0xCF8 and 0xCFC, and a memory window ---- */

static uint32_t config_address;

/* Where an instruction goes to. */
struct target {
    struct dd_pci_address address;
    uint16_t offset;
};

/* [PCI 3.0] figure 3-2 */
static struct target behind_port(uint16_t port)
{
    ck_assert_uint_eq(config_address >> 24, 0x80);
    ck_assert_uint_eq(config_address & 3, 0);
    return (struct target){
        .address =
            fake_address((uint8_t)(config_address >> 16), (uint8_t)(config_address >> 11 & 0x1F),
                         (uint8_t)(config_address >> 8 & 7)),
        .offset = (uint16_t)((config_address & 0xFC) + port - 0xCFC),
    };
}

/* [PCIe 6] table 7-1 */
static struct target behind_window(uint64_t where)
{
    uint64_t inside = where - FAKE_ECAM_BASE;

    return (struct target){
        .address = fake_address((uint8_t)(inside >> 20), (uint8_t)(inside >> 15 & 0x1F),
                                (uint8_t)(inside >> 12 & 7)),
        .offset = (uint16_t)(inside & 0xFFF),
    };
}

static void transfer(struct target target, enum dd_pci_width width, bool is_write, uint64_t *rax)
{
    if (is_write) {
        fake_write(&fake.access, target.address, target.offset, width, (uint32_t)*rax);
    } else {
        *rax = fake_read(&fake.access, target.address, target.offset, width);
    }
}

static void execute_port(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    uint16_t port = (uint16_t)operands->rdx;
    bool is_write = insn >= DD_HOSTED_OUT8;
    unsigned int width = 1u << (insn - (is_write ? DD_HOSTED_OUT8 : DD_HOSTED_IN8));

    if (insn == DD_HOSTED_OUT32 && port == 0xCF8) {
        config_address = (uint32_t)operands->rax;
        return;
    }
    ck_assert_uint_ge(port, 0xCFC);
    ck_assert_uint_le(port + width, 0xD00);
    transfer(behind_port(port), (enum dd_pci_width)width, is_write, &operands->rax);
}

static void execute_memory(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    bool is_write = insn >= DD_HOSTED_WRITE8;
    unsigned int width = 1u << (insn - (is_write ? DD_HOSTED_WRITE8 : DD_HOSTED_READ8));

    transfer(behind_window(operands->rdx), (enum dd_pci_width)width, is_write, &operands->rax);
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    ck_assert_uint_lt(fake.insn_count, FAKE_ACCESSES);
    ck_assert_uint_le(insn, DD_HOSTED_WRITE32);
    if (insn <= DD_HOSTED_OUT32) {
        execute_port(insn, operands);
    } else {
        execute_memory(insn, operands);
    }
    fake.insns[fake.insn_count++] = (struct fake_insn){insn, operands->rdx, operands->rax};
}
