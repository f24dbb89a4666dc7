/** Puts the application together; nothing else happens here. */
import { createApp } from 'vue'
import App from './App.vue'
import { createApi } from './api/client'
import { tabSharing } from './api/sharing'
import { API } from './api/useApi'
import { watchInstall } from './local/install'
import { lookHere, showLook } from './local/look'
import { createPhone } from './local/phone'
import { keepTypingUnseen } from './local/unseen'
import { PHONE } from './local/usePhone'
import { createAppRouter } from './router'
import { installSync } from './sync/useSync'
import './styles/index.css'

declare const __VERSION__: string

// Which build runs here? For whoever is asked for help.
document.documentElement.dataset['version'] = __VERSION__
showLook(lookHere())
watchInstall()
keepTypingUnseen(document)
const phone = createPhone()
const api = createApi({ fetch: (...request) => fetch(...request), alone: phone.locks.alone, cookies: () => document.cookie, now: Date.now, share: tabSharing('onevisit-session') })
const app = createApp(App)
app.provide(API, api).provide(PHONE, phone)
installSync(app, api, phone)
app.use(createAppRouter(phone, api)).mount('#app')
