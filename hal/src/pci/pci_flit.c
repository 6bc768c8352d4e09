/* SPDX-License-Identifier: MIT */
/*
 * The error log is a queue behind two registers: they show the oldest entry, and
 * writing 1 to its valid bit makes room for the next. An entry can not know of errors
 * that came after it was logged, so what followed a flit is put together from the
 * entries after its own. Times are counters of 8 ns, or of 64 us for the LTSSM.
 */
#include "drydock/pci_flit.h"

#include <stdbool.h>

#include "pci_cap_read.h"

#define FLITS_AFTER        5u
#define LATENCY_UNIT       8u  /* nanoseconds */
#define LTSSM_UNIT         64u /* microseconds */
#define LANES_OF_REGISTER  2u
#define BITS_OF_PROGRESS   2u
#define GREATEST_WIDTH     4u
#define SYNDROMES_OF_LOG_1 (DD_BITS(DD_PCI_FLIT_LOG_PARITY_0) | DD_BITS(DD_PCI_FLIT_LOG_CHECK_0))

/* ---- Logging ---- */

#define LOG_SIZE \
    (DD_PCI_FLIT_LOG_FBER_STATUS_3 + DD_PCI_WIDTH_32 * DD_PCI_FLIT_LANES / LANES_OF_REGISTER)

static struct dd_pci_flit_error read_oldest(struct pci_cap_reader *reader)
{
    struct dd_pci_flit_error error;

    error.log_1 = dd_pci_cap_read32(reader, DD_PCI_FLIT_LOG_ERROR_1);
    error.log_2 = dd_pci_cap_read32(reader, DD_PCI_FLIT_LOG_ERROR_2);
    return error;
}

enum dd_status dd_pci_flit_log_read(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_flit_log *log)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_flit_log result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, LOG_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.oldest = read_oldest(&reader);
    result.counter_control = dd_pci_cap_read16(&reader, DD_PCI_FLIT_LOG_COUNTER_CONTROL);
    result.counter_status = dd_pci_cap_read16(&reader, DD_PCI_FLIT_LOG_COUNTER_STATUS);
    result.fber_control = dd_pci_cap_read32(&reader, DD_PCI_FLIT_LOG_FBER_CONTROL);
    result.flits = dd_pci_cap_read32(&reader, DD_PCI_FLIT_LOG_FBER_STATUS_1);
    result.invalid_flits = (uint16_t)DD_GET(
        dd_pci_cap_read32(&reader, DD_PCI_FLIT_LOG_FBER_STATUS_2), DD_PCI_FLIT_LOG_INVALID_FLITS);
    for (unsigned int lane = 0; lane < DD_PCI_FLIT_LANES; lane += LANES_OF_REGISTER) {
        unsigned int at =
            DD_PCI_FLIT_LOG_FBER_STATUS_3 + DD_PCI_WIDTH_32 * lane / LANES_OF_REGISTER;
        uint32_t counters = dd_pci_cap_read32(&reader, at);

        result.corrected[lane] = (uint16_t)DD_GET(counters, DD_PCI_FLIT_LOG_EVEN_LANE);
        result.corrected[lane + 1] = (uint16_t)DD_GET(counters, DD_PCI_FLIT_LOG_ODD_LANE);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *log = result;
    }
    return status;
}

enum dd_status dd_pci_flit_log_take(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_flit_error *error)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_flit_error result;
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, LOG_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result = read_oldest(&reader);
    status = dd_pci_cap_close(&reader);
    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(result.log_1, DD_PCI_FLIT_LOG_VALID) == 0) {
        return DD_ENOENT;
    }
    status = dd_pci_write32(access, address, (uint16_t)(offset + DD_PCI_FLIT_LOG_ERROR_1),
                            (uint32_t)DD_BITS(DD_PCI_FLIT_LOG_VALID));
    if (status == DD_OK) {
        *error = result;
    }
    return status;
}

enum dd_pci_flit_error_kind dd_pci_flit_error_kind(const struct dd_pci_flit_error *error)
{
    const bool has_syndrome = (error->log_1 & SYNDROMES_OF_LOG_1) != 0 || error->log_2 != 0;

    if (DD_GET(error->log_1, DD_PCI_FLIT_LOG_VALID) == 0) {
        return DD_PCI_FLIT_NO_ENTRY;
    }
    if (DD_GET(error->log_1, DD_PCI_FLIT_LOG_UNCORRECTABLE) != 0) {
        return has_syndrome ? DD_PCI_FLIT_UNCORRECTABLE : DD_PCI_FLIT_CRC_FAILED;
    }
    if (DD_GET(error->log_1, DD_PCI_FLIT_LOG_UNRECOGNIZED) != 0) {
        return has_syndrome ? DD_PCI_FLIT_UNRECOGNIZED_CORRECTED : DD_PCI_FLIT_UNRECOGNIZED;
    }
    return has_syndrome ? DD_PCI_FLIT_CORRECTED : DD_PCI_FLIT_NO_ERROR;
}

unsigned int dd_pci_flit_errors_after(const struct dd_pci_flit_error *errors, unsigned int count)
{
    unsigned int after = 0;
    unsigned int distance = 0; /* to the entry after this one; 0 if there is none */

    for (unsigned int i = count; i-- > 0;) {
        unsigned int own = (unsigned int)DD_GET(errors[i].log_1, DD_PCI_FLIT_LOG_CONSECUTIVE);

        if (distance == 0 || distance > FLITS_AFTER) {
            after = own;
        } else {
            /* The flits between them, the other's, and those after it. */
            own &= (1u << (distance - 1)) - 1;
            after = own | 1u << (distance - 1) | after << distance;
            after &= (1u << FLITS_AFTER) - 1;
        }
        distance = (unsigned int)DD_GET(errors[i].log_1, DD_PCI_FLIT_LOG_DISTANCE);
    }
    return after;
}

unsigned int dd_pci_flit_width(unsigned int width)
{
    return width <= GREATEST_WIDTH ? 1u << width : 0;
}

/* ---- Performance ---- */

enum dd_status dd_pci_flit_performance_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            struct dd_pci_flit_performance *performance)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_flit_performance result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_FLIT_PERFORMANCE_LTSSM_STATUS);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_FLIT_PERFORMANCE_CAPABILITY);
    result.ltssm_count =
        (unsigned int)DD_GET(result.capability, DD_PCI_FLIT_PERFORMANCE_LTSSM_COUNT);
    if (result.ltssm_count > DD_PCI_FLIT_LTSSM_EVENTS ||
        !dd_pci_cap_fits(&reader, DD_PCI_FLIT_PERFORMANCE_LTSSM_STATUS +
                                      DD_PCI_WIDTH_32 * result.ltssm_count)) {
        status = dd_pci_cap_close(&reader);
        return status == DD_OK ? DD_EMALFORMED : status;
    }
    result.control = dd_pci_cap_read32(&reader, DD_PCI_FLIT_PERFORMANCE_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_FLIT_PERFORMANCE_STATUS);
    for (unsigned int i = 0; i < result.ltssm_count; i++) {
        result.ltssm[i] =
            dd_pci_cap_read32(&reader, DD_PCI_FLIT_PERFORMANCE_LTSSM_STATUS + DD_PCI_WIDTH_32 * i);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *performance = result;
    }
    return status;
}

/* A sum over so many was counted, or the longest alone if no number was asked for. */
static uint32_t time_of_one(uint64_t counter, uint64_t tracked, uint64_t asked)
{
    if (asked == 0) {
        return (uint32_t)counter;
    }
    return tracked == 0 ? 0 : (uint32_t)(counter / tracked);
}

uint32_t dd_pci_flit_latency(const struct dd_pci_flit_performance *performance)
{
    const uint32_t status = performance->status;

    if (DD_GET(status, DD_PCI_FLIT_PERFORMANCE_PROGRESS) == DD_PCI_FLIT_FAILED) {
        return 0;
    }
    return time_of_one(LATENCY_UNIT * DD_GET(status, DD_PCI_FLIT_PERFORMANCE_COUNTER),
                       DD_GET(status, DD_PCI_FLIT_PERFORMANCE_TRACKED),
                       DD_GET(performance->control, DD_PCI_FLIT_PERFORMANCE_INSTANCES));
}

unsigned int dd_pci_flit_ltssm_event(const struct dd_pci_flit_performance *performance,
                                     unsigned int index)
{
    const uint64_t events = DD_GET(performance->control, DD_PCI_FLIT_PERFORMANCE_LTSSM_EVENTS);
    unsigned int before = 0; /* events that earlier registers are about */

    if (index >= performance->ltssm_count) {
        return DD_PCI_FLIT_LTSSM_EVENTS;
    }
    for (unsigned int bit = 0; bit < DD_PCI_FLIT_LTSSM_EVENTS; bit++) {
        if ((events >> bit & 1) != 0 && before++ == index) {
            return bit;
        }
    }
    return DD_PCI_FLIT_LTSSM_EVENTS;
}

uint32_t dd_pci_flit_ltssm_time(const struct dd_pci_flit_performance *performance,
                                unsigned int index)
{
    uint32_t status;

    if (index >= performance->ltssm_count) {
        return 0;
    }
    status = performance->ltssm[index];
    return time_of_one(LTSSM_UNIT * DD_GET(status, DD_PCI_FLIT_PERFORMANCE_LTSSM_COUNTER),
                       DD_GET(status, DD_PCI_FLIT_PERFORMANCE_LTSSM_TRACKED),
                       DD_GET(performance->control, DD_PCI_FLIT_PERFORMANCE_LTSSM_INSTANCES));
}

/* ---- Injection ---- */

enum dd_status dd_pci_flit_injection_read(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          struct dd_pci_flit_injection *injection)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_flit_injection result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(
        &reader, &place, DD_PCI_FLIT_INJECTION_ORDERED_SET_RX_STATUS + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_CAPABILITY);
    result.control[0] = dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_CONTROL_1);
    result.control[1] = dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_CONTROL_2);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_STATUS);
    result.ordered_set_control[0] =
        dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_ORDERED_SET_CONTROL_1);
    result.ordered_set_control[1] =
        dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_ORDERED_SET_CONTROL_2);
    result.ordered_set_tx_status =
        dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_ORDERED_SET_TX_STATUS);
    result.ordered_set_rx_status =
        dd_pci_cap_read32(&reader, DD_PCI_FLIT_INJECTION_ORDERED_SET_RX_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *injection = result;
    }
    return status;
}

enum dd_pci_flit_progress dd_pci_flit_injection_progress(uint32_t status, unsigned int where)
{
    if (where < DD_PCI_FLIT_INJECTION_IN_TS0_LO ||
        where > DD_PCI_FLIT_INJECTION_IN_EQUALIZATION_3_LO) {
        return DD_PCI_FLIT_NOT_STARTED;
    }
    where -= DD_PCI_FLIT_INJECTION_IN_TS0_LO;
    return (enum dd_pci_flit_progress)(status >> BITS_OF_PROGRESS * where & DD_PCI_FLIT_FAILED);
}
