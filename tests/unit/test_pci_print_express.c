/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci_print/pci_print_express.c and its parts.
 * The lines are those of lspci 3.9 for the same bytes.
 */
#include "drydock/pci_print.h"

#include "tests/unit/pci_print_case.h"

/* clang-format off */
static const struct print_case cases[] = {
    {
        /* an endpoint of version 2 with memory */
        .header_type = 0,
        .bar = 0xFE000004,
        .capability = {0x10, 0x00, 0x02, 0x04, 0xA2, 0x8F, 0x2C, 0x11, 0x37, 0x29, 0x15, 0x00, 0x43, 0x3C, 0x47, 0x02, 0x4B, 0x01, 0x42, 0x1C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x96, 0x0B, 0x7F, 0x00, 0x66, 0x34, 0x00, 0x00, 0x1E, 0x01, 0x80, 0x01, 0x23, 0x12, 0x63},
        .lines =
            "\tCapabilities: [40] Express (v2) Endpoint, MSI 02\n"
            "\t\tDevCap:\tMaxPayload 512 bytes, PhantFunc 0, Latency L0s <4us, L1 unlimited\n"
            "\t\t\tExtTag+ AttnBtn- AttnInd- PwrInd- RBE+ FLReset+ SlotPowerLimit 75W\n"
            "\t\tDevCtl:\tCorrErr+ NonFatalErr+ FatalErr+ UnsupReq-\n"
            "\t\t\tRlxdOrd+ ExtTag+ PhantFunc- AuxPwr- NoSnoop+ FLReset-\n"
            "\t\t\tMaxPayload 256 bytes, MaxReadReq 512 bytes\n"
            "\t\tDevSta:\tCorrErr+ NonFatalErr- FatalErr+ UnsupReq- AuxPwr+ TransPend-\n"
            "\t\tLnkCap:\tPort #2, Speed 8GT/s, Width x4, ASPM L0s L1, Exit Latency L0s <512ns, L1 <64us\n"
            "\t\t\tClockPM+ Surprise- LLActRep- BwNot- ASPMOptComp+\n"
            "\t\tLnkCtl:\tASPM L0s L1 Enabled; RCB 128 bytes, Disabled- CommClk+\n"
            "\t\t\tExtSynch- ClockPM+ AutWidDis- BWInt- AutBWInt-\n"
            "\t\tLnkSta:\tSpeed 5GT/s (downgraded), Width x4\n"
            "\t\t\tTrErr+ Train+ SlotClk+ DLActive- BWMgmt- ABWMgmt-\n"
            "\t\tDevCap2: Completion Timeout: Range BC, TimeoutDis+ NROPrPrP- LTR+\n"
            "\t\t\t 10BitTagComp+ 10BitTagReq+ OBFF Via message/WAKE#, ExtFmt+ EETLPPrefix+, MaxEETLPPrefixes 1\n"
            "\t\t\t EmergencyPowerReduction Not Supported, EmergencyPowerReductionInit-\n"
            "\t\t\t FRS- TPHComp- ExtTPHComp-\n"
            "\t\t\t AtomicOpsCap: 32bit+ 64bit+ 128bitCAS+\n"
            "\t\tDevCtl2: Completion Timeout: 65ms to 210ms, TimeoutDis- LTR+ 10BitTagReq+ OBFF Via message A,\n"
            "\t\t\t AtomicOpsCtl: ReqEn+\n"
            "\t\tLnkCap2: Supported Link Speeds: 2.5-16GT/s, Crosslink+ Retimer+ 2Retimers+ DRS-\n"
            "\t\tLnkCtl2: Target Link Speed: 8GT/s, EnterCompliance- SpeedDis+\n"
            "\t\t\t Transmit Margin: 200-400mV(full-swing)/100-200mV(half-swing), EnterModifiedCompliance- ComplianceSOS-\n"
            "\t\t\t Compliance Preset/De-emphasis: -3.5dB de-emphasis, 0dB preshoot\n"
            "\t\tLnkSta2: Current De-emphasis Level: -3.5dB, EqualizationComplete+ EqualizationPhase1-\n"
            "\t\t\t EqualizationPhase2- EqualizationPhase3- LinkEqualizationRequest+\n"
            "\t\t\t Retimer+ 2Retimers- CrosslinkRes: unsupported\n",
    },
    {
        /* a root port with everything */
        .header_type = 1,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0x42, 0x01, 0x01, 0x80, 0x00, 0x00, 0x27, 0x00, 0x10, 0x00, 0x44, 0x61, 0x3A, 0x0F, 0x68, 0x0C, 0x41, 0x70, 0x7B, 0x2D, 0x24, 0x01, 0xF5, 0x17, 0x68, 0x01, 0x1F, 0x00, 0x01, 0x00, 0x18, 0x0A, 0x03, 0x00, 0xF2, 0x1F, 0xA4, 0x00, 0xE9, 0x60, 0x00, 0x00, 0x1E, 0x00, 0x00, 0x80, 0x44, 0x00, 0x9E, 0xD2},
        .lines =
            "\tCapabilities: [40] Express (v2) Root Port (Slot+), MSI 00\n"
            "\t\tDevCap:\tMaxPayload 256 bytes, PhantFunc 0\n"
            "\t\t\tExtTag- RBE+\n"
            "\t\tDevCtl:\tCorrErr+ NonFatalErr+ FatalErr+ UnsupReq-\n"
            "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop-\n"
            "\t\t\tMaxPayload 256 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr+ TransPend-\n"
            "\t\tLnkCap:\tPort #15, Speed 16GT/s, Width x20, ASPM not supported\n"
            "\t\t\tClockPM- Surprise+ LLActRep+ BwNot+ ASPMOptComp-\n"
            "\t\tLnkCtl:\tASPM Disabled; RCB 128 bytes, Disabled- CommClk+\n"
            "\t\t\tExtSynch- ClockPM- AutWidDis- BWInt+ AutBWInt+\n"
            "\t\tLnkSta:\tSpeed 2.5GT/s, Width x4\n"
            "\t\t\tTrErr- Train- SlotClk+ DLActive+ BWMgmt+ ABWMgmt-\n"
            "\t\tSltCap:\tAttnBtn+ PwrCtrl+ MRL- AttnInd+ PwrInd+ HotPlug+ Surprise+\n"
            "\t\t\tSlot #36, PowerLimit 90W; Interlock- NoCompl+\n"
            "\t\tSltCtl:\tEnable: AttnBtn+ PwrFlt- MRL+ PresDet- CmdCplt+ HPIrq+ LinkChg+\n"
            "\t\t\tControl: AttnInd Off, PwrInd Off, Power+ Interlock-\n"
            "\t\tSltSta:\tStatus: AttnBtn- PowerFlt- MRL+ CmdCplt- PresDet+ Interlock-\n"
            "\t\t\tChanged: MRL- PresDet+ LinkState+\n"
            "\t\tRootCap: CRSVisible+\n"
            "\t\tRootCtl: ErrCorrectable+ ErrNon-Fatal+ ErrFatal+ PMEIntEna+ CRSVisible+\n"
            "\t\tRootSta: PME ReqID 0a18, PMEStatus+ PMEPending+\n"
            "\t\tDevCap2: Completion Timeout: Range B, TimeoutDis+ NROPrPrP+ LTR+\n"
            "\t\t\t 10BitTagComp- 10BitTagReq- OBFF Via message, ExtFmt- EETLPPrefix+, MaxEETLPPrefixes 2\n"
            "\t\t\t EmergencyPowerReduction Not Supported, EmergencyPowerReductionInit-\n"
            "\t\t\t FRS- LN System CLS Not Supported, TPHComp+ ExtTPHComp- ARIFwd+\n"
            "\t\t\t AtomicOpsCap: Routing+ 32bit+ 64bit+ 128bitCAS+\n"
            "\t\tDevCtl2: Completion Timeout: 260ms to 900ms, TimeoutDis- LTR- 10BitTagReq- OBFF Via WAKE#, ARIFwd+\n"
            "\t\t\t AtomicOpsCtl: ReqEn+ EgressBlck+\n"
            "\t\tLnkCap2: Supported Link Speeds: 2.5-16GT/s, Crosslink- Retimer- 2Retimers- DRS+\n"
            "\t\tLnkCtl2: Target Link Speed: 16GT/s, EnterCompliance- SpeedDis-\n"
            "\t\t\t Transmit Margin: Normal Operating Range, EnterModifiedCompliance- ComplianceSOS-\n"
            "\t\t\t Compliance Preset/De-emphasis: -6dB de-emphasis, 0dB preshoot\n"
            "\t\tLnkSta2: Current De-emphasis Level: -6dB, EqualizationComplete+ EqualizationPhase1+\n"
            "\t\t\t EqualizationPhase2+ EqualizationPhase3+ LinkEqualizationRequest-\n"
            "\t\t\t Retimer- 2Retimers+ CrosslinkRes: Downstream Port, DRS+\n"
            "\t\t\t DownstreamComp: Link Up - Present and DRS Received\n",
    },
    {
        /* a legacy endpoint of version 1 */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0x11, 0x00, 0xC0, 0x0F, 0x00, 0x05, 0x10, 0x58, 0x08, 0x00, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x11},
        .lines =
            "\tCapabilities: [40] Express (v1) Legacy Endpoint, MSI 00\n"
            "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0, Latency L0s unlimited, L1 unlimited\n"
            "\t\t\tExtTag- AttnBtn- AttnInd- PwrInd- RBE- FLReset-\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd+ ExtTag- PhantFunc- AuxPwr- NoSnoop+\n"
            "\t\t\tMaxPayload 128 bytes, MaxReadReq 4096 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq+ AuxPwr- TransPend-\n"
            "\t\tLnkCap:\tPort #0, Speed 2.5GT/s, Width x1, ASPM not supported\n"
            "\t\t\tClockPM- Surprise- LLActRep- BwNot- ASPMOptComp-\n"
            "\t\tLnkCtl:\tASPM Disabled; RCB 64 bytes, Disabled- CommClk-\n"
            "\t\t\tExtSynch- ClockPM- AutWidDis- BWInt- AutBWInt-\n"
            "\t\tLnkSta:\tSpeed 2.5GT/s, Width x1\n"
            "\t\t\tTrErr- Train- SlotClk- DLActive- BWMgmt- ABWMgmt-\n",
    },
    {
        /* a downstream port of a switch */
        .header_type = 1,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0x62, 0x01, 0x01, 0x80, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x83, 0x0C, 0x10, 0x00, 0x02, 0x00, 0x83, 0x20, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x60, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x0E, 0x00, 0x00, 0x00, 0x43},
        .lines =
            "\tCapabilities: [40] Express (v2) Downstream Port (Slot+), MSI 00\n"
            "\t\tDevCap:\tMaxPayload 256 bytes, PhantFunc 0\n"
            "\t\t\tExtTag- RBE+\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop-\n"
            "\t\t\tMaxPayload 256 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend-\n"
            "\t\tLnkCap:\tPort #0, Speed 8GT/s, Width x8, ASPM L0s L1, Exit Latency L0s <64ns, L1 <1us\n"
            "\t\t\tClockPM- Surprise- LLActRep+ BwNot- ASPMOptComp-\n"
            "\t\tLnkCtl:\tASPM L1 Enabled; Disabled- CommClk-\n"
            "\t\t\tExtSynch- ClockPM- AutWidDis- BWInt- AutBWInt-\n"
            "\t\tLnkSta:\tSpeed 8GT/s, Width x8\n"
            "\t\t\tTrErr- Train- SlotClk- DLActive+ BWMgmt- ABWMgmt-\n"
            "\t\tSltCap:\tAttnBtn- PwrCtrl- MRL- AttnInd- PwrInd- HotPlug- Surprise-\n"
            "\t\t\tSlot #1, PowerLimit 0W; Interlock- NoCompl-\n"
            "\t\tSltCtl:\tEnable: AttnBtn- PwrFlt- MRL- PresDet- CmdCplt- HPIrq- LinkChg-\n"
            "\t\t\tControl: AttnInd Unknown, PwrInd Unknown, Power- Interlock-\n"
            "\t\tSltSta:\tStatus: AttnBtn- PowerFlt- MRL- CmdCplt- PresDet- Interlock-\n"
            "\t\t\tChanged: MRL- PresDet- LinkState-\n"
            "\t\tDevCap2: Completion Timeout: Not Supported, TimeoutDis- NROPrPrP- LTR-\n"
            "\t\t\t 10BitTagComp- 10BitTagReq- OBFF Not Supported, ExtFmt- EETLPPrefix-\n"
            "\t\t\t EmergencyPowerReduction Not Supported, EmergencyPowerReductionInit-\n"
            "\t\t\t FRS- ARIFwd+\n"
            "\t\t\t AtomicOpsCap: Routing+\n"
            "\t\tDevCtl2: Completion Timeout: 50us to 50ms, TimeoutDis- LTR- 10BitTagReq- OBFF Disabled, ARIFwd+\n"
            "\t\t\t AtomicOpsCtl: EgressBlck-\n"
            "\t\tLnkCap2: Supported Link Speeds: 2.5-8GT/s, Crosslink- Retimer- 2Retimers- DRS-\n"
            "\t\tLnkCtl2: Target Link Speed: 8GT/s, EnterCompliance- SpeedDis-, Selectable De-emphasis: -3.5dB\n"
            "\t\t\t Transmit Margin: Normal Operating Range, EnterModifiedCompliance- ComplianceSOS-\n"
            "\t\t\t Compliance Preset/De-emphasis: -6dB de-emphasis, 0dB preshoot\n"
            "\t\tLnkSta2: Current De-emphasis Level: -6dB, EqualizationComplete- EqualizationPhase1-\n"
            "\t\t\t EqualizationPhase2- EqualizationPhase3- LinkEqualizationRequest-\n"
            "\t\t\t Retimer- 2Retimers- CrosslinkRes: unsupported\n",
    },
    {
        /* a bridge to PCI */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0x71, 0x00, 0xE0, 0x70, 0x00, 0x00, 0x10, 0x80, 0x01, 0x00, 0x12, 0xF4, 0x03, 0x04, 0x03, 0x00, 0x12, 0x10},
        .lines =
            "\tCapabilities: [40] Express (v1) PCI-Express to PCI/PCI-X Bridge, MSI 00\n"
            "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0\n"
            "\t\t\tExtTag+ AttnBtn+ AttnInd+ PwrInd+ RBE- SlotPowerLimit 0W\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd+ ExtTag- PhantFunc- AuxPwr- NoSnoop- BrConfRtry+\n"
            "\t\t\tMaxPayload 128 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr+ NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend-\n"
            "\t\tLnkCap:\tPort #4, Speed 5GT/s, Width x1, ASPM L0s, Exit Latency L0s unlimited\n"
            "\t\t\tClockPM- Surprise- LLActRep- BwNot- ASPMOptComp-\n"
            "\t\tLnkCtl:\tASPM L0s L1 Enabled; RCB 64 bytes, Disabled- CommClk-\n"
            "\t\t\tExtSynch- ClockPM- AutWidDis- BWInt- AutBWInt-\n"
            "\t\tLnkSta:\tSpeed 5GT/s, Width x1\n"
            "\t\t\tTrErr- Train- SlotClk+ DLActive- BWMgmt- ABWMgmt-\n",
    },
    {
        /* an integrated endpoint in the middle of a reset */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0x92, 0x00, 0x00, 0x80, 0x00, 0x10, 0x00, 0x80, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x5E},
        .lines =
            "\tCapabilities: [40] Express (v2) Root Complex Integrated Endpoint, MSI 00\n"
            "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0\n"
            "\t\t\tExtTag- RBE+ FLReset+\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop- FLReset+\n"
            "\t\t\tMaxPayload 128 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend+\n"
            "\t\tDevCap2: Completion Timeout: Not Supported, TimeoutDis+ NROPrPrP- LTR-\n"
            "\t\t\t 10BitTagComp- 10BitTagReq- OBFF Not Supported, ExtFmt- EETLPPrefix-\n"
            "\t\t\t EmergencyPowerReduction Not Supported, EmergencyPowerReductionInit-\n"
            "\t\t\t FRS-\n"
            "\t\tDevCtl2: Completion Timeout: 17s to 64s, TimeoutDis+ LTR- 10BitTagReq- OBFF Disabled,\n"
            "\t\t\t AtomicOpsCtl: ReqEn+\n",
    },
    {
        /* an event collector */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0xA2, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x80},
        .lines =
            "\tCapabilities: [40] Express (v2) Root Complex Event Collector, MSI 00\n"
            "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0\n"
            "\t\t\tExtTag- RBE+\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop-\n"
            "\t\t\tMaxPayload 128 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend-\n"
            "\t\tRootCap: CRSVisible-\n"
            "\t\tRootCtl: ErrCorrectable- ErrNon-Fatal- ErrFatal- PMEIntEna+ CRSVisible-\n"
            "\t\tRootSta: PME ReqID 0000, PMEStatus+ PMEPending-\n"
            "\t\tDevCap2: Completion Timeout: Not Supported, TimeoutDis- NROPrPrP- LTR-\n"
            "\t\t\t 10BitTagComp- 10BitTagReq- OBFF Not Supported, ExtFmt- EETLPPrefix-\n"
            "\t\t\t EmergencyPowerReduction Not Supported, EmergencyPowerReductionInit-\n"
            "\t\t\t FRS+\n"
            "\t\tDevCtl2: Completion Timeout: 50us to 50ms, TimeoutDis- LTR- 10BitTagReq- OBFF Disabled,\n",
    },
    {
        /* a type that is reserved */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x10, 0x00, 0xF1, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07},
        .lines =
            "\tCapabilities: [40] Express (v1) Unknown type 15, MSI 00\n"
            "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0\n"
            "\t\t\tExtTag- RBE+\n"
            "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-\n"
            "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop-\n"
            "\t\t\tMaxPayload 128 bytes, MaxReadReq 128 bytes\n"
            "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend-\n"
            "\t\tLnkCap:\tPort #0, Speed unknown, Width x0, ASPM not supported\n"
            "\t\t\tClockPM- Surprise- LLActRep- BwNot- ASPMOptComp-\n"
            "\t\tLnkCtl:\tASPM Disabled; Disabled- CommClk-\n"
            "\t\t\tExtSynch- ClockPM- AutWidDis- BWInt- AutBWInt-\n"
            "\t\tLnkSta:\tSpeed unknown, Width x0\n"
            "\t\t\tTrErr- Train- SlotClk- DLActive- BWMgmt- ABWMgmt-\n",
    },
};
/* clang-format on */

START_TEST(capabilities_are_printed_as_lspci_does)
{
    print_setup(&cases[_i]);
    ck_assert_int_eq(print_all(), DD_OK);
    ck_assert_str_eq(printed, cases[_i].lines);
}
END_TEST

static uint16_t size_of_bus(const struct dd_pci_access *access, uint8_t bus)
{
    (void)access;
    (void)bus;
    return 256;
}

/* The handle reaches 4096 bytes on other buses. */
START_TEST(on_a_bus_of_256_bytes_the_first_list_is_all)
{
    print_setup(&cases[0]);
    fake_put32(function, 0x100, 0x00010003);
    fake.access.size_of_bus = size_of_bus;
    ck_assert_int_eq(print_all(), DD_OK);
    ck_assert_str_eq(printed, cases[0].lines);
}
END_TEST

START_TEST(a_function_that_vanishes_is_said_to_be_gone)
{
    uint32_t reads;

    print_setup(&cases[_i]);
    ck_assert_int_eq(print_all(), DD_OK);
    reads = fake.access_count;
    for (uint32_t i = 0; i < reads; i++) {
        print_setup(&cases[_i]);
        fake.vanish_at = i;
        ck_assert_int_eq(print_all(), DD_ENODEV);
        ck_assert_ptr_eq(strstr(printed, "<unreadable>"), NULL);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_print_express");
    TCase *lines = tcase_create("lines");

    tcase_add_loop_test(lines, capabilities_are_printed_as_lspci_does, 0, COUNT(cases));
    tcase_add_test(lines, on_a_bus_of_256_bytes_the_first_list_is_all);
    tcase_add_loop_test(lines, a_function_that_vanishes_is_said_to_be_gone, 0, COUNT(cases));
    suite_add_tcase(suite, lines);
    return suite;
}
