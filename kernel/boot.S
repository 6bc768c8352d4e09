/* SPDX-License-Identifier: MIT */
/*
 * Entry by the PVH boot protocol, and the way from there to C.
 *
 * The loader finds the entry in an ELF note and starts it in 32-bit protected
 * mode, paging off, flat segments, interrupts off, EBX = physical address of
 * the start info. 64-bit mode needs page tables before it can be entered, so
 * this code maps the first 4 GiB to themselves with 2 MiB pages: seven tables in
 * .bss, gone from use when kinit() activates the kernel's own. What paging is to
 * enforce (NX, write protection) is kinit's business too.
 *
 * CR4.LA57 can only be changed here, where paging is off: 5 levels of tables are
 * used if the command line has the letters "la57" and the processor has it.
 *
 * Spec: Xen, docs/misc/pvh.pandoc; [SDM 3A] 10.8.5, 4.1.2, 4.5.
 */
        .set    XEN_ELFNOTE_PHYS32_ENTRY, 18

        .set    CR0_PG, 1 << 31
        .set    CR4_PAE, 1 << 5
        .set    CR4_LA57, 1 << 12
        .set    MSR_EFER, 0xC0000080
        .set    EFER_LME, 1 << 8

        .set    START_INFO_COMMAND_LINE, 24
        .set    WORD_LA57, 0x3735616C   /* "la57", the first letter in the lowest byte */
        .set    CPUID_STRUCTURED, 7
        .set    CPUID_7_ECX_LA57, 16

        .set    ENTRY_PRESENT_WRITE, 3
        .set    ENTRY_2M, 1 << 7
        .set    TABLE_SIZE, 4096
        .set    DIRECTORIES, 4
        .set    SELECTOR_CODE, 8

        .section .note.pvh, "a", @note
        .align  4
        .long   4                       /* bytes of the name */
        .long   8                       /* bytes of the entry's address */
        .long   XEN_ELFNOTE_PHYS32_ENTRY
        .asciz  "Xen"
        .quad   kboot_entry

        .text
        .code32
        .globl  kboot_entry
        .type   kboot_entry, @function
kboot_entry:
        cld
        movl    $pdpt + ENTRY_PRESENT_WRITE, pml4

        mov     $directories + ENTRY_PRESENT_WRITE, %eax
        mov     $pdpt, %edi
        mov     $DIRECTORIES, %ecx
1:      mov     %eax, (%edi)
        add     $TABLE_SIZE, %eax
        add     $8, %edi
        loop    1b

        mov     $ENTRY_PRESENT_WRITE + ENTRY_2M, %eax
        mov     $directories, %edi
        mov     $DIRECTORIES * TABLE_SIZE / 8, %ecx
2:      mov     %eax, (%edi)
        add     $0x200000, %eax
        add     $8, %edi
        loop    2b

        mov     $CR4_PAE, %ebp          /* bits of CR4 to set */
        mov     $pml4, %edi             /* the root of the tables */
        mov     START_INFO_COMMAND_LINE(%ebx), %esi
        test    %esi, %esi
        jz      5f
3:      cmpb    $0, (%esi)
        je      5f
        cmpl    $WORD_LA57, (%esi)
        je      4f
        inc     %esi
        jmp     3b
4:      mov     %ebx, %esi              /* CPUID changes EBX */
        xor     %eax, %eax
        cpuid
        cmp     $CPUID_STRUCTURED, %eax
        mov     $CPUID_STRUCTURED, %eax
        mov     $0, %ecx                /* the flags stay */
        jb      6f
        cpuid
        bt      $CPUID_7_ECX_LA57, %ecx
        jnc     6f
        or      $CR4_LA57, %ebp
        mov     $pml5, %edi
        movl    $pml4 + ENTRY_PRESENT_WRITE, (%edi)
6:      mov     %esi, %ebx
5:      mov     %cr4, %eax
        or      %ebp, %eax
        mov     %eax, %cr4
        mov     %edi, %cr3
        mov     $MSR_EFER, %ecx
        rdmsr
        or      $EFER_LME, %eax
        wrmsr
        mov     %cr0, %eax
        or      $CR0_PG, %eax
        mov     %eax, %cr0

        lgdt    gdt_register
        ljmp    $SELECTOR_CODE, $long_mode

        .code64
long_mode:
        xor     %eax, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %fs
        mov     %eax, %gs
        mov     %eax, %ss
        mov     $stack_top, %esp        /* not before: 32-bit modes leave bits 63:32 undefined */
        mov     %ebx, %edi
        xor     %ebp, %ebp
        call    kmain
7:      hlt                             /* kmain does not return */
        jmp     7b
        .size   kboot_entry, . - kboot_entry

        .section .rodata
        .align  8
gdt:    .quad   0
        .quad   0x00209A0000000000      /* 64-bit code, privilege level 0, present */
gdt_register:
        .word   gdt_register - gdt - 1
        .long   gdt

        .bss
        .align  TABLE_SIZE
pml5:   .skip   TABLE_SIZE
pml4:   .skip   TABLE_SIZE
pdpt:   .skip   TABLE_SIZE
directories:
        .skip   DIRECTORIES * TABLE_SIZE
        .skip   65536
stack_top:
