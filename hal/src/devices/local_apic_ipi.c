/* SPDX-License-Identifier: MIT */
/*
 * Interprocessor interrupts.
 *
 * In xAPIC mode the interrupt command register is two registers, and writing the
 * lower one sends; its delivery status says when the interrupt has been accepted,
 * and until then the next must wait. In x2APIC mode it is one model-specific
 * register without a status. WRMSR to it does not wait for earlier stores as a
 * store to the page does, so fences do.
 *
 * A processor is started by INIT, which resets it to where it waits for startup, and
 * by startup, whose vector is the page where it begins. The waits in between are the
 * manual's. [SDM 3A] 8.4.4.1.
 */
#include "drydock/local_apic_ipi.h"

#include "local_apic_access.h"

enum {
    XAPIC_BROADCAST = 0xFF,
    HALF_BITS = 32,
    PAGE_SHIFT = 12,
    INIT_MICROSECONDS = 10000,
    STARTUP_MICROSECONDS = 200,
    STARTUPS = 2
};

/* Pages that startup can name, and those among them that it must not. [SDM 3A] 8.4.3. */
#define STARTUP_END      UINT64_C(0x100000)
#define STARTUP_NOT_FROM UINT64_C(0xA0000)
#define STARTUP_NOT_TO   UINT64_C(0xC0000)

#define X2APIC_BROADCAST UINT32_C(0xFFFFFFFF)

/* [SDM 3A] tables 10-3 and 10-4: only fixed interrupts go to the sender, too. */
static bool is_valid(const struct dd_local_apic *apic, const struct dd_local_apic_ipi *ipi)
{
    uint32_t broadcast = apic->mode == DD_LOCAL_APIC_X2APIC ? X2APIC_BROADCAST : XAPIC_BROADCAST;
    bool to_sender =
        ipi->recipients == DD_LOCAL_APIC_TO_SELF || ipi->recipients == DD_LOCAL_APIC_TO_ALL;

    if (ipi->recipients > DD_LOCAL_APIC_TO_OTHERS ||
        (ipi->recipients == DD_LOCAL_APIC_TO_ONE && ipi->id >= broadcast)) {
        return false;
    }
    switch (ipi->delivery) {
    case DD_APIC_FIXED:
        return ipi->vector >= DD_APIC_VECTOR_MIN;
    case DD_APIC_NMI:
    case DD_APIC_INIT:
        return ipi->vector == 0 && !to_sender;
    case DD_APIC_STARTUP:
        return !to_sender;
    default:
        return false;
    }
}

static uint64_t encode(const struct dd_local_apic_ipi *ipi)
{
    uint64_t value = DD_SET(0, DD_APIC_ICR_VECTOR, ipi->vector);

    value = DD_SET(value, DD_APIC_ICR_DELIVERY_MODE, ipi->delivery);
    value = DD_SET(value, DD_APIC_ICR_LEVEL, 1);
    return DD_SET(value, DD_APIC_ICR_SHORTHAND, ipi->recipients);
}

static enum dd_status wait_until_idle(const struct dd_local_apic *apic)
{
    for (unsigned int poll = 0; poll < DD_LOCAL_APIC_POLLS; poll++) {
        uint32_t low = dd_local_apic_read_register(apic, DD_APIC_ICR_LOW);

        if (DD_GET(low, DD_APIC_ICR_DELIVERY_STATUS) == 0) {
            return DD_OK;
        }
        dd_pause();
    }
    return DD_ETIMEOUT;
}

static enum dd_status send_by_page(const struct dd_local_apic *apic, uint64_t value, uint32_t id)
{
    enum dd_status status = wait_until_idle(apic);

    if (status != DD_OK) {
        return status;
    }
    value = DD_SET(value, DD_APIC_ICR_DESTINATION, id);
    dd_local_apic_write_register(apic, DD_APIC_ICR_HIGH, value >> HALF_BITS);
    dd_local_apic_write_register(apic, DD_APIC_ICR_LOW, (uint32_t)value);
    return wait_until_idle(apic);
}

enum dd_status dd_local_apic_send_ipi(const struct dd_local_apic *apic,
                                      const struct dd_local_apic_ipi *ipi)
{
    uint32_t id = ipi->recipients == DD_LOCAL_APIC_TO_ONE ? ipi->id : 0;

    if (!is_valid(apic, ipi)) {
        return DD_EARG;
    }
    switch (apic->mode) {
    case DD_LOCAL_APIC_XAPIC:
        return send_by_page(apic, encode(ipi), id);
    case DD_LOCAL_APIC_X2APIC:
        dd_mfence();
        dd_lfence();
        dd_local_apic_write_register(apic, DD_APIC_ICR_LOW,
                                     (uint64_t)id << HALF_BITS | encode(ipi));
        return DD_OK;
    default:
        return DD_ENODEV;
    }
}

static enum dd_status check_entry(dd_paddr entry)
{
    if (!dd_is_aligned(entry.raw, UINT64_C(1) << PAGE_SHIFT)) {
        return DD_EALIGN;
    }
    return entry.raw < STARTUP_END && (entry.raw < STARTUP_NOT_FROM || entry.raw >= STARTUP_NOT_TO)
               ? DD_OK
               : DD_EARG;
}

enum dd_status dd_local_apic_start_processor(const struct dd_local_apic *apic, uint32_t id,
                                             dd_paddr entry, const struct dd_delay *delay)
{
    const struct dd_local_apic_ipi init = {.delivery = DD_APIC_INIT, .id = id};
    const struct dd_local_apic_ipi startup = {
        .delivery = DD_APIC_STARTUP, .vector = (uint8_t)(entry.raw >> PAGE_SHIFT), .id = id};
    enum dd_status status = check_entry(entry);

    if (status == DD_OK) {
        status = dd_local_apic_send_ipi(apic, &init);
    }
    if (status == DD_OK) {
        delay->wait(delay->context, INIT_MICROSECONDS);
    }
    for (unsigned int i = 0; i < STARTUPS && status == DD_OK; i++) {
        status = dd_local_apic_send_ipi(apic, &startup);
        delay->wait(delay->context, STARTUP_MICROSECONDS);
    }
    return status;
}
