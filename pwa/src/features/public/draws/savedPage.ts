/** Opens the saved page (verify.html); nothing else happens here. */
import { createApp } from 'vue'
import SavedPage from './SavedPage.vue'
import '../../../styles/index.css'
import '../../../styles/desk.css'
import '../public.css'

createApp(SavedPage).mount('#app')
