/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The local APIC of the processor that calls, in xAPIC mode (registers in
 * memory) and in x2APIC mode (model-specific registers), with one set of
 * functions for both. Its local vector table and timer are in local_apic_lvt.h,
 * interprocessor interrupts in local_apic_ipi.h.
 *
 * A handle belongs to one processor: open one on each. Its functions must not
 * run in the middle of each other on that processor, dd_local_apic_eoi()
 * excepted. On a handle in mode DD_LOCAL_APIC_DISABLED no register is
 * accessed: reads give 0, and functions with a status give DD_ENODEV.
 */
#ifndef DRYDOCK_LOCAL_APIC_H
#define DRYDOCK_LOCAL_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/apic.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** By EN and EXTD of IA32_APIC_BASE. Spec: [SDM 3A] 10.12.1, table 10-5. */
enum dd_local_apic_mode {
    DD_LOCAL_APIC_DISABLED,
    DD_LOCAL_APIC_XAPIC,
    DD_LOCAL_APIC_X2APIC,
};

/** One local APIC. */
struct dd_local_apic {
    enum dd_local_apic_mode mode;
    dd_vaddr registers; /**< the page of registers; used in xAPIC mode only */
};

/** What the version register says. Spec: [SDM 3A] 10.4.8. */
struct dd_local_apic_version {
    uint8_t version;        /**< 0x10..0x15: integrated in the processor */
    uint8_t last_entry;     /**< entries of the local vector table minus 1 */
    uint8_t suppresses_eoi; /**< 1: EOI broadcasts can be held back */
};

/** The three registers with a bit for each vector. Spec: [SDM 3A] 10.8.4. */
enum dd_local_apic_bank {
    DD_LOCAL_APIC_IN_SERVICE, /**< ISR: the processor has it, without EOI so far */
    DD_LOCAL_APIC_TRIGGER,    /**< TMR: the last request was level-triggered */
    DD_LOCAL_APIC_REQUESTED,  /**< IRR: waits for the processor */
};

/** What an EOI does besides. Spec: [SDM 3A] 10.8.5. */
enum dd_local_apic_eoi_broadcast {
    DD_LOCAL_APIC_EOI_BROADCAST = 0,
    DD_LOCAL_APIC_EOI_NO_BROADCAST = 1,
};

/**
 * Where the page of registers is in physical memory, to be mapped uncached.
 *
 * @param[out] base  a multiple of 4096; untouched on failure
 * @retval DD_OK      *base is valid
 * @retval DD_ENODEV  the processor has no local APIC, or IA32_APIC_BASE has disabled it
 *
 * Spec: [SDM 3A] 10.4.2, 10.4.3, 10.4.4.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_find(dd_paddr *base);

/**
 * Open the APIC in the mode it is in.
 *
 * @param[out] apic   the handle; untouched on failure
 * @param registers   where the page of dd_local_apic_find() is mapped, a multiple of 4096
 * @retval DD_OK      apic->mode is what IA32_APIC_BASE says
 * @retval DD_EALIGN  registers is no multiple of 4096
 * @retval DD_ENODEV  the processor has no local APIC, or IA32_APIC_BASE has disabled it: then
 *                    CPUID says that there is none, and no new handle leads to it. Only one that
 *                    was opened before can enable it again, by dd_local_apic_set_mode()
 * @retval DD_EMALFORMED  IA32_APIC_BASE has EXTD without EN, which is invalid
 *
 * Spec: [SDM 3A] 10.4.3, 10.12.1.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_open(struct dd_local_apic *apic, dd_vaddr registers);

/**
 * Change the mode, along the arrows of the manual: from disabled to xAPIC, from xAPIC to x2APIC,
 * from any to disabled. The way back from x2APIC to xAPIC leads through disabled, which resets the
 * registers; IA32_APIC_BASE keeps its other fields. While it is disabled, CPUID.01H:EDX.APIC is 0
 * and dd_local_apic_open() gives DD_ENODEV: keep the handle for the way back.
 *
 * @param mode  the mode to be in; the present one changes nothing
 * @retval DD_OK       it is in this mode
 * @retval DD_EARG     no arrow leads there; nothing changed
 * @retval DD_ENOTSUP  the processor has no x2APIC mode, or a disabled APIC stays so until reset;
 *                     nothing changed
 *
 * Spec: [SDM 3A] 10.4.3; 10.12.5, figure 10-27; 10.12.5.1.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_set_mode(struct dd_local_apic *apic,
                                                    enum dd_local_apic_mode mode);

/**
 * Enable the APIC by software. Until then it takes no fixed interrupts and all entries of the local
 * vector table are masked.
 *
 * @param spurious_vector  32..255: of an interrupt that vanished; its handler sends no EOI
 * @retval DD_OK      enabled
 * @retval DD_EARG    the vector is below 32; nothing changed
 * @retval DD_ENODEV  the handle is disabled
 *
 * Spec: [SDM 3A] 10.4.7.2, 10.9.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_enable(const struct dd_local_apic *apic,
                                                  uint8_t spurious_vector);

/** Disable the APIC by software: all entries of the table get masked. Spec: [SDM 3A] 10.4.7.2. */
void dd_local_apic_disable(const struct dd_local_apic *apic);

/** The APIC's ID: 8 bits in xAPIC mode, 32 in x2APIC mode. Spec: [SDM 3A] 10.4.6, 10.12.5.1. */
uint32_t dd_local_apic_read_id(const struct dd_local_apic *apic);

/** What the APIC can do. Spec: [SDM 3A] 10.4.8. */
struct dd_local_apic_version dd_local_apic_read_version(const struct dd_local_apic *apic);

/**
 * The ID by which logical destinations mean this APIC: in xAPIC mode 8 bits, in x2APIC mode a
 * cluster in bits 31:16 and one bit of 15:0, made of the APIC's ID by itself.
 *
 * Spec: [SDM 3A] 10.6.2.2, 10.12.10.
 */
uint32_t dd_local_apic_read_logical_id(const struct dd_local_apic *apic);

/**
 * Give the APIC a logical ID of the flat model: a destination with a bit in common means it.
 *
 * @param id  a set of bits, one of its own for each of up to eight processors
 * @retval DD_OK       it has this ID
 * @retval DD_ENOTSUP  in x2APIC mode the ID cannot be changed
 * @retval DD_ENODEV   the handle is disabled
 *
 * Spec: [SDM 3A] 10.6.2.2.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_write_logical_id(const struct dd_local_apic *apic,
                                                            uint8_t id);

/**
 * Whether the EOI of a level-triggered interrupt is told to all I/O APICs, as after reset. If not,
 * dd_io_apic_eoi() tells the one it is from.
 *
 * @param broadcast  what EOIs shall do
 * @retval DD_OK       so it is
 * @retval DD_EARG     a value out of range; nothing changed
 * @retval DD_ENOTSUP  this APIC cannot hold broadcasts back; nothing changed
 * @retval DD_ENODEV   the handle is disabled
 *
 * Spec: [SDM 3A] 10.8.5, 10.9.
 */
DD_MUST_CHECK enum dd_status
dd_local_apic_set_eoi_broadcast(const struct dd_local_apic *apic,
                                enum dd_local_apic_eoi_broadcast broadcast);

/** End the service of the interrupt with the highest priority. Spec: [SDM 3A] 10.8.5, 10.12.1.3. */
void dd_local_apic_eoi(const struct dd_local_apic *apic);

/** Task priority: class in bits 7:4, subclass in bits 3:0. Spec: [SDM 3A] 10.8.3.1. */
uint8_t dd_local_apic_read_tpr(const struct dd_local_apic *apic);

/** Set the task priority: vectors whose class is not above its wait. Spec: [SDM 3A] 10.8.3.1. */
void dd_local_apic_write_tpr(const struct dd_local_apic *apic, uint8_t priority);

/** Processor priority: the higher of the task's and the service's. Spec: [SDM 3A] 10.8.3.1. */
uint8_t dd_local_apic_read_ppr(const struct dd_local_apic *apic);

/** Whether the bit of a vector is set; false if there is no such bank. Spec: [SDM 3A] 10.8.4. */
bool dd_local_apic_test(const struct dd_local_apic *apic, enum dd_local_apic_bank bank,
                        uint8_t vector);

/**
 * Errors since the last call: fields of regs/apic_esr.def. Another error interrupt can come
 * afterwards.
 *
 * Spec: [SDM 3A] 10.5.3.
 */
uint32_t dd_local_apic_take_errors(const struct dd_local_apic *apic);

#endif
