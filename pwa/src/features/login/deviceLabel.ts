/** How does a device appear in the list of its owner? Kind and browser, so that a lost one can be told apart and revoked. */
export function deviceLabel(agent: string): string {
  const kind = /HarmonyOS|OpenHarmony/i.test(agent) ? '鸿蒙手机' : /Android/i.test(agent) ? '安卓手机' : /iPhone/.test(agent) ? 'iPhone' : /iPad/.test(agent) ? 'iPad' : '电脑'
  const model = /Android [\d.]+; ([^;)]+?)(?: Build|\))/.exec(agent)?.[1]?.trim()
  const browser = /MicroMessenger/.test(agent) ? '微信' : /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : '浏览器'
  return [kind, model && model !== 'K' ? model : null, browser].filter(Boolean).join(' · ')
}
