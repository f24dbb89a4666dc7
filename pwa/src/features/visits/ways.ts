/** How does one get there? The phone's own map application, by position where it is known, else by the address. */
import type { SubjectOf } from '../../rules/package'

export interface Way { words: string; href: string }

const IPHONE = /iPhone|iPad|iPod/

/** One way where the phone asks which map to take (geo:), two where each has its own address. Positions are WGS 84. */
export function waysTo(subject: Pick<SubjectOf, 'name' | 'address' | 'position'>, agent: string): Way[] {
  const at = subject.position && { lat: subject.position.lat_e7 / 1e7, lon: subject.position.lon_e7 / 1e7 }
  const [name, address] = [encodeURIComponent(subject.name), encodeURIComponent(subject.address)]
  if (!at && !subject.address.trim()) return []
  if (!IPHONE.test(agent)) return [{ words: '导航', href: at ? `geo:${at.lat},${at.lon}?q=${at.lat},${at.lon}(${name})` : `geo:0,0?q=${address}` }]
  return [
    { words: '苹果地图', href: at ? `maps://?daddr=${at.lat},${at.lon}&q=${name}` : `maps://?daddr=${address}` },
    { words: '高德地图', href: at ? `iosamap://path?sourceApplication=onevisit&dname=${name}&dlat=${at.lat}&dlon=${at.lon}&dev=1&t=0` : `iosamap://poi?sourceApplication=onevisit&keywords=${address}` },
  ]
}
