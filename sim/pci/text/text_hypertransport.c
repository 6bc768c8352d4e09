/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of HyperTransport's interface blocks. Spec: [HT 3.1] 7.5, 7.11. */
#include <stddef.h>

#include "sim/pci/text/text_parser.h"

static const char *const link_control[] = {"CFlE{+@0.1}",
                                           "CST{+@0.2}",
                                           "CFE{+@0.3}",
                                           "<LkFail{+@0.4}",
                                           "Init{+@0.5}",
                                           "EOC{+@0.6}",
                                           "TXO{+@0.7}",
                                           "<CRCErr={x@0.11:8}",
                                           "IsocEn{+@0.12}",
                                           "LSEn{+@0.13}",
                                           "ExtCTL{+@0.14}",
                                           "64b{+@0.15}",
                                           NULL};
static const char *const link_config[] = {
    "MLWI={e:ht_width@0.2:0}",  "DwFcIn{+@0.3}",           "MLWO={e:ht_width@0.6:4}",
    "DwFcOut{+@0.7}",           "LWI={e:ht_width@0.10:8}", "DwFcInEn{+@0.11}",
    "LWO={e:ht_width@0.14:12}", "DwFcOutEn{+@0.15}",       NULL};
static const char *const link_error[] = {"<Prot{+@0.4}", "<Ovfl{+@0.5}", "<EOC{+@0.6}",
                                         "CTLTm{+@0.7}", NULL};
/* lspci reads only the low byte, so it prints the last three as 0 whatever they are. */
static const char *const link_frequency[] = {"200MHz{+@0.0}", "300MHz{+@0.1}", "400MHz{+@0.2}",
                                             "500MHz{+@0.3}", "600MHz{+@0.4}", "800MHz{+@0.5}",
                                             "1.0GHz{+@0.6}", "1.2GHz{+@0.7}", "1.4GHz{w}",
                                             "1.6GHz{w}",     "Vend{w}",       NULL};
static const char *const features[] = {"IsocFC{+@0.0}", "LDTSTOP{+@0.1}", "CRCTM{+@0.2}",
                                       "ECTLT{+@0.3}",  "64bA{+@0.4}",    "UIDRD{+@0.5}",
                                       "ExtRS{+@0.8}",  "UCnfE{+@0.9}",   NULL};
static const char *const errors[] = {"PFlE{+@0.0}",
                                     "OFlE{+@0.1}",
                                     "PFE{+@0.2}",
                                     "OFE{+@0.3}",
                                     "EOCFE{+@0.4}",
                                     "RFE{+@0.5}",
                                     "CRCFE{+@0.6}",
                                     "SERRFE{+@0.7}",
                                     "CF{+@0.8}",
                                     "RE{+@0.9}",
                                     "PNFE{+@0.10}",
                                     "ONFE{+@0.11}",
                                     "EOCNFE{+@0.12}",
                                     "RNFE{+@0.13}",
                                     "CRCNFE{+@0.14}",
                                     "SERRNFE{+@0.15}",
                                     NULL};
static const char *const primary_command[] = {"BaseUnitID={d@0.4:0}", "UnitCnt={d@0.9:5}",
                                              "MastHost{+@0.10}",     "DefDir{+@0.11}",
                                              "DUL{+@0.12}",          NULL};
static const char *const secondary_command[] = {
    "WarmRst{+@0.0}",   "DblEnd{+@0.1}",   "DevNum={d@0.6:2}",
    "ChainSide{+@0.7}", "HostHide{+@0.8}", "Slave{+@0.10}",
    "<EOCErr{+@0.11}",  "DUL{+@0.12}",     NULL};

const struct sim_text_node sim_text_primary_nodes[] = {
    {.start = "!!! Possibly incomplete decoding"},
    {.start = "Command:", .items = primary_command, .at = 2},
    {.start = "Link Control 0:", .items = link_control, .at = 4},
    {.start = "Link Config 0:", .items = link_config, .at = 6},
    {.start = "Link Control 1:", .items = link_control, .at = 8},
    {.start = "Link Config 1:", .items = link_config, .at = 0xa},
    {.start = "Revision ID: {d@c.7:5}.{d@c.4:0}"},
    {.start = "Link Frequency 0: {e:ht_frequency@d.3:0}"},
    {.start = "Link Error 0:", .items = link_error, .at = 0xd},
    {.start = "Link Frequency Capability 0:", .items = link_frequency, .at = 0xe},
    {.start = "Feature Capability:", .items = features, .at = 0x10},
    {.start = "Link Frequency 1: {e:ht_frequency@11.3:0}"},
    {.start = "Link Error 1:", .items = link_error, .at = 0x11},
    {.start = "Link Frequency Capability 1:", .items = link_frequency, .at = 0x12},
    {.start = "Error Handling:", .items = errors, .at = 0x16},
    {.start = "Prefetchable memory behind bridge Upper: {x@18.7:0}-{x@19.7:0}"},
    {.start = "Bus Number: {x@1a.7:0}"},
    {.start = NULL}};

const struct sim_text_node sim_text_secondary_nodes[] = {
    {.start = "!!! Possibly incomplete decoding"},
    {.start = "Command:", .items = secondary_command, .at = 2},
    {.start = "Link Control:", .items = link_control, .at = 4},
    {.start = "Link Config:", .items = link_config, .at = 6},
    {.start = "Revision ID: {d@8.7:5}.{d@8.4:0}"},
    {.start = "Link Frequency: {e:ht_frequency@9.3:0}"},
    {.start = "Link Error:", .items = link_error, .at = 0x9},
    {.start = "Link Frequency Capability:", .items = link_frequency, .at = 0xa},
    {.start = "Feature Capability:", .items = features, .at = 0xc},
    {.start = "Error Handling:", .items = errors, .at = 0x12},
    {.start = "Prefetchable memory behind bridge Upper: {x@14.7:0}-{x@15.7:0}"},
    {.start = NULL}};

const char *const sim_text_mapping_items[] = {"Mapping Address Base: {a@4.63:20}", NULL};
