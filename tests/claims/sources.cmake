# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of the claims; compiled for the host and into the kernel image.
set(DRYDOCK_CLAIM_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/claim.c
  ${CMAKE_CURRENT_LIST_DIR}/addr_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/base_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/world_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/controllers.c
  ${CMAKE_CURRENT_LIST_DIR}/io_apic_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/local_apic_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/local_apic_mode_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/local_apic_timer_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/permission_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pic8259_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pit8254_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/cpu_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/descriptor_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/error_code_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/exception_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/flag_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/instruction_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/interrupt_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/mmio_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_bench.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_change_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_memory_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_range_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_tlb_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_visit_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_device_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_machine.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_script_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/range_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/register_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/register_field_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/segment_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/syscall_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/syscall_setup_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/table_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/tables.c
  ${CMAKE_CURRENT_LIST_DIR}/uart_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/user_access_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/user_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/user_mode.c
  ${CMAKE_CURRENT_LIST_DIR}/watch.c
)

# What raise.h and user_mode_code.h declare: instructions where a processor runs them.
if(DRYDOCK_FREESTANDING)
  list(APPEND DRYDOCK_CLAIM_SOURCES ${CMAKE_CURRENT_LIST_DIR}/x86_64/raise.S
    ${CMAKE_CURRENT_LIST_DIR}/x86_64/user_mode.S)
else()
  list(APPEND DRYDOCK_CLAIM_SOURCES ${CMAKE_CURRENT_LIST_DIR}/host/raise.c
    ${CMAKE_CURRENT_LIST_DIR}/host/user_mode.c)
endif()
