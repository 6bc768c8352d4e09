/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/pci/text/text_parser.c, text_region.c, text_window.c, text_capability.c and
 * text_relation.c: verbose text becomes registers. Offsets and values are those of [PCI 3.0] 6.1,
 * [PCI-PCI 1.2] 3.2 and [PCIe 6] 7.5, worked out by hand.
 */
#include <stdio.h>

#include "tests/unit/dump_case.h"
#include "tests/unit/text_case.h"

#define U(number) UINT64_C(number)

/* A text, and what some bytes are then. */
static const struct {
    const char *text;
    unsigned int offset, bytes;
    uint64_t value, known;
} registers[] = {
    /* command and status */
    {" 0600: 8086:29c0\n\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr+ "
     "Stepping- SERR+ FastB2B- DisINTx+\n",
     0x04, 2, 0x0547, 0x07FF},
    {TEXT_HEAD, 0x06, 2, 0x0010, 0xFFF8},
    {" 0600: 8086:29c0\n\tFlags: bus master, 66MHz, fast devsel, latency 64, IRQ 11\n", 0x04, 4,
     0x00200004, 0x066002A4},
    {" 0600: 8086:29c0\n\tFlags: bus master, 66MHz, fast devsel, latency 64, IRQ 11\n", 0x3C, 1,
     0x0B, 0},
    {TEXT_HEAD "\tLatency: 32 (2500ns min, 3750ns max), Cache Line Size: 64 bytes\n", 0x0C, 2,
     0x2010, 0xFFFF},
    {TEXT_HEAD "\tLatency: 32 (2500ns min, 3750ns max), Cache Line Size: 64 bytes\n", 0x3E, 2,
     0x0F0A, 0xFFFF},
    {TEXT_HEAD "\tLatency: 0, Cache Line Size: 0x10 (64 bytes)\n", 0x0C, 2, 0x0010, 0xFFFF},
    {TEXT_HEAD "\tInterrupt: pin C routed to IRQ 19\n", 0x3C, 2, 0x0313, 0xFF00},
    {TEXT_HEAD "\tInterrupt: pin ? routed to IRQ 300\n", 0x3C, 2, 0x0000, 0xFF00},
    {TEXT_HEAD "\tBIST result: 05\n", 0x0F, 1, 0x85, 0xCF},
    {TEXT_HEAD, 0x0E, 2, 0x0000, 0x807F},
    /* base address registers */
    {TEXT_HEAD "\tRegion 0: Memory at fd800000 (64-bit, prefetchable) [size=16K]\n", 0x10, 8,
     0xFD80000C, UINT64_MAX},
    {TEXT_HEAD "\tRegion 2: Memory at 380000000000 (64-bit, non-prefetchable) [size=64G]\n", 0x18,
     8, U(0x380000000004), UINT64_MAX},
    {TEXT_HEAD "\tRegion 1: Memory at fea00000 (32-bit, non-prefetchable) [disabled] [size=4K]\n",
     0x14, 4, 0xFEA00000, 0xFFFFFFFF},
    {TEXT_HEAD "\tRegion 1: Memory at 380900000 (32-bit, prefetchable) [size=32K]\n", 0x14, 4,
     0x80900008, 0x0000000F}, /* the processor's address of it */
    {TEXT_HEAD "\tRegion 4: I/O ports at e0c0 [size=32]\n", 0x20, 4, 0xE0C1, 0xFFFFFFFD},
    {TEXT_HEAD "\tRegion 4: I/O ports at e0c0 [size=32]\n", 0x04, 1, 0x01, 0xFF},
    {TEXT_HEAD "\tRegion 0: Memory at <unassigned> (32-bit, prefetchable) [disabled]\n", 0x10, 4, 8,
     0xFFFFFFFF},
    {TEXT_HEAD "\tRegion 0: Memory at <ignored> (64-bit, prefetchable) [disabled]\n", 0x10, 8, 0xC,
     0xF},
    {TEXT_HEAD "\tRegion 0: Memory at d0000000 (64-bit, prefetchable) [virtual] [size=8M]\n", 0x10,
     8, 0, 0xFFFFFFF0},
    {TEXT_HEAD "\tRegion 1: [virtual] Memory at 000003f0 (32-bit, non-prefetchable)\n", 0x14, 4, 0,
     0xFFFFFFF0},
    {TEXT_HEAD "\tRegion 5: Memory at <unassigned> (64-bit, prefetchable)\n", 0x24, 8, 0xC, 0xF},
    {" 0101: 8086:7010 (prog-if 80)\n" TEXT_CONTROL "\tRegion 0: I/O ports at 01f0 [size=8]\n",
     0x10, 4, 0, 0}, /* [PCI IDE 1.0] 2.1: fixed in compatibility mode */
    {" 0101: 8086:7010 (prog-if 85)\n" TEXT_CONTROL "\tRegion 0: I/O ports at 01f0 [size=8]\n",
     0x10, 4, 0x1F1, 0xFFFFFFFD},
    {TEXT_HEAD "\tExpansion ROM at fea00000 [disabled] [size=256K]\n", 0x30, 4, 0xFEA00000, 1},
    {TEXT_HEAD "\tExpansion ROM at fea00000 [size=256K]\n", 0x30, 4, 0xFEA00001, 1},
    {TEXT_HEAD "\tExpansion ROM at <unassigned> [disabled]\n", 0x30, 4, 0, 0xFFFFF801},
    {TEXT_HEAD "\t[virtual] Expansion ROM at 000c0000 [disabled] [size=128K]\n", 0x30, 4, 0, 0},
    {TEXT_HEAD "\tRegion 4: I/O ports at f000 [size=64]\n\t[virtual] Expansion ROM at 000c0000\n",
     0x20, 4, 0xF001, 0xFFFFFFFD},
    /* -v: which register is only likely */
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tMemory at fd800000 (64-bit, prefetchable)\n"
     "\tI/O ports at e000 [size=8]\n",
     0x10, 4, 0xFD80000C, 0},
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tMemory at fd800000 (64-bit, prefetchable)\n"
     "\tI/O ports at e000 [size=8]\n",
     0x18, 4, 0xE001, 0},
    /* the only sign that there are capabilities */
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tCapabilities: [80] Power Management version 2\n",
     0x06, 2, 0x0010, 0x0670},
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tCapabilities: <access denied>\n", 0x06, 2, 0x0010,
     0x0670},
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tCapabilities: <available only to root>\n", 0x06, 2,
     0x0010, 0x0670},
    /* [IDE BM 1.0] 2.0: 16 ports of an IDE controller in compatibility mode */
    {" 0101: 8086:24cb (prog-if 8a)\n\tFlags: medium devsel\n\tI/O ports at f000 [size=16]\n", 0x20,
     4, 0xF001, 0},
    {" 0101: 8086:24cb (prog-if 8a)\n\tFlags: medium devsel\n\tI/O ports at f000 [disabled] "
     "[size=16]\n"
     "\tMemory at fb000000 (32-bit, non-prefetchable) [size=1K]\n",
     0x24, 4, 0xFB000000, 0},
    /* lspci -F: the upper half of a register, printed once more as ports */
    {" 0600: 8086:29c0\n\tFlags: fast devsel\n\tMemory at 383ffff00000 (64-bit, non-prefetchable)\n"
     "\tI/O ports at <unassigned> [disabled]\n\tMemory at fb000000 (32-bit, non-prefetchable)\n",
     0x18, 4, 0xFB000000, 0},
    /* bridges */
    {TEXT_BRIDGE, 0x18, 4, 0x200A0100, 0xFFFFFFFF},
    {TEXT_BRIDGE, 0x0E, 1, 0x01, 0x7F},
    {TEXT_BRIDGE "\tI/O behind bridge: 0000d000-0000efff [size=8K]\n", 0x1C, 2, 0xE0D0, 0xF0F0},
    {TEXT_BRIDGE "\tI/O behind bridge: 00012000-00012fff [size=4K]\n", 0x1C, 2, 0x2121, 0xFFFF},
    {TEXT_BRIDGE "\tI/O behind bridge: 00012000-00012fff [size=4K]\n", 0x30, 4, 0x00010001,
     0xFFFFFFFF},
    {TEXT_BRIDGE "\tI/O behind bridge: 0000f000-00000fff [disabled] [32-bit]\n", 0x1C, 2, 0x01F1,
     0xFFFF},
    {TEXT_BRIDGE "\tI/O behind bridge: None\n", 0x1C, 2, 0x00F0, 0},
    {TEXT_BRIDGE "\tMemory behind bridge: fe600000-fe7fffff [size=2M] [32-bit]\n", 0x20, 4,
     0xFE70FE60, 0xFFFFFFFF},
    {TEXT_BRIDGE "\tMemory behind bridge: [disabled] [32-bit]\n", 0x20, 4, 0x0000FFF0, 0x000F000F},
    {TEXT_BRIDGE "\tPrefetchable memory behind bridge: 0000000c00000000-0000000c001fffff\n", 0x24,
     4, 0x00110001, 0xFFFFFFFF},
    {TEXT_BRIDGE "\tPrefetchable memory behind bridge: 0000000c00000000-0000000c001fffff\n", 0x28,
     8, U(0x0000000C0000000C), UINT64_MAX},
    {TEXT_BRIDGE "\tPrefetchable memory behind bridge: fe400000-fe5fffff [size=2M] [32-bit]\n",
     0x24, 4, 0xFE50FE40, 0xFFF0FFF0},
    {TEXT_BRIDGE "\tSecondary status: 66MHz+ FastB2B- ParErr- DEVSEL=medium >TAbort- <TAbort- "
                 "<MAbort+ <SERR- <PERR-\n",
     0x1E, 2, 0x2220, 0xFFA0},
    {" 0604: 1b36:000c\n" TEXT_CONTROL "\tLatency: 0\n\tBus: primary=00, secondary=01, "
     "subordinate=01, sec-latency=0\n\tBridgeCtl: Parity- SERR+ NoISA- VGA+ VGA16+ MAbort- >Reset- "
     "FastB2B-\n\t\tPriDiscTmr- SecDiscTmr- DiscTmrStat- DiscTmrSERREn-\n",
     0x3E, 2, 0x001A, 0x0FFF},
    {" 0607: 1180:0476\n" TEXT_CONTROL
     "\tBus: primary=05, secondary=06, subordinate=09, sec-latency=176\n"
     "\tMemory window 1: 48000000-4bffffff (prefetchable)\n\tI/O window 0: 00002000-000020ff\n",
     0x24, 8, U(0x4BFFF00048000000), U(0xFFFFF000FFFFFFFF)},
    {" 0607: 1180:0476\n" TEXT_CONTROL
     "\tBus: primary=05, secondary=06, subordinate=09, sec-latency=176\n"
     "\tI/O window 0: 00002000-000020ff\n",
     0x2C, 8, U(0x000020FC00002000), U(0x0000FFFC0000FFFC)},
    {" 0607: 1180:0476\n" TEXT_CONTROL
     "\tBus: primary=05, secondary=06, subordinate=09, sec-latency=176\n",
     0x0E, 1, 2, 0x7F},
    {" 0607: 1180:0476\n\tFlags: slow devsel\n"
     "\tBus: primary=05, secondary=06, subordinate=09, sec-latency=176\n"
     "\tMemory window 1: 48000000-4bffffff [disabled]\n\tI/O window 0: 00002000-000020ff\n",
     0x04, 2, 0x0001, 0x02A7},
    /* the number of requests, before and after AGP 3 was known: [AGP 3.0] 6.1.8 has one less */
    {TEXT_HEAD
     "\tCapabilities: [80] AGP version 2.0\n\t\tStatus: RQ=31 SBA+ 64bit- FW- Rate=x1,x2\n",
     0x84, 4, 0x1F000203, 0xFF000237},
    {TEXT_HEAD
     "\tCapabilities: [80] AGP version 2.0\n\t\tCommand: RQ=0 SBA- AGP+ 64bit- FW- Rate=x2\n",
     0x88, 4, 0x00000102, 0xFF000337},
    {TEXT_HEAD "\tCapabilities: [80] AGP version 3.0\n\t\tStatus: RQ=32 Iso- ArqSz=0 Cal=0 SBA-\n",
     0x87, 1, 0x1F, 0xFF},
    /* [AGP 3.0] 6.1.8: bit 6 is set if host translation is not supported, and lspci prints the bit */
    {TEXT_HEAD
     "\tCapabilities: [80] AGP version 3.5\n\t\tStatus: RQ=32 HTrans+ FW- AGP3+ Rate=x4,x8\n",
     0x84, 1, 0x4B, 0x5F},
    /* [PCI-X 2.0] 7.2: as versions before 2.2 printed it */
    {TEXT_HEAD
     "\tCapabilities: [60] PCI-X non-bridge device.\n\t\tCommand: DPERE- ERO+ RBC=1 OST=3\n"
     "\t\tStatus: Bus=255 Dev=31 Func=2 64bit- 133MHz+ SCD- USC-, DC=simple, DMMRBC=2, "
     "DMOST=0, DMCRS=1, RSCEM-\n",
     0x60, 8, U(0x0442FFFA00360007), U(0x3FFFFFFF007FFCFF)},
    {TEXT_HEAD
     "\tCapabilities: [60] PCI-X bridge device.\n\t\tSecondary Status: 64bit+, 133MHz+, SCD-, "
     "USC-, SCO-, SRD- Freq=3\n\t\tStatus: Bus=1 Dev=2 Func=0 64bit- 133MHz- SCD- USC-, "
     "SCO-, SRD-\n\t\t: Upstream: Capacity=4, Commitment Limit=5\n",
     0x60, 8, U(0x0000011000C30007), U(0x003FFFFF01FFFCFF)},
    {TEXT_HEAD "\tCapabilities: [100] Advanced Error Reporting <?>\n", 0x100, 2, 0x0001, 0xFFFF},
    /* [PCIe 6] 7.6.1: the extended list begins at 100h, whatever got lost of the text */
    {TEXT_HEAD "\tCapabilities: [148 v1] Secondary PCI Express <?>\n", 0x100, 4, 0x14800000, 0},
    /* capabilities: pointers, IDs, fields */
    {TEXT_HEAD "\tCapabilities: [98] MSI-X: Enable+ Count=3 Masked-\n"
               "\t\tVector table: BAR=1 offset=00000800\n\t\tPBA: BAR=4 offset=00001000\n"
               "\tCapabilities: [40] Power Management version 3\n",
     0x34, 1, 0x98, 0xFC},
    {TEXT_HEAD "\tCapabilities: [98] MSI-X: Enable+ Count=3 Masked-\n"
               "\t\tVector table: BAR=1 offset=00000800\n\t\tPBA: BAR=4 offset=00001000\n"
               "\tCapabilities: [40] Power Management version 3\n",
     0x98, 8, U(0x0000080180024011), U(0xFFFFFFFFC7FFFCFF)},
    {TEXT_HEAD "\tCapabilities: [40] Power Management version 3\n", 0x40, 2, 0x0001, 0xFCFF},
    {TEXT_HEAD "\tCapabilities: [40] Power Management version 3\n\tCapabilities: <access denied>\n",
     0x40, 2, 0x0001, 0x00FF},
    {TEXT_HEAD "\tCapabilities: <access denied>\n", 0x34, 1, 0, 0},
    {TEXT_HEAD
     "\tCapabilities: [50] MSI: Enable- Count=2/8 Maskable+ 64bit+\n"
     "\t\tAddress: 00000001fee00258  Data: 4161\n\t\tMasking: 000000fe  Pending: 00000001\n",
     0x50, 8, U(0xFEE0025801960005), U(0xFFFFFFFF01FFFCFF)},
    {TEXT_HEAD
     "\tCapabilities: [50] MSI: Enable- Count=2/8 Maskable+ 64bit+\n"
     "\t\tAddress: 00000001fee00258  Data: 4161\n\t\tMasking: 000000fe  Pending: 00000001\n",
     0x58, 8, U(0x0000416100000001), U(0x0000FFFFFFFFFFFF)},
    {TEXT_HEAD
     "\tCapabilities: [50] MSI: Enable- Count=2/8 Maskable+ 64bit+\n"
     "\t\tAddress: 00000001fee00258  Data: 4161\n\t\tMasking: 000000fe  Pending: 00000001\n",
     0x60, 8, U(0x00000001000000FE), UINT64_MAX},
    {TEXT_HEAD "\tCapabilities: [50] Message Signalled Interrupts: 64bit- Queue=0/2 Enable+\n"
               "\t\tAddress: fee00000  Data: 0041\n",
     0x58, 2, 0x0041, 0xFFFF},
    {TEXT_HEAD "\tCapabilities: [80] Express (v2) Root Port (Slot+), MSI 03\n\t\tSltSta:\tStatus: "
               "AttnBtn- PowerFlt- MRL+ CmdCplt- PresDet+ Interlock-\n\t\t\tChanged: MRL- PresDet+ "
               "LinkState-\n",
     0x9A, 2, 0x0068, 0x01FF},
    {TEXT_HEAD "\tCapabilities: [80] Express (v2) Root Port (Slot+), MSI 03\n", 0x82, 2, 0x0742,
     0x3FFF},
    {TEXT_HEAD "\tCapabilities: [80] Express Root Port (Slot-) IRQ 0\n\t\tLink: Supported Speed "
               "2.5Gb/s, Width x16, ASPM L0s L1, Port 2\n\t\tLink: ASPM Disabled RCB 64 bytes "
               "CommClk+ ExtSynch-\n",
     0x90, 2, 0x0040, 0x00CB},
    {TEXT_HEAD "\tCapabilities: [80] #15 [0042]\n", 0x80, 4, 0x00420015, 0xFFFFFCFF},
    /* the extended list */
    {TEXT_HEAD "\tCapabilities: [100 v2] Latency Tolerance Reporting\n\t\tMax snoop latency: "
               "1023ns\n\t\tMax no snoop latency: 0ns\n\tCapabilities: [148 v1] #2b\n",
     0x100, 8, U(0x000003FF14820018), U(0x03FF1FFFFFCFFFFF)},
    {TEXT_HEAD "\tCapabilities: [100 v2] Latency Tolerance Reporting\n\t\tMax snoop latency: "
               "1023ns\n\t\tMax no snoop latency: 0ns\n\tCapabilities: [148 v1] #2b\n",
     0x148, 4, 0x0001002B, 0x000FFFFF},
    {TEXT_HEAD "\tCapabilities: [100 v1] Virtual Channel\n\t\tVC1:\tCaps:\tPATOffset=02 "
               "MaxTimeSlots=16 RejSnoopTrans+\n\t\t\tArb:\tFixed+ WRR32- WRR64- WRR128- TWRR128- "
               "WRR256-\n",
     0x11C, 4, 0x020F8001, 0xFF7F803F},
    {TEXT_HEAD "\tCapabilities: [100 v1] Virtual Channel\n", 0x100, 2, 0x0002, 0xFFF4},
    {TEXT_HEAD "\tCapabilities: [100 v1] Device Serial Number 00-1b-21-ff-ff-2b-46-e0\n", 0x104, 8,
     U(0x001B21FFFF2B46E0), UINT64_MAX},
    {TEXT_HEAD "\tCapabilities: [100] Device Serial Number e0-46-2b-ff-ff-21-1b-00\n", 0x104, 8,
     U(0xE0462BFFFF211B00), 0},
    {TEXT_HEAD "\tCapabilities: [200 v1] Physical Resizable BAR\n\t\tBAR 0: current size: 256MB, "
               "supported: 256MB 512MB\n\t\tBAR 2: current size: 2MB, supported: 1MB 2MB 512TB\n",
     0x204, 8, U(0x0000084000003000), U(0xFFFF3F07FFFFFFF0)},
    {TEXT_HEAD "\tCapabilities: [200 v1] Physical Resizable BAR\n\t\tBAR 0: current size: 256MB, "
               "supported: 256MB 512MB\n\t\tBAR 2: current size: 2MB, supported: 1MB 2MB 512TB\n",
     0x20C, 8, U(0x0002010200000030), U(0xFFFF3F07FFFFFFF0)},
    {TEXT_HEAD
     "\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)\n\t\tIOVCtl:\t"
     "Enable+ Migration- Interrupt- MSE+ ARIHierarchy+ 10BitTagReq-\n\t\tRegion 2: Memory "
     "at 0000000380000000 (64-bit, prefetchable)\n",
     0x18C, 8, U(0x000000038000000C), U(0xFFFFFFFFFFFFFFFE)},
    /* all ones */
    {" 0302: 10de:139a (rev ff) (prog-if ff)\n\t!!! Unknown header type 7f\n", 0x00, 4, 0xFFFFFFFF,
     0xFFFFFFFF},
    /* broken by mailers: between words, inside words, with other blanks */
    {" 0600: 8086:29c0\n\xC2\xA0 \xC2\xA0 Control: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- Step\n"
     "ping- SERR+ FastB2B-\nDisINTx-\n",
     0x04, 2, 0x0106, 0x079F},
    {TEXT_HEAD "\tKernel modules: one,\ntwo\n\tCapabilities: [40] Power\nManagement version 3\n",
     0x40, 1, 0x01, 0xFF},
};

START_TEST(a_line_of_text_says_what_registers_hold_and_which_bits_are_certain)
{
    struct text_case text;

    text_begin(&text, NULL, registers[_i].text);
    ck_assert(text.read);
    ck_assert_msg(text.remarks.count == 0, "%s", text.remarks.first.text);
    assert_text(&text, registers[_i].offset, registers[_i].bytes, registers[_i].value,
                registers[_i].known);
    text_end(&text);
}
END_TEST

/* Texts with something that is not understood, and what is said. */
static const struct {
    const char *text;
    const char *remarks;
} strange[] = {
    {TEXT_HEAD "\tFrobnication: 12 quux\n", "case:10: not understood: Frobnication: 12 quux\n"},
    {" 0600: 8086:29c0\n\tControl: I/O+ NewBit+ OtherBit- Mem+\n",
     "case:8: not understood: NewBit+ OtherBit- Mem+\n"},
    {TEXT_HEAD "\tCapabilities: [40] Vacuum Cleaner\n\tCapabilities: [50] Null\n",
     "case:10: not understood: Vacuum Cleaner\n"},
    {TEXT_HEAD "\nroot@host:~# uname\n\nLinux\n",
     "case:11: not understood: root@host:~# uname\ncase:13: not understood: Linux\n"},
};

START_TEST(what_is_not_understood_is_said_once_for_a_line)
{
    struct text_case text;
    char *remarks = NULL;

    text_begin(&text, NULL, strange[_i].text);
    ck_assert(text.read);
    remarks = sim_dump_take_remarks(&text.remarks, "case");
    ck_assert_ptr_nonnull(remarks);
    ck_assert_str_eq(remarks, strange[_i].remarks);
    free(remarks);
}
END_TEST

START_TEST(words_after_one_that_is_not_understood_count)
{
    struct text_case text;

    text_begin(&text, NULL, strange[1].text);
    assert_text(&text, 0x04, 1, 0x03, 0x03);
    text_end(&text);
}
END_TEST

START_TEST(a_slot_line_alone_is_no_verbose_text)
{
    struct text_case text;

    text_begin(&text, NULL, " 0600: 8086:29c0\n\nsome words\n");
    ck_assert(!text.read);
    text_end(&text);
}
END_TEST

START_TEST(endless_nonsense_ends)
{
    enum {
        LINES = 5000
    };
    char *words = malloc((size_t)LINES * 2 + sizeof TEXT_HEAD);
    char *end = NULL;
    struct text_case text;

    ck_assert_ptr_nonnull(words);
    end = stpcpy(words, TEXT_HEAD);
    for (int i = 0; i < LINES; i++) {
        end = stpcpy(end, "?\n");
    }
    text_begin(&text, NULL, words);
    ck_assert(text.read);
    ck_assert_uint_eq(text.remarks.count, 1002); /* and that the rest is left out */
    text_end(&text);
    free(words);
}
END_TEST

#define FUNCTION(slot) slot TEXT_HEAD

START_TEST(a_dump_can_have_functions_with_rows_and_without)
{
    struct sim_dump dump =
        good_dump("00:00.0 x\n" HEADER
                  "\n" FUNCTION("00:01.0") "\tRegion 1: Memory at fe000000 (32-bit, prefetchable) "
                                           "[size=16K]\n");

    ck_assert_uint_eq(dump.count, 2);
    ck_assert(sim_dump_knows(&dump.functions[0], 0x3F));
    ck_assert_uint_eq(dump.functions[1].bytes[0x17], 0xFE);
    ck_assert_uint_eq(dump.functions[1].bars[1].size, 0x4000);
    ck_assert_uint_eq(dump.functions[1].known_size, 64);
    assert_remarks(&dump,
                   "7: no hexadecimal rows for 0000:00:01.0: made of its verbose text, as all "
                   "others without rows; what that does not say reads as 0\n");
    sim_dump_free(&dump);
}
END_TEST

/* [RFC 2045] 6.7 */
START_TEST(a_mail_as_it_is_stored_has_the_lines_that_were_written)
{
    struct sim_dump dump = good_dump(
        "Content-Transfer-Encoding: quoted-printable\n\n> 00:01.0" TEXT_HEAD
        "> \tRegion 1: Memory at fe000000 (32-bit, pre=\nfetchable) [size=3D16=\r\nK]\n"
        "> \tCapabilities: [40]=C2=A0MSI: Enable+ Count=3D1/4 Maskable-=20\n> 64bit+\n> \tNews\n");

    ck_assert_uint_eq(dump.count, 1);
    ck_assert_uint_eq(dump.functions[0].bytes[0x14], 0x08);
    ck_assert_uint_eq(dump.functions[0].bars[1].size, 0x4000);
    ck_assert_uint_eq(dump.functions[0].bytes[0x42], 0x85);
    assert_remarks(&dump,
                   "11: not understood: News\n3: no hexadecimal rows for 0000:00:01.0: made of its "
                   "verbose text, as all others without rows; what that does not say reads as 0\n");
    sim_dump_free(&dump);
}
END_TEST

START_TEST(a_function_has_as_many_rows_as_the_text_tells_about)
{
    struct sim_dump dump =
        good_dump(FUNCTION("00:01.0") "\tCapabilities: <access denied>\n" FUNCTION(
            "00:02.0") "\tCapabilities: [50] Null\n" FUNCTION("00:03.0") "\tCapabilities: [50] "
                                                                         "Express Endpoint, MSI "
                                                                         "00\n\tCapabilities: "
                                                                         "[100] Advanced Error "
                                                                         "Reporting\n");

    ck_assert_uint_eq(dump.functions[0].known_size, 64);
    ck_assert_uint_eq(dump.functions[1].known_size, 256);
    ck_assert_uint_eq(dump.functions[2].known_size, 4096);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(a_device_with_several_functions_is_likely_to_say_so)
{
    struct sim_dump dump =
        good_dump(FUNCTION("00:01.0") FUNCTION("00:02.0") FUNCTION("00:02.3") FUNCTION("00:03.0"));

    ck_assert_uint_eq(dump.functions[0].bytes[0x0E], 0x00);
    ck_assert_uint_eq(dump.functions[1].bytes[0x0E], 0x80);
    ck_assert_uint_eq(dump.functions[1].known[0x0E], 0x7F);
    ck_assert_uint_eq(dump.functions[2].bytes[0x0E], 0x80);
    ck_assert_uint_eq(dump.functions[3].bytes[0x0E], 0x00);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(virtual_functions_have_no_ids)
{
    /* first at 01:00.0 + 2, every second, two of them: 01:00.2 and 01:00.4 */
    struct sim_dump dump = good_dump(
        FUNCTION("01:00.0") "\tCapabilities: [100 v1] Single Root I/O Virtualization "
                            "(SR-IOV)\n\t\tIOVCtl:\tEnable+\n\t\tNumber of VFs: 2\n\t\tVF "
                            "offset: 2, stride: 2, Device ID: 1234\n" FUNCTION("01:00.1")
                                FUNCTION("01:00.2") FUNCTION("01:00.4") FUNCTION("01:00.6"));
    static const uint8_t ids[] = {0x86, 0x86, 0xFF, 0xFF, 0x86};

    for (unsigned int i = 0; i < 5; i++) {
        ck_assert_uint_eq(dump.functions[i].bytes[0], ids[i]);
    }
    sim_dump_free(&dump);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("text_parser");
    TCase *text = tcase_create("text");

    tcase_add_loop_test(text, a_line_of_text_says_what_registers_hold_and_which_bits_are_certain, 0,
                        (int)(sizeof registers / sizeof *registers));
    tcase_add_loop_test(text, what_is_not_understood_is_said_once_for_a_line, 0,
                        (int)(sizeof strange / sizeof *strange));
    tcase_add_test(text, words_after_one_that_is_not_understood_count);
    tcase_add_test(text, a_slot_line_alone_is_no_verbose_text);
    tcase_add_test(text, endless_nonsense_ends);
    tcase_add_test(text, a_dump_can_have_functions_with_rows_and_without);
    tcase_add_test(text, a_mail_as_it_is_stored_has_the_lines_that_were_written);
    tcase_add_test(text, a_function_has_as_many_rows_as_the_text_tells_about);
    tcase_add_test(text, a_device_with_several_functions_is_likely_to_say_so);
    tcase_add_test(text, virtual_functions_have_no_ids);
    suite_add_tcase(suite, text);
    return suite;
}
