/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Address spaces: what a processor's CR3 stands for.
 *
 * The handle says where the root is, how entries are encoded (4 or 5 levels,
 * physical width, XD, 1-GByte pages, encryption bit), which process-context
 * identifier it has, and how tables are reached. It is plain data: it may be
 * copied, and nothing else is kept anywhere.
 *
 * The upper half of the address space is the kernel's, and kernels share it
 * between address spaces by copying entries 256 to 511 of the root. A table
 * that such an entry references is therefore never freed once it is there.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_SPACE_H
#define DRYDOCK_PAGING_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging_entry.h"
#include "drydock/paging_memory.h"
#include "drydock/status.h"
#include "drydock/tlb.h"

/** Why a call failed, in full. */
struct dd_paging_error {
    enum dd_status status; /**< what the call returned */
    unsigned int level;    /**< of the entry that was in the way, 1..5; 0 if it was none */
    dd_vaddr vaddr;        /**< first address of the request that the entry stands for */
    uint64_t entry;        /**< as it was found; 0 if level is 0 */
};

/** Handle of an address space. Filled in by dd_paging_create() or dd_paging_current(). */
struct dd_address_space {
    dd_paddr root;                         /**< frame of the PML4 or PML5 table */
    struct dd_paging_format format;        /**< how its entries are encoded */
    uint16_t pcid;                         /**< 0 without process-context identifiers */
    bool pcid_enabled;                     /**< CR4.PCIDE = 1 */
    bool has_invpcid;                      /**< the processor has INVPCID */
    bool exclusive;                        /**< no other processor uses the tables: see tlb.h; false
                                                unless the kernel says otherwise */
    const struct dd_paging_memory *memory; /**< where its tables are; outlives the handle */
    struct dd_paging_error *error;         /**< filled in by calls that fail; NULL: not wanted */
};

/**
 * Make an empty address space: one frame, all 512 entries not present.
 *
 * Nothing is mapped in it, the running code neither; see dd_paging_share_upper().
 * It has as many levels as the one in use, no PCID and no encryption bit.
 *
 * @param[out] space  the handle; CR4, EFER.NXE and CPUID are read to fill it in
 * @param memory      where its tables are to be; frames are reached with place.level 0
 * @retval DD_OK          *space is valid until dd_paging_destroy()
 * @retval DD_ENOMEM      no frame; *space untouched
 * @retval DD_EMALFORMED  the kernel handed out a frame it cannot reach, and got it back;
 *                        *space untouched
 *
 * Spec: [SDM 3A] 4.1.4 (width and 1-GByte pages), 4.1.1 (LA57), 2.2.1 (EFER).
 */
DD_MUST_CHECK enum dd_status dd_paging_create(struct dd_address_space *space,
                                              const struct dd_paging_memory *memory);

/**
 * The address space the processor is using: the one in CR3.
 *
 * @param[out] space  the handle; CR3, CR4, EFER.NXE and CPUID are read to fill it in
 * @param memory      where its tables are
 *
 * Spec: [SDM 3A] 4.5.2, tables 4-12 and 4-13.
 */
void dd_paging_current(struct dd_address_space *space, const struct dd_paging_memory *memory);

/**
 * Tell the handle which bit of an entry says that memory is encrypted.
 *
 * That bit is no part of physical addresses any more, and DD_MAP_ENCRYPTED can be used. Tables
 * and CR3 have the C-bit set; in the root of dd_paging_current() it is taken for address until this
 * call, which removes it there.
 *
 * @param encryption  DD_ENCRYPTION_SET: memory encryption of AMD; DD_ENCRYPTION_CLEARED: a trust
 *                    domain of Intel; DD_ENCRYPTION_NONE: no such bit, @p bit is ignored
 * @param bit         its number, 12..51
 * @retval DD_OK    the handle is changed
 * @retval DD_EARG  @p encryption or @p bit is none, or the root has the SHARED bit of a trust
 *                  domain in its address; the handle is untouched
 *
 * Spec: [AMD64 v2] 7.10.2; 15.34.6 for the number: CPUID 8000001FH, EBX[5:0].
 */
DD_MUST_CHECK enum dd_status dd_paging_set_encryption(struct dd_address_space *space,
                                                      enum dd_encryption encryption,
                                                      unsigned int bit);

/**
 * Give an address space a process-context identifier.
 *
 * @param pcid  0..4095; no other address space may use it until all of it was invalidated
 * @retval DD_OK      the handle is changed
 * @retval DD_EARG    above 4095; the handle is untouched
 * @retval DD_ENOTSUP CR4.PCIDE is 0; the handle is untouched
 *
 * Spec: [SDM 3A] 4.10.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_set_pcid(struct dd_address_space *space, uint16_t pcid);

/**
 * Load CR3, with PWT = PCD = 0 and without linear-address masking of user pointers: LAM_U48 =
 * LAM_U57 = 0. TLB entries of the context go, those of global pages stay.
 *
 * @param space  must map the running code and its stack just as the current one does; its user mode
 *               does not rely on LAM: a kernel that grants it loads CR3 itself
 *
 * Spec: [SDM 3A] 4.5.2, tables 4-12 and 4-13; 4.10.4.1.
 */
void dd_paging_activate(const struct dd_address_space *space);

/**
 * Load CR3 and keep what the TLB has of its context: bit 63 of the operand is set.
 *
 * @param space  as for dd_paging_activate(); nothing of it is pending
 * @retval DD_OK      loaded
 * @retval DD_ENOTSUP the address space has no PCID: CR4.PCIDE is 0
 *
 * Spec: [SDM 3A] 4.10.4.1, MOV to CR3 with CR4.PCIDE = 1.
 */
DD_MUST_CHECK enum dd_status dd_paging_activate_keep(const struct dd_address_space *space);

/**
 * Take down an address space: the root and all tables of the lower half are to be freed, not the
 * frames that were mapped.
 *
 * Tables of the upper half stay: they may be shared with other address spaces.
 *
 * @param space            from dd_paging_create(), in use on no processor, and not used any more;
 *                         nothing else references the tables of its lower half
 * @param[in,out] pending  gets the tables, and that everything of the context is invalid
 * @retval DD_OK          the handle is of no use any more
 * @retval DD_EARG        @p pending is NULL or has tables of other memory
 * @retval DD_EMALFORMED  the root is out of reach; nothing is changed
 *
 * A table is freed once, however many entries of the lower half reference it; those out of reach are
 * left alone.
 * Spec: [SDM 3A] 4.10.4.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_destroy(const struct dd_address_space *space,
                                               struct dd_tlb_pending *pending);

/**
 * Give all entries of the upper half of a root a table, so that every copy of them shares all that
 * will be mapped there.
 *
 * @param space  of the kernel, before it is shared; up to 256 frames are allocated
 * @retval DD_OK          entries 256 to 511 are present
 * @retval DD_ENOMEM      not enough frames; nothing is changed, as after the other failures
 * @retval DD_EEXIST      an entry is not present and not zero: the kernel's own
 * @retval DD_EMALFORMED  the root, or a frame the kernel handed out, is out of reach
 */
DD_MUST_CHECK enum dd_status dd_paging_prepare_upper(const struct dd_address_space *space);

/**
 * Share the upper half of an address space: entries 256 to 511 of its root are copied.
 *
 * An entry that references the root of @p from references that of @p to in the copy.
 *
 * @param to    gets the entries; all of its upper half is empty, or as in @p from
 * @param from  has them; with dd_paging_prepare_upper(), what it maps later is shared too
 * @retval DD_OK          shared
 * @retval DD_EARG        they have different numbers of levels, or are the same
 * @retval DD_EEXIST      @p to maps something else in its upper half
 * @retval DD_EMALFORMED  a root is out of reach
 *
 * After a failure the tables are as before. Nothing is pending: what was not present is in no TLB.
 */
DD_MUST_CHECK enum dd_status dd_paging_share_upper(const struct dd_address_space *to,
                                                   const struct dd_address_space *from);

#endif
