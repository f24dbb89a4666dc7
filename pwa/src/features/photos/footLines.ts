/** What stands at the foot of a photo that is handed on: time, place, inspector, item. The same lines as visits/photo_copies.py. */
import type { PhotoBody } from '../../rules/bodies'

const degrees = (e7: number, names: readonly [string, string]): string => `${e7 < 0 ? names[1] : names[0]} ${(Math.abs(e7) / 1e7).toFixed(5)}°`

export function footLines(photo: Pick<PhotoBody, 'taken_at' | 'position' | 'accuracy_m' | 'caption' | 'hash'>, by: string, subject: string, item: string | null): string[] {
  const [day, time] = [photo.taken_at.slice(0, 10), photo.taken_at.slice(11, 19)]
  const at = photo.position
  const where = at ? `${degrees(at.lat_e7, ['北纬', '南纬'])}，${degrees(at.lon_e7, ['东经', '西经'])}${photo.accuracy_m === null ? '' : `（±${photo.accuracy_m} 米）`}` : '没有位置'
  return [`${day} ${time}　${by}`, where, [subject, item].filter(Boolean).join('　'), ...(photo.caption ? [photo.caption] : []), `原图 ${photo.hash.slice(0, 16)}`]
}
