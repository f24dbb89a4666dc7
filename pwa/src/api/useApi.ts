/** How does a screen reach the server? The one Api of the application, given by main. */
import { inject, type InjectionKey } from 'vue'
import type { Api } from './client'

export const API: InjectionKey<Api> = Symbol('api')

export function useApi(): Api {
  const api = inject(API)
  if (!api) throw new Error('no Api was provided')
  return api
}
