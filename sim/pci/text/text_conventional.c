/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of the first capability list.
 *
 * Spec: [PCI 3.0] 6.7, appendices D, H, I; [PCI PM 1.2] 3.2; [AGP 3.0] 6.1; [PCI-X 2.0] 7.2, 8.6;
 * [SATA RevID] 1.0; [EA ECN].
 */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

static const char *const power_flags[] = {
    "PMEClk{+@2.3}",
    "DSI{+@2.5}",
    "D1{+@2.9}",
    "D2{+@2.10}",
    "AuxCurrent={e:aux_current@2.8:6}",
    "PME(D0{+@2.11},D1{+@2.12},D2{+@2.13},D3hot{+@2.14},D3cold{+@2.15})",
    NULL};
static const char *const power_status[] = {"D{d@4.1:0}",
                                           "NoSoftRst{+@4.3}",
                                           "PME-Enable{+@4.8}",
                                           "DSel={d@4.12:9}",
                                           "DScale={d@4.14:13}",
                                           "PME{+@4.15}",
                                           NULL};
/* Versions before 3.2 print the first whatever the register holds. */
static const char *const power_bridge[] = {"PM- B3+", "PM{+@6.7}", "B3{%@6.6}", NULL};
static const struct sim_text_node power_nodes[] = {{.start = "Flags:", .items = power_flags},
                                                   {.start = "Status:", .items = power_status},
                                                   {.start = "Bridge:", .items = power_bridge},
                                                   {.start = NULL}};

static const char *const agp_status[] = {"RQ={d+1@4.31:24}",
                                         "Iso{+@4.16}",
                                         "ArqSz={d@4.15:13}",
                                         "Cal={d@4.12:10}",
                                         "SBA{+@4.9}",
                                         "ITACoh{+@4.8}",
                                         "GART64{+@4.7}",
                                         "HTrans{%@4.6}",
                                         "64bit{+@4.5}",
                                         "FW{+@4.4}",
                                         "AGP3{+@4.3}",
                                         "{?@4.3}{?@2.5}Rate={e:agp3_rate@4.2:0}",
                                         "Rate={e:agp_rate@4.2:0}",
                                         NULL};
static const char *const agp_command[] = {"RQ={d+1@8.31:24}",
                                          "ArqSz={d@8.15:13}",
                                          "Cal={d@8.12:10}",
                                          "SBA{+@8.9}",
                                          "AGP{+@8.8}",
                                          "GART64{+@8.7}",
                                          "64bit{+@8.5}",
                                          "FW{+@8.4}",
                                          "{?@4.3}{?@2.5}Rate={e:agp3_rate@8.2:0}",
                                          "Rate={e:agp_rate@8.2:0}",
                                          NULL};
static const struct sim_text_node agp_nodes[] = {{.start = "Status:", .items = agp_status},
                                                 {.start = "Command:", .items = agp_command},
                                                 {.start = NULL}};

/* Vital product data is behind two registers, not in them. */
static const char *const vpd_items[] = {"Product Name:{*}",
                                        "Not readable",
                                        "Read-only fields:",
                                        "Read/write fields:",
                                        "End",
                                        "No end tag found",
                                        "<unreadable>",
                                        "Unknown small resource type{*}",
                                        "Unknown large resource type{*}",
                                        "[{w} {*}",
                                        NULL};

static const char *const msi_items[] = {"{?@2.7}Address: {x@4.63:0}",
                                        "{!@2.7}Address: {x@4.31:0}",
                                        "{?@2.7}Data: {x@c.15:0}",
                                        "{!@2.7}Data: {x@8.15:0}",
                                        "{?@2.7}Masking: {x@10.31:0} Pending: {x@14.31:0}",
                                        "{!@2.7}Masking: {x@c.31:0} Pending: {x@10.31:0}",
                                        NULL};

static const char *const msix_items[] = {"Vector table: BAR={d@4.2:0} offset={a@4.31:3}",
                                         "PBA: BAR={d@8.2:0} offset={a@8.31:3}", NULL};

static const char *const pcix_command[] = {"DPERE{+@2.0}", "ERO{+@2.1}", "RBC={p512@2.3:2}",
                                           "OST={e:outstanding@2.6:4}", NULL};
static const char *const pcix_status[] = {"Dev={x@4.15:8}:{x@4.7:3}.{d@4.2:0}",
                                          "64bit{+@4.16}",
                                          "133MHz{+@4.17}",
                                          "SCD{+@4.18}",
                                          "USC{+@4.19}",
                                          "DC={e:complexity@4.20}",
                                          "DMMRBC={p512@4.22:21}",
                                          "DMOST={e:outstanding@4.25:23}",
                                          "DMCRS={p8@4.28:26}",
                                          "RSCEM{+@4.29}",
                                          "266MHz{+@4.30}",
                                          "533MHz{+@4.31}",
                                          NULL};
static const struct sim_text_node pcix_nodes[] = {{.start = "Command:", .items = pcix_command},
                                                  {.start = "Status:", .items = pcix_status},
                                                  {.start = NULL}};
static const char *const pcix_secondary[] = {"64bit{+@2.0}",
                                             "133MHz{+@2.1}",
                                             "SCD{+@2.2}",
                                             "USC{+@2.3}",
                                             "SCO{+@2.4}",
                                             "SRD{+@2.5}",
                                             "Freq={e:secondary_clock@2.8:6}",
                                             NULL};
static const char *const pcix_bridge[] = {"Dev={x@4.15:8}:{x@4.7:3}.{d@4.2:0}",
                                          "64bit{+@4.16}",
                                          "133MHz{+@4.17}",
                                          "SCD{+@4.18}",
                                          "USC{+@4.19}",
                                          "SCO{+@4.20}",
                                          "SRD{+@4.21}",
                                          NULL};
static const char *const pcix_bridge_items[] = {
    "Upstream: Capacity={d@8.15:0} CommitmentLimit={d@8.31:16}",
    "Downstream: Capacity={d@c.15:0} CommitmentLimit={d@c.31:16}", NULL};
static const struct sim_text_node pcix_bridge_nodes[] = {
    {.start = "Secondary Status:", .items = pcix_secondary},
    {.start = "Status:", .items = pcix_bridge},
    {.start = NULL}};

static const char *const virtio_items[] = {"BAR={d@4.7:0} offset={$} size={$} id={d@5.7:0}",
                                           "BAR={d@4.7:0} offset={x@8.31:0} size={x@c.31:0}",
                                           "multiplier={x@10.31:0}{=14@2.7:0}{u@2.7:0}", NULL};

static const char *const advanced_items[] = {"AFCap: TP{+@3.0} FLR{+@3.1}", "AFCtrl: FLR{+@4.0}",
                                             "AFStatus: TP{+@5.0}", NULL};

static const char *const allocation_items[] = {"secondary={d@4.7:0}",
                                               "subordinate={d@5.7:0}",
                                               "Entry {#}:{*}",
                                               "BAR Equivalent Indicator:{*}",
                                               "PrimaryProperties:{*}",
                                               "SecondaryProperties:{*}",
                                               "Base: {$}",
                                               "MaxOffset: {$}",
                                               NULL};

const struct sim_text_node sim_text_capabilities[] = {
    {.start = "Null", .id = 0x00},
    {.start = "Power Management version {d@2.2:0}", .nodes = power_nodes, .id = 0x01},
    {.start = "AGP version {d@2.7:4}.{x@2.3:0}", .nodes = agp_nodes, .id = 0x02},
    {.start = "Vital Product Data <?>", .id = 0x03},
    {.start = "Vital Product Data", .items = vpd_items, .id = 0x03},
    {.start = "Slot ID: {d@2.4:0} slots, First{+@2.5}, chassis {x@3.7:0}", .id = 0x04},
    {.start = "MSI: Enable{+@2.0} Count={p1@2.6:4}/{p1@2.3:1} Maskable{+@2.8} 64bit{+@2.7}",
     .items = msi_items,
     .id = 0x05},
    {.start = "MSI: Mask{+@2.8} 64bit{+@2.7} Count={p1@2.6:4}/{p1@2.3:1} Enable{+@2.0}",
     .items = msi_items,
     .id = 0x05},
    {.start = "Message Signalled Interrupts: Mask{+@2.8} 64bit{+@2.7} "
              "Queue={d@2.6:4}/{d@2.3:1} Enable{+@2.0}",
     .items = msi_items,
     .id = 0x05},
    {.start = "Message Signalled Interrupts: Mask{+@2.8} 64bit{+@2.7} "
              "Count={p1@2.6:4}/{p1@2.3:1} Enable{+@2.0}",
     .items = msi_items,
     .id = 0x05},
    {.start = "Message Signalled Interrupts: 64bit{+@2.7} Queue={d@2.6:4}/{d@2.3:1} "
              "Enable{+@2.0}",
     .items = msi_items,
     .id = 0x05},
    {.start = "CompactPCI hot-swap <?>", .id = 0x06},
    {.start = "PCI-X non-bridge device", .nodes = pcix_nodes, .id = 0x07},
    {.start = "PCI-X bridge device",
     .items = pcix_bridge_items,
     .nodes = pcix_bridge_nodes,
     .id = 0x07},
    {.start = "HyperTransport: Slave or Primary Interface{=0@2.15:13}",
     .nodes = sim_text_primary_nodes,
     .id = 0x08},
    {.start = "HyperTransport: Host or Secondary Interface{=1@2.15:13}",
     .nodes = sim_text_secondary_nodes,
     .id = 0x08},
    {.start = "HyperTransport: Switch{=8@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: Interrupt Discovery and Configuration{=10@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: Revision ID: {d@2.7:5}.{d@2.4:0}{=11@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: UnitID Clumping{=12@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: Extended Configuration Space Access{=13@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: Address Mapping{=14@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: MSI Mapping Enable{+@2.0} Fixed{+@2.1}{=15@2.15:11}",
     .items = sim_text_mapping_items,
     .id = 0x08},
    {.start = "HyperTransport: MSI Mapping{=15@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: DirectRoute{=16@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: VCSet{=17@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: Retry Mode{=18@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: X86 (reserved){=19@2.15:11}", .id = 0x08},
    {.start = "HyperTransport: #{x@2.15:11}", .id = 0x08},
    {.start = "Vendor Specific Information: VirtIO: <unknown>", .items = virtio_items, .id = 0x09},
    {.start = "Vendor Specific Information: VirtIO: {e:virtio@3.7:0}{=10@2.7:0}{u@2.7:0}",
     .items = virtio_items,
     .id = 0x09},
    {.start = "VirtIO: {e:virtio@3.7:0}{=10@2.7:0}{u@2.7:0}", .items = virtio_items, .id = 0x09},
    {.start = "Vendor Specific Information: Intel Capabilities v{d@3.3:0}{=0@3.7:4}",
     .nodes = sim_text_intel_nodes,
     .id = 0x09},
    {.start = "Vendor Specific Information: Intel Feature Detection{=1@3.7:4}", .id = 0x09},
    {.start = "Vendor Specific Information: Intel <unknown>", .id = 0x09},
    {.start = "Vendor Specific Information: Len={x@2.7:0} <?>", .id = 0x09},
    {.start = "Vendor Specific Information{*}", .id = 0x09},
    {.start = "Debug port: BAR={d@2.15:13} offset={x@2.12:0}", .id = 0x0a},
    {.start = "Debug port", .id = 0x0a},
    {.start = "CompactPCI central resource control <?>", .id = 0x0b},
    {.start = "Hot-plug capable", .id = 0x0c},
    {.start = "Subsystem:", .id = 0x0d, .read = sim_text_read_subsystem_capability},
    {.start = "AGP3 <?>", .id = 0x0e},
    {.start = "Secure device <?>", .id = 0x0f},
    {.start = "Express (v{d@2.3:0}) {e:port_type@2.7:4}",
     .nodes = sim_text_express_nodes,
     .items = sim_text_express_items,
     .id = 0x10},
    {.start = "Express {e:port_type@2.7:4}",
     .nodes = sim_text_express_nodes,
     .items = sim_text_express_items,
     .id = 0x10},
    {.start = "Express (v{d@2.3:0}) Unknown type {d@2.7:4}",
     .nodes = sim_text_express_nodes,
     .items = sim_text_express_items,
     .id = 0x10},
    {.start = "MSI-X: Enable{+@2.15} Count={d+1@2.10:0} Masked{+@2.14}",
     .items = msix_items,
     .id = 0x11},
    {.start = "MSI-X: Enable{+@2.15} Mask{+@2.14} TabSize={d+1@2.10:0}",
     .items = msix_items,
     .id = 0x11},
    {.start = "SATA HBA v{d@2.7:4}.{d@2.3:0} BAR{e:sata_bar@4.3:0} Offset={x@4.23:4}", .id = 0x12},
    {.start = "SATA HBA v{d@2.7:4}.{d@2.3:0} InCfgSpace{=f@4.3:0}", .id = 0x12},
    {.start = "SATA HBA v{d@2.7:4}.{d@2.3:0} BAR??{d@4.3:0}", .id = 0x12},
    {.start = "SATA HBA v{d@2.7:4}.{d@2.3:0}", .id = 0x12},
    {.start = "SATA HBA <?>", .id = 0x12},
    {.start = "PCI Advanced Features", .items = advanced_items, .id = 0x13},
    {.start = "PCIe advanced features <?>", .id = 0x13},
    {.start = "Enhanced Allocation (EA): NumEntries={d@2.5:0}",
     .items = allocation_items,
     .id = 0x14},
    {.start = "Enhanced Allocation{*}", .id = 0x14},
    {.start = "Flattening Portal Bridge{*}", .id = 0x15},
    {.start = "Capability ID 0x{x@0.7:0} [{x@2.15:0}]", .id = SIM_TEXT_ID_PRINTED},
    {.start = "Capability ID 0 [{x@2.15:0}]", .id = 0},
    {.start = "#{x@0.7:0} [{x@2.15:0}]", .id = SIM_TEXT_ID_PRINTED},
    {.start = NULL}};
