/** Gives this phone its PIN: at enrolment with a device key of its own, or anew with the server's recovery secret. */
import { shallowRef } from 'vue'
import type { Account } from '../../api/client'
import { asProblem, Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'
import { deviceProof, newDevicePair } from '../../local/keys'
import type { Person } from '../../local/phone'
import { PhoneProblem } from '../../local/problem'
import { usePhone } from '../../local/usePhone'
import { deviceLabel } from './deviceLabel'

interface Enrolled { device: { id: string; label: string }; recovery_secret: string }

export function usePin() {
  const api = useApi()
  const phone = usePhone()
  const problem = shallowRef<Problem | PhoneProblem | null>(null)

  async function enrolDevice(): Promise<{ device: { id: string; label: string; pair: CryptoKeyPair }; secret: string }> {
    const pair = await newDevicePair()
    const { nonce } = await ask<{ nonce: string }>('/api/accounts/devices/nonce')
    const label = deviceLabel(navigator.userAgent)
    const { device, recovery_secret } = await ask<Enrolled>('/api/accounts/devices', { nonce, label, ...(await deviceProof(pair, nonce)) })
    return { device: { id: device.id, label: device.label, pair }, secret: recovery_secret }
  }

  async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const options = body === undefined ? { method: 'POST' } : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    return (await (await api.call(path, options)).json()) as Answer
  }

  async function reset(account: Account, pin: string): Promise<void> {
    const device = await phone.deviceIdOf(account.id)
    const answer = await api.call(`/api/accounts/devices/${device}/recovery`)
    const { recovery_secret } = (await answer.json()) as { recovery_secret: string }
    await phone.resetPin(personOf(account), recovery_secret, pin)
  }

  async function enrol(account: Account, pin: string): Promise<void> {
    const { device, secret } = await enrolDevice()
    await phone.enrol(personOf(account), pin, device, secret)
  }

  /** After cloned storage or revocation: the old PIN, a new device, the unsent work chained anew. */
  async function replace(pin: string): Promise<void> {
    const { device, secret } = await enrolDevice()
    await phone.replaceDevice(pin, device, secret)
  }

  async function setPin(pin: string, mode: 'enrol' | 'reset' | 'replace'): Promise<boolean> {
    problem.value = null
    try {
      const account = await api.resume()
      if (mode === 'replace') await replace(pin)
      else if (mode === 'reset') await reset(account, pin)
      else await enrol(account, pin)
      return true
    } catch (error) {
      problem.value = error instanceof PhoneProblem ? error : asProblem(error)
      return false
    }
  }
  return { setPin, problem }
}

function personOf(account: Account): Person {
  return { id: account.id, name: account.name, place: account.department?.name ?? account.region?.name ?? '', inspector: account.inspector_id }
}
