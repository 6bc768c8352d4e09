/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of capabilities for virtualization, of resizable BARs, multicast, and
 * what others have defined. Spec: [PCIe 6] 7.8.6, 7.8.8, 7.9.11, 9.3.3, 10.5; [CXL 3.0] 8.1.
 */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

const char *const sim_text_virtual_items[] = {
    "ATSCap: Invalidate Queue Depth: {x@4.4:0}",
    "ATSCtl: Enable{+@6.15}, Smallest Translation Unit: {x@6.4:0}", NULL};

const char *const sim_text_request_items[] = {"PRICtl: Enable{+@4.0}",
                                              "Reset{+@4.1}",
                                              "PRISta: RF{+@6.0}",
                                              "UPRGI{+@6.1}",
                                              "Stopped{+@6.8}",
                                              "PASID{+@6.15}",
                                              "Page Request Capacity: {x@8.31:0}",
                                              "Page Request Allocation: {x@c.31:0}",
                                              NULL};

static const char *const process_items[] = {"Enable{+@0.0}", "Exec{+@0.1}", "Priv{+@0.2}",
                                            "Max PASID Width: {x@0.12:8}", NULL};
const struct sim_text_node sim_text_process_nodes[] = {
    {.start = "PASIDCap:", .items = process_items, .at = 4},
    {.start = "PASIDCtl:", .items = process_items, .at = 6},
    {.start = NULL}};

static const char *const sharing_capabilities[] = {"Migration{+@4.0}", "10BitTagReq{+@4.2}",
                                                   "Interrupt Message Number: {x@4.31:21}",
                                                   "IntMsgNum {d@4.31:21}", NULL};
static const char *const sharing_control[] = {"Enable{+@8.0}",
                                              "Migration{+@8.1}",
                                              "Interrupt{+@8.2}",
                                              "MSE{+@8.3}",
                                              "ARIHierarchy{+@8.4}",
                                              "10BitTagReq{+@8.5}",
                                              NULL};
static const char *const sharing_region[] = {
    "Memory at {8@4.31:0}{a@0.31:4} (64-bit, prefetchable){=6@0.3:1}",
    "Memory at {8@4.31:0}{a@0.31:4} (64-bit, non-prefetchable){=2@0.3:1}",
    "Memory at {a@0.31:4} (64-bit, prefetchable){=1@0.3}", /* of a reserved type */
    "Memory at {a@0.31:4} (64-bit, non-prefetchable){=0@0.3}",
    "Memory at {a@0.31:4} (32-bit, prefetchable){=4@0.3:1}",
    "Memory at {a@0.31:4} (32-bit, non-prefetchable){=0@0.3:1}",
    NULL};
const char *const sim_text_sharing_items[] = {"IOVSta: Migration{+@a.0}",
                                              "Initial VFs: {d@c.15:0}",
                                              "Total VFs: {d@e.15:0}",
                                              "Number of VFs: {d@10.15:0}",
                                              "Function Dependency Link: {x@12.7:0}",
                                              "VF offset: {d@14.15:0}",
                                              "stride: {d@16.15:0}",
                                              "Device ID: {x@1a.15:0}",
                                              "Supported Page Size: {x@1c.31:0}",
                                              "System Page Size: {x@20.31:0}",
                                              "VF Migration: offset: {a@3c.31:3}, BIR: {x@3c.2:0}",
                                              NULL};
const struct sim_text_node sim_text_sharing_nodes[] = {
    {.start = "IOVCap:", .items = sharing_capabilities},
    {.start = "IOVCtl:", .items = sharing_control},
    {.start = "Region {i}:", .items = sharing_region, .at = 0x24, .stride = 4},
    {.start = NULL}};

static const char *const multicast_items[] = {
    "MaxGroups {d+1@4.5:0}", "WindowSz {d@4.13:8} ({w} bytes)", "ECRCRegen{+@4.15}", NULL};
const struct sim_text_node sim_text_multicast_nodes[] = {
    {.start = "McastCap:", .items = multicast_items},
    {.start = "McastCtl: NumGroups {d+1@6.5:0}, Enable{+@6.15}"},
    {.start = "McastBAR: IndexPos {d@8.5:0}, BaseAddr {a@8.63:12}"},
    {.start = "McastReceiveVec: {x@10.63:0}"},
    {.start = "McastBlockAllVec: {x@18.63:0}"},
    {.start = "McastBlockUntransVec: {x@20.63:0}"},
    {.start = "McastOverlayBAR: OverlaySize {d@28.5:0} (disabled), BaseAddr {a@28.63:6}"},
    {.start = "McastOverlayBAR: OverlaySize {d@28.5:0} ({w} bytes), BaseAddr {a@28.63:6}"},
    {.start = NULL}};

/* Each size that is printed is a bit; the others are 0. */
static const char *const resizable_items[] = {"supported:",     "1MB{=1@0.4}",
                                              "2MB{=1@0.5}",    "4MB{=1@0.6}",
                                              "8MB{=1@0.7}",    "16MB{=1@0.8}",
                                              "32MB{=1@0.9}",   "64MB{=1@0.10}",
                                              "128MB{=1@0.11}", "256MB{=1@0.12}",
                                              "512MB{=1@0.13}", "1GB{=1@0.14}",
                                              "2GB{=1@0.15}",   "4GB{=1@0.16}",
                                              "8GB{=1@0.17}",   "16GB{=1@0.18}",
                                              "32GB{=1@0.19}",  "64GB{=1@0.20}",
                                              "128GB{=1@0.21}", "256GB{=1@0.22}",
                                              "512GB{=1@0.23}", "1TB{=1@0.24}",
                                              "2TB{=1@0.25}",   "4TB{=1@0.26}",
                                              "8TB{=1@0.27}",   "16TB{=1@0.28}",
                                              "32TB{=1@0.29}",  "64TB{=1@0.30}",
                                              "128TB{=1@0.31}", "256TB{=1@4.16}",
                                              "512TB{=1@4.17}", "1PB{=1@4.18}",
                                              "2PB{=1@4.19}",   "4PB{=1@4.20}",
                                              "8PB{=1@4.21}",   "16PB{=1@4.22}",
                                              "32PB{=1@4.23}",  "64PB{=1@4.24}",
                                              "128PB{=1@4.25}", "256PB{=1@4.26}",
                                              "512PB{=1@4.27}", "1EB{=1@4.28}",
                                              "2EB{=1@4.29}",   "4EB{=1@4.30}",
                                              "8EB{=1@4.31}",   NULL};
#define RESIZABLE "BAR {n}{d@4.2:0}: current size: "
#define NO_SIZES  "{=0@0.31:4}{=0@4.31:16}"
const struct sim_text_node sim_text_resizable_nodes[] = {
    {.start = RESIZABLE "{e:resizable@4.13:8}" NO_SIZES,
     .items = resizable_items,
     .at = 4,
     .stride = 8,
     .count = {0x8, 7, 5},
     .first = 1},
    {.start = RESIZABLE "<unknown>" NO_SIZES,
     .items = resizable_items,
     .at = 4,
     .stride = 8,
     .count = {0x8, 7, 5},
     .first = 1},
    {.start = "<error in resizable BAR: num_bars={d@8.7:5} is out of specification>"},
    {.start = "<unreadable>"},
    {.start = NULL}};

static const char *const cxl_capabilities[] = {
    "Cache{+@0.0}",     "IO{+@0.1}",          "Mem{+@0.2}",    "Mem HW Init{+@0.3}",
    "MemHWInit{+@0.3}", "HDMCount {d@0.5:4}", "Viral{+@0.14}", NULL};
static const char *const cxl_control[] = {"Cache{+@0.0}",
                                          "IO{+@0.1}",
                                          "Mem{+@0.2}",
                                          "Cache SF Cov {d@0.7:3}",
                                          "CacheSFCov {d@0.7:3}",
                                          "Cache SF Gran {d@0.10:8}",
                                          "CacheSFGran {d@0.10:8}",
                                          "Cache Clean{+@0.11}",
                                          "CacheClean{+@0.11}",
                                          "Viral{+@0.14}",
                                          NULL};
static const char *const flex_items[] = {"Cache{+@0.0}",
                                         "IO{+@0.1}",
                                         "Mem{+@0.2}",
                                         "SynHdrByp{+@0.3}",
                                         "DrftBuf{+@0.4}",
                                         "68BFlit{+@0.5}",
                                         "MltLogDev{+@0.6}",
                                         "RCD{+@0.7}",
                                         "Retimer1{+@0.8}",
                                         "Retimer2{+@0.9}",
                                         NULL};
static const char *const cxl_range[] = {"Valid{+@4.0}",
                                        "Active{+@4.1}",
                                        "Type={e:range_type@4.4:2}",
                                        "Class={e:range_class@4.7:5}",
                                        "interleave={e:interleave@4.12:8}",
                                        "timeout={e:range_timeout@4.15:13}",
                                        NULL};

/*
 * What has no register here is read and dropped: values that lspci computes from several fields, and
 * the status of a port, for which it tests other bits.
 */
const char *const sim_text_cxl_items[] = {
    "<?>",
    "PCIe DVSEC for{*}",
    "Non-CXL Function Map DVSEC{*}",
    "CXL Extensions DVSEC for Ports",
    "GPF DVSEC for{*}",
    "Register Locator DVSEC{*}",
    "MLD DVSEC{*}",
    "Unknown ID{*}",
    "Revision {#} not supported",
    "CXLSta: Viral{+@e.14}",
    "CXLCtl2:{*}",
    "CXLCap2:{*}",
    "CXLCap3:{*}",
    "FBCap2:{*}",
    "FBCtl2:{*}",
    "FBSta2:{*}",
    "FBModTS:{*}",
    "GPF Phase{*}",
    "Reserved time scale{*}",
    "NumLogDevs:{*}",
    "FuncMap{*}",
    "AlternateBus:{*}",
    "Cache Size{*}",
    "256BFlit{w}",
    "PBRFlit{w}",
    "<Wrong{*}",
    "CXLSta2: ResetComplete{+@12.1} ResetError{+@12.2} PMComplete{+@12.15}",
    "CXLPortSta: PMComplete{w}",
    "CXLPortCtl: UnmaskSBR{+@c.0}",
    "UnmaskLinkDisable{+@c.1}",
    "AltMem{+@c.2}",
    "AltBME{+@c.3}",
    "ViralEnable{+@c.14}",
    "Block{#}:{*}",
    NULL};
const struct sim_text_node sim_text_cxl_nodes[] = {
    {.start = "CXLCap:", .items = cxl_capabilities, .at = 0x0a},
    {.start = "CXLCtl:", .items = cxl_control, .at = 0x0c},
    {.start = "Range{i}: {$}-{$} [size=0x{$}]", .items = cxl_range, .at = 0x08, .stride = 0x10},
    {.start = "Range{i}: {$}-{$}", .items = cxl_range, .at = 0x08, .stride = 0x10},
    {.start = "FBCap:", .items = flex_items, .at = 0x0a},
    {.start = "FBCtl:", .items = flex_items, .at = 0x0c},
    {.start = "FBSta:", .items = flex_items, .at = 0x0e},
    {.start = NULL}};

const char *const sim_text_encryption_items[] = {
    "IDECap:{*}", "IDECtl:{*}", "[{w} {*}", "LinkIDE{*}", "SelectiveIDE{*}", "<unreadable>", NULL};
