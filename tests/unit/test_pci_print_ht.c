/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci_print/pci_print_ht.c and hal/src/pci_print/pci_print_pcix.c.
 * The lines are those of lspci 3.9 for the same bytes.
 */
#include "drydock/pci_print.h"

#include "tests/unit/pci_print_case.h"

/* clang-format off */
static const struct print_case cases[] = {
    {
        /* a slave */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0xA1, 0x0B, 0x26, 0x88, 0x79, 0x91, 0x10, 0x71, 0x64, 0x45, 0x25, 0xD6, 0xF5, 0x00, 0x2A, 0x1F, 0x03, 0x00, 0x00, 0x00, 0x5A, 0xA5, 0x12, 0x34, 0x05},
        .lines =
            "\tCapabilities: [40] HyperTransport: Slave or Primary Interface\n"
            "\t\tCommand: BaseUnitID=1 UnitCnt=29 MastHost- DefDir+ DUL-\n"
            "\t\tLink Control 0: CFlE+ CST+ CFE- <LkFail- Init+ EOC- TXO- <CRCErr=8 IsocEn- LSEn- ExtCTL- 64b+\n"
            "\t\tLink Config 0: MLWI=16bit DwFcIn+ MLWO=N/C DwFcOut- LWI=16bit DwFcInEn- LWO=16bit DwFcOutEn+\n"
            "\t\tLink Control 1: CFlE- CST- CFE- <LkFail+ Init- EOC- TXO- <CRCErr=1 IsocEn+ LSEn+ ExtCTL+ 64b-\n"
            "\t\tLink Config 1: MLWI=2bit DwFcIn- MLWO=[6] DwFcOut- LWI=4bit DwFcInEn- LWO=2bit DwFcOutEn-\n"
            "\t\tRevision ID: 1.05\n"
            "\t\tLink Frequency 0: 1.0GHz\n"
            "\t\tLink Error 0: <Prot+ <Ovfl- <EOC+ CTLTm+\n"
            "\t\tLink Frequency Capability 0: 200MHz+ 300MHz- 400MHz+ 500MHz- 600MHz+ 800MHz+ 1.0GHz+ 1.2GHz+ 1.4GHz- 1.6GHz- Vend-\n"
            "\t\tFeature Capability: IsocFC- LDTSTOP+ CRCTM- ECTLT+ 64bA- UIDRD+\n"
            "\t\tLink Frequency 1: Vend\n"
            "\t\tLink Error 1: <Prot+ <Ovfl- <EOC- CTLTm-\n"
            "\t\tLink Frequency Capability 1: 200MHz+ 300MHz+ 400MHz- 500MHz- 600MHz- 800MHz- 1.0GHz- 1.2GHz- 1.4GHz- 1.6GHz- Vend-\n"
            "\t\tError Handling: PFlE- OFlE+ PFE- OFE+ EOCFE+ RFE- CRCFE+ SERRFE- CF+ RE- PNFE+ ONFE- EOCNFE- RNFE+ CRCNFE- SERRNFE+\n"
            "\t\tPrefetchable memory behind bridge Upper: 12-34\n"
            "\t\tBus Number: 05\n",
    },
    {
        /* a host with the extended set */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x85, 0x37, 0x20, 0x00, 0x01, 0x11, 0x23, 0x29, 0x3F, 0x00, 0x02, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0xFE, 0xFF},
        .lines =
            "\tCapabilities: [40] HyperTransport: Host or Secondary Interface\n"
            "\t\tCommand: WarmRst+ DblEnd- DevNum=1 ChainSide+ HostHide+ Slave+ <EOCErr- DUL+\n"
            "\t\tLink Control: CFlE- CST- CFE- <LkFail- Init+ EOC- TXO- <CRCErr=0 IsocEn- LSEn- ExtCTL- 64b-\n"
            "\t\tLink Config: MLWI=16bit DwFcIn- MLWO=8bit DwFcOut- LWI=16bit DwFcInEn- LWO=16bit DwFcOutEn-\n"
            "\t\tRevision ID: 1.03\n"
            "\t\tLink Frequency: 1.6GHz\n"
            "\t\tLink Error: <Prot- <Ovfl+ <EOC- CTLTm-\n"
            "\t\tLink Frequency Capability: 200MHz+ 300MHz+ 400MHz+ 500MHz+ 600MHz+ 800MHz+ 1.0GHz- 1.2GHz- 1.4GHz- 1.6GHz- Vend-\n"
            "\t\tFeature Capability: IsocFC- LDTSTOP+ CRCTM- ECTLT- 64bA- UIDRD- ExtRS+ UCnfE+\n"
            "\t\tError Handling: PFlE+ OFlE- PFE- OFE- EOCFE- RFE- CRCFE- SERRFE- CF+ RE- PNFE- ONFE- EOCNFE- RNFE- CRCNFE- SERRNFE-\n"
            "\t\tPrefetchable memory behind bridge Upper: fe-ff\n",
    },
    {
        /* a host without */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x02, 0x20, 0x20, 0x00, 0x55, 0x77, 0x22, 0x05, 0x01, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFE, 0xFF},
        .lines =
            "\tCapabilities: [40] HyperTransport: Host or Secondary Interface\n"
            "\t\tCommand: WarmRst- DblEnd+ DevNum=0 ChainSide- HostHide- Slave- <EOCErr- DUL-\n"
            "\t\tLink Control: CFlE- CST- CFE- <LkFail- Init+ EOC- TXO- <CRCErr=0 IsocEn- LSEn- ExtCTL- 64b-\n"
            "\t\tLink Config: MLWI=4bit DwFcIn- MLWO=4bit DwFcOut- LWI=N/C DwFcInEn- LWO=N/C DwFcOutEn-\n"
            "\t\tRevision ID: 1.02\n"
            "\t\tLink Frequency: 800MHz\n"
            "\t\tLink Error: <Prot- <Ovfl- <EOC- CTLTm-\n"
            "\t\tLink Frequency Capability: 200MHz+ 300MHz- 400MHz- 500MHz- 600MHz- 800MHz- 1.0GHz- 1.2GHz- 1.4GHz- 1.6GHz- Vend-\n"
            "\t\tFeature Capability: IsocFC- LDTSTOP- CRCTM- ECTLT- 64bA+ UIDRD- ExtRS- UCnfE-\n",
    },
    {
        /* a slave of revision 0.31 */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0x00, 0x20, 0xF0, 0x00, 0x11, 0x00, 0x00, 0x00, 0x00, 0x1F},
        .lines =
            "\tCapabilities: [40] HyperTransport: Slave or Primary Interface\n"
            "\t\t!!! Possibly incomplete decoding\n"
            "\t\tCommand: BaseUnitID=0 UnitCnt=0 MastHost- DefDir-\n"
            "\t\tLink Control 0: CFlE- CST- CFE- <LkFail- Init+ EOC- TXO- <CRCErr=0\n"
            "\t\tLink Config 0: MLWI=8bit MLWO=8bit LWI=16bit LWO=16bit\n"
            "\t\tLink Control 1: CFlE- CST- CFE- <LkFail- Init- EOC- TXO- <CRCErr=0\n"
            "\t\tLink Config 1: MLWI=8bit MLWO=8bit LWI=8bit LWO=8bit\n"
            "\t\tRevision ID: 0.31\n",
    },
    {
        /* a mapping at an address */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x01, 0xA8, 0xFF, 0xFF, 0xEF, 0xFE, 0x12},
        .lines =
            "\tCapabilities: [40] HyperTransport: MSI Mapping Enable+ Fixed-\n"
            "\t\tMapping Address Base: 00000012fee00000\n",
    },
    {
        /* a mapping at the fixed address */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x02, 0xA8, 0xFF, 0xFF, 0xFF, 0xFF, 0x12},
        .lines =
            "\tCapabilities: [40] HyperTransport: MSI Mapping Enable- Fixed+\n",
    },
    {
        /* a revision */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x65, 0x88},
        .lines =
            "\tCapabilities: [40] HyperTransport: Revision ID: 3.05\n",
    },
    {
        /* by their types */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0x40},
        .lines =
            "\tCapabilities: [40] HyperTransport: Switch\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x80, 0x80},
        .lines =
            "\tCapabilities: [40] HyperTransport: Interrupt Discovery and Configuration\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0x90},
        .lines =
            "\tCapabilities: [40] HyperTransport: UnitID Clumping\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0x98},
        .lines =
            "\tCapabilities: [40] HyperTransport: Extended Configuration Space Access\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x01, 0xA0},
        .lines =
            "\tCapabilities: [40] HyperTransport: Address Mapping\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0xB0},
        .lines =
            "\tCapabilities: [40] HyperTransport: DirectRoute\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0xB8},
        .lines =
            "\tCapabilities: [40] HyperTransport: VCSet\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0xC0},
        .lines =
            "\tCapabilities: [40] HyperTransport: Retry Mode\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0xC8},
        .lines =
            "\tCapabilities: [40] HyperTransport: X86 (reserved)\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0x00, 0xD0},
        .lines =
            "\tCapabilities: [40] HyperTransport: #1a\n",
    },
    {
        /* likewise */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x08, 0x00, 0xFF, 0x4F},
        .lines =
            "\tCapabilities: [40] HyperTransport: #09\n",
    },
    {
        /* PCI-X: a function */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x07, 0x00, 0x55, 0x00, 0x1B, 0x0A, 0xBB, 0x41},
        .lines =
            "\tCapabilities: [40] PCI-X non-bridge device\n"
            "\t\tCommand: DPERE+ ERO- RBC=1024 OST=12\n"
            "\t\tStatus: Dev=0a:03.3 64bit+ 133MHz+ SCD- USC+ DC=bridge DMMRBC=1024 DMOST=4 DMCRS=8 RSCEM- 266MHz+ 533MHz-\n",
    },
    {
        /* PCI-X: a bridge */
        .header_type = 1,
        .bar = 0x00000000,
        .capability = {0x07, 0x00, 0xD6, 0x00, 0x00, 0xFF, 0x13, 0x00, 0x10, 0x00, 0x20, 0x00, 0x01, 0x00, 0xFF, 0xFF},
        .lines =
            "\tCapabilities: [40] PCI-X bridge device\n"
            "\t\tSecondary Status: 64bit- 133MHz+ SCD+ USC- SCO+ SRD- Freq=133MHz\n"
            "\t\tStatus: Dev=ff:00.0 64bit+ 133MHz+ SCD- USC- SCO+ SRD-\n"
            "\t\tUpstream: Capacity=16 CommitmentLimit=32\n"
            "\t\tDownstream: Capacity=1 CommitmentLimit=65535\n",
    },
    {
        /* PCI-X: a function of version 1 */
        .header_type = 0,
        .bar = 0x00000000,
        .capability = {0x07, 0x00, 0x2A, 0x10, 0xFF, 0xFF, 0xDD, 0xF3},
        .lines =
            "\tCapabilities: [40] PCI-X non-bridge device\n"
            "\t\tCommand: DPERE- ERO+ RBC=2048 OST=3\n"
            "\t\tStatus: Dev=ff:1f.7 64bit+ 133MHz- SCD+ USC+ DC=bridge DMMRBC=2048 DMOST=32 DMCRS=128 RSCEM+ 266MHz+ 533MHz+\n",
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
    Suite *suite = suite_create("pci_print_ht");
    TCase *lines = tcase_create("lines");

    tcase_add_loop_test(lines, capabilities_are_printed_as_lspci_does, 0, COUNT(cases));
    tcase_add_loop_test(lines, a_function_that_vanishes_is_said_to_be_gone, 0, COUNT(cases));
    suite_add_tcase(suite, lines);
    return suite;
}
