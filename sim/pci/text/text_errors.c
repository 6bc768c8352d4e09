/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of Advanced Error Reporting, Downstream Port Containment and virtual
 * channels. Spec: [PCIe 6] 7.8.4, 7.9.14, 7.9.1, 7.9.8.
 */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

static const char *const uncorrectable[] = {"DLP{+@0.4}",
                                            "SDES{+@0.5}",
                                            "TLP{+@0.12}",
                                            "FCP{+@0.13}",
                                            "CmpltTO{+@0.14}",
                                            "CmpltAbrt{+@0.15}",
                                            "UnxCmplt{+@0.16}",
                                            "RxOF{+@0.17}",
                                            "MalfTLP{+@0.18}",
                                            "ECRC{+@0.19}",
                                            "UnsupReq{+@0.20}",
                                            "ACSViol{+@0.21}",
                                            "UncorrIntErr{+@0.22}",
                                            "BlockedTLP{+@0.23}",
                                            "AtomicOpBlocked{+@0.24}",
                                            "TLPBlockedErr{+@0.25}",
                                            "PoisonTLPBlocked{+@0.26}",
                                            "DMWrReqBlocked{+@0.27}",
                                            "IDECheck{+@0.28}",
                                            "MisIDETLP{+@0.29}",
                                            "PCRC_CHECK{+@0.30}",
                                            "TLPXlatBlocked{+@0.31}",
                                            NULL};
static const char *const correctable[] = {"RxErr{+@0.0}",        "BadTLP{+@0.6}",
                                          "BadDLLP{+@0.7}",      "Rollover{+@0.8}",
                                          "Timeout{+@0.12}",     "AdvNonFatalErr{+@0.13}",
                                          "NonFatalErr{+@0.13}", "CorrIntErr{+@0.14}",
                                          "HeaderOF{+@0.15}",    NULL};
static const char *const error_capabilities[] = {"First Error Pointer: {x@0.4:0}",
                                                 "ECRCGenCap{+@0.5}",
                                                 "ECRCGenEn{+@0.6}",
                                                 "ECRCChkCap{+@0.7}",
                                                 "ECRCChkEn{+@0.8}",
                                                 "GenCap{+@0.5}",
                                                 "CGenEn{+@0.6}",
                                                 "ChkCap{+@0.7}",
                                                 "ChkEn{+@0.8}",
                                                 "MultHdrRecCap{+@0.9}",
                                                 "MultHdrRecEn{+@0.10}",
                                                 "TLPPfxPres{+@0.11}",
                                                 "HdrLogCap{+@0.12}",
                                                 NULL};
static const char *const root_status[] = {"CERcvd{+@0.0}",         "MultCERcvd{+@0.1}",
                                          "UERcvd{+@0.2}",         "MultUERcvd{+@0.3}",
                                          "FirstFatal{+@0.4}",     "NonFatalMsg{+@0.5}",
                                          "FatalMsg{+@0.6}",       "IntMsg {d@0.31:27}",
                                          "IntMsgNum {d@0.31:27}", NULL};

const struct sim_text_node sim_text_error_nodes[] = {
    {.start = "UESta:", .items = uncorrectable, .at = 0x04},
    {.start = "UEMsk:", .items = uncorrectable, .at = 0x08},
    {.start = "UESvrt:", .items = uncorrectable, .at = 0x0c},
    {.start = "CESta:", .items = correctable, .at = 0x10},
    {.start = "CEMsk:", .items = correctable, .at = 0x14},
    {.start = "AERCap:", .items = error_capabilities, .at = 0x18},
    {.start = "HeaderLog: {x@1c.31:0} {x@20.31:0} {x@24.31:0} {x@28.31:0}"},
    {.start = "RootCmd: CERptEn{+@2c.0} NFERptEn{+@2c.1} FERptEn{+@2c.2}"},
    {.start = "RootSta:", .items = root_status, .at = 0x30},
    {.start = "ErrorSrc: ERR_COR: {x@34.15:0} ERR_FATAL/NONFATAL: {x@36.15:0}"},
    {.start = NULL}};

static const char *const containment_capabilities[] = {
    "INT Msg #{d@0.4:0}", "IntMsgNum {d@0.4:0}",   "RPExt{+@0.5}",         "PoisonedTLP{+@0.6}",
    "SwTrigger{+@0.7}",   "RP PIO Log {d@0.11:8}", "DL_ActiveErr{+@0.12}", NULL};
static const char *const containment_control[] = {
    "Trigger:{x@0.1:0}",  "Cmpl{+@0.2}",      "INT{+@0.3}",          "ErrCor{+@0.4}",
    "PoisonedTLP{+@0.5}", "SwTrigger{+@0.6}", "DL_ActiveErr{+@0.7}", NULL};
static const char *const containment_status[] = {
    "Trigger{+@0.0}",       "Reason:{x@0.2:1}",         "INT{+@0.3}", "RPBusy{+@0.4}",
    "TriggerExt:{x@0.6:5}", "RP PIO ErrPtr:{x@0.12:8}", NULL};

const struct sim_text_node sim_text_containment_nodes[] = {
    {.start = "DpcCap:", .items = containment_capabilities, .at = 4},
    {.start = "DpcCtl:", .items = containment_control, .at = 6},
    {.start = "DpcSta:", .items = containment_status, .at = 8},
    {.start = "Source: {x@a.15:0}"},
    {.start = NULL}};

static const char *const resource_capabilities[] = {
    "PATOffset={x@0.31:24}", "MaxTimeSlots={d+1@0.22:16}", "RejSnoopTrans{+@0.15}", NULL};
static const char *const resource_arbitration[] = {
    "Fixed{+@0.0}",  "WRR32{+@0.1}",   "WRR64{+@0.2}",
    "WRR128{+@0.3}", "TWRR128{+@0.4}", "WRR256{+@0.5}",
    "??6{+@0.6}",    "??7{+@0.7}",     NULL};
static const char *const resource_control[] = {"Enable{+@4.31}", "ID={d@4.26:24}",
                                               "ArbSelect={e:port_select@4.19:17}",
                                               "TC/VC={x@4.7:0}", NULL};
static const struct sim_text_node resource_nodes[] = {
    {.start = "Caps:", .items = resource_capabilities},
    {.start = "Arb:", .items = resource_arbitration},
    {.start = "Ctrl:", .items = resource_control},
    {.start = "Status: NegoPending{+@a.1} InProgress{+@a.0}"},
    {.start = "Port Arbitration Table [{$}] <?>"},
    {.start = "Port Arbitration Table <?>"},
    {.start = "Port Arbitration Table"},
    {.start = "<unreadable>"},
    {.start = NULL}};
static const char *const channel_arbitration[] = {"Fixed{+@8.0}",  "WRR32{+@8.1}", "WRR64{+@8.2}",
                                                  "WRR128{+@8.3}", "??4{+@8.4}",   "??5{+@8.5}",
                                                  "??6{+@8.6}",    "??7{+@8.7}",   NULL};

const char *const sim_text_channel_items[] = {
    "Caps: LPEVC={d@4.6:4} RefClk={e:vc_clock@4.9:8} PATEntryBits={p1@4.11:10}",
    "Ctrl: ArbSelect={e:vc_select@c.3:1}",
    "Status: InProgress{+@e.0}",
    "VC Arbitration Table{*}",
    "Port Arbitration Table{*}",
    "<Unreadable>",
    "<unreadable>",
    NULL};
const struct sim_text_node sim_text_channel_nodes[] = {
    {.start = "Arb:", .items = channel_arbitration},
    {.start = "VC{i}:", .nodes = resource_nodes, .at = 0x10, .stride = 0xc, .count = {0x4, 2, 0}},
    {.start = NULL}};

static const char *const link_items[] = {"Desc: TargetPort={x@0.31:24}",
                                         "TargetComponent={x@0.23:16}",
                                         "AssocRCRB{+@0.2}",
                                         "LinkType={e:link_type@0.1}",
                                         "LinkValid{+@0.0}",
                                         "Addr: {$}:{$}.{#} CfgSpace={x@8.63:0}",
                                         "Addr: {x@8.63:0}",
                                         "<unreadable>",
                                         NULL};
const struct sim_text_node sim_text_link_nodes[] = {
    {.start = "Desc: PortNumber={x@4.31:24} ComponentID={x@4.23:16} EltType={e:element@4.3:0}"},
    {.start = "Desc: PortNumber={x@4.31:24} ComponentID={x@4.23:16} EltType={w}"},
    {.start = "Link{i}:",
     .items = link_items,
     .at = 0x10,
     .stride = 0x10,
     .count = {0x4, 15, 8},
     .first = 1},
    {.start = NULL}};
