/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of a function's header: everything before its first capability, and
 * what may follow the last one.
 *
 * What is not printed says something too: lspci leaves out a cache line size, a grant
 * time or a BIST register that is 0, so these are 0 until the text says otherwise. Spec: [PCI 3.0] 6.2; [PCI-PCI 1.2] 3.2.
 */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

static const char *const control_items[] = {
    "I/O{+@0.0}",     "Mem{+@0.1}",      "BusMaster{+@0.2}", "SpecCycle{+@0.3}",
    "MemWINV{+@0.4}", "VGASnoop{+@0.5}", "ParErr{+@0.6}",    "Stepping{+@0.7}",
    "SERR{+@0.8}",    "FastB2B{+@0.9}",  "DisINTx{+@0.10}",  NULL};

static const char *const status_items[] = {"INTx{+@0.3}",
                                           "Cap{+@0.4}",
                                           "66MHz{+@0.5}",
                                           "66Mhz{+@0.5}",
                                           "UDF{+@0.6}",
                                           "FastB2B{+@0.7}",
                                           "ParErr{+@0.8}",
                                           "DEVSEL={e:devsel@0.10:9}",
                                           ">TAbort{+@0.11}",
                                           "<TAbort{+@0.12}",
                                           "<MAbort{+@0.13}",
                                           ">SERR{+@0.14}",
                                           "<SERR{+@0.14}",
                                           "<PERR{+@0.15}",
                                           NULL};

static const char *const flags_items[] = {"bus master{=1@4.2}",
                                          "VGA palette snoop{=1@4.5}",
                                          "stepping{=1@4.7}",
                                          "fast Back2Back{=1@4.9}",
                                          "66MHz{=1@6.5}",
                                          "66Mhz{=1@6.5}",
                                          "user-definable features{=1@6.6}",
                                          "{e:devsel@6.10:9} devsel",
                                          "latency {d@d.7:0}",
                                          "IRQ {h@3c.7:0}",
                                          "NUMA node {#}",
                                          "IOMMU group {w}",
                                          NULL};

static const char *const latency_items[] = {"({d*250@3e.7:0}ns min, {d*250@3f.7:0}ns max)",
                                            "({d*250@3e.7:0}ns min)",
                                            "({d*250@3f.7:0}ns max)",
                                            "Cache Line Size: {d*4@c.7:0} bytes",
                                            "Cache Line Size: 0x{x@c.7:0} ({#} bytes)",
                                            "Cache Line Size {x@c.7:0}",
                                            "cache line size {x@c.7:0}",
                                            NULL};

static const char *const bridge_items[] = {
    "Parity{+@0.0}",     "SERR{+@0.1}",         "NoISA{+@0.2}",          "ISA{+@0.2}",
    "VGA{+@0.3}",        "VGA16{+@0.4}",        "MAbort{+@0.5}",         ">Reset{+@0.6}",
    "FastB2B{+@0.7}",    "16bInt{+@0.7}",       "PostWrite{+@0.10}",     "PriDiscTmr{+@0.8}",
    "SecDiscTmr{+@0.9}", "DiscTmrStat{+@0.10}", "DiscTmrSERREn{+@0.11}", NULL};

/* The prefetchable bits are in the bridge control register. */
static const char *const memory_window0_items[] = {"[disabled]", "(prefetchable){=1@22.8}", NULL};
static const char *const memory_window1_items[] = {"[disabled]", "(prefetchable){=1@1a.9}", NULL};
static const char *const io_window_items[] = {"[disabled]", NULL};

/* What is not in configuration space. */
#define ELSEWHERE                                                                   \
    "DeviceName:{*}", "Physical Slot:{*}", "Device tree node:{*}", "NUMA node:{*}", \
        "IOMMU group:{*}", "Kernel driver in use:{*}", "Kernel modules:{*}"

static const char *const header_items[] = {
    ELSEWHERE,
    "Interrupt: pin {e:pins@3d.7:0} routed to IRQ {h@3c.7:0}",
    "BIST is running{=3@f.7:6}",
    "BIST result: {x@f.3:0}{=2@f.7:6}",
    "!!! Unknown header type {x@e.6:0}",
    "!!! Invalid class {$} for header type {x@e.6:0}",
    "!!! Header type {x@e.6:0} doesn't match class code {$}",
    "!!! Unknown I/O range types {x@1c.7:0}/{x@1d.7:0}",
    "!!! Unknown memory range types {x@20.15:0}/{x@22.15:0}",
    "!!! Unknown prefetchable memory range types {x@24.15:0}/{x@26.15:0}",
    "16-bit legacy interface ports at {x@44.15:0}",
    "Secondary status: SERR{=1@16.14}",
    NULL};

static const struct sim_text_node header_nodes[] = {
    {.start = "Control:{=0@b.7}", .items = control_items, .at = 4},
    {.start = "Status:", .items = status_items, .at = 6},
    {.start = "Flags:{=0@4.2}{=0@4.5}{=0@4.7}{=0@4.9}{=0@6.6:5}", .items = flags_items},
    {.start = "Latency: {d@d.7:0}{=0@c.7:0}{=0@3e.15:0}", .items = latency_items},
    {.start = "Subsystem:", .read = sim_text_read_subsystem},
    {.start = "Region {i}:", .stride = 1, .read = sim_text_read_region},
    {.start = "Memory at", .read = sim_text_read_memory},
    {.start = "[virtual]", .read = sim_text_read_virtual},
    {.start = "I/O ports at", .read = sim_text_read_ports},
    {.start = "Expansion ROM at", .read = sim_text_read_rom},
    {.start = "Bus: primary={x@18.7:0}, secondary={x@19.7:0}, subordinate={x@1a.7:0}, "
              "sec-latency={d@1b.7:0}",
     .read = sim_text_read_bus},
    {.start = "I/O behind bridge:", .read = sim_text_read_io_window},
    {.start = "Memory behind bridge:", .read = sim_text_read_memory_window},
    {.start = "Prefetchable memory behind bridge:", .read = sim_text_read_prefetchable_window},
    {.start = "Secondary status:", .items = status_items, .at = 0x1e},
    {.start = "BridgeCtl:", .items = bridge_items, .at = 0x3e},
    {.start = "Memory window 0: {x@0.31:0}-{a@4.31:12}{=0@22.8}",
     .items = memory_window0_items,
     .at = 0x1c,
     .read = sim_text_read_cardbus_memory_window},
    {.start = "Memory window 1: {x@0.31:0}-{a@4.31:12}{=0@1a.9}",
     .items = memory_window1_items,
     .at = 0x24,
     .read = sim_text_read_cardbus_memory_window},
    {.start = "I/O window {i}: {a@0.15:2}-{a@4.15:2}",
     .items = io_window_items,
     .at = 0x2c,
     .stride = 8,
     .read = sim_text_read_cardbus_io_window},
    {.start = "Capabilities:", .read = sim_text_read_capability},
    {.start = NULL}};

const struct sim_text_node sim_text_header_root = {
    .start = "", .items = header_items, .nodes = header_nodes};

static const char *const tail_items[] = {ELSEWHERE, NULL};

static const struct sim_text_node tail_nodes[] = {
    {.start = "Capabilities:", .read = sim_text_read_capability}, {.start = NULL}};

const struct sim_text_node sim_text_tail_root = {
    .start = "", .items = tail_items, .nodes = tail_nodes};
