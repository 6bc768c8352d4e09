/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Error codes of exceptions in words, for a kernel's last message. Their fields
 * are in error_code_regs.h.
 *
 * All functions write into the caller's buffer, always end what they wrote with
 * a zero byte if the buffer has any room, and return how long the whole text is
 * without it: one that is not less than the size was cut.
 */
#ifndef DRYDOCK_ERROR_CODE_H
#define DRYDOCK_ERROR_CODE_H

#include <stddef.h>
#include <stdint.h>

/** A buffer that no text of this header is too long for. */
#define DD_ERROR_CODE_TEXT_SIZE 192

/**
 * Say an error code of #PF, for example "protection violation: write, user mode".
 *
 * @param error_code  any value; bits without a meaning are said as such
 * @param buffer      may be NULL if size is 0
 * @param size        bytes of the buffer
 * @return bytes of the whole text, without the zero
 *
 * Spec: [SDM 3A] 4.7.
 */
size_t dd_page_fault_error_text(uint64_t error_code, char *buffer, size_t size);

/**
 * Say an error code of #TS, #NP, #SS or #GP, for example "GDT entry 3 (selector 0x18)",
 * "IDT entry 14, external event", or "no selector".
 *
 * @param error_code  any value; bits without a meaning are said as such
 * @param buffer      may be NULL if size is 0
 * @param size        bytes of the buffer
 * @return bytes of the whole text, without the zero
 *
 * Spec: [SDM 3A] 6.13.
 */
size_t dd_selector_error_text(uint64_t error_code, char *buffer, size_t size);

/**
 * Say an error code of #CP, for example "near RET, shadow stack differs".
 *
 * @param error_code  any value; one without a meaning is said as such
 * @param buffer      may be NULL if size is 0
 * @param size        bytes of the buffer
 * @return bytes of the whole text, without the zero
 *
 * Spec: [SDM 3A] 6.15, interrupt 21.
 */
size_t dd_control_protection_error_text(uint64_t error_code, char *buffer, size_t size);

/**
 * Say the error code of any exception in the way that its vector asks for.
 *
 * @param vector      any number; for a vector without an error code the text is empty, for one
 *                    whose code has no fields it is the number
 * @param error_code  any value
 * @param buffer      may be NULL if size is 0
 * @param size        bytes of the buffer
 * @return bytes of the whole text, without the zero
 *
 * Spec: [SDM 3A] 6.13, 6.15.
 */
size_t dd_error_code_text(uint64_t vector, uint64_t error_code, char *buffer, size_t size);

#endif
