/** What does the form of one subject hold, and what of it travels? */
import type { components } from '../../../api/types'

export type Whole = components['schemas']['WholeSubject']
export type Entry = components['schemas']['SubjectEntry']
type Licence = components['schemas']['LicenceEntry']
export interface SubjectForm extends Omit<Required<Entry>, 'lat_e7' | 'lon_e7' | 'licences' | 'responsible_id' | 'keep_code' | 'although_similar'> {
  position: string
  licences: { name: string; no: string; valid_to: string; state: string }[]
  responsible: { id: string; name: string } | null
}

export const LEGAL = new Set(['enterprise', 'sole_trader', 'cooperative', 'organisation'])

export function emptyForm(): SubjectForm {
  return {
    name: '', kind: 'enterprise', credit_code: '', fields: [], tags: [], address: '', position: '', legal_representative: '', phone: '',
    contact: '', contact_phone: '', unsuitable_hours: '', licences: [], state: 'operating', risk: '-', risk_issuer: '', risk_day: '',
    responsible: null, reason: '',
  }
}

export function formOf(one: Whole): SubjectForm {
  const { name, kind, fields, tags, address, state, risk } = one
  return {
    name, kind: kind as Entry['kind'], fields: [...fields], tags: [...tags], address, state: state as SubjectForm['state'], risk: risk as SubjectForm['risk'],
    credit_code: one.credit_code ?? '', legal_representative: one.legal_representative ?? '', phone: one.phone ?? '', contact: one.contact ?? '',
    contact_phone: one.contact_phone ?? '', unsuitable_hours: one.unsuitable_hours ?? '', risk_issuer: one.risk_issuer ?? '', risk_day: one.risk_day ?? '',
    position: one.lat_e7 === null || one.lon_e7 === null ? '' : `${one.lat_e7 / 1e7},${one.lon_e7 / 1e7}`,
    licences: one.licences.map((licence) => ({ name: licence.name, no: licence.no ?? '', valid_to: licence.valid_to ?? '', state: licence.state ?? 'valid' })),
    responsible: one.responsible ? { id: one.responsible.id, name: one.responsible.name } : null, reason: '',
  }
}

/** 纬度,经度 in degrees; null where nothing stands, undefined where it cannot be read. */
export function positionOf(text: string): { lat_e7: number; lon_e7: number } | null | undefined {
  if (!text.trim()) return null
  const parts = text.replace('，', ',').split(',').map((part) => part.trim())
  const [lat, lon] = parts.map(Number)
  if (parts.length !== 2 || parts.includes('') || !Number.isFinite(lat) || !Number.isFinite(lon) || Math.abs(lat!) > 90 || Math.abs(lon!) > 180) return undefined
  return { lat_e7: Math.round(lat! * 1e7), lon_e7: Math.round(lon! * 1e7) }
}

/** What is sent; `kept` are the warnings that the clerk keeps. */
export function entryOf(form: SubjectForm, kept: readonly string[]): Entry {
  const { position, responsible, licences, risk_day, ...rest } = form
  const legal = LEGAL.has(form.kind)
  return {
    ...rest,
    ...(positionOf(position) ?? { lat_e7: null, lon_e7: null }),
    responsible_id: legal ? null : (responsible?.id ?? null),
    risk_day: risk_day || null,
    licences: licences.filter(({ name }) => name.trim()).map((one): Licence => ({ name: one.name.trim(), no: one.no.trim() || null, valid_to: one.valid_to || null, state: one.state as Licence['state'] & string })),
    keep_code: kept.includes('keep_code'),
    although_similar: kept.includes('although_similar'),
  }
}
