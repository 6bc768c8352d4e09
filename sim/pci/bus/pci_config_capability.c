/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What software can write in capabilities, from the register tables of hal/.
 * A table describes the largest form of a capability; how much of it a function
 * has, other registers say. MSI and MSI-X, whose registers move about, are in
 * pci_msi.c and pci_msix.c. What is not in the tables stays read-only, and so
 * do records of which a capability has several.
 *
 * A reset of a single function leaves what belongs to the link it shares with
 * other functions ([PCIe 6] 6.6.2). Few registers begin with ones.
 */
#include <string.h>

#include "sim/pci/bus/pci_config_internal.h"
#include "sim/pci/bus/pci_msi.h"

#define C(name, number, text) {.kind = PCI_ROW_LISTED, .id = (number)},
#define E(name, number, text) {.kind = PCI_ROW_EXTENDED, .id = (number)},
#define A(name, bytes, text)  {.kind = PCI_ROW_PART},
#define R                     PCI_REGISTER
#define F                     PCI_FIELD
static const struct pci_row rows[] = {
#include "drydock/pci_cap_list.def"
};
#undef F
#undef R
#undef A
#undef E
#undef C

#define ROWS (sizeof rows / sizeof rows[0])

/* For each row: which capability begins there, 0 if none does. Small, to be searched often. */
#define NAME(list, id)                   ((list) == SIM_PCI_CHAIN ? 0x10000u | (id) : 0x20000u | (id))
#define C(name, number, text)            NAME(SIM_PCI_CHAIN, (number)),
#define E(name, number, text)            NAME(SIM_PCI_CHAIN_EXTENDED, (number)),
#define A(name, bytes, text)             0,
#define R(name, position, width, number) 0,
#define F(name, hi, lo, rights)          0,
static const uint32_t names[] = {
#include "drydock/pci_cap_list.def"
};
#undef F
#undef R
#undef A
#undef E
#undef C

/* IDs that need more than their table. [PCI Code and ID] 2 and 3 */
enum {
    ID_VPD = 0x03,
    ID_MSI = 0x05,
    ID_EXPRESS = 0x10,
    ID_MSIX = 0x11,
    ID_ADVANCED_FEATURES = 0x13,
    ID_AER = 0x0001,
    ID_VC = 0x0002,
    ID_MFVC = 0x0008,
    ID_VC_MULTI_FUNCTION = 0x0009,
    ID_SRIOV = 0x0010,
    ID_RESIZABLE = 0x0015,
    ID_VF_RESIZABLE = 0x0024,
    ID_HIERARCHY = 0x0028,
    ID_FLIT_LOG = 0x0032,
    ID_NOP_FLIT = 0x0037,
};

/* Kinds of ports, in bits 7:4 of the PCI Express Capabilities register. [PCIe 6] 7.5.3.2 */
enum {
    PORT_ROOT = 4,
    PORT_DOWNSTREAM = 6,
    PORT_TO_PCI = 7,
    PORT_FROM_PCI = 8,
    PORT_INTEGRATED = 9,
    PORT_EVENT_COLLECTOR = 10,
};

/* Bits of a register that need a word. */
struct bits {
    enum sim_pci_chain list;
    unsigned int id, offset; /* of the capability, and from its start */
    uint32_t mask;
};

/* What begins as ones: Relaxed Ordering, No Snoop, requests of 512 bytes; a debugging flit of four,
   stream FFh. [PCIe 6] 7.5.3.4, [PCIe 6.3] 7.8.14.3 */
static const struct bits ones[] = {
    {SIM_PCI_CHAIN, ID_EXPRESS, 0x08, 0x2810},
    {SIM_PCI_CHAIN_EXTENDED, ID_NOP_FLIT, 0x08, 0xFF000C00},
};

/* What software writes but reads as 0: Retrain Link, Initiate FLR, and a Hierarchy ID Message that is
   sent at once. [PCIe 6] 7.5.3.7, 7.9.20, 7.9.17.2 */
static const struct bits commands[] = {
    {SIM_PCI_CHAIN, ID_EXPRESS, 0x10, 0x0020},
    {SIM_PCI_CHAIN, ID_ADVANCED_FEATURES, 0x04, 0x01},
    {SIM_PCI_CHAIN_EXTENDED, ID_HIERARCHY, 0x04, 0x40000000},
};

/* What a reset of one function leaves: Max_Payload_Size and settings of the link. [PCIe 6] 6.6.2 */
static const struct bits kept[] = {
    {SIM_PCI_CHAIN, ID_EXPRESS, 0x08, 0x00E0},
    {SIM_PCI_CHAIN, ID_EXPRESS, 0x10, 0x03CB},
};

/* Capabilities of which it leaves everything: virtual channels and the physical layer. */
static const unsigned int kept_whole[] = {
    ID_VC, ID_MFVC, ID_VC_MULTI_FUNCTION, 0x0019, 0x0025, 0x0026, 0x0027, 0x002A, 0x0031,
};

/* The table of a capability; of no rows if there is none. */
static struct pci_table find_table(enum sim_pci_chain list, unsigned int id)
{
    struct pci_table table = {rows, 0};
    size_t at = 0;

    while (at < ROWS && names[at] != NAME(list, id)) {
        at++;
    }
    if (at < ROWS) {
        table.rows = &rows[at + 1];
        while (at + 1 + table.count < ROWS && table.rows[table.count].kind <= PCI_ROW_FIELD) {
            table.count++;
        }
    }
    return table;
}

static unsigned int port_type(const struct sim_pci_config *config)
{
    struct sim_pci_extent express;

    return sim_pci_config_find(config, SIM_PCI_CHAIN, ID_EXPRESS, &express)
               ? sim_pci_config_read(config, express.offset + 2, 2) >> 4 & 0xF
               : 0;
}

/* The groups of registers of PCI Express that this port does not have. [PCIe 6] 7.5.3 */
static void protect_express(struct sim_pci_config *config, const struct sim_pci_extent *express)
{
    uint32_t capabilities = sim_pci_config_read(config, express->offset + 2, 2);
    unsigned int type = port_type(config);
    bool is_root = type == PORT_ROOT || type == PORT_EVENT_COLLECTOR;
    bool has_slot = (type == PORT_ROOT || type == PORT_DOWNSTREAM) && (capabilities & 0x100) != 0;
    bool has_link = type != PORT_INTEGRATED && type != PORT_EVENT_COLLECTOR;
    bool has_retry = type == PORT_TO_PCI || type == PORT_FROM_PCI;
    const struct {
        unsigned int offset, size;
        bool present;
    } groups[] = {
        {0x0C, 0x08, has_link}, {0x14, 0x08, has_slot},
        {0x1C, 0x08, is_root},  {0x24, 0x18, (capabilities & 0xF) >= 2},
        {0x2C, 0x08, has_link},
    };

    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (!groups[i].present && express->offset + groups[i].offset < express->end) {
            unsigned int left = express->end - express->offset - groups[i].offset;

            pci_config_protect(config->masks, express->offset + groups[i].offset,
                               left < groups[i].size ? left : groups[i].size);
        }
    }
    if (!has_retry) { /* bit 15 of Device Control is Initiate FLR */
        config->masks->rw[express->offset + 9] &= 0x7F;
    }
}

/* Leave of what can be written in a register these bits. */
static void limit(struct sim_pci_config *config, const struct sim_pci_extent *capability,
                  unsigned int offset, uint32_t bits)
{
    for (unsigned int i = 0; i < 4 && capability->offset + offset + i < capability->end; i++) {
        config->masks->rw[capability->offset + offset + i] &= (uint8_t)(bits >> 8 * i);
    }
}

/* Hierarchy ID Writeable can be written if it is VF Configurable, Valid where it is no port's;
   what is writeable at some time is so always here. [PCIe 6] 7.9.17.2 */
static void protect_hierarchy(struct sim_pci_config *config,
                              const struct sim_pci_extent *capability)
{
    uint32_t status = sim_pci_config_read(config, capability->offset + 4, 4);
    bool is_port = port_type(config) == PORT_ROOT || port_type(config) == PORT_DOWNSTREAM;
    bool is_configurable = (status & 0x20000000) != 0;
    bool is_writeable = is_configurable || (status & 0x10000000) != 0;

    limit(config, capability, 0x04,
          (is_configurable ? 0x10000000 : 0) | (is_writeable && !is_port ? 0x80000000 : 0));
    for (unsigned int offset = 0x08; offset < 0x20; offset += 4) {
        limit(config, capability, offset, is_writeable ? UINT32_MAX : 0);
    }
}

/* What is about flits that the port cannot send is reserved. [PCIe 6.3] 7.8.14.3, 7.8.14.4 */
static void protect_nop_flit(struct sim_pci_config *config, const struct sim_pci_extent *capability)
{
    uint32_t support = sim_pci_config_read(config, capability->offset + 4, 4) & 3;

    limit(config, capability, 0x08,
          (support != 0 ? 0xFFFF0000 : 0) | ((support & 1) != 0 ? 0x00003DFD : 0) | (support & 2));
    limit(config, capability, 0x0C, (support & 1) != 0 ? UINT32_MAX : 0);
}

/* Where a capability that has not all registers of its table ends. */
static unsigned int find_end(const struct sim_pci_config *config, enum sim_pci_chain list,
                             const struct sim_pci_extent *capability)
{
    unsigned int end = capability->end;
    unsigned int type = port_type(config);
    unsigned int offset = capability->offset;

    if (list == SIM_PCI_CHAIN) {
        return end;
    }
    if (capability->id == ID_AER && type != PORT_ROOT && type != PORT_EVENT_COLLECTOR) {
        end = offset + 0x2C;
    } else if (capability->id == ID_VC || capability->id == ID_MFVC ||
               capability->id == ID_VC_MULTI_FUNCTION) {
        end = offset + 0x1C + 12 * (sim_pci_config_read(config, offset + 4, 1) & 7);
    } else if (capability->id == ID_RESIZABLE || capability->id == ID_VF_RESIZABLE) {
        end = pci_config_resizable_end(config, offset);
    }
    return end < capability->end ? end : capability->end;
}

/* The bits of a table of bits that are in a byte of a capability. */
static uint8_t pick(const struct bits *table, size_t count, enum sim_pci_chain list,
                    unsigned int id, unsigned int at)
{
    uint8_t picked = 0;

    for (size_t i = 0; i < count; i++) {
        if (table[i].list == list && table[i].id == id && at >= table[i].offset &&
            at < table[i].offset + 4) {
            picked |= (uint8_t)(table[i].mask >> 8 * (at - table[i].offset));
        }
    }
    return picked;
}

#define PICK(table) \
    pick(table, sizeof(table) / sizeof *(table), list, capability->id, at - capability->offset)

static void apply_bits(struct sim_pci_masks *masks, enum sim_pci_chain list,
                       const struct sim_pci_extent *capability)
{
    for (unsigned int at = capability->offset; at < capability->end; at++) {
        masks->rw[at] &= (uint8_t)~PICK(commands);
        masks->initial[at] |= PICK(ones) & masks->rw[at];
        masks->kept[at] |= PICK(kept);
    }
    for (size_t i = 0; i < sizeof kept_whole / sizeof kept_whole[0]; i++) {
        if (list == SIM_PCI_CHAIN_EXTENDED && capability->id == kept_whole[i]) {
            memset(&masks->kept[capability->offset], 0xFF, capability->end - capability->offset);
        }
    }
}

static void apply_capability(struct sim_pci_config *config, enum sim_pci_chain list,
                             const struct sim_pci_extent *capability)
{
    struct pci_table table = find_table(list, capability->id);

    if (list == SIM_PCI_CHAIN && (capability->id == ID_MSI || capability->id == ID_MSIX)) {
        return;
    }
    pci_config_apply(config->masks, &table, capability->offset, find_end(config, list, capability));
    if (list == SIM_PCI_CHAIN && capability->id == ID_EXPRESS) {
        protect_express(config, capability);
    } else if (list == SIM_PCI_CHAIN && capability->id == ID_VPD) {
        pci_config_init_vpd(config, capability);
    } else if (list == SIM_PCI_CHAIN_EXTENDED && capability->id == ID_SRIOV &&
               capability->end - capability->offset >= 0x3C) {
        pci_config_init_virtual_bars(config, capability->offset);
    } else if (list == SIM_PCI_CHAIN_EXTENDED && capability->id == ID_HIERARCHY) {
        protect_hierarchy(config, capability);
    } else if (list == SIM_PCI_CHAIN_EXTENDED && capability->id == ID_FLIT_LOG) {
        pci_config_init_flits(config, capability);
    } else if (list == SIM_PCI_CHAIN_EXTENDED && capability->id == ID_NOP_FLIT) {
        protect_nop_flit(config, capability);
    }
    apply_bits(config->masks, list, capability);
}

static void apply_list(struct sim_pci_config *config, enum sim_pci_chain which)
{
    struct sim_pci_extent list[SIM_PCI_MAX_CAPABILITIES];
    size_t count = sim_pci_config_list(config, which, list);

    for (size_t i = 0; i < count; i++) {
        apply_capability(config, which, &list[i]);
    }
}

void pci_config_apply_capabilities(struct sim_pci_config *config)
{
    apply_list(config, SIM_PCI_CHAIN);
    apply_list(config, SIM_PCI_CHAIN_EXTENDED);
    sim_pci_msi_add_masks(config);
}
