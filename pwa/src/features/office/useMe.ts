/** Who sits at this desk, and what may they do? */
import { computed, type ComputedRef } from 'vue'
import { useApi } from '../../api/useApi'

export interface Me {
  department: string | null
  departmentName: string
  has(...roles: string[]): boolean
  /** Works for this department's desk (claims, opens tasks, attests). */
  desks(departmentId: string | null | undefined): boolean
}

export function useMe(): ComputedRef<Me> {
  const api = useApi()
  return computed(() => {
    const account = api.account.value
    const roles = new Set(account?.roles ?? [])
    const department = account?.department?.id ?? null
    return {
      department,
      departmentName: account?.department?.name ?? account?.region?.name ?? '',
      has: (...wanted: string[]) => wanted.some((role) => roles.has(role)),
      desks: (id: string | null | undefined) => roles.has('desk') && department !== null && id === department,
    }
  })
}
