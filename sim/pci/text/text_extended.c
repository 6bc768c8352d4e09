/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of the extended capability list: small capabilities, and the list itself.
 *
 * Some capabilities have no printed contents in some or all versions of lspci: `<?>`.
 * Spec: [PCIe 6] 7.7 to 7.9.
 */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

static const char *const services_items[] = {
    "SrcValid{+@0.0}",    "TransBlk{+@0.1}",   "ReqRedir{+@0.2}",    "CmpltRedir{+@0.3}",
    "UpstreamFwd{+@0.4}", "EgressCtrl{+@0.5}", "DirectTrans{+@0.6}", NULL};
static const struct sim_text_node services_nodes[] = {
    {.start = "ACSCap:", .items = services_items, .at = 4},
    {.start = "ACSCtl:", .items = services_items, .at = 6},
    {.start = NULL}};

static const char *const routing_items[] = {
    "ARICap: MFVC{+@4.0} ACS{+@4.1}, Next Function: {d@4.15:8}",
    "ARICtl: MFVC{+@6.0} ACS{+@6.1}, Function Group: {d@6.6:4}", NULL};

static const char *const hints_items[] = {
    "Interrupt vector mode supported{=1@4.1}",
    "Device specific mode supported{=1@4.2}",
    "Extended requester support{=1@4.8}",
    "No steering table available{=0@4.10:9}{z@4.1}{z@4.2}{z@4.8}",
    "Steering table in TPH capability structure{=1@4.10:9}{z@4.1}{z@4.2}{z@4.8}",
    "Steering table in MSI-X table{=2@4.10:9}{z@4.1}{z@4.2}{z@4.8}",
    "Reserved steering table location{=3@4.10:9}{z@4.1}{z@4.2}{z@4.8}",
    NULL};

static const char *const tolerance_items[] = {
    "Max snoop latency: {f:latency@4.12:0}ns", "Max no snoop latency: {f:latency@6.12:0}ns",
    "Max snoop latency: {#}ns", "Max no snoop latency: {#}ns", /* of a reserved scale */
    NULL};

static const char *const lane_items[] = {"{b0@8.15:0}", NULL};
static const struct sim_text_node secondary_nodes[] = {
    {.start = "LaneErrStat: LaneErr at lane:{=0@8.15:0}", .items = lane_items}, {.start = NULL}};
static const char *const secondary_items[] = {
    "LnkCtl3: LnkEquIntrruptEn{+@4.1}", "PerformEqu{+@4.0}", "LaneErrStat: 0{=0@8.15:0}", NULL};

#define EQUALIZATION                                                                  \
    "EquComplete{+@0.0}", "EquPhase1{+@0.1}", "EquPhase2{+@0.2}", "EquPhase3{+@0.3}", \
        "LinkEquRequest{+@0.4}"
static const char *const equalization_items[] = {EQUALIZATION, NULL};
static const char *const equalization64_items[] = {EQUALIZATION, "TxPrecodeOn{+@0.5}",
                                                   "TxPrecodeReq{+@0.6}",
                                                   "NoEqualizationNeededRecv{+@0.7}", NULL};
static const struct sim_text_node physical16_nodes[] = {
    {.start = "Phy16Sta:", .items = equalization_items, .at = 0xc}, {.start = NULL}};
static const struct sim_text_node physical64_nodes[] = {
    {.start = "Phy64Sta:", .items = equalization64_items, .at = 0xc}, {.start = NULL}};
static const char *const physical32_items[] = {
    "EqualizationBypass{+@4.0}", "NoEqualizationNeeded{+@4.1}", "ModTsMode0{+@4.8}",
    "ModTsMode1{+@4.9}",         "ModTsMode2{+@4.10}",          NULL};
static const char *const physical32_control[] = {
    "EqualizationBypassDis{+@8.0}", "NoEqualizationNeededDis{+@8.1}",
    "Modified TS Usage Mode: {e:usage_mode@8.10:8}", NULL};
static const char *const physical32_status[] = {
    EQUALIZATION,
    "Received Enhanced Link Behavior Control: {e:link_behavior@0.7:6}",
    "ModTsRecv{+@0.5}",
    "TxPrecodeOn{+@0.8}",
    "TxPrecodeReq{+@0.9}",
    "NoEqualizationNeededRecv{+@0.10}",
    NULL};
static const struct sim_text_node physical32_nodes[] = {
    {.start = "Phy32Cap:", .items = physical32_items},
    {.start = "Phy32Ctl:", .items = physical32_control},
    {.start = "Phy32Sta:", .items = physical32_status, .at = 0xc},
    {.start = NULL}};
static const char *const margining_items[] = {
    "PortCap: Uses Driver{+@4.0}", "PortSta: MargReady{+@6.0} MargSoftReady{+@6.1}", NULL};

static const char *const substates_items[] = {"PCI-PM_L1.2{+@0.0}",
                                              "PCI-PM_L1.1{+@0.1}",
                                              "ASPM_L1.2{+@0.2}",
                                              "ASPM_L1.1{+@0.3}",
                                              "L1_PM_Substates{+@0.4}",
                                              "PortCommonModeRestoreTime={d@0.15:8}us",
                                              "PortTPowerOnTime={f:power_on@0.23:16}us",
                                              "PortTPowerOnTime=<error>",
                                              "T_CommonMode={d@0.15:8}us",
                                              "LTR1.2_Threshold={f:threshold@0.31:16}ns",
                                              "LTR1.2_Threshold=<error>",
                                              "T_PwrOn={f:power_on@0.7:0}us",
                                              "T_PwrOn=<error>",
                                              NULL};
static const struct sim_text_node substates_nodes[] = {
    {.start = "L1SubCap:", .items = substates_items, .at = 4},
    {.start = "L1SubCtl1:", .items = substates_items, .at = 8},
    {.start = "L1SubCtl2:", .items = substates_items, .at = 0xc},
    {.start = NULL}};

static const char *const time_items[] = {
    "PTMCap: Requester:{+@4.0} Responder:{+@4.1} Root:{+@4.2}",
    "PTMCap: RequesterCap:{+@4.0} ResponderCap:{+@4.1} RootCap:{+@4.2}",
    "PTMCap: Requester{+@4.0} Responder{+@4.1} Root{+@4.2}",
    "PTMClockGranularity: Unimplemented{=0@4.15:8}",
    "PTMClockGranularity: Greater than 254ns{=ff@4.15:8}",
    "PTMClockGranularity: {d@4.15:8}ns",
    "PTMControl: Enabled:{+@8.0} RootSelected:{+@8.1}",
    "PTMControl: Enabled:{+@8.0} RootSelect:{+@8.1}",
    "PTMControl: Enabled{+@8.0} RootSelected{+@8.1}",
    "PTMEffectiveGranularity: Unknown{=0@8.15:8}",
    "PTMEffectiveGranularity: Greater than 254ns{=ff@8.15:8}",
    "PTMEffectiveGranularity: {d@8.15:8}ns",
    NULL};

/* Up to version 3.9 lspci prints the interrupt status for the error as well. */
static const char *const exchange_items[] = {
    "DOECap: IntSup{+@4.0}",
    "IntMsgNum {d@4.11:1}",
    "Interrupt Message Number {x@4.11:1}",
    "DOECtl: IntEn{+@8.1}",
    "DOESta: Busy{+@c.0} IntSta{+@c.1} Error{w} ObjectReady{+@c.31}",
    NULL};

static const char *const collector_items[] = {"RCiEPBitmap: {x@4.31:0} [none]",
                                              "RCiEPBitmap: [none]{=0@4.31:0}",
                                              "AssociatedBusNumbers: {x@8.15:8}-{x@8.23:16}",
                                              "[none]",
                                              "AssociatedBusNumbers: [none]{=ff@8.23:8}",
                                              NULL};

static const char *const bitmap_items[] = {"{b0@4.31:0}-{r0@4.31:0}", "{b0@4.31:0}", NULL};
/* Of a run up to device 31 lspci does not print the end: a device that is not named may be one. */
static const struct sim_text_node collector_nodes[] = {
    {.start = "RCiEPBitmap: RCiEP at Device(s):{=0@4.31:0}{u@4.31:0}", .items = bitmap_items},
    {.start = NULL}};

static const char *const device3_items[] = {"DMWr Request Routing{+@4.0}",
                                            "14-Bit Tag Completer{+@4.1}",
                                            "14-Bit Tag Requester{+@4.2}",
                                            "L0p{+@4.3}",
                                            "Port L0p Exit Latency: {e:l0p_exit@4.6:4}",
                                            "Retimer L0p Exit Latency: {e:l0p_exit@4.9:7}",
                                            "UIO Mem RdWr Completer{+@4.10}",
                                            "UIO Mem RdWr Requester{+@4.11}",
                                            NULL};
static const char *const device3_control[] = {"DMWr Requester{+@8.0}",
                                              "DMWr Egress Blocking{+@8.1}",
                                              "14-Bit Tag Requester{+@8.2}",
                                              "L0p{+@8.3}",
                                              "Target Link Width: {e:width@8.6:4}",
                                              "UIO Mem RdWr Requester{+@8.7}",
                                              "UIO Request 256B Boundary{%@8.8}",
                                              NULL};
static const char *const device3_status[] = {"Initial Link Width: {e:width@c.2:0}",
                                             "Segment Captured{+@c.3}", "Remote L0p{+@c.4}", NULL};
static const struct sim_text_node device3_nodes[] = {
    {.start = "DevCap3:", .items = device3_items},
    {.start = "DevCtl3:", .items = device3_control},
    {.start = "DevSta3:", .items = device3_status},
    {.start = NULL}};

const struct sim_text_node sim_text_extended[] = {
    {.start = "Null", .id = 0x00},
    {.start = "Advanced Error Reporting", .nodes = sim_text_error_nodes, .id = 0x01},
    /* either of two: 0002h and 0009h */
    {.start = "Virtual Channel <?>", .id = 0x02, .doubt = 0x0b},
    {.start = "Virtual Channel",
     .items = sim_text_channel_items,
     .nodes = sim_text_channel_nodes,
     .id = 0x02,
     .doubt = 0x0b},
    {.start = "Device Serial Number", .id = 0x03, .read = sim_text_read_serial_number},
    {.start = "Power Budgeting <?>", .id = 0x04},
    {.start = "Root Complex Link <?>", .id = 0x05},
    {.start = "Root Complex Link", .nodes = sim_text_link_nodes, .id = 0x05},
    {.start = "Root Complex Internal Link <?>", .id = 0x06},
    {.start = "Root Complex Event Collector Endpoint Association",
     .items = collector_items,
     .nodes = collector_nodes,
     .id = 0x07},
    {.start = "Root Complex Event Collector <?>", .id = 0x07},
    {.start = "Multi-Function Virtual Channel <?>", .id = 0x08},
    {.start = "Root Bridge Control Block <?>", .id = 0x0a},
    {.start = "Root Complex Register Block <?>", .id = 0x0a},
    {.start = "Root Complex MFVC <?>", .id = 0x08},
    {.start = "Vendor Specific Information: ID={x@4.15:0} Rev={d@4.19:16} Len={x@4.31:20} <?>",
     .id = 0x0b},
    {.start = "Vendor Specific Information: ID={x@4.15:0} Rev={d@4.19:16} Len={x@4.31:20}",
     .id = 0x0b},
    {.start = "Vendor Specific Information{*}", .id = 0x0b},
    {.start = "Access Control Services", .nodes = services_nodes, .id = 0x0d},
    {.start = "Alternative Routing-ID Interpretation (ARI)", .items = routing_items, .id = 0x0e},
    {.start = "Address Translation Service (ATS)", .items = sim_text_virtual_items, .id = 0x0f},
    {.start = "Single Root I/O Virtualization (SR-IOV)",
     .items = sim_text_sharing_items,
     .nodes = sim_text_sharing_nodes,
     .id = 0x10},
    {.start = "Multi-Root I/O Virtualization <?>", .id = 0x11},
    {.start = "Multicast", .nodes = sim_text_multicast_nodes, .id = 0x12},
    {.start = "Page Request Interface (PRI)", .items = sim_text_request_items, .id = 0x13},
    {.start = "Physical Resizable BAR", .nodes = sim_text_resizable_nodes, .id = 0x15},
    {.start = "Resizable BAR <?>", .id = 0x15},
    {.start = "Dynamic Power Allocation <?>", .id = 0x16},
    {.start = "Transaction Processing Hints", .items = hints_items, .id = 0x17},
    {.start = "Latency Tolerance Reporting", .items = tolerance_items, .id = 0x18},
    {.start = "Secondary PCI Express <?>", .id = 0x19},
    {.start = "Secondary PCI Express",
     .items = secondary_items,
     .nodes = secondary_nodes,
     .id = 0x19},
    {.start = "Protocol Multiplexing <?>", .id = 0x1a},
    {.start = "Process Address Space ID (PASID)", .nodes = sim_text_process_nodes, .id = 0x1b},
    {.start = "LN Requester <?>", .id = 0x1c},
    {.start = "Downstream Port Containment", .nodes = sim_text_containment_nodes, .id = 0x1d},
    {.start = "L1 PM Substates", .nodes = substates_nodes, .id = 0x1e},
    {.start = "Precision Time Measurement", .items = time_items, .id = 0x1f},
    {.start = "PCI Express over M_PHY <?>", .id = 0x20},
    {.start = "FRS Queueing <?>", .id = 0x21},
    {.start = "Readiness Time Reporting <?>", .id = 0x22},
    {.start = "Designated Vendor-Specific: Vendor={x@4.15:0} ID={x@8.15:0} Rev={d@4.19:16} "
              "Len={d@4.31:20}: CXL",
     .items = sim_text_cxl_items,
     .nodes = sim_text_cxl_nodes,
     .id = 0x23},
    {.start = "Designated Vendor-Specific: Vendor={x@4.15:0} ID={x@8.15:0} Rev={d@4.19:16} "
              "Len={d@4.31:20} <?>",
     .id = 0x23},
    {.start = "Designated Vendor-Specific{*}", .id = 0x23},
    {.start = "Virtual Resizable BAR", .nodes = sim_text_resizable_nodes, .id = 0x24},
    {.start = "VF Resizable BAR <?>", .id = 0x24},
    {.start = "Data Link Feature <?>", .id = 0x25},
    {.start = "Physical Layer 16.0 GT/s <?>", .id = 0x26},
    {.start = "Physical Layer 16.0 GT/s", .nodes = physical16_nodes, .id = 0x26},
    {.start = "Lane Margining at the Receiver <?>", .id = 0x27},
    {.start = "Lane Margining at the Receiver", .items = margining_items, .id = 0x27},
    {.start = "Hierarchy ID <?>", .id = 0x28},
    {.start = "Native PCIe Enclosure Management <?>", .id = 0x29},
    {.start = "Physical Layer 32.0 GT/s <?>", .id = 0x2a},
    {.start = "Physical Layer 32.0 GT/s", .nodes = physical32_nodes, .id = 0x2a},
    {.start = "Alternate Protocol <?>", .id = 0x2b},
    {.start = "System Firmware Intermediary <?>", .id = 0x2c},
    {.start = "Shadow Functions <?>", .id = 0x2d},
    {.start = "Data Object Exchange", .items = exchange_items, .id = 0x2e},
    {.start = "Device 3 <?>", .id = 0x2f},
    {.start = "Device 3", .nodes = device3_nodes, .id = 0x2f},
    {.start = "Integrity & Data Encryption", .items = sim_text_encryption_items, .id = 0x30},
    {.start = "Physical Layer 64.0 GT/s <?>", .id = 0x31},
    {.start = "Physical Layer 64.0 GT/s", .nodes = physical64_nodes, .id = 0x31},
    {.start = "Extended Capability ID 0x{x@0.15:0}", .id = SIM_TEXT_ID_PRINTED},
    {.start = "Extended Capability ID 0", .id = 0},
    {.start = "#{x@0.15:0}", .id = SIM_TEXT_ID_PRINTED},
    {.start = NULL}};
